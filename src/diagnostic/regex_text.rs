//! What is not in the common language of Python's and Rust's regular expressions (difference D8), and the
//! sentence for each.

/// What stands outside of the common language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Construct {
    // Escapes.
    Backreference,
    OctalEscape,
    HexEscape,
    UnicodeEscape,
    UnicodeClass,
    ControlEscape,
    /// `\Z`, which Rust spells `\z`.
    PythonTextEnd,
    /// `\z`, which Python spells `\Z`.
    RustTextEnd,
    /// `\<`, `\>`
    WordEdge,
    /// `\B`, which differs on the empty text.
    NotWordBoundary,
    UnknownEscape,
    TrailingBackslash,
    // Quantifiers.
    PossessiveQuantifier,
    QuantifierOnQuantifier,
    QuantifierOnAssertion,
    NothingToRepeat,
    /// `*` at the start: a wildcard of another language.
    Wildcard,
    MissingLowerBound,
    SpacedRepetition,
    ReversedRepetition,
    HugeRepetition,
    BareBrace,
    // Classes.
    ClassOperation,
    NestedBracket,
    PosixClass,
    /// A class that begins with `--` or `]-`.
    ClassBeginning,
    BadRange,
    /// A `-` that is neither first, nor last, nor in a range.
    StrayHyphen,
    UnclosedClass,
    // Groups.
    LookAround,
    AtomicGroup,
    CommentGroup,
    Conditional,
    RustNamedGroup,
    BadGroupName,
    RepeatedGroupName,
    VerboseFlag,
    OtherFlags,
    /// `(?i)` that does not stand at the start.
    LateFlag,
    /// `(?i:…)`
    ScopedFlag,
    UnknownGroup,
    UnclosedGroup,
    UnopenedGroup,
    DeepGroups,
    // Text.
    NonAscii,
}

/// What is wrong, then what to write instead.
pub(crate) fn uncommon(construct: Construct, part: &str) -> String {
    let sentence = sentence(construct);
    if part.is_empty() { sentence.to_owned() } else { format!("at {part:?}: {sentence}") }
}

