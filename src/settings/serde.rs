//! Reads and writes `CorsConfig` as TOML, JSON or environment variables. Values may have several
//! forms; unknown keys are errors.
//!
//! Environment variables are texts, so each setting can also be read from a text.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, SeqAccess, Visitor, value::SeqAccessDeserializer},
};

use super::preset::Preset;
use crate::{
    diagnostic::{Risk, text},
    policy::{enforce::EnforceOrigin, inner::InnerHeaders},
};

/// A list, or one text with commas. The brackets and quotes of a JSON list are removed, because
/// pydantic's settings need lists in environment variables in this form.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(ListVisitor { split, null: None })
}

/// A list, or a text that is one item, because regular expressions may have commas. Null is
/// FastAPI's default.
pub(super) fn one_or_more<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let split = |text: &str| vec![text.to_owned()];
    deserializer.deserialize_any(ListVisitor { split, null: Some(Vec::new()) })
}

/// The variants of an enum, as a list or as one text with commas.
pub(super) fn words<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Word,
{
    list(deserializer)?.iter().map(|text| word(text)).collect()
}

/// A number, true or false, as a value or as text.
pub(super) fn plain<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Plain,
{
    deserializer.deserialize_any(PlainVisitor(PhantomData))
}

/// Seconds, or the text `none`, because TOML has no null and a missing key means 600.
pub(super) mod max_age {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        max_age: &Option<u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match max_age {
            Some(seconds) => serializer.serialize_u64(*seconds),
            None => serializer.serialize_str("none"),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        plain::<D, MaxAge>(deserializer).map(|max_age| max_age.0)
    }
}

struct ListVisitor {
    split: fn(&str) -> Vec<String>,
    /// The meaning of null, if null is allowed.
    null: Option<Vec<String>>,
}

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, or one text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
        Ok((self.split)(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
        let invalid = E::invalid_type(serde::de::Unexpected::Unit, &self);
        self.null.ok_or(invalid)
    }

    fn visit_none<E: Error>(self) -> Result<Vec<String>, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<String>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }
}

fn split(text: &str) -> Vec<String> {
    let inside = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let bare = |item: &str| {
        let item = item.trim();
        let quoted = |quote| item.strip_prefix(quote)?.strip_suffix(quote);
        let unquoted = inside.and_then(|_| quoted('"').or_else(|| quoted('\'')));
        unquoted.unwrap_or(item).to_owned()
    };
    let items = inside.unwrap_or(text).split(',').map(bare);
    items.filter(|item| !item.is_empty()).collect()
}

/// A value that can also be written as text.
pub(super) trait Plain: Sized {
    const EXPECTED: &'static str;

    fn of_text(text: &str) -> Option<Self>;

    fn of_boolean(_: bool) -> Option<Self> {
        None
    }

    fn of_number(_: u64) -> Option<Self> {
        None
    }
}

impl Plain for bool {
    const EXPECTED: &'static str = text::EXPECTED_BOOLEAN;

    fn of_text(text: &str) -> Option<Self> {
        match &*text.trim().to_ascii_lowercase() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    fn of_boolean(value: bool) -> Option<Self> {
        Some(value)
    }

    fn of_number(value: u64) -> Option<Self> {
        [Some(false), Some(true)].get(usize::try_from(value).ok()?).copied()?
    }
}

impl Plain for u16 {
    const EXPECTED: &'static str = text::EXPECTED_STATUS;

    fn of_text(text: &str) -> Option<Self> {
        Self::from_str(text.trim()).ok()
    }

    fn of_number(value: u64) -> Option<Self> {
        Self::try_from(value).ok()
    }
}

struct MaxAge(Option<u64>);

impl Plain for MaxAge {
    const EXPECTED: &'static str = text::EXPECTED_MAX_AGE;

    fn of_text(text: &str) -> Option<Self> {
        match text.trim() {
            none if none.eq_ignore_ascii_case("none") => Some(Self(None)),
            seconds => seconds.parse().ok().map(Some).map(Self),
        }
    }

    fn of_number(value: u64) -> Option<Self> {
        Some(Self(Some(value)))
    }
}

struct PlainVisitor<T>(PhantomData<T>);

impl<'de, T: Plain> Visitor<'de> for PlainVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::of_boolean(value)
            .ok_or_else(|| E::invalid_type(serde::de::Unexpected::Bool(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::of_number(value)
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        let number = u64::try_from(value).ok().and_then(T::of_number);
        number.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        T::of_text(value).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(value), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        T::of_text("none").ok_or_else(|| E::invalid_type(serde::de::Unexpected::Unit, &self))
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        self.visit_unit()
    }
}

/// An enum whose variants are words of a configuration.
pub(super) trait Word: Copy + fmt::Debug + 'static {
    const ALL: &'static [Self];
}

/// A variant by name, in any of the usual spellings: `WebSockets`, `web_sockets`, `web-sockets`.
fn word<T: Word, E: Error>(text: &str) -> Result<T, E> {
    let plain = |text: &str| text.replace(['_', '-', ' '], "").to_ascii_lowercase();
    let found = T::ALL.iter().find(|known| plain(&format!("{known:?}")) == plain(text));
    found.copied().ok_or_else(|| {
        let known: Vec<_> = T::ALL.iter().map(|known| format!("{known:?}")).collect();
        E::custom(text::unknown_word(text, &known))
    })
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

macro_rules! words {
    ($($type:ty: $($variant:ident),+;)+) => {$(
        impl Word for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
        }

        /// The variant's name, written like a key: `web_sockets`.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&snake_case(&format!("{self:?}")))
            }
        }

        /// The variant's name, in any of the usual spellings.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                word(&String::deserialize(deserializer)?)
            }
        }
    )+};
}

words! {
    EnforceOrigin: Nothing, WebSockets, StateChanging, AllRequests;
    InnerHeaders: Replace, Keep, Remove;
    Preset: GrpcWeb, Connect, Mcp, Tracing, Tus;
    Risk: AnyOrigin, NullOrigin;
}
