//! The handle of the worker that reads the file: starts it, sends it messages, passes on its
//! answers.

use std::cell::RefCell;
use std::rc::Rc;

use alta_domain::worker::{FromWorker, ToWorker};
use js_sys::{Array, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

thread_local! {
    /// The worker of the open file; `None` when no worker runs. The worker is not in a signal,
    /// because the server, which has no worker, moves signals from thread to thread.
    static CURRENT: RefCell<Option<ImportWorker>> = const { RefCell::new(None) };
}

/// A running worker. Dropping it ends the worker.
pub(super) struct ImportWorker {
    worker: Worker,
    /// The messages that wait until the worker's module is loaded; `None` once it is loaded.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    _listen: Closure<dyn FnMut(MessageEvent)>,
}

impl ImportWorker {
    /// Starts a worker in place of the worker before; `receive` is called with its answers.
    pub(super) fn start(receive: impl FnMut(FromWorker) + 'static) {
        let worker = Self::new(receive);
        CURRENT.with_borrow_mut(|current| *current = worker);
    }

    /// Ends the worker, which frees its memory.
    pub(super) fn end() {
        CURRENT.with_borrow_mut(|current| *current = None);
    }

    /// Sends a message to the worker, if there is one.
    pub(super) fn send(message: &ToWorker, file: Option<&File>) {
        CURRENT.with_borrow(|current| {
            if let Some(worker) = current {
                worker.post(message, file);
            }
        });
    }

    /// Starts a worker; the page's head has the address of its script. Returns `None` when the
    /// browser refuses.
    fn new(mut receive: impl FnMut(FromWorker) + 'static) -> Option<Self> {
        let address = document()
            .query_selector("meta[name=alta-worker]")
            .ok()??
            .get_attribute("content")?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&address, &options).ok()?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let listen = {
            let (worker, waiting) = (worker.clone(), Rc::clone(&waiting));
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let Ok(bytes) = event.data().dyn_into::<Uint8Array>() else {
                    return;
                };
                match postcard::from_bytes(&bytes.to_vec()) {
                    Ok(FromWorker::Ready) => {
                        for message in waiting.borrow_mut().take().unwrap_or_default() {
                            let _ = worker.post_message(&message);
                        }
                    }
                    Ok(answer) => receive(answer),
                    Err(_) => {}
                }
            })
        };
        worker.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            waiting,
            _listen: listen,
        })
    }

    /// Sends a message, and with it the file if there is one. The file's bytes are not copied.
    fn post(&self, message: &ToWorker, file: Option<&File>) {
        let Ok(bytes) = postcard::to_allocvec(message) else {
            return;
        };
        let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
        if let Some(file) = file {
            parts.push(file);
        }
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(parts.into()),
            None => {
                let _ = self.worker.post_message(&parts);
            }
        }
    }
}

impl Drop for ImportWorker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
