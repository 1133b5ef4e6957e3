//! What a row does: one arm per command, exhaustive. The row has been judged; here it is taken and its facts recorded.

use super::ahead;
use super::case::{Approval, Case, ContractFact, Deferral};
use super::effect::PartnerMessage;
use super::event::{Event, RelaxedStep};
use super::facts::*;
use super::record::{Payee, RegisterReading};
use super::role::Role;
use super::row::{Place, Row};
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::form::{PropertyKind, QualificationRoute};
use chrono::NaiveDate;
use std::sync::Arc;

/// Takes `row` for `command` and everything that follows from it.
pub(super) fn carry_out(work: &mut Work<'_>, command: &Command, row: &Row) {
    let key = match row.place {
        Place::Track { .. } => super::subject::key_of(command, &work.case),
        Place::Main { .. } | Place::Fact { .. } => None,
    };
    before(work, command);
    work.take(row, key.as_deref());
    after(work, command, row);
    // A fact that is recorded of a case that has ended leaves what still waits there: a review, say.
    if work.case.stage.is_final() && !matches!(row.place, Place::Fact { .. }) {
        end(work);
    }
}

/// Facts that belong before the move, because the move's consequences read them.
fn before(work: &mut Work<'_>, command: &Command) {
    use Command as C;
    match command {
        C::SubmitApplication { received_at, external_id } => submit(work, *received_at, external_id.clone()),
        C::EditDraft { form } => {
            let content_version = work.case.content_version;
            work.fact(Event::ContentReplaced { form: Arc::new(form.clone()), content_version });
        }
        C::RecordDefects { defects } | C::ReturnContract { defects } => {
            work.fact(Event::DefectsRecorded { defects: defects.clone() });
        }
        C::ReceiveDocuments { documents, consents } => {
            work.fact(Event::DocumentsReceived { documents: documents.clone(), consents: consents.clone() });
        }
        C::ApproveLoan { screening_add_on, conditions }
        | C::ApproveWithConditions { screening_add_on, conditions } => {
            approve(work, *screening_add_on, conditions);
        }
        C::EvidenceCondition { code, evidence } => {
            work.fact(Event::ConditionEvidenced { code: code.clone(), evidence: evidence.clone() });
        }
        C::AcceptTerms { code } => {
            let evidence = format!("{} {}", work.ctx.today(), work.ctx.actor.subject);
            work.fact(Event::ConditionEvidenced { code: code.clone(), evidence });
        }
        C::RecordGround { ground, note } => {
            work.fact(Event::GroundRecorded { ground: *ground, note: note.clone() })
        }
        C::ClearGround { ground, note } => {
            work.fact(Event::GroundCleared { ground: *ground, note: note.clone() })
        }
        C::ReportArrears { overdue } => work.fact(Event::ArrearsReported { overdue: *overdue }),
        C::RecordDeath { party_id } => work.fact(Event::DeathRecorded { party_id: party_id.clone() }),
        C::LinkBridge { case_number, outstanding, principal_yen, interest_yen, due_on } => {
            let review = principal_yen.filter(|_| *outstanding).map(|yen| {
                ahead::bridge_review(&work.case, work.ctx.rules, work.ctx.today(), crate::Yen(yen), *due_on)
            });
            let terms = review.and_then(Result::ok);
            work.fact(Event::BridgeLinked {
                case_number: case_number.clone(),
                outstanding: *outstanding,
                principal_yen: *principal_yen,
                interest_yen: *interest_yen,
                due_on: due_on.or(terms.map(|terms| terms.due_on)),
                terms,
            });
        }
        C::RecordBridgePlan { plan } => work.fact(Event::BridgePlanned { plan: plan.clone() }),
        C::AllowInsuranceException { party_id, reason } => {
            work.fact(Event::InsuranceExceptionAllowed {
                party_id: party_id.clone(),
                reason: reason.clone(),
            });
        }
        C::AllowAccountException { reason } => {
            work.fact(Event::AccountExceptionAllowed { reason: reason.clone() })
        }
        C::DeclareConflict { subject, relation, note } => {
            super::approval::declare(work, subject.as_ref(), *relation, note);
        }
        C::LiftConflict { subject, reason } => {
            work.fact(Event::ConflictLifted { subject: subject.clone(), reason: reason.clone() });
        }
        C::OpenCaseInEmergency { .. } | C::EndEmergencyAccess { .. } | C::ReviewEmergencyAccess { .. } => {
            super::emergency::carry_out(work, command);
        }
        C::WithdrawConsent { .. } | C::RenewConsent { .. } => super::consent::change(work, command),
        C::AskBank { .. } | C::AnswerGuarantor { .. } => super::question::carry_out(work, command),
        C::AttachPaper { .. } | C::CheckPaper { .. } => super::papers::change(work, command),
        C::PlaceLegalHold { reason } => {
            let by = work.ctx.actor.subject.clone();
            work.fact(Event::LegalHoldPlaced { reason: reason.clone(), by });
        }
        C::LiftLegalHold { reason } => work.fact(Event::LegalHoldLifted { reason: reason.clone() }),
        C::AddMemo { text } => work.fact(Event::MemoAdded { text: text.clone() }),
        _ => before_contract_and_money(work, command),
    }
}

