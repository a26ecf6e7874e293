//! A record that does not fit its table, read in the ways people and programs get one row wrong.
//! Only a reading that gives exactly as many cells as the table has columns is taken.

use super::scan::{Cell, Dialect, Scan, Scanned};

/// Bytes looked at for another reading; a record that is longer stays as it is.
pub(super) const MAX_LOOK: usize = 64 * 1024;

/// Reads a record again in other ways, and returns the first reading that has `width` cells.
/// `first` is how it was read before; `bytes` are at most [`MAX_LOOK`] from its start.
pub(super) fn reading(
    bytes: &[u8],
    ended: bool,
    dialect: Dialect,
    first: &Scanned,
    width: usize,
    cells: &mut Vec<Cell>,
) -> Option<Scanned> {
    let own = &bytes[..first.length.min(bytes.len())];
    let swallowed = |opened: &usize| first.holds_stray == Some(*opened) || cells.len() < width;
    let opened: Vec<usize> = [first.over_lines, first.holds_stray]
        .into_iter()
        .flatten()
        .filter(swallowed)
        .collect();
    let usual = dialect;
    let mut tried = Vec::with_capacity(cells.len());
    let mut fits = |dialect: Dialect, literal: Option<usize>| {
        tried.clear();
        let mut scan = Scan {
            bytes,
            ended,
            dialect,
            literal,
            barren: 0,
        };
        let found = scan.record(&mut tried).filter(|_| tried.len() == width)?;
        if dialect.quote != usual.quote
            && tried.iter().any(|cell| is_torn(bytes, *cell, usual.quote))
        {
            return None;
        }
        std::mem::swap(cells, &mut tried);
        Some(Scanned {
            unclosed: found.unclosed || literal.is_some(),
            ..found
        })
    };
    // A quote that was never closed, and closed by another cell's or by one further down.
    for opened in opened {
        if let Some(found) = fits(dialect, Some(opened)) {
            return Some(found);
        }
    }
    other_dialects(own, dialect, width)
        .into_iter()
        .find_map(|dialect| fits(dialect, None))
}

/// Returns the other dialects that one row may be written in, the likeliest first. Only those are
/// tried whose marks stand in its bytes.
fn other_dialects(own: &[u8], dialect: Dialect, width: usize) -> Vec<Dialect> {
    let other_quote = if dialect.quote == b'"' { b'\'' } else { b'"' };
    let holds = |byte: u8| own.contains(&byte);
    let mut dialects = Vec::with_capacity(8);
    if holds(b'\\') {
        dialects.push(Dialect {
            backslash: !dialect.backslash,
            ..dialect
        });
        dialects.push(Dialect {
            backslash: !dialect.backslash,
            quote: other_quote,
            ..dialect
        });
    }
    if memchr::memmem::find(own, &[dialect.quote; 2]).is_some() {
        dialects.push(Dialect {
            bare: true,
            ..dialect
        });
    }
    if holds(b' ') {
        dialects.push(Dialect {
            padded: !dialect.padded,
            ..dialect
        });
    }
    if holds(other_quote) {
        dialects.push(Dialect {
            quote: other_quote,
            ..dialect
        });
    }
    // Another delimiter only where three columns agree: 'Silva; Ana' is a name.
    if width >= 3 {
        let others = [b',', b';', b'\t', b'|']
            .into_iter()
            .filter(|other| Some(*other) != dialect.delimiter && holds(*other));
        for delimiter in others {
            dialects.push(Dialect {
                delimiter: Some(delimiter),
                ..dialect
            });
            dialects.push(Dialect {
                delimiter: Some(delimiter),
                quote: other_quote,
                ..dialect
            });
            dialects.push(Dialect {
                delimiter: Some(delimiter),
                padded: !dialect.padded,
                ..dialect
            });
        }
    }
    dialects
}

/// Returns true when a cell is one half of an enclosed one: the table's quote stands at one of its
/// ends alone.
fn is_torn(bytes: &[u8], cell: Cell, quote: u8) -> bool {
    let text = &bytes[cell.start as usize..cell.end as usize];
    (text.first() == Some(&quote)) != (text.last() == Some(&quote))
}
