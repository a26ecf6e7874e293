//! The page that the link to a new address opens.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::api::session::{ConfirmEmail, confirm_email};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink};
use crate::words::text;

/// The page with a button that confirms. The link alone does not confirm, because a mail program
/// may open it before its reader does.
#[component]
pub(crate) fn ConfirmEmailPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    let (token, done) = use_query_map().with_untracked(|query| {
        (
            query.get("token").unwrap_or_default(),
            query.get("done").is_some(),
        )
    });
    if done {
        return view! {
            <Page narrow=true>
                <PageTitle
                    title=text!(i18n, account.confirmed)
                    lead=text!(i18n, account.confirmed_lead)
                />
                <PageLink href="/" class="btn btn-primary min-h-11 self-start">
                    {text!(i18n, common.go_on)}
                </PageLink>
            </Page>
        }
        .into_any();
    }
    view! {
        <Page narrow=true>
            <PageTitle
                title=text!(i18n, account.confirm_title)
                lead=text!(i18n, account.confirm_lead)
            />
            <CallForm
                state=form
                path=ConfirmEmail::PATH
                then="/confirm-email?done=1"
                call=|data| Box::pin(confirm_email(text_of(data, "token")))
            >
                <input type="hidden" name="token" value=token />
                <FormFailure state=form />
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, account.confirm)}
                </Button>
            </CallForm>
        </Page>
    }
    .into_any()
}
