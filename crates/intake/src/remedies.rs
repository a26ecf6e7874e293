//! The remedies for the problems of a checked file. Each is tried on the values that have the
//! problem, so that its numbers are true.

use std::borrow::Cow;
use std::collections::HashMap;

use alta_domain::{
    Country, DateOrder, Fix, ProblemCode, ProblemFilter, Remedy, Repeated, Severity,
    SharedKeyRemedy,
};

use crate::date::read_birthday;
use crate::email::read_email;
use crate::fix::{Fixes, read_as, rewritten};
use crate::mail_domain;

/// The most different values that are kept of one problem.
const MOST_TEXTS: usize = 5000;
/// The size of the longest value that is kept, in bytes.
const LONGEST_TEXT: usize = 200;
/// The number of different values on which every country is tried, before the best ones are tried
/// on all.
const TRIED: usize = 200;
/// The most remedies of one kind that are offered.
const OFFERED: usize = 3;

/// The different values with one problem, each with its number of occurrences in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    counts: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
    /// True when further values were not kept.
    more: bool,
}

impl Texts {
    pub(crate) fn add(&mut self, text: &str) {
        let text = crate::words::trim(text);
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < MOST_TEXTS && text.len() <= LONGEST_TEXT {
            self.counts.insert(text.into(), 1);
        } else {
            self.more = true;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Returns the only value; `None` when there are none or several.
    fn only(&self) -> Option<&str> {
        let is_one = self.counts.len() == 1 && !self.more;
        self.first().filter(|_| is_one)
    }

    /// Returns the first value in alphabetical order; `None` when there is none.
    pub(crate) fn first(&self) -> Option<&str> {
        self.counts.keys().map(|text| &**text).min()
    }

    /// Returns the most frequent value, and its number of occurrences in the file as text.
    pub(crate) fn most_frequent(&self) -> Option<(String, String)> {
        let (text, count) = self.sorted().into_iter().next()?;
        Some((text.to_owned(), count.to_string()))
    }

    /// Returns the values, the most frequent first, so that samples show the important ones.
    fn sorted(&self) -> Vec<(&str, u32)> {
        let mut texts: Vec<(&str, u32)> = self
            .counts
            .iter()
            .map(|(text, count)| (&**text, *count))
            .collect();
        texts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        texts
    }

    /// Tries a decision on the values that are kept of a problem, and returns it as a remedy with
    /// the number of records that it mends; `None` when it mends none.
    fn tried(
        &self,
        fix: Fix,
        sorted: &[(&str, u32)],
        mend: impl Fn(&str) -> Option<String>,
    ) -> Option<Remedy> {
        let mut remedy = Remedy {
            fix,
            records: 0,
            at_least: self.more,
            sample: None,
        };
        for (text, count) in sorted {
            if let Some(after) = mend(text) {
                remedy.records += count;
                remedy
                    .sample
                    .get_or_insert_with(|| ((*text).to_owned(), after));
            }
        }
        (remedy.records > 0).then_some(remedy)
    }
}

/// The facts about the file in which a problem occurs.
pub(crate) struct Context {
    pub(crate) country: Country,
    pub(crate) year: u16,
    /// The area code that nine in ten of the file's phones have; `None` when there is none, and
    /// outside Brazil, because only there numbers are often written without it.
    pub(crate) area: Option<u8>,
}

/// Returns the remedies for a problem with this number of records, the best first.
pub(crate) fn remedies(
    problem: &ProblemFilter,
    records: u32,
    texts: &Texts,
    context: &Context,
) -> Vec<Remedy> {
    let all = |fix: Fix| Remedy {
        fix,
        records,
        at_least: false,
        sample: None,
    };
    let mut guessed = Vec::new();
    let mut offered = match (problem.code, problem.column) {
        (ProblemCode::InvalidPhone, Some(column)) => {
            let phones = phones(column, texts, context);
            guessed = phones.guessed;
            phones.proved
        }
        (ProblemCode::InvalidEmail | ProblemCode::SuspectDomain, Some(column)) => {
            mail_domains(column, texts)
        }
        (ProblemCode::Mojibake | ProblemCode::Entities, Some(column)) => {
            repaired_text(column, problem.code, texts)
        }
        (ProblemCode::AmbiguousDate, Some(column)) => date_orders(column, texts, context.year)
            .map(|remedy| Remedy { records, ..remedy })
            .collect(),
        (ProblemCode::SharedKey, column) => {
            shared_keys(column, texts).into_iter().map(all).collect()
        }
        (ProblemCode::Duplicate, _) => [Repeated::First, Repeated::Last]
            .map(|repeated| all(Fix::Repeated(repeated)))
            .to_vec(),
        _ => Vec::new(),
    };
    offered.sort_by_key(|remedy| std::cmp::Reverse(remedy.records));
    offered.truncate(OFFERED);
    match (problem.code, problem.severity, problem.column) {
        (_, Severity::Notice, _) | (ProblemCode::SharedKey, Severity::Warning, _) => {}
        (code, Severity::Warning, Some(column)) if code != ProblemCode::BadEncoding => {
            offered.push(all(Fix::LeaveOut { column, code }));
            offered.push(all(Fix::Drop(*problem)));
        }
        _ => offered.push(all(Fix::Drop(*problem))),
    }
    // A guess is never the first remedy.
    offered.extend(guessed.into_iter().take(OFFERED));
    offered
}

/// Returns the possible decisions about the keys of a column that people share. When only one key
/// is shared, the decision concerns that key.
fn shared_keys(column: Option<u32>, texts: &Texts) -> Vec<Fix> {
    let value = texts.only();
    let fix = |remedy| Fix::SharedKey {
        column,
        value: value.map(str::to_owned),
        remedy,
    };
    [
        SharedKeyRemedy::First,
        SharedKeyRemedy::LeaveOut,
        SharedKeyRemedy::OnePerson,
    ]
    .map(fix)
    .to_vec()
}

/// The remedies for numbers that are not valid in the country.
struct PhoneRemedies {
    /// Remedies for numbers without the area code that nearly all phones of the file have, and for
    /// complete numbers of another country.
    proved: Vec<Remedy>,
    /// Remedies for numbers that are too short to decide between a missing area code and another
    /// country.
    guessed: Vec<Remedy>,
}

/// Returns the remedies that read phones as numbers of another country, or with an area code.
fn phones(column: u32, texts: &Texts, context: &Context) -> PhoneRemedies {
    let sorted = texts.sorted();
    let home = context.country;
    let whole = crate::phone::whole_digits(context.country);
    let is_whole = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() >= whole;
    let (long, short): (Vec<_>, Vec<_>) =
        sorted.iter().copied().partition(|(text, _)| is_whole(text));
    let countries = || {
        Country::OFFERED
            .iter()
            .filter_map(|(code, _)| Country::parse(code))
            .filter(|country| *country != context.country)
            .map(|country| (country, String::new()))
    };
    let area = context.area.map(|area| (context.country, area.to_string()));
    let mut proved = read_in(column, texts, &sorted, area.into_iter(), home);
    proved.extend(read_in(column, texts, &long, countries(), home));
    proved.sort_by_key(|remedy| std::cmp::Reverse(remedy.records));
    let is_known = |remedy: &Remedy| proved.iter().any(|proved| proved.fix == remedy.fix);
    let mut guessed = read_in(column, texts, &short, countries(), home);
    guessed.retain(|remedy| !is_known(remedy));
    PhoneRemedies { proved, guessed }
}

/// Returns remedies that read texts as numbers of these countries with these area codes, those that
/// mend most first.
fn read_in(
    column: u32,
    texts: &Texts,
    sorted: &[(&str, u32)],
    ways: impl Iterator<Item = (Country, String)>,
    home: Country,
) -> Vec<Remedy> {
    let first = &sorted[..sorted.len().min(TRIED)];
    let mut ways: Vec<(u32, Country, String)> = ways
        .map(|(country, area)| {
            let is_read = |text: &str| read_as(text, country, &area, home).is_some();
            let read = first.iter().filter(|(text, _)| is_read(text));
            (read.map(|(_, count)| count).sum(), country, area)
        })
        .filter(|(records, ..)| *records > 0)
        .collect();
    // The sort is stable: of two ways that mend as many, the one that is offered first elsewhere
    // comes first.
    ways.sort_by_key(|(records, ..)| std::cmp::Reverse(*records));
    let tried = |(_, country, area): (u32, Country, String)| {
        let fix = Fix::ReadPhones {
            column,
            country,
            area: area.clone(),
        };
        texts.tried(fix, sorted, |text| {
            read_as(text, country, &area, home)
                .map(|phone| crate::phone::format_phone(phone.digits))
        })
    };
    ways.into_iter().take(OFFERED).filter_map(tried).collect()
}

/// Returns remedies for domains that look like a typing error.
fn mail_domains(column: u32, texts: &Texts) -> Vec<Remedy> {
    let sorted = texts.sorted();
    let mut slips: Vec<(String, &'static str)> = Vec::new();
    for (text, _) in &sorted {
        let Some(domain) = mail_domain::of_address(text) else {
            continue;
        };
        let domain = domain.trim_end_matches('>').to_lowercase();
        if let Some(known) = mail_domain::meant(&domain)
            && !slips.iter().any(|(slip, _)| *slip == domain)
        {
            slips.push((domain, known));
        }
    }
    let tried = |(slip, known): (String, &'static str)| {
        let fix = Fix::MailDomain {
            column,
            from: slip,
            to: known.to_owned(),
        };
        let fixes = Fixes::of([&fix], column);
        texts.tried(fix, &sorted, |text| {
            let (written, by) = rewritten(&fixes, text, None);
            read_email(by.map(|_| &*written)?).map(Cow::into_owned)
        })
    };
    slips.into_iter().filter_map(tried).collect()
}

/// Returns the remedy that restores text which a program damaged.
fn repaired_text(column: u32, damage: ProblemCode, texts: &Texts) -> Vec<Remedy> {
    let fix = Fix::RepairText { column, damage };
    let tried = texts.tried(fix, &texts.sorted(), |text| {
        crate::damage::repaired(text, damage)
    });
    tried.into_iter().collect()
}

/// Returns both date orders as remedies, with the same date as the example.
fn date_orders(column: u32, texts: &Texts, year: u16) -> impl Iterator<Item = Remedy> {
    let text = texts.first().unwrap_or_default();
    [DateOrder::Dmy, DateOrder::Mdy]
        .into_iter()
        .map(move |order| {
            let sample = read_birthday(text, year)
                .under(Some(order))
                .map(|date| (text.to_owned(), date.to_string()));
            Remedy {
                fix: Fix::ReadDates { column, order },
                records: 0,
                at_least: false,
                sample,
            }
        })
}

/// The counts of the area codes of a file's phones, from some of its records.
#[derive(Clone, Debug)]
pub(crate) struct Areas([u16; 100]);

impl Default for Areas {
    fn default() -> Self {
        Self([0; 100])
    }
}

impl Areas {
    /// Counts a Brazilian number, by its digits of E.164.
    pub(crate) fn add(&mut self, digits: u64) {
        let national = match digits {
            551_000_000_000..=559_999_999_999 => (digits / 100_000_000) % 100,
            5_511_000_000_000..=5_599_999_999_999 => (digits / 1_000_000_000) % 100,
            _ => return,
        };
        if let Some(count) = usize::try_from(national)
            .ok()
            .and_then(|area| self.0.get_mut(area))
        {
            *count = count.saturating_add(1);
        }
    }

    /// Returns the area code that at least nine in ten phones have; `None` when there is none.
    pub(crate) fn usual(&self) -> Option<u8> {
        let all: u32 = self.0.iter().copied().map(u32::from).sum();
        let (area, count) = (0_u8..)
            .zip(self.0)
            .max_by_key(|(area, count)| (*count, std::cmp::Reverse(*area)))?;
        (count > 0 && u32::from(count) * 10 >= all * 9).then_some(area)
    }
}

#[cfg(test)]
mod tests;
