//! The arguments of `alta`; `alta --help` prints their descriptions.

use std::path::PathBuf;

use alta_domain::{Country, FileLimits, Language, Role};
use clap::{Parser, Subcommand};

use crate::import::ImportArguments;

/// Alta: the first hour of a customer platform.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// The settings file, which must exist; else the one that `ALTA_CONFIG` names, else
    /// `alta.toml` of the working directory, if it exists.
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Data(Data),
    #[command(flatten)]
    Engine(Engine),
    /// Prints every setting: its name, environment variable, default, and value in force, with
    /// secrets masked.
    Settings {
        /// Prints the table of README.md: Markdown, with descriptions in place of values.
        #[arg(long)]
        markdown: bool,
    },
}

/// The commands that open the database.
#[derive(Debug, Subcommand)]
pub(super) enum Data {
    /// Migrates the database and starts the server.
    Serve,
    /// Migrates the database to the newest schema.
    Migrate,
    /// Creates the organization and its first Admin without the set-up link; the password is read
    /// from standard input.
    SetUp {
        /// The organization's name.
        #[arg(long)]
        organization: String,
        /// The country's two letters; national phone numbers are read as that country's.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
        /// The language of the organization: es, pt-BR or en.
        #[arg(long, default_value = "es", value_parser = parse_language)]
        language: Language,
        /// The Admin's name.
        #[arg(long)]
        name: String,
        /// The Admin's address.
        #[arg(long)]
        email: String,
    },
    /// People who sign in.
    #[command(subcommand)]
    User(User),
    /// The key that encrypts secrets.
    #[command(subcommand)]
    Key(Key),
    /// Imports a file as the wizard would. Run again after an interruption, it continues there.
    Import(ImportArguments),
    /// Prints the contacts of an organization, one a line, in the order of their ids.
    Contacts {
        /// The organization's slug; may be left out when there is one organization.
        #[arg(long)]
        organization: Option<String>,
        /// Prints one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Prints the imports of an organization, one a line, the newest first.
    Imports {
        /// The organization's slug; may be left out when there is one organization.
        #[arg(long)]
        organization: Option<String>,
        /// Prints one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Undoes an import, the last or an earlier one. Run again after an interruption, it goes on
    /// there.
    Undo {
        /// The number of the import.
        import: i64,
        /// The organization's slug; else it is the import's.
        #[arg(long)]
        organization: Option<String>,
        /// Says what would be taken back and what would stay, and changes nothing.
        #[arg(long)]
        preview: bool,
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Writes the rejected records of an import as CSV. Corrected, the file comes back through
    /// `alta import`.
    Rejects {
        /// The number of the import.
        import: i64,
        /// The organization's slug; else it is the import's.
        #[arg(long)]
        organization: Option<String>,
    },
    /// Writes a copy of the database while it is in use (SQLite; for PostgreSQL see
    /// docs/backup.md).
    Backup {
        /// The file to write; it must not exist.
        to: PathBuf,
    },
}

/// The commands that need no database and no settings.
#[derive(Debug, Subcommand)]
pub(super) enum Engine {
    /// Checks a file as the wizard would, and prints what is found. `-` reads standard input.
    Check {
        /// The file.
        file: PathBuf,
        /// The country whose national phone numbers are read, in two letters.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
        /// Bytes that a file may have.
        #[arg(long, default_value_t = FileLimits::default().bytes)]
        max_bytes: u64,
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Writes a file's table as plain CSV: UTF-8, commas, LF. `-` reads standard input.
    Csv {
        /// The file.
        file: PathBuf,
    },
    /// Prints the plan that the wizard suggests for a file, as JSON; `alta import --plan` takes it.
    /// `alta plan schema` prints its JSON Schema.
    Plan {
        /// The file, or the word `schema`.
        file: PathBuf,
        /// The country whose national phone numbers are read, in two letters.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
    },
    /// Manifests of systems.
    #[command(subcommand)]
    Manifest(Manifests),
    /// Reads phone numbers, one a line, from standard input.
    Phone {
        /// The country whose national numbers are read, in two letters.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Manifests {
    /// Checks manifests as the server would, and prints each error with its place.
    Check {
        /// The files of the manifests.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints the JSON Schema of manifests, for editors.
    Schema,
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Adds a user to the organization; the password is read from standard input.
    Add {
        /// The address they sign in with.
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// Their role: admin, operator, agent or viewer.
        #[arg(long, default_value = "admin", value_parser = parse_role)]
        role: Role,
    },
    /// Lists all users, one a line: organization, address, name, role, and `active` or `disabled`,
    /// separated by tabs.
    List,
    /// Forbids a user to sign in, and ends their sessions.
    Disable {
        /// The address they sign in with.
        email: String,
    },
    /// Allows a disabled user to sign in again.
    Enable {
        /// The address they sign in with.
        email: String,
    },
    /// Sets a user's password, read from standard input, and ends their sessions.
    ResetPassword {
        /// The address they sign in with.
        email: String,
    },
    /// Turns off the second factor of a user whose phone and recovery codes are lost, and ends
    /// their sessions.
    ResetSecondFactor {
        /// The address they sign in with.
        email: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Prints a new key, for `ALTA_SECRET_KEY`.
    New,
    /// Encrypts every secret of the database again, with a new key of the data directory, or with
    /// the first key of `ALTA_SECRET_KEY`. Stop the servers first.
    Rotate,
    /// Forgets the refusals of erased contacts after the key was lost, so that contacts can be
    /// written again. Whoever was erased and comes back has not refused then.
    ForgetRefusals,
}

/// Reads a role; the error lists all roles.
fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "admin, operator, agent or viewer".to_owned())
}

/// Reads the code of a country whose phone numbers are known.
fn parse_country(code: &str) -> Result<Country, String> {
    let known = Country::parse(code).filter(|country| alta_intake::phone::is_known(*country));
    known.ok_or_else(|| "the two letters of a country, such as BR".to_owned())
}

/// Reads the tag of a language; the error lists all languages.
fn parse_language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "es, pt-BR or en".to_owned())
}
