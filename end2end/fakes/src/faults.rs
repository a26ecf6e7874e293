//! Makes answers go wrong on demand, as real answers do.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;

use crate::system::Shared;

/// The number of the next requests that fail in each way. It is also the body of the control call.
#[derive(Clone, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    too_many: u64,
    error: u64,
    slow: u64,
    half: u64,
    html: u64,
    expired: u64,
    slow_seconds: Option<u64>,
    /// The number of answers that begin with a byte order mark.
    mark: u64,
    /// The number of answers behind a warning of PHP.
    warning: u64,
    /// Answers that are sent as they are written here, in place of the next ones.
    canned: VecDeque<Canned>,
    /// The right that the account's owner has not given. `None` when all rights are given.
    pub(crate) withheld: Option<String>,
}

/// An answer that a test has written.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Canned {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
}

#[derive(Clone)]
enum Fault {
    TooMany,
    Error,
    Slow(Duration),
    Half,
    Html,
    Expired,
    Behind(&'static str),
    Canned(Canned),
}

impl Faults {
    /// Adds the faults that a control call asks for. The call replaces the withheld right, also
    /// with `None`.
    pub(crate) fn plan(&mut self, more: &Self) {
        self.too_many += more.too_many;
        self.error += more.error;
        self.slow += more.slow;
        self.half += more.half;
        self.html += more.html;
        self.expired += more.expired;
        self.slow_seconds = more.slow_seconds.or(self.slow_seconds);
        self.mark += more.mark;
        self.warning += more.warning;
        self.canned.extend(more.canned.iter().cloned());
        self.withheld.clone_from(&more.withheld);
    }

    fn take(&mut self) -> Option<Fault> {
        if let Some(canned) = self.canned.pop_front() {
            return Some(Fault::Canned(canned));
        }
        let slow = Fault::Slow(Duration::from_secs(self.slow_seconds.unwrap_or(120)));
        let queues = [
            (&mut self.too_many, Fault::TooMany),
            (&mut self.error, Fault::Error),
            (&mut self.slow, slow),
            (&mut self.half, Fault::Half),
            (&mut self.html, Fault::Html),
            (&mut self.expired, Fault::Expired),
            (&mut self.mark, Fault::Behind("\u{feff}")),
            (&mut self.warning, Fault::Behind(WARNING)),
        ];
        let (left, fault) = queues.into_iter().find(|(left, _)| **left > 0)?;
        *left -= 1;
        Some(fault)
    }
}

/// A warning as PHP writes it before an answer when its server shows errors.
const WARNING: &str = "<br />\n<b>Warning</b>:  Undefined array key \"total\" in \
    <b>/var/www/html/wp-content/plugins/x/y.php</b> on line <b>31</b><br />\n";

/// Runs before every API request of a system: counts the request and applies the next planned
/// fault.
pub(crate) async fn misbehave(
    State(system): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    system.arrived();
    if system.vendor.path_is_call {
        system.called(&format!(
            "{} {}",
            request.method(),
            without_ids(request.uri().path())
        ));
    }
    let fault = system.state().faults.take();
    match fault {
        Some(Fault::TooMany) => (system.vendor.too_many)(&system),
        Some(Fault::Error) => (system.vendor.broken)(),
        Some(Fault::Html) => bad_gateway(),
        Some(Fault::Slow(wait)) => {
            tokio::time::sleep(wait).await;
            next.run(request).await
        }
        Some(Fault::Canned(canned)) => canned.into_response(),
        Some(Fault::Behind(text)) => behind(text, next.run(request).await).await,
        Some(Fault::Half) => half(next.run(request).await).await,
        Some(Fault::Expired) => {
            system.state().oauth.expire();
            next.run(request).await
        }
        None => next.run(request).await,
    }
}

fn bad_gateway() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n\
        <body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, Html(page)).into_response()
}

impl IntoResponse for Canned {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::IM_A_TEAPOT);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::from_str(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Sends an answer behind other text.
async fn behind(text: &str, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return bad_gateway();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let all = [text.as_bytes(), &whole].concat();
    Response::from_parts(parts, Body::from(all))
}

/// Sends the first half of an answer with the length of the whole, and breaks off.
async fn half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return bad_gateway();
    };
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let first = whole.slice(..whole.len() / 2);
    let broken = stream::unfold(Some(first), |left| async move {
        if let Some(first) = left {
            return Some((Ok(first), None));
        }
        // Without a pause the connection would close before the first half is on its way.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
    });
    Response::from_parts(parts, Body::from_stream(broken))
}

/// Returns a path with its ids replaced: `/contatos/{id}` for `/contatos/123`.
fn without_ids(path: &str) -> String {
    path.split('/')
        .map(|part| if is_id(part) { "{id}" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Returns true for a number, or for the 24 hexadecimal digits of an id in a document store.
fn is_id(part: &str) -> bool {
    let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits || part.len() == 24 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}