fn before_contract_and_money(work: &mut Work<'_>, command: &Command) {
    use Command as C;
    match command {
        C::StartContracting { .. }
        | C::ArrangeSigning { .. }
        | C::ScheduleDisbursement { .. }
        | C::LiftHold { .. }
        | C::ArrangeSettlement { .. } => super::meeting::carry_out(work, command),
        C::RecordExplanation { party_id, booklet_version } => {
            work.fact(Event::EvidenceNamed { text: booklet_version.clone() });
            super::registers::explained(work, party_id, booklet_version);
            work.fact(Event::Signatory { party_id: party_id.clone(), fact: ContractFact::Explained });
        }
        C::VerifyIdentity { party_id, method } => {
            work.fact(Event::EvidenceNamed { text: method.clone() });
            work.fact(Event::Signatory { party_id: party_id.clone(), fact: ContractFact::Identified });
        }
        C::SignContract { party_id } => {
            work.fact(Event::Signatory { party_id: party_id.clone(), fact: ContractFact::Signed });
        }
        C::AcceptContract { contract_date } => {
            work.fact(Event::ContractFormed { contract_date: *contract_date })
        }
        C::NameDate { date } => work.fact(Event::DateNamed { date: *date }),
        C::ReleaseDate { .. } => {
            if work.case.hold.is_some() {
                work.fact(Event::HoldEnded);
            }
            work.fact(Event::DateDropped);
        }
        C::HoldDisbursement { ground, .. } => {
            let from = work.case.stage;
            work.fact(Event::Held { ground: *ground, from });
        }
        C::RecordCosts { scrivener_bill_yen, funds_available_yen } => {
            let (scrivener_bill_yen, funds_available_yen) = (*scrivener_bill_yen, *funds_available_yen);
            work.fact(Event::CostsRecorded { scrivener_bill_yen, funds_available_yen });
        }
        C::RecordPayoff { lender, amount_yen, as_of } => {
            work.fact(Event::PayoffRecorded {
                lender: lender.clone(),
                amount_yen: *amount_yen,
                as_of: *as_of,
            });
        }
        C::RecordPayee { kind, number, to, amount_yen } => {
            let payee = Payee {
                kind: *kind,
                number: *number,
                to: to.clone(),
                amount_yen: *amount_yen,
                paid_with: None,
            };
            work.fact(Event::PayeeRecorded { payee });
        }
        C::WithdrawPayee { kind, number } => {
            work.fact(Event::PayeeWithdrawn { kind: *kind, number: *number })
        }
        C::RecordRegister { read_on, records } => {
            let reading = RegisterReading { read_on: *read_on, records: records.clone() };
            work.fact(Event::RegisterRead { reading });
        }
        C::RecordFilingFacts { facts } => {
            work.fact(Event::FilingFactsRecorded { facts: Arc::new(facts.clone()) })
        }
        C::ConfirmPayoff { reference } => work.fact(Event::PayoffConfirmed { reference: reference.clone() }),
        C::RecordCompletion { property_no, completed_on } => {
            work.fact(Event::BuildingCompleted { property_no: *property_no, completed_on: *completed_on });
        }
        C::RecordTermsAgreement { agreed_on } => work.fact(Event::TermsAgreed { agreed_on: *agreed_on }),
        C::RecordExtensionPaper { paper } => work.fact(Event::ExtensionPaperIn { paper: *paper }),
        C::AgreeTermination {} => work.fact(Event::TerminationAgreed),
        C::AcceptServicing { servicing_number } => {
            work.fact(Event::ServicingAccepted { servicing_number: servicing_number.clone() });
        }
        C::UpdateConditions { conditions } => {
            work.fact(Event::ConditionsUpdated { conditions: conditions.clone() })
        }
        C::WarnValidity { timer, key }
        | C::RemindPartner { timer, key }
        | C::EscalatePartner { timer, key } => work.fact(Event::Warned { timer: *timer, key: key.clone() }),
        _ => before_tracks(work, command),
    }
}

