//! The part of a host that decides who can obtain the origin, read from its end.
//!
//! The grammar is stricter than that of requests: it excludes what no browser sends, such as empty
//! labels and addresses in other spellings.

use super::addresses::{Address6, Octet, Read};
use crate::settings::{
    host::{self, Name},
    place::Place,
};

/// The state of reading the deciding part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// A name, to the start of its registrable domain.
    Name(Name),
    /// The end of an IP address.
    Address,
    Octet(Octet),
    Address6(Address6),
    /// The host of a scheme that is not the web's.
    App {
        is_empty: bool,
    },
}

/// Who a host belongs to, after its deciding part was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Web(Place),
    /// An extension or an app.
    App,
    /// A scheme that is well-formed, and never sent.
    Other,
}

/// The result of reading one more byte.
pub(super) enum Step {
    Part(Part),
    Web(Place),
    AppHost,
}

impl Part {
    pub(super) const NAME: Self = Self::Name(Name::START);
    pub(super) const APP: Self = Self::App { is_empty: true };

    /// Reads the byte before. `None` if no browser sends such a host.
    pub(super) fn step(self, byte: u8) -> Option<Step> {
        Some(match (self, byte) {
            (Self::Name(name), _) => match name.step(byte)? {
                host::Read::Name(name) => Step::Part(Self::Name(name)),
                host::Read::End(place) => Step::Web(place),
            },
            (Self::Address, b']') => Step::Part(Self::Address6(Address6::default())),
            (Self::Address, _) => octet(Octet::default().step(byte)?),
            (Self::Octet(octet_), _) => octet(octet_.step(byte)?),
            (Self::Address6(address), _) => match address.step(byte)? {
                Read::On(address) => Step::Part(Self::Address6(address)),
                Read::End(place) => Step::Web(place),
            },
            (Self::App { is_empty: true }, b'/') => return None,
            (Self::App { .. }, b'/') => Step::AppHost,
            (Self::App { .. }, _) => Step::Part(Self::App { is_empty: false }),
        })
    }

    /// The index of its bytes in `KINDS`.
    pub(super) fn kind(self) -> usize {
        match self {
            Self::Name(Name::Suffix { top: true, .. }) => 0,
            Self::Name(_) => 1,
            Self::Address => 2,
            Self::Octet(_) => 3,
            Self::Address6(_) => 4,
            Self::App { .. } => 5,
        }
    }

    /// The bytes with another result than others of their kind.
    pub(super) fn special_bytes(self) -> u128 {
        match self {
            Self::Name(name) => name.special_bytes().fold(0, |all, byte| all | 1 << byte),
            _ => 0,
        }
    }
}

/// The bytes that may come next, grouped by result, except for `special_bytes`. Bytes that make
/// readable examples come first.
#[rustfmt::skip]
pub(super) const KINDS: [&[&[u8]]; 6] = [
    // `c` is first for `.cc`.
    &[b"cxabdefghijklmnopqrstuvwyz", b"0123456789", b"-", b"_", b".", b"/"],
    &[b"xabcdefghijklmnopqrstuvwyz", b"0123456789", b"-", b"_", b".", b"/"],
    &[b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"]"],
    &[b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b".", b"/"],
    &[
        b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"a", b"b", b"c", b"d", b"e", b"f", b"0", b":", b"[",
    ],
    &[b"xabcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~.", b"/"],
];

fn octet(read: Read<Octet>) -> Step {
    match read {
        Read::On(octet) => Step::Part(Part::Octet(octet)),
        Read::End(place) => Step::Web(place),
    }
}
