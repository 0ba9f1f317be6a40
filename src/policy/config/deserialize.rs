//! `CorsConfig` from TOML, JSON or environment variables: forgiving in form, strict in keys.

use std::fmt;

use serde::Serializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{CorsConfig, EnforceOrigin, Preset};
use crate::{policy::nearest, risk::Risk};

const KEYS: [&str; 15] = [
    "allow_origins",
    "allow_origin_regex",
    "allow_methods",
    "allow_headers",
    "allow_credentials",
    "allow_private_network",
    "expose_headers",
    "max_age",
    "mirror_methods",
    "preflight_status",
    "browser_diagnostics",
    "constant_wildcard",
    "preset",
    "enforce_origin",
    "tolerate",
];

impl<'de> Deserialize<'de> for CorsConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConfigVisitor)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = CorsConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings of CORSMiddleware, such as allow_origins")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CorsConfig, A::Error> {
        let mut config = CorsConfig::default();
        let mut seen = Vec::new();
        // Every faulty key is named, not only the first: a person mends a file once.
        let mut errors = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let Some(key) = KEYS.into_iter().find(|known| *known == key) else {
                map.next_value::<IgnoredAny>()?;
                errors.push(match nearest::word(&key, KEYS) {
                    Some(known) => format!("unknown key `{key}`; did you mean `{known}`?"),
                    None => format!("unknown key `{key}`; the keys are {}", KEYS.join(", ")),
                });
                continue;
            };
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("{key}: stands there twice")));
            }
            seen.push(key);
            let value = map
                .next_value::<Value>()
                .map_err(|error| A::Error::custom(format_args!("{key}: {error}")))?;
            // Null is "not given", but for the one setting that can be none.
            if matches!(value, Value::Absent) && key != "max_age" {
                continue;
            }
            if let Err(error) = set(&mut config, key, value) {
                errors.push(format!("{key}: {error}"));
            }
        }
        if errors.is_empty() { Ok(config) } else { Err(A::Error::custom(errors.join("\n"))) }
    }
}

fn set(config: &mut CorsConfig, key: &str, value: Value) -> Result<(), String> {
    match key {
        "allow_origins" => config.allow_origins = value.list()?,
        "allow_origin_regex" => config.allow_origin_regex = value.whole_texts()?,
        "allow_methods" => config.allow_methods = value.list()?,
        "allow_headers" => config.allow_headers = value.list()?,
        "allow_credentials" => config.allow_credentials = value.boolean()?,
        "allow_private_network" => config.allow_private_network = value.boolean()?,
        "expose_headers" => config.expose_headers = value.list()?,
        "max_age" => config.max_age = value.seconds()?,
        "mirror_methods" => config.mirror_methods = value.boolean()?,
        "preflight_status" => config.preflight_status = value.status()?,
        "browser_diagnostics" => config.browser_diagnostics = value.boolean()?,
        "constant_wildcard" => config.constant_wildcard = value.boolean()?,
        "preset" => config.preset = words(value, &Preset::ALL)?,
        "enforce_origin" => match words(value, &EnforceOrigin::ALL)?.as_slice() {
            [one] => config.enforce_origin = *one,
            _ => return Err("write one of Nothing, WebSockets, AllRequests".to_owned()),
        },
        _ => config.tolerate = words(value, &Risk::ALL)?,
    }
    Ok(())
}

/// `none` is a text, since TOML has no null and a missing key means 600.
pub(super) fn serialize_max_age<S: Serializer>(
    max_age: &Option<u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match max_age {
        Some(seconds) => serializer.serialize_u64(*seconds),
        None => serializer.serialize_str("none"),
    }
}

