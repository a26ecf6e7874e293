//! Sends a request with a valid token, and sends it again after faults that may pass.

use std::sync::Arc;
use std::time::Duration;

use alta_domain::FaultKind;
use minijinja::Value;

use crate::fault::Fault;
use crate::manifest::Request;
use crate::session::{LONGEST_WAIT, Session};

/// The most tries of one request.
const TRIES: u32 = 4;
/// The wait after the first failed try, when the system names none. The wait doubles with each
/// further try.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Returns true for faults that may be gone in a few seconds, so that the same request is worth
/// another try.
fn may_pass_soon(kind: FaultKind) -> bool {
    use FaultKind::{Busy, Down, Unreadable};
    matches!(kind, Busy | Down | Unreadable)
}

impl Session {
    /// Sends a request, repeats it after faults that may pass, and returns the variables of its
    /// answer. Returns `None` when the answer says that there are no records.
    ///
    /// `more` holds the variables of this request besides the account's. `link` is the address of a
    /// next page: with it, the request goes to `link` instead of to its own address.
    pub(crate) async fn ask(
        &mut self,
        request: &Request,
        more: &Value,
        link: Option<&str>,
    ) -> Result<Option<Value>, Fault> {
        let (mut tries, mut renewed) = (0, false);
        loop {
            self.renew_token(false).await?;
            let fault = match self.send_once(request, more, link).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            tries += 1;
            if fault.kind == FaultKind::BadCredentials && self.has_token() && !renewed {
                renewed = true;
                self.renew_token(true).await?;
                continue;
            }
            let wait = fault
                .wait
                .unwrap_or(FIRST_WAIT * 2_u32.saturating_pow(tries - 1));
            if !may_pass_soon(fault.kind) || tries >= TRIES || wait > LONGEST_WAIT {
                return Err(fault);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Returns true when the system's requests carry a token, from OAuth or from a sign-in.
    fn has_token(&self) -> bool {
        self.manifest.oauth.is_some() || self.manifest.login.is_some()
    }

    /// Gets a new token when the present one expires soon, or always when `force` is true. Does
    /// nothing for a system without tokens.
    async fn renew_token(&mut self, force: bool) -> Result<(), Fault> {
        let manifest = Arc::clone(&self.manifest);
        match &manifest.login {
            Some(login) => self.log_in(login, force).await,
            None => self.refresh(force).await,
        }
    }
}
