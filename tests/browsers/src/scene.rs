//! `Stage`: what a case runs on, and what a scene may do there.

use std::{
    fs,
    path::Path,
    pin::Pin,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Error, app,
    browser::Browser,
    case::{From, On, Row, Seen, Servers, Visit},
    engine::REBOUND,
    examples::Examples,
    log::{Log, Names, record},
    processes::Process,
    roles::Architecture,
    servers::Port,
};

/// A case of its own making. It fails with an error that says what was expected and what was there.
pub type Scene = Box<dyn for<'a> Fn(&'a Stage<'a>) -> Playing<'a> + Send + Sync>;
pub type Playing<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

pub struct Stage<'a> {
    pub browser: &'a Browser,
    pub ground: &'a Ground,
    pub screenshots: Option<&'a Path>,
}

/// What all cases of a run share.
pub struct Ground {
    pub pages: Pages,
    pub examples: Examples,
}

/// The servers of pages, which have nothing of CORS.
pub struct Pages {
    page: String,
    second: String,
}

impl Pages {
    pub async fn serve() -> Result<Self, Error> {
        let (page, second) = (Port::free().await?, Port::free().await?);
        let pages = Self { page: page.url("localhost"), second: second.url("localhost") };
        page.serve(app::pages());
        second.serve(app::pages());
        Ok(pages)
    }
}

/// What a row came to, in a browser or in `tower-browser`.
#[derive(Clone, Debug, PartialEq)]
pub struct Came {
    /// What each page got.
    pub pages: Vec<Value>,
    /// What the servers saw.
    pub server: Vec<String>,
    pub beside: Vec<String>,
}

/// How that is judged.
pub enum Verdict {
    AsTheStandardSays,
    /// As the exception of this reason says.
    Exception(&'static str),
    Failure(String),
}

/// The servers of a row, running.
pub struct Set {
    pub on: On,
    /// What `From::Page` is.
    page: String,
    log: Log,
    beside_log: Log,
    _processes: Vec<Process>,
}

impl Set {
    /// What it came to, once the logs say all. `pages` are what the pages got.
    pub fn came(&self, pages: Vec<Value>) -> Came {
        Came { pages, server: self.log.lines(), beside: self.beside_log.lines() }
    }

    /// How long the logs may lag behind the responses.
    pub fn lag(&self) -> Duration {
        let is_here = self._processes.is_empty();
        if is_here { Duration::ZERO } else { Duration::from_millis(100) }
    }
}

impl Stage<'_> {
    /// Starts an example of the crate on a free port and gives its address.
    pub fn example(&self, name: &str) -> Result<(Process, String), Error> {
        self.ground.example(name)
    }

