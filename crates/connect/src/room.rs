//! The room in memory for large answers. What is made of a large answer takes many times its bytes.
//! So only one session at a time has a large answer, and the others wait.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alta_domain::FaultKind;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fault::Fault;
use crate::parser::Parser;

/// The size above which an answer is large: 2 MiB. A page of an ordinary list has less than 1 MiB.
pub(crate) const LARGE_BYTES: usize = 2 * 1024 * 1024;

/// The longest time that an answer waits for room. It is less than requests may take.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The room that all sessions of a client share. It holds one large answer, and has a thread for
/// what is made of it.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    places: Arc<Semaphore>,
    parser: Parser,
}

impl Room {
    /// Makes a free room, and starts its thread.
    ///
    /// # Errors
    /// When the machine has no further thread.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            places: Arc::new(Semaphore::new(1)),
            parser: Parser::start()?,
        })
    }
}

/// A place that is taken: the permit to be in the room, and the room's thread.
#[derive(Debug)]
struct Taken {
    _permit: OwnedSemaphorePermit,
    parser: Parser,
}

/// A session's place in the room, taken or not. Dropping this value frees the place.
#[derive(Debug, Default)]
pub(crate) struct Place(Mutex<Option<Taken>>);

impl Place {
    fn taken(&self) -> MutexGuard<'_, Option<Taken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the thread that works on the answer in this place; `None` when the place is not
    /// taken.
    pub(crate) fn parser(&self) -> Option<Parser> {
        self.taken().as_ref().map(|taken| taken.parser.clone())
    }

    /// Waits until the room is free, and takes the place in it. Returns at once when the place is
    /// taken already.
    ///
    /// # Errors
    /// [`FaultKind::Busy`] when others use the room for long. What was read of the answer is
    /// dropped then, and the answer is asked for again.
    pub(crate) async fn take(&self, room: &Room) -> Result<(), Fault> {
        if self.taken().is_some() {
            return Ok(());
        }
        let waiting = Arc::clone(&room.places).acquire_owned();
        let Ok(permit) = tokio::time::timeout(LONGEST_WAIT, waiting).await else {
            return Err(Fault::new(FaultKind::Busy, "").retry_in(Some(LONGEST_WAIT)));
        };
        // The semaphore is never closed.
        *self.taken() = permit.ok().map(|permit| Taken {
            _permit: permit,
            parser: room.parser.clone(),
        });
        Ok(())
    }

    /// Moves the place, if it is taken, into the value that is returned. This value is not taken
    /// afterwards.
    pub(crate) fn handed_over(&self) -> Self {
        Self(Mutex::new(self.taken().take()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::*;
    use crate::http::{Http, Limits};

    /// Starts a server that answers every request with this number of bytes, and returns its
    /// address.
    async fn answers_with(bytes: usize) -> reqwest::Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut head = [0; 1024];
                    let _ = stream.read(&mut head).await;
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
                    let _ = stream.write_all(head.as_bytes()).await;
                    let _ = stream.write_all(&vec![b' '; bytes]).await;
                });
            }
        });
        address.parse().unwrap()
    }

    #[tokio::test]
    async fn one_session_has_a_large_answer_at_a_time() {
        let http = Http::new(Limits::default()).unwrap();
        let large = answers_with(LARGE_BYTES + 1).await;
        let small = answers_with(1000).await;
        let (first, second) = (Place::default(), Place::default());
        let ask = async |url: &reqwest::Url, place: &Place| {
            let request = http.request(false, url, false).unwrap();
            let answer = http.send(request, Duration::from_mins(1), place).await;
            answer.unwrap().body.len()
        };
        assert_eq!(ask(&large, &first).await, LARGE_BYTES + 1);
        assert_eq!(
            ask(&large, &first).await,
            LARGE_BYTES + 1,
            "it has its place"
        );
        assert_eq!(
            ask(&small, &second).await,
            1000,
            "a small one waits for nobody"
        );

        let mut waiting = Box::pin(ask(&large, &second));
        let while_taken = timeout(Duration::from_millis(300), &mut waiting).await;
        assert!(while_taken.is_err(), "there is no room for two");
        drop(first.handed_over());
        assert_eq!(waiting.await, LARGE_BYTES + 1);
        drop(second);
        assert_eq!(
            ask(&large, &first).await,
            LARGE_BYTES + 1,
            "the place was left"
        );
    }
}
