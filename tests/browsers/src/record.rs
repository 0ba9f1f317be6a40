//! `Record`: what an engine did in each case, kept in a file, so that `tower-browser` is compared with
//! it where no browser is.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{Error, engine::Engine, repository, scene::Came};

pub struct Record {
    engine: Engine,
    pub versions: String,
    cases: BTreeMap<String, Came>,
}

impl Record {
    pub fn new(engine: Engine, versions: String) -> Self {
        Self { engine, versions, cases: BTreeMap::new() }
    }

    pub fn add(&mut self, name: &str, came: Came) {
        self.cases.insert(name.to_owned(), came);
    }

    pub fn of(&self, name: &str) -> Option<&Came> {
        self.cases.get(name)
    }

    fn file(engine: Engine) -> PathBuf {
        repository().join(format!("tests/browsers/recorded/{engine}.json"))
    }

    pub fn read(engine: Engine) -> Result<Self, Error> {
        let file = Self::file(engine);
        let text = fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}; --record makes it", file.display()))?;
        let value: Value = serde_json::from_str(&text)?;
        let mut record = Self::new(engine, value["versions"].as_str().unwrap_or_default().into());
        for (name, came) in value["cases"].as_object().into_iter().flatten() {
            let lines = |name: &str| -> Vec<String> {
                let lines = came[name].as_array().into_iter().flatten();
                lines.filter_map(|line| Some(line.as_str()?.to_owned())).collect()
            };
            let pages = came["pages"].as_array().cloned().unwrap_or_default();
            let came = Came { pages, server: lines("server"), beside: lines("beside") };
            record.add(name, came);
        }
        Ok(record)
    }

    /// What was recorded of other cases stays, if there still is a case of that name.
    pub fn write(&self, names: &[&str]) -> Result<(), Error> {
        let mut cases = Self::read(self.engine).map(|old| old.cases).unwrap_or_default();
        cases.extend(self.cases.iter().map(|(name, came)| (name.clone(), came.clone())));
        let cases: serde_json::Map<_, _> = cases
            .into_iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .map(|(name, came)| {
                let Came { pages, server, beside } = came;
                let mut value = json!({ "pages": pages, "server": server });
                if !beside.is_empty() {
                    value["beside"] = json!(beside);
                }
                (name, value)
            })
            .collect();
        let value = json!({ "versions": self.versions, "cases": cases });
        Ok(fs::write(Self::file(self.engine), format!("{value:#}\n"))?)
    }
}
