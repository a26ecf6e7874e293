//! `alta serve`, `migrate`, `user`, as `alta --help` says.

use std::io::Write;

use alta_domain::{Country, Language, NewOrganization, Role};
use alta_store::{Store, accounts, setup};
use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::router::router;

/// Alta: the first hour of a customer platform.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Brings the database up to date and serves.
    Serve,
    /// Brings the database up to date.
    Migrate,
    /// Creates the organization and its first Admin without the set-up link; the password is read from standard input.
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
    /// Sets a new password, read from standard input.
    ResetPassword {
        /// The address they sign in with.
        email: String,
    },
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "admin, operator, agent or viewer".to_owned())
}

fn parse_country(code: &str) -> Result<Country, String> {
    Country::parse(code).ok_or_else(|| "two letters, such as BR".to_owned())
}

fn parse_language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "es, pt-BR or en".to_owned())
}

/// Carries out what the command line says.
///
/// # Errors
/// What went wrong, for standard error.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,alta_server=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::load()?;
    let store = open(&config).await?;
    match cli.command {
        Command::Migrate => Ok(()),
        Command::Serve => serve(&config, store).await,
        Command::SetUp { organization, country, language, name, email } => {
            let token = setup::renew_link(&store).await?.context("there is an organization already")?;
            setup::set_up(&store, &token, NewOrganization { organization, country, language, name, email, password: password()? }).await?;
            Ok(())
        }
        Command::User(User::Add { email, name, role }) => Ok(accounts::add(&store, &email, &name, password()?, role).await?),
        Command::User(User::ResetPassword { email }) => Ok(accounts::reset_password(&store, &email, password()?).await?),
    }
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    std::fs::create_dir_all(&config.data).with_context(|| format!("the data directory {}", config.data.display()))?;
    let store = Store::connect(&config.database()).await.context("the database")?;
    store.migrate().await.context("the migration of the database")?;
    Ok(store)
}

fn password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn serve(config: &Config, store: Store) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(config.listen).await.with_context(|| format!("listening on {}", config.listen))?;
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{}", listener.local_addr().unwrap_or(config.listen)));
    let address = match setup::renew_link(&store).await? {
        Some(token) => format!("{base}/setup?token={token}"),
        None => format!("{base}/"),
    };
    // The one line people wait for.
    let mut out = std::io::stdout();
    writeln!(out, "Alta is ready: {address}")?;
    out.flush()?;
    axum::serve(listener, router(config, store)).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// Waits for Ctrl-C or a termination.
async fn stopped() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
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
