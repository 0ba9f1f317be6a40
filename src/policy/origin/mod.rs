//! Origins: the grammar, and which ones a policy allows.

#[cfg(feature = "regex")]
pub(crate) mod automaton;
pub(crate) mod pattern;
#[cfg(feature = "regex")]
pub(crate) mod regex;
pub(crate) mod set;
pub(crate) mod syntax;
#[cfg(not(feature = "regex"))]
pub(crate) mod regex {
    /// Has no values: without the feature `regex` no expression passes `build()`.
    #[derive(Debug)]
    pub(crate) enum OriginRegex {}

    impl OriginRegex {
        pub(crate) fn matches(&self, _: &[u8]) -> bool {
            match *self {}
        }
    }
}
