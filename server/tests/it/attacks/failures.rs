//! Failures of the server itself: what the person sees, and what the log contains.

use std::io;
use std::sync::{Mutex, PoisonError};

use alta_domain::{ErrorCode, Role};
use alta_store::db_test;

use crate::support::TestApp;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// A writer that appends to the log of this test.
struct Logged;

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log() -> String {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&log).into_owned()
}

db_test! {
    async fn what_is_refused_is_in_the_log_and_secrets_are_not(database) {
        let logging = tracing_subscriber::fmt().with_ansi(false).with_writer(|| Logged);
        let _ = logging.try_init();
        let app = TestApp::serve(database).await;
        let viewer = app.signed_in(Role::Viewer).await;
        let foreign = viewer.client.post(format!("{}/api/sign_out", app.base));
        let foreign = foreign.header("origin", "https://evil.example.com");
        assert_eq!(foreign.send().await.unwrap().status(), 403);
        assert!(log().contains("a request from another site was refused path=\"/api/sign_out\""));
        assert_eq!(viewer.opens("/settings/audit").await.status(), 403);
        assert!(log().contains("a request was refused to this profile path=\"/settings/audit\""));
        let visitor = app.visitor();
        for _ in 0..200 {
            visitor.opens("/reset?token=guessed-by-nobody").await;
        }
        assert!(!log().contains("guessed-by-nobody"));
    }

    async fn a_failure_has_a_number_that_the_person_and_the_log_see(database) {
        let logging = tracing_subscriber::fmt().with_ansi(false).with_writer(|| Logged);
        let _ = logging.try_init();
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        database.run("DROP TABLE recovery_code").await;

        let (status, code) = admin
            .asks::<alta_domain::SecondFactor>("/api/account/second_factor", &())
            .await
            .unwrap_err();
        let ErrorCode::Internal(incident) = code else {
            panic!("{status} {code:?}");
        };
        assert_eq!(status, 500);
        let line = format!("incident={incident}");
        assert!(!incident.is_none() && log().contains(&line), "{line}");

        let page = admin.opens("/account").await.text().await.unwrap();
        let shown = log()
            .split("incident=")
            .skip(1)
            .any(|after| page.contains(after.get(..8).unwrap()));
        assert!(shown, "the page shows the number of its own failure");
        assert!(!page.contains("does not exist") && !page.contains("no such table"));
    }
}
