//! `alta serve`, `migrate`, `user`, `check`, `csv`, `phone`, as `alta --help` says.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use alta_domain::{Country, FileLimits, Language, NewOrganization, Role};
use alta_store::Store;
use alta_store::account::{accounts, sessions, setup};
use alta_store::vault::Vault;
use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::engine;
use crate::mail::Mailer;
use crate::router::router;
use crate::syncer::{Syncer, Systems};

/// Alta: the first hour of a customer platform.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Data(Data),
    #[command(flatten)]
    Engine(Engine),
}

/// What needs the database.
#[derive(Debug, Subcommand)]
enum Data {
    /// Brings the database up to date and serves.
    Serve,
    /// Brings the database up to date.
    Migrate,
    /// Creates the organization and its first Admin without the set-up link; the password is read
    /// from standard input.
    SetUp {
        /// The organization's name.
        #[arg(long)]
        organization: String,
        /// Two letters; decides how national numbers are read.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
        /// es, pt-BR or en.
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
    /// The key that secrets are sealed with.
    #[command(subcommand)]
    Key(Key),
    /// Imports a file as the wizard would; run again, it goes on where it was cut off.
    Import(crate::import::Wanted),
    /// Writes a copy of the database while it is in use (SQLite; for PostgreSQL see
    /// docs/backup.md).
    Backup {
        /// The file to write; it must not exist.
        to: PathBuf,
    },
}

/// What needs nothing but the file.
#[derive(Debug, Subcommand)]
enum Engine {
    /// Reads a file as the wizard would, and says what it makes of it. `-` reads standard input.
    Check {
        /// The file.
        file: PathBuf,
        /// How national phone numbers are read.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
        /// Bytes a file may have.
        #[arg(long, default_value_t = FileLimits::default().bytes)]
        max_bytes: u64,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Writes a file's table as plain CSV: UTF-8, commas, LF. `-` reads standard input.
    Csv {
        /// The file.
        file: PathBuf,
    },
    /// Manifests of systems.
    #[command(subcommand)]
    Manifest(Manifests),
    /// Reads phone numbers, one a line, from standard input.
    Phone {
        /// How national numbers are read.
        #[arg(long, default_value = "BR", value_parser = parse_country)]
        country: Country,
    },
}

#[derive(Debug, Subcommand)]
enum Manifests {
    /// Reads manifests as the server would, and says what is wrong with them and where.
    Check {
        /// Their files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints the JSON Schema of manifests, for editors.
    Schema,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Adds a user to the organization; the password is read from standard input.
    Add {
        /// The address they sign in with.
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// What they may do: admin, operator, agent or viewer.
        #[arg(long, default_value = "admin", value_parser = parse_role)]
        role: Role,
    },
    /// Lists everybody: organization, address, name, profile, and whether they may sign in, apart
    /// by tabs.
    List,
    /// Shuts somebody out, and ends their sessions.
    Disable {
        /// The address they sign in with.
        email: String,
    },
    /// Lets somebody in again.
    Enable {
        /// The address they sign in with.
        email: String,
    },
    /// Sets a new password, read from standard input, and ends their sessions.
    ResetPassword {
        /// The address they sign in with.
        email: String,
    },
    /// Turns the second factor off of somebody whose phone and recovery codes are lost, and ends
    /// their sessions.
    ResetSecondFactor {
        /// The address they sign in with.
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum Key {
    /// Prints a new key, for `ALTA_SECRET_KEY`.
    New,
    /// Seals every secret with a new key: that of the data directory, or the first one of
    /// `ALTA_SECRET_KEY`. Stop the servers first.
    Rotate,
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "admin, operator, agent or viewer".to_owned())
}

fn parse_country(code: &str) -> Result<Country, String> {
    let known = Country::parse(code).filter(|country| alta_intake::phone::is_known(*country));
    known.ok_or_else(|| "the two letters of a country, such as BR".to_owned())
}

fn parse_language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "es, pt-BR or en".to_owned())
}

/// Carries out what the command line says.
///
/// # Errors
/// What went wrong, for standard error.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Engine(Engine::Check {
            file,
            country,
            max_bytes,
            json,
        }) => engine::check(
            &file,
            country,
            FileLimits {
                bytes: max_bytes,
                ..FileLimits::default()
            },
            json,
        ),
        Command::Engine(Engine::Csv { file }) => engine::csv(&file),
        Command::Engine(Engine::Manifest(Manifests::Check { files })) => check_manifests(&files),
        Command::Engine(Engine::Manifest(Manifests::Schema)) => {
            println!("{}", alta_connect::schema());
            Ok(ExitCode::SUCCESS)
        }
        Command::Engine(Engine::Phone { country }) => engine::phone(country),
        Command::Data(command) => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(threads())
                .enable_all()
                .build()?;
            runtime.block_on(with_database(command))
        }
    }
}

