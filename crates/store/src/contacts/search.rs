//! Counts the organization's contacts, and lists them page by page.

use std::collections::HashMap;

use alta_domain::{ContactCounts, ContactEntry, ContactId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::known::is_known_by;
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::contact;
use crate::error::Result;

/// The number of contacts on a page of the list.
const PAGE: u64 = 50;
/// The most characters of a search text; further ones are ignored.
const MAX_TEXT_LENGTH: usize = 100;

/// The most words of a search text; further ones are ignored.
const MAX_WORDS: usize = 6;
/// The fewest digits for which numbers are searched.
const FEWEST_DIGITS: usize = 4;

/// The columns in which the digits of a search text are looked for.
const NUMBERS: [contact::Column; 4] = [
    contact::Column::Phone,
    contact::Column::MorePhones,
    contact::Column::Landline,
    contact::Column::TaxId,
];

/// The columns in which a search text is looked for.
const SEARCHED: [contact::Column; 8] = [
    contact::Column::Name,
    contact::Column::FirstName,
    contact::Column::LastName,
    contact::Column::Company,
    contact::Column::Phone,
    contact::Column::Email,
    contact::Column::MorePhones,
    contact::Column::MoreEmails,
];

/// Counts the organization's contacts that are not in the bin.
///
/// # Errors
/// When the database fails.
pub async fn count(store: &Store, member: &Member) -> Result<u64> {
    // An index has all contacts, and another one only those of the bin.
    let all = member.own::<contact::Entity>().count(store.read()).await?;
    Ok(all.saturating_sub(count_bin(store, member).await?))
}

/// Counts the contacts of the base and those in the bin.
///
/// # Errors
/// When the database fails.
pub async fn counts(store: &Store, member: &Member) -> Result<ContactCounts> {
    Ok(ContactCounts {
        base: count(store, member).await?,
        bin: count_bin(store, member).await?,
        bin_days: store.limits.bin_days,
    })
}

/// Counts the contacts in the organization's bin.
///
/// # Errors
/// When the database fails.
async fn count_bin(store: &Store, member: &Member) -> Result<u64> {
    let binned = member.own::<contact::Entity>().filter(is_in(Place::Bin));
    Ok(binned.count(store.read()).await?)
}

/// The place of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The contact base.
    Base,
    /// The bin of deleted contacts.
    Bin,
}

/// Returns the condition that a contact is in this place.
pub(crate) fn is_in(place: Place) -> SimpleExpr {
    match place {
        Place::Base => contact::Column::DeletedAt.is_null(),
        Place::Bin => contact::Column::DeletedAt.is_not_null(),
    }
}

/// Lists contacts of a place whose name, company, phones or e-mail addresses contain every word of
/// the text, in any order; or whose phones or tax id contain the digits of the text; all contacts
/// when the text is empty. The newest come first, at most 50 of them. `before` is the last contact
/// of the page before this one.
///
/// # Errors
/// When the database fails.
pub async fn search(
    store: &Store,
    member: &Member,
    place: Place,
    text: &str,
    before: Option<ContactId>,
) -> Result<Vec<ContactEntry>> {
    let text = searched(text);
    let mut query = member
        .own::<contact::Entity>()
        .filter(is_in(place))
        .filter(matches(member, &text));
    if let Some(before) = before {
        query = query.filter(contact::Column::Id.lt(before.0));
    }
    let _turn = if text.is_empty() {
        None
    } else {
        Some(store.searches.turn(member.user).await)
    };
    let rows = query
        .order_by_desc(contact::Column::Id)
        .limit(PAGE)
        .all(store.read())
        .await?;
    Ok(rows.iter().map(entry).collect())
}

/// Reads contacts as lines of a list, by id.
///
/// # Errors
/// When the database fails.
pub(crate) async fn entries(
    store: &Store,
    member: &Member,
    ids: &[i64],
) -> Result<HashMap<i64, ContactEntry>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = member
        .own::<contact::Entity>()
        .filter(contact::Column::Id.is_in(ids.iter().copied()))
        .all(store.read())
        .await?;
    Ok(rows.iter().map(|row| (row.id, entry(row))).collect())
}

/// Returns a typed text in the form in which it is looked for: in lower case, without outer spaces,
/// and not longer than a search allows.
pub(super) fn searched(text: &str) -> String {
    let text = text.trim().chars().take(MAX_TEXT_LENGTH);
    text.collect::<String>().to_lowercase()
}

/// Returns the condition that a contact matches a text in lower case: each of its words stands in
/// one of the [`SEARCHED`] columns, or the whole text is one of the contact's keys, or the digits
/// of the text stand in one of its numbers.
pub(super) fn matches(member: &Member, text: &str) -> Condition {
    if text.is_empty() {
        return Condition::all();
    }
    let has_word = |word: &str| {
        SEARCHED.into_iter().fold(Condition::any(), |any, column| {
            any.add(contains(column, word))
        })
    };
    let words = text.split_whitespace().take(MAX_WORDS);
    let has_words = words.fold(Condition::all(), |all, word| all.add(has_word(word)));
    let found = Condition::any()
        .add(has_words)
        .add(is_known_by(member.organization, text));
    let Some(digits) = digits_of(text) else {
        return found;
    };
    NUMBERS
        .into_iter()
        .map(|column| contains(column, &digits))
        .fold(found, Condition::add)
        .add(is_known_by(member.organization, &digits))
}

/// Returns the condition that a column contains a text in lower case.
fn contains(column: contact::Column, text: &str) -> SimpleExpr {
    let escaped = ['\\', '%', '_']
        .iter()
        .fold(text.to_owned(), |text, letter| {
            text.replace(*letter, &format!("\\{letter}"))
        });
    Func::lower(Expr::col(column)).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// Returns the digits of a number that is written with punctuation, as people write phones and
/// CPFs: `(31) 96000-0007`. Returns `None` for any other text, and for a few digits.
fn digits_of(text: &str) -> Option<String> {
    let is_number = |letter: char| letter.is_ascii_digit() || " ()+-./".contains(letter);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (text.chars().all(is_number) && digits.len() >= FEWEST_DIGITS).then_some(digits)
}

/// Returns the first of these that a contact has: name, first and last name, company.
pub(super) fn name(row: &contact::Model) -> Option<String> {
    let parts = [&row.first_name, &row.last_name].into_iter().flatten();
    let full_name = parts.cloned().collect::<Vec<_>>().join(" ");
    let name = row.name.clone();
    name.or_else(|| Some(full_name).filter(|name| !name.is_empty()))
        .or_else(|| row.company.clone())
}

/// Returns a contact as a line of the list. Its title is the first of these that it has: name,
/// first and last name, company, phone, e-mail address, id.
pub(super) fn entry(row: &contact::Model) -> ContactEntry {
    let known_by = [&row.phone, &row.email].into_iter().flatten();
    let known_by: Vec<String> = known_by.cloned().collect();
    let name = name(row)
        .or_else(|| known_by.first().cloned())
        .unwrap_or_else(|| row.id.to_string());
    ContactEntry {
        id: ContactId(row.id),
        name,
        known_by,
    }
}

/// Lists all contacts of the organization by id, each with all of its columns, for tests to
/// compare.
///
/// # Errors
/// When the database fails.
#[cfg(feature = "testing")]
pub async fn dump(store: &Store, member: &Member) -> Result<Vec<serde_json::Value>> {
    Ok(member
        .own::<contact::Entity>()
        .order_by_asc(contact::Column::Id)
        .into_json()
        .all(store.read())
        .await?)
}
