//! Whether an expression reaches a small closed set of registrable domains, without listing them.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt};
use regex_automata::util::primitives::StateID;

use super::{
    automaton::{MOST_CHARACTERS, Product},
    grammar::{State, Whose},
    reach::Undecided,
};

/// The measure of a small closed set: so many domains, and at one place so many characters.
const MOST_DOMAINS: usize = 100;

const MAX_NODES: usize = 30_000;

/// The deciding parts of the origins that an expression matches: from the end of the host to the start of
/// the registrable domain, whatever the port and the subdomain.
///
/// A host may be read from several places, one for each way to write the port. A node is the set of
/// all of them, so that each part is exactly one path.
pub(super) struct Parts {
    nodes: Vec<Node>,
}

/// Where each byte leads, in groups of bytes between which the expression makes no difference.
type Node = Vec<Vec<Next>>;

#[derive(Clone, Copy)]
enum Next {
    Node(u32),
    /// The part is whole.
    End(Whose),
}

impl Parts {
    pub(super) fn new(product: &Product<'_>) -> Result<Self, Undecided> {
        let starts = |is_start: fn(State) -> bool| {
            let is_start =
                |at: &usize| product.nodes[*at].is_alive && is_start(product.nodes[*at].state);
            (0..product.nodes.len()).filter(is_start).collect()
        };
        let mut sets = Sets::default();
        sets.id(starts(|state| matches!(state, State::HostEnd { .. })));
        sets.id(starts(|state| state == State::APP_HOST_END));
        let mut nodes = Vec::new();
        while let Some(set) = sets.all.get(nodes.len()).cloned() {
            if nodes.len() == MAX_NODES {
                return Err(Undecided);
            }
            let mut groups: HashMap<Vec<StateID>, Vec<Next>> = HashMap::new();
            let bytes = set.first().map_or(&[][..], |at| product.nodes[*at].state.bytes());
            for &byte in bytes {
                let next = set.iter().filter_map(|at| product.next(*at, byte));
                let (states, mut next): (Vec<StateID>, Vec<usize>) = next.unzip();
                let next = match next.first().map(|at| product.nodes[*at].state) {
                    // The trailing dot is among the starts.
                    None | Some(State::HostEnd { .. }) => continue,
                    Some(state) => match state.decided() {
                        Some(whose) => Next::End(whose),
                        None => {
                            next.sort_unstable();
                            next.dedup();
                            Next::Node(sets.id(next))
                        }
                    },
                };
                groups.entry(states).or_default().push(next);
            }
            nodes.push(groups.into_values().collect());
        }
        Ok(Self { nodes })
    }

    /// Whether the parts that decide `whose` are infinitely many, more than a hundred, or have a place
    /// where more than ten characters may stand.
    pub(super) fn are_open(&self, whose: Whose) -> bool {
        let leads = self.nodes_that_lead_to(whose);
        let is_meant = |next: &&Next| match next {
            Next::Node(to) => leads[*to as usize],
            Next::End(end) => *end == whose,
        };
        let mut waits: Vec<usize> = Vec::new();
        let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            if node.iter().any(|group| group.iter().filter(is_meant).count() > MOST_CHARACTERS) {
                return true;
            }
            let next = node.iter().flatten().filter(is_meant);
            let nodes = next.filter_map(|next| match next {
                Next::Node(to) => Some(*to as usize),
                Next::End(_) => None,
            });
            waits.push(nodes.map(|to| waiting[to].push(at as u32)).count());
        }
        // Counted from the ends on, each node when all that it leads to are. A cycle never is.
        let mut ready: Vec<usize> =
            (0..self.nodes.len()).filter(|at| leads[*at] && waits[*at] == 0).collect();
        let mut counted = ready.len();
        let mut totals = vec![0_usize; self.nodes.len()];
        while let Some(at) = ready.pop() {
            totals[at] += usize::from(is_end(&self.nodes[at], whose));
            if totals[at] > MOST_DOMAINS {
                return true;
            }
            for &before in &waiting[at] {
                let before = before as usize;
                totals[before] += totals[at];
                waits[before] -= 1;
                if waits[before] == 0 {
                    ready.push(before);
                    counted += 1;
                }
            }
        }
        counted < leads.iter().filter(|leads| **leads).count()
    }

    fn nodes_that_lead_to(&self, whose: Whose) -> Vec<bool> {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            for next in node.iter().flatten() {
                if let Next::Node(to) = next {
                    before[*to as usize].push(at as u32);
                }
            }
        }
        let mut leads: Vec<bool> = self.nodes.iter().map(|node| is_end(node, whose)).collect();
        let mut found: Vec<usize> = (0..leads.len()).filter(|at| leads[*at]).collect();
        while let Some(at) = found.pop() {
            for &from in &before[at] {
                if !std::mem::replace(&mut leads[from as usize], true) {
                    found.push(from as usize);
                }
            }
        }
        leads
    }
}

/// Whether a part is whole here, whether a dot or a slash stands before it.
fn is_end(node: &Node, whose: Whose) -> bool {
    node.iter().flatten().any(|next| matches!(next, Next::End(end) if *end == whose))
}

/// Sets of nodes of the product, numbered as they are met.
#[derive(Default)]
struct Sets {
    ids: HashMap<Vec<usize>, u32>,
    all: Vec<Vec<usize>>,
}

impl Sets {
    fn id(&mut self, set: Vec<usize>) -> u32 {
        match self.ids.entry(set) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.all.push(new.key().clone());
                *new.insert((self.all.len() - 1) as u32)
            }
        }
    }
}
