//! Talking to one account of a system: each request filled in, paced, sent, judged and, where that
//! helps, sent again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use alta_domain::{Account, FaultKind};
use minijinja::value::Serde;
use minijinja::{Value, context};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::budget::Budget;
use crate::credentials::{Credentials, Keep};
use crate::expression::Expr;
use crate::fault::Fault;
use crate::http::{Answer, Http};
use crate::manifest::{Body, Format, Manifest, Meaning, Request};
use crate::page::rows;
use crate::{microvix, oauth};

/// How long a token endpoint may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// The longest wait in the middle of a run; a longer one ends it, and it goes on later.
const LONGEST_WAIT: Duration = Duration::from_secs(90);
/// Tries of one request.
const TRIES: u32 = 4;
/// The first wait where the system names none; it doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// What stands as it is in a path (RFC 3986, 2.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One account of a system.
pub struct Session {
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) credentials: Credentials,
    pub(crate) http: Http,
    pub(crate) keep: Arc<dyn Keep>,
    /// The address was typed by an admin, in part or whole.
    pub(crate) typed: bool,
    /// Tables of the account's own words, once they are read.
    lookups: Option<BTreeMap<String, BTreeMap<String, Value>>>,
    budget: Arc<Budget>,
}

impl Session {
    /// With these credentials; new tokens go to `keep`.
    #[must_use]
    pub fn new(
        manifest: Arc<Manifest>,
        credentials: Credentials,
        http: Http,
        budget: Arc<Budget>,
        keep: Arc<dyn Keep>,
    ) -> Self {
        let typed = manifest.request.base.is_open()
            || manifest
                .oauth
                .as_ref()
                .is_some_and(|oauth| oauth.token.is_open());
        Self {
            manifest,
            credentials,
            http,
            keep,
            typed,
            lookups: None,
            budget,
        }
    }

    /// As they are now: with the last tokens.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Asks the system whether the credentials are good; answers with the account.
    ///
    /// # Errors
    /// What is wrong with them, or with the system.
    pub async fn check(&mut self) -> Result<Account, Fault> {
        let manifest = Arc::clone(&self.manifest);
        let answer = self
            .ask(&manifest.check.request, &Value::UNDEFINED, None)
            .await?;
        let answer = answer
            .ok_or_else(|| Fault::new(FaultKind::WrongAccount, "the account has nothing there"))?;
        let variables = context! { ..self.variables(), ..answer };
        let told = |what: &Option<Expr>| {
            what.as_ref()
                .map(|what| what.text(&variables))
                .filter(|told| !told.is_empty())
        };
        let name = told(&manifest.check.account).unwrap_or_else(|| manifest.name.clone());
        Ok(Account {
            id: told(&manifest.check.id),
            name,
        })
    }

    /// The variable `lookup` of expressions: the account's own words, read once.
    pub(crate) async fn lookups(&mut self) -> Result<Value, Fault> {
        let manifest = Arc::clone(&self.manifest);
        if self.lookups.is_none() {
            let mut tables: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
            for lookup in &manifest.lookups {
                let known = context! { lookup => Serde(&tables) };
                let mut table = BTreeMap::new();
                if let Some(answer) = self.ask(&lookup.request, &known, None).await? {
                    for row in rows(&lookup.records, &answer)? {
                        table.insert(lookup.key.text(&row), lookup.value.eval(&row));
                    }
                }
                tables.insert(lookup.name.clone(), table);
            }
            self.lookups = Some(tables);
        }
        Ok(Value::from(Serde(&self.lookups)))
    }

