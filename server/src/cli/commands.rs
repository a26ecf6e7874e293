//! Runs the commands of `alta`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alta_domain::{FileLimits, ImportId, NewOrganization};
use alta_store::Store;
use alta_store::account::{accounts, passwords, second_factor, sessions, setup};
use alta_store::vault::Vault;
use anyhow::Context;

use super::arguments::{Cli, Command, Data, Engine, Key, Manifests, User};
use super::{database, log, server};
use crate::config::{self, Config};
use crate::exit_status::BAD_ARGUMENTS;
use crate::{engine, import, key, records};

/// Runs the command that the arguments name.
///
/// # Errors
/// When the command fails; the message is for standard error.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Engine(command) => run_engine(command),
        Command::Settings { markdown: true } => print(&config::to_markdown()),
        Command::Settings { markdown: false } => with_config(cli.config.as_deref(), |config| {
            print(&config::to_text(&config))
        }),
        Command::Data(command) => with_config(cli.config.as_deref(), |config| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(threads())
                .enable_all()
                .build()?;
            runtime.block_on(run_with_database(config, command))
        }),
    }
}

/// Reads the settings and calls `next` with them. Wrong settings have an exit status of their own.
fn with_config(
    file: Option<&Path>,
    next: impl FnOnce(Config) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    match Config::load(file) {
        Ok(config) => next(config),
        Err(error) => {
            eprintln!("alta: {error}");
            Ok(ExitCode::from(BAD_ARGUMENTS))
        }
    }
}

/// Prints a text to standard output.
fn print(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a command that needs no database.
fn run_engine(command: Engine) -> anyhow::Result<ExitCode> {
    match command {
        Engine::Check {
            file,
            country,
            max_bytes,
            json,
        } => {
            let limits = FileLimits {
                bytes: max_bytes,
                ..FileLimits::default()
            };
            engine::check(&file, country, limits, json)
        }
        Engine::Csv { file } => engine::csv(&file),
        Engine::Manifest(Manifests::Check { files }) => check_manifests(&files),
        Engine::Manifest(Manifests::Schema) => {
            println!("{}", alta_connect::schema());
            Ok(ExitCode::SUCCESS)
        }
        Engine::Phone { country } => engine::phone(country),
        Engine::Plan { file, country } => engine::plan(&file, country),
    }
}

/// Checks the manifests in these files, and prints the name or the faults of each, one a line.
fn check_manifests(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut all_good = true;
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        match alta_connect::Manifest::prove(&text) {
            Ok(manifest) => println!("{}: {} ({})", file.display(), manifest.name, manifest.slug),
            Err(faults) => {
                all_good = false;
                for fault in faults {
                    eprintln!("{}: {fault}", file.display());
                }
            }
        }
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Returns the number of the runtime's threads, at least four: with fewer threads, rendering pages
/// as a stream hangs on a machine with one core.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4))
}

/// Runs a command that needs the database.
async fn run_with_database(config: Config, command: Data) -> anyhow::Result<ExitCode> {
    log::start();
    let store = database::open(&config).await?;
    match command {
        Data::Import(arguments) => {
            return import::import(&store, config.limits(), arguments).await;
        }
        Data::Contacts { organization, json } => {
            return records::contacts(&store, organization, json).await;
        }
        Data::Imports { organization, json } => {
            return records::imports(&store, organization, json).await;
        }
        Data::Undo {
            import,
            organization,
            preview,
            json,
        } => return records::undo(&store, ImportId(import), organization, preview, json).await,
        Data::Rejects {
            import,
            organization,
        } => return records::rejects(&store, ImportId(import), organization).await,
        Data::Backup { to } => store.backup(&to).await.context("the backup")?,
        // Opening the database has migrated it.
        Data::Migrate => {}
        Data::Serve => server::serve(&config, store).await?,
        Data::SetUp {
            organization,
            country,
            language,
            name,
            email,
        } => {
            let new = |password| NewOrganization {
                organization,
                country,
                language,
                name,
                email,
                password,
            };
            set_up(&store, new).await?;
        }
        Data::User(command) => run_user(&store, command).await?,
        Data::Key(Key::New) => println!("{}", Vault::random().to_text()),
        Data::Key(Key::Rotate) => key::rotate(&config, store).await?,
        Data::Key(Key::ForgetRefusals) => {
            let forgotten = alta_store::contacts::refusals::forget_unreadable(&store).await?;
            println!("organizations whose kept refusals were forgotten: {forgotten}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Creates the organization and its first Admin, whose password is read from standard input.
async fn set_up(store: &Store, new: impl FnOnce(String) -> NewOrganization) -> anyhow::Result<()> {
    let token = setup::renew_link(store)
        .await?
        .context("there is an organization already")?;
    let session = setup::set_up(store, &token, new(read_password()?)).await?;
    // The set-up signs the Admin in, but no browser has this session's token.
    sessions::sign_out(store, &session).await?;
    Ok(())
}

/// Runs a command about users.
async fn run_user(store: &Store, command: User) -> anyhow::Result<()> {
    match command {
        User::Add { email, name, role } => {
            accounts::add(store, &email, &name, read_password()?, role).await?;
        }
        User::List => {
            for account in accounts::all(store).await? {
                let accounts::AccountEntry {
                    organization,
                    email,
                    name,
                    role,
                    active,
                } = account;
                let state = if active { "active" } else { "disabled" };
                println!("{organization}\t{email}\t{name}\t{role}\t{state}");
            }
        }
        User::Disable { email } => accounts::set_active(store, &email, false).await?,
        User::Enable { email } => accounts::set_active(store, &email, true).await?,
        User::ResetSecondFactor { email } => second_factor::reset(store, &email).await?,
        User::ResetPassword { email } => passwords::set(store, &email, read_password()?).await?,
    }
    Ok(())
}

/// Reads a password from the first line of standard input.
fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
