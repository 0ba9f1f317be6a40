//! What a regular expression of the common language (difference D8) matches, written a second time: a tree
//! that is walked with sets of places, without a thought of speed.

use std::collections::BTreeSet;

/// A part of an expression.
enum Node {
    /// The characters that may stand here.
    One(Vec<u8>),
    Start,
    End,
    WordBoundary,
    /// Each alternative is a sequence.
    Choice(Vec<Vec<Node>>),
    Repeated {
        node: Box<Node>,
        least: u32,
        most: Option<u32>,
    },
}

/// Whether the whole of an ASCII text is matched; `None` if the expression cannot be read.
pub(crate) fn matches(expression: &str, text: &str) -> Option<bool> {
    let (ignores_case, rest) = match expression.strip_prefix("(?i)") {
        Some(rest) => (true, rest),
        None => (false, expression),
    };
    let mut reader = Reader { rest: rest.as_bytes(), ignores_case };
    let root = reader.choice()?;
    if !reader.rest.is_empty() {
        return None;
    }
    let text = text.as_bytes();
    Some(root.ends(text, &BTreeSet::from([0])).contains(&text.len()))
}

struct Reader<'a> {
    rest: &'a [u8],
    ignores_case: bool,
}

impl Reader<'_> {
    fn eat(&mut self, text: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn choice(&mut self) -> Option<Node> {
        let mut choices = vec![Vec::new()];
        while let Some(&byte) = self.rest.first() {
            if byte == b')' {
                break;
            }
            if self.eat(b"|") {
                choices.push(Vec::new());
                continue;
            }
            let atom = self.atom()?;
            let node = self.quantified(atom)?;
            choices.last_mut()?.push(node);
        }
        Some(Node::Choice(choices))
    }

    fn atom(&mut self) -> Option<Node> {
        Some(match self.byte()? {
            b'^' => Node::Start,
            b'$' => Node::End,
            b'.' => Node::One((0..128).filter(|byte| *byte != b'\n').collect()),
            b'\\' => match self.byte()? {
                b'A' => Node::Start,
                b'b' => Node::WordBoundary,
                escaped => self.one(class(escaped).unwrap_or(vec![escaped])),
            },
            b'[' => self.brackets()?,
            b'(' => {
                if self.eat(b"?P<") {
                    while self.byte()? != b'>' {}
                } else if self.eat(b"?") && !self.eat(b":") {
                    return None;
                }
                let inside = self.choice()?;
                if !self.eat(b")") {
                    return None;
                }
                inside
            }
            b'*' | b'+' | b'?' | b'{' => return None,
            byte => self.one(vec![byte]),
        })
    }

    fn one(&self, mut bytes: Vec<u8>) -> Node {
        if self.ignores_case {
            let lower = bytes.iter().map(u8::to_ascii_lowercase);
            bytes = lower.chain(bytes.iter().map(u8::to_ascii_uppercase)).collect();
        }
        Node::One(bytes)
    }

    /// `None` in the place of a byte is a class such as `\d`, which is in `all` already.
    fn in_brackets(&mut self, all: &mut Vec<u8>) -> Option<Option<u8>> {
        let byte = match self.byte()? {
            b'\\' => {
                let escaped = self.byte()?;
                if let Some(bytes) = class(escaped) {
                    all.extend(bytes);
                    return Some(None);
                }
                escaped
            }
            byte => byte,
        };
        all.push(byte);
        Some(Some(byte))
    }

    fn brackets(&mut self) -> Option<Node> {
        let is_negated = self.eat(b"^");
        let mut all = Vec::new();
        let mut is_first = true;
        while is_first || self.rest.first() != Some(&b']') {
            let is_hyphen = self.rest.first() == Some(&b'-');
            let low = self.in_brackets(&mut all)?;
            let is_range = matches!(self.rest, [b'-', next, ..] if *next != b']');
            if is_range && !(is_first && is_hyphen) {
                self.byte();
                let high = self.in_brackets(&mut all)?;
                all.extend(low?..=high?);
            }
            is_first = false;
        }
        self.byte();
        let Node::One(bytes) = self.one(all) else { return None };
        Some(match is_negated {
            true => Node::One((0..128).filter(|byte| !bytes.contains(byte)).collect()),
            false => Node::One(bytes),
        })
    }

    fn quantified(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.rest.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                let end = self.rest.iter().position(|byte| *byte == b'}')?;
                let inside = std::str::from_utf8(&self.rest[1..end]).ok()?;
                self.rest = &self.rest[end..];
                match inside.split_once(',') {
                    None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                }
            }
            _ => return Some(node),
        };
        self.byte();
        // Which way is tried first makes no difference to the whole.
        self.eat(b"?");
        Some(Node::Repeated { node: Box::new(node), least, most })
    }
}

fn class(escaped: u8) -> Option<Vec<u8>> {
    let is_in = |byte: &u8| match escaped.to_ascii_lowercase() {
        b'd' => byte.is_ascii_digit(),
        b'w' => byte.is_ascii_alphanumeric() || *byte == b'_',
        // What Python's `str.isspace` says of ASCII would be more, but no origin has that.
        _ => b" \t\n\r\x0b\x0c".contains(byte),
    };
    b"dwsDWS"
        .contains(&escaped)
        .then(|| (0..128).filter(|byte| is_in(byte) == escaped.is_ascii_lowercase()).collect())
}

impl Node {
    /// Where a match may end that began at one of the places.
    fn ends(&self, text: &[u8], from: &BTreeSet<usize>) -> BTreeSet<usize> {
        let is_word = |at: Option<usize>| {
            at.and_then(|at| text.get(at))
                .is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
        };
        let holds =
            |test: &dyn Fn(usize) -> bool| from.iter().copied().filter(|at| test(*at)).collect();
        match self {
            Self::Start => holds(&|at| at == 0),
            Self::End => holds(&|at| at == text.len()),
            Self::WordBoundary => holds(&|at| is_word(at.checked_sub(1)) != is_word(Some(at))),
            Self::One(bytes) => {
                let fits = |at: &&usize| text.get(**at).is_some_and(|byte| bytes.contains(byte));
                from.iter().filter(fits).map(|at| at + 1).collect()
            }
            Self::Choice(choices) => {
                let ends = |nodes: &Vec<Node>| {
                    nodes.iter().fold(from.clone(), |from, node| node.ends(text, &from))
                };
                choices.iter().flat_map(ends).collect()
            }
            Self::Repeated { node, least, most } => {
                let mut at = from.clone();
                for _ in 0..*least {
                    let next = node.ends(text, &at);
                    if next == at {
                        break;
                    }
                    at = next;
                }
                let mut all = at.clone();
                for _ in *least..most.unwrap_or(u32::MAX) {
                    at = node.ends(text, &at);
                    let before = all.len();
                    all.extend(&at);
                    if all.len() == before {
                        break;
                    }
                }
                all
            }
        }
    }
}
