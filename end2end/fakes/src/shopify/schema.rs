//! The schema, read from the file `schema.graphql` and made able to answer: a field returns the
//! value that a record has under its name.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use async_graphql::dynamic::{
    Enum, Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, Scalar, Schema,
    TypeRef,
};
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Error, Value as Answer};
use serde_json::{Value, json};

use super::{lists, records};
use crate::system::{Shared, System};

/// The kind of value that a field returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Leaf,
    Object,
    Connection,
}

/// The type of a field without its wrappers.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) base: String,
    pub(super) kind: Kind,
    list: bool,
}

/// The fields of all types.
pub(super) struct Types(HashMap<String, HashMap<String, Given>>);

impl Types {
    fn new(definitions: &[TypeDefinition]) -> Self {
        let objects = definitions
            .iter()
            .filter_map(|definition| match &definition.kind {
                TypeKind::Object(object) => Some((definition.name.node.to_string(), object)),
                _ => None,
            });
        let objects: HashMap<String, _> = objects.collect();
        let given = |ty: &Type| {
            let (base, list) = base(ty);
            let kind = match objects.contains_key(base) {
                false => Kind::Leaf,
                true if base.ends_with("Connection") => Kind::Connection,
                true => Kind::Object,
            };
            Given {
                base: base.to_owned(),
                kind,
                list,
            }
        };
        let all = objects.iter().map(|(name, object)| {
            (
                name.clone(),
                object
                    .fields
                    .iter()
                    .map(|field| (field.node.name.node.to_string(), given(&field.node.ty.node)))
                    .collect(),
            )
        });
        Self(all.collect())
    }

    pub(super) fn given(&self, owner: &str, field: &str) -> Option<&Given> {
        self.0.get(owner)?.get(field)
    }
}

fn base(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(inner) => (base(inner).0, true),
    }
}

/// The schema, and the fields of its types.
pub(super) struct Admin {
    pub(super) schema: Schema,
    pub(super) types: Types,
}

/// The schema, made once for all fakes. Each request brings its system along.
pub(super) static ADMIN: LazyLock<Result<Admin, String>> = LazyLock::new(build);

/// The warnings about searches, which Shopify sends beside the answer.
#[derive(Clone, Default)]
pub(super) struct Warnings(pub(super) Arc<Mutex<Vec<Value>>>);

fn build() -> Result<Admin, String> {
    let document =
        parse_schema(include_str!("schema.graphql")).map_err(|error| error.to_string())?;
    let definitions = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
    let definitions: Vec<TypeDefinition> = definitions.collect();
    let types = Types::new(&definitions);
    let mut schema = Schema::build("QueryRoot", None, None);
    for definition in &definitions {
        let name = definition.name.node.as_str();
        schema = match &definition.kind {
            TypeKind::Scalar => schema.register(Scalar::new(name)),
            TypeKind::Enum(values) => {
                schema.register(values.values.iter().fold(Enum::new(name), |all, value| {
                    all.item(value.node.value.node.as_str())
                }))
            }
            TypeKind::Object(object) => {
                let with = |all: Object, definition: &FieldDefinition| match types
                    .given(name, &definition.name.node)
                {
                    Some(given) => all.field(field(definition, given.clone())),
                    None => all,
                };
                schema.register(
                    object
                        .fields
                        .iter()
                        .fold(Object::new(name), |all, definition| {
                            with(all, &definition.node)
                        }),
                )
            }
            _ => schema,
        };
    }
    Ok(Admin {
        schema: schema.finish().map_err(|error| error.to_string())?,
        types,
    })
}

fn type_ref(ty: &Type) -> TypeRef {
    let base = match &ty.base {
        BaseType::Named(name) => TypeRef::named(name.as_str()),
        BaseType::List(inner) => TypeRef::List(Box::new(type_ref(inner))),
    };
    if ty.nullable {
        base
    } else {
        TypeRef::NonNull(Box::new(base))
    }
}

fn field(definition: &FieldDefinition, given: Given) -> Field {
    let name = definition.name.node.to_string();
    let mut field = Field::new(
        name.clone(),
        type_ref(&definition.ty.node),
        move |context| {
            let found = resolve(&context, &name, &given);
            FieldFuture::new(async move { found })
        },
    );
    for argument in &definition.arguments {
        let mut input = InputValue::new(
            argument.node.name.node.as_str(),
            type_ref(&argument.node.ty.node),
        );
        if let Some(default) = &argument.node.default_value {
            input = input.default_value(default.node.clone());
        }
        field = field.argument(input);
    }
    field
}

