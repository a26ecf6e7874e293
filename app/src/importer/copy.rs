//! The copies of files that the browser keeps: of an import's file until the import has ended, and
//! of a draft's file.

use std::cell::Cell;
use std::time::Duration;

use alta_domain::{COPIES, DRAFT_PLAN};
use js_sys::Reflect;
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemRemoveOptions, StorageManager};

/// The largest number of times that a removal is tried.
const TRIES: usize = 20;
/// The time between two tries.
const RETRY_DELAY: Duration = Duration::from_millis(100);

thread_local! {
    /// True when the open file is read from the stored copy of a draft, so that the copy must not
    /// be removed.
    static IS_DRAFT_IN_HAND: Cell<bool> = const { Cell::new(false) };
}

/// Starts to remove every copy, and returns at once. An open copy of a draft stays until
/// [`release_draft`]; only the draft's decisions are removed, so that the draft is not offered
/// again.
pub(crate) fn spawn_copy_removal() {
    if IS_DRAFT_IN_HAND.get() {
        spawn_draft_removal();
    } else {
        spawn_local(remove_copies());
    }
}

/// Starts to remove the stored decisions of a draft; the copy of its file stays.
pub(super) fn spawn_draft_removal() {
    spawn_local(async {
        if let Ok(folder) = folder().await {
            let _ = JsFuture::from(folder.remove_entry(DRAFT_PLAN)).await;
        }
    });
}

/// Records that the open file is the copy of a draft.
pub(super) fn hold_draft() {
    IS_DRAFT_IN_HAND.set(true);
}

/// Records that the open file is no longer the copy of a draft, and removes the copy.
pub(super) fn release_draft() {
    if IS_DRAFT_IN_HAND.replace(false) {
        spawn_copy_removal();
    }
}

/// Returns true when this browser has a draft of any user.
pub(super) async fn has_draft() -> bool {
    match folder().await {
        Ok(folder) => JsFuture::from(folder.get_file_handle(DRAFT_PLAN))
            .await
            .is_ok(),
        Err(_) => false,
    }
}

/// Removes every copy, and returns when none is left, or after the last try. A caller that leaves
/// the page awaits this function, because the removal ends with the page. A page that was just
/// closed may lock its copy for a moment.
pub(crate) async fn remove_copies() {
    for _ in 0..TRIES {
        match remove_folder().await {
            Err(error) if is_locked(&error) => gloo_timers::future::sleep(RETRY_DELAY).await,
            // The folder is removed, or there was none, or the browser has no file system.
            _ => return,
        }
    }
}

/// Returns true for the error of an entry that is locked. The name is that of the
/// [file system standard](https://fs.spec.whatwg.org/#api-filesystemdirectoryhandle-removeentry).
fn is_locked(error: &JsValue) -> bool {
    Reflect::get(error, &"name".into()).is_ok_and(|name| name == "NoModificationAllowedError")
}

/// Returns the browser's own file system of this site.
async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    let storage: StorageManager =
        Reflect::get(&window().navigator(), &"storage".into())?.dyn_into()?;
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}

/// Returns the folder of the copies; an error when there is no such folder.
async fn folder() -> Result<FileSystemDirectoryHandle, JsValue> {
    JsFuture::from(root().await?.get_directory_handle(COPIES))
        .await?
        .dyn_into()
}

async fn remove_folder() -> Result<(), JsValue> {
    let root = root().await?;
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await?;
    Ok(())
}
