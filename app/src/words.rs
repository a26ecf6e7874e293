//! The words of codes: each enum of the domain in the reader's language.

use alta_domain::{BuiltInField, ErrorCode, FieldKind, Language, ProblemCode, Step};
use leptos_i18n::{I18nContext, t_string};

use crate::i18n::Locale;

pub(crate) type Reader = I18nContext<Locale>;

/// A text as a signal: it follows the language.
macro_rules! text {
    ($i18n:expr, $($key:tt)*) => {
        leptos::prelude::Signal::derive(move || leptos_i18n::t_string!($i18n, $($key)*).to_string())
    };
}
pub(crate) use text;

/// The translations' locale of a language.
pub(crate) fn locale_of(language: Language) -> Locale {
    match language {
        Language::Spanish => Locale::es,
        Language::Portuguese => Locale::pt_BR,
        Language::English => Locale::en,
    }
}

/// The language of a locale.
pub(crate) fn language_of(locale: Locale) -> Language {
    match locale {
        Locale::es => Language::Spanish,
        Locale::pt_BR => Language::Portuguese,
        Locale::en => Language::English,
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident($type:ty) { $($pattern:pat => $group:ident.$key:ident,)* }) => {
        $(#[$doc])*
        pub(crate) fn $name(i18n: Reader, of: $type) -> &'static str {
            match of {
                $($pattern => t_string!(i18n, $group.$key),)*
            }
        }
    };
}

words! {
    /// What happened, and what to do.
    error(ErrorCode) {
        ErrorCode::SignedOut => error.signed_out,
        ErrorCode::Forbidden => error.forbidden,
        ErrorCode::BadCredentials => error.bad_credentials,
        ErrorCode::TooManyTries => error.too_many_tries,
        ErrorCode::BadSetupLink => error.bad_setup_link,
        ErrorCode::Missing => error.missing,
        ErrorCode::InvalidEmail => error.invalid_email,
        ErrorCode::InvalidPassword => error.invalid_password,
        ErrorCode::TooLong => error.too_long,
        ErrorCode::NameTaken => error.name_taken,
        ErrorCode::NotFound => error.not_found,
        ErrorCode::BadBatch => error.bad_batch,
        ErrorCode::BadPlan => error.bad_plan,
        ErrorCode::TooLarge => error.too_large,
        ErrorCode::Internal => error.internal,
        ErrorCode::Unreachable => error.unreachable,
    }
}

words! {
    /// The name of a step.
    step(Step) {
        Step::Systems => steps.systems,
        Step::File => steps.file,
        Step::Columns => steps.columns,
        Step::Import => steps.import,
        Step::Team => steps.team,
    }
}

words! {
    /// The name of a built-in field.
    field(BuiltInField) {
        BuiltInField::Phone => field.phone,
        BuiltInField::Landline => field.landline,
        BuiltInField::Email => field.email,
        BuiltInField::Name => field.name,
        BuiltInField::FirstName => field.first_name,
        BuiltInField::LastName => field.last_name,
        BuiltInField::BirthDate => field.birth_date,
        BuiltInField::TaxId => field.tax_id,
        BuiltInField::Company => field.company,
        BuiltInField::Country => field.country,
        BuiltInField::State => field.state,
        BuiltInField::City => field.city,
        BuiltInField::Address => field.address,
        BuiltInField::PostalCode => field.postal_code,
        BuiltInField::Tags => field.tags,
        BuiltInField::ExternalId => field.external_id,
        BuiltInField::Notes => field.notes,
    }
}

words! {
    /// The name of a kind of field.
    kind(FieldKind) {
        FieldKind::Text => kind.text,
        FieldKind::Number => kind.number,
        FieldKind::Date => kind.date,
        FieldKind::Boolean => kind.boolean,
        FieldKind::Choice => kind.choice,
    }
}

