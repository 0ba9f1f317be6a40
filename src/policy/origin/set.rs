//! `OriginSet`: which origins a policy allows, however they were configured.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use foldhash::fast::FixedState;

use super::{
    pattern::{OriginPattern, without_port},
    regex::OriginRegex,
    syntax::MAX_LENGTH,
};
use crate::policy::{bytes::is_equal, request::RequestOrigin};

/// The union of listed origins, patterns, regular expressions and predicates. With `*` it is not
/// used.
#[derive(Debug, Default)]
pub(crate) struct OriginSet {
    listed: Listed,
    patterns: Patterns,
    regex: Option<OriginRegex>,
    predicates: Box<[Predicate]>,
    /// Whether there is anything except `listed`. Usually there is not, and one look-up is enough.
    beyond_list: bool,
}

impl OriginSet {
    pub(crate) fn new(
        listed: Vec<String>,
        patterns: Vec<OriginPattern>,
        regex: Option<OriginRegex>,
        predicates: Vec<Predicate>,
    ) -> Self {
        Self {
            listed: Listed::new(listed),
            beyond_list: !patterns.is_empty() || regex.is_some() || !predicates.is_empty(),
            patterns: Patterns::new(patterns),
            regex,
            predicates: predicates.into(),
        }
    }

    /// Only well-formed origins are in the set (difference D3).
    #[inline]
    pub(crate) fn contains(&self, value: &[u8], origin: &RequestOrigin<'_>) -> bool {
        // Listed origins are well-formed, and so are origins that a pattern matches.
        self.listed.contains(value)
            || self.beyond_list && (self.patterns.match_any(value) || self.computes(value, origin))
    }

    fn computes(&self, value: &[u8], origin: &RequestOrigin<'_>) -> bool {
        if self.regex.is_none() && self.predicates.is_empty() || origin.parsed().is_none() {
            return false;
        }
        self.regex.as_ref().is_some_and(|regex| regex.matches(value))
            // A well-formed origin is ASCII, so this never fails.
            || std::str::from_utf8(value)
                .is_ok_and(|origin| self.predicates.iter().any(|predicate| (predicate.0)(origin)))
    }

    /// Which part of the set allows an origin.
    pub(crate) fn matched_by(&self, value: &[u8]) -> Match<'_> {
        if self.listed.contains(value) {
            return Match::Listed;
        }
        match self.patterns().find(|pattern| pattern.matches(value)) {
            Some(pattern) => Match::Pattern(pattern),
            None => Match::Computed,
        }
    }

    pub(crate) fn listed(&self) -> impl Iterator<Item = &str> {
        let (few, many) = match &self.listed {
            Listed::Few(origins) => (Some(origins), None),
            Listed::Many { origins, .. } => (None, Some(origins)),
        };
        let all = few.into_iter().flatten().chain(many.into_iter().flatten());
        // Listed origins were configured as text.
        all.filter_map(|origin| std::str::from_utf8(origin).ok())
    }

    pub(crate) fn patterns(&self) -> impl Iterator<Item = &OriginPattern> {
        let (few, many) = match &self.patterns {
            Patterns::Few(patterns) => (Some(patterns), None),
            Patterns::Many(by_tail) => (None, Some(by_tail.values().flatten())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }
}

/// The part of a set that allows an origin.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Match<'a> {
    Listed,
    Pattern(&'a OriginPattern),
    /// A regular expression or a predicate.
    Computed,
}

/// A closure of [`CorsLayer::allow_origin_if`](crate::CorsLayer::allow_origin_if).
#[derive(Clone)]
pub(crate) struct Predicate(pub(crate) Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<fn>")
    }
}

/// Origins that are compared exactly.
#[derive(Debug)]
enum Listed {
    /// Comparing these is cheaper than one hash.
    Few(Box<[Box<[u8]>]>),
    Many {
        longest: usize,
        // The operator sets the keys and a miss inserts nothing, so no client can flood it despite
        // the fixed seed.
        origins: HashSet<Box<[u8]>, FixedState>,
    },
}

impl Default for Listed {
    fn default() -> Self {
        Self::Few(Box::default())
    }
}

impl Listed {
    const FEW: usize = 3;

    fn new(origins: Vec<String>) -> Self {
        let origins = origins.into_iter().map(|origin| origin.into_bytes().into_boxed_slice());
        if origins.len() <= Self::FEW {
            return Self::Few(origins.collect());
        }
        let origins: HashSet<_, _> = origins.collect();
        let longest = origins.iter().map(|origin| origin.len()).max().unwrap_or_default();
        Self::Many { longest, origins }
    }

    #[inline]
    fn contains(&self, origin: &[u8]) -> bool {
        match self {
            Self::Few(origins) => origins.iter().any(|listed| is_equal(listed, origin)),
            // The length is checked first, so a long value is never hashed.
            Self::Many { longest, origins } => origin.len() <= *longest && origins.contains(origin),
        }
    }
}

/// Origins by pattern.
#[derive(Debug)]
enum Patterns {
    Few(Box<[OriginPattern]>),
    /// By tail. An origin has few tails, for any number of patterns.
    Many(HashMap<Box<[u8]>, Vec<OriginPattern>, FixedState>),
}

impl Default for Patterns {
    fn default() -> Self {
        Self::Few(Box::default())
    }
}

impl Patterns {
    const FEW: usize = 8;

    fn new(patterns: Vec<OriginPattern>) -> Self {
        if patterns.len() <= Self::FEW {
            return Self::Few(patterns.into());
        }
        let mut by_tail: HashMap<_, Vec<_>, _> = HashMap::default();
        for pattern in patterns {
            by_tail.entry(pattern.tail().as_bytes().into()).or_default().push(pattern);
        }
        Self::Many(by_tail)
    }

    fn match_any(&self, origin: &[u8]) -> bool {
        match self {
            Self::Few(patterns) => patterns.iter().any(|pattern| pattern.matches(origin)),
            Self::Many(by_tail) => origin.len() <= MAX_LENGTH && Self::by_tail(by_tail, origin),
        }
    }

    fn by_tail(
        by_tail: &HashMap<Box<[u8]>, Vec<OriginPattern>, FixedState>,
        origin: &[u8],
    ) -> bool {
        let Some(colon) = origin.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let Some(rest) = origin[colon..].strip_prefix(b"://") else {
            return false;
        };
        let known = |tail: &[u8]| {
            by_tail
                .get(tail)
                .is_some_and(|patterns| patterns.iter().any(|pattern| pattern.matches(origin)))
        };
        // A pattern's tail is the whole host, or starts at one of its dots. It includes a fixed
        // port.
        let any = |rest: &[u8]| {
            let dots = (0..rest.len()).filter(|at| rest[*at] == b'.');
            known(rest) || dots.into_iter().any(|at| known(&rest[at..]))
        };
        any(rest) || without_port(rest).is_some_and(|host| host.len() < rest.len() && any(host))
    }
}
