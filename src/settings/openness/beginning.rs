//! The text before the deciding part of a host: subdomains and the scheme.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet, VecDeque},
    rc::Rc,
};

use super::{host_end::SCHEMES, reach::Unreached};
use crate::policy::origin::automaton::{Automaton, DEAD, State};

/// The ways from a state to the start of an origin, and the least number of bytes.
pub(super) struct Beginnings<'t> {
    automaton: &'t Automaton,
    web: [Web; 2],
    apps: RefCell<HashMap<State, Rc<Apps>>>,
    /// The remaining budget, in steps.
    budget: Cell<usize>,
}

/// By state, in an origin of `http` or of `https`.
struct Web {
    slash: Vec<u32>,
    in_label: Vec<u32>,
    behind_dot: Vec<u32>,
}

/// The shortest schemes, from their last letter.
#[derive(Default)]
pub(super) struct Apps {
    /// Of an extension or an app.
    pub(super) app: Option<Vec<u8>>,
    /// `ws`, `wss` or `ftp`: well-formed, and never sent.
    pub(super) other: Option<Vec<u8>>,
}

/// For some tens of milliseconds.
const BUDGET: usize = 2_000_000;

const NEVER: u32 = u32::MAX;
/// Bytes that make readable examples come first.
pub(super) const LABEL: &[u8] = b"xabcdefghijklmnopqrstuvwyz0123456789-_";

impl<'t> Beginnings<'t> {
    pub(super) fn new(automaton: &'t Automaton) -> Self {
        let before = Before::new(automaton);
        let web = SCHEMES.map(|scheme| Web::new(automaton, &before, scheme));
        Self { automaton, web, apps: RefCell::default(), budget: Cell::new(BUDGET) }
    }

    /// Bounds the work for a hostile expression.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Unreached> {
        let left = self.budget.get().checked_sub(steps).ok_or(Unreached::Undecided)?;
        self.budget.set(left);
        Ok(())
    }

    /// The least number of bytes from a state, through the byte that ends the deciding part.
    pub(super) fn cost(&self, state: State, byte: u8, scheme: usize) -> Option<u32> {
        let Web { slash, in_label, behind_dot } = &self.web[scheme];
        let next = self.automaton.step(state, byte) as usize;
        let cost = match byte {
            b'/' => slash[state as usize],
            b'[' => slash[next].saturating_add(1),
            b'.' => behind_dot[next].saturating_add(1),
            _ => in_label[next].saturating_add(1),
        };
        (cost != NEVER).then_some(cost)
    }

    /// The bytes that `cost` counts.
    pub(super) fn text(&self, mut state: State, byte: u8, scheme: usize) -> Vec<u8> {
        let Web { slash, in_label, behind_dot } = &self.web[scheme];
        let mut text = Vec::new();
        if byte != b'/' {
            text.push(byte);
            state = self.automaton.step(state, byte);
        }
        // Each step costs one byte less, until the slash is the shortest.
        let mut costs = if byte == b'.' { behind_dot } else { in_label };
        while !std::ptr::eq(costs, in_label) || in_label[state as usize] != slash[state as usize] {
            let here = costs[state as usize];
            let leads = |byte: &u8| {
                in_label[self.automaton.step(state, *byte) as usize].checked_add(1) == Some(here)
            };
            let label = LABEL.iter().copied().find(leads);
            costs = if label.is_some() { in_label } else { behind_dot };
            text.push(label.unwrap_or(b'.'));
            state = self.automaton.step(state, label.unwrap_or(b'.'));
        }
        text.extend(b"//:");
        text.extend(SCHEMES[scheme].bytes().rev());
        text
    }

    /// Finds schemes of extensions and apps from the slash before a host.
    ///
    /// As far as `find_apps` found them.
    pub(super) fn apps(&self, state: State) -> Rc<Apps> {
        let state = self.automaton.read(state, *b"//:");
        self.apps.borrow().get(&state).cloned().unwrap_or_default()
    }

    pub(super) fn find_apps(&self, state: State) -> Result<(), Unreached> {
        let state = self.automaton.read(state, *b"//:");
        if !self.apps.borrow().contains_key(&state) {
            let found = Rc::new(self.shortest_apps(state)?);
            self.apps.borrow_mut().insert(state, found);
        }
        Ok(())
    }

    fn shortest_apps(&self, start: State) -> Result<Apps, Unreached> {
        let (automaton, mut this) = (self.automaton, Apps::default());
        // Two texts that lead to one state are the same but for those that may be a word.
        let key = |state: State, text: &[u8]| {
            let is_word_end = |word: &&&[u8]| word.iter().rev().take(text.len()).eq(text);
            let is_word = OTHERS.iter().chain(&NONE).find(is_word_end).is_some();
            (state, is_word.then(|| text.to_vec()))
        };
        let mut seen = HashSet::from([key(start, b"")]);
        let mut open = VecDeque::from([(start, Vec::new())]);
        while let Some((state, text)) = open.pop_front() {
            if text.last().is_some_and(u8::is_ascii_lowercase) && automaton.is_match(state) {
                let is_in = |words: &[&[u8]]| words.iter().any(|word| word.iter().rev().eq(&text));
                match (is_in(&OTHERS), is_in(&NONE)) {
                    (true, _) => this.other = this.other.or_else(|| Some(text.clone())),
                    (false, true) => {}
                    (false, false) => {
                        this.app = Some(text);
                        return Ok(this);
                    }
                }
            }
            // Each takes about ten times as long as other steps.
            self.spend(400)?;
            for &byte in b"xabcdefghijklmnopqrstuvwyz0123456789+.-" {
                let next = automaton.step(state, byte);
                let text = [&text[..], &[byte]].concat();
                if next != DEAD && seen.insert(key(next, &text)) {
                    open.push_back((next, text));
                }
            }
        }
        Ok(this)
    }
}

