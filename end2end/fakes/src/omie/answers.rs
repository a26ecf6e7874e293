//! Writes Omie's answers: JSON without a letter outside ASCII, and faults.

use std::fmt::Write;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The reasons for which Omie refuses a call.
pub(super) enum Fault {
    NoRows(usize),
    BadKey,
    Redundant(u64),
    Locked(u64),
    Concurrent,
    TooMany,
    UnknownTag(String, &'static str),
    UnknownCall(String),
    NoClient(u64),
    NoOrder(u64),
    NoProduct(u64),
    BadDate(String),
    NotJson,
    Broken,
}

impl Fault {
    /// Returns true when the fault counts towards the lock. An empty page does not count: a client
    /// can only find the end by asking for it.
    pub(super) fn is_misuse(&self) -> bool {
        !matches!(
            self,
            Self::NoRows(_) | Self::TooMany | Self::BadKey | Self::Locked(_) | Self::Broken
        )
    }
}

pub(super) fn answer(value: &Value) -> Response {
    reply(StatusCode::OK, value)
}

pub(super) fn too_many() -> Response {
    (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response()
}

#[expect(clippy::too_many_lines, reason = "a vendor's answer, field by field")]
pub(super) fn fault(fault: &Fault) -> Response {
    let (code, text) = match fault {
        Fault::TooMany => return too_many(),
        Fault::BadKey => {
            let text = "ERROR: A chave de acesso está inválida ou o aplicativo está suspenso.";
            return reply(
                StatusCode::FORBIDDEN,
                &json!({"faultstring": text, "faultcode": "SOAP-ENV:Server"}),
            );
        }
        Fault::Locked(seconds) => {
            let text = format!(
                "ERROR: API bloqueada por consumo indevido. Tente novamente em \
                {seconds} segundos."
            );
            return reply(
                StatusCode::TOO_EARLY,
                &json!({"faultstring": text, "faultcode": "MISUSE_API_PROCESS"}),
            );
        }
        Fault::NoRows(page) => (
            "Client-5113",
            format!("ERROR: Não existem registros para a página [{page}]!"),
        ),
        Fault::Redundant(seconds) => (
            "Client-6",
            format!(
                "ERROR: Consumo redundante detectado. Aguarde {seconds} segundos para \
                    tentar novamente (REDUNDANT)."
            ),
        ),
        Fault::Concurrent => (
            "Client-1880",
            "ERROR: Já existe uma requisição desse método sendo executada e você pode tentar \
             novamente em alguns instantes. (1)"
                .to_owned(),
        ),
        Fault::UnknownTag(tag, kind) => (
            "Client-5001",
            format!("ERROR: Tag [{tag}] não faz parte da estrutura do tipo complexo [{kind}]!"),
        ),
        Fault::UnknownCall(call) => ("Client-5001", format!("ERROR: Método [{call}] não existe!")),
        Fault::NoClient(id) => (
            "Client-105",
            format!("ERROR: Cliente não cadastrado para o Código [{id}] !"),
        ),
        Fault::NoOrder(id) => (
            "Client-103",
            format!("ERROR: Pedido não cadastrado para o Código [{id}] !"),
        ),
        Fault::NoProduct(id) => (
            "Client-105",
            format!("ERROR: Produto não cadastrado para o Código [{id}] !"),
        ),
        Fault::BadDate(text) => (
            "Client-104",
            format!("ERROR: A data [{text}] está fora do intervalo!"),
        ),
        Fault::NotJson => ("Server", "Invalid JSON Object".to_owned()),
        Fault::Broken => (
            "Server",
            "SOAP-ERROR: Broken response from Application Server (4)".to_owned(),
        ),
    };
    reply(
        StatusCode::INTERNAL_SERVER_ERROR,
        &json!({"faultstring": text, "faultcode": format!("SOAP-ENV:{code}")}),
    )
}

fn reply(status: StatusCode, value: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        ascii(&value.to_string()),
    )
        .into_response()
}

/// Escapes every letter of a JSON text outside ASCII, as Omie does.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a String does not fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_read_back() {
        let value = json!({"nome": "Conceição 😀 & \"Cia\""});
        let text = ascii(&value.to_string());
        assert!(text.is_ascii() && text.contains("\\u00e7"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
