//! Calls whose arguments can't be read.

use alta_domain::Role;
use alta_server::router::calls;
use alta_store::db_test;

use crate::support::TestApp;

db_test! {
    async fn what_cannot_be_read_is_the_callers_mistake(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        let bodies = [
            ("application/x-postcard", vec![0xff_u8; 40]),
            ("application/x-postcard", Vec::new()),
            ("application/x-www-form-urlencoded", b"%%%=%ff&&".to_vec()),
            ("application/x-www-form-urlencoded", vec![0xff; 40]),
            ("text/plain", b"\0".to_vec()),
        ];
        for path in calls().into_iter().filter(|path| *path != "/api/sign_out") {
            for (kind, body) in &bodies {
                let answer = admin.calls(path, kind, body.clone()).await;
                assert_ne!(answer.status(), 500, "{path} {kind} {body:?}");
            }
        }
        for (path, kind) in [
            ("/api/team/set_role", "application/x-postcard"),
            ("/api/contacts", "application/x-postcard"),
            ("/api/onboarding/begin_import", "application/x-postcard"),
            ("/api/sign_in", "application/x-www-form-urlencoded"),
        ] {
            let answer = admin.calls(path, kind, vec![0xff_u8; 2]).await;
            assert_eq!(answer.status(), 400, "{path}");
        }
        let large = admin.tries("/api/team/set_role", "application/x-postcard",
            vec![0xff; 600_000]).await;
        assert!(large.is_err() || large.is_ok_and(|answer| answer.status() == 413));
    }
}
