//! From a case to its letters: which it has, and what stands in each.
//!
//! Everything comes from the record of the case and from the book that judges it. The same version of a case gives the same letter.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::case::{Case, FrozenTerms};
use super::facts::{Posting, PostingState};
use super::filing_desk::registration_papers;
use super::letter_words::{charged, papers_to_bring, plain, planned_fees};
use super::notice::NoticeValue;
use super::role::Role;
use super::rules::Rules;
use super::stage::Stage;
use super::track::{Track, TrackState};
use super::verb::Verb;
use crate::form::{Loan, Owner, Party, Problem, Share};
use crate::letters::{
    Addressee, Amount, Appointment, Approval, Called, Contradiction, Cost, Day, Decline, Disbursement,
    FORMAT, Filing, Head, Language, Letter, LetterKind, LoanDisbursed, LoanSchedule, LoanTerms, Percent,
    Person, Property, Registration, Repayment, Request, Schedule, Totals,
};
use crate::money::{Rate, Yen};
use crate::product::fees::Fees;
use crate::registration::mortgaged;
use crate::repayment::LoanPlan;

/// Why there is no letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLetter {
    /// The case does not have it, or no longer.
    Absent,
    /// Its figures contradict each other or the record.
    Wrong(Vec<Problem>),
}

/// The letters that a case has, in the order of its life.
pub fn letters(case: &Case) -> Vec<LetterKind> {
    LetterKind::ALL.iter().copied().filter(|kind| has(case, *kind)).collect()
}

/// Does the record hold what the letter tells?
fn has(case: &Case, kind: LetterKind) -> bool {
    if case.keeping.erased.is_some() || case.number.is_empty() {
        return false;
    }
    match kind {
        LetterKind::Approval => approval_stands(case),
        LetterKind::Decline => case.stage == Stage::Declined && case.keeping.ended_on.is_some(),
        LetterKind::Appointment => case.contract.is_some() && approval_stands(case),
        LetterKind::Schedule => main_terms(case).is_some(),
        LetterKind::Disbursement => {
            posted(case).is_some_and(|posting| posting.drawing || main_terms(case).is_some())
        }
        LetterKind::Registration => case.on(Track::Reg).any(|filing| asked(filing.state)),
    }
}

/// Nobody is told terms that do not count any more.
fn approval_stands(case: &Case) -> bool {
    let ended = matches!(
        case.stage,
        Stage::Declined
            | Stage::ApprovalRescinded
            | Stage::ApprovalExpired
            | Stage::Withdrawn
            | Stage::Discarded
            | Stage::ContractTerminated
    );
    case.approval.is_some() && case.change.is_none() && !ended
}

/// The frozen terms of the whole loan, from the day on which they are frozen for it; a drawing has no schedule (S-09).
fn main_terms(case: &Case) -> Option<&FrozenTerms> {
    let day = matches!(
        case.stage,
        Stage::Ready | Stage::Disbursing | Stage::Reconciling | Stage::Disbursed | Stage::HandedOver
    );
    let drawing = case.fixed.as_ref().is_some_and(|fixed| fixed.drawing_yen.is_some());
    case.frozen.as_deref().filter(|_| day && !drawing)
}

/// The money that is out, the last of it.
fn posted(case: &Case) -> Option<&Posting> {
    case.postings.iter().rev().find(|posting| posting.state == PostingState::Posted)
}

/// Has the scrivener been asked to file?
pub(super) fn asked(state: TrackState) -> bool {
    use TrackState::{Cancelled, Deferred, NotInstructed, Withdrawn};
    !matches!(state, NotInstructed | Deferred | Cancelled | Withdrawn)
}

/// The verbs the last of which gives the letter its date; none where the case itself says it.
pub const fn dated_by(kind: LetterKind) -> &'static [Verb] {
    match kind {
        // An appointment that was moved is told anew, with another day of issue.
        LetterKind::Appointment => &[Verb::StartContracting, Verb::ArrangeSigning],
        LetterKind::Registration => &[Verb::InstructScrivener],
        LetterKind::Approval | LetterKind::Decline | LetterKind::Schedule | LetterKind::Disbursement => &[],
    }
}

