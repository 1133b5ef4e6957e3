//! How long a case is kept, what stops its erasure, and what is left of it afterwards (L.2).
//!
//! Retention is counted in whole years from the end of the case. Two people of compliance release a case whose time is over;
//! the server then erases it. What stays is the *tombstone*: which case it was, how it ended, and by which class it was erased.

use super::case::{Case, new_case};
use super::event::Event;
use super::facts::PostingState;
use super::need::{Check, Need};
use super::refusal::Unmet;
use super::stage::Stage;
use super::verb::Command;
use super::work::Work;
use crate::form::{CardLoan, Form, SalaryTransfer, SalaryTransferStatus, TransactionConditions};
use crate::money::Yen;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

crate::terms! {
    /// Why data is kept (L.2).
    pub enum RetentionClass {
        Verification = "VERIFICATION", "取引時確認・取引記録", "Verification and transaction records";
        ContractFile = "CONTRACT_FILE", "契約書類", "Contract file";
        NotContracted = "NOT_CONTRACTED", "契約に至らない申込", "Application without a contract";
        Conflict = "CONFLICT", "利益相反の記録", "Conflict-of-interest records";
    }
}

crate::terms! {
    /// The day from which the years of a class count.
    pub enum KeptFrom {
        End = "END", "案件の終了", "End of the case";
        LoanEnd = "LOAN_END", "最終返済予定日（実行がない場合は契約の終了）", "Last repayment day of the schedule, or the end of the contract where nothing was lent";
    }
}

/// A class as data.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassRule {
    pub class: RetentionClass,
    pub years: u32,
    pub from: KeptFrom,
    /// Statute or assumption behind it.
    pub source: &'static str,
}

/// The classes that a case can fall under. What L.2 names beside them (agents' ledgers, the complaint file, the sealed declaration,
/// bureau data) is not held in a case: the bank sees the status of a declaration only (G-22), and the fact and day of a bureau answer.
pub const CLASSES: &[ClassRule] = &[
    ClassRule {
        class: RetentionClass::Verification,
        years: 7,
        from: KeptFrom::LoanEnd,
        source: "犯罪収益移転防止法 第6条・第7条",
    },
    ClassRule { class: RetentionClass::ContractFile, years: 10, from: KeptFrom::LoanEnd, source: "L.2" },
    ClassRule { class: RetentionClass::NotContracted, years: 7, from: KeptFrom::End, source: "L.2" },
    ClassRule { class: RetentionClass::Conflict, years: 5, from: KeptFrom::End, source: "L-108-3" },
];

/// What the case knows of its own keeping.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keeping {
    /// Day of the final stage, Tokyo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<LegalHold>,
    /// Two people have said that it may be erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Release>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
}

impl Keeping {
    /// Nothing to say yet: such a case is stored as it always was.
    pub fn is_empty(&self) -> bool {
        *self == Keeping::default()
    }
}

/// Nothing of the case is erased while it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    pub reason: String,
    pub by: String,
    pub since: NaiveDate,
}

/// The release for erasure, as two people saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The class that kept the case longest.
    pub class: RetentionClass,
    /// Last day on which it had to be kept.
    pub kept_until: NaiveDate,
    pub proposed_by: String,
    pub approved_by: String,
}

/// That the case was erased, when and by which class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub on: NaiveDate,
    pub class: RetentionClass,
    pub kept_until: NaiveDate,
    pub proposed_by: String,
    pub approved_by: String,
}

/// What is left of an erased case: nothing of any person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub number: String,
    pub stage: Stage,
    pub ended_on: Option<NaiveDate>,
    pub erasure: Erasure,
    /// The form without people, money and papers.
    pub form: Arc<Form>,
}

impl Tombstone {
    /// The tombstone of a case that was released.
    pub(super) fn of(case: &Case, release: &Release, on: NaiveDate) -> Tombstone {
        let Release { class, kept_until, proposed_by, approved_by } = release.clone();
        Tombstone {
            id: case.id.clone(),
            institution: case.institution.clone(),
            branch: case.branch.clone(),
            number: case.number.clone(),
            stage: case.stage,
            ended_on: case.keeping.ended_on,
            erasure: Erasure { on, class, kept_until, proposed_by, approved_by },
            form: Arc::new(without_people(&case.form)),
        }
    }

    /// The case as it stands from then on, at the version of the tombstone's entry.
    pub fn case(&self, version: u64) -> Case {
        let case = new_case(&self.id, &self.institution, &self.branch, None, self.form.clone());
        let keeping =
            Keeping { ended_on: self.ended_on, erased: Some(self.erasure.clone()), ..Keeping::default() };
        Case { number: self.number.clone(), stage: self.stage, version, keeping, ..case }
    }
}

