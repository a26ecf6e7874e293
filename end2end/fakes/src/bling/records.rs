//! Writes Bling's contacts, orders and products: the rows of lists, and the details.

use serde_json::{Value, json};

use crate::clock::Moment;
use crate::data::{Item, Person, Phone, Product, Role, Sale, Status};
use crate::json::{amount, merged, money};
use crate::world::World;

/// The id of the contact type of clients.
pub(super) const CLIENT_TYPE: &str = "14500000001";
/// The id of the contact type of suppliers.
pub(super) const SUPPLIER_TYPE: &str = "14500000002";

/// Returns the row of a list for a contact: no e-mail, no address, no dates.
pub(super) fn contact_row(person: &Person) -> Value {
    json!({
        "id": person.id,
        "nome": person.name,
        "codigo": person.code(),
        "situacao": person.standing.letter(),
        "numeroDocumento": person.formatted_tax_id(),
        "telefone": Phone::shown(person.landline.as_ref()),
        "celular": Phone::shown(person.mobile.as_ref()),
    })
}

pub(super) fn contact(person: &Person) -> Value {
    let address = &person.address;
    let roles = contact_types()
        .into_iter()
        .zip([Role::Client, Role::Supplier]);
    let types: Vec<Value> = roles
        .filter(|(_, role)| person.role == *role || person.role == Role::Both)
        .map(|(kind, _)| kind)
        .collect();
    let more = json!({
        "numeroDocumento": person.tax_id,
        "fantasia": person.trade_name,
        "tipo": person.kind(),
        "indicadorIe": 9,
        "ie": "",
        "rg": "",
        "inscricaoMunicipal": "",
        "orgaoEmissor": "",
        "email": person.email,
        "emailNotaFiscal": "",
        "orgaoPublico": "N",
        "endereco": {
            "geral": {"endereco": address.street, "numero": address.number,
                "complemento": address.complement, "bairro": address.district,
                "cep": address.dashed_postal_code(), "municipio": address.city,
                "uf": address.state},
            "cobranca": {"endereco": "", "numero": "", "complemento": "", "bairro": "", "cep": "",
                "municipio": "", "uf": ""},
        },
        "vendedor": {"id": 0},
        "dadosAdicionais": {
            "dataNascimento": person.birth.map_or_else(|| zero_date(person.id), Moment::iso_day),
            "sexo": if person.female { "F" } else { "M" },
            "naturalidade": "Brasileira",
        },
        "financeiro": {"limiteCredito": 0, "condicaoPagamento": "", "categoria": {"id": 0}},
        "pais": {"nome": ""},
        "tiposContato": types,
        "pessoasContato": [],
    });
    merged([contact_row(person), more])
}

/// Returns one of the texts that Bling writes for 'no date'.
fn zero_date(id: u64) -> String {
    ["0000-00-00", "0001-01-01", "0000-00-00 00:00:00", ""][usize::try_from(id % 4).unwrap_or(0)]
        .to_owned()
}

pub(super) fn contact_types() -> [Value; 2] {
    [
        json!({"id": 14_500_000_001_u64, "descricao": "Cliente"}),
        json!({"id": 14_500_000_002_u64, "descricao": "Fornecedor"}),
    ]
}

/// Returns the id of a sale's situation in the account: one of four of Bling's own, one that
/// inherits, one that only its name explains, or one that nothing explains.
pub(super) fn situation(sale: &Sale) -> u64 {
    match sale.status {
        Status::Open => 6,
        Status::Cancelled => 12,
        Status::Approved if sale.id.is_multiple_of(3) => 45_120,
        Status::Approved => 15,
        Status::Returned => 45_121,
        Status::Unknown => 45_122,
        _ => 9,
    }
}

pub(super) fn modules() -> Value {
    json!([
        {"id": 98_309, "nome": "Vendas", "descricao": "Pedidos de Venda", "criarSituacoes": true},
        {"id": 98_310, "nome": "Compras", "descricao": "Pedidos de Compra",
            "criarSituacoes": false},
    ])
}

pub(super) fn situations() -> Value {
    json!([
        {"id": 6, "nome": "Em aberto", "idHerdado": 0, "cor": "#E9DC40"},
        {"id": 9, "nome": "Atendido", "idHerdado": 0, "cor": "#3FB57A"},
        {"id": 12, "nome": "Cancelado", "idHerdado": 0, "cor": "#CECECE"},
        {"id": 15, "nome": "Em andamento", "idHerdado": 0, "cor": "#0065F9"},
        {"id": 45_120, "nome": "Em separação", "idHerdado": 15, "cor": "#5A3FB5"},
        {"id": 45_121, "nome": "Devolvido", "idHerdado": 0, "cor": "#B53F3F"},
        {"id": 45_122, "nome": "Aguardando arte", "idHerdado": 0, "cor": "#B5963F"},
    ])
}

