//! `OriginRegex`: origins by regular expression; the whole origin must match, as with Python's
//! `re.fullmatch`.

use regex_syntax::hir::{Dot, Hir, HirKind};

use super::automaton::Automaton;

/// The union of all regular expressions.
#[derive(Debug)]
pub(crate) struct OriginRegex {
    /// Expressions of the form `literal.*literal`. Most allow-lists have only these.
    affixes: Box<[Affixes]>,
    /// All others: one, or several where one would be too large.
    automata: Box<[Automaton]>,
}

#[derive(Debug)]
struct Affixes {
    prefix: Box<[u8]>,
    /// The least number of bytes between the two.
    between: usize,
    suffix: Box<[u8]>,
}

impl OriginRegex {
    pub(crate) fn new(expressions: impl IntoIterator<Item = (Hir, Automaton)>) -> Self {
        let mut affixes = Vec::new();
        let mut others = Vec::new();
        for (expression, automaton) in expressions {
            match Affixes::of(&expression) {
                Some(found) => affixes.push(found),
                None => others.push((expression, automaton)),
            }
        }
        Self { affixes: affixes.into(), automata: union(others).into() }
    }

    /// The origin is well-formed, which bounds the work.
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        self.affixes.iter().any(|affixes| affixes.match_whole(origin))
            || self.automata.iter().any(|automaton| automaton.matches(origin))
    }
}

fn union(mut expressions: Vec<(Hir, Automaton)>) -> Vec<Automaton> {
    if expressions.len() > 1 {
        let all = expressions.iter().map(|(expression, _)| expression.clone()).collect();
        match Automaton::new(&Hir::alternation(all)) {
            Some(automaton) => return vec![automaton],
            None => {
                let rest = expressions.split_off(expressions.len() / 2);
                return union(expressions).into_iter().chain(union(rest)).collect();
            }
        }
    }
    expressions.into_iter().map(|(_, automaton)| automaton).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_together_is_split() {
        let automata = |letters: &str| {
            let read = |letter: char| {
                let regex = format!("https://[a-z]{{7}}{letter}[a-z]*");
                let parsed = regex_syntax::parse(&regex).unwrap();
                let automaton = Automaton::new(&parsed).unwrap();
                (parsed, automaton)
            };
            OriginRegex::new(letters.chars().map(read)).automata.len()
        };
        assert_eq!(automata("ab"), 1);
        assert!((2..8).contains(&automata("abcdefgh")));
    }
}
