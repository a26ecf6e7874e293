//! The detection of columns that say whether the organization may write to somebody.

use alta_domain::{Channel, ColumnKind, ColumnPermission, PermissionSense};

use crate::words::fold;

/// Words of a question whose yes means 'do not write'.
const OUT: &[&str] = &[
    // Portuguese
    "descadastrado",
    "descadastrada",
    "descadastrados",
    "descadastrou",
    "descadastro",
    "descadastrar",
    "cancelou",
    "nao perturbe",
    "nao perturbar",
    "bloqueado para",
    "bloqueada para",
    "nao contatar",
    "nao enviar",
    "nao escrever",
    "nao ligar",
    "nao receber",
    // Spanish
    "baja",
    "bajas",
    "desuscrito",
    "desuscrita",
    "desuscripto",
    "desinscrito",
    "no molestar",
    "no contactar",
    "no enviar",
    "no escribir",
    "no llamar",
    "no recibir",
    "bloqueado por",
    // English
    "opt out",
    "optout",
    "opted out",
    "optedout",
    "unsubscribed",
    "unsubscribe",
    "unsubscribes",
    "do not contact",
    "do not disturb",
    "do not email",
    "do not mail",
    "do not sms",
    "do not text",
    "do not write",
    "dnc",
    "dnd",
];

/// Words of a question whose yes means 'write'.
const IN: &[&str] = &[
    // Portuguese
    "aceita",
    "aceito",
    "aceitou",
    "autoriza",
    "autorizo",
    "autorizou",
    "autorizacao",
    "inscrito",
    "inscrita",
    "consentimento",
    "consentiu",
    "permite",
    "permissao",
    "quer receber",
    "deseja receber",
    "gostaria de receber",
    "boletim",
    // Spanish
    "acepta",
    "acepto",
    "autorizacion",
    "suscrito",
    "suscrita",
    "suscripto",
    "suscripta",
    "suscripcion",
    "suscriptor",
    "consentimiento",
    "permiso para",
    "quiere recibir",
    "desea recibir",
    "boletin",
    // English
    "optin",
    "opt in",
    "opted in",
    "optedin",
    "subscribed",
    "subscribe",
    "subscriber",
    "newsletter",
    "newsletters",
    "consent",
    "consents",
    "consented",
    "accepts",
    "permission",
    "wants to receive",
];

/// Words that reverse the sense of the words after them.
const NOT: &[&str] = &[
    "no", "nao", "not", "sin", "sem", "without", "never", "nunca",
];

/// Column names that consist of a channel and nothing else.
const BARE: &[(&str, Channel)] = &[
    ("whatsapp", Channel::Whatsapp),
    ("whats app", Channel::Whatsapp),
    ("whats", Channel::Whatsapp),
    ("zap", Channel::Whatsapp),
    ("wpp", Channel::Whatsapp),
    ("sms", Channel::Sms),
    ("torpedo", Channel::Sms),
    ("email", Channel::Email),
    ("e mail", Channel::Email),
    ("mail", Channel::Email),
    ("correo", Channel::Email),
    ("correo electronico", Channel::Email),
];

const CHANNELS: &[(&str, Channel)] = &[
    ("whatsapp", Channel::Whatsapp),
    ("whats", Channel::Whatsapp),
    ("zap", Channel::Whatsapp),
    ("wpp", Channel::Whatsapp),
    ("sms", Channel::Sms),
    ("torpedo", Channel::Sms),
    ("torpedos", Channel::Sms),
    ("email", Channel::Email),
    ("emails", Channel::Email),
    ("mail", Channel::Email),
    ("mails", Channel::Email),
    ("mailing", Channel::Email),
    ("newsletter", Channel::Email),
    ("newsletters", Channel::Email),
    ("correo", Channel::Email),
    ("correos", Channel::Email),
    ("boletin", Channel::Email),
    ("boletim", Channel::Email),
];

/// Words for details of a permission, such as its date and place.
const BESIDE: &[&str] = &[
    "data",
    "fecha",
    "date",
    "dt",
    "hora",
    "time",
    "timestamp",
    "ip",
    "origem",
    "origen",
    "source",
    "fonte",
    "fuente",
    "metodo",
    "method",
    "level",
    "nivel",
    "motivo",
    "reason",
];

/// Returns the permission that a column's name means, whatever its values; `None` when it means
/// none.
pub(super) fn of_name(name: &str) -> Option<ColumnPermission> {
    let name = fold(name);
    let bare = || {
        let bare = name
            .strip_suffix(" marketing")
            .or_else(|| name.strip_prefix("marketing "))
            .unwrap_or(&name);
        let (_, channel) = BARE.iter().find(|(known, _)| *known == bare)?;
        Some(ColumnPermission {
            channel: Some(*channel),
            sense: PermissionSense::In,
        })
    };
    of_words(&name).or_else(bare)
}

