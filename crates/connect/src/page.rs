//! Reads one page of a stream: asks for it, completes its records, and finds the next page.

use std::collections::BTreeMap;
use std::sync::Arc;

use alta_domain::{FaultKind, Sourced, Stream};
use jiff::tz::Offset;
use minijinja::{Value, context};

use crate::clock::now;
use crate::detail::DetailContext;
use crate::fault::Fault;
use crate::headers::http_date;
use crate::manifest::{PageKind, StreamSpec};
use crate::paging::{has_next_page, note_total, page_variables, repeats, unknown_part_of_more};
use crate::position::{Position, RunRules};
use crate::read::{Fields, RecordDefaults};
use crate::records::{PickStream, UnreadPage, read_all};
use crate::rows::{group_rows, latest_change, page_rows};
use crate::session::Session;
use crate::text::text_of;
use crate::time;

/// A page whose records are listed, and whose details are not asked for yet. The position has moved
/// on to the next page.
struct ListedPage {
    records: Vec<Value>,
    /// The number of rows that the records were made of.
    rows: usize,
    /// True when another page follows.
    has_next: bool,
    /// True when the page begins with the same record as the page before.
    repeats: bool,
    /// True when the position of the next page differs from this page's.
    has_moved: bool,
    /// The number of earlier runs in which the system failed to give a record's details, by the
    /// record's id.
    failed_runs: BTreeMap<String, u32>,
}

impl ListedPage {
    /// Returns the problem [`unknown_part_of_more`] of a list when the page is its first one and no
    /// other follows; `None` otherwise.
    fn problem<T>(
        &self,
        stream: &StreamSpec<T>,
        answer: &Value,
        is_first: bool,
    ) -> Option<Sourced> {
        (is_first && !self.has_next)
            .then(|| unknown_part_of_more(stream, answer, self.rows))
            .flatten()
    }
}

impl Session {
    /// Reads the next page of a stream. `kept` is the position that came with the page before; it
    /// is empty for the very first page.
    ///
    /// # Errors
    /// The fault that kept the system from answering.
    pub async fn page(&mut self, stream: Stream, kept: &str) -> Result<UnreadPage, Fault> {
        // Frees the place of an earlier page that failed.
        drop(self.place.handed_over());
        let page = self.page_of_stream(stream, kept).await?;
        // From here on the place belongs to the page, until its records are read.
        Ok(page.in_place(self.place.handed_over()))
    }

    async fn page_of_stream(&mut self, stream: Stream, kept: &str) -> Result<UnreadPage, Fault> {
        match stream {
            Stream::Products => {
                self.page_of(|manifest| manifest.products.as_ref(), kept)
                    .await
            }
            Stream::Prices => {
                self.page_of(|manifest| manifest.prices.as_ref(), kept)
                    .await
            }
            Stream::Contacts => {
                self.page_of(|manifest| manifest.contacts.as_ref(), kept)
                    .await
            }
            Stream::Transactions => {
                self.page_of(|manifest| manifest.transactions.as_ref(), kept)
                    .await
            }
        }
    }

