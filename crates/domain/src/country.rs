//! The country that decides how national phone numbers are read.

use serde::{Deserialize, Serialize};

/// An ISO 3166-1 alpha-2 code in capitals.
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
    /// The default of a new organization.
    pub const BRAZIL: Self = Self(*b"BR");
    /// Mexico, whose old mobile prefixes are repaired.
    pub const MEXICO: Self = Self(*b"MX");
    /// Argentina, whose 9 and 15 are repaired.
    pub const ARGENTINA: Self = Self(*b"AR");

    /// Those offered first when an organization is set up: Latin America and the Iberian peninsula,
    /// with their own names.
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

    /// Two ASCII letters, in either case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|byte| byte.to_ascii_uppercase())))
    }

    /// The two letters of the code.
    #[must_use]
    pub fn letters(self) -> [u8; 2] {
        self.0
    }

    /// The code.
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
