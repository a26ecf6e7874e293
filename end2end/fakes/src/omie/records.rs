//! Writes Omie's clients, orders and products.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Phone, Product, Role, Sale, Status};
use crate::json::{amount, money};

pub(super) fn number(sale: &Sale) -> String {
    format!("{:015}", sale.number)
}

/// Returns the phones as area code and number. Omie has no field for mobiles: the first number that
/// exists comes first.
fn phones(person: &Person) -> Vec<(String, String)> {
    [&person.mobile, &person.landline]
        .into_iter()
        .flatten()
        .map(Phone::split)
        .collect()
}

/// Returns the phones, each with area code and number in one text.
pub(super) fn phone_numbers(person: &Person) -> Vec<String> {
    phones(person)
        .iter()
        .map(|(area, number)| format!("{area}{number}"))
        .collect()
}

fn yes(is: bool) -> &'static str {
    if is { "S" } else { "N" }
}

fn stamps(created: Moment, updated: Moment) -> Value {
    json!({
        "cImpAPI": "N",
        "dInc": created.br_day(),
        "hInc": created.time(),
        "uInc": "P000000001",
        "dAlt": updated.br_day(),
        "hAlt": updated.time(),
        "uAlt": "P000000001",
    })
}

pub(super) fn client(person: &Person) -> Value {
    let address = &person.address;
    let mut phones = phones(person).into_iter();
    let (area_1, number_1) = phones.next().unwrap_or_default();
    let (area_2, number_2) = phones.next().unwrap_or_default();
    // Half of the records have the state after the city, half do not.
    let city = if person.id.is_multiple_of(2) || address.city.is_empty() {
        address.city.clone()
    } else {
        format!("{} ({})", address.city, address.state)
    };
    let tags: &[&str] = match person.role {
        Role::Supplier => &["Fornecedor"],
        Role::Both => &["Fornecedor", "Cliente"],
        // An old record without tags is a client too.
        _ if person.id % 10 == 3 => &[],
        _ => &["Cliente"],
    };
    json!({
        "codigo_cliente_omie": person.id,
        "codigo_cliente_integracao": "",
        "razao_social": person.name,
        "nome_fantasia": if person.company { &person.trade_name } else { &person.name },
        "cnpj_cpf": person.formatted_tax_id(),
        "pessoa_fisica": yes(!person.company),
        "contato": "",
        "telefone1_ddd": area_1,
        "telefone1_numero": number_1,
        "telefone2_ddd": area_2,
        "telefone2_numero": number_2,
        "email": person.email,
        "endereco": address.street,
        "endereco_numero": address.number,
        "complemento": address.complement,
        "bairro": address.district,
        "cidade": city,
        "cidade_ibge": address.city_code,
        "estado": address.state,
        "cep": address.postal_code,
        "codigo_pais": "1058",
        "inscricao_estadual": "",
        "inscricao_municipal": "",
        "exterior": "N",
        "inativo": yes(!person.standing.is_active()),
        "bloquear_faturamento": "N",
        "tags": tags.iter().map(|tag| json!({"tag": tag})).collect::<Vec<_>>(),
        "caracteristicas": [],
        "recomendacoes": {},
        "enderecoEntrega": {},
        "dadosBancarios": {},
        "info": stamps(person.created, person.updated),
    })
}

/// Returns the stage of an order: the number of its column. Accounts rename the columns.
pub(super) fn stage(status: Status) -> &'static str {
    match status {
        Status::Open | Status::Cancelled => "10",
        _ => "60",
    }
}

