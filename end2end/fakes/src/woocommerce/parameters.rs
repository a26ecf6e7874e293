//! Reads the parameters of a list, and checks them as `WordPress` does: a bad one is refused with
//! its name.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::answers::Refusal;
use crate::clock::Moment;
use crate::instants::{self, Bare};
use crate::json::only;
use crate::query::Parameters;

/// The value that rows are sorted by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sorting {
    Id,
    Date,
    Modified,
    Name,
    Price,
}

/// The values that a list accepts as parameters.
pub(super) struct Taken {
    sortings: &'static [(&'static str, Sorting)],
    /// The order when a request names none: its word, and whether it is descending.
    default: (&'static str, bool),
    statuses: &'static [&'static str],
    roles: &'static [&'static str],
}

const ROLES: [&str; 8] = [
    "all",
    "administrator",
    "editor",
    "author",
    "contributor",
    "subscriber",
    "customer",
    "shop_manager",
];

pub(super) const CUSTOMERS: Taken = Taken {
    sortings: &[
        ("id", Sorting::Id),
        ("include", Sorting::Id),
        ("name", Sorting::Name),
        ("registered_date", Sorting::Date),
    ],
    default: ("name", false),
    statuses: &[],
    roles: &ROLES,
};

pub(super) const ORDERS: Taken = Taken {
    sortings: &[
        ("date", Sorting::Date),
        ("id", Sorting::Id),
        ("include", Sorting::Id),
        ("title", Sorting::Id),
        ("slug", Sorting::Id),
        ("modified", Sorting::Modified),
    ],
    default: ("date", true),
    statuses: &[
        "any",
        "trash",
        "auto-draft",
        "pending",
        "processing",
        "on-hold",
        "completed",
        "cancelled",
        "refunded",
        "failed",
        "checkout-draft",
    ],
    roles: &[],
};

pub(super) const PRODUCTS: Taken = Taken {
    sortings: &[
        ("date", Sorting::Date),
        ("id", Sorting::Id),
        ("include", Sorting::Id),
        ("title", Sorting::Name),
        ("slug", Sorting::Name),
        ("modified", Sorting::Modified),
        ("price", Sorting::Price),
        ("popularity", Sorting::Id),
        ("rating", Sorting::Id),
        ("menu_order", Sorting::Name),
    ],
    default: ("date", true),
    statuses: &[
        "any", "future", "trash", "draft", "pending", "private", "publish",
    ],
    roles: &[],
};

/// The parameters of a request for a list.
pub(super) struct Asked {
    pub(super) page: usize,
    pub(super) per_page: usize,
    pub(super) offset: Option<usize>,
    pub(super) sorting: Sorting,
    descending: bool,
    pub(super) gmt: bool,
    pub(super) after: Option<Moment>,
    pub(super) before: Option<Moment>,
    pub(super) modified_after: Option<Moment>,
    pub(super) modified_before: Option<Moment>,
    include: Vec<u64>,
    exclude: Vec<u64>,
    fields: Vec<String>,
}

