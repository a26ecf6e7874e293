//! Values that a member types by hand, read by the rules of an import.

use alta_domain::{ColumnPlan, Country, DateOrder, FieldTarget, FileShape, Mapping, ProblemCode};

use crate::check::Checker;
use crate::incoming::Incoming;

/// Typed texts after the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedValues {
    /// The values in the form in which they are stored.
    pub incoming: Incoming,
    /// The texts that are not values of their fields: their places among the typed ones, counted
    /// from 0, each with the reason.
    pub refused: Vec<(u32, ProblemCode)>,
    /// What the check noticed or mended in the other texts.
    pub notices: Vec<ProblemCode>,
}

/// Reads typed texts, each as a value of its field. Dates may be written with the day first or as
/// `YYYY-MM-DD`. A word that stands for nothing (`N/A`) gives no value. `home` is the country by
/// whose rules national phone numbers are read, unless a text names the contact's own country.
#[must_use]
pub fn read_typed(typed: &[(FieldTarget, &str)], home: Country, year: u16) -> TypedValues {
    let column = |((target, _), index): (&(FieldTarget, &str), u32)| ColumnPlan {
        index,
        header: String::new(),
        target: Some(*target),
        date_order: Some(DateOrder::Dmy),
    };
    let checker = Checker::new(&Mapping {
        shape: FileShape::default(),
        country: home,
        year,
        columns: typed.iter().zip(0..).map(column).collect(),
        fixes: Vec::new(),
        correction: None,
    });
    let texts: Vec<&str> = typed.iter().map(|(_, text)| *text).collect();
    let verdict = checker.row(1, &texts);
    let mut values = TypedValues {
        incoming: Incoming::of(&checker, &verdict),
        ..TypedValues::default()
    };
    for (outcome, place) in verdict.cells.iter().zip(0..) {
        match (&outcome.value, outcome.problem) {
            (None, Some(problem)) => values.refused.push((place, problem.code)),
            (Some(_), Some(problem)) => values.notices.push(problem.code),
            (_, None) => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use alta_domain::BuiltInField as F;

    use super::*;

    fn read(typed: &[(F, &str)]) -> TypedValues {
        let typed: Vec<(FieldTarget, &str)> = typed
            .iter()
            .map(|(field, text)| (FieldTarget::BuiltIn(*field), *text))
            .collect();
        read_typed(&typed, Country::BRAZIL, 2026)
    }

    #[test]
    fn typed_values_are_stored_as_an_import_stores_them() {
        let read = read(&[
            (F::Phone, "(11) 96123-4567"),
            (F::Email, " Ana@Example.com "),
            (F::BirthDate, "3/4/1990"),
            (F::TaxId, "529.982.247-25"),
        ]);
        assert_eq!(read.refused, []);
        assert_eq!(read.incoming.phones, ["5511961234567"]);
        assert_eq!(read.incoming.emails, ["ana@example.com"]);
        assert_eq!(read.incoming.value(F::BirthDate), Some("1990-04-03"));
        assert_eq!(read.incoming.cpf.as_deref(), Some("52998224725"));
    }

    #[test]
    fn a_text_that_is_no_value_is_refused_with_its_reason() {
        let read = read(&[
            (F::Phone, "123"),
            (F::Name, "Ana"),
            (F::BirthDate, "31/02/1990"),
            (F::TaxId, "529.982.247-26"),
        ]);
        assert_eq!(
            read.refused,
            [
                (0, ProblemCode::InvalidPhone),
                (2, ProblemCode::InvalidDate),
                (3, ProblemCode::InvalidTaxId),
            ]
        );
    }

    #[test]
    fn a_landline_is_no_mobile_phone_and_the_own_country_reads_the_number() {
        let landline = read(&[(F::Phone, "(11) 3234-5678")]);
        assert_eq!(landline.incoming.phones, [""; 0]);
        assert_eq!(landline.incoming.value(F::Landline), Some("551132345678"));
        let mexican = read(&[(F::Phone, "55 1234 5678"), (F::Country, "México")]);
        assert_eq!(mexican.incoming.phones, ["525512345678"]);
    }
}
