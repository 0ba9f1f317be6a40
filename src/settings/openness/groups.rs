//! Groups of bytes that neither the grammar of hosts nor the expression distinguishes.

use super::part::{KINDS, Part};
use crate::policy::origin::automaton::Automaton;

/// By kind of part.
pub(super) struct Groups([Vec<Group>; KINDS.len()]);

pub(super) struct Group {
    /// Bytes that make readable examples come first.
    pub(super) bytes: Vec<u8>,
    /// The same bytes, as bits.
    pub(super) mask: u128,
}

impl Groups {
    pub(super) fn new(automaton: &Automaton) -> Self {
        let split = |kinds: &[&[u8]]| {
            let mut groups: Vec<Group> = Vec::new();
            for kind in kinds {
                let of_kind = groups.len();
                for &byte in *kind {
                    let class = automaton.class(byte);
                    let known = groups[of_kind..]
                        .iter_mut()
                        .find(|group| automaton.class(group.bytes[0]) == class);
                    match known {
                        Some(group) => {
                            group.bytes.push(byte);
                            group.mask |= 1 << byte;
                        }
                        None => groups.push(Group { bytes: vec![byte], mask: 1 << byte }),
                    }
                }
            }
            groups
        };
        Self(KINDS.map(split))
    }

    pub(super) fn of(&self, part: Part) -> &[Group] {
        &self.0[part.kind()]
    }
}
