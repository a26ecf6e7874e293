//! The comparison of names: 'J. Silva' may be 'João da Silva', 'Ana Silva' is not 'Ana Souza'. The
//! rules are those of the contract of identity.

/// The words that join names and do not identify anybody.
const JOINING: [&str; 11] = [
    "de", "da", "do", "dos", "das", "del", "la", "los", "las", "y", "e",
];
/// The number of a name's characters that are compared.
const LONGEST: usize = 200;

/// The words of a name, each once, in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name(Vec<Word>);

/// A word of a name, in the one form that all its spellings share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Word {
    text: String,
    /// The first letter before pairs of letters were replaced.
    first: char,
    /// True for a single letter, which stands for any word that begins with it.
    is_initial: bool,
}

impl Word {
    fn fits(&self, other: &Self) -> bool {
        let begins = |word: &Self, initial: &Self| {
            word.first == initial.first || word.text.starts_with(initial.first)
        };
        match (self.is_initial, other.is_initial) {
            (false, false) => self.text == other.text,
            (true, _) => begins(other, self),
            (false, true) => begins(self, other),
        }
    }
}

impl Name {
    /// Reads the words of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words: Vec<Word> = split(text).iter().filter_map(|raw| word(raw)).collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    /// Returns the name of a person, from a whole name in one column or else from a first and a
    /// last name in two columns.
    #[must_use]
    pub fn of_parts(name: Option<&str>, first: Option<&str>, last: Option<&str>) -> Self {
        let whole = name.map(Self::of).unwrap_or_default();
        if !whole.is_missing() {
            return whole;
        }
        match (first, last) {
            (None, None) => Self::default(),
            (first, last) => {
                let both = [first, last].map(Option::unwrap_or_default);
                Self::of(&both.join(" "))
            }
        }
    }

    /// Returns true when the name has no word to compare.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true when both names have words, and neither name's words are all found in the
    /// other.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        !self.is_missing() && !other.is_missing() && !self.is_in(other) && !other.is_in(self)
    }

    fn is_in(&self, other: &Self) -> bool {
        self.0
            .iter()
            .all(|word| other.0.iter().any(|known| word.fits(known)))
    }

    /// Returns the words as one text that [`Name::of`] can read back: initials have a dot.
    #[must_use]
    pub fn marked(&self) -> String {
        let mut text = String::new();
        for word in &self.0 {
            text.push_str(&word.text);
            text.push_str(if word.is_initial { ". " } else { " " });
        }
        text
    }

    /// Returns the words as one text, which is the same for all spellings of a name.
    #[must_use]
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// Splits a text into words in lower case without accents; an initial keeps its dot.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars().take(LONGEST).flat_map(char::to_lowercase) {
        let Some(word) = words.last_mut() else { break };
        match letter {
            '\'' | '’' | 'ʼ' | '`' | '´' | '\u{300}'..='\u{36f}' => {}
            '.' if word.chars().count() == 1 => word.push('.'),
            letter if letter.is_alphanumeric() && !word.ends_with('.') => push_plain(word, letter),
            letter if letter.is_alphanumeric() => {
                let mut next = String::new();
                push_plain(&mut next, letter);
                words.push(next);
            }
            _ => words.push(String::new()),
        }
    }
    words
}

/// Adds a letter without its accent.
fn push_plain(word: &mut String, letter: char) {
    let plain = match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ª' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ĩ' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' | 'º' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ű' | 'ů' | 'ũ' => 'u',
        'ý' | 'ÿ' | 'ỹ' => 'y',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' | 'ň' => 'n',
        'š' | 'ś' | 'ş' | 'ș' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'đ' | 'ď' => 'd',
        'ğ' => 'g',
        'ř' => 'r',
        'ť' | 'ț' | 'ţ' => 't',
        'ß' => {
            word.push_str("ss");
            return;
        }
        'æ' => {
            word.push_str("ae");
            return;
        }
        'œ' => {
            word.push_str("oe");
            return;
        }
        other => other,
    };
    word.push(plain);
}

/// Returns a word in the form in which it is compared; `None` for a word that joins names.
fn word(raw: &str) -> Option<Word> {
    let dotted = raw.ends_with('.');
    let bare = raw.trim_end_matches('.');
    let mut letters = bare.chars();
    let (Some(first), rest) = (letters.next(), letters.next()) else {
        return None;
    };
    if !dotted && JOINING.contains(&bare) {
        return None;
    }
    let text = if rest.is_none() {
        alike(first).to_string()
    } else {
        spelled(bare)
    };
    Some(Word {
        text,
        first: alike(first),
        is_initial: rest.is_none(),
    })
}

/// Returns the one letter that stands for several letters of the same sound.
fn alike(letter: char) -> char {
    match letter {
        'z' => 's',
        'y' => 'i',
        'k' => 'c',
        'w' => 'v',
        other => other,
    }
}

/// Returns the common spelling of a word: single letters are replaced first, then pairs, then
/// doubled letters.
fn spelled(word: &str) -> String {
    let letters: Vec<char> = word.chars().map(alike).collect();
    let mut paired = Vec::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let pair = (letters[at], letters.get(at + 1).copied());
        let (letter, length) = match pair {
            ('p', Some('h')) => ('f', 2),
            ('t', Some('h')) | ('c', Some('t')) => ('t', 2),
            (letter, _) => (letter, 1),
        };
        paired.push(letter);
        at += length;
    }
    paired.dedup();
    paired.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(a: &str, b: &str) -> bool {
        let (a, b) = (Name::of(a), Name::of(b));
        assert_eq!(a.differs(&b), b.differs(&a));
        a.differs(&b)
    }

    #[test]
    fn names_of_one_person_agree_however_they_are_written() {
        for (a, b) in [
            ("Ana", "Ana Silva"),
            ("J. Silva", "João da Silva"),
            ("J Silva", "joao silva"),
            ("SILVA, José", "Jose Silva"),
            ("Luiz Souza", "Luís Sousa"),
            ("Thiago", "Tiago"),
            ("Viktor", "Vitor"),
            ("Victor Hugo", "vitor"),
            ("Philippe", "Filipe"),
            ("Jose\u{301} Sa", "José Sá"),
            ("D'Ávila", "Davila"),
            ("Ana E. Souza", "Ana Elisa Souza"),
            ("Maria e Silva", "Maria Silva"),
            ("", "Ana"),
            ("de la", "Ana"),
            ("P. Souza", "Philippe Souza"),
            ("J.R. Silva", "João Roberto Silva"),
        ] {
            assert!(!differ(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn names_of_two_people_differ() {
        for (a, b) in [
            ("Ana Silva", "Ana Souza"),
            ("Mario Souza", "Maria Souza"),
            ("J. Silva", "Ana Silva"),
            ("Ana", "Bia"),
        ] {
            assert!(differ(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn a_name_in_two_columns_is_one() {
        let parts = Name::of_parts(None, Some("Ana"), Some("Silva"));
        assert_eq!(parts, Name::of("ana silva"));
        let whole = Name::of_parts(Some("Bia"), Some("Ana"), Some("Silva"));
        assert_eq!(whole, Name::of("Bia"));
    }
}
