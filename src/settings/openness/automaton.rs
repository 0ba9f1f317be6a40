//! The language of an expression, cut with the grammar of well-formed origins: the states of both,
//! side by side, read from the end of an origin.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use regex_automata::{
    Anchored,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson::{self, WhichCaptures},
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Hir, Look};

use super::{
    addresses::Addresses,
    grammar::{Origin, State},
    reach::Undecided,
};
use crate::settings::suffixes::Suffixes;

/// What is built of an expression takes at most some megabytes, and milliseconds.
const NFA_BYTES: usize = 2 << 20;
const DFA_BYTES: usize = 1 << 20;
/// At one place of a registrable domain.
pub(super) const MOST_CHARACTERS: usize = 10;

const MAX_NODES: usize = 30_000;

type Dfa = dense::DFA<Vec<u32>>;

/// A place in the expression and in the grammar at once.
pub(super) struct Node {
    dfa: StateID,
    pub(super) state: State,
    /// From where it was first reached; in as few steps as any other way.
    previous: Option<(usize, u8)>,
    /// What an origin that begins here is.
    pub(super) origin: Option<Origin>,
    /// Whether an origin goes on to its beginning from here.
    pub(super) is_alive: bool,
    /// The part of `bytes` and `to` that is its own.
    steps: Range<usize>,
}

pub(super) struct Product<'a> {
    dfa: Dfa,
    suffixes: &'a Suffixes,
    addresses: Addresses,
    ids: HashMap<(StateID, State), usize>,
    /// In the order of the length of the shortest text that leads there.
    pub(super) nodes: Vec<Node>,
    /// Which byte leads where, node by node.
    bytes: Vec<u8>,
    to: Vec<u32>,
    /// From each node to those directly before it, sorted.
    edges: Vec<(u32, u32)>,
}

impl<'a> Product<'a> {
    pub(super) fn new(hir: &Hir, suffixes: &'a Suffixes) -> Result<Self, Undecided> {
        let dfa = reverse_dfa(hir)?;
        let start = dfa
            .start_state(&start::Config::new().anchored(Anchored::Yes))
            .map_err(|_| Undecided)?;
        let mut this = Self {
            dfa,
            suffixes,
            addresses: Addresses::default(),
            ids: HashMap::new(),
            nodes: Vec::new(),
            bytes: Vec::new(),
            to: Vec::new(),
            edges: Vec::new(),
        };
        for state in State::STARTS {
            this.reach(start, state, None)?;
        }
        let mut at = 0;
        while at < this.nodes.len() {
            this.explore(at)?;
            at += 1;
        }
        this.edges.sort_unstable();
        let alive = this.leading_to(|_| true);
        this.nodes.iter_mut().zip(alive).for_each(|(node, is_alive)| node.is_alive = is_alive);
        Ok(this)
    }

    /// Reaches all that one more byte leads to.
    fn explore(&mut self, at: usize) -> Result<(), Undecided> {
        let state = self.nodes[at].state;
        let first = self.to.len();
        let mut last = None;
        for &byte in state.bytes() {
            let Some(next) = self.step(at, byte) else { continue };
            // Neighbours among the bytes mostly lead to the same place.
            let to = match last {
                Some((known, to)) if known == next => to,
                _ => {
                    let to = self.reach(next.0, next.1, Some((at, byte)))? as u32;
                    self.edges.push((to, at as u32));
                    to
                }
            };
            last = Some((next, to));
            self.bytes.push(byte);
            self.to.push(to);
        }
        self.nodes[at].steps = first..self.to.len();
        Ok(())
    }

    fn reach(
        &mut self,
        dfa: StateID,
        state: State,
        previous: Option<(usize, u8)>,
    ) -> Result<usize, Undecided> {
        if let Some(&known) = self.ids.get(&(dfa, state)) {
            return Ok(known);
        }
        if self.nodes.len() == MAX_NODES {
            return Err(Undecided);
        }
        let is_match = self.dfa.is_match_state(self.dfa.next_eoi_state(dfa));
        let origin = state.origin().filter(|_| is_match);
        self.ids.insert((dfa, state), self.nodes.len());
        self.nodes.push(Node { dfa, state, previous, origin, is_alive: false, steps: 0..0 });
        Ok(self.nodes.len() - 1)
    }

    fn step(&self, at: usize, byte: u8) -> Option<(StateID, State)> {
        let node = &self.nodes[at];
        let dfa = self.dfa.next_state(node.dfa, byte);
        if self.dfa.is_dead_state(dfa) || self.dfa.is_quit_state(dfa) {
            return None;
        }
        let state = node.state.step(self.suffixes, byte)?;
        self.addresses.may_match(&self.dfa, dfa, state).then_some((dfa, state))
    }

