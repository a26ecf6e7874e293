//! The splitting into records: they are the same whatever the chunks, and start at their offsets.
#![no_main]

use alta_domain::{Delimiter, FileShape, Quote};
use alta_intake::{Reader, Record, Step};
use libfuzzer_sys::fuzz_target;

type Rows = Vec<(u64, u32, Vec<String>)>;

fn rows(shape: &FileShape, bytes: &[u8], chunk: usize) -> Rows {
    let mut reader = Reader::new(shape);
    let mut record = Record::default();
    let mut rows = Vec::new();
    let mut chunks = bytes.chunks(chunk).peekable();
    loop {
        let part = chunks.next().unwrap_or_default();
        let last = chunks.peek().is_none();
        reader.push(part, last);
        while reader.next(&mut record) == Step::Record {
            rows.push((record.offset, record.line,
                    reader.cells(&record).iter().map(ToString::to_string).collect()));
        }
        if last {
            return rows;
        }
    }
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (dials, bytes) = input;
    let shape = FileShape {
        delimiter: [None, Some(Delimiter::Comma), Some(Delimiter::Semicolon),
            Some(Delimiter::Pipe)][usize::from(dials & 3)],
        quote: [None, Some(Quote::Double), Some(Quote::Single),
            Some(Quote::Double)][usize::from(dials >> 2 & 3)],
        padded: dials & 16 != 0,
        width: u32::from(dials >> 5),
        ..FileShape::default()
    };
    let whole = rows(&shape, &bytes, bytes.len().max(1));
    assert!(whole.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
    for chunk in [1, 7] {
        assert_eq!(whole, rows(&shape, &bytes, chunk));
    }
});
