//! The words of codes: each enum of the domain in the reader's language.

use alta_domain::{
    AuditAction, BuiltInField, Channel, ErrorCode, FieldKind, LegalBasis, ProblemCode, Role, Step,
};
use leptos::prelude::Signal;

pub(crate) use crate::reader::Reader;

/// A text in all languages: its place in the list of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) u16);

/// A text in the reader's language; where it has gaps, such as `{n}`, with them filled.
macro_rules! word {
    ($i18n:expr, $group:ident.$key:ident) => {
        crate::words::said($i18n, crate::texts::$group::$key)
    };
    ($i18n:expr, $group:ident.$key:ident, $($gap:ident = $value:expr),* $(,)?) => {
        crate::words::filled(crate::words::word!($i18n, $group.$key), &[$((concat!("{", stringify!($gap), "}"), $value.to_string())),*])
    };
}
pub(crate) use word;

/// A text as a signal: it follows the language.
macro_rules! text {
    ($i18n:expr, $group:ident.$key:ident) => {
        crate::words::follows($i18n, crate::texts::$group::$key)
    };
    ($i18n:expr, $group:ident.$key:ident, $($gap:ident = $value:expr),*) => {
        leptos::prelude::Signal::derive(move || crate::words::word!($i18n, $group.$key, $($gap = $value),*))
    };
}
pub(crate) use text;

/// A text in the reader's language.
pub(crate) fn said(i18n: Reader, text: Text) -> &'static str {
    crate::reader::text_in(i18n.language(), text)
}

/// A text with its gaps filled.
pub(crate) fn filled(text: &str, gaps: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((at, (gap, value))) = gaps
        .iter()
        .filter_map(|gap| Some((rest.find(gap.0)?, gap)))
        .min_by_key(|(at, _)| *at)
    {
        filled.push_str(&rest[..at]);
        filled.push_str(value);
        rest = &rest[at + gap.len()..];
    }
    filled + rest
}

/// A text in the reader's language, as that changes.
pub(crate) fn follows(i18n: Reader, text: Text) -> Signal<String> {
    Signal::derive(move || said(i18n, text).to_owned())
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident($type:ty) { $($pattern:pat => $group:ident.$key:ident,)* }) => {
        $(#[$doc])*
        pub(crate) fn $name(i18n: Reader, of: $type) -> &'static str {
            said(i18n, match of {
                $($pattern => crate::texts::$group::$key,)*
            })
        }
    };
}

mod systems;

pub(crate) use systems::{connection_state, fault, fault_remedy, stream, transaction_status};

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
        ErrorCode::LastAdmin => error.last_admin,
        ErrorCode::BadLink => error.bad_link,
        ErrorCode::CommonPassword => error.common_password,
        ErrorCode::NoMail => error.no_mail,
        ErrorCode::BadCode => error.bad_code,
        ErrorCode::SecondFactorNeeded => error.second_factor_needed,
        ErrorCode::SignOnFailed => error.sign_on_failed,
        ErrorCode::NoAccount => error.no_account,
        ErrorCode::BadPasskey => error.bad_passkey,
    }
}

words! {
    /// The name of a profile.
    role(Role) {
        Role::Admin => role.admin,
        Role::Operator => role.operator,
        Role::Agent => role.agent,
        Role::Viewer => role.viewer,
    }
}

