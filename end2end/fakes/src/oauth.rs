//! The codes and tokens of the systems with OAuth, and the page on which a user lets an app in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use crate::query::{Given, Parameters};
use crate::rng::Rng;
use crate::system::{Shared, System};

/// The time for which a code is valid: a minute.
const CODE: Duration = Duration::from_mins(1);

struct Code {
    redirect: String,
    until: Instant,
    used: bool,
}

/// The codes and tokens that were issued. Their lifetimes run in real time whatever the speed.
pub(crate) struct OAuth {
    codes: HashMap<String, Code>,
    access: HashMap<String, Instant>,
    refresh: HashMap<String, Instant>,
    rng: Rng,
    pub(crate) access_seconds: u64,
    pub(crate) refresh_seconds: u64,
    /// The address registered in the app, for the vendor whose requests name none.
    pub(crate) registered: Option<String>,
}

/// The tokens that a code or a refresh token is exchanged for.
pub(crate) struct Grant {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) access_seconds: u64,
    pub(crate) refresh_seconds: u64,
}

/// The reason why a request for tokens is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    NoGrantType,
    GrantType,
    Code,
    Refresh,
}

/// A parameter of an address: its name and its value.
type Pair<'a> = (&'static str, &'a str);

/// The way in which a vendor lets a user give consent to an app.
pub(crate) struct Consent {
    pub(crate) title: &'static str,
    pub(crate) client: &'static str,
    /// The messages for a wrong app, for a `response_type` other than a code, and for a missing
    /// address to go back to.
    pub(crate) wrong: [&'static str; 3],
    /// True when a missing `response_type` means a code.
    pub(crate) implied: bool,
    /// True when the address to go back to is registered in the app and requests name none.
    pub(crate) registered: bool,
    /// The function that writes a code as the vendor does.
    pub(crate) shown: fn(String) -> String,
    /// The function that makes the parameters that the browser takes back: the outcome, and the
    /// state that the app sent.
    pub(crate) back: for<'a> fn(Pair<'a>, Option<&'a str>) -> Vec<Pair<'a>>,
}

/// The decision of the user on the page.
#[derive(serde::Deserialize)]
struct Decision {
    decision: String,
}

impl Consent {
    /// Makes the routes of the page and of the form on it.
    pub(crate) fn routes(&'static self) -> MethodRouter<Shared> {
        let ask = move |State(system): State<Shared>, Query(given): Given| async move {
            self.redirect(&system, &given)
                .map_or_else(dead_end, |_| page(self.title).into_response())
        };
        let decide = move |State(system): State<Shared>,
                           Query(given): Given,
                           Form(decision): Form<Decision>| async move {
            self.decided(&system, &given, &decision)
        };
        get(ask).post(decide)
    }

    /// Returns the address that the browser goes back to, or a message when it can't.
    fn redirect(&self, system: &System, given: &Parameters) -> Result<String, &'static str> {
        let [app, kind, address] = self.wrong;
        if given.text("client_id") != Some(self.client) {
            return Err(app);
        }
        if given
            .text("response_type")
            .or(self.implied.then_some("code"))
            != Some("code")
        {
            return Err(kind);
        }
        let told = if self.registered {
            system.state().oauth.registered.clone()
        } else {
            given.text("redirect_uri").map(str::to_owned)
        };
        told.ok_or(address)
    }

    fn decided(&self, system: &System, given: &Parameters, decision: &Decision) -> Response {
        let redirect = match self.redirect(system, given) {
            Ok(redirect) => redirect,
            Err(message) => return dead_end(message),
        };
        let code = (self.shown)(system.state().oauth.code(&redirect));
        let outcome = if decision.decision == "approve" {
            ("code", code.as_str())
        } else {
            ("error", "access_denied")
        };
        send_back(&redirect, &(self.back)(outcome, given.text("state")))
    }
}

/// Returns the outcome, followed by the state if the app sent one.
pub(crate) fn with_state<'a>(outcome: Pair<'a>, state: Option<&'a str>) -> Vec<Pair<'a>> {
    [outcome]
        .into_iter()
        .chain(state.map(|state| ("state", state)))
        .collect()
}

impl OAuth {
    pub(crate) fn new(seed: u64, (access_seconds, refresh_seconds): (u64, u64)) -> Self {
        let (codes, access, refresh) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self {
            codes,
            access,
            refresh,
            rng: Rng::new(seed ^ 0x6f61_7574),
            access_seconds,
            refresh_seconds,
            registered: None,
        }
    }

    fn word(&mut self) -> String {
        format!(
            "{:016x}{:016x}{:016x}",
            self.rng.next(),
            self.rng.next(),
            self.rng.next()
        )
    }

    fn code(&mut self, redirect: &str) -> String {
        let code = self.word();
        self.codes.insert(
            code.clone(),
            Code {
                redirect: redirect.to_owned(),
                until: Instant::now() + CODE,
                used: false,
            },
        );
        code
    }

