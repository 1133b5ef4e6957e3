//! From a case to its application for the registration (H-30 to H-36) and to the filings in their order (H-37, H-39).
//!
//! Everything comes from the case: what its steps know, the register as it was read, and the filing's own facts on record.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::{Case, Guarantee};
use super::rules::Rules;
use super::subject::SECOND_FILING;
use super::track::Track;
use crate::Rate;
use crate::form::{DocumentKind, Problem};
use crate::product::Book;
use crate::registration::{
    Agent, Attachment, CorporateNumber, Damages, DayCount, FilingFacts, LinkedFiling, Mortgagee,
    PropertyNumber, RegisterEntry, RegisteredAddress, RegistrationApplication, ThirdParty, Title, When,
    linked_filings, mortgage_application, registration_tax,
};

/// What the filing needs beyond the steps of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilingRecord {
    /// Registry office.
    pub office: String,
    /// The bank as it stands in the register.
    pub bank: BankInRegister,
    /// The scrivener who files for both sides.
    pub agent: FilingAgent,
    /// Day of the filing; without it the fixed date of the disbursement.
    #[serde(default)]
    pub filing_date: Option<NaiveDate>,
    /// Day of the mortgage deed; without it that of the contract.
    #[serde(default)]
    pub deed_date: Option<NaiveDate>,
    /// Attached information at hand beyond the papers of the case.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Issue days of seal certificates beyond the papers of the case.
    #[serde(default)]
    pub seal_certificates: Vec<SealCertificate>,
    /// A third party's right makes a consent necessary.
    #[serde(default)]
    pub third_party_consent: bool,
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
    /// Property number of thirteen digits, where it is known.
    #[serde(default)]
    pub number: Option<String>,
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

/// The registration of a case from what is on record. Whatever is missing for the application or for the order of the filings is
/// named, each with its field and rule; then there is no application.
pub fn registration_papers(case: &Case, rules: &dyn Rules) -> RegistrationPapers {
    let Some(book) = rules.book_of(&case.form) else { return RegistrationPapers::default() };
    let mut missing = vec![];
    let facts = facts(case, rules, &book, &mut missing);
    let application = match mortgage_application(&case.form, &book.terms, &facts) {
        Ok(application) => Some(application),
        Err(problems) => {
            missing.extend(problems);
            None
        }
    };
    let date = facts.filing_date.unwrap_or_else(|| case.planned_date());
    let tax = registration_tax(&case.form, &book.terms, date);
    let filings = match linked_filings(&case.form, &book.terms, &register(case), &tax) {
        Ok(filings) => filings,
        Err(problems) => {
            missing.extend(problems);
            vec![]
        }
    };
    RegistrationPapers { application: application.filter(|_| missing.is_empty()), filings, missing }
}

/// What the case knows and what is on record.
fn facts(case: &Case, rules: &dyn Rules, book: &Book, missing: &mut Vec<Problem>) -> FilingFacts {
    let given = case.filing_facts.as_deref();
    let formed = case.contract.as_ref().and_then(|contract| contract.formed_on);
    let loans = case.form.loans.iter().map(|loan| loan.loan_no);
    let damages = &book.terms.servicing.damages;
    let days = if damages.days_per_year == 365 { DayCount::Of365 } else { DayCount::Unstated };
    let mut numbers = BTreeMap::new();
    for record in case.register.iter().flat_map(|reading| &reading.records) {
        let Some(number) = &record.number else { continue };
        let field = format!("register.{}.number", record.property_no);
        match PropertyNumber::parse(&field, number) {
            Ok(number) => drop(numbers.insert(record.property_no, number)),
            Err(problem) => missing.push(Problem { rule: "H-36", ..problem }),
        }
    }
    let mortgagee = given.and_then(|given| {
        let number = CorporateNumber::parse("mortgagee.corporate_number", &given.bank.corporate_number);
        let number = number.map_err(|problem| missing.push(Problem { rule: "H-34", ..problem })).ok()?;
        Some(Mortgagee {
            address: given.bank.address.clone(),
            name: book.bank_name.clone(),
            corporate_number: Some(number),
            representative: given.bank.representative.clone(),
            handling_branch: given.bank.handling_branch.clone(),
        })
    });
    let filing_date = given.and_then(|given| given.filing_date);
    let consent = given.is_some_and(|given| given.third_party_consent);
    FilingFacts {
        filing_date: filing_date.or_else(|| case.fixed.as_ref().map(|fixed| fixed.date)),
        office: given.map(|given| given.office.clone()),
        contract_dates: loans.filter_map(|loan| Some((loan, formed?))).collect(),
        deed_date: given.and_then(|given| given.deed_date).or(formed),
        interest: interest(case, rules),
        damages: Some(Damages { rate: damages.rate, days }),
        mortgagee,
        agent: given.map(|given| Agent {
            name: given.agent.name.clone(),
            address: given.agent.address.clone(),
            telephone: given.agent.telephone.clone(),
        }),
        property_numbers: numbers,
        attachments: attachments(case, given),
        seal_certificates: seal_certificates(case, given),
        third_party_consent: if consent { ThirdParty::ConsentNeeded } else { ThirdParty::None },
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
fn attachments(case: &Case, given: Option<&FilingRecord>) -> BTreeSet<Attachment> {
    let of_paper = |paper: DocumentKind| match paper {
        DocumentKind::MortgageDeed => Some(Attachment::CauseInformation),
        DocumentKind::ResidentialBuildingCertificate => Some(Attachment::ResidentialBuildingCertificate),
        _ => None,
    };
    let papers = case.form.documents.iter().filter_map(|paper| of_paper(paper.document));
    papers.chain(given.into_iter().flat_map(|given| given.attachments.iter().copied())).collect()
}

/// The latest seal certificate of each person (D.2); whoever has no paper with the case has that which the scrivener saw.
fn seal_certificates(case: &Case, given: Option<&FilingRecord>) -> BTreeMap<String, NaiveDate> {
    let papers = case.form.documents.iter().filter(|paper| paper.document == DocumentKind::SealCertificate);
    let known = papers.filter_map(|paper| Some((paper.party_id.clone()?, paper.issued_on?)));
    let told = given.into_iter().flat_map(|given| &given.seal_certificates);
    let told = told.map(|seal| (seal.party_id.clone(), seal.issued_on));
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

/// The register as it was read.
fn register(case: &Case) -> BTreeMap<u16, RegisterEntry> {
    let records = case.register.iter().flat_map(|reading| &reading.records);
    let entry = |record: &RegisterRecord| {
        let address =
            if record.former_address { RegisteredAddress::Former } else { RegisteredAddress::Present };
        let title = match record.title {
            RegisteredTitle::Nobody => Title::None,
            RegisteredTitle::Owner => Title::Owner(address),
            RegisteredTitle::Seller => {
                Title::Seller { name: record.seller_name.clone().unwrap_or_default(), address }
            }
        };
        // S-09: what drawings paid for is added to the mortgage by the second filing.
        let added = case.instance(Track::Reg, SECOND_FILING).is_some()
            && case.completed.contains_key(&record.property_no);
        let mortgage = if record.mortgaged_later || added { When::Later } else { When::Now };
        (record.property_no, RegisterEntry { title, mortgage })
    };
    records.map(entry).collect()
}
