//! The router: files, server functions, pages, and the guard around them.

use std::sync::Arc;
use std::time::Duration;

use alta_app::api::caller::Settings;
use alta_app::api::imports::BATCH_PATH;
use alta_app::shell::{Part, shell};
use alta_app::{ConnectPages, Desk, Wizard};
use alta_store::Store;
use alta_store::account::passkeys::RelyingParty;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, generate_route_list, handle_server_fns_with_context,
};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::config::Config;
use crate::guard::{Guard, guard};
use crate::single_sign_on::SingleSignOn;
use crate::syncer::Systems;
use crate::to_the_end::to_the_end;
use crate::{assets, audit, consent, notices, rejects, single_sign_on};

/// Bytes of a request that is no batch.
const MAX_REQUEST_BYTES: usize = 512 * 1024;

/// The policy of what is no page and has none of its own: a worker may load its module, and nobody
/// frames anything.
const NO_PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";

#[derive(Clone)]
struct AppState {
    store: Store,
    options: LeptosOptions,
    single_sign_on: Option<Arc<SingleSignOn>>,
    settings: Settings,
}

impl FromRef<AppState> for Settings {
    fn from_ref(state: &AppState) -> Self {
        state.settings.clone()
    }
}

impl FromRef<AppState> for Option<Arc<SingleSignOn>> {
    fn from_ref(state: &AppState) -> Self {
        state.single_sign_on.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.store.clone()
    }
}

/// The pages of a part, from the app's own list.
fn pages_of(part: Part) -> Vec<AxumRouteListing> {
    match part {
        Part::Desk => generate_route_list(Desk),
        Part::Wizard => generate_route_list(Wizard),
        Part::Connect => generate_route_list(ConnectPages),
    }
}

/// All pages.
#[must_use]
pub fn pages() -> Vec<AxumRouteListing> {
    [Part::Desk, Part::Wizard, Part::Connect]
        .into_iter()
        .flat_map(pages_of)
        .collect()
}

/// The server functions' paths, from their own list.
#[must_use]
pub fn calls() -> Vec<&'static str> {
    server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect()
}

/// Everything the server answers; `base` is the address people see.
///
/// # Errors
/// When the settings of single sign-on are not what they should be; the message names the one.
pub fn router(
    config: &Config,
    store: Store,
    base: &str,
    systems: &Systems,
) -> anyhow::Result<Router> {
    let settings = Settings {
        limits: config.limits(),
        max_batch_bytes: config.max_batch_bytes,
        sends_mail: config.smtp_url.is_some(),
        single_sign_on: config
            .oidc_issuer
            .as_ref()
            .map(|_| config.oidc_name.clone()),
        passkeys: RelyingParty::new(base).map(Arc::new),
        catalogue: Arc::clone(&systems.catalogue),
        http: systems.http.clone(),
        base: base.to_owned(),
    };
    let context = {
        let (store, settings) = (store.clone(), settings.clone());
        move || {
            provide_context(store.clone());
            provide_context(settings.clone());
        }
    };
    let call = {
        let context = context.clone();
        move |request: Request| handle_server_fns_with_context(context.clone(), request)
    };
    let files = assets::assets();
    let page = |part| {
        let files = files.clone();
        leptos_axum::render_app_to_stream_with_context(context.clone(), move || {
            shell(files.clone(), part)
        })
    };
    let single_sign_on = SingleSignOn::new(config, base)?;
    let state = AppState {
        settings,
        single_sign_on,
        store: store.clone(),
        options: LeptosOptions::builder().output_name("alta").build(),
    };
    let guarded = Guard {
        store,
        secure: config.is_secure(),
        address_header: config.client_address_header.clone(),
    };
    let mut router = Router::new();
    for path in calls() {
        let limit = if path == BATCH_PATH {
            config.max_batch_bytes
        } else {
            MAX_REQUEST_BYTES
        };
        router = router.route(path, post(call.clone()).layer(DefaultBodyLimit::max(limit)));
    }
    let router = router
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.svg", get(assets::serve_plain("favicon.svg")))
        .route("/example.csv", get(assets::serve_plain("example.csv")))
        .route(single_sign_on::START, get(single_sign_on::start))
        .route(single_sign_on::BACK, get(single_sign_on::back))
        .route("/api/health", get(|| async { "ok" }))
        .route("/api/onboarding/rejects/{id}", get(rejects::download))
        .route("/api/team/audit.csv", get(audit::download))
        .route("/api/onboarding/connected", get(consent::back))
        .route(
            "/api/notices/{word}",
            post(notices::take).layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES)),
        )
        .leptos_routes_with_handler(pages_of(Part::Desk), page(Part::Desk))
        .leptos_routes_with_handler(pages_of(Part::Wizard), page(Part::Wizard))
        .leptos_routes_with_handler(pages_of(Part::Connect), page(Part::Connect))
        .fallback(page(Part::Desk))
        .layer(map_response(to_the_end))
        .layer(from_fn_with_state(guarded, guard))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(
            config.idle_body_seconds,
        )))
        .layer(SetResponseHeaderLayer::if_not_present(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(NO_PAGE),
        ))
        // Files say how long they keep; nothing else is kept.
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        ));
    let router = if config.is_secure() {
        router.layer(SetResponseHeaderLayer::if_not_present(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        ))
    } else {
        router
    };
    Ok(router.with_state(state))
}
