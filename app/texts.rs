//! Reads the texts of the screens from `texts/*.toml`: a file is a group, and an entry of a file is
//! one text in all languages.
//!
//! ```toml
//! choose = { es = "Elegir archivo", pt-BR = "Escolher arquivo", en = "Choose file" }
//!
//! rows.es = { one = "{n} fila", other = "{n} filas" }
//! rows.pt-BR = { one = "{n} linha", other = "{n} linhas" }
//! rows.en = { one = "{n} row", other = "{n} rows" }
//! ```
//!
//! Server and browser find a text by its line number, so all programs that read the files must
//! agree on the order of the lines. Therefore three programs include this file: `app/build.rs`,
//! which generates the constants of the names and the server's lists, `cargo xtask build`, which
//! writes the browser's lists, and the tests of the texts.

use std::path::Path;

use toml::{Table, Value};

/// The tags of the languages, in the order of `alta_domain::Language`.
pub(crate) const LANGUAGES: [&str; 3] = ["es", "pt-BR", "en"];

/// The plural forms that each of these languages has, in the order of their lines.
const FORMS: [&str; 2] = ["one", "other"];

/// One text in all languages.
pub(crate) struct Text {
    /// The name of the text's file, without `.toml`.
    pub(crate) group: String,
    /// The text's name in its file.
    pub(crate) key: String,
    /// The text's lines, each in the order of [`LANGUAGES`]: one line, or one for each plural form.
    pub(crate) lines: Vec<[String; 3]>,
}

/// Reads all texts, sorted by group and key.
///
/// # Errors
/// A line for every mistake, with its file and key: TOML that can't be parsed, a language that is
/// missing or unknown, a plural form that is missing or unknown, a text with a line break.
pub(crate) fn read(folder: &Path) -> Result<Vec<Text>, String> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut texts = Vec::new();
    let mut mistakes = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        match read_group(&path) {
            Ok(group) => {
                for text in group {
                    match text {
                        Ok(text) => texts.push(text),
                        Err(mistake) => mistakes.push(format!("{}: {mistake}", path.display())),
                    }
                }
            }
            Err(mistake) => mistakes.push(format!("{}: {mistake}", path.display())),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes.join("\n"));
    }
    texts.sort_by(|a, b| (&a.group, &a.key).cmp(&(&b.group, &b.key)));
    Ok(texts)
}

/// Returns all lines of a language, given by its place in [`LANGUAGES`].
pub(crate) fn lines(texts: &[Text], language: usize) -> impl Iterator<Item = &str> {
    texts
        .iter()
        .flat_map(|text| &text.lines)
        .map(move |line| line[language].as_str())
}

fn read_group(path: &Path) -> Result<Vec<Result<Text, String>>, String> {
    let source = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let table: Table = source
        .parse()
        .map_err(|error: toml::de::Error| error.to_string().replace('\n', " "))?;
    let group = path.file_stem().unwrap_or_default().to_string_lossy();
    let text = |(key, value): (String, Value)| match read_lines(&value) {
        Ok(lines) => Ok(Text {
            group: group.to_string(),
            key,
            lines,
        }),
        Err(mistake) => Err(format!("{key} {mistake}")),
    };
    Ok(table.into_iter().map(text).collect())
}

fn read_lines(text: &Value) -> Result<Vec<[String; 3]>, String> {
    let languages = table_of(text, &LANGUAGES)?;
    if languages.values().all(Value::is_str) {
        return Ok(vec![line_of(languages, Ok)?]);
    }
    let line = |form: &&str| {
        line_of(languages, |forms| {
            let found = table_of(forms, &FORMS)?.get(*form);
            found.ok_or_else(|| format!("lacks the plural form `{form}`"))
        })
    };
    FORMS.iter().map(line).collect()
}

/// Returns a value as a table; an error when it is no table or has other keys than these.
fn table_of<'a>(value: &'a Value, keys: &[&str]) -> Result<&'a Table, String> {
    let expected = || keys.join(", ");
    let table = value
        .as_table()
        .ok_or_else(|| format!("is not a table of {}", expected()))?;
    match table.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(unknown) => Err(format!("has `{unknown}`, which is none of {}", expected())),
        None => Ok(table),
    }
}

/// Returns one line in all languages; `form` picks the string from a language's value.
fn line_of<'a>(
    languages: &'a Table,
    form: impl Fn(&'a Value) -> Result<&'a Value, String>,
) -> Result<[String; 3], String> {
    let mut line = LANGUAGES.map(|_| String::new());
    for (language, into) in LANGUAGES.iter().zip(&mut line) {
        let value = languages
            .get(*language)
            .ok_or_else(|| format!("lacks `{language}`"))?;
        let text = form(value).map_err(|mistake| format!("({language}) {mistake}"))?;
        let text = text
            .as_str()
            .ok_or_else(|| format!("({language}) is not a text"))?;
        if text.contains('\n') {
            return Err(format!("({language}) has a line break"));
        }
        text.clone_into(into);
    }
    Ok(line)
}
