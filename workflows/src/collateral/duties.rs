//! Duties that stay open after disbursement (P-15).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{is_farmland, is_reserved};
use crate::form::{Form, PropertyKind};

/// A duty of the collateral that outlives the disbursement.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum OpenDuty {
    /// A building that is erected later on land-only collateral is added.
    #[serde(rename = "H-04")]
    AddBuilding,
    /// Reserved land is mortgaged once that is possible.
    #[serde(rename = "H-05")]
    MortgageReservedLand,
    /// Access over others' land may need a procedure.
    #[serde(rename = "H-08")]
    SecureAccess,
    /// The change of farmland to residential land is registered.
    #[serde(rename = "H-09")]
    ChangeCategory,
}

impl OpenDuty {
    /// The rule of the duty.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::AddBuilding => "H-04",
            Self::MortgageReservedLand => "H-05",
            Self::SecureAccess => "H-08",
            Self::ChangeCategory => "H-09",
        }
    }
}

/// The duties of a case in the order of their rules.
pub fn open_duties(form: &Form) -> Vec<OpenDuty> {
    let any = |test: fn(&crate::form::Property) -> bool| form.properties.iter().any(test);
    let duties = [
        (OpenDuty::AddBuilding, !any(|property| property.kind.is_building())),
        (OpenDuty::MortgageReservedLand, any(is_reserved)),
        (OpenDuty::SecureAccess, any(|property| property.access_over_others_land == Some(true))),
        (
            OpenDuty::ChangeCategory,
            any(|property| {
                property.kind == PropertyKind::Land
                    && is_farmland(property)
                    && property.category_change_planned == Some(true)
            }),
        ),
    ];
    duties.into_iter().filter(|(_, open)| *open).map(|(duty, _)| duty).collect()
}
