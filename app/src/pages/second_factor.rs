//! The page that asks for a code of the second factor after the password.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::session::{GiveCode, give_code};
use crate::frame::{CallForm, FormFailure, FormState, Page, PageTitle, text_of};
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, PageLink, TextField};
use crate::words::text;

/// The page that asks for a code of the authenticator app or a recovery code. The form also works
/// before the page's module is loaded.
#[component]
pub(crate) fn SecondFactorPage() -> impl IntoView {
    let i18n = use_i18n();
    let form = FormState::new();
    view! {
        <Page narrow=true>
            <PageTitle title=text!(i18n, factor.page_title) lead=text!(i18n, factor.page_lead) />
            <CallForm
                state=form
                path=GiveCode::PATH
                then="/"
                call=|data| Box::pin(give_code(text_of(data, "code")))
            >
                <TextField
                    name="code"
                    autocomplete="one-time-code"
                    maxlength=20
                    label=text!(i18n, factor.code)
                    help=text!(i18n, factor.lost)
                />
                <FormFailure state=form />
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>
                    {text!(i18n, signin.submit)}
                </Button>
                <PageLink href="/sign-in" class="link flex min-h-11 items-center">
                    {text!(i18n, factor.other_account)}
                </PageLink>
            </CallForm>
        </Page>
    }
}
