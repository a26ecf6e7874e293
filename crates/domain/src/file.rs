//! The facts about a dropped file that are known before its rows are read, and the limits for it.

use serde::{Deserialize, Serialize};

/// The limits for a file; each one is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLimits {
    /// The largest size in bytes, inclusive.
    pub bytes: u64,
    /// The largest number of data records.
    pub records: u32,
    /// The largest number of columns that can be imported. The cells after them are too many.
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

/// The character encoding of a file.
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
    /// Code page 850 (IANA's name `ibm850`), as DOS programs and Excel's 'CSV (MS-DOS)' write it.
    #[serde(rename = "IBM850")]
    Ibm850,
    /// UTF-16, little-endian.
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, big-endian.
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
}

impl Encoding {
    /// All encodings, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Utf8,
        Self::Windows1252,
        Self::Macintosh,
        Self::Ibm850,
        Self::Utf16Le,
        Self::Utf16Be,
    ];

    /// Returns the name of the encoding in the WHATWG Encoding Standard, or else IANA's.
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

    /// Returns true when every byte is one character, so that any bytes are valid text.
    #[must_use]
    pub fn is_of_single_bytes(self) -> bool {
        matches!(self, Self::Windows1252 | Self::Macintosh | Self::Ibm850)
    }

    /// Returns the encoding of this name; `None` for an unknown name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|encoding| encoding.as_str() == name)
    }
}

/// The character between two cells.
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
    /// All delimiters, in the order in which they are tried and offered.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// Returns the byte of the delimiter.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    /// Returns the delimiter of this byte; `None` for another byte.
    #[must_use]
    pub fn of(byte: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|delimiter| delimiter.byte() == byte)
    }
}

/// The quotation mark around a cell that contains delimiters or line ends.
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
    /// Returns the byte of the quotation mark.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Double => b'"',
            Self::Single => b'\'',
        }
    }
}

/// The form of a file: all that is needed to read it again in the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileShape {
    /// The character encoding.
    pub encoding: Encoding,
    /// The character between two cells; `None` for a file of one column.
    pub delimiter: Option<Delimiter>,
    /// The quotation mark around cells; `None` when no cell in the first part of the file is
    /// enclosed. An enclosed cell further down is still read as one.
    pub quote: Option<Quote>,
    /// True when the space after each delimiter belongs to the delimiter.
    #[serde(default)]
    pub padded: bool,
    /// The number of cells that a record should have; 0 when it is not known. A record with another
    /// number is read again with other quotes and delimiters; when none gives this number, it stays
    /// as it is.
    #[serde(default)]
    pub width: u32,
    /// True when nearly all rows end with delimiters that the header does not have.
    #[serde(default)]
    pub trailing: bool,
    /// The physical line of the header, counted from 1; `None` for a file without header.
    pub header_line: Option<u32>,
    /// The physical line of the first data record, counted from 1.
    pub first_data_line: u32,
}

/// The place of the header, as the Admin chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HeaderChoice {
    /// The header is on this physical line, counted from 1.
    Line(u32),
    /// The file has no header: the first row is data.
    Absent,
}

/// The Admin's corrections of the form that the engine found; `None` in a field keeps the engine's
/// value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShapeChoice {
    /// The encoding to read the file in.
    pub encoding: Option<Encoding>,
    /// The delimiter to split the file at.
    pub delimiter: Option<Delimiter>,
    /// The place of the header.
    pub header: Option<HeaderChoice>,
    /// The sheet of a workbook, by its index among the visible sheets.
    pub sheet: Option<u32>,
}

/// The reason why a file as a whole can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FileError {
    /// The file is of another format; the text names the format, such as `xlsx` or `pdf`.
    #[error("not a CSV file: {0}")]
    NotCsv(String),
    /// The file is larger than the limit.
    #[error("the file has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// The size of the file in bytes.
        size: u64,
        /// The largest allowed size in bytes.
        limit: u64,
    },
    /// The file has more records than are allowed. The number is the limit.
    #[error("the file has more than {0} records")]
    TooManyRecords(u32),
    /// The file has no data record.
    #[error("the file has no data record")]
    Empty,
    /// No column of the file holds phones or e-mails.
    #[error("no column holds phones or e-mails")]
    NoIdentityColumn,
    /// The browser could not read the file: it was moved, deleted or changed after it was dropped.
    #[error("the file could not be read")]
    Unreadable,
}

impl FileError {
    /// Returns the word of the error in the API.
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
