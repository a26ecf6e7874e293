//! The rules of a plan, shared by browser, server and command line.

use super::{ImportPlan, Mapping};
use crate::{DateOrder, FieldTarget};

impl Mapping {
    /// Returns true when at least one column has a field as its target that identifies a contact. A
    /// file without such a column can't be imported.
    ///
    /// ```
    /// # use alta_domain::{BuiltInField, FieldTarget};
    /// assert!(BuiltInField::Phone.is_identity() && !BuiltInField::City.is_identity());
    /// ```
    #[must_use]
    pub fn has_identity(&self) -> bool {
        self.columns.iter().any(|column| {
            matches!(column.target, Some(FieldTarget::BuiltIn(field)) if field.is_identity())
        })
    }

    /// Sets the date orders that the check proved. Each entry holds a column, its order, and the
    /// line that proves it ([`CheckReport::date_orders`](crate::worker::CheckReport::date_orders)).
    pub fn set_date_orders(&mut self, proved: &[(u32, DateOrder, u32)]) {
        for (index, order, _) in proved {
            if let Some(column) = self.columns.get_mut(*index as usize) {
                column.date_order = Some(*order);
            }
        }
    }
}

impl ImportPlan {
    /// Returns true when the plan gives permission to write to people and names no legal basis
    /// (LGPD, art. 7). Such a plan is refused.
    #[must_use]
    pub fn lacks_basis(&self) -> bool {
        self.grants() && self.consent.basis.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BuiltInField, Channel, ColumnPlan, Country, ExistingPolicy, FileShape, LegalBasis,
        ListTarget,
    };

    fn mapping(targets: &[Option<FieldTarget>]) -> Mapping {
        let column = |(index, target): (usize, &Option<FieldTarget>)| ColumnPlan {
            index: u32::try_from(index).unwrap(),
            header: String::new(),
            target: *target,
            date_order: None,
        };
        Mapping {
            shape: FileShape::default(),
            country: Country::BRAZIL,
            year: 2026,
            columns: targets.iter().enumerate().map(column).collect(),
            fixes: Vec::new(),
            correction: None,
        }
    }

    #[test]
    fn a_name_identifies_nobody_and_a_phone_does() {
        let name = Some(FieldTarget::BuiltIn(BuiltInField::Name));
        let phone = Some(FieldTarget::BuiltIn(BuiltInField::Phone));
        assert!(!mapping(&[name, None]).has_identity());
        assert!(mapping(&[name, phone]).has_identity());
    }

    #[test]
    fn proved_date_orders_go_to_their_columns_and_no_other() {
        let mut mapping = mapping(&[None, None]);
        mapping.set_date_orders(&[(1, DateOrder::Dmy, 41), (7, DateOrder::Mdy, 2)]);
        assert_eq!(mapping.columns[0].date_order, None);
        assert_eq!(mapping.columns[1].date_order, Some(DateOrder::Dmy));
    }

    #[test]
    fn permission_needs_a_basis_whether_it_comes_by_column_or_for_all() {
        let phone = Some(FieldTarget::BuiltIn(BuiltInField::Phone));
        let by_column = mapping(&[phone, Some(FieldTarget::Consent(Channel::Email))]);
        let mut plan = ImportPlan::new(by_column, ListTarget::None, ExistingPolicy::Update);
        assert!(plan.lacks_basis());
        plan.consent.basis = Some(LegalBasis::Consent);
        assert!(!plan.lacks_basis());
        let mut plan = ImportPlan::new(mapping(&[phone]), ListTarget::None, ExistingPolicy::Update);
        assert!(!plan.lacks_basis(), "nothing is granted");
        plan.consent.channels.push(Channel::Sms);
        assert!(plan.lacks_basis());
    }
}