fn before_tracks(work: &mut Work<'_>, command: &Command) {
    use Command as C;
    match command {
        C::ChangeRoute { party_id, qualification } => {
            work.fact(Event::RouteChanged {
                party_id: party_id.clone(),
                qualification: qualification.clone(),
                reprices: super::content::reprices(work, party_id, qualification),
            });
        }
        C::ApproveGuarantee { decision } => decided(work, decision, &[]),
        C::ConditionGuarantee { decision, conditions } => decided(work, decision, conditions),
        C::RequestGuarantee { new_evidence: Some(text) }
        | C::SendConditionEvidence { evidence: text }
        | C::OrderValuation { cure: Some(text) }
        | C::FindDefect { defect: text } => work.fact(Event::EvidenceNamed { text: text.clone() }),
        C::DeclareInsurance { party_id, loan_no, declared_on } => {
            let (loan_no, declared_on) = (*loan_no, *declared_on);
            work.fact(Event::InsuranceDeclared { party_id: party_id.clone(), loan_no, declared_on });
        }
        C::IntendRelaxed { party_id, loan_no } => {
            let key = super::case::insurance_key(party_id, *loan_no);
            let today = work.ctx.today();
            let refused_on = work.case.instance(Track::Ins, &key).map_or(today, |instance| instance.since);
            relaxed_step(work, party_id, *loan_no, RelaxedStep::BasicRefused, refused_on);
        }
        C::ExpectRelaxed { party_id, loan_no } => {
            let today = work.ctx.today();
            relaxed_step(work, party_id, *loan_no, RelaxedStep::Indicated, today);
        }
        C::AcceptInsurance { party_id, loan_no, sum_yen } => {
            let key = super::case::insurance_key(party_id, *loan_no);
            if work.case.track_state(Track::Ins, &key) == Some(S::RelaxedExpected) {
                let today = work.ctx.today();
                relaxed_step(work, party_id, *loan_no, RelaxedStep::Accepted, today);
            }
            work.fact(Event::InsuranceAccepted {
                party_id: party_id.clone(),
                loan_no: *loan_no,
                sum_yen: *sum_yen,
            });
        }
        C::VerifyFireCover { property_no, covers_from, covers_until } => {
            let (property_no, covers_from, covers_until) = (*property_no, *covers_from, *covers_until);
            work.fact(Event::FireCovered { property_no, covers_from, covers_until });
        }
        C::SwitchGuarantor { guarantor, .. } => super::guarantor::switch(work, guarantor),
        C::InstructScrivener { filing, office: Some(office) }
        | C::ReplaceScrivener { filing, office, .. } => super::takeover::engage(work, filing, office),
        C::DeferRegistration { filing, undertaking } => {
            let deferral = Deferral { filing: filing.clone(), undertaking: undertaking.clone() };
            work.fact(Event::RegistrationDeferred { deferral });
        }
        C::ReadyPapers { filing, seal_certificate_on } => {
            work.fact(Event::PapersReady {
                filing: filing.clone(),
                seal_certificate_on: *seal_certificate_on,
            });
        }
        C::AcceptFiling { filing, receipt } => {
            work.fact(Event::FilingReceived { filing: filing.clone(), receipt: receipt.clone() });
        }
        C::OrderCorrection { filing, items, deadline } => {
            let (filing, items) = (filing.clone(), items.clone());
            work.fact(Event::CorrectionOrdered { filing, items, deadline: *deadline });
        }
        C::CompleteRegistration { filing, completed_on, rank } => {
            let (completed_on, rank) = (*completed_on, *rank);
            work.fact(Event::RegistrationCompleted { filing: filing.clone(), completed_on, rank });
        }
        C::RecordValuation { amount_yen, .. } | C::FindInsufficient { amount_yen } => {
            work.fact(Event::Valued { amount_yen: *amount_yen });
        }
        C::ClearAml { party_id, list_version } | C::FlagAml { party_id, list_version } => {
            work.fact(Event::Searched { party_id: party_id.clone(), list_version: list_version.clone() });
        }
        C::AnswerBureau { party_id, answer_key } => {
            work.fact(Event::BureauAnswered { party_id: party_id.clone(), answer_key: answer_key.clone() });
        }
        _ => {}
    }
}

