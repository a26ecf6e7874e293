//! Turns the completed records of a page into the records of `alta_domain`. That needs the
//! processor and no answer of the system, so it can run while the next page is asked for.

use std::io;
use std::sync::Arc;

use alta_domain::{FaultKind, SourcePage, SourceRecord, Sourced};
use minijinja::{Value, context};

use crate::detail::Detailed;
use crate::fault::Fault;
use crate::manifest::{Manifest, StreamSpec};
use crate::position::Position;
use crate::read::{Fields, RecordDefaults, set_aside};
use crate::room::Place;

/// What is stored of a record that is too large.
const NOTHING: &str = "{}";
/// The characters that are kept of the id of a record that is too large.
const LONGEST_ID: usize = 200;

/// A function that picks the description of one stream out of a manifest.
pub(crate) type PickStream<T> = fn(&Manifest) -> Option<&StreamSpec<T>>;

/// A page whose records are complete and still in the vendor's words. [`UnreadPage::read`] turns
/// them into ours.
pub struct UnreadPage {
    /// The position of the next page, as JSON.
    pub position: String,
    /// True when the run has ended and no page follows.
    pub done: bool,
    /// On the last page of a reading of all records: the time at which that reading began, in
    /// milliseconds since 1970. `None` on other pages, and for lists that old records leave.
    pub(crate) whole: Option<i64>,
    read: Box<dyn FnOnce() -> Vec<Sourced> + Send>,
    /// The room in memory that a large page holds; it is given back when the page's records have
    /// been read.
    place: Place,
}

impl UnreadPage {
    /// Makes a page that another one follows.
    pub(crate) fn new(at: &Position, read: impl FnOnce() -> Vec<Sourced> + Send + 'static) -> Self {
        Self {
            position: at.write(),
            done: false,
            whole: None,
            read: Box::new(read),
            place: Place::default(),
        }
    }

    /// Makes the last page of a run, or of a window of time in it, and moves the position on.
    pub(crate) fn last<T>(
        stream: &StreamSpec<T>,
        at: &mut Position,
        read: impl FnOnce() -> Vec<Sourced> + Send + 'static,
    ) -> Self {
        let whole = at.whole();
        let done = at.finish_window(&stream.pages, stream.overlap, stream.updated.is_some());
        Self {
            whole: whole.filter(|_| done && !stream.forgets),
            done,
            ..Self::new(at, read)
        }
    }

    /// Gives the page the room in memory that its answer holds.
    pub(crate) fn in_place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Turns the page's records into ours, on another thread: on that of large answers when the
    /// page is made of one.
    ///
    /// # Errors
    /// [`FaultKind::Unexpected`] when reading panics.
    pub async fn read(self) -> Result<SourcePage, Fault> {
        match self.place.parser() {
            Some(parser) => parser.run(|| self.read_here()).await,
            None => tokio::task::spawn_blocking(|| self.read_here())
                .await
                .map_err(|_| Fault::new(FaultKind::Unexpected, "a fault of ours")),
        }
    }

    fn read_here(self) -> SourcePage {
        let page = SourcePage {
            records: (self.read)(),
            position: self.position,
            done: self.done,
            whole: self.whole,
        };
        drop(self.place);
        page
    }
}

/// Reads the records of a page by the description of their stream.
pub(crate) fn read_all<T: Fields>(
    manifest: &Arc<Manifest>,
    pick: PickStream<T>,
    records: Vec<Detailed>,
    variables: &Value,
    defaults: &RecordDefaults,
) -> Vec<Sourced> {
    let Some(stream) = pick(manifest) else {
        return Vec::new();
    };
    let mut read = Vec::with_capacity(records.len());
    for record in records {
        match record {
            Detailed::Incomplete(listed, message) => {
                let id = stream.id.text(&listed);
                read.push(match raw(&listed, defaults.record_bytes) {
                    Ok(raw) => Sourced {
                        id,
                        record: Err(set_aside("detail", &message)),
                        raw,
                    },
                    Err(bytes) => too_large(&id, bytes),
                });
            }
            Detailed::Complete(record) => {
                if let Some(skipped) = skipped(stream, &record) {
                    read.push(Sourced {
                        id: stream.id.text(&record),
                        record: Ok(skipped),
                        raw: String::new(),
                    });
                } else {
                    read.extend(sourced(stream, &record, variables, defaults));
                }
            }
        }
    }
    read
}

