//! Sends the mails that wait, one after another; a mail server that is down loses nothing.

use std::time::Duration;

use alta_app::letter::{self, Letter};
use alta_store::Store;
use alta_store::account::mail::{self, Letter as Kind, Mail};
use anyhow::Context;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::Config;

/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The mail server, and from whom the mails come.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    base: String,
}

impl Mailer {
    /// By the settings; none when there is no mail server. `base` is the address people see.
    pub(crate) fn new(config: &Config, base: String) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else {
            return Ok(None);
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("smtp_url")?
            .timeout(Some(PATIENCE))
            .build();
        let from = config.mail_from.parse().context("mail_from")?;
        Ok(Some(Self {
            transport,
            from,
            base,
        }))
    }

    /// Sends what is due until the process ends.
    pub(crate) async fn run(self, store: Store) {
        loop {
            match mail::lease_next(&store).await {
                Ok(Some(mail)) => {
                    if let Err(error) = self.send(&store, mail).await {
                        tracing::error!(%error, "what became of a mail could not be kept");
                    }
                }
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(%error, "mails could not be read");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn send(&self, store: &Store, mail: Mail) -> alta_store::Result<()> {
        let Mail {
            id,
            to,
            language,
            letter,
            token,
        } = mail;
        let letter = match letter {
            Kind::Invitation {
                organization,
                inviter,
            } => letter::invitation(
                language,
                &organization,
                &inviter,
                &format!("{}/invitation?token={token}", self.base),
            ),
            Kind::Email => letter::email(
                language,
                &format!("{}/confirm-email?token={token}", self.base),
            ),
            Kind::Password => {
                letter::password(language, &format!("{}/reset?token={token}", self.base))
            }
        };
        let message = match self.message(&to, letter) {
            Ok(message) => message,
            Err(error) => return mail::mark_refused(store, id, &error.to_string()).await,
        };
        match self.transport.send(message).await {
            Ok(_) => mail::mark_sent(store, id).await,
            // What the server says no to for good (RFC 5321, 4.2.1) is not tried again.
            Err(error) if error.is_permanent() => {
                mail::mark_refused(store, id, &error.to_string()).await
            }
            Err(error) => {
                // Its words may hold the address.
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(
                    status,
                    mail = id,
                    "a mail could not be sent; it is tried again"
                );
                mail::retry_later(store, id).await
            }
        }
    }

    fn message(&self, to: &str, letter: Letter) -> anyhow::Result<Message> {
        let body = MultiPart::alternative_plain_html(letter.text, letter.html);
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to.parse()?)
            .subject(letter.subject)
            .multipart(body)?)
    }
}
