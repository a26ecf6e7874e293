//! The reading of column names in Spanish, Portuguese and English.

use alta_domain::BuiltInField;
use alta_domain::BuiltInField as F;

use super::names::names;
use crate::words::{fold, is_one_slip};

/// Returns the field that a question of a form asks for, such as '¿Cuál es tu correo?': the longest
/// known name in the question decides.
fn question(name: &str) -> Option<BuiltInField> {
    let asked = format!(" {name} ");
    let all = names().flat_map(|(field, names)| names.iter().map(move |known| (*field, *known)));
    let holds = |known: &str| {
        known.len() >= 4 && known != "numero" && asked.contains(&format!(" {known} "))
    };
    all.filter(|(_, known)| holds(known))
        .max_by_key(|(_, known)| known.len())
        .map(|(field, _)| field)
}

/// The likeness of a column's name to a known name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The name differs from a known name by one slip.
    Misspelt,
    /// The name begins or ends with a known name.
    Part,
    /// The name is a known name.
    Whole,
}

/// Returns the name of a column without an example of its values: 'Telefone (ex: 11 98765-4321)',
/// 'E-mail ej. ana@example.com'.
pub(crate) fn without_example(name: &str) -> &str {
    const WORDS: [&str; 9] = [
        "ex",
        "exemplo",
        "ej",
        "ejemplo",
        "eg",
        "e g",
        "example",
        "por ejemplo",
        "por exemplo",
    ];
    if let Some((before, rest)) = name.split_once(['(', '['])
        && !before.trim().is_empty()
        && rest.trim_end().ends_with([')', ']'])
    {
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 7 || rest.contains('@') {
            return before.trim();
        }
    }
    let is_example = |(at, mark): (usize, &str)| {
        let (before, behind) = (&name[..at], &name[at + mark.len()..]);
        let word = before.rsplit_once(char::is_whitespace);
        let (rest, word) = word.unwrap_or(("", before));
        let is_value = behind.contains('@') || behind.bytes().any(|byte| byte.is_ascii_digit());
        (is_value && WORDS.contains(&&*fold(word)) && !rest.trim().is_empty())
            .then(|| rest.trim_end_matches(|c: char| !c.is_alphanumeric()))
    };
    let found = name
        .match_indices([':', '.'])
        .take(MOST_MARKS)
        .find_map(is_example);
    found.unwrap_or(name)
}

/// The most marks of a column's name that are examined as the end of 'ex'.
const MOST_MARKS: usize = 8;

/// Returns the field that a column of this name holds, and how the name resembles a known name: it
/// is the known name, has it as a part, or differs by one slip. Returns `None` for an unknown name
/// and for a very long one.
pub(super) fn field_of_name(name: &str) -> Option<(BuiltInField, Likeness)> {
    let name = without_example(name);
    let last = name.rsplit_once(" - ").map(|(_, last)| fold(last));
    let is_question = name.contains(['?', '¿']);
    let name = fold(name);
    if name.is_empty() || name.len() > if is_question { 120 } else { 60 } {
        return None;
    }
    let exact = |name: &str| {
        names()
            .find(|(_, names)| names.contains(&name))
            .map(|(field, _)| (*field, Likeness::Whole))
    };
    if of_organization(&name) {
        return Some((F::Company, Likeness::Part));
    }
    exact(&name)
        .or_else(|| exact(name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')))
        .or_else(|| Some((question(&name).filter(|_| is_question)?, Likeness::Whole)))
        // A name such as 'Address 1 - City'.
        .or_else(|| Some((exact(&last?)?.0, Likeness::Part)))
        .or_else(|| Some((in_part(&name)?, Likeness::Part)))
        .or_else(|| Some((misspelt(&name)?, Likeness::Misspelt)))
}

/// Returns true for a company's name in Google's exports, such as 'Organization 1 - Name'.
fn of_organization(name: &str) -> bool {
    let mut words = name.split(' ');
    let begins = matches!(
        words.next(),
        Some("organization" | "organizacion" | "organizacao")
    );
    let ends = words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
    let ends: Vec<&str> = ends.collect();
    begins && matches!(ends[..], ["name" | "nombre" | "nome"])
}

/// Returns true for a name with several meanings, which counts as a phone only when the values are
/// phones: 'numero' may be a house's number, 'contato' a person.
pub(super) fn means_much(name: &str) -> bool {
    matches!(fold(name).as_str(), "numero" | "contacto" | "contato")
}

/// Returns true for a name that means a person when the values are names, such as 'Contato'.
pub(super) fn names_somebody(name: &str) -> bool {
    matches!(fold(name).as_str(), "contacto" | "contato")
}

/// Returns true for 'departamento': a state in Spanish, a part of a company in Portuguese.
pub(super) fn is_department(name: &str) -> bool {
    fold(name) == "departamento"
}

/// Returns true for a name that means a mobile phone and nothing else.
pub(super) fn names_a_mobile(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "celular",
        "cel",
        "movil",
        "movel",
        "mobile",
        "cell",
        "cellphone",
        "whatsapp",
        "whats",
        "zap",
        "wpp",
    ];
    fold(name).split(' ').any(|word| WORDS.contains(&word))
}

/// Returns true for a column name with the word for a tax id of another country than Brazil.
pub(crate) fn names_a_foreign_tax_id(name: &str) -> bool {
    const WORDS: [&str; 11] = [
        "rut", "rfc", "curp", "cuit", "cuil", "dni", "nit", "ruc", "cedula", "nif", "vat",
    ];
    fold(name).split(' ').any(|word| WORDS.contains(&word))
}

/// Returns true for the name of a day: 'Fecha de alta', 'Data do cadastro', 'Last visit date'.
pub(super) fn names_a_day(name: &str) -> bool {
    let name = fold(name);
    let begins = name
        .split(' ')
        .next()
        .is_some_and(|word| matches!(word, "fecha" | "fec" | "data" | "dt" | "date"));
    begins || name.split(' ').next_back() == Some("date")
}

/// Returns the field of a name that begins or ends with a known name, such as 'Celular do cliente'
/// or 'E-mail (principal)'. The longest known name of at least three letters decides.
fn in_part(name: &str) -> Option<BuiltInField> {
    let holds = |known: &str| {
        known.len() >= 3
            && !matches!(
                known,
                // 'Residencial' may also describe an address.
                "residencial"
                    | "numero"
                    | "contacto"
                    | "contato"
                    | "cliente"
                    | "client"
                    | "customer"
                    | "codigo"
                    | "estado"
                    | "nota"
                    | "note"
                    | "name"
                    | "nombre"
                    | "nome"
            )
            && (name
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(' '))
                || name
                    .strip_suffix(known)
                    .is_some_and(|rest| rest.ends_with(' ')))
    };
    let all = names()
        .flat_map(|(field, names)| names.iter().map(move |known| (*field, *known)))
        .filter(|(_, known)| holds(known));
    // In 'cidade de nascimento' the first word decides; elsewhere the longest known name decides.
    let of = [" de ", " do ", " da ", " del "]
        .iter()
        .any(|of| name.contains(of));
    let found = all
        .max_by_key(|(_, known)| (of && name.starts_with(known), known.len()))
        .map(|(field, _)| field)?;
    // A column of calling codes is not a column of countries.
    let is_code = found == F::Country
        && name
            .split(' ')
            .any(|word| matches!(word, "code" | "codigo"));
    (!is_code).then_some(found)
}

