//! Contacts written many at a time: each statement has as many rows as its database takes.

use sea_orm::sea_query::{ColumnType, Expr, SimpleExpr, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, IdenStatic, Iterable, ModelTrait,
    Statement,
};

use crate::entity::contact;
use crate::error::Result;

/// The most rows of one statement. SQLite allows 32,766 parameters, and a contact has 27 columns.
pub(crate) const ROWS: usize = 1000;

/// Inserts contacts. Columns that are empty in all of them are left out, because each parameter of
/// a statement takes time and a file has fewer fields than a contact.
pub(crate) async fn insert(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
) -> Result<()> {
    let is_used = |column: &contact::Column| contacts.iter().any(|row| !is_null(&row.get(*column)));
    let used: Vec<contact::Column> = contact::Column::iter().filter(is_used).collect();
    write(connection, contacts, &used, "").await
}

/// Overwrites all columns of contacts that are stored already.
pub(crate) async fn replace(
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

/// Inserts these columns of contacts. `on_conflict` is added to the end of the statement.
async fn write(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
    columns: &[contact::Column],
    on_conflict: &str,
) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let into = format!("INSERT INTO contact ({})", names.join(", "));
    if connection.get_database_backend() == DbBackend::Postgres {
        return write_arrays(connection, contacts, columns, &into, on_conflict).await;
    }
    for rows in contacts.chunks(ROWS) {
        let places =
            vec![format!("({})", vec!["?"; columns.len()].join(",")); rows.len()].join(",");
        let values = rows
            .iter()
            .flat_map(|row| columns.iter().map(|column| row.get(*column)));
        connection
            .execute_raw(Statement::from_sql_and_values(
                DbBackend::Sqlite,
                format!("{into} VALUES {places}{on_conflict}"),
                values,
            ))
            .await?;
    }
    Ok(())
}

/// Writes all contacts in one PostgreSQL statement that has one array for each column.
async fn write_arrays(
    connection: &DatabaseTransaction,
    contacts: &[contact::Model],
    columns: &[contact::Column],
    into: &str,
    on_conflict: &str,
) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    let (mut selected, mut parameters, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (column, at) in columns.iter().zip(1..) {
        let array = ArrayColumn::new(*column, at);
        selected.push(array.selected);
        parameters.push(array.parameter);
        names.push(format!("c{at}"));
    }
    let sql = format!(
        "{into} SELECT {} FROM UNNEST({}) AS t({}){on_conflict}",
        selected.join(", "),
        parameters.join(", "),
        names.join(", ")
    );
    let values = columns.iter().map(|column| array(contacts, *column));
    connection
        .execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            sql,
            values,
        ))
        .await?;
    Ok(())
}

/// The SQL of a column whose values come as an array. The arrays hold no NULL: 0 and the empty text
/// stand for it, because ids begin at 1 and no value of a contact is an empty text.
struct ArrayColumn {
    /// The value as the statement selects it.
    selected: String,
    /// The array as a parameter of the statement.
    parameter: String,
}

impl ArrayColumn {
    /// Returns the SQL of the column with this number, counted from 1.
    fn new(column: contact::Column, at: usize) -> Self {
        let (selected, element) = match column.def().get_column_type() {
            ColumnType::BigInteger => (format!("NULLIF(c{at}, 0)"), "bigint"),
            ColumnType::Json | ColumnType::JsonBinary => {
                (format!("NULLIF(c{at}, '')::json"), "text")
            }
            _ => (format!("NULLIF(c{at}, '')"), "text"),
        };
        Self {
            selected,
            parameter: format!("${at}::{element}[]"),
        }
    }
}

/// Returns the values of a column in all rows, as an array in which 0 and the empty text stand for
/// NULL.
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

/// Returns the condition that a column of integers has one of these values. The values are one
/// parameter of the statement, whatever their number.
pub(crate) fn integers(
    backend: DbBackend,
    column: &'static str,
    values: &[i64],
) -> Result<SimpleExpr> {
    Ok(match backend {
        DbBackend::Postgres => {
            Expr::cust_with_values(format!("{column} = ANY($1)"), [values.to_vec()])
        }
        _ => Expr::cust_with_values(
            format!("{column} IN (SELECT value FROM json_each(?))"),
            [serde_json::to_string(values)?],
        ),
    })
}

/// Reserves ids for contacts that are about to be inserted, so that the database need not return
/// them.
pub(crate) async fn new_ids(connection: &DatabaseTransaction, count: usize) -> Result<Vec<i64>> {
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
    // The transaction holds SQLite's write lock, so no other one takes the same ids.
    let sql = "SELECT MAX(\
               COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'contact'), 0), \
               COALESCE((SELECT MAX(id) FROM contact), 0)) AS id";
    let row = connection
        .query_one_raw(Statement::from_string(backend, sql))
        .await?;
    let last: i64 = row.map_or(Ok(0), |row| row.try_get("", "id"))?;
    Ok((last + 1..).take(count).collect())
}

/// Adds contacts to a list, as members that an import added. Members of the list stay as they are.
pub(crate) async fn add_to_list(
    connection: &DatabaseTransaction,
    import: i64,
    list: i64,
    contacts: &[i64],
) -> Result<()> {
    let backend = connection.get_database_backend();
    let into = "INSERT INTO list_member (list_id, contact_id, import_id)";
    let statement = if backend == DbBackend::Postgres {
        let sql = format!(
            "{into} SELECT $1, id, $2 FROM UNNEST($3::bigint[]) AS id \
             ON CONFLICT (list_id, contact_id, import_id) DO NOTHING"
        );
        Statement::from_sql_and_values(
            backend,
            sql,
            [list.into(), import.into(), contacts.to_vec().into()],
        )
    } else {
        // 'WHERE true' tells SQLite that no join follows.
        let sql = format!(
            "{into} SELECT ?, value, ? FROM json_each(?) WHERE true \
             ON CONFLICT (list_id, contact_id, import_id) DO NOTHING"
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
