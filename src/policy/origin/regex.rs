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

/// Finds an unescaped `.` before a literal, and an unbounded repetition directly before one.
pub(crate) fn looseness(regex: &str) -> Option<Looseness> {
    let (ast, hir) = parse(regex).ok()?;
    let mut loose = Vec::new();
    collect_loose(regex, &ast, &mut loose);
    if loose.is_empty() {
        return None;
    }
    let mut write = regex.to_owned();
    loose.sort_unstable();
    // From the end, so that offsets stay true.
    for (offset, escaped) in loose.into_iter().rev() {
        write.insert_str(offset, escaped);
    }
    let mut example = String::new();
    let mut first_dot = true;
    sample(&hir, &mut example, &mut first_dot);
    let is_taken = Origin::read(example.as_bytes()).is_some()
        && OriginRegex::new(&[regex]).is_ok_and(|regex| regex.matches(example.as_bytes()));
    Some(Looseness { example: is_taken.then_some(example), write })
}

/// Where something is missing, and what: a backslash before a dot, a dot before a host.
fn collect_loose(regex: &str, ast: &Ast, loose: &mut Vec<(usize, &'static str)>) {
    match ast {
        Ast::Concat(concat) => {
            for pair in concat.asts.windows(2) {
                let [left, right] = pair else { continue };
                if !is_host_literal(right) {
                    continue;
                }
                match left {
                    Ast::Dot(span) => loose.push((span.start.offset, "\\")),
                    Ast::Repetition(repetition)
                        if is_unbounded(&repetition.op.kind)
                            && takes_names(regex, &repetition.ast) =>
                    {
                        loose.push((repetition.span.end.offset, "\\."));
                    }
                    _ => {}
                }
            }
            concat.asts.iter().for_each(|ast| collect_loose(regex, ast, loose));
        }
        Ast::Alternation(alternation) => {
            alternation.asts.iter().for_each(|ast| collect_loose(regex, ast, loose));
        }
        Ast::Group(group) => collect_loose(regex, &group.ast, loose),
        Ast::Repetition(repetition) => collect_loose(regex, &repetition.ast, loose),
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

/// Writes a text that the expression takes, as far from what was meant as it goes.
fn sample(hir: &Hir, text: &mut String, first_dot: &mut bool) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => {
            // A stranger's letter for the first loose dot, so that the last can stay one.
            let is_dot = Hir::dot(Dot::AnyCharExceptLF) == *hir;
            text.push(if is_dot && !std::mem::take(first_dot) { '.' } else { one_of(class) });
        }
        HirKind::Repetition(repetition) => {
            let wide =
                matches!(repetition.sub.kind(), HirKind::Class(class) if takes(class, "evil"));
            if repetition.max.is_none() && wide && repetition.min <= 4 {
                text.push_str("evil");
            } else {
                (0..repetition.min.min(64)).for_each(|_| sample(&repetition.sub, text, first_dot));
            }
        }
        HirKind::Capture(capture) => sample(&capture.sub, text, first_dot),
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, text, first_dot)),
        HirKind::Alternation(parts) => sample(&parts[0], text, first_dot),
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
    "xabcdefghijklmnopqrstuvwyz0123456789-._:/"
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
            (r"https://app.example.com", "https://appxexample.com", r"https://app\.example\.com"),
            (r"https://.*example\.com", "https://evilexample.com", r"https://.*\.example\.com"),
            (r"https://.*.example.com", "https://evilxexample.com", r"https://.*\.example\.com"),
            (
                r"https://[a-z]+example\.com",
                "https://evilexample.com",
                r"https://[a-z]+\.example\.com",
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
