//! The words of contacts: fields, kinds of fields, channels, legal bases.

#[cfg(feature = "ssr")]
use alta_domain::Language;
use alta_domain::{BuiltInField, Channel, FieldKind, LegalBasis, PhonePart};

#[cfg(feature = "ssr")]
use crate::reader::text_in;
use crate::wording::enum_words;

enum_words! {
    /// Returns the name of a built-in field.
    field, field_text(BuiltInField) {
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

enum_words! {
    /// Returns the name of a part of a phone number.
    phone_part(PhonePart) {
        PhonePart::CountryCode => field.phone_country_code,
        PhonePart::AreaCode => field.phone_area_code,
    }
}

enum_words! {
    /// Returns the name of a kind of field.
    kind(FieldKind) {
        FieldKind::Text => kind.text,
        FieldKind::Number => kind.number,
        FieldKind::Date => kind.date,
        FieldKind::Boolean => kind.boolean,
        FieldKind::Choice => kind.choice,
    }
}

enum_words! {
    /// Returns the text that says that a contact accepts messages by a channel.
    accepts, accepts_text(Channel) {
        Channel::Email => consent.email,
        Channel::Sms => consent.sms,
        Channel::Whatsapp => consent.whatsapp,
    }
}

enum_words! {
    /// Returns the name of a column's target 'a yes refuses messages', by a channel or, with
    /// `None`, by all channels.
    refuses(Option<Channel>) {
        Some(Channel::Email) => consent.no_email,
        Some(Channel::Sms) => consent.no_sms,
        Some(Channel::Whatsapp) => consent.no_whatsapp,
        None => consent.no_channel,
    }
}

enum_words! {
    /// Returns the name of a channel.
    channel(Channel) {
        Channel::Email => consent.by_email,
        Channel::Sms => consent.by_sms,
        Channel::Whatsapp => consent.by_whatsapp,
    }
}

enum_words! {
    /// Returns the name of a legal basis.
    basis(LegalBasis) {
        LegalBasis::Consent => consent.basis_consent,
        LegalBasis::Contract => consent.basis_contract,
        LegalBasis::LegitimateInterest => consent.basis_interest,
        LegalBasis::LegalObligation => consent.basis_obligation,
    }
}

/// Returns the head of a field's column in a file of contacts.
#[cfg(feature = "ssr")]
#[must_use]
pub fn field_head(language: Language, field: BuiltInField) -> &'static str {
    text_in(language, field_text(field))
}

/// Returns the head of the column in a file of contacts that says whether they accept messages by a
/// channel.
#[cfg(feature = "ssr")]
#[must_use]
pub fn permission_head(language: Language, channel: Channel) -> &'static str {
    text_in(language, accepts_text(channel))
}

/// Returns the word for yes or no in a file of contacts.
#[cfg(feature = "ssr")]
#[must_use]
pub fn yes_or_no(language: Language, is_yes: bool) -> &'static str {
    let texts = [crate::texts::contacts::no, crate::texts::contacts::yes];
    text_in(language, texts[usize::from(is_yes)])
}
