//! The words of failures: errors, problems of rows, files in other formats, rejects.

use alta_domain::{ErrorCode, ProblemCode, SharedKeyRemedy};

use crate::reader::Reader;
use crate::texts::Text;
use crate::wording::{enum_words, text_of, word};

/// Returns the text that says what an error was, and what to do.
pub(crate) fn error(i18n: Reader, code: ErrorCode) -> String {
    match code {
        ErrorCode::Internal(incident) if !incident.is_none() => {
            word!(i18n, error.incident, number = incident)
        }
        _ => text_of(i18n, crate::errors::text(code)).to_owned(),
    }
}

/// Returns the title of a problem.
pub(crate) fn problem(i18n: Reader, code: ProblemCode) -> &'static str {
    text_of(i18n, problem_text(code))
}

fn problem_text(code: ProblemCode) -> Text {
    use crate::texts::problem;
    match code {
        ProblemCode::InvalidPhone => problem::invalid_phone,
        ProblemCode::InvalidEmail => problem::invalid_email,
        ProblemCode::InvalidDate => problem::invalid_date,
        ProblemCode::InvalidNumber => problem::invalid_number,
        ProblemCode::InvalidBoolean => problem::invalid_boolean,
        ProblemCode::InvalidTaxId => problem::invalid_tax_id,
        ProblemCode::LostDigits => problem::lost_digits,
        ProblemCode::Duplicate => problem::duplicate,
        ProblemCode::SharedKey => problem::shared_key,
        ProblemCode::TooLong => problem::too_long,
        ProblemCode::TooMany => problem::too_many,
        ProblemCode::NoIdentity => problem::no_identity,
        ProblemCode::TooFewCells => problem::too_few_cells,
        ProblemCode::TooManyCells => problem::too_many_cells,
        ProblemCode::UnclosedQuote => problem::unclosed_quote,
        ProblemCode::BadEncoding => problem::bad_encoding,
        ProblemCode::Mojibake => problem::mojibake,
        ProblemCode::LostLetters => problem::lost_letters,
        ProblemCode::Entities => problem::entities,
        ProblemCode::AmbiguousDate => problem::ambiguous_date,
        ProblemCode::Conflict => problem::conflict,
        ProblemCode::CountryCodeAdded => problem::country_code_added,
        ProblemCode::NinthDigitAdded => problem::ninth_digit_added,
        ProblemCode::PrefixRemoved => problem::prefix_removed,
        ProblemCode::ExtraText => problem::extra_text,
        ProblemCode::SuspectDomain => problem::suspect_domain,
    }
}

enum_words! {
    /// Returns the cause of a problem, and what to do about it.
    way_out(ProblemCode) {
        ProblemCode::InvalidPhone => problem.invalid_phone_way,
        ProblemCode::InvalidEmail => problem.invalid_email_way,
        ProblemCode::InvalidDate => problem.invalid_date_way,
        ProblemCode::InvalidNumber => problem.invalid_number_way,
        ProblemCode::InvalidBoolean => problem.invalid_boolean_way,
        ProblemCode::InvalidTaxId => problem.invalid_tax_id_way,
        ProblemCode::LostDigits => problem.lost_digits_way,
        ProblemCode::Duplicate => problem.duplicate_way,
        ProblemCode::SharedKey => problem.shared_key_way,
        ProblemCode::TooLong => problem.too_long_way,
        ProblemCode::TooMany => problem.too_many_way,
        ProblemCode::NoIdentity => problem.no_identity_way,
        ProblemCode::TooFewCells => problem.too_few_cells_way,
        ProblemCode::TooManyCells => problem.too_many_cells_way,
        ProblemCode::UnclosedQuote => problem.unclosed_quote_way,
        ProblemCode::BadEncoding => problem.bad_encoding_way,
        ProblemCode::Mojibake => problem.mojibake_way,
        ProblemCode::LostLetters => problem.lost_letters_way,
        ProblemCode::Entities => problem.entities_way,
        ProblemCode::AmbiguousDate => problem.ambiguous_date_way,
        ProblemCode::Conflict => problem.conflict_way,
        ProblemCode::CountryCodeAdded => problem.country_code_added_way,
        ProblemCode::NinthDigitAdded => problem.ninth_digit_added_way,
        ProblemCode::PrefixRemoved => problem.prefix_removed_way,
        ProblemCode::ExtraText => problem.extra_text_way,
        ProblemCode::SuspectDomain => problem.suspect_domain_way,
    }
}

enum_words! {
    /// Returns the text that says what a decision about a shared key does.
    shared_key_remedy(SharedKeyRemedy) {
        SharedKeyRemedy::First => remedy.shared_first,
        SharedKeyRemedy::LeaveOut => remedy.shared_leave_out,
        SharedKeyRemedy::OnePerson => remedy.shared_one_person,
    }
}

/// Returns the name of the format of a file that is not a CSV, such as `pdf`.
pub(crate) fn format(i18n: Reader, format: &str) -> &'static str {
    match format {
        "xlsx" => word!(i18n, format.xlsx),
        "xls" => word!(i18n, format.xls),
        "ods" => word!(i18n, format.ods),
        "numbers" => word!(i18n, format.numbers),
        "pdf" => word!(i18n, format.pdf),
        "docx" | "rtf" => word!(i18n, format.docx),
        "image" => word!(i18n, format.image),
        "zip" | "gzip" | "7z" | "rar" => word!(i18n, format.archive),
        "html" => word!(i18n, format.web),
        "json" | "xml" | "vcard" => word!(i18n, format.data),
        _ => word!(i18n, format.other),
    }
}

/// Returns the head of the column of reasons in the file of rejects.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason_head(language: alta_domain::Language) -> &'static str {
    crate::reader::text_in(language, crate::texts::import::reason)
}

/// Returns the reason of a rejected row in the file of rejects: the problem's title in a language.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason(language: alta_domain::Language, code: ProblemCode) -> &'static str {
    crate::reader::text_in(language, problem_text(code))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_rejects_is_known_by_the_head_of_its_reasons_in_each_language() {
        for (language, _) in alta_domain::Language::ALL {
            assert!(alta_domain::REASON_HEADS.contains(&reason_head(language)));
        }
    }
}
