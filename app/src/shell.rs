//! The HTML document around the app, as the server sends it.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::{ConnectPages, Desk, Wizard};

/// The addresses of the built files; each name carries a hash of the content.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The module of the desk.
    pub desk: Module,
    /// The module of the wizard.
    pub wizard: Module,
    /// The module of the pages on which systems are connected.
    pub connect: Module,
    /// The import worker's script.
    pub worker_script: String,
    /// The style sheet.
    pub style: String,
    /// The texts of each language, in the order of `Language`.
    pub texts: [String; 3],
    /// The font's Latin part.
    pub font: String,
}

/// A wasm module and the script that starts it.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The address of the script.
    pub script: String,
    /// The address of the module.
    pub wasm: String,
}

/// The part of the app that a document shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Sign-in, home, contacts, account and settings.
    Desk,
    /// Set-up and the first steps.
    Wizard,
    /// The pages on which systems are connected.
    Connect,
}

/// The script that sets the colour scheme before anything is drawn.
const THEME: &str = concat!(
    "try{const t=localStorage.getItem('theme');",
    "if(t)document.documentElement.dataset.theme=t}catch{}",
);

/// Returns the Content-Security-Policy of a page whose scripts carry this nonce.
fn content_security_policy(nonce: &str) -> String {
    [
        "default-src 'self'",
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// Returns the script that loads the module and the texts, and starts the page with them.
fn start_script(module: &Module, texts: &str) -> String {
    let Module { script, wasm } = module;
    format!(
        "import init,{{hydrate}} from '{script}';\
         const t=fetch('{texts}').then(r=>r.text());\
         init({{module_or_path:'{wasm}'}}).then(async()=>hydrate(await t))"
    )
}

/// Returns a link element that makes the browser fetch a file before the page needs it.
fn preload(href: String, kind: &'static str, mime: &'static str) -> impl IntoView {
    view! { <link rel="preload" href=href r#as=kind r#type=mime crossorigin="anonymous" /> }
}

/// Returns the whole document. It has the class `pre-hydration` until the page reacts to events.
pub fn shell(assets: Assets, part: Part) -> impl IntoView {
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) =
            http::HeaderValue::from_str(&content_security_policy(&nonce.to_string()))
    {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
    let Assets {
        desk,
        wizard,
        connect,
        worker_script,
        style,
        texts,
        font,
    } = assets;
    let (module, root) = match part {
        Part::Desk => (desk, view! { <Desk /> }.into_any()),
        Part::Wizard => (wizard, view! { <Wizard /> }.into_any()),
        Part::Connect => (connect, view! { <ConnectPages /> }.into_any()),
    };
    let own_texts = texts[crate::reader::first_language() as usize].clone();
    let start = start_script(&module, &own_texts);
    view! {
        <!DOCTYPE html>
        <html class="pre-hydration">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="alta-worker" content=worker_script />
                <meta name="alta-texts" content=texts.join(" ") />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {preload(font, "font", "font/woff2")}
                <link rel="stylesheet" href=style />
                <script nonce=nonce.clone()>{THEME}</script>
                <link rel="modulepreload" href=module.script />
                {preload(module.wasm, "fetch", "application/wasm")}
                {preload(own_texts, "fetch", "text/plain")}
                <script type="module" nonce=nonce>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>{root}</body>
        </html>
    }
}
