//! The panel of the second factor: turns it on with an authenticator app and a first code, replaces
//! the recovery codes, and turns it off.

use alta_domain::{ErrorCode, SecondFactor};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::account::{
    AppSecret, begin_second_factor, confirm_second_factor, new_recovery_codes, second_factor,
    turn_off_second_factor,
};
use crate::api::read;
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, LoadFailure, Show, Skeleton, TextField, Tone, later, reactive,
};
use crate::words::{self, text, word};

/// The panel of the second factor, whose state it reads first.
#[component]
pub(super) fn SecondFactorPanel() -> impl IntoView {
    let i18n = use_i18n();
    let state = read(second_factor);
    view! {
        <section class="panel flex flex-col gap-4" id="second-factor">
            <h2 class="text-lg font-semibold">{text!(i18n, factor.title)}</h2>
            <Suspense fallback=|| {
                view! { <Skeleton lines=2 /> }
            }>
                {reactive(move || later(async move {
                    match state.answer().await {
                        Ok(state) => view! { <Panel state=state /> }.into_any(),
                        Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                    }
                }))}
            </Suspense>
        </section>
    }
}

/// An action before which the user gives the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    TurnOn,
    NewCodes,
    TurnOff,
}

/// The stage that the panel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Off,
    Enrolling(AppSecret),
    /// The recovery codes, shown only once.
    Codes(Vec<String>),
    On,
    Password(Asked),
}

/// The state that the stages share.
#[derive(Clone, Copy)]
struct Factor {
    stage: RwSignal<Stage>,
    state: RwSignal<SecondFactor>,
    error: RwSignal<Option<ErrorCode>>,
    busy: RwSignal<bool>,
    /// The text of the input field: a code, or the password.
    typed: RwSignal<String>,
}

impl Factor {
    fn show(self, stage: Stage) {
        self.typed.set(String::new());
        self.error.set(None);
        self.stage.set(stage);
    }

    fn rest(self) {
        self.show(
            if self.state.with_untracked(|state| state.since.is_some()) {
                Stage::On
            } else {
                Stage::Off
            },
        );
    }

    /// Runs a call with the text of the input field; the call shows the next stage. Shows the error
    /// when the call fails.
    fn run(self, call: impl AsyncFnOnce(String) -> Result<(), ErrorCode> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = call(self.typed.get_untracked()).await;
            self.busy.set(false);
            if let Err(code) = answer {
                self.error.set(Some(code));
            }
        });
    }

    fn confirm(self) {
        self.run(async move |code| {
            let codes = confirm_second_factor(code)
                .await
                .map_err(|error| error.code)?;
            self.has(codes);
            Ok(())
        });
    }

    fn with_password(self, asked: Asked) {
        self.run(async move |password| {
            match asked {
                Asked::TurnOn => self.show(Stage::Enrolling(
                    begin_second_factor(password)
                        .await
                        .map_err(|error| error.code)?,
                )),
                Asked::NewCodes => self.has(
                    new_recovery_codes(password)
                        .await
                        .map_err(|error| error.code)?,
                ),
                Asked::TurnOff => {
                    turn_off_second_factor(password)
                        .await
                        .map_err(|error| error.code)?;
                    self.state.update(|state| state.since = None);
                    self.rest();
                }
            }
            Ok(())
        });
    }

    /// Shows new recovery codes, and records that the second factor is on.
    fn has(self, codes: Vec<String>) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of today are far below 2^53"
        )]
        let now = js_sys::Date::now() as i64;
        self.state.update(|state| {
            state.since = state.since.or(Some(now));
            state.codes = u32::try_from(codes.len()).unwrap_or(u32::MAX);
        });
        self.show(Stage::Codes(codes));
    }
}

#[component]
fn Panel(state: SecondFactor) -> impl IntoView {
    let i18n = use_i18n();
    let first = if state.since.is_some() {
        Stage::On
    } else {
        Stage::Off
    };
    let factor = Factor {
        stage: RwSignal::new(first),
        state: RwSignal::new(state),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        typed: RwSignal::default(),
    };
    let stage = move || match factor.stage.get() {
        Stage::Off => off(factor),
        Stage::Enrolling(secret) => enrolling(factor, secret),
        Stage::Codes(codes) => recovery(factor, codes),
        Stage::On => on(factor),
        Stage::Password(asked) => password(factor, asked),
    };
    view! {
        {reactive(stage)}
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || factor.error.get().map(|code| words::error(i18n, code)))}
        </p>
    }
}

fn off(factor: Factor) -> AnyView {
    let i18n = use_i18n();
    let begin = Callback::new(move |()| factor.show(Stage::Password(Asked::TurnOn)));
    view! {
        <Show when=move || factor.state.with(|state| state.required)>
            <Alert tone=Tone::Decide title=text!(i18n, factor.required)>
                ""
            </Alert>
        </Show>
        <p>{text!(i18n, factor.lead)}</p>
        <div>
            <Button on_press=begin id="turn-on">
                {text!(i18n, factor.turn_on)}
            </Button>
        </div>
    }
    .into_any()
}

