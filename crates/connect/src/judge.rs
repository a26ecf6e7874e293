//! Decides what an answer means: first whether it passes by itself, then by the manifest's rules,
//! then by its HTTP status.

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

/// The mark at the beginning of texts that some programs write as UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The statuses with which firewalls send a page for people in place of a system's answer. Systems
/// themselves answer requests of programs with JSON.
const BLOCKED_STATUSES: [u16; 4] = [403, 406, 418, 451];
/// The most bytes of other text before the JSON of an answer.
const MOST_TEXT_BEFORE: usize = 64 * 1024;
/// The most places at which JSON is looked for behind other text.
const MOST_BEGINS: usize = 20;
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
    let text = if body.is_err() {
        let text = String::from_utf8_lossy(without_mark(&answer.body));
        text.chars().take(SHOWN_LETTERS).collect()
    } else {
        String::new()
    };
    let is_page = text.trim_start().starts_with('<');
    if is_page && BLOCKED_STATUSES.contains(&answer.status) {
        return Err(Fault::new(FaultKind::Blocked, "a page for people")
            .saying(&credentials.masked(manifest, &words_of_page(&text)))
            .retry_in(retry_after(answer)));
    }
    let variables = context! {
        status => answer.status,
        answer => body.as_ref().ok().cloned().unwrap_or_default(),
        text => text.as_str(),
        headers => Serde(&answer.headers),
        link => next_link(&answer.headers).unwrap_or_default(),
        date => answer.headers.get("date").map_or("", String::as_str),
    };
    let mut rules = manifest.errors.iter();
    let rule = rules.find(|rule| rule.when.holds(&variables));
    let passing = passing_status(answer);
    let Some(rule) = rule.filter(|rule| passing.is_none() || rule.means.passes()) else {
        return match passing {
            Some(kind) => Err(of_status(kind, answer)),
            None => judge_by_status(manifest, credentials, answer, body.err(), variables),
        };
    };
    match rule.means {
        // A page of a proxy does not show what the system has.
        Meaning::Empty if is_page => Err(Fault::new(FaultKind::Unreadable, "a page for people")),
        Meaning::Empty => Ok(None),
        Meaning::Fault(kind) => {
            let (message, wait) = describe(rule, &variables);
            let remedy = rule.remedy.as_ref().or_else(|| manifest.remedy(kind));
            let fault = Fault {
                remedy: remedy.cloned().map(Box::new),
                ..Fault::new(kind, "").saying(&credentials.masked(manifest, &message))
            };
            Err(fault.retry_in(wait.or_else(|| retry_after(answer))))
        }
    }
}

/// Returns the kind of fault of an answer with a status that means 'try later'. No rule of a
/// manifest can make such an answer final. `None` for all other answers.
///
/// Sources: RFC 9110 (408, and `Retry-After`), RFC 6585 (429), RFC 8470 (425), RFC 4918 (423);
/// HubSpot answers 423 while a record is locked and 477 while an account is moved.
pub(crate) fn passing_status(answer: &Answer) -> Option<FaultKind> {
    match answer.status {
        408 => Some(FaultKind::Down),
        423 | 425 | 429 | 477 => Some(FaultKind::Busy),
        400..=499 if answer.headers.contains_key("retry-after") => Some(FaultKind::Busy),
        _ => None,
    }
}

/// Parses the body of an answer.
fn read_body(format: Format, body: &[u8]) -> Result<Value, String> {
    let body = without_mark(body);
    match format {
        Format::Microvix => microvix::answer(body).map(|read| Value::from(Serde(read))),
        Format::Json | Format::Form => serde_json::from_slice::<Value>(body)
            .or_else(|error| json_behind_text(body).ok_or_else(|| error.to_string())),
    }
}

/// Returns a body without its byte order mark.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body)
}

/// Parses the JSON behind other text, such as the warnings that PHP writes before an answer. The
/// JSON begins a line or follows a tag, and goes on to the end of the body: brackets in a sentence
/// are no JSON.
fn json_behind_text(body: &[u8]) -> Option<Value> {
    let head = body.get(..MOST_TEXT_BEFORE).unwrap_or(body);
    // JSON that is cut off is no text before other JSON.
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, None | Some(b'{' | b'[')) {
        return None;
    }
    let mut begins_here = false;
    let begins = head.iter().enumerate().filter(|(_, byte)| {
        let is_begin = begins_here && matches!(byte, b'{' | b'[');
        begins_here = match byte {
            b'\n' | b'\r' | b'>' => true,
            b' ' | b'\t' => begins_here,
            _ => false,
        };
        is_begin
    });
    begins
        .take(MOST_BEGINS)
        .find_map(|(at, _)| serde_json::from_slice(body.get(at..)?).ok())
}

/// Returns the words of a page for people, without its tags, styles and scripts.
fn words_of_page(page: &str) -> String {
    let mut words = String::new();
    let mut hidden = None;
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split_whitespace().next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match &hidden {
            Some(end) if *end == name => hidden = None,
            Some(_) => continue,
            None if matches!(name.as_str(), "style" | "script") => {
                hidden = Some(format!("/{name}"));
                continue;
            }
            None => {}
        }
        words.extend(text.split_whitespace().flat_map(|word| [" ", word]));
    }
    words.trim_start().to_owned()
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
    manifest: &Manifest,
    credentials: &Credentials,
    answer: &Answer,
    unreadable: Option<String>,
    variables: Value,
) -> Result<Option<Value>, Fault> {
    let kind = match answer.status {
        200..300 => {
            return match unreadable {
                None => Ok(Some(variables)),
                // Half an answer, or a page in its place: it may come whole the next time.
                Some(error) => {
                    let text = variables.get_attr("text").unwrap_or_default().to_string();
                    let words = words_of_page(&text);
                    Err(Fault::new(FaultKind::Unreadable, error)
                        .saying(&credentials.masked(manifest, &words)))
                }
            };
        }
        300..=399 if answer.headers.contains_key("location") => {
            let to = answer.headers.get("location").map_or("", String::as_str);
            let moved = Fault::new(FaultKind::Moved, format!("HTTP {}", answer.status));
            return Err(moved.saying(&credentials.masked(manifest, &without_secrets(to))));
        }
        401 => FaultKind::BadCredentials,
        402 => FaultKind::PlanLimit,
        403 => FaultKind::MissingScope,
        500.. => FaultKind::Down,
        _ => FaultKind::Unexpected,
    };
    Err(of_status(kind, answer))
}

/// Returns an address without the parts that may hold secrets: its user, its query and what
/// follows.
fn without_secrets(address: &str) -> String {
    let Ok(mut url) = reqwest::Url::parse(address) else {
        return address
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_owned();
    };
    url.set_query(None);
    url.set_fragment(None);
    // These fail only for addresses that have no host, and then no user either.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

/// Makes a fault of an answer of which only the status is known.
fn of_status(kind: FaultKind, answer: &Answer) -> Fault {
    Fault::new(kind, "")
        .saying(&format!("HTTP {}", answer.status))
        .retry_in(retry_after(answer))
}

#[cfg(test)]
mod tests;
