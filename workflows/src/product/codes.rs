//! The codes of guarantee institutions beside ours (F-02): what they call a product, a purpose, an employment, a property.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::form::{EmploymentKind, Form, Product, PropertyKind, PurposeCode};

/// The codes of one institution, by ours. What is not mapped is said to be so, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CodeMap {
    pub product: BTreeMap<Product, TheirCode>,
    pub purpose: BTreeMap<PurposeCode, TheirCode>,
    pub employment: BTreeMap<EmploymentKind, TheirCode>,
    pub property: BTreeMap<PropertyKind, TheirCode>,
}

/// A code of an institution: 1 to 20 letters, digits, `-`, `_` or `.`.
pub type TheirCode = String;

/// What stands in the request beside our codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstitutionCodes {
    pub product: Option<TheirCode>,
    pub purpose: Option<TheirCode>,
    pub employment: Vec<PartyCode>,
    pub properties: Vec<PropertyCode>,
    /// Our codes in the request for which the bank's book has none of the institution, such as `purpose.EDUCATION`.
    pub unmapped: Vec<String>,
}

/// How a person earns a living, in the institution's codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartyCode {
    pub party_id: String,
    pub code: TheirCode,
}

/// What a property is, in the institution's codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PropertyCode {
    pub property_no: u16,
    pub code: TheirCode,
}

/// What a code of an institution may be.
pub(super) const ACCEPTED: &str = "1 to 20 letters, digits, `-`, `_` or `.`";

impl CodeMap {
    /// Codes that are none, by their place such as `purpose.EDUCATION`.
    pub(super) fn ill_formed(&self) -> Vec<String> {
        let bad = |code: &TheirCode| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            code.is_empty() || code.len() > 20 || !code.chars().all(fits)
        };
        let product = self.product.iter().map(|(ours, theirs)| (format!("product.{ours}"), theirs));
        let purpose = self.purpose.iter().map(|(ours, theirs)| (format!("purpose.{ours}"), theirs));
        let employment = self.employment.iter().map(|(ours, theirs)| (format!("employment.{ours}"), theirs));
        let property = self.property.iter().map(|(ours, theirs)| (format!("property.{ours}"), theirs));
        let all = product.chain(purpose).chain(employment).chain(property);
        all.filter(|(_, theirs)| bad(theirs)).map(|(place, _)| place).collect()
    }

    /// Our codes that are not mapped, such as `purpose.EDUCATION`.
    pub fn unmapped(&self) -> Vec<String> {
        let mut found = vec![];
        missing("product", Product::ALL, Product::code, &self.product, &mut found);
        missing("purpose", PurposeCode::ALL, PurposeCode::code, &self.purpose, &mut found);
        missing("employment", EmploymentKind::ALL, EmploymentKind::code, &self.employment, &mut found);
        missing("property", PropertyKind::ALL, PropertyKind::code, &self.property, &mut found);
        found
    }

    /// The codes of the institution for a form.
    pub fn of(&self, form: &Form) -> InstitutionCodes {
        let mut codes = InstitutionCodes {
            product: self.product.get(&form.product).cloned(),
            purpose: self.purpose.get(&form.purpose.code).cloned(),
            ..InstitutionCodes::default()
        };
        let mut unmapped = vec![];
        if codes.product.is_none() {
            unmapped.push(format!("product.{}", form.product));
        }
        if codes.purpose.is_none() {
            unmapped.push(format!("purpose.{}", form.purpose.code));
        }
        for party in &form.parties {
            match self.employment.get(&party.employment.kind) {
                Some(code) => {
                    codes.employment.push(PartyCode { party_id: party.party_id.clone(), code: code.clone() });
                }
                None => unmapped.push(format!("employment.{}", party.employment.kind)),
            }
        }
        for property in &form.properties {
            match self.property.get(&property.kind) {
                Some(code) => codes
                    .properties
                    .push(PropertyCode { property_no: property.property_no, code: code.clone() }),
                None => unmapped.push(format!("property.{}", property.kind)),
            }
        }
        unmapped.sort();
        unmapped.dedup();
        codes.unmapped = unmapped;
        codes
    }
}

fn missing<T: Copy + Ord>(
    table: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    map: &BTreeMap<T, TheirCode>,
    found: &mut Vec<String>,
) {
    found
        .extend(all.iter().filter(|one| !map.contains_key(one)).map(|one| format!("{table}.{}", code(*one))));
}
