//! The text after the host of an origin: the port. It does not matter for who can obtain the
//! origin.

use std::collections::{HashSet, VecDeque};

use crate::policy::origin::automaton::{Automaton, DEAD, State};

/// A place in the expression where a host may end.
pub(super) struct HostEnd {
    pub(super) state: State,
    /// The schemes in `SCHEMES` with which a browser would send this port.
    pub(super) schemes: u8,
    /// The text from the end of the origin to here.
    pub(super) text: Vec<u8>,
}

pub(super) const SCHEMES: [&str; 2] = ["http", "https"];
pub(super) const HTTP: u8 = 0b01;
pub(super) const HTTP_OR_HTTPS: u8 = 0b11;

/// All of them, the shortest text first.
pub(super) fn host_ends(automaton: &Automaton) -> Vec<HostEnd> {
    let none = HostEnd { state: Automaton::START, schemes: HTTP_OR_HTTPS, text: Vec::new() };
    let mut ends = vec![none];
    let (mut seen, mut ended) = (HashSet::new(), HashSet::new());
    let mut open = VecDeque::from([(Automaton::START, Port::NONE, Vec::new())]);
    while let Some((state, port, text)) = open.pop_front() {
        let behind = |byte: u8| [&text[..], &[byte]].concat();
        let end = automaton.step(state, b':');
        if end != DEAD && port.is_whole() && ended.insert((end, port.schemes())) {
            ends.push(HostEnd { state: end, schemes: port.schemes(), text: behind(b':') });
        }
        for digit in b'0'..=b'9' {
            let next = automaton.step(state, digit);
            let Some(port) = port.step(digit).filter(|_| next != DEAD) else { continue };
            if seen.insert((next, port)) {
                open.push_back((next, port, behind(digit)));
            }
        }
    }
    ends
}

/// The digits of a port, from the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Port {
    digits: u8,
    zero: bool,
    /// Whether they are greater than the same number of last digits of 65535.
    over: bool,
    /// Whether they are the last digits of the default port, by scheme.
    default: [bool; 2],
}

impl Port {
    const NONE: Self = Self { digits: 0, zero: false, over: false, default: [true; 2] };

    fn step(self, digit: u8) -> Option<Self> {
        let at = usize::from(self.digits);
        let most = b"53556".get(at)?;
        let defaults = [b"08".get(at), b"344".get(at)];
        Some(Self {
            digits: self.digits + 1,
            zero: digit == b'0',
            over: digit > *most || digit == *most && self.over,
            default: [0, 1].map(|of| self.default[of] && defaults[of] == Some(&digit)),
        })
    }

    fn is_whole(self) -> bool {
        self.digits > 0 && !self.zero && !(self.digits == 5 && self.over)
    }

    /// Browsers leave out the default port.
    fn schemes(self) -> u8 {
        match (self.digits, self.default) {
            (2, [true, _]) => HTTP_OR_HTTPS & !HTTP,
            (3, [_, true]) => HTTP,
            _ => HTTP_OR_HTTPS,
        }
    }
}