fn relaxed_step(work: &mut Work<'_>, party_id: &str, loan_no: u8, step: RelaxedStep, on: NaiveDate) {
    work.fact(Event::RelaxedStep { party_id: party_id.to_owned(), loan_no, step, on });
}

/// Consequences of a move.
fn after(work: &mut Work<'_>, command: &Command, row: &Row) {
    use Command as C;
    super::keeping::carry_out(work, command);
    match command {
        C::SubmitApplication { .. } => super::content::open_tracks(work),
        C::StartScreening {} => start_screening(work),
        C::AmendApplication { form } => match work.case.stage {
            Stage::ChangeRequested => work.fact(Event::ChangeFiled { form: Arc::new(form.clone()) }),
            _ => super::content::amend(work, form),
        },
        C::RequestChange { form, .. } => open_change(work, row, None, Some(Arc::new(form.clone()))),
        C::OpenChange { cause } => open_change(work, row, Some(*cause), None),
        C::StartRescreening {} => super::content::take_change(work),
        C::WithdrawChange {} | C::UpholdApproval {} => super::content::restore_approval(work),
        C::ApproveLoan { .. } | C::ApproveWithConditions { .. } => super::content::supersede(work),
        C::ReturnContract { .. } => work.fact(Event::SignaturesVoided),
        C::AcceptContract { .. } => super::content::form_contract(work),
        C::ScheduleDisbursement { .. } => super::content::require_fire_cover(work),
        C::MakeReady {} => freeze(work),
        C::OrderPosting {} => order(work),
        C::ConfirmPosting { posting_key, reference, loan_no: Some(loan_no) } if is_fact(row) => {
            settle_part(work, posting_key, *loan_no, PostingState::Posted, Some(reference));
        }
        C::ConfirmPosting { posting_key, reference, .. } => posted(work, posting_key, reference),
        C::RejectPosting { posting_key, loan_no: Some(loan_no), .. } if is_fact(row) => {
            settle_part(work, posting_key, *loan_no, PostingState::Rejected, None);
        }
        C::RejectPosting { posting_key, .. } => settle(work, posting_key, PostingState::Rejected, None),
        C::TimeOutPosting {} => {
            if let Some(key) = work.case.open_posting().map(|p| p.key.clone()) {
                settle(work, &key, PostingState::Unknown, None);
            }
        }
        C::ReversePosting { .. } => {
            let last = work
                .case
                .postings
                .iter()
                .rev()
                .find(|p| p.state == PostingState::Posted)
                .map(|p| p.key.clone());
            if let Some(key) = last {
                settle(work, &key, PostingState::Reversing, None);
            }
        }
        C::ConfirmReversal { posting_key, reference, loan_no: Some(loan_no) } if is_fact(row) => {
            settle_part(work, posting_key, *loan_no, PostingState::Reversed, Some(reference));
        }
        C::ConfirmReversal { posting_key, reference, .. } => reversed(work, posting_key, reference),
        C::ExtendFundingDeadline { new_handover_on, cause } => {
            let (rules, today) = (work.ctx.rules, work.ctx.today());
            let extension = ahead::extension(&work.case, rules, today, *new_handover_on, cause);
            let date = super::content::repayment_date_after(&work.case, *new_handover_on);
            let extension = extension.and_then(Result::ok);
            work.fact(Event::FundingDeadlineSet { date, extension });
            if work.case.hold.is_some() {
                work.fact(Event::HoldEnded);
            }
        }
        C::ReplaceScrivener { filing, .. } => super::takeover::take_along(work, filing),
        C::RecordCompletion { .. } => {
            work.open_track(Track::Reg, super::subject::SECOND_FILING);
            super::content::require_fire_cover(work);
        }
        C::TerminateContract { ground, .. } => {
            work.basis = Some(*ground);
            if let Some(duty) = ahead::collection(&work.case, work.ctx.today()) {
                work.fact(Event::CollectionDue { duty });
                work.extra.push(super::follow::send(&work.case, PartnerMessage::CollectionCase, None));
            }
        }
        C::RepayDrawings { reference } => repaid(work, reference),
        C::SwitchGuarantor { .. } => super::guarantor::begin_anew(work),
        C::UpdateConditions { .. } => {
            work.follow_from(Track::Cond, &[S::Met, S::NotMet], Verb::ReopenConditions)
        }
        C::BlockAml { .. } => {
            let ground = if work.case.stage.is_contract_formed() { Ground::V1 } else { Ground::R6 };
            work.fact(Event::GroundRecorded { ground, note: None });
        }
        _ => {}
    }
}

