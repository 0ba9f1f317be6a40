//! Well-formed origins, read from their end: what each part of one says about who can stand behind it.
//!
//! From the end, because there the public suffix stands, and the port, which says nothing. Narrower
//! than the grammar of requests by what no browser sends: empty labels, addresses in other spellings.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::settings::suffixes::{Below, Cursor, Place, Suffixes, place_of_ipv4, place_of_ipv6};

/// How far an origin was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    Port {
        web: bool,
        port: Port,
    },
    /// The host ends here, or before the trailing dot that was read.
    HostEnd {
        dot: bool,
    },
    /// In a label whose right side is a suffix, and which may be of a longer one.
    Suffix {
        cursor: Cursor,
        below: Below,
        any: bool,
        top: bool,
        label: Label,
    },
    /// In the label below the suffix.
    Registrable {
        below: Below,
        label: Label,
    },
    /// In a host that ends in a digit: in an IPv4 address, unless a letter follows.
    Octet(Octet),
    /// Digits that are no IPv4 address: they must belong to a longer label.
    Digits,
    Address6(Address6),
    /// Left of the registrable domain.
    Subdomain {
        place: Place,
        in_label: bool,
    },
    /// So many characters of `://`.
    Separator {
        whose: Whose,
        read: u8,
    },
    /// In a scheme: which of `SCHEMES` end in what was read, and how long that is.
    Scheme {
        whose: Whose,
        words: u8,
        length: u8,
        letter: bool,
    },
    /// The host of a scheme that is not the web's.
    AppHost {
        empty: bool,
    },
}

/// What a host belongs to, when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Web(Place),
    App,
}

/// A whole origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Web {
        secure: bool,
        place: Place,
    },
    /// Of an extension or an app.
    App,
    /// Of `ws`, `wss` or `ftp`: well-formed, and never sent.
    Other,
}

const SCHEMES: [&[u8]; 6] = [b"http", b"https", b"ws", b"wss", b"ftp", b"file"];
const WEB_SCHEMES: u8 = 0b11;

// The first that leads on makes the example in a text, so `x` comes first, and `c` for `.cc`.
const LABEL: &[u8] = b"xabcdefghijklmnopqrstuvwyz0123456789-_./]";
const TOP: &[u8] = b"cxabdefghijklmnopqrstuvwyz0123456789-_./]";
const APP_HOST: &[u8] = b"xabcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~./";

impl State {
    pub(super) const APP_HOST_END: Self = Self::AppHost { empty: true };

    pub(super) const STARTS: [Self; 4] = [
        Self::HostEnd { dot: false },
        Self::APP_HOST_END,
        Self::Port { web: true, port: Port::NONE },
        Self::Port { web: false, port: Port::NONE },
    ];

