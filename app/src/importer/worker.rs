//! The worker's handle: starts it, sends it messages, hands its answers over.

use std::cell::RefCell;
use std::rc::Rc;

use alta_domain::worker::{FromWorker, ToWorker};
use js_sys::{Array, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

thread_local! {
    /// The worker of the file in hand. Not in a signal: the server, which has none, moves signals
    /// from thread to thread.
    static CURRENT: RefCell<Option<ImportWorker>> = const { RefCell::new(None) };
}

/// A running worker; ended when this is dropped.
pub(super) struct ImportWorker {
    worker: Worker,
    /// Messages that wait until the worker's module is there.
    waiting: Rc<RefCell<Option<Vec<JsValue>>>>,
    _listen: Closure<dyn FnMut(MessageEvent)>,
}

impl ImportWorker {
    /// Starts a worker in place of the one before.
    pub(super) fn start(hear: impl FnMut(FromWorker) + 'static) {
        let worker = Self::new(hear);
        CURRENT.with_borrow_mut(|current| *current = worker);
    }

    /// Ends the worker, and with it its memory.
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

    /// The worker's script has its address in the page's head.
    fn new(mut hear: impl FnMut(FromWorker) + 'static) -> Option<Self> {
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
                    Ok(answer) => hear(answer),
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

    /// Sends a message, and the file where one goes with it: the file itself is not copied.
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