/// Returns the deletion of a record that its system marks as deleted, or the mark that a record is
/// there but is left out by the manifest. `None` for a record that is read.
fn skipped<T>(stream: &StreamSpec<T>, record: &Value) -> Option<SourceRecord> {
    if stream.gone.as_ref().is_some_and(|gone| gone.holds(record)) {
        return Some(SourceRecord::Gone);
    }
    let is_wanted = stream.only.as_ref().is_none_or(|only| only.holds(record));
    (!is_wanted).then_some(SourceRecord::Unwanted)
}

/// Reads one record, and the contact that only this record mentions.
fn sourced<T: Fields>(
    stream: &StreamSpec<T>,
    record: &Value,
    variables: &Value,
    defaults: &RecordDefaults,
) -> Vec<Sourced> {
    let id = stream.id.text(record);
    let of = |name: &str| variables.get_attr(name).unwrap_or_default();
    let variables = context! { lookup => of("lookup"), batch => of("batch"), ..record.clone() };
    let raw = match raw(record, defaults.record_bytes) {
        Ok(raw) => raw,
        Err(bytes) => return vec![too_large(&id, bytes)],
    };
    let read: Result<SourceRecord, _> = if id.is_empty() {
        Err(set_aside("id", ""))
    } else {
        stream.fields.read(&variables, defaults)
    };
    let guest = stream
        .fields
        .guest(&variables, defaults)
        .map(|(guest, contact)| {
            let raw = serde_json::json!({ "transaction": id }).to_string();
            Sourced {
                id: guest,
                record: Ok(SourceRecord::Contact(contact)),
                raw,
            }
        });
    let own = Sourced {
        id,
        record: read,
        raw,
    };
    std::iter::once(own).chain(guest).collect()
}

/// Returns a record that is larger than allowed as one that is set aside. Nothing of it is kept but
/// the beginning of its id, and its size.
fn too_large(id: &str, bytes: usize) -> Sourced {
    Sourced {
        id: id.chars().take(LONGEST_ID).collect(),
        record: Err(set_aside("record", &format!("{bytes} bytes"))),
        raw: NOTHING.to_owned(),
    }
}

/// Returns a record as JSON, in the vendor's words.
///
/// # Errors
/// The number of its bytes when it has more than `limit`.
fn raw(record: &Value, limit: usize) -> Result<String, usize> {
    let mut json = Bounded {
        text: Vec::new(),
        limit,
        bytes: 0,
    };
    if serde_json::to_writer(&mut json, record).is_err() {
        return Ok(String::new());
    }
    if json.bytes > limit {
        return Err(json.bytes);
    }
    Ok(String::from_utf8(json.text).unwrap_or_default())
}

/// A text in memory that grows no longer than a limit, and counts the bytes beyond.
struct Bounded {
    text: Vec<u8>,
    limit: usize,
    bytes: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.bytes += part.len();
        if self.bytes <= self.limit {
            self.text.extend_from_slice(part);
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::raw;

    #[test]
    fn a_record_of_the_most_bytes_is_kept_and_a_longer_one_is_counted() {
        let record = context! { id => 1, name => "Ana" };
        let json = r#"{"id":1,"name":"Ana"}"#;
        assert_eq!(raw(&record, json.len()).as_deref(), Ok(json));
        assert_eq!(raw(&record, json.len() - 1), Err(json.len()));
    }
}
