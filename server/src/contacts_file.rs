//! The download of contacts as CSV for spreadsheets. The file can be imported again: its heads are
//! the names of the fields, and its values are written as they are read.

use alta_app::api::caller::Caller;
use alta_app::{field_head, permission_head, yes_or_no};
use alta_domain::{BuiltInField, Channel, ContactId, Country, Field, FieldKind, Language};
use alta_intake::is_cpf_of;
use alta_store::Store;
use alta_store::access::Admin;
use alta_store::contacts::export::{self, ExportedContact};
use alta_store::contacts::fields;
use alta_store::person::data::note_download;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use crate::csv_file::{self, Page, SheetWriter, delimiter_of, refusal, require_admin};

/// The number of contacts on one page.
const PAGE_CONTACTS: usize = 2000;
/// The text between two phones, or two e-mail addresses, of one cell.
const BETWEEN: &str = " ::: ";

/// The form that asks for the download. It is posted, so that no proxy logs the text.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// The text that the contacts match, as in the search; all contacts when it is empty.
    #[serde(default)]
    q: String,
}

/// The columns of the file.
struct Columns {
    language: Language,
    country: Country,
    custom: Vec<Field>,
}

/// Responds with the contacts, and notes the download in the audit log.
pub(crate) async fn download(
    State(store): State<Store>,
    Extension(caller): Extension<Caller>,
    Form(wanted): Form<Wanted>,
) -> Response {
    let admin = match require_admin(caller) {
        Ok(admin) => admin,
        Err(status) => return status.into_response(),
    };
    if let Err(error) = note_download(&store, &admin).await {
        return refusal(&error).into_response();
    }
    csv_file::respond("alta-contacts.csv", ContactId(0), move |after| {
        page(store.clone(), admin.clone(), wanted.q.clone(), after)
    })
    .await
}

/// Writes the contacts after the one with the id `after`. With 0 it writes the heads first.
async fn page(store: Store, admin: Admin, text: String, after: ContactId) -> Page<ContactId> {
    let columns = Columns {
        language: admin.language(),
        country: admin.country(),
        custom: fields::all(&store, &admin).await?,
    };
    let is_first = after == ContactId(0);
    let mut writer = SheetWriter::new(delimiter_of(columns.language), is_first);
    if is_first {
        writer.write(columns.heads())?;
    }
    let contacts = export::page(&store, &admin, &text, after, PAGE_CONTACTS as u64).await?;
    for contact in &contacts {
        let cells = columns.cells(contact);
        writer.write(cells.iter().map(String::as_str))?;
    }
    let next = (contacts.len() == PAGE_CONTACTS).then(|| contacts.last().map(|last| last.id));
    Ok((writer.finish()?, next.flatten()))
}

impl Columns {
    fn heads(&self) -> impl Iterator<Item = &str> {
        let built_in = BuiltInField::ALL.into_iter();
        let built_in = built_in.map(|field| field_head(self.language, field));
        let custom = self.custom.iter().map(|field| field.name.as_str());
        let permissions = Channel::ALL.into_iter();
        let permissions = permissions.map(|channel| permission_head(self.language, channel));
        built_in.chain(custom).chain(permissions)
    }

    fn cells(&self, contact: &ExportedContact) -> Vec<String> {
        let built_in = BuiltInField::ALL.into_iter();
        let built_in = built_in.map(|field| self.built_in(contact, field));
        let custom = self.custom.iter().map(|field| {
            let value = contact.custom.get(&field.name);
            value.map_or_else(String::new, |value| self.custom(field.kind, value))
        });
        let permissions = Channel::ALL.into_iter().map(|channel| {
            let answer = contact.permissions.get(&channel).copied().flatten();
            let word = answer.map(|granted| yes_or_no(self.language, granted));
            word.unwrap_or_default().to_owned()
        });
        built_in.chain(custom).chain(permissions).collect()
    }

    fn built_in(&self, contact: &ExportedContact, field: BuiltInField) -> String {
        let number = |digits: &String| format!("+{digits}");
        let numbers = |all: &[String]| all.iter().map(number).collect::<Vec<_>>().join(BETWEEN);
        match field {
            BuiltInField::Phone => numbers(&contact.phones),
            BuiltInField::Landline => contact.landline.as_ref().map(number).unwrap_or_default(),
            BuiltInField::Email => contact.emails.join(BETWEEN),
            BuiltInField::Tags => contact.tags.join(", "),
            _ => {
                let value = |field: BuiltInField| contact.fields.get(field.as_str());
                let country = value(BuiltInField::Country).map(String::as_str);
                let value = value(field).map(String::as_str).unwrap_or_default();
                self.masked(field, value, country)
            }
        }
    }

