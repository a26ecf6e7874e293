//! Compression with the browser's own `CompressionStream`.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableWritablePair, Response};

/// Returns the bytes compressed as gzip (RFC 1952).
pub(crate) async fn gzip(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let class: Function =
        Reflect::get(&js_sys::global(), &"CompressionStream".into())?.dyn_into()?;
    let stream = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
    let plain = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?.stream();
    let packed = plain.pipe_through(stream.unchecked_ref::<ReadableWritablePair>());
    let buffer =
        JsFuture::from(Response::new_with_opt_readable_stream(Some(&packed))?.array_buffer()?)
            .await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
