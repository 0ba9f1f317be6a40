//! Turns `allow_methods` and `mirror_methods` into rules.

use super::{
    config::CorsConfig,
    lists::{self, rendered},
    names, nearest,
    standard::{ALL_METHODS, FORBIDDEN_METHODS},
};
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting, Severity},
    policy::rules::Methods,
};

const SETTING: Setting = Setting::AllowMethods;

pub(crate) fn compile(config: &CorsConfig, found: &mut Vec<Diagnostic>) -> Methods {
    let items = lists::items(SETTING, &config.allow_methods, found);
    found.extend(items.iter().filter_map(|method| problem(method)));
    if config.mirror_methods {
        if config.allow_methods != CorsConfig::default().allow_methods {
            found.push(Diagnostic::note(SETTING, Kind::BesideMirror));
        }
        return Methods::Mirrored;
    }
    let listed: Vec<&str> = if items.contains(&"*") {
        // Difference D6: other methods are kept with `*`.
        let mut all = ALL_METHODS.to_vec();
        for method in items {
            if method != "*" && !all.contains(&method) {
                all.push(method);
            }
        }
        all
    } else {
        items
    };
    Methods::Listed {
        value: rendered(listed.join(", ")),
        names: listed.iter().map(|name| name.as_bytes().into()).collect(),
    }
}

/// Why a method can never be sent, or was probably not intended.
pub(crate) fn problem(method: &str) -> Option<Diagnostic> {
    let error = |kind| Diagnostic::error(SETTING, kind).of(method);
    // `|` is a valid character in names, so only known methods show that it separates items.
    let parts = method.split(['/', '|', ':']).map(|part| known(names::bare(part)));
    let items: Option<Vec<_>> = parts.collect();
    if let Some(items) = items.filter(|items| items.len() > 1) {
        return Some(error(Kind::Several).with(Detail::Items(items)));
    }
    if let Some(problem) = names::problem(method) {
        let meant = problem.meant.and_then(corrected);
        // If an item cannot be corrected, the list is not written out.
        let items: Option<Vec<_>> = problem.items.into_iter().map(corrected).collect();
        let items = Detail::Items(items.unwrap_or_default());
        return Some(error(problem.kind).suggest(meant).with(items));
    }
    if let Some(upper) = known(method).filter(|upper| upper != method) {
        return Some(error(Kind::LetterCase).suggest(Some(upper)));
    }
    if FORBIDDEN_METHODS.contains(&method) {
        return Some(Diagnostic::note(SETTING, Kind::ForbiddenMethod).of(method));
    }
    let warning = Diagnostic::warning(SETTING, Kind::ProbableTypo).of(method);
    if names::means_nothing(method) {
        return Some(warning);
    }
    probable(method).map(|meant| warning.suggest(Some(meant.to_owned())))
}

/// The name to write instead, which may be the same. `None` if there are several names.
fn corrected(name: String) -> Option<String> {
    match problem(&name) {
        Some(problem) if problem.severity() > Severity::Note => {
            problem.suggestion().map(str::to_owned)
        }
        _ => Some(name),
    }
}

/// A standard method in any letter case, as browsers must send it.
fn known(method: &str) -> Option<String> {
    let upper = method.to_ascii_uppercase();
    (ALL_METHODS.contains(&&*upper) || FORBIDDEN_METHODS.contains(&&*upper)).then_some(upper)
}

/// The method that was probably meant by an unusual name.
fn probable(method: &str) -> Option<&'static str> {
    if method == "*" || ALL_METHODS.contains(&method) {
        return None;
    }
    if names::means_any(method) {
        return Some("*");
    }
    // Words from databases.
    match &*method.to_ascii_uppercase() {
        "CREATE" | "INSERT" => return Some("POST"),
        "READ" | "FETCH" | "RETRIEVE" => return Some("GET"),
        "UPDATE" | "REPLACE" => return Some("PUT"),
        "REMOVE" | "DESTROY" => return Some("DELETE"),
        _ => {}
    }
    // A name of three letters, or with another first letter, may be a custom method.
    let is_near = |meant: &&str| {
        method.len() > 3 && meant.as_bytes()[..1].eq_ignore_ascii_case(&method.as_bytes()[..1])
    };
    nearest::word(method, &ALL_METHODS).filter(is_near)
}
