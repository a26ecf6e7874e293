//! Hostile files, written to cost more than their size: twice as much of one may cost at most a
//! little more than twice the steps.

use alta_domain::worker::CheckReport;
use alta_domain::{Country, Delimiter, FileLimits, FileShape, ShapeChoice};
use proptest::prelude::*;

use crate::record::{Reader, Record, Step};
use crate::{FileCheck, steps, understand};

/// The size of the smallest file of each kind in bytes: more than the first part of a file, which
/// is examined more often than the rest.
const SMALL: usize = 512 * 1024;
/// The number of bytes that a browser or the command line pushes at once.
const CHUNK: usize = 64 * 1024;

/// The most steps that the splitter may take for a byte: some ten ways to read a row, each of them
/// through the cells after one that spans several lines.
const MOST_STEPS: usize = 700;

const HEADER: &[u8] = b"nome;email;celular\n";
const ROW: &[u8] = b"Ana;ana@example.com;11987654321\n";

/// A kind of hostile file: its beginning, and the part that is repeated.
struct Hostile {
    name: &'static str,
    head: Vec<u8>,
    repeated: Vec<u8>,
    end: &'static [u8],
}

/// Returns the first rows of a table, followed by `behind`.
fn table(rows: usize, behind: &[u8]) -> Vec<u8> {
    [HEADER, &ROW.repeat(rows), behind].concat()
}

/// Returns files with many marks that separate or enclose cells.
fn of_marks() -> Vec<Hostile> {
    let (kind, rows) = (Hostile::new, Hostile::rows);
    vec![
        kind("one line of open quotes", table(20, b""), b"\"a;", b"\n"),
        rows(
            "records of open quotes",
            &[&b"\"a;".repeat(2000)[..], b"\n"].concat(),
            b"",
        ),
        kind("a head of open quotes", Vec::new(), b"\"a;", b""),
        rows("rows of all marks", b"'a;,|\\\n", b""),
        rows("rows of all quotes", b"'a\\ ;,|\t\"\"x\n", b""),
        kind("pairs of quotes", table(20, b""), b"\"\"", b"\n"),
        kind("backslashes", table(20, b"Ana;\"a"), b"\\\"", b"\"\n"),
        kind(
            "closing quotes with spaces",
            table(20, b""),
            b"\"a\"               b",
            b"\n",
        ),
        kind(
            "other delimiters by turns",
            b"nome,email;celular|x\ty\n".to_vec(),
            b"a,b;c|d\te\na;b,c\td|e\na|b\tc,d;e\n",
            b"",
        ),
    ]
}

/// Returns files with cells that span several lines.
fn of_lines() -> Vec<Hostile> {
    let rows = Hostile::rows;
    vec![
        rows("quotes closed far away", b"\"a\n", b"\";b;c\n"),
        rows("other quotes closed far away", b"'a\n", b"';b;c\n"),
        rows("quotes closed on the next line", b"a\";b;\"c\"d\n", b"\n"),
        rows(
            "other quotes closed on the next line",
            b"a';b;'c\"d;e\n",
            b"\n",
        ),
        rows(
            "blank cells over lines",
            b"\";\"\t\t\";\"\n",
            b"\";a;b;c;d\n",
        ),
        rows(
            "two cells over many lines",
            &[
                &b"\"a\n".repeat(9000)[..],
                b"\";\"",
                &b"b\n".repeat(50_000),
                b"\";c;d\n",
            ]
            .concat(),
            b"\n",
        ),
        rows(
            "a long cell behind many lines",
            &[
                &b"'a\n".repeat(9000)[..],
                b"';",
                &b"b".repeat(150_000),
                b"\n",
            ]
            .concat(),
            b"\n",
        ),
        rows("backslashes before line ends", b"\\\n\"", b"\"a"),
    ]
}

