//! Writes Tiny's contacts, orders and products in API v2.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Phone, Product, Role, Sale, Status, decimal, quantity};
use crate::json::money;
use crate::world::World;

pub(super) fn situation(person: &Person) -> &'static str {
    match person.standing.letter() {
        "A" => "Ativo",
        "I" => "Inativo",
        _ => "Excluído",
    }
}

/// Returns a contact's code. A code of digits is a number and another is a text, though the field
/// is the same.
fn code(person: &Person) -> Value {
    let code = person.code();
    if person.id.is_multiple_of(3) {
        json!(person.id % 1_000_000)
    } else {
        json!(code)
    }
}

/// Writes a postal code as `01.001-000`. Returns an empty text when there is none.
fn postal_code(person: &Person) -> String {
    let digits = &person.address.postal_code;
    if digits.len() == 8 {
        format!("{}.{}-{}", &digits[..2], &digits[2..5], &digits[5..])
    } else {
        String::new()
    }
}

/// Returns the row of a list for a contact: no phone, no birth date, and not whether it is a
/// supplier.
pub(super) fn contact_row(person: &Person) -> Value {
    let address = &person.address;
    json!({"contato": {
        // An id is written as a number or as text.
        "id": if person.id.is_multiple_of(2) { json!(person.id) }
            else { json!(person.id.to_string()) },
        "codigo": code(person),
        "nome": person.name,
        "tipo_pessoa": person.kind(),
        "fantasia": person.trade_name,
        "cpf_cnpj": person.formatted_tax_id(),
        "endereco": address.street,
        "numero": address.number,
        "complemento": address.complement,
        "bairro": address.district,
        "cep": postal_code(person),
        "cidade": address.city,
        // An empty state is one blank.
        "uf": if address.state.is_empty() { " " } else { &address.state },
        "email": person.email,
        "situacao": situation(person),
        "id_vendedor": "",
        "nome_vendedor": "",
        "data_criacao": person.created.br(),
    }})
}

pub(super) fn contact(person: &Person) -> Value {
    let types: &[&str] = match person.role {
        Role::Supplier => &["Fornecedor"],
        Role::Both => &["Cliente", "Fornecedor"],
        _ => &["Cliente"],
    };
    let mut contact = contact_row(person)["contato"].take();
    contact["fone"] = json!(Phone::shown(person.landline.as_ref()));
    contact["celular"] = json!(Phone::shown(person.mobile.as_ref()));
    contact["data_nascimento"] = json!(person.birth.map(Moment::br_day).unwrap_or_default());
    contact["email_nfe"] = json!("");
    contact["situacao"] = json!(person.standing.letter());
    contact["data_atualizacao"] = json!(person.updated.br());
    contact["tipos_contato"] = types.iter().map(|kind| json!({"tipo": kind})).collect();
    contact
}

/// Returns the word for an order's status: one of the words that the account may show.
fn stage(sale: &Sale) -> &'static str {
    let words: &[&str] = match sale.status {
        Status::Open => &["Em aberto", "Dados incompletos", "Em aberto"],
        Status::Approved => &["Aprovado", "Preparando envio", "Aprovado"],
        Status::Shipped => &["Enviado"],
        Status::Delivered => &["Entregue"],
        Status::Cancelled => &["Cancelado"],
        Status::Unknown => &["Não entregue"],
        _ => &[
            "Faturado",
            "Atendido",
            "Faturado (atendido)",
            "Pronto para envio",
        ],
    };
    words[usize::try_from(sale.id).unwrap_or(0) % words.len()]
}

/// Returns the row of a list for an order: no lines, and of the client only the name.
pub(super) fn order_row(world: &World, sale: &Sale) -> Value {
    json!({"pedido": {
        "id": sale.id,
        "numero": sale.number,
        "numero_ecommerce": "",
        "data_pedido": sale.at.br_day(),
        "data_prevista": sale.at.plus_days(9).br_day(),
        "nome": world.buyer(sale).map_or("Consumidor Final", |person| &person.name),
        "valor": decimal(sale.total()),
        "id_vendedor": "",
        "nome_vendedor": "",
        "situacao": stage(sale),
    }})
}

pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let buyer = world.buyer(sale).map_or_else(
        || json!({"codigo": "", "nome": "Consumidor Final", "nome_fantasia": "", "tipo_pessoa": "F",
                "cpf_cnpj": "", "fone": ""}),
        // The client has no id here, only the shop's code and the document.
        |person| {
            json!({"codigo": code(person), "nome": person.name, "nome_fantasia": person.trade_name,
                    "tipo_pessoa": person.kind(),
                "cpf_cnpj": person.formatted_tax_id(),
                "fone": Phone::shown(person.landline.as_ref()), "email": person.email})
        },
    );
    json!({
        "id": sale.id.to_string(),
        "numero": sale.number.to_string(),
        "data_pedido": sale.at.br_day(),
        "data_prevista": sale.at.plus_days(9).br_day(),
        "data_faturamento": if sale.status == Status::Open { String::new() }
            else { sale.at.br_day() },
        "cliente": buyer,
        "itens": sale.items.iter().map(line).collect::<Vec<_>>(),
        "parcelas": [{"parcela": {"dias": "0", "data": sale.at.br_day(),
                    "valor": decimal(sale.total()), "obs": ""}}],
        // A missing amount is the number 0, any other a text.
        "valor_frete": if sale.freight == 0 { json!(0) } else { json!(decimal(sale.freight)) },
        "valor_desconto": if sale.discount == 0 { json!(0) } else { json!(decimal(sale.discount)) },
        "total_produtos": decimal(sale.gross()),
        "total_pedido": decimal(sale.total()),
        "situacao": stage(sale),
        "ecommerce": {},
    })
}

fn line(item: &Item) -> Value {
    let mut line = json!({
        "codigo": item.sku,
        "descricao": item.name,
        "unidade": "UN",
        "quantidade": two_places(item.quantity),
        "valor_unitario": decimal(item.unit_price),
    });
    if let Some(product) = item.product {
        line["id_produto"] = json!(product.to_string());
    }
    json!({"item": line})
}

/// Writes thousandths with two places: `10.00`.
fn two_places(thousandths: i64) -> String {
    let text = quantity(thousandths);
    match text.split_once('.') {
        Some((whole, part)) => format!("{whole}.{part:0<2}"),
        None => format!("{text}.00"),
    }
}

pub(super) fn product_row(product: &Product) -> Value {
    json!({"produto": {
        "id": product.id,
        "codigo": product.sku,
        "nome": product.name,
        "preco": decimal(product.price),
        "preco_promocional": "0.00",
        "preco_custo": decimal(product.price / 2),
        "unidade": "UN",
        "tipoVariacao": "N",
        "situacao": product.standing.letter(),
    }})
}

pub(super) fn product(record: &Product) -> Value {
    let mut product = product_row(record)["produto"].take();
    // The price of one record has ten places, or is a number.
    product["preco"] = if record.id.is_multiple_of(2) {
        money(record.price)
    } else {
        json!(format!("{}00000000", decimal(record.price)))
    };
    product["gtin"] = json!(record.barcode());
    product["marca"] = json!("");
    product["data_alteracao"] = json!(record.updated.br());
    product
}

pub(super) fn company() -> Value {
    json!({"razao_social": "Loja Exemplo Ltda", "cnpj_cpf": "90.010.020/0001-36",
            "fantasia": "Loja Exemplo", "fone": "(11) 3333-0001",
        "email": "loja@example.com"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_two_places() {
        assert_eq!(
            [10_000, 500, 2250].map(two_places),
            ["10.00", "0.50", "2.25"]
        );
    }
}
