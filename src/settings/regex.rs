//! Regular expressions of origins: parsed, and compiled to matchers.

use regex_syntax::{
    ast::parse::Parser,
    hir::{Hir, translate::Translator},
};

use super::python;
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting, text},
    policy::origin::regex::OriginRegex,
};

const SETTING: Setting = Setting::AllowOriginRegex;

pub(crate) fn parse(regex: &str) -> Result<Hir, Diagnostic> {
    let other = |message: String| {
        Diagnostic::error(SETTING, Kind::UncommonRegex).of(regex).with(Detail::Text(message))
    };
    if regex == "*" || regex.starts_with("*.") || regex.contains("://*") {
        // The last compiles, and matches any number of slashes instead of any subdomain.
        return Err(Diagnostic::error(SETTING, Kind::OtherOriginSetting).of(regex));
    }
    let ast = Parser::new().parse(regex).map_err(|error| other(python::explain(regex, &error)))?;
    python::refuse_ambiguous(regex, &ast).map_err(other)?;
    let hir = Translator::new().translate(regex, &ast);
    hir.map_err(|error| other(text::no_regex(&error.kind().to_string())))
}

pub(crate) fn compile(
    regex: &str,
    parsed: impl IntoIterator<Item = Hir>,
) -> Result<OriginRegex, Diagnostic> {
    OriginRegex::new(parsed).map_err(|_| Diagnostic::error(SETTING, Kind::LargeRegex).of(regex))
}
