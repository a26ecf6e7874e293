//! A copy of the file in the browser's own file system, where no other site and no other program
//! looks, until its import has ended.

use alta_domain::{COPIES, ImportId};
use js_sys::Reflect;
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetDirectoryOptions, FileSystemGetFileOptions, FileSystemRemoveOptions,
    FileSystemWritableFileStream, StorageManager,
};

/// Keeps a copy in place of any other.
pub(crate) async fn keep(file: &Blob, import: ImportId) -> Result<(), JsValue> {
    let root = root().await?;
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    // There is nothing to remove the first time.
    let _ = JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await;
    let create = FileSystemGetDirectoryOptions::new();
    create.set_create(true);
    let folder = JsFuture::from(root.get_directory_handle_with_options(COPIES, &create)).await?;
    let folder: FileSystemDirectoryHandle = folder.dyn_into()?;
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let handle: FileSystemFileHandle =
        JsFuture::from(folder.get_file_handle_with_options(&import.to_string(), &create))
            .await?
            .dyn_into()?;
    let writable: FileSystemWritableFileStream =
        JsFuture::from(handle.create_writable()).await?.dyn_into()?;
    JsFuture::from(file.stream().pipe_to(&writable)).await?;
    Ok(())
}

/// The copy kept for an import.
pub(crate) async fn restore(import: ImportId) -> Result<File, JsValue> {
    let folder: FileSystemDirectoryHandle =
        JsFuture::from(root().await?.get_directory_handle(COPIES))
            .await?
            .dyn_into()?;
    let handle: FileSystemFileHandle = JsFuture::from(folder.get_file_handle(&import.to_string()))
        .await?
        .dyn_into()?;
    JsFuture::from(handle.get_file()).await?.dyn_into()
}

/// There is none where the page did not come over TLS or from this machine.
async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let storage: StorageManager =
        Reflect::get(&scope.navigator(), &"storage".into())?.dyn_into()?;
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}
