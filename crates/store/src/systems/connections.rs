//! Connections, as Admins make, stop and end them.

use alta_domain::{
    Account, AuditAction, Connection, ConnectionId, ConnectionState, ErrorCode, ImportId,
    StreamCounts,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use super::runs::fault;
use super::{gone, purpose};
use crate::access::Admin;
use crate::db::lock_organization;
use crate::entity::{connection, import, sync_problem, sync_run};
use crate::error::{Result, StoreError};
use crate::imports::finish_or_remove;
use crate::imports::from_system::halt;
use crate::secret::{new_token, token_hash};
use crate::{Store, audit, imports, now};

/// Letters of an account's name, and of its id, that are kept.
const ACCOUNT: usize = 120;
/// How long an admin may take to agree at the system, in milliseconds: half an hour.
const CONSENT: i64 = 30 * 60 * 1000;

/// Somebody who came back from their system with its consent.
#[derive(Clone, Debug)]
pub struct Consented {
    /// The connection that waited for it.
    pub connection: ConnectionId,
    /// Its system.
    pub slug: String,
    /// Its credentials, as they were given to be kept.
    pub credentials: Vec<u8>,
}

/// Connects a system whose credentials were found good; its first run is due at once. An account
/// that is connected already is opened anew in its place.
///
/// # Errors
/// When the database fails.
pub async fn connect(
    store: &Store,
    admin: &Admin,
    slug: &str,
    account: &Account,
    credentials: &[u8],
) -> Result<ConnectionId> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    let id = match of_account(&transaction, admin, slug, account).await? {
        Some(known) => known.id,
        None => insert(&transaction, admin, slug, ConnectionState::Active).await?,
    };
    open(store, &transaction, admin, (id, slug, account), credentials).await?;
    transaction.commit().await?;
    Ok(ConnectionId(id))
}

/// The connection to an account of a system, where there is one: by its id, or by its name where
/// either has no id.
async fn of_account(
    db: &impl ConnectionTrait,
    admin: &Admin,
    slug: &str,
    account: &Account,
) -> Result<Option<connection::Model>> {
    let of_system = Condition::all()
        .add(connection::Column::OrganizationId.eq(admin.organization.0))
        .add(connection::Column::State.ne(ConnectionState::Consent.as_str()))
        .add(connection::Column::Slug.eq(slug));
    let mut by_name = of_system
        .clone()
        .add(connection::Column::Account.eq(as_kept(&account.name)));
    if let Some(id) = &account.id {
        let by_id = of_system.add(connection::Column::AccountId.eq(as_kept(id)));
        if let Some(known) = connection::Entity::find().filter(by_id).one(db).await? {
            return Ok(Some(known));
        }
        by_name = by_name.add(connection::Column::AccountId.is_null());
    }
    Ok(connection::Entity::find()
        .filter(by_name)
        .order_by_asc(connection::Column::Id)
        .one(db)
        .await?)
}

async fn insert(
    db: &impl ConnectionTrait,
    admin: &Admin,
    slug: &str,
    state: ConnectionState,
) -> Result<i64> {
    let row = connection::ActiveModel {
        organization_id: Set(admin.organization.0),
        user_id: Set(admin.user.0),
        slug: Set(slug.to_owned()),
        account: Set(String::new()),
        account_id: Set(None),
        state: Set(state.as_str().to_owned()),
        secrets: Set(String::new()),
        consent_hash: Set(None),
        consent_until: Set(None),
        reopens: Set(None),
        fault_kind: Set(None),
        fault_said: Set(None),
        created_at: Set(now()),
        next_run_at: Set(None),
        failures: Set(0),
        lease: Set(None),
        lease_until: Set(0),
        notice_word: Set(None),
        noticed_at: Set(None),
        ..Default::default()
    };
    Ok(connection::Entity::insert(row)
        .exec(db)
        .await?
        .last_insert_id)
}

