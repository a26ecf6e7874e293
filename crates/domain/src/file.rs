//! What is known of a dropped file before its rows are looked at.

use serde::{Deserialize, Serialize};

/// How much a file may hold; each limit is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLimits {
    /// Bytes, inclusive (G13).
    pub bytes: u64,
    /// Data records.
    pub records: u32,
    /// Columns that can be imported; the cells behind them are too many.
    pub columns: u32,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            bytes: 75 * 1024 * 1024,
            records: 10_000_000,
            columns: 1000,
        }
    }
}

/// How the bytes become text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, and plain ASCII.
    #[default]
    #[serde(rename = "UTF-8")]
    Utf8,
    /// Windows-1252, and with it ISO-8859-1, as the WHATWG names them.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Mac Roman, as Excel for Mac wrote 'CSV (Macintosh)'.
    #[serde(rename = "macintosh")]
    Macintosh,
    /// Code page 850, as DOS programs and Excel's 'CSV (MS-DOS)' write it. The WHATWG has no name
    /// for it; this is IANA's.
    #[serde(rename = "IBM850")]
    Ibm850,
    /// UTF-16, little end first.
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, big end first.
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
}

impl Encoding {
    /// In the order they are offered.
    pub const ALL: [Self; 6] = [
        Self::Utf8,
        Self::Windows1252,
        Self::Macintosh,
        Self::Ibm850,
        Self::Utf16Le,
        Self::Utf16Be,
    ];

    /// The name in the WHATWG Encoding Standard, or else IANA's.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "windows-1252",
            Self::Macintosh => "macintosh",
            Self::Ibm850 => "IBM850",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// Whether every byte is a character, and any bytes are text.
    #[must_use]
    pub fn is_of_single_bytes(self) -> bool {
        matches!(self, Self::Windows1252 | Self::Macintosh | Self::Ibm850)
    }

    /// The encoding of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|encoding| encoding.as_str() == name)
    }
}

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Delimiter {
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// `;`
    #[serde(rename = ";")]
    Semicolon,
    /// The tab character.
    #[serde(rename = "\t")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    Pipe,
}

impl Delimiter {
    /// In the order they are tried and offered.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The byte.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    /// The delimiter of this byte.
    #[must_use]
    pub fn of(byte: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|delimiter| delimiter.byte() == byte)
    }
}

/// What encloses a cell that contains delimiters or line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quote {
    /// `"`
    #[serde(rename = "\"")]
    Double,
    /// `'`
    #[serde(rename = "'")]
    Single,
}

impl Quote {
    /// The byte.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Double => b'"',
            Self::Single => b'\'',
        }
    }
}

/// How a file is to be read; all that is needed to read it again in the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileShape {
    /// How the bytes become text.
    pub encoding: Encoding,
    /// None for a file of one column.
    pub delimiter: Option<Delimiter>,
    /// None when no cell of the part looked at is enclosed; such a cell further down is still read
    /// as one.
    pub quote: Option<Quote>,
    /// A space behind each delimiter belongs to it.
    #[serde(default)]
    pub padded: bool,
    /// Cells a record has; 0 when not known. A record with another number of cells is read in
    /// other ways, until one gives this many.
    #[serde(default)]
    pub width: u32,
    /// Nearly all rows end with delimiters that the header has not.
    #[serde(default)]
    pub trailing: bool,
    /// The physical line, counted from 1, where the header stands; none without header.
    pub header_line: Option<u32>,
    /// The physical line where the data begins.
    pub first_data_line: u32,
}

/// Where the header is, when the admin says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeaderChoice {
    /// At this physical line.
    Line(u32),
    /// Nowhere: the first row is data.
    Absent,
}

/// What the admin corrected of the shape that was found; none leaves it to the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapeChoice {
    /// The encoding.
    pub encoding: Option<Encoding>,
    /// The delimiter.
    pub delimiter: Option<Delimiter>,
    /// The header.
    pub header: Option<HeaderChoice>,
    /// The sheet of a workbook, by its place among the visible ones.
    pub sheet: Option<u32>,
}

/// Why a file as a whole can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FileError {
    /// It is something else; the detail names what, such as `xlsx` or `pdf`.
    #[error("not a CSV file: {0}")]
    NotCsv(String),
    /// Larger than the limit.
    #[error("the file has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// Bytes of the file.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More data records than the limit.
    #[error("the file has more than {0} records")]
    TooManyRecords(u32),
    /// No data record.
    #[error("the file has no data record")]
    Empty,
    /// No column holds phones or e-mails.
    #[error("no column holds phones or e-mails")]
    NoIdentityColumn,
    /// The browser could not read it: moved, deleted or changed since it was dropped.
    #[error("the file could not be read")]
    Unreadable,
}

impl FileError {
    /// The word in the API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCsv(_) => "not_csv",
            Self::TooLarge { .. } | Self::TooManyRecords(_) => "too_large",
            Self::Empty => "empty",
            Self::NoIdentityColumn => "no_identity_column",
            Self::Unreadable => "unreadable",
        }
    }
}
