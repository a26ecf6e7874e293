//! Reads a file, by slices and as a stream.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamDefaultReader};

/// Returns the bytes of a file from one offset to another.
pub(crate) async fn slice(file: &Blob, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "offsets of files are exact in a double up to 2^53"
    )]
    let part: Blob = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Returns the size of a file in bytes.
pub(crate) fn size(file: &Blob) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are whole and not negative"
    )]
    let size = file.size() as u64;
    size
}

/// The file as a stream of chunks; one chunk is read before the caller asks for it.
pub(crate) struct Chunks {
    reader: ReadableStreamDefaultReader,
    ahead: Option<JsFuture>,
}

impl Chunks {
    pub(crate) fn of(file: &Blob) -> Result<Self, JsValue> {
        let reader: ReadableStreamDefaultReader = file.stream().get_reader().dyn_into()?;
        let ahead = Some(JsFuture::from(reader.read()));
        Ok(Self { reader, ahead })
    }

    /// Returns the next chunk; `None` at the end of the file.
    pub(crate) async fn next(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        let Some(ahead) = self.ahead.take() else {
            return Ok(None);
        };
        let read = ahead.await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(None);
        }
        self.ahead = Some(JsFuture::from(self.reader.read()));
        Ok(Some(Reflect::get(&read, &"value".into())?.dyn_into()?))
    }

    /// Ends the stream before the end of the file.
    pub(crate) fn cancel(&self) {
        let _ = self.reader.cancel();
    }
}
