//! One page of a stream: asked for, cut into records, each told whole, and where the next one is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use alta_domain::{FaultKind, Stream};
use jiff::tz::Offset;
use minijinja::value::ValueKind;
use minijinja::{Value, context};

use crate::expression::{Expr, text_of};
use crate::fault::Fault;
use crate::manifest::{PageKind, Pages, Source};
use crate::position::Position;
use crate::read::{Fields, Ways};
use crate::records::{Part, Told, UnreadPage, read_all};
use crate::session::{Session, http_date, now};
use crate::time::{self, Moment};

/// How many times as many runs it takes to set a record aside where its page has none that is told.
const ALONE: u32 = 4;
/// Records that the system fails to tell, one after another, after which it is asked for no other.
const ENOUGH: usize = 3;

impl Session {
    /// Reads the page of a stream that comes next. `kept` is the position that came with the page
    /// before, and nothing for the very first.
    ///
    /// # Errors
    /// What keeps the system from answering.
    pub async fn page(&mut self, stream: Stream, kept: &str) -> Result<UnreadPage, Fault> {
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
        part: Part<T>,
        kept: &str,
    ) -> Result<UnreadPage, Fault> {
        let manifest = Arc::clone(&self.manifest);
        let source = part(&manifest)
            .ok_or_else(|| Fault::new(FaultKind::Unexpected, "the manifest has no such records"))?;
        let ways = self.ways();
        let mut at = Position::read(kept);
        let from = source
            .pages
            .window_from
            .as_deref()
            .and_then(|day| time::millis(day, ways.zone));
        at.begin(&source.pages, now(), (from, source.full_every));
        let most = self.http.limits.run_pages;
        if at.pages >= most {
            return Err(Fault::new(
                FaultKind::Endless,
                format!("more than {most} pages"),
            ));
        }
        let asked = asked(&source.pages, &at, ways.zone);
        let link = at
            .next
            .clone()
            .filter(|_| source.pages.kind == PageKind::Link);
        let answer = self.ask(&source.request, &asked, link.as_deref()).await?;
        if at.pages == 0
            && let Some(date) = answer
                .as_ref()
                .and_then(|answer| http_date(&text_of(&answer.get_attr("date").ok()?)))
        {
            // The clock that stamps the records counts, where it is behind ours.
            at.started = at.started.map(|started| started.min(date));
        }
        let Some(answer) = answer else {
            at.found_nothing(&source.pages);
            return Ok(UnreadPage::last(source, &mut at, Vec::new));
        };
        let answer = context! { ..answer, ..asked.clone() };
        let total = source
            .pages
            .total
            .as_ref()
            .and_then(|total| total.text(&answer).parse().ok());
        if must_split(&source.pages, total, &mut at)? {
            return Ok(UnreadPage::new(&at, Vec::new));
        }
        if let Some(total) = total {
            at.counts(&source.pages, total);
        }
        let rows = listed(source, &answer, self.http.limits.answer_records)?;
        let (count, next) = (rows.len(), source.pages.next.as_ref());
        let next =
            next.map(|next| next.text(&context! { records => rows.clone(), ..answer.clone() }));
        let more = follows(source, &answer, count, next.as_deref())?;
        let records = grouped(source, rows);
        let again = repeats(source, &records, &mut at)?;
        let before = at.next.clone();
        let before_failed = std::mem::take(&mut at.failed);
        let moves = at.turn(&source.pages, count, next.filter(|next| !next.is_empty()));
        if at.next.is_none() && source.pages.keeps {
            at.next = before;
        }
        let asked = context! { lookup => self.lookups().await?, ..asked };
        let batches = self.batches(&source.batch, &records, &asked).await?;
        let asked = context! { batch => batches.tables, ..asked };
        at.seen = at.seen.max(latest(source, &records, &ways));
        let told = self
            .told(source, records, &asked, (&batches.cut, &before_failed))
            .await?;
        let shared = Arc::clone(&manifest);
        let read = move || read_all(&shared, part, told, &asked, &ways);
        match (more && count > 0, moves) {
            (false, _) => Ok(UnreadPage::last(source, &mut at, read)),
            // A cursor of this kind stands still at the last row.
            (true, false) if source.pages.keeps => Ok(UnreadPage::last(source, &mut at, read)),
            (true, false) if again => {
                Err(Fault::new(FaultKind::Endless, "the same page comes again"))
            }
            (true, _) => Ok(UnreadPage::new(&at, read)),
        }
    }

    fn ways(&self) -> Ways {
        let zone = time::offset(&self.manifest.time_zone).unwrap_or(Offset::UTC);
        Ways {
            zone,
            currency: self.manifest.currency.clone(),
            contact_fields: self.manifest.contact_fields(),
        }
    }

