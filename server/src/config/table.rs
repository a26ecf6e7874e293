//! The table of all settings. Each setting is declared once. From this declaration the compiler
//! makes the struct, its defaults, the reading of the environment and of the settings file, and the
//! table of README.md.

use std::net::SocketAddr;
use std::path::PathBuf;

use alta_connect::Limits;
use alta_domain::FileLimits;
use alta_store::StoreLimits;

use super::networks::Networks;
use super::value::{Secret, SecretUrl, SettingValue, WebAddress, Written};

/// One setting, without its value.
pub(super) struct Setting {
    /// The setting's key in the settings file.
    pub(super) name: &'static str,
    /// The setting's environment variable.
    pub(super) environment: &'static str,
    /// The setting's description, as Markdown.
    pub(super) description: &'static str,
    /// Writes a value into the settings; the error is the form that the value must have.
    pub(super) set: fn(&mut Config, &Written<'_>) -> Result<(), String>,
    /// Returns the value as text, its secrets masked; `None` when it is not set.
    pub(super) show: fn(&Config) -> Option<String>,
}

/// Reads a value into its field; the error is the form that the value must have.
fn set<T: SettingValue>(field: &mut T, written: &Written<'_>) -> Result<(), String> {
    *field = T::read(written).ok_or_else(T::form)?;
    Ok(())
}

/// Declares the settings. An entry is a description, the name, the type, the default and the
/// environment variable.
macro_rules! settings {
    ($(
        $(#[doc = $description:literal])+
        $name:ident: $type:ty = $default:expr, $environment:literal;
    )+) => {
        /// The settings of the server; each has a default.
        #[derive(Clone)]
        pub struct Config {
            $( $(#[doc = $description])+ pub $name: $type, )+
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $( $name: $default, )+ }
            }
        }

        /// All settings, in the order of the documentation.
        pub(super) static SETTINGS: &[Setting] = &[ $( Setting {
            name: stringify!($name),
            environment: $environment,
            description: concat!($($description),+),
            set: |config, written| set(&mut config.$name, written),
            show: |config| SettingValue::show(&config.$name),
        }, )+ ];
    };
}

settings! {
    /// The IP address and the port that the server listens on.
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 3000)), "ALTA_LISTEN";

    /// The data directory: the SQLite database, `secret.key`, and manifests of systems in
    /// `systems/`.
    data: PathBuf = PathBuf::from("data"), "ALTA_DATA";

    /// The database: `sqlite:PATH?mode=rwc` or `postgres://user:password@host/database`. When it
    /// is not set, a SQLite file in the data directory.
    database_url: Option<SecretUrl> = None, "DATABASE_URL";

    /// The address that people open, such as `https://alta.example.com`, when a proxy stands in
    /// front. With `https://` cookies are `Secure`. When it is not set, the address of `listen`.
    public_url: Option<WebAddress> = None, "ALTA_PUBLIC_URL";

    /// The header in which a proxy in front names the client, such as `x-forwarded-for` or
    /// `forwarded`; its last entry counts that is no trusted proxy.
    client_address_header: Option<String> = None, "ALTA_CLIENT_ADDRESS_HEADER";

    /// The networks of the proxies whose `client_address_header` is believed, between commas;
    /// `none` believes nobody.
    trusted_proxies: Networks = Networks::loopback(), "ALTA_TRUSTED_PROXIES";

    /// The keys that encrypt secrets in the database, from `alta key new`, the current one first.
    /// All servers of one database need the same. When it is not set, `secret.key` of the data
    /// directory.
    secret_key: Option<Secret> = None, "ALTA_SECRET_KEY";

    /// Bytes that a file may have; the default is 75 MiB.
    max_file_bytes: u64 = FileLimits::default().bytes, "ALTA_MAX_FILE_BYTES";

    /// Data records that a file may have.
    max_file_records: u32 = FileLimits::default().records, "ALTA_MAX_FILE_RECORDS";

    /// Columns of a file that can be imported; cells after them are reported as too many.
    max_file_columns: u32 = FileLimits::default().columns, "ALTA_MAX_FILE_COLUMNS";

    /// Bytes that one batch of an import may have; the default is 16 MiB.
    max_batch_bytes: usize = 16 * 1024 * 1024, "ALTA_MAX_BATCH_BYTES";

    /// Milliseconds that a batch of an import waits for the batch before it, when that one arrives
    /// later.
    batch_wait_ms: u64 = StoreLimits::default().batch_wait_ms, "ALTA_BATCH_WAIT_MS";

    /// Contacts of an organization up to which the wizard says in advance how many an import will
    /// change.
    preview_contacts: u64 = StoreLimits::default().preview_contacts, "ALTA_PREVIEW_CONTACTS";

    /// Searches of contacts that run at once, of all users; each user has one at a time.
    max_searches: u32 = StoreLimits::default().searches, "ALTA_MAX_SEARCHES";

    /// Decisions about columns that the plan of an import may have.
    max_decisions: usize = StoreLimits::default().max_decisions, "ALTA_MAX_DECISIONS";

    /// Days in which an import can be undone.
    undo_days: u32 = StoreLimits::default().undo_days, "ALTA_UNDO_DAYS";

