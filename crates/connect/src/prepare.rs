//! Fills in the address and the body of a request.

use std::collections::BTreeMap;

use alta_domain::FaultKind;
use minijinja::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::fault::Fault;
use crate::manifest::{Body, Manifest, Request};

/// The characters that are escaped in a path: all but the unreserved ones (RFC 3986, 2.3).
const ESCAPED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns the address of a request. `link` is the address of a next page, which replaces the
/// request's own.
///
/// # Errors
/// [`FaultKind::BadAddress`] for a text that is no address, and for a `link` to another host than
/// the request's own: the credentials would go there.
pub(crate) fn url(
    manifest: &Manifest,
    request: &Request,
    variables: &Value,
    link: Option<&str>,
) -> Result<Url, Fault> {
    let bad = |_| Fault::new(FaultKind::BadAddress, "no address");
    let base = manifest.request.base.text(variables);
    let base = if base.contains("://") {
        base
    } else {
        format!("https://{base}")
    };
    let path = request.path.fill(variables, |text| {
        utf8_percent_encode(&text, ESCAPED_IN_PATH).to_string()
    });
    let whole = if path.is_empty() {
        base
    } else {
        format!(
            "{}/{}",
            base.trim_end_matches('/'),
            path.trim_start_matches('/')
        )
    };
    let mut url = Url::parse(&whole).map_err(bad)?;
    if let Some(link) = link {
        let next = url.join(link).map_err(bad)?;
        return if next.origin() == url.origin() {
            Ok(next)
        } else {
            Err(Fault::new(
                FaultKind::BadAddress,
                "the next page is elsewhere",
            ))
        };
    }
    let pairs: BTreeMap<&String, String> = request
        .query
        .iter()
        .map(|(name, value)| (name, value.text(variables)))
        .collect();
    if pairs.values().any(|value| !value.is_empty()) {
        url.query_pairs_mut()
            .extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    }
    Ok(url)
}

/// Returns a body with its expressions filled in; parts without a value are left out.
pub(crate) fn fill_body(body: &Body, variables: &Value) -> Option<serde_json::Value> {
    match body {
        Body::Text(text) => {
            let value = text.value(variables);
            if value.is_undefined() || value.is_none() {
                None
            } else {
                serde_json::to_value(value).ok()
            }
        }
        Body::Plain(value) => Some(value.clone()),
        Body::List(values) => Some(
            values
                .iter()
                .filter_map(|value| fill_body(value, variables))
                .collect(),
        ),
        Body::Map(values) => {
            let pairs = values
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), fill_body(value, variables)?)));
            Some(serde_json::Value::Object(pairs.collect()))
        }
    }
}