/// The states from which one byte leads to a state.
struct Before {
    by_label: Vec<Vec<State>>,
    by_dot: Vec<Vec<State>>,
}

impl Before {
    fn new(automaton: &Automaton) -> Self {
        let mut by_label = vec![Vec::new(); automaton.len()];
        let mut by_dot = vec![Vec::new(); automaton.len()];
        let classes: HashSet<usize> = LABEL.iter().map(|byte| automaton.class(*byte)).collect();
        for state in 0..automaton.len() as State {
            for &class in &classes {
                by_label[automaton.step_class(state, class) as usize].push(state);
            }
            by_dot[automaton.step(state, b'.') as usize].push(state);
        }
        Self { by_label, by_dot }
    }
}

impl Web {
    fn new(automaton: &Automaton, before: &Before, scheme: &str) -> Self {
        let is_start = |state: State| {
            let text = b"//:".iter().copied().chain(scheme.bytes().rev());
            automaton.is_match(automaton.read(state, text))
        };
        let length = scheme.len() as u32 + 3;
        let states = 0..automaton.len() as State;
        let slash: Vec<u32> =
            states.map(|state| if is_start(state) { length } else { NEVER }).collect();
        let mut in_label = slash.clone();
        let mut behind_dot = vec![NEVER; automaton.len()];
        let starts = (0..automaton.len()).filter(|state| slash[*state] != NEVER);
        let mut open: VecDeque<(usize, bool)> = starts.map(|state| (state, true)).collect();
        while let Some((state, is_in_label)) = open.pop_front() {
            let mut reach = |of: &mut Vec<u32>, from: State, cost: u32, is_in_label: bool| {
                if of[from as usize] == NEVER {
                    of[from as usize] = cost;
                    open.push_back((from as usize, is_in_label));
                }
            };
            if is_in_label {
                let cost = in_label[state] + 1;
                for &from in &before.by_label[state] {
                    reach(&mut in_label, from, cost, true);
                    reach(&mut behind_dot, from, cost, false);
                }
            } else {
                let cost = behind_dot[state] + 1;
                for &from in &before.by_dot[state] {
                    reach(&mut in_label, from, cost, true);
                }
            }
        }
        Self { slash, in_label, behind_dot }
    }
}

const OTHERS: [&[u8]; 3] = [b"ws", b"wss", b"ftp"];
const NONE: [&[u8]; 3] = [b"http", b"https", b"file"];
