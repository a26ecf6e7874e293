//! A copy of the file in the browser's own file system, where no other site and no other program
//! looks, until its import has ended.

use alta_domain::worker::Draft;
use alta_domain::{COPIES, ImportId};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetDirectoryOptions, FileSystemGetFileOptions, FileSystemRemoveOptions,
    FileSystemWritableFileStream, StorageManager,
};

/// The name of the draft's file among the copies, and that of what was decided about it.
const DRAFT_FILE: &str = "draft";
const DRAFT_PLAN: &str = "draft-plan";

/// Keeps a copy for an import in place of any other. The draft's file stays when it is the one in
/// hand: the import reads it.
pub(crate) async fn keep(file: &Blob, import: ImportId, is_draft: bool) -> Result<(), JsValue> {
    if !is_draft {
        let everything = FileSystemRemoveOptions::new();
        everything.set_recursive(true);
        let root = root().await?;
        // There is nothing to remove the first time.
        let _ = JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await;
    }
    write(&import.to_string(), file).await
}

/// The copy kept for an import.
pub(crate) async fn restore(import: ImportId) -> Result<File, JsValue> {
    read(&import.to_string()).await
}

/// Keeps a draft; its file only when it is not there yet.
pub(crate) async fn keep_draft(file: Option<&Blob>, draft: &Draft) -> Result<(), JsValue> {
    if let Some(file) = file {
        write(DRAFT_FILE, file).await?;
    }
    let bytes = postcard::to_allocvec(draft).map_err(|_| JsValue::NULL)?;
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    write(DRAFT_PLAN, &Blob::new_with_u8_array_sequence(&parts)?).await
}

/// Returns true when the draft's file is there.
pub(crate) async fn has_draft() -> bool {
    read(DRAFT_FILE).await.is_ok()
}

/// The draft of an owner, with its file.
pub(crate) async fn find_draft(owner: &str) -> Result<(Draft, File), JsValue> {
    let plan = JsFuture::from(read(DRAFT_PLAN).await?.array_buffer()).await?;
    let bytes = Uint8Array::new(&plan).to_vec();
    let draft: Draft = postcard::from_bytes(&bytes).map_err(|_| JsValue::NULL)?;
    if draft.owner != owner {
        return Err(JsValue::NULL);
    }
    Ok((draft, read(DRAFT_FILE).await?))
}

/// Writes a file among the copies.
async fn write(name: &str, content: &Blob) -> Result<(), JsValue> {
    let create = FileSystemGetDirectoryOptions::new();
    create.set_create(true);
    let folder = JsFuture::from(
        root()
            .await?
            .get_directory_handle_with_options(COPIES, &create),
    )
    .await?;
    let folder: FileSystemDirectoryHandle = folder.dyn_into()?;
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let handle: FileSystemFileHandle =
        JsFuture::from(folder.get_file_handle_with_options(name, &create))
            .await?
            .dyn_into()?;
    let writable: FileSystemWritableFileStream =
        JsFuture::from(handle.create_writable()).await?.dyn_into()?;
    JsFuture::from(content.stream().pipe_to(&writable)).await?;
    Ok(())
}

/// Reads a file among the copies.
async fn read(name: &str) -> Result<File, JsValue> {
    let folder: FileSystemDirectoryHandle =
        JsFuture::from(root().await?.get_directory_handle(COPIES))
            .await?
            .dyn_into()?;
    let handle: FileSystemFileHandle = JsFuture::from(folder.get_file_handle(name))
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
