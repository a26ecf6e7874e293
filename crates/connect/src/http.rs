//! Sends requests to systems. Requests have limits of size and time, and follow no redirects. An
//! address that an admin typed reaches no private network: otherwise somebody could explore one by
//! typing addresses.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};

use crate::fault::Fault;
use crate::public_address::{NotPublic, PublicOnly, is_in_house, is_public};
use crate::room::{LARGE_BYTES, Place, Room};
use crate::weight::weight;

/// The `User-Agent` header of all requests. Some vendors refuse requests without one.
const USER_AGENT: &str = concat!("Alta/", env!("CARGO_PKG_VERSION"));
/// The longest time until a connection is open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The most bytes that the answer to a check of credentials may have.
const BRIEF_BYTES: usize = 1024 * 1024;

/// Limits of requests to systems, and of the runs that read them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes that an answer may have.
    pub answer_bytes: usize,
    /// The most values that an answer in JSON may have, with lists and objects counted as sixteen.
    /// In memory the smallest objects take fifty times their bytes.
    pub answer_values: usize,
    /// The most records that an answer may have. In memory each takes many times its bytes.
    pub answer_records: usize,
    /// The most bytes that a record may have as JSON. It is stored as the system sent it, so a
    /// larger one is set aside.
    pub record_bytes: usize,
    /// The most pages of one stream that a run may read. A longer stream is taken for endless.
    pub run_pages: u32,
    /// The number of runs in a row in which the system may fail to give a record's details before
    /// the record is set aside.
    pub cut_runs: u32,
    /// True when admins may type addresses of this machine and of private networks, also without
    /// encryption.
    pub allow_private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 32 * 1024 * 1024,
            answer_values: 5_000_000,
            answer_records: 100_000,
            record_bytes: 1024 * 1024,
            run_pages: 200_000,
            cut_runs: 5,
            allow_private: false,
        }
    }
}