/// Returns the permission that a column's name and its values mean. The values must be yes and no;
/// a column without values counts when its name asks for yes or no.
pub(super) fn of_column(name: &str, kind: ColumnKind) -> Option<ColumnPermission> {
    match kind {
        ColumnKind::Boolean => of_name(name),
        ColumnKind::Empty => {
            let name = fold(name);
            let is_beside = name.split(' ').any(|word| BESIDE.contains(&word));
            of_words(&name).filter(|_| !is_beside)
        }
        _ => None,
    }
}

/// Returns the permission that the words of a folded name ask for.
fn of_words(name: &str) -> Option<ColumnPermission> {
    let spaced = format!(" {name} ");
    let at = |word: &&str| spaced.find(&format!(" {word} "));
    let sense = if OUT.iter().any(|word| at(word).is_some()) {
        PermissionSense::Out
    } else {
        let first = IN.iter().filter_map(at).min()?;
        let is_not = spaced[..first].split(' ').any(|word| NOT.contains(&word));
        if is_not {
            PermissionSense::Out
        } else {
            PermissionSense::In
        }
    };
    Some(ColumnPermission {
        channel: channel(name),
        sense,
    })
}

/// Returns the channel in a folded name; `None` when it contains none, or several.
fn channel(name: &str) -> Option<Channel> {
    let mut said = name
        .split(' ')
        .filter_map(|word| CHANNELS.iter().find(|(known, _)| *known == word))
        .map(|(_, channel)| *channel);
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PermissionSense::{In, Out};

    const EMAIL: Option<Channel> = Some(Channel::Email);
    const SMS: Option<Channel> = Some(Channel::Sms);
    const WHATSAPP: Option<Channel> = Some(Channel::Whatsapp);

    #[test]
    fn permissions_are_told_by_their_sense_and_channel_in_three_languages() {
        for (name, channel, sense) in [
            ("Aceita WhatsApp", WHATSAPP, In),
            ("Aceita receber e-mail?", EMAIL, In),
            ("Autoriza SMS", SMS, In),
            ("Inscrito", None, In),
            ("Permite torpedo", SMS, In),
            ("Consentimento LGPD", None, In),
            ("Não aceita WhatsApp", WHATSAPP, Out),
            ("Descadastrado", None, Out),
            ("Não perturbe", None, Out),
            ("Bloqueado para e-mail", EMAIL, Out),
            ("Cancelou newsletter", EMAIL, Out),
            ("¿Acepta correos?", EMAIL, In),
            ("Suscrito", None, In),
            ("Acepta wpp", WHATSAPP, In),
            ("No acepta SMS", SMS, Out),
            ("No molestar", None, Out),
            ("Baja", None, Out),
            ("Opt-in", None, In),
            ("optin_sms", SMS, In),
            ("Accepts Email Marketing", EMAIL, In),
            ("Email consent", EMAIL, In),
            ("Subscribed", None, In),
            ("Newsletter", EMAIL, In),
            ("Opt out", None, Out),
            ("Email Opt-Out", EMAIL, Out),
            ("whatsapp_optout", WHATSAPP, Out),
            ("Unsubscribed", None, Out),
            ("Aceita e-mail e SMS", None, In),
        ] {
            let permission = Some(ColumnPermission { channel, sense });
            assert_eq!(of_column(name, ColumnKind::Boolean), permission, "{name}");
            assert_eq!(of_column(name, ColumnKind::Empty), permission, "{name}");
            for kind in [ColumnKind::Text, ColumnKind::Phone, ColumnKind::Date] {
                assert_eq!(of_column(name, kind), None, "{name}");
            }
        }
    }

    #[test]
    fn a_bare_channel_is_a_permission_only_with_yes_and_no() {
        for (name, channel) in [
            ("WhatsApp", WHATSAPP),
            ("Zap", WHATSAPP),
            ("SMS", SMS),
            ("E-mail marketing", EMAIL),
            ("SMS marketing", SMS),
            ("Email", EMAIL),
            ("Correo", EMAIL),
        ] {
            let sense = In;
            assert_eq!(
                of_column(name, ColumnKind::Boolean),
                Some(ColumnPermission { channel, sense }),
                "{name}"
            );
            assert_eq!(of_column(name, ColumnKind::Empty), None, "{name}");
            assert_eq!(of_column(name, ColumnKind::Phone), None, "{name}");
        }
    }

    #[test]
    fn other_yes_and_no_are_no_permission() {
        for name in ["Ativo", "E-mail válido?", "Telefone verificado", "VIP", ""] {
            assert_eq!(of_column(name, ColumnKind::Boolean), None, "{name}");
        }
        for name in ["Data do opt-in", "Fecha de baja", "Opt-in source"] {
            assert_eq!(of_column(name, ColumnKind::Empty), None, "{name}");
        }
    }
}
