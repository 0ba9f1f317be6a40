//! What preflights allowed, kept for a while (Fetch, "CORS-preflight cache").

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use http::Method;

use super::{
    method,
    preflight::{Asked, Grant},
    request_header::AUTHORIZATION,
};
use crate::engine::{Habits, Kept};

/// Of one page: its partition key is the same for all of its requests.
#[derive(Debug, Default)]
pub(crate) struct PreflightCache {
    entries: HashMap<Key, Entries>,
}

/// The origin as it was sent, and the URL without its fragment.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    origin: String,
    url: String,
}

#[derive(Debug, Default)]
struct Entries {
    /// Of preflights for requests with credentials, and for those without.
    with: Lists,
    without: Lists,
}

/// Until when each is kept.
#[derive(Debug, Default)]
struct Lists {
    /// Of the whole answer, for requests that ask for nothing in particular.
    until: Duration,
    methods: HashMap<String, Duration>,
    names: HashMap<String, Duration>,
}

impl PreflightCache {
    pub(crate) fn keep(
        &mut self,
        asked: &Asked,
        url: &str,
        grant: Grant,
        now: Duration,
        habits: &Habits,
    ) {
        let key = Key { origin: asked.origin.clone(), url: url.to_owned() };
        let entries = self.entries.entry(key).or_default();
        if habits.kept == Kept::Answers {
            *entries = Entries::default();
        }
        let until = now.saturating_add(Duration::from_secs(grant.max_age));
        entries.with.drop_expired(now);
        entries.without.drop_expired(now);
        // Firefox leaves what was kept before; elsewhere an age of 0 ends it.
        if grant.max_age == 0 && habits.kept == Kept::Letters {
            return;
        }
        let lists = if asked.with_credentials { &mut entries.with } else { &mut entries.without };
        lists.until = until;
        for method in grant.methods {
            entries.set(|lists| &mut lists.methods, asked, method, until, habits);
        }
        for name in grant.names {
            entries.set(|lists| &mut lists.names, asked, name, until, habits);
        }
    }

    /// Whether a request needs no preflight any more.
    pub(crate) fn allows(
        &mut self,
        asked: &Asked,
        url: &str,
        now: Duration,
        habits: &Habits,
    ) -> bool {
        let key = Key { origin: asked.origin.clone(), url: url.to_owned() };
        let Some(entries) = self.entries.get_mut(&key) else { return false };
        entries.with.drop_expired(now);
        entries.without.drop_expired(now);
        let is_allowed = match habits.kept {
            Kept::Letters if asked.with_credentials => entries.with.has_letters(asked, now),
            Kept::Letters => entries.without.has_letters(asked, now),
            // Entries with credentials serve both kinds of requests.
            Kept::Entries | Kept::Answers => {
                let lists: Vec<_> = if asked.with_credentials {
                    vec![&entries.with]
                } else {
                    vec![&entries.with, &entries.without]
                };
                (habits.kept == Kept::Entries || lists.iter().any(|list| list.until > now))
                    && allows_all(&lists, asked, habits)
            }
        };
        if !is_allowed && habits.forgets_unfit {
            self.entries.remove(&key);
        }
        is_allowed
    }

    /// Forgets what was allowed to pages without origin, and after redirects that took it.
    pub(crate) fn clear_null(&mut self) {
        self.entries.retain(|key, _| key.origin != "null");
    }

    /// Fetch, "clear cache entries".
    pub(crate) fn clear(&mut self, origin: &str, url: &str) {
        self.entries.remove(&Key { origin: origin.to_owned(), url: url.to_owned() });
    }
}

impl Entries {
    /// CORS-preflight fetch: an entry that matches gets the new age, otherwise there is a new one.
    fn set(
        &mut self,
        of: fn(&mut Lists) -> &mut HashMap<String, Duration>,
        asked: &Asked,
        item: String,
        until: Duration,
        habits: &Habits,
    ) {
        let mut is_known = false;
        if habits.kept == Kept::Entries {
            let matched = if asked.with_credentials {
                vec![&mut self.with]
            } else {
                vec![&mut self.with, &mut self.without]
            };
            for lists in matched {
                let entries = of(lists);
                for known in [item.as_str(), "*"] {
                    if known == "*" && item == AUTHORIZATION {
                        continue;
                    }
                    if let Some(age) = entries.get_mut(known) {
                        *age = until;
                        is_known = true;
                    }
                }
            }
        }
        if !is_known {
            let lists = if asked.with_credentials { &mut self.with } else { &mut self.without };
            of(lists).insert(item, until);
        }
    }
}

fn allows_all(lists: &[&Lists], asked: &Asked, habits: &Habits) -> bool {
    let has_method = |method: &str| lists.iter().any(|list| list.methods.contains_key(method));
    let has_name = |name: &str| lists.iter().any(|list| list.names.contains_key(name));
    // Whole answers were judged with their own credentials mode; so is `*` in them.
    let covers = |with: bool| habits.kept == Kept::Entries || !with;
    let has_any = |of: fn(&Lists) -> &HashMap<String, Duration>| match lists {
        [with] => covers(true) && of(with).contains_key("*"),
        [with, without] => {
            (covers(true) && of(with).contains_key("*")) || of(without).contains_key("*")
        }
        _ => false,
    };
    let any_method = has_any(|list| &list.methods);
    let any_name = has_any(|list| &list.names);
    // In a whole answer a safelisted method is allowed, also if a listener brought the preflight.
    let is_safe =
        method::is_safelisted(&asked.method) && (habits.kept == Kept::Answers || !asked.is_forced);
    (is_safe || has_method(asked.method.as_str()) || any_method)
        && asked.names.iter().all(|name| {
            let is_covered = name != AUTHORIZATION || habits.kept_wildcard_covers_authorization;
            has_name(name) || (any_name && is_covered)
        })
}

