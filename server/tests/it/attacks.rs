//! The attempts of somebody who means harm.

mod failures;
mod guesses;
mod malformed;
mod paths;
mod slow;
mod without_id;

use alta_domain::{
    Account, BuiltInField, Channel, ColumnPlan, ConnectionId, ContactId, Country, EditId,
    ExistingPolicy, FieldId, FieldKind, FieldTarget, FileShape, ImportId, ImportPlan, InvitationId,
    Language, LedgerPlace, LegalBasis, ListId, ListTarget, Mapping, NewOrganization, ProblemCode,
    Role, Team, UserId, ValueEdit,
};
use alta_server::config::Config;
use alta_server::router::calls;
use alta_server::syncer::Systems;
use alta_store::access::Admin;
use alta_store::account::sessions;
use alta_store::testing::{TestDatabase, another_organization};
use alta_store::{db_test, systems};
use reqwest::header::{ACCEPT, LOCATION, REFERER, SET_COOKIE, STRICT_TRANSPORT_SECURITY};

use self::without_id::WITHOUT_ID;
use crate::support::{PASSWORD, TestApp, Visitor, bytes};

fn plan(targets: &[FieldTarget], list: ListTarget) -> ImportPlan {
    let column = |(target, index): (&FieldTarget, u32)| ColumnPlan {
        index,
        header: "x".into(),
        target: Some(*target),
        date_order: None,
    };
    let columns = targets.iter().zip(0..).map(column).collect();
    let mapping = Mapping {
        shape: FileShape::default(),
        country: Country::BRAZIL,
        year: 2026,
        columns,
        fixes: Vec::new(),
        correction: None,
    };
    ImportPlan::new(mapping, list, ExistingPolicy::Update)
}

/// The ids of what one organization has.
struct Possessions {
    import: ImportId,
    list: ListId,
    field: FieldId,
    invitation: InvitationId,
    member: UserId,
    connection: ConnectionId,
    contact: ContactId,
}

/// Connects Omie to the organization of an Admin.
async fn connect_omie(database: &TestDatabase, admin: &Admin) -> ConnectionId {
    let account = Account {
        id: None,
        name: "Acme".into(),
    };
    systems::connect(&database.store, admin, "omie", &account, b"{}")
        .await
        .unwrap()
}

/// Returns a batch of an import with one contact.
fn batch_of_one_row() -> alta_domain::Batch {
    let row = alta_domain::RowInput {
        record: 1,
        line: 2,
        cells: vec!["11987654321".into()],
        rejected: None,
        left_out: Vec::new(),
        same_as: None,
        identity: None,
        corrects: None,
    };
    alta_domain::Batch {
        rows: vec![row],
        dropped: Vec::new(),
        records_before: 0,
    }
}

/// Creates one thing of each kind for Acme.
async fn possessions(database: &TestDatabase, admin: &Visitor) -> Possessions {
    let phone = FieldTarget::BuiltIn(BuiltInField::Phone);
    let wanted = plan(&[phone], ListTarget::New("Clientes".into()));
    let begun: alta_domain::Begun = admin
        .asks(
            "/api/onboarding/begin_import",
            &(wanted, "a.csv", 1_u64, 7_u64, 1_u32),
        )
        .await
        .unwrap();
    let new = alta_domain::NewField {
        name: "Talla".into(),
        kind: FieldKind::Text,
    };
    let field: alta_domain::Field = admin
        .asks("/api/onboarding/create_field", &(new,))
        .await
        .unwrap();
    let invited: Vec<alta_domain::InvitationResult> = admin
        .asks("/api/onboarding/invite", &(vec!["bia@example.com"],))
        .await
        .unwrap();
    assert_eq!(invited.len(), 1);
    let team: Team = admin.asks("/api/team/read", &()).await.unwrap();
    let (_, lists): (Vec<alta_domain::Field>, Vec<alta_domain::ListSummary>) =
        admin.asks("/api/onboarding/targets", &()).await.unwrap();
    let member = team
        .members
        .iter()
        .find(|member| member.role == Role::Viewer)
        .unwrap()
        .user;
    let operator = sessions::operator(&database.store, "acme").await.unwrap();
    let connection = connect_omie(database, &operator).await;
    alta_store::imports::receive(
        &database.store,
        &operator,
        begun.import,
        0,
        batch_of_one_row(),
    )
    .await
    .unwrap();
    let contacts: Vec<alta_domain::ContactEntry> = admin
        .asks("/api/contacts", &(false, "", None::<ContactId>))
        .await
        .unwrap();
    let contact = contacts[0].id;
    Possessions {
        import: begun.import,
        list: lists[0].id,
        field: field.id,
        invitation: team.invitations[0].id,
        member,
        connection,
        contact,
    }
}