    /// Writes a CPF, a CNPJ and a Brazilian postal code with their marks: a spreadsheet takes the
    /// bare digits for a number, and drops the zeros before it. `country` is the contact's own.
    fn masked(&self, field: BuiltInField, value: &str, country: Option<&str>) -> String {
        let is_digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_cpf = || is_cpf_of(value, country, self.country);
        let is_at_home = country.is_none_or(|country| country == self.country.as_str());
        let is_brazilian = self.country == Country::BRAZIL && is_at_home;
        let mask = match (field, value.len()) {
            (BuiltInField::TaxId, 11) if is_cpf() => Some("ddd.ddd.ddd-dd"),
            _ if !is_digits || !is_brazilian => None,
            (BuiltInField::TaxId, 14) => Some("dd.ddd.ddd/dddd-dd"),
            (BuiltInField::PostalCode, 8) => Some("ddddd-ddd"),
            _ => None,
        };
        let Some(mask) = mask else {
            return value.to_owned();
        };
        let mut digits = value.chars();
        let fill = |mark| {
            if mark == 'd' {
                digits.next()
            } else {
                Some(mark)
            }
        };
        mask.chars().filter_map(fill).collect()
    }

    fn custom(&self, kind: FieldKind, value: &str) -> String {
        match (kind, value) {
            (FieldKind::Boolean, "true") => yes_or_no(self.language, true).to_owned(),
            (FieldKind::Boolean, "false") => yes_or_no(self.language, false).to_owned(),
            (FieldKind::Number, _) if self.country.has_decimal_comma() => value.replace('.', ","),
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alta_domain::{ColumnReport, FieldTarget, FileLimits, ShapeChoice};
    use alta_intake::understand;

    use super::*;

    fn columns(language: Language) -> Columns {
        Columns {
            language,
            country: Country::BRAZIL,
            custom: Vec::new(),
        }
    }

    fn contact(nth: u32) -> ExportedContact {
        use BuiltInField as F;
        let fields = [
            (F::Name, "Bia Souza"),
            (F::FirstName, "Bia"),
            (F::LastName, "Souza"),
            (F::BirthDate, "1990-12-31"),
            (F::TaxId, "52998224725"),
            (F::Company, "Comercial Andina"),
            (F::Country, "BR"),
            (F::State, "RS"),
            (F::City, "Porto Alegre"),
            (F::Address, "Rua das Flores, 12"),
            (F::PostalCode, "01310100"),
            (F::ExternalId, "C-0012"),
            (F::Notes, "prefiere la mañana"),
        ];
        let fields = fields.map(|(field, value)| (field.as_str(), value.to_owned()));
        ExportedContact {
            id: ContactId(1),
            phones: vec![
                format!("55519999900{nth:02}"),
                format!("55519888800{nth:02}"),
            ],
            landline: Some(format!("55513234560{}", nth % 10)),
            emails: vec![
                format!("bia{nth}@example.com"),
                format!("b{nth}@example.com"),
            ],
            fields: fields.into(),
            custom: BTreeMap::new(),
            tags: vec!["vip".to_owned(), "tienda".to_owned()],
            lists: Vec::new(),
            permissions: Channel::ALL
                .map(|channel| (channel, Some(nth.is_multiple_of(2))))
                .into(),
        }
    }

    #[test]
    fn the_engine_reads_each_column_as_the_field_that_it_was_written_from() {
        for (language, _) in Language::ALL {
            let columns = columns(language);
            let mut writer = SheetWriter::new(delimiter_of(language), true);
            writer.write(columns.heads()).unwrap();
            for nth in 10..40 {
                let cells = columns.cells(&contact(nth));
                writer.write(cells.iter().map(String::as_str)).unwrap();
            }
            let bytes = writer.finish().unwrap();
            let (choice, limits) = (ShapeChoice::default(), FileLimits::default());
            let found = understand(&bytes, true, Country::BRAZIL, 2026, &choice, limits).unwrap();
            let targets: Vec<_> = found.columns.iter().map(ColumnReport::target).collect();
            let built_in = BuiltInField::ALL.map(|field| Some(FieldTarget::BuiltIn(field)));
            let permissions = Channel::ALL.map(|channel| Some(FieldTarget::Consent(channel)));
            assert_eq!(
                targets,
                [&built_in[..], &permissions[..]].concat(),
                "{language:?}"
            );
        }
    }

    #[test]
    fn digits_that_a_spreadsheet_would_shorten_get_their_marks() {
        let cells = columns(Language::Portuguese).cells(&contact(10));
        for cell in [
            "529.982.247-25",
            "01310-100",
            "+5551999990010 ::: +5551988880010",
        ] {
            assert!(cells.iter().any(|own| own == cell), "{cell} in {cells:?}");
        }
    }
}
