//! The panel of passkeys: adds one, and removes them one by one. It shows nothing where browsers
//! make no passkeys for the server's address.

use alta_domain::{ErrorCode, Passkey};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::passkeys::{begin_passkey, finish_passkey, own_passkeys, remove_passkey};
use crate::api::read;
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, Failed, Show, TextField, Tone, item, later, reactive,
};
use crate::words::{self, text, word};
use crate::{format, passkey};

/// Reads the passkeys and shows their panel.
#[component]
pub(super) fn PasskeysPanel() -> impl IntoView {
    let passkeys = read(own_passkeys);
    view! {
        <Suspense>
            {reactive(move || later(async move {
                match passkeys.answer().await {
                    Ok(Some(passkeys)) => view! { <Panel passkeys=passkeys /> }.into_any(),
                    Ok(None) => ().into_any(),
                    Err(error) => view! { <Failed error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The state that the rows and the form share.
#[derive(Clone, Copy)]
struct Keys {
    list: RwSignal<Vec<Passkey>>,
    /// Set while the password is asked for.
    adding: RwSignal<bool>,
    typed: RwSignal<String>,
    busy: RwSignal<bool>,
    /// The id of the passkey whose removal is to be confirmed.
    to_remove: RwSignal<Option<String>>,
    error: RwSignal<Option<ErrorCode>>,
}

impl Keys {
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
                self.adding.set(false);
            }
            self.typed.set(String::new());
            self.busy.set(false);
            self.error.set(done.err());
        });
    }

    fn add(self) {
        let password = self.typed.get_untracked();
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
    let keys = Keys {
        list: RwSignal::new(passkeys),
        adding: RwSignal::new(false),
        typed: RwSignal::default(),
        busy: RwSignal::new(false),
        to_remove: RwSignal::default(),
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
    let begin = Callback::new(move |()| keys.adding.set(true));
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
            <Show when=move || supported.get() && !keys.adding.get()>
                <div>
                    <Button on_press=begin id="add-passkey">
                        {text!(i18n, passkey.add)}
                    </Button>
                </div>
            </Show>
            <Show when=move || keys.adding.get()>
                <PasswordPrompt keys=keys />
            </Show>
            <p class="text-sm text-bad empty:hidden" role="alert">
                {reactive(move || keys.error.get().map(|code| words::error(i18n, code)))}
            </p>
        </section>
    }
}

/// Asks for the password before a passkey is added.
#[component]
fn PasswordPrompt(keys: Keys) -> impl IntoView {
    let i18n = use_i18n();
    let add = Callback::new(move |()| keys.add());
    let cancel = Callback::new(move |()| keys.adding.set(false));
    view! {
        <p>{text!(i18n, passkey.add_lead)}</p>
        <TextField
            name="passkey-password"
            kind="password"
            autocomplete="current-password"
            value=keys.typed
            label=text!(i18n, account.old)
        />
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary on_press=add busy=keys.busy id="make-passkey">
                {text!(i18n, common.go_on)}
            </Button>
            <Button kind=ButtonKind::Quiet on_press=cancel>
                {text!(i18n, common.cancel)}
            </Button>
        </div>
    }
}

#[component]
fn Row(key: Passkey, keys: Keys) -> impl IntoView {
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
    let is_doomed = {
        let id = id.clone();
        move || {
            keys.to_remove
                .with(|id_to_remove| id_to_remove.as_ref() == Some(&id))
        }
    };
    let ask = {
        let id = id.clone();
        Callback::new(move |()| keys.to_remove.set(Some(id.clone())))
    };
    let keep = Callback::new(move |()| keys.to_remove.set(None));
    let remove = Callback::new(move |()| {
        let id = id.clone();
        keys.to_remove.set(None);
        keys.run(async move || remove_passkey(id).await.map_err(|error| error.code));
    });
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
                    <div class="flex flex-wrap gap-2">
                        <Button on_press=remove>{text!(i18n, settings.delete)}</Button>
                        <Button kind=ButtonKind::Quiet on_press=keep>
                            {text!(i18n, common.cancel)}
                        </Button>
                    </div>
                </Alert>
            </Show>
        </li>
    }
}