/// A letter of a case. `told_on` is the Tokyo day of the last entry with a verb of [`dated_by`]. Errors: the case does not have
/// it, or what stands in it cannot be true; then nobody gets it.
pub fn letter(
    case: &Case,
    rules: &dyn Rules,
    kind: LetterKind,
    language: Language,
    told_on: Option<NaiveDate>,
) -> Result<Request, NoLetter> {
    if !has(case, kind) {
        return Err(NoLetter::Absent);
    }
    let desk = Desk { case, rules, language };
    let (letter, issued_on) = match kind {
        LetterKind::Approval => desk.approval(),
        LetterKind::Decline => case.keeping.ended_on.map(|on| (desk.decline(), on)),
        LetterKind::Appointment => desk.appointment().zip(told_on),
        LetterKind::Schedule => desk.schedule()?,
        LetterKind::Disbursement => desk.disbursement(),
        LetterKind::Registration => told_on.map(|on| (desk.registration(), on)),
    }
    .ok_or(NoLetter::Absent)?;
    let addressee = match kind {
        LetterKind::Registration => desk.scrivener(),
        _ => desk.applicant().ok_or(NoLetter::Absent)?,
    };
    let institution = &case.form.institution;
    let head = Head {
        bank: institution.bank_name.clone(),
        branch: institution.branch_name.clone(),
        reference: case.number.clone(),
        issued_on: day(issued_on),
        addressee,
    };
    let request = Request { format: FORMAT, language, head, letter };
    // What cannot be read again is no letter: an amount below nought, a day that no calendar has.
    let readable = serde_json::to_value(&request).and_then(serde_json::from_value::<Request>);
    if readable.is_err() {
        return Err(NoLetter::Wrong(vec![Problem {
            field: "letter".to_owned(),
            rule: "LETTER",
            message_ja: "書面にできない数値があります".to_owned(),
            message_en: "a figure stands outside of what a letter can say".to_owned(),
            accepted: "amounts from nought on, days of the calendar".to_owned(),
        }]));
    }
    request.check().map_err(|found| NoLetter::Wrong(found.into_iter().map(told).collect()))?;
    Ok(request)
}

/// A case at the desk that writes its letters.
struct Desk<'a> {
    case: &'a Case,
    rules: &'a dyn Rules,
    language: Language,
}

