//! The kind of a host. This is the only code that decides it.
//!
//! A name is read from its end, because the public suffix is there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    place::Place,
    suffixes::{Below, Cursor},
};

/// Who can own a host, given in lower case.
pub(crate) fn place_of(host: &str) -> Place {
    match address(host) {
        Some(address) => Place::of_address(address),
        None => registrable(host).map_or(Place::Suffix, |(place, _)| place),
    }
}

/// The IP address, if the host is one.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match bracketed {
        Some(address) => address.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => bare(host).parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

/// The registrable domain: one label below the public suffix. `None` if the name is a suffix or a
/// single label.
pub(crate) fn registrable_domain(host: &str) -> Option<&str> {
    let (place, domain) = registrable(bare(host))?;
    (place != Place::Suffix && domain.contains('.')).then_some(domain)
}

/// Who can obtain names below a domain. `None` if only its owner can give them out.
pub(crate) fn place_below(domain: &str) -> Option<Place> {
    let below = format!("x.x.x.{}", bare(domain));
    let (place, registrable) = registrable(&below)?;
    (registrable.len() > bare(domain).len()).then_some(place)
}

fn bare(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// The part of a name that decides who can own it, and who that is.
fn registrable(host: &str) -> Option<(Place, &str)> {
    let host = bare(host);
    let mut name = Name::START;
    for (at, byte) in host.bytes().enumerate().rev() {
        match name.step(byte)? {
            Read::Name(next) => name = next,
            Read::End(place) => return Some((place, host[at + 1..].trim_start_matches('-'))),
        }
    }
    match name.step(b'/')? {
        Read::End(place) => Some((place, host)),
        Read::Name(_) => None,
    }
}

/// The state of reading a name from its end to the start of its registrable domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    /// In a label to the left of a suffix. The label may belong to a longer suffix.
    Suffix { cursor: Cursor, below: Below, any: bool, top: bool, label: Label },
    /// In the label below the suffix.
    Registrable { below: Below, label: Label },
}

/// The result of reading one more byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    Name(Name),
    /// The registrable domain was read.
    End(Place),
}

impl Name {
    /// Nothing was read yet. Every top-level domain is a suffix.
    pub(crate) const START: Self = Self::Suffix {
        cursor: Cursor::ROOT,
        below: Below::Names(Place::Public),
        any: true,
        top: true,
        label: Label::EMPTY,
    };

    /// Reads the byte before, which is a slash if the scheme comes next. `None` if no browser sends
    /// such a name.
    pub(crate) fn step(self, byte: u8) -> Option<Read> {
        match (self, byte) {
            (Self::Suffix { cursor, below, any, top, label }, b'.' | b'/') => {
                end_of_suffix(cursor, below, any, top, label, byte)
            }
            (Self::Suffix { cursor, below, any, top, label }, _) => {
                let label = label.step(byte, top)?;
                Some(Read::Name(match cursor.step(byte) {
                    Some(cursor) => Self::Suffix { cursor, below, any, top, label },
                    None if any => Self::Suffix { cursor: Cursor::NOTHING, below, any, top, label },
                    None => Self::Registrable { below, label },
                }))
            }
            (Self::Registrable { below: Below::Sites, label }, b'-')
                if label.last == Last::Hyphen =>
            {
                Some(Read::End(Place::Public))
            }
            (Self::Registrable { below, label }, b'.' | b'/') => {
                Some(Read::End(label.place(below)))
            }
            (Self::Registrable { below, label }, _) => {
                Some(Read::Name(Self::Registrable { below, label: label.step(byte, false)? }))
            }
        }
    }

    /// The bytes with another result than others of their kind.
    #[cfg(feature = "regex")]
    pub(crate) fn special_bytes(self) -> impl Iterator<Item = u8> {
        let cursor = match self {
            Self::Suffix { cursor, .. } => cursor,
            Self::Registrable { .. } => Cursor::NOTHING,
        };
        cursor.next_bytes().filter(|byte| !matches!(byte, b'.' | b'*'))
    }
}

/// The dot or slash before a label that may belong to a suffix.
fn end_of_suffix(
    cursor: Cursor,
    below: Below,
    any: bool,
    top: bool,
    label: Label,
    byte: u8,
) -> Option<Read> {
    // A host whose last label is a number is an IPv4 address or invalid.
    if label.last == Last::Nothing || label.number {
        return None;
    }
    let is_known = cursor.is_label_end();
    if !is_known && !any {
        return Some(Read::End(label.place(below)));
    }
    let own = if is_known { cursor.below() } else { Below::Names(Place::Public) };
    Some(match byte {
        // One label, such as `localhost`.
        b'/' if top => Read::End(match own {
            Below::Names(Place::Loopback) => Place::Loopback,
            _ => Place::Private,
        }),
        b'/' => Read::End(Place::Suffix),
        _ if top && !(label.is_name() && label.long && label.last == Last::Letter) => {
            Read::End(Place::Suffix)
        }
        _ => {
            let cursor = if is_known { cursor.next_label() } else { Cursor::NOTHING };
            Read::Name(Name::Suffix {
                cursor,
                below: own,
                any: cursor.has_any_label(),
                top: false,
                label: Label::EMPTY,
            })
        }
    })
}

/// A label read from its end, to know whether a registry would sell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Label {
    last: Last,
    /// Two characters or more.
    long: bool,
    /// Letters, digits, and hyphens that are not at its end.
    valid: bool,
    /// The last label of a name, with only digits.
    number: bool,
}

/// The byte that was read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Last {
    Nothing,
    Letter,
    Hyphen,
    Other,
}

impl Label {
    const EMPTY: Self = Self { last: Last::Nothing, long: false, valid: true, number: false };

    fn step(self, byte: u8, top: bool) -> Option<Self> {
        let last = match byte {
            b'a'..=b'z' => Last::Letter,
            b'-' => Last::Hyphen,
            b'0'..=b'9' | b'_' => Last::Other,
            _ => return None,
        };
        let is_first = self.last == Last::Nothing;
        let is_digit = byte.is_ascii_digit();
        // No top-level domain ends in a digit.
        let is_odd = byte == b'_' || is_first && (byte == b'-' || top && is_digit);
        Some(Self {
            last,
            long: !is_first,
            valid: self.valid && !is_odd,
            number: top && is_digit && (is_first || self.number),
        })
    }

    fn is_name(self) -> bool {
        self.valid && self.last != Last::Hyphen
    }

    fn place(self, below: Below) -> Place {
        match below {
            // Nobody registers names there.
            Below::Names(place @ (Place::Loopback | Place::Private)) => place,
            _ if !self.is_name() => Place::Suffix,
            Below::Names(place) => place,
            Below::Sites => Place::Public,
        }
    }
}
