//! Checks expressions on their automaton.

use super::{
    host_end::{HTTP, HTTP_OR_HTTPS},
    measure::MOST_DOMAINS,
    part::{Owner, Part},
    parts::{Expression, Parts},
    reach::{Reach, Unreached, is_well_formed},
};
use crate::{policy::origin::automaton::Automaton, settings::place::Place};

/// Checks the automaton that matches requests. It matches every example in a text.
pub(crate) fn of_regex(automaton: &Automaton) -> Result<Reach, Unreached> {
    let expression = Expression::new(automaton);
    let matches = |origin: &str| automaton.matches(origin.as_bytes());
    let is_matched = |origin: &String| is_well_formed(origin) && matches(origin);
    let shortest = |all: &[&Parts<'_>], find: &dyn Fn(&Parts<'_>) -> Option<String>| {
        all.iter().filter_map(|parts| find(parts)).filter(is_matched).min_by_key(String::len)
    };
    let open = |all: &[&Parts<'_>], owner: Owner| {
        let count: Option<usize> = all.iter().map(|parts| parts.count(owner)).sum();
        let is_closed = count.is_some_and(|count| count <= MOST_DOMAINS);
        let of_stranger = || shortest(all, &|parts| parts.shortest_of_strangers(owner));
        let any = || shortest(all, &|parts| parts.shortest_of(owner, HTTP_OR_HTTPS));
        if is_closed { None } else { of_stranger().or_else(any) }
    };
    const PUBLIC: Owner = Owner::Web(Place::Public);
    let names = Parts::new(&expression, Part::NAME)?;
    // Names show most open expressions, and there are many addresses.
    if let Some(example) = open(&[&names], PUBLIC) {
        return Ok(Reach::Obtainable(example));
    }
    let web = &[&names, &Parts::new(&expression, Part::Address)?];
    if let Some(example) = open(web, PUBLIC) {
        return Ok(Reach::Obtainable(example));
    }
    if matches("null") {
        return Ok(Reach::Null);
    }
    let apps = &[&Parts::new(&expression, Part::APP)?];
    if matches("file://") || open(apps, Owner::App).is_some() {
        return Ok(Reach::LocalPages);
    }
    if let Some(example) = open(web, Owner::Web(Place::Private)) {
        return Ok(Reach::OpenNetwork(example));
    }
    let reaches = |place, schemes| {
        shortest(web, &|parts| parts.shortest_of(Owner::Web(place), schemes)).is_some()
    };
    let others = [Place::Public, Place::Private, Place::Suffix];
    if others.into_iter().any(|place| reaches(place, HTTP)) {
        return Ok(Reach::Insecure);
    }
    let is_anything =
        [Place::Loopback].iter().chain(&others).any(|place| reaches(*place, HTTP_OR_HTTPS))
            || [Owner::App, Owner::Other].into_iter().any(|owner| {
                shortest(apps, &|parts| parts.shortest_of(owner, HTTP_OR_HTTPS)).is_some()
            });
    if is_anything { Ok(Reach::Closed) } else { Err(Unreached::Nothing) }
}
