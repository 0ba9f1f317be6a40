//! Whether parts are a small closed set, without listing them, and the shortest example if they are
//! not.

use std::collections::VecDeque;

use super::{
    host_end::HTTP_OR_HTTPS,
    part::Owner,
    parts::{Edge, Next, Parts},
};

/// The limits of a small closed set: the number of domains, and of characters at one place.
pub(super) const MOST_DOMAINS: usize = 100;
const MOST_CHARACTERS: usize = 10;

impl Parts<'_> {
    /// The number of parts that belong to an owner. `None` if there are infinitely many, more than
    /// a hundred, or more than ten possible characters at one place.
    pub(super) fn count(&self, owner: Owner) -> Option<usize> {
        let leads = self.leads_to(owner);
        let mut waits = vec![0; self.nodes.len()];
        let mut before: Vec<Vec<(u32, u8)>> = vec![Vec::new(); self.nodes.len()];
        for at in (0..self.nodes.len()).filter(|at| leads[*at]) {
            let edges = self.edges(at);
            if edges.iter().any(|edge| is_wide(edges, edge, owner, &leads)) {
                return None;
            }
            for edge in edges {
                match edge.next {
                    Next::Node(to) if leads[to as usize] => {
                        before[to as usize].push((at as u32, edge.count));
                        waits[at] += 1;
                    }
                    _ => {}
                }
            }
        }
        // Counts from the ends. A node is counted after all nodes that it leads to, so a cycle is
        // never counted.
        let nodes = leads.iter().filter(|leads| **leads).count();
        let mut ready: Vec<usize> =
            (0..leads.len()).filter(|at| leads[*at] && waits[*at] == 0).collect();
        let mut totals = vec![0_usize; leads.len()];
        let mut counted = 0;
        while let Some(at) = ready.pop() {
            counted += 1;
            totals[at] += usize::from(self.edges(at).iter().any(|edge| is_end(edge, owner)));
            if totals[at] > MOST_DOMAINS {
                return None;
            }
            for &(from, count) in &before[at] {
                let from = from as usize;
                totals[from] += usize::from(count) * totals[at];
                waits[from] -= 1;
                if waits[from] == 0 {
                    ready.push(from);
                }
            }
        }
        (counted == nodes).then(|| totals[0])
    }

    fn leads_to(&self, owner: Owner) -> Vec<bool> {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        let mut leads = vec![false; self.nodes.len()];
        let mut found = Vec::new();
        for (at, leads) in leads.iter_mut().enumerate() {
            for edge in self.edges(at) {
                if let Next::Node(to) = edge.next {
                    before[to as usize].push(at as u32);
                }
                *leads |= is_end(edge, owner);
            }
            found.extend(leads.then_some(at));
        }
        while let Some(at) = found.pop() {
            for &from in &before[at] {
                if !std::mem::replace(&mut leads[from as usize], true) {
                    found.push(from as usize);
                }
            }
        }
        leads
    }

    /// The shortest origin of an owner.
    pub(super) fn shortest_of(&self, owner: Owner, schemes: u8) -> Option<String> {
        self.find(owner, schemes, false)
    }

    /// The shortest origin with a character, in its part, at a place with many possible characters.
    /// So it is probably not the origin that the expression was written for.
    pub(super) fn shortest_of_strangers(&self, owner: Owner) -> Option<String> {
        self.find(owner, HTTP_OR_HTTPS, true)
    }

    fn find(&self, owner: Owner, schemes: u8, strangers: bool) -> Option<String> {
        let leads = self.leads_to(owner);
        // By node, before and behind a place with many characters: from where it was first reached.
        let mut previous = vec![[None; 2]; self.nodes.len()];
        let mut seen = vec![[false; 2]; self.nodes.len()];
        seen[0][0] = true;
        let mut best: Option<(usize, (usize, usize), Edge)> = None;
        let mut open = VecDeque::from([((0, 0), 0)]);
        while let Some(((at, behind), length)) = open.pop_front() {
            // No way around a part is shorter than `http://`.
            if best.is_some_and(|(best, ..)| length + 7 > best) {
                break;
            }
            let edges = self.edges(at);
            // Dots first: of origins of one length that one is found which ends as it was written.
            let of = |dots: bool| edges.iter().filter(move |edge| (edge.byte == b'.') == dots);
            for edge in of(true).chain(of(false)) {
                match edge.next {
                    Next::End(_) if is_end(edge, owner) && (behind == 1 || !strangers) => {
                        let total = self.around(at, edge, schemes).map(|around| around + length);
                        let is_best = |total: &usize| best.is_none_or(|(best, ..)| *total < best);
                        if let Some(total) = total.filter(is_best) {
                            best = Some((total, (at, behind), *edge));
                        }
                    }
                    Next::Node(to) if leads[to as usize] => {
                        let to = to as usize;
                        // If a dot is at the place, the author most likely meant a dot.
                        let is_wide =
                            strangers && edge.byte != b'.' && is_wide(edges, edge, owner, &leads);
                        let behind_it = behind.max(usize::from(is_wide));
                        if !std::mem::replace(&mut seen[to][behind_it], true) {
                            previous[to][behind_it] = Some(((at, behind), edge.byte));
                            open.push_back(((to, behind_it), length + 1));
                        }
                    }
                    _ => {}
                }
            }
        }
        let (_, (at, behind), edge) = best?;
        let mut part = Vec::new();
        let mut back = (at, behind);
        while let Some((before, byte)) = previous[back.0][back.1] {
            part.push(byte);
            back = before;
        }
        part.reverse();
        self.origin(at, &edge, schemes, &part)
    }
}

/// Whether the expression accepts more than ten characters in the place of `edge`.
fn is_wide(edges: &[Edge], edge: &Edge, owner: Owner, leads: &[bool]) -> bool {
    let is_meant = |other: &&Edge| match other.next {
        Next::Node(to) => other.set == edge.set && leads[to as usize],
        Next::End(_) => other.set == edge.set && is_end(other, owner),
    };
    let count: usize = edges.iter().filter(is_meant).map(|edge| usize::from(edge.count)).sum();
    matches!(edge.next, Next::Node(_)) && count > MOST_CHARACTERS
}

fn is_end(edge: &Edge, owner: Owner) -> bool {
    matches!(edge.next, Next::End(end) if end == owner)
}
