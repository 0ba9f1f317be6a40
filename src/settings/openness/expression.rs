//! Expressions: decided on the automaton.

use regex_syntax::hir::Hir;

use super::{
    automaton::Product,
    grammar::{Origin, Whose},
    measure::Parts,
    reach::{Reach, Undecided, is_well_formed},
};
use crate::settings::suffixes::{Place, Suffixes};

/// Judges an expression of the common language.
///
/// `matches` is how requests will be matched: no example is given that it does not match.
pub(crate) fn of_regex(
    hir: &Hir,
    matches: &dyn Fn(&str) -> bool,
    suffixes: &Suffixes,
) -> Result<Reach, Undecided> {
    let null = matches("null");
    let file = matches("file://");
    let product = Product::new(hir, suffixes)?;
    let parts = Parts::new(&product)?;
    let shortest = |is_meant: &dyn Fn(Origin) -> bool| {
        let is_matched = |origin: &String| is_well_formed(origin) && matches(origin);
        product.shortest(is_meant).filter(is_matched)
    };
    let open = |whose: Whose, is_meant: &dyn Fn(Origin) -> bool| {
        let is_matched = |origin: &String| is_well_formed(origin) && matches(origin);
        let of_stranger = || product.shortest_of_strangers(is_meant).filter(is_matched);
        parts.are_open(whose).then(|| of_stranger().or_else(|| shortest(is_meant))).flatten()
    };
    let is_at = |meant| move |origin| matches!(origin, Origin::Web { place, .. } if place == meant);
    let is_insecure =
        |origin| matches!(origin, Origin::Web { secure: false, place } if place != Place::Loopback);
    let own = shortest(&|_| true);
    Ok(Reach {
        shortest: own
            .or_else(|| null.then(|| "null".into()))
            .or_else(|| file.then(|| "file://".into())),
        obtainable: open(Whose::Web(Place::Public), &is_at(Place::Public)),
        unregistrable_open: open(Whose::Web(Place::Private), &is_at(Place::Private)),
        insecure: shortest(&is_insecure),
        extension_scheme: open(Whose::App, &|origin| origin == Origin::App),
        null,
        file,
    })
}
