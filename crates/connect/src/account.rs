//! Reads the name and the id of an account, and its lookup tables: the account's own words, such as
//! the names of its order statuses.

use std::collections::BTreeMap;
use std::sync::Arc;

use alta_domain::{Account, FaultKind};
use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::expression::Expr;
use crate::fault::Fault;
use crate::rows::rows;
use crate::session::{LookupTables, Session};

impl Session {
    /// Asks the system whether the credentials are good, and returns the account that they open.
    ///
    /// # Errors
    /// The fault of the credentials or of the system.
    pub async fn check(&mut self) -> Result<Account, Fault> {
        let manifest = Arc::clone(&self.manifest);
        let answer = self
            .ask(&manifest.check.request, &Value::UNDEFINED, None)
            .await?;
        let answer = answer
            .ok_or_else(|| Fault::new(FaultKind::WrongAccount, "the account has nothing there"))?;
        let variables = context! { ..self.variables(), ..answer };
        let filled = |field: &Option<Expr>| {
            field
                .as_ref()
                .map(|field| field.text(&variables))
                .filter(|text| !text.is_empty())
        };
        let name = filled(&manifest.check.account).unwrap_or_else(|| manifest.name.clone());
        Ok(Account {
            id: filled(&manifest.check.id),
            name,
        })
    }

    /// Returns the variable `lookup` of expressions: the tables of the account's own words. A
    /// session reads these tables once.
    pub(crate) async fn lookups(&mut self) -> Result<Value, Fault> {
        let manifest = Arc::clone(&self.manifest);
        if self.lookups.is_none() {
            let mut tables = LookupTables::new();
            for lookup in &manifest.lookups {
                let earlier = context! { lookup => Serde(&tables) };
                let mut table = BTreeMap::new();
                if let Some(answer) = self.ask(&lookup.request, &earlier, None).await? {
                    for row in rows(&lookup.records, &answer)? {
                        table.insert(lookup.key.text(&row), lookup.value.eval(&row));
                    }
                }
                tables.insert(lookup.name.clone(), table);
            }
            self.lookups = Some(tables);
        }
        Ok(Value::from(Serde(&self.lookups)))
    }
}
