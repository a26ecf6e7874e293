//! The input of a command: a CSV file or standard input, read in chunks.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use alta_domain::{Country, Day, Encoding, FileError, FileLimits, ShapeChoice};
use alta_intake::{HEAD_BYTES, Understood, Utf8Census, understand};

/// The number of bytes read at a time.
pub(crate) const CHUNK: usize = 1024 * 1024;

/// The reason why the CSV file or the standard input of a command cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// The operating system cannot read the input.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The input can be read, but is not a file of contacts.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The CSV file of a command, or its standard input, which is kept in memory so that it can be read
/// more than once.
pub(crate) enum Input {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// The first bytes of an input.
struct Head {
    bytes: Vec<u8>,
    /// True when the input has no more bytes.
    is_whole: bool,
}

impl Input {
    /// Opens a file, or standard input for `-`. Returns the input and its size in bytes. For an
    /// input above the limit the returned size is above the limit too, and the input is not read to
    /// its end.
    pub(crate) fn open(path: &Path, max_bytes: u64) -> io::Result<(Self, u64)> {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .take(max_bytes.saturating_add(1))
                .read_to_end(&mut bytes)?;
            let size = bytes.len() as u64;
            return Ok((Self::Bytes(bytes), size));
        }
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok((Self::File(path.to_owned()), metadata.len()))
    }

    /// Reads the first `HEAD_BYTES` bytes.
    fn head(&self) -> io::Result<Head> {
        match self {
            Self::Bytes(bytes) => Ok(Head {
                bytes: bytes[..bytes.len().min(HEAD_BYTES)].to_vec(),
                is_whole: bytes.len() <= HEAD_BYTES,
            }),
            Self::File(path) => {
                let mut bytes = Vec::with_capacity(HEAD_BYTES + 1);
                File::open(path)?
                    .take(HEAD_BYTES as u64 + 1)
                    .read_to_end(&mut bytes)?;
                let is_whole = bytes.len() <= HEAD_BYTES;
                bytes.truncate(HEAD_BYTES);
                Ok(Head { bytes, is_whole })
            }
        }
    }

    /// Reads all bytes in chunks. `each` is called with each chunk and `false`, and at the end
    /// once more with no bytes and `true`.
    pub(crate) fn read(
        &self,
        mut each: impl FnMut(&[u8], bool) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => bytes
                .chunks(CHUNK)
                .try_for_each(|chunk| each(chunk, false))?,
            Self::File(path) => {
                let mut file = File::open(path)?;
                let mut chunk = vec![0; CHUNK];
                loop {
                    match file.read(&mut chunk)? {
                        0 => break,
                        count => each(&chunk[..count], false)?,
                    }
                }
            }
        }
        each(&[], true)
    }

    /// Reads the bytes from `start` to `end`, or to the end of the input.
    pub(crate) fn range(&self, start: u64, end: Option<u64>) -> io::Result<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => {
                let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
                let end = end.map_or(bytes.len(), place).min(bytes.len());
                Ok(bytes.get(place(start)..end).unwrap_or_default().to_vec())
            }
            Self::File(path) => {
                let mut file = File::open(path)?;
                file.seek(io::SeekFrom::Start(start))?;
                let mut bytes = Vec::new();
                let length = end.map_or(u64::MAX, |end| end.saturating_sub(start));
                file.take(length).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// Determines the shape of the file and the kinds of its columns from the file's head, and its
    /// encoding from all of its bytes.
    pub(crate) fn understand(
        &self,
        country: Country,
        limits: FileLimits,
    ) -> Result<Understood, InputError> {
        let Head { bytes, is_whole } = self.head()?;
        let with = |choice| understand(&bytes, is_whole, country, this_year(), &choice, limits);
        let first = with(ShapeChoice::default())?;
        if first.shape.encoding != Encoding::Utf8 || is_whole {
            return Ok(first);
        }
        let mut census = Utf8Census::default();
        self.read(|chunk, _| {
            census.push(chunk);
            Ok(())
        })?;
        if census.encoding() == Encoding::Utf8 {
            return Ok(first);
        }
        Ok(with(ShapeChoice {
            encoding: Some(census.encoding()),
            ..ShapeChoice::default()
        })?)
    }
}

/// Returns the current year (UTC), the latest that a two-digit year may mean.
pub(crate) fn this_year() -> u16 {
    Day::year_of(alta_store::now())
}
