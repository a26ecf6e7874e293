//! The search over the cells of a file.

use crate::words::fold;

/// A text to search for. Accents, case and punctuation do not count.
///
/// ```
/// let search = alta_intake::Search::of("jose").ok_or("an empty text")?;
/// assert!(search.is_in(&["José Luis".into(), "51 99999-0001".into()]));
/// assert!(alta_intake::Search::of("99999-0001").is_some_and(|s| s.is_in(&["99999 0001".into()])));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct Search(String);

impl Search {
    /// Makes a search for this text; `None` when the text has no letter or digit.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        (!folded.is_empty()).then_some(Self(folded))
    }

    /// Returns true when one of the cells contains the text.
    #[must_use]
    pub fn is_in(&self, cells: &[String]) -> bool {
        cells.iter().any(|cell| fold(cell).contains(&self.0))
    }
}
