//! Plans a run for connections that an earlier release has ended after a fault. Since this release
//! only a lasting refusal of its credentials ends a connection.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_tried_again"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let planned = Query::update()
            .table("connection")
            .value("next_run_at", 0_i64)
            .and_where(Expr::col("state").eq("failed"))
            .and_where(Expr::col("next_run_at").is_null())
            .to_owned();
        manager.execute(planned).await
    }
}