fn check_manifests(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut all_good = true;
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        match alta_connect::Manifest::parse(&text) {
            Ok(manifest) => println!("{}: {} ({})", file.display(), manifest.name, manifest.slug),
            Err(message) => {
                all_good = false;
                eprintln!("{}: {message}", file.display());
            }
        }
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// At least four: rendering pages as a stream hangs on fewer when a machine has one core.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4))
}

async fn with_database(command: Data) -> anyhow::Result<ExitCode> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,alta_server=info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let config = Config::load()?;
    let store = open(&config).await?;
    match command {
        Data::Import(wanted) => {
            return crate::import::import(&store, config.limits(), wanted).await;
        }
        Data::Backup { to } => store.backup(&to).await.context("the backup")?,
        Data::Migrate => {}
        Data::Serve => serve(&config, store).await?,
        Data::SetUp {
            organization,
            country,
            language,
            name,
            email,
        } => {
            let token = setup::renew_link(&store)
                .await?
                .context("there is an organization already")?;
            let new = NewOrganization {
                organization,
                country,
                language,
                name,
                email,
                password: password()?,
            };
            let session = setup::set_up(&store, &token, new).await?;
            // Nobody has its token.
            sessions::sign_out(&store, &session).await?;
        }
        Data::User(User::Add { email, name, role }) => {
            accounts::add(&store, &email, &name, password()?, role).await?;
        }
        Data::User(User::List) => {
            for account in accounts::all(&store).await? {
                let accounts::Account {
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
        Data::User(User::Disable { email }) => accounts::set_active(&store, &email, false).await?,
        Data::User(User::Enable { email }) => accounts::set_active(&store, &email, true).await?,
        Data::User(User::ResetSecondFactor { email }) => {
            alta_store::account::second_factor::reset(&store, &email).await?;
        }
        Data::Key(Key::New) => println!("{}", Vault::random().to_text()),
        Data::Key(Key::Rotate) => crate::key::rotate(&config, store).await?,
        Data::User(User::ResetPassword { email }) => {
            alta_store::account::passwords::set(&store, &email, password()?).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Tries to reach a PostgreSQL server, a second apart.
const DATABASE_TRIES: u32 = 30;

async fn open(config: &Config) -> anyhow::Result<Store> {
    let mut directory = std::fs::DirBuilder::new();
    directory.recursive(true);
    // Nobody else reads the database and its key.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
    directory
        .create(&config.data)
        .with_context(|| format!("the data directory {}", config.data.display()))?;
    let (url, vault) = (config.database(), crate::key::vault(config)?);
    let mut tries = if url.starts_with("sqlite:") {
        1
    } else {
        DATABASE_TRIES
    };
    // A database that starts together with the server may not answer yet.
    loop {
        match reach(&url, vault.clone()).await {
            Ok(store) => return Ok(store.with_limits(config.store_limits())),
            Err(error) if tries > 1 => eprintln!("alta: {error:#}; trying again"),
            Err(error) => return Err(error),
        }
        tries -= 1;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

async fn reach(url: &str, vault: Vault) -> anyhow::Result<Store> {
    let store = Store::connect(url, vault).await.context("the database")?;
    store
        .migrate()
        .await
        .context("the migration of the database")?;
    Ok(store)
}

fn password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn serve(config: &Config, store: Store) -> anyhow::Result<()> {
    let listener = std::net::TcpListener::bind(config.listen)
        .with_context(|| format!("listening on {}", config.listen))?;
    let base = config.base(listener.local_addr().unwrap_or(config.listen));
    let systems = Systems::new(config)?;
    tokio::spawn(Syncer::new(config, store.clone(), systems.clone()).run());
    if let Some(mailer) = Mailer::new(config, base.clone())? {
        tokio::spawn(mailer.run(store.clone()));
    }
    if let Err(error) = store.check_vault().await {
        eprintln!(
            "alta: second factors and connected systems do not work here: a secret was {error}. Bring back secret.key or ALTA_SECRET_KEY; see docs/backup.md"
        );
    }
    let address = match setup::renew_link(&store).await? {
        Some(token) => format!("{base}/setup?token={token}"),
        None => format!("{base}/"),
    };
    // The one line people wait for.
    let mut out = std::io::stdout();
    writeln!(out, "Alta is ready: {address}")?;
    out.flush()?;
    crate::serve::serve(
        listener,
        router(config, store, &base, &systems)?,
        Duration::from_secs(config.idle_body_seconds),
        stopped(),
    )
    .await?;
    Ok(())
}

/// Waits for Ctrl-C or a termination.
async fn stopped() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signal) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        {
            signal.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
