//! The browser's calls for passkeys (`WebAuthn` 3, 5.1). `web_sys` lacks the calls that take and
//! return JSON, so this module calls them by name.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Returns true when this browser has the calls. Only the browser may call this function, not the
/// server.
pub(crate) fn is_supported() -> bool {
    class()
        .and_then(|class| Reflect::get(&class, &"parseCreationOptionsFromJSON".into()))
        .is_ok_and(|call| call.is_function())
}

/// Makes a passkey. Options and answer are JSON.
///
/// # Errors
/// The browser's error, also when the user cancels.
pub(crate) async fn create(options: &str) -> Result<String, JsValue> {
    call_browser("parseCreationOptionsFromJSON", "create", options).await
}

/// Signs a challenge with a passkey. Options and answer are JSON.
///
/// # Errors
/// The browser's error.
pub(crate) async fn sign(options: &str) -> Result<String, JsValue> {
    call_browser("parseRequestOptionsFromJSON", "get", options).await
}

fn class() -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    Reflect::get(&window, &"PublicKeyCredential".into())
}

async fn call_browser(parse: &str, call: &str, options: &str) -> Result<String, JsValue> {
    let (key, class) = (JsValue::from_str("publicKey"), class()?);
    let wanted = Reflect::get(&JSON::parse(options)?, &key)?;
    let argument = Object::new();
    Reflect::set(
        &argument,
        &key,
        &function(&class, parse)?.call1(&class, &wanted)?,
    )?;
    let credentials = Reflect::get(
        &leptos::prelude::window().navigator(),
        &"credentials".into(),
    )?;
    let asked: Promise = function(&credentials, call)?
        .call1(&credentials, &argument)?
        .dyn_into()?;
    Ok(JSON::stringify(&JsFuture::from(asked).await?)?.into())
}

fn function(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}
