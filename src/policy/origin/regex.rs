//! Origins by regular expression: the whole origin must match, as with Python's `re.fullmatch`.

use regex_automata::{
    Anchored, Input,
    meta::{self, Config},
    nfa::thompson::WhichCaptures,
};
use regex_syntax::{
    ast::{self, Ast, RepetitionKind, RepetitionRange},
    hir::{Class, Dot, Hir, HirKind, Look, translate::Translator},
};

use super::{python, syntax::Origin};
use crate::error::Fault;

/// The union of all regular expressions.
#[derive(Debug)]
pub(crate) struct OriginRegex {
    /// Those of the shape `literal.*literal`, which most allow-lists are made of.
    affixes: Box<[Affixes]>,
    /// All the others as one automaton.
    automaton: Option<meta::Regex>,
}

#[derive(Debug)]
struct Affixes {
    prefix: Box<[u8]>,
    /// How many bytes there must be between the two.
    between: usize,
    suffix: Box<[u8]>,
}

impl OriginRegex {
    pub(crate) fn new(regexes: &[impl AsRef<str>]) -> Result<Self, Fault> {
        let mut affixes = Vec::new();
        let mut others = Vec::new();
        for regex in regexes {
            let hir = parse(regex.as_ref())?.1;
            match Affixes::of(&hir) {
                Some(found) => affixes.push(found),
                None => others.push(hir),
            }
        }
        let automaton = if others.is_empty() {
            None
        } else {
            // The anchors are part of the parsed form: around the text they would bind to the
            // outermost alternatives, or vanish in a comment.
            let anchored = Hir::concat(vec![
                Hir::look(Look::Start),
                Hir::alternation(others),
                Hir::look(Look::End),
            ]);
            // No groups are read; the size limit is the default, 10 MiB.
            let config = Config::new().which_captures(WhichCaptures::None);
            let built = meta::Builder::new().configure(config).build_from_hir(&anchored);
            Some(built.map_err(|error| Fault::MalformedRegex {
                regex: regexes.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("|"),
                problem: match error.size_limit() {
                    Some(limit) => format!(
                        "too large: compiled it takes more than {} MiB; write smaller repetitions",
                        limit >> 20
                    ),
                    None => format!("not a regular expression: {error}"),
                },
            })?)
        };
        Ok(Self { affixes: affixes.into(), automaton })
    }

    /// Of a well-formed origin, which is what bounds the work.
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        self.affixes.iter().any(|affixes| affixes.match_whole(origin))
            || self.automaton.as_ref().is_some_and(|automaton| {
                automaton.is_match(Input::new(origin).anchored(Anchored::Yes))
            })
    }
}

fn parse(regex: &str) -> Result<(Ast, Hir), Fault> {
    let malformed = |problem| Fault::MalformedRegex { regex: regex.to_owned(), problem };
    if regex.contains("://*") {
        // It compiles, and takes any number of slashes instead of any subdomain.
        let advice =
            "\"*\" repeats the slash before it; write allow_origins([\"https://*.example.com\"])";
        return Err(malformed(advice.to_owned()));
    }
    let ast = ast::parse::Parser::new()
        .parse(regex)
        .map_err(|error| malformed(python::explain(regex, &error)))?;
    python::refuse_ambiguous(regex, &ast)?;
    let hir = Translator::new()
        .translate(regex, &ast)
        .map_err(|error| malformed(format!("not a regular expression: {}", error.kind())))?;
    Ok((ast, hir))
}

impl Affixes {
    fn of(hir: &Hir) -> Option<Self> {
        let HirKind::Concat(parts) = hir.kind() else {
            return None;
        };
        let [prefix, between, suffix] = parts.as_slice() else {
            return None;
        };
        let (HirKind::Literal(prefix), HirKind::Repetition(repetition), HirKind::Literal(suffix)) =
            (prefix.kind(), between.kind(), suffix.kind())
        else {
            return None;
        };
        // An origin holds no line feed, so `.` is any of its characters.
        let any = [Dot::AnyCharExceptLF, Dot::AnyChar].map(Hir::dot).contains(&repetition.sub);
        (any && repetition.max.is_none()).then(|| Self {
            prefix: prefix.0.clone(),
            between: repetition.min as usize,
            suffix: suffix.0.clone(),
        })
    }

    fn match_whole(&self, origin: &[u8]) -> bool {
        origin.len() >= self.prefix.len() + self.between + self.suffix.len()
            && origin.starts_with(&self.prefix)
            && origin.ends_with(&self.suffix)
    }
}

/// Why a regular expression takes more than it seems to.
#[derive(Debug)]
pub(crate) struct Looseness {
    /// An origin that it takes and that was hardly meant.
    pub(crate) example: Option<String>,
    /// The same with the dots escaped.
    pub(crate) write: String,
}

