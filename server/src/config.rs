//! Settings: defaults, then `alta.toml`, then the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use alta_connect::Limits;
use alta_domain::FileLimits;
use alta_store::StoreLimits;
use anyhow::Context;
use serde::Deserialize;

/// All settings; each has a default.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens; `ALTA_LISTEN`.
    pub listen: SocketAddr,
    /// Where data is kept; `ALTA_DATA`.
    pub data: PathBuf,
    /// `sqlite:PATH?mode=rwc` or `postgres://...`; `DATABASE_URL`. By default a SQLite file in the
    /// data directory.
    pub database_url: Option<String>,
    /// Bytes a file may have; `ALTA_MAX_FILE_BYTES`.
    pub max_file_bytes: u64,
    /// Data records a file may have; `ALTA_MAX_FILE_RECORDS`.
    pub max_file_records: u32,
    /// Columns of a file that can be imported; `ALTA_MAX_FILE_COLUMNS`.
    pub max_file_columns: u32,
    /// Bytes a batch of an import may have; `ALTA_MAX_BATCH_BYTES`.
    pub max_batch_bytes: usize,
    /// Days in which an import can be taken back; `ALTA_UNDO_DAYS`.
    pub undo_days: u32,
    /// Contacts up to which a browser is told what an import would do before it begins;
    /// `ALTA_PREVIEW_CONTACTS`.
    pub preview_contacts: u64,
    /// The issuer of the company's own accounts (OpenID Connect); `ALTA_OIDC_ISSUER`.
    pub oidc_issuer: Option<String>,
    /// Who we are to it; `ALTA_OIDC_CLIENT_ID`.
    pub oidc_client_id: Option<String>,
    /// And how we prove it; `ALTA_OIDC_CLIENT_SECRET`.
    pub oidc_client_secret: Option<String>,
    /// What those accounts are called on the button; `ALTA_OIDC_NAME`.
    pub oidc_name: String,
    /// Seconds after which a request that sends nothing is given up; `ALTA_IDLE_BODY_SECONDS`.
    pub idle_body_seconds: u64,
    /// The keys that secrets are sealed with, as `alta key new` makes them, the current one first;
    /// without them the data directory's `secret.key`. `ALTA_SECRET_KEY`.
    pub secret_key: Option<String>,
    /// Milliseconds that a batch of an import waits for the one before it, when it arrived first;
    /// `ALTA_BATCH_WAIT_MS`.
    pub batch_wait_ms: u64,
    /// Seconds between two runs of a connected system; `ALTA_SYNC_EVERY_SECONDS`.
    pub sync_every_seconds: u64,
    /// Seconds after which another server may go on with a system, when the one that reads it says
    /// nothing; `ALTA_SYNC_LEASE_SECONDS`.
    pub sync_lease_seconds: u32,
    /// Seconds between a system's notice of a change and the run that looks for it;
    /// `ALTA_SYNC_NOTICE_SECONDS`.
    pub sync_notice_seconds: u32,
    /// Connected systems that are read at once; `ALTA_SYNCS_AT_ONCE`.
    pub syncs_at_once: usize,
    /// Bytes an answer of a system may have; `ALTA_MAX_ANSWER_BYTES`.
    pub max_answer_bytes: usize,
    /// Records an answer of a system may have; `ALTA_MAX_ANSWER_RECORDS`.
    pub max_answer_records: usize,
    /// Pages of one list that a run may read; `ALTA_MAX_RUN_PAGES`.
    pub max_run_pages: u32,
    /// Runs in a row that a fault may cut off, before a record that its system fails to tell is
    /// set aside; `ALTA_MAX_CUT_RUNS`.
    pub max_cut_runs: u32,
    /// Admins may type addresses of this machine and of private networks, for systems in the
    /// company's own house; `ALTA_ALLOW_PRIVATE_SYSTEMS`.
    pub allow_private_systems: bool,
    /// The header in which a proxy in front says whom it asks for, such as `x-forwarded-for`: its
    /// last entry counts; `ALTA_CLIENT_ADDRESS_HEADER`. Only with such a proxy: anybody can
    /// send a header.
    pub client_address_header: Option<String>,
    /// The mail server, such as `smtps://user:password@mail.example.com` or `smtp://localhost:25`;
    /// `ALTA_SMTP_URL`. Without one, links are handed over.
    pub smtp_url: Option<String>,
    /// From whom the mails come, such as `Alta <alta@example.com>`; `ALTA_MAIL_FROM`.
    pub mail_from: String,
    /// The address people see, when a proxy stands in front, such as `https://alta.example.com`; `ALTA_PUBLIC_URL`.
    pub public_url: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        let limits = FileLimits::default();
        let StoreLimits {
            undo_days,
            preview_contacts,
            batch_wait_ms,
            sync_lease_ms,
            sync_notice_ms,
        } = StoreLimits::default();
        let Limits {
            answer_bytes,
            answer_records,
            run_pages,
            cut_runs,
            allow_private,
        } = Limits::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            data: PathBuf::from("data"),
            database_url: None,
            max_file_bytes: limits.bytes,
            max_file_records: limits.records,
            max_file_columns: limits.columns,
            max_batch_bytes: 16 * 1024 * 1024,
            undo_days,
            preview_contacts,
            batch_wait_ms,
            idle_body_seconds: 30,
            sync_every_seconds: 15 * 60,
            sync_lease_seconds: sync_lease_ms / 1000,
            sync_notice_seconds: sync_notice_ms / 1000,
            syncs_at_once: 16,
            max_answer_bytes: answer_bytes,
            max_answer_records: answer_records,
            max_run_pages: run_pages,
            max_cut_runs: cut_runs,
            allow_private_systems: allow_private,
            secret_key: None,
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_name: "SSO".to_owned(),
            client_address_header: None,
            smtp_url: None,
            mail_from: "Alta <alta@localhost.localdomain>".to_owned(),
            public_url: None,
        }
    }
}

