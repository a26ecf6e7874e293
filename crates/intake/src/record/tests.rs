use super::*;
use alta_domain::Delimiter;
use proptest::prelude::*;

fn shape(encoding: Encoding) -> FileShape {
    FileShape {
        encoding,
        delimiter: Some(Delimiter::Comma),
        ..FileShape::default()
    }
}

fn read(bytes: &[u8], encoding: Encoding, chunk: usize) -> Vec<(u32, u64, Vec<String>, bool)> {
    let mut reader = Reader::new(&shape(encoding));
    let mut record = Record::default();
    let mut rows = Vec::new();
    let mut chunks = bytes.chunks(chunk.max(1)).peekable();
    if chunks.peek().is_none() {
        reader.push(&[], true);
    }
    loop {
        match reader.next(&mut record) {
            Step::Record => {
                let cells = record
                    .cells
                    .iter()
                    .map(|cell| reader.open().cell(*cell).0.into_owned())
                    .collect();
                rows.push((record.line, record.offset, cells, record.unclosed));
            }
            Step::NeedMore => {
                let chunk = chunks.next().unwrap_or_default();
                let last = chunks.peek().is_none();
                // Both ways to push bytes.
                if chunk.len().is_multiple_of(2) {
                    reader.push(chunk, last);
                } else {
                    reader.push_with(chunk.len(), last, |room| room.copy_from_slice(chunk));
                }
            }
            Step::End => return rows,
        }
    }
}

fn texts(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes, Encoding::Utf8, 7)
        .into_iter()
        .map(|row| row.2)
        .collect()
}

#[test]
fn quoted_newlines_belong_to_their_cell_and_count_as_lines() {
    let rows = read(b"a,\"b\r\nc\"\r\nd,e", Encoding::Utf8, 3);
    assert_eq!(rows[0].2, ["a", "b\r\nc"]);
    assert_eq!((rows[1].0, rows[1].1), (3, 10));
}

#[test]
fn doubled_quotes_stand_for_one_and_stray_ones_for_themselves() {
    assert_eq!(
        texts(b"\"say \"\"hi\"\"\",\"a \"b\" c\",d\"e\n"),
        [["say \"hi\"", "a \"b\" c", "d\"e"]]
    );
}

#[test]
fn spaces_behind_a_closing_quote_are_no_harm() {
    assert_eq!(
        texts(b"\"a\" ,\"b\"  \n\"f\" "),
        [vec!["a", "b"], vec!["f"]]
    );
}

#[test]
fn an_unclosed_quote_is_text_and_reading_goes_on_at_the_next_line() {
    let rows = read(b"a,b\n\"c,d\ne,f\n", Encoding::Utf8, 5);
    assert_eq!(
        rows.iter().map(|row| row.2.join("|")).collect::<Vec<_>>(),
        ["a|b", "\"c|d", "e|f"]
    );
    assert!(rows[1].3);
}

#[test]
fn a_lone_carriage_return_ends_a_line() {
    assert_eq!(texts(b"a,b\rc,d\r"), [["a", "b"], ["c", "d"]]);
}

#[test]
fn utf16_is_read_and_its_offsets_are_those_of_the_file() {
    let text = "\u{feff}São,b\nç,d\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows = read(&bytes, Encoding::Utf16Le, 3);
    assert_eq!(rows[0].2, ["São", "b"]);
    assert_eq!(rows[1].1, 14);
}