/// Finds an unescaped `.` before a literal, an unbounded repetition directly before one, and one after
/// the host.
pub(crate) fn looseness(regex: &str) -> Option<Looseness> {
    let (ast, hir) = parse(regex).ok()?;
    let mut edits = Vec::new();
    collect_edits(regex, &ast, &mut edits);
    if edits.is_empty() {
        return None;
    }
    edits.sort_unstable_by_key(|edit| edit.at);
    edits.dedup_by_key(|edit| edit.at);
    let mut write = regex.to_owned();
    // From the end, so that offsets stay true.
    for edit in edits.into_iter().rev() {
        write.replace_range(edit.at..edit.at + edit.removed, edit.inserted);
    }
    let loose = OriginRegex::new(&[regex]).ok()?;
    let tight = OriginRegex::new(&[&write]).ok()?;
    let is_telling = |example: &String| {
        let bytes = example.as_bytes();
        Origin::read(bytes).is_some() && loose.matches(bytes) && !tight.matches(bytes)
    };
    let example = ["evil", ".evil.example"]
        .into_iter()
        .flat_map(|filler| (0..4).map(move |branch| (filler, branch)))
        .map(|(filler, branch)| Sampler { filler, branch, first_dot: true }.text(&hir))
        .find(is_telling);
    Some(Looseness { example, write })
}

/// A better spelling of one place in an expression.
struct Edit {
    at: usize,
    removed: usize,
    inserted: &'static str,
}

fn collect_edits(regex: &str, ast: &Ast, edits: &mut Vec<Edit>) {
    match ast {
        Ast::Concat(concat) => {
            for pair in concat.asts.windows(2) {
                let [left, right] = pair else { continue };
                if is_host_literal(right) {
                    mend_end(regex, left, edits);
                }
            }
            // What follows a whole host can only be a port.
            if let [.., host, Ast::Repetition(last)] = concat.asts.as_slice()
                && is_host_literal(host)
                && is_unbounded(&last.op.kind)
                && takes_names(regex, &last.ast)
                && last.span.end.offset == regex.len()
            {
                let at = last.span.start.offset;
                edits.push(Edit { at, removed: regex.len() - at, inserted: r"(?::\d+)?" });
            }
            concat.asts.iter().for_each(|ast| collect_edits(regex, ast, edits));
        }
        Ast::Alternation(alternation) => {
            alternation.asts.iter().for_each(|ast| collect_edits(regex, ast, edits));
        }
        Ast::Group(group) => collect_edits(regex, &group.ast, edits),
        Ast::Repetition(repetition) => collect_edits(regex, &repetition.ast, edits),
        _ => {}
    }
}

/// What stands directly before a host, if it is loose at its end: a dot wants its backslash, a
/// repetition a dot before the host.
fn mend_end(regex: &str, before: &Ast, edits: &mut Vec<Edit>) {
    match before {
        Ast::Dot(span) => {
            edits.push(Edit { at: span.start.offset, removed: 0, inserted: "\\" });
        }
        Ast::Repetition(repetition)
            if is_unbounded(&repetition.op.kind) && takes_names(regex, &repetition.ast) =>
        {
            // Without subdomains the host itself still matches.
            edits.push(Edit { at: repetition.span.start.offset, removed: 0, inserted: "(?:" });
            edits.push(Edit { at: repetition.span.end.offset, removed: 0, inserted: r"\.)?" });
        }
        Ast::Repetition(repetition) => mend_end(regex, &repetition.ast, edits),
        Ast::Group(group) => mend_end(regex, &group.ast, edits),
        Ast::Concat(concat) => {
            concat.asts.last().into_iter().for_each(|last| mend_end(regex, last, edits));
        }
        Ast::Alternation(alternation) => {
            alternation.asts.iter().for_each(|ast| mend_end(regex, ast, edits));
        }
        _ => {}
    }
}

fn is_host_literal(ast: &Ast) -> bool {
    match ast {
        Ast::Literal(literal) => literal.c.is_alphanumeric(),
        Ast::Group(group) => is_host_literal(&group.ast),
        Ast::Concat(concat) => concat.asts.first().is_some_and(is_host_literal),
        Ast::Alternation(alternation) => alternation.asts.iter().any(is_host_literal),
        _ => false,
    }
}

fn is_unbounded(kind: &RepetitionKind) -> bool {
    matches!(
        kind,
        RepetitionKind::ZeroOrMore
            | RepetitionKind::OneOrMore
            | RepetitionKind::Range(RepetitionRange::AtLeast(_))
    )
}

/// Any of `.`, `[a-z]`, `\w`: what a stranger's name can be made of.
fn takes_names(regex: &str, ast: &Ast) -> bool {
    let hir = Translator::new().translate(regex, ast);
    hir.is_ok_and(|hir| matches!(hir.kind(), HirKind::Class(class) if takes(class, "evil")))
}