const fn is_fact(row: &Row) -> bool {
    matches!(row.place, Place::Fact { .. })
}

fn submit(
    work: &mut Work<'_>,
    received_at: Option<chrono::DateTime<chrono::Utc>>,
    external_id: Option<String>,
) {
    // Only bulk intake keeps the file's instant; everyone else's is now (Settled: import).
    let kept = work.ctx.actor.role == Role::Importer;
    let received_at = received_at.filter(|_| kept).unwrap_or(work.ctx.now);
    let mut form = (*work.case.form).clone();
    form.received_at = received_at.fixed_offset();
    let content_version = work.case.content_version;
    work.fact(Event::ContentReplaced { form: Arc::new(form), content_version });
    let year = work.ctx.today().format("%Y");
    // The id is time-ordered and unique; its last twelve digits make the number people read.
    let tail: String = work.case.id.chars().filter(char::is_ascii_alphanumeric).collect();
    let tail = tail.get(tail.len().saturating_sub(12)..).unwrap_or_default().to_uppercase();
    let number = format!("{}-{year}-{tail}", work.case.institution);
    let book_version = work.ctx.rules.book_version(&work.case.form);
    work.fact(Event::Submitted { number, received_at, external_id, book_version });
    for role in [
        Role::MemberOrg,
        Role::Guarantor,
        Role::Insurer,
        Role::FireInsurer,
        Role::Registry,
        Role::CoreBanking,
        Role::Scrivener,
    ] {
        let organisation = work.ctx.rules.partner(&work.case.form, role);
        work.fact(Event::Engaged { role, organisation });
    }
}

/// T05: the clerk's requests go out with the decision of the manager (one guarantee request per content version).
fn start_screening(work: &mut Work<'_>) {
    super::content::request_decisions(work);
}