impl Desk<'_> {
    fn approval(&self) -> Option<(Letter, NaiveDate)> {
        let approval = self.case.approval.as_ref()?;
        let letter = Approval {
            received_on: day(self.received_on()),
            product: self.product(),
            amount: yen(approval.form.requested_amount_yen),
            loans: self.loans(&approval.form.loans),
            screening_add_on: approval
                .screening_add_on
                .filter(|points| !points.is_zero())
                .and_then(|points| percent(Rate(points))),
            conditions: approval.conditions.iter().map(|one| one.condition.text.clone()).collect(),
            valid_until: day(approval.valid_until),
        };
        Some((Letter::Approval(letter), approval.approved_on))
    }

    fn decline(&self) -> Letter {
        Letter::Decline(Decline { received_on: day(self.received_on()) })
    }

    fn appointment(&self) -> Option<Letter> {
        let case = self.case;
        let fees = planned_fees(case, self.rules)?;
        let bring = papers_to_bring().into_iter().map(|paper| self.value(paper)).collect();
        let meeting = case.contract.as_ref().map(|contract| &contract.meeting);
        Some(Letter::Appointment(Appointment {
            on: case.contract.as_ref().and_then(|contract| contract.appointment).map(day),
            time: meeting.and_then(|meeting| meeting.time).map(|time| time.to_string()),
            place: meeting.and_then(|meeting| meeting.place.clone()),
            product: self.product(),
            amount: Amount::of(case.amount_yen()),
            loans: self.loans(&case.form.loans),
            signatories: case.form.liable().map(|party| party.name_kanji.clone()).collect(),
            bring,
            costs: self.costs(&fees),
            costs_total: yen(fees.total_yen),
            planned_on: day(case.planned_date()),
        }))
    }

    /// The engine's own schedules at the frozen rates. Errors: they are not those that were frozen.
    fn schedule(&self) -> Result<Option<(Letter, NaiveDate)>, NoLetter> {
        let case = self.case;
        let (Some(terms), Some(book)) = (main_terms(case), self.rules.book_of(&case.form)) else {
            return Ok(None);
        };
        let mut loans = Vec::with_capacity(case.form.loans.len());
        for loan in &case.form.loans {
            let frozen = frozen_loan(terms, loan.loan_no).ok_or(NoLetter::Absent)?;
            let rate = rate_of(frozen).ok_or(NoLetter::Absent)?;
            let plan = LoanPlan::new(loan, &book.terms, rate, terms.date);
            let paid = frozen["monthly"]["payment_yen"].as_i64();
            let interest = frozen["total_interest_yen"].as_i64();
            if paid != Some(plan.monthly.payment.0) || interest != Some(plan.total_interest().0) {
                return Err(NoLetter::Wrong(vec![Problem {
                    field: format!("letter.loans.{}", loan.loan_no),
                    rule: "J-02",
                    message_ja: "確定した条件と返済予定が一致しません".to_owned(),
                    message_en: "the schedule is not the one that was frozen".to_owned(),
                    accepted: "the schedule of the frozen terms".to_owned(),
                }]));
            }
            let special = frozen["special_term_end"].as_str().and_then(|day| day.parse().ok());
            loans.push(self.loan_schedule(loan, rate, &plan, special).ok_or(NoLetter::Absent)?);
        }
        let letter = Schedule { disbursed_on: day(terms.date), loans };
        Ok(Some((Letter::Schedule(letter), terms.date)))
    }

    fn loan_schedule(
        &self,
        loan: &Loan,
        rate: Rate,
        plan: &LoanPlan,
        special_term_end: Option<NaiveDate>,
    ) -> Option<LoanSchedule> {
        let rows = merged(plan);
        let sum = |of: fn(&Repayment) -> Amount| -> Amount { rows.iter().map(of).sum() };
        let totals = Totals {
            payment: sum(|row| row.payment),
            principal: sum(|row| row.principal),
            interest: sum(|row| row.interest),
            bonus: sum(|row| row.bonus),
        };
        Some(LoanSchedule {
            loan_no: loan.loan_no,
            amount: yen(loan.amount_yen),
            rate: percent(rate)?,
            rate_type: self.words(loan.rate_type.ja(), loan.rate_type.code()),
            term_months: loan.term_months,
            special_term_end: special_term_end.map(day),
            rows,
            totals,
        })
    }

    fn disbursement(&self) -> Option<(Letter, NaiveDate)> {
        let case = self.case;
        let posting = posted(case)?;
        let terms = main_terms(case).filter(|_| !posting.drawing);
        let fees = terms.filter(|_| !case.has_drawing()).and_then(|terms| terms.quote.get("fees"));
        let fees: Option<Fees> = fees.and_then(|fees| serde_json::from_value(fees.clone()).ok());
        let loans = case.form.loans.iter().filter_map(|loan| {
            let frozen = frozen_loan(terms?, loan.loan_no)?;
            let on = |field: &str| Day::parse(frozen["monthly"][field].as_str()?);
            let paid = |value: &Value| value.as_i64().map(Amount::of);
            Some(LoanDisbursed {
                loan_no: loan.loan_no,
                amount: yen(loan.amount_yen),
                rate: percent(rate_of(frozen)?)?,
                rate_type: self.words(loan.rate_type.ja(), loan.rate_type.code()),
                monthly_payment: paid(&frozen["monthly"]["payment_yen"])?,
                payment_in_bonus_month: paid(&frozen["payment_in_bonus_month_yen"]),
                first_repayment_on: on("first_repayment_date")?,
                final_repayment_on: on("last_repayment_date")?,
            })
        });
        let number = &case.form.disbursement_account.number;
        let letter = Disbursement {
            on: day(posting.date),
            amount: Amount::of(posting.amount_yen),
            drawing: posting.drawing,
            account_tail: number.get(number.len().saturating_sub(3)..).unwrap_or_default().to_owned(),
            loans: loans.collect(),
            costs: fees.as_ref().map(|fees| self.costs(fees)).unwrap_or_default(),
            costs_total: fees.map_or(Amount::ZERO, |fees| yen(fees.total_yen)),
        };
        Some((Letter::Disbursement(letter), posting.date))
    }

    fn registration(&self) -> Letter {
        let case = self.case;
        let papers = registration_papers(case, self.rules);
        let filings = papers.filings.iter().map(|filing| Filing {
            number: filing.number,
            purpose: filing.purpose.clone(),
            properties: filing.properties.clone(),
            tax: filing.tax_yen.map(yen),
        });
        let properties = mortgaged(&case.form).map(|property| Property {
            number: property.property_no,
            kind: self.words(property.kind.ja(), property.kind.code()),
            location: property.location.clone(),
            lot: property.number.clone(),
            owners: property.owners.iter().map(|owner| self.owner(owner)).collect(),
        });
        let missing = papers.missing.iter().map(|problem| match self.language {
            Language::Ja => problem.message_ja.clone(),
            Language::En => problem.message_en.clone(),
        });
        let mut missing: Vec<String> = missing.collect();
        missing.dedup();
        Letter::Registration(Registration {
            office: case.filing_facts.as_ref().map(|facts| facts.office.clone()),
            contracted_on: case.contract.as_ref().and_then(|contract| contract.formed_on).map(day),
            planned_on: day(case.planned_date()),
            claim: Amount::of(case.amount_yen()),
            debtors: case.form.debtors().map(person).collect(),
            properties: properties.collect(),
            filings: filings.collect(),
            tax: papers.application.map(|application| yen(application.tax.payable_yen)),
            missing,
        })
    }

    fn applicant(&self) -> Option<Addressee> {
        let party = self.case.form.applicant()?;
        Some(Addressee {
            postal_code: Some(party.address.postal_code.clone()),
            address: Some(address(party)),
            name: party.name_kanji.clone(),
            called: Called::Person,
        })
    }

    /// The scrivener on record, and before that whoever is engaged.
    fn scrivener(&self) -> Addressee {
        if let Some(facts) = &self.case.filing_facts {
            let (name, address) = (facts.agent.name.clone(), Some(facts.agent.address.clone()));
            return Addressee { postal_code: None, address, name, called: Called::Scrivener };
        }
        let engaged = self.case.engagements.get(&Role::Scrivener).cloned();
        let (name, called) = match engaged {
            Some(organisation) => (organisation, Called::Organisation),
            None => (self.language.say("担当司法書士", "The judicial scrivener"), Called::Scrivener),
        };
        Addressee { postal_code: None, address: None, name, called }
    }

    fn owner(&self, owner: &Owner) -> String {
        let party = owner.party_id.as_deref().and_then(|id| self.case.form.party(id));
        let name = party.map(|party| party.name_kanji.clone()).or_else(|| owner.name.clone());
        let Share { part, whole } = owner.share;
        format!("{} {part}/{whole}", name.unwrap_or_default())
    }

    fn received_on(&self) -> NaiveDate {
        let received = self.case.received_at.map(crate::calendar::tokyo_date);
        received.unwrap_or_else(|| self.case.form.received_date())
    }

    fn product(&self) -> String {
        self.words(self.case.form.product.ja(), self.case.form.product.code())
    }

    fn loans(&self, loans: &[Loan]) -> Vec<LoanTerms> {
        let told = |loan: &Loan| LoanTerms {
            loan_no: loan.loan_no,
            amount: yen(loan.amount_yen),
            term_months: loan.term_months,
            rate_type: self.words(loan.rate_type.ja(), loan.rate_type.code()),
            fee_plan: self.words(loan.fee_plan.ja(), loan.fee_plan.code()),
        };
        loans.iter().map(told).collect()
    }

    fn costs(&self, fees: &Fees) -> Vec<Cost> {
        let lines = charged(fees).into_iter();
        lines.map(|(ja, en, amount)| Cost { label: self.language.say(ja, en), amount: yen(amount) }).collect()
    }

    fn words(&self, ja: &str, code: &str) -> String {
        let said = self.language.say(ja, &plain(code));
        match self.language {
            Language::Ja => said,
            Language::En => capitalised(&said),
        }
    }

    fn value(&self, value: NoticeValue) -> String {
        match value {
            NoticeValue::Said { ja, en } => self.language.say(&ja, &en),
            NoticeValue::Plain(text) => text,
            NoticeValue::Yen { yen } => Yen(yen).to_string(),
            NoticeValue::Percent { percent } => percent.to_string(),
            NoticeValue::Day { day } => day.to_string(),
        }
    }
}

