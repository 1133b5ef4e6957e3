//! From a case to its application for the registration (H-30 to H-36) and to the filings in their order (H-37, H-39).
//!
//! What the case knows is taken from the case; the rest is stated by whoever prepares the filing and recorded nowhere.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::{Case, Guarantee};
use super::rules::Rules;
use crate::Rate;
use crate::form::{DocumentKind, Problem};
use crate::product::Book;
use crate::registration::{
    Agent, Attachment, Damages, DayCount, FilingFacts, LinkedFiling, Mortgagee, PropertyNumber,
    RegisterEntry, RegisteredAddress, RegistrationApplication, ThirdParty, Title, When, linked_filings,
    mortgage_application, registration_tax,
};

/// What the filing needs and no step of the case records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegistrationFacts {
    /// Day of the filing; without it the fixed date of the disbursement.
    pub filing_date: Option<NaiveDate>,
    /// Registry office.
    pub office: Option<String>,
    /// Day of the mortgage deed; without it that of the contract.
    pub deed_date: Option<NaiveDate>,
    /// The bank as it stands in the register.
    pub bank: Option<BankInRegister>,
    /// The scrivener who files for both sides.
    pub agent: Option<FilingAgent>,
    /// Property numbers of thirteen digits, where they are known.
    pub property_numbers: Vec<NumberedProperty>,
    /// Attached information at hand beyond the papers of the case.
    pub attachments: Vec<Attachment>,
    /// Issue days of seal certificates beyond the papers of the case.
    pub seal_certificates: Vec<SealCertificate>,
    /// A third party's right makes a consent necessary.
    pub third_party_consent: bool,
    /// What the register says about each property.
    pub register: Vec<RegisterRecord>,
}

/// The bank in the register (H-34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankInRegister {
    /// Main office.
    pub address: String,
    /// Corporate number, twelve digits.
    pub corporate_number: String,
    /// Title and name of the representative.
    pub representative: String,
    /// Handling branch, where it is to be entered.
    #[serde(default)]
    pub handling_branch: Option<String>,
}

/// The scrivener (H-14, H-30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilingAgent {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub telephone: String,
}

/// A property with its number in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberedProperty {
    /// Property of the application.
    pub property_no: u16,
    /// Thirteen digits.
    pub number: String,
}

/// The seal certificate of a mortgagor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SealCertificate {
    /// Person of the application.
    pub party_id: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
}

/// What the register says about a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRecord {
    /// Property of the application.
    pub property_no: u16,
    /// Who stands in the register as the owner.
    pub title: RegisteredTitle,
    /// Name of the seller who passes the property on.
    #[serde(default)]
    pub seller_name: Option<String>,
    /// The registered address is a former one.
    #[serde(default)]
    pub former_address: bool,
    /// The property is mortgaged later for the same claim (H-04, H-05).
    #[serde(default)]
    pub mortgaged_later: bool,
}

crate::terms! {
    /// Who stands in the register as the owner of a property.
    pub enum RegisteredTitle {
        Nobody = "NOBODY", "所有権の登記なし", "No owner is registered yet";
        Owner = "OWNER", "申込上の所有者", "The owner of the application";
        Seller = "SELLER", "売主", "The seller";
    }
}

/// The papers of the registration, or what is missing for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrationPapers {
    pub application: Option<RegistrationApplication>,
    pub filings: Vec<LinkedFiling>,
    pub missing: Vec<Problem>,
}

/// The registration of a case. Whatever is missing for the application or for the order of the filings is named, each with its
/// field and rule; then there is no application.
pub fn registration_papers(case: &Case, rules: &dyn Rules, given: &RegistrationFacts) -> RegistrationPapers {
    let Some(book) = rules.book_of(&case.form) else { return RegistrationPapers::default() };
    let mut missing = vec![];
    let facts = facts(case, rules, &book, given, &mut missing);
    let application = match mortgage_application(&case.form, &book.terms, &facts) {
        Ok(application) => Some(application),
        Err(problems) => {
            missing.extend(problems);
            None
        }
    };
    let register = register(given, &mut missing);
    let date = facts.filing_date.unwrap_or_else(|| case.planned_date());
    let tax = registration_tax(&case.form, &book.terms, date);
    let filings = match linked_filings(&case.form, &book.terms, &register, &tax) {
        Ok(filings) => filings,
        Err(problems) => {
            missing.extend(problems);
            vec![]
        }
    };
    RegistrationPapers { application: application.filter(|_| missing.is_empty()), filings, missing }
}

