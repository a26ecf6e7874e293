//! The reading of all numbers in a cell that does not plainly hold one.

use alta_domain::{Country, ProblemCode};

use super::number::{Phone, PhoneError, PhoneKind};
use super::text::{self, Written};
use super::valid::{MOST_OF_ONE, is_at_home, valid};

/// The largest size of a cell of phones in bytes.
const LONGEST: usize = 200;
/// The largest number of labels with digits before a number.
const LABELS: usize = 2;
/// The fewest digits of a number.
const LEAST: usize = 7;

/// Reads all valid numbers: the first one, a mobile before a landline, and the further ones.
pub(super) fn read(text: &str, country: Country) -> Result<(Phone, Vec<Phone>), PhoneError> {
    let text = text::unwrap(text);
    if text.len() > LONGEST {
        return Err(PhoneError::TooLong);
    }
    // The id of a WhatsApp group contains the number of its founder, and is not a phone.
    if text.ends_with("@g.us") || text.ends_with("@broadcast") {
        return Err(PhoneError::NotANumber);
    }
    let mut found = Found::new(country);
    text::parts(&text).for_each(|part| found.read_part(part));
    let (None, Some(error)) = (found.first, found.error) else {
        return found.finish(PhoneError::NotANumber);
    };
    // '55 96933/3663' is one number; '123 / 51 98888-8888' and '51 3333-4444 2' contain one.
    let ways: [fn(&mut Found, &str); 3] = [
        Found::read_part,
        |found, text| text::segments(text).for_each(|piece| found.read_piece(piece)),
        Found::read_piece,
    ];
    ways.into_iter()
        .find_map(|way| {
            let mut found = Found::new(country);
            way(&mut found, &text);
            found.finish(error).ok()
        })
        .ok_or(error)
}

/// The numbers found in a cell so far.
struct Found {
    country: Country,
    first: Option<Phone>,
    further: Vec<Phone>,
    /// True when some text belongs to none of the numbers.
    extra: bool,
    /// The reason why the first text that looked like a number is not valid.
    error: Option<PhoneError>,
}

impl Found {
    fn new(country: Country) -> Self {
        Self {
            country,
            first: None,
            further: Vec::new(),
            extra: false,
            error: None,
        }
    }

    fn finish(self, error: PhoneError) -> Result<(Phone, Vec<Phone>), PhoneError> {
        let mut first = self.first.ok_or(self.error.unwrap_or(error))?;
        if self.extra {
            first.notice = Some(ProblemCode::ExtraText);
        }
        Ok((first, self.further))
    }

    /// Stores a number unless it is known already. The first mobile comes before all other numbers.
    fn keep(&mut self, phone: Phone) {
        let Some(first) = &mut self.first else {
            self.first = Some(phone);
            return;
        };
        let mut known = std::iter::once(&*first).chain(&self.further);
        if known.any(|known| known.digits == phone.digits) {
            return;
        }
        if first.kind != PhoneKind::Mobile && phone.kind == PhoneKind::Mobile {
            self.further.insert(0, std::mem::replace(first, phone));
        } else {
            self.further.push(phone);
        }
    }

    fn fail(&mut self, error: PhoneError) {
        self.error.get_or_insert(error);
        self.extra = true;
    }

    /// Reads the text between two separators: usually one number, then the text after it.
    fn read_part(&mut self, part: &str) {
        let (mut rest, mut is_beside) = (part, self.first.is_some());
        while !text::behind(rest).is_empty() {
            if is_beside && rest.chars().filter(|c| c.is_numeric()).count() < LEAST {
                self.extra = true;
                return;
            }
            let written_out = match text::scientific(rest).transpose() {
                Ok(written_out) => written_out,
                Err(error) => return self.fail(error),
            };
            let whole = written_out.as_deref().unwrap_or(rest);
            let Some(written) =
                text::digits(whole).filter(|_| !is_beside || !text::names_no_phone(rest))
            else {
                self.extra = true;
                return;
            };
            if written_out.is_none()
                && let Some((phone, behind)) = self.behind_label(rest, &written)
            {
                self.extra = true;
                self.keep(phone);
                (rest, is_beside) = (behind, true);
                continue;
            }
            match valid(&written, self.country) {
                Ok(phone) => {
                    self.extra |= written.extra;
                    self.keep(phone);
                }
                Err(_) if written.digits.as_slice().len() > MOST_OF_ONE => {
                    let several = rest.get(..written.end).unwrap_or(rest);
                    text::segments(several).for_each(|piece| self.read_piece(piece));
                    if self.first.is_none() {
                        self.fail(PhoneError::TooLong);
                    }
                }
                Err(error) => self.fail(error),
            }
            if written_out.is_some() {
                return;
            }
            is_beside = true;
            rest = text::behind(rest.get(written.end..).unwrap_or_default());
        }
    }

    /// Reads a number of the country after a label with digits (`Fone 1`, `24h`, `2 linhas:`), when
    /// label and number together are not a number of the country. Returns the number and the text
    /// after it.
    fn behind_label<'t>(&self, text: &'t str, written: &Written) -> Option<(Phone, &'t str)> {
        let is_home = valid(written, self.country)
            .is_ok_and(|phone| is_at_home(phone, self.country) || !written.extra);
        if is_home || written.international {
            return None;
        }
        let mut rest = text;
        for _ in 0..LABELS {
            rest = text::without_label(rest)?;
            let written = text::digits(rest)?;
            if let Ok(phone) = valid(&written, self.country)
                && is_at_home(phone, self.country)
            {
                return Some((
                    phone,
                    text::behind(rest.get(written.end..).unwrap_or_default()),
                ));
            }
        }
        None
    }

    /// Reads the numbers at the beginning of a text that stand side by side.
    fn read_piece(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some((phone, written)) = self.beginning(rest) {
            self.extra |= written.extra;
            self.keep(phone);
            rest = text::behind(rest.get(written.end..).unwrap_or_default());
        }
        self.extra |= !text::behind(rest).is_empty();
    }

    /// Reads the number at the beginning of a text: from as many of its first words as form one.
    fn beginning(&self, text: &str) -> Option<(Phone, Written)> {
        text::beginnings(text)
            .filter(|piece| text::scientific(piece).is_none())
            .find_map(|piece| {
                let written = text::digits(piece)?;
                let phone = valid(&written, self.country).ok()?;
                (written.international || is_at_home(phone, self.country))
                    .then_some((phone, written))
            })
    }
}