/// A client for requests to systems. It is cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    /// The client for addresses of manifests.
    known: Client,
    /// The client for addresses that admins typed: it reaches public addresses only.
    typed: Client,
    pub(crate) limits: Limits,
    /// The room for large answers, which all clones share.
    room: Room,
}

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The headers, by their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// Makes a client under these limits.
    ///
    /// # Errors
    /// When the machine has no TLS, or no further thread.
    pub fn new(limits: Limits) -> io::Result<Self> {
        // This fails when a provider is installed already: any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(Policy::none())
        };
        let known = client().build().map_err(io::Error::other)?;
        let typed = if limits.allow_private {
            known.clone()
        } else {
            client()
                .no_proxy()
                .dns_resolver(Arc::new(PublicOnly))
                .build()
                .map_err(io::Error::other)?
        };
        Ok(Self {
            known,
            typed,
            limits,
            room: Room::new()?,
        })
    }

    /// Returns a client for calls that only check credentials: it refuses longer answers than those
    /// of a sync.
    #[must_use]
    pub fn brief(&self) -> Self {
        Self {
            limits: Limits {
                answer_bytes: self.limits.answer_bytes.min(BRIEF_BYTES),
                ..self.limits
            },
            ..self.clone()
        }
    }

    /// Begins a request. `typed` is true when an admin typed any part of the address. `post` is
    /// true for a POST, false for a GET.
    ///
    /// # Errors
    /// [`FaultKind::BadAddress`] for an address that is not allowed.
    pub(crate) fn request(
        &self,
        post: bool,
        url: &Url,
        typed: bool,
    ) -> Result<RequestBuilder, Fault> {
        let refused = |reason: &str| {
            Err(Fault::new(
                FaultKind::BadAddress,
                format!("{reason}: {}", url.host_str().unwrap_or_default()),
            ))
        };
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let literal: Option<IpAddr> = host.parse().ok();
        let is_loopback = host == "localhost"
            || literal.is_some_and(|address| address.to_canonical().is_loopback());
        let is_near = is_loopback || (self.limits.allow_private && is_in_house(host));
        if url.scheme() != "https" && !(url.scheme() == "http" && is_near) {
            return refused("not encrypted");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("a name or a password in the address");
        }
        if typed
            && !self.limits.allow_private
            && (host == "localhost" || literal.is_some_and(|address| !is_public(address)))
        {
            return refused("not a public address");
        }
        let client = if typed { &self.typed } else { &self.known };
        Ok(if post {
            client.post(url.clone())
        } else {
            client.get(url.clone())
        })
    }

    /// Sends a request, and reads the answer within `patience`. Reading a large answer waits until
    /// the answers in memory have room for it, and holds that room in the session until the answer
    /// has been processed.
    pub(crate) async fn send(
        &self,
        request: RequestBuilder,
        patience: Duration,
        place: &Place,
    ) -> Result<Answer, Fault> {
        let response = request
            .timeout(patience)
            .send()
            .await
            .map_err(|error| unreachable(&error))?;
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let mut headers: BTreeMap<String, String> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect();
        // A redirect may name its address relative to the request's.
        if let Some(to) = headers.get_mut("location")
            && let Ok(whole) = response.url().join(to)
        {
            *to = whole.into();
        }
        Ok(Answer {
            status,
            headers,
            body: self.body(response, place).await?,
        })
    }

    /// Reads the body of an answer.
    ///
    /// # Errors
    /// [`FaultKind::TooLarge`] above the limits of bytes and of values.
    async fn body(&self, mut response: Response, place: &Place) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        // A system may claim any length. So memory is reserved only for an answer that is large
        // already and has its place: one at a time.
        let claimed = response.content_length().unwrap_or_default();
        let claimed = usize::try_from(claimed).unwrap_or(usize::MAX);
        let expected = claimed.min(self.limits.answer_bytes);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unreachable(&error))?
        {
            if body.len() + chunk.len() > self.limits.answer_bytes {
                return Err(Fault::new(
                    FaultKind::TooLarge,
                    format!("more than {} bytes", self.limits.answer_bytes),
                ));
            }
            body.extend_from_slice(&chunk);
            if body.len() > LARGE_BYTES {
                place.take(&self.room).await?;
                body.reserve_exact(expected.saturating_sub(body.len()));
            }
        }
        if weight(&body) > self.limits.answer_values {
            return Err(Fault::new(
                FaultKind::TooLarge,
                format!("more than {} values", self.limits.answer_values),
            ));
        }
        Ok(body)
    }
}

/// Turns an error of the network into a fault. The address is left out: it may hold a secret.
fn unreachable(error: &reqwest::Error) -> Fault {
    let mut source: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<NotPublic>() {
            return Fault::new(FaultKind::BadAddress, cause.to_string());
        }
        source = cause.source();
    }
    let message = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the answer broke off",
    };
    Fault::new(FaultKind::Down, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_addresses_are_looked_at() {
        let http = Http::new(Limits::default()).unwrap();
        let allowed = |url: &str, typed| http.request(false, &url.parse().unwrap(), typed).is_ok();
        assert!(allowed("https://shop.example.com/", true));
        for url in [
            "http://shop.example.com/",
            "https://127.0.0.1/",
            "http://localhost:1/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "ftp://a.example.com/",
        ] {
            assert!(!allowed(url, true), "{url}");
        }
        assert!(
            allowed("http://127.0.0.1:1/", false),
            "a manifest of the server's owner may say so"
        );
        assert!(
            !allowed("http://10.0.0.1/", false),
            "but nothing goes over a network in the clear"
        );
        let in_house = Http::new(Limits {
            allow_private: true,
            ..Limits::default()
        });
        let in_house = in_house.unwrap();
        let allowed = |url: &str| in_house.request(false, &url.parse().unwrap(), true).is_ok();
        assert!(
            allowed("http://10.0.0.1/"),
            "where the server's owner allows it"
        );
        assert!(!allowed("http://shop.example.com/"));
        assert!(!allowed("http://8.8.8.8/"));
    }
}
