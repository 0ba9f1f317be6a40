//! `Case`: a policy, what a page does, and what must come of it.
//!
//! A case says what the standard and the settings' documentation say. An engine that is known to do
//! otherwise is an exception of that case, with the reason; doing as the standard says is never a
//! failure.

use axum::Router;
use serde_json::Value;
use tower_cors::CorsLayer;

use crate::{
    app,
    engine::Engine,
    roles::{Backend, Habit},
    scene::{Playing, Scene, Stage},
};

pub struct Case {
    pub name: &'static str,
    /// What a reader should take from it, and whose rule it is.
    pub why: &'static str,
    pub what: What,
    /// An engine in which it cannot be played, and why.
    pub unplayable: Option<(Engine, &'static str)>,
}

pub enum What {
    Row(Box<Row>),
    /// With the example of the crate that it needs.
    Scene {
        example: &'static str,
        scene: Scene,
    },
}

/// The addresses of a case.
#[derive(Clone, Debug)]
pub struct On {
    /// The origin of the page.
    pub page: String,
    /// That of another page, of the same site.
    pub second: String,
    /// The server whose policy the case is about.
    pub api: String,
    /// A server beside it.
    pub beside: String,
}

impl On {
    /// The same server under another name of the loopback.
    pub fn renamed(url: &str, host: &str) -> String {
        url.replace("//localhost:", &format!("//{host}:"))
    }
}

/// One page, or more in turn, before one or two servers.
pub struct Row {
    pub servers: Servers,
    pub beside: Option<Serve>,
    pub visits: Vec<Visit>,
    pub server: Seen,
    pub beside_seen: Seen,
    pub console: Vec<(Engine, &'static [&'static str])>,
    pub exceptions: Vec<Exception>,
}

pub type Serve = Box<dyn Fn(&On) -> Router + Send + Sync>;

