//! Compares names: their words, how these are spelled alike, and when two names differ.

use std::collections::BTreeSet;

/// A word of a name as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word {
    /// The word in the spelling in which words are compared: 'Luiz' is `luis`.
    spelled: String,
    /// True for a single letter, which fits a word that begins with it.
    initial: bool,
}

/// '`de, da, do, dos, das, del, la, los, las, y, e` are no words.'
const NO_WORDS: [&str; 9] = ["de", "da", "do", "dos", "das", "del", "la", "los", "las"];

/// Lists the words of a name: 'without case, accents and punctuation', 'words are a set'.
pub(crate) fn words(name: &str) -> BTreeSet<Word> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    // A space at the end closes the last word.
    for character in name.chars().chain([' ']) {
        if is_dropped(character) {
            continue;
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase().map(without_accent));
            continue;
        }
        // 'Other punctuation parts words.'
        words.extend(compared(&word, character == '.'));
        word.clear();
    }
    words
}

/// Returns the word as it is compared; `None` when it does not count as a word.
///
/// 'A single letter is an initial (`e` and `y` only with a dot).'
fn compared(word: &str, dot: bool) -> Option<Word> {
    let initial = word.chars().count() == 1;
    let particle = NO_WORDS.contains(&word) || (["e", "y"].contains(&word) && !dot);
    (!word.is_empty() && !particle).then(|| Word {
        spelled: spelled(word),
        initial,
    })
}

/// Returns the spelling in which a word is compared: 'letters first, then the pairs, then doubles
/// (Viktor is Vitor)'.
fn spelled(word: &str) -> String {
    let letters: String = word
        .chars()
        .map(|letter| match letter {
            'z' => 's',
            'y' => 'i',
            'k' => 'c',
            'w' => 'v',
            other => other,
        })
        .collect();
    let pairs = letters
        .replace("ph", "f")
        .replace("th", "t")
        .replace("ct", "t");
    let mut singles = String::new();
    for letter in pairs.chars() {
        if !singles.ends_with(letter) {
            singles.push(letter);
        }
    }
    singles
}

/// Returns true for a character that is dropped within a word: 'an apostrophe is dropped', and so
/// is an accent that is a character of its own.
fn is_dropped(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '´' | '`')
        || ('\u{300}'..='\u{36f}').contains(&character)
}

/// Returns a small letter without its accent.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ĩ' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => 'o',
        'ś' | 'š' | 'ş' => 's',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ũ' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        other => other,
    }
}

/// Returns true when two words are the same, or when one is the initial of the other: an initial
/// 'fits, on either side, a word that begins with it'.
fn fits(one: &Word, other: &Word) -> bool {
    one.spelled == other.spelled
        || (one.initial && other.spelled.starts_with(&one.spelled))
        || (other.initial && one.spelled.starts_with(&other.spelled))
}

/// Returns true when all words of one name are found among the words of the other.
fn found_among(words: &BTreeSet<Word>, others: &BTreeSet<Word>) -> bool {
    words
        .iter()
        .all(|word| others.iter().any(|other| fits(word, other)))
}

/// Returns true when two names differ: 'when both are there and neither's words are all found among
/// the other's'. 'A name without words counts as missing.'
pub(crate) fn differ(one: Option<&str>, other: Option<&str>) -> bool {
    let (one, other) = (words(one.unwrap_or("")), words(other.unwrap_or("")));
    let both = !one.is_empty() && !other.is_empty();
    both && !found_among(&one, &other) && !found_among(&other, &one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_one_agree() {
        for (one, other) in [
            ("Ana", "Ana Silva"),
            ("J. Silva", "João da Silva"),
            ("João da Silva", "J Silva"),
            ("Luiz Souza", "Luís Sousa"),
            ("Thiago", "Tiago"),
            ("Viktor", "Vitor"),
            ("Victor", "Vitor"),
            ("SILVA, José", "jose silva"),
            ("Anna D'Ávila", "Ana Dávila"),
            ("Philippe", "Filipe"),
            ("Ana e Bia", "Bia Ana"),
            ("E. Silva", "Eva Silva"),
            ("- .", "Ana"),
            ("J.R. Souza", "João Roberto Souza"),
            ("Jose\u{301}", "José"),
        ] {
            assert!(!differ(Some(one), Some(other)), "{one} and {other}");
            assert!(!differ(Some(other), Some(one)), "{other} and {one}");
        }
        assert!(!differ(None, Some("Ana")));
    }

    #[test]
    fn names_of_two_differ() {
        for (one, other) in [
            ("Ana Silva", "Ana Souza"),
            ("Mario Souza", "Maria Souza"),
            ("Ana Silva", "Bia Souza"),
            ("Ana e Caio", "E. Caio"),
            ("Ana-Lia", "Analia"),
            ("B. Silva", "Ana Silva"),
        ] {
            assert!(differ(Some(one), Some(other)), "{one} and {other}");
            assert!(differ(Some(other), Some(one)), "{other} and {one}");
        }
    }
}
