//! The filings of a case in their order, and why each stands where it stands (H-37, H-39).

use std::collections::BTreeMap;

use serde::Serialize;

use super::application::mortgaged;
use super::facts::Missing;
use super::tax::{RegistrationTax, additional_tax, cancellation_tax};
use super::wording::owner_name;
use crate::collateral::{is_farmland, is_reserved};
use crate::form::{Form, Problem, Property};
use crate::money::Yen;
use crate::product::terms::Terms;

crate::terms! {
    /// The filings that a mortgage can need, in the order in which they are filed.
    pub enum FilingKind {
        AddressChange = "ADDRESS_CHANGE", "登記名義人住所変更", "Change of the registered owner's address";
        Cancellation = "CANCELLATION", "抵当権抹消", "Cancellation of the earlier mortgage";
        Preservation = "PRESERVATION", "所有権保存", "Preservation of ownership";
        Transfer = "TRANSFER_OF_OWNERSHIP", "所有権移転", "Transfer of ownership";
        Setting = "SETTING", "抵当権設定", "Setting of the mortgage";
        Additional = "ADDITIONAL_MORTGAGE", "抵当権追加設定", "Additional mortgage for the same claim";
        CategoryChange = "CATEGORY_CHANGE", "地目変更", "Change of the land category";
    }
}

impl FilingKind {
    /// The rule that puts the filing at its place.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::AddressChange => "H-39",
            Self::Cancellation => "H-01",
            Self::Preservation | Self::Transfer => "H-30",
            Self::Setting => "H-37",
            Self::Additional => "H-04",
            Self::CategoryChange => "H-09",
        }
    }

    /// Why it stands there, in Japanese and English.
    pub const fn reason(self) -> (&'static str, &'static str) {
        match self {
            Self::AddressChange => (
                "義務者の住所が登記と一致しない申請は却下されるため、最初に申請します。",
                "A filing whose obligor does not match the register is rejected, so the address comes first.",
            ),
            Self::Cancellation => (
                "第一順位とするため、設定より前に抹消します。所有権が移る場合は登記名義人が移転前に申請します。",
                "First rank needs the earlier mortgage gone; its registered owner files it before ownership passes.",
            ),
            Self::Preservation => (
                "設定者が登記名義人でなければ設定できません。",
                "Only a registered owner can set the mortgage.",
            ),
            Self::Transfer => (
                "買主が登記名義人となってから設定します。",
                "The buyer is registered before the mortgage is set.",
            ),
            Self::Setting => ("受付番号の順に順位が決まります。", "The rank follows the receipt number."),
            Self::Additional => (
                "建物の完成後、または設定が可能になった時に追加します。",
                "Added when the building is finished or the land can be mortgaged.",
            ),
            Self::CategoryChange => (
                "農地等は、宅地となった後に地目を変更します。",
                "The category follows once the land is residential.",
            ),
        }
    }
}

/// Who stands in the register as the owner of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Title {
    /// A building that has no owner in the register yet.
    None,
    /// The owner of the form.
    Owner(RegisteredAddress),
    /// The seller, who passes it on.
    Seller { name: String, address: RegisteredAddress },
}

/// Whether the registered address is the present one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RegisteredAddress {
    Present,
    Former,
}

/// When a property is mortgaged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// With the first filing.
    Now,
    /// Later for the same claim: the building of a land-only loan, reserved land (H-04, H-05).
    Later,
}

/// What the register says about one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    pub title: Title,
    pub mortgage: When,
}

/// One filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedFiling {
    /// From 1, in the order of the receipt numbers.
    pub number: u32,
    pub kind: FilingKind,
    pub purpose: String,
    pub properties: Vec<u16>,
    pub rule: &'static str,
    pub reason_ja: &'static str,
    pub reason_en: &'static str,
    /// Licence tax where it follows from the case; that of the other filings is the scrivener's to compute.
    pub tax_yen: Option<Yen>,
}

