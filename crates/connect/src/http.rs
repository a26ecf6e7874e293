//! Requests to systems: bounded in size and time, without redirects, and never to a machine that
//! whoever types an address must not reach.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};

use crate::fault::Fault;

/// How this program calls itself. Some vendors want a name.
const AGENT: &str = concat!("Alta/", env!("CARGO_PKG_VERSION"));
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Bytes that the answer of a check may have.
const BRIEF: usize = 1024 * 1024;

/// Settings of requests to systems.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes an answer may have.
    pub answer_bytes: usize,
    /// Records an answer may have: each takes many times its bytes while it is read.
    pub answer_records: usize,
    /// Pages of one list in a run, after which the list is taken for endless.
    pub run_pages: u32,
    /// Runs in a row that a fault may cut off, before a record that its system fails to tell is
    /// set aside.
    pub cut_runs: u32,
    /// Addresses typed by admins may be of this machine and of private networks.
    pub allow_private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 32 * 1024 * 1024,
            answer_records: 100_000,
            run_pages: 200_000,
            cut_runs: 5,
            allow_private: false,
        }
    }
}

/// Makes requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    /// To addresses of manifests.
    known: Client,
    /// To addresses that admins typed.
    typed: Client,
    pub(crate) limits: Limits,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// Under these limits.
    ///
    /// # Errors
    /// When the machine has no TLS.
    pub fn new(limits: Limits) -> reqwest::Result<Self> {
        // Another provider may be there already: any does.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || {
            Client::builder()
                .user_agent(AGENT)
                .connect_timeout(CONNECT)
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
        })
    }

    /// The same for calls that only ask whether credentials are good: their answers are short.
    #[must_use]
    pub fn brief(&self) -> Self {
        Self {
            limits: Limits {
                answer_bytes: self.limits.answer_bytes.min(BRIEF),
                ..self.limits
            },
            ..self.clone()
        }
    }

    /// Begins a request to an address, which is `typed` when an admin wrote any of it.
    pub(crate) fn request(
        &self,
        post: bool,
        url: &Url,
        typed: bool,
    ) -> Result<RequestBuilder, Fault> {
        let refused = |said: &str| {
            Err(Fault::new(
                FaultKind::BadAddress,
                format!("{said}: {}", url.host_str().unwrap_or_default()),
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

    /// Sends it, and reads the answer.
    pub(crate) async fn send(
        &self,
        request: RequestBuilder,
        patience: Duration,
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
            body: self.body(response).await?,
        })
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
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
        }
        Ok(body)
    }
}

/// What the network says, without the address: it may hold a secret.
fn unreachable(error: &reqwest::Error) -> Fault {
    let mut source: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<NotPublic>() {
            return Fault::new(FaultKind::BadAddress, cause.to_string());
        }
        source = cause.source();
    }
    let said = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the answer broke off",
    };
    Fault::new(FaultKind::Down, said)
}

/// A name that leads to no public address.
#[derive(Debug, thiserror::Error)]
#[error("not a public address")]
struct NotPublic;

/// Finds public addresses only, at each connection: a name that leads elsewhere the next time leads
/// nowhere.
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

/// Whether an address is one of the open internet, after IANA's registries of special-purpose
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
    // Mapped, translated (RFC 6052) and tunnelled (RFC 3056) addresses are those they hold.
    let [.., high, low] = address.segments();
    let held =
        |high: u16, low: u16| is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match first {
        0x2002 => held(second, address.segments()[2]),
        0x64 if second == 0xff9b && address.segments()[2..6] == [0; 4] => held(high, low),
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