    /// Exchanges a code or a refresh token, whichever the request names. `word` finds the issued
    /// text in the vendor's form of it.
    pub(crate) fn exchange(
        &mut self,
        given: &Parameters,
        redirect: Option<&str>,
        rotates: bool,
        word: fn(&str) -> &str,
    ) -> Result<Grant, Denied> {
        let sent = |name: &str| word(given.text(name).unwrap_or_default());
        match given.text("grant_type") {
            Some("authorization_code") => self.redeem(sent("code"), redirect).ok_or(Denied::Code),
            Some("refresh_token") => self
                .renew(sent("refresh_token"), rotates)
                .ok_or(Denied::Refresh),
            Some(_) => Err(Denied::GrantType),
            None => Err(Denied::NoGrantType),
        }
    }

    /// Exchanges a code. A code that comes a second time was stolen, so all tokens are revoked.
    fn redeem(&mut self, code: &str, redirect: Option<&str>) -> Option<Grant> {
        let known = self.codes.get_mut(code)?;
        if known.used {
            self.revoke_all();
            return None;
        }
        known.used = true;
        let fits = known.until > Instant::now()
            && redirect.is_none_or(|redirect| redirect == known.redirect);
        fits.then(|| self.grant())
    }

    /// Exchanges a refresh token. When `rotates` is set, the old one is invalid at once.
    fn renew(&mut self, refresh: &str, rotates: bool) -> Option<Grant> {
        let alive = self
            .refresh
            .get(refresh)
            .is_some_and(|until| *until > Instant::now());
        if rotates {
            self.refresh.remove(refresh);
        }
        alive.then(|| self.grant())
    }

    pub(crate) fn grant(&mut self) -> Grant {
        let (access, refresh, now) = (self.word(), self.word(), Instant::now());
        self.access.insert(
            access.clone(),
            now + Duration::from_secs(self.access_seconds),
        );
        self.refresh.insert(
            refresh.clone(),
            now + Duration::from_secs(self.refresh_seconds),
        );
        Grant {
            access,
            refresh,
            access_seconds: self.access_seconds,
            refresh_seconds: self.refresh_seconds,
        }
    }

    /// Returns true when this header has a valid access token.
    pub(crate) fn allows(&self, authorization: Option<&str>) -> bool {
        let token = authorization
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(bare);
        token
            .and_then(|token| self.access.get(token))
            .is_some_and(|until| *until > Instant::now())
    }

    /// Makes all access tokens invalid. Refresh tokens stay valid.
    pub(crate) fn expire(&mut self) {
        self.access.clear();
    }

    pub(crate) fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }
}

/// Returns a token in the form of a JWT: the first part of a real one, padding that makes it as
/// long as Bling's, and the token.
pub(crate) fn as_jwt(token: &str) -> String {
    format!("eyJhbGciOiJSUzI1NiJ9.{}.{token}", "A".repeat(1500))
}

fn bare(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or(token)
}

/// Makes the page on which the user decides. Its form posts to the page's own address, whose query
/// names the app.
fn page(title: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"pt-BR\"><head><meta \
         charset=\"utf-8\"><title>{title}</title></head><body><h1>{title}</h1>\
         <p>O aplicativo pede acesso aos seus dados.</p><form method=\"post\">\
         <button id=\"approve\" name=\"decision\" value=\"approve\">Autorizar</button> \
         <button id=\"deny\" name=\"decision\" value=\"deny\">Negar</button></form></body></html>"
    ))
}

/// Makes the page for a request from which the browser can't be sent back.
fn dead_end(message: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Html(format!(
            "<!doctype html><html lang=\"pt-BR\"><body><h1>{message}</h1></body></html>"
        )),
    )
        .into_response()
}

/// Sends the browser back to the app with these parameters.
fn send_back(redirect: &str, parameters: &[Pair<'_>]) -> Response {
    let separator = if redirect.contains('?') { '&' } else { '?' };
    let query: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let target = format!("{redirect}{separator}{}", query.join("&"));
    (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
}

/// Returns a text in the percent encoding of a query.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_work_once_and_take_the_tokens_down_when_stolen() {
        let mut oauth = OAuth::new(1, (60, 60));
        let code = oauth.code("http://here");
        let grant = oauth.redeem(&code, None).unwrap();
        assert!(oauth.allows(Some(&format!("Bearer {}", grant.access))));
        assert!(oauth.allows(Some(&format!("Bearer {}", as_jwt(&grant.access)))));
        assert!(oauth.redeem(&code, None).is_none());
        assert!(!oauth.allows(Some(&format!("Bearer {}", grant.access))));
        let code = oauth.code("http://here");
        assert!(oauth.redeem(&code, Some("http://there")).is_none());
    }

    #[test]
    fn refresh_tokens_rotate_where_the_vendor_does() {
        let mut oauth = OAuth::new(1, (60, 60));
        let code = oauth.code("");
        let first = oauth.redeem(&code, None).unwrap();
        assert!(oauth.renew(&first.refresh, false).is_some());
        let second = oauth.renew(&first.refresh, true).unwrap();
        assert!(oauth.renew(&first.refresh, true).is_none());
        assert!(oauth.renew(&second.refresh, true).is_some());
    }
}
