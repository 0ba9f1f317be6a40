//! Which IP addresses an expression may still match. Their states are many, and most expressions match none.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use regex_automata::{dfa::Automaton, util::primitives::StateID};

use super::grammar::State;

/// What stands before an address, from its end.
const BEFORE: [&[u8]; 2] = [b"//:ptth", b"//:sptth"];

#[derive(Default)]
pub(super) struct Addresses {
    known: RefCell<HashMap<(StateID, bool), bool>>,
}

impl Addresses {
    /// Whether an address that is being read may still be matched, with a web scheme before it.
    pub(super) fn may_match(&self, dfa: &impl Automaton, from: StateID, state: State) -> bool {
        match state {
            State::Address6(_) => self.leads(dfa, from, true),
            // Where only digits were read, a name may still end in them.
            State::Octet(octet) if octet.index > 0 => self.leads(dfa, from, false),
            _ => true,
        }
    }

    fn leads(&self, dfa: &impl Automaton, from: StateID, bracketed: bool) -> bool {
        if let Some(known) = self.known.borrow().get(&(from, bracketed)) {
            return *known;
        }
        let (bytes, before): (&[u8], &[u8]) =
            if bracketed { (b"0123456789abcdef:", b"[") } else { (b"0123456789.", b"") };
        let is_whole = |at| {
            let at = before.iter().fold(at, |at, byte| dfa.next_state(at, *byte));
            BEFORE.iter().any(|scheme| {
                let at = scheme.iter().fold(at, |at, byte| dfa.next_state(at, *byte));
                dfa.is_match_state(dfa.next_eoi_state(at))
            })
        };
        let mut seen = HashSet::from([from]);
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if is_whole(at) {
                self.known.borrow_mut().insert((from, bracketed), true);
                return true;
            }
            let next = bytes.iter().map(|byte| dfa.next_state(at, *byte));
            open.extend(next.filter(|next| !dfa.is_dead_state(*next) && seen.insert(*next)));
        }
        self.known.borrow_mut().extend(seen.into_iter().map(|at| ((at, bracketed), false)));
        false
    }
}
