//! How a system is asked: what requests share, one request, consent, budgets, and what answers
//! mean.

use std::collections::BTreeMap;

use alta_domain::FaultKind;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Words;
use crate::expression::{Expr, Template};

/// How bodies are written and answers are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON both ways.
    #[default]
    Json,
    /// A form; the answer is JSON.
    Form,
    /// The XML of Linx Microvix: a command with parameters, rows by position.
    Microvix,
}

/// What all requests share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// The address that paths go behind. It may hold what the admin typed.
    pub base: Template,
    /// How bodies are written.
    #[serde(default)]
    pub format: Format,
    /// Headers of every request.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// Seconds an answer may take.
    #[serde(default = "a_minute")]
    pub seconds: u64,
}

fn a_minute() -> u64 {
    60
}

/// One request. Parameters whose value is missing are left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Behind the base. Values are escaped.
    #[serde(default)]
    pub path: Template,
    /// Parameters behind the path.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// Headers besides the shared ones.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// With a body it is a POST: any structure, its texts with expressions in them.
    #[serde(default)]
    pub body: Option<Body>,
}

/// A body: a structure whose texts may hold expressions.
#[derive(Debug)]
pub enum Body {
    /// A text with expressions.
    Text(Template),
    /// A number, yes or no.
    Plain(serde_json::Value),
    /// A list.
    List(Vec<Body>),
    /// Names and values; those without value are left out.
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
        schemars::json_schema!({ "description": "Any structure; its texts may hold expressions: {{ page }}." })
    }
}

/// Consent by OAuth 2.0 (RFC 6749), the code flow.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// Where the admin agrees.
    pub authorize: Template,
    /// Where codes and refresh tokens become access tokens.
    pub token: Template,
    /// Parameters of the first besides `response_type`, `client_id`, `state` and `redirect_uri`.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// The vendor knows the address to come back to from its app, and wants no `redirect_uri`.
    #[serde(default)]
    pub registered_redirect: bool,
    /// Client and secret go in the header (Basic) and not in the body.
    #[serde(default)]
    pub basic: bool,
}

/// Signing in with what the admin typed, where a system gives a token for that:
/// `token.access_token`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The request that signs in.
    pub request: Request,
    /// The token, by `answer` and `headers`.
    pub token: Expr,
    /// Seconds it lasts; without them, until it is refused.
    #[serde(default)]
    pub seconds: Option<i64>,
}

/// Notices of changes that a system sends by itself (webhooks).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// How they are signed; without it the address, which nobody can guess, is their only proof.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// How the admin gives the system the address, step by step.
    pub steps: Vec<Words>,
}

/// A signature of a notice's body: HMAC (RFC 2104) with SHA-256.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The header that it comes in.
    pub header: String,
    /// What stands in front of it.
    #[serde(default)]
    pub prefix: String,
    /// How its bytes are written.
    pub encoding: Encoding,
    /// The key, by `credentials`.
    pub secret: Expr,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Two letters a byte.
    Hex,
    /// Base64 (RFC 4648).
    Base64,
}

/// So many requests in so many seconds.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Requests.
    pub requests: usize,
    /// Seconds.
    pub seconds: f64,
}

/// Headers that say how much of the budget is left.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetHeaders {
    /// Requests that are left.
    pub remaining: String,
    /// Seconds until there are more.
    pub reset: String,
}

/// The request that tells whether credentials are good.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// It.
    pub request: Request,
    /// What the account is called, by the answer.
    #[serde(default)]
    pub account: Option<Expr>,
    /// What tells the account from others, where that is not its name: one that is called
    /// otherwise is the same.
    #[serde(default)]
    pub id: Option<Expr>,
}

/// A table of the account's own words. Later ones may use earlier ones.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Its name in expressions.
    pub name: String,
    /// The request for all of it.
    pub request: Request,
    /// The rows in the answer, by `answer`.
    pub records: Expr,
    /// What is looked up by, of a row.
    pub key: Expr,
    /// What is found.
    pub value: Expr,
}

/// What an error may mean: a fault, or no error at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// There are no records.
    Empty,
    /// See the kind.
    Fault(FaultKind),
}

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "empty" {
            return Ok(Self::Empty);
        }
        let words = || {
            FaultKind::ALL
                .iter()
                .map(|kind| kind.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        FaultKind::parse(&word).map(Self::Fault).ok_or_else(|| {
            serde::de::Error::custom(format!("'{word}' is none of: empty, {}", words()))
        })
    }
}

impl JsonSchema for Meaning {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Meaning".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = std::iter::once("empty")
            .chain(FaultKind::ALL.iter().map(|kind| kind.as_str()))
            .collect();
        schemars::json_schema!({ "enum": words })
    }
}

/// What an answer means. Variables: `status`, `answer`, `text`, `headers`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// When it holds.
    pub when: Expr,
    /// What it means.
    pub means: Meaning,
    /// Seconds to wait, by the answer.
    #[serde(default)]
    pub wait: Option<Expr>,
    /// The vendor's own words in the answer.
    #[serde(default)]
    pub said: Option<Expr>,
    /// What the admin must do.
    #[serde(default)]
    pub remedy: Option<Words>,
}
