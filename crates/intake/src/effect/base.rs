//! The contacts that exist, as marks with which an import is compared before it begins.
//!
//! A mark is a key or a value as a number, which can be compared but not read. The marks of a
//! contact are, in little-endian order: its id (8 bytes); the number of its keys (2 bytes) and each
//! key (8 bytes); the length of its name (1 byte) and the name's words; its lists and permissions
//! (1 byte, [`Standing`]); four bytes for each field of the plan; then, when tags are among the
//! fields, the number of tags (2 bytes) and four bytes for each tag.

use std::collections::HashMap;

use alta_domain::{BuiltInField, Channel, ContactId, FieldTarget, Key, KeyKind};

use crate::fingerprint::of_text;
use crate::identity::{KeyMark, Name, Traits};
use crate::tags::tags;

/// The one field with several values.
pub(super) const TAGS: FieldTarget = FieldTarget::BuiltIn(BuiltInField::Tags);
/// The most tags of a contact that are compared.
const MOST_TAGS: usize = 1000;
/// The most keys of a contact that are compared.
const MOST_KEYS: usize = 1000;

/// Facts about a contact, one bit each: on every list of the import, in the bin, and its answers
/// about permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing(u8);

impl Standing {
    /// The bit of a contact that is on every list of the import.
    const LISTED: u8 = 1;
    /// The bit of a contact in the bin. The bits between are those of the answers.
    const BINNED: u8 = 0x80;

    /// Notes that the contact is on every list of the import.
    pub fn list(&mut self) {
        self.0 |= Self::LISTED;
    }

    /// Returns true when the contact is on every list of the import.
    #[must_use]
    pub fn is_listed(self) -> bool {
        self.0 & Self::LISTED != 0
    }

    /// Notes that the contact is in the bin. An import takes it out, which changes it.
    pub fn bin(&mut self) {
        self.0 |= Self::BINNED;
    }

    /// Notes that the contact has left the bin.
    pub fn restore(&mut self) {
        self.0 &= !Self::BINNED;
    }

    /// Returns true when the contact is in the bin.
    #[must_use]
    pub fn is_binned(self) -> bool {
        self.0 & Self::BINNED != 0
    }

    /// Notes an answer about permission for a channel.
    pub fn answer(&mut self, channel: Channel, granted: bool) {
        self.0 |= Self::bit(channel, granted);
    }

    /// Returns true when the contact has given this answer about a channel.
    #[must_use]
    pub fn has_answer(self, channel: Channel, granted: bool) -> bool {
        self.0 & Self::bit(channel, granted) != 0
    }

    fn bit(channel: Channel, granted: bool) -> u8 {
        2 << (2 * channel as u8 + u8::from(granted))
    }
}

/// Writes the marks of a contact. `values` are those of the base's fields, in their order.
pub fn write_marks<'a>(
    out: &mut Vec<u8>,
    id: ContactId,
    keys: &[Key],
    (name, standing): (&Name, Standing),
    values: impl Iterator<Item = (FieldTarget, Option<&'a str>)>,
) {
    out.extend(id.0.to_le_bytes());
    let keys = &keys[..keys.len().min(MOST_KEYS)];
    out.extend(u16::try_from(keys.len()).unwrap_or(0).to_le_bytes());
    for key in keys {
        out.extend(key_mark(key).to_le_bytes());
    }
    let words = name.marked();
    let words = words
        .get(..words.floor_char_boundary(255))
        .unwrap_or(&words);
    out.push(u8::try_from(words.len()).unwrap_or(0));
    out.extend(words.as_bytes());
    out.push(standing.0);
    let mut all_tags = None;
    for (target, value) in values {
        let value = value.unwrap_or_default();
        out.extend(mark(value).to_le_bytes());
        if target == TAGS {
            all_tags = Some(value);
        }
    }
    if let Some(value) = all_tags {
        let marks: Vec<u32> = tag_marks(value).take(MOST_TAGS).collect();
        out.extend(u16::try_from(marks.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend(marks.iter().flat_map(|mark| mark.to_le_bytes()));
    }
}

/// Returns a key as a number. A key that is not all digits is hashed by a function with the same
/// result in the browser and on the server.
pub(super) fn key_mark(key: &Key) -> u64 {
    match key.kind {
        KeyKind::Landline | KeyKind::Email => {
            KeyMark::digits(key.kind, of_text(&key.value)).number()
        }
        kind => KeyMark::of(kind, &key.value).number(),
    }
}

/// Returns a value as four bytes, 0 for an empty value. One change in four billion goes unnoticed.
pub(super) fn mark(value: &str) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part of the number is its mark"
    )]
    let short = of_text(value) as u32;
    if value.is_empty() { 0 } else { short.max(1) }
}

fn tag_marks(value: &str) -> impl Iterator<Item = u32> {
    tags(value).map(|tag| mark(&tag.to_lowercase()))
}

