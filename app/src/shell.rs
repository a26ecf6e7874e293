//! The HTML document around the app, as the server sends it.

use std::collections::{BTreeMap, BTreeSet};

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;

/// The addresses of the built files; each name carries a hash of the content.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The main module of the app.
    pub app: Module,
    /// The modules of each part of the app, by the part's name.
    pub parts: BTreeMap<String, Vec<String>>,
    /// The import worker's script.
    pub worker_script: String,
    /// The style sheet.
    pub style: String,
    /// The addresses of the files with texts, one for each language in the order of `Language`.
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

/// Returns the parts of the app that the page at a path needs, and the parts that the browser loads
/// when it is idle, because the reader may open their pages next.
fn parts_of(path: &str) -> (&'static [&'static str], &'static [&'static str]) {
    let begins = |starts: &[&str]| starts.iter().any(|start| path.starts_with(start));
    if begins(&[
        "/onboarding/file",
        "/onboarding/columns",
        "/onboarding/import",
    ]) {
        (&["steps", "importer"], &["desk"])
    } else if begins(&["/onboarding", "/setup"]) {
        (&["steps"], &["importer"])
    } else if begins(&["/settings", "/account"]) {
        (&["settings"], &["desk"])
    } else if path == "/" || begins(&["/contacts", "/person", "/imports", "/conflicts"]) {
        (&["desk"], &["settings", "steps"])
    } else {
        (&[], &["desk"])
    }
}

/// Returns link elements for the modules of a page: it needs those of its own parts at once, and
/// the browser fetches those of the next parts when it has nothing else to do.
fn part_links(parts: &BTreeMap<String, Vec<String>>, path: &str) -> Vec<impl IntoView + use<>> {
    let modules = |names: &[&str]| -> BTreeSet<String> {
        let lists = names.iter().filter_map(|name| parts.get(*name));
        lists.flatten().cloned().collect()
    };
    let (own, next) = parts_of(path);
    let (own, next) = (modules(own), modules(next));
    let next = next.difference(&own).map(|module| ("prefetch", module));
    let all = own.iter().map(|module| ("preload", module)).chain(next);
    all.map(|(rel, module)| {
        let href = module.clone();
        view! {
            <link
                rel=rel
                href=href
                r#as="fetch"
                r#type="application/wasm"
                crossorigin="anonymous"
            />
        }
    })
    .collect()
}

/// Returns the whole document. It has the class `pre-hydration` until the page reacts to events.
pub fn shell(assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) =
            http::HeaderValue::from_str(&content_security_policy(&nonce.to_string()))
    {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
    let Assets {
        app,
        parts,
        worker_script,
        style,
        texts,
        font,
    } = assets;
    let own_texts = texts[crate::reader::first_language() as usize].clone();
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    let links = part_links(&parts, path.as_deref().unwrap_or("/"));
    let start = start_script(&app, &own_texts);
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
                <link rel="modulepreload" href=app.script />
                {preload(app.wasm, "fetch", "application/wasm")}
                {preload(own_texts, "fetch", "text/plain")}
                <script type="module" nonce=nonce>
                    {start}
                </script>
                {links}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_a_page_names_is_one_of_the_app() {
        let source = include_str!("parts.rs");
        for path in [
            "/",
            "/sign-in",
            "/settings/audit",
            "/onboarding",
            "/onboarding/file",
        ] {
            let (own, next) = parts_of(path);
            for part in own.iter().chain(next) {
                assert!(source.contains(&format!("part!({part},")), "{part}");
            }
        }
    }
}
