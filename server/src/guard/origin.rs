//! The origin of a request: the page that sends it, and the machine.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

use crate::config::Networks;

/// Returns false for a request from a page of another site. `own` is the address that people open;
/// behind a proxy the `Host` may be another one. A request without `Origin` does not come from a
/// browser's page, and carries no cookies of a victim.
pub(super) fn is_from_here(headers: &HeaderMap, own: &str) -> bool {
    let is_cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site");
    if is_cross_site {
        return false;
    }
    let Some(origin) = text(headers, &ORIGIN) else {
        return !headers.contains_key(ORIGIN);
    };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == own || authority.is_some() && authority == text(headers, &HOST)
}

/// The proxies in front of the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    /// The header in which the proxies name the client; `None` when no proxy does.
    pub(crate) header: Option<String>,
    /// The networks of the proxies. Anybody else can send the header too, and is not believed.
    pub(crate) trusted: Networks,
}

/// Returns the IP address of the client: the address that connected, or the one that trusted
/// proxies name.
pub(super) fn address(request: &Request, proxies: &Proxies) -> Option<String> {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let client = client_of(connected.0.ip(), request.headers(), proxies);
    // An IPv4 client of an IPv6 socket is shown with its IPv4 address.
    Some(client.to_canonical().to_string())
}

/// Returns the client's address. Each proxy appends the address that called it to the end of a
/// header, so the header is read from its end for as long as the address before is that of a
/// trusted proxy. Without one, the client is the address that connected.
fn client_of(connected: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let Some(header) = proxies.header.as_deref() else {
        return connected;
    };
    let lines: Vec<Cow<'_, str>> = headers
        .get_all(header)
        .into_iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    // Only `Forwarded` has quotes. In any other header an open quote would hide what the proxy
    // appends.
    let is_quoted = header.eq_ignore_ascii_case("forwarded");
    let entries_of = |line: &'_ str| -> Vec<String> {
        let parts = if is_quoted {
            unquoted_parts(line, ',')
        } else {
            line.split(',').collect()
        };
        parts.into_iter().map(str::to_owned).collect()
    };
    let mut entries = lines.iter().flat_map(|line| entries_of(line)).rev();
    let mut client = connected;
    while proxies.trusted.contains(client) {
        let Some(named) = entries.next().and_then(|entry| parsed(&entry)) else {
            return client;
        };
        client = named;
    }
    if client == connected && !lines.is_empty() {
        warn_of_untrusted(connected, header);
    }
    client
}

/// Logs once that a header is not believed, because the owner may have a proxy that is not in the
/// setting.
fn warn_of_untrusted(connected: IpAddr, header: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            %connected,
            header,
            "a header names a client, and who sent it is not in `trusted_proxies`: not believed"
        );
    });
}

/// Reads an entry of a header: an address with or without a port and brackets, alone or as the
/// `for` of `Forwarded` (RFC 7239). Returns `None` when there is no address.
fn parsed(entry: &str) -> Option<IpAddr> {
    let mut pairs = unquoted_parts(entry, ';').into_iter().map(str::trim);
    let named = pairs.find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case("for").then_some(value)
    });
    let address = named.unwrap_or(entry).trim().trim_matches('"');
    let bare = address
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let plain: Option<IpAddr> = bare.unwrap_or(address).parse().ok();
    plain.or_else(|| Some(address.parse::<SocketAddr>().ok()?.ip()))
}

