//! Where a request comes from: the page that sends it, and the machine.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

/// Returns false for a request from a page of another site. `own` is the address that people open;
/// behind a proxy the `Host` may be another. A request without `Origin` does not come from a
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

/// Returns the IP address of the client; behind a proxy the last one that its header names.
pub(super) fn address(request: &Request, header: Option<&str>) -> Option<String> {
    let named = header.and_then(|header| {
        let mut lines = request.headers().get_all(header).into_iter();
        parsed(lines.next_back()?.to_str().ok()?)
    });
    let connected = || {
        let connected = request.extensions().get::<ConnectInfo<SocketAddr>>();
        connected.map(|ConnectInfo(address)| address.ip())
    };
    // An IPv4 client of an IPv6 socket is shown with its IPv4 address.
    let address = named.or_else(connected);
    address.map(|address| address.to_canonical().to_string())
}

/// Reads the last address of a header: with or without a port and brackets, alone or as the `for`
/// of `Forwarded` (RFC 7239).
fn parsed(header: &str) -> Option<IpAddr> {
    let last = unquoted_parts(header, ',').pop()?;
    let mut pairs = unquoted_parts(last, ';').into_iter().map(str::trim);
    let named = pairs.find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case("for").then_some(value)
    });
    let address = named.unwrap_or(last).trim().trim_matches('"');
    let bare = address
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let plain: Option<IpAddr> = bare.unwrap_or(address).parse().ok();
    plain.or_else(|| Some(address.parse::<SocketAddr>().ok()?.ip()))
}

/// Returns a header as text, `None` when it is missing or not ASCII.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Splits a header at a mark, but not inside of a quoted string (RFC 9110, 5.6.4): what a client
/// has the proxy quote begins no part of its own.
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
            let address = address.map(|address| address.parse().unwrap());
            assert_eq!(parsed(header), address, "{header}");
        }
    }
}
