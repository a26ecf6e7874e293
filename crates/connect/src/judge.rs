//! Decides what an answer means: by the manifest's rules first, then by its HTTP status.

use std::time::Duration;

use alta_domain::FaultKind;
use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::credentials::Credentials;
use crate::fault::Fault;
use crate::headers::{next_link, retry_after};
use crate::http::Answer;
use crate::manifest::{ErrorRule, Format, Manifest, Meaning};
use crate::microvix;

/// The most letters that the rules of a manifest see of a body that can't be parsed.
const SHOWN_LETTERS: usize = 2000;

/// Returns the variables of a good answer, or `None` when a rule says that it means 'no records'.
///
/// # Errors
/// The fault that the answer means.
pub(crate) fn judge(
    manifest: &Manifest,
    credentials: &Credentials,
    answer: &Answer,
) -> Result<Option<Value>, Fault> {
    let body = read_body(manifest.request.format, &answer.body);
    let text = || {
        String::from_utf8_lossy(&answer.body)
            .chars()
            .take(SHOWN_LETTERS)
            .collect::<String>()
    };
    let variables = context! {
        status => answer.status,
        answer => body.as_ref().ok().cloned().unwrap_or_default(),
        text => if body.is_err() { text() } else { String::new() },
        headers => Serde(&answer.headers),
        link => next_link(&answer.headers).unwrap_or_default(),
        date => answer.headers.get("date").map_or("", String::as_str),
    };
    let mut rules = manifest.errors.iter();
    let Some(rule) = rules.find(|rule| rule.when.holds(&variables)) else {
        return judge_by_status(answer, body.err(), variables);
    };
    match rule.means {
        // A page of a proxy does not show what the system has.
        Meaning::Empty if body.is_err() && text().trim_start().starts_with('<') => {
            Err(Fault::new(FaultKind::Down, "a page in place of an answer"))
        }
        Meaning::Empty => Ok(None),
        Meaning::Fault(kind) => {
            let (message, wait) = describe(rule, &variables);
            let remedy = rule.remedy.as_ref().or_else(|| manifest.remedy(kind));
            let fault = Fault {
                remedy: remedy.cloned().map(Box::new),
                ..Fault::new(kind, credentials.masked(manifest, &message))
            };
            Err(fault.retry_in(wait.or_else(|| retry_after(answer))))
        }
    }
}

/// Parses the body of an answer.
fn read_body(format: Format, body: &[u8]) -> Result<Value, String> {
    match format {
        Format::Microvix => microvix::answer(body).map(|read| Value::from(Serde(read))),
        Format::Json | Format::Form => {
            serde_json::from_slice::<Value>(body).map_err(|error| error.to_string())
        }
    }
}

/// Returns the vendor's own message that a rule finds in an answer, and how long to wait.
fn describe(rule: &ErrorRule, variables: &Value) -> (String, Option<Duration>) {
    let message = rule.said.as_ref().map(|said| said.text(variables));
    let wait = rule
        .wait
        .as_ref()
        .and_then(|wait| wait.text(variables).parse().ok())
        .and_then(|wait| Duration::try_from_secs_f64(wait).ok());
    (message.unwrap_or_default(), wait)
}

/// Judges an answer to which no rule of its manifest applies. `unreadable` is the reason why its
/// body could not be parsed.
fn judge_by_status(
    answer: &Answer,
    unreadable: Option<String>,
    variables: Value,
) -> Result<Option<Value>, Fault> {
    let kind = match answer.status {
        200..300 => {
            return match unreadable {
                None => Ok(Some(variables)),
                // Half an answer, or a page of a proxy in between: it may come whole the next
                // time.
                Some(error) => Err(Fault::new(
                    FaultKind::Down,
                    format!("the answer can't be read: {error}"),
                )),
            };
        }
        401 => FaultKind::BadCredentials,
        402 => FaultKind::PlanLimit,
        403 => FaultKind::MissingScope,
        408 | 500.. => FaultKind::Down,
        429 => FaultKind::Busy,
        _ => FaultKind::Unexpected,
    };
    Err(Fault::new(kind, format!("HTTP {}", answer.status)).retry_in(retry_after(answer)))
}
