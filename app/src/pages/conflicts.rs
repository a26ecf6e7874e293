//! The page on which an Admin decides, one by one, about records that agree with two contacts.

use alta_domain::{BuiltInField, Candidate, Conflict, ContactId, ErrorCode, ImportId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use crate::api::imports::{CONFLICTS, conflicts, resolve_conflict};
use crate::api::read;
use crate::frame::{Page, PageTitle};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, LoadFailure, PageLink, Skeleton, Tone, item, later, reactive,
};
use crate::words::{self, text, word};

/// The first conflicts of the import. The next conflicts are read when these are decided or
/// skipped.
#[component]
pub(crate) fn ConflictsPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let import = ImportId(
        params
            .with_untracked(|params| params.get("id"))
            .and_then(|id| id.parse().ok())
            .unwrap_or(0),
    );
    let first = read(move || conflicts(import, 0));
    view! {
        <Page>
            <PageTitle title=text!(i18n, conflict.title) lead=text!(i18n, conflict.lead) />
            <Suspense fallback=|| {
                view! { <Skeleton lines=5 /> }
            }>
                {reactive(move || later(async move {
                    match first.answer().await {
                        Ok(found) => view! { <Decisions import=import first=found /> }.into_any(),
                        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </Page>
    }
}

/// The conflicts on the page, and the error of the last call.
#[derive(Clone, Copy)]
struct OpenConflicts {
    import: ImportId,
    open: RwSignal<Vec<Conflict>>,
    error: RwSignal<Option<ErrorCode>>,
}

impl OpenConflicts {
    /// Replaces the conflicts with those that follow the last one.
    fn read_next(self) {
        let last = self
            .open
            .with_untracked(|open| open.last().map_or(0, |conflict| conflict.record));
        spawn_local(async move {
            match conflicts(self.import, last).await {
                Ok(next) => self.open.set(next),
                Err(failed) => self.error.set(Some(failed.code)),
            }
        });
    }

    /// Gives a record to a contact. When no conflict is left on the page, reads the next ones.
    fn resolve(self, record: u32, contact: ContactId) {
        spawn_local(async move {
            match resolve_conflict(self.import, record, contact).await {
                Ok(_) => {
                    self.error.set(None);
                    self.open
                        .update(|open| open.retain(|conflict| conflict.record != record));
                    if self.open.with_untracked(Vec::is_empty) {
                        self.read_next();
                    }
                }
                Err(failed) => self.error.set(Some(failed.code)),
            }
        });
    }
}

#[component]
fn Decisions(import: ImportId, first: Vec<Conflict>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(first);
    let error = RwSignal::new(None::<ErrorCode>);
    let conflicts = OpenConflicts {
        import,
        open,
        error,
    };
    let more = Callback::new(move |()| conflicts.read_next());
    let keys = Memo::new(move |_| {
        open.with(|open| {
            open.iter()
                .map(|conflict| conflict.record.to_string())
                .collect::<Vec<_>>()
        })
    });
    let row = move |key: String| {
        let conflict = open.with_untracked(|open| {
            open.iter()
                .find(|conflict| conflict.record.to_string() == key)
                .cloned()
        })?;
        Some(view! { <ConflictView conflict=conflict conflicts=conflicts /> })
    };
    let is_full = move || open.with(|open| open.len() as u64 >= CONFLICTS);
    view! {
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        {reactive(move || {
            keys.with(Vec::is_empty)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Info title=text!(i18n, conflict.none)>
                            ""
                        </Alert>
                    }
                        .into_any()
                })
        })}
        <ul class="flex flex-col gap-6" id="conflicts">
            <Each keys=keys item=item(row) />
        </ul>
        <div class="flex flex-wrap gap-3">
            {reactive(move || {
                is_full()
                    .then(|| {
                        view! { <Button on_press=more>{text!(i18n, conflict.more)}</Button> }
                            .into_any()
                    })
            })} <PageLink href="/" class="btn btn-ghost min-h-11">
                {text!(i18n, notfound.home)}
            </PageLink>
        </div>
    }
}

/// The record, and the contacts that it can be given to.
#[component]
fn ConflictView(conflict: Conflict, conflicts: OpenConflicts) -> impl IntoView {
    let i18n = use_i18n();
    let Conflict {
        record,
        line,
        cells,
        candidates,
    } = conflict;
    let fact = |(name, value): (String, String)| {
        view! {
            <div class="flex min-w-0 flex-col">
                <dt class="text-sm text-soft">{name}</dt>
                <dd class="break-words">{value}</dd>
            </div>
        }
        .into_any()
    };
    let candidate = move |candidate: Candidate| {
        let contact = candidate.contact;
        let give = Callback::new(move |()| conflicts.resolve(record, contact));
        view! { <CandidateView candidate=candidate give=give /> }.into_any()
    };
    view! {
        <li class="panel flex flex-col gap-4" data-record=record>
            <h2 class="font-semibold">{text!(i18n, conflict.line, n = line)}</h2>
            <dl class="grid gap-x-6 gap-y-2 sm:grid-cols-3">
                {cells.into_iter().map(fact).collect_view()}
            </dl>
            <ul class="grid gap-4 sm:grid-cols-2">
                {candidates.into_iter().map(candidate).collect_view()}
            </ul>
        </li>
    }
}

/// A contact that a record can be given to: the fields that they share, the contact's values, and
/// the button that decides.
#[component]
fn CandidateView(candidate: Candidate, give: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let Candidate { shares, values, .. } = candidate;
    let shared_fields = move || {
        shares
            .iter()
            .map(|field| words::field(i18n, *field))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = values
        .first()
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    let value = move |(field, value): (BuiltInField, String)| {
        view! {
            <li class="break-words">
                <span class="text-soft">{reactive(move || words::field(i18n, field))}": "</span>
                {value}
            </li>
        }
        .into_any()
    };
    view! {
        <li class="flex min-w-0 flex-col gap-3 rounded-box border border-base-300 p-4">
            <p class="text-sm text-soft">
                {reactive(move || word!(i18n, conflict.shares, fields = shared_fields()))}
            </p>
            <ul class="flex flex-col gap-1">{values.into_iter().map(value).collect_view()}</ul>
            <div class="mt-auto">
                <Button kind=ButtonKind::Plain on_press=give>
                    {text!(i18n, conflict.give, name = name.clone())}
                </Button>
            </div>
        </li>
    }
}
