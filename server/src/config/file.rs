//! The settings file: `alta.toml` in the working directory, or the file that `--config` or
//! `ALTA_CONFIG` names.

use std::io::ErrorKind;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::table::{Config, SETTINGS, Setting};
use super::value::Written;

/// The settings file that is read when none is named.
const DEFAULT_FILE: &str = "alta.toml";

/// The similarity of two names (Damerau-Levenshtein, 0 to 1) from which on the error suggests a
/// setting's name.
const SIMILAR: f64 = 0.6;

/// Reads the settings file; settings that the file does not contain have their defaults. A missing
/// file is an error only when `named` is given.
pub(super) fn read_file(named: Option<&Path>) -> Result<Config, ConfigError> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read(path) {
        Ok(bytes) => parse(path, &bytes),
        // A link whose target is missing is a file that cannot be read.
        Err(error) if error.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            match named {
                Some(_) => Err(ConfigError::Missing {
                    file: path.to_owned(),
                }),
                None => Ok(Config::default()),
            }
        }
        Err(error) => Err(ConfigError::Unreadable {
            file: path.to_owned(),
            error,
        }),
    }
}

/// Reads the bytes of a settings file.
fn parse(path: &Path, bytes: &[u8]) -> Result<Config, ConfigError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ConfigError::NotUtf8 {
        file: path.to_owned(),
        line: line_at(bytes, error.valid_up_to()),
    })?;
    let table = DeTable::parse(text).map_err(|error| {
        // Only the message: the error's own text quotes the line, which may hold a secret.
        let start = error.span().map_or(bytes.len(), |span| span.start);
        ConfigError::NotToml {
            file: path.to_owned(),
            line: line_at(bytes, start),
            key: setting_of_line(text, start).map(|setting| setting.name),
            message: error.message().to_owned(),
        }
    })?;
    let mut config = Config::default();
    for (key, value) in table.get_ref() {
        let line = line_at(bytes, key.span().start);
        let setting = find(key.get_ref()).ok_or_else(|| ConfigError::UnknownKey {
            file: path.to_owned(),
            line,
            key: key.get_ref().to_string(),
            similar: similar(key.get_ref()),
        })?;
        (setting.set)(&mut config, &written(value.get_ref())).map_err(|form| {
            ConfigError::WrongValue {
                file: path.to_owned(),
                line,
                key: setting.name,
                form,
            }
        })?;
    }
    Ok(config)
}

/// Returns the setting with this name; `None` when there is none.
fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Returns the name of the setting that is most similar to a misspelt key; `None` when none is
/// similar.
fn similar(key: &str) -> Option<&'static str> {
    // People may have written the name of the environment variable.
    let key = key.to_lowercase();
    let key = key.strip_prefix("alta_").unwrap_or(&key);
    SETTINGS
        .iter()
        .map(|setting| {
            (
                strsim::normalized_damerau_levenshtein(setting.name, key),
                setting.name,
            )
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// Returns the setting whose name begins the line of this byte; `None` when none does.
fn setting_of_line(text: &str, at: usize) -> Option<&'static Setting> {
    let start = text.as_bytes()[..at.min(text.len())]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let name = text[start..].split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    name.map(str::trim)
        .find(|word| !word.is_empty())
        .and_then(find)
}

/// Returns the number of the line that contains this byte, from 1.
fn line_at(bytes: &[u8], at: usize) -> usize {
    let before = &bytes[..at.min(bytes.len())];
    before.split(|byte| *byte == b'\n').count()
}

/// Converts a value of the TOML parser.
fn written<'a>(value: &'a DeValue<'_>) -> Written<'a> {
    match value {
        DeValue::String(text) => Written::Text(text),
        DeValue::Integer(number) => Written::Integer(number.as_str(), number.radix()),
        DeValue::Boolean(value) => Written::Boolean(*value),
        _ => Written::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        match parse(Path::new("alta.toml"), text.as_bytes()) {
            Ok(_) => panic!("taken: {text}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_file_sets_what_it_mentions() {
        let text = "max_file_bytes = 5_000\nlisten = \"0.0.0.0:80\"\nallow_private_systems = true";
        let config = parse(Path::new("alta.toml"), text.as_bytes()).unwrap();
        assert_eq!(
            (config.max_file_bytes, config.allow_private_systems),
            (5000, true)
        );
        assert_eq!(config.listen.to_string(), "0.0.0.0:80");
        assert_eq!(config.undo_days, Config::default().undo_days);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line_and_a_suggestion() {
        assert_eq!(
            refusal("# Alta\nlisen = \"127.0.0.1:80\""),
            "alta.toml, line 2: there is no setting `lisen`, did you mean `listen`?; \
             `alta settings` lists all"
        );
        assert!(refusal("ALTA_UNDO_DAYS = 5").contains("did you mean `undo_days`?"));
        assert!(!refusal("colour = 5").contains("did you mean"));
        assert!(
            refusal("[limits]\nundo_days = 5").contains("line 1: there is no setting `limits`")
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line_and_the_form_it_must_have() {
        for (text, message) in [
            (
                "undo_days = \"5\"",
                "`undo_days` must be a whole number from 0 to 4294967295",
            ),
            ("undo_days = 5.5", "`undo_days` must be a whole number"),
            (
                "max_file_bytes = -1",
                "`max_file_bytes` must be a whole number",
            ),
            (
                "allow_private_systems = \"yes\"",
                "`allow_private_systems` must be true or false",
            ),
            (
                "listen = \"here\"",
                "`listen` must be an IP address and a port",
            ),
            ("data = 5", "`data` must be a path, in double quotes"),
            ("oidc_name = [\"a\"]", "`oidc_name` must be a text"),
            (
                "public_url = \"alta.example.com\"",
                "`public_url` must be an address that begins",
            ),
        ] {
            let refusal = refusal(&format!("\n{text}\n"));
            assert!(
                refusal.starts_with(&format!("alta.toml, line 2: {message}")),
                "{refusal}"
            );
        }
    }

    #[test]
    fn a_file_that_is_no_toml_is_named_with_its_line_and_without_its_secrets() {
        for text in [
            "\nsecret_key = \"secret",
            "\nsecret_key = secret",
            "\nsecret_key \"secret\"",
            "\nsecret_key = \"secret\" \"secret\"",
            "secret_key = \"secret\"\nsecret_key = \"secret\"",
        ] {
            let refusal = refusal(text);
            let start = "alta.toml, line 2, `secret_key`: this is not TOML (";
            assert!(refusal.starts_with(start), "{text}: {refusal}");
            assert!(
                !refusal.replace("secret_key", "").contains("secret"),
                "{refusal}"
            );
        }
        let latin = parse(Path::new("alta.toml"), b"data = \"x\"\n# S\xe3o Paulo\n");
        assert_eq!(
            latin.map(|_| ()).unwrap_err().to_string(),
            "alta.toml, line 2: this is not UTF-8; save the file as UTF-8"
        );
    }
}
