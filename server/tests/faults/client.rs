//! A client that imports as the page does, and also does what a page must never do: it sends
//! batches twice, out of order, or cut elsewhere.

use std::time::Duration;

use alta_domain::{Batch, Begun, ImportId, ImportLedger, ImportSummary};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files::File;
use crate::servers::{EMAIL, PASSWORD};

pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    random: StdRng,
}

impl Client {
    /// Makes a client of a server that is not signed in.
    pub(crate) fn new(base: &str, seed: u64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .timeout(Duration::from_secs(20));
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: base.to_owned(),
            random: StdRng::seed_from_u64(seed),
        }
    }

    /// Makes a client that is signed in as the Admin.
    pub(crate) async fn signed_in(base: &str, seed: u64) -> Self {
        Self::signed_in_as(base, EMAIL, seed).await
    }

    pub(crate) async fn signed_in_as(base: &str, email: &str, seed: u64) -> Self {
        let client = Self::new(base, seed);
        while !client.signs_in(email).await {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        client
    }

    /// Signs in. Returns false when the server was not reached, or refused.
    pub(crate) async fn signs_in(&self, email: &str) -> bool {
        let form = [("email", email), ("password", PASSWORD)];
        let request = self.http.post(format!("{}/api/sign_in", self.base));
        let answer = request.form(&form).send().await;
        answer.is_ok_and(|answer| answer.cookies().next().is_some())
    }

    /// Opens a page. Returns false when it was not given whole.
    pub(crate) async fn opens(&self, path: &str) -> bool {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await;
        let Ok(answer) = answer else { return false };
        let is_right = answer.status().is_success();
        is_right
            && answer
                .text()
                .await
                .is_ok_and(|text| text.contains("</html>"))
    }

    /// Calls a server function of the first steps; `None` when the server was not reached, or
    /// refused.
    async fn calls<T: DeserializeOwned>(
        &self,
        function: &str,
        arguments: &impl Serialize,
    ) -> Option<T> {
        self.asks(&format!("onboarding/{function}"), arguments)
            .await
    }

    /// Calls a server function by its path; `None` when the server was not reached, or refused.
    pub(crate) async fn asks<T: DeserializeOwned>(
        &self,
        path: &str,
        arguments: &impl Serialize,
    ) -> Option<T> {
        let body = postcard::to_allocvec(arguments).unwrap();
        let request = self
            .http
            .post(format!("{}/api/{path}", self.base))
            .header(CONTENT_TYPE, "application/x-postcard");
        let answer = request
            .body(body)
            .send()
            .await
            .ok()
            .filter(|answer| answer.status().is_success())?;
        postcard::from_bytes(&answer.bytes().await.ok()?).ok()
    }

    pub(crate) async fn begins(&self, file: &File) -> Option<Begun> {
        self.calls(
            "begin_import",
            &(
                file.plan(),
                file.name,
                u64::from(file.records()),
                7_u64,
                file.records(),
            ),
        )
        .await
    }

    pub(crate) async fn sends(
        &self,
        import: ImportId,
        sequence: u32,
        batch: &Batch,
    ) -> Option<ImportLedger> {
        let bytes = postcard::to_allocvec(batch).unwrap();
        let answer: Option<(ImportLedger, u32)> = self
            .calls(
                "send_batch",
                &(import, sequence, serde_bytes::Bytes::new(&bytes), false),
            )
            .await;
        answer.map(|(ledger, _)| ledger)
    }

    /// Sends batches until one is refused; returns the number of records that were imported.
    pub(crate) async fn refused(&self, file: &File) -> u32 {
        let begun = self.begins(file).await.unwrap();
        let mut records_before = begun.records;
        for sequence in begun.sequence.. {
            let batch = file.batch(records_before, 100);
            assert!(!batch.rows.is_empty(), "the whole file went in");
            let Some(ledger) = self.sends(begun.import, sequence, &batch).await else {
                break;
            };
            records_before = ledger.records;
        }
        records_before
    }

    /// Imports a whole file, and begins again whenever something fails, each time with batches of
    /// another size.
    pub(crate) async fn imports(&mut self, file: &File, pause: Duration) -> ImportLedger {
        loop {
            let Some(begun) = self.begins(file).await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            if let Some(import) = self.feeds(file, begun, pause).await {
                return self.finishes(import).await;
            }
        }
    }

    async fn feeds(&mut self, file: &File, begun: Begun, pause: Duration) -> Option<ImportId> {
        let rows = self.random.random_range(20..80);
        let (mut sequence, mut records_before) = (begun.sequence, begun.records);
        while records_before < file.records() {
            let batch = file.batch(records_before, rows);
            let next = file.batch(records_before + rows, rows);
            // As a rule such a batch is refused, but a request that was cut off may still arrive
            // and make room for it. Only the resulting base counts.
            match self.random.random_range(0..10) {
                // The next batch is sent before this one.
                0 if !next.rows.is_empty() => {
                    let _ = tokio::join!(
                        self.sends(begun.import, sequence + 1, &next),
                        self.sends(begun.import, sequence, &batch)
                    );
                }
                // The batch is cut elsewhere.
                1 if records_before > 0 => drop(
                    self.sends(
                        begun.import,
                        sequence,
                        &file.batch(records_before - 1, rows),
                    )
                    .await,
                ),
                // The same batch is sent twice at once.
                2 => drop(tokio::join!(
                    self.sends(begun.import, sequence, &batch),
                    self.sends(begun.import, sequence, &batch)
                )),
                _ => {}
            }
            self.sends(begun.import, sequence, &batch).await?;
            if self.random.random_range(0..10) == 0 {
                self.sends(begun.import, sequence, &batch).await?;
            }
            sequence += 1;
            records_before += u32::try_from(batch.rows.len()).unwrap();
            tokio::time::sleep(pause).await;
        }
        Some(begun.import)
    }

    /// Ends an import, and tries until it is ended.
    pub(crate) async fn finishes(&self, import: ImportId) -> ImportLedger {
        loop {
            if let Some(summary) = self
                .calls::<ImportSummary>("finish_import", &(import,))
                .await
            {
                return summary.ledger;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
