//! Serves the files that are embedded in the binary: scripts, wasm modules, style, font. Browsers
//! cache the files with a hash in their names for a year.

use std::collections::BTreeMap;

use alta_app::shell::{Assets, Module};
use alta_domain::Language;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

mod files {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// One embedded file, uncompressed and compressed.
struct File {
    name: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Returns the paths of the files that pages refer to. A path is empty in a binary that was built
/// without files.
#[must_use]
pub fn assets() -> Assets {
    let find = |start: &str, end: &str| {
        let named = files::FILES
            .iter()
            .find(|file| file.name.starts_with(start) && file.name.ends_with(end));
        named
            .map(|file| format!("/assets/{}", file.name))
            .unwrap_or_default()
    };
    Assets {
        app: Module {
            script: find("app-", ".js"),
            wasm: find("app-", ".wasm"),
        },
        parts: parts(),
        worker_script: find("worker-entry-", ".js"),
        style: find("style-", ".css"),
        texts: Language::ALL
            .map(|(language, _)| find(&format!("texts-{}-", language.as_str()), ".txt")),
        font: find("font-latin-", ".woff2"),
    }
}

/// Returns the paths of the modules of each part of the app, by the part's name.
fn parts() -> BTreeMap<String, Vec<String>> {
    let is_manifest = |file: &&File| {
        let is_json = std::path::Path::new(file.name).extension() == Some("json".as_ref());
        file.name.starts_with("parts-") && is_json
    };
    let manifest = files::FILES.iter().find(is_manifest);
    // The build wrote the manifest, so it can be read.
    let parts: BTreeMap<String, Vec<String>> = manifest
        .and_then(|file| serde_json::from_slice(file.bytes).ok())
        .unwrap_or_default();
    let path = |module: &String| format!("/assets/{module}.wasm");
    let paths = |modules: Vec<String>| modules.iter().map(path).collect();
    let parts = parts.into_iter();
    parts
        .map(|(name, modules)| (name, paths(modules)))
        .collect()
}

/// Responds with an embedded file whose name carries a hash.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    respond(&name, &headers, "public, max-age=31536000, immutable")
}

/// Returns the handler of a file whose name never changes.
pub(crate) fn serve_plain(
    name: &'static str,
) -> impl Fn(HeaderMap) -> std::future::Ready<Response> + Clone {
    move |headers| std::future::ready(respond(name, &headers, "public, max-age=3600"))
}

/// Responds with a file, compressed when the browser accepts compression.
fn respond(name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let Some(file) = files::FILES.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = |encoding: &str| {
        let accepted = headers
            .get(ACCEPT_ENCODING)
            .and_then(|accepted| accepted.to_str().ok())
            .unwrap_or_default();
        accepted
            .split(',')
            .any(|part| part.trim().split(';').next() == Some(encoding))
    };
    let (bytes, encoding) = match (file.brotli, file.gzip) {
        (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
        _ => (file.bytes, None),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Returns the media type of a file by the ending of its name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
