//! Texts of vendors' values.

use minijinja::Value;
use minijinja::value::ValueKind;

/// Returns a value as a trimmed text. Numbers are written without `.0`. Missing values and maps
/// give an empty text.
pub(crate) fn text_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None | ValueKind::Map => String::new(),
        ValueKind::Number => {
            let text = value.to_string();
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        // A text in PostgreSQL can't hold a NUL.
        _ => value.to_string().trim().replace('\0', "\u{fffd}"),
    }
}

/// Returns a text in lower case without accents, for comparing vendors' words.
pub(crate) fn plain(text: &str) -> String {
    let without_accent = |letter: char| match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.to_lowercase().chars().map(without_accent).collect()
}
