//! The page that the link of an invitation opens. It asks for a name and a new password, or for the
//! password of the existing account.

use alta_domain::{ErrorCode, InvitationOffer};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::api::team::{AcceptInvitation, accept_invitation, invitation_offer};
use crate::api::{AppError, read};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, Skeleton, TextField, later, reactive};
use crate::words::{self, text};

/// The form of the invitation, or the reason why its link does not work.
#[component]
pub(crate) fn InvitationPage() -> impl IntoView {
    let token = use_query_map()
        .with_untracked(|query| query.get("token"))
        .unwrap_or_default();
    let offer = read({
        let token = token.clone();
        move || invitation_offer(token.clone())
    });
    view! {
        <Page narrow=true>
            <Suspense fallback=|| {
                view! { <Skeleton lines=5 /> }
            }>
                {reactive(move || {
                    let token = token.clone();
                    later(async move { content(token, offer.answer().await) })
                })}
            </Suspense>
        </Page>
    }
}

fn content(token: String, offer: Result<InvitationOffer, AppError>) -> AnyView {
    match offer {
        Ok(offer) => view! { <AcceptForm token=token offer=offer /> }.into_any(),
        Err(error) => view! { <BadLink code=error.code /> }.into_any(),
    }
}

#[component]
fn BadLink(code: ErrorCode) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle
            title=text!(i18n, invitation.bad_title)
            lead=Signal::derive(move || words::error(i18n, code))
        />
        <div>
            <PageLink href="/sign-in" class="btn btn-outline min-h-11">
                {text!(i18n, signin.submit)}
            </PageLink>
        </div>
    }
}

#[component]
fn AcceptForm(token: String, offer: InvitationOffer) -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let InvitationOffer {
        organization,
        email,
        has_account,
        ..
    } = offer;
    let lead = Signal::derive(move || {
        if has_account {
            words::word!(i18n, invitation.lead_account, email = email.clone())
        } else {
            words::word!(i18n, invitation.lead, email = email.clone())
        }
    });
    view! {
        <PageTitle
            title=text!(i18n, invitation.title, organization = organization.clone())
            lead=lead
        />
        <CallForm
            state=form
            path=AcceptInvitation::PATH
            then="/"
            call=|data| Box::pin(
                accept_invitation(
                    text_of(data, "token"),
                    text_of(data, "name"),
                    text_of(data, "password"),
                ),
            )
        >
            <input type="hidden" name="token" value=token />
            {(!has_account)
                .then(|| {
                    view! {
                        <TextField
                            name="name"
                            autocomplete="name"
                            maxlength=120
                            label=text!(i18n, setup.name)
                        />
                    }
                        .into_any()
                })}
            {has_account.then(|| view! { <input type="hidden" name="name" value="" /> }.into_any())}
            <TextField
                name="password"
                kind="password"
                autocomplete=if has_account { "current-password" } else { "new-password" }
                label=text!(i18n, signin.password)
                help=text!(i18n, setup.password_help)
            />
            <FormFailure state=form />
            <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                {text!(i18n, invitation.submit)}
            </Button>
        </CallForm>
    }
}
