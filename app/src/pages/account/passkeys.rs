//! The panel of passkeys: adds a passkey, and removes passkeys one by one; both ask for the
//! password. The panel shows nothing when browsers make no passkeys for the server's address.

use alta_domain::{ErrorCode, Passkey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::passkeys::{begin_passkey, finish_passkey, own_passkeys, remove_passkey};
use crate::api::read;
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, LoadFailure, Show, TextField, Tone, item, later, reactive,
};
use crate::words::{self, text, word};
use crate::{format, passkey};

/// The panel of the user's passkeys, which it reads first.
#[component]
pub(super) fn PasskeysPanel() -> impl IntoView {
    let passkeys = read(own_passkeys);
    view! {
        <Suspense>
            {reactive(move || later(async move {
                match passkeys.answer().await {
                    Ok(Some(passkeys)) => view! { <Panel passkeys=passkeys /> }.into_any(),
                    Ok(None) => ().into_any(),
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// An action before which the user gives the password.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Add,
    /// Removes the passkey with this id.
    Remove(String),
}

/// The list of the user's passkeys, and the state of the forms that change it.
#[derive(Clone, Copy)]
struct PasskeyList {
    list: RwSignal<Vec<Passkey>>,
    /// The action that waits for the password; `None` when no action does.
    asked: RwSignal<Option<Asked>>,
    typed: RwSignal<String>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ErrorCode>>,
}

impl PasskeyList {
    /// Runs a call, then reads the list again.
    fn run(self, call: impl AsyncFnOnce() -> Result<(), ErrorCode> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let mut done = call().await;
            if done.is_ok() {
                match own_passkeys().await {
                    Ok(list) => self.list.set(list.unwrap_or_default()),
                    Err(error) => done = Err(error.code),
                }
                self.asked.set(None);
            }
            self.typed.set(String::new());
            self.busy.set(false);
            self.error.set(done.err());
        });
    }

    /// Asks for the password before an action.
    fn ask(self, action: Asked) {
        self.typed.set(String::new());
        self.error.set(None);
        self.asked.set(Some(action));
    }

    /// Runs the action that the password was asked for.
    fn go_on(self) {
        let password = self.typed.get_untracked();
        match self.asked.get_untracked() {
            Some(Asked::Add) => self.add(password),
            Some(Asked::Remove(id)) => self.run(async move || {
                remove_passkey(id, password)
                    .await
                    .map_err(|error| error.code)
            }),
            None => {}
        }
    }

    fn add(self, password: String) {
        self.run(async move || {
            let challenge = begin_passkey(password).await.map_err(|error| error.code)?;
            let answer = passkey::create(&challenge.options)
                .await
                .map_err(|_| ErrorCode::BadPasskey)?;
            finish_passkey(challenge.token, answer)
                .await
                .map_err(|error| error.code)
        });
    }
}

#[component]
fn Panel(passkeys: Vec<Passkey>) -> impl IntoView {
    let i18n = use_i18n();
    let keys = PasskeyList {
        list: RwSignal::new(passkeys),
        asked: RwSignal::default(),
        typed: RwSignal::default(),
        busy: RwSignal::new(false),
        error: RwSignal::default(),
    };
    let supported = RwSignal::new(true);
    Effect::new(move |_| supported.set(passkey::is_supported()));
    let ids = Memo::new(move |_| {
        keys.list
            .with(|list| list.iter().map(|key| key.id.clone()).collect::<Vec<_>>())
    });
    let row = move |id: String| {
        let found = keys
            .list
            .with_untracked(|list| list.iter().find(|key| key.id == id).cloned());
        found.map(|key| view! { <Row key=key keys=keys /> }.into_any())
    };
    let begin = Callback::new(move |()| keys.ask(Asked::Add));
    let is_adding = move || keys.asked.with(|asked| *asked == Some(Asked::Add));
    view! {
        <section class="panel flex flex-col gap-4" id="passkeys">
            <h2 class="text-lg font-semibold">{text!(i18n, passkey.title)}</h2>
            <p>{text!(i18n, passkey.lead)}</p>
            <ul class="flex flex-col divide-y divide-base-300 empty:hidden">
                <Each keys=ids item=item(row) />
            </ul>
            <Show when=move || !supported.get()>
                <p class="text-soft">{text!(i18n, passkey.none)}</p>
            </Show>
            <Show when=move || supported.get() && !is_adding()>
                <div>
                    <Button on_press=begin id="add-passkey">
                        {text!(i18n, passkey.add)}
                    </Button>
                </div>
            </Show>
            <Show when=is_adding>
                <p>{text!(i18n, passkey.add_lead)}</p>
                <PasswordPrompt keys=keys label=text!(i18n, common.go_on) />
            </Show>
            <p class="text-sm text-bad empty:hidden" role="alert">
                {reactive(move || keys.error.get().map(|code| words::error(i18n, code)))}
            </p>
        </section>
    }
}

/// The form that asks for the password before a passkey is added or removed. `label` is the text of
/// its button.
#[component]
fn PasswordPrompt(keys: PasskeyList, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let go_on = Callback::new(move |()| keys.go_on());
    let cancel = Callback::new(move |()| keys.asked.set(None));
    view! {
        <TextField
            name="passkey-password"
            kind="password"
            autocomplete="current-password"
            value=keys.typed
            label=text!(i18n, account.old)
        />
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary on_press=go_on busy=keys.busy id="passkey-go-on">
                {reactive(move || label.get())}
            </Button>
            <Button kind=ButtonKind::Quiet on_press=cancel>
                {text!(i18n, common.cancel)}
            </Button>
        </div>
    }
}

#[component]
fn Row(key: Passkey, keys: PasskeyList) -> impl IntoView {
    let i18n = use_i18n();
    let Passkey {
        id,
        browser,
        added_at,
        used_at,
    } = key;
    let known = browser.is_some();
    let added = move || {
        let date = format::day(i18n.language(), added_at);
        word!(i18n, passkey.added, date = date)
    };
    let used = move || {
        let date = format::moment(i18n.language(), used_at?);
        Some(format!(" · {}", word!(i18n, passkey.used, date = date)))
    };
    let removal = Asked::Remove(id);
    let is_doomed = {
        let removal = removal.clone();
        move || keys.asked.with(|asked| asked.as_ref() == Some(&removal))
    };
    let ask = Callback::new(move |()| keys.ask(removal.clone()));
    view! {
        <li class="flex flex-col gap-3 py-3">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <div class="flex min-w-0 flex-col">
                    <span class="font-medium break-words">
                        {browser}
                        <Show when=move || !known>{text!(i18n, account.unknown_browser)}</Show>
                    </span>
                    <span class="text-sm text-soft">{reactive(added)}{reactive(used)}</span>
                </div>
                <Button kind=ButtonKind::Quiet on_press=ask>
                    {text!(i18n, settings.delete)}
                </Button>
            </div>
            <Show when=is_doomed>
                <Alert tone=Tone::Decide title=text!(i18n, passkey.remove_lead)>
                    <PasswordPrompt keys=keys label=text!(i18n, settings.delete) />
                </Alert>
            </Show>
        </li>
    }
}
