//! The names that columns of contacts have in Spanish, Portuguese and English.

use alta_domain::BuiltInField;
use alta_domain::BuiltInField as F;

use crate::words::{fold, is_one_slip};

/// Whole names, folded. A name of several words may also hold one of these at its start or end.
const NAMES: &[(F, &[&str])] = &[
    (
        F::Phone,
        &[
            "celular",
            "movil",
            "telefono movil",
            "telefono celular",
            "telefone celular",
            "telefone movel",
            "whatsapp",
            "whats",
            "zap",
            "wpp",
            "cel",
            "telefono",
            "telefone",
            "fone",
            "tel",
            "phone",
            "mobile",
            "mobile phone",
            "cell",
            "cell phone",
            "cellphone",
            "phone number",
            "numero",
            "numero de telefono",
            "numero de telefone",
            "numero celular",
            "contacto",
            "contato",
            "telefono 1",
            "telefone 1",
            "phone 1",
            "ddd telefone",
            "msisdn",
        ],
    ),
    (
        F::Landline,
        &[
            "telefono fijo",
            "telefone fixo",
            "fijo",
            "fixo",
            "fone fixo",
            "residencial",
            "telefone residencial",
            "telefono residencial",
            "telefone comercial",
            "telefono comercial",
            "fone comercial",
            "fone residencial",
            "landline",
            "home phone",
            "work phone",
            "business phone",
            "telefono casa",
            "telefono oficina",
            "tel fijo",
            "tel fixo",
        ],
    ),
    (
        F::Email,
        &[
            "email",
            "e mail",
            "mail",
            "correo",
            "correo electronico",
            "correo e",
            "endereco de email",
            "endereco de e mail",
            "direccion de correo",
            "email address",
            "e mail address",
            "email 1",
            "email principal",
        ],
    ),
    (
        F::Name,
        &[
            "nombre",
            "nome",
            "name",
            "nombre completo",
            "nome completo",
            "full name",
            "fullname",
            "cliente",
            "client",
            "customer",
            "customer name",
            "nombre y apellido",
            "nombres y apellidos",
            "nombre cliente",
            "nome do cliente",
            "nome cliente",
            "nombre del cliente",
            "razon social",
            "razao social",
            "contact name",
            "person name",
            "saved name",
            "display name",
            "nombre y apellidos",
            "nombres y apellido",
            "apellido y nombre",
            "apellidos y nombres",
            "apellidos y nombre",
            "nome e sobrenome",
            "nome sobrenome",
            "nombre apellido",
            "nombre apellidos",
            "nome contato",
            "nombre contacto",
        ],
    ),
    (F::FirstName, &["primer nombre", "primeiro nome", "first name", "firstname", "fname", "given name", "nombres", "prenome"]),
    (
        F::LastName,
        &[
            "apellido",
            "apellidos",
            "sobrenome",
            "last name",
            "lastname",
            "lname",
            "surname",
            "family name",
            "ultimo nome",
            "apellido paterno",
        ],
    ),
    (
        F::BirthDate,
        &[
            "fecha de nacimiento",
            "fecha nacimiento",
            "nacimiento",
            "data de nascimento",
            "data nascimento",
            "nascimento",
            "dt nascimento",
            "data nasc",
            "dt nasc",
            "birth date",
            "birthdate",
            "birthday",
            "date of birth",
            "dob",
            "cumpleanos",
            "fecha de cumpleanos",
            "aniversario",
            "data de aniversario",
            "fec nac",
            "fecha nac",
            "nasc",
            "f nac",
            "fecha de nac",
            "nascto",
            "data nascto",
        ],
    ),
    (
        F::TaxId,
        &[
            "cpf",
            "cnpj",
            "cpf cnpj",
            "cnpj cpf",
            "documento",
            "rut",
            "rfc",
            "cuit",
            "cuil",
            "dni",
            "nit",
            "cedula",
            "tax id",
            "taxid",
            "ruc",
            "numero de documento",
            "documento de identidad",
            "identificacion",
            "nif",
            "vat",
        ],
    ),
    (
        F::Company,
        &[
            "empresa",
            "compania",
            "companhia",
            "company",
            "organizacion",
            "organizacao",
            "organization",
            "nome fantasia",
            "nombre comercial",
            "company name",
            "account name",
            "organization name",
        ],
    ),
    (F::Country, &["pais", "country", "country region", "pais region"]),
    (F::State, &["estado", "uf", "provincia", "departamento", "state", "region", "province"]),
    (F::City, &["ciudad", "cidade", "city", "municipio", "localidad", "localidade", "town"]),
    (
        F::Address,
        &[
            "direccion",
            "endereco",
            "address",
            "calle",
            "rua",
            "logradouro",
            "domicilio",
            "street",
            "street address",
            "address 1",
            "address line 1",
            "billing address 1",
            "endereco 1",
            "direccion 1",
            "rua e numero",
        ],
    ),
    (
        F::PostalCode,
        &["codigo postal", "cod postal", "cep", "cp", "c p", "zip", "zip code", "zipcode", "postal code", "postcode", "codigo cep"],
    ),
    (F::Tags, &["etiquetas", "etiqueta", "tags", "tag", "marcadores", "labels"]),
    (
        F::ExternalId,
        &[
            "id",
            "codigo",
            "id externo",
            "external id",
            "id cliente",
            "id do cliente",
            "codigo cliente",
            "codigo do cliente",
            "customer id",
            "id contacto",
            "matricula",
            "cod cliente",
            "cod",
            "record id",
            "contact id",
            "id do registro",
            "id de registro",
            "id del registro",
            "user id",
            "clave",
        ],
    ),
    (
        F::Notes,
        &[
            "notas",
            "nota",
            "observaciones",
            "observacion",
            "observacoes",
            "observacao",
            "obs",
            "notes",
            "note",
            "comentarios",
            "comentario",
            "comments",
            "anotacoes",
        ],
    ),
];

