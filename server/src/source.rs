//! A file of the command line: opened, understood, read in chunks.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use alta_domain::{Country, Encoding, FileError, FileLimits, ShapeChoice};
use alta_intake::{HEAD_BYTES, Understood, Utf8Census, understand};

/// Bytes read at a time.
pub(crate) const CHUNK: usize = 1024 * 1024;
/// How the program ends when the file can't be used.
pub(crate) const UNUSABLE: u8 = 3;

/// Where the bytes come from. Standard input is kept in memory: some files must be read twice.
pub(crate) enum Source {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl Source {
    /// Opens a file, or standard input for `-`; answers with its size too. Of an input above the
    /// limit no more is read than that it is.
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
        let about = std::fs::metadata(path)?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok((Self::File(path.to_owned()), about.len()))
    }

    /// Its first part, and whether that is all of it.
    fn head(&self) -> io::Result<(Vec<u8>, bool)> {
        match self {
            Self::Bytes(bytes) => Ok((
                bytes[..bytes.len().min(HEAD_BYTES)].to_vec(),
                bytes.len() <= HEAD_BYTES,
            )),
            Self::File(path) => {
                let mut head = Vec::with_capacity(HEAD_BYTES + 1);
                File::open(path)?
                    .take(HEAD_BYTES as u64 + 1)
                    .read_to_end(&mut head)?;
                let whole = head.len() <= HEAD_BYTES;
                head.truncate(HEAD_BYTES);
                Ok((head, whole))
            }
        }
    }

    /// All of it in chunks; the last call, perhaps with no bytes, says so.
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

    /// What the file is, its encoding settled by all of its bytes.
    pub(crate) fn understand(
        &self,
        country: Country,
        limits: FileLimits,
    ) -> io::Result<Result<Understood, FileError>> {
        let (head, whole) = self.head()?;
        let first = match understand(
            &head,
            whole,
            country,
            this_year(),
            &ShapeChoice::default(),
            limits,
        ) {
            Ok(first) => first,
            Err(error) => return Ok(Err(error)),
        };
        if first.shape.encoding != Encoding::Utf8 || whole {
            return Ok(Ok(first));
        }
        let mut census = Utf8Census::default();
        self.read(|chunk, _| {
            census.push(chunk);
            Ok(())
        })?;
        if census.encoding() == Encoding::Utf8 {
            return Ok(Ok(first));
        }
        let choice = ShapeChoice {
            encoding: Some(census.encoding()),
            ..ShapeChoice::default()
        };
        Ok(understand(
            &head,
            whole,
            country,
            this_year(),
            &choice,
            limits,
        ))
    }
}

/// The year, for two-digit years; its length is the Gregorian mean.
pub(crate) fn this_year() -> u16 {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    u16::try_from(1970 + seconds / 31_556_952).unwrap_or(u16::MAX)
}
