//! Sends queued mails one after another. When the mail server is down, mails stay in the queue.

use std::net::IpAddr;
use std::time::Duration;

use alta_app::letter::{self, Letter};
use alta_store::Store;
use alta_store::account::mail::{self, Letter as Kind, Mail};
use anyhow::Context;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reqwest::Url;

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
        let url = with_tls(url.reveal()).context("smtp_url")?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
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
                // The log gets the status and the kind only: the text of an answer may hold the
                // address.
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(
                    status,
                    kind = kind_of(&error),
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

/// Returns what kind of failure kept a mail from being sent.
fn kind_of(error: &lettre::transport::smtp::Error) -> &'static str {
    if error.is_tls() {
        "TLS"
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_transient() {
        "refused for now"
    } else if error.is_response() {
        "an answer that is no SMTP"
    } else {
        "no connection"
    }
}

/// Adds `tls=required` to the URL of a mail server on another machine that says nothing about TLS:
/// its password and the links would cross the network in plain text. `tls=none` asks for that.
fn with_tls(url: &str) -> anyhow::Result<String> {
    let mut url = Url::parse(url)?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls");
    let tls = tls.map(|(_, value)| value.into_owned());
    let is_here = match url.host_str() {
        Some("localhost") => true,
        // The host of this scheme is no parsed address: an IPv6 address has its brackets.
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback()),
        None => false,
    };
    match tls.as_deref() {
        Some("none") => url.set_query(None),
        None if url.scheme() == "smtp" && !is_here => url.set_query(Some("tls=required")),
        None | Some(_) => {}
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::with_tls;

    #[test]
    fn a_mail_server_on_another_machine_needs_tls_unless_the_setting_says_none() {
        for (url, with) in [
            (
                "smtp://mail.example.com:587",
                "smtp://mail.example.com:587?tls=required",
            ),
            ("smtp://10.0.0.5", "smtp://10.0.0.5?tls=required"),
            (
                "smtp://mail.example.com?tls=none",
                "smtp://mail.example.com",
            ),
            (
                "smtp://mail.example.com?tls=opportunistic",
                "smtp://mail.example.com?tls=opportunistic",
            ),
            ("smtps://mail.example.com", "smtps://mail.example.com"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://[::1]:2525", "smtp://[::1]:2525"),
            ("smtp://localhost", "smtp://localhost"),
        ] {
            assert_eq!(with_tls(url).unwrap(), with, "{url}");
        }
    }
}