/// What statistics need of a form (bank, product, purpose, days), and nothing of anybody.
fn without_people(form: &Form) -> Form {
    let mut form = form.clone();
    form.application_id.clear();
    form.tie_up_product = None;
    (form.requested_amount_yen, form.own_funds_yen) = (Yen(0), Yen(0));
    form.fund_uses.clear();
    form.existing_loan = None;
    form.loans.clear();
    form.parties.clear();
    form.insurance.clear();
    form.properties.clear();
    form.collateral_valuation.amount_yen = Yen(0);
    form.collateral_valuation.requirement_met = false;
    form.transaction_conditions = TransactionConditions {
        salary_transfer: SalaryTransfer { status: SalaryTransferStatus::None, as_of: None },
        card_loan: CardLoan { contracted_on: None },
        saving: None,
    };
    form.money_ahead = None;
    form.screening_add_on_percent = None;
    form.guarantor_decision = None;
    let account = &mut form.disbursement_account;
    for text in
        [&mut account.bank_code, &mut account.branch_code, &mut account.number, &mut account.holder_kana]
    {
        text.clear();
    }
    form.family_data_in_documents = false;
    form.outside_contacts.clear();
    form.direct_mail_consent = false;
    form.documents.clear();
    form.consents.clear();
    form
}

/// A class that keeps a case, and its last day.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    pub rule: &'static ClassRule,
    /// Absent while the case is open.
    pub until: Option<NaiveDate>,
}

/// The classes that keep a case.
pub fn kept(case: &Case) -> Vec<Kept> {
    let ended = case.keeping.ended_on.filter(|_| case.stage.is_final());
    let formed = case.contract.as_ref().is_some_and(|set| set.formed_on.is_some());
    let counts = |class| match class {
        RetentionClass::Verification | RetentionClass::ContractFile => formed,
        RetentionClass::NotContracted => !formed,
        RetentionClass::Conflict => !case.conflicts.is_empty(),
    };
    let until = |rule: &ClassRule| {
        let from = match rule.from {
            KeptFrom::End => ended?,
            KeptFrom::LoanEnd => loan_end(case, ended?),
        };
        from.checked_add_months(Months::new(12 * rule.years))
    };
    CLASSES.iter().filter(|rule| counts(rule.class)).map(|rule| Kept { rule, until: until(rule) }).collect()
}

/// The class that keeps the case longest and its last day; `None` while the case is open, or its end is not on record.
pub fn kept_until(case: &Case) -> Option<(RetentionClass, NaiveDate)> {
    let mut last: Option<(RetentionClass, NaiveDate)> = None;
    for kept in kept(case) {
        let until = kept.until?;
        if last.is_none_or(|(_, day)| until > day) {
            last = Some((kept.rule.class, until));
        }
    }
    last
}

/// The last repayment day of the schedule: an earlier repayment is known to servicing alone, so the longer time counts. Where no money is
/// out at the end, the end of the contract.
fn loan_end(case: &Case, ended: NaiveDate) -> NaiveDate {
    let lent = case.stage == Stage::HandedOver
        || case.postings.iter().any(|posting| posting.state == PostingState::Posted);
    let months = case.form.loans.iter().map(|loan| u32::from(loan.term_months)).max();
    match (lent, months) {
        // The first repayment may be a month after the disbursement (I-09).
        (true, Some(months)) => ended.checked_add_months(Months::new(months + 1)).unwrap_or(NaiveDate::MAX),
        _ => ended,
    }
}

/// Why the case is not erased today, or that it may be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Standing {
    /// The case is not over.
    Open,
    /// It ended under a version that did not note the day.
    EndUnknown,
    /// The time is not over.
    NotYet,
    /// A legal hold stands.
    Held,
    /// The time is over; two people have to release it.
    Due,
    /// Released: the next run erases it.
    Released,
    Erased,
}

impl Standing {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Standing::Open => "OPEN",
            Standing::EndUnknown => "END_UNKNOWN",
            Standing::NotYet => "NOT_YET",
            Standing::Held => "HELD",
            Standing::Due => "DUE",
            Standing::Released => "RELEASED",
            Standing::Erased => "ERASED",
        }
    }
}

