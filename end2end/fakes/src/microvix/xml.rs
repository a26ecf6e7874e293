//! Reads the XML of requests and writes that of answers.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use quick_xml::escape::escape;
use serde::Deserialize;

/// The content of a request.
pub(super) struct Command {
    pub(super) user: String,
    pub(super) password: String,
    pub(super) format: String,
    pub(super) name: String,
    pub(super) parameters: Vec<(String, String)>,
}

impl Command {
    pub(super) fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    /// Returns a parameter's value. `None` when it is missing or empty, or is the word NULL, which
    /// means that it is not used.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self
            .parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty() && *value != "NULL")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    authentication: Authentication,
    response_format: String,
    command: RequestCommand,
}

#[derive(Deserialize)]
struct Authentication {
    #[serde(rename = "@user")]
    user: String,
    #[serde(rename = "@password")]
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestCommand {
    name: String,
    parameters: Parameters,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(rename = "Parameter", default)]
    list: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "$text", default)]
    value: String,
}

/// Reads a request. `None` when the text is no request.
pub(super) fn read(body: &str) -> Option<Command> {
    let request: Request = quick_xml::de::from_str(body).ok()?;
    let parameters = request
        .command
        .parameters
        .list
        .into_iter()
        .map(|parameter| (parameter.id, parameter.value))
        .collect();
    let Authentication { user, password } = request.authentication;
    Some(Command {
        user,
        password,
        format: request.response_format.to_lowercase(),
        name: request.command.name,
        parameters,
    })
}

/// The table of an answer: the names of columns once, and rows with values by position.
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) fn table(table: &Table) -> Response {
    if table.columns.is_empty() {
        return envelope(
            "<ResponseData />",
            "<ResponseSuccess>True</ResponseSuccess>",
        );
    }
    let mut data = String::from("<ResponseData>");
    push_line(&mut data, ["<C>", "</C>\r\n"], &table.columns);
    for row in &table.rows {
        push_line(&mut data, ["<R>", "</R>\r\n"], row);
    }
    data.push_str("</ResponseData>");
    envelope(&data, "<ResponseSuccess>True</ResponseSuccess>")
}

pub(super) fn refusal(message: &str) -> Response {
    let error = format!(
        "<ResponseSuccess>False</ResponseSuccess>\
         <ResponseError><Message>{}</Message></ResponseError>",
        escape(message)
    );
    envelope("<ResponseData />", &error)
}

/// Writes a line of cells. An empty value keeps its place.
fn push_line(data: &mut String, [open, close]: [&str; 2], cells: &[String]) {
    data.push_str(open);
    for cell in cells {
        if cell.is_empty() {
            data.push_str("<D />");
        } else {
            data.push_str("<D>");
            data.push_str(&escape(cell.as_str()));
            data.push_str("</D>");
        }
    }
    data.push_str(close);
}

/// Writes the envelope of an answer. A byte order mark comes before the XML, as .NET writes it.
fn envelope(data: &str, result: &str) -> Response {
    let start = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    let body =
        format!("{start}<Microvix>{data}<ResponseResult>{result}</ResponseResult></Microvix>");
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read() {
        let body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><LinxMicrovix><Authentication \
            user=\"linx_export\" password=\"p&amp;q\"/>\
            <ResponseFormat>xml</ResponseFormat><Command><Name>LinxMovimento</Name>\
            <Parameters><Parameter id=\"chave\">a&amp;b</Parameter>\
            <Parameter id=\"data_inicial\">NULL</Parameter><Parameter \
            id=\"timestamp\"></Parameter></Parameters></Command></LinxMicrovix>";
        let command = read(body).unwrap();
        assert_eq!(
            (command.password.as_str(), command.get("chave")),
            ("p&q", Some("a&b"))
        );
        assert!(
            command.has("data_inicial")
                && command.get("data_inicial").is_none()
                && command.get("timestamp").is_none()
        );
        assert!(read("<html/>").is_none());
    }
}
