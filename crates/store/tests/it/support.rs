//! Users that act.

use alta_domain::{
    Batch, BuiltInField, ColumnPlan, Country, DateOrder, ExistingPolicy, FieldTarget, FileShape,
    ImportId, ImportLedger, ImportPlan, Language, ListTarget, Mapping, NewOrganization, RowInput,
};
use alta_store::Store;
use alta_store::access::{Access, Admin};
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
    pub(crate) async fn access(&self) -> Access {
        sessions::access(&self.store, &self.token)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn admin(&self) -> Admin {
        self.access().await.admin().unwrap()
    }

    /// Begins an import of columns phone, e-mail, name and birth date.
    pub(crate) async fn begins(&self, policy: ExistingPolicy, list: ListTarget) -> ImportId {
        let facts = FileFacts {
            name: "clientes.csv".into(),
            bytes: 1,
            fingerprint: 7,
            records: 0,
        };
        imports::begin(
            &self.store,
            &self.admin().await,
            &plan(policy, list),
            &facts,
        )
        .await
        .unwrap()
        .import
    }

    pub(crate) async fn sends(
        &self,
        import: ImportId,
        sequence: u32,
        rows: &[RowInput],
    ) -> ImportLedger {
        let admin = self.admin().await;
        let behind = imports::one(&self.store, &admin, import)
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
                dropped: 0,
                behind,
            },
        )
        .await
        .unwrap()
    }

    /// A whole import of one batch.
    pub(crate) async fn imports(&self, policy: ExistingPolicy, rows: &[RowInput]) -> ImportLedger {
        let id = self
            .begins(policy, ListTarget::New("Clientes".into()))
            .await;
        self.sends(id, 0, rows).await;
        let ledger = imports::finish(&self.store, &self.admin().await, id)
            .await
            .unwrap()
            .ledger;
        assert!(ledger.adds_up(), "{ledger:?}");
        ledger
    }

    /// The value of a field of the contact that has this identity.
    pub(crate) async fn value(&self, identity: &str, field: &str) -> Option<String> {
        let row = alta_store::contacts::find(&self.store, &self.access().await, identity)
            .await
            .unwrap()?;
        row.into_iter()
            .find(|(word, _)| word == field)
            .map(|(_, value)| value)
    }
}

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

pub(crate) fn row(record: u32, cells: [&str; 4]) -> RowInput {
    RowInput {
        record,
        line: record + 1,
        cells: cells.map(str::to_owned).to_vec(),
        rejected: None,
        same_as: None,
        corrects: None,
    }
}

pub(crate) fn again(record: u32, first: u32, cells: [&str; 4]) -> RowInput {
    RowInput {
        same_as: Some(first),
        ..row(record, cells)
    }
}