impl Config {
    /// Reads `alta.toml` of the working directory, if there is one, and the environment.
    ///
    /// # Errors
    /// When a setting is not what it should be; the message names it.
    pub fn load() -> anyhow::Result<Self> {
        let mut config = match std::fs::read_to_string("alta.toml") {
            Ok(text) => toml::from_str(&text).context("alta.toml")?,
            Err(_) => Self::default(),
        };
        config.take_environment(|name| std::env::var(name).ok())?;
        Ok(config)
    }

    fn take_environment(
        &mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<()> {
        let variable = &variable;
        take("ALTA_LISTEN", variable, &mut self.listen)?;
        take("ALTA_DATA", variable, &mut self.data)?;
        take("ALTA_MAX_FILE_BYTES", variable, &mut self.max_file_bytes)?;
        take(
            "ALTA_MAX_FILE_RECORDS",
            variable,
            &mut self.max_file_records,
        )?;
        take(
            "ALTA_MAX_FILE_COLUMNS",
            variable,
            &mut self.max_file_columns,
        )?;
        take("ALTA_MAX_BATCH_BYTES", variable, &mut self.max_batch_bytes)?;
        take("ALTA_UNDO_DAYS", variable, &mut self.undo_days)?;
        take(
            "ALTA_PREVIEW_CONTACTS",
            variable,
            &mut self.preview_contacts,
        )?;
        take("ALTA_BATCH_WAIT_MS", variable, &mut self.batch_wait_ms)?;
        take(
            "ALTA_IDLE_BODY_SECONDS",
            variable,
            &mut self.idle_body_seconds,
        )?;
        take(
            "ALTA_SYNC_EVERY_SECONDS",
            variable,
            &mut self.sync_every_seconds,
        )?;
        take(
            "ALTA_SYNC_LEASE_SECONDS",
            variable,
            &mut self.sync_lease_seconds,
        )?;
        take(
            "ALTA_SYNC_NOTICE_SECONDS",
            variable,
            &mut self.sync_notice_seconds,
        )?;
        take("ALTA_SYNCS_AT_ONCE", variable, &mut self.syncs_at_once)?;
        take(
            "ALTA_MAX_ANSWER_BYTES",
            variable,
            &mut self.max_answer_bytes,
        )?;
        take(
            "ALTA_MAX_ANSWER_RECORDS",
            variable,
            &mut self.max_answer_records,
        )?;
        take("ALTA_MAX_RUN_PAGES", variable, &mut self.max_run_pages)?;
        take("ALTA_MAX_CUT_RUNS", variable, &mut self.max_cut_runs)?;
        take(
            "ALTA_ALLOW_PRIVATE_SYSTEMS",
            variable,
            &mut self.allow_private_systems,
        )?;
        take("ALTA_OIDC_NAME", variable, &mut self.oidc_name)?;
        self.oidc_issuer = variable("ALTA_OIDC_ISSUER").or(self.oidc_issuer.take());
        self.oidc_client_id = variable("ALTA_OIDC_CLIENT_ID").or(self.oidc_client_id.take());
        self.oidc_client_secret =
            variable("ALTA_OIDC_CLIENT_SECRET").or(self.oidc_client_secret.take());
        self.secret_key = variable("ALTA_SECRET_KEY").or(self.secret_key.take());
        take("ALTA_MAIL_FROM", variable, &mut self.mail_from)?;
        self.client_address_header =
            variable("ALTA_CLIENT_ADDRESS_HEADER").or(self.client_address_header.take());
        self.smtp_url = variable("ALTA_SMTP_URL").or(self.smtp_url.take());
        self.database_url = variable("DATABASE_URL").or(self.database_url.take());
        self.public_url = variable("ALTA_PUBLIC_URL").or(self.public_url.take());
        Ok(())
    }

    /// How much a file may hold.
    #[must_use]
    pub fn limits(&self) -> FileLimits {
        FileLimits {
            bytes: self.max_file_bytes,
            records: self.max_file_records,
            columns: self.max_file_columns,
        }
    }

    /// What is kept and answered.
    #[must_use]
    pub fn store_limits(&self) -> StoreLimits {
        StoreLimits {
            undo_days: self.undo_days,
            preview_contacts: self.preview_contacts,
            batch_wait_ms: self.batch_wait_ms,
            sync_lease_ms: self.sync_lease_seconds.max(1).saturating_mul(1000),
            sync_notice_ms: self.sync_notice_seconds.saturating_mul(1000),
        }
    }

    /// The database's address.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| sqlite_url(&self.data))
    }

