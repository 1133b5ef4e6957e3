//! The properties of a form.

use std::borrow::Cow;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::words::*;
use crate::money::{SquareMetres, Yen};

/// A property of the case. Land, road share and building have fields of their own, which are `None` for the others;
/// [`super::Form::parse`] refuses a field that does not belong to the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Property {
    pub property_no: u16,
    pub kind: PropertyKind,
    /// The house or its land, as against further buildings and road shares.
    pub main: bool,
    pub location: String,
    /// Lot or house number.
    pub number: String,
    /// Leased land lists the landlord.
    pub owners: Vec<Owner>,
    pub prior_mortgages: Vec<PriorMortgage>,
    /// In the branch's words; any entry is a finding (H-13).
    pub legal_defects: Vec<String>,
    /// Land and road share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    /// Land and road share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_category: Option<LandCategory>,
    /// Land.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_change_planned: Option<bool>,
    /// Land and road share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_m2: Option<SquareMetres>,
    /// Land (H-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_land: Option<bool>,
    /// Land (H-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mortgage_when_possible: Option<bool>,
    /// Land (H-08).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_over_others_land: Option<bool>,
    /// Land; information only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city_planning: Option<CityPlanning>,
    /// Building and unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_area_m2: Option<SquareMetres>,
    /// Building and unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_new: Option<bool>,
    /// Used buildings (H-41).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meets_used_standard: Option<bool>,
    /// `None`: not built or not yet due (H-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// Building and unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_on: Option<NaiveDate>,
    /// Building and unit; for an extension the date on which the extension was completed (H-41).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acquired_on: Option<NaiveDate>,
    /// Building and unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<Structure>,
}

/// An owner of a property: a person of the case, or somebody outside it by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub party_id: Option<String>,
    pub name: Option<String>,
    pub relation: Option<Relation>,
    pub share: Share,
    pub mortgages_share: bool,
}

/// An earlier mortgage (H-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorMortgage {
    pub holder_kind: LenderKind,
    pub balance_yen: Yen,
    pub released_at_disbursement: bool,
}

/// A share in a property, such as `1/2`: part and whole as written, 1 <= part <= whole.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    pub part: u32,
    pub whole: u32,
}

impl Share {
    /// The share from `1/2`. Errors: `None` for anything else, full-width digits included.
    pub fn parse(text: &str) -> Option<Self> {
        let (part, whole) = text.split_once('/')?;
        let number = |digits: &str| {
            let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain && !digits.starts_with('0') { digits.parse::<u32>().ok() } else { None }
        };
        let share = Self { part: number(part)?, whole: number(whole)? };
        (share.part <= share.whole).then_some(share)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}/{}", self.part, self.whole))
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a share such as \"1/2\""))
    }
}

impl JsonSchema for Share {
    fn schema_name() -> Cow<'static, str> {
        "Share".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "share" })
    }
}
