//! The team step: e-mail addresses, pasted or typed, each shown as a chip.

use alta_domain::{Email, ErrorCode, Step, StepState, pasted_addresses};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::team::invite;
use crate::format;
use crate::frame::{StepPage, go_on};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, ButtonKind, Each, Icon, Show, Tone, item, on_event, reactive};
use crate::words::{text, word};

/// The addresses that were entered.
#[derive(Clone, Copy)]
struct Addresses {
    chips: RwSignal<Vec<String>>,
    /// The text in the input.
    typed: RwSignal<String>,
    /// True when the Admin tried to invite something that is not an address.
    repair: RwSignal<bool>,
}

impl Addresses {
    /// Makes a chip of each address in a text, unless the address has one already.
    fn add(self, text: &str) {
        self.chips.update(|chips| {
            for address in pasted_addresses(text) {
                if !chips.iter().any(|chip| chip.eq_ignore_ascii_case(&address)) {
                    chips.push(address);
                }
            }
        });
        self.typed.set(String::new());
        self.repair.set(false);
    }

    /// Makes chips of the text in the input.
    fn add_typed(self) {
        self.add(&self.typed.get_untracked());
    }
}

/// The page: chips, an input that accepts whole lists, and the button that invites.
#[component]
pub(crate) fn TeamPage() -> impl IntoView {
    let i18n = use_i18n();
    let addresses = Addresses {
        chips: RwSignal::default(),
        typed: RwSignal::default(),
        repair: RwSignal::new(false),
    };
    let error = RwSignal::new(None::<ErrorCode>);
    let busy = RwSignal::new(false);
    let go_on = go_on(Step::Team, error);
    let submit = Callback::new(move |()| {
        addresses.add_typed();
        let wanted = addresses.chips.get_untracked();
        if wanted.iter().any(|chip| Email::parse(chip).is_none()) {
            addresses.repair.set(true);
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let sent = if wanted.is_empty() {
                Ok(Vec::new())
            } else {
                invite(wanted).await
            };
            match sent {
                Ok(_) => go_on(StepState::Done),
                Err(failed) => error.set(Some(failed.code)),
            }
            busy.set(false);
        });
    });
    view! {
        <StepPage
            step=Step::Team
            title=text!(i18n, team.title)
            lead=text!(i18n, team.lead)
            error=error
            primary=move || {
                view! {
                    <Button kind=ButtonKind::Primary busy=busy on_press=submit>
                        {text!(i18n, team.submit)}
                    </Button>
                }
            }
        >
            <AddressBox addresses=addresses />
            <Show when=move || addresses.repair.get()>
                <Alert tone=Tone::Bad title=text!(i18n, team.repair)>
                    ""
                </Alert>
            </Show>
            <p class="flex max-w-2xl items-start gap-2 text-sm text-soft">
                <Icon name="icon-[lucide--info]" />
                {text!(i18n, team.note)}
            </p>
        </StepPage>
    }
}

/// The label with the number of valid addresses, the chips, and the input after them.
#[component]
fn AddressBox(addresses: Addresses) -> impl IntoView {
    let i18n = use_i18n();
    let chips = addresses.chips;
    view! {
        <section class="panel flex flex-col gap-3">
            <div class="flex flex-wrap items-baseline justify-between gap-2">
                <label class="font-medium" for="emails">
                    {text!(i18n, team.emails)}
                </label>
                <ValidCount chips=chips />
            </div>
            <div class="chip-box">
                <ul class="contents">
                    <Each
                        keys=chips
                        item=item(move |address| view! { <Chip address=address chips=chips /> })
                    />
                </ul>
                <AddressInput addresses=addresses />
            </div>
            <p class="text-sm text-soft" id="emails-help">
                {text!(i18n, team.help)}
            </p>
        </section>
    }
}

/// The number of chips that are valid addresses.
#[component]
fn ValidCount(chips: RwSignal<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || {
        let is_valid = |chip: &&String| Email::parse(chip).is_some();
        let valid = chips.with(|chips| chips.iter().filter(is_valid).count());
        let number = format::number(i18n.language(), valid as u64);
        (valid > 0).then(|| word!(i18n, team.count, n = number))
    };
    view! {
        <span class="text-sm text-soft tabular-nums" role="status">
            {reactive(count)}
        </span>
    }
}

/// The input. Enter, a separator, and leaving the input make chips of its text; backspace in the
/// empty input removes the last chip.
#[component]
fn AddressInput(addresses: Addresses) -> impl IntoView {
    let Addresses { chips, typed, .. } = addresses;
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" | "," | ";" | " " => {
            event.prevent_default();
            addresses.add_typed();
        }
        "Backspace" if typed.with_untracked(String::is_empty) => chips.update(|chips| {
            chips.pop();
        }),
        _ => {}
    };
    let change = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        if value.contains(['\n', ',', ';', ' ', '<']) {
            addresses.add(&value);
        } else {
            typed.set(value);
        }
    };
    view! {
        <textarea
            class="chip-input"
            id="emails"
            rows="1"
            spellcheck="false"
            autocomplete="off"
            aria-describedby="emails-help"
            prop:value=typed
            on:keydown=on_event(keys)
            on:input=on_event(change)
            on:blur=on_event(move |_| addresses.add_typed())
        ></textarea>
    }
}

/// One address, with a note when it is not valid, and a button that removes it.
#[component]
fn Chip(address: String, chips: RwSignal<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let is_valid = Email::parse(&address).is_some();
    let (label, gone) = (address.clone(), address.clone());
    view! {
        <li class="chip" class:is-invalid=!is_valid>
            {(!is_valid)
                .then(|| {
                    view! { <Icon name="icon-[lucide--circle-alert]" class="size-4" /> }.into_any()
                })}
            <span class="min-w-0 break-all">{address}</span>
            {(!is_valid)
                .then(|| {
                    view! { <span class="text-xs">{text!(i18n, team.invalid)}</span> }.into_any()
                })}
            <button
                class="chip-remove"
                type="button"
                aria-label=text!(i18n, common.remove, name = label.clone())
                on:click=on_event(move |_| chips.update(|chips| chips.retain(|chip| *chip != gone)))
            >
                <Icon name="icon-[lucide--x]" class="size-4" />
            </button>
        </li>
    }
}
