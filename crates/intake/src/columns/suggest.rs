//! Which field each column is suggested for: of several that claim one, the column whose values
//! prove it.

use alta_domain::BuiltInField as F;
use alta_domain::ColumnKind as K;
use alta_domain::Country;

use super::Seen;
use super::synonyms::{self, Likeness};

/// The field of each column; each but tags and notes once.
pub(super) fn fields(columns: &[Seen<'_>], country: Country) -> Vec<Option<F>> {
    let mut claims: Vec<Option<(F, u8)>> = columns
        .iter()
        .map(|column| claim(column, country))
        .collect();
    let claimed = |claims: &[Option<(F, u8)>], field| {
        claims.iter().flatten().any(|(other, _)| *other == field)
    };
    if claimed(&claims, F::LastName) && !claimed(&claims, F::FirstName) {
        for (column, claim) in columns.iter().zip(&mut claims) {
            if let Some((field @ F::Name, _)) = claim
                && synonyms::is_bare_name(column.header)
            {
                *field = F::FirstName;
            }
        }
    }
    // 'E-mail Display Name' beside first and last names.
    if claimed(&claims, F::FirstName) && claimed(&claims, F::LastName) {
        let is_part = |claim: &(F, u8)| claim.0 == F::Name && claim.1 < 8;
        claims
            .iter_mut()
            .filter(|claim| claim.as_ref().is_some_and(is_part))
            .for_each(|claim| *claim = None);
    }
    let strongest = |field| {
        let strength = |at: &usize| {
            claims[*at]
                .filter(|(other, _)| *other == field)
                .map(|(_, strength)| strength)
        };
        // Of equals the first.
        (0..claims.len())
            .filter(|at| strength(at).is_some())
            .max_by_key(|at| (strength(at), std::cmp::Reverse(*at)))
    };
    let mut fields: Vec<Option<F>> = claims
        .iter()
        .enumerate()
        .map(|(at, claim)| {
            let (field, _) = (*claim)?;
            (matches!(field, F::Tags | F::Notes) || strongest(field) == Some(at)).then_some(field)
        })
        .collect();
    phones(columns, &claims, &mut fields);
    fields
}

/// The field that a column's name and values claim, and how strongly: 9 when both say so, 1 when
/// only a part of the name does.
fn claim(column: &Seen<'_>, country: Country) -> Option<(F, u8)> {
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
            // The values are something else: the whole name may still be right, and all of them
            // wrong.
            F::Phone if synonyms::names_somebody(column.header) && column.kind != K::Number => {
                Some((F::Name, 4))
            }
            F::Phone | F::Landline | F::Email | F::BirthDate => {
                let likely = column.kind == K::Text || column.named?.1 == Likeness::Whole;
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

/// Of several phone columns one is the mobile: by name, else the first whose values are not
/// landlines; the next is the landline.
fn phones(columns: &[Seen<'_>], claims: &[Option<(F, u8)>], fields: &mut [Option<F>]) {
    let claiming: Vec<usize> = (0..columns.len())
        .filter(|at| claims[*at].is_some_and(|(field, _)| matches!(field, F::Phone | F::Landline)))
        .collect();
    for at in &claiming {
        fields[*at] = None;
    }
    let is_fixed = |at: usize| claims[at].is_some_and(|(field, _)| field == F::Landline);
    let is_mobile = |at: usize| synonyms::names_a_mobile(columns[at].header);
    let has_phones = |at: usize| columns[at].kind == K::Phone;
    let rank = |at: usize| {
        let landlines = columns[at].landlines;
        match (has_phones(at), is_mobile(at), is_fixed(at)) {
            (true, true, _) if !landlines => 6,
            (true, _, false) if !landlines => 5,
            (true, true, _) => 4,
            (true, _, false) => 3,
            (true, _, true) if !landlines => 2,
            (false, _, false) => 1,
            _ => 0,
        }
    };
    let best = |wanted: &dyn Fn(usize) -> (u8, u8)| {
        let ranked = claiming
            .iter()
            .map(|at| (wanted(*at), std::cmp::Reverse(*at)));
        ranked
            .filter(|(rank, _)| rank.0 > 0)
            .max()
            .map(|(_, std::cmp::Reverse(at))| at)
    };
    let strength = |at: usize| claims[at].map_or(0, |(_, strength)| strength);
    let mobile = best(&|at| (rank(at), if has_phones(at) { 0 } else { strength(at) }));
    let landline = best(&|at| match (has_phones(at), is_fixed(at)) {
        _ if Some(at) == mobile => (0, 0),
        (_, true) => (2, strength(at)),
        (true, false) => (1, 0),
        (false, false) => (0, 0),
    });
    if let Some(at) = mobile {
        fields[at] = Some(F::Phone);
    }
    if let Some(at) = landline {
        fields[at] = Some(F::Landline);
    }
}
