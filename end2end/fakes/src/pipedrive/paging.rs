//! Cuts lists into pages: sorted, filtered, and continued by a cursor.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ids, invalid};
use crate::answers::Refusal;
use crate::instants::{self, Bare};
use crate::query::Parameters;

/// The place of a record in a list: the value that the list is sorted by, and the record's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    key: i64,
    id: u64,
}

/// The values that lists are sorted and filtered by: the moments in milliseconds since 1970, and
/// the deal of a line.
pub(super) struct Stamps {
    pub(super) id: u64,
    pub(super) added: i64,
    pub(super) updated: i64,
    pub(super) deal: i64,
}

/// The parameters of a request for a list.
pub(super) struct Page {
    sort: String,
    falling: bool,
    limit: usize,
    cursor: Option<Place>,
    since: Option<i64>,
    until: Option<i64>,
    ids: Option<Vec<u64>>,
}

impl Page {
    pub(super) fn read(given: &Parameters, sorts: &[&str]) -> Result<Self, Refusal> {
        let sort = given.text("sort_by").unwrap_or("id");
        if !sorts.contains(&sort) {
            return Err(invalid(&format!(
                "sort_by: must be one of {}",
                sorts.join(", ")
            )));
        }
        let falling = match given.text("sort_direction") {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(invalid("sort_direction: must be one of asc, desc")),
        };
        let limit = match given.text("limit") {
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=500).contains(limit))
                .ok_or_else(|| invalid("limit: must be between 1 and 500"))?,
            None => 100,
        };
        let cursor = given
            .text("cursor")
            .map(|text| decoded(text).ok_or_else(|| invalid("cursor: is not valid")))
            .transpose()?;
        let moment = |name: &str| {
            given.text(name).map(|text| {
                instants::unix_millis(text, Bare::Nothing)
                    .ok_or_else(|| invalid(&format!("{name}: must be in RFC3339 format")))
            })
        };
        let (since, until) = (
            moment("updated_since").transpose()?,
            moment("updated_until").transpose()?,
        );
        Ok(Self {
            sort: sort.to_owned(),
            falling,
            limit,
            cursor,
            since,
            until,
            ids: ids(given, "ids")?,
        })
    }

    fn place(&self, stamps: &Stamps) -> Place {
        let key = match self.sort.as_str() {
            "add_time" => stamps.added,
            "update_time" => stamps.updated,
            "deal_id" => stamps.deal,
            _ => 0,
        };
        Place { key, id: stamps.id }
    }

    fn fits(&self, stamps: &Stamps) -> bool {
        let (Stamps { id, updated, .. }, place) = (stamps, self.place(stamps));
        let ahead = self.cursor.is_none_or(|cursor| {
            if self.falling {
                place <= cursor
            } else {
                place >= cursor
            }
        });
        let wanted = self.ids.as_ref().is_none_or(|ids| ids.contains(id));
        ahead
            && wanted
            && self.since.is_none_or(|since| *updated >= since)
            && self.until.is_none_or(|until| *updated < until)
    }

    /// Answers with the page, and with the cursor of the first record after it.
    pub(super) fn answer<T>(
        &self,
        rows: impl Iterator<Item = T>,
        stamps: impl Fn(&T) -> Stamps,
        record: impl Fn(T) -> Value,
    ) -> Response {
        let mut rows: Vec<(Place, T)> = rows
            .filter(|row| self.fits(&stamps(row)))
            .map(|row| (self.place(&stamps(&row)), row))
            .collect();
        rows.sort_by_key(|(place, _)| *place);
        if self.falling {
            rows.reverse();
        }
        let next = rows.get(self.limit).map(|(place, _)| encoded(place));
        let data: Vec<Value> = rows
            .into_iter()
            .take(self.limit)
            .map(|(_, row)| record(row))
            .collect();
        Json(json!({"success": true, "data": data, "additional_data": {"next_cursor": next}}))
            .into_response()
    }
}

fn encoded(place: &Place) -> String {
    BASE64_STANDARD.encode(json!(place).to_string())
}

fn decoded(cursor: &str) -> Option<Place> {
    serde_json::from_slice(&BASE64_STANDARD.decode(cursor).ok()?).ok()
}