    /// What the system tells of each record. One that it can't tell is no reason to leave the
    /// others unread, unless it can tell none; nor is one that it failed to tell in as many
    /// runs as are allowed to be cut off.
    async fn told<T>(
        &mut self,
        source: &Source<T>,
        records: Vec<Value>,
        asked: &Value,
        (cut, failed): (&BTreeMap<usize, String>, &BTreeMap<String, u32>),
    ) -> Result<Vec<Told>, Fault> {
        let mut told = Vec::with_capacity(records.len());
        let (all, mut refused, mut fails) = (
            records.len(),
            Vec::new(),
            Fails::new(failed, self.http.limits.cut_runs),
        );
        for (place, listed) in records.into_iter().enumerate() {
            if let Some(batch) = cut.get(&place) {
                told.push(Told::Part(listed, batch.clone()));
                continue;
            }
            // Of one that it has deleted there is nothing more to tell.
            if source.gone.as_ref().is_some_and(|gone| gone.holds(&listed)) {
                told.push(Told::Whole(listed));
                continue;
            }
            told.push(match self.detailed(source, listed.clone(), asked).await {
                Ok(Some((record, was_asked))) => {
                    fails.told(was_asked);
                    Told::Whole(record)
                }
                Ok(None) => Told::Part(listed, String::new()),
                Err(fault) if matches!(fault.kind, FaultKind::Unexpected | FaultKind::TooLarge) => {
                    refused.push(fault.clone());
                    Told::Part(listed, fault.said)
                }
                Err(fault) if fault.kind == FaultKind::Down => {
                    let said = fault.said.clone();
                    fails.failed(source.id.text(&listed), fault)?;
                    Told::Part(listed, said)
                }
                Err(fault) => return Err(fault),
            });
        }
        match refused.pop() {
            Some(fault) if all > 1 && refused.len() + 1 == all => Err(fault),
            _ => fails.end().map(|()| told),
        }
    }

    /// A record with what the list does not tell of it, and whether the system was asked for that;
    /// nothing where it lists the record and has nothing more about it.
    async fn detailed<T>(
        &mut self,
        source: &Source<T>,
        mut record: Value,
        asked: &Value,
    ) -> Result<Option<(Value, bool)>, Fault> {
        let mut was_asked = false;
        for detail in &source.detail {
            let variables = context! { ..record.clone(), ..asked.clone() };
            if detail
                .when
                .as_ref()
                .is_some_and(|when| !when.holds(&variables))
            {
                continue;
            }
            was_asked = true;
            let answer = self.ask(&detail.request, &variables, None).await?;
            match answer
                .map(|answer| detail.record.eval(&answer))
                .filter(|told| told.kind() == ValueKind::Map)
            {
                Some(told) => record = context! { ..told, ..record },
                None if detail.optional => {}
                None => return Ok(None),
            }
        }
        Ok(Some((record, was_asked)))
    }
}

/// The records of a page that the system fails to tell.
struct Fails<'a> {
    /// In how many runs it has failed to before.
    before: &'a BTreeMap<String, u32>,
    /// In how many it may.
    limit: u32,
    /// Those of this run.
    records: Vec<String>,
    /// The last fault of one that may still pass, and of one that need not.
    faults: [Option<Fault>; 2],
    in_a_row: usize,
    /// It has told more of another.
    has_told: bool,
}

impl<'a> Fails<'a> {
    fn new(before: &'a BTreeMap<String, u32>, limit: u32) -> Self {
        Self {
            before,
            limit,
            records: Vec::new(),
            faults: [None, None],
            in_a_row: 0,
            has_told: false,
        }
    }

    fn told(&mut self, was_asked: bool) {
        if was_asked {
            (self.in_a_row, self.has_told) = (0, true);
        }
    }

    fn runs(&self, record: &str) -> u32 {
        self.before.get(record).copied().unwrap_or(0)
    }

    /// Takes notice of one; fails when it is one of many.
    fn failed(&mut self, record: String, fault: Fault) -> Result<(), Fault> {
        let may_pass = self.runs(&record) < self.limit;
        self.records.push(record);
        if may_pass {
            self.in_a_row += 1;
        }
        let [passing, lasting] = &mut self.faults;
        *(if may_pass { passing } else { lasting }) = Some(fault.clone());
        if self.in_a_row < ENOUGH {
            Ok(())
        } else {
            Err(Fault {
                records: std::mem::take(&mut self.records),
                ..fault
            })
        }
    }

