//! The settings. The environment overrides the settings file, which overrides the defaults.

mod error;
mod file;
mod networks;
mod print;
mod table;
mod value;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use alta_connect::Limits;
use alta_domain::FileLimits;
use alta_store::StoreLimits;

pub use self::error::ConfigError;
pub use self::networks::Networks;
pub use self::print::{to_markdown, to_text};
pub use self::table::Config;
pub use self::value::{NotWebAddress, Secret, SecretUrl, WebAddress};

use crate::connections::ConnectionLimits;

use self::table::SETTINGS;
use self::value::Written;

/// The environment variable that names the settings file when `--config` does not.
const FILE_VARIABLE: &str = "ALTA_CONFIG";

impl Config {
    /// Reads the settings. `file` is the settings file that the command line names. Without it,
    /// this is the file that `ALTA_CONFIG` names, or else `alta.toml` in the working directory, if
    /// that exists.
    ///
    /// # Errors
    /// When the file cannot be read, or when a setting has the wrong form. The message names the
    /// file, the line and the key, or the environment variable.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_with(file, |name| std::env::var_os(name))
    }

    /// Reads the settings with the environment that `variable` returns.
    fn load_with(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, ConfigError> {
        // People set a variable to an empty text to take back a value that is set elsewhere.
        let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
        let named = variable(FILE_VARIABLE).map(PathBuf::from);
        let mut config = file::read_file(file.or(named.as_deref()))?;
        for setting in SETTINGS {
            if let Some(text) = variable(setting.environment) {
                let written = text.to_str().map_or(Written::Other, Written::Variable);
                (setting.set)(&mut config, &written).map_err(|form| {
                    ConfigError::WrongVariable {
                        variable: setting.environment,
                        form,
                    }
                })?;
            }
        }
        Ok(config)
    }

    /// Returns the limits of files.
    #[must_use]
    pub fn limits(&self) -> FileLimits {
        FileLimits {
            bytes: self.max_file_bytes,
            records: self.max_file_records,
            columns: self.max_file_columns,
        }
    }

    /// Returns the limits of connections.
    #[must_use]
    pub fn connection_limits(&self) -> ConnectionLimits {
        let is_behind_proxy = self.client_address_header.is_some();
        ConnectionLimits {
            all: self.max_connections,
            of_network: self.network_connections,
            proxies: if is_behind_proxy {
                self.trusted_proxies.clone()
            } else {
                Networks::default()
            },
            patience: Duration::from_secs(self.idle_body_seconds),
        }
    }

    /// Returns the limits of the store.
    #[must_use]
    pub fn store_limits(&self) -> StoreLimits {
        StoreLimits {
            file: self.limits(),
            undo_days: self.undo_days,
            reject_days: self.reject_days,
            bin_days: self.bin_days,
            preview_contacts: self.preview_contacts,
            searches: self.max_searches,
            max_decisions: self.max_decisions,
            address_changes: self.address_changes,
            invitation_mails: self.invitation_mails,
            batch_wait_ms: self.batch_wait_ms,
            sync_lease_ms: self.sync_lease_seconds.max(1).saturating_mul(1000),
            sync_notice_ms: self.sync_notice_seconds.saturating_mul(1000),
        }
    }

    /// Returns the limits of requests to connected systems.
    #[must_use]
    pub fn system_limits(&self) -> Limits {
        Limits {
            answer_bytes: self.max_answer_bytes,
            answer_values: self.max_answer_values,
            answer_records: self.max_answer_records,
            record_bytes: self.max_record_bytes,
            run_pages: self.max_run_pages,
            cut_runs: self.max_cut_runs,
            allow_private: self.allow_private_systems,
        }
    }

    /// Returns the URL of the database, with its password.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .as_ref()
            .map_or_else(|| sqlite_url(&self.data), |url| url.reveal().to_owned())
    }

    /// Returns the address that people open, without a slash at its end. Without `public_url`, this
    /// is the address that the server listens on.
    #[must_use]
    pub fn base(&self, listening: SocketAddr) -> String {
        self.public_url.as_ref().map_or_else(
            || format!("http://{listening}"),
            |url| url.as_str().to_owned(),
        )
    }

    /// Returns true when people reach the server over TLS, or without `public_url` when it listens
    /// for other machines. Cookies are then `Secure`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url
            .as_ref()
            .map_or(!self.listen.ip().is_loopback(), WebAddress::is_encrypted)
    }
}

/// Returns the URL of the SQLite file of a data directory.
fn sqlite_url(data: &Path) -> String {
    format!("sqlite:{}?mode=rwc", data.join("alta.db").display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("alta.toml");
        std::fs::write(&path, file).unwrap();
        Config::load_with(Some(&path), |name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, text)| OsString::from(text))
        })
    }

    fn refusal(variables: &[(&str, &str)]) -> String {
        load("", variables).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn the_environment_comes_before_the_file_and_the_file_before_the_default() {
        let file = "max_file_bytes = 5\nundo_days = 6";
        let config = load(file, &[("ALTA_MAX_FILE_BYTES", "7")]).unwrap();
        assert_eq!((config.max_file_bytes, config.undo_days), (7, 6));
        assert_eq!(config.preview_contacts, Config::default().preview_contacts);
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let empty = [
            ("ALTA_UNDO_DAYS", ""),
            ("ALTA_SMTP_URL", ""),
            ("ALTA_PUBLIC_URL", ""),
        ];
        let config = load("undo_days = 6", &empty).unwrap();
        assert_eq!(config.undo_days, 6);
        assert!(config.smtp_url.is_none() && config.public_url.is_none());
    }

    #[test]
    fn a_wrong_variable_is_named_with_the_form_it_must_have() {
        assert_eq!(
            refusal(&[("ALTA_LISTEN", "here")]),
            "the environment variable ALTA_LISTEN must be an IP address and a port, \
             such as \"127.0.0.1:3000\""
        );
        assert!(refusal(&[("ALTA_UNDO_DAYS", "soon")]).contains("ALTA_UNDO_DAYS must be a whole"));
        assert!(refusal(&[("ALTA_PUBLIC_URL", "alta.example.com")]).contains("ALTA_PUBLIC_URL"));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("alta.toml");
        std::fs::write(&path, "").unwrap();
        let latin = |name: &str| (name == "ALTA_DATA").then(|| OsString::from_vec(vec![0xe3]));
        let error = Config::load_with(Some(&path), latin)
            .map(|_| ())
            .unwrap_err();
        assert!(
            error.to_string().contains("ALTA_DATA must be a path"),
            "{error}"
        );
    }

    #[test]
    fn the_file_that_the_environment_names_is_read_and_must_be_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("other.toml");
        let load = || {
            let named = |name: &str| (name == "ALTA_CONFIG").then(|| path.clone().into());
            Config::load_with(None, named)
        };
        let missing = load().map(|_| ()).unwrap_err().to_string();
        assert!(
            missing.ends_with("leave out --config and ALTA_CONFIG"),
            "{missing}"
        );
        std::fs::write(&path, "undo_days = 8").unwrap();
        assert_eq!(load().unwrap().undo_days, 8);
    }

    #[test]
    fn cookies_are_secure_on_public_addresses() {
        let config = |file: &str| load(file, &[]).unwrap();
        assert!(!config("").is_secure());
        assert!(config("listen = \"0.0.0.0:80\"").is_secure());
        assert!(config("public_url = \"https://alta.example.com\"").is_secure());
        assert!(!config("listen = \"0.0.0.0:80\"\npublic_url = \"http://alta\"").is_secure());
    }
}
