//! Rows written set by set: one statement for as many as its database takes.

use sea_orm::sea_query::{ColumnType, Expr, SimpleExpr, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, IdenStatic, Iterable, ModelTrait,
    Statement,
};

use crate::entity::contact;
use crate::error::Result;

/// Rows of one statement on SQLite: 26 values each stay below its 32,766.
pub(super) const ROWS: usize = 1000;

/// Writes contacts that did not exist. Columns that are empty in all of them are left out: a file
/// has eight fields where a contact has twenty, and each value of a statement costs.
pub(super) async fn insert(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
) -> Result<()> {
    let is_used = |column: &contact::Column| contacts.iter().any(|row| !is_null(&row.get(*column)));
    let used: Vec<contact::Column> = contact::Column::iter().filter(is_used).collect();
    write(connection, contacts, &used, "").await
}

/// Writes contacts that exist in place of what they were.
pub(super) async fn replace(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
) -> Result<()> {
    let all: Vec<contact::Column> = contact::Column::iter().collect();
    let names = all
        .iter()
        .map(IdenStatic::as_str)
        .filter(|name| !matches!(*name, "id" | "organization_id"));
    let changes: Vec<String> = names
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    write(
        connection,
        contacts,
        &all,
        &format!(" ON CONFLICT (id) DO UPDATE SET {}", changes.join(", ")),
    )
    .await
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

async fn write(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
    columns: &[contact::Column],
    then: &str,
) -> Result<()> {
    let backend = connection.get_database_backend();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let into = format!("INSERT INTO contact ({})", names.join(", "));
    if backend == DbBackend::Postgres && !contacts.is_empty() {
        let (taken, arrays): (Vec<String>, Vec<String>) = columns
            .iter()
            .zip(1..)
            .map(|(column, at)| unnested(*column, at))
            .unzip();
        let values = columns.iter().map(|column| array(contacts, *column));
        let names: Vec<String> = (1..=columns.len()).map(|at| format!("c{at}")).collect();
        let sql = format!(
            "{into} SELECT {} FROM UNNEST({}) AS t({}){then}",
            taken.join(", "),
            arrays.join(", "),
            names.join(", ")
        );
        connection
            .execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
        return Ok(());
    }
    for rows in contacts.chunks(ROWS) {
        let places =
            vec![format!("({})", vec!["?"; columns.len()].join(",")); rows.len()].join(",");
        let values = rows
            .iter()
            .flat_map(|row| columns.iter().map(|column| row.get(*column)));
        connection
            .execute_raw(Statement::from_sql_and_values(
                backend,
                format!("{into} VALUES {places}{then}"),
                values,
            ))
            .await?;
    }
    Ok(())
}

/// How a column comes out of an array that can't hold nothing: numbers of rows begin at 1, and no
/// value of a contact is an empty text.
fn unnested(column: contact::Column, at: usize) -> (String, String) {
    match column.def().get_column_type() {
        ColumnType::BigInteger => (format!("NULLIF(c{at}, 0)"), format!("${at}::bigint[]")),
        ColumnType::Json | ColumnType::JsonBinary => {
            (format!("NULLIF(c{at}, '')::json"), format!("${at}::text[]"))
        }
        _ => (format!("NULLIF(c{at}, '')"), format!("${at}::text[]")),
    }
}

/// The values of a column in all rows.
fn array(contacts: &[contact::Model], column: contact::Column) -> Value {
    let text = |row: &contact::Model| match row.get(column) {
        Value::String(text) => text.unwrap_or_default(),
        Value::Json(json) => json.map_or_else(String::new, |json| json.to_string()),
        _ => String::new(),
    };
    let number = |row: &contact::Model| {
        if let Value::BigInt(Some(number)) = row.get(column) {
            number
        } else {
            0
        }
    };
    match column.def().get_column_type() {
        ColumnType::BigInteger => contacts.iter().map(number).collect::<Vec<i64>>().into(),
        _ => contacts.iter().map(text).collect::<Vec<String>>().into(),
    }
}

/// One parameter whatever the number of values.
pub(super) fn is_one_of(
    backend: DbBackend,
    column: contact::Column,
    values: Vec<String>,
) -> Result<SimpleExpr> {
    let name = column.as_str().to_owned();
    Ok(match backend {
        DbBackend::Postgres => Expr::cust_with_values(format!("{name} = ANY($1)"), [values]),
        _ => Expr::cust_with_values(
            format!("{name} IN (SELECT value FROM json_each(?))"),
            [serde_json::to_string(&values)?],
        ),
    })
}

/// Ids for rows about to be inserted, so that nothing has to be read back.
pub(super) async fn new_ids(connection: &DatabaseTransaction, count: usize) -> Result<Vec<i64>> {
    let backend = connection.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "SELECT nextval('contact_id_seq'::regclass) AS id FROM generate_series(1, $1)";
        let statement = Statement::from_sql_and_values(
            backend,
            sql,
            [i64::try_from(count).unwrap_or(0).into()],
        );
        let rows = connection.query_all_raw(statement).await?;
        return Ok(rows
            .iter()
            .map(|row| row.try_get("", "id"))
            .collect::<std::result::Result<_, _>>()?);
    }
    // The transaction holds SQLite's write lock: nobody else takes these.
    let sql = "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'contact'), 0), COALESCE((SELECT MAX(id) FROM contact), 0)) AS id";
    let row = connection
        .query_one_raw(Statement::from_string(backend, sql))
        .await?;
    let last: i64 = row.map_or(Ok(0), |row| row.try_get("", "id"))?;
    Ok((last + 1..).take(count).collect())
}

/// Adds contacts to a list; those in it already stay.
pub(super) async fn add_to_list(
    connection: &DatabaseTransaction,
    import: i64,
    list: i64,
    contacts: &[i64],
) -> Result<()> {
    let backend = connection.get_database_backend();
    let into = "INSERT INTO list_member (list_id, contact_id, import_id)";
    let statement = if backend == DbBackend::Postgres {
        let sql = format!(
            "{into} SELECT $1, id, $2 FROM UNNEST($3::bigint[]) AS id ON CONFLICT (list_id, contact_id) DO NOTHING"
        );
        Statement::from_sql_and_values(
            backend,
            sql,
            [list.into(), import.into(), contacts.to_vec().into()],
        )
    } else {
        // 'WHERE true' tells SQLite that no join follows.
        let sql = format!(
            "{into} SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT (list_id, contact_id) DO NOTHING"
        );
        Statement::from_sql_and_values(
            backend,
            sql,
            [
                list.into(),
                import.into(),
                serde_json::to_string(contacts)?.into(),
            ],
        )
    };
    connection.execute_raw(statement).await?;
    Ok(())
}
