//! The thread that parses large answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::{io, thread};

use alta_domain::FaultKind;
use tokio::sync::oneshot;

use crate::fault::Fault;

/// A piece of work for the thread.
type Work = Box<dyn FnOnce() + Send>;

/// One thread, which does one piece of work after another. All clones share it, and it ends with
/// the last of them.
///
/// Parsing a large answer takes a processor for a second. On the threads that answer requests,
/// pages would wait meanwhile. And a thread keeps some of the memory that it once used, so that
/// many threads that parse would keep many times as much.
#[derive(Clone, Debug)]
pub(crate) struct Parser(mpsc::Sender<Work>);

impl Parser {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the machine has no further thread.
    pub(crate) fn start() -> io::Result<Self> {
        let (works, queue) = mpsc::channel::<Work>();
        let thread = thread::Builder::new().name("parser".to_owned());
        thread.spawn(move || queue.into_iter().for_each(|work| work()))?;
        Ok(Self(works))
    }

    /// Does a piece of work on the thread, and returns its result.
    ///
    /// # Errors
    /// [`FaultKind::Unexpected`] when the work panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (done, result) = oneshot::channel();
        let work = move || {
            // A panic is for whoever waits, and not for the thread. The caller may be gone.
            if let Ok(result) = catch_unwind(AssertUnwindSafe(work)) {
                let _ = done.send(result);
            }
        };
        // When the thread has ended, the work is dropped, and its caller gets the fault below.
        let _ = self.0.send(Box::new(work));
        result
            .await
            .map_err(|_| Fault::new(FaultKind::Unexpected, "a fault of ours"))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::Parser;

    #[tokio::test]
    async fn work_is_done_on_one_thread_and_goes_on_after_a_panic() {
        let parser = Parser::start().unwrap();
        let first = parser.run(|| thread::current().id()).await.ok();
        let panicked = parser.run(|| -> () { panic!("on purpose") }).await;
        assert!(panicked.is_err());
        let second = parser.clone().run(|| thread::current().id()).await.ok();
        assert!(first.is_some() && first == second);
        assert!(first != Some(thread::current().id()));
    }
}