/// The variants of one of our enums by name, in any of the usual spellings: `WebSockets`,
/// `web_sockets`, `web-sockets`.
fn words<T: Copy + fmt::Debug>(value: Value, all: &[T]) -> Result<Vec<T>, String> {
    let plain = |text: &str| text.replace(['_', '-'], "").to_ascii_lowercase();
    let find = |word: String| {
        all.iter().copied().find(|known| plain(&format!("{known:?}")) == plain(&word)).ok_or_else(
            || {
                let known: Vec<_> = all.iter().map(|known| format!("{known:?}")).collect();
                format!("{word:?} is unknown; write one of {}", known.join(", "))
            },
        )
    };
    value.list()?.into_iter().map(find).collect()
}

/// A value in whatever form the format has it.
enum Value {
    Absent,
    Boolean(bool),
    Number(i128),
    Text(String),
    List(Vec<Value>),
    /// A kind that no setting has.
    Other(String),
}

impl Value {
    /// A list, or one text with commas. The brackets and quotes of a JSON list are taken off, for
    /// that is how pydantic's settings want lists in environment variables.
    fn list(self) -> Result<Vec<String>, String> {
        let text = match self {
            Self::List(list) => return texts(list),
            Self::Text(text) => text,
            other => return Err(other.is_not("a list of texts, or one text with commas")),
        };
        let trimmed = text.trim();
        let inside = trimmed.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let bare = |item: &str| {
            let item = item.trim();
            let quoted = |quote| item.strip_prefix(quote)?.strip_suffix(quote);
            let unquoted = inside.and_then(|_| quoted('"').or_else(|| quoted('\'')));
            unquoted.unwrap_or(item).to_owned()
        };
        let items = inside.unwrap_or(trimmed).split(',').map(bare);
        Ok(items.filter(|item| !item.is_empty()).collect())
    }

    /// A list, or one text that is one item: commas mean something in a regular expression.
    fn whole_texts(self) -> Result<Vec<String>, String> {
        match self {
            Self::List(list) => texts(list),
            Self::Text(text) if text.is_empty() => Ok(Vec::new()),
            // As an expression it would be one class of characters, and match one character.
            Self::Text(text) if text.starts_with("[\"") || text.starts_with("['") => {
                Err("a list within a text; write one expression, without brackets and quotes"
                    .to_owned())
            }
            Self::Text(text) => Ok(vec![text]),
            other => Err(other.is_not("a regular expression, or a list of them")),
        }
    }

    fn boolean(self) -> Result<bool, String> {
        match &self {
            Self::Boolean(value) => Ok(*value),
            Self::Number(0) => Ok(false),
            Self::Number(1) => Ok(true),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(self.is_not("true or false")),
            },
            _ => Err(self.is_not("true or false")),
        }
    }

    fn seconds(self) -> Result<Option<u64>, String> {
        const EXPECTED: &str =
            "a whole number of seconds; write 0 for no caching, \"none\" to omit the header";
        let number = match &self {
            Self::Absent => return Ok(None),
            Self::Text(text) if text.trim().eq_ignore_ascii_case("none") => return Ok(None),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Number(number) => u64::try_from(*number).ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| self.is_not(EXPECTED))
    }

    fn status(self) -> Result<u16, String> {
        let number = match &self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Number(number) => u16::try_from(*number).ok(),
            _ => None,
        };
        number.ok_or_else(|| self.is_not("a status from 200 to 299"))
    }

    fn is_not(&self, expected: &str) -> String {
        match self {
            Self::Absent => format!("nothing is not {expected}"),
            Self::Boolean(value) => format!("{value} is not {expected}"),
            Self::Number(value) => format!("{value} is not {expected}"),
            Self::Text(value) => format!("{value:?} is not {expected}"),
            Self::List(_) => format!("a list is not {expected}"),
            Self::Other(kind) => format!("{kind} is not {expected}"),
        }
    }
}

fn texts(list: Vec<Value>) -> Result<Vec<String>, String> {
    let text = |value| match value {
        Value::Text(text) => Ok(text),
        other => Err(other.is_not("a text")),
    };
    list.into_iter().map(text).collect()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list of texts, a whole number, true or false")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Other(value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a table".to_owned()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }
}
