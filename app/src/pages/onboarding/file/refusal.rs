//! A file that can't be used: what it is, why, and the way out.

use alta_domain::FileError;
use leptos::prelude::*;

use crate::format;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Tone, reactive};
use crate::words::{self, plural, text, word};

/// Nothing while the file is good.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Refusal() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let again = Callback::new(move |()| session.forget());
    let size = move |bytes| format::bytes(i18n.language(), bytes);
    let name = move || {
        session.file.with(|file| {
            file.as_ref()
                .map(|file| file.name.clone())
                .unwrap_or_default()
        })
    };
    let refusal = move |error: FileError| {
        let (title, what, way) = match error {
            FileError::NotCsv(format) => {
                let what = move || word!(i18n, refused.format, what = words::format(i18n, &format));
                (
                    text!(i18n, refused.format_title),
                    Signal::derive(what),
                    text!(i18n, refused.format_way),
                )
            }
            FileError::TooLarge { size: found, limit } => {
                let what =
                    move || word!(i18n, refused.large, size = size(found), limit = size(limit));
                (
                    text!(i18n, refused.large_title),
                    Signal::derive(what),
                    text!(i18n, refused.large_way),
                )
            }
            FileError::TooManyRecords(limit) => {
                let what = move || plural!(i18n, refused.many, n = limit);
                (
                    text!(i18n, refused.large_title),
                    Signal::derive(what),
                    text!(i18n, refused.large_way),
                )
            }
            FileError::Empty | FileError::NoIdentityColumn => (
                text!(i18n, refused.empty_title),
                text!(i18n, refused.empty),
                text!(i18n, refused.empty_way),
            ),
            FileError::Unreadable => (
                text!(i18n, refused.unreadable_title),
                text!(i18n, refused.unreadable),
                text!(i18n, refused.empty_way),
            ),
        };
        view! {
            <Alert tone=Tone::Bad title=title>
                <p class="break-words">
                    <strong>{reactive(name)}</strong>
                    ": "
                    {reactive(move || what.get())}
                </p>
                <p class="max-w-2xl">{reactive(move || way.get())}</p>
                <div>
                    <Button on_press=again>{text!(i18n, refused.other)}</Button>
                </div>
            </Alert>
        }
        .into_any()
    };
    move || session.refused.get().map(refusal)
}