/// Gives a connection good credentials, and lets it run at once. A run under way with the old ones
/// has no say any more.
async fn open(
    store: &Store,
    transaction: &DatabaseTransaction,
    admin: &Admin,
    (id, slug, account): (i64, &str, &Account),
    credentials: &[u8],
) -> Result<()> {
    let mut change = connection::Entity::update_many();
    if let Some(account) = &account.id {
        change = change.col_expr(connection::Column::AccountId, Expr::value(as_kept(account)));
    }
    change
        .col_expr(
            connection::Column::Secrets,
            Expr::value(store.seal(&purpose(id), credentials)?),
        )
        .col_expr(
            connection::Column::Account,
            Expr::value(as_kept(&account.name)),
        )
        .col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Active.as_str()),
        )
        .col_expr(connection::Column::ConsentHash, Expr::value(None::<String>))
        .col_expr(connection::Column::ConsentUntil, Expr::value(None::<i64>))
        .col_expr(connection::Column::Reopens, Expr::value(None::<i64>))
        .col_expr(connection::Column::FaultKind, Expr::value(None::<String>))
        .col_expr(connection::Column::FaultSaid, Expr::value(None::<String>))
        .col_expr(connection::Column::Failures, Expr::value(0))
        .col_expr(connection::Column::Lease, Expr::value(None::<String>))
        .col_expr(connection::Column::LeaseUntil, Expr::value(0_i64))
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    audit::record(
        transaction,
        admin,
        AuditAction::SystemConnected,
        &format!("{slug} ({})", account.name),
    )
    .await
}

