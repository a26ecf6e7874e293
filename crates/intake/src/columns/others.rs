//! Column names that mean other people's phones and e-mails, or numbers of other things.

use crate::words::fold;

/// The owner of a column's phones or e-mails when they are not the contact's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Another person or thing: a seller, a relative, a machine.
    Another,
    /// The company that the contact works for, or a shop.
    Company,
}

/// Words for other people and things: those who serve a contact, those to call on a contact's
/// behalf, and machines such as fax. A column of phones or e-mails with one of these words in its
/// name is not the contact's own.
const OTHERS: &[&str] = &[
    // People who sell to contacts and look after them.
    "vendedor",
    "vendedora",
    "vendedores",
    "corretor",
    "corretora",
    "corredor",
    "asesor",
    "asesora",
    "assessor",
    "assessora",
    "consultor",
    "consultora",
    "atendente",
    "agente",
    "ejecutivo",
    "ejecutiva",
    "executivo",
    "executiva",
    "gerente",
    "representante",
    "promotor",
    "promotora",
    "operador",
    "recepcionista",
    "seller",
    "salesperson",
    "sales rep",
    "sales person",
    "account manager",
    "account executive",
    "manager",
    "agent",
    "broker",
    "advisor",
    "adviser",
    "contact owner",
    "deal owner",
    "lead owner",
    "account owner",
    "propietario del contacto",
    "proprietario do contato",
    "dono do contato",
    "assigned to",
    "asignado a",
    "atribuido a",
    "created by",
    "creado por",
    "criado por",
    // Relatives, and people who answer for a contact.
    "emergencia",
    "emergencias",
    "emergency",
    "conjuge",
    "conyuge",
    "spouse",
    "esposo",
    "esposa",
    "marido",
    "mae",
    "pai",
    "madre",
    "padre",
    "mother",
    "father",
    "referencia",
    "referencias",
    "reference",
    "fiador",
    "fiadora",
    "avalista",
    "aval",
    "garante",
    "guarantor",
    "indicado por",
    "referido por",
    "referred by",
    "recado",
    "recados",
    // People who supply and deliver.
    "proveedor",
    "fornecedor",
    "supplier",
    "vendor",
    "transportadora",
    "transportista",
    "motorista",
    "chofer",
    "driver",
    "repartidor",
    "entregador",
    "courier",
    "contador",
    "contadora",
    "accountant",
    // Machines and other things.
    "fax",
    "ramal",
    "remetente",
    "remitente",
    "sender",
];

const COMPANIES: &[&str] = &[
    "empresa",
    "empresas",
    "compania",
    "companhia",
    "company",
    "organizacion",
    "organizacao",
    "organization",
    "corporativo",
    "corporate",
    "loja",
    "tienda",
    "sucursal",
    "filial",
    "store",
    "branch",
];

/// Words for things whose numbers are as long as phones.
const NUMBERED: &[&str] = &[
    "pedido",
    "pedidos",
    "orden",
    "order",
    "compra",
    "purchase",
    "venta",
    "venda",
    "nota fiscal",
    "nf",
    "nfe",
    "factura",
    "fatura",
    "invoice",
    "recibo",
    "receipt",
    "protocolo",
    "ticket",
    "rastreo",
    "rastreio",
    "tracking",
    "guia",
    "codigo",
    "code",
    "cod",
    "id",
    "sku",
    "ean",
    "gtin",
    "imei",
    "barcode",
    "serie",
    "serial",
    "rg",
    "documento",
    "document",
    "ie",
    "inscricao",
    "matricula",
    "cuenta",
    "conta",
    "account",
    "tarjeta",
    "cartao",
    "card",
    "contrato",
    "contract",
    "apolice",
    "poliza",
    "policy",
    "chassi",
    "chasis",
    "renavam",
    "placa",
    "boleto",
    "nsu",
    "transaccion",
    "transacao",
    "transaction",
    "pago",
    "pagamento",
    "payment",
    "latitud",
    "latitude",
    "longitud",
    "longitude",
    "lat",
    "lng",
    "lon",
    "long",
    "coordenadas",
    "coordinates",
    "gps",
    "valor",
    "total",
    "monto",
    "preco",
    "precio",
    "price",
    "timestamp",
];

/// Returns true when a folded name contains one of these words, or one of these groups of words.
fn holds(name: &str, words: &[&str]) -> bool {
    let name = format!(" {name} ");
    words.iter().any(|word| name.contains(&format!(" {word} ")))
}

/// Returns the owner of a column's phones or e-mails, by the column's name; `None` when they are
/// the contact's own.
pub(super) fn whose(name: &str) -> Option<Whose> {
    let name = fold(name);
    if holds(&name, OTHERS) {
        Some(Whose::Another)
    } else {
        holds(&name, COMPANIES).then_some(Whose::Company)
    }
}

/// Returns true when a column of this name holds no phone or e-mail of the contact.
pub(super) fn is_of_another(name: &str) -> bool {
    whose(name) == Some(Whose::Another) || numbers_something_else(name)
}

/// Returns true when a column of this name holds numbers that are not phones, whatever they look
/// like.
pub(super) fn numbers_something_else(name: &str) -> bool {
    holds(&fold(name), NUMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_people_and_things_are_known_in_three_languages() {
        for name in [
            "Telefone do vendedor",
            "Celular corretor",
            "Teléfono del asesor",
            "Contato de emergência",
            "Emergency contact phone",
            "E-mail do vendedor",
            "Correo del ejecutivo",
            "Sales rep email",
            "Fax",
            "Celular da mãe",
        ] {
            assert_eq!(whose(name), Some(Whose::Another), "{name}");
        }
        for name in ["Telefone da empresa", "Correo empresa", "Company phone"] {
            assert_eq!(whose(name), Some(Whose::Company), "{name}");
        }
        for name in [
            "Telefone",
            "Celular do cliente",
            "Teléfono de casa",
            "Mobile phone",
            "E-mail principal",
            "Telefone comercial",
            "Telefax",
        ] {
            assert_eq!(whose(name), None, "{name}");
        }
        for name in [
            "Nº do pedido",
            "Order number",
            "Latitud",
            "Código de rastreio",
        ] {
            assert!(numbers_something_else(name), "{name}");
        }
        assert!(!numbers_something_else("Dados"));
    }
}
