//! A session with one account of a system, and the sending of a single request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alta_domain::FaultKind;
use minijinja::value::Serde;
use minijinja::{Value, context};
use reqwest::RequestBuilder;

use crate::budget::Budget;
use crate::credentials::{Credentials, Token, TokenStore};
use crate::fault::Fault;
use crate::http::Http;
use crate::judge::judge;
use crate::manifest::{Format, Manifest, Request};
use crate::microvix;
use crate::prepare::{fill_body, url};
use crate::room::Place;

/// The longest wait in the middle of a run. A longer one ends the run; the next run goes on where
/// it stopped.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(90);

/// The tables of an account's own words, by the names of their lookups.
pub(crate) type LookupTables = BTreeMap<String, BTreeMap<String, Value>>;

/// A conversation with one account of a system: its manifest, its credentials and its budget.
///
/// It checks credentials ([`Session::check`]), exchanges the code of a consent
/// ([`Session::exchange`]), and reads streams page by page ([`Session::page`]).
pub struct Session {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) credentials: Credentials,
    pub(crate) http: Http,
    pub(crate) token_store: Arc<dyn TokenStore>,
    /// True when an Admin typed the system's address, in part or whole.
    pub(crate) is_typed_address: bool,
    /// The tables of the account's own words. `None` until they are read.
    pub(crate) lookups: Option<LookupTables>,
    budget: Arc<Budget>,
    /// The place in the room for the answer to the request for a page, when that answer is large.
    pub(crate) place: Place,
}

impl Session {
    /// Opens a session with these credentials. New tokens are saved in `token_store`.
    #[must_use]
    pub fn new(
        manifest: Arc<Manifest>,
        credentials: Credentials,
        http: Http,
        budget: Arc<Budget>,
        token_store: Arc<dyn TokenStore>,
    ) -> Self {
        let is_typed_address = manifest.request.base.has_expressions()
            || manifest
                .oauth
                .as_ref()
                .is_some_and(|oauth| oauth.token.has_expressions());
        Self {
            manifest,
            credentials,
            http,
            token_store,
            is_typed_address,
            lookups: None,
            budget,
            place: Place::default(),
        }
    }

    /// Returns the credentials with their newest tokens.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Sends a request once, after the wait that the budget asks for, and judges its answer. The
    /// parameters and results are those of `Session::ask`, which repeats the request after faults
    /// that may pass.
    pub(crate) async fn send_once(
        &self,
        request: &Request,
        more: &Value,
        link: Option<&str>,
    ) -> Result<Option<Value>, Fault> {
        let prepared = self.prepare(request, more, link)?;
        let wait = self.budget.wait(Instant::now());
        if wait > LONGEST_WAIT {
            return Err(Fault::new(FaultKind::Busy, "").retry_in(Some(wait)));
        }
        tokio::time::sleep(wait).await;
        let patience = Duration::from_secs(self.manifest.request.seconds);
        let answer = self.http.send(prepared, patience, &self.place).await;
        self.budget.count(Instant::now());
        let answer = answer?;
        self.budget.correct(&self.manifest, &answer, Instant::now());
        let Some(parser) = self.place.parser() else {
            return judge(&self.manifest, &self.credentials, &answer);
        };
        let (manifest, credentials) = (Arc::clone(&self.manifest), self.credentials.clone());
        parser
            .run(move || judge(&manifest, &credentials, &answer))
            .await?
    }

    /// Fills in a request: its address, its headers and its body.
    fn prepare(
        &self,
        request: &Request,
        more: &Value,
        link: Option<&str>,
    ) -> Result<RequestBuilder, Fault> {
        // The account's variables take precedence over a record's own names.
        let variables = context! { ..self.variables(), ..more.clone() };
        let shared = &self.manifest.request;
        let url = url(&self.manifest, request, &variables, link)?;
        let mut prepared =
            self.http
                .request(request.body.is_some(), &url, self.is_typed_address)?;
        for (name, value) in shared.headers.iter().chain(&request.headers) {
            let value = value.text(&variables);
            if !value.is_empty() {
                prepared = prepared.header(name, value);
            }
        }
        if let Some(body) = &request.body {
            let body = fill_body(body, &variables).unwrap_or_default();
            prepared = match shared.format {
                Format::Json => prepared.json(&body),
                Format::Form => prepared.form(&body),
                Format::Microvix => prepared
                    .header("content-type", "text/xml; charset=utf-8")
                    .body(microvix::command(&body)),
            };
        }
        Ok(prepared)
    }

    /// Returns the variables that all expressions of the account have.
    pub(crate) fn variables(&self) -> Value {
        context! {
            credentials => Serde(&self.credentials.typed),
            token => token_variable(self.credentials.token.as_ref()),
            time_zone => self.manifest.time_zone.as_str(),
        }
    }
}

/// Returns the variable `token` of expressions.
fn token_variable(token: Option<&Token>) -> Value {
    match token {
        Some(token) => context! {
            access_token => token.access_token.as_str(),
            answer => Serde(&token.answer),
        },
        None => Value::UNDEFINED,
    }
}
