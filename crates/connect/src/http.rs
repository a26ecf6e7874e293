//! Sends requests to systems. Requests have limits of size and time, and follow no redirects. An
//! address that an admin typed reaches no private network: otherwise somebody could explore one by
//! typing addresses.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};

use crate::fault::Fault;
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
    /// The most pages of one stream that a run may read. A longer stream is taken for endless.
    pub run_pages: u32,
    /// The number of runs in a row that may end because the system fails to give a record's
    /// details. After that the record is set aside.
    pub cut_runs: u32,
    /// True when admins may type addresses of this machine and of private networks.
    pub allow_private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 32 * 1024 * 1024,
            answer_values: 5_000_000,
            answer_records: 100_000,
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
    /// The error of `reqwest`, when the machine has no TLS.
    pub fn new(limits: Limits) -> reqwest::Result<Self> {
        // This fails when a provider is installed already: any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(Policy::none())
        };
        let known = client().build()?;
        let typed = if limits.allow_private {
            known.clone()
        } else {
            client()
                .no_proxy()
                .dns_resolver(Arc::new(PublicOnly))
                .build()?
        };
        Ok(Self {
            known,
            typed,
            limits,
            room: Room::default(),
        })
    }

    /// Returns the client for calls that only check credentials. Their answers are short.
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
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
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

    /// Sends a request, and reads the answer within `patience`. A large answer takes the session's
    /// place in the room, which is freed when the answer has been processed.
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
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect();
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

/// The error for a host name that has no public address.
#[derive(Debug, thiserror::Error)]
#[error("not a public address")]
struct NotPublic;

/// A resolver that finds public addresses only. It is asked at each connection, so a name that
/// changes to a private address later is refused then.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| is_public(address.ip()))
                .collect();
            if public.is_empty() && !found.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Returns true for an address of the public internet, by IANA's registries of special-purpose
/// addresses (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (18..20).contains(&b);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Mapped, translated (RFC 6052) and tunnelled (RFC 3056) addresses are judged by the address
    // inside.
    let [.., high, low] = address.segments();
    let inner_is_public =
        |high: u16, low: u16| is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match first {
        0x2002 => inner_is_public(second, address.segments()[2]),
        0x64 if second == 0xff9b && address.segments()[2..6] == [0; 4] => {
            inner_is_public(high, low)
        }
        // Global unicast is 2000::/3; of it, 2001:db8::/32 is for documents and 2001::/32 is
        // Teredo.
        0x2000..=0x3fff => !(first == 0x2001 && (second == 0xdb8 || second == 0)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_no_public_ones() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
            "2001::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

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
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_leads_nowhere() {
        assert!(
            PublicOnly
                .resolve("localhost".parse().unwrap())
                .await
                .is_err()
        );
    }
}
