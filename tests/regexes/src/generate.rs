//! Expressions from a grammar of both languages: what they share, what only one of them has, and what
//! each reads in its own way.

use crate::random::Random;

#[rustfmt::skip]
const SCHEMES: &[&str] = &[
    "x://", "x://", "x://", "https://", "https://", "http://", "https?://", "X://", r"x:\/\/",
    "(?:x|https)://", "(app|x)://", r"https:/{2}",
];

#[rustfmt::skip]
const ATOMS: &[&str] = &[
    ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\.", r"\-", r"\_", r"\~", r"\/", r"\:",
    "a", "b", "k", "s", "K", "-", "0", "9", "_", "ab", "k9", r"a\.b", "]", "}",
];

/// Parts of classes of the common language, and a few that are not.
#[rustfmt::skip]
const CLASS_ITEMS: &[&str] = &[
    "a", "b", "k", "s", "z", "A", "K", "Z", "0", "9", "_", "~", ".", "a-z", "A-Z", "0-9", "Z-a",
    "!-~", ".-9", "+-z", "a-k", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\-", r"\]",
    r"\[", r"\\", r"\^", "^", ":", "/", "&", "|", "-", "]", "=", "#",
];

/// Parts of classes that only one language has, or that each reads in its own way.
#[rustfmt::skip]
const FOREIGN_CLASS_ITEMS: &[&str] = &[
    "--", "&&", "~~", "||", "--[a-z]", "&&[a-z]", "~~[a-f]", "&&[^a]", "--a", "a--b", "[", "[a-z]",
    "[^a]", "[:alpha:]", "[:^digit:]", "[.a.]", "[=a=]", "]-z", "--9", "+--", r"\b", r"\B", r"\x41",
    r"\x{41}", r"\u0041", r"\101", r"\0", r"\-z", r"a-\d", r"\w-z", "z-a", " ", "a - z", r"\<",
    r"\A", r"\p{L}", r"\n", "ı", "ſ", "\u{212a}",
];

#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    // Look-around, and groups of one language.
    "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?=.*b)", "(?!x:)", "(?<=://)a", "(?>a*)", "(?>a|ab)",
    "(?#a)", "(?#)", "(?#a]b)", "(?|a|b)", "(?R)", "(?0)", "(?&n)", "(?P>n)", "(?(1)a|b)",
    "(?(n)a|b)", "(?(?=a)a|b)", "(*FAIL)",
    // References and names.
    r"(a)\1", r"(a|b)\1", r"\1", r"\2", r"\10", "(?P=n)", "(?P<n>a)(?P=n)", r"(?P<n>a)\k<n>",
    r"\g<1>", "(?P<n>a)", "(?<n>a)", "(?P<1>a)", "(?P<a.b>a)", "(?P<a[0]>a)", "(?P<é>a)", "(?P<>a)",
    "(?P<n", "(?'n'a)",
    // Flags.
    "(?x)", "(?i)", "(?s)", "(?m)", "(?u)", "(?a)", "(?L)", "(?U)", "(?-i)", "(?ii)", "(?-)", "(?)",
    "(?i:a)", "(?-i:a)", "(?i-s:a)", "(?x:a b)", "(?x: a # b\n)", "(?s:.)", "(?a:\\w)", "(?u:\\w)",
    "(?i:(?-i:a))", "(?^i:a)",
    // Escapes.
    r"\0", r"\00", r"\012", r"\101", r"\08", r"\x61", r"\x6", r"\x{61}", r"\u0061", r"\u{61}",
    r"\U00000061", r"\N{DIGIT ONE}", r"\N", r"\p{L}", r"\p{Greek}", r"\pL", r"\PL", r"\Z", r"\z",
    r"\A", r"\G", r"\K", r"\R", r"\X", r"\h", r"\<", r"\>", r"\b{start}", r"\b{end-half}", r"\B",
    r"\Q", r"\E", r"\e", r"\a", r"\n", r"\t", r"\ ", r"\é", r"\",
    // What is no token, and what is not ASCII.
    "{", "{}", "}", "*", "(", ")", "[", "[]", "[^]", "#", "ı", "\u{a0}", "\u{212a}",
];

#[rustfmt::skip]
const QUANTIFIERS: &[&str] = &[
    "*", "*", "+", "+", "?", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{2}?",
    "{1,}?", "{0,2}?", "{0}", "{02}", "{1}",
];

#[rustfmt::skip]
const FOREIGN_QUANTIFIERS: &[&str] = &[
    "*+", "++", "?+", "{2}+", "{1,2}+", "**", "+*", "?*", "*??", "*?+", "{2}{2}", "{2}*", "{,2}",
    "{,}", "{2,1}", "{2, 3}", "{ 2}", "{2 }", "{2,\t3}", "{1,2,3}", "{a}", "{-1}", "{+1}", "{0x2}",
    "{4294967295}", "{\u{662}}",
];

const ASSERTIONS: &[&str] = &["^", "$", r"\b", r"\b", r"\A", r"\B"];

#[rustfmt::skip]
const SUFFIXES: &[&str] = &[
    "", "", "", "", "", "", "$", "$", r"(:\d+)?", r"(?::\d{2,4})?$", r":\d*", r"(\.b)?",
    r"\.example", r"\Z",
];