/// The base: the contacts that exist, as marks.
#[derive(Debug, Default)]
pub struct Base {
    pub(super) fields: Vec<FieldTarget>,
    pub(super) ids: Vec<i64>,
    pub(super) marks: Vec<u32>,
    /// The words of all names in one text, and where those of each contact end.
    names: (String, Vec<u32>),
    /// The marks of all tags in one list, and where those of each contact end.
    tags: (Vec<u32>, Vec<u32>),
    /// The keys, each with the index of the contact it belongs to.
    keys: Vec<(u64, u32)>,
    /// For each contact, [`HAS_PHONE`] when it has a phone, and [`HAS_EMAIL`] when it has an e-mail
    /// address.
    kinds: Vec<u8>,
    /// The CPFs, by the contact's index.
    cpfs: HashMap<u32, u64>,
    pub(super) standings: Vec<Standing>,
}

const HAS_PHONE: u8 = 1;
const HAS_EMAIL: u8 = 2;

/// A reader that takes bytes from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn long(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn marks(&mut self, count: usize) -> Option<impl Iterator<Item = u32> + 'a> {
        let bytes = self.take(4 * count)?;
        let marks = bytes.as_chunks::<4>().0.iter();
        Some(marks.map(|mark| u32::from_le_bytes(*mark)))
    }
}

impl Base {
    /// Returns an empty base whose contacts will have marks of these fields.
    #[must_use]
    pub fn of(fields: Vec<FieldTarget>) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Adds the marks of contacts, in the form of [`write_marks`].
    pub fn add(&mut self, bytes: &[u8]) {
        let mut bytes = Bytes(bytes);
        while self.add_one(&mut bytes).is_some() {}
    }

    fn add_one(&mut self, bytes: &mut Bytes<'_>) -> Option<()> {
        let id = bytes.long()?;
        let place = u32::try_from(self.ids.len()).ok()?;
        let mut kinds = 0;
        for _ in 0..bytes.short()? {
            let key = bytes.long()?;
            match key >> 62 {
                0 => kinds |= HAS_PHONE,
                1 => kinds |= HAS_EMAIL,
                2 => {
                    self.cpfs.insert(place, key & !(0b11 << 62));
                }
                _ => {}
            }
            self.keys.push((key, place));
        }
        let length = usize::from(*bytes.take(1)?.first()?);
        let name = std::str::from_utf8(bytes.take(length)?).ok()?;
        self.names.0.push_str(name);
        self.names.1.push(u32::try_from(self.names.0.len()).ok()?);
        let standing = Standing(*bytes.take(1)?.first()?);
        self.marks.extend(bytes.marks(self.fields.len())?);
        if self.fields.contains(&TAGS) {
            let count = usize::from(bytes.short()?);
            self.tags.0.extend(bytes.marks(count)?);
            self.tags.1.push(u32::try_from(self.tags.0.len()).ok()?);
        }
        self.kinds.push(kinds);
        self.standings.push(standing);
        self.ids.push(id.cast_signed());
        Some(())
    }

    /// Sorts the keys for the search, after all contacts were added.
    pub fn complete(&mut self) {
        self.keys.sort_unstable();
    }

    /// Returns the index of the contact that a key belongs to; `None` when no contact has it.
    pub(super) fn owner(&self, key: &Key) -> Option<u32> {
        let key = key_mark(key);
        let at = self.keys.partition_point(|(known, _)| *known < key);
        let (known, place) = self.keys.get(at)?;
        (*known == key).then_some(*place)
    }

    /// Returns the name of a contact.
    pub(super) fn name(&self, place: u32) -> Name {
        let words = range(&self.names.1, place as usize);
        Name::of(self.names.0.get(words).unwrap_or_default())
    }

    /// Returns the traits by which a contact with this name is compared.
    pub(super) fn traits<'n>(&self, place: u32, name: &'n Name) -> Traits<'n> {
        let kinds = self.kinds.get(place as usize).copied().unwrap_or(0);
        Traits {
            name,
            cpf: self.cpfs.get(&place).copied(),
            has_phone: kinds & HAS_PHONE != 0,
            has_email: kinds & HAS_EMAIL != 0,
        }
    }

    /// Returns true when a contact has all these tags.
    pub(super) fn has_tags(&self, place: u32, value: &str) -> bool {
        let own = self.tags.0.get(range(&self.tags.1, place as usize));
        tag_marks(value).all(|tag| own.is_some_and(|own| own.contains(&tag)))
    }
}

/// Returns the range of a contact's elements in a joined list, from the ends of all ranges.
fn range(ends: &[u32], place: usize) -> std::ops::Range<usize> {
    let end = |place: usize| ends.get(place).map_or(0, |end| *end as usize);
    place.checked_sub(1).map_or(0, end)..end(place)
}
