//! The pipelines of deals and their stages.

use serde_json::{Value, json};

/// Returns the probability of a deal's stage, as HubSpot writes it.
pub(super) fn probability(stage: &str) -> &'static str {
    match stage {
        "appointmentscheduled" => "0.2",
        "contractsent" => "0.9",
        "closedwon" => "1.0",
        _ => "0.0",
    }
}

/// Returns the pipelines of deals, with the labels that people see.
pub(super) fn pipelines() -> Value {
    let (created, stages) = (
        "2020-02-03T12:00:00Z",
        [
            "appointmentscheduled",
            "contractsent",
            "closedwon",
            "closedlost",
        ],
    );
    let labels = [
        "Reunião agendada",
        "Contrato enviado",
        "Negócio fechado",
        "Negócio perdido",
    ];
    let stage = |(place, (id, label)): (usize, (&str, &str))| {
        let closed = id.starts_with("closed").to_string();
        json!({"label": label, "displayOrder": place,
                "metadata": {"isClosed": closed, "probability": probability(id)}, "id": id,
            "createdAt": created, "updatedAt": created, "archived": false,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"})
    };
    let stages: Vec<Value> = stages
        .into_iter()
        .zip(labels)
        .enumerate()
        .map(stage)
        .collect();
    json!({"results": [{"label": "Pipeline de vendas", "displayOrder": 0, "id": "default",
                    "stages": stages, "createdAt": created,
        "updatedAt": created, "archived": false}]})
}
