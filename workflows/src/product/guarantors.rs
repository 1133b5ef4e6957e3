//! The guarantee institutions that a bank works with (F-01). The first one is asked where nothing says otherwise.

use super::book::Book;
use crate::form::Product;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who is asked where an edition names nobody.
const ONLY: &str = "GUARANTOR-1";
/// What the code of an organisation may be.
pub(super) const ACCEPTED: &str = "1 to 40 letters, digits or `-`, each organisation once";

/// An institution that guarantees the bank's loans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankGuarantor {
    /// Under which cases engage it, and its people and lines are known: 1 to 40 letters, digits or `-`.
    pub organisation: String,
    /// Do the bank's guarantee request and privacy consent name it? Else a person's data go to it only after a consent that does (L-PRIV).
    #[serde(default = "yes")]
    pub in_papers: bool,
    /// Products whose cases go to it first. A product that no institution names goes to the first of the list.
    #[serde(default)]
    pub default_for: BTreeSet<Product>,
}

const fn yes() -> bool {
    true
}

/// The institutions of a bank, in its order; never empty.
pub fn of(book: Option<&Book>) -> Vec<BankGuarantor> {
    match book {
        Some(book) if !book.guarantors.is_empty() => book.guarantors.clone(),
        _ => vec![BankGuarantor {
            organisation: ONLY.to_owned(),
            in_papers: true,
            default_for: BTreeSet::new(),
        }],
    }
}

/// The organisation that a new case of this product goes to.
pub fn first_for(book: Option<&Book>, product: Product) -> String {
    let all = of(book);
    let named = all.iter().find(|one| one.default_for.contains(&product)).or_else(|| all.first());
    named.map_or_else(|| ONLY.to_owned(), |one| one.organisation.clone())
}

/// Entries of a list that cannot stand: their places.
pub(super) fn ill_formed(all: &[BankGuarantor]) -> Vec<String> {
    let (mut names, mut products) = (BTreeSet::new(), BTreeSet::new());
    let mut wrong = vec![];
    for (at, one) in all.iter().enumerate() {
        let code = &one.organisation;
        // No other signs: the code stands in marks that the database searches.
        let sound = (1..=40).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !sound || !names.insert(code) {
            wrong.push(format!("guarantors[{at}].organisation"));
        }
        if one.default_for.iter().any(|product| !products.insert(*product)) {
            wrong.push(format!("guarantors[{at}].default_for"));
        }
    }
    wrong
}