pub(super) fn order(sale: &Sale) -> Value {
    let lines: Vec<Value> = sale
        .items
        .iter()
        .zip(sale.shares())
        .map(|(item, share)| line(item, share))
        .collect();
    let part = |cents: i64| {
        json!({"numero_parcela": 1, "valor": money(cents), "percentual": 100,
                "data_vencimento": sale.at.plus_days(10).br_day(),
        "quantidade_dias": 0, "meio_pagamento": "17"})
    };
    json!({
        "cabecalho": header(sale),
        "det": lines,
        "frete": {"modalidade": "9", "valor_frete": money(sale.freight), "valor_seguro": 0,
            "outras_despesas": 0, "codigo_rastreio": "",
            "previsao_entrega": ""},
        "informacoes_adicionais": {"codVend": 914_300_035, "codigo_categoria": "1.01.01",
            "consumidor_final": "S",
            "numero_pedido_cliente": "", "utilizar_emails": ""},
        "lista_parcelas": {"parcela": [part(sale.total())]},
        "observacoes": {"obs_venda": ""},
        "total_pedido": {"valor_total_pedido": money(sale.total()),
            "valor_mercadorias": money(sale.gross()),
            "valor_descontos": money(sale.discount), "valor_IPI": 0, "valor_st": 0},
        "infoCadastro": stand(sale),
    })
}

fn header(sale: &Sale) -> Value {
    json!({
        "codigo_pedido": sale.id,
        "codigo_pedido_integracao": "",
        "numero_pedido": number(sale),
        "codigo_cliente": sale.contact.unwrap_or(0),
        "data_previsao": sale.at.plus_days(1).br_day(),
        "etapa": stage(sale.status),
        "quantidade_itens": sale.items.len(),
        "codigo_parcela": "000",
        "qtde_parcelas": 1,
        "bloqueado": "N",
        "importado_api": "",
        "origem_pedido": "",
    })
}

/// Returns the flags of an order. Omie has no word for its status, only these flags.
fn stand(sale: &Sale) -> Value {
    let invoiced = matches!(sale.status, Status::Invoiced | Status::Returned);
    let in_part = sale.status == Status::Returned && sale.id.is_multiple_of(2);
    let mut stand = json!({
        "dInc": sale.at.br_day(),
        "hInc": sale.at.time(),
        "dAlt": sale.updated.br_day(),
        "hAlt": sale.updated.time(),
        "faturado": yes(invoiced),
        "cancelado": yes(sale.status == Status::Cancelled),
        "autorizado": yes(invoiced),
        "denegado": "N",
        "devolvido": yes(sale.status == Status::Returned && !in_part),
        "devolvido_parcial": yes(in_part),
        "cImpAPI": "N",
    });
    if invoiced {
        stand["dFat"] = json!(sale.at.br_day());
        stand["hFat"] = json!(sale.at.plus(600).time());
    }
    stand
}

fn line(item: &Item, share: i64) -> Value {
    json!({
        "ide": {"codigo_item": item.id, "codigo_item_integracao": "", "simples_nacional": "N"},
        "produto": {
            "codigo_produto": item.product,
            "codigo": item.sku,
            "descricao": item.name,
            "unidade": "UN",
            "quantidade": amount(item.quantity),
            "valor_unitario": money(item.unit_price),
            "valor_mercadoria": money(item.gross()),
            "tipo_desconto": "V",
            "percentual_desconto": 0,
            "valor_desconto": money(share),
            "valor_deducao": 0,
            "valor_total": money(item.gross() - share),
            "ncm": "2009.89.19",
            "ean": "",
            "cfop": "5.102",
        },
        "inf_adic": {},
        "imposto": {},
        "observacao": {},
    })
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "codigo_produto": product.id,
        "codigo_produto_integracao": "",
        "codigo": product.sku,
        "descricao": product.name,
        "descr_detalhada": "",
        "unidade": "UN",
        "valor_unitario": money(product.price),
        "ncm": "2009.89.19",
        "ean": product.barcode(),
        "marca": "",
        "modelo": "",
        "tipoItem": "00",
        "codigo_familia": 0,
        "descricao_familia": "",
        "peso_bruto": 0,
        "peso_liq": 0,
        "quantidade_estoque": 0,
        "inativo": yes(!product.standing.is_active()),
        "bloqueado": "N",
        "importado_api": "N",
        "info": stamps(product.created, product.updated),
    })
}

/// Returns the shop itself, which a credential test shows to the user.
pub(super) fn company() -> Value {
    json!({
        "codigo_empresa": 7_100_200,
        "codigo_empresa_integracao": "",
        "razao_social": "LOJA EXEMPLO LTDA",
        "nome_fantasia": "Loja Exemplo",
        "cnpj": "90.010.020/0001-36",
        "inativa": "N",
    })
}
