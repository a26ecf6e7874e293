//! The records of a page on their way into our words: their system tells them, and they are read
//! afterwards, while it tells the next.

use std::sync::Arc;

use alta_domain::{SourcePage, SourceRecord, Sourced};
use minijinja::{Value, context};

use crate::manifest::{Manifest, Source};
use crate::position::Position;
use crate::read::{Fields, Ways, aside};

/// The part of a manifest that tells of one kind of records.
pub(crate) type Part<T> = fn(&Manifest) -> Option<&Source<T>>;

/// What a system tells of a record.
pub(crate) enum Told {
    /// All that there is.
    Whole(Value),
    /// Not what the list lacks: the list's record, and why.
    Part(Value, String),
}

/// A page with its place in the stream, and its records still to be read: that needs the processor,
/// and nothing of the system.
pub struct UnreadPage {
    /// What to go on with, as JSON.
    pub position: String,
    /// There is no other page.
    pub done: bool,
    pub(crate) whole: Option<i64>,
    read: Box<dyn FnOnce() -> Vec<Sourced> + Send>,
}

impl UnreadPage {
    /// A page behind which there is another.
    pub(crate) fn new(at: &Position, read: impl FnOnce() -> Vec<Sourced> + Send + 'static) -> Self {
        Self {
            position: at.write(),
            done: false,
            whole: None,
            read: Box::new(read),
        }
    }

    /// The last page of a run, or of a window in it.
    pub(crate) fn last<T>(
        source: &Source<T>,
        at: &mut Position,
        read: impl FnOnce() -> Vec<Sourced> + Send + 'static,
    ) -> Self {
        let whole = at.whole();
        let done = at.close(&source.pages, source.overlap, source.updated.is_some());
        Self {
            whole: whole.filter(|_| done && !source.forgets),
            done,
            ..Self::new(at, read)
        }
    }

    /// With its records.
    #[must_use]
    pub fn read(self) -> SourcePage {
        SourcePage {
            records: (self.read)(),
            position: self.position,
            done: self.done,
            whole: self.whole,
        }
    }
}

/// Reads the records of a page by a part of its manifest.
pub(crate) fn read_all<T: Fields>(
    manifest: &Arc<Manifest>,
    part: Part<T>,
    told: Vec<Told>,
    asked: &Value,
    ways: &Ways,
) -> Vec<Sourced> {
    let Some(source) = part(manifest) else {
        return Vec::new();
    };
    let mut read = Vec::with_capacity(told.len());
    for record in told {
        match record {
            Told::Part(listed, said) => {
                read.push(Sourced {
                    id: source.id.text(&listed),
                    record: Err(aside("detail", &said)),
                    raw: raw(&listed),
                });
            }
            Told::Whole(record) if source.gone.as_ref().is_some_and(|gone| gone.holds(&record)) => {
                read.push(Sourced {
                    id: source.id.text(&record),
                    record: Ok(SourceRecord::Gone),
                    raw: String::new(),
                });
            }
            Told::Whole(record) => {
                if source.only.as_ref().is_none_or(|only| only.holds(&record)) {
                    read.extend(sourced(source, &record, asked, ways));
                } else {
                    read.push(Sourced {
                        id: source.id.text(&record),
                        record: Ok(SourceRecord::Unwanted),
                        raw: String::new(),
                    });
                }
            }
        }
    }
    read
}

/// The record, and who is told of by it alone.
fn sourced<T: Fields>(
    source: &Source<T>,
    record: &Value,
    asked: &Value,
    ways: &Ways,
) -> impl Iterator<Item = Sourced> {
    let id = source.id.text(record);
    let of = |name: &str| asked.get_attr(name).unwrap_or_default();
    let variables = context! { lookup => of("lookup"), batch => of("batch"), ..record.clone() };
    let read: Result<SourceRecord, _> = if id.is_empty() {
        Err(aside("id", ""))
    } else {
        source.fields.read(&variables, ways)
    };
    let guest = source
        .fields
        .guest(&variables, ways)
        .map(|(guest, contact)| {
            let raw = serde_json::json!({ "transaction": id }).to_string();
            Sourced {
                id: guest,
                record: Ok(SourceRecord::Contact(contact)),
                raw,
            }
        });
    std::iter::once(Sourced {
        id,
        record: read,
        raw: raw(record),
    })
    .chain(guest)
}

fn raw(record: &Value) -> String {
    serde_json::to_string(record).unwrap_or_default()
}