/// How the case stands on a day.
pub fn standing(case: &Case, today: NaiveDate) -> Standing {
    let keeping = &case.keeping;
    if keeping.erased.is_some() {
        return Standing::Erased;
    }
    if !case.stage.is_final() {
        return Standing::Open;
    }
    if keeping.legal_hold.is_some() {
        return Standing::Held;
    }
    match kept_until(case) {
        None => Standing::EndUnknown,
        Some((_, until)) if until >= today => Standing::NotYet,
        Some(_) if keeping.released.is_some() => Standing::Released,
        Some(_) => Standing::Due,
    }
}

/// What is answered to everything that is asked of an erased case.
pub(super) fn erased_unmet(case: &Case) -> Unmet {
    let said = case.keeping.erased.as_ref().map(|erased| format!("{} {}", erased.class, erased.on));
    Unmet { rule: Some("L.2".to_owned()), ..Unmet::of(Check::N(Need::NotErased), said.as_deref()) }
}

/// Release and erasure: the facts of their rows.
pub(super) fn carry_out(work: &mut Work<'_>, command: &Command) {
    match command {
        Command::ReleaseForErasure {} => {
            let Some((class, kept_until)) = kept_until(&work.case) else { return };
            let approved_by = work.ctx.actor.subject.clone();
            let proposed_by = work.proposer.clone().unwrap_or_else(|| approved_by.clone());
            let release = Release { class, kept_until, proposed_by, approved_by };
            work.fact(Event::ReleasedForErasure { release });
        }
        Command::EraseCase {} => {
            let Some(release) = work.case.keeping.released.clone() else { return };
            let tombstone = Tombstone::of(&work.case, &release, work.ctx.today());
            work.fact(Event::Erased { tombstone: Box::new(tombstone) });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ended(stage: Stage) -> Case {
        let form = Arc::new(Sample::Purchase.form().unwrap());
        let mut case = new_case("c-1", "2951", "101", Some("taro".to_owned()), form);
        case.stage = stage;
        case.keeping.ended_on = stage.is_final().then(|| day("2026-06-10"));
        case
    }

    #[test]
    fn a_declined_application_is_kept_seven_years_from_its_end() {
        let case = ended(Stage::Declined);
        assert_eq!(kept_until(&case), Some((RetentionClass::NotContracted, day("2033-06-10"))));
        assert_eq!(standing(&case, day("2033-06-10")), Standing::NotYet);
        assert_eq!(standing(&case, day("2033-06-11")), Standing::Due);
    }

    #[test]
    fn a_loan_is_kept_for_its_life_and_ten_years_more() {
        let mut case = ended(Stage::HandedOver);
        case.contract.get_or_insert_default().formed_on = Some(day("2026-05-01"));
        Arc::make_mut(&mut case.form).loans[0].term_months = 420;
        // 2026-06-10, 421 months and ten years on.
        assert_eq!(kept_until(&case), Some((RetentionClass::ContractFile, day("2071-07-10"))));
        assert_eq!(kept(&case).len(), 2);
    }

    #[test]
    fn what_is_open_held_or_of_an_earlier_version_is_not_due() {
        let late = day("2099-01-01");
        assert_eq!(standing(&ended(Stage::Screening), late), Standing::Open);
        let mut held = ended(Stage::Withdrawn);
        let hold = LegalHold { reason: "dispute".to_owned(), by: "mio".to_owned(), since: late };
        held.keeping.legal_hold = Some(hold);
        assert_eq!(standing(&held, late), Standing::Held);
        let mut unknown = ended(Stage::Withdrawn);
        unknown.keeping.ended_on = None;
        assert_eq!(standing(&unknown, late), Standing::EndUnknown);
    }

    #[test]
    fn a_tombstone_names_nobody_and_gives_the_case_again() {
        let case = ended(Stage::Declined);
        let release = Release {
            class: RetentionClass::NotContracted,
            kept_until: day("2033-06-10"),
            proposed_by: "mio".to_owned(),
            approved_by: "ken".to_owned(),
        };
        let tombstone = Tombstone::of(&case, &release, day("2033-07-01"));
        let left = serde_json::to_string(&tombstone).unwrap();
        let applicant = case.form.applicant().unwrap();
        let account = &case.form.disbursement_account.number;
        for personal in [&applicant.name_kanji, &applicant.name_kana, &applicant.phone, account] {
            assert!(!personal.is_empty() && !left.contains(personal.as_str()), "{personal} is left");
        }
        let after = tombstone.case(9);
        assert_eq!((after.stage, after.version, after.applicant.as_ref()), (Stage::Declined, 9, None));
        assert_eq!(standing(&after, day("2033-07-02")), Standing::Erased);
    }
}