pub enum Servers {
    /// In this process.
    Here(Serve),
    /// A CDN, a gateway and a backend, each its own process.
    Processes(&'static [Habit], Backend),
    /// An example of the crate.
    Example(&'static str),
}

/// What a page does, and what it gets.
pub struct Visit {
    pub from: From,
    pub source: &'static str,
    /// Null: nothing is said of it.
    pub gives: Value,
}

#[derive(Clone, Copy)]
pub enum From {
    /// `http://localhost:PORT`.
    Page,
    /// The page's server under another name.
    Host(&'static str),
    /// Another port of localhost.
    Second,
    /// The API's server itself.
    Api,
    /// The API's server under a name that an attacker made point to this machine. Browsers take it for
    /// a site of the network: no loopback, and no secure context.
    Rebound,
}

/// The requests that a server sees, one of these lists. Empty: nothing is said of them.
pub type Seen = Vec<Vec<&'static str>>;

/// What an engine does instead.
pub struct Exception {
    pub engine: Engine,
    pub reason: &'static str,
    pub gives: Option<Value>,
    pub server: Option<Seen>,
    pub beside: Option<Seen>,
}

pub const REFUSED: &str = "refused";

pub fn case(name: &'static str, why: &'static str) -> Case {
    let row = Row {
        servers: Servers::Here(Box::new(|_| app::router())),
        beside: None,
        visits: Vec::new(),
        server: Vec::new(),
        beside_seen: Vec::new(),
        console: Vec::new(),
        exceptions: Vec::new(),
    };
    Case { name, why, what: What::Row(Box::new(row)), unplayable: None }
}

/// A case that no row can say, with an example of the crate.
pub fn scene(
    name: &'static str,
    why: &'static str,
    example: &'static str,
    scene: impl for<'a> Fn(&'a Stage<'a>) -> Playing<'a> + Send + Sync + 'static,
) -> Case {
    Case { name, why, what: What::Scene { example, scene: Box::new(scene) }, unplayable: None }
}

impl Case {
    pub fn has_exception(&self, engine: Engine) -> bool {
        match &self.what {
            What::Row(row) => row.exceptions.iter().any(|exception| exception.engine == engine),
            What::Scene { .. } => false,
        }
    }

    pub fn unplayable_in(self, engine: Engine, reason: &'static str) -> Self {
        Self { unplayable: Some((engine, reason)), ..self }
    }

    fn row(mut self, edit: impl FnOnce(&mut Row)) -> Self {
        match &mut self.what {
            What::Row(row) => edit(row),
            What::Scene { .. } => unreachable!("{}: a scene has no row", self.name),
        }
        self
    }

    /// The application behind this layer.
    pub fn policy(self, policy: impl Fn(&On) -> CorsLayer + Send + Sync + 'static) -> Self {
        self.serve(move |on| app::router().layer(policy(on)))
    }

    /// What is behind `api`, and all of it.
    pub fn serve(self, serve: impl Fn(&On) -> Router + Send + Sync + 'static) -> Self {
        self.row(|row| row.servers = Servers::Here(Box::new(serve)))
    }

    /// The same for `beside`.
    pub fn beside(self, policy: impl Fn(&On) -> CorsLayer + Send + Sync + 'static) -> Self {
        self.row(|row| row.beside = Some(Box::new(move |on| app::router().layer(policy(on)))))
    }

    pub fn processes(self, habits: &'static [Habit], backend: Backend) -> Self {
        self.row(|row| row.servers = Servers::Processes(habits, backend))
    }

    pub fn example(self, name: &'static str) -> Self {
        self.row(|row| row.servers = Servers::Example(name))
    }

    /// An expression that the page evaluates, with `api` and `beside` as addresses; see
    /// page/page.js for what else there is.
    pub fn page(self, source: &'static str) -> Self {
        self.page_at(From::Page, source)
    }

    /// The same on a page of another origin; further pages follow one another.
    pub fn page_at(self, from: From, source: &'static str) -> Self {
        self.row(|row| row.visits.push(Visit { from, source, gives: Value::Null }))
    }

    /// What the expression of the last page gives.
    pub fn gives(self, gives: impl Into<Value>) -> Self {
        self.row(|row| {
            row.visits.last_mut().expect("a page comes first").gives = gives.into();
        })
    }

    /// Every request that `api` sees, as log.rs writes them.
    pub fn server<const N: usize>(self, lines: [&'static str; N]) -> Self {
        self.row(|row| row.server = vec![lines.to_vec()])
    }

    /// Where the standard leaves it to the browser whether to ask again.
    pub fn or_server<const N: usize>(self, lines: [&'static str; N]) -> Self {
        self.row(|row| row.server.push(lines.to_vec()))
    }

    /// Every request that `beside` sees.
    pub fn beside_sees<const N: usize>(self, lines: [&'static str; N]) -> Self {
        self.row(|row| row.beside_seen = vec![lines.to_vec()])
    }

    /// What the console of an engine says, among other things; `{page}` and `{api}` stand for the
    /// addresses.
    pub fn console(self, engine: Engine, texts: &'static [&'static str]) -> Self {
        self.row(|row| row.console.push((engine, texts)))
    }

    /// An engine whose page is known to get something else.
    pub fn except(self, engine: Engine, reason: &'static str, gives: impl Into<Value>) -> Self {
        self.exception(engine, reason, |exception| exception.gives = Some(gives.into()))
    }

    /// An engine whose server is known to see something else.
    pub fn except_server<const N: usize>(
        self,
        engine: Engine,
        reason: &'static str,
        lines: [&'static str; N],
    ) -> Self {
        self.exception(engine, reason, |exception| exception.server = Some(vec![lines.to_vec()]))
    }

    /// The same of the server beside it.
    pub fn except_beside<const N: usize>(
        self,
        engine: Engine,
        reason: &'static str,
        lines: [&'static str; N],
    ) -> Self {
        self.exception(engine, reason, |exception| exception.beside = Some(vec![lines.to_vec()]))
    }

    /// An engine has one exception of a case, said in one call or more.
    fn exception(
        self,
        engine: Engine,
        reason: &'static str,
        edit: impl FnOnce(&mut Exception),
    ) -> Self {
        self.row(|row| {
            let known = row.exceptions.iter().position(|known| known.engine == engine);
            let position = known.unwrap_or_else(|| {
                let new = Exception { engine, reason, gives: None, server: None, beside: None };
                row.exceptions.push(new);
                row.exceptions.len() - 1
            });
            edit(&mut row.exceptions[position]);
        })
    }
}
