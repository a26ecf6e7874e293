//! The errors of settings. An error names a value by its key or variable and never shows the value,
//! which may be a secret.

use std::path::PathBuf;

/// The reason why the settings cannot be used, for the person who wrote them.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that `--config` or `ALTA_CONFIG` names does not exist.
    #[error("{}: there is no such file; create it, or leave out --config and ALTA_CONFIG",
        file.display())]
    Missing {
        /// The settings file.
        file: PathBuf,
    },
    /// The file exists and cannot be read.
    #[error("{}: it cannot be read ({error}); make it a file that this user may read, or remove it",
        file.display())]
    Unreadable {
        /// The settings file.
        file: PathBuf,
        /// The reason that the operating system gives.
        error: std::io::Error,
    },
    /// The settings file is not UTF-8.
    #[error("{}, line {line}: this is not UTF-8; save the file as UTF-8", file.display())]
    NotUtf8 {
        /// The settings file.
        file: PathBuf,
        /// The line of the first wrong byte, from 1.
        line: usize,
    },
    /// The settings file is not TOML.
    #[error("{}, line {line}{}: this is not TOML ({message}); write settings as `name = value`",
        file.display(), place(*key))]
    NotToml {
        /// The settings file.
        file: PathBuf,
        /// The line of the error, from 1.
        line: usize,
        /// The setting of that line; `None` when the line is of no setting.
        key: Option<&'static str>,
        /// The reason that the parser gives.
        message: String,
    },
    /// The settings file has a key that is no setting.
    #[error("{}, line {line}: there is no setting `{key}`{}; `alta settings` lists all",
        file.display(), suggestion(*similar))]
    UnknownKey {
        /// The settings file.
        file: PathBuf,
        /// The line of the key, from 1.
        line: usize,
        /// The unknown key, as the file has it.
        key: String,
        /// The setting with the most similar name; `None` when no name is similar.
        similar: Option<&'static str>,
    },
    /// A value of the settings file has the wrong type or form.
    #[error("{}, line {line}: `{key}` must be {form}", file.display())]
    WrongValue {
        /// The settings file.
        file: PathBuf,
        /// The line of the value, from 1.
        line: usize,
        /// The key.
        key: &'static str,
        /// The form that a value must have.
        form: String,
    },
    /// An environment variable has the wrong form.
    #[error("the environment variable {variable} must be {form}")]
    WrongVariable {
        /// The name of the variable.
        variable: &'static str,
        /// The form that its value must have.
        form: String,
    },
}

/// Returns the part of a message that names the setting of a line; empty when it is not known.
fn place(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!(", `{key}`"))
}

/// Returns the part of a message that suggests a setting; empty when no setting is similar.
fn suggestion(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}
