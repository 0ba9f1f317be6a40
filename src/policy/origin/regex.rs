//! `OriginRegex`: origins by regular expression; the whole origin must match, as with Python's
//! `re.fullmatch`.

use regex_automata::{
    Anchored, Input,
    meta::{self, BuildError, Config},
    nfa::thompson::WhichCaptures,
};
use regex_syntax::hir::{Dot, Hir, HirKind, Look};

/// The union of all regular expressions.
#[derive(Debug)]
pub(crate) struct OriginRegex {
    /// Expressions of the form `literal.*literal`. Most allow-lists have only these.
    affixes: Box<[Affixes]>,
    /// All others as one automaton.
    automaton: Option<meta::Regex>,
}

#[derive(Debug)]
struct Affixes {
    prefix: Box<[u8]>,
    /// The least number of bytes between the two.
    between: usize,
    suffix: Box<[u8]>,
}

impl OriginRegex {
    /// Fails on expressions that compile to more than 10 MiB.
    pub(crate) fn new(expressions: impl IntoIterator<Item = Hir>) -> Result<Self, Box<BuildError>> {
        let mut affixes = Vec::new();
        let mut others = Vec::new();
        for expression in expressions {
            match Affixes::of(&expression) {
                Some(found) => affixes.push(found),
                None => others.push(expression),
            }
        }
        let automaton = if others.is_empty() {
            None
        } else {
            // The anchors are added to the parsed form. In the text they would apply only to the
            // first and last alternatives.
            let anchored = Hir::concat(vec![
                Hir::look(Look::Start),
                Hir::alternation(others),
                Hir::look(Look::End),
            ]);
            // Groups are not needed.
            let config = Config::new().which_captures(WhichCaptures::None);
            Some(
                meta::Builder::new()
                    .configure(config)
                    .build_from_hir(&anchored)
                    .map_err(Box::new)?,
            )
        };
        Ok(Self { affixes: affixes.into(), automaton })
    }

    /// The origin is well-formed, which bounds the work.
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        self.affixes.iter().any(|affixes| affixes.match_whole(origin))
            || self.automaton.as_ref().is_some_and(|automaton| {
                automaton.is_match(Input::new(origin).anchored(Anchored::Yes))
            })
    }
}

impl Affixes {
    fn of(expression: &Hir) -> Option<Self> {
        let HirKind::Concat(parts) = expression.kind() else {
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
        // An origin has no line feed, so `.` matches any of its characters.
        let any = [Dot::AnyCharExceptLF, Dot::AnyChar, Dot::AnyByteExceptLF, Dot::AnyByte]
            .map(Hir::dot)
            .contains(&repetition.sub);
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
