//! Helpers for tests: a user who begins imports, sends batches and undoes imports.

use alta_domain::{
    Batch, Begun, BuiltInField, ColumnPlan, Country, DateOrder, ErrorCode, ExistingPolicy,
    FieldException, FieldTarget, FileShape, ImportId, ImportLedger, ImportPlan, ImportState,
    ImportSummary, Language, ListTarget, Mapping, NewOrganization, RowInput,
};
use alta_store::Store;
use alta_store::access::{Account, Admin, Member};
use alta_store::account::{sessions, setup};
use alta_store::imports::{self, FileFacts};
use alta_store::testing::TestDatabase;

/// An Admin of an organization of their own, with the token of their session.
pub(crate) struct Person {
    pub(crate) store: Store,
    pub(crate) token: String,
}

/// Sets up the organization 'Acme' with Ana as its Admin.
pub(crate) async fn ana(database: &TestDatabase) -> Person {
    let link = setup::renew_link(&database.store).await.unwrap().unwrap();
    let new = NewOrganization {
        organization: "Acme".into(),
        country: Country::BRAZIL,
        language: Language::Portuguese,
        name: "Ana Silva".into(),
        email: "ana@example.com".into(),
        password: "correct horse".into(),
    };
    let token = setup::set_up(&database.store, &link, new).await.unwrap();
    Person {
        store: database.store.clone(),
        token,
    }
}

impl Person {
    pub(crate) async fn account(&self) -> Account {
        sessions::account(&self.store, &self.token)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn member(&self) -> Member {
        self.account().await.member().unwrap()
    }

    pub(crate) async fn admin(&self) -> Admin {
        self.account().await.admin().unwrap()
    }

    /// Begins an import with the columns phone, e-mail, name and birth date.
    pub(crate) async fn begins(&self, policy: ExistingPolicy, list: ListTarget) -> ImportId {
        self.begins_plan(&plan(policy, list), &facts("clientes.csv", 7))
            .await
            .unwrap()
            .import
    }

    /// Begins an import under this plan.
    pub(crate) async fn begins_plan(
        &self,
        plan: &ImportPlan,
        file: &FileFacts,
    ) -> Result<Begun, ErrorCode> {
        imports::begin(&self.store, &self.admin().await, plan, file)
            .await
            .map_err(|error| error.code())
    }

    /// Sends a batch of an import, and returns the ledger of the whole import.
    pub(crate) async fn sends(
        &self,
        import: ImportId,
        sequence: u32,
        rows: &[RowInput],
    ) -> ImportLedger {
        let admin = self.admin().await;
        let records_before = imports::one(&self.store, &admin, import)
            .await
            .unwrap()
            .ledger
            .records;
        imports::receive(
            &self.store,
            &admin,
            import,
            sequence,
            Batch {
                rows: rows.to_vec(),
                dropped: Vec::new(),
                records_before,
            },
        )
        .await
        .unwrap()
    }

    /// Ends an import.
    pub(crate) async fn finishes(&self, import: ImportId) -> ImportSummary {
        imports::finish(&self.store, &self.admin().await, import)
            .await
            .unwrap()
    }

    /// Undoes an import.
    pub(crate) async fn undoes(&self, import: ImportId) -> Result<ImportSummary, ErrorCode> {
        imports::undo(&self.store, &self.admin().await, import)
            .await
            .map_err(|error| error.code())
    }

    /// Makes a whole import of one batch into the list 'Clientes'.
    pub(crate) async fn imports(&self, policy: ExistingPolicy, rows: &[RowInput]) -> ImportLedger {
        let id = self
            .begins(policy, ListTarget::New("Clientes".into()))
            .await;
        self.sends(id, 0, rows).await;
        let ledger = self.finishes(id).await.ledger;
        assert!(ledger.adds_up(), "{ledger:?}");
        ledger
    }

    /// Makes a whole import of one batch under this plan.
    pub(crate) async fn imports_plan(&self, plan: &ImportPlan, rows: &[RowInput]) -> ImportId {
        let begun = self.begins_plan(plan, &facts("clientes.csv", 7)).await;
        let id = begun.unwrap().import;
        self.sends(id, 0, rows).await;
        assert_eq!(self.finishes(id).await.state, ImportState::Finished);
        id
    }

    /// Reads the value of a field of the contact that has this identity; an empty text when the
    /// contact has no such value.
    pub(crate) async fn text(&self, identity: &str, field: &str) -> String {
        self.value(identity, field).await.unwrap_or_default()
    }

    /// Reads the value of a field of the contact that has this identity.
    pub(crate) async fn value(&self, identity: &str, field: &str) -> Option<String> {
        let row = alta_store::contacts::find(&self.store, &self.member().await, identity)
            .await
            .unwrap()?;
        row.into_iter()
            .find(|(word, _)| word == field)
            .map(|(_, value)| value)
    }
}

/// Returns the facts of a file with this name and fingerprint.
pub(crate) fn facts(name: &str, fingerprint: u64) -> FileFacts {
    FileFacts {
        name: name.into(),
        bytes: 1,
        fingerprint,
        records: 0,
    }
}

/// Returns a ledger in which no record is left out.
pub(crate) fn ledger(
    records: u32,
    new: u32,
    updated: u32,
    unchanged: u32,
    merged: u32,
    rejected: u32,
) -> ImportLedger {
    ImportLedger {
        records,
        new,
        updated,
        unchanged,
        merged,
        rejected,
        dropped: 0,
    }
}

/// Returns a plan for the columns phone, e-mail, name and birth date.
pub(crate) fn plan(policy: ExistingPolicy, list: ListTarget) -> ImportPlan {
    let fields = [
        BuiltInField::Phone,
        BuiltInField::Email,
        BuiltInField::Name,
        BuiltInField::BirthDate,
    ];
    let column = |(field, index): (BuiltInField, u32)| ColumnPlan {
        index,
        header: field.as_str().into(),
        target: Some(FieldTarget::BuiltIn(field)),
        date_order: Some(DateOrder::Dmy),
    };
    let columns = fields.into_iter().zip(0..).map(column).collect();
    let mapping = Mapping {
        shape: FileShape::default(),
        country: Country::BRAZIL,
        year: 2026,
        columns,
        fixes: Vec::new(),
        correction: None,
    };
    ImportPlan::new(mapping, list, policy)
}

/// Returns the plan with another target for one of its columns.
pub(crate) fn with_target(mut plan: ImportPlan, column: usize, target: FieldTarget) -> ImportPlan {
    plan.mapping.columns[column].target = Some(target);
    plan
}

/// Returns a plan for the columns phone, e-mail, name and tags.
pub(crate) fn tags_plan(policy: ExistingPolicy, exceptions: Vec<FieldException>) -> ImportPlan {
    let tags = FieldTarget::BuiltIn(BuiltInField::Tags);
    ImportPlan {
        exceptions,
        ..with_target(plan(policy, ListTarget::None), 3, tags)
    }
}

/// Returns a record of the file.
pub(crate) fn row(record: u32, cells: [&str; 4]) -> RowInput {
    RowInput {
        record,
        line: record + 1,
        cells: cells.map(str::to_owned).to_vec(),
        rejected: None,
        left_out: Vec::new(),
        same_as: None,
        identity: None,
        corrects: None,
    }
}

/// Returns a record that is the same person as another record of the file.
pub(crate) fn again(record: u32, first: u32, cells: [&str; 4]) -> RowInput {
    RowInput {
        same_as: Some(first),
        ..row(record, cells)
    }
}