fn enrolling(
    factor: Factor,
    AppSecret {
        secret,
        squares,
        side,
    }: AppSecret,
) -> AnyView {
    let i18n = use_i18n();
    let confirm = Callback::new(move |()| factor.confirm());
    let cancel = Callback::new(move |()| factor.rest());
    let grouped = secret
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(" ");
    view! {
        <p>{text!(i18n, factor.scan)}</p>
        <svg
            class="w-52 rounded bg-white"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label=text!(i18n, factor.picture)
            shape-rendering="crispEdges"
        >
            <path d=squares fill="#000" />
        </svg>
        <p class="text-sm text-soft">
            {text!(i18n, factor.type_secret)}<br /><code class="break-words" id="app-secret">
                {grouped}
            </code>
        </p>
        <TextField
            name="code"
            autocomplete="one-time-code"
            maxlength=11
            value=factor.typed
            label=text!(i18n, factor.code)
        />
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary on_press=confirm busy=factor.busy id="confirm-code">
                {text!(i18n, factor.confirm)}
            </Button>
            <Button kind=ButtonKind::Quiet on_press=cancel>
                {text!(i18n, common.cancel)}
            </Button>
        </div>
    }
    .into_any()
}

fn recovery(factor: Factor, codes: Vec<String>) -> AnyView {
    let i18n = use_i18n();
    let done = Callback::new(move |()| factor.rest());
    let file = format!("data:text/plain,{}", codes.join("%0A"));
    view! {
        <Alert tone=Tone::Decide title=text!(i18n, factor.codes_title)>
            <p>{text!(i18n, factor.codes_lead)}</p>
        </Alert>
        <ul class="grid grid-cols-1 gap-x-6 gap-y-1 font-mono sm:grid-cols-2" id="recovery-codes">
            {codes.into_iter().map(|code| view! { <li>{code}</li> }.into_any()).collect_view()}
        </ul>
        <div class="flex flex-wrap gap-2">
            <a class="btn btn-outline min-h-11" href=file download="alta-recovery-codes.txt">
                {text!(i18n, factor.download)}
            </a>
            <Button kind=ButtonKind::Primary on_press=done id="codes-saved">
                {text!(i18n, factor.saved)}
            </Button>
        </div>
    }
    .into_any()
}

fn on(factor: Factor) -> AnyView {
    let i18n = use_i18n();
    let since = move || {
        let date = factor
            .state
            .with(|state| state.since)
            .map(|since| format::day(i18n.language(), since))
            .unwrap_or_default();
        word!(i18n, factor.on, date = date)
    };
    let left = move || {
        word!(
            i18n,
            factor.left,
            n = factor.state.with(|state| state.codes)
        )
    };
    let renew = Callback::new(move |()| factor.show(Stage::Password(Asked::NewCodes)));
    let turn_off = Callback::new(move |()| factor.show(Stage::Password(Asked::TurnOff)));
    view! {
        <p role="status">{reactive(since)}" "{reactive(left)}</p>
        <div class="flex flex-wrap gap-2">
            <Button on_press=renew>{text!(i18n, factor.new_codes)}</Button>
            <Button kind=ButtonKind::Quiet on_press=turn_off id="turn-off">
                {text!(i18n, factor.turn_off)}
            </Button>
        </div>
    }
    .into_any()
}

fn password(factor: Factor, asked: Asked) -> AnyView {
    let i18n = use_i18n();
    let go_on = Callback::new(move |()| factor.with_password(asked));
    let cancel = Callback::new(move |()| factor.rest());
    let (lead, action) = match asked {
        Asked::TurnOn => (text!(i18n, factor.turn_on_lead), text!(i18n, common.go_on)),
        Asked::NewCodes => (
            text!(i18n, factor.new_codes_lead),
            text!(i18n, factor.new_codes),
        ),
        Asked::TurnOff => (
            text!(i18n, factor.turn_off_lead),
            text!(i18n, factor.turn_off),
        ),
    };
    view! {
        <p>{lead}</p>
        <TextField
            name="factor-password"
            kind="password"
            autocomplete="current-password"
            value=factor.typed
            label=text!(i18n, account.old)
        />
        <div class="flex flex-wrap gap-2">
            <Button kind=ButtonKind::Primary on_press=go_on busy=factor.busy id="factor-go-on">
                {action}
            </Button>
            <Button kind=ButtonKind::Quiet on_press=cancel>
                {text!(i18n, common.cancel)}
            </Button>
        </div>
    }
    .into_any()
}
