//! Permission to write to those in the file: by which channels, on which ground, from where.

use alta_domain::{Channel, LegalBasis, SOURCE_LENGTH};
use leptos::prelude::*;

use crate::importer::use_session;
use crate::reader::use_i18n;
use crate::ui::{Show, on_event, reactive, reactive_attr};
use crate::words::{self, text};

/// Channels, legal basis and source; nothing has to be said.
#[component]
#[expect(clippy::too_many_lines, reason = "a view that waits to be split")]
pub(super) fn Permission() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let consent = session.consent;
    let tick = move |channel: Channel| {
        let has = move || consent.with(|consent| consent.channels.contains(&channel));
        let change = move |event| {
            let on = event_target_checked(&event);
            consent.update(|consent| {
                consent.channels.retain(|known| *known != channel);
                if on {
                    consent.channels.push(channel);
                    consent.channels.sort_unstable();
                }
            });
        };
        view! {
            <label class="flex min-h-11 items-center gap-3">
                <input
                    type="checkbox"
                    class="checkbox checkbox-primary"
                    name="channel"
                    value=channel.as_str()
                    prop:checked=reactive_attr(has)
                    on:change=on_event(change)
                />
                {reactive(move || words::channel(i18n, channel))}
            </label>
        }
        .into_any()
    };
    let basis = move |basis: LegalBasis| {
        view! {
            <option
                value=basis.as_str()
                selected=reactive_attr(move || consent.with(|consent| consent.basis == Some(basis)))
            >
                {reactive(move || words::basis(i18n, basis))}
            </option>
        }
        .into_any()
    };
    view! {
        <section class="panel grid gap-6 md:grid-cols-2" id="permission">
            <fieldset class="flex min-w-0 flex-col gap-1">
                <legend class="mb-1 font-medium">{text!(i18n, consent.ask)}</legend>
                <p class="text-sm text-soft">{text!(i18n, consent.help)}</p>
                <div class="flex flex-wrap gap-x-6">{Channel::ALL.map(tick).collect_view()}</div>
            </fieldset>
            <div class="flex min-w-0 flex-col gap-3">
                <label class="font-medium" for="basis">
                    {text!(i18n, consent.basis)}
                </label>
                <select
                    class="select h-11 w-full"
                    id="basis"
                    aria-describedby="basis-need"
                    on:change=on_event(move |event| {
                        consent
                            .update(|consent| {
                                consent.basis = LegalBasis::parse(&event_target_value(&event));
                            });
                    })
                >
                    <option
                        value=""
                        selected=reactive_attr(move || {
                            consent.with(|consent| consent.basis.is_none())
                        })
                    >
                        {text!(i18n, consent.basis_none)}
                    </option>
                    {LegalBasis::ALL.map(basis).collect_view()}
                </select>
                <p class="text-sm" id="basis-need">
                    <Show when=move || session.lacks_basis()>
                        <span class="text-bad">{text!(i18n, consent.need_basis)}</span>
                    </Show>
                </p>
                <label class="font-medium" for="consent-source">
                    {text!(i18n, consent.source)}
                </label>
                <input
                    class="input h-11 w-full"
                    id="consent-source"
                    maxlength=SOURCE_LENGTH.to_string()
                    placeholder=text!(i18n, consent.source_example)
                    prop:value=reactive_attr(move || consent.with(|consent| consent.source.clone()))
                    on:input=on_event(move |event| {
                        consent.update(|consent| consent.source = event_target_value(&event));
                    })
                />
            </div>
        </section>
    }
}
