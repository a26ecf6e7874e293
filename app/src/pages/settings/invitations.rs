//! Pending invitations: sent, refused, expired; sent again, handed over, taken back.

use alta_domain::{ErrorCode, Invitation, InvitationId, MailState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::team::{invitation_link, resend_invitation, revoke_invitation, team};
use crate::format;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Each, EmptyState, Show, item, live};
use crate::words::{self, text, word};

/// Between two looks at mails that wait.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(3);

/// What is shared by the rows.
#[derive(Clone, Copy)]
struct Rows {
    pending: RwSignal<Vec<Invitation>>,
    /// Links that were asked for.
    links: RwSignal<Vec<(InvitationId, String)>>,
    error: RwSignal<Option<ErrorCode>>,
    sends_mail: bool,
}

impl Rows {
    /// The invitation is valid again, and its mail is in this state.
    fn change(self, id: InvitationId, mail: MailState) {
        self.pending.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == id) {
                (one.mail, one.expired) = (mail, false);
            }
        });
    }
}

/// One row an invitation.
#[component]
pub(super) fn Invitations(invitations: Vec<Invitation>, sends_mail: bool) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Rows {
        pending: RwSignal::new(invitations),
        links: RwSignal::default(),
        error: RwSignal::default(),
        sends_mail,
    };
    // What waits is looked at again, until it is sent or refused.
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
            set_timeout(look, LOOK_AGAIN);
        }
    });
    let keys = move || {
        rows.pending
            .with(|all| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>())
    };
    let row = move |key: String| view! { <InvitationRow id=InvitationId(key.parse().unwrap_or_default()) rows=rows /> };
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
                {live(move || rows.error.get().map(|code| words::error(i18n, code)))}
            </p>
            <ul class="flex flex-col divide-y divide-base-300">
                <Each keys=Memo::new(move |_| keys()) item=item(row) />
            </ul>
        </section>
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
    let state = move || {
        let one = invitation()?;
        Some(match one.mail {
            _ if one.expired => word!(i18n, settings.expired).to_owned(),
            MailState::Refused(words) => word!(i18n, settings.refused, words = words),
            MailState::Sent(at) => {
                word!(i18n, settings.sent, date = format::day(i18n.language(), at))
            }
            MailState::Waiting if rows.sends_mail => word!(i18n, settings.waiting).to_owned(),
            MailState::Waiting | MailState::NotSent => word!(
                i18n,
                home.expires,
                date = format::day(i18n.language(), one.expires_at)
            ),
        })
    };
    let resend = Callback::new(move |()| {
        spawn_local(async move {
            match resend_invitation(id).await {
                Ok(()) => rows.change(id, MailState::Waiting),
                Err(error) => rows.error.set(Some(error.code)),
            }
        });
    });
    let link = Callback::new(move |()| {
        spawn_local(async move {
            match invitation_link(id).await {
                Ok(link) => {
                    rows.change(id, MailState::NotSent);
                    rows.links.update(|links| {
                        links.retain(|(known, _)| *known != id);
                        links.push((id, link));
                    });
                }
                Err(error) => rows.error.set(Some(error.code)),
            }
        });
    });
    let revoke = Callback::new(move |()| {
        spawn_local(async move {
            match revoke_invitation(id).await {
                Ok(()) => rows.pending.update(|all| all.retain(|one| one.id != id)),
                Err(error) => rows.error.set(Some(error.code)),
            }
        });
    });
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
                    <span class="text-sm break-words text-soft">{live(state)}</span>
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
            {live(move || {
                shown()
                    .map(|link| {
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
                            .into_any()
                    })
            })}
        </li>
    }
}