words! {
    /// What a problem is called.
    problem(ProblemCode) {
        ProblemCode::InvalidPhone => problem.invalid_phone,
        ProblemCode::InvalidEmail => problem.invalid_email,
        ProblemCode::InvalidDate => problem.invalid_date,
        ProblemCode::InvalidNumber => problem.invalid_number,
        ProblemCode::InvalidBoolean => problem.invalid_boolean,
        ProblemCode::InvalidTaxId => problem.invalid_tax_id,
        ProblemCode::LostDigits => problem.lost_digits,
        ProblemCode::Duplicate => problem.duplicate,
        ProblemCode::NoIdentity => problem.no_identity,
        ProblemCode::TooFewCells => problem.too_few_cells,
        ProblemCode::TooManyCells => problem.too_many_cells,
        ProblemCode::UnclosedQuote => problem.unclosed_quote,
        ProblemCode::BadEncoding => problem.bad_encoding,
        ProblemCode::AmbiguousDate => problem.ambiguous_date,
        ProblemCode::Conflict => problem.conflict,
        ProblemCode::CountryCodeAdded => problem.country_code_added,
        ProblemCode::NinthDigitAdded => problem.ninth_digit_added,
        ProblemCode::PrefixRemoved => problem.prefix_removed,
        ProblemCode::ExtraText => problem.extra_text,
        ProblemCode::SuspectDomain => problem.suspect_domain,
    }
}

words! {
    /// Its cause and the way out.
    way_out(ProblemCode) {
        ProblemCode::InvalidPhone => problem.invalid_phone_way,
        ProblemCode::InvalidEmail => problem.invalid_email_way,
        ProblemCode::InvalidDate => problem.invalid_date_way,
        ProblemCode::InvalidNumber => problem.invalid_number_way,
        ProblemCode::InvalidBoolean => problem.invalid_boolean_way,
        ProblemCode::InvalidTaxId => problem.invalid_tax_id_way,
        ProblemCode::LostDigits => problem.lost_digits_way,
        ProblemCode::Duplicate => problem.duplicate_way,
        ProblemCode::NoIdentity => problem.no_identity_way,
        ProblemCode::TooFewCells => problem.too_few_cells_way,
        ProblemCode::TooManyCells => problem.too_many_cells_way,
        ProblemCode::UnclosedQuote => problem.unclosed_quote_way,
        ProblemCode::BadEncoding => problem.bad_encoding_way,
        ProblemCode::AmbiguousDate => problem.ambiguous_date_way,
        ProblemCode::Conflict => problem.conflict_way,
        ProblemCode::CountryCodeAdded => problem.country_code_added_way,
        ProblemCode::NinthDigitAdded => problem.ninth_digit_added_way,
        ProblemCode::PrefixRemoved => problem.prefix_removed_way,
        ProblemCode::ExtraText => problem.extra_text_way,
        ProblemCode::SuspectDomain => problem.suspect_domain_way,
    }
}

/// What a system is for.
pub(crate) fn system_kind(i18n: Reader, kind: &str) -> &'static str {
    match kind {
        "erp" => t_string!(i18n, systems.kind_erp),
        "retail" => t_string!(i18n, systems.kind_retail),
        "store" => t_string!(i18n, systems.kind_store),
        "marketplace" => t_string!(i18n, systems.kind_marketplace),
        "crm" => t_string!(i18n, systems.kind_crm),
        _ => t_string!(i18n, systems.kind_service),
    }
}

/// What a file is that is no CSV.
pub(crate) fn format(i18n: Reader, format: &str) -> &'static str {
    match format {
        "xlsx" => t_string!(i18n, format.xlsx),
        "xls" => t_string!(i18n, format.xls),
        "ods" => t_string!(i18n, format.ods),
        "numbers" => t_string!(i18n, format.numbers),
        "pdf" => t_string!(i18n, format.pdf),
        "docx" | "rtf" => t_string!(i18n, format.docx),
        "image" => t_string!(i18n, format.image),
        "zip" | "gzip" | "7z" | "rar" => t_string!(i18n, format.archive),
        "html" => t_string!(i18n, format.web),
        "json" | "xml" => t_string!(i18n, format.data),
        _ => t_string!(i18n, format.other),
    }
}

/// The head of the column of reasons in the file of rejects.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason_head(language: Language) -> &'static str {
    leptos_i18n::td_string!(locale_of(language), import.reason)
}

/// The reason in the file of rejects, in a language given.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason(language: Language, code: ProblemCode) -> String {
    use leptos_i18n::td_string;
    let locale = locale_of(language);
    match code {
        ProblemCode::InvalidPhone => td_string!(locale, problem.invalid_phone),
        ProblemCode::InvalidEmail => td_string!(locale, problem.invalid_email),
        ProblemCode::LostDigits => td_string!(locale, problem.lost_digits),
        ProblemCode::Conflict => td_string!(locale, problem.conflict),
        _ => td_string!(locale, problem.no_identity),
    }
    .to_owned()
}
