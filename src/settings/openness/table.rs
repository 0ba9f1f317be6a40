//! An expression as a table: the next state after one more byte of an origin, read from its end.

use std::collections::HashMap;

use regex_automata::{
    Anchored,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{self, WhichCaptures},
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Hir, Look};

use super::reach::Unreached;

/// Limits what is built from an expression to some megabytes and milliseconds.
const NFA_BYTES: usize = 2 << 20;
const DFA_BYTES: usize = 1 << 20;

pub(super) type State = u32;

/// The state from which nothing is matched.
pub(super) const DEAD: State = 0;

pub(super) struct Table {
    /// The class of each byte: the expression does not distinguish bytes of a class.
    classes: [u8; 128],
    pub(super) width: usize,
    /// By state and class.
    next: Vec<State>,
    is_match: Vec<bool>,
}

impl Table {
    pub(super) const START: State = 1;

    pub(super) fn new(hir: &Hir) -> Result<Self, Unreached> {
        let dfa = reverse_dfa(hir).ok_or(Unreached::Undecided)?;
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::Yes));
        let start = start.map_err(|_| Unreached::Undecided)?;
        let mut classes = [0; 128];
        // One byte for each class.
        let mut bytes: Vec<u8> = Vec::new();
        for byte in 0..128 {
            let class = |byte: u8| dfa.byte_classes().get(byte);
            let known = bytes.iter().position(|other| class(*other) == class(byte));
            classes[usize::from(byte)] = known.unwrap_or(bytes.len()) as u8;
            if known.is_none() {
                bytes.push(byte);
            }
        }
        let mut this = Self {
            classes,
            width: bytes.len(),
            next: vec![DEAD; bytes.len()],
            is_match: vec![false],
        };
        let mut ids: HashMap<StateID, State> = HashMap::from([(start, Self::START)]);
        let mut states = vec![start];
        let mut at = 0;
        while let Some(&state) = states.get(at) {
            at += 1;
            this.is_match.push(dfa.is_match_state(dfa.next_eoi_state(state)));
            for &byte in &bytes {
                let next = dfa.next_state(state, byte);
                this.next.push(if dfa.is_dead_state(next) || dfa.is_quit_state(next) {
                    DEAD
                } else {
                    *ids.entry(next).or_insert_with(|| {
                        states.push(next);
                        states.len() as State
                    })
                });
            }
        }
        Ok(this)
    }

    pub(super) fn len(&self) -> usize {
        self.is_match.len()
    }

    pub(super) fn class(&self, byte: u8) -> usize {
        usize::from(self.classes[usize::from(byte)])
    }

    pub(super) fn step(&self, state: State, byte: u8) -> State {
        self.step_class(state, self.class(byte))
    }

    pub(super) fn step_class(&self, state: State, class: usize) -> State {
        self.next[state as usize * self.width + class]
    }

    pub(super) fn read(&self, state: State, text: impl IntoIterator<Item = u8>) -> State {
        text.into_iter().fold(state, |state, byte| self.step(state, byte))
    }

    /// Whether an origin may start here.
    pub(super) fn is_match(&self, state: State) -> bool {
        self.is_match[state as usize]
    }
}

fn reverse_dfa(hir: &Hir) -> Option<dense::DFA<Vec<u32>>> {
    let anchored = Hir::concat(vec![Hir::look(Look::Start), hir.clone(), Hir::look(Look::End)]);
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
