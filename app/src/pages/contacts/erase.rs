//! The data of one person: the ways to see all of it and to erase it.

use alta_domain::ErasureReport;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::back_link::BackLink;
use super::card_state::{CardState, focus_soon};
use crate::api::person::erase_contact;
use crate::format;
use crate::frame::PageTitle;
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Icon, PageLink, Show, Tone, reactive};
use crate::words::{self, plural, text, word};

/// The section of a card with the rights of the person: to get the data, and to have it erased.
#[component]
pub(super) fn PersonalData(
    state: CardState,
    erased: RwSignal<Option<ErasureReport>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_asked = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        is_asked.set(true);
        focus_soon("erase-confirm".to_owned());
    });
    view! {
        <section class="panel flex flex-col gap-4" id="personal-data">
            <h2 class="text-lg font-semibold">{text!(i18n, person.title)}</h2>
            <p class="max-w-2xl text-soft">{text!(i18n, person.help)}</p>
            <div class="flex flex-wrap gap-2">
                <PageLink
                    href=format!("/person?id={}", state.id)
                    class="btn btn-outline min-h-11"
                    id="person-data"
                >
                    <Icon name="icon-[lucide--file-text]" />
                    {text!(i18n, person.see)}
                </PageLink>
                <Button
                    kind=ButtonKind::Quiet
                    id="erase"
                    icon="icon-[lucide--eraser]"
                    disabled=is_asked
                    on_press=ask
                >
                    {text!(i18n, person.erase)}
                </Button>
            </div>
            <Show when=move || is_asked.get()>
                <Question state=state is_asked=is_asked erased=erased />
            </Show>
        </section>
    }
}

/// The question before an erasure: what goes, and what stays.
#[component]
fn Question(
    state: CardState,
    is_asked: RwSignal<bool>,
    erased: RwSignal<Option<ErasureReport>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || {
        let name = state
            .card
            .with(|card| format::entry_name(&card.entry).into_owned());
        word!(i18n, person.erase_title, name = name)
    });
    let erase = Callback::new(move |()| {
        state.busy.set(true);
        state.error.set(None);
        spawn_local(async move {
            match erase_contact(state.id).await {
                Ok(report) => erased.set(Some(report)),
                Err(failed) => {
                    state.error.set(Some(failed.code));
                    state.busy.set(false);
                }
            }
        });
    });
    let cancel = Callback::new(move |()| {
        is_asked.set(false);
        focus_soon("erase".to_owned());
    });
    view! {
        <Alert tone=Tone::Decide title=title>
            <p class="max-w-2xl">{text!(i18n, person.erase_goes)}</p>
            <p class="max-w-2xl">{text!(i18n, person.erase_stays)}</p>
            <p class="max-w-2xl">{text!(i18n, person.erase_elsewhere)}</p>
            <div class="flex flex-wrap gap-2">
                <Button id="erase-confirm" busy=state.busy on_press=erase>
                    {text!(i18n, person.erase_confirm)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=cancel>
                    {text!(i18n, common.cancel)}
                </Button>
            </div>
        </Alert>
    }
}

/// What an erasure has done, in the place of the card.
#[component]
pub(super) fn Erased(report: ErasureReport) -> impl IntoView {
    let i18n = use_i18n();
    let ErasureReport {
        refusals,
        transactions,
        rejects,
    } = report;
    let of_rejects = move || (rejects > 0).then(|| plural!(i18n, person.rejects, n = rejects));
    let of_sales = move || {
        let n = transactions;
        (n > 0).then(|| plural!(i18n, person.sales, n = n))
    };
    let of_refusals = move || {
        let channels = refusals
            .iter()
            .map(|channel| words::channel(i18n, *channel));
        let channels = channels.collect::<Vec<_>>().join(", ");
        (!channels.is_empty()).then(|| word!(i18n, person.refusals, channels = channels))
    };
    view! {
        <BackLink />
        <PageTitle title=text!(i18n, person.erased) lead=text!(i18n, person.erased_lead) />
        <ul class="panel flex list-disc flex-col gap-2 ps-8" id="erasure" role="status">
            <li class="empty:hidden">{reactive(of_rejects)}</li>
            <li class="empty:hidden">{reactive(of_sales)}</li>
            <li class="empty:hidden">{reactive(of_refusals)}</li>
            <li>{text!(i18n, person.erase_elsewhere)}</li>
        </ul>
    }
}
