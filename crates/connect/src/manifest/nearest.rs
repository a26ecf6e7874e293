//! The nearest right word to a wrong one, for error messages.

/// The least similarity of a word that is suggested, where 1 is the same word.
const LEAST_SIMILARITY: f64 = 0.6;

/// Returns the question after a wrong word: whether the nearest word was meant. It is empty when no
/// word is near.
pub(super) fn did_you_mean<'a>(wrong: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    // Of two words that are as near, the one that begins in the same way is meant.
    let beginning = |word: &str| {
        let pairs = wrong.chars().zip(word.chars());
        pairs.take_while(|(one, other)| one == other).count()
    };
    words
        .into_iter()
        .map(|word| (strsim::normalized_damerau_levenshtein(wrong, word), word))
        .filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY)
        .max_by(|(one, word), (other, next)| {
            let by_beginning = beginning(word).cmp(&beginning(next));
            one.total_cmp(other).then(by_beginning)
        })
        .map_or_else(String::new, |(_, word)| format!("; did you mean `{word}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_word_is_suggested() {
        let words = ["since", "size"];
        assert_eq!(did_you_mean("sinze", words), "; did you mean `since`?");
        assert_eq!(did_you_mean("customer", words), "");
    }
}