    /// Which nodes lead to an origin that is meant.
    fn leading_to(&self, is_meant: impl Fn(Origin) -> bool) -> Vec<bool> {
        let is_end = |node: &Node| node.origin.is_some_and(&is_meant);
        let mut leads: Vec<bool> = self.nodes.iter().map(is_end).collect();
        let mut found: Vec<usize> = (0..leads.len()).filter(|at| leads[*at]).collect();
        while let Some(at) = found.pop() {
            let first = self.edges.partition_point(|(to, _)| (*to as usize) < at);
            for (_, from) in self.edges[first..].iter().take_while(|(to, _)| *to as usize == at) {
                let from = *from as usize;
                if !std::mem::replace(&mut leads[from], true) {
                    found.push(from);
                }
            }
        }
        leads
    }

    /// Where one more byte leads, if an origin goes on from there; the first part tells what the
    /// expression makes of the byte, whatever the grammar does.
    pub(super) fn next(&self, at: usize, byte: u8) -> Option<(StateID, usize)> {
        let steps = self.nodes[at].steps.clone();
        let found = self.bytes[steps.clone()].iter().position(|known| *known == byte)?;
        let to = self.to[steps.start + found] as usize;
        let node = &self.nodes[to];
        node.is_alive.then_some((node.dfa, to))
    }

    /// The text that leads to a node by the shortest way.
    pub(super) fn text(&self, mut at: usize) -> String {
        let mut text = String::new();
        while let Some((previous, byte)) = self.nodes[at].previous {
            text.push(char::from(byte));
            at = previous;
        }
        text
    }

    /// The shortest origin of those that are meant.
    pub(super) fn shortest(&self, is_meant: impl Fn(Origin) -> bool) -> Option<String> {
        let is_meant = |node: &Node| node.origin.is_some_and(&is_meant);
        self.nodes.iter().position(is_meant).map(|at| self.text(at))
    }

    /// The shortest such origin that has, in its deciding part, one of many characters that may stand
    /// at its place; so that it is hardly the one that the expression was written for.
    pub(super) fn shortest_of_strangers(
        &self,
        is_meant: impl Fn(Origin) -> bool,
    ) -> Option<String> {
        let leads = self.leading_to(&is_meant);
        // By node, before and behind such a place: from where it was first reached.
        let mut previous: [Vec<Option<(usize, u8, bool)>>; 2] =
            [vec![None; self.nodes.len()], vec![None; self.nodes.len()]];
        let starts = (0..self.nodes.len()).filter(|at| self.nodes[*at].previous.is_none());
        let mut found: Vec<(usize, bool)> = starts.map(|at| (at, false)).collect();
        let mut next = 0;
        while let Some(&(at, is_behind)) = found.get(next) {
            next += 1;
            if is_behind && self.nodes[at].origin.is_some_and(&is_meant) {
                return Some(spelled(&previous, at));
            }
            let steps: Vec<(u8, StateID, usize)> = self.steps(at, &leads);
            for &(byte, dfa, to) in &steps {
                let is_wide = !is_behind
                    && self.nodes[at].state.is_deciding()
                    && self.nodes[to].state.is_deciding()
                    && steps.iter().filter(|(_, other, _)| *other == dfa).count() > MOST_CHARACTERS;
                let known = &mut previous[usize::from(is_behind || is_wide)][to];
                if known.is_none() && self.nodes[to].previous.is_some() {
                    *known = Some((at, byte, is_behind));
                    found.push((to, is_behind || is_wide));
                }
            }
        }
        None
    }

    fn steps(&self, at: usize, leads: &[bool]) -> Vec<(u8, StateID, usize)> {
        let steps = self.nodes[at].steps.clone().map(|step| {
            let to = self.to[step] as usize;
            (self.bytes[step], self.nodes[to].dfa, to)
        });
        steps.filter(|(_, _, to)| leads[*to]).collect()
    }
}

/// How a place was reached: from where, by which byte, and on which side.
type Step = Option<(usize, u8, bool)>;

fn spelled(previous: &[Vec<Step>; 2], at: usize) -> String {
    let mut text = String::new();
    let (mut at, mut is_behind) = (at, true);
    while let Some((from, byte, was_behind)) = previous[usize::from(is_behind)][at] {
        text.push(char::from(byte));
        (at, is_behind) = (from, was_behind);
    }
    text
}

fn reverse_dfa(hir: &Hir) -> Result<Dfa, Undecided> {
    let anchored = Hir::concat(vec![Hir::look(Look::Start), hir.clone(), Hir::look(Look::End)]);
    let config = thompson::Config::new()
        .reverse(true)
        .utf8(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(NFA_BYTES));
    let nfa = thompson::Compiler::new()
        .configure(config)
        .build_from_hir(&anchored)
        .map_err(|_| Undecided)?;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .accelerate(false)
        .dfa_size_limit(Some(DFA_BYTES))
        .determinize_size_limit(Some(DFA_BYTES));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(|_| Undecided)
}
