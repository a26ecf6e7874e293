//! The copies that the browser keeps of files: of an import until it has ended, and of a draft.

use std::cell::Cell;
use std::time::Duration;

use alta_domain::{COPIES, DRAFT_PLAN};
use js_sys::Reflect;
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemRemoveOptions, StorageManager};

/// The number of times that a removal is tried.
const TRIES: usize = 20;
/// The time between two tries.
const RETRY_DELAY: Duration = Duration::from_millis(100);

thread_local! {
    /// The file in hand is the copy of a draft: its removal would take the file away.
    static IS_DRAFT_IN_HAND: Cell<bool> = const { Cell::new(false) };
}

/// Starts to remove every copy, and returns at once. The copy in hand stays until
/// [`release_draft`]; its decisions go, so that it is not offered again.
pub(crate) fn spawn_copy_removal() {
    if IS_DRAFT_IN_HAND.get() {
        spawn_draft_removal();
    } else {
        spawn_local(remove_copies());
    }
}

/// Starts to remove the decisions of a draft.
pub(super) fn spawn_draft_removal() {
    spawn_local(async {
        if let Ok(folder) = folder().await {
            let _ = JsFuture::from(folder.remove_entry(DRAFT_PLAN)).await;
        }
    });
}

/// Notes that the file in hand is the copy of a draft.
pub(super) fn hold_draft() {
    IS_DRAFT_IN_HAND.set(true);
}

/// Notes that no draft is in hand any more, and removes its copy.
pub(super) fn release_draft() {
    if IS_DRAFT_IN_HAND.replace(false) {
        spawn_copy_removal();
    }
}

/// Returns true when this browser has a draft, whoever made it.
pub(super) async fn has_draft() -> bool {
    match folder().await {
        Ok(folder) => JsFuture::from(folder.get_file_handle(DRAFT_PLAN))
            .await
            .is_ok(),
        Err(_) => false,
    }
}

/// Removes every copy, and returns when none is left. A caller that leaves the page awaits it: the
/// removal would end with the page. A page that was just closed may lock its copy for a moment.
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

/// The browser's own file system of this site.
async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    let storage: StorageManager =
        Reflect::get(&window().navigator(), &"storage".into())?.dyn_into()?;
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}

/// The folder of the copies; an error where there is none.
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
