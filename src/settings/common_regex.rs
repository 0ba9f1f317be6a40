//! The regular expressions that Python's `re` and Rust's `regex` read alike (difference D8).
//!
//! It accepts a list of constructs that both read alike. A list of differences could never be known
//! to be complete, and a missed difference would widen an allow-list that was copied from FastAPI.

use std::ops::Range;

use crate::diagnostic::Construct;

/// Deeper groups make Python run out of its stack, or take long to compile.
const MAX_DEPTH: usize = 100;

/// Refuses an expression that is not in the common language, and names the first part that is not.
pub(crate) fn check(text: &str) -> Result<(), NotCommon> {
    Parser { text, at: 0, open: Vec::new(), names: Vec::new(), previous: Previous::Nothing }.parse()
}

/// Why an expression is not in the common language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotCommon {
    pub(crate) construct: Construct,
    /// The bytes of that part, at character boundaries. May be empty.
    pub(crate) span: Range<usize>,
}

/// The item before this place, for quantifiers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Previous {
    Nothing,
    Atom,
    Assertion,
    Quantifier { lazy: bool },
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The starts of the open groups.
    open: Vec<usize>,
    names: Vec<&'a str>,
    previous: Previous,
}

type Parsed<T = ()> = Result<T, NotCommon>;

impl<'a> Parser<'a> {
    fn parse(mut self) -> Parsed {
        if self.text.starts_with("(?i)") {
            self.at = 4;
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.escape()?,
                b'[' => self.class()?,
                b'(' => self.group()?,
                b')' => match self.open.pop() {
                    Some(_) => self.took(1, Previous::Atom),
                    None => return self.refuse(Construct::UnopenedGroup, 1),
                },
                b'|' => self.took(1, Previous::Nothing),
                b'*' | b'+' | b'?' => self.quantifier(1)?,
                b'{' => self.repetition()?,
                b'^' | b'$' => self.took(1, Previous::Assertion),
                0x80.. => return self.refuse_char(Construct::NonAscii, 0),
                _ => self.took(1, Previous::Atom),
            }
        }
        match self.open.last() {
            Some(&at) => Err(NotCommon { construct: Construct::UnclosedGroup, span: at..at + 1 }),
            None => Ok(()),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a str {
        // Each step stops at a character boundary, because all accepted bytes are ASCII.
        self.text.get(self.at..).unwrap_or_default()
    }

    fn took(&mut self, length: usize, previous: Previous) {
        self.at += length;
        self.previous = previous;
    }

    fn refuse<T>(&self, construct: Construct, length: usize) -> Parsed<T> {
        let end = (self.at + length).min(self.text.len());
        Err(NotCommon { construct, span: self.at..end })
    }

    /// Refuses up to and including the character that is `ahead` bytes further.
    fn refuse_char<T>(&self, construct: Construct, ahead: usize) -> Parsed<T> {
        let last = self.rest().get(ahead..).and_then(|rest| rest.chars().next());
        self.refuse(construct, ahead + last.map_or(0, char::len_utf8))
    }

    /// An escape outside of classes.
    fn escape(&mut self) -> Parsed {
        match self.peek(1) {
            Some(b'b' | b'A') => self.took(2, Previous::Assertion),
            _ => {
                self.atom_escape()?;
                self.took(2, Previous::Atom);
            }
        }
        Ok(())
    }

    /// An escape for characters. Returns the character if it is a single one.
    fn atom_escape(&self) -> Parsed<Option<u8>> {
        let Some(escaped) = self.peek(1) else {
            return self.refuse(Construct::TrailingBackslash, 1);
        };
        let construct = match escaped {
            b'd' | b'w' | b's' | b'D' | b'W' | b'S' => return Ok(None),
            b'<' | b'>' => Construct::WordEdge,
            _ if escaped.is_ascii_punctuation() => return Ok(Some(escaped)),
            b'0' => Construct::OctalEscape,
            b'1'..=b'9' => Construct::Backreference,
            b'x' => Construct::HexEscape,
            b'u' | b'U' | b'N' => Construct::UnicodeEscape,
            b'p' | b'P' => Construct::UnicodeClass,
            b'n' | b't' | b'r' | b'f' | b'v' | b'a' => Construct::ControlEscape,
            b'Z' => Construct::PythonTextEnd,
            b'z' => Construct::RustTextEnd,
            b'B' => Construct::NotWordBoundary,
            _ => Construct::UnknownEscape,
        };
        self.refuse_char(construct, 1)
    }

    fn quantifier(&mut self, length: usize) -> Parsed {
        let mark = self.peek(0);
        let lazy = match self.previous {
            Previous::Atom => false,
            Previous::Quantifier { lazy: false } if mark == Some(b'?') => true,
            Previous::Quantifier { lazy: false } if mark == Some(b'+') => {
                return self.refuse(Construct::PossessiveQuantifier, length);
            }
            Previous::Quantifier { .. } => {
                return self.refuse(Construct::QuantifierOnQuantifier, length);
            }
            Previous::Assertion => return self.refuse(Construct::QuantifierOnAssertion, length),
            Previous::Nothing if mark == Some(b'*') && self.at == 0 => {
                return self.refuse(Construct::Wildcard, length);
            }
            Previous::Nothing => return self.refuse(Construct::NothingToRepeat, length),
        };
        self.took(length, Previous::Quantifier { lazy });
        Ok(())
    }

    /// `{m}`, `{m,}` or `{m,n}`; any other `{` is read differently.
    fn repetition(&mut self) -> Parsed {
        let Some((inside, _)) = self.rest()[1..].split_once('}') else {
            return self.refuse(Construct::BareBrace, 1);
        };
        let length = inside.len() + 2;
        let (least, most) = match inside.split_once(',') {
            Some((least, most)) => (least, Some(most)),
            None => (inside, None),
        };
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(least) || !most.is_none_or(is_number) {
            let without_spaces: String = inside.split_ascii_whitespace().collect();
            let is_repetition = without_spaces.split(',').all(is_number);
            return match is_repetition && without_spaces.len() < inside.len() {
                true => self.refuse(Construct::SpacedRepetition, length),
                false => self.refuse(Construct::BareBrace, 1),
            };
        }
        if least.is_empty() {
            return match most {
                Some(most) if !most.is_empty() => self.refuse(Construct::MissingLowerBound, length),
                _ => self.refuse(Construct::BareBrace, length),
            };
        }
        let most = most.filter(|most| !most.is_empty()).unwrap_or(least);
        match (least.parse::<u32>(), most.parse::<u32>()) {
            (Ok(least), Ok(most)) if least > most => {
                self.refuse(Construct::ReversedRepetition, length)
            }
            // Python's own limit. Rust would accept the number.
            (Ok(_), Ok(most)) if most < u32::MAX => self.quantifier(length),
            _ => self.refuse(Construct::HugeRepetition, length),
        }
    }

    fn class(&mut self) -> Parsed {
        let start = self.at;
        self.at += 1;
        if self.peek(0) == Some(b'^') {
            self.at += 1;
        }
        if self.rest().starts_with("--") || self.rest().starts_with("]-") {
            return self.refuse(Construct::ClassBeginning, 2);
        }
        let first = self.at;
        loop {
            match self.peek(0) {
                None => {
                    let span = start..start + 1;
                    return Err(NotCommon { construct: Construct::UnclosedClass, span });
                }
                Some(b']') if self.at > first => break,
                Some(b'-') if self.at > first && !matches!(self.peek(1), None | Some(b']')) => {
                    let construct = match self.peek(1) {
                        Some(b'-') => Construct::ClassOperation,
                        _ => Construct::StrayHyphen,
                    };
                    return self.refuse(construct, 1);
                }
                Some(_) => self.class_item(first)?,
            }
        }
        self.took(1, Previous::Atom);
        Ok(())
    }

    /// One character, one escape or one range.
    fn class_item(&mut self, first: usize) -> Parsed {
        let start = self.at;
        let low = self.class_character()?;
        let is_hyphen_first = start == first && self.at == start + 1 && low == Some(b'-');
        if is_hyphen_first || self.peek(0) != Some(b'-') {
            return Ok(());
        }
        match self.peek(1) {
            None | Some(b']') => return Ok(()),
            Some(b'-') => return self.refuse(Construct::ClassOperation, 2),
            Some(_) => self.at += 1,
        }
        let high = self.class_character()?;
        match (low, high) {
            (Some(low), Some(high)) if low <= high => Ok(()),
            _ => Err(NotCommon { construct: Construct::BadRange, span: start..self.at }),
        }
    }

    /// The character at this place of a class; `None` for `\d` and its like.
    fn class_character(&mut self) -> Parsed<Option<u8>> {
        let character = match self.peek(0) {
            Some(b'\\') => {
                let escaped = self.atom_escape()?;
                self.at += 2;
                return Ok(escaped);
            }
            Some(b'[') => {
                return match self.peek(1) {
                    Some(b':' | b'.' | b'=') => self.refuse(Construct::PosixClass, 2),
                    _ => self.refuse(Construct::NestedBracket, 1),
                };
            }
            Some(mark @ (b'&' | b'~' | b'|')) if self.peek(1) == Some(mark) => {
                return self.refuse(Construct::ClassOperation, 2);
            }
            Some(0x80..) => return self.refuse_char(Construct::NonAscii, 0),
            other => other,
        };
        self.at += 1;
        Ok(character)
    }

    /// The start of a group, up to its content.
    fn group(&mut self) -> Parsed {
        if self.open.len() == MAX_DEPTH {
            return self.refuse(Construct::DeepGroups, 1);
        }
        let length = match self.rest().strip_prefix("(?") {
            None => 1,
            Some(rest) if rest.starts_with(':') => 3,
            Some(rest) if rest.starts_with("P<") => self.name(&rest[2..])?,
            Some(rest) => return self.refuse_group(rest),
        };
        self.open.push(self.at);
        self.took(length, Previous::Nothing);
        Ok(())
    }

    /// The length of `(?P<name>`.
    fn name(&mut self, rest: &'a str) -> Parsed<usize> {
        let name = rest.split('>').next().unwrap_or_default();
        let is_start = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        let is_name = name.as_bytes().first().is_some_and(is_start)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name.len() < rest.len();
        if !is_name {
            return self.refuse(Construct::BadGroupName, 4);
        }
        let length = 4 + name.len() + 1;
        if self.names.contains(&name) {
            return self.refuse(Construct::RepeatedGroupName, length);
        }
        self.names.push(name);
        Ok(length)
    }

    /// Names a group that is not in the common language; `rest` follows the `(?`.
    fn refuse_group(&self, rest: &str) -> Parsed {
        let (construct, length) = match rest.as_bytes() {
            [b'=' | b'!', ..] => (Construct::LookAround, 3),
            [b'<', b'=' | b'!', ..] => (Construct::LookAround, 4),
            [b'<', ..] => (Construct::RustNamedGroup, 3),
            [b'P', b'=', ..] => (Construct::Backreference, 4),
            [b'>', ..] => (Construct::AtomicGroup, 3),
            [b'#', ..] => (Construct::CommentGroup, 3),
            [b'(', ..] => (Construct::Conditional, 3),
            _ => return self.refuse_flags(rest),
        };
        self.refuse(construct, length)
    }

    fn refuse_flags(&self, rest: &str) -> Parsed {
        let is_flag = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
        let flags = rest.bytes().take_while(is_flag).count();
        let construct = match rest.as_bytes().get(flags) {
            Some(b')' | b':') if rest[..flags].contains('x') => Construct::VerboseFlag,
            Some(b')') if &rest[..flags] == "i" => Construct::LateFlag,
            Some(b':') if &rest[..flags] == "i" => Construct::ScopedFlag,
            Some(b')' | b':') if flags > 0 => Construct::OtherFlags,
            _ => return self.refuse(Construct::UnknownGroup, 2),
        };
        self.refuse(construct, 2 + flags + 1)
    }
}