/// Gives a connection new credentials that were found good; answers with false, and changes
/// nothing, when they are another account's.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn reconnect(
    store: &Store,
    admin: &Admin,
    id: ConnectionId,
    account: &Account,
    credentials: &[u8],
) -> Result<bool> {
    let row = own(store, admin, id).await?;
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    if of_account(&transaction, admin, &row.slug, account)
        .await?
        .is_none_or(|known| known.id != id.0)
    {
        return Ok(false);
    }
    open(
        store,
        &transaction,
        admin,
        (id.0, &row.slug, account),
        credentials,
    )
    .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Keeps what was typed while the admin agrees at the system; answers with what must come back. A
/// connection that is there already, and that the consent `reopens`, stays as it is until then.
///
/// # Errors
/// When the database fails.
pub async fn begin_consent(
    store: &Store,
    admin: &Admin,
    slug: &str,
    reopens: Option<ConnectionId>,
    credentials: &[u8],
) -> Result<String> {
    let (token, hash) = new_token();
    let transaction = store.begin().await?;
    // What nobody came back for goes; what a colleague is about to agree to stays.
    let own = Condition::all()
        .add(connection::Column::UserId.eq(admin.user.0))
        .add(connection::Column::Slug.eq(slug))
        .add(connection::Column::ConsentHash.is_not_null());
    connection::Entity::delete_many()
        .filter(connection::Column::OrganizationId.eq(admin.organization.0))
        .filter(connection::Column::State.eq(ConnectionState::Consent.as_str()))
        .filter(
            Condition::any()
                .add(own)
                .add(connection::Column::ConsentUntil.lt(now())),
        )
        .exec(&transaction)
        .await?;
    let id = insert(&transaction, admin, slug, ConnectionState::Consent).await?;
    connection::Entity::update_many()
        .col_expr(
            connection::Column::Secrets,
            Expr::value(store.seal(&purpose(id), credentials)?),
        )
        .col_expr(connection::Column::ConsentHash, Expr::value(hash))
        .col_expr(
            connection::Column::ConsentUntil,
            Expr::value(now() + CONSENT),
        )
        .col_expr(
            connection::Column::Reopens,
            Expr::value(reopens.map(|id| id.0)),
        )
        .filter(connection::Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// Connects what was agreed to and found good. An account that is connected already is opened anew
/// in its place. Answers with nothing, and connects nothing, when a connection was to be opened
/// anew and this is another account.
///
/// # Errors
/// [`ErrorCode::NotFound`] when `waiting` is not the organization's, or not there any more.
pub async fn settle(
    store: &Store,
    admin: &Admin,
    waiting: ConnectionId,
    account: &Account,
    credentials: &[u8],
) -> Result<Option<ConnectionId>> {
    let transaction = store.begin().await?;
    lock_organization(&transaction, admin.organization).await?;
    let row = own_in(&transaction, admin, waiting).await?;
    let known = of_account(&transaction, admin, &row.slug, account)
        .await?
        .map(|known| known.id);
    let reopens = match row.reopens {
        Some(id) => {
            let of_organization = connection::Column::OrganizationId.eq(admin.organization.0);
            connection::Entity::find_by_id(id)
                .filter(of_organization)
                .one(&transaction)
                .await?
                .map(|old| old.id)
        }
        None => None,
    };
    let settled = if reopens.is_some() && reopens != known {
        None
    } else {
        Some(known.unwrap_or(row.id))
    };
    if let Some(id) = settled {
        open(
            store,
            &transaction,
            admin,
            (id, &row.slug, account),
            credentials,
        )
        .await?;
    }
    if settled != Some(row.id) {
        connection::Entity::delete_by_id(row.id)
            .exec(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(settled.map(ConnectionId))
}

/// As much of an account's name or id as is kept.
fn as_kept(account: &str) -> String {
    account.chars().take(ACCOUNT).collect()
}

/// Whose consent came back with this token. It counts once, and for the Admin who asked.
///
/// # Errors
/// [`ErrorCode::BadLink`].
pub async fn consented(store: &Store, admin: &Admin, token: &str) -> Result<Consented> {
    let waiting = connection::Entity::find()
        .filter(connection::Column::OrganizationId.eq(admin.organization.0))
        .filter(connection::Column::UserId.eq(admin.user.0))
        .filter(connection::Column::ConsentHash.eq(token_hash(token)))
        .filter(connection::Column::ConsentUntil.gt(now()));
    let row = waiting
        .one(store.write())
        .await?
        .ok_or(ErrorCode::BadLink)?;
    let spent = connection::Entity::update_many()
        .col_expr(connection::Column::ConsentHash, Expr::value(None::<String>))
        // While it is exchanged nobody clears it away.
        .col_expr(
            connection::Column::ConsentUntil,
            Expr::value(now() + CONSENT),
        )
        .filter(connection::Column::Id.eq(row.id))
        .filter(connection::Column::ConsentHash.eq(token_hash(token)))
        .exec(store.write())
        .await?;
    if spent.rows_affected == 0 {
        return Err(ErrorCode::BadLink.into());
    }
    let credentials = store.unseal(&purpose(row.id), &row.secrets)?;
    Ok(Consented {
        connection: ConnectionId(row.id),
        slug: row.slug,
        credentials,
    })
}

pub(super) async fn own(
    store: &Store,
    admin: &Admin,
    id: ConnectionId,
) -> Result<connection::Model> {
    own_in(store.write(), admin, id).await
}

async fn own_in(
    db: &impl ConnectionTrait,
    admin: &Admin,
    id: ConnectionId,
) -> Result<connection::Model> {
    let of_organization = connection::Column::OrganizationId.eq(admin.organization.0);
    let row = connection::Entity::find_by_id(id.0)
        .filter(of_organization)
        .one(db)
        .await?;
    row.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The connections of the organization, in the order in which they were made. Remedies are the
/// catalogue's to add.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, admin: &Admin) -> Result<Vec<Connection>> {
    // One that was begun and not agreed to yet is none.
    let rows = connection::Entity::find()
        .filter(connection::Column::OrganizationId.eq(admin.organization.0))
        .filter(connection::Column::State.ne(ConnectionState::Consent.as_str()))
        .order_by_asc(connection::Column::Id)
        .all(store.read())
        .await?;
    let mut connections = Vec::with_capacity(rows.len());
    for row in rows {
        connections.push(read(store, row).await?);
    }
    Ok(connections)
}

/// One connection.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn get(store: &Store, admin: &Admin, id: ConnectionId) -> Result<Connection> {
    read(store, own(store, admin, id).await?).await
}

async fn read(store: &Store, row: connection::Model) -> Result<Connection> {
    let db = store.read();
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let last = sync_run::Entity::find()
        .filter(sync_run::Column::ConnectionId.eq(row.id))
        .filter(sync_run::Column::EndedAt.is_not_null())
        .order_by_desc(sync_run::Column::Id)
        .one(db)
        .await?;
    let counts = gone::counts(db, row.id).await?;
    let [contacts, transactions, products] =
        counts.map(|(all, gone)| count(all.saturating_sub(gone)));
    let holds = StreamCounts {
        contacts,
        transactions,
        products,
        set_aside: count(
            sync_problem::Entity::find()
                .filter(sync_problem::Column::ConnectionId.eq(row.id))
                .count(db)
                .await?,
        ),
    };
    Ok(Connection {
        id: ConnectionId(row.id),
        state: ConnectionState::parse(&row.state)
            .ok_or_else(|| StoreError::Broken(format!("connection state {}", row.state)))?,
        running: row.lease_until > now(),
        last_run: last.and_then(|run| run.ended_at),
        next_run: row.next_run_at,
        fault: fault(row.fault_kind.as_deref(), row.fault_said)?,
        system: row.slug.clone(),
        slug: row.slug,
        account: row.account,
        holds,
        gone: count(counts.iter().map(|(_, gone)| gone).sum()),
        // The catalogue's to say.
        notices: false,
    })
}

/// Stops a connection's runs, the one under way too; what it has read stays, and the next one goes
/// on from there.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn pause(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    let row = own(store, admin, id).await?;
    let transaction = store.begin().await?;
    halt(&transaction, id, ConnectionState::Paused).await?;
    audit::record(&transaction, admin, AuditAction::SystemPaused, &row.account).await?;
    transaction.commit().await?;
    Ok(())
}

/// Lets a paused connection run again, at once.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn resume(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    let row = own(store, admin, id).await?;
    let transaction = store.begin().await?;
    connection::Entity::update_many()
        .col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Active.as_str()),
        )
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::State.eq(ConnectionState::Paused.as_str()))
        .exec(&transaction)
        .await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::SystemResumed,
        &row.account,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Lets a connection run now; one that failed tries again.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn sync_now(store: &Store, admin: &Admin, id: ConnectionId) -> Result<()> {
    own(store, admin, id).await?;
    connection::Entity::update_many()
        .col_expr(
            connection::Column::State,
            Expr::value(ConnectionState::Active.as_str()),
        )
        .col_expr(connection::Column::NextRunAt, Expr::value(now()))
        // One that is under way is followed by another.
        .col_expr(connection::Column::NoticedAt, Expr::value(now()))
        .filter(connection::Column::Id.eq(id.0))
        .filter(connection::Column::State.is_in([
            ConnectionState::Active.as_str(),
            ConnectionState::Failed.as_str(),
        ]))
        .exec(store.write())
        .await?;
    Ok(())
}

