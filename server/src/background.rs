//! The thread of work that no page waits for.

use std::io;
use std::thread;

use tokio::runtime::Builder;

/// The threads that turn answers of systems into records.
const BLOCKING_THREADS: usize = 2;

/// Runs `work` on a thread of its own, with a runtime of its own, until the process ends.
///
/// Reading a system parses answers of many megabytes. On the threads that answer requests, others
/// would wait meanwhile. And a thread keeps some of the memory that it once needed: on each of many
/// threads, that would be a multiple.
///
/// # Errors
/// When the system has no further thread.
pub(crate) fn run(work: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()?;
    let thread = thread::Builder::new().name("background".to_owned());
    thread.spawn(move || runtime.block_on(work))?;
    Ok(())
}