db_test! {
    async fn ids_of_another_organization_open_nothing(database) {
        let app = TestApp::serve(database).await;
        let acme = app.signed_in(Role::Admin).await;
        let own = possessions(database, &acme).await;
        another_organization(&database.store, other()).await;
        let stranger = app.visitor();
        assert_eq!(stranger.signs_in("eva@example.com", PASSWORD).await.status(), 200);
        let phone = FieldTarget::BuiltIn(BuiltInField::Phone);
        let custom = FieldTarget::Custom { id: own.field, kind: FieldKind::Text };
        let tried = |path: &'static str, arguments: Vec<u8>| (path, arguments);
        let (import, member, invitation) = (own.import, own.member, own.invitation);
        let guesses = [
            tried("/api/onboarding/send_batch",
                bytes(&(import, 0_u32,
                        serde_bytes::Bytes::new(&bytes(&alta_domain::Batch::default())), false))),
            tried("/api/onboarding/finish_import", bytes(&(import,))),
            tried("/api/onboarding/stop_import", bytes(&(import,))),
            tried("/api/onboarding/undo_preview", bytes(&(import,))),
            tried("/api/onboarding/undo_import", bytes(&(import,))),
            tried("/api/onboarding/conflicts", bytes(&(import, 0_u32))),
            tried("/api/onboarding/resolve_conflict", bytes(&(import, 1_u32, ContactId(1)))),
            tried("/api/onboarding/begin_import",
                bytes(&(plan(&[phone], ListTarget::Existing(own.list)), "b.csv", 1_u64, 8_u64,
                        1_u32))),
            tried("/api/onboarding/begin_import",
                bytes(&(plan(&[phone, custom], ListTarget::None), "b.csv", 1_u64, 9_u64, 1_u32))),
            tried("/api/team/set_role", bytes(&(member, Role::Admin))),
            tried("/api/team/set_active", bytes(&(member, false))),
            tried("/api/team/remove", bytes(&(member,))),
            tried("/api/onboarding/revoke_invitation", bytes(&(invitation,))),
            tried("/api/team/resend", bytes(&(invitation,))),
            tried("/api/team/link", bytes(&(invitation,))),
            tried("/api/account/end_session", bytes(&("somebody-elses",))),
            tried("/api/onboarding/connect",
                bytes(&("omie", vec![("app_key", "1"), ("app_secret", "2")],
                        Some(own.connection)))),
            tried("/api/onboarding/connection", bytes(&(own.connection,))),
            tried("/api/onboarding/connection_runs", bytes(&(own.connection,))),
            tried("/api/onboarding/notice_address", bytes(&(own.connection,))),
            tried("/api/onboarding/sync_now", bytes(&(own.connection,))),
            tried("/api/onboarding/pause_connection", bytes(&(own.connection, true))),
            tried("/api/onboarding/disconnect", bytes(&(own.connection, true))),
            tried("/api/contact", bytes(&(own.contact,))),
            tried("/api/person/data", bytes(&(own.contact,))),
            tried("/api/person/erase", bytes(&(own.contact,))),
            tried("/api/note_permission",
                bytes(&(own.contact, Channel::Email, None::<LegalBasis>, ""))),
            tried("/api/add_contact", bytes(&(vec![(custom, "x"), (phone, "51999990009")],))),
            tried("/api/bin_contact", bytes(&(own.contact, true))),
            tried("/api/edit_contact", bytes(&(ValueEdit { contact: own.contact, target: phone,
                    old: None, new: Some("51999990009".into()) },))),
            tried("/api/make_first", bytes(&(own.contact, BuiltInField::Phone, "x"))),
            tried("/api/take_back_edit", bytes(&(own.contact, EditId(1)))),
            tried("/api/import", bytes(&(import,))),
            tried("/api/import_rows",
                bytes(&(import, LedgerPlace::New, None::<ProblemCode>, None::<i64>))),
            tried("/api/import_rows",
                bytes(&(import, LedgerPlace::Rejected, None::<ProblemCode>, None::<i64>))),
            tried("/api/onboarding/import_nobodys", bytes(&(import,))),
            tried("/api/onboarding/import_again", bytes(&(import,))),
            tried("/api/account/remove_passkey", bytes(&("somebody-elses", PASSWORD))),
        ];
        for (path, arguments) in &guesses {
            let status = stranger.calls(path, "application/x-postcard",
                arguments.clone()).await.status().as_u16();
            assert!(matches!(status, 404 | 422), "{path}: {status}");
        }
        let values: Vec<Option<String>> = stranger.asks("/api/onboarding/contact_values",
            &(vec![(ContactId(1), phone)],)).await.unwrap();
        assert_eq!(values, [None]);
        assert_eq!(stranger.opens(&format!("/api/onboarding/rejects/{import}")).await.status(),
            404);
        assert_eq!(stranger.opens(&format!("/conflicts/{import}")).await.status(), 404);
        let guessed: Vec<&str> = guesses.iter().map(|(path,
                _)| *path).chain(["/api/onboarding/contact_values"]).collect();
        for path in calls() {
            assert!(guessed.contains(&path) != WITHOUT_ID.contains(&path),
                "{path}: does it take an id?");
        }
        // Everything still exists.
        let team: Team = acme.asks("/api/team/read", &()).await.unwrap();
        assert_eq!((team.invitations.len(), team.members.len()), (1, 4));
        assert!(team.members.iter().all(|member| member.active && (member.role == Role::Admin)
            == member.is_you));
    }

    async fn a_thousand_tries_reach_a_password_a_few_times(database) {
        // The pauses are longer than a try may wait.
        let of_account = Config { sign_in_pause_ms: 3_600_000, ..Config::default() };
        let of_network = Config { network_failures: 5, ..Config::default() };
        let app = TestApp::serve_set_up(database, &of_account).await;
        let (mut one, mut many) = (0, 0);
        let visitor = app.visitor();
        for _ in 0..1000 {
            one += u32::from(visitor.signs_in("viewer@example.com",
                    "wrong password").await.status() == 401);
        }
        let visitor = TestApp::serve_with(database, &of_network).visitor();
        for n in 0..1000 {
            many += u32::from(visitor.signs_in(&format!("person{n}@example.com"),
                    "wrong password").await.status() == 401);
        }
        assert!((1..20).contains(&one) && (1..50).contains(&many), "{one} {many}");
    }

    async fn a_form_never_comes_back_to_another_site(database) {
        let app = TestApp::serve(database).await;
        let call = app.visitor().client.post(format!("{}/api/sign_in", app.base)).header(ACCEPT,
            "text/html");
        let back = call.header(REFERER, "https://evil.example.com/sign-in").form(&[("email",
                    "a@example.com"), ("password", "x")]);
        let answer = back.send().await.unwrap();
        let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned())
            .unwrap_or_default();
        assert!(!to.contains("evil"), "{to}");
    }

    async fn the_cookie_of_a_public_address_is_bound_to_it_and_to_tls(database) {
        let app = TestApp::serve(database).await;
        let secure = TestApp::serve_with(database,
            &Config { public_url: "https://alta.example.com".parse().ok(), ..Config::default() });
        let answer = secure.visitor().signs_in("admin@example.com", PASSWORD).await;
        assert_eq!(answer.headers()[STRICT_TRANSPORT_SECURITY],
            "max-age=31536000; includeSubDomains");
        let cookies: Vec<&str> = answer.headers().get_all(SET_COOKIE).iter()
            .map(|cookie| cookie.to_str().unwrap()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-alta=")).unwrap();
        assert!(session.contains("; Secure") && session.contains("HttpOnly")
            && session.contains("Path=/;"), "{session}");
        assert!(cookies.len() > 2, "{cookies:?}");
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
        }
        let plain = app.visitor().opens("/sign-in").await;
        assert!(plain.headers().get(STRICT_TRANSPORT_SECURITY).is_none(),
            "not on a loopback address");
    }

    async fn a_link_of_another_site_begins_no_single_sign_on(database) {
        let provider = |issuer: &str| Config { oidc_issuer: Some(issuer.into()),
            oidc_client_id: Some("alta".into()), ..Config::default() };
        let app = TestApp::serve_with(database, &provider("http://127.0.0.1:1"));
        let visitor = app.visitor();
        let begun = |site: &'static str| visitor.client.get(format!("{}/api/single-sign-on",
                app.base)).header("sec-fetch-site", site).send();
        let refused = begun("cross-site").await.unwrap();
        assert_eq!(refused.headers()[LOCATION].to_str().unwrap(), format!("{}/sign-in", app.base),
            "nobody is asked");
        let ours = begun("same-origin").await.unwrap();
        assert!(ours.headers()[LOCATION].to_str().unwrap().contains("__err"),
            "the provider was asked, and is not there");
        let clear = provider("http://id.example.com");
        let refused = alta_server::router::router(&clear, database.store.clone(),
            "http://127.0.0.1", &Systems::new(&clear).unwrap());
        assert!(refused.is_err(), "a provider in the clear");
    }

    async fn what_is_no_file_is_not_kept_by_browsers_and_proxies(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        for path in ["/", "/settings", "/api/team/audit.csv"] {
            assert_eq!(admin.opens(path).await.headers()["cache-control"], "no-store", "{path}");
        }
        let call = admin.calls("/api/team/read", "application/x-postcard", Vec::new()).await;
        assert_eq!(call.headers()["cache-control"], "no-store");
        let refused = app.visitor().calls("/api/team/read", "application/x-postcard",
            Vec::new()).await;
        for headers in [refused.headers(), admin.opens("/api/team/audit.csv").await.headers()] {
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors \
                'none'"), "{policy}");
        }
    }

    async fn names_carry_no_line_into_a_mails_head(database) {
        let app = TestApp::serve(database).await;
        let admin = app.signed_in(Role::Admin).await;
        let settings: alta_domain::OrganizationSettings = admin.asks("/api/team/organization",
            &()).await.unwrap();
        let evil = alta_domain::OrganizationSettings { name: "Acme\r\nBcc: eva@example.com".into(),
            ..settings };
        admin.asks::<()>("/api/team/set_organization", &(evil,)).await.unwrap();
        let settings: alta_domain::OrganizationSettings = admin.asks("/api/team/organization",
            &()).await.unwrap();
        assert_eq!(settings.name, "Acme  Bcc: eva@example.com");
    }
}

fn other() -> NewOrganization {
    NewOrganization {
        organization: "Otra".into(),
        country: Country::BRAZIL,
        language: Language::Spanish,
        name: "Eva".into(),
        email: "eva@example.com".into(),
        password: PASSWORD.into(),
    }
}
