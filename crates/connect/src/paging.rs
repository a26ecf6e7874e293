//! Makes the variables of the request for a page, and decides whether another page follows.

use alta_domain::{FaultKind, Sourced};
use jiff::tz::Offset;
use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::fault::Fault;
use crate::manifest::{PageKind, Pages, StreamSpec};
use crate::position::Position;
use crate::read::set_aside;
use crate::time::Moment;

/// The id of the problem that a list's `more` names an unknown part of the answer. It is also the
/// place in the manifest that the problem names.
const OF_MORE: &str = "pages.more";

/// Returns the variables that the request for a page has besides the account's.
pub(crate) fn page_variables(pages: &Pages, at: &Position, zone: Offset) -> Value {
    let moment = |millis: Option<i64>| {
        millis
            .and_then(|millis| Moment::of(millis, zone))
            .map(|moment| moment.to_string())
    };
    let (since, until) = match at.window {
        Some((from, to)) => (Some(from), Some(to)),
        None => (at.since, at.started),
    };
    context! {
        page => at.page,
        offset => at.offset,
        size => pages.size,
        cursor => at.next.as_deref().map_or(Value::UNDEFINED, Value::from),
        mark => at.mark.as_deref().map_or(Value::UNDEFINED, Value::from),
        since => moment(since).map_or(Value::UNDEFINED, Value::from),
        until => moment(until).map_or(Value::UNDEFINED, Value::from),
        initial => at.since.is_none() && at.mark.is_none(),
    }
}

/// Notes the total that an answer names. Returns true when the window of time has more records
/// than the vendor gives out and was halved: its first half is asked for next.
///
/// # Errors
/// [`FaultKind::Endless`] where such a window is too short to be halved.
pub(crate) fn note_total<T>(
    stream: &StreamSpec<T>,
    answer: &Value,
    at: &mut Position,
) -> Result<bool, Fault> {
    let total = stream
        .pages
        .total
        .as_ref()
        .and_then(|total| total.text(answer).parse().ok());
    let Some(total) = total else {
        return Ok(false);
    };
    let cap = stream.pages.window_cap;
    if let Some(cap) = cap.filter(|cap| total > *cap && at.offset == 0) {
        return if at.halve_window(&stream.pages) {
            Ok(true)
        } else {
            Err(Fault::new(
                FaultKind::Endless,
                format!("more than {cap} records in a second"),
            ))
        };
    }
    at.note_total(&stream.pages, total);
    Ok(false)
}

/// Returns true when another page follows one of `count` rows. `next` is the cursor or the address
/// of the next page, for streams that name one.
///
/// # Errors
/// [`FaultKind::Down`] where the answer says that another page follows and does not name it.
pub(crate) fn has_next_page<T>(
    stream: &StreamSpec<T>,
    answer: &Value,
    count: usize,
    next: Option<&str>,
) -> Result<bool, Fault> {
    let more = match (&stream.pages.more, stream.pages.kind) {
        (Some(more), _) => more.holds(&context! { count => count, ..answer.clone() }),
        (None, PageKind::Single) => false,
        (None, PageKind::Page | PageKind::Offset) => count >= stream.pages.size as usize,
        (None, PageKind::Cursor | PageKind::Link) => true,
    };
    let lacks_next = next.is_some_and(str::is_empty);
    if more && count > 0 && lacks_next && stream.pages.more.is_some() {
        return Err(Fault::new(
            FaultKind::Down,
            "another page follows, and the answer does not name it",
        ));
    }
    Ok(more && !lacks_next)
}

/// Returns a problem for a list that ends after one full page because its `more` names a part that
/// the answer does not have: the name may be misspelt, and the list may go on. `None` in all other
/// cases.
pub(crate) fn unknown_part_of_more<T>(
    stream: &StreamSpec<T>,
    answer: &Value,
    count: usize,
) -> Option<Sourced> {
    let more = stream.pages.more.as_ref()?;
    let is_full = count >= stream.pages.size as usize;
    let names = more.names();
    let unknown = names
        .iter()
        .filter(|name| name.starts_with("answer."))
        .find(|name| is_unknown(name, answer))
        .filter(|_| is_full)?;
    Some(Sourced {
        id: OF_MORE.to_owned(),
        record: Err(set_aside(OF_MORE, unknown)),
        raw: String::new(),
    })
}

/// Returns true when a name such as `answer.total` leads to a table of the answer that does not
/// have the last part.
fn is_unknown(name: &str, variables: &Value) -> bool {
    let mut value = variables.clone();
    for part in name.split('.') {
        let next = value.get_attr(part).unwrap_or_default();
        if next.is_undefined() {
            return value.kind() == ValueKind::Map;
        }
        value = next;
    }
    false
}

/// Returns true when a page begins with the same record as the page before, and notes that record.
///
/// # Errors
/// [`FaultKind::Endless`] for numbered pages: a vendor that ignores the page's number gives the
/// same page for ever. Pages by cursor or address may begin with the same record without a fault.
pub(crate) fn repeats<T>(
    stream: &StreamSpec<T>,
    records: &[Value],
    at: &mut Position,
) -> Result<bool, Fault> {
    let first = records
        .first()
        .map(|record| stream.id.text(record))
        .filter(|id| !id.is_empty());
    let again = at.pages > 0 && first.is_some() && first == at.first_id;
    at.first_id = first;
    if again && stream.pages.is_numbered() && records.len() > 1 {
        return Err(Fault::new(FaultKind::Endless, "the same page comes again"));
    }
    Ok(again)
}
