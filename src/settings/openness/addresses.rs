//! IP addresses, read from their end, to know whether the machine is public, private or loopback.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::settings::place::Place;

/// The result of reading one more byte.
pub(super) enum Read<T> {
    On(T),
    /// The address was read.
    End(Place),
}

/// An IPv4 address, from its last digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Octet {
    /// The number of octets that were read before.
    index: u8,
    digits: u8,
    value: u8,
    zero: bool,
    /// The second octet of the address, or a representative with the same result.
    second: u8,
}

impl Octet {
    pub(super) fn step(self, byte: u8) -> Option<Read<Self>> {
        match byte {
            b'0'..=b'9' => self.digit(byte - b'0').map(Read::On),
            b'.' if self.is_whole() && self.index < 3 => {
                let second = if self.index == 2 { like(self.value) } else { 0 };
                let next = Self { index: self.index + 1, second, ..Self::default() };
                Some(Read::On(next))
            }
            b'/' if self.is_whole() && self.index == 3 => {
                let address = Ipv4Addr::new(self.value, self.second, 1, 1);
                Some(Read::End(Place::of_address(IpAddr::V4(address))))
            }
            _ => None,
        }
    }

    fn digit(self, digit: u8) -> Option<Self> {
        let scale = [1_u16, 10, 100].get(usize::from(self.digits))?;
        let value = u8::try_from(u16::from(digit) * scale + u16::from(self.value)).ok()?;
        let value = match self.digits {
            // The last two octets only need to be below 256. This keeps the number of states small:
            // 6 and 56 represent all digits that are too great after `5` and `2`.
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

/// One second octet represents all with the same result. This keeps the number of states small.
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
    /// The digits of the current group.
    digits: u8,
    colons: u8,
    compressed: bool,
    /// The digits of that group that show `fc00::/7` and `fe80::/10`, if it is the first group.
    group: u16,
    value: Value,
}

/// The part of an IPv6 address that was read, as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Value {
    #[default]
    Zero,
    One,
    Other,
}

impl Address6 {
    pub(super) fn step(self, byte: u8) -> Option<Read<Self>> {
        match byte {
            b':' => self.colon().map(Read::On),
            b'[' => self.end().map(Read::End),
            _ => {
                let digit = char::from(byte).to_digit(16)?;
                self.digit(u16::try_from(digit).ok()?).map(Read::On)
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
        // A single colon at the end of an address does not end a group.
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

    fn end(self) -> Option<Place> {
        let is_whole = match self.compressed {
            true => self.digits > 0 || self.colons == 2,
            false => self.groups == 8 && self.digits > 0,
        };
        let address = match self.value {
            Value::Zero => Ipv6Addr::UNSPECIFIED,
            Value::One => Ipv6Addr::LOCALHOST,
            // A representative with the same result.
            Value::Other => Ipv6Addr::new(self.group, 0, 0, 0, 0, 0, 0, 2),
        };
        is_whole.then(|| Place::of_address(IpAddr::V6(address)))
    }
}
