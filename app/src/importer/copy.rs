//! The copy that the browser keeps of a file until its import has ended.

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

/// Removes every copy.
pub(crate) fn forget_copies() {
    spawn_local(async {
        // There may be none, and browsers without a place for one.
        let _ = remove().await;
    });
}

async fn remove() -> Result<(), JsValue> {
    let storage: StorageManager = Reflect::get(&window().navigator(), &"storage".into())?.dyn_into()?;
    let root: FileSystemDirectoryHandle = JsFuture::from(storage.get_directory()).await?.dyn_into()?;
    let everything = FileSystemRemoveOptions::new();
    everything.set_recursive(true);
    JsFuture::from(root.remove_entry_with_options(COPIES, &everything)).await?;
    Ok(())
}

impl ImportSession {
    /// Asks whether the file of the import that was cut off is still here.
    pub(crate) fn look_for_copy(self) {
        if let Some(import) = self.unfinished.with_value(|unfinished| unfinished.as_ref().map(|unfinished| unfinished.import)) {
            ImportWorker::start(move |answer| self.hear(answer));
            self.tell(&ToWorker::Restore(import), None);
        }
    }

    /// Goes on with the copy, under the plan that the import began with.
    pub(crate) fn go_on_with_copy(self) {
        let (Some(unfinished), Some(bytes)) = (self.unfinished.get_value(), self.copy.get_untracked()) else { return };
        let plan = unfinished.plan;
        self.file.set(Some(FileInfo { name: unfinished.file_name, bytes }));
        self.list.set(plan.list);
        self.policy.set(plan.policy);
        self.exceptions.set(plan.exceptions);
        self.consent.set(plan.consent);
        let shape = plan.mapping.shape;
        self.choice.set(ShapeChoice { encoding: Some(shape.encoding), delimiter: shape.delimiter, ..ShapeChoice::default() });
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
