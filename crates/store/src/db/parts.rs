//! Rows in parts that one statement can hold.

/// Splits rows into parts of at most `most` rows; no part is empty.
pub(crate) fn parts<T>(rows: Vec<T>, most: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        Some(rows.by_ref().take(most).collect::<Vec<T>>()).filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_hold_every_row_once_and_none_is_empty() {
        assert_eq!(
            parts((0..5).collect(), 2).collect::<Vec<_>>(),
            [vec![0, 1], vec![2, 3], vec![4]]
        );
        assert_eq!(parts(Vec::<u8>::new(), 2).count(), 0);
    }
}