    /// The bytes that may lead on, those first that look well in an example.
    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Port { .. } => b"0123456789:",
            Self::HostEnd { .. } | Self::Suffix { top: true, .. } => TOP,
            Self::Suffix { .. } | Self::Registrable { .. } | Self::Subdomain { .. } => LABEL,
            Self::Octet(_) | Self::Digits => LABEL,
            Self::Address6(_) => b"123456789abcdef0:[",
            Self::Separator { .. } => b":/",
            Self::Scheme { whose: Whose::Web(_), .. } => b"htps",
            Self::Scheme { whose: Whose::App, .. } => b"xabcdefghijklmnopqrstuvwyz0123456789+.-",
            Self::AppHost { .. } => APP_HOST,
        }
    }

    /// Whether it is in the part that decides who can obtain the origin.
    pub(super) fn is_deciding(self) -> bool {
        !matches!(self, Self::Port { .. }) && self.decided().is_none()
    }

    /// Behind the deciding part: what was decided.
    pub(super) fn decided(self) -> Option<Whose> {
        match self {
            Self::Subdomain { place, .. } => Some(Whose::Web(place)),
            Self::Separator { whose, .. } | Self::Scheme { whose, .. } => Some(whose),
            _ => None,
        }
    }

    pub(super) fn origin(self) -> Option<Origin> {
        let Self::Scheme { whose, words, length, letter } = self else { return None };
        let is =
            |index: usize| words & 1 << index != 0 && SCHEMES[index].len() == usize::from(length);
        match whose {
            Whose::Web(place) if is(0) || is(1) => Some(Origin::Web { secure: is(1), place }),
            Whose::Web(_) => None,
            // `file` has no host.
            Whose::App if is(0) || is(1) || is(5) || !letter => None,
            Whose::App if is(2) || is(3) || is(4) => Some(Origin::Other),
            Whose::App => Some(Origin::App),
        }
    }

    /// What precedes; `None` if no well-formed origin goes on in this way.
    pub(super) fn step(self, suffixes: &Suffixes, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Port { web, port }, b':') => port.is_whole().then_some(match web {
                true => Self::HostEnd { dot: false },
                false => Self::AppHost { empty: true },
            }),
            (Self::Port { web, port }, _) => port.step(byte).map(|port| Self::Port { web, port }),
            (Self::HostEnd { dot }, b'.') => (!dot).then_some(Self::HostEnd { dot: true }),
            (Self::HostEnd { dot }, b']') => (!dot).then_some(Self::Address6(Address6::default())),
            (Self::HostEnd { .. }, b'0'..=b'9') => Octet::default().step(byte),
            (Self::HostEnd { .. }, _) => Self::label(suffixes, suffixes.root(), true, byte),
            (Self::Suffix { cursor, below, any, top, label }, b'.' | b'/') => {
                end_of_suffix(suffixes, cursor, below, any, top, label, byte)
            }
            (Self::Suffix { cursor, below, any, top, label }, _) => {
                let label = label.step(byte)?;
                Some(match suffixes.step(cursor, byte) {
                    Some(cursor) => Self::Suffix { cursor, below, any, top, label },
                    None if any => {
                        Self::Suffix { cursor: suffixes.nothing(), below, any, top, label }
                    }
                    None => Self::Registrable { below, label },
                })
            }
            (Self::Registrable { below: Below::Sites, label }, b'-')
                if label.last == Last::Hyphen =>
            {
                Some(Self::Subdomain { place: Place::Public, in_label: true })
            }
            (Self::Registrable { below, label }, b'.' | b'/') => {
                Some(end_of_name(below, label, byte))
            }
            (Self::Registrable { below, label }, _) => {
                Some(Self::Registrable { below, label: label.step(byte)? })
            }
            (Self::Octet(octet), _) => octet.step(byte),
            (Self::Digits, b'0'..=b'9') => Some(self),
            (Self::Digits, _) => Self::odd(byte),
            (Self::Address6(address), _) => address.step(byte),
            (Self::Subdomain { place, in_label }, b'.' | b'/') => {
                in_label.then(|| Self::end(place, byte))
            }
            (Self::Subdomain { place, .. }, _) => {
                is_label_byte(byte).then_some(Self::Subdomain { place, in_label: true })
            }
            (Self::Separator { whose, read: read @ (0 | 1) }, b'/') => {
                Some(Self::Separator { whose, read: read + 1 })
            }
            (Self::Separator { whose, read: 2 }, b':') => {
                Some(Self::Scheme { whose, words: u8::MAX, length: 0, letter: false })
            }
            (Self::Separator { .. }, _) => None,
            (Self::Scheme { whose, words, length, .. }, _) => {
                let is_next = |word: &&[u8]| {
                    word.len().checked_sub(usize::from(length) + 1).map(|at| word[at]) == Some(byte)
                };
                let of = |index: usize| u8::from(is_next(&SCHEMES[index])) << index;
                let words = words & (0..SCHEMES.len()).map(of).sum::<u8>();
                let is_known = words & WEB_SCHEMES != 0 || whose == Whose::App;
                // The length counts as long as it can be that of a word.
                let length = if words == 0 { 0 } else { length + 1 };
                let letter = byte.is_ascii_lowercase();
                is_known.then_some(Self::Scheme { whose, words, length, letter })
            }
            (Self::AppHost { empty }, b'/') => {
                (!empty).then_some(Self::Separator { whose: Whose::App, read: 1 })
            }
            (Self::AppHost { .. }, _) => Some(Self::AppHost { empty: false }),
        }
    }

    /// The first byte of a label.
    fn label(suffixes: &Suffixes, cursor: Cursor, top: bool, byte: u8) -> Option<Self> {
        let below = Below::Names(Place::Public);
        let any = suffixes.has_any_label(cursor);
        Self::Suffix { cursor, below, any, top, label: Label::EMPTY }.step(suffixes, byte)
    }

    /// A last label that ends in a digit, and is no number: no top-level domain does, but hosts of
    /// one label do.
    fn odd(byte: u8) -> Option<Self> {
        is_label_byte(byte).then_some(Self::Registrable {
            below: Below::Names(Place::Suffix),
            label: Label { last: Last::Other, long: true, valid: true },
        })
    }

    /// The dot or slash before a host's deciding part.
    fn end(place: Place, byte: u8) -> Self {
        match byte {
            b'.' => Self::Subdomain { place, in_label: false },
            _ => Self::Separator { whose: Whose::Web(place), read: 1 },
        }
    }
}