fn sentence(construct: Construct) -> &'static str {
    match construct {
        Construct::Backreference => {
            "backreferences are not supported, because matching takes linear time; write the origins as alternatives, as in \"(?:a|b)\", or use allow_origin_if"
        }
        Construct::OctalEscape => "only Python reads octal escapes; write the character itself",
        Construct::HexEscape => {
            "an origin needs no numeric escapes; write the character itself, with \"\\\" before punctuation"
        }
        Construct::UnicodeEscape | Construct::UnicodeClass => {
            "browsers send origins in ASCII, and Python and Rust read Unicode escapes differently; write the characters that are meant, as in \"[a-z]\""
        }
        Construct::ControlEscape => "no origin contains a control character; remove the escape",
        Construct::PythonTextEnd => {
            "only Python reads \"\\Z\"; remove it: the whole origin must match anyway"
        }
        Construct::RustTextEnd => {
            "only Rust reads \"\\z\"; remove it: the whole origin must match anyway"
        }
        Construct::WordEdge => {
            "this is a plain character in Python, a word boundary in Rust; remove it, or write \"\\b\" for a word boundary"
        }
        Construct::NotWordBoundary => {
            "Python and Rust read \"\\B\" differently; remove it, or write the characters that are meant"
        }
        Construct::UnknownEscape => {
            "this escape does not exist in both Python and Rust; remove the backslash"
        }
        Construct::TrailingBackslash => "a backslash at the end escapes nothing; remove it",
        Construct::PossessiveQuantifier => {
            "this is a possessive quantifier in Python, two quantifiers in Rust; remove the \"+\""
        }
        Construct::QuantifierOnQuantifier => {
            "a quantifier cannot follow a quantifier; keep one of the two"
        }
        Construct::QuantifierOnAssertion => {
            "an anchor or word boundary cannot be repeated; remove the quantifier, or write \"\\\" before the character that is meant"
        }
        Construct::NothingToRepeat => {
            "the quantifier has nothing to repeat; write \"\\\" before it for the character itself"
        }
        Construct::Wildcard => {
            "this is a wildcard, not a regular expression; write allow_origins([\"https://*.example.com\"]) with your own domain, or allow_origins([\"*\"]) for any origin"
        }
        Construct::MissingLowerBound => {
            "only Python reads a repetition without a minimum; write it, as in \"{0,3}\""
        }
        Construct::SpacedRepetition => {
            "these are plain characters in Python, a repetition in Rust; remove the spaces"
        }
        Construct::ReversedRepetition => {
            "the minimum is greater than the maximum; swap them, as in \"{2,3}\""
        }
        Construct::HugeRepetition => {
            "an origin has at most 326 characters; write a smaller number, or \"*\""
        }
        Construct::BareBrace => {
            "a \"{\" starts a repetition such as \"{2}\" or \"{0,3}\"; write \"\\{\" for the character itself"
        }
        Construct::ClassOperation => {
            "this is a set operation in Rust, plain characters in Python; write each character once, with \"\\\" before it"
        }
        Construct::NestedBracket => {
            "this is a class inside a class in Rust, a plain character in Python; write \"\\[\" for the character itself"
        }
        Construct::PosixClass => {
            "this is a named class in Rust, plain characters in Python; write its characters, as in \"a-z\""
        }
        Construct::ClassBeginning => {
            "Python and Rust read a class that starts like this differently; write \"\\\" before each \"-\" and \"]\" that stands for itself"
        }
        Construct::BadRange => {
            "this is not a range of characters; write it from low to high, as in \"a-z\", or \"\\-\" for the hyphen itself"
        }
        Construct::StrayHyphen => {
            "this is a hyphen between other characters of a class; write \"\\-\", or write it last, as in \"[a-z-]\""
        }
        Construct::UnclosedClass => {
            "the \"[\" has no \"]\"; add it, or write \"\\[\" for the character itself"
        }
        Construct::LookAround => {
            "look-around is not supported, because matching takes linear time; write the origins as alternatives, as in \"(?:a|b)\", or use allow_origin_if"
        }
        Construct::AtomicGroup => "only Python reads atomic groups; write \"(?:\u{2026})\"",
        Construct::CommentGroup => "only Python reads comments in groups; remove the group",
        Construct::Conditional => {
            "only Python reads conditions; write both cases as alternatives, as in \"(?:a|b)\""
        }
        Construct::RustNamedGroup => {
            "only Rust reads this name; write \"(?:\u{2026})\" or \"(?P<name>\u{2026})\""
        }
        Construct::BadGroupName => {
            "the name of a group consists of ASCII letters, digits and \"_\", and ends with \">\"; or write \"(?:\u{2026})\""
        }
        Construct::RepeatedGroupName => "another group has the same name; write \"(?:\u{2026})\"",
        Construct::VerboseFlag => {
            "Python and Rust read verbose expressions differently; write the expression without spaces and comments, and remove the \"x\""
        }
        Construct::OtherFlags => {
            "only \"(?i)\" at the start is read the same in Python and Rust; remove these flags"
        }
        Construct::LateFlag => {
            "Python reads flags only at the start; move \"(?i)\" there, or remove it: browsers send hosts in lower case"
        }
        Construct::ScopedFlag => {
            "flags are read only at the start; write \"(?:\u{2026})\": browsers send hosts in lower case"
        }
        Construct::UnknownGroup => {
            "this is not a group in both Python and Rust; write \"(?:\u{2026})\""
        }
        Construct::UnclosedGroup => {
            "the \"(\" has no \")\"; add it, or write \"\\(\" for the character itself"
        }
        Construct::UnopenedGroup => {
            "the \")\" has no \"(\"; remove it, or write \"\\)\" for the character itself"
        }
        Construct::DeepGroups => "there are more than 100 nested groups; write fewer",
        Construct::NonAscii => {
            "browsers send origins in ASCII, international hosts in punycode; write the host as the browser's console shows it, as in \"xn--bcher-kva\\.example\""
        }
    }
}
