//! `Prefixes`: request header names that are allowed by prefix (difference D11).

use std::cmp::Ordering;

use bytes::Bytes;
use http::HeaderValue;

use super::{
    names::{self, AllowedNames},
    request::AskedHeaders,
};

/// The prefixes, such as `x-amz-meta-`, and the names that are listed in full.
#[derive(Debug)]
pub(crate) struct Prefixes {
    /// In lower case. Invariant: sorted, and none starts with another. So a name has at most one
    /// candidate.
    prefixes: Box<[Box<[u8]>]>,
    names: AllowedNames,
    /// The full names, as in the response header.
    value: HeaderValue,
}

impl Prefixes {
    pub(crate) fn new<'a>(
        prefixes: impl IntoIterator<Item = &'a str>,
        names: AllowedNames,
        value: HeaderValue,
    ) -> Self {
        let mut prefixes: Vec<Box<[u8]>> = prefixes
            .into_iter()
            .map(|prefix| prefix.to_ascii_lowercase().into_bytes().into_boxed_slice())
            .collect();
        prefixes.sort_unstable();
        prefixes.dedup_by(|longer, shorter| longer.starts_with(shorter));
        Self { prefixes: prefixes.into_boxed_slice(), names, value }
    }

    /// Whether a requested name is allowed.
    pub(crate) fn contain(&self, name: &[u8]) -> bool {
        self.lists(name) || self.is_under(name)
    }

    /// Whether a requested name is allowed without a prefix.
    pub(crate) fn lists(&self, name: &[u8]) -> bool {
        self.names.contains(name)
    }

    /// Whether all requested names are allowed. It reads the request once and allocates nothing.
    pub(crate) fn contain_all(&self, asked: AskedHeaders<'_>) -> bool {
        asked
            .lines()
            .flat_map(|line| names::elements(line.as_bytes()))
            .all(|name| self.contain(name))
    }

    /// The list, followed by the requested names that only a prefix allows. If there are none, it
    /// allocates nothing.
    pub(crate) fn value(&self, asked: AskedHeaders<'_>) -> HeaderValue {
        let echoed = || {
            let asked = asked.lines().flat_map(|line| names::elements(line.as_bytes()));
            asked.filter(|name| !self.lists(name) && self.is_under(name))
        };
        // The added names come from the request, so the request bounds the size.
        let length = echoed().map(|name| name.len() + 2).sum::<usize>();
        if length == 0 {
            return self.value.clone();
        }
        let mut line = Vec::with_capacity(self.value.len() + length);
        line.extend_from_slice(self.value.as_bytes());
        for name in echoed() {
            line.extend_from_slice(b", ");
            line.extend_from_slice(name);
        }
        // It joins a valid value and tokens, so it is valid.
        HeaderValue::from_maybe_shared(Bytes::from(line)).unwrap_or_else(|_| self.value.clone())
    }

    /// Whether a name is longer than a prefix and starts with it. A browser refuses an answer with
    /// a malformed name (Fetch, "extract header list values"), so only tokens count.
    fn is_under(&self, name: &[u8]) -> bool {
        self.prefix_of(name).is_some() && names::is_token(name)
    }

    /// The prefix that a name starts with, if the name is longer.
    pub(crate) fn prefix_of(&self, name: &[u8]) -> Option<&[u8]> {
        // The last prefix that does not sort after the name. Anything between it and a prefix of
        // the name would start with that prefix.
        let after =
            self.prefixes.partition_point(|prefix| compare(prefix, name) != Ordering::Greater);
        let prefix = self.prefixes.get(after.checked_sub(1)?)?;
        let (start, rest) = name.split_at_checked(prefix.len())?;
        (start.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(prefix)
    }
}

/// Compares a prefix in lower case with a name in any letter case.
fn compare(prefix: &[u8], name: &[u8]) -> Ordering {
    prefix.iter().copied().cmp(name.iter().map(u8::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_under_one_prefix_or_none() {
        let names = AllowedNames::new(["accept", "x-amz-acl"]);
        let value = HeaderValue::from_static("accept, x-amz-acl");
        let prefixes = ["X-Amz-Meta-", "x-amz-meta-deep-", "x-b-", "zz-", "x-amz-meta-"];
        let prefixes = Prefixes::new(prefixes, names, value);
        assert_eq!(prefixes.prefixes.len(), 3, "one covers another");
        for (name, under) in [
            ("x-amz-meta-a", true),
            ("X-AMZ-meta-A", true),
            ("x-amz-meta-deep-a", true),
            ("x-amz-meta-zzz", true),
            ("x-amz-meta-*", true),
            ("x-b-!", true),
            ("zz-~", true),
            ("x-amz-meta-", false),
            ("x-amz-meta", false),
            ("x-amz-acl", false),
            ("x-amz-meta-a b", false),
            ("x-amz-meta-\u{e9}", false),
            ("x-a-b", false),
            ("x-c-a", false),
            ("a", false),
            ("zzz", false),
            ("~", false),
            ("", false),
        ] {
            assert_eq!(prefixes.is_under(name.as_bytes()), under, "{name}");
        }
        assert!(prefixes.contain(b"X-Amz-Acl"));
    }
}