    /// The address people see, without a slash behind it.
    #[must_use]
    pub fn base(&self, listening: SocketAddr) -> String {
        let shown = self
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/').to_owned());
        shown.unwrap_or_else(|| format!("http://{listening}"))
    }

    /// Whether people reach the server over TLS: cookies are then `Secure`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url
            .as_ref()
            .map_or(!self.listen.ip().is_loopback(), |url| {
                url.starts_with("https://")
            })
    }
}

/// Takes a setting from the environment, where it is there.
fn take<T>(
    name: &'static str,
    variable: &impl Fn(&str) -> Option<String>,
    slot: &mut T,
) -> anyhow::Result<()>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    if let Some(text) = variable(name) {
        *slot = text.parse().context(name)?;
    }
    Ok(())
}

/// The SQLite file of a data directory.
#[must_use]
pub fn sqlite_url(data: &Path) -> String {
    format!("sqlite:{}?mode=rwc", data.join("alta.db").display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_comes_last_and_what_is_wrong_is_named() {
        let mut config: Config =
            toml::from_str("max_file_bytes = 5\nlisten = \"0.0.0.0:80\"").unwrap();
        config
            .take_environment(|name| (name == "ALTA_MAX_FILE_BYTES").then(|| "7".to_owned()))
            .unwrap();
        assert_eq!((config.max_file_bytes, config.is_secure()), (7, true));
        let wrong = config
            .take_environment(|name| (name == "ALTA_LISTEN").then(|| "here".to_owned()))
            .unwrap_err();
        assert_eq!(wrong.to_string(), "ALTA_LISTEN");
        assert!(toml::from_str::<Config>("lisen = 1").is_err());
    }
}
