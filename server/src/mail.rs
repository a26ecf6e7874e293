//! Sends queued mails one after another. When the mail server is down, mails stay in the queue.

use std::time::Duration;

use alta_app::letter::{self, Letter};
use alta_store::Store;
use alta_store::account::mail::{self, Letter as Kind, Mail};
use anyhow::Context;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::Config;

/// The pause between two looks at an empty queue.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest time for sending one mail.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The sender of mails, through one mail server.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The address that people open, with which links begin.
    base: String,
}

impl Mailer {
    /// Creates a mailer from the settings; `None` without a mail server. `base` is the address
    /// that people open.
    pub(crate) fn new(config: &Config, base: String) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else {
            return Ok(None);
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.reveal())
            .context("smtp_url")?
            .timeout(Some(TIMEOUT))
            .build();
        let from = config.mail_from.parse().context("mail_from")?;
        Ok(Some(Self {
            transport,
            from,
            base,
        }))
    }

    /// Sends mails when they are due; never returns.
    pub(crate) async fn run(self, store: Store) {
        loop {
            match mail::lease_next(&store).await {
                Ok(Some(mail)) => {
                    if let Err(error) = self.send(&store, mail).await {
                        tracing::error!(%error, "the outcome of a mail could not be stored");
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

    /// Sends a mail and stores the outcome: sent, refused for good, or to be tried again.
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
            Kind::EmailWarning { new_email } => {
                letter::email_warning(language, &new_email, &format!("{}/forgot", self.base))
            }
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
            // A permanent refusal (RFC 5321, 4.2.1) is not tried again.
            Err(error) if error.is_permanent() => {
                mail::mark_refused(store, id, &error.to_string()).await
            }
            Err(error) => {
                // The log gets the status only: the error's text may hold the address.
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

    /// Builds the message with a plain and an HTML part.
    fn message(&self, to: &str, letter: Letter) -> anyhow::Result<Message> {
        let body = MultiPart::alternative_plain_html(letter.text, letter.html);
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to.parse()?)
            .subject(letter.subject)
            .multipart(body)?)
    }
}