    /// Fails unless each has failed often enough to be set aside.
    fn end(self) -> Result<(), Fault> {
        let alone = self.limit.saturating_mul(ALONE);
        let lasts = self.has_told || self.records.iter().all(|record| self.runs(record) >= alone);
        let [passing, lasting] = self.faults;
        match passing.or(lasting.filter(|_| !lasts)) {
            Some(fault) => Err(Fault {
                records: self.records,
                ..fault
            }),
            None => Ok(()),
        }
    }
}

/// The rows of an answer. One without their list is not taken for one without rows: the rest of the
/// base would be passed over.
fn listed<T>(source: &Source<T>, answer: &Value, most: usize) -> Result<Vec<Value>, Fault> {
    let rows = rows(&source.records, answer)?;
    if rows.len() > most {
        return Err(Fault::new(
            FaultKind::TooLarge,
            format!("more than {most} records at once"),
        ));
    }
    Ok(rows)
}

/// The list that an expression finds in an answer; empty where it says null.
pub(crate) fn rows(list: &Expr, answer: &Value) -> Result<Vec<Value>, Fault> {
    let rows = list.eval(answer);
    match rows.kind() {
        ValueKind::None => Ok(Vec::new()),
        ValueKind::Seq | ValueKind::Iterable => {
            Ok(rows.try_iter().map(Iterator::collect).unwrap_or_default())
        }
        _ => Err(Fault::new(
            FaultKind::Down,
            "the answer has no list of records",
        )),
    }
}

/// The latest change of these records, in milliseconds since 1970.
fn latest<T>(source: &Source<T>, records: &[Value], ways: &Ways) -> Option<i64> {
    let updated = source.updated.as_ref()?;
    records
        .iter()
        .filter_map(|record| time::millis(&updated.text(record), ways.zone))
        .max()
}

/// Whether a window has more records than the vendor gives out.
fn must_split(pages: &Pages, total: Option<i64>, at: &mut Position) -> Result<bool, Fault> {
    let Some((cap, total)) = pages.window_cap.zip(total) else {
        return Ok(false);
    };
    if total <= cap || at.offset > 0 {
        return Ok(false);
    }
    if at.split(pages) {
        Ok(true)
    } else {
        Err(Fault::new(
            FaultKind::Endless,
            format!("more than {cap} records in a second"),
        ))
    }
}

/// Whether a page begins as the one before. A vendor that ignores the page's number gives the same
/// page for ever; one whose cursor stays the same may still go on.
fn repeats<T>(source: &Source<T>, records: &[Value], at: &mut Position) -> Result<bool, Fault> {
    let first = records
        .first()
        .map(|record| source.id.text(record))
        .filter(|id| !id.is_empty());
    let again = at.pages > 0 && first.is_some() && first == at.first_id;
    at.first_id = first;
    let is_numbered = matches!(source.pages.kind, PageKind::Page | PageKind::Offset);
    if again && is_numbered && records.len() > 1 {
        return Err(Fault::new(FaultKind::Endless, "the same page comes again"));
    }
    Ok(again)
}

/// The variables that a request has besides the account's.
fn asked(pages: &Pages, at: &Position, zone: Offset) -> Value {
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

/// Whether another page follows; `next` is what stands for it, where it is named.
fn follows<T>(
    source: &Source<T>,
    answer: &Value,
    count: usize,
    next: Option<&str>,
) -> Result<bool, Fault> {
    let more = match (&source.pages.more, source.pages.kind) {
        (Some(more), _) => more.holds(&context! { count => count, ..answer.clone() }),
        (None, PageKind::Single) => false,
        (None, PageKind::Page | PageKind::Offset) => count >= source.pages.size as usize,
        (None, PageKind::Cursor | PageKind::Link) => true,
    };
    let lacks_next = next.is_some_and(str::is_empty);
    if more && count > 0 && lacks_next && source.pages.more.is_some() {
        return Err(Fault::new(
            FaultKind::Down,
            "another page follows, and the answer does not name it",
        ));
    }
    Ok(more && !lacks_next)
}

/// Rows of one record put together. One at an `edge` of the page may have rows on the page before
/// or behind it.
fn grouped<T>(source: &Source<T>, rows: Vec<Value>) -> Vec<Value> {
    let Some(group) = &source.group else {
        return rows;
    };
    let mut groups: Vec<Vec<Value>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let place = *places.entry(group.text(&row)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let last = groups.len().saturating_sub(1);
    let record = |(rows, at): (Vec<Value>, usize)| {
        let first = rows.first().cloned().unwrap_or_default();
        context! { rows => rows, edge => at == 0 || at == last, ..first }
    };
    groups.into_iter().zip(0..).map(record).collect()
}
