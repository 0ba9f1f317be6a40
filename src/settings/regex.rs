//! Parses and checks regular expressions of origins, and compiles them.

use regex_syntax::{ParserBuilder, hir::Hir};

use super::{
    common_regex,
    openness::{self, Reach, Unreached},
    origins,
};
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting, uncommon},
    policy::origin::automaton::Automaton,
};

const SETTING: Setting = Setting::AllowOriginRegex;

/// An expression that builds.
pub(crate) struct Read {
    pub(crate) parsed: Hir,
    pub(crate) automaton: Automaton,
    pub(crate) reach: Reach,
}

pub(crate) fn read(regex: &str) -> Result<Read, Diagnostic> {
    judged(regex).map_err(|error| match error.kind() {
        Kind::MatchesNothing => {
            error.suggest(without_around(regex).filter(|text| judged(text).is_ok()))
        }
        _ => error,
    })
}

fn judged(regex: &str) -> Result<Read, Diagnostic> {
    let parsed = parse(regex)?;
    let automaton = Automaton::new(&parsed).ok_or_else(|| error(Kind::LargeRegex, regex))?;
    match openness::of_regex(&automaton) {
        Ok(reach) => Ok(Read { parsed, automaton, reach }),
        Err(Unreached::Nothing) => Err(error(Kind::MatchesNothing, regex)),
        Err(Unreached::Undecided) => Err(error(Kind::LargeRegex, regex)),
    }
}

fn error(kind: Kind, regex: &str) -> Diagnostic {
    Diagnostic::error(SETTING, kind).of(regex)
}

/// The expression without quotes, slashes and the like, which match no origin: also those of
/// `r"…"`, of `/…/i`, and of a text with doubled backslashes from another format. One level is
/// removed.
fn without_around(regex: &str) -> Option<String> {
    let single = regex.replace(r"\\", r"\");
    let start = single.strip_prefix('r').filter(|rest| rest.starts_with(['"', '\'']));
    let start = start.unwrap_or(&single);
    let literal = start.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    let is_flag = |c: char| "dgimsuvy".contains(c);
    let start = match literal {
        Some((inside, flags)) if flags.chars().all(is_flag) => inside,
        _ => start,
    };
    let start = start.trim_start_matches(['"', '\'', '`', '/', '[']);
    let mut text = start.trim_end_matches(['"', '\'', '`', ',', ']']);
    let anchor = if text.ends_with('$') { "$" } else { "" };
    text = text.trim_end_matches('$');
    while let Some(rest) = text.strip_suffix('/') {
        text = rest.strip_suffix('\\').unwrap_or(rest);
    }
    // Spaces at the ends are removed when it is read again.
    let text = format!("{text}{anchor}");
    let text = text.trim();
    (text != regex).then(|| text.to_owned())
}

fn parse(regex: &str) -> Result<Hir, Diagnostic> {
    if regex.contains("${") || regex.contains("{{") {
        return Err(error(Kind::Placeholder, regex));
    }
    let is_wildcard = regex == "*"
        || regex.starts_with("*.")
        // These compile, but match any number of slashes or colons instead of any subdomain or
        // port.
        || regex.contains("://*")
        || regex.ends_with(":*");
    if is_wildcard {
        // An escaped dot is a dot. A pattern has nothing else that is escaped or optional.
        let plain = regex.replace("\\.", ".");
        let pattern = if plain.contains(['\\', '?']) { None } else { origins::corrected(&plain) };
        let pattern = pattern.unwrap_or_default();
        return Err(error(Kind::OtherOriginSetting, regex).with(Detail::Text(pattern)));
    }
    common_regex::check(regex).map_err(|refused| {
        let part = regex.get(refused.span).unwrap_or_default();
        error(Kind::UncommonRegex, regex).with(Detail::Text(uncommon(refused.construct, part)))
    })?;
    // Origins are ASCII, so bytes and ASCII classes match the same as Python's text, and are
    // smaller.
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(regex);
    // An expression of the common language parses, if it is not too deep.
    parsed.map_err(|_| error(Kind::LargeRegex, regex))
}