proptest! {
    #[test]
    fn chunks_of_any_size_give_the_same_records(text in "[a\",\n\r é]{0,40}", chunk in 1_usize..9) {
        prop_assert_eq!(read(text.as_bytes(), Encoding::Utf8, chunk),
            read(text.as_bytes(), Encoding::Utf8, usize::MAX));
    }

    #[test]
    fn what_is_written_by_the_rules_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[a-z\",\n;é ]{1,6}", 3), 1..6)) {
        let written: String = rows.iter().map(|row| {
            row.iter().map(|cell| format!("\"{}\"",
                    cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\n"
        }).collect();
        prop_assert_eq!(texts(written.as_bytes()), rows);
    }
}

/// A line of cells that begin and end quotes.
const LINE: &str = "(\"a|'a|\"|a\"|';|\"\"a|;b|\\\\\"|[\"';,\\\\ a]{0,3}){0,4}";

/// Returns the records of a file, each read by a new reader without memo.
fn one_by_one(bytes: &[u8], shape: &FileShape) -> Vec<(Vec<Cell>, u64, bool)> {
    let mut rows = Vec::new();
    let (mut offset, mut line) = (0, 1);
    loop {
        let mut reader = Reader::from(shape, offset, line);
        let rest = &bytes[usize::try_from(offset).unwrap()..];
        reader.push(rest, true);
        let mut record = Record::default();
        if reader.next(&mut record) != Step::Record {
            return rows;
        }
        rows.push((record.cells, offset, record.unclosed));
        (offset, line) = reader.position();
    }
}

fn in_a_row(bytes: &[u8], shape: &FileShape, chunk: usize) -> Vec<(Vec<Cell>, u64, bool)> {
    let mut reader = Reader::from(shape, 0, 1);
    let mut chunks = bytes.chunks(chunk);
    let mut left = bytes.len();
    let mut record = Record::default();
    let mut rows = Vec::new();
    loop {
        match reader.next(&mut record) {
            Step::Record => rows.push((record.cells.clone(), record.offset, record.unclosed)),
            Step::NeedMore => {
                let chunk = chunks.next().unwrap_or_default();
                left -= chunk.len();
                reader.push(chunk, left == 0);
            }
            Step::End => return rows,
        }
    }
}

#[test]
fn records_behind_others_that_search_the_same_bytes_read_as_if_they_stood_alone() {
    for (text, width, chunk) in [
        ("';\"\n;\",\n\";", 2, 1),
        ("';\"a';\n\"\"a\"\n", 3, 4096),
        (" ;\"\n\"|\n\"\"\";\"\"|\n\";\";", 2, 1),
    ] {
        let shape = FileShape {
            delimiter: Some(Delimiter::Semicolon),
            width,
            ..FileShape::default()
        };
        let bytes = text.as_bytes();
        assert_eq!(in_a_row(bytes, &shape, chunk), one_by_one(bytes, &shape));
    }
}

#[test]
fn a_row_of_more_cells_than_are_kept_reads_the_same_behind_a_mended_row() {
    let many = ";".repeat(5000);
    let text = format!("\"a;p;q\n\"b, c, d\n\"{many}z\n");
    let shape = FileShape {
        delimiter: Some(Delimiter::Semicolon),
        width: 3,
        ..FileShape::default()
    };
    let bytes = text.as_bytes();
    assert_eq!(in_a_row(bytes, &shape, 4096), one_by_one(bytes, &shape));
}

#[test]
fn a_cell_of_the_greatest_length_ends_its_line_wherever_the_chunk_ends() {
    let text = format!("{}\r\nb;c\n", "x".repeat(scan::MAX_CELL));
    let shape = FileShape {
        delimiter: Some(Delimiter::Semicolon),
        ..FileShape::default()
    };
    let bytes = text.as_bytes();
    let whole = in_a_row(bytes, &shape, usize::MAX);
    for chunk in [64 * 1024, scan::MAX_CELL, scan::MAX_CELL + 1] {
        assert_eq!(in_a_row(bytes, &shape, chunk), whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_record_reads_the_same_whatever_was_read_before_it(
        bytes in "[\"';,|\\\\ \na]{0,400}",
        width in 0_u32..5,
        is_padded: bool,
        chunk in 1_usize..500,
    ) {
        let shape = FileShape {
            delimiter: Some(Delimiter::Semicolon),
            width,
            padded: is_padded,
            ..FileShape::default()
        };
        let bytes = bytes.as_bytes();
        prop_assert_eq!(in_a_row(bytes, &shape, chunk), one_by_one(bytes, &shape));
    }

    #[test]
    fn so_do_records_with_cells_that_go_over_lines(
        lines in prop::collection::vec(LINE, 0..60),
        width in 0_u32..4,
    ) {
        let shape = FileShape {
            delimiter: Some(Delimiter::Semicolon),
            width,
            ..FileShape::default()
        };
        let text = lines.join("\n");
        let bytes = text.as_bytes();
        prop_assert_eq!(in_a_row(bytes, &shape, 4096), one_by_one(bytes, &shape));
    }
}