fn approve(
    work: &mut Work<'_>,
    screening_add_on: Option<rust_decimal::Decimal>,
    conditions: &[NewCondition],
) {
    let days = u64::from(work.ctx.rules.limits(&work.case.form).approval_days);
    let today = work.ctx.today();
    let approval = Approval {
        content_version: work.case.content_version,
        form: work.case.form.clone(),
        screening_add_on,
        conditions: conditions.iter().map(|c| Condition { condition: c.clone(), evidence: None }).collect(),
        approved_on: today,
        valid_until: today.checked_add_days(chrono::Days::new(days)).unwrap_or(today),
    };
    // Before the earlier approval is replaced, its guarantee instance is still known.
    super::content::cancel_superseded(work);
    work.fact(Event::ApprovalStored { approval: Arc::new(approval) });
}

fn open_change(
    work: &mut Work<'_>,
    row: &Row,
    cause: Option<ChangeCause>,
    form: Option<Arc<crate::form::Form>>,
) {
    let from = match work.events.iter().rev().find_map(|e| match e {
        Event::Moved { row: id, from, .. } if id == row.id => Some(*from),
        _ => None,
    }) {
        Some(stage) => stage,
        None => work.case.stage,
    };
    work.fact(Event::ChangeOpened { from, cause, form });
}

fn decided(work: &mut Work<'_>, decision: &GuaranteeAnswer, conditions: &[String]) {
    let today = work.ctx.today();
    let days = u64::from(work.ctx.rules.limits(&work.case.form).guarantee_days);
    let default = today.checked_add_days(chrono::Days::new(days)).unwrap_or(today);
    let valid_until = decision.valid_until.unwrap_or(default);
    let content_version = work.case.content_version;
    work.fact(Event::GuaranteeDecided {
        content_version,
        decision: decision.clone(),
        valid_until,
        conditions: conditions.to_vec(),
    });
}

fn freeze(work: &mut Work<'_>) {
    let case = &work.case;
    let add_on = case.approval.as_ref().and_then(|a| a.screening_add_on);
    let loans =
        case.guarantees.get(&case.content_version).map(|g| g.decision.loans.clone()).unwrap_or_default();
    if let Some(terms) =
        work.ctx.rules.freeze(&case.form, add_on, &loans, super::price::decided_on(case), case.planned_date())
    {
        work.fact(Event::TermsFrozen { terms: Arc::new(terms) });
    }
}

/// One posting order under a key of its own (INV-1).
fn order(work: &mut Work<'_>) {
    let case = &work.case;
    let drawing_yen = case.fixed.as_ref().and_then(|f| f.drawing_yen);
    let posting = Posting {
        key: format!("{}-{}", case.number, case.postings.len() + 1),
        date: case.planned_date(),
        amount_yen: drawing_yen.unwrap_or_else(|| case.amount_yen() - case.drawn_yen()),
        drawing: drawing_yen.is_some(),
        state: PostingState::Ordered,
        parts: if case.form.loans.len() > 1 && drawing_yen.is_none() { parts_of(case) } else { vec![] },
    };
    work.fact(Event::PostingOrdered { posting });
}

fn parts_of(case: &Case) -> Vec<PostingPart> {
    let part = |loan: &crate::form::Loan| PostingPart {
        loan_no: loan.loan_no,
        amount_yen: loan.amount_yen.0,
        state: PostingState::Ordered,
        reference: None,
    };
    case.form.loans.iter().map(part).collect()
}

/// C-56: one loan of a mix has its outcome. What is out beside a refused one is taken back at once.
fn settle_part(work: &mut Work<'_>, key: &str, loan_no: u8, state: PostingState, reference: Option<&str>) {
    let torn = |work: &Work<'_>| work.case.open_posting().is_some_and(Posting::is_torn);
    let before = torn(work);
    let reference = reference.map(str::to_owned);
    work.fact(Event::PartSettled { key: key.to_owned(), loan_no, state, reference });
    if torn(work) && !before {
        work.extra.push(super::follow::send(&work.case, PartnerMessage::ReversalOrder, None));
    }
}

