//! Finds a connection of the caller's organization.

use alta_domain::{ConnectionId, ErrorCode};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use crate::access::{Admin, Own};
use crate::entity::connection;
use crate::error::Result;

/// Finds a connection of the Admin's organization by its id.
///
/// # Errors
/// [`ErrorCode::NotFound`] when the organization has no such connection.
pub(super) async fn own_connection(
    db: &impl ConnectionTrait,
    admin: &Admin,
    id: ConnectionId,
) -> Result<connection::Model> {
    admin
        .own::<connection::Entity>()
        .filter(connection::Column::Id.eq(id.0))
        .one(db)
        .await?
        .ok_or_else(|| ErrorCode::NotFound.into())
}
