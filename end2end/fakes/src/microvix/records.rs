//! Writes the cells of Microvix's rows, by the name of their column.
//!
//! Which rows are a sale, and how the truth has them: rows are grouped by `identificador`.
//! `operacao` S with `soma_relatorio` S and a `tipo_transacao` other than J is a sale, invoiced, or
//! cancelled when `cancelado` or `excluido` is S (its amounts stay). A return is a document of its
//! own: `operacao` DS (the written spec says DE), or E with a natureza "TROCA ORIUNDA". In the
//! truth it has the status returned, and its total and the totals of its lines are negative, so
//! that sums come out as in Microvix's own report; quantities and unit prices stay as the rows have
//! them. Purchases, transfers, reserves, J and rows that do not enter the report are left out.

use super::CNPJ;
use crate::clock::Moment;
use crate::data::{Item, Person, Phone, Product, Role, Sale, Status, decimal, quantity};
use crate::rng::Rng;
use crate::world::World;

/// Returns the sale's GUID, without the bits that would make it valid. It ends with the id.
pub(super) fn identifier(sale: &Sale) -> String {
    let mut rng = Rng::new(sale.id);
    let digits = format!(
        "{:016x}{:04x}{:012x}",
        rng.next(),
        rng.below(1 << 16),
        sale.id
    );
    format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    )
}

/// Returns the sale with this GUID.
pub(super) fn identified<'a>(world: &'a World, guid: &str) -> Option<&'a Sale> {
    let (_, id) = guid.rsplit_once('-')?;
    world
        .sale(u64::from_str_radix(id, 16).ok()?)
        .filter(|sale| identifier(sale) == guid)
}

/// Returns the stock of a product. Some products have none.
pub(super) fn stock(product: &Product) -> u32 {
    if product.id.is_multiple_of(7) { 0 } else { 42 }
}

/// Returns the number of a sale's document: `000123`.
pub(super) fn document(sale: &Sale) -> String {
    format!("{:06}", sale.number)
}

