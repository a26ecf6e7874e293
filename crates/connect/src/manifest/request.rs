//! The parts of a manifest about requests: their shared settings, a single request, consent,
//! budgets, and the meanings of answers.

use std::collections::BTreeMap;

use alta_domain::FaultKind;
use schemars::JsonSchema;
use serde::Deserialize;

use super::nearest::did_you_mean;
use super::words::Words;
use crate::expression::Expr;
use crate::expression::template::Template;

/// The format of bodies and answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The body and the answer are JSON.
    #[default]
    Json,
    /// The body is a form, and the answer is JSON.
    Form,
    /// The XML of Linx Microvix: the body is a command with parameters, and the answer has rows by
    /// position.
    Microvix,
}

/// The settings that all requests share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestSettings {
    /// The address to which paths are added. It may hold what the admin typed.
    pub base: Template,
    /// The format of bodies and answers.
    #[serde(default)]
    pub format: Format,
    /// The headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// The number of seconds that an answer may take.
    #[serde(default = "a_minute")]
    pub seconds: u64,
}

fn a_minute() -> u64 {
    60
}

/// One request. It is a POST when it has a body, otherwise a GET.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The path, which is added to the base. Values are escaped.
    #[serde(default)]
    pub path: Template,
    /// The query parameters. Those whose value is missing are left out.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// The headers besides the shared ones.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// The body: any structure, whose texts may hold expressions.
    #[serde(default)]
    pub body: Option<Body>,
}

/// The body of a request: a structure whose texts may hold expressions.
#[derive(Debug)]
pub enum Body {
    /// A text with expressions.
    Text(Template),
    /// A number or a boolean.
    Plain(serde_json::Value),
    /// A list.
    List(Vec<Body>),
    /// Names with their values. Names without a value are left out.
    Map(Vec<(String, Body)>),
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(serde_json::Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Body {
    fn of(value: serde_json::Value) -> Result<Self, String> {
        use serde_json::Value;
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(&text)?),
            Value::Array(values) => {
                Self::List(values.into_iter().map(Self::of).collect::<Result<_, _>>()?)
            }
            Value::Object(map) => Self::Map(
                map.into_iter()
                    .map(|(name, value)| Ok((name, Self::of(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            plain => Self::Plain(plain),
        })
    }
}

impl JsonSchema for Body {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Body".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Any structure; its texts may hold expressions: {{ page }}.",
        })
    }
}

/// Consent by the code flow of OAuth 2.0 (RFC 6749).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// The address of the page on which the admin gives consent.
    pub authorize: Template,
    /// The address of the token endpoint.
    pub token: Template,
    /// The query parameters of the consent page besides `response_type`, `client_id`, `state` and
    /// `redirect_uri`.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// The headers of requests for tokens.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// True when the app at the vendor holds the address to come back to: `redirect_uri` is not
    /// sent then.
    #[serde(default)]
    pub registered_redirect: bool,
    /// True when the client's id and secret are sent in the header (Basic), not in the body.
    #[serde(default)]
    pub basic: bool,
}

/// Signing in: a request that gets a token for what the admin typed. Expressions have it as
/// `token.access_token`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The request that signs in.
    pub request: Request,
    /// The access token in the answer. Variables: `answer`, `headers`.
    pub token: Expr,
    /// The number of seconds that the token is valid. Without it, the token is used until it is
    /// refused.
    #[serde(default)]
    pub seconds: Option<i64>,
}

/// The notices of changes that a system sends by itself (webhooks).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The signature of notices. Without it, the secret address is the only proof.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// The steps by which the admin gives the address to the system.
    pub steps: Vec<Words>,
}

/// The signature of a notice's body: HMAC (RFC 2104) with SHA-256.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The name of the header with the signature.
    pub header: String,
    /// The text before the signature in the header.
    #[serde(default)]
    pub prefix: String,
    /// The encoding of the signature's bytes.
    pub encoding: Encoding,
    /// The key of the HMAC. Variable: `credentials`.
    pub secret: Expr,
}

/// The encoding of bytes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Two hexadecimal digits a byte.
    Hex,
    /// Base64 (RFC 4648).
    Base64,
}

/// A limit on requests: a number of requests within a number of seconds.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The most requests within the window.
    pub requests: usize,
    /// The length of the window in seconds.
    pub seconds: f64,
}

/// The names of the headers with what is left of the budget.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetHeaders {
    /// The header with the number of requests left.
    pub remaining: String,
    /// The header with the number of seconds until more requests are allowed.
    pub reset: String,
}

/// The request that checks credentials.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The request.
    pub request: Request,
    /// The name of the account. Variables: those of the answer.
    #[serde(default)]
    pub account: Option<Expr>,
    /// The account's id, for systems where the name may change. Without it, an account with
    /// another name is another account.
    #[serde(default)]
    pub id: Option<Expr>,
}

/// A table of the account's own words. Later tables may use earlier ones.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The name in expressions: `lookup.NAME`.
    pub name: String,
    /// The request for the whole table.
    pub request: Request,
    /// The list of rows. Variable: `answer`.
    pub records: Expr,
    /// The key of a row, by which it is looked up.
    pub key: Expr,
    /// The value of a row, which a lookup finds.
    pub value: Expr,
}

/// The meaning of an answer for which a rule holds: no records, or a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// There are no records, which is not an error.
    Empty,
    /// A fault of this kind.
    Fault(FaultKind),
}

impl Meaning {
    /// Returns true when the answer means a fault that passes without anybody's help.
    pub(crate) fn passes(self) -> bool {
        matches!(self, Self::Fault(kind) if kind.passes())
    }
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "empty" {
            return Ok(Self::Empty);
        }
        let message = || {
            let words = meanings();
            let nearest = did_you_mean(&word, words.iter().copied());
            format!(
                "`{word}` is none of the meanings: {}{nearest}",
                words.join(", ")
            )
        };
        FaultKind::parse(&word)
            .map(Self::Fault)
            .ok_or_else(|| serde::de::Error::custom(message()))
    }
}

impl JsonSchema for Meaning {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Meaning".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": meanings() })
    }
}

/// Returns the words for meanings.
pub(crate) fn meanings() -> Vec<&'static str> {
    let kinds = FaultKind::ALL.iter().map(|kind| kind.as_str());
    std::iter::once("empty").chain(kinds).collect()
}

/// A rule for the meaning of answers. Variables: `status`, `answer`, `text`, `headers`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The condition under which the rule holds.
    pub when: Expr,
    /// The meaning of such an answer.
    pub means: Meaning,
    /// The number of seconds to wait before the next try.
    #[serde(default)]
    pub wait: Option<Expr>,
    /// The vendor's own message in the answer.
    #[serde(default)]
    pub said: Option<Expr>,
    /// The steps that the admin must take.
    #[serde(default)]
    pub remedy: Option<Words>,
}
