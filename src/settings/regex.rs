//! Regular expressions of origins: parsed, judged, and compiled to matchers.

use regex_syntax::{ParserBuilder, hir::Hir};

use super::{
    common_regex,
    openness::{self, Reach, Unreached},
};
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting, uncommon},
    policy::origin::regex::OriginRegex,
};

const SETTING: Setting = Setting::AllowOriginRegex;

/// An expression that builds, and what it reaches.
pub(crate) fn read(regex: &str) -> Result<(Hir, Reach), Diagnostic> {
    let hir = parse(regex)?;
    let matcher = compile(regex, [hir.clone()])?;
    match openness::of_regex(&hir, &|origin| matcher.matches(origin.as_bytes())) {
        Ok(reach) => Ok((hir, reach)),
        Err(Unreached::Nothing) => Err(error(Kind::MatchesNothing, regex)),
        Err(Unreached::Undecided) => Err(error(Kind::LargeRegex, regex)),
    }
}

fn error(kind: Kind, regex: &str) -> Diagnostic {
    Diagnostic::error(SETTING, kind).of(regex)
}

fn parse(regex: &str) -> Result<Hir, Diagnostic> {
    if regex == "*" || regex.starts_with("*.") || regex.contains("://*") {
        // The last compiles, and matches any number of slashes instead of any subdomain.
        return Err(error(Kind::OtherOriginSetting, regex));
    }
    common_regex::check(regex).map_err(|refused| {
        let part = regex.get(refused.span).unwrap_or_default();
        error(Kind::UncommonRegex, regex).with(Detail::Text(uncommon(refused.construct, part)))
    })?;
    // Origins are ASCII, so bytes and ASCII classes say the same as Python's text and are smaller.
    let parsed = ParserBuilder::new().unicode(false).utf8(false).build().parse(regex);
    // What is common parses, if it is not too deep.
    parsed.map_err(|_| error(Kind::LargeRegex, regex))
}

pub(crate) fn compile(
    regex: &str,
    parsed: impl IntoIterator<Item = Hir>,
) -> Result<OriginRegex, Diagnostic> {
    OriginRegex::new(parsed).map_err(|_| error(Kind::LargeRegex, regex))
}
