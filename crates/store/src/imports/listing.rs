//! Lists the imports of an organization, page by page.

use std::collections::HashMap;

use alta_domain::{ImportEntry, ImportId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::summary::summary;
use crate::Store;
use crate::access::{Member, Own};
use crate::entity::{connection, import, import_list, list, user};
use crate::error::Result;

/// The conditions on the imports that are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportFilter {
    /// A text that the name of the file or account, or the slug of the system, contains; all
    /// imports for an empty text.
    pub text: String,
    /// `Some(false)` for imports of files, `Some(true)` for imports of systems, `None` for both.
    pub of_systems: Option<bool>,
    /// The last import of the page before; `None` for the first page.
    pub before: Option<ImportId>,
}

/// Lists the organization's imports, the newest first: at most `most`.
///
/// # Errors
/// When the database fails, or a stored value can't be read.
pub async fn all(
    store: &Store,
    member: &Member,
    filter: &ImportFilter,
    most: u64,
) -> Result<Vec<ImportEntry>> {
    let mut query = member.own::<import::Entity>();
    let text = filter.text.trim();
    if !text.is_empty() {
        query = query.filter(has_text(member, text));
    }
    query = match filter.of_systems {
        None => query,
        Some(true) => query.filter(import::Column::ConnectionId.is_not_null()),
        Some(false) => query.filter(import::Column::ConnectionId.is_null()),
    };
    if let Some(before) = filter.before {
        query = query.filter(import::Column::Id.lt(before.0));
    }
    let rows = query
        .order_by_desc(import::Column::Id)
        .limit(most)
        .all(store.read())
        .await?;
    entries(store, member, rows).await
}

/// Returns the condition that the name of a file or account, or the slug of a system, contains a
/// text. SQLite changes only ASCII letters to lower case, so the text is also sought as it was
/// typed.
fn has_text(member: &Member, text: &str) -> Condition {
    let pattern = |text: &str| {
        let escaped = ['\\', '%', '_']
            .iter()
            .fold(text.to_owned(), |text, letter| {
                text.replace(*letter, &format!("\\{letter}"))
            });
        LikeExpr::new(format!("%{escaped}%")).escape('\\')
    };
    let small = text.to_lowercase();
    let systems = Query::select()
        .column(connection::Column::Id)
        .from(connection::Entity)
        .cond_where(member.is_own::<connection::Entity>())
        .and_where(Expr::col(connection::Column::Slug).like(pattern(&small)))
        .to_owned();
    Condition::any()
        .add(Func::lower(Expr::col(import::Column::FileName)).like(pattern(&small)))
        .add(Expr::col(import::Column::FileName).like(pattern(text)))
        .add(import::Column::ConnectionId.in_subquery(systems))
}

/// Returns these imports as they are listed.
pub(super) async fn entries(
    store: &Store,
    member: &Member,
    rows: Vec<import::Model>,
) -> Result<Vec<ImportEntry>> {
    let systems = systems(store, &rows).await?;
    let members = members(store, &rows).await?;
    let mut lists = lists(store, member, &rows).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(ImportEntry {
            summary: summary(store, &row).await?,
            ended_at: row.ended_at,
            system: row.connection_id.and_then(|id| systems.get(&id).cloned()),
            lists: lists.remove(&row.id).unwrap_or_default(),
            by: members.get(&row.user_id).cloned().unwrap_or_default(),
        });
    }
    Ok(entries)
}

/// Reads the slugs of the systems that imports came from, by connection.
async fn systems(store: &Store, rows: &[import::Model]) -> Result<HashMap<i64, String>> {
    let ids = rows.iter().filter_map(|row| row.connection_id);
    let found = connection::Entity::find()
        .filter(connection::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    Ok(found.into_iter().map(|row| (row.id, row.slug)).collect())
}

/// Reads the names of the users who began imports, by user.
async fn members(store: &Store, rows: &[import::Model]) -> Result<HashMap<i64, String>> {
    let found = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)))
        .all(store.read())
        .await?;
    Ok(found.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Reads the names of the lists of imports, by import.
async fn lists(
    store: &Store,
    member: &Member,
    rows: &[import::Model],
) -> Result<HashMap<i64, Vec<String>>> {
    let uses = import_list::Entity::find()
        .filter(import_list::Column::ImportId.is_in(rows.iter().map(|row| row.id)))
        .all(store.read())
        .await?;
    let names: HashMap<i64, String> = member
        .own::<list::Entity>()
        .filter(list::Column::Id.is_in(uses.iter().map(|used| used.list_id)))
        .all(store.read())
        .await?
        .into_iter()
        .map(|list| (list.id, list.name))
        .collect();
    let mut lists: HashMap<i64, Vec<String>> = HashMap::new();
    for used in uses {
        let name = names.get(&used.list_id).cloned();
        lists.entry(used.import_id).or_default().extend(name);
    }
    Ok(lists)
}