/// Ends a connection. Its credentials, transactions and products go; its contacts stay, or its
/// imports are taken back as far as they can be.
///
/// # Errors
/// [`ErrorCode::NotFound`] when it is not the organization's.
pub async fn disconnect(
    store: &Store,
    admin: &Admin,
    id: ConnectionId,
    remove_contacts: bool,
) -> Result<()> {
    let row = own(store, admin, id).await?;
    halt(store.write(), id, ConnectionState::Paused).await?;
    let of_connection = import::Column::ConnectionId.eq(id.0);
    // The newest first: each gives back what the one before had made.
    let rows = import::Entity::find()
        .filter(of_connection.clone())
        .order_by_desc(import::Column::Id)
        .all(store.read())
        .await?;
    for import in rows {
        finish_or_remove(store.write(), import.id).await?;
        if remove_contacts {
            match imports::undo(store, admin, ImportId(import.id)).await {
                // Beyond its time it stays.
                Ok(_) => {}
                Err(error) if error.code() == ErrorCode::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    let transaction = store.begin().await?;
    import::Entity::update_many()
        .col_expr(import::Column::ConnectionId, Expr::value(None::<i64>))
        .filter(of_connection)
        .exec(&transaction)
        .await?;
    connection::Entity::delete_many()
        .filter(connection::Column::Id.eq(id.0))
        .exec(&transaction)
        .await?;
    audit::record(
        &transaction,
        admin,
        AuditAction::SystemDisconnected,
        &format!("{} ({})", row.slug, row.account),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
