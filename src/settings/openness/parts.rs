//! The deciding parts of the hosts that an expression matches, as a graph: each part is one path.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::{
    beginning::Beginnings,
    groups::Groups,
    host_end::{HTTP_OR_HTTPS, HostEnd, SCHEMES, host_ends},
    part::{Owner, Part, Step},
    reach::Unreached,
    sets::{Element, NONE, Sets},
};
use crate::policy::origin::automaton::Automaton;

const MAX_NODES: usize = 30_000;

pub(super) struct Parts<'e> {
    expression: &'e Expression<'e>,
    sets: Sets<'e>,
    pub(super) nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// The parts of an expression that do not depend on the host.
pub(super) struct Expression<'t> {
    automaton: &'t Automaton,
    groups: Groups,
    ends: Vec<HostEnd>,
    beginnings: Beginnings<'t>,
}

impl<'t> Expression<'t> {
    pub(super) fn new(automaton: &'t Automaton) -> Self {
        let groups = Groups::new(automaton);
        Self {
            automaton,
            groups,
            ends: host_ends(automaton),
            beginnings: Beginnings::new(automaton),
        }
    }
}

/// A place in the deciding part, and in the expression.
pub(super) struct Node {
    part: Part,
    set: u32,
    edges: Range<u32>,
}

/// Bytes that neither the grammar nor the expression distinguishes.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) byte: u8,
    pub(super) count: u8,
    /// The number of the set in the expression after these bytes.
    pub(super) set: u32,
    pub(super) next: Next,
}

#[derive(Clone, Copy)]
pub(super) enum Next {
    Node(u32),
    /// The part is complete.
    End(Owner),
}

impl<'e> Parts<'e> {
    /// The first node is before a host end.
    pub(super) fn new(expression: &'e Expression<'e>, first: Part) -> Result<Self, Unreached> {
        let Expression { automaton, ends, .. } = expression;
        let element = |(end, HostEnd { state, schemes, .. }): (usize, &HostEnd)| Element {
            state: *state,
            schemes: *schemes,
            end: end as u16,
        };
        let mut starts: Vec<Element> = ends.iter().enumerate().map(element).collect();
        if first == Part::NAME {
            let dot =
                |start: &Element| Element { state: automaton.step(start.state, b'.'), ..*start };
            let dots: Vec<Element> = starts.iter().map(dot).collect();
            starts.extend(dots);
        }
        let mut this =
            Self { expression, sets: Sets::new(automaton), nodes: Vec::new(), edges: Vec::new() };
        let mut ids = HashMap::new();
        let set = this.sets.id(starts);
        this.reach(&mut ids, first, set)?;
        let mut at = 0;
        while at < this.nodes.len() {
            this.explore(&mut ids, at)?;
            at += 1;
        }
        Ok(this)
    }

    fn reach(
        &mut self,
        ids: &mut HashMap<(Part, u32), u32>,
        part: Part,
        set: u32,
    ) -> Result<u32, Unreached> {
        if let Some(known) = ids.get(&(part, set)) {
            return Ok(*known);
        }
        if self.nodes.len() == MAX_NODES {
            return Err(Unreached::Undecided);
        }
        let id = self.nodes.len() as u32;
        ids.insert((part, set), id);
        self.nodes.push(Node { part, set, edges: 0..0 });
        Ok(id)
    }

    fn explore(&mut self, ids: &mut HashMap<(Part, u32), u32>, at: usize) -> Result<(), Unreached> {
        let Node { part, set, .. } = self.nodes[at];
        let first = self.edges.len();
        let special = part.special_bytes();
        for group in self.expression.groups.of(part) {
            let rest = group.mask & !special;
            let mut is_added = false;
            for &byte in &group.bytes {
                // The first byte of a group represents all bytes with the same result.
                if rest & 1 << byte == 0 {
                    self.add(ids, part, set, byte, 1)?;
                } else if !std::mem::replace(&mut is_added, true) {
                    self.add(ids, part, set, byte, rest.count_ones() as u8)?;
                    if rest == group.mask {
                        break;
                    }
                }
            }
        }
        self.nodes[at].edges = first as u32..self.edges.len() as u32;
        Ok(())
    }