/// Names of other things that differ from a known name by one slip.
const OTHERS: [&str; 6] = [
    "contrato",
    "contratos",
    "apelido",
    "apelidos",
    "addresse",
    "compania de envio",
];

/// Returns the field of a misspelt name, such as 'Telefno' or 'Direcion': a name of at least seven
/// letters, one slip from a known name, with the same first letter. Shorter names, and those with
/// several meanings, resemble too many words.
fn misspelt(name: &str) -> Option<BuiltInField> {
    if name.len() < 7 || OTHERS.contains(&name) {
        return None;
    }
    let all = names().flat_map(|(field, names)| names.iter().map(move |known| (*field, *known)));
    let resembles = |known: &str| {
        known.len() >= 7
            && !matches!(known, "contacto" | "contato" | "cliente" | "customer")
            && known.len().abs_diff(name.len()) <= 1
            && known.as_bytes()[0] == name.as_bytes()[0]
            && is_one_slip(name.as_bytes(), known.as_bytes())
    };
    all.into_iter()
        .find(|(_, known)| resembles(known))
        .map(|(field, _)| field)
}

/// Returns true for 'Nombre', 'Nome' and 'Name', which mean the first name when there is also a
/// column of last names.
pub(super) fn is_bare_name(name: &str) -> bool {
    matches!(fold(name).as_str(), "nombre" | "nome" | "name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_no_part_of_a_name() {
        for (name, bare) in [
            ("Telefone (ex: 11 98765-4321)", "Telefone"),
            ("E-mail (ex: ana@example.com)", "E-mail"),
            ("Celular [5511987654321]", "Celular"),
            ("Teléfono, ej.: 55 1234 5678", "Teléfono"),
            ("E-mail - por exemplo: ana@example.com", "E-mail - por"),
            ("Telefone (fixo)", "Telefone (fixo)"),
            ("(11) 98765-4321", "(11) 98765-4321"),
            ("Fone (11) 98765-4321", "Fone (11) 98765-4321"),
            ("Nasc. 12", "Nasc. 12"),
        ] {
            assert_eq!(without_example(name), bare, "{name}");
        }
    }

    #[test]
    fn misspelt_names_are_known_and_names_of_other_things_are_not() {
        for (name, field) in [
            ("Telefno", F::Phone),
            ("Telèfone", F::Phone),
            ("Direcion", F::Address),
            ("Comentaros", F::Notes),
        ] {
            assert_eq!(
                field_of_name(name).map(|(field, _)| field),
                Some(field),
                "{name}"
            );
        }
        for name in [
            "Contrato", "Apelido", "Clientes", "Talla", "Estrato", "Pedido",
        ] {
            assert!(field_of_name(name).is_none(), "{name}");
        }
    }
}