/// The dot or slash before a label that may be of a suffix.
fn end_of_suffix(
    suffixes: &Suffixes,
    cursor: Cursor,
    below: Below,
    any: bool,
    top: bool,
    label: Label,
    byte: u8,
) -> Option<State> {
    if label.last == Last::Nothing {
        return None;
    }
    let is_known = suffixes.is_label_end(cursor);
    if !is_known && !any {
        return Some(end_of_name(below, label, byte));
    }
    let own = if is_known { suffixes.below(cursor) } else { Below::Names(Place::Public) };
    Some(match byte {
        // One label, as `localhost`.
        b'/' if top => match own {
            Below::Names(Place::Loopback) => State::end(Place::Loopback, byte),
            _ => State::end(Place::Private, byte),
        },
        b'/' => State::end(Place::Suffix, byte),
        _ if top && !(label.is_name() && label.long && label.last == Last::Letter) => {
            State::end(Place::Suffix, byte)
        }
        _ => {
            let cursor = if is_known { suffixes.next_label(cursor) } else { suffixes.nothing() };
            let any = suffixes.has_any_label(cursor);
            State::Suffix { cursor, below: own, any, top: false, label: Label::EMPTY }
        }
    })
}

/// The dot or slash before the label below a suffix.
fn end_of_name(below: Below, label: Label, byte: u8) -> State {
    let place = match below {
        Below::Names(Place::Suffix) if byte == b'/' => Place::Private,
        _ if !label.is_name() => Place::Suffix,
        Below::Names(place) => place,
        Below::Sites => Place::Public,
    };
    State::end(place, byte)
}

fn is_label_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
}

/// A label read from its end: whether a registry would sell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Label {
    last: Last,
    /// Two characters or more.
    long: bool,
    /// Letters, digits, and hyphens that are not at its end.
    valid: bool,
}

/// What was read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Last {
    Nothing,
    Letter,
    Hyphen,
    Other,
}

impl Label {
    const EMPTY: Self = Self { last: Last::Nothing, long: false, valid: true };

    fn step(self, byte: u8) -> Option<Self> {
        let last = match byte {
            b'a'..=b'z' => Last::Letter,
            b'-' => Last::Hyphen,
            b'0'..=b'9' | b'_' => Last::Other,
            _ => return None,
        };
        let is_first = self.last == Last::Nothing;
        let valid = self.valid && byte != b'_' && !(is_first && byte == b'-');
        Some(Self { last, long: !is_first, valid })
    }

    fn is_name(self) -> bool {
        self.valid && self.last != Last::Hyphen
    }
}

/// The digits of a port, from the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Port {
    digits: u8,
    zero: bool,
    /// Greater than as many last digits of 65535.
    over: bool,
}

impl Port {
    const NONE: Self = Self { digits: 0, zero: false, over: false };

    fn step(self, digit: u8) -> Option<Self> {
        let most = b"53556".get(usize::from(self.digits))?;
        let over = digit > *most || digit == *most && self.over;
        digit.is_ascii_digit().then_some(Self {
            digits: self.digits + 1,
            zero: digit == b'0',
            over,
        })
    }

    fn is_whole(self) -> bool {
        self.digits > 0 && !self.zero && !(self.digits == 5 && self.over)
    }
}

/// An IPv4 address, from its last digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Octet {
    /// How many were read before.
    pub(super) index: u8,
    digits: u8,
    value: u8,
    zero: bool,
    /// The second octet of the address, or one of the same kind.
    second: u8,
}