/// Monthly and bonus part by day of repayment. A bonus part has its own balance, which stands until its next day.
fn merged(plan: &LoanPlan) -> Vec<Repayment> {
    let bonus = plan.bonus.as_ref();
    let of_bonus = |due: NaiveDate| bonus.and_then(|bonus| bonus.rows.iter().find(|row| row.due == due));
    let mut bonus_left = bonus.map_or(Yen::ZERO, |bonus| bonus.principal);
    let monthly = &plan.monthly;
    let mut monthly_left = monthly.principal;
    let mut days: Vec<NaiveDate> = monthly.rows.iter().map(|row| row.due).collect();
    days.extend(bonus.iter().flat_map(|bonus| bonus.rows.iter().map(|row| row.due)));
    days.sort();
    days.dedup();
    let mut rows = Vec::with_capacity(days.len());
    let mut of_month = monthly.rows.iter().peekable();
    for (number, due) in (1..).zip(days) {
        let month = of_month.next_if(|row| row.due == due);
        let half = of_bonus(due);
        monthly_left = month.map_or(monthly_left, |row| row.balance);
        bonus_left = half.map_or(bonus_left, |row| row.balance);
        let both = |of: fn(&crate::repayment::Row) -> Yen| {
            yen(month.map_or(Yen::ZERO, of) + half.map_or(Yen::ZERO, of))
        };
        rows.push(Repayment {
            number,
            due: day(due),
            payment: both(|row| row.payment),
            principal: both(|row| row.principal),
            interest: both(|row| row.interest),
            bonus: yen(half.map_or(Yen::ZERO, |row| row.payment)),
            balance: yen(monthly_left + bonus_left),
        });
    }
    rows
}