/// The filings of a case in order. `setting` is the tax of the main filing (H-41 to H-43). Errors: a property that carries the
/// mortgage without an entry of the register, and an entry for a property that the form does not have.
pub fn linked_filings(
    form: &Form,
    terms: &Terms,
    register: &BTreeMap<u16, RegisterEntry>,
    setting: &RegistrationTax,
) -> Result<Vec<LinkedFiling>, Vec<Problem>> {
    let mut missing = Missing(Vec::new());
    let concerned: Vec<&Property> = form
        .properties
        .iter()
        .filter(|property| property.owners.iter().any(|owner| owner.mortgages_share) || is_reserved(property))
        .collect();
    for property in &concerned {
        let field = format!("register.{}", property.property_no);
        let entry = register.get(&property.property_no);
        missing.need(entry, &field, "H-36", ("登記記録の確認", "what the register says about the property"));
    }
    for number in
        register.keys().filter(|number| !form.properties.iter().any(|found| found.property_no == **number))
    {
        missing.add(
            format!("register.{number}"),
            "H-36",
            "申込にある物件番号",
            "a property of the application",
        );
    }
    if !missing.0.is_empty() {
        return Err(missing.0);
    }
    let mut made = Made { filings: Vec::new() };
    let entry = |property: &Property| register.get(&property.property_no);
    for (property, entry) in concerned.iter().filter_map(|property| Some((*property, entry(property)?))) {
        let number = property.property_no;
        match &entry.title {
            Title::Owner(RegisteredAddress::Former) => {
                made.add(FilingKind::AddressChange, owners(form, property), number);
            }
            Title::Seller { name, address: RegisteredAddress::Former } => {
                made.add(FilingKind::AddressChange, name.clone(), number);
            }
            _ => {}
        }
        if property.prior_mortgages.iter().any(|mortgage| mortgage.released_at_disbursement) {
            made.add(FilingKind::Cancellation, String::new(), number);
        }
        match &entry.title {
            Title::None => made.add(FilingKind::Preservation, owners(form, property), number),
            Title::Seller { .. } => made.add(FilingKind::Transfer, owners(form, property), number),
            Title::Owner(_) => {}
        }
        let later = is_reserved(property) || entry.mortgage == When::Later;
        if later {
            made.add(FilingKind::Additional, String::new(), number);
        } else if mortgaged(form).any(|found| found.property_no == number) {
            made.add(FilingKind::Setting, String::new(), number);
        }
        if is_farmland(property) {
            made.add(FilingKind::CategoryChange, String::new(), number);
        }
    }
    Ok(made.in_order(terms, setting))
}

fn owners(form: &Form, property: &Property) -> String {
    let names: Vec<String> = property.owners.iter().filter_map(|owner| owner_name(form, owner)).collect();
    names.join("、")
}

/// Filings of the same kind and person go together: they share their number (H-37).
struct Made {
    filings: Vec<(FilingKind, String, Vec<u16>)>,
}

impl Made {
    fn add(&mut self, kind: FilingKind, who: String, property: u16) {
        match self.filings.iter_mut().find(|(same, person, _)| *same == kind && *person == who) {
            Some((.., properties)) => properties.push(property),
            None => self.filings.push((kind, who, vec![property])),
        }
    }

    fn in_order(mut self, terms: &Terms, setting: &RegistrationTax) -> Vec<LinkedFiling> {
        self.filings.sort_by_key(|(kind, _, properties)| (*kind, properties.first().copied()));
        let filings = (1..).zip(self.filings);
        filings
            .map(|(number, (kind, who, properties))| {
                let (reason_ja, reason_en) = kind.reason();
                let tax_yen = match kind {
                    FilingKind::Setting => Some(setting.payable_yen),
                    FilingKind::Additional => Some(additional_tax(&terms.registration_tax, properties.len())),
                    FilingKind::Cancellation => {
                        Some(cancellation_tax(&terms.registration_tax, properties.len()))
                    }
                    _ => None,
                };
                let purpose =
                    if who.is_empty() { kind.ja().to_owned() } else { format!("{}（{who}）", kind.ja()) };
                LinkedFiling {
                    number,
                    kind,
                    purpose,
                    properties,
                    rule: kind.rule(),
                    reason_ja,
                    reason_en,
                    tax_yen,
                }
            })
            .collect()
    }
}