impl Octet {
    fn step(self, byte: u8) -> Option<State> {
        match byte {
            b'0'..=b'9' => match self.digit(byte - b'0') {
                Some(octet) => Some(State::Octet(octet)),
                None => (self.index == 0).then_some(State::Digits),
            },
            b'.' if self.is_whole() && self.index < 3 => {
                let second = if self.index == 2 { like(self.value) } else { 0 };
                let next = Self { index: self.index + 1, second, ..Self::default() };
                Some(State::Octet(next))
            }
            b'/' if self.is_whole() && self.index == 3 => {
                let address = Ipv4Addr::new(self.value, self.second, 1, 1);
                Some(State::end(place_of_ipv4(address), byte))
            }
            _ if self.index == 0 => State::odd(byte),
            _ => None,
        }
    }

    fn digit(self, digit: u8) -> Option<Self> {
        let scale = [1_u16, 10, 100].get(usize::from(self.digits))?;
        let value = u8::try_from(u16::from(digit) * scale + u16::from(self.value)).ok()?;
        let value = match self.digits {
            // Of the last two octets it only counts whether they are below 256. That keeps the
            // states few: 6 and 56 stand for all that are too great behind `5` and `2`.
            0 if self.index < 2 => {
                if value > 5 {
                    6
                } else {
                    0
                }
            }
            1 if self.index < 2 => {
                if value > 55 {
                    56
                } else {
                    0
                }
            }
            2 if self.index < 2 => 0,
            _ => value,
        };
        Some(Self { digits: self.digits + 1, value, zero: digit == 0, ..self })
    }

    fn is_whole(self) -> bool {
        self.digits == 1 || self.digits > 1 && !self.zero
    }
}

/// One second octet for all that make no difference, which keeps the states few.
fn like(second: u8) -> u8 {
    match second {
        16..=31 => 16,
        64..=127 => 64,
        168 | 254 => second,
        _ => 0,
    }
}

/// An IPv6 address as browsers write it, from its closing bracket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Address6 {
    groups: u8,
    /// Of the group that is being read.
    digits: u8,
    colons: u8,
    compressed: bool,
    /// Of that group, the digits that tell `fc00::/7` and `fe80::/10` if it is the first.
    group: u16,
    value: Value,
}

/// What was read of an IPv6 address, as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Value {
    #[default]
    Zero,
    One,
    Other,
}

impl Address6 {
    fn step(self, byte: u8) -> Option<State> {
        match byte {
            b':' => self.colon().map(State::Address6),
            b'[' => self.end(),
            _ => {
                let digit = char::from(byte).to_digit(16)?;
                self.digit(u16::try_from(digit).ok()?).map(State::Address6)
            }
        }
    }

    fn colon(self) -> Option<Self> {
        let is_second = self.colons == 1;
        let may = self.digits > 0 || is_second && !self.compressed || self == Self::default();
        may.then_some(Self {
            digits: 0,
            colons: self.colons + 1,
            compressed: self.compressed || is_second,
            group: 0,
            ..self
        })
    }

    fn digit(self, digit: u16) -> Option<Self> {
        let is_lowest = self.groups == 0 && self.colons == 0;
        let groups = self.groups + u8::from(self.digits == 0);
        let most = if self.compressed { 7 } else { 8 };
        // A single colon at the end of an address ends no group.
        if self.digits == 4 || groups > most || self.groups == 0 && self.colons == 1 {
            return None;
        }
        let value = match digit {
            0 => self.value,
            1 if is_lowest => Value::One,
            _ => Value::Other,
        };
        let group = match (self.digits, digit) {
            (1, 8..=0xb) => 0x80,
            (2, 0xc | 0xd) => 0xc00,
            (2, 0xe) if self.group == 0x80 => 0xe80,
            (3, 0xf) if self.group > 0x80 => 0xf000 | self.group,
            _ => 0,
        };
        Some(Self { groups, digits: self.digits + 1, colons: 0, group, value, ..self })
    }

    fn end(self) -> Option<State> {
        let is_whole = match self.compressed {
            true => self.digits > 0 || self.colons == 2,
            false => self.groups == 8 && self.digits > 0,
        };
        let address = match self.value {
            Value::Zero => Ipv6Addr::UNSPECIFIED,
            Value::One => Ipv6Addr::LOCALHOST,
            // One of the same kind.
            Value::Other => Ipv6Addr::new(self.group, 0, 0, 0, 0, 0, 0, 2),
        };
        let whose = Whose::Web(place_of_ipv6(address));
        is_whole.then_some(State::Separator { whose, read: 0 })
    }
}
