//! Permission to write to the contacts of the file: the channels, the legal basis, the source.

use alta_domain::{Channel, LegalBasis, SOURCE_LENGTH};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Show, on_event, reactive, reactive_attr};
use crate::words::{self, text};

/// The panel; none of its inputs is required.
#[component]
pub(super) fn Permission() -> impl IntoView {
    view! {
        <section class="panel grid gap-6 md:grid-cols-2" id="permission">
            <ChannelChoice />
            <div class="flex min-w-0 flex-col gap-3">
                <BasisChoice />
                <SourceInput />
            </div>
        </section>
    }
}

/// The channels by which everybody in the file may be written to.
#[component]
fn ChannelChoice() -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let option = move |channel: Channel| {
        let grant = move |event| effect.grant_channel(channel, event_target_checked(&event));
        view! {
            <label class="flex min-h-11 items-center gap-3">
                <input
                    type="checkbox"
                    class="checkbox checkbox-primary"
                    name="channel"
                    value=channel.as_str()
                    prop:checked=reactive_attr(move || effect.has_channel(channel))
                    on:change=on_event(grant)
                />
                {reactive(move || words::channel(i18n, channel))}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="flex min-w-0 flex-col gap-1">
            <legend class="mb-1 font-medium">{text!(i18n, consent.ask)}</legend>
            <p class="text-sm text-soft">{text!(i18n, consent.help)}</p>
            <div class="flex flex-wrap gap-x-6">{Channel::ALL.map(option).collect_view()}</div>
        </fieldset>
    }
}

/// The choice of the legal basis, with a note when one is needed and none is chosen.
#[component]
fn BasisChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let effect = session.effect;
    let option = move |basis: LegalBasis| {
        let is_chosen = move || effect.basis() == Some(basis);
        view! {
            <option value=basis.as_str() selected=reactive_attr(is_chosen)>
                {reactive(move || words::basis(i18n, basis))}
            </option>
        }
        .into_any()
    };
    let choose = move |event| effect.choose_basis(LegalBasis::parse(&event_target_value(&event)));
    view! {
        <label class="font-medium" for="basis">
            {text!(i18n, consent.basis)}
        </label>
        <select
            class="select h-11 w-full"
            id="basis"
            aria-describedby="basis-need"
            on:change=on_event(choose)
        >
            <option value="" selected=reactive_attr(move || effect.basis().is_none())>
                {text!(i18n, consent.basis_none)}
            </option>
            {LegalBasis::ALL.map(option).collect_view()}
        </select>
        <p class="text-sm" id="basis-need">
            <Show when=move || session.lacks_basis()>
                <span class="text-bad">{text!(i18n, consent.need_basis)}</span>
            </Show>
        </p>
    }
}

/// The input for the source of the permission: where it was given, in the Admin's words.
#[component]
fn SourceInput() -> impl IntoView {
    let i18n = use_i18n();
    let effect = use_session().effect;
    let change = move |event| effect.set_consent_source(event_target_value(&event));
    view! {
        <label class="font-medium" for="consent-source">
            {text!(i18n, consent.source)}
        </label>
        <input
            class="input h-11 w-full"
            id="consent-source"
            maxlength=SOURCE_LENGTH.to_string()
            placeholder=text!(i18n, consent.source_example)
            prop:value=reactive_attr(move || effect.consent_source())
            on:input=on_event(change)
        />
    }
}
