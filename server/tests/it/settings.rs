//! The settings on the command line: `alta.toml`, `--config`, the environment, `alta settings`.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `alta` in a directory with no settings but these variables.
fn alta(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alta"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ALTA_") {
            command.env_remove(name);
        }
    }
    command
        .env_remove("DATABASE_URL")
        .envs(variables.iter().copied())
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs `alta`, which must be refused with the status of bad arguments; returns the message.
fn refused(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = alta(directory, variables, arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    assert!(!directory.join("data").exists(), "nothing is opened before");
    message
}

/// Returns the row of a setting in the table of settings, with its value in force.
fn row(directory: &Path, variables: &[(&str, &str)], arguments: &[&str], name: &str) -> String {
    let output = alta(directory, variables, arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let mut rows = text
        .lines()
        .filter(|row| row.split_whitespace().next() == Some(name));
    rows.next()
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_readme_has_the_table_that_alta_prints() {
    let directory = tempfile::tempdir().unwrap();
    // Broken settings do not matter, because the table has no values.
    std::fs::write(directory.path().join("alta.toml"), "?").unwrap();
    let output = alta(directory.path(), &[], &["settings", "--markdown"]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.lines().count() > 29, "{table}");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    assert!(
        readme.unwrap().contains(&format!("\n\n{table}\n")),
        "replace the table in README.md by what `alta settings --markdown` prints:\n{table}"
    );
}

#[test]
fn without_a_file_all_settings_have_their_defaults() {
    let directory = tempfile::tempdir().unwrap();
    let row = |name| row(directory.path(), &[], &["settings"], name);
    assert_eq!(
        row("listen"),
        "listen ALTA_LISTEN 127.0.0.1:3000 127.0.0.1:3000"
    );
    assert_eq!(row("undo_days"), "undo_days ALTA_UNDO_DAYS 30 30");
    assert_eq!(
        row("database_url"),
        "database_url DATABASE_URL not set not set"
    );
}

#[test]
fn the_environment_comes_before_the_file_and_the_command_line_names_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("alta.toml", "undo_days = 31\nsyncs_at_once = 8");
    write("other.toml", "undo_days = 32");
    write("third.toml", "undo_days = 33");
    let days = |variables: &[(&str, &str)], arguments: &[&str]| {
        let row = row(directory.path(), variables, arguments, "undo_days");
        row.rsplit(' ').next().unwrap().to_owned()
    };
    let other = ("ALTA_CONFIG", "other.toml");
    assert_eq!(days(&[], &["settings"]), "31");
    assert_eq!(days(&[("ALTA_UNDO_DAYS", "5")], &["settings"]), "5");
    assert_eq!(
        days(&[("ALTA_UNDO_DAYS", "")], &["settings"]),
        "31",
        "empty is not set"
    );
    assert_eq!(days(&[other], &["settings"]), "32");
    assert_eq!(
        days(&[other], &["--config", "third.toml", "settings"]),
        "33"
    );
    assert_eq!(
        days(&[other], &["settings", "--config", "third.toml"]),
        "33"
    );
    assert_eq!(days(&[("ALTA_CONFIG", "")], &["settings"]), "31");
}

#[test]
fn a_named_file_must_be_there() {
    let directory = tempfile::tempdir().unwrap();
    let by_argument = refused(directory.path(), &[], &["serve", "--config", "other.toml"]);
    let by_variable = refused(
        directory.path(),
        &[("ALTA_CONFIG", "other.toml")],
        &["serve"],
    );
    for message in [by_argument, by_variable] {
        assert!(
            message.contains("other.toml: there is no such file"),
            "{message}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_used_keeps_every_command_from_running() {
    for (text, expected) in [
        (
            &b"data = \"data\"\n# S\xe3o Paulo\n"[..],
            "line 2: this is not UTF-8",
        ),
        (
            b"data = \"data\"\nlisten 5\n",
            "line 2, `listen`: this is not TOML",
        ),
        (
            b"\nundo_day = 5\n",
            "line 2: there is no setting `undo_day`, did you mean `undo_days`?",
        ),
        (
            b"undo_days = \"5\"\n",
            "line 1: `undo_days` must be a whole number",
        ),
        (
            b"public_url = \"alta.example.com\"\n",
            "line 1: `public_url` must be an address that",
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("alta.toml"), text).unwrap();
        for command in ["serve", "migrate", "settings"] {
            let message = refused(directory.path(), &[], &[command]);
            assert!(
                message.starts_with(&format!("alta: alta.toml, {expected}")),
                "{message}"
            );
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_taken_for_a_missing_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("alta.toml");
    std::fs::create_dir(&path).unwrap();
    let message = refused(directory.path(), &[], &["serve"]);
    assert!(
        message.starts_with("alta: alta.toml: it cannot be read ("),
        "{message}"
    );
    std::fs::remove_dir(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        symlink("nowhere.toml", &path).unwrap();
        let message = refused(directory.path(), &[], &["serve"]);
        assert!(
            message.starts_with("alta: alta.toml: it cannot be read ("),
            "{message}"
        );
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "undo_days = 5").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
        // Root can read the file nevertheless.
        if std::fs::read(&path).is_err() {
            let message = refused(directory.path(), &[], &["serve"]);
            assert!(
                message.starts_with("alta: alta.toml: it cannot be read ("),
                "{message}"
            );
        }
    }
}

#[test]
fn a_variable_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().unwrap();
    for (variable, text) in [
        ("ALTA_LISTEN", "here"),
        ("ALTA_UNDO_DAYS", "soon"),
        ("ALTA_MAX_FILE_BYTES", "-1"),
        ("ALTA_ALLOW_PRIVATE_SYSTEMS", "perhaps"),
        ("ALTA_PUBLIC_URL", "alta.example.com"),
    ] {
        let message = refused(directory.path(), &[(variable, text)], &["serve"]);
        let start = format!("alta: the environment variable {variable} must be ");
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn secrets_are_never_printed() {
    let directory = tempfile::tempdir().unwrap();
    let variables = [
        (
            "DATABASE_URL",
            "postgres://alta:hidden@db.example.com/alta?password=hidden",
        ),
        ("ALTA_SECRET_KEY", "hidden"),
        ("ALTA_SMTP_URL", "smtps://hidden:hidden@mail.example.com"),
        ("ALTA_OIDC_CLIENT_SECRET", "hidden"),
    ];
    let output = alta(directory.path(), &variables, &["settings"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("postgres://***@db.example.com/alta?***"),
        "{text}"
    );
    assert!(text.contains("smtps://***@mail.example.com"), "{text}");
    assert!(!text.contains("hidden"), "{text}");
    for file in [
        "secret_key = \"hidden",
        "smtp_url = [\"hidden\"]",
        "secret_kay = \"hidden\"",
    ] {
        std::fs::write(directory.path().join("alta.toml"), file).unwrap();
        let message = refused(directory.path(), &[], &["serve"]);
        assert!(!message.contains("hidden"), "{message}");
    }
    std::fs::remove_file(directory.path().join("alta.toml")).unwrap();
    // Here the value itself is refused, not its form.
    let output = alta(
        directory.path(),
        &[("ALTA_SECRET_KEY", "hidden")],
        &["migrate"],
    );
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && message.contains("ALTA_SECRET_KEY"),
        "{message}"
    );
    assert!(!message.contains("hidden"), "{message}");
}

#[cfg(unix)]
#[test]
fn what_is_stored_is_for_its_owner_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let command = format!(
        "umask 000; echo 'correct horse 9' | {alta} set-up --organization Acme --country BR \
         --language es --name Ana --email ana@example.com && {alta} backup copy.db",
        alta = env!("CARGO_BIN_EXE_alta")
    );
    let status = Command::new("sh")
        .args(["-c", &command])
        .current_dir(directory.path())
        .env_remove("DATABASE_URL")
        .env_remove("ALTA_DATA")
        .status();
    assert!(status.unwrap().success());
    let mode = |path: &str| {
        let found = std::fs::metadata(directory.path().join(path)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode("data"), 0o700);
    for file in ["data/alta.db", "data/secret.key", "copy.db"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
}