    async fn page_of<T: Fields + 'static>(
        &mut self,
        pick: PickStream<T>,
        kept: &str,
    ) -> Result<UnreadPage, Fault> {
        let manifest = Arc::clone(&self.manifest);
        let stream = pick(&manifest)
            .ok_or_else(|| Fault::new(FaultKind::Unexpected, "the manifest has no such records"))?;
        let defaults = self.record_defaults();
        let mut at = self.begin_page(stream, kept, defaults.zone)?;
        let variables = page_variables(&stream.pages, &at, defaults.zone);
        let link = at
            .next
            .clone()
            .filter(|_| stream.pages.kind == PageKind::Link);
        let answer = self
            .ask(&stream.request, &variables, link.as_deref())
            .await?;
        note_vendor_clock(&mut at, answer.as_ref());
        let Some(answer) = answer else {
            at.note_no_page(&stream.pages);
            return Ok(UnreadPage::last(stream, &mut at, Vec::new));
        };
        let answer = context! { ..answer, ..variables.clone() };
        if note_total(stream, &answer, &mut at)? {
            return Ok(UnreadPage::new(&at, Vec::new));
        }
        let is_first = at.pages == 0;
        let listed = list_records(stream, &answer, self.http.limits.answer_records, &mut at)?;
        let problem = listed.problem(stream, &answer, is_first);
        // Such a list may go on: it says nothing about what is gone.
        at.short |= problem.is_some();
        let variables = context! { lookup => self.lookups().await?, ..variables };
        let batches = self
            .batches(&stream.batch, &listed.records, &variables)
            .await?;
        let variables = context! { batch => batches.tables, ..variables };
        at.seen = at
            .seen
            .max(latest_change(stream, &listed.records, &defaults));
        let trash = self.trash(stream, &listed.records, listed.has_next).await?;
        let context = DetailContext {
            variables: &variables,
            incomplete: &batches.incomplete,
            failed_runs: &listed.failed_runs,
        };
        let records = self
            .complete_records(stream, listed.records, context)
            .await?;
        let shared = Arc::clone(&manifest);
        let read = move || {
            let read = read_all(&shared, pick, records, &variables, &defaults);
            read.into_iter().chain(trash).chain(problem).collect()
        };
        match (listed.has_next, listed.has_moved) {
            (false, _) => Ok(UnreadPage::last(stream, &mut at, read)),
            // A kept cursor stays the same after the last row, so this is the last page.
            (true, false) if stream.pages.keeps => Ok(UnreadPage::last(stream, &mut at, read)),
            (true, false) if listed.repeats => {
                Err(Fault::new(FaultKind::Endless, "the same page comes again"))
            }
            (true, _) => Ok(UnreadPage::new(&at, read)),
        }
    }

    /// Returns the position of the page to read. Begins a run when none is under way.
    ///
    /// # Errors
    /// [`FaultKind::Unexpected`] for a kept position that can't be read; [`FaultKind::Endless`]
    /// when the run has read as many pages as it may.
    fn begin_page<T>(
        &self,
        stream: &StreamSpec<T>,
        kept: &str,
        zone: Offset,
    ) -> Result<Position, Fault> {
        let mut at = Position::read(kept).map_err(|error| {
            Fault::new(
                FaultKind::Unexpected,
                format!("the kept position can't be read: {error}"),
            )
        })?;
        let window_from = stream
            .pages
            .window_from
            .as_deref()
            .and_then(|day| time::millis(day, zone));
        let rules = RunRules {
            window_from,
            full_every: stream.full_every,
        };
        at.begin_run(&stream.pages, now(), rules);
        let limit = self.http.limits.run_pages;
        if at.pages >= limit {
            return Err(Fault::new(
                FaultKind::Endless,
                format!("more than {limit} pages"),
            ));
        }
        Ok(at)
    }

    fn record_defaults(&self) -> RecordDefaults {
        let zone = time::offset(&self.manifest.time_zone).unwrap_or(Offset::UTC);
        RecordDefaults {
            zone,
            currency: self.manifest.currency.clone(),
            contact_fields: self.manifest.contact_fields(),
            record_bytes: self.http.limits.record_bytes,
        }
    }
}

/// Moves the start of a run back to the time that the vendor's `Date` header gives, when that is
/// earlier: the vendor's clock stamps the records, and may be slow.
fn note_vendor_clock(at: &mut Position, answer: Option<&Value>) {
    if at.pages > 0 {
        return;
    }
    let date = answer.and_then(|answer| http_date(&text_of(&answer.get_attr("date").ok()?)));
    if let Some(date) = date {
        at.started = at.started.map(|started| started.min(date));
    }
}

/// Finds the records in the answer for a page, and moves the position on to the next page.
fn list_records<T>(
    stream: &StreamSpec<T>,
    answer: &Value,
    limit: usize,
    at: &mut Position,
) -> Result<ListedPage, Fault> {
    let rows = page_rows(stream, answer, limit)?;
    let count = rows.len();
    let next = stream
        .pages
        .next
        .as_ref()
        .map(|next| next.text(&context! { records => rows.clone(), ..answer.clone() }));
    let has_next = has_next_page(stream, answer, count, next.as_deref())?;
    let records = group_rows(stream, rows);
    let repeats = repeats(stream, &records, at)?;
    let cursor = at.next.clone();
    let failed_runs = std::mem::take(&mut at.failed);
    let has_moved = at.advance(&stream.pages, count, next.filter(|next| !next.is_empty()));
    if at.next.is_none() && stream.pages.keeps {
        at.next = cursor;
    }
    Ok(ListedPage {
        records,
        rows: count,
        has_next: has_next && count > 0,
        repeats,
        has_moved,
        failed_runs,
    })
}
