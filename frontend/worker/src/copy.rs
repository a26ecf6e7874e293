//! Copies of files in the browser's own file system, which no other site can read. The copy of an
//! import's file stays until the import has ended; the copy of a draft's file stays with the
//! draft's decisions.

use alta_domain::worker::Draft;
use alta_domain::{COPIES, DRAFT_PLAN, ImportId};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetDirectoryOptions, FileSystemGetFileOptions, FileSystemRemoveOptions,
    FileSystemWritableFileStream, StorageManager,
};

use crate::file::size;

/// Returns the name of a draft's file in the folder of copies.
fn draft_file(id: u64) -> String {
    format!("draft-{id}")
}

/// Stores a copy of the file for an import, in place of all other copies. `is_draft` is true when
/// the open file is itself the copy of a draft: then no other copy is removed, because the file is
/// being read from it.
pub(crate) async fn keep(file: &Blob, import: ImportId, is_draft: bool) -> Result<(), JsValue> {
    if !is_draft {
        remove_all().await?;
    }
    write(&import.to_string(), file).await
}

/// Returns the copy that was stored for an import.
pub(crate) async fn restore(import: ImportId) -> Result<File, JsValue> {
    read(&import.to_string()).await
}

/// Stores a draft. Its file is stored only when no copy of the same size exists.
pub(crate) async fn keep_draft(file: &Blob, draft: &Draft) -> Result<(), JsValue> {
    let name = draft_file(draft.id);
    let has_copy = match read(&name).await {
        Ok(copy) => size(&copy) == size(file),
        Err(_) => false,
    };
    if !has_copy {
        write(&name, file).await?;
    }
    let bytes = postcard::to_allocvec(draft).map_err(|_| JsValue::NULL)?;
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    write(DRAFT_PLAN, &Blob::new_with_u8_array_sequence(&parts)?).await
}

/// Returns the draft of an owner, with its file. When the draft in this browser is another
/// account's, removes all copies and fails.
pub(crate) async fn find_draft(owner: &str) -> Result<(Draft, File), JsValue> {
    let plan = JsFuture::from(read(DRAFT_PLAN).await?.array_buffer()).await?;
    let bytes = Uint8Array::new(&plan).to_vec();
    let draft: Draft = postcard::from_bytes(&bytes).map_err(|_| JsValue::NULL)?;
    if draft.owner != owner {
        remove_all().await?;
        return Err(JsValue::NULL);
    }
    let file = read(&draft_file(draft.id)).await?;
    Ok((draft, file))
}

async fn remove_all() -> Result<(), JsValue> {
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    let root = root().await?;
    // The first time there is nothing to remove.
    let _ = JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await;
    Ok(())
}

/// Writes a file into the folder of copies.
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

/// Reads a file from the folder of copies.
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

/// Returns the browser's own file system of this site; an error unless the page came over TLS or
/// from this machine.
async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let storage: StorageManager =
        Reflect::get(&scope.navigator(), &"storage".into())?.dyn_into()?;
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}
