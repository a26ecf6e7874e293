//! Data that a page reads once, when it is opened. While the server renders the page, it writes the
//! answer into the document; the browser takes it from there. A page that is opened without a new
//! document asks the server.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use alta_domain::{ErrorCode, Incident};
use codee::binary::PostcardCodec;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::AppError;

/// The answer of a server function, as a resource of bytes. All answers share one type of resource,
/// so that the module contains its code once, not once for each answer's type.
pub struct Read<T> {
    bytes: Resource<Vec<u8>, PostcardCodec>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Read<T> {}

impl<T: DeserializeOwned> Read<T> {
    /// Waits for the answer.
    ///
    /// # Errors
    /// The error of the server function.
    pub async fn answer(self) -> Result<T, AppError> {
        postcard::from_bytes(&self.bytes.await)
            .unwrap_or(Err(ErrorCode::Internal(Incident::default()).into()))
    }
}

/// Reads a server function's answer for a page: on the server by calling it, in the browser from
/// the document or, without one, by a call.
pub fn read<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Read<T>
where
    T: Serialize,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    type Bytes = Pin<Box<dyn Future<Output = Vec<u8>> + Send>>;
    let fetch: Box<dyn Fn(()) -> Bytes + Send + Sync> = Box::new(move |()| {
        let answer = fetch();
        Box::pin(async move { postcard::to_stdvec(&answer.await).unwrap_or_default() })
    });
    Read {
        bytes: Resource::new_with_options(|| (), fetch, true),
        answer: PhantomData,
    }
}
