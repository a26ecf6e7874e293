//! Tests that every text has the same gaps in all languages, and that the code uses every text and
//! fills its gaps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use alta_domain::Language;

use super::{Plural, Text};

#[path = "../../texts.rs"]
mod files;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the gaps of a line, such as `n` of `{n}`.
fn gaps(line: &str) -> BTreeSet<&str> {
    let gap = |rest| Some(str::split_once(rest, '}')?.0);
    line.split('{').skip(1).filter_map(gap).collect()
}

/// Returns the app's source, without tests and comments.
fn code() -> String {
    let mut code = String::new();
    let mut folders = vec![PathBuf::from(ROOT).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let source = std::fs::read_to_string(path).unwrap();
                for line in source.lines().filter(|line| !line.trim().starts_with("//")) {
                    code += line;
                    code.push('\n');
                }
            }
        }
    }
    code
}

/// Returns the code that follows each use of a name, up to the end of the code.
fn after<'a>(code: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    code.match_indices(name)
        .map(|(at, name)| &code[at + name.len()..])
        .filter(|rest| rest.starts_with([',', ')', '\n', ';']))
}

#[test]
fn a_text_has_the_same_gaps_in_all_languages_and_the_code_fills_each() {
    let code = code();
    for text in files::read(&Path::new(ROOT).join("texts")).unwrap() {
        let key = format!("{}.{}", text.group, text.key);
        // Of two plural forms the last is `other`; `one` may leave out the count.
        let (other, one) = text.lines.split_last().unwrap();
        let expected = gaps(&other[0]);
        for (language, line) in files::LANGUAGES.iter().zip(other) {
            assert_eq!(gaps(line), expected, "the gaps of {key} in {language}");
        }
        for (language, line) in files::LANGUAGES.iter().zip(one.iter().flatten()) {
            assert!(
                gaps(line).is_subset(&expected),
                "the gaps of {key} (one) in {language}"
            );
        }
        let by_path = after(&code, &key.replace('.', "::")).next().is_some();
        let uses: Vec<&str> = after(&code, &key).collect();
        assert!(by_path || !uses.is_empty(), "nothing says {key}");
        for gap in expected {
            let fills = |rest: &&str| {
                let call = rest.split(';').next().unwrap_or_default();
                call.contains(&format!("{gap} ="))
            };
            assert!(uses.iter().all(fills), "{key} needs {gap}");
        }
    }
}

#[test]
fn no_line_is_empty_and_the_server_has_the_lines_in_the_order_of_the_names() {
    let texts = files::read(&Path::new(ROOT).join("texts")).unwrap();
    for language in 0..files::LANGUAGES.len() {
        let lines: Vec<&str> = files::lines(&texts, language).collect();
        assert!(lines.iter().all(|line| !line.trim().is_empty()));
        #[cfg(feature = "ssr")]
        assert_eq!(super::LINES[language], lines);
    }
}

#[test]
fn a_plural_form_is_chosen_by_the_rule_of_each_language() {
    let rows = Plural(7);
    let (one, other) = (Text(7), Text(8));
    for (language, zero) in [
        (Language::Spanish, other),
        (Language::Portuguese, one),
        (Language::English, other),
    ] {
        assert_eq!(rows.form(language, 0), zero, "{language:?}");
        assert_eq!(rows.form(language, 1), one, "{language:?}");
        for many in [2, 11, 21, 101] {
            assert_eq!(rows.form(language, many), other, "{language:?}");
        }
    }
}

#[cfg(feature = "ssr")]
#[test]
fn a_count_of_one_is_singular_in_every_language() {
    use crate::wording::fill_plural;
    let rows = |language, n| fill_plural(language, super::file::rows, ("{n}", n), &[]);
    assert_eq!(rows(Language::Spanish, 1), "1 fila");
    assert_eq!(rows(Language::Spanish, 0), "0 filas");
    assert_eq!(rows(Language::Portuguese, 0), "0 linha");
    assert_eq!(rows(Language::Portuguese, 1302), "1.302 linhas");
    assert_eq!(rows(Language::English, 1), "1 row");
    assert_eq!(rows(Language::English, 2), "2 rows");
}
