//! Writes Tiny's contacts, orders and products in API v3: the rows of lists, and the details.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Phone, Product, Role, Sale, Status, decimal};
use crate::json::{amount, merged, money};
use crate::world::World;

/// Returns the letter for a person's state. B and A both mean 'in use', I does not.
pub(super) fn situation(person: &Person) -> &'static str {
    match person.standing.letter() {
        "A" if person.id % 2 == 1 => "B",
        other => other,
    }
}

/// Returns the number of an order's status. Some of our words have two numbers.
pub(super) fn stage(sale: &Sale) -> u64 {
    let second = sale.id.is_multiple_of(3);
    match sale.status {
        Status::Open if second => 8,
        Status::Open => 0,
        Status::Approved if second => 4,
        Status::Approved => 3,
        Status::Invoiced if second => 7,
        Status::Shipped => 5,
        Status::Delivered => 6,
        Status::Cancelled => 2,
        Status::Unknown => 9,
        _ => 1,
    }
}

fn empty_address() -> Value {
    json!({"endereco": "", "numero": "", "complemento": "", "bairro": "", "municipio": "",
            "cep": "", "uf": "", "pais": ""})
}

/// Returns the row of a list for a contact: no birth date, and not whether it is a supplier.
pub(super) fn contact_row(person: &Person) -> Value {
    let address = &person.address;
    json!({
        "id": person.id,
        "nome": person.name,
        "codigo": person.code(),
        "fantasia": person.trade_name,
        "tipoPessoa": person.kind(),
        "cpfCnpj": person.formatted_tax_id(),
        "inscricaoEstadual": "",
        "rg": "",
        "telefone": Phone::shown(person.landline.as_ref()),
        "celular": Phone::shown(person.mobile.as_ref()),
        "email": person.email,
        "endereco": {"endereco": address.street, "numero": address.number,
            "complemento": address.complement, "bairro": address.district,
            "municipio": address.city, "cep": address.dashed_postal_code(), "uf": address.state,
            "pais": ""},
        "vendedor": null,
        "situacao": situation(person),
        "dataCriacao": person.created.spaced(),
        "dataAtualizacao": person.updated.spaced(),
    })
}

pub(super) fn contact(person: &Person) -> Value {
    let types: &[(u64, &str)] = match person.role {
        Role::Supplier => &[(2, "Fornecedor")],
        Role::Both => &[(1, "Cliente"), (2, "Fornecedor")],
        _ => &[(1, "Cliente")],
    };
    // A birth date is written in two forms, a missing one in three.
    let birth = match (person.birth, person.id % 3) {
        (Some(day), 0) => json!(day.br_day()),
        (Some(day), _) => json!(day.iso_day()),
        (None, 0) => json!("0000-00-00"),
        (None, 1) => json!(""),
        (None, _) => Value::Null,
    };
    let more = json!({
        "enderecoCobranca": empty_address(),
        "telefoneAdicional": "",
        "emailNfe": "",
        "site": "",
        "regimeTributario": 1,
        "estadoCivil": null,
        "profissao": "",
        "sexo": if person.company { Value::Null } else if person.female { json!("feminino") }
            else { json!("masculino") },
        "dataNascimento": birth,
        "limiteCredito": 0,
        "observacoes": "",
        "tipos": types.iter().map(|(id, name)| json!({"id": id,
                    "descricao": name})).collect::<Vec<_>>(),
        "contatos": [],
    });
    merged([contact_row(person), more])
}

/// Returns the client within an order: the contact's row without the fields that change.
fn client(world: &World, sale: &Sale) -> Value {
    let person = world.buyer(sale);
    let Some(person) = person else {
        return json!({"id": 0, "nome": "Consumidor Final", "codigo": "", "fantasia": "",
                "tipoPessoa": "F", "cpfCnpj": "", "telefone": "",
            "celular": "", "email": "", "endereco": empty_address()});
    };
    let mut client = contact_row(person);
    if let Some(client) = client.as_object_mut() {
        for field in ["vendedor", "situacao", "dataCriacao", "dataAtualizacao"] {
            client.remove(field);
        }
    }
    client
}