    fn add(
        &mut self,
        ids: &mut HashMap<(Part, u32), u32>,
        part: Part,
        from: u32,
        byte: u8,
        count: u8,
    ) -> Result<(), Unreached> {
        let set = self.sets.step(from, self.expression.automaton.class(byte))?;
        if set == NONE {
            return Ok(());
        }
        let edge = |next| Edge { byte, count, set, next };
        match part.step(byte) {
            None => {}
            Some(Step::Part(next)) => {
                let next = self.reach(ids, next, set)?;
                self.edges.push(edge(Next::Node(next)));
            }
            Some(Step::Web(place)) => self.end(from, edge(Next::End(Owner::Web(place))))?,
            // Both may come before the same host.
            Some(Step::AppHost) => {
                self.end(from, edge(Next::End(Owner::App)))?;
                self.end(from, edge(Next::End(Owner::Other)))?;
            }
        }
        Ok(())
    }

    /// Adds an edge at the end of a part, if an origin can continue from there.
    fn end(&mut self, from: u32, edge: Edge) -> Result<(), Unreached> {
        let Next::End(owner) = edge.next else { return Ok(()) };
        let Expression { beginnings, .. } = self.expression;
        let elements = self.sets.elements(from);
        beginnings.spend(elements.len())?;
        if !matches!(owner, Owner::Web(_)) {
            elements.iter().try_for_each(|element| beginnings.find_apps(element.state))?;
        }
        if self.shortest(from, edge.byte, owner, HTTP_OR_HTTPS).is_some() {
            self.edges.push(edge);
        }
        Ok(())
    }

    pub(super) fn edges(&self, node: usize) -> &[Edge] {
        let Range { start, end } = self.nodes[node].edges;
        &self.edges[start as usize..end as usize]
    }

    /// The shortest rest of an origin around a part that ends before `byte`, and its length.
    fn shortest(
        &self,
        set: u32,
        byte: u8,
        owner: Owner,
        schemes: u8,
    ) -> Option<(usize, Element, usize)> {
        let Expression { ends, beginnings, .. } = self.expression;
        let ways = self.sets.elements(set).iter().flat_map(|element| {
            let schemes = 0..SCHEMES.len();
            schemes.map(move |scheme| (*element, scheme))
        });
        let lengths = ways.filter_map(|(element, scheme)| {
            let before = match owner {
                Owner::Web(_) => {
                    let is_asked = element.schemes & schemes & 1 << scheme != 0;
                    is_asked.then(|| beginnings.cost(element.state, byte, scheme))?? as usize
                }
                Owner::App => beginnings.apps(element.state).app.as_ref()?.len() + 3,
                Owner::Other => beginnings.apps(element.state).other.as_ref()?.len() + 3,
            };
            let end = &ends[usize::from(element.end)];
            Some((before + end.text.len(), element, scheme))
        });
        lengths.min()
    }

    /// The length of the shortest origin whose part ends at `edge`, without the part.
    pub(super) fn around(&self, node: usize, edge: &Edge, schemes: u8) -> Option<usize> {
        let Next::End(owner) = edge.next else { return None };
        self.shortest(self.nodes[node].set, edge.byte, owner, schemes).map(|(length, ..)| length)
    }

    /// That origin. `part` is its part, from the end.
    pub(super) fn origin(
        &self,
        node: usize,
        edge: &Edge,
        schemes: u8,
        part: &[u8],
    ) -> Option<String> {
        let Next::End(owner) = edge.next else { return None };
        let (_, element, scheme) =
            self.shortest(self.nodes[node].set, edge.byte, owner, schemes)?;
        let Expression { automaton, ends, beginnings, .. } = self.expression;
        let HostEnd { state, text, .. } = &ends[usize::from(element.end)];
        let is_element = |start| automaton.read(start, part.iter().copied()) == element.state;
        let mut origin = text.clone();
        if !is_element(*state) {
            origin.push(b'.');
        }
        origin.extend(part);
        match owner {
            Owner::Web(_) => origin.extend(beginnings.text(element.state, edge.byte, scheme)),
            Owner::App | Owner::Other => {
                let apps = beginnings.apps(element.state);
                let scheme = if owner == Owner::App { &apps.app } else { &apps.other };
                origin.extend(b"//:");
                origin.extend(scheme.as_ref()?);
            }
        }
        origin.reverse();
        String::from_utf8(origin).ok()
    }
}