/// A row of one of the methods.
pub(super) enum Row<'a> {
    Client(&'a Person),
    Movement(&'a Sale, usize),
    Product(&'a Product),
    Detail(&'a Product),
    /// Fixed cells, for the tables of stores.
    Fixed(Vec<(&'static str, &'static str)>),
}

impl Row<'_> {
    /// Returns the version of the row. Every line of a sale has a version of its own.
    pub(super) fn version(&self) -> u64 {
        match self {
            Self::Client(person) => person.version,
            Self::Movement(sale, place) => sale.version + *place as u64,
            Self::Product(product) | Self::Detail(product) => product.version,
            Self::Fixed(_) => 0,
        }
    }

    pub(super) fn cell(&self, column: &str) -> String {
        match (self, column) {
            (Self::Fixed(cells), _) => cells
                .iter()
                .find(|(name, _)| *name == column)
                .map(|(_, value)| (*value).to_owned())
                .unwrap_or_default(),
            (_, "portal") => "10001".into(),
            (_, "cnpj_emp") => CNPJ.into(),
            (_, "empresa" | "empresa_cadastro") => "1".into(),
            (_, "timestamp") => self.version().to_string(),
            (Self::Client(person), _) => client(person, column),
            (Self::Movement(sale, place), _) => movement(sale, *place, column),
            (Self::Product(record), _) => product(record, column),
            (Self::Detail(record), _) => detail(record, column),
        }
    }
}

fn phone(phone: Option<&Phone>) -> String {
    phone.map(|phone| phone.whole("")).unwrap_or_default()
}

fn yes(is: bool) -> String {
    if is { "S" } else { "N" }.into()
}

fn client(person: &Person, column: &str) -> String {
    let address = &person.address;
    match column {
        "cod_cliente" => person.id.to_string(),
        "razao_cliente" => person.name.clone(),
        // The second name is often not filled in.
        "nome_cliente" if person.company => person.trade_name.clone(),
        "nome_cliente" if !person.id.is_multiple_of(4) => person.name.clone(),
        "doc_cliente" if person.tax_id.is_empty() && person.id.is_multiple_of(2) => {
            "00000000000".into()
        }
        "doc_cliente" => person.tax_id.clone(),
        "tipo_cliente" => person.kind().into(),
        "endereco_cliente" => address.street.clone(),
        "numero_rua_cliente" => address.number.clone(),
        "complement_end_cli" => address.complement.clone(),
        "bairro_cliente" => address.district.clone(),
        "cep_cliente" => address.dashed_postal_code(),
        "cidade_cliente" => address.city.clone(),
        "uf_cliente" => address.state.clone(),
        "pais" => "BRASIL".into(),
        "fone_cliente" => phone(person.landline.as_ref()),
        "cel_cliente" => phone(person.mobile.as_ref()),
        "email_cliente" => person.email.clone(),
        "sexo" if !person.company => if person.female { "F" } else { "M" }.into(),
        "data_cadastro" => person.created.iso(),
        "data_nascimento" => birth(person),
        "ativo" => yes(person.standing.is_active()),
        "dt_update" => person.updated.iso(),
        "cod_ibge_municipio" => address.city_code.clone(),
        "tipo_cadastro" => match person.role {
            Role::Supplier => "F",
            Role::Both => "A",
            Role::Client | Role::Anonymous => "C",
        }
        .into(),
        "cliente_anonimo" => if person.role == Role::Anonymous {
            "True"
        } else {
            "False"
        }
        .into(),
        "limite_compras" | "limite_credito_compra" => "0.00".into(),
        _ => String::new(),
    }
}

/// Returns the date of birth. 'No date' is written as a first of January, or is empty.
fn birth(person: &Person) -> String {
    let zero = [
        "1900-01-01T00:00:00",
        "1990-01-01T00:00:00",
        "1991-01-01T00:00:00",
        "",
    ][usize::try_from(person.id % 4).unwrap_or(0)];
    person.birth.map_or_else(|| zero.to_owned(), Moment::iso)
}

/// Returns the cells that say what kind of document a movement is: `operacao`, `tipo_transacao`,
/// `soma_relatorio`, `natureza_operacao`, `id_cfop`.
fn nature(sale: &Sale) -> [&'static str; 5] {
    match (sale.status, sale.id % 5) {
        (Status::Returned, 0) => ["E", "V", "S", "TROCA ORIUNDA DE VENDA", "1202"],
        (Status::Returned, 1) => ["DE", "V", "S", "DEVOLUCAO DE VENDA", "1202"],
        (Status::Returned, _) => ["DS", "V", "S", "DEVOLUCAO DE VENDA", "1202"],
        (Status::NoSale, 0) => ["E", "V", "S", "COMPRA DE MERCADORIA", "1102"],
        (Status::NoSale, 1) => ["T", "V", "S", "TRANSFERENCIA ENTRE FILIAIS", "5152"],
        (Status::NoSale, 2) => ["R", "V", "S", "RESERVA DE MERCADORIA", "5102"],
        (Status::NoSale, 3) => ["S", "J", "S", "VENDA DE MERCADORIA", "5102"],
        (Status::NoSale, _) => ["S", "V", "N", "VENDA DE MERCADORIA", "5102"],
        _ => ["S", "V", "S", "VENDA DE MERCADORIA", "5102"],
    }
}

fn movement(sale: &Sale, place: usize, column: &str) -> String {
    let item = &sale.items[place];
    let share = sale.shares().get(place).copied().unwrap_or(0);
    let [operation, kind, in_report, words, cfop] = nature(sale);
    let (cancelled, deleted) = (
        sale.status == Status::Cancelled,
        sale.status == Status::Cancelled && sale.id.is_multiple_of(4),
    );
    match column {
        "transacao" => item.id.to_string(),
        "usuario" | "serie" | "id_tabela_preco" => "1".into(),
        "documento" => document(sale),
        "modelo_nf" | "codigo_modelo_nf" => "65".into(),
        "data_documento" => sale.at.iso_day(),
        "data_lancamento" => sale.at.start_of_day().iso(),
        "hora_lancamento" => sale.at.time()[..5].to_owned(),
        // A buyer without a name has the id 0, or that of the contact for buyers without a name.
        "codigo_cliente" => sale.contact.unwrap_or(sale.id % 2).to_string(),
        "cod_vendedor" => "5".into(),
        "id_cfop" => cfop.into(),
        "natureza_operacao" => words.into(),
        "operacao" => operation.into(),
        "tipo_transacao" => kind.into(),
        "cod_produto" => item.product.unwrap_or(0).to_string(),
        "quantidade" => four_places(item.quantity),
        "preco_unitario" | "preco_tabela_epoca" => format!("{}00", decimal(item.unit_price)),
        "valor_liquido" => each(item, share),
        "valor_total" => format!("{}00", decimal(item.gross() - share)),
        "desconto" => decimal(sale.discount),
        "desconto_total_item" => decimal(share),
        "cancelado" => yes(cancelled && !deleted),
        "excluido" => yes(deleted),
        "soma_relatorio" => in_report.into(),
        "identificador" => identifier(sale),
        "dt_update" => sale.updated.iso(),
        "ordem" => (place + 1).to_string(),
        "mob_checkout" | "item_promocional" | "acrescimo_item" => "False".into(),
        "total_dinheiro" => decimal(sale.total()),
        "forma_dinheiro" => "True".into(),
        "frete" | "acrescimo" | "desconto_item" | "troco" | "despesas" | "preco_custo" => {
            "0.00".into()
        }
        flag if flag.starts_with("forma_") => "False".into(),
        amount
            if ["total_", "valor_", "base_", "aliquota_"]
                .iter()
                .any(|start| amount.starts_with(start)) =>
        {
            "0.00".into()
        }
        _ => String::new(),
    }
}

/// Writes thousandths with four places: `10.0000`.
fn four_places(thousandths: i64) -> String {
    let text = quantity(thousandths);
    match text.split_once('.') {
        Some((whole, part)) => format!("{whole}.{part:0<4}"),
        None => format!("{text}.0000"),
    }
}

/// Returns the price of one piece after the discount, with four places. The pieces need not add up
/// to the line.
fn each(item: &Item, share: i64) -> String {
    let parts = (item.gross() - share) * 100_000 / item.quantity.max(1);
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}

fn product(product: &Product, column: &str) -> String {
    match column {
        "cod_produto" => product.id.to_string(),
        "cod_barra" => product.barcode(),
        "nome" => product.name.clone(),
        "ncm" => "20098919".into(),
        "referencia" => format!("REF{}", product.id),
        "cod_auxiliar" => product.sku.clone(),
        "unidade" => "UN".into(),
        "desc_setor" => "GERAL".into(),
        "desc_marca" => "EXEMPLO".into(),
        "dt_update" => product.updated.iso(),
        "dt_inclusao" => product.created.iso(),
        "cod_fornecedor" => "9".into(),
        "desativado" => yes(!product.standing.is_active()),
        "peso_liquido" | "peso_bruto" => "0.00".into(),
        _ => String::new(),
    }
}

fn detail(product: &Product, column: &str) -> String {
    match column {
        "cod_produto" => product.id.to_string(),
        "cod_barra" => product.barcode(),
        "quantidade" => format!("{}.0000", stock(product)),
        "preco_venda" => decimal(product.price),
        "preco_custo" | "custo_medio" => decimal(product.price / 2),
        _ => String::new(),
    }
}

pub(super) fn store() -> Row<'static> {
    Row::Fixed(vec![
        ("portal", "10001"),
        ("empresa", "1"),
        ("nome_emp", "Loja Exemplo"),
        ("razao_emp", "Loja Exemplo & Filhos Ltda"),
        ("cnpj_emp", CNPJ),
        ("cidade_emp", "São Paulo"),
        ("estado_emp", "SP"),
        ("cep_emp", "01001-000"),
        ("centro_distribuicao", "False"),
    ])
}

/// Returns the rows of the group itself and of its store.
pub(super) fn group() -> [Row<'static>; 2] {
    let head = vec![
        ("nome_empresa", "Grupo Exemplo"),
        ("id_empresas_rede", "7001"),
        ("rede", "Rede Exemplo"),
        ("portal", "10001"),
    ];
    let mut store = head.clone();
    store[0].1 = "Loja Exemplo";
    store[1].1 = "7002";
    store.extend([
        ("CNPJ", CNPJ),
        ("nome_portal", "Portal Exemplo"),
        ("empresa", "1"),
        ("classificacao_portal", "CLIENTE"),
    ]);
    [Row::Fixed(head), Row::Fixed(store)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_four_places() {
        assert_eq!([10_000, 500].map(four_places), ["10.0000", "0.5000"]);
        let item = Item {
            id: 1,
            product: None,
            sku: String::new(),
            name: String::new(),
            quantity: 10_000,
            unit_price: 370,
        };
        assert_eq!(each(&item, 200), "3.5000");
    }
}