fn shop() -> Value {
    json!({"id": 0, "nome": "", "numeroPedidoEcommerce": "", "numeroPedidoCanalVenda": "",
            "canalVenda": ""})
}

/// Returns one of the two texts that Tiny writes for 'no date'.
fn no_forecast(sale: &Sale) -> &'static str {
    if sale.id.is_multiple_of(2) {
        ""
    } else {
        "0000-00-00"
    }
}

/// Returns the row of a list for an order: its value as text, and no lines.
pub(super) fn order_row(world: &World, sale: &Sale) -> Value {
    json!({
        "id": sale.id,
        "situacao": stage(sale),
        "numeroPedido": sale.number,
        "ecommerce": shop(),
        "dataCriacao": sale.at.iso_day(),
        "dataPrevista": no_forecast(sale),
        "cliente": client(world, sale),
        "valor": decimal(sale.total()),
        "vendedor": null,
        "transportador": {"id": 0, "nome": "", "fretePorConta": "R"},
    })
}

pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let sent = matches!(sale.status, Status::Shipped | Status::Delivered);
    let mut address = empty_address();
    address["nomeDestinatario"] = json!("");
    address["cpfCnpj"] = json!("");
    address["tipoPessoa"] = json!("");
    json!({
        "id": sale.id,
        "numeroPedido": sale.number,
        "idNotaFiscal": if sale.status == Status::Invoiced { json!(sale.id - 27_000_000) }
            else { Value::Null },
        "situacao": stage(sale),
        "data": sale.at.iso_day(),
        "dataPrevista": no_forecast(sale),
        "dataEnvio": if sent { json!(sale.at.plus_days(1).start_of_day().spaced()) }
            else { Value::Null },
        "dataEntrega": if sale.status == Status::Delivered { json!(sale.at.plus_days(4).iso_day()) }
            else { Value::Null },
        "dataFaturamento": if sent || sale.status == Status::Invoiced { json!(sale.at.iso_day()) }
            else { json!("0000-00-00") },
        "numeroOrdemCompra": "",
        "valorDesconto": money(sale.discount),
        "valorFrete": money(sale.freight),
        "valorOutrasDespesas": 0,
        "valorTotalProdutos": money(sale.gross()),
        "valorTotalPedido": money(sale.total()),
        "cliente": client(world, sale),
        "enderecoEntrega": address,
        "ecommerce": shop(),
        "pagamento": {"formaRecebimento": {"id": 337_000_001, "nome": "Pix"},
            "meioPagamento": {"id": 0, "nome": ""},
            "condicaoPagamento": "", "parcelas": [{"dias": 0, "data": sale.at.iso_day(),
                    "valor": money(sale.total()), "observacoes": ""}]},
        "itens": sale.items.iter().map(line).collect::<Vec<_>>(),
        "observacoes": "",
        "observacoesInternas": "",
        "origemPedido": u8::from(sale.contact.is_none()),
    })
}

fn line(item: &Item) -> Value {
    json!({
        "produto": {"id": item.product.unwrap_or(0), "sku": item.sku, "descricao": item.name,
            "tipo": "P"},
        "quantidade": amount(item.quantity),
        "valorUnitario": money(item.unit_price),
        "infoAdicional": "",
    })
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "id": product.id,
        "sku": product.sku,
        "descricao": product.name,
        "tipo": "S",
        "situacao": product.standing.letter(),
        "dataCriacao": product.created.spaced(),
        "dataAlteracao": Moment::spaced(product.updated),
        "unidade": "UN",
        "gtin": product.barcode(),
        "precos": {"preco": money(product.price), "precoPromocional": 0,
            "precoCusto": money(product.price / 2),
            "precoCustoMedio": money(product.price / 2)},
    })
}

/// Returns the shop itself, which a credential test shows to the user.
pub(super) fn company() -> Value {
    json!({
        "razaoSocial": "Loja Exemplo Ltda",
        "cpfCnpj": "90.010.020/0001-36",
        "fantasia": "Loja Exemplo",
        "enderecoEmpresa": empty_address(),
        "fone": "(11) 3333-0001",
        "email": "loja@example.com",
        "inscricaoEstadual": "",
        "regimeTributario": 1,
    })
}
