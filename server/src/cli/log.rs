//! The log of the process, on standard error.

use std::io::{self, Stderr, Write};

use tracing_subscriber::EnvFilter;

/// Starts the log. `RUST_LOG` sets what is written.
pub(super) fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,alta_server=info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| OneLine(io::stderr()))
        .init();
}

/// A writer that writes each event on one line. The words of an error may come from another
/// program, and a line end in them would look like an event of ours.
struct OneLine<W = Stderr>(W);

impl<W: Write> Write for OneLine<W> {
    /// Writes an event, which the subscriber gives as a whole with its line end.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = event.strip_suffix(b"\n").unwrap_or(event);
        if text.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            let text = String::from_utf8_lossy(text);
            let line = text.replace('\n', "\\n").replace('\r', "\\r");
            writeln!(self.0, "{line}")?;
        } else {
            self.0.write_all(event)?;
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A writer whose text can be read while it is in use.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_one_line_whatever_its_words_are() {
        let written = Shared::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .without_time()
            .with_writer(move || OneLine(writer.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let error = "no\r\n INFO alta_server: all is well";
            tracing::warn!(%error, "a system could not be read");
            tracing::warn!("the next event");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].contains(r"no\r\n INFO"), "{text}");
        assert!(lines[1].ends_with("the next event"), "{text}");
    }
}
