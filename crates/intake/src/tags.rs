//! The splitting of a cell with several tags.

use std::collections::HashSet;

/// The letters between two tags of a cell. The three colons that Google writes are split apart.
const MARKS: [char; 4] = [',', ';', '|', '\n'];

/// Returns the tags of a cell, without white space and quotes around them and without empty ones.
pub fn tags(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(MARKS)
        .flat_map(|part| part.split(":::"))
        .map(|tag| tag.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”')))
        .filter(|tag| !tag.is_empty())
}

/// Returns the tags of a cell, followed by the tags that only `more` has, whatever their case;
/// `None` when `more` has no further tags.
#[must_use]
pub fn with_more_tags(cell: &str, more: &str) -> Option<String> {
    let mut known: HashSet<String> = tags(cell).map(str::to_lowercase).collect();
    let mut all: Vec<&str> = tags(cell).collect();
    let before = all.len();
    all.extend(tags(more).filter(|tag| known.insert(tag.to_lowercase())));
    (all.len() > before).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_added_once_whatever_their_case_and_marks() {
        assert_eq!(
            with_more_tags("VIP; Lima", "vip|cliente").as_deref(),
            Some("VIP, Lima, cliente")
        );
        assert_eq!(with_more_tags("a, b", "B;A"), None);
        assert_eq!(
            with_more_tags("", "\"VIP\",\"Loja Centro\"").as_deref(),
            Some("VIP, Loja Centro")
        );
        assert_eq!(with_more_tags("", " a ,, a ").as_deref(), Some("a"));
    }
}