    /// Sends a request until it is answered or there is no hope; answers with the variables of its
    /// answer, or with nothing where that says that there are no records. `link` is the address
    /// of a next page in place of the request's own.
    pub(crate) async fn ask(
        &mut self,
        request: &Request,
        more: &Value,
        link: Option<&str>,
    ) -> Result<Option<Value>, Fault> {
        let (mut tries, mut renewed) = (0, false);
        loop {
            self.renew(false).await?;
            let fault = match self.once(request, more, link).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            tries += 1;
            if fault.kind == FaultKind::BadCredentials && self.has_token() && !renewed {
                renewed = true;
                self.renew(true).await?;
                continue;
            }
            let wait = fault
                .wait
                .unwrap_or(FIRST_WAIT * 2_u32.saturating_pow(tries - 1));
            if !matches!(fault.kind, FaultKind::Busy | FaultKind::Down)
                || tries >= TRIES
                || wait > LONGEST_WAIT
            {
                return Err(fault);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Requests go with a token that ends.
    fn has_token(&self) -> bool {
        self.manifest.oauth.is_some() || self.manifest.login.is_some()
    }

    /// Gets a new token where the one there is ends soon, or whenever `force` says so.
    async fn renew(&mut self, force: bool) -> Result<(), Fault> {
        let manifest = Arc::clone(&self.manifest);
        match &manifest.login {
            Some(login) => self.log_in(login, force).await,
            None => self.refresh(force).await,
        }
    }

    pub(crate) async fn once(
        &self,
        request: &Request,
        more: &Value,
        link: Option<&str>,
    ) -> Result<Option<Value>, Fault> {
        // A record's own names don't hide the account's.
        let variables = context! { ..self.variables(), ..more.clone() };
        let shared = &self.manifest.request;
        let url = self.url(request, &variables, link)?;
        let mut prepared = self
            .http
            .request(request.body.is_some(), &url, self.typed)?;
        for (name, value) in shared.headers.iter().chain(&request.headers) {
            let value = value.text(&variables);
            if !value.is_empty() {
                prepared = prepared.header(name, value);
            }
        }
        if let Some(body) = &request.body {
            let body = filled(body, &variables).unwrap_or_default();
            prepared = match shared.format {
                Format::Json => prepared.json(&body),
                Format::Form => prepared.form(&body),
                Format::Microvix => prepared
                    .header("content-type", "text/xml; charset=utf-8")
                    .body(microvix::command(&body)),
            };
        }
        let wait = self.budget.wait(Instant::now());
        if wait > LONGEST_WAIT {
            return Err(Fault::new(FaultKind::Busy, "").after(Some(wait)));
        }
        tokio::time::sleep(wait).await;
        let answer = self
            .http
            .send(prepared, Duration::from_secs(shared.seconds))
            .await;
        self.budget.count(Instant::now());
        let answer = answer?;
        self.budget.correct(&self.manifest, &answer, Instant::now());
        self.judge(&answer)
    }

    fn variables(&self) -> Value {
        context! { credentials => Serde(&self.credentials.typed), token => oauth::variable(self.credentials.token.as_ref()), time_zone => self.manifest.time_zone.as_str() }
    }

    /// The address of a request; of a next page only where the first page was.
    fn url(&self, request: &Request, variables: &Value, link: Option<&str>) -> Result<Url, Fault> {
        let bad = |_| Fault::new(FaultKind::BadAddress, "no address");
        let base = self.manifest.request.base.text(variables);
        let base = if base.contains("://") {
            base
        } else {
            format!("https://{base}")
        };
        let path = request.path.fill(variables, |text| {
            utf8_percent_encode(&text, PATH).to_string()
        });
        let whole = if path.is_empty() {
            base
        } else {
            format!(
                "{}/{}",
                base.trim_end_matches('/'),
                path.trim_start_matches('/')
            )
        };
        let mut url = Url::parse(&whole).map_err(bad)?;
        if let Some(link) = link {
            let next = url.join(link).map_err(bad)?;
            return if next.origin() == url.origin() {
                Ok(next)
            } else {
                Err(Fault::new(
                    FaultKind::BadAddress,
                    "the next page is elsewhere",
                ))
            };
        }
        let pairs: BTreeMap<&String, String> = request
            .query
            .iter()
            .map(|(name, value)| (name, value.text(variables)))
            .collect();
        if pairs.values().any(|value| !value.is_empty()) {
            url.query_pairs_mut()
                .extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
        }
        Ok(url)
    }

    /// What an answer means: by the manifest's rules, then by what HTTP says.
    fn judge(&self, answer: &Answer) -> Result<Option<Value>, Fault> {
        let read = match self.manifest.request.format {
            Format::Microvix => microvix::answer(&answer.body).map(|read| Value::from(Serde(read))),
            Format::Json | Format::Form => {
                serde_json::from_slice::<Value>(&answer.body).map_err(|error| error.to_string())
            }
        };
        let text = || {
            String::from_utf8_lossy(&answer.body)
                .chars()
                .take(2000)
                .collect::<String>()
        };
        let variables = context! {
            status => answer.status,
            answer => read.as_ref().ok().cloned().unwrap_or_default(),
            text => if read.is_err() { text() } else { String::new() },
            headers => Serde(&answer.headers),
            link => next_link(&answer.headers).unwrap_or_default(),
            date => answer.headers.get("date").map_or("", String::as_str),
        };
        for rule in &self.manifest.errors {
            if rule.when.holds(&variables) {
                let Meaning::Fault(kind) = rule.means else {
                    // A page of a proxy in between says nothing about what the system has.
                    let is_page = read.is_err() && text().trim_start().starts_with('<');
                    return if is_page {
                        Err(Fault::new(FaultKind::Down, "a page in place of an answer"))
                    } else {
                        Ok(None)
                    };
                };
                let said = rule
                    .said
                    .as_ref()
                    .map(|said| {
                        self.credentials
                            .masked(&self.manifest, &said.text(&variables))
                    })
                    .unwrap_or_default();
                let wait = rule
                    .wait
                    .as_ref()
                    .and_then(|wait| wait.text(&variables).parse().ok())
                    .and_then(|wait| Duration::try_from_secs_f64(wait).ok());
                let remedy = rule.remedy.as_ref().or_else(|| self.manifest.remedy(kind));
                let fault = Fault {
                    remedy: remedy.cloned().map(Box::new),
                    ..Fault::new(kind, said)
                };
                return Err(fault.after(wait.or_else(|| retry_after(answer))));
            }
        }
        let kind = match answer.status {
            200..300 => {
                return match read {
                    Ok(_) => Ok(Some(variables)),
                    // Half an answer, or a page of a proxy in between: it may come whole the next
                    // time.
                    Err(error) => Err(Fault::new(
                        FaultKind::Down,
                        format!("the answer can't be read: {error}"),
                    )),
                };
            }
            401 => FaultKind::BadCredentials,
            402 => FaultKind::PlanLimit,
            403 => FaultKind::MissingScope,
            408 | 500.. => FaultKind::Down,
            429 => FaultKind::Busy,
            _ => FaultKind::Unexpected,
        };
        Err(Fault::new(kind, format!("HTTP {}", answer.status)).after(retry_after(answer)))
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// A body with its expressions filled in; what has no value is left out.
fn filled(body: &Body, variables: &Value) -> Option<serde_json::Value> {
    match body {
        Body::Text(text) => {
            let value = text.value(variables);
            if value.is_undefined() || value.is_none() {
                None
            } else {
                serde_json::to_value(value).ok()
            }
        }
        Body::Plain(value) => Some(value.clone()),
        Body::List(values) => Some(
            values
                .iter()
                .filter_map(|value| filled(value, variables))
                .collect(),
        ),
        Body::Map(values) => {
            let pairs = values
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), filled(value, variables)?)));
            Some(serde_json::Value::Object(pairs.collect()))
        }
    }
}

/// How long to wait (RFC 9110, 10.2.3): seconds, or a date.
pub(crate) fn retry_after(answer: &Answer) -> Option<Duration> {
    let text = answer.headers.get("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date(text)?;
    u64::try_from(until - now()).ok().map(Duration::from_millis)
}

/// Milliseconds since 1970 of a date in a header (RFC 9110, 5.6.7).
pub(crate) fn http_date(text: &str) -> Option<i64> {
    Some(
        jiff::fmt::rfc2822::parse(text)
            .ok()?
            .timestamp()
            .as_millisecond(),
    )
}

/// The address of the next page in a `Link` header (RFC 8288).
fn next_link(headers: &BTreeMap<String, String>) -> Option<String> {
    // An address may hold a comma.
    let links = headers
        .get("link")?
        .split('<')
        .filter_map(|link| link.split_once('>'));
    let mut next =
        links.filter(|(_, rest)| rest.contains("rel=\"next\"") || rest.contains("rel=next"));
    next.next().map(|(address, _)| address.to_owned())
}
