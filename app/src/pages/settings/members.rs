//! The members of the organization: their role, whether they can sign in, and their removal.

use alta_domain::{ErrorCode, Member, Role, Team, UserId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::invitations::Invitations;
use crate::api::read;
use crate::api::team::{remove_member, set_active, set_role, team};
use crate::reader::use_i18n;
use crate::ui::{
    Alert, Button, ButtonKind, Each, LoadFailure, PageLink, Show, Skeleton, Tone, item, later,
    on_event, reactive, reactive_attr,
};
use crate::words::{self, text, word};

/// The page of the members and the pending invitations.
#[component]
pub(crate) fn MembersPage() -> impl IntoView {
    let team = read(team);
    view! {
        <Suspense fallback=|| {
            view! { <Skeleton lines=6 /> }
        }>
            {reactive(move || later(async move {
                match team.answer().await {
                    Ok(Team { members, invitations, sends_mail }) => {
                        view! {
                            <Members members=members />
                            <Invitations invitations=invitations sends_mail=sends_mail />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <LoadFailure error=error /> }.into_any(),
                }
            }))}
        </Suspense>
    }
}

/// The state that the rows share.
#[derive(Clone, Copy)]
struct MemberList {
    members: RwSignal<Vec<Member>>,
    error: RwSignal<Option<ErrorCode>>,
    /// The member that is to be removed after a confirmation; `None` when there is no question.
    to_remove: RwSignal<Option<UserId>>,
}

impl MemberList {
    /// Gives a member another role.
    fn set_role(self, user: UserId, role: Role) {
        spawn_local(async move {
            match set_role(user, role).await {
                Ok(()) => self.change(user, |member| member.role = role),
                Err(error) => self.failed(error.code),
            }
        });
    }

    /// Allows or forbids a member to sign in.
    fn set_active(self, user: UserId, active: bool) {
        spawn_local(async move {
            match set_active(user, active).await {
                Ok(()) => self.change(user, |member| member.active = active),
                Err(error) => self.failed(error.code),
            }
        });
    }

    /// Removes a member from the organization.
    fn remove(self, user: UserId) {
        spawn_local(async move {
            self.to_remove.set(None);
            match remove_member(user).await {
                Ok(()) => self
                    .members
                    .update(|members| members.retain(|member| member.user != user)),
                Err(error) => self.failed(error.code),
            }
        });
    }

    fn get(self, user: UserId) -> Option<Member> {
        self.members
            .with(|members| members.iter().find(|member| member.user == user).cloned())
    }

    /// Returns the keys of the members whose name or e-mail contains a text.
    fn keys(self, text: &str) -> Vec<String> {
        let wanted = text.to_lowercase();
        let fits = |member: &&Member| {
            member.name.to_lowercase().contains(&wanted) || member.email.contains(&wanted)
        };
        self.members.with(|members| {
            members
                .iter()
                .filter(fits)
                .map(|member| member.user.to_string())
                .collect()
        })
    }

    /// Changes a member on the page, after the server has changed the member.
    fn change(self, user: UserId, change: impl FnOnce(&mut Member)) {
        self.error.set(None);
        self.members.update(|members| {
            if let Some(member) = members.iter_mut().find(|member| member.user == user) {
                change(member);
            }
        });
    }

    /// Shows an error, and resets a choice that was refused.
    fn failed(self, code: ErrorCode) {
        self.error.set(Some(code));
        self.members.update(|_| {});
    }
}

#[component]
fn Members(members: Vec<Member>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = MemberList {
        members: RwSignal::new(members),
        error: RwSignal::default(),
        to_remove: RwSignal::default(),
    };
    let search = RwSignal::new(String::new());
    let keys = move || rows.keys(&search.get());
    let row = move |key: String| {
        let user = UserId(key.parse().unwrap_or_default());
        view! { <MemberRow user=user rows=rows /> }
    };
    view! {
        <section class="panel flex flex-col gap-4" id="members">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h2 class="text-lg font-semibold">{text!(i18n, settings.members)}</h2>
                <input
                    class="input h-11 w-full sm:w-64"
                    type="search"
                    aria-label=text!(i18n, settings.search)
                    placeholder=text!(i18n, settings.search)
                    on:input=on_event(move |event| search.set(event_target_value(&event)))
                />
            </div>
            <div class="empty:hidden" aria-live="polite">
                {reactive(move || {
                    rows.error
                        .get()
                        .map(|code| {
                            view! {
                                <Alert
                                    tone=Tone::Bad
                                    title=Signal::derive(move || {
                                        words::error(i18n, code)
                                    })
                                >
                                    ""
                                </Alert>
                            }
                                .into_any()
                        })
                })}
            </div>
            <ul class="flex flex-col divide-y divide-base-300">
                <Each keys=Memo::new(move |_| keys()) item=item(row) />
            </ul>
            <div>
                <PageLink href="/onboarding/team" class="btn btn-outline min-h-11">
                    {text!(i18n, home.invite)}
                </PageLink>
            </div>
        </section>
    }
}

#[component]
fn MemberRow(user: UserId, rows: MemberList) -> impl IntoView {
    let i18n = use_i18n();
    let Some(Member {
        name,
        email,
        is_you,
        ..
    }) = rows.get(user)
    else {
        return ().into_any();
    };
    let active = move || rows.get(user).is_some_and(|member| member.active);
    let key = email.clone();
    view! {
        <li class="flex flex-col gap-3 py-3" data-member=key>
            <div class="flex flex-wrap items-center gap-3">
                <div
                    class="flex min-w-40 flex-1 flex-col"
                    class:opacity-60=reactive_attr(move || !active())
                >
                    <span class="font-medium break-words">
                        {name.clone()}
                        {is_you
                            .then(|| {
                                view! {
                                    <span class="text-soft">
                                        " · " {text!(i18n, settings.you)}
                                    </span>
                                }
                                    .into_any()
                            })}
                    </span>
                    <span class="text-sm break-all text-soft">{email}</span>
                </div>
                <Show when=move || !active()>
                    <span class="fact">{text!(i18n, settings.inactive)}</span>
                </Show>
                <RoleChoice user=user name=name rows=rows />
                <Show when=move || !is_you>
                    <AccessButtons user=user rows=rows />
                </Show>
            </div>
            <Show when=move || rows.to_remove.get() == Some(user)>
                <RemovalQuestion user=user rows=rows />
            </Show>
        </li>
    }
    .into_any()
}

#[component]
fn RoleChoice(user: UserId, name: String, rows: MemberList) -> impl IntoView {
    let i18n = use_i18n();
    let role = move || rows.get(user).map_or(Role::Viewer, |member| member.role);
    let choose = move |event| {
        if let Some(role) = Role::parse(&event_target_value(&event)) {
            rows.set_role(user, role);
        }
    };
    let option = move |candidate: Role| {
        view! {
            <option
                value=candidate.as_str()
                prop:selected=reactive_attr(move || role() == candidate)
            >
                {reactive(move || words::role(i18n, candidate))}
            </option>
        }
        .into_any()
    };
    view! {
        <select
            class="select h-11 w-36"
            aria-label=text!(i18n, settings.role_of, name = name.clone())
            on:change=on_event(choose)
        >
            {Role::ALL.map(option).collect_view()}
        </select>
    }
}

/// The buttons that deactivate a member and ask for the removal.
#[component]
fn AccessButtons(user: UserId, rows: MemberList) -> impl IntoView {
    let i18n = use_i18n();
    let active = move || rows.get(user).is_some_and(|member| member.active);
    let switch = Callback::new(move |()| rows.set_active(user, !active()));
    let ask = Callback::new(move |()| rows.to_remove.set(Some(user)));
    view! {
        <Button kind=ButtonKind::Quiet on_press=switch>
            {reactive(move || {
                if active() {
                    word!(i18n, settings.deactivate)
                } else {
                    word!(i18n, settings.reactivate)
                }
            })}
        </Button>
        <Button kind=ButtonKind::Quiet on_press=ask>
            {text!(i18n, settings.delete)}
        </Button>
    }
}

/// The question before a member is removed.
#[component]
fn RemovalQuestion(user: UserId, rows: MemberList) -> impl IntoView {
    let i18n = use_i18n();
    let keep = Callback::new(move |()| rows.to_remove.set(None));
    let remove = Callback::new(move |()| rows.remove(user));
    view! {
        <Alert tone=Tone::Decide title=text!(i18n, settings.delete_title)>
            <p>{text!(i18n, settings.delete_lead)}</p>
            <div class="flex flex-wrap gap-2">
                <Button on_press=remove>{text!(i18n, settings.delete_confirm)}</Button>
                <Button kind=ButtonKind::Quiet on_press=keep>
                    {text!(i18n, common.cancel)}
                </Button>
            </div>
        </Alert>
    }
}
