//! The benchmark of hostile files: `alta check` over 75 MiB of each kind, beside an ordinary file
//! of the same size.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::build::release;
use crate::shell::step;
use crate::workspace::target_directory;

/// The size of each file in bytes.
const SIZE: usize = 75 * 1024 * 1024 - 1024;
/// The header line of each file.
const HEADER: &[u8] = b"nome;email;celular\n";
const ROW: &[u8] = b"Ana;ana@example.com;11987654321\n";

/// A kind of file: its name, and the part that is repeated.
type Kind = (&'static str, &'static [u8]);

/// An ordinary file, and files that are written to cost more than their size.
const KINDS: &[Kind] = &[
    ("an ordinary file", ROW),
    ("one line of open quotes", b"\"a;"),
    ("rows of all marks", b"'a;,|\\\n"),
    ("rows of all quotes", b"'a\\ ;,|\t\"\"x\n"),
    ("pairs of quotes", b"\"\""),
    ("backslashes", b"\\\""),
    ("closing quotes with spaces", b"\"a\"               b"),
    ("quotes closed far away", b"\"a\n"),
    ("quotes closed on the next line", b"a\";b;\"c\"d\n"),
    ("digits and blanks", b"1 "),
    ("exponents", b"1e"),
    ("signs of addresses", b"@"),
    (
        "other delimiters by turns",
        b"a,b;c|d\te\na;b,c\td|e\na|b\tc,d;e\n",
    ),
    ("rows of the wrong width", b"Ana;ana@example.com\n"),
    ("empty rows", b"\n"),
];

/// Checks a file of each kind, and prints its time beside that of the ordinary file.
pub fn run(root: &Path) -> Result<()> {
    let binary = release(root)?;
    let files = target_directory(root).join("alta-bench");
    std::fs::create_dir_all(&files)?;
    let file = files.join("hostile.csv");
    step("hostile files of 75 MiB", || {
        let mut ordinary = None;
        for (name, part) in KINDS {
            write(&file, part).context("the file")?;
            let taken = check(&binary, &file)?;
            let ordinary = *ordinary.get_or_insert(taken);
            println!("{name:<32}{taken:>8.2} s   {:>6.2}", taken / ordinary);
        }
        std::fs::remove_file(&file).context("the file")
    })
}

/// Checks a file with `alta check`, and returns the seconds that it took. The check may end with
/// the status 3: the file can't be used.
fn check(binary: &Path, file: &Path) -> Result<f64> {
    let mut alta = Command::new(binary);
    alta.args(["check", "--json"]).arg(file);
    let began = Instant::now();
    let status = alta.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    ensure!(
        matches!(status.code(), Some(0 | 3)),
        "the check ended with {status}"
    );
    Ok(began.elapsed().as_secs_f64())
}

/// Writes the header, some ordinary rows, and the part until the file is full.
fn write(file: &Path, part: &[u8]) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    out.write_all(HEADER)?;
    let head = ROW.repeat(20);
    out.write_all(&head)?;
    let chunk = part.repeat(64 * 1024 / part.len() + 1);
    let rest = SIZE - HEADER.len() - head.len();
    for _ in 0..rest / chunk.len() {
        out.write_all(&chunk)?;
    }
    out.flush()
}
