//! What the browser does with passkeys (`WebAuthn` 3, 5.1): `web_sys` does not know the calls that
//! take and give JSON.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether this browser can. On the server it is not asked.
pub(crate) fn is_supported() -> bool {
    class()
        .and_then(|class| Reflect::get(&class, &"parseCreationOptionsFromJSON".into()))
        .is_ok_and(|call| call.is_function())
}

/// Makes a passkey by these options; the answer is JSON too.
///
/// # Errors
/// What the browser says: its owner may have pressed Cancel.
pub(crate) async fn create(options: &str) -> Result<String, JsValue> {
    ask("parseCreationOptionsFromJSON", "create", options).await
}

/// Lets a passkey sign.
///
/// # Errors
/// What the browser says.
pub(crate) async fn sign(options: &str) -> Result<String, JsValue> {
    ask("parseRequestOptionsFromJSON", "get", options).await
}

fn class() -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    Reflect::get(&window, &"PublicKeyCredential".into())
}

async fn ask(parse: &str, call: &str, options: &str) -> Result<String, JsValue> {
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
