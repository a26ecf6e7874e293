//! The names of the columns that the import leaves out: nothing of a file is dropped silently.

use leptos::prelude::*;

use super::session::{ImportSession, use_session};
use crate::reader::use_i18n;
use crate::ui::{Icon, reactive};
use crate::words::{Reader, plural, word};

/// Returns the names of the columns that have values and go to no field. The last two columns of a
/// list of rejects do not count, because Alta adds them: the reason, and the mark that names import
/// and record.
fn left_out(i18n: Reader, session: &ImportSession) -> Vec<String> {
    let columns = session.check.columns();
    let own = if session.check.is_correction() { 2 } else { 0 };
    let count = columns.len().saturating_sub(own);
    let has_values = |index: u32| {
        let column = session.file.column(index);
        column.is_none_or(|column| !column.samples.is_empty())
    };
    let names = columns
        .into_iter()
        .take(count)
        .filter(|column| column.target.is_none() && has_values(column.index))
        .map(|column| {
            if column.header.is_empty() {
                word!(i18n, grid.column_n, n = column.index + 1)
            } else {
                column.header
            }
        });
    names.collect()
}

/// A line that counts and names the columns that are left out; nothing when all columns are
/// imported.
#[component]
pub(crate) fn LeftOutColumns() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    reactive(move || {
        let names = left_out(i18n, &session);
        let count = names.len();
        (count > 0).then(|| {
            let names = names.join(" · ");
            let says = plural!(i18n, columns.left_out, n = count, names = names);
            view! {
                <p class="flex items-start gap-2" id="left-out">
                    <Icon name="icon-[lucide--eye-off]" />
                    <span class="min-w-0 break-words">{says}</span>
                </p>
            }
            .into_any()
        })
    })
}
