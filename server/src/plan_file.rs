//! The file form of a plan: the JSON that `alta plan` prints and `alta import --plan` takes. It
//! names columns by their headers, and holds nothing that is particular to one file, such as
//! encoding and delimiter.

mod remedies;

use alta_domain::worker::Preview;
use alta_domain::{
    BuiltInField, Channel, ConsentPlan, Country, DateOrder, ExistingPolicy, Field, FieldException,
    FieldPolicy, FieldTarget, Fix, ImportPlan, LegalBasis, ListTarget, Mapping, PermissionSense,
    Repeated,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use remedies::{fix, remedy};

/// The plan of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// The country whose national phone numbers are read, in two letters.
    pub country: String,
    /// Where each column of the file goes, in their order.
    pub mapping: Vec<ColumnOfPlan>,
    /// Which of several records of one person stands: `merge`, `first` or `last`.
    #[serde(default = "merge")]
    pub repeated: String,
    /// What happens to contacts that exist already: `update`, `fill` or `keep`.
    #[serde(default = "update")]
    pub policy: String,
    /// Fields for which another policy holds, by their words; `merge` is for tags.
    #[serde(default)]
    pub exceptions: std::collections::BTreeMap<String, String>,
    /// Decisions about problems: objects of one entry, such as
    /// `{"shared_key": {"column": null, "value": null, "remedy": "one_person"}}`.
    #[serde(default)]
    pub remedies: Vec<Value>,
    /// Names of the lists that the contacts are added to; one that does not exist is made.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Permission to write to everybody in the file.
    #[serde(default)]
    pub permissions: Permissions,
}

/// Where a column goes: into one of `field`, `custom`, `part` and `permission`, or nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnOfPlan {
    /// The column, counted from 0.
    pub index: u32,
    /// Its name in the file.
    pub header: String,
    /// The word of a built-in field.
    #[serde(default)]
    pub field: Option<String>,
    /// The name of a custom field of the organization.
    #[serde(default)]
    pub custom: Option<String>,
    /// The part of the phones in the columns behind it: `country_code` or `area_code`.
    #[serde(default)]
    pub part: Option<String>,
    /// The permission that its yes and no are about.
    #[serde(default)]
    pub permission: Option<PermissionOfColumn>,
    /// How its dates are read, `dmy` or `mdy`; the file decides when it is null.
    #[serde(default)]
    pub date_order: Option<String>,
}

/// A permission column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionOfColumn {
    /// `email`, `sms` or `whatsapp`; null for all, of a column with sense `out`.
    #[serde(default)]
    pub channel: Option<String>,
    /// `in`: a yes permits; `out`: a yes refuses.
    #[serde(default = "sense_in")]
    pub sense: String,
}

/// Permission to write to everybody in the file, and the basis of every permission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// The channels that are permitted.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The legal basis: `consent`, `contract`, `legitimate_interest` or `legal_obligation`. Without
    /// one, columns give only their noes.
    #[serde(default)]
    pub basis: Option<String>,
    /// Where the permission was given.
    #[serde(default)]
    pub source: String,
}

fn merge() -> String {
    "merge".to_owned()
}

fn update() -> String {
    "update".to_owned()
}

fn sense_in() -> String {
    "in".to_owned()
}

/// Returns the JSON Schema of the file form.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(PlanFile);
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

/// Returns the word that a value has in JSON; empty when it is not a word.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Reads a value from its word; the error names the place and the word.
fn read<T: for<'de> Deserialize<'de>>(place: &str, word: &str) -> anyhow::Result<T> {
    serde_json::from_value(Value::String(word.to_owned()))
        .map_err(|_| anyhow::anyhow!("{place}: '{word}' is none of the words it may be"))
}

