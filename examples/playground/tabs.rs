//! `Tabs`: what each open page has set up, and what the API saw of its requests.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use serde::Deserialize;
use tokio::sync::watch;
use tower_cors::{CorsPolicy, Explanation, PerRequestLayer};

use crate::exchange::Exchange;
use crate::form::Asked;

/// Older ones make room for new ones.
const TABS: usize = 64;
/// Runs of one tab that are remembered, and exchanges of one run.
const RUNS: usize = 8;
const EXCHANGES: usize = 16;

/// The open pages. Each has a policy of its own, so that two tabs do not disturb each other.
#[derive(Default)]
pub(crate) struct Tabs(Mutex<VecDeque<Arc<Tab>>>);

pub(crate) struct Tab {
    pub(crate) id: String,
    /// The cell that the API's layer reads: replacing what it holds is all that a reload takes.
    setup: watch::Sender<Setup>,
    runs: Mutex<VecDeque<(u64, Vec<Exchange>)>>,
}

/// What stands behind a tab's address of the API.
#[derive(Clone)]
pub(crate) struct Setup {
    /// One, or the narrow ones first.
    pub(crate) policies: Vec<CorsPolicy>,
    pub(crate) asked: Asked,
}

/// What a request meets before it reaches the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Front {
    Nothing,
    /// A gateway answers preflights by itself, and the backend has no CORS at all.
    GatewayAnswers,
    /// A gateway adds a CORS header to those of the backend.
    GatewayAdds,
    /// A gateway writes one fixed origin over that of the backend.
    GatewayNames,
    /// A gateway redirects to the address with a slash at its end.
    Redirects,
    /// A limit outside of the layer answers by itself.
    Limit,
    /// Authentication stands outside of the layer, and asks preflights for a token, too.
    Login,
}

/// What the handler behind the layer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    Json,
    Counted,
    NotFound,
    Error,
    GrpcWeb,
}

impl Setup {
    /// The policy of the layer: of several the first that allows the origin, else the last. `None` where
    /// the backend is without a layer.
    pub(crate) fn installed(&self, asked: &HeaderMap) -> Option<&CorsPolicy> {
        if self.asked.front == Front::GatewayAnswers {
            return None;
        }
        let origin = asked.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let allows = |policy: &&CorsPolicy| origin.is_some_and(|it| policy.allows_origin(it));
        self.policies.iter().find(allows).or(self.policies.last())
    }

    /// What the crate says about a request; of several policies also which one answers.
    pub(crate) fn explain(&self, head: &Parts) -> Option<Explanation> {
        let policy = self.installed(&head.headers)?;
        match &self.policies[..] {
            // No preflight shows whether the page asks with cookies.
            [_] if self.asked.credentials => Some(policy.explain_with_credentials(head)),
            [_] => Some(policy.explain(head)),
            several => PerRequestLayer::try_from(several.to_vec()).ok()?.explain(head),
        }
    }
}

impl Tabs {
    /// Applies a setup to a tab, a new one unless it is known, and begins a run.
    pub(crate) fn apply(&self, id: Option<&str>, setup: Setup) -> (Arc<Tab>, u64) {
        let mut tabs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tabs.iter().position(|tab| Some(tab.id.as_str()) == id);
        let tab = match known.and_then(|position| tabs.remove(position)) {
            Some(tab) => {
                tab.setup.send_replace(setup);
                tab
            }
            None => Arc::new(Tab::new(setup)),
        };
        // The least recently used one stands first, and goes first.
        tabs.push_back(tab.clone());
        while tabs.len() > TABS {
            tabs.pop_front();
        }
        let run = tab.begin();
        (tab, run)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Tab>> {
        let tabs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tabs.iter().find(|tab| tab.id == id).cloned()
    }

    /// The tab that an address of the API belongs to: `/TAB/...`.
    pub(crate) fn of(&self, uri: &Uri) -> Option<Arc<Tab>> {
        self.find(uri.path().split('/').nth(1)?)
    }
}

impl Tab {
    fn new(setup: Setup) -> Self {
        // Keyed by the operating system's randomness, so no other tab guesses it.
        let id = format!("{:016x}", RandomState::new().hash_one("tab"));
        Self { id, setup: watch::Sender::new(setup), runs: Mutex::default() }
    }

    /// The setup of this moment.
    pub(crate) fn setup(&self) -> Setup {
        self.setup.borrow().clone()
    }

    fn begin(&self) -> u64 {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = runs.back().map_or(1, |(last, _)| last + 1);
        runs.push_back((run, Vec::new()));
        while runs.len() > RUNS {
            runs.pop_front();
        }
        run
    }

    pub(crate) fn record(&self, run: u64, exchange: Exchange) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let known = runs.iter_mut().find(|(known, _)| *known == run);
        if let Some((_, exchanges)) = known.filter(|(_, exchanges)| exchanges.len() < EXCHANGES) {
            exchanges.push(exchange);
        }
    }

    /// What the API saw of a run, in order.
    pub(crate) fn exchanges(&self, run: u64) -> Vec<Exchange> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter()
            .find(|(known, _)| *known == run)
            .map(|(_, seen)| seen.clone())
            .unwrap_or_default()
    }
}
