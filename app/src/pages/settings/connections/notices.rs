//! The address to which a system sends its notices of changes, with the steps to enter the address
//! in the system.

use alta_domain::{ConnectionId, ErrorCode, NoticeAddress};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::systems::notice_address;
use crate::reader::use_i18n;
use crate::ui::{Button, ButtonKind, Show, reactive};
use crate::words::{self, text};

/// The button that reads the address; once it is read, the address.
#[component]
pub(super) fn Notices(id: ConnectionId) -> impl IntoView {
    let i18n = use_i18n();
    let found = RwSignal::new(None::<NoticeAddress>);
    let error = RwSignal::new(None::<ErrorCode>);
    let look = Callback::new(move |()| {
        spawn_local(async move {
            match notice_address(id).await {
                Ok(notices) => found.set(Some(notices)),
                Err(failed) => error.set(Some(failed.code)),
            }
        });
    });
    let body = move || {
        found.get().map(|NoticeAddress { address, steps }| {
            view! {
                <div class="flex flex-col gap-2" data-notices="">
                    <h3 class="font-medium">{text!(i18n, connections.notices)}</h3>
                    <p class="max-w-2xl text-sm text-soft">
                        {text!(i18n, connections.notices_lead)}
                    </p>
                    <ol class="flex max-w-2xl list-decimal flex-col gap-1 ps-5 text-sm">
                        {steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}
                    </ol>
                    <code class="break-all text-sm select-all">{address}</code>
                </div>
            }
            .into_any()
        })
    };
    view! {
        <Show when=move || found.with(Option::is_none)>
            <div>
                <Button kind=ButtonKind::Quiet on_press=look>
                    {text!(i18n, connections.notices)}
                </Button>
            </div>
        </Show>
        <p class="text-sm text-bad empty:hidden" role="alert">
            {reactive(move || error.get().map(|code| words::error(i18n, code)))}
        </p>
        {reactive(body)}
    }
}