    /// Opens a page and waits until it is what an expression says.
    ///
    /// Drivers say when a page is loaded; geckodriver may say so too early if the page before it had
    /// frames, so the page is asked itself.
    pub async fn open(&self, url: &str, is_ready: &str) -> Result<(), Error> {
        self.browser.client.goto(url).await?;
        let url = url::Url::parse(url)?;
        let port = url.port().map_or(String::new(), |port| port.to_string());
        let script =
            format!("return location.port === arguments[0] && document.body && {is_ready}");
        let until = Instant::now() + Duration::from_secs(10);
        while self.browser.client.execute(&script, vec![port.as_str().into()]).await? != true {
            if Instant::now() > until {
                return Err(format!("{url} is not ready after 10 seconds").into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Keeps a picture of the page, if pictures are asked for.
    pub async fn screenshot(&self, name: &str) -> Result<(), Error> {
        if let Some(folder) = self.screenshots {
            fs::create_dir_all(folder)?;
            let file = folder.join(format!("{name}-{}.png", self.browser.engine));
            fs::write(file, self.browser.client.screenshot().await?)?;
        }
        Ok(())
    }

    pub async fn run(&self, row: &Row) -> Result<(Verdict, Came), Error> {
        let set = self.ground.set(row).await?;
        self.browser.clear_console().await?;
        let mut given = Vec::new();
        for visit in &row.visits {
            let result = self.visit(visit, &set).await;
            given.push(
                result.map_err(|error| format!("{error}\nthe server saw {:?}", set.log.lines()))?,
            );
        }

        let exception =
            row.exceptions.iter().find(|exception| exception.engine == self.browser.engine);
        let mut faults = Vec::new();
        let mut is_exception = false;
        let sides = [
            ("the server", &set.log, &row.server, exception.and_then(|it| it.server.as_ref())),
            (
                "the server beside it",
                &set.beside_log,
                &row.beside_seen,
                exception.and_then(|it| it.beside.as_ref()),
            ),
        ];
        for (name, log, expected, exceptional) in sides {
            match settled(log, expected, exceptional).await {
                Sight::AsExpected => {}
                Sight::Exceptional => is_exception = true,
                Sight::Else(lines) => {
                    let expected: Vec<_> =
                        expected.iter().map(|lines| format!("{lines:?}")).collect();
                    faults
                        .push(format!("{name} saw {lines:?}, expected {}", expected.join(" or ")));
                }
            }
        }
        for (position, (visit, given)) in row.visits.iter().zip(&given).enumerate() {
            if visit.gives.is_null() || visit.gives == *given {
                continue;
            }
            // An exception is about the last page.
            let exceptional = exception
                .filter(|_| position + 1 == row.visits.len())
                .and_then(|exception| exception.gives.as_ref());
            if exceptional == Some(given) {
                is_exception = true;
            } else {
                faults.push(format!("the page got {given}, expected {}", visit.gives));
            }
        }
        let fill = |text: &&str| text.replace("{page}", &set.on.page).replace("{api}", &set.on.api);
        for (engine, texts) in &row.console {
            if *engine == self.browser.engine {
                let texts: Vec<_> = texts.iter().map(fill).collect();
                if let Err(said) = self.browser.console_says(&texts).await? {
                    faults.push(format!("the console said {said:#?}, expected {texts:#?}"));
                }
            }
        }
        let verdict = match exception {
            _ if !faults.is_empty() => Verdict::Failure(faults.join("\n")),
            Some(exception) if is_exception => Verdict::Exception(exception.reason),
            _ => Verdict::AsTheStandardSays,
        };
        Ok((verdict, set.came(given)))
    }

    async fn visit(&self, visit: &Visit, set: &Set) -> Result<Value, Error> {
        let page = self.ground.address(visit, set);
        self.open(&format!("{page}/"), "typeof evaluate === 'function'").await?;
        self.forget_cookies().await?;
        self.browser.evaluate(visit.source, &globals(set)).await
    }

    /// WebKit may still send a cookie for a moment after it was deleted.
    async fn forget_cookies(&self) -> Result<(), Error> {
        let until = Instant::now() + Duration::from_secs(5);
        self.browser.client.delete_all_cookies().await?;
        while !self.browser.client.get_all_cookies().await?.is_empty() {
            if Instant::now() > until {
                return Err("the cookies of a case before stay".into());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            self.browser.client.delete_all_cookies().await?;
        }
        Ok(())
    }
}

/// What a page's script knows of a case.
pub fn globals(set: &Set) -> Value {
    let on = &set.on;
    json!({ "api": on.api, "beside": on.beside, "page": on.page })
}

impl Ground {
    fn example(&self, name: &str) -> Result<(Process, String), Error> {
        let program = self.examples.0.get(name).ok_or_else(|| format!("{name} is not built"))?;
        let process = Process::start(Command::new(program).arg("0"))?;
        let port = process.port_after("listening on http://127.0.0.1:")?;
        Ok((process, format!("http://localhost:{port}")))
    }

    /// Starts the servers of a row.
    pub async fn set(&self, row: &Row) -> Result<Set, Error> {
        let first = row.visits.first().expect("a case has a page").from;
        let mut on = On {
            page: self.page_origin(first),
            second: self.pages.second.clone(),
            api: String::new(),
            beside: String::new(),
        };
        let mut set = Set {
            on: on.clone(),
            page: self.pages.page.clone(),
            log: Log::default(),
            beside_log: Log::default(),
            _processes: Vec::new(),
        };
        match &row.servers {
            Servers::Here(serve) => {
                let (api, beside) = (Port::free().await?, Port::free().await?);
                on.api = api.url("localhost");
                on.beside = beside.url("localhost");
                match first {
                    From::Api => on.page = on.api.clone(),
                    From::Rebound => on.page = On::renamed(&on.api, REBOUND),
                    From::Page | From::Second | From::Host(_) => {}
                }
                let names = |api: &String| Names { page: on.page.clone(), api: api.clone() };
                api.serve(record(serve(&on), set.log.clone(), names(&on.api)));
                if let Some(serve) = &row.beside {
                    beside.serve(record(serve(&on), set.beside_log.clone(), names(&on.beside)));
                }
            }
            Servers::Processes(habits, backend) => {
                let started = Architecture::start(habits, *backend)?;
                set.page = started.page.clone();
                on.page = started.page;
                on.api = started.gateway;
                set.log = started.seen_by_backend;
                set._processes = started._processes;
            }
            Servers::Example(name) => {
                let (process, url) = self.example(name)?;
                on.api = url;
                // The one origin of a local page that the examples list.
                set.page = "http://localhost:8080".to_owned();
                on.page = set.page.clone();
                set._processes.push(process);
            }
        }
        set.on = on;
        Ok(set)
    }

    fn page_origin(&self, from: From) -> String {
        match from {
            From::Page | From::Api | From::Rebound => self.pages.page.clone(),
            From::Second => self.pages.second.clone(),
            From::Host(host) => On::renamed(&self.pages.page, host),
        }
    }

    /// Where a page stands.
    pub fn address(&self, visit: &Visit, set: &Set) -> String {
        match visit.from {
            From::Page => set.page.clone(),
            From::Api => set.on.api.clone(),
            From::Rebound => On::renamed(&set.on.api, REBOUND),
            From::Second | From::Host(_) => self.page_origin(visit.from),
        }
    }
}

enum Sight {
    AsExpected,
    Exceptional,
    Else(Vec<String>),
}

/// Waits until a log says what it should: a page does not wait for everything that it sends.
async fn settled(log: &Log, expected: &Seen, exceptional: Option<&Seen>) -> Sight {
    let until = Instant::now() + Duration::from_secs(3);
    loop {
        let lines = log.lines();
        if expected.is_empty() || expected.iter().any(|expected| *expected == lines) {
            return Sight::AsExpected;
        }
        if exceptional.is_some_and(|seen| seen.iter().any(|exceptional| *exceptional == lines)) {
            return Sight::Exceptional;
        }
        if Instant::now() > until {
            return Sight::Else(lines);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