fn frozen_loan(terms: &FrozenTerms, loan_no: u8) -> Option<&Value> {
    let loans = terms.quote.get("loans")?.as_array()?;
    loans.iter().find(|loan| loan["loan_no"].as_u64() == Some(u64::from(loan_no)))
}

fn rate_of(loan: &Value) -> Option<Rate> {
    Rate::parse(loan.pointer("/rate/applicable_rate")?.as_str()?)
}

fn yen(yen: Yen) -> Amount {
    Amount::of(yen.0)
}

fn day(date: NaiveDate) -> Day {
    Day::of(date.year(), date.month(), date.day())
}

fn percent(rate: Rate) -> Option<Percent> {
    Percent::parse(&rate.three_decimals().to_string())
}

fn told(found: Contradiction) -> Problem {
    let Contradiction { field, rule, message_ja, message_en, accepted } = found;
    Problem { field, rule, message_ja: message_ja.to_owned(), message_en: message_en.to_owned(), accepted }
}

fn person(party: &Party) -> Person {
    Person { name: party.name_kanji.clone(), address: address(party) }
}

/// The prefecture stands once, whether or not the text begins with it.
/// A postal address in one line.
pub fn address(party: &Party) -> String {
    let (prefecture, text) = (&party.address.prefecture, &party.address.text);
    if text.starts_with(prefecture.as_str()) { text.clone() } else { format!("{prefecture}{text}") }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