    /// Days for which the rejected rows of an imported file are kept.
    reject_days: u32 = StoreLimits::default().reject_days, "ALTA_REJECT_DAYS";

    /// Days after which a contact in the bin is erased for good.
    bin_days: u32 = StoreLimits::default().bin_days, "ALTA_BIN_DAYS";

    /// Seconds without a byte after which the server gives up a request.
    idle_body_seconds: u64 = 30, "ALTA_IDLE_BODY_SECONDS";

    /// Bytes a second at which the body of a request arrives at least, once it had
    /// `idle_body_seconds`.
    least_body_rate: u64 = 512, "ALTA_LEAST_BODY_RATE";

    /// Connections of clients at once. There are fewer where the system lets the process open
    /// fewer files.
    max_connections: u32 = 4096, "ALTA_MAX_CONNECTIONS";

    /// Connections at once from one public network: 24 bits of an IPv4 address, 48 of an IPv6
    /// address. Those of trusted proxies do not count.
    network_connections: u32 = 512, "ALTA_NETWORK_CONNECTIONS";

    /// Wrong passwords for one account from one network that cost no wait; the tries after them
    /// come one by one.
    sign_in_failures: u32 = 10, "ALTA_SIGN_IN_FAILURES";

    /// Milliseconds between two tries of a password beyond these.
    sign_in_pause_ms: u64 = 2_000, "ALTA_SIGN_IN_PAUSE_MS";

    /// Failures of one network in a minute that cost no wait: wrong passwords, links and codes.
    network_failures: u32 = 100, "ALTA_NETWORK_FAILURES";

    /// Changes of its e-mail address that an account may ask for within an hour. Each sends a mail
    /// to the new address and a warning to the present one.
    address_changes: u32 = StoreLimits::default().address_changes, "ALTA_ADDRESS_CHANGES";

    /// Mails with invitations that an organization may send within an hour.
    invitation_mails: u32 = StoreLimits::default().invitation_mails, "ALTA_INVITATION_MAILS";

    /// The mail server: `smtps://user:password@host`, or `smtp://host:587`, which means STARTTLS
    /// unless it is on this machine; `smtp://host?tls=none` is plain text. When it is not set,
    /// people pass on the links of invitations themselves.
    smtp_url: Option<SecretUrl> = None, "ALTA_SMTP_URL";

    /// The sender of mails.
    mail_from: String = "Alta <alta@localhost.localdomain>".to_owned(), "ALTA_MAIL_FROM";

    /// The issuer for signing in with the company's own accounts (OpenID Connect). People need an
    /// account here, too. The provider must allow the redirect to `/api/single-sign-on/return` of
    /// the public address.
    oidc_issuer: Option<String> = None, "ALTA_OIDC_ISSUER";

    /// The client id that the issuer gave to this server.
    oidc_client_id: Option<String> = None, "ALTA_OIDC_CLIENT_ID";

    /// The client secret that the issuer gave to this server, if any.
    oidc_client_secret: Option<Secret> = None, "ALTA_OIDC_CLIENT_SECRET";

    /// The name of the company's accounts on the sign-in button.
    oidc_name: String = "SSO".to_owned(), "ALTA_OIDC_NAME";

    /// Seconds between two runs of a connected system.
    sync_every_seconds: u64 = 15 * 60, "ALTA_SYNC_EVERY_SECONDS";

    /// Connected systems that are read at the same time.
    syncs_at_once: usize = 16, "ALTA_SYNCS_AT_ONCE";

    /// Seconds without a sign of life of the server that reads a system, after which another
    /// server may go on with it.
    sync_lease_seconds: u32 = StoreLimits::default().sync_lease_ms / 1000,
        "ALTA_SYNC_LEASE_SECONDS";

    /// Seconds between a system's notice of a change (webhook) and the run that reads the change.
    sync_notice_seconds: u32 = StoreLimits::default().sync_notice_ms / 1000,
        "ALTA_SYNC_NOTICE_SECONDS";

    /// Allows Admins to enter addresses of this machine and of private networks, for systems in
    /// the company's own network (see `docs/systems.md`).
    allow_private_systems: bool = Limits::default().allow_private, "ALTA_ALLOW_PRIVATE_SYSTEMS";

    /// Bytes that an answer of a system may have; the default is 32 MiB.
    max_answer_bytes: usize = Limits::default().answer_bytes, "ALTA_MAX_ANSWER_BYTES";

    /// Values that an answer of a system in JSON may have; a list or an object counts as sixteen.
    max_answer_values: usize = Limits::default().answer_values, "ALTA_MAX_ANSWER_VALUES";

    /// Records that an answer of a system may have.
    max_answer_records: usize = Limits::default().answer_records, "ALTA_MAX_ANSWER_RECORDS";

    /// Bytes that a record of a system may have as JSON; a larger one is set aside.
    max_record_bytes: usize = Limits::default().record_bytes, "ALTA_MAX_RECORD_BYTES";

    /// Pages of one list that a run may read.
    max_run_pages: u32 = Limits::default().run_pages, "ALTA_MAX_RUN_PAGES";

    /// Runs in a row that fail at the same record, after which the record is skipped and reported.
    max_cut_runs: u32 = Limits::default().cut_runs, "ALTA_MAX_CUT_RUNS";
}