impl PlanFile {
    /// Converts a plan to its file form; `fields` are the organization's custom fields.
    #[must_use]
    pub fn of(plan: &ImportPlan, fields: &[Field]) -> Self {
        let mapping = &plan.mapping;
        let column = |column: &alta_domain::ColumnPlan| {
            let mut written = ColumnOfPlan {
                index: column.index,
                header: column.header.clone(),
                date_order: column.date_order.map(|order| word(&order)),
                ..ColumnOfPlan::default()
            };
            match column.target {
                Some(FieldTarget::BuiltIn(field)) => {
                    written.field = Some(field.as_str().to_owned());
                }
                Some(FieldTarget::Custom { id, .. }) => {
                    let field = fields.iter().find(|field| field.id == id);
                    written.custom = field.map(|field| field.name.clone());
                }
                Some(FieldTarget::Consent(channel)) => {
                    written.permission = Some(permission(Some(channel), "in"));
                }
                Some(FieldTarget::Refusal(channel)) => {
                    written.permission = Some(permission(channel, "out"));
                }
                Some(FieldTarget::PhonePart(part)) => {
                    written.part = Some(part.as_str().to_owned());
                }
                None => {}
            }
            written
        };
        let lists = plan.all_lists().filter_map(|list| match list {
            ListTarget::New(name) => Some(name.clone()),
            ListTarget::Existing(_) | ListTarget::None => None,
        });
        let exceptions = plan.exceptions.iter().filter_map(|exception| {
            let field = match exception.target {
                FieldTarget::BuiltIn(field) => field.as_str().to_owned(),
                FieldTarget::Custom { id, .. } => fields
                    .iter()
                    .find(|field| field.id == id)
                    .map(|field| field.name.clone())?,
                FieldTarget::Consent(_) | FieldTarget::Refusal(_) | FieldTarget::PhonePart(_) => {
                    return None;
                }
            };
            Some((field, word(&exception.policy)))
        });
        Self {
            country: mapping.country.as_str().to_owned(),
            mapping: mapping.columns.iter().map(column).collect(),
            repeated: word(&mapping.repeated()),
            policy: word(&plan.policy),
            exceptions: exceptions.collect(),
            remedies: mapping.fixes.iter().filter_map(remedy).collect(),
            lists: lists.collect(),
            permissions: Permissions {
                channels: plan.consent.channels.iter().map(word).collect(),
                basis: plan.consent.basis.map(|basis| word(&basis)),
                source: plan.consent.source.clone(),
            },
        }
    }

    /// Converts the file form to the plan for a file. The headers of the file's columns must be
    /// those of the plan.
    ///
    /// # Errors
    /// The error names the columns that the file lacks or has in addition, or the word that can't
    /// be read.
    pub fn into_plan(
        self,
        preview: &Preview,
        year: u16,
        fields: &[Field],
    ) -> anyhow::Result<ImportPlan> {
        self.check_headers(preview)?;
        let country = Country::parse(&self.country)
            .ok_or_else(|| anyhow::anyhow!("country: '{}' is no country code", self.country))?;
        let mut columns = Vec::with_capacity(self.mapping.len());
        for (column, report) in self.mapping.iter().zip(&preview.columns) {
            let order = column.date_order.as_deref();
            columns.push(alta_domain::ColumnPlan {
                index: report.index,
                header: report.header.clone(),
                target: column.target(fields)?,
                date_order: order
                    .map(|word| read::<DateOrder>("date_order", word))
                    .transpose()?,
            });
        }
        let mut fixes = Vec::new();
        for value in &self.remedies {
            fixes.push(fix(value)?);
        }
        let repeated: Repeated = read("repeated", &self.repeated)?;
        if repeated != Repeated::default() {
            fixes.push(Fix::Repeated(repeated));
        }
        let mapping = Mapping {
            shape: preview.shape,
            country,
            year,
            columns,
            fixes,
            correction: None,
        };
        let mut lists = self.lists.iter().cloned().map(ListTarget::New);
        let first = lists.next().unwrap_or(ListTarget::None);
        let policy: ExistingPolicy = read("policy", &self.policy)?;
        let mut plan = ImportPlan::new(mapping, first, policy);
        plan.more_lists = lists.collect();
        for (field, policy) in &self.exceptions {
            plan.exceptions.push(FieldException {
                target: field_target(field, fields)?,
                policy: read::<FieldPolicy>("exceptions", policy)?,
            });
        }
        plan.consent = self.permissions.read()?;
        Ok(plan)
    }