/// How a name says what its column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It is one slip from a known name.
    Misspelt,
    /// It begins or ends with a known name.
    Part,
    /// It is a known name.
    Whole,
}

/// The field a column of this name holds.
pub(super) fn field_of_name(name: &str) -> Option<(BuiltInField, Likeness)> {
    let name = fold(name);
    if name.is_empty() || name.len() > 60 {
        return None;
    }
    let exact = |name: &str| NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(field, _)| (*field, Likeness::Whole));
    exact(&name)
        .or_else(|| exact(name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')))
        .or_else(|| Some((in_part(&name)?, Likeness::Part)))
        .or_else(|| Some((misspelt(&name)?, Likeness::Misspelt)))
}

/// Names that mean a phone only where phones stand below them: a house's number, a person to speak to.
pub(super) fn means_much(name: &str) -> bool {
    matches!(fold(name).as_str(), "numero" | "contacto" | "contato")
}

/// 'Contato', which names a person where names stand below it.
pub(super) fn names_somebody(name: &str) -> bool {
    matches!(fold(name).as_str(), "contacto" | "contato")
}

/// Names of a mobile phone, and of nothing else.
pub(super) fn names_a_mobile(name: &str) -> bool {
    const WORDS: [&str; 11] = ["celular", "cel", "movil", "movel", "mobile", "cell", "cellphone", "whatsapp", "whats", "zap", "wpp"];
    fold(name).split(' ').any(|word| WORDS.contains(&word))
}

/// Tax ids of other countries than Brazil.
pub(crate) fn names_a_foreign_tax_id(name: &str) -> bool {
    const WORDS: [&str; 11] = ["rut", "rfc", "curp", "cuit", "cuil", "dni", "nit", "ruc", "cedula", "nif", "vat"];
    fold(name).split(' ').any(|word| WORDS.contains(&word))
}

/// 'Fecha de alta', 'Data do cadastro', 'Last visit date'.
pub(super) fn names_a_day(name: &str) -> bool {
    let name = fold(name);
    let begins = name.split(' ').next().is_some_and(|word| matches!(word, "fecha" | "fec" | "data" | "dt" | "date"));
    begins || name.split(' ').next_back() == Some("date")
}

/// 'Celular do cliente', 'E-mail (principal)': the longest known name at the start or the end, of at least three letters.
fn in_part(name: &str) -> Option<BuiltInField> {
    let holds = |known: &str| {
        known.len() >= 3
            && !matches!(
                known,
                "numero"
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
            && (name.strip_prefix(known).is_some_and(|rest| rest.starts_with(' '))
                || name.strip_suffix(known).is_some_and(|rest| rest.ends_with(' ')))
    };
    let all = NAMES.iter().flat_map(|(field, names)| names.iter().map(move |known| (*field, *known))).filter(|(_, known)| holds(known));
    // In 'cidade de nascimento' the first word says what it is; elsewhere the longest name does.
    let of = [" de ", " do ", " da ", " del "].iter().any(|of| name.contains(of));
    all.max_by_key(|(_, known)| (of && name.starts_with(known), known.len())).map(|(field, _)| field)
}

/// Names of something else that stand one slip from one of ours.
const OTHERS: [&str; 6] = ["contrato", "contratos", "apelido", "apelidos", "addresse", "compania de envio"];

/// 'Telefno', 'Direcion': a name of seven letters or more that stands one slip from a known one, its first letter right. Names of few letters, and
/// those that mean much, resemble too many words.
fn misspelt(name: &str) -> Option<BuiltInField> {
    if name.len() < 7 || OTHERS.contains(&name) {
        return None;
    }
    let all = NAMES.iter().flat_map(|(field, names)| names.iter().map(move |known| (*field, *known)));
    let resembles = |known: &str| {
        known.len() >= 7
            && !matches!(known, "contacto" | "contato" | "cliente" | "customer")
            && known.len().abs_diff(name.len()) <= 1
            && known.as_bytes()[0] == name.as_bytes()[0]
            && is_one_slip(name.as_bytes(), known.as_bytes())
    };
    all.into_iter().find(|(_, known)| resembles(known)).map(|(field, _)| field)
}

/// 'Nombre' and 'Nome', which mean the first name when a last name stands beside them.
pub(super) fn is_bare_name(name: &str) -> bool {
    matches!(fold(name).as_str(), "nombre" | "nome" | "name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_known_and_names_of_other_things_are_not() {
        for (name, field) in [("Telefno", F::Phone), ("Telèfone", F::Phone), ("Direcion", F::Address), ("Comentaros", F::Notes)] {
            assert_eq!(field_of_name(name).map(|(field, _)| field), Some(field), "{name}");
        }
        for name in ["Contrato", "Apelido", "Clientes", "Talla", "Estrato", "Pedido"] {
            assert!(field_of_name(name).is_none(), "{name}");
        }
    }
}