fn settle(work: &mut Work<'_>, key: &str, state: PostingState, reference: Option<&str>) {
    work.fact(Event::PostingSettled { key: key.to_owned(), state, reference: reference.map(str::to_owned) });
}

/// T29, T30: the money is out. Guarantee effective, cover in force; a drawing starts the funding deadline.
fn posted(work: &mut Work<'_>, key: &str, reference: &str) {
    settle(work, key, PostingState::Posted, Some(reference));
    work.follow_from(Track::Guar, &[S::Approved], Verb::StartGuarantee);
    work.follow_from(Track::Ins, &[S::Accepted], Verb::StartCover);
    if work.case.stage == Stage::Disbursed && work.case.bridge.as_ref().is_some_and(|b| b.outstanding) {
        work.fact(Event::BridgeRepaid { posting_key: key.to_owned() });
    }
    if work.case.stage == Stage::PartiallyDisbursed {
        let first = work.case.drawing_terms.is_none().then(|| work.case.frozen.clone()).flatten();
        let terms = first.and_then(|frozen| ahead::terms_of_first(&work.case, &frozen, work.ctx.rules));
        if let Some(terms) = terms {
            work.fact(Event::DrawingTermsFixed { terms });
        }
        if work.case.funding_deadline.is_none() {
            let months = work.ctx.rules.limits(&work.case.form).split_term_months;
            let latest = crate::calendar::months_after(work.ctx.today(), months.saturating_sub(1));
            let handover = work.case.form.money_ahead.as_ref().map_or(latest, |ahead| ahead.handover_on);
            let date = super::content::repayment_date_after(&work.case, handover);
            work.fact(Event::FundingDeadlineSet { date, extension: None });
        }
        work.fact(Event::DateDropped);
    }
}

/// T34, T41: tracks go back to where they stood before the posting.
fn reversed(work: &mut Work<'_>, key: &str, reference: &str) {
    settle(work, key, PostingState::Reversed, Some(reference));
    if work.case.stage == Stage::Contracted {
        work.follow_from(Track::Guar, &[S::Effective], Verb::UndoGuarantee);
        work.follow_from(Track::Ins, &[S::InForce], Verb::UndoCover);
    }
    work.follow_from(Track::Cond, &[S::NotMet, S::Met], Verb::ReopenConditions);
    work.fact(Event::DateDropped);
}

/// T45: drawings paid back; cover and guarantee end, the land mortgage is cancelled by the scrivener.
fn repaid(work: &mut Work<'_>, reference: &str) {
    let keys: Vec<String> = work
        .case
        .postings
        .iter()
        .filter(|p| p.state == PostingState::Posted)
        .map(|p| p.key.clone())
        .collect();
    for key in keys {
        settle(work, &key, PostingState::Repaid, Some(reference));
    }
    work.follow_from(Track::Ins, &[S::InForce], Verb::EndCover);
    work.follow_from(Track::Guar, &[S::Effective], Verb::EndGuarantee);
}

/// A case that ends before the loan exists cancels what others were asked for (compensation rules).
fn end(work: &mut Work<'_>) {
    if matches!(work.case.stage, Stage::HandedOver | Stage::Discarded) {
        return;
    }
    work.follow_all(Track::Guar, Verb::CancelGuarantee);
    work.follow_all(Track::Ins, Verb::CancelInsurance);
}

/// Does the route need the organisation's certificate (B-03)?
pub(super) fn is_certified_route(route: Option<QualificationRoute>) -> bool {
    matches!(route, Some(QualificationRoute::IndirectMember | QualificationRoute::CoopMember))
}

/// Buildings and units carry fire cover.
pub(super) fn is_building(kind: PropertyKind) -> bool {
    matches!(kind, PropertyKind::Building | PropertyKind::Unit)
}
