//! The settings as tables: for `alta settings`, and for README.md.

use std::fmt::Write;

use super::table::{Config, SETTINGS};

/// The text for the value of a setting that is not set.
const NOT_SET: &str = "not set";

/// Returns a table of all settings for a terminal: name, environment variable, default, and the
/// value in force, its secrets masked.
#[must_use]
pub fn to_text(config: &Config) -> String {
    let default = Config::default();
    let shown = |value: Option<String>| value.unwrap_or_else(|| NOT_SET.to_owned());
    let mut rows = vec![["setting", "environment", "default", "in force"].map(str::to_owned)];
    rows.extend(SETTINGS.iter().map(|setting| {
        [
            setting.name.to_owned(),
            setting.environment.to_owned(),
            shown((setting.show)(&default)),
            shown((setting.show)(config)),
        ]
    }));
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [name, environment, default, value] in &rows {
        let [first, second, third] = widths;
        // Writing into a String never fails.
        let _ = writeln!(
            text,
            "{name:first$}  {environment:second$}  {default:third$}  {value}"
        );
    }
    text
}

/// Returns a table of all settings in Markdown: name, environment variable, default, description.
#[must_use]
pub fn to_markdown() -> String {
    let default = Config::default();
    let mut text =
        "| setting | environment | default | description |\n|---|---|---|---|\n".to_owned();
    for setting in SETTINGS {
        let shown = (setting.show)(&default);
        let shown = shown.map_or_else(|| NOT_SET.to_owned(), |value| format!("`{value}`"));
        // Writing into a String never fails.
        let _ = writeln!(
            text,
            "| `{}` | `{}` | {shown} | {} |",
            setting.name,
            setting.environment,
            setting.description.trim().replace('|', "\\|")
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Written;

    #[test]
    fn secrets_are_masked() {
        let mut config = Config::default();
        let secret = Written::Text("scheme://user:hidden@host/x?password=hidden");
        let names = [
            "database_url",
            "secret_key",
            "smtp_url",
            "oidc_client_secret",
        ];
        for setting in SETTINGS
            .iter()
            .filter(|setting| names.contains(&setting.name))
        {
            (setting.set)(&mut config, &secret).unwrap();
        }
        let text = to_text(&config);
        assert!(!text.contains("hidden"), "{text}");
        assert_eq!(text.matches("***").count(), 6, "{text}");
        assert_eq!(text.lines().count(), SETTINGS.len() + 1);
    }

    #[test]
    fn the_columns_of_the_text_stand_below_each_other() {
        let text = to_text(&Config::default());
        let at = text.find("environment").unwrap();
        let starts = |line: &str| line[at..].starts_with("ALTA_") || line[at..].starts_with("DATA");
        assert!(text.lines().skip(1).all(starts), "{text}");
    }
}