/// Expressions of real configurations, each at the end of a line.
const REAL: &str = include_str!("../../fastapi/regexes.tsv");

pub fn real() -> impl Iterator<Item = &'static str> {
    REAL.lines().filter_map(|line| line.rsplit('\t').next())
}

/// A fresh expression.
pub fn expression(random: &mut Random) -> String {
    let mut text = match random.below(8) {
        0 => {
            let all: Vec<_> = real().collect();
            let text = random.pick(&all).to_owned();
            if random.once_in(4) { text } else { mutated(random, text) }
        }
        _ => Grammar::write(random),
    };
    while random.once_in(8) {
        text = mutated(random, text);
    }
    text
}

/// One part is added, taken out or written twice, whatever that makes of the grammar.
fn mutated(random: &mut Random, text: String) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let start = random.below(letters.len() + 1);
    let end = (start + 1 + random.below(3)).min(letters.len());
    let part: Vec<char> = match random.below(8) {
        0 | 1 => random.pick(FOREIGN).chars().collect(),
        2 => random.pick(FOREIGN_CLASS_ITEMS).chars().collect(),
        3 => random.pick(FOREIGN_QUANTIFIERS).chars().collect(),
        4 => random.pick(QUANTIFIERS).chars().collect(),
        5 => vec![random.pick(&['\\', '[', ']', '(', ')', '{', '}', '-', '^', '|', '?', '&', '~'])],
        6 => letters[start..end].repeat(2),
        _ => Vec::new(),
    };
    let end = if random.once_in(2) { end } else { start };
    letters.splice(start..end, part);
    letters.into_iter().collect()
}

struct Grammar<'a> {
    random: &'a mut Random,
    text: String,
    /// Spaces and comments stand between the parts.
    verbose: bool,
}

impl Grammar<'_> {
    fn write(random: &mut Random) -> String {
        let (open, close) = match random.below(60) {
            0..4 => ("(?x)", ""),
            4 => ("(?ix) ", " # a"),
            5 => ("(?xs)\n", "\n"),
            6 => ("(?x:", ")"),
            7 => ("(?s)", ""),
            8..12 => ("(?i)", ""),
            12 => ("(?i:", ")"),
            13 => ("(?a)", ""),
            14 => ("(?m)^", "$"),
            15..17 => ("(", ")"),
            17..19 => ("(?:", ")"),
            19 => ("(?P<n>", ")"),
            20..26 => ("^", "$"),
            26 => (r"\A", r"\Z"),
            _ => ("", ""),
        };
        let verbose = open.contains('x');
        let mut this = Grammar { random, text: open.to_owned(), verbose };
        if !this.random.once_in(30) {
            this.text += this.random.pick(SCHEMES);
        }
        this.node(3);
        this.text += this.random.pick(SUFFIXES);
        this.text += close;
        this.text
    }

    fn node(&mut self, depth: usize) {
        self.space();
        if depth == 0 {
            return self.atom();
        }
        match self.random.below(12) {
            0..4 => (0..1 + self.random.below(4)).for_each(|_| self.node(depth - 1)),
            4..6 => {
                self.text += "(?:";
                for index in 0..2 + self.random.below(2) {
                    self.text += if index > 0 { "|" } else { "" };
                    self.node(depth - 1);
                }
                self.text += ")";
            }
            6..8 => self.group(depth),
            8..11 => self.repeat(depth),
            _ => self.atom(),
        }
    }

    fn space(&mut self) {
        if self.verbose && self.random.once_in(3) {
            self.text += self
                .random
                .pick(&[" ", "  ", "\n", "\t", " # a\n", "\u{a0}", "\u{85}", "\u{2003}"]);
        }
    }

    fn group(&mut self, depth: usize) {
        self.text += match self.random.below(50) {
            0 => self.random.pick(&[
                "(?>", "(?<n>", "(?i:", "(?-i:", "(?x:", "(?s:", "(?=", "(?!", "(?<=", "(?P<m>",
                "(?P<_9>",
            ]),
            1 => "(?P<m>",
            2..14 => "(",
            _ => "(?:",
        };
        self.node(depth - 1);
        if self.random.once_in(8) {
            self.text += "|";
        }
        self.text += ")";
    }

    fn repeat(&mut self, depth: usize) {
        match self.random.below(3) {
            0 => self.group(depth),
            _ => self.atom(),
        }
        self.space();
        self.text += match self.random.below(40) {
            0 => self.random.pick(FOREIGN_QUANTIFIERS),
            _ => self.random.pick(QUANTIFIERS),
        };
    }

    fn atom(&mut self) {
        match self.random.below(80) {
            0 => self.text += self.random.pick(FOREIGN),
            1..3 => self.text += self.random.pick(ASSERTIONS),
            3..26 => self.class(),
            _ => self.text += self.random.pick(ATOMS),
        }
    }

    fn class(&mut self) {
        self.text += self.random.pick(&["[", "[", "[^"]);
        for _ in 0..1 + self.random.below(4) {
            self.space();
            self.text += match self.random.below(40) {
                0 => self.random.pick(FOREIGN_CLASS_ITEMS),
                _ => self.random.pick(CLASS_ITEMS),
            };
        }
        self.text += "]";
    }
}