/// What the case knows, and on top of it what is given.
fn facts(
    case: &Case,
    rules: &dyn Rules,
    book: &Book,
    given: &RegistrationFacts,
    missing: &mut Vec<Problem>,
) -> FilingFacts {
    let formed = case.contract.as_ref().and_then(|contract| contract.formed_on);
    let loans = case.form.loans.iter().map(|loan| loan.loan_no);
    let damages = &book.terms.servicing.damages;
    let days = if damages.days_per_year == 365 { DayCount::Of365 } else { DayCount::Unstated };
    let mut numbers = BTreeMap::new();
    for property in &given.property_numbers {
        let field = format!("property_numbers.{}", property.property_no);
        match PropertyNumber::parse(&field, &property.number) {
            Ok(number) => drop(numbers.insert(property.property_no, number)),
            Err(problem) => missing.push(Problem { rule: "H-36", ..problem }),
        }
    }
    let mortgagee = given.bank.as_ref().and_then(|bank| {
        let number =
            crate::registration::CorporateNumber::parse("mortgagee.corporate_number", &bank.corporate_number);
        number.map_err(|problem| missing.push(Problem { rule: "H-34", ..problem })).ok().map(|number| {
            Mortgagee {
                address: bank.address.clone(),
                name: book.bank_name.clone(),
                corporate_number: Some(number),
                representative: bank.representative.clone(),
                handling_branch: bank.handling_branch.clone(),
            }
        })
    });
    FilingFacts {
        filing_date: given.filing_date.or_else(|| case.fixed.as_ref().map(|fixed| fixed.date)),
        office: given.office.clone(),
        contract_dates: loans.filter_map(|loan| Some((loan, formed?))).collect(),
        deed_date: given.deed_date.or(formed),
        interest: interest(case, rules),
        damages: Some(Damages { rate: damages.rate, days }),
        mortgagee,
        agent: given.agent.as_ref().map(|agent| Agent {
            name: agent.name.clone(),
            address: agent.address.clone(),
            telephone: agent.telephone.clone(),
        }),
        property_numbers: numbers,
        attachments: attachments(case, given),
        seal_certificates: seal_certificates(case, given),
        third_party_consent: if given.third_party_consent {
            ThirdParty::ConsentNeeded
        } else {
            ThirdParty::None
        },
    }
}

/// The rate of each loan: the one frozen for the day, and before that the one of the fixed date (C-21).
fn interest(case: &Case, rules: &dyn Rules) -> BTreeMap<u8, Rate> {
    let frozen = case.frozen.as_deref().cloned().or_else(|| {
        let add_on = case.approval.as_ref().and_then(|approval| approval.screening_add_on);
        let guarantee: Option<&Guarantee> = case.guarantees.get(&case.content_version);
        let loans = guarantee.map(|guarantee| guarantee.decision.loans.as_slice()).unwrap_or_default();
        rules.freeze(&case.form, add_on, loans, super::price::decided_on(case), case.fixed.as_ref()?.date)
    });
    let loans = frozen.as_ref().and_then(|terms| terms.quote.get("loans")).and_then(|loans| loans.as_array());
    let rate = |loan: &serde_json::Value| {
        let number = u8::try_from(loan.get("loan_no")?.as_u64()?).ok()?;
        let rate = loan.pointer("/rate/applicable_rate")?.as_str()?;
        Some((number, Rate::parse(rate)?))
    };
    loans.into_iter().flatten().filter_map(rate).collect()
}

/// H-35: papers of the case that go with the filing.
fn attachments(case: &Case, given: &RegistrationFacts) -> BTreeSet<Attachment> {
    let of_paper = |paper: DocumentKind| match paper {
        DocumentKind::MortgageDeed => Some(Attachment::CauseInformation),
        DocumentKind::ResidentialBuildingCertificate => Some(Attachment::ResidentialBuildingCertificate),
        _ => None,
    };
    let papers = case.form.documents.iter().filter_map(|paper| of_paper(paper.document));
    papers.chain(given.attachments.iter().copied()).collect()
}

/// The latest seal certificate of each person (D.2); whoever has no paper with the case has that which the scrivener saw.
fn seal_certificates(case: &Case, given: &RegistrationFacts) -> BTreeMap<String, NaiveDate> {
    let papers = case.form.documents.iter().filter(|paper| paper.document == DocumentKind::SealCertificate);
    let known = papers.filter_map(|paper| Some((paper.party_id.clone()?, paper.issued_on?)));
    let told = given.seal_certificates.iter().map(|seal| (seal.party_id.clone(), seal.issued_on));
    let mut latest = BTreeMap::new();
    for (party, issued) in known.chain(told) {
        latest.entry(party).and_modify(|day: &mut NaiveDate| *day = issued.max(*day)).or_insert(issued);
    }
    if let Some(seen) = case.filings.values().filter_map(|filing| filing.seal_certificate_on).min() {
        for party in &case.form.parties {
            latest.entry(party.party_id.clone()).or_insert(seen);
        }
    }
    latest
}

/// The register as it was read. A seller without a name cannot pass a property on.
fn register(given: &RegistrationFacts, missing: &mut Vec<Problem>) -> BTreeMap<u16, RegisterEntry> {
    let mut entries = BTreeMap::new();
    for record in &given.register {
        let address =
            if record.former_address { RegisteredAddress::Former } else { RegisteredAddress::Present };
        let title = match record.title {
            RegisteredTitle::Nobody => Title::None,
            RegisteredTitle::Owner => Title::Owner(address),
            RegisteredTitle::Seller => {
                let name = record.seller_name.clone().unwrap_or_default();
                if name.trim().is_empty() {
                    missing.push(Problem::new(
                        format!("register.{}.seller_name", record.property_no),
                        "H-30",
                        ("売主の氏名がありません。", "The seller's name is missing."),
                        "登記名義人の氏名・名称 / the registered owner's name",
                    ));
                }
                Title::Seller { name, address }
            }
        };
        let mortgage = if record.mortgaged_later { When::Later } else { When::Now };
        entries.insert(record.property_no, RegisterEntry { title, mortgage });
    }
    entries
}
