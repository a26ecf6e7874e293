//! Generates Rust code from the texts in `texts/*.toml`: a constant for the name of each text, and
//! for the server the lists of all lines. Code with a name that no text has does not compile, and
//! neither does a text that a language lacks.

use std::fmt::Write;
use std::path::Path;

mod texts;

use texts::{LANGUAGES, Text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in ["build.rs", "texts.rs", "texts"] {
        println!("cargo::rerun-if-changed={path}");
    }
    match texts::read(Path::new("texts")) {
        Ok(texts) => {
            let code = constants(&texts)? + &lists(&texts)?;
            std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("texts.rs"), code)?;
        }
        Err(mistakes) => {
            for mistake in mistakes.lines() {
                println!("cargo::error=app/{mistake}");
            }
        }
    }
    Ok(())
}

/// Returns the code of a module for each group of texts, with a constant for each key. The constant
/// holds the number of the text's first line.
fn constants(texts: &[Text]) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    let mut line = 0;
    for group in texts.chunk_by(|a, b| a.group == b.group) {
        writeln!(code, "pub(crate) mod {} {{", group[0].group)?;
        for Text { key, lines, .. } in group {
            let kind = if lines.len() == 1 { "Text" } else { "Plural" };
            writeln!(
                code,
                "    pub(crate) const {key}: super::{kind} = super::{kind}({line});"
            )?;
            line += lines.len();
        }
        code.push_str("}\n");
    }
    Ok(code)
}

/// Returns the code of the static that holds the lines of each language, for the server.
fn lists(texts: &[Text]) -> Result<String, std::fmt::Error> {
    let mut code =
        String::from("#[cfg(feature = \"ssr\")]\npub(crate) static LINES: [&[&str]; 3] = [\n");
    for language in 0..LANGUAGES.len() {
        let lines: Vec<&str> = texts::lines(texts, language).collect();
        writeln!(code, "    &{lines:?},")?;
    }
    code.push_str("];\n");
    Ok(code)
}
