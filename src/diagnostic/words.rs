//! `Words`: how a setting is written, as a builder call or in a file.

use super::setting::Setting;

/// Where the settings were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// Builder calls.
    Builder,
    /// The lines of a TOML file. Every format has the same keys.
    Config,
}

impl Words {
    /// The text that lists these items.
    pub(crate) fn list(self, setting: Setting, items: &[&str]) -> String {
        let items: Vec<_> = items.iter().map(|item| format!("{item:?}")).collect();
        match self {
            Self::Builder => format!(".{setting}([{}])", items.join(", ")),
            Self::Config => format!("{setting} = [{}]", items.join(", ")),
        }
    }

    /// The text that adds items to a list with others. If the list is long, only what to add.
    pub(crate) fn add(self, setting: Setting, kept: &[String], items: &[&str]) -> String {
        match self {
            Self::Config if kept.len() > 8 => {
                let items: Vec<_> = items.iter().map(|item| format!("{item:?}")).collect();
                format!("add {} to {setting}", items.join(", "))
            }
            _ => {
                let items = kept.iter().map(String::as_str).chain(items.iter().copied());
                self.list(setting, &items.collect::<Vec<_>>())
            }
        }
    }

    pub(crate) fn switch(self, setting: Setting) -> String {
        match self {
            Self::Builder => format!(".{setting}(true)"),
            Self::Config => format!("{setting} = true"),
        }
    }
}