/// Returns a header as text; `None` when it is missing or not ASCII.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Splits a header at a mark, but not inside a quoted string (RFC 9110, 5.6.4): a text from the
/// client that the proxy quotes must not begin a part of its own.
fn unquoted_parts(header: &str, mark: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    header
        .split(|letter| {
            let was_escaped = std::mem::replace(&mut is_escaped, false);
            is_escaped = is_quoted && letter == '\\' && !was_escaped;
            is_quoted ^= letter == '"' && !was_escaped;
            letter == mark && !is_quoted
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://alta.example.com";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name: axum::http::HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        });
        pairs.collect()
    }

    #[test]
    fn a_foreign_origin_is_known() {
        let is_taken = |origin| {
            let headers = headers(&[("host", "alta.example.com"), ("origin", origin)]);
            is_from_here(&headers, OWN)
        };
        assert!(is_taken("https://alta.example.com"));
        assert!(!is_taken("https://evil.example.com"));
        assert!(!is_taken("null"));
    }

    #[test]
    fn behind_a_proxy_with_another_host_the_public_address_counts() {
        let is_taken = |origin| {
            let headers = headers(&[("host", "127.0.0.1:3000"), ("origin", origin)]);
            is_from_here(&headers, OWN)
        };
        assert!(is_taken("https://alta.example.com"));
        assert!(!is_taken("http://alta.example.com"));
        assert!(!is_taken("https://alta.example.com.evil.example.com"));
    }

    #[test]
    fn what_a_browser_says_comes_from_another_site_is_refused() {
        let of = |site| headers(&[("host", "alta.example.com"), ("sec-fetch-site", site)]);
        assert!(!is_from_here(&of("cross-site"), OWN));
        assert!(is_from_here(&of("same-origin"), OWN));
        assert!(is_from_here(&of("none"), OWN));
    }

    #[test]
    fn proxies_name_clients_in_many_ways() {
        for (header, address) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("198.51.100.1, 203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7:4711", Some("203.0.113.7")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:4711", Some("2001:db8::1")),
            ("for=203.0.113.7;proto=https", Some("203.0.113.7")),
            (
                "for=198.51.100.1, For=\"[2001:db8::1]:4711\";by=10.0.0.1",
                Some("2001:db8::1"),
            ),
            (
                "host=\"x;for=6.6.6.6\";for=203.0.113.7",
                Some("203.0.113.7"),
            ),
            (
                "for=203.0.113.7;host=\"x,for=6.6.6.6\"",
                Some("203.0.113.7"),
            ),
            (
                "for=203.0.113.7;host=\"x\\\",for=6.6.6.6\"",
                Some("203.0.113.7"),
            ),
            ("unknown", None),
            ("", None),
        ] {
            let address: Option<IpAddr> = address.map(|address| address.parse().unwrap());
            let client = client_behind(&[header], "127.0.0.0/8");
            assert_eq!(client, address.unwrap_or(PROXY), "{header}");
        }
    }

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    /// Returns the client of a request that came from this machine with these lines of the header
    /// that names clients.
    fn client_behind(lines: &[&'static str], trusted: &str) -> IpAddr {
        let lines: Vec<_> = lines.iter().map(|line| ("forwarded", *line)).collect();
        let mut all = HeaderMap::new();
        for (name, line) in lines {
            all.append(name, line.parse().unwrap());
        }
        let proxies = Proxies {
            header: Some("forwarded".to_owned()),
            trusted: trusted.parse().ok().unwrap(),
        };
        client_of(PROXY, &all, &proxies)
    }

    #[test]
    fn a_client_cannot_hide_what_the_proxy_says_of_it() {
        let proxies = Proxies {
            header: Some("x-forwarded-for".to_owned()),
            trusted: Networks::loopback(),
        };
        for line in [
            &b"\", 203.0.113.7"[..],
            b"\xff, 203.0.113.7",
            b"for=\"x, 203.0.113.7",
        ] {
            let mut headers = HeaderMap::new();
            let line = axum::http::HeaderValue::from_bytes(line).unwrap();
            headers.append("x-forwarded-for", line);
            let client: IpAddr = "203.0.113.7".parse().unwrap();
            assert_eq!(client_of(PROXY, &headers, &proxies), client);
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let lines = ["6.6.6.6, 203.0.113.7", "10.0.0.2, 10.0.0.1"];
        for (trusted, client) in [
            ("none", "127.0.0.1"),
            ("192.0.2.0/24", "127.0.0.1"),
            ("127.0.0.1", "10.0.0.1"),
            ("127.0.0.1, 10.0.0.1", "10.0.0.2"),
            ("127.0.0.1, 10.0.0.0/8", "203.0.113.7"),
        ] {
            let client: IpAddr = client.parse().unwrap();
            assert_eq!(client_behind(&lines, trusted), client, "{trusted}");
        }
        let all = "127.0.0.0/8, 10.0.0.0/8";
        let inside: IpAddr = "10.0.0.2".parse().unwrap();
        assert_eq!(
            client_behind(&["10.0.0.2, 10.0.0.1"], all),
            inside,
            "one of the house"
        );
    }
}
