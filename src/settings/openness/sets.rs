//! Sets of states. A host may be read from several places, one for each form of the port.

use foldhash::{HashMap, HashMapExt};

use super::reach::Unreached;
use crate::policy::origin::automaton::{Automaton, DEAD, State};

/// A place in the expression, and how it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Element {
    pub(super) state: State,
    /// The schemes that fit the port.
    pub(super) schemes: u8,
    /// The host end where it started. A smaller number is a shorter text.
    pub(super) end: u16,
}

/// All sets so far, by number.
pub(super) struct Sets<'t> {
    automaton: &'t Automaton,
    ids: HashMap<Box<[Element]>, u32>,
    all: Vec<Box<[Element]>>,
    /// By set and class of bytes.
    next: Vec<u32>,
    size: usize,
}

/// The empty set.
pub(super) const NONE: u32 = 0;
const UNKNOWN: u32 = u32::MAX;
/// The limit of elements in all sets together.
const MAX_SIZE: usize = 200_000;

impl<'t> Sets<'t> {
    pub(super) fn new(automaton: &'t Automaton) -> Self {
        let mut this =
            Self { automaton, ids: HashMap::new(), all: Vec::new(), next: Vec::new(), size: 0 };
        this.id(Vec::new());
        this
    }

    pub(super) fn id(&mut self, mut elements: Vec<Element>) -> u32 {
        elements.retain(|element| element.state != DEAD);
        elements.sort_unstable();
        elements.dedup_by_key(|element| (element.state, element.schemes));
        if let Some(known) = self.ids.get(&elements[..]) {
            return *known;
        }
        let id = self.all.len() as u32;
        self.size += elements.len() + self.automaton.width();
        self.next.resize(self.next.len() + self.automaton.width(), UNKNOWN);
        self.all.push(elements.clone().into());
        self.ids.insert(elements.into(), id);
        id
    }

    pub(super) fn elements(&self, set: u32) -> &[Element] {
        &self.all[set as usize]
    }

    /// The set after a byte of the class.
    pub(super) fn step(&mut self, set: u32, class: usize) -> Result<u32, Unreached> {
        let at = set as usize * self.automaton.width() + class;
        if self.next[at] == UNKNOWN {
            if self.size > MAX_SIZE {
                return Err(Unreached::Undecided);
            }
            let step = |element: &Element| Element {
                state: self.automaton.step_class(element.state, class),
                ..*element
            };
            let next = self.elements(set).iter().map(step).collect();
            self.next[at] = self.id(next);
        }
        Ok(self.next[at])
    }
}