/// Returns files with cells that are hard to read.
fn of_cells() -> Vec<Hostile> {
    let kind = Hostile::new;
    let phone = table(20, b"Ana;a@example.com;");
    let header = HEADER.strip_suffix(b"\n").unwrap_or_default().to_vec();
    vec![
        kind("a phone of digits and blanks", phone.clone(), b"1 ", b"\n"),
        kind("a phone of exponents", phone, b"1e", b"\n"),
        kind(
            "an address of signs",
            table(20, b"Ana;"),
            b"@",
            b";11987654321\n",
        ),
        kind(
            "a long header",
            header,
            b"x - ?",
            b"\nAna;ana@example.com;11987654321\n",
        ),
        kind("an ordinary file", table(1, b""), ROW, b""),
    ]
}

impl Hostile {
    fn new(name: &'static str, head: Vec<u8>, repeated: &[u8], end: &'static [u8]) -> Self {
        Self {
            name,
            head,
            repeated: repeated.to_vec(),
            end,
        }
    }

    /// Makes a kind whose repeated part follows the rows of a table.
    fn rows(name: &'static str, repeated: &[u8], end: &'static [u8]) -> Self {
        Self::new(name, table(2000, b""), repeated, end)
    }

    fn file(&self, bytes: usize) -> Vec<u8> {
        let times = bytes / self.repeated.len();
        [&self.head, &self.repeated.repeat(times), self.end].concat()
    }
}

fn check(file: &[u8]) -> Option<CheckReport> {
    let head = &file[..file.len().min(crate::HEAD_BYTES)];
    let is_whole = head.len() == file.len();
    let choice = ShapeChoice::default();
    let limits = FileLimits::default();
    let found = understand(head, is_whole, Country::BRAZIL, 2026, &choice, limits).ok()?;
    let mapping = crate::suggested(found.shape, Country::BRAZIL, 2026, &found.columns);
    let mut check = FileCheck::new(&mapping);
    for chunk in file.chunks(CHUNK) {
        check.push(chunk, false);
    }
    check.push(&[], true);
    Some(check.finish_from(file).0)
}

#[test]
fn twice_the_file_costs_at_most_a_little_more_than_twice_the_steps() {
    let mut too_steep: Vec<&str> = Vec::new();
    for kind in of_marks().into_iter().chain(of_lines()).chain(of_cells()) {
        // The highest cost of the smaller files, in steps for a hundred bytes.
        let mut dearest = None;
        for factor in [1, 2, 4, 8] {
            let file = kind.file(SMALL * factor);
            let steps = steps::of(|| {
                check(&file);
            });
            let cost = steps * 100 / file.len();
            println!("{:<32}{:>10} bytes{steps:>12} steps", kind.name, file.len());
            if dearest.is_some_and(|dearest: usize| cost * 10 > dearest * 11) {
                too_steep.push(kind.name);
            }
            dearest = dearest.max(Some(cost));
        }
    }
    assert!(too_steep.is_empty(), "{too_steep:?}");
}

/// The parts of files that can be split into cells in more than one way.
const TOKENS: &str = "\"|'|;|,|\t|\n|a| |\\\\|\"\"|\"a|a\"|\"\n|\";\"|';'|\n\"|\"a\"b";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_repeated_costs_a_bounded_number_of_steps_a_byte(
        line in prop::collection::vec(TOKENS, 1..9),
        width in 1_u32..5,
        times in 1_usize..20_000,
        end in TOKENS,
    ) {
        let line = line.concat();
        let times = times.min(128 * 1024 / line.len());
        let file = line.repeat(times) + &end;
        let shape = FileShape {
            delimiter: Some(Delimiter::Semicolon),
            width,
            ..FileShape::default()
        };
        let steps = steps::of(|| {
            let mut reader = Reader::from(&shape, 0, 1);
            let mut record = Record::default();
            reader.push(file.as_bytes(), true);
            while reader.next(&mut record) == Step::Record {}
        });
        let most = MOST_STEPS * (file.len() + 64);
        prop_assert!(steps < most, "{line:?}: {steps} steps for {} bytes", file.len());
    }
}