impl Lists {
    fn drop_expired(&mut self, now: Duration) {
        self.methods.retain(|_, until| *until > now);
        self.names.retain(|_, until| *until > now);
    }

    /// As Firefox compares.
    fn has_letters(&self, asked: &Asked, now: Duration) -> bool {
        let is_plain = matches!(asked.method, Method::GET | Method::POST) && self.until > now;
        let names: HashSet<_> = self.names.keys().map(String::as_str).collect();
        (is_plain || self.methods.contains_key(asked.method.as_str()))
            && asked.names.iter().all(|name| names.contains(name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    const URL: &str = "https://api.example/a";

    fn asked(method: &str, names: &[&str], with_credentials: bool) -> Asked {
        Asked {
            origin: "https://app.example".to_owned(),
            with_credentials,
            method: method.parse().unwrap(),
            names: names.iter().map(|name| name.to_string()).collect(),
            is_forced: false,
        }
    }

    fn grant(methods: &[&str], names: &[&str], max_age: u64) -> Grant {
        let owned = |list: &[&str]| list.iter().map(|item| item.to_string()).collect();
        Grant { methods: owned(methods), names: owned(names), max_age }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A cache of one answer, and whether it allows another request.
    fn reuses(engine: Engine, first: Asked, answer: Grant, then: Asked, after: u64) -> bool {
        let habits = engine.habits();
        let mut cache = PreflightCache::default();
        cache.keep(&first, URL, answer, at(100), habits);
        cache.allows(&then, URL, at(100 + after), habits)
    }

    #[test]
    fn entries_match_requests() {
        use Engine::*;
        // Standard, Chromium, Firefox, WebKit.
        let rows = [
            (
                "the same again",
                asked("PUT", &["x-a"], false),
                grant(&["PUT"], &["x-a"], 5),
                asked("PUT", &["x-a"], false),
                4,
                [true; 4],
            ),
            (
                "expired",
                asked("PUT", &[], false),
                grant(&["PUT"], &[], 5),
                asked("PUT", &[], false),
                5,
                [false; 4],
            ),
            (
                "no age",
                asked("PUT", &[], false),
                grant(&["PUT"], &[], 0),
                asked("PUT", &[], false),
                0,
                [false; 4],
            ),
            (
                "another listed method",
                asked("PUT", &[], false),
                grant(&["PUT", "DELETE"], &[], 5),
                asked("DELETE", &[], false),
                1,
                [true; 4],
            ),
            (
                "a method that is not listed",
                asked("PUT", &[], false),
                grant(&["PUT"], &[], 5),
                asked("DELETE", &[], false),
                1,
                [false; 4],
            ),
            (
                "HEAD",
                asked("HEAD", &["x-a"], false),
                grant(&[], &["x-a"], 5),
                asked("HEAD", &["x-a"], false),
                1,
                [true, true, false, true],
            ),
            (
                "any header",
                asked("GET", &["x-a"], false),
                grant(&[], &["*"], 5),
                asked("GET", &["x-b"], false),
                1,
                [true, true, false, true],
            ),
            (
                "any method",
                asked("PUT", &[], false),
                grant(&["*"], &[], 5),
                asked("DELETE", &[], false),
                1,
                [true, true, false, true],
            ),
            (
                "any header, a token",
                asked("GET", &["x-a"], false),
                grant(&[], &["*"], 5),
                asked("GET", &["authorization"], false),
                1,
                [false, false, false, true],
            ),
            (
                "asked with credentials, sent without",
                asked("PUT", &[], true),
                grant(&["PUT"], &[], 5),
                asked("PUT", &[], false),
                1,
                [true, true, false, true],
            ),
            (
                "asked without, sent with",
                asked("PUT", &[], false),
                grant(&["PUT"], &[], 5),
                asked("PUT", &[], true),
                1,
                [false; 4],
            ),
        ];
        for (name, first, answer, then, after, expected) in rows {
            let seen = [Standard, Chromium, Firefox, WebKit]
                .map(|engine| reuses(engine, first.clone(), answer.clone(), then.clone(), after));
            assert_eq!(seen, expected, "{name}");
        }
    }

    #[test]
    fn a_second_answer_adds_or_replaces() {
        let kept_after = |engine: Engine| {
            let habits = engine.habits();
            let mut cache = PreflightCache::default();
            for method in ["PUT", "DELETE"] {
                cache.keep(
                    &asked(method, &[], false),
                    URL,
                    grant(&[method], &[], 60),
                    at(0),
                    habits,
                );
            }
            cache.allows(&asked("PUT", &[], false), URL, at(1), habits)
        };
        assert!(kept_after(Engine::Standard) && kept_after(Engine::Firefox));
        assert!(!kept_after(Engine::Chromium) && !kept_after(Engine::WebKit));
    }

    #[test]
    fn keys_are_origin_and_url() {
        let habits = Engine::Standard.habits();
        let mut cache = PreflightCache::default();
        let put = asked("PUT", &[], false);
        cache.keep(&put, URL, grant(&["PUT"], &[], 60), at(0), habits);
        assert!(!cache.allows(&put, "https://api.example/a?b", at(1), habits));
        let other = Asked { origin: "null".to_owned(), ..put.clone() };
        assert!(!cache.allows(&other, URL, at(1), habits));
        cache.clear("https://app.example", URL);
        assert!(!cache.allows(&put, URL, at(1), habits));
    }
}