fn resolve(
    context: &ResolverContext<'_>,
    name: &str,
    given: &Given,
) -> Result<Option<FieldValue<'static>>, Error> {
    let system = context.data::<Shared>()?;
    let found = match context.parent_value.downcast_ref::<Value>() {
        None => {
            system.called(name);
            root(context, system, name)?
        }
        Some(parent) => of_record(context, system, parent, name, given)?,
    };
    Ok(match found {
        Value::Null => None,
        Value::Array(items) if given.list => Some(FieldValue::list(
            items.into_iter().map(|item| one(system, item, given)),
        )),
        found => Some(one(system, found, given)),
    })
}

/// Returns a leaf as it is. For any other field, returns the record with the found id, or the found
/// object itself.
fn one(system: &System, found: Value, given: &Given) -> FieldValue<'static> {
    match (given.kind, found) {
        (Kind::Leaf, found) => FieldValue::value(Answer::from_json(found).unwrap_or_default()),
        (_, Value::String(gid)) => {
            load(system, &given.base, &gid).map_or(FieldValue::NULL, FieldValue::owned_any)
        }
        (_, found) => FieldValue::owned_any(found),
    }
}

fn load(system: &System, kind: &str, gid: &str) -> Option<Value> {
    let id = records::number_of(gid, kind)?;
    let state = system.state();
    let world = &state.world;
    match kind {
        "Customer" => world.person(id).map(records::customer),
        "Order" => world.sale(id).map(|sale| records::order(world, sale)),
        "Product" => world.product(id).map(records::product),
        "ProductVariant" => world
            .product(records::product_of(id)?)
            .map(records::variant),
        _ => None,
    }
}

fn root(context: &ResolverContext<'_>, system: &Shared, name: &str) -> Result<Value, Error> {
    Ok(match name {
        "shop" => records::shop(),
        "currentAppInstallation" => {
            records::installation(system.state().faults.withheld.as_deref())
        }
        "customersCount" | "ordersCount" | "productsCount" => lists::count(context, system, name)?,
        "customers" | "orders" | "products" | "productVariants" => {
            lists::list(context, system, name, None)?
        }
        _ => {
            let kind = match name {
                "customer" => "Customer",
                "order" => "Order",
                "product" => "Product",
                _ => "ProductVariant",
            };
            let gid = context.args.try_get("id")?.string()?;
            load(system, kind, gid).unwrap_or_default()
        }
    })
}

/// Returns the value of a record's field. The orders of a customer are looked up only when they are
/// asked for.
fn of_record(
    context: &ResolverContext<'_>,
    system: &Shared,
    parent: &Value,
    name: &str,
    given: &Given,
) -> Result<Value, Error> {
    if let Some(found) = parent.get(name) {
        return if given.kind == Kind::Connection {
            lists::window(context, lists::lines(found))
        } else {
            Ok(found.clone())
        };
    }
    let customer = parent["id"]
        .as_str()
        .and_then(|gid| records::number_of(gid, "Customer"));
    let Some(customer) = customer else {
        return Ok(Value::Null);
    };
    if name == "orders" {
        return lists::list(context, system, name, Some(customer));
    }
    let state = system.state();
    let sales: Vec<_> = state
        .world
        .sales
        .iter()
        .filter(|sale| sale.contact == Some(customer))
        .collect();
    Ok(match name {
        "numberOfOrders" => json!(sales.len().to_string()),
        "amountSpent" => records::money(
            sales
                .iter()
                .filter(|sale| !sale.status.is_final())
                .map(|sale| sale.total())
                .sum(),
        ),
        "lastOrder" => json!(sales.last().map(|sale| records::gid("Order", sale.id))),
        _ => Value::Null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_a_schema() {
        let admin = ADMIN.as_ref().unwrap();
        assert!(admin.schema.sdl().contains("type LineItemConnection"));
        assert!(
            admin
                .types
                .given("Order", "lineItems")
                .is_some_and(|given| given.kind == Kind::Connection)
        );
    }
}
