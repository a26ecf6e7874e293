//! Computes the cost of a query, in points. An object costs one point, a leaf none. A connection
//! costs two, and grows with the logarithm of its size. With these rules the costs come out as
//! Shopify is known to have charged them.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Value as Argument};
use serde_json::{Map, Value};

use super::schema::{Given, Kind, Types};

/// The numbers of rows from which on a connection counts once more.
const STEPS: [u64; 11] = [2, 3, 5, 8, 13, 21, 34, 55, 91, 149, 245];

/// Returns true for objects that cost nothing by themselves.
fn is_free(kind: &str) -> bool {
    matches!(kind, "PageInfo" | "MoneyBag" | "MoneyV2") || kind.ends_with("Edge")
}

/// The depth at which the count ends, for fragments that contain themselves. The execution refuses
/// them.
const DEEPEST: u32 = 30;

/// A query of which the cost is computed.
pub(super) struct Query<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: Option<&'a str>,
    pub(super) variables: &'a Map<String, Value>,
    pub(super) types: &'a Types,
}

impl Query<'_> {
    /// Returns the most that the answer may cost.
    pub(super) fn requested(&self) -> u64 {
        self.whole(None)
    }

    /// Returns the cost of the answer.
    pub(super) fn actual(&self, data: &Value) -> u64 {
        self.whole(Some(data))
    }

    fn whole(&self, data: Option<&Value>) -> u64 {
        self.definition().map_or(0, |definition| {
            self.selection(&definition.selection_set.node, "QueryRoot", data, 0)
        })
    }

    fn definition(&self) -> Option<&OperationDefinition> {
        match &self.document.operations {
            DocumentOperations::Single(definition) => Some(&definition.node),
            DocumentOperations::Multiple(all) => {
                let named = all.iter().find(|(name, _)| {
                    self.operation
                        .is_none_or(|operation| operation == name.as_str())
                });
                named.map(|(_, definition)| &definition.node)
            }
        }
    }

    fn selection(&self, set: &SelectionSet, owner: &str, data: Option<&Value>, depth: u32) -> u64 {
        if depth > DEEPEST {
            return 0;
        }
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => self.field(&field.node, owner, data, depth + 1),
            Selection::InlineFragment(fragment) => {
                let on = fragment
                    .node
                    .type_condition
                    .as_ref()
                    .map_or(owner, |condition| condition.node.on.node.as_str());
                self.selection(&fragment.node.selection_set.node, on, data, depth + 1)
            }
            Selection::FragmentSpread(spread) => self
                .document
                .fragments
                .get(&spread.node.fragment_name.node)
                .map_or(0, |fragment| {
                    self.selection(
                        &fragment.node.selection_set.node,
                        &fragment.node.type_condition.node.on.node,
                        data,
                        depth + 1,
                    )
                }),
        });
        costs.fold(0, u64::saturating_add)
    }

    fn field(&self, field: &Field, owner: &str, data: Option<&Value>, depth: u32) -> u64 {
        let Some(given) = self.types.given(owner, &field.name.node) else {
            return 0;
        };
        let below = data.map(|data| &data[field.response_key().node.as_str()]);
        if given.kind == Kind::Leaf {
            return 0;
        }
        let inside = |data: Option<&Value>| {
            self.selection(&field.selection_set.node, &given.base, data, depth)
        };
        let inside = match below {
            Some(Value::Null) => 0,
            Some(Value::Array(rows)) => rows.iter().map(|row| inside(Some(row))).max().unwrap_or(0),
            below => inside(below),
        };
        match given.kind {
            Kind::Connection => {
                2_u64.saturating_add(scaled(self.size(field, given, below)).saturating_mul(inside))
            }
            _ => inside.saturating_add(u64::from(!is_free(&given.base))),
        }
    }

    /// Returns the variable that was sent under this name, or its default in the query.
    fn variable(&self, name: &Name) -> Result<Argument, ()> {
        if let Some(sent) = self.variables.get(name.as_str()) {
            return Argument::from_json(sent.clone()).map_err(|_| ());
        }
        let definitions = self
            .definition()
            .map(|definition| definition.variable_definitions.as_slice())
            .unwrap_or_default();
        let definition = definitions
            .iter()
            .find(|definition| definition.node.name.node == *name)
            .ok_or(())?;
        definition.node.default_value().cloned().ok_or(())
    }

    /// Returns the number of rows that came, or, before there is an answer, of those asked for.
    fn size(&self, field: &Field, given: &Given, below: Option<&Value>) -> u64 {
        if let Some(Value::Object(below)) = below {
            let rows = below
                .values()
                .filter_map(Value::as_array)
                .map(Vec::len)
                .max()
                .unwrap_or(0);
            return u64::try_from(rows).unwrap_or(u64::MAX);
        }
        debug_assert!(given.kind == Kind::Connection);
        let given = ["first", "last"]
            .into_iter()
            .filter_map(|name| field.get_argument(name));
        let asked = given.filter_map(|value| {
            match value
                .node
                .clone()
                .into_const_with(|name| self.variable(&name))
            {
                Ok(Argument::Number(number)) => number.as_u64(),
                _ => None,
            }
        });
        asked.max().unwrap_or(0)
    }
}

fn scaled(rows: u64) -> u64 {
    let steps = STEPS.iter().filter(|step| **step <= rows).count();
    u64::try_from(steps).unwrap_or(0).max(rows.min(1))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::super::schema::ADMIN;
    use super::*;

    fn requested(query: &str, variables: &Value) -> u64 {
        let (document, admin) = (parse_query(query).unwrap(), ADMIN.as_ref().unwrap());
        let variables = variables.as_object().unwrap();
        Query {
            document: &document,
            operation: None,
            variables,
            types: &admin.types,
        }
        .requested()
    }

    #[test]
    fn costs_are_those_that_shopify_is_known_to_charge() {
        let none = json!({});
        assert_eq!(
            requested(
                "{ customers(first: 100) { pageInfo { endCursor } nodes { legacyResourceId } } }",
                &none
            ),
            11
        );
        assert_eq!(
            requested(
                "{ products(first: 200) { pageInfo { hasNextPage } \
                 edges { cursor node { id } } } }",
                &none
            ),
            12
        );
        let variants = "query($id: ID!) { product(id: $id) { \
            variants(first: 250) { nodes { inventoryItem { id tracked } } } } }";
        assert_eq!(
            requested(variants, &json!({"id": "gid://shopify/Product/1"})),
            25
        );
        assert_eq!(
            requested(
                "query($n: Int!) { orders(first: $n) { nodes { ...o } } } fragment o on Order \
                 { id customer { id } }",
                &json!({"n": 10})
            ),
            10
        );
        assert_eq!(requested("{ shop { name } }", &none), 1);
    }

    #[test]
    fn what_came_costs_by_what_came() {
        let document =
            parse_query("{ orders(first: 250) { nodes { id customer { id } } } }").unwrap();
        let admin = ADMIN.as_ref().unwrap();
        let query = Query {
            document: &document,
            operation: None,
            variables: &Map::new(),
            types: &admin.types,
        };
        assert_eq!(query.requested(), 24);
        assert_eq!(
            query.actual(&json!({"orders": {"nodes": [{"id": "1", "customer": null},
                                {"id": "2", "customer": {"id": "3"}}]}})),
            4
        );
        assert_eq!(query.actual(&json!({"orders": {"nodes": []}})), 2);
    }
}
