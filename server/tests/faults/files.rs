//! Files whose contents are known, and the results that their imports must have.

use std::collections::BTreeSet;
use std::ops::Range;

use alta_domain::{
    Batch, BuiltInField, ColumnPlan, Country, ExistingPolicy, FieldTarget, FileShape, ImportPlan,
    LaterRecords, ListTarget, Mapping, RowIdentity, RowInput,
};

/// One record out of this number has no usable identity.
const BAD: u32 = 50;
/// One record out of this number is the person of the record before it.
const TWICE: u32 = 97;

/// A file of people by number, one on each line. Some records are bad, and some repeat the record
/// before them.
pub(crate) struct File {
    pub(crate) name: &'static str,
    people: Range<u32>,
}

impl File {
    pub(crate) fn of(name: &'static str, people: Range<u32>) -> Self {
        Self { name, people }
    }

    pub(crate) fn records(&self) -> u32 {
        self.people.end - self.people.start
    }

    pub(crate) fn batches(&self, rows: u32) -> u32 {
        self.records().div_ceil(rows)
    }

    fn is_bad(record: u32) -> bool {
        record.is_multiple_of(BAD)
    }

    fn is_again(record: u32) -> bool {
        record.is_multiple_of(TWICE)
            && !Self::is_bad(record)
            && !Self::is_bad(record - 1)
            && !(record - 1).is_multiple_of(TWICE)
    }

    fn all(&self) -> impl Iterator<Item = u32> {
        1..=self.records()
    }

    pub(crate) fn rejected(&self) -> u32 {
        u32::try_from(self.all().filter(|record| Self::is_bad(*record)).count()).unwrap()
    }

    pub(crate) fn merged(&self) -> u32 {
        u32::try_from(self.all().filter(|record| Self::is_again(*record)).count()).unwrap()
    }

    fn person(&self, record: u32) -> u32 {
        self.people.start + record - 1
    }

    /// Returns the people that must be contacts after the import.
    fn contacts(&self) -> impl Iterator<Item = [String; 3]> {
        self.all()
            .filter(|record| !Self::is_bad(*record) && !Self::is_again(*record))
            .map(|record| cells(self.person(record)))
    }

    /// Returns a batch of the records that follow the record `behind`.
    pub(crate) fn batch(&self, records_before: u32, rows: u32) -> Batch {
        let row = |record: u32| {
            let cells = match record {
                _ if Self::is_bad(record) => ["123".to_owned(), String::new(), "Nobody".to_owned()],
                _ if Self::is_again(record) => cells(self.person(record - 1)),
                _ => cells(self.person(record)),
            };
            let rejected = Self::is_bad(record).then(|| cells.to_vec());
            let same_as = Self::is_again(record).then_some(record - 1);
            RowInput {
                record,
                line: record + 1,
                cells: cells.to_vec(),
                rejected,
                left_out: Vec::new(),
                same_as,
                identity: Self::is_again(record + 1).then(|| Box::new(with_later())),
                corrects: None,
            }
        };
        let last = (records_before + rows).min(self.records());
        Batch {
            rows: (records_before + 1..=last).map(row).collect(),
            dropped: Vec::new(),
            records_before,
        }
    }

    pub(crate) fn plan(&self) -> ImportPlan {
        let fields = [BuiltInField::Phone, BuiltInField::Email, BuiltInField::Name];
        let column = |(field, index): (BuiltInField, u32)| ColumnPlan {
            index,
            header: field.as_str().into(),
            target: Some(FieldTarget::BuiltIn(field)),
            date_order: None,
        };
        let columns = fields.into_iter().zip(0..).map(column).collect();
        let mapping = Mapping {
            shape: FileShape::default(),
            country: Country::BRAZIL,
            year: 2026,
            columns,
            fixes: Vec::new(),
            correction: None,
        };
        ImportPlan::new(
            mapping,
            ListTarget::New(self.name.to_owned()),
            ExistingPolicy::Update,
        )
    }
}

fn cells(person: u32) -> [String; 3] {
    [
        format!("5551{}", 990_000_000 + person),
        format!("persona{person}@example.com"),
        format!("Persona {person}"),
    ]
}

/// The oracle: what the base must hold.
pub(crate) struct Expected {
    /// The phone, e-mail and name of each contact.
    pub(crate) contacts: BTreeSet<[String; 3]>,
    pub(crate) rejects: u64,
    pub(crate) members: u64,
}

impl Expected {
    pub(crate) fn of(files: &[&File]) -> Self {
        Self {
            contacts: files.iter().flat_map(|file| file.contacts()).collect(),
            rejects: files.iter().map(|file| u64::from(file.rejected())).sum(),
            members: files
                .iter()
                .map(|file| file.contacts().count() as u64)
                .sum(),
        }
    }
}

/// Returns an identity that says that more records of the person follow.
fn with_later() -> RowIdentity {
    RowIdentity {
        later: Some(LaterRecords::default()),
        ..RowIdentity::default()
    }
}
