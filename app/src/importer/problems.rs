//! The problems that the check found, the costliest first: each with its cause, its remedies, and
//! its rows.

mod actions;
mod decisions;
mod drawing;
mod folds;
mod groups;
mod offers;
mod pairs;

use alta_domain::HeaderChoice;
use alta_domain::worker::RowFilter;
use leptos::html::Div;
use leptos::prelude::*;

use self::actions::{ButtonName, PanelAction, PanelButton};
use super::dom;
use super::session::{ImportSession, use_session};
use crate::reader::use_i18n;
use crate::ui::{Alert, Button, Show, Tone, on_event};
use crate::words::text;

/// All problems of the last check, and the decisions taken; one friendly line when there is no
/// problem.
#[component]
pub(crate) fn ProblemPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let panel = NodeRef::<Div>::new();
    let buttons = StoredValue::new(Vec::<PanelButton>::new());
    // The button that gets the focus when the panel is drawn next.
    let next_focus = StoredValue::new(None::<ButtonName>);
    Effect::new(move |_| {
        if let Some(panel) = panel.get() {
            let focused = dom::focused_button();
            // Drawing fails only when the page is gone.
            buttons.set_value(drawing::draw(&panel, i18n, session.check).unwrap_or_default());
            let wanted = next_focus.try_update_value(Option::take).flatten();
            if let Some(name) = wanted.map(|name| name.to_string()).or(focused) {
                dom::focus_button(&name);
            }
        }
    });
    let press = move |event: leptos::ev::MouseEvent| {
        if let Some(name) = dom::pressed_button(&event)
            && let Some(action) = buttons.with_value(|buttons| actions::find(buttons, &name))
        {
            next_focus.set_value(carry_out(&session, action));
        }
    };
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="problems-title">
            <h2 class="text-lg font-semibold" id="problems-title">
                {text!(i18n, problems.title)}
            </h2>
            <MissingHeader />
            <div
                class="flex flex-col gap-3"
                id="problems"
                node_ref=panel
                on:click=on_event(press)
            ></div>
        </section>
    }
}

/// The alert that asks whether the first line is the header, for a file that is read without a
/// header.
#[component]
fn MissingHeader() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let use_first = Callback::new(move |()| {
        session.correct_shape(|choice| choice.header = Some(HeaderChoice::Line(1)));
    });
    view! {
        <Show when=move || session.check.lacks_header()>
            <Alert tone=Tone::Decide title=text!(i18n, problems.no_header_title)>
                <p class="max-w-2xl">{text!(i18n, problems.no_header)}</p>
                <div>
                    <Button small=true on_press=use_first>
                        {text!(i18n, problems.use_first_line)}
                    </Button>
                </div>
            </Alert>
        </Show>
    }
}

/// Carries out the action of a button of the panel. Returns the button that gets the focus next, if
/// the pressed one disappears; `None` if it stays.
fn carry_out(session: &ImportSession, action: PanelAction) -> Option<ButtonName> {
    match action {
        PanelAction::Decide(fix) => {
            session.decide(fix);
            let decision = session.check.decisions().saturating_sub(1);
            return Some(ButtonName::Undo { decision });
        }
        PanelAction::ToggleRows(filter) => {
            let filter = RowFilter::Problem(filter);
            session.check.rows().toggle_filter(filter);
        }
        PanelAction::Undo { decision } => session.undo_decision(decision),
    }
    None
}
