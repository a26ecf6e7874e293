//! The plan of an example's import: the plan that `alta plan` suggests, with the example's columns
//! and choices.

use serde_json::{Value, json};

use super::example::Choice;

/// The field of every header in the examples, except the header of permissions.
const FIELDS: [(&str, &str); 9] = [
    ("Celular", "phone"),
    ("Celular 2", "phone"),
    ("E-mail", "email"),
    ("E-mail 2", "email"),
    ("Fixo", "landline"),
    ("Nome", "name"),
    ("CPF", "tax_id"),
    ("Cidade", "city"),
    ("Tags", "tags"),
];

/// The header of the column of permissions.
const PERMISSION: &str = "WhatsApp";

/// Changes a suggested plan into the plan of an example.
pub(super) fn decide(mut plan: Value, choices: &[Choice]) -> Result<Value, String> {
    let columns = plan["mapping"].as_array_mut();
    let columns = columns.ok_or("the plan has no `mapping`")?;
    let mut permits = false;
    for column in columns {
        permits |= column["header"] == PERMISSION;
        map(column)?;
    }
    plan["repeated"] = json!("merge");
    plan["policy"] = json!("update");
    for name in ["exceptions", "remedies", "lists", "permissions"] {
        if plan.get(name).is_none() {
            return Err(format!("the plan has no `{name}`"));
        }
    }
    for choice in choices {
        permits |= matches!(choice, Choice::Permission(_));
        choose(&mut plan, choice)?;
    }
    if permits {
        plan["permissions"]["basis"] = json!("consent");
        plan["permissions"]["source"] = json!("test");
    }
    Ok(plan)
}

/// Maps a column as its header says.
fn map(column: &mut Value) -> Result<(), String> {
    let header = column["header"].as_str().unwrap_or_default().to_owned();
    let field = FIELDS.iter().find(|(name, _)| *name == header);
    column["custom"] = Value::Null;
    (column["field"], column["permission"]) = match field {
        Some((_, field)) => (json!(field), Value::Null),
        None if header == PERMISSION => {
            let permission = json!({ "channel": "whatsapp", "sense": "in" });
            (Value::Null, permission)
        }
        None => return Err(format!("no field is known for the column '{header}'")),
    };
    Ok(())
}

/// Puts a choice into a plan.
fn choose(plan: &mut Value, choice: &Choice) -> Result<(), String> {
    match choice {
        Choice::Policy(policy) => plan["policy"] = json!(policy),
        Choice::ByField { field, policy } => plan["exceptions"][field] = json!(policy),
        Choice::Repeated(kept) => plan["repeated"] = json!(kept),
        Choice::List(name) => plan["lists"] = json!([name]),
        Choice::Permission(channel) => plan["permissions"]["channels"] = json!([channel]),
        Choice::Remedy(remedy) => {
            let key = json!({ "column": null, "value": null, "remedy": remedy });
            let remedies = plan["remedies"].as_array_mut();
            let remedies = remedies.ok_or("`remedies` of the plan is no list")?;
            remedies.push(json!({ "shared_key": key }));
        }
    }
    Ok(())
}
