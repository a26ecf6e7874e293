//! The rules of the project that no other tool checks: how long a file and how wide a line may be,
//! and that each path that the documentation names exists.
//!
//! Clippy checks the length of a function (`clippy.toml`), rustfmt the shape of the code.

use std::path::{Path, PathBuf};

/// The most lines of a source file.
const LINES: usize = 400;
/// The most characters of a line.
const COLUMNS: usize = 100;

/// The files that are longer and are to be split, with their lines. A file may leave this list. No
/// file may join it or grow.
const LONG: [(&str, usize); 2] = [
    ("server/tests/it/systems.rs", 470),
    ("server/tests/it/systems/own.rs", 495),
];

/// The directories without files written by hand, and those with files that people dropped.
const SKIPPED: [&str; 8] = [
    "target",
    "node_modules",
    ".git",
    "data",
    "corpus",
    "shots",
    "test-results",
    "dist",
];

/// The files that have wide lines for another reason, with the reason.
const WIDE: [(&str, &str); 4] = [
    (
        "README.md",
        "its table of settings is printed by `alta settings --markdown`",
    ),
    ("docs/asvs.md", "a table of requirements, a line each"),
    (
        "crates/connect/systems/shopify.toml",
        "the tests of systems replace a line of it as a whole",
    ),
    (
        "server/tests/it/promises/examples.md",
        "each sentence of an example is read as a line",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Lists the files below a directory that end in one of these endings.
fn files(directory: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                files(&path, endings, found);
            }
        } else if path
            .extension()
            .is_some_and(|ending| endings.iter().any(|known| ending == *known))
        {
            found.push(path);
        }
    }
}

fn too_long(text: &str) -> bool {
    text.lines().count() > LINES
}

/// Returns the numbers of lines that are too wide. A line of a Markdown table, a line with an
/// address, and a text in quotes that TypeScript's formatter leaves whole may be wider.
fn too_wide(text: &str, ending: &str) -> Vec<usize> {
    let excused = |line: &str| match ending {
        "md" => line.starts_with('|') || line.contains("](http"),
        "ts" | "mjs" => line.contains(['\'', '"', '`']),
        "rs" => line.trim_start().starts_with("//") && line.contains("http"),
        _ => false,
    };
    let lines = text.lines().enumerate();
    let wide = lines.filter(|(_, line)| line.chars().count() > COLUMNS && !excused(line));
    wide.map(|(number, _)| number + 1).collect()
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let mut found = Vec::new();
    files(&root(), &["rs", "ts", "css", "mjs"], &mut found);
    assert!(found.len() > 300, "the sources are found");
    let long: Vec<String> = found
        .iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let lines = text.lines().count();
            let waits = LONG
                .iter()
                .any(|(known, most)| name == *known && lines <= *most);
            (too_long(&text) && !waits).then(|| format!("{name}: {lines} lines"))
        })
        .collect();
    assert!(
        long.is_empty(),
        "split these by subject:\n{}",
        long.join("\n")
    );
}

#[test]
fn no_line_is_wider_than_100_columns() {
    let mut found = Vec::new();
    files(&root(), &["rs", "ts", "css", "mjs", "md"], &mut found);
    for directory in ["app/texts", "crates/connect/systems"] {
        files(&root().join(directory), &["toml"], &mut found);
    }
    assert!(found.len() > 300, "the sources are found");
    let mut wide = Vec::new();
    for path in &found {
        let name = path
            .strip_prefix(root())
            .unwrap()
            .to_string_lossy()
            .into_owned();
        if WIDE.iter().any(|(excepted, _)| name == *excepted) {
            continue;
        }
        let ending = path.extension().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        wide.extend(
            too_wide(&text, &ending)
                .iter()
                .map(|line| format!("{name}:{line}")),
        );
    }
    assert!(
        wide.is_empty(),
        "{} lines are too wide:\n{}",
        wide.len(),
        wide.join("\n")
    );
}

#[test]
fn both_rules_can_fail() {
    assert!(too_long(&"a\n".repeat(401)));
    assert!(!too_long(&"a\n".repeat(400)));
    let line = "é".repeat(101);
    assert_eq!(too_wide(&format!("short\n{line}"), "rs"), [2]);
    assert!(too_wide(&"é".repeat(100), "rs").is_empty());
    assert!(
        too_wide(&format!("|{line}"), "md").is_empty(),
        "a table's row is one line"
    );
}

/// Returns the paths in backquotes that a page of documentation names.
fn named_paths(text: &str) -> Vec<&str> {
    let is_path = |text: &&str| {
        text.contains('/')
            && !text.contains([' ', '<', '*', '{', ':', '$', '~'])
            // A recipe may name a file that is still to be made.
            && !["NAME", "SUBJECT", "TABLE", "mNNNN_"].iter().any(|blank| text.contains(blank))
            && [
                "app/",
                "crates/",
                "end2end/",
                "frontend/",
                "server/",
                "xtask/",
                "docs/",
            ]
            .iter()
            .any(|start| text.starts_with(start))
    };
    text.split('`').skip(1).step_by(2).filter(is_path).collect()
}

#[test]
fn every_path_that_the_documentation_names_is_there() {
    let mut missing = Vec::new();
    for page in [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "README.md",
        "docs/systems.md",
    ] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let named = named_paths(&text);
        let gone = named.iter().filter(|path| !root().join(path).exists());
        missing.extend(gone.map(|path| format!("{page}: {path}")));
    }
    assert!(
        missing.is_empty(),
        "these are not there:\n{}",
        missing.join("\n")
    );
    assert_eq!(
        named_paths("see `app/src/no.rs` and `cargo run`"),
        ["app/src/no.rs"]
    );
}
