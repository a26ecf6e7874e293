//! Pending invitations: their state, and the buttons that send an invitation again, make a link for
//! it or revoke it.

use alta_domain::{ErrorCode, Invitation, InvitationId, MailState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::team::{invitation_link, resend_invitation, revoke_invitation, team};
use crate::format;
use crate::reader::{Reader, use_i18n};
use crate::ui::{Button, ButtonKind, Each, EmptyState, Show, item, reactive};
use crate::words::{self, text, word};

/// The pause between two reads while mails wait to be sent.
const REREAD_PAUSE: std::time::Duration = std::time::Duration::from_secs(3);

/// The state that the rows share.
#[derive(Clone, Copy)]
struct Rows {
    pending: RwSignal<Vec<Invitation>>,
    /// The links that were made on this page.
    links: RwSignal<Vec<(InvitationId, String)>>,
    error: RwSignal<Option<ErrorCode>>,
    sends_mail: bool,
}

impl Rows {
    /// Sends an invitation again.
    fn resend(self, id: InvitationId) {
        spawn_local(async move {
            match resend_invitation(id).await {
                Ok(()) => self.change(id, MailState::Waiting),
                Err(error) => self.error.set(Some(error.code)),
            }
        });
    }

    /// Makes a new link of an invitation and shows it.
    fn make_link(self, id: InvitationId) {
        spawn_local(async move {
            match invitation_link(id).await {
                Ok(link) => {
                    self.change(id, MailState::NotSent);
                    self.links.update(|links| {
                        links.retain(|(other, _)| *other != id);
                        links.push((id, link));
                    });
                }
                Err(error) => self.error.set(Some(error.code)),
            }
        });
    }

    /// Revokes an invitation.
    fn revoke(self, id: InvitationId) {
        spawn_local(async move {
            match revoke_invitation(id).await {
                Ok(()) => self.pending.update(|all| all.retain(|one| one.id != id)),
                Err(error) => self.error.set(Some(error.code)),
            }
        });
    }

    /// Shows an invitation as valid again, after the server has renewed it, with the state of its
    /// mail.
    fn change(self, id: InvitationId, mail: MailState) {
        self.pending.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == id) {
                (one.mail, one.expired) = (mail, false);
            }
        });
    }
}

/// The panel of pending invitations, with a row for each.
#[component]
pub(super) fn Invitations(invitations: Vec<Invitation>, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Rows {
        pending: RwSignal::new(invitations),
        links: RwSignal::default(),
        error: RwSignal::default(),
        sends_mail,
    };
    // The states of mails are read again until each mail is sent or refused.
    let is_waiting = move || {
        sends_mail
            && rows.pending.with(|all| {
                all.iter()
                    .any(|one| one.mail == MailState::Waiting && !one.expired)
            })
    };
    let look = move || {
        spawn_local(async move {
            if let Ok(team) = team().await {
                rows.pending.try_set(team.invitations);
            }
        });
    };
    Effect::new(move |_| {
        if is_waiting() {
            set_timeout(look, REREAD_PAUSE);
        }
    });
    let keys = move || {
        rows.pending
            .with(|all| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    };
    let row = move |key: String| {
        let id = InvitationId(key.parse().unwrap_or_default());
        view! { <InvitationRow id=id rows=rows /> }
    };
    view! {
        <section class="panel flex flex-col gap-4" id="pending">
            <h2 class="text-lg font-semibold">{text!(i18n, home.invitations)}</h2>
            {(!sends_mail)
                .then(|| {
                    view! { <p class="text-sm text-soft">{text!(i18n, settings.no_mail)}</p> }
                        .into_any()
                })}
            <Show when=move || rows.pending.with(Vec::is_empty)>
                <EmptyState text=text!(i18n, home.invitations_empty) />
            </Show>
            <p class="text-sm text-bad empty:hidden" role="alert">
                {reactive(move || rows.error.get().map(|code| words::error(i18n, code)))}
            </p>
            <ul class="flex flex-col divide-y divide-base-300">
                <Each keys=Memo::new(move |_| keys()) item=item(row) />
            </ul>
        </section>
    }
}

/// Returns a text that says whether an invitation has expired, and what became of its mail.
fn state_words(i18n: Reader, invitation: Invitation, sends_mail: bool) -> String {
    let day = |time| format::day(i18n.language(), time);
    match invitation.mail {
        _ if invitation.expired => word!(i18n, settings.expired).to_owned(),
        MailState::Refused(words) => word!(i18n, settings.refused, words = words),
        MailState::Sent(at) => word!(i18n, settings.sent, date = day(at)),
        MailState::Waiting if sends_mail => word!(i18n, settings.waiting).to_owned(),
        MailState::Waiting | MailState::NotSent => {
            word!(i18n, home.expires, date = day(invitation.expires_at))
        }
    }
}

#[component]
fn InvitationRow(id: InvitationId, rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let invitation = move || {
        rows.pending
            .with(|all| all.iter().find(|one| one.id == id).cloned())
    };
    let email = invitation().map(|one| one.email).unwrap_or_default();
    let state = move || invitation().map(|one| state_words(i18n, one, rows.sends_mail));
    let resend = Callback::new(move |()| rows.resend(id));
    let link = Callback::new(move |()| rows.make_link(id));
    let revoke = Callback::new(move |()| rows.revoke(id));
    let shown = move || {
        rows.links.with(|links| {
            links
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, link)| link.clone())
        })
    };
    let (label, key) = (email.clone(), email.clone());
    view! {
        <li class="flex flex-col gap-2 py-3" data-invitation=key>
            <div class="flex flex-wrap items-center gap-3">
                <div class="flex min-w-40 flex-1 flex-col">
                    <span class="font-medium break-all">{email}</span>
                    <span class="text-sm break-words text-soft">{reactive(state)}</span>
                </div>
                {rows
                    .sends_mail
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=resend>
                                {text!(i18n, settings.resend)}
                            </Button>
                        }
                            .into_any()
                    })}
                <Button kind=ButtonKind::Quiet on_press=link>
                    {text!(i18n, settings.link)}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=revoke>
                    {text!(i18n, settings.revoke)}
                    <span class="sr-only">" " {label}</span>
                </Button>
            </div>
            {reactive(move || shown().map(|link| view! { <Link link=link /> }.into_any()))}
        </li>
    }
}

/// A link to copy.
#[component]
fn Link(link: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="flex flex-col gap-1 text-sm">
            <span class="text-soft">{text!(i18n, settings.link_help)}</span>
            <input
                class="input h-11 w-full font-mono text-sm"
                readonly=true
                data-link=""
                value=link
            />
        </label>
    }
}
