//! Compares the records of a vendor with the stored ones, field by field.

use alta_domain::{Country, Day};

use serde_json::{Value, json};

use super::{MICROVIX, TINY_V2, Vendor};

/// A function that returns the fields in which a stored record differs from the vendor's record.
pub(super) type Compare = fn(&Vendor, &Value, &Value, &Value) -> Vec<String>;

fn differs(wrong: &mut Vec<String>, field: &str, there: &Value, here: &Value) {
    if there != here {
        wrong.push(format!("{field}: {there} is {here}"));
    }
}

/// Compares a contact, without the fields that its vendor cannot give.
#[expect(
    clippy::too_many_lines,
    reason = "one story of a vendor, told in order"
)]
pub(super) fn contact(_: &Vendor, there: &Value, here: &Value, _: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let read = |text: &Value| {
        alta_intake::phone::read_phone(text.as_str().unwrap(), Country::BRAZIL)
            .ok()
            .map(|phone| phone.digits.to_string())
    };
    let numbers = |field: &str| -> Vec<Option<String>> {
        there[field]
            .as_array()
            .into_iter()
            .flatten()
            .map(read)
            .collect()
    };
    let (now, before) = (numbers("phones"), numbers("earlier_phones"));
    let phones: Vec<&str> = now.iter().flatten().map(String::as_str).collect();
    let email = there["email"].as_str().and_then(alta_domain::Email::parse);
    if phones.is_empty() && email.is_none() {
        if !here.is_null() {
            wrong.push("has neither phone nor e-mail, and is here".to_owned());
        }
        return wrong;
    }
    differs(&mut wrong, "name", &there["name"], &here["name"]);
    differs(
        &mut wrong,
        "email",
        &json!(email.map(|email| email.as_str().to_owned())),
        &here["email"],
    );
    differs(
        &mut wrong,
        "birth_date",
        &there["birth_date"],
        &here["birth_date"],
    );
    let ours: Vec<&str> = [&here["phone"], &here["landline"]]
        .into_iter()
        .filter_map(Value::as_str)
        .collect();
    // Another number removes nothing: a mobile number leaves the landline, and a number that can't
    // be read leaves the number before it.
    let kept: Vec<&str> = ours
        .iter()
        .copied()
        .filter(|phone| !phones.contains(phone))
        .collect();
    let stays = |phone: &&str| before.iter().flatten().any(|known| known == phone);
    if ours.len() - kept.len() != phones.len() || !kept.iter().all(stays) {
        wrong.push(format!(
            "phones: {phones:?}, before {before:?}, are {ours:?}"
        ));
    }
    let digits = |text: &Value| {
        text.as_str().map(|text| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        })
    };
    differs(
        &mut wrong,
        "tax_id",
        &json!(digits(&there["tax_id"])),
        &json!(digits(&here["tax_id"])),
    );
    differs(
        &mut wrong,
        "postal_code",
        &json!(digits(&there["postal_code"])),
        &json!(digits(&here["postal_code"])),
    );
    for field in ["city", "state"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    // Only the vendors that say them have these fields.
    for field in ["company", "country"] {
        if let Some(there) = there.get(field) {
            differs(&mut wrong, field, there, &here[field]);
        }
    }
    let parts: Vec<&str> = ["address", "number", "complement", "district"]
        .iter()
        .filter_map(|part| there[*part].as_str())
        .collect();
    differs(
        &mut wrong,
        "address",
        &json!((!parts.is_empty()).then(|| parts.join(", "))),
        &here["address"],
    );
    wrong
}

/// Compares a product.
pub(super) fn product(_: &Vendor, there: &Value, here: &Value, _: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in ["sku", "name"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    // Some vendors do not say whether a product is sold.
    if !there["active"].is_null() {
        differs(&mut wrong, "active", &there["active"], &here["active"]);
    }
    differs(&mut wrong, "price", &there["price"], &here["price"]);
    wrong
}

/// Compares a transaction with its items.
pub(super) fn transaction(
    vendor: &Vendor,
    there: &Value,
    here: &Value,
    all: &Value,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in ["number", "status", "total"] {
        differs(&mut wrong, field, &there[field], &here[field]);
    }
    for field in ["discount", "freight"] {
        differs(
            &mut wrong,
            field,
            &json!(there[field].as_i64().unwrap_or(0)),
            &here[field],
        );
    }
    // Version 2 of Tiny gives no id of the contact.
    if vendor.slug != TINY_V2.slug {
        let known = here["contact_external_id"]
            .as_str()
            .filter(|id| all["contacts"].get(id).is_some());
        differs(&mut wrong, "contact", &there["contact"], &json!(known));
    }
    let made = here["made_at"].as_i64().unwrap();
    // Brasília is three hours behind UTC; the vendor's dates are written in its time.
    let local = json!(local(made - 3 * 3_600_000));
    differs(&mut wrong, "date", &there["date"], &local);
    let (items, ours) = (
        there["items"].as_array().unwrap(),
        here["items"].as_array().unwrap(),
    );
    if items.len() != ours.len() {
        wrong.push(format!("{} items are {}", items.len(), ours.len()));
    }
    for (item, line) in items.iter().zip(ours) {
        differs(
            &mut wrong,
            "product",
            &item["product"],
            &line["product_external_id"],
        );
        for field in ["quantity", "unit_price", "total"] {
            differs(&mut wrong, field, &item[field], &line[field]);
        }
        // Microvix names its products in their own list only.
        if vendor.slug != MICROVIX.slug {
            differs(
                &mut wrong,
                "sku",
                &json!(item["sku"].as_str().filter(|sku| !sku.is_empty())),
                &line["sku"],
            );
            differs(&mut wrong, "name", &item["name"], &line["name"]);
        }
    }
    wrong
}

/// Returns milliseconds since 1970 as `YYYY-MM-DDTHH:MM:SS`.
fn local(millis: i64) -> String {
    let rest = millis.rem_euclid(86_400_000) / 1000;
    let Day { year, month, day } = Day::of(millis);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}
