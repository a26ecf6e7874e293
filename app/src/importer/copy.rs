//! The copy that the browser keeps of a file until its import has ended.

use std::time::Duration;

use alta_domain::COPIES;
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

/// Starts to remove every copy, and returns at once.
pub(crate) fn spawn_copy_removal() {
    spawn_local(remove_copies());
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

async fn remove_folder() -> Result<(), JsValue> {
    let storage: StorageManager =
        Reflect::get(&window().navigator(), &"storage".into())?.dyn_into()?;
    let root: FileSystemDirectoryHandle =
        JsFuture::from(storage.get_directory()).await?.dyn_into()?;
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await?;
    Ok(())
}
