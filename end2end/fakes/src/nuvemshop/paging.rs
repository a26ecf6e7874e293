//! Cuts lists into numbered pages. There is no page after the last.

use axum::Json;
use axum::extract::OriginalUri;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{not_found, unprocessable};
use crate::answers::{Refusal, elsewhere, with_headers};
use crate::clock::Moment;
use crate::instants::{self, Bare};
use crate::json::only;
use crate::query::Parameters;

/// The parameters that every list takes.
pub(super) struct Asked {
    pub(super) page: usize,
    per_page: usize,
    since_id: Option<u64>,
    created: (Option<Moment>, Option<Moment>),
    updated: (Option<Moment>, Option<Moment>),
    fields: Vec<String>,
}

impl Asked {
    pub(super) fn read(given: &Parameters) -> Result<Self, Refusal> {
        let number = |name: &'static str, default: usize, most: usize| match given
            .text(name)
            .map(str::parse::<usize>)
        {
            None => Ok(default),
            Some(Ok(number)) if (1..=most).contains(&number) => Ok(number),
            Some(_) => Err(unprocessable(name, "is not valid")),
        };
        let date = |name: &str| match given.text(name) {
            None => Ok(None),
            Some(text) => instants::parse(text, Bare::Utc)
                .map(Some)
                .ok_or_else(|| unprocessable(name, "is not a valid date")),
        };
        Ok(Self {
            page: number("page", 1, usize::MAX)?,
            per_page: number("per_page", 30, 200)?,
            since_id: given.text("since_id").and_then(|text| text.parse().ok()),
            created: (date("created_at_min")?, date("created_at_max")?),
            updated: (date("updated_at_min")?, date("updated_at_max")?),
            fields: given.list("fields"),
        })
    }

    pub(super) fn wants(&self, id: u64, created: Moment, updated: Moment) -> bool {
        let since = self.since_id.is_none_or(|since| id > since);
        since
            && created.is_between(self.created.0, self.created.1)
            && updated.is_between(self.updated.0, self.updated.1)
    }

    pub(super) fn only_fields(&self, record: Value) -> Value {
        only(record, |name| {
            self.fields.is_empty() || self.fields.iter().any(|field| field == name)
        })
    }
}

/// Answers with one page. There is no page after the last, and an empty list has no first page.
pub(super) fn page<T>(
    asked: &Asked,
    uri: &OriginalUri,
    headers: &HeaderMap,
    rows: Vec<T>,
    record: impl Fn(T) -> Value,
) -> Response {
    let total = rows.len();
    let last = total.div_ceil(asked.per_page);
    if asked.page > last {
        return not_found(&format!("Last page is {last}"));
    }
    let rows = rows
        .into_iter()
        .skip((asked.page - 1) * asked.per_page)
        .take(asked.per_page);
    let rows: Vec<Value> = rows.map(|row| asked.only_fields(record(row))).collect();
    let link = |to: usize, rel: &str| {
        format!(
            "<{}>; rel=\"{rel}\"",
            elsewhere(uri, headers, "page", to, true)
        )
    };
    let back = (asked.page > 1).then(|| [link(1, "first"), link(asked.page - 1, "prev")]);
    let on = (asked.page < last).then(|| [link(asked.page + 1, "next"), link(last, "last")]);
    let links: Vec<String> = back.into_iter().chain(on).flatten().collect();
    let told = [
        ("x-total-count", total.to_string()),
        ("link", links.join(", ")),
        ("x-main-language", "pt".to_owned()),
    ];
    with_headers(Json(rows).into_response(), told)
}