/// Makes texts that an expression takes, as far from what was meant as it goes.
struct Sampler {
    /// What stands for an unbounded repetition.
    filler: &'static str,
    /// Which of several alternatives.
    branch: usize,
    /// The first loose dot gets a letter, so that the last can stay one.
    first_dot: bool,
}

impl Sampler {
    fn text(mut self, hir: &Hir) -> String {
        let mut text = String::new();
        self.write(hir, &mut text);
        text
    }

    fn write(&mut self, hir: &Hir, text: &mut String) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(class) => {
                let is_dot = Hir::dot(Dot::AnyCharExceptLF) == *hir;
                let is_later_dot = is_dot && !std::mem::take(&mut self.first_dot);
                text.push(if is_later_dot { '.' } else { one_of(class) });
            }
            HirKind::Repetition(repetition) => {
                let sub = &repetition.sub;
                let fits = matches!(sub.kind(), HirKind::Class(class) if takes(class, self.filler));
                if repetition.max.is_none() && fits && repetition.min <= 4 {
                    text.push_str(self.filler);
                } else if repetition.max == Some(1) {
                    self.write(sub, text);
                } else {
                    (0..repetition.min.min(64)).for_each(|_| self.write(sub, text));
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub, text),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.write(part, text)),
            HirKind::Alternation(parts) => self.write(&parts[self.branch % parts.len()], text),
        }
    }
}

fn takes(class: &Class, text: &str) -> bool {
    let covers = |c: char| match class {
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| range.start() <= c && c <= range.end())
        }
        Class::Bytes(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&(c as u8)))
        }
    };
    text.chars().all(covers)
}

fn one_of(class: &Class) -> char {
    "xabcdefghijklmnopqrstuvwyz1234567890-._:/"
        .chars()
        .find(|c| takes(class, c.encode_utf8(&mut [0; 4])))
        .unwrap_or('x')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(regex: &str, origin: &str) -> bool {
        OriginRegex::new(&[regex]).unwrap().matches(origin.as_bytes())
    }

    #[test]
    fn matches_whole() {
        for (regex, origin, expected) in [
            ("a|ab", "ab", true),
            ("a|ab", "abc", false),
            ("a)|(?:b", "b", false),
            (r"(?x)a # comment", "a", true),
            (r"https://.*\.example\.org", "https://a.example.org", true),
            (r"https://.*\.example\.org", "https://.example.org", true),
            (r"https://.+\.example\.org", "https://.example.org", false),
            (r"https://.*\.example\.org", "https://a.example.org.evil", false),
            (r"https://.*\.example\.org", "http://a.example.org", false),
            ("aa.*aa", "aaa", false),
            ("(?i)HTTPS://A", "https://a", true),
            ("", "", true),
        ] {
            let taken =
                OriginRegex::new(&[regex]).is_ok_and(|regex| regex.matches(origin.as_bytes()));
            assert_eq!(taken, expected, "{regex} {origin}");
        }
        assert!(matches("x|y", "y"));
    }

    #[test]
    fn finds_loose_expressions() {
        for (regex, example, write) in [
            ("https://app.example.com", "https://appxexample.com", r"https://app\.example\.com"),
            (
                r"https://.*example\.com",
                "https://evilexample.com",
                r"https://(?:.*\.)?example\.com",
            ),
            ("https://.*.example.com", "https://evilxexample.com", r"https://.*\.example\.com"),
            (
                r"https://(.*)example\.com",
                "https://evilexample.com",
                r"https://((?:.*\.)?)example\.com",
            ),
            (r"https://(www.)?a\.com", "https://wwwxa.com", r"https://(www\.)?a\.com"),
            (
                r"https?://.*localhost:\d+",
                "https://evillocalhost:1",
                r"https?://(?:.*\.)?localhost:\d+",
            ),
            (r"https://a\.com.*", "https://a.comevil", r"https://a\.com(?::\d+)?"),
            (
                r"https://a\.com|https://b.c.com",
                "https://bxc.com",
                r"https://a\.com|https://b\.c\.com",
            ),
        ] {
            let found = looseness(regex).unwrap();
            assert_eq!(found.example.as_deref(), Some(example), "{regex}");
            assert_eq!(found.write, write);
        }
        for tight in [
            r"https://.*\.example\.com",
            r"https://([a-z]+\.)?example\.com",
            r"https://app\.example\.com:\d+",
            r"https?://localhost(:\d+)?",
            r"https://pr-\d+app\.example\.com",
            r"https://.*",
        ] {
            assert!(looseness(tight).is_none(), "{tight}");
        }
    }
}
