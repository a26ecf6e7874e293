//! Starts the server with its background tasks: `alta serve`.

use std::io::Write;
use std::net::TcpListener;

use alta_store::account::setup;
use alta_store::{Store, StoreError};
use anyhow::Context;

use crate::config::Config;
use crate::mail::Mailer;
use crate::router::router;
use crate::syncer::{Syncer, Systems};
use crate::{retention, serve};

/// Serves until the process is asked to end. Meanwhile, background tasks read connected systems and
/// send mails.
pub(super) async fn serve(config: &Config, store: Store) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen)
        .with_context(|| format!("listening on {}", config.listen))?;
    let base = config.base(listener.local_addr().unwrap_or(config.listen));
    let systems = Systems::new(config)?;
    tokio::spawn(Syncer::new(config, store.clone(), systems.clone()).run());
    tokio::spawn(retention::run(store.clone()));
    if let Some(mailer) = Mailer::new(config, base.clone())? {
        tokio::spawn(mailer.run(store.clone()));
    }
    match store.check_vault().await {
        Ok(()) => {}
        Err(StoreError::Broken(reason)) => eprintln!(
            "alta: second factors, connected systems, and changes of contacts after an erasure do \
             not work here: a secret was {reason}. Bring back secret.key or ALTA_SECRET_KEY; see \
             docs/backup.md"
        ),
        Err(error) => eprintln!("alta: the secrets of the database were not checked: {error}"),
    }
    let address = match setup::renew_link(&store).await? {
        Some(token) => format!("{base}/setup?token={token}"),
        None => format!("{base}/"),
    };
    // Scripts wait for this line.
    let mut out = std::io::stdout();
    writeln!(out, "Alta is ready: {address}")?;
    out.flush()?;
    serve::serve(
        listener,
        router(config, store, &base, &systems)?,
        config.connection_limits(),
        end_signal(),
    )
    .await?;
    Ok(())
}

/// Waits for Ctrl-C or a termination signal.
async fn end_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut signal) = signal(SignalKind::terminate()) {
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