words! {
    /// What somebody did, behind their name.
    action(AuditAction) {
        AuditAction::SignedIn => audit.signed_in,
        AuditAction::Invited => audit.invited,
        AuditAction::InvitedAgain => audit.invited_again,
        AuditAction::InvitationRevoked => audit.invitation_revoked,
        AuditAction::Joined => audit.joined,
        AuditAction::RoleChanged => audit.role_changed,
        AuditAction::Deactivated => audit.deactivated,
        AuditAction::Reactivated => audit.reactivated,
        AuditAction::Deleted => audit.deleted,
        AuditAction::OrganizationChanged => audit.organization_changed,
        AuditAction::SecondFactorOn => audit.second_factor_on,
        AuditAction::SecondFactorOff => audit.second_factor_off,
        AuditAction::RecoveryCodesRenewed => audit.recovery_codes_renewed,
        AuditAction::PasskeyAdded => audit.passkey_added,
        AuditAction::PasskeyRemoved => audit.passkey_removed,
        AuditAction::EmailChanged => audit.email_changed,
        AuditAction::PasswordChanged => audit.password_changed,
        AuditAction::SystemConnected => audit.system_connected,
        AuditAction::SystemPaused => audit.system_paused,
        AuditAction::SystemResumed => audit.system_resumed,
        AuditAction::SystemDisconnected => audit.system_disconnected,
        AuditAction::ImportBegun => audit.import_begun,
        AuditAction::ImportUndone => audit.import_undone,
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
    /// That somebody may be written to by a channel.
    accepts(Channel) {
        Channel::Email => consent.email,
        Channel::Sms => consent.sms,
        Channel::Whatsapp => consent.whatsapp,
    }
}

words! {
    /// A channel.
    channel(Channel) {
        Channel::Email => consent.by_email,
        Channel::Sms => consent.by_sms,
        Channel::Whatsapp => consent.by_whatsapp,
    }
}

words! {
    /// A legal basis.
    basis(LegalBasis) {
        LegalBasis::Consent => consent.basis_consent,
        LegalBasis::Contract => consent.basis_contract,
        LegalBasis::LegitimateInterest => consent.basis_interest,
        LegalBasis::LegalObligation => consent.basis_obligation,
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
        "erp" => word!(i18n, systems.kind_erp),
        "retail" => word!(i18n, systems.kind_retail),
        "store" => word!(i18n, systems.kind_store),
        "marketplace" => word!(i18n, systems.kind_marketplace),
        "crm" => word!(i18n, systems.kind_crm),
        _ => word!(i18n, systems.kind_service),
    }
}

/// What a file is that is no CSV.
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

/// The head of the column of reasons in the file of rejects.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason_head(language: alta_domain::Language) -> &'static str {
    crate::reader::text_in(language, crate::texts::import::reason)
}

/// The reason in the file of rejects, in a language given.
#[cfg(feature = "ssr")]
#[must_use]
pub fn reason(language: alta_domain::Language, code: ProblemCode) -> &'static str {
    use crate::texts::problem;
    let text = match code {
        ProblemCode::InvalidPhone => problem::invalid_phone,
        ProblemCode::InvalidEmail => problem::invalid_email,
        ProblemCode::LostDigits => problem::lost_digits,
        ProblemCode::Conflict => problem::conflict,
        _ => problem::no_identity,
    };
    crate::reader::text_in(language, text)
}

#[cfg(test)]
mod tests {
    use super::filled;
    use std::collections::BTreeMap;

    #[test]
    fn gaps_are_filled_once_whatever_stands_in_the_values() {
        assert_eq!(
            filled(
                "{n} de {all}",
                &[("{n}", "{all}".into()), ("{all}", "7".into())]
            ),
            "{all} de 7"
        );
        assert_eq!(filled("nada", &[("{n}", "1".into())]), "nada");
    }

    /// The gaps of every text, by group and key.
    fn gaps(json: &str) -> BTreeMap<String, Vec<String>> {
        let groups: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(json).unwrap();
        let texts = groups.into_iter().flat_map(|(group, texts)| {
            texts
                .into_iter()
                .map(move |(key, text)| (format!("{group}.{key}"), text))
        });
        let of = |text: String| {
            let mut gaps: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                .collect();
            gaps.sort();
            gaps
        };
        texts.map(|(key, text)| (key, of(text))).collect()
    }

    #[test]
    fn a_text_has_the_same_gaps_in_all_languages_and_the_code_fills_each() {
        let spanish = gaps(include_str!("../locales/es.json"));
        assert_eq!(spanish, gaps(include_str!("../locales/pt-BR.json")));
        assert_eq!(spanish, gaps(include_str!("../locales/en.json")));
        let mut code = String::new();
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    code += &std::fs::read_to_string(path).unwrap();
                }
            }
        }
        for (key, gaps) in spanish {
            let path = key.replace('.', "::");
            let by_path = code
                .split(&path)
                .skip(1)
                .any(|rest| rest.starts_with([',', ')', ';']));
            let uses: Vec<&str> = code
                .split(&key)
                .skip(1)
                .filter(|rest| rest.starts_with([',', ')', '\n']))
                .collect();
            assert!(by_path || !uses.is_empty(), "nothing says {key}");
            for gap in gaps {
                assert!(
                    uses.iter().all(|rest| rest
                        .split(';')
                        .next()
                        .unwrap()
                        .contains(&format!("{gap} ="))),
                    "{key} needs {gap}"
                );
            }
        }
    }
}
