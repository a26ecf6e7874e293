//! Writes and reads the XML of Linx Microvix's web service 'saída', which templates can't express.
//!
//! A request is a command with parameters. An answer has the names of its columns once, and rows
//! with their values in the order of the columns. It becomes `{ "success", "message", "rows":
//! [{name: value}] }`.

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

/// The user and password that all callers share (Linx's manual). The secret key is a parameter.
const SHARED_USER: &str = "linx_export";

/// Writes the XML of a body `{ "method", "parameters": {name: value} }`.
pub(crate) fn command(body: &Value) -> String {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let method = body.get("method").map(text).unwrap_or_default();
    let parameters = body
        .get("parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let parameter = |(name, value): (&String, &Value)| {
        format!(
            "<Parameter id=\"{}\">{}</Parameter>",
            escape(name.as_str()),
            escape(text(value).as_str())
        )
    };
    let parameters = parameters.map(parameter).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><LinxMicrovix>\
         <Authentication user=\"{SHARED_USER}\" password=\"{SHARED_USER}\"/>\
         <ResponseFormat>xml</ResponseFormat><Command><Name>{}</Name>\
         <Parameters>{parameters}</Parameters></Command></LinxMicrovix>",
        escape(method.as_str())
    )
}

/// Reads the XML of an answer.
///
/// # Errors
/// The fault of its XML, in words.
pub(crate) fn answer(body: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut found = ReadAnswer::default();
    let mut path: Vec<String> = Vec::new();
    let mut cell = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                let name = tag.name().0.to_owned();
                found.begins(&name);
                path.push(name);
                cell.clear();
            }
            Event::Empty(tag) if tag.name().0 == "D" => found.cells.push(String::new()),
            Event::Text(part) => cell.push_str(&part),
            Event::CData(part) => cell.push_str(&part),
            Event::GeneralRef(reference) => match reference
                .resolve_char_ref()
                .map_err(|error| error.to_string())?
            {
                Some(letter) => cell.push(letter),
                None => cell.push_str(
                    quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or_default(),
                ),
            },
            Event::End(_) => {
                found.ends(&path.pop().unwrap_or_default(), &std::mem::take(&mut cell));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !path.is_empty() || found.success.is_empty() {
        return Err("the answer has no ResponseSuccess, or broke off".to_owned());
    }
    Ok(json!({
        "success": found.success.eq_ignore_ascii_case("true"),
        "message": found.message,
        "rows": found.rows,
    }))
}

/// The parts of an answer that have been read.
#[derive(Default)]
struct ReadAnswer {
    success: String,
    message: String,
    names: Vec<String>,
    cells: Vec<String>,
    rows: Vec<Value>,
}

impl ReadAnswer {
    /// Notes that an element begins.
    fn begins(&mut self, tag: &str) {
        if matches!(tag, "C" | "R") {
            self.cells.clear();
        }
    }

    /// Notes that an element with this text ends.
    fn ends(&mut self, tag: &str, text: &str) {
        match tag {
            "D" => self.cells.push(text.trim().to_owned()),
            "C" => self.names = std::mem::take(&mut self.cells),
            "R" => {
                let cells = std::mem::take(&mut self.cells).into_iter().map(Value::from);
                self.rows.push(Value::Object(
                    self.names.iter().cloned().zip(cells).collect::<Map<_, _>>(),
                ));
            }
            "ResponseSuccess" => text.trim().clone_into(&mut self.success),
            "Message" => text.trim().clone_into(&mut self.message),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_a_command_are_escaped() {
        let command = command(&json!({
            "method": "LinxProdutos",
            "parameters": { "chave": "a<b&\"", "timestamp": 7 },
        }));
        assert!(command.contains("<Name>LinxProdutos</Name>"));
        assert!(command.contains(concat!(
            "<Parameter id=\"chave\">a&lt;b&amp;&quot;</Parameter>",
            "<Parameter id=\"timestamp\">7</Parameter>",
        )));
    }

    #[test]
    fn rows_are_read_by_position_and_empty_cells_hold_their_place() {
        let read = answer(
            "\u{feff}<Microvix><ResponseData><C><D>portal</D><D>nome</D><D>email</D></C>\
             <R><D>1</D><D /><D>a@example.com</D></R>\
             <R><D>2</D><D>Jo&#227;o &amp; Cia</D><D></D></R></ResponseData><ResponseResult>\
             <ResponseSuccess>True</ResponseSuccess></ResponseResult></Microvix>"
                .as_bytes(),
        );
        let rows = json!([
            { "portal": "1", "nome": "", "email": "a@example.com" },
            { "portal": "2", "nome": "João & Cia", "email": "" },
        ]);
        assert_eq!(
            read.unwrap(),
            json!({ "success": true, "message": "", "rows": rows })
        );
    }

    #[test]
    fn entities_of_a_hostile_answer_are_neither_looked_up_nor_multiplied() {
        for declared in [
            "<!ENTITY x SYSTEM \"file:///etc/hostname\">",
            "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY x \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">",
        ] {
            let hostile = format!(
                "<!DOCTYPE Microvix [{declared}]><Microvix><ResponseData><C><D>nome</D></C>\
                 <R><D>Ana&x;</D></R></ResponseData><ResponseResult>\
                 <ResponseSuccess>True</ResponseSuccess></ResponseResult></Microvix>"
            );
            let read = answer(hostile.as_bytes()).unwrap();
            assert_eq!(read["rows"], json!([{ "nome": "Ana" }]), "{declared}");
        }
    }

    #[test]
    fn a_refusal_and_half_an_answer_are_told_apart() {
        let refused = "<Microvix><ResponseData /><ResponseResult>\
                       <ResponseSuccess>False</ResponseSuccess>\
                       <ResponseError><Message>O parametro é inválido.</Message></ResponseError>\
                       </ResponseResult></Microvix>";
        let read = answer(refused.as_bytes()).unwrap();
        assert_eq!(read["message"], "O parametro é inválido.");
        assert_eq!(read["success"], false);
        assert!(answer(&refused.as_bytes()[..60]).is_err());
        assert!(answer(b"<html>down</html>").is_err());
    }
}
