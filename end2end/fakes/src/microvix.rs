//! The fake of Linx Microvix, web service "saída": XML by POST, rows by position, a cursor of row
//! versions, HTTP 200 for every refusal.

mod columns;
mod records;
mod xml;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::clock::Moment;
use crate::data::{
    Person,
    Status::{Cancelled, Invoiced, NoSale, Returned},
};
use crate::faults::misbehave;
use crate::system::{Shared, State as Held, Vendor};
use crate::truth::Telling;
use crate::world::{Anonymous, List, Rules};
use records::Row;
use xml::{Command, Table};

/// The key that Linx gives under contract.
pub const KEY: &str = "0F0E0D0C-0B0A-4908-8706-050403020100";
/// The store's CNPJ.
pub const CNPJ: &str = "90010020000136";
/// The user and the password, the same for every customer.
pub const USER: &str = "linx_export";

const INVALID: &str = "O parametro é inválido.";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "microvix",
    rules: Rules {
        anonymous: Anonymous::Record,
        suppliers: true,
        shop: true,
        ..Rules::new(
            (4, 6, 42),
            &[
                Invoiced, Cancelled, Returned, NoSale, Invoiced, Returned, NoSale, Invoiced,
                NoSale, Invoiced, Invoiced, Invoiced, Invoiced, Invoiced, Invoiced, Invoiced,
            ],
        )
    },
    // Linx publishes no limit and no answer above it. This is what a web server before the vendor's
    // own would answer.
    too_many: |_| (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response(),
    broken: || (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response(),
    telling: Telling {
        contact_name: Person::shown_name,
        phones: |person| person.phones(""),
        births: true,
        sale_id: records::identifier,
        number: |sale| format!("{}-1", records::document(sale)),
        moment: |sale| sale.at.start_of_minute(),
        net_lines: true,
        negative_returns: true,
        ..Telling::PLAIN
    },
    path_is_call: false,
    ..Vendor::PLAIN
};

pub(crate) fn router(system: Shared) -> Router {
    Router::new()
        .route("/", post(serve))
        .route("/{method}", post(serve))
        .layer(from_fn_with_state(system.clone(), misbehave))
        .with_state(system)
}

async fn serve(State(system): State<Shared>, body: String) -> Response {
    match xml::read(&body)
        .ok_or(INVALID)
        .and_then(|command| call(&system, &command))
    {
        Ok(table) => xml::table(&table),
        Err(message) => xml::refusal(message),
    }
}

/// A method of the web service: its name, its columns, its parameters besides key and store, and
/// those that a request must have.
struct Method {
    name: &'static str,
    columns: &'static str,
    parameters: &'static [&'static str],
    needed: &'static [&'static str],
}

const METHODS: [Method; 5] = [
    Method {
        name: "LinxClientesFornec",
        columns: columns::CLIENTS,
        parameters: &[
            "data_inicial",
            "data_fim",
            "timestamp",
            "cod_cliente",
            "doc_cliente",
            "dt_update_inicial",
            "dt_update_fim",
        ],
        needed: &[],
    },
    Method {
        name: "LinxMovimento",
        columns: columns::MOVEMENTS,
        parameters: &[
            "data_inicial",
            "data_fim",
            "timestamp",
            "filtra_somente_timestamp",
            "documento",
            "identificador",
        ],
        needed: &["data_inicial", "data_fim"],
    },
    Method {
        name: "LinxProdutos",
        columns: columns::PRODUCTS,
        parameters: &[
            "dt_update_inicio",
            "dt_update_fim",
            "timestamp",
            "cod_produto",
            "referencia",
            "id_setor",
        ],
        needed: &["dt_update_inicio", "dt_update_fim"],
    },
    Method {
        name: "LinxProdutosDetalhes",
        columns: columns::DETAILS,
        parameters: &[
            "timestamp",
            "data_mov_ini",
            "data_mov_fim",
            "retornar_saldo_zero",
        ],
        needed: &[],
    },
    Method {
        name: "LinxLojas",
        columns: columns::STORES,
        parameters: &[],
        needed: &[],
    },
];

/// The methods that exist but whose module this customer did not buy: no rows, no error.
const NOT_RELEASED: [&str; 5] = [
    "LinxClientesFornecContatos",
    "LinxMovimentoPlanos",
    "LinxMovimentoDevolucoesItens",
    "LinxPedidosVenda",
    "LinxProdutosTabelasPrecos",
];

