//! The reason why a file can't be used, and how to make it usable.

use alta_domain::FileError;
use leptos::prelude::*;

use crate::format;
use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Tone, reactive};
use crate::words::{self, Reader, plural_text, text, word};

/// The refusal of the open file; nothing when the file can be used.
#[component]
pub(super) fn Refusal() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let again = Callback::new(move |()| session.close_file());
    let refusal = move |error: FileError| {
        let Explanation {
            title,
            what,
            way_out,
        } = explain(i18n, error);
        view! {
            <Alert tone=Tone::Bad title=title>
                <p class="break-words">
                    <strong>{reactive(move || session.file.name())}</strong>
                    ": "
                    {reactive(move || what.get())}
                </p>
                <p class="max-w-2xl">{reactive(move || way_out.get())}</p>
                <div>
                    <Button on_press=again>{text!(i18n, refused.other)}</Button>
                </div>
            </Alert>
        }
        .into_any()
    };
    move || session.file.refusal().map(refusal)
}

/// The texts of a refusal.
struct Explanation {
    title: Signal<String>,
    what: Signal<String>,
    way_out: Signal<String>,
}

fn explain(i18n: Reader, error: FileError) -> Explanation {
    let size = move |bytes| format::bytes(i18n.language(), bytes);
    match error {
        FileError::NotCsv(format) => {
            let what = move || word!(i18n, refused.format, what = words::format(i18n, &format));
            Explanation {
                title: text!(i18n, refused.format_title),
                what: Signal::derive(what),
                way_out: text!(i18n, refused.format_way),
            }
        }
        FileError::TooLarge { size: found, limit } => Explanation {
            title: text!(i18n, refused.large_title),
            what: text!(i18n, refused.large, size = size(found), limit = size(limit)),
            way_out: text!(i18n, refused.large_way),
        },
        FileError::TooManyRecords(limit) => Explanation {
            title: text!(i18n, refused.large_title),
            what: plural_text!(i18n, refused.many, n = limit),
            way_out: text!(i18n, refused.large_way),
        },
        FileError::Empty | FileError::NoIdentityColumn => Explanation {
            title: text!(i18n, refused.empty_title),
            what: text!(i18n, refused.empty),
            way_out: text!(i18n, refused.empty_way),
        },
        FileError::Unreadable => Explanation {
            title: text!(i18n, refused.unreadable_title),
            what: text!(i18n, refused.unreadable),
            way_out: text!(i18n, refused.empty_way),
        },
    }
}
