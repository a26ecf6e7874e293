//! The wasm module of the import worker. It runs the engine off the main thread, so the page never
//! holds the file.

mod copy;
mod file;
mod pack;
mod session;
mod sheets;

use alta_domain::worker::{FromWorker, ToWorker};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// Listens for messages of the page. A message is an array: the postcard of a [`ToWorker`], and the
/// `File` if one belongs to it.
#[wasm_bindgen(start)]
fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let Some((message, file)) = read(&event.data()) else {
            return;
        };
        wasm_bindgen_futures::spawn_local(session::handle(message, file));
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    answer(&FromWorker::Ready);
}

fn read(data: &JsValue) -> Option<(ToWorker, Option<File>)> {
    let parts: &Array = data.dyn_ref()?;
    let bytes = parts.get(0).dyn_into::<Uint8Array>().ok()?.to_vec();
    let file = Reflect::get_u32(parts, 1)
        .ok()
        .and_then(|file| file.dyn_into::<File>().ok());
    Some((postcard::from_bytes(&bytes).ok()?, file))
}

/// Sends an answer to the page; its bytes are transferred, not copied.
fn answer(message: &FromWorker) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let Ok(bytes) = postcard::to_allocvec(message) else {
        return;
    };
    let bytes = Uint8Array::from(bytes.as_slice());
    // Sending fails only when the page is gone.
    let _ = scope.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
}