fn call(system: &Shared, command: &Command) -> Result<Table, &'static str> {
    system.called(&command.name);
    // Linx publishes no limit, so the fake refuses nothing. The count shows how much a client asks.
    let _ = system.admit_main("key", usize::MAX, 60);
    if command.user != USER || command.password != USER {
        return Err("Usuário ou senha inválidos.");
    }
    if command.format != "xml" {
        return Err(INVALID);
    }
    if command.name == "LinxGrupoLojas" {
        return group(command);
    }
    if command.get("chave") != Some(KEY) {
        return Err("Chave de acesso inválida.");
    }
    if command.get("cnpjEmp") != Some(CNPJ) {
        return Err("CNPJ inválido ou sem permissão para a chave informada.");
    }
    if NOT_RELEASED.contains(&command.name.as_str()) {
        return Ok(Table {
            columns: Vec::new(),
            rows: Vec::new(),
        });
    }
    let method = METHODS
        .iter()
        .find(|method| method.name == command.name)
        .ok_or("O comando informado não existe.")?;
    let known =
        |name: &str| matches!(name, "chave" | "cnpjEmp") || method.parameters.contains(&name);
    if command.parameters.iter().any(|(name, _)| !known(name))
        || method.needed.iter().any(|name| !command.has(name))
    {
        return Err(INVALID);
    }
    if method.name == "LinxLojas" {
        return Ok(named(columns::STORES, &[records::store()], true));
    }
    list(system, command, method)
}

/// Returns the stores of a key. The first row is the group itself, which has no CNPJ.
fn group(command: &Command) -> Result<Table, &'static str> {
    if command.get("Chave") != Some(KEY) {
        return Err("Chave de acesso inválida.");
    }
    if command
        .parameters
        .iter()
        .any(|(name, _)| !matches!(name.as_str(), "Chave" | "Grupo" | "Portal"))
    {
        return Err(INVALID);
    }
    Ok(named(columns::GROUP, &records::group(), true))
}

/// Returns a table of these rows. When there are no rows and `names` is false, the table has no
/// column names either.
fn named(columns: &str, rows: &[Row], names: bool) -> Table {
    let columns: Vec<String> = columns.split_whitespace().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| row.cell(column)).collect())
        .collect();
    if rows.is_empty() && !names {
        Table {
            columns: Vec::new(),
            rows,
        }
    } else {
        Table { columns, rows }
    }
}

fn list(system: &Shared, command: &Command, method: &Method) -> Result<Table, &'static str> {
    system.before_list(match method.name {
        "LinxClientesFornec" => List::Contacts,
        "LinxMovimento" => List::Transactions,
        _ => List::Products,
    });
    let cursor = match command.get("timestamp") {
        None => 0,
        Some(text) => text.parse::<u64>().map_err(|_| INVALID)?,
    };
    let state = system.state();
    let (size, again) = state.page;
    let mut rows = rows(&state, command, method)?;
    rows.retain(|row| row.version() > cursor || again && row.version() == cursor);
    rows.sort_by_key(Row::version);
    rows.truncate(size);
    Ok(named(method.columns, &rows, cursor == 0))
}

/// Returns a filter by a window of days. Either end may be open.
fn window(
    command: &Command,
    from: &str,
    until: &str,
) -> Result<impl Fn(Moment) -> bool + use<>, &'static str> {
    let day = |name: &str| match command.get(name) {
        None => Ok(None),
        Some(text) => Moment::parse_iso_day(text).map(Some).ok_or(INVALID),
    };
    let (from, until) = (day(from)?, day(until)?);
    Ok(move |moment: Moment| {
        from.is_none_or(|from| moment >= from)
            && until.is_none_or(|until| moment < until.plus_days(1))
    })
}

fn rows<'a>(
    state: &'a Held,
    command: &Command,
    method: &Method,
) -> Result<Vec<Row<'a>>, &'static str> {
    let world = &state.world;
    let fits = |name: &str, value: &str| command.get(name).is_none_or(|wanted| wanted == value);
    match method.name {
        "LinxClientesFornec" => {
            let made = window(command, "data_inicial", "data_fim")?;
            let changed = window(command, "dt_update_inicial", "dt_update_fim")?;
            let wanted = world
                .people
                .iter()
                .filter(|one| made(one.created) && changed(one.updated));
            let wanted = wanted.filter(|one| {
                fits("cod_cliente", &one.id.to_string()) && fits("doc_cliente", &one.tax_id)
            });
            Ok(wanted.map(Row::Client).collect())
        }
        "LinxMovimento" => {
            // Without a window only the cursor filters, and the request must say so.
            if command.get("data_inicial").is_none()
                && command.get("filtra_somente_timestamp") != Some("1")
            {
                return Err(INVALID);
            }
            let posted = window(command, "data_inicial", "data_fim")?;
            let sales = match command.get("identificador") {
                Some(guid) => {
                    records::identified(world, guid).map_or(&[][..], std::slice::from_ref)
                }
                None => &world.sales,
            };
            let wanted = sales
                .iter()
                .filter(|sale| posted(sale.at) && fits("documento", &records::document(sale)));
            Ok(wanted
                .flat_map(|sale| (0..sale.items.len()).map(move |place| Row::Movement(sale, place)))
                .collect())
        }
        "LinxProdutos" => {
            let changed = window(command, "dt_update_inicio", "dt_update_fim")?;
            let wanted = world
                .products
                .iter()
                .filter(|one| changed(one.updated) && fits("cod_produto", &one.id.to_string()));
            Ok(wanted.map(Row::Product).collect())
        }
        // Known clients ask separately for products that are not in stock.
        _ => {
            let all = command.get("retornar_saldo_zero") == Some("1");
            Ok(world
                .products
                .iter()
                .filter(|one| all || records::stock(one) > 0)
                .map(Row::Detail)
                .collect())
        }
    }
}