    /// Refuses a file with other columns than the plan's, and names these columns.
    fn check_headers(&self, preview: &Preview) -> anyhow::Result<()> {
        let own: Vec<&str> = self.mapping.iter().map(|own| own.header.as_str()).collect();
        let of_file: Vec<&str> = preview
            .columns
            .iter()
            .map(|column| column.header.as_str())
            .collect();
        if own == of_file {
            return Ok(());
        }
        let without = |some: &[&str], others: &[&str]| {
            let more = some.iter().filter(|name| !others.contains(name));
            more.map(|name| format!("'{name}'"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (missing, more) = (without(&own, &of_file), without(&of_file, &own));
        anyhow::bail!(
            "the plan is for another header; the file lacks: {}; it has more: {}; the order must \
             be the same too",
            if missing.is_empty() { "-" } else { &missing },
            if more.is_empty() { "-" } else { &more },
        )
    }
}

fn permission(channel: Option<Channel>, sense: &str) -> PermissionOfColumn {
    PermissionOfColumn {
        channel: channel.map(|channel| channel.as_str().to_owned()),
        sense: sense.to_owned(),
    }
}

impl ColumnOfPlan {
    fn target(&self, fields: &[Field]) -> anyhow::Result<Option<FieldTarget>> {
        if let Some(permission) = &self.permission {
            let channel = permission.channel.as_deref();
            let channel = channel
                .map(|word| read::<Channel>("channel", word))
                .transpose()?;
            let sense: PermissionSense = read("sense", &permission.sense)?;
            return match (sense, channel) {
                (PermissionSense::In, Some(channel)) => Ok(Some(FieldTarget::Consent(channel))),
                (PermissionSense::In, None) => {
                    anyhow::bail!("the permission of '{}' names no channel", self.header)
                }
                (PermissionSense::Out, channel) => Ok(Some(FieldTarget::Refusal(channel))),
            };
        }
        if let Some(word) = &self.field {
            return Ok(Some(FieldTarget::BuiltIn(read::<BuiltInField>(
                "field", word,
            )?)));
        }
        if let Some(word) = &self.part {
            return Ok(Some(FieldTarget::PhonePart(read("part", word)?)));
        }
        let custom = self.custom.as_ref();
        custom.map(|name| field_target(name, fields)).transpose()
    }
}

/// Returns the target of the built-in field with this word, or of the custom field with this name.
fn field_target(name: &str, fields: &[Field]) -> anyhow::Result<FieldTarget> {
    if let Some(field) = BuiltInField::parse(name) {
        return Ok(FieldTarget::BuiltIn(field));
    }
    let same = |field: &&Field| field.name.to_lowercase() == name.to_lowercase();
    let field = fields
        .iter()
        .find(same)
        .ok_or_else(|| anyhow::anyhow!("the organization has no field '{name}'"))?;
    Ok(FieldTarget::Custom {
        id: field.id,
        kind: field.kind,
    })
}

impl Permissions {
    fn read(&self) -> anyhow::Result<ConsentPlan> {
        let mut plan = ConsentPlan {
            source: self.source.clone(),
            ..ConsentPlan::default()
        };
        for channel in &self.channels {
            plan.channels.push(read::<Channel>("channels", channel)?);
        }
        let basis = self.basis.as_deref();
        plan.basis = basis
            .map(|word| read::<LegalBasis>("basis", word))
            .transpose()?;
        if !plan.channels.is_empty() && plan.basis.is_none() {
            anyhow::bail!("permissions: a channel is permitted, and no basis is named");
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alta_domain::SharedKeyRemedy;

    #[test]
    fn decisions_come_back_as_they_were() {
        let shared = Fix::SharedKey {
            column: None,
            value: Some("contato@example.com".to_owned()),
            remedy: SharedKeyRemedy::OnePerson,
        };
        let written = remedy(&shared).unwrap();
        assert_eq!(written["shared_key"]["remedy"], "one_person");
        assert_eq!(fix(&written).unwrap(), shared);
        assert!(fix(&serde_json::json!({"nothing": 1})).is_err());
    }
}