/// The reason why a parameter is refused: `WordPress`'s code and words.
struct Bad(&'static str, String);

type Checked<T> = Result<T, (&'static str, Bad)>;

impl Asked {
    pub(super) fn read(given: &Parameters, taken: &Taken) -> Result<Self, Refusal> {
        Self::checked(given, taken).map_err(|(name, bad)| refusal(name, &bad).into())
    }

    fn checked(given: &Parameters, taken: &Taken) -> Checked<Self> {
        let words: Vec<&str> = taken.sortings.iter().map(|(word, _)| *word).collect();
        let orderby = one_of(given, "orderby", &words)?.unwrap_or(taken.default.0);
        let sorting = taken
            .sortings
            .iter()
            .find(|(word, _)| *word == orderby)
            .map_or(Sorting::Id, |(_, sorting)| *sorting);
        let descending = one_of(given, "order", &["asc", "desc"])?
            .map_or(taken.default.1, |order| order == "desc");
        if !taken.statuses.is_empty() {
            for status in given
                .text("status")
                .into_iter()
                .flat_map(|text| text.split(','))
            {
                in_list("status", status.trim(), taken.statuses)?;
            }
        }
        if !taken.roles.is_empty() {
            one_of(given, "role", taken.roles)?;
        }
        // Customers have no dates to filter by. WordPress ignores names that it does not know.
        let dated = taken.roles.is_empty();
        let date = |name: &'static str| if dated { date(given, name) } else { Ok(None) };
        Ok(Self {
            page: integer(given, "page", 1, None)?.unwrap_or(1),
            per_page: integer(given, "per_page", 1, Some(100))?.unwrap_or(10),
            offset: integer(given, "offset", 0, None)?,
            sorting,
            descending,
            gmt: matches!(given.text("dates_are_gmt"), Some("true" | "1")),
            after: date("after")?,
            before: date("before")?,
            modified_after: date("modified_after")?,
            modified_before: date("modified_before")?,
            include: ids(given, "include")?,
            exclude: ids(given, "exclude")?,
            fields: given.list("_fields"),
        })
    }

    pub(super) fn wants(&self, id: u64) -> bool {
        (self.include.is_empty() || self.include.contains(&id)) && !self.exclude.contains(&id)
    }

    pub(super) fn turn<T>(&self, rows: &mut [T]) {
        if self.descending {
            rows.reverse();
        }
    }

    /// Returns the record with only the outermost fields of `_fields`.
    pub(super) fn only_fields(&self, record: Value) -> Value {
        only(record, |name| {
            self.fields.is_empty()
                || self
                    .fields
                    .iter()
                    .any(|field| field.split('.').next() == Some(name))
        })
    }
}

/// Returns the statuses asked for. `any` means all of them but the trash, and what stands beside it
/// does not count.
pub(super) fn statuses(given: &Parameters) -> Vec<&str> {
    let asked = given.text("status").unwrap_or("any");
    let asked: Vec<&str> = asked.split(',').map(str::trim).collect();
    if asked.contains(&"any") {
        vec!["any"]
    } else {
        asked
    }
}

fn integer(
    given: &Parameters,
    name: &'static str,
    least: usize,
    most: Option<usize>,
) -> Checked<Option<usize>> {
    let Some(text) = given.0.get(name) else {
        return Ok(None);
    };
    let Ok(number) = text.parse::<i64>() else {
        return Err((
            name,
            Bad(
                "rest_invalid_type",
                format!("{name} is not of type integer."),
            ),
        ));
    };
    let fits = usize::try_from(number)
        .ok()
        .filter(|number| *number >= least && most.is_none_or(|most| *number <= most));
    let words = || match most {
        Some(most) => format!("{name} must be between {least} (inclusive) and {most} (inclusive)"),
        None => format!("{name} must be greater than or equal to {least}"),
    };
    fits.map(Some)
        .ok_or_else(|| (name, Bad("rest_out_of_bounds", words())))
}

fn one_of<'a>(
    given: &'a Parameters,
    name: &'static str,
    known: &[&str],
) -> Checked<Option<&'a str>> {
    let Some(word) = given.0.get(name) else {
        return Ok(None);
    };
    in_list(name, word, known)?;
    Ok(Some(word))
}

fn in_list(name: &'static str, word: &str, known: &[&str]) -> Checked<()> {
    if known.contains(&word) {
        return Ok(());
    }
    let (last, first) = known
        .split_last()
        .map_or(("", Vec::new()), |(last, first)| (*last, first.to_vec()));
    Err((
        name,
        Bad(
            "rest_not_in_enum",
            format!("{name} is not one of {}, and {last}.", first.join(", ")),
        ),
    ))
}

/// Reads a time. `WordPress` needs a time of day, and takes a time without an offset for the
/// shop's.
fn date(given: &Parameters, name: &'static str) -> Checked<Option<Moment>> {
    let Some(text) = given.0.get(name) else {
        return Ok(None);
    };
    let parsed = instants::parse(text, Bare::Brasilia).filter(|_| text.len() > 10);
    parsed
        .map(Some)
        .ok_or_else(|| (name, Bad("rest_invalid_date", "Invalid date.".to_owned())))
}

fn ids(given: &Parameters, name: &'static str) -> Checked<Vec<u64>> {
    let parts = given
        .text(name)
        .into_iter()
        .flat_map(|text| text.split(','))
        .enumerate();
    let parsed = parts.map(|(place, id)| {
        id.trim().parse::<u64>().map_err(|_| {
            (
                name,
                Bad(
                    "rest_invalid_type",
                    format!("{name}[{place}] is not of type integer."),
                ),
            )
        })
    });
    parsed.collect()
}

fn refusal(name: &str, bad: &Bad) -> Response {
    let body = json!({
        "code": "rest_invalid_param",
        "message": format!("Invalid parameter(s): {name}"),
        "data": {"status": 400, "params": {name: bad.1},
            "details": {name: {"code": bad.0, "message": bad.1, "data": null}}},
    });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
