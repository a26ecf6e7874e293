//! The country whose rules decide how national phone numbers are read.

use serde::{Deserialize, Serialize};

/// A country, as an ISO 3166-1 alpha-2 code in capitals.
///
/// ```
/// use alta_domain::Country;
/// assert_eq!(Country::parse("br"), Some(Country::BRAZIL));
/// assert_eq!(Country::parse("Brazil"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl Country {
    /// Returns true when people of the country write a comma before the fraction of a number. True
    /// for countries that are not known here.
    #[must_use]
    pub fn has_decimal_comma(self) -> bool {
        !matches!(
            self.as_str(),
            "MX" | "US" | "PR" | "GT" | "HN" | "SV" | "NI" | "PA" | "DO" | "PE"
        )
    }

    /// Brazil, the default of a new organization.
    pub const BRAZIL: Self = Self(*b"BR");
    /// Mexico, whose numbers with old mobile prefixes are repaired.
    pub const MEXICO: Self = Self(*b"MX");
    /// Argentina, whose numbers with a 9 or 15 for mobile phones are repaired.
    pub const ARGENTINA: Self = Self(*b"AR");

    /// The countries that screens offer first, each with its code and its own name: Latin America,
    /// the Iberian peninsula and the United States.
    pub const OFFERED: [(&'static str, &'static str); 22] = [
        ("BR", "Brasil"),
        ("MX", "México"),
        ("AR", "Argentina"),
        ("CO", "Colombia"),
        ("CL", "Chile"),
        ("PE", "Perú"),
        ("EC", "Ecuador"),
        ("UY", "Uruguay"),
        ("PY", "Paraguay"),
        ("BO", "Bolivia"),
        ("VE", "Venezuela"),
        ("CR", "Costa Rica"),
        ("PA", "Panamá"),
        ("GT", "Guatemala"),
        ("HN", "Honduras"),
        ("SV", "El Salvador"),
        ("NI", "Nicaragua"),
        ("DO", "República Dominicana"),
        ("PR", "Puerto Rico"),
        ("ES", "España"),
        ("PT", "Portugal"),
        ("US", "United States"),
    ];

    /// Reads a code of two ASCII letters in either case; `None` for another text.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|byte| byte.to_ascii_uppercase())))
    }

    /// Returns the two letters of the code.
    #[must_use]
    pub fn letters(self) -> [u8; 2] {
        self.0
    }

    /// Returns the code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("BR")
    }
}

impl TryFrom<String> for Country {
    type Error = String;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code).ok_or_else(|| format!("not a country code: {code}"))
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}
