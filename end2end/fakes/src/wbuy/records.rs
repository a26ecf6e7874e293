//! Writes wBuy's customers, orders and products.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Address, Item, Person, Product, Sale, Status, decimal, quantity, short};
use crate::json::merged;
use crate::world::World;

/// Returns the code of an order that buyers see: letters and digits.
pub(super) fn identification(sale: &Sale) -> String {
    format!("{:06X}", sale.number * 7919 % 0x00ff_ffff)
}

/// Returns id and name of an order's status. Only 3, 5 and 7 are known for sure; the others are
/// clear from their names.
pub(super) fn status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Open => ("1", "Aguardando pagamento"),
        Status::Approved => ("3", "Pagamento aprovado"),
        Status::Shipped => ("5", "Em transporte"),
        Status::Cancelled => ("9", "Pedido cancelado"),
        Status::Returned => ("11", "Pedido devolvido"),
        Status::Unknown => ("16", "A processar"),
        _ => ("7", "Pedido concluído"),
    }
}

/// Returns the fields that a customer and the client of an order have in common.
fn named(person: &Person) -> Value {
    // There is no field for mobiles: the first number that exists comes first.
    let phones = person.phones("");
    json!({
        "id": person.id.to_string(),
        "nome": person.name,
        "email": person.email,
        "telefone1": phones.first().cloned().unwrap_or_default(),
        "telefone2": phones.get(1).cloned().unwrap_or_default(),
        "doc1": person.formatted_tax_id(),
        "doc2": "",
        "cidade": person.address.city,
        "uf": person.address.state,
    })
}

fn place(address: &Address) -> Value {
    json!({"cep": address.dashed_postal_code(), "endereco": address.street,
            "endnum": address.number, "complemento": address.complement,
        "bairro": address.district, "cidade": address.city, "uf": address.state})
}

pub(super) fn customer(person: &Person) -> Value {
    let birth =
        ["0000-00-00", "0000-00-00 00:00:00", ""][usize::try_from(person.id % 3).unwrap_or(0)];
    let place = merged([json!({"local": "Casa"}), place(&person.address)]);
    let more = json!({
        "nascimento": person.birth.map_or_else(|| birth.to_owned(), Moment::iso_day),
        "enderecos": if person.address.street.is_empty() { json!([]) } else { json!([place]) },
    });
    merged([named(person), more])
}

fn client(person: &Person) -> Value {
    merged([named(person), place(&person.address)])
}

pub(super) fn order(world: &World, sale: &Sale, complete: bool) -> Value {
    let buyer = world.buyer(sale);
    let (id, name) = status(sale.status);
    let mut order = json!({
        "id": sale.id.to_string(),
        "identificacao": identification(sale),
        "data": sale.at.spaced(),
        "status": {"id": id, "nome": name},
        "cliente": buyer.map(client),
        "valor_total": {"subtotal": decimal(sale.gross()), "desconto": decimal(sale.discount),
            "frete": decimal(sale.freight),
            "acrescimo": "0.00", "total": short(sale.total())},
        "frete": {"valor": decimal(sale.freight), "prazo": "5", "estimativa": "", "nome": "PAC",
            "tipo_envio_nome": "Correios",
            "rastreio": "", "rastreio_url": ""},
        "cupom": {"cupom": "", "valor": "0"},
        "pagamento": {"servico": "", "tipo": "Pix", "tipo_interno": "pix", "parcelas": "1",
            "linha_digitavel": "", "paymentLink": ""},
        "observacoes": "",
    });
    if complete {
        order["produtos"] = sale.items.iter().map(line).collect();
    }
    order
}

fn line(item: &Item) -> Value {
    json!({
        "produto_id": item.product.unwrap_or(0).to_string(),
        "sku": item.sku,
        "cod": item.sku.trim_start_matches("SKU-"),
        "produto": item.name,
        "qtd": quantity(item.quantity),
        "valor": decimal(item.unit_price),
        "cor": "",
        "variacaoValor": "",
    })
}

pub(super) fn product(product: &Product) -> Value {
    // Some prices were typed with a comma.
    let price = if product.id.is_multiple_of(7) {
        decimal(product.price).replace('.', ",")
    } else {
        decimal(product.price)
    };
    json!({
        "id": product.id.to_string(),
        "cod": product.sku.trim_start_matches("SKU-"),
        "produto": product.name,
        "descricao": "<p>Produto de exemplo &amp; teste</p>",
        "ativo": if product.standing.is_active() { "1" } else { "0" },
        "valor_promo": "0",
        "valores": [{"tabela_id": "1", "valor": price}],
        "gtin": product.barcode(),
        "ncm": "",
        "marca": {"nome": ""},
        "categoria_level1": {"nome": "Geral", "url": ""},
        "fotos": [],
        "estoque": [{"sku": product.sku, "erp_id": "", "quantidade_em_estoque": "42",
                "variacao": {"nome": "", "valor": ""},
            "cor": {"nome": ""}, "valores": []}],
    })
}

pub(super) fn stock(product: &Product) -> Value {
    json!({"produto_id": product.id.to_string(), "sku": product.sku, "quantidade_em_estoque": "42"})
}
