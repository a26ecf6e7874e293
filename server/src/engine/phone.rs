//! `alta phone`: reads phone numbers.

use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;

use alta_domain::Country;
use alta_intake::phone::read_phone;

use crate::input::CHUNK;

/// The number of decimal digits of the largest `u64`.
const MAX_DIGITS: usize = 20;

/// Reads a number from each line of standard input, and prints its digits, or `!` and the reason
/// why it is no number.
///
/// # Errors
/// When standard input cannot be read or standard output cannot be written.
pub fn phone(country: Country) -> anyhow::Result<ExitCode> {
    let mut input = io::BufReader::with_capacity(CHUNK, io::stdin().lock());
    let mut out = BufWriter::with_capacity(CHUNK, io::stdout().lock());
    let mut line = Vec::new();
    let mut digits = [0; MAX_DIGITS];
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        match read_phone(text.trim_end_matches(['\n', '\r']), country) {
            Ok(phone) => out.write_all(decimal(phone.digits, &mut digits))?,
            Err(error) => {
                out.write_all(b"!")?;
                out.write_all(error.as_str().as_bytes())?;
            }
        }
        out.write_all(b"\n")?;
        line.clear();
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Formats a number in a buffer, without allocating. The digits are written from the buffer's end.
fn decimal(mut number: u64, buffer: &mut [u8; MAX_DIGITS]) -> &[u8] {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            return &buffer[at..];
        }
    }
}
