//! `Automaton`: a regular expression as a table. It reads an origin from its end.
//!
//! The danger of an expression is decided on the table that matches requests.

use std::{collections::HashMap, fmt};

use regex_automata::{
    Anchored,
    dfa::{Automaton as _, StartKind, dense},
    nfa::thompson::{self, WhichCaptures},
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Hir, Look};

/// Limits what is built from an expression to some megabytes and milliseconds.
const NFA_BYTES: usize = 2 << 20;
const DFA_BYTES: usize = 1 << 20;

pub(crate) type State = u32;

/// The state from which nothing is matched.
pub(crate) const DEAD: State = 0;

/// The next state after one more byte.
pub(crate) struct Automaton {
    /// The class of each byte: the expression does not distinguish bytes of a class.
    classes: [u8; 256],
    width: usize,
    /// A row of `next` has this power of two as its length, so that a step needs no product.
    shift: u32,
    /// By state and class.
    next: Box<[State]>,
    is_match: Box<[bool]>,
}

impl Automaton {
    pub(crate) const START: State = 1;

    /// For the whole origin, as Python's `re.fullmatch`. `None` if it is too large.
    pub(crate) fn new(expression: &Hir) -> Option<Self> {
        let dfa = reverse_dfa(expression)?;
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()?;
        let mut classes = [0; 256];
        // One byte for each class.
        let mut bytes: Vec<u8> = Vec::new();
        for byte in 0..=u8::MAX {
            let class = |byte: u8| dfa.byte_classes().get(byte);
            let known = bytes.iter().position(|other| class(*other) == class(byte));
            classes[usize::from(byte)] = known.unwrap_or(bytes.len()) as u8;
            if known.is_none() {
                bytes.push(byte);
            }
        }
        let shift = bytes.len().next_power_of_two().trailing_zeros();
        let mut next = vec![DEAD; 1 << shift];
        let mut is_match = vec![false];
        let mut ids: HashMap<StateID, State> = HashMap::from([(start, Self::START)]);
        let mut states = vec![start];
        let mut at = 0;
        while let Some(&state) = states.get(at) {
            at += 1;
            is_match.push(dfa.is_match_state(dfa.next_eoi_state(state)));
            for &byte in &bytes {
                let after = dfa.next_state(state, byte);
                next.push(if dfa.is_dead_state(after) || dfa.is_quit_state(after) {
                    DEAD
                } else {
                    *ids.entry(after).or_insert_with(|| {
                        states.push(after);
                        states.len() as State
                    })
                });
            }
            next.resize(is_match.len() << shift, DEAD);
        }
        Some(Self {
            classes,
            width: bytes.len(),
            shift,
            next: next.into(),
            is_match: is_match.into(),
        })
    }

    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        let mut state = Self::START;
        // Checking after each byte costs more than a few bytes too many.
        for bytes in origin.rchunks(8) {
            state = self.read(state, bytes.iter().rev().copied());
            if state == DEAD {
                return false;
            }
        }
        self.is_match(state)
    }

    /// The number of states.
    pub(crate) fn len(&self) -> usize {
        self.is_match.len()
    }

    /// The number of classes.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn class(&self, byte: u8) -> usize {
        usize::from(self.classes[usize::from(byte)])
    }

    pub(crate) fn step(&self, state: State, byte: u8) -> State {
        self.step_class(state, self.class(byte))
    }

    pub(crate) fn step_class(&self, state: State, class: usize) -> State {
        self.next[((state as usize) << self.shift) + class]
    }

    pub(crate) fn read(&self, state: State, text: impl IntoIterator<Item = u8>) -> State {
        text.into_iter().fold(state, |state, byte| self.step(state, byte))
    }

    /// Whether an origin may start here.
    pub(crate) fn is_match(&self, state: State) -> bool {
        self.is_match[state as usize]
    }
}

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Automaton").field("states", &self.len()).finish_non_exhaustive()
    }
}

/// It starts at the end of an origin, so only the other anchor is needed. It is added to the parsed
/// form: in the text it would apply only to the first alternative.
fn reverse_dfa(expression: &Hir) -> Option<dense::DFA<Vec<u32>>> {
    let anchored = Hir::concat(vec![Hir::look(Look::Start), expression.clone()]);
    let config = thompson::Config::new()
        .reverse(true)
        .utf8(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(NFA_BYTES));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(&anchored).ok()?;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .accelerate(false)
        .dfa_size_limit(Some(DFA_BYTES))
        .determinize_size_limit(Some(DFA_BYTES));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()
}