pub(super) fn company() -> Value {
    json!({"id": "7a1c0f2e9b3d4c5a", "nome": "Loja Exemplo Ltda", "cnpj": "90010020000136",
            "email": "loja@example.com",
        "dataContrato": "2019-05-06"})
}

pub(super) fn order_row(world: &World, sale: &Sale) -> Value {
    let contact = world.buyer(sale);
    let contact = contact.map_or_else(
        || json!({"id": 0, "nome": "Consumidor Final", "tipoPessoa": "F", "numeroDocumento": ""}),
        |person| {
            json!({"id": person.id, "nome": person.name, "tipoPessoa": person.kind(),
                "numeroDocumento": person.tax_id})
        },
    );
    let value = match sale.status {
        Status::Open => 0,
        Status::Cancelled => 2,
        Status::Approved => 3,
        _ => 1,
    };
    json!({
        "id": sale.id,
        "numero": sale.number,
        "numeroLoja": "",
        "data": sale.at.iso_day(),
        "dataSaida": sale.at.plus_days(1).iso_day(),
        "dataPrevista": "0000-00-00",
        "totalProdutos": money(sale.gross()),
        "total": money(sale.total()),
        "contato": contact,
        "situacao": {"id": situation(sale), "valor": value},
        "loja": {"id": 0, "unidadeNegocio": {"id": 0}},
    })
}

pub(super) fn order(world: &World, sale: &Sale) -> Value {
    let discount = match sale.percent {
        Some(percent) => json!({"valor": percent, "unidade": "PERCENTUAL"}),
        None => json!({"valor": money(sale.discount), "unidade": "REAL"}),
    };
    let part = json!({"id": sale.id + 2, "dataVencimento": sale.at.plus_days(10).iso_day(),
            "valor": money(sale.total()), "observacoes": "",
        "caut": "", "formaPagamento": {"id": 2_500_001}});
    let more = json!({
        "numeroPedidoCompra": "",
        "outrasDespesas": 0,
        "observacoes": "",
        "observacoesInternas": "",
        "desconto": discount,
        "categoria": {"id": 0},
        "notaFiscal": {"id": 0},
        "tributacao": {"totalICMS": 0, "totalIPI": 0},
        "itens": sale.items.iter().map(line).collect::<Vec<_>>(),
        "parcelas": [part],
        "transporte": {"fretePorConta": 0, "frete": money(sale.freight), "quantidadeVolumes": 0,
            "pesoBruto": 0, "prazoEntrega": 0,
            "contato": {"id": 0, "nome": ""}, "etiqueta": {"nome": "", "endereco": "", "numero": "",
                "complemento": "", "municipio": "",
            "uf": "", "cep": "", "bairro": "", "nomePais": ""}, "volumes": []},
        "vendedor": {"id": 0},
        "intermediador": {"cnpj": "", "nomeUsuario": ""},
        "taxas": {"taxaComissao": 0, "custoFrete": 0, "valorBase": 0},
    });
    merged([order_row(world, sale), more])
}

fn line(item: &Item) -> Value {
    json!({
        "id": item.id,
        "codigo": item.sku,
        "unidade": "UN",
        "quantidade": amount(item.quantity),
        // `valor` is the price after this percentage. A client that deducts it again is wrong.
        "desconto": if item.id.is_multiple_of(9) { 5 } else { 0 },
        "valor": money(item.unit_price),
        "aliquotaIPI": 0,
        "descricao": item.name,
        "descricaoDetalhada": "",
        "produto": {"id": item.product.unwrap_or(0)},
        "comissao": {"base": 0, "aliquota": 0, "valor": 0},
        "naturezaOperacao": {"id": 0},
    })
}

pub(super) fn product(product: &Product) -> Value {
    json!({
        "id": product.id,
        "idProdutoPai": 0,
        "nome": product.name,
        "codigo": product.sku,
        "preco": money(product.price),
        "precoCusto": money(product.price / 2),
        "estoque": {"saldoVirtualTotal": 42},
        "tipo": "P",
        "situacao": product.standing.letter(),
        "formato": "S",
        "descricaoCurta": "<p>Produto de exemplo</p>",
        "imagemURL": "",
    })
}
