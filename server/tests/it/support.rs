//! A served app, and users who act in it.

use std::time::Duration;

use alta_app::api::AppError;
use alta_domain::{Country, ErrorCode, Incident, Language, NewOrganization, Role};
use alta_server::config::{Config, WebAddress};
use alta_server::router::router;
use alta_server::serve::serve;
use alta_server::syncer::Systems;
use alta_store::account::{accounts, setup};
use alta_store::testing::TestDatabase;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) const PASSWORD: &str = "primeros pasos";

/// The app on a free port; it ends with the test's runtime.
pub(crate) struct TestApp {
    pub(crate) base: String,
}

/// A browser that keeps cookies and does not follow redirects.
pub(crate) struct Visitor {
    pub(crate) client: Client,
    pub(crate) base: String,
}

impl TestApp {
    /// Serves the app with the organization 'Acme', its Admin `admin@example.com`, and a user of
    /// each other role, `operator@example.com` and so on.
    pub(crate) async fn serve(database: &TestDatabase) -> Self {
        Self::serve_set_up(
            database,
            &Config {
                max_batch_bytes: 100_000,
                ..Config::default()
            },
        )
        .await
    }

    /// Serves the app with the same users, under these settings.
    pub(crate) async fn serve_set_up(database: &TestDatabase, config: &Config) -> Self {
        let store = database.store.clone();
        let link = setup::renew_link(&store).await.unwrap().unwrap();
        let new = NewOrganization {
            organization: "Acme".into(),
            country: Country::BRAZIL,
            language: Language::Spanish,
            name: "Ana Silva".into(),
            email: "admin@example.com".into(),
            password: PASSWORD.into(),
        };
        setup::set_up(&store, &link, new).await.unwrap();
        for role in [Role::Operator, Role::Agent, Role::Viewer] {
            accounts::add(
                &store,
                &format!("{}@example.com", role.as_str()),
                "Vera",
                PASSWORD.into(),
                role,
            )
            .await
            .unwrap();
        }
        Self::serve_with(database, config)
    }

    /// Serves the app under these settings, with the database as it is.
    pub(crate) fn serve_with(database: &TestDatabase, config: &Config) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let public = config.public_url.as_ref();
        let router = router(
            config,
            database.store.clone(),
            public.map_or(&*base, WebAddress::as_str),
            &Systems::new(config).unwrap(),
        )
        .unwrap();
        let limits = config.connection_limits();
        tokio::spawn(serve(listener, router, limits, std::future::pending()));
        Self { base }
    }

    /// Returns a visitor who has not signed in.
    pub(crate) fn visitor(&self) -> Visitor {
        // The server may be closing a connection that was not used for long.
        let idle = Duration::from_secs(5);
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .pool_idle_timeout(idle)
            .build()
            .unwrap();
        Visitor {
            client,
            base: self.base.clone(),
        }
    }

    /// Returns a visitor of this role who is signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Visitor {
        let visitor = self.visitor();
        let answer = visitor
            .signs_in(&format!("{}@example.com", role.as_str()), PASSWORD)
            .await;
        assert_eq!(answer.status(), 200);
        visitor
    }
}

impl Visitor {
    pub(crate) async fn opens(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
    }

    /// Calls a server function with a body of this type.
    pub(crate) async fn calls(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<reqwest::Body>,
    ) -> Response {
        self.tries(path, kind, body).await.unwrap()
    }

    /// Calls a server function that may close the connection before the body is sent whole.
    pub(crate) async fn tries(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Result<Response> {
        self.client
            .post(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, kind)
            .body(body)
            .send()
            .await
    }

    pub(crate) async fn signs_in(&self, email: &str, password: &str) -> Response {
        self.client
            .post(format!("{}/api/sign_in", self.base))
            .form(&[("email", email), ("password", password)])
            .send()
            .await
            .unwrap()
    }
}

impl Visitor {
    /// Calls a server function and decodes its answer.
    pub(crate) async fn asks<T: DeserializeOwned>(
        &self,
        path: &str,
        arguments: &impl Serialize,
    ) -> Result<T, (StatusCode, ErrorCode)> {
        let answer = self
            .calls(
                path,
                "application/x-postcard",
                postcard::to_allocvec(arguments).unwrap(),
            )
            .await;
        let (status, body) = (answer.status(), answer.bytes().await.unwrap());
        if status.is_success() {
            return Ok(postcard::from_bytes(&body).unwrap());
        }
        Err((
            status,
            postcard::from_bytes::<AppError>(&body)
                .map_or(ErrorCode::Internal(Incident::default()), |error| error.code),
        ))
    }
}

/// Returns the arguments of a server function as the browser sends them.
pub(crate) fn bytes(arguments: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(arguments).unwrap()
}
