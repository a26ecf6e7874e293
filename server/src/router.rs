//! Builds the router: files, server functions, pages, and the guard before them.

use std::sync::Arc;
use std::time::Duration;

use alta_app::App;
use alta_app::api::caller::Settings;
use alta_app::api::failures::{GuessLimits, Limiter};
use alta_app::api::imports::BATCH_PATH;
use alta_app::shell::shell;
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

use crate::body_rate::{LeastRate, require_rate};
use crate::config::Config;
use crate::detached_body::detach_body;
use crate::guard::{Guard, Proxies, guard, is_open};
use crate::single_sign_on::SingleSignOn;
use crate::syncer::Systems;
use crate::{
    assets, audit, contacts_file, notices, oauth_callback, person_file, rejects, single_sign_on,
};

/// The largest body of a request in bytes, unless it is a batch of an import.
const MAX_REQUEST_BYTES: usize = 512 * 1024;

/// The largest body, in bytes, of a call that needs no session.
const MAX_STRANGERS_BYTES: usize = 16 * 1024;

/// The content security policy of responses that are not pages: a worker may load its wasm module,
/// and no site may frame the response.
const DEFAULT_POLICY: &str = concat!(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; ",
    "frame-ancestors 'none'"
);

/// The state of all handlers.
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

/// Returns the routes of all pages.
#[must_use]
pub fn pages() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}

/// Returns the paths of all server functions.
#[must_use]
pub fn calls() -> Vec<&'static str> {
    server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect()
}

/// Builds the router of everything that the server responds to. `base` is the address that people
/// open.
///
/// # Errors
/// When a setting of single sign-on is wrong; the message names the setting.
pub fn router(
    config: &Config,
    store: Store,
    base: &str,
    systems: &Systems,
) -> anyhow::Result<Router> {
    let settings = settings(config, base, systems);
    let guarded = Guard {
        store: store.clone(),
        secure: config.is_secure(),
        origin: origin_of(base).to_owned(),
        proxies: Proxies {
            header: config.client_address_header.clone(),
            trusted: config.trusted_proxies.clone(),
        },
    };
    let context = {
        let (store, settings) = (store.clone(), settings.clone());
        move || {
            provide_context(store.clone());
            provide_context(settings.clone());
        }
    };
    let state = AppState {
        settings,
        single_sign_on: SingleSignOn::new(config, base)?,
        store,
        options: LeptosOptions::builder().output_name("alta").build(),
    };
    let router = add_calls(Router::new(), config, context.clone());
    let router = add_pages(add_files(router), context)
        .layer(map_response(detach_body))
        .layer(from_fn_with_state(guarded, guard))
        .layer(from_fn_with_state(least_rate(config), require_rate));
    Ok(add_headers(router, config.is_secure()).with_state(state))
}

fn least_rate(config: &Config) -> LeastRate {
    LeastRate {
        rate: config.least_body_rate,
        patience: Duration::from_secs(config.idle_body_seconds),
    }
}

/// Returns the scheme, host and port of an address.
fn origin_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let path = address[host..].find('/').map(|at| host + at);
    &address[..path.unwrap_or(address.len())]
}

/// Returns the settings that pages and server functions need.
fn settings(config: &Config, base: &str, systems: &Systems) -> Settings {
    Settings {
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
        limiter: Arc::new(Limiter::new(GuessLimits {
            sign_in: config.sign_in_failures,
            network: config.network_failures,
            pause: Duration::from_millis(config.sign_in_pause_ms),
        })),
        base: base.to_owned(),
    }
}

/// Adds the server functions, each with the limit of its body.
fn add_calls(
    mut router: Router<AppState>,
    config: &Config,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Router<AppState> {
    let call = move |request: Request| handle_server_fns_with_context(context.clone(), request);
    for path in calls() {
        let limit = if path == BATCH_PATH {
            config.max_batch_bytes
        } else if is_open(path) {
            MAX_STRANGERS_BYTES
        } else {
            MAX_REQUEST_BYTES
        };
        router = router.route(path, post(call.clone()).layer(DefaultBodyLimit::max(limit)));
    }
    router
}

/// Adds the embedded files, the downloads, and the addresses that other systems call.
fn add_files(router: Router<AppState>) -> Router<AppState> {
    router
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.svg", get(assets::serve_plain("favicon.svg")))
        .route("/example.csv", get(assets::serve_plain("example.csv")))
        .route(single_sign_on::START, get(single_sign_on::start))
        .route(single_sign_on::CALLBACK, get(single_sign_on::callback))
        .route("/api/health", get(|| async { "ok" }))
        .route("/api/onboarding/rejects/{id}", get(rejects::download))
        .route("/api/person/file/{id}", get(person_file::download))
        .route("/api/person/contacts.csv", post(contacts_file::download))
        .route("/api/team/audit.csv", get(audit::download))
        .route("/api/onboarding/connected", get(oauth_callback::callback))
        .route("/api/notices/{word}", post(notices::receive))
}

/// Adds the pages. A path that no route matches gets the page for unknown paths.
fn add_pages(
    router: Router<AppState>,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Router<AppState> {
    let files = assets::assets();
    let page =
        leptos_axum::render_app_to_stream_with_context(context, move || shell(files.clone()));
    router
        .leptos_routes_with_handler(pages(), page.clone())
        .fallback(page)
}

/// Adds headers that protect browsers to all responses that do not have them.
fn add_headers(router: Router<AppState>, is_secure: bool) -> Router<AppState> {
    let router = router
        .layer(SetResponseHeaderLayer::if_not_present(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(DEFAULT_POLICY),
        ))
        // Embedded files have this header already; nothing else is cached.
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
    if is_secure {
        router.layer(SetResponseHeaderLayer::if_not_present(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        ))
    } else {
        router
    }
}
