//! The copy that the browser keeps of a file until its import has ended.

use std::time::Duration;

use alta_domain::worker::ToWorker;
use alta_domain::{COPIES, ShapeChoice};
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemRemoveOptions, StorageManager};

use super::session::{FileInfo, ImportSession};
use super::worker::ImportWorker;

/// How often a removal is tried again, and how long after the last try.
const TRIES: usize = 20;
const BETWEEN: Duration = Duration::from_millis(100);

/// Removes every copy.
pub(crate) fn forget_copies() {
    spawn_local(copies_forgotten());
}

/// Returns when there is no copy any more, for who leaves the page next: with the page, the removal
/// would end. A page that was just closed may still hold its copy for a moment.
pub(crate) async fn copies_forgotten() {
    for _ in 0..TRIES {
        match remove().await {
            Err(error) if is_held(&error) => gloo_timers::future::sleep(BETWEEN).await,
            // Gone; there was none; or a browser without a place for one.
            _ => return,
        }
    }
}

/// The [file system standard](https://fs.spec.whatwg.org/#api-filesystemdirectoryhandle-removeentry)'s name for an entry that is locked.
fn is_held(error: &JsValue) -> bool {
    Reflect::get(error, &"name".into()).is_ok_and(|name| name == "NoModificationAllowedError")
}

async fn remove() -> Result<(), JsValue> {
    let storage: StorageManager =
        Reflect::get(&window().navigator(), &"storage".into())?.dyn_into()?;
    let root: FileSystemDirectoryHandle =
        JsFuture::from(storage.get_directory()).await?.dyn_into()?;
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await?;
    Ok(())
}

impl ImportSession {
    /// Asks whether the file of the import that was cut off is still here.
    pub(crate) fn look_for_copy(self) {
        if let Some(import) = self
            .unfinished
            .with_value(|unfinished| unfinished.as_ref().map(|unfinished| unfinished.import))
        {
            ImportWorker::start(move |answer| self.hear(answer));
            self.tell(&ToWorker::Restore(import), None);
        }
    }

    /// Goes on with the copy, under the plan that the import began with.
    pub(crate) fn go_on_with_copy(self) {
        let (Some(unfinished), Some(bytes)) =
            (self.unfinished.get_value(), self.copy.get_untracked())
        else {
            return;
        };
        let plan = unfinished.plan;
        self.file.set(Some(FileInfo {
            name: unfinished.file_name,
            bytes,
        }));
        self.list.set(plan.list);
        self.policy.set(plan.policy);
        self.exceptions.set(plan.exceptions);
        self.consent.set(plan.consent);
        let shape = plan.mapping.shape;
        self.choice.set(ShapeChoice {
            encoding: Some(shape.encoding),
            delimiter: shape.delimiter,
            ..ShapeChoice::default()
        });
        self.resuming.set(Some(plan.mapping));
        self.copy.set(None);
        self.tell(&self.open_message(), None);
    }

    /// Removes the copy; the import can still go on with the file itself.
    pub(crate) fn forget_copy(self) {
        self.copy.set(None);
        forget_copies();
    }
}
