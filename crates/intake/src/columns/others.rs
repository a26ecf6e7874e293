//! Names of columns that hold somebody else's phones and e-mails, or numbers of other things.

use crate::words::fold;

/// Whose phones or e-mails a column holds when they are not the contact's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// A seller's, a relative's, a machine's.
    Another,
    /// Those of the company that the contact works for, or of a shop.
    Company,
}

/// Who a contact deals with, whom to call for them, and machines that are no phones. A column of
/// phones or e-mails whose name holds one of these is not the contact's own.
const OTHERS: &[&str] = &[
    // Those who sell to them and look after them.
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
    // Relatives, and those who answer for them.
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
    // Those who supply and carry.
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
    // Things.
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

/// Things that have numbers as long as phones.
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

/// Whether a folded name holds a word, or some words side by side.
fn holds(name: &str, words: &[&str]) -> bool {
    let name = format!(" {name} ");
    words.iter().any(|word| name.contains(&format!(" {word} ")))
}

/// Whose phones or e-mails a column of this name holds; none when they are the contact's own.
pub(super) fn whose(name: &str) -> Option<Whose> {
    let name = fold(name);
    if holds(&name, OTHERS) {
        Some(Whose::Another)
    } else {
        holds(&name, COMPANIES).then_some(Whose::Company)
    }
}

/// Whether a column of this name holds nothing that the contact is reached by.
pub(super) fn is_of_another(name: &str) -> bool {
    whose(name) == Some(Whose::Another) || numbers_something_else(name)
}

/// Whether a column of this name holds numbers that are no phones, however they look.
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
