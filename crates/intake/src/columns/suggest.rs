//! The suggestion of a field for each column. When several columns claim one field, the column
//! whose values prove it gets it. Phone, landline and e-mail may be suggested for several columns.

use alta_domain::BuiltInField as F;
use alta_domain::ColumnKind as K;
use alta_domain::Country;

use super::others::{self, Whose};
use super::seen::Seen;
use super::synonyms::{self, Likeness};

/// The claim of a column: a field, and the strength of the claim from 1 to 9.
type Claim = Option<(F, u8)>;

/// Returns the suggested field of each column. Only tags, notes, phone, landline and e-mail may
/// repeat.
pub(super) fn fields(columns: &[Seen<'_>], country: Country) -> Vec<Option<F>> {
    let mut claims: Vec<Claim> = columns
        .iter()
        .map(|column| claim(column, country))
        .collect();
    people_before_companies(columns, &mut claims);
    names(columns, &mut claims);
    let mut fields: Vec<Option<F>> = claims
        .iter()
        .enumerate()
        .map(|(at, claim)| match (*claim)?.0 {
            F::Phone | F::Landline | F::Email => None,
            field @ (F::Tags | F::Notes) => Some(field),
            field => (strongest(&claims, field) == Some(at)).then_some(field),
        })
        .collect();
    phones(columns, &claims, &mut fields);
    for (at, column) in columns.iter().enumerate() {
        if column.kind == K::Email && claims_one(claims[at], F::Email) {
            fields[at] = Some(F::Email);
        }
    }
    // A field that no column proves by its values goes to a column with its name.
    for field in [F::Phone, F::Landline, F::Email] {
        if !fields.contains(&Some(field))
            && let Some(at) = strongest(&claims, field)
            && fields[at].is_none()
        {
            fields[at] = Some(field);
        }
    }
    fields
}

fn claims_one(claim: Claim, field: F) -> bool {
    claim.is_some_and(|(claimed, _)| claimed == field)
}

/// Returns the column that claims a field most strongly; among equals the first.
fn strongest(claims: &[Claim], field: F) -> Option<usize> {
    (0..claims.len())
        .filter(|at| claims_one(claims[*at], field))
        .max_by_key(|at| (claims[*at], std::cmp::Reverse(*at)))
}

/// Removes the claims of a company's phone or e-mail where another column has a person's own.
fn people_before_companies(columns: &[Seen<'_>], claims: &mut [Claim]) {
    let is_company = |at: usize| others::whose(columns[at].header) == Some(Whose::Company);
    for (kind, own) in [
        (K::Phone, &[F::Phone, F::Landline][..]),
        (K::Email, &[F::Email]),
    ] {
        let claiming =
            |claims: &[Claim], at: usize| claims[at].is_some_and(|(field, _)| own.contains(&field));
        let person = (0..columns.len())
            .any(|at| columns[at].kind == kind && claiming(claims, at) && !is_company(at));
        for at in 0..columns.len() {
            if person && is_company(at) && claiming(claims, at) {
                claims[at] = None;
            }
        }
    }
}

/// Decides between whole names and their parts. 'Nombre' beside a last name is the first name;
/// beside first and last names no other name is needed.
fn names(columns: &[Seen<'_>], claims: &mut [Claim]) {
    let claimed = |claims: &[Claim], field| claims.iter().any(|claim| claims_one(*claim, field));
    if claimed(claims, F::LastName) && !claimed(claims, F::FirstName) {
        for (column, claim) in columns.iter().zip(claims.iter_mut()) {
            if let Some((field @ F::Name, _)) = claim
                && synonyms::is_bare_name(column.header)
            {
                *field = F::FirstName;
            }
        }
    }
    // Such as 'E-mail Display Name' beside first and last names.
    if claimed(claims, F::FirstName) && claimed(claims, F::LastName) {
        let is_part = |claim: &(F, u8)| claim.0 == F::Name && claim.1 < 8;
        claims
            .iter_mut()
            .filter(|claim| claim.as_ref().is_some_and(is_part))
            .for_each(|claim| *claim = None);
    }
}

/// Returns the field that a column's name and values claim, with the strength: 9 when the whole
/// name and the values agree, 1 when only a part of the name says so.
fn claim(column: &Seen<'_>, country: Country) -> Claim {
    if column.permission.is_some() {
        return None;
    }
    of_name_and_values(column, country).filter(|(field, _)| {
        !matches!(field, F::Phone | F::Landline | F::Email)
            || others::whose(column.header) != Some(Whose::Another)
    })
}

fn of_name_and_values(column: &Seen<'_>, country: Country) -> Claim {
    let named = |strengths: [u8; 3]| {
        let (field, likeness) = column.named?;
        let [misspelt, part, whole] = strengths;
        Some((
            field,
            match likeness {
                Likeness::Misspelt => misspelt,
                Likeness::Part => part,
                Likeness::Whole => whole,
            },
        ))
    };
    let proved = |own: F, also: &[F]| {
        named([7, 8, 9])
            .filter(|(field, _)| *field == own || also.contains(field))
            .or(Some((own, 6)))
    };
    match column.kind {
        K::Email => proved(F::Email, &[]),
        K::TaxId => proved(F::TaxId, &[]),
        K::Phone => proved(
            F::Phone,
            &[F::Landline, F::ExternalId, F::PostalCode, F::TaxId],
        ),
        K::Date => named([7, 8, 9]).filter(|(field, _)| *field == F::BirthDate),
        K::Empty => named([3, 3, 4]),
        K::Number | K::Boolean | K::Choice | K::Text => match column.named?.0 {
            // The values are something else: the whole name may still be right, and all values
            // wrong.
            F::Phone if synonyms::names_somebody(column.header) && column.kind != K::Number => {
                Some((F::Name, 4))
            }
            // A number alone may be the day or the month of birth.
            F::BirthDate if column.kind == K::Number => None,
            F::Phone | F::Landline | F::Email | F::BirthDate => {
                let likely = column.kind == K::Text
                    || (column.named?.1 == Likeness::Whole && column.kind != K::Boolean);
                named([1, 1, 2]).filter(|_| likely && !synonyms::means_much(column.header))
            }
            F::TaxId => named([1, 1, 2]),
            F::State if synonyms::is_department(column.header) => {
                (country != Country::BRAZIL).then_some((F::State, 5))
            }
            _ => named([5, 6, 8]).filter(|_| {
                column.kind != K::Boolean
                    || column
                        .named
                        .is_some_and(|(_, likeness)| likeness == Likeness::Whole)
            }),
        },
    }
}

/// Sets the field of all columns of phones. A column is a landline by its name, or by its values
/// where another column is the mobile.
fn phones(columns: &[Seen<'_>], claims: &[Claim], fields: &mut [Option<F>]) {
    let of_phones: Vec<usize> = (0..columns.len())
        .filter(|at| columns[*at].kind == K::Phone)
        .filter(|at| claims_one(claims[*at], F::Phone) || claims_one(claims[*at], F::Landline))
        .collect();
    let is_fixed = |at: usize| claims_one(claims[at], F::Landline);
    let is_mobile = |at: usize| {
        !is_fixed(at) && (!columns[at].landlines || synonyms::names_a_mobile(columns[at].header))
    };
    let has_mobile = of_phones.iter().any(|at| is_mobile(*at));
    for at in of_phones {
        let is_landline = is_fixed(at) || (has_mobile && !is_mobile(at));
        fields[at] = Some(if is_landline { F::Landline } else { F::Phone });
    }
}
