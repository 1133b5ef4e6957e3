//! Folding one event into the case. Exhaustive; no rule lives here.

use super::case::{
    Bridge, Case, Change, ContractFact, ContractSet, Costs, FixedDate, Guarantee, Hold, Payoff, insurance_key,
};
use super::event::{Event, RelaxedStep};
use super::facts::PostingState;
use super::keeping::LegalHold;
use super::role::Role;
use super::stage::Stage;
use super::track::Instance;
use crate::form::{Insurance, InsuranceType, RelaxedDates};
use chrono::NaiveDate;
use std::sync::Arc;

/// Applies one fact. `today` is the entry's business date.
pub(super) fn apply(case: &mut Case, event: &Event, today: NaiveDate) {
    match event {
        Event::Drafted { .. } => {}
        Event::ContentReplaced { form, content_version } => {
            case.form = form.clone();
            case.content_version = *content_version;
            case.content_versions = case.content_versions.max(*content_version);
            super::consent::withhold(case);
            super::papers::enter(case);
        }
        Event::Submitted { number, received_at, external_id, book_version } => {
            case.number = number.clone();
            case.received_at = Some(*received_at);
            case.external_id = external_id.clone();
            case.book_version = book_version.clone();
        }
        Event::Moved { to, .. } => move_stage(case, *to, today),
        Event::TrackOpened { track, key } => {
            case.tracks.push(Instance {
                track: *track,
                key: key.clone(),
                state: track.initial(),
                since: today,
            });
        }
        Event::TrackMoved { track, key, to, .. } => {
            if let Some(instance) = case.tracks.iter_mut().find(|i| i.track == *track && i.key == *key) {
                instance.state = *to;
                instance.since = today;
            }
        }
        Event::Proposed { proposal } => case.proposals.push(proposal.clone()),
        Event::ProposalEnded { id, .. } => case.proposals.retain(|p| p.id != *id),
        Event::VoteCast { id, vote } => {
            if let Some(proposal) = case.proposals.iter_mut().find(|p| p.id == *id) {
                proposal.votes.push(vote.clone());
            }
        }
        Event::ConflictDeclared { subject, relation, .. } => {
            case.conflicts.insert(subject.clone(), *relation);
        }
        Event::ConflictLifted { subject, .. } => {
            case.conflicts.remove(subject);
        }
        Event::EmergencyOpened { .. } | Event::EmergencyEnded { .. } | Event::EmergencyReviewed { .. } => {
            super::emergency::apply(case, event);
        }
        Event::Asked { .. } | Event::Answered { .. } | Event::RequestEnded { .. } => {
            super::asked::apply(case, event);
        }
        Event::QuestionAsked { .. } | Event::QuestionAnswered { .. } => super::question::apply(case, event),
        Event::ConsentChanged { step } => {
            case.consent_steps.push(step.clone());
            super::consent::withhold(case);
        }
        Event::PaperAttached { .. } | Event::PaperChecked { .. } => super::papers::apply(case, event),
        Event::LegalHoldPlaced { reason, by } => {
            let hold = LegalHold { reason: reason.clone(), by: by.clone(), since: today };
            case.keeping.legal_hold = Some(hold);
            // What two people released before is looked at anew once the hold is lifted.
            case.keeping.released = None;
        }
        Event::LegalHoldLifted { .. } => case.keeping.legal_hold = None,
        Event::ReleasedForErasure { release } => case.keeping.released = Some(release.clone()),
        Event::Erased { tombstone } => *case = tombstone.case(case.version),
        Event::Worklist { opened, closed, set, cleared } => {
            case.tasks.retain(|t| !closed.contains(&t.id));
            case.tasks.extend(opened.iter().cloned());
            case.deadlines.retain(|d| {
                !cleared.iter().any(|(timer, key)| d.timer == *timer && d.key == *key)
                    && !set.iter().any(|s| s.timer == d.timer && s.key == d.key)
            });
            case.deadlines.extend(set.iter().cloned());
            // A date that is set anew is warned of anew.
            case.warned.retain(|(timer, key)| !set.iter().any(|s| s.timer == *timer && s.key == *key));
        }
        Event::MemoAdded { .. } | Event::EvidenceNamed { .. } | Event::BureauAnswered { .. } => {}
        Event::Searched { .. } | Event::ActedFor { .. } => {}
        Event::Warned { timer, key } => {
            case.warned.insert((*timer, key.clone()));
        }
        _ => apply_content(case, event),
    }
}

/// Facts of intake, approval and change.
fn apply_content(case: &mut Case, event: &Event) {
    match event {
        Event::DocumentsReceived { documents, consents } => {
            let form = Arc::make_mut(&mut case.form);
            form.documents.extend(documents.iter().cloned());
            form.consents.extend(consents.iter().cloned());
        }
        Event::DefectsRecorded { defects } => case.defects = defects.clone(),
        Event::ApprovalStored { approval } => {
            case.approval = Some(approval.clone());
            case.change = None;
            case.route_changed = false;
        }
        Event::ApprovalConfirmed => {}
        Event::ConditionEvidenced { code, evidence } => {
            if let Some(approval) = case.approval.as_mut() {
                let open =
                    Arc::make_mut(approval).conditions.iter_mut().filter(|c| c.condition.code == *code);
                open.for_each(|c| c.evidence = Some(evidence.clone()));
            }
        }
        Event::ChangeOpened { from, cause, form } => {
            case.change =
                Some(Change { from: *from, cause: *cause, form: form.clone(), content_version: None });
        }
        Event::ChangeFiled { form } => {
            if let Some(change) = case.change.as_mut() {
                change.form = Some(form.clone());
            }
        }
        Event::ChangeTaken { content_version } => {
            if let Some(change) = case.change.as_mut() {
                change.content_version = Some(*content_version);
            }
        }
        Event::ChangeDropped => case.change = None,
        Event::ApprovalRestored => {
            if let Some(approval) = case.approval.clone() {
                case.form = approval.form.clone();
                case.content_version = approval.content_version;
                case.change = None;
                case.route_changed = false;
                super::consent::withhold(case);
                super::papers::enter(case);
            }
        }
        Event::RouteChanged { party_id, qualification, reprices } => {
            let form = Arc::make_mut(&mut case.form);
            if let Some(party) = form.parties.iter_mut().find(|p| p.party_id == *party_id) {
                party.qualification = qualification.clone();
            }
            case.route_changed = *reprices && case.approval.is_some();
        }
        Event::ConditionsUpdated { conditions } => {
            Arc::make_mut(&mut case.form).transaction_conditions = conditions.clone();
        }
        _ => apply_facts(case, event),
    }
}

/// Grounds, deaths, exceptions, guarantee, insurance and fire.
fn apply_facts(case: &mut Case, event: &Event) {
    match event {
        Event::GroundRecorded { ground, .. } => {
            case.grounds.insert(*ground);
        }
        Event::GroundCleared { ground, .. } => {
            case.grounds.remove(ground);
        }
        Event::ArrearsReported { overdue } => case.arrears = *overdue,
        Event::DeathRecorded { party_id } => {
            case.dead.insert(party_id.clone());
        }
        Event::BridgeLinked { case_number, outstanding, principal_yen, interest_yen, due_on, terms } => {
            let plan = case.bridge.take().and_then(|b| b.plan);
            case.bridge = Some(Bridge {
                case_number: case_number.clone(),
                outstanding: *outstanding,
                plan,
                principal_yen: *principal_yen,
                interest_yen: *interest_yen,
                due_on: *due_on,
                terms: *terms,
                repaid_with: None,
            });
        }
        Event::BridgeRepaid { posting_key } => {
            if let Some(bridge) = case.bridge.as_mut() {
                bridge.outstanding = false;
                bridge.repaid_with = Some(posting_key.clone());
            }
        }
        Event::BridgePlanned { plan } => {
            if let Some(bridge) = case.bridge.as_mut() {
                bridge.plan = Some(plan.clone());
            }
        }
        Event::InsuranceExceptionAllowed { party_id, .. } => {
            case.insurance_exceptions.insert(party_id.clone());
        }
        Event::AccountExceptionAllowed { .. } => case.account_exception = true,
        Event::GuaranteeDecided { content_version, decision, valid_until, conditions } => {
            let guarantee = Guarantee {
                decision: decision.clone(),
                valid_until: *valid_until,
                conditions: conditions.clone(),
            };
            case.guarantees.insert(*content_version, guarantee);
        }
        Event::InsuranceDeclared { party_id, loan_no, declared_on } => {
            let form = Arc::make_mut(&mut case.form);
            for entry in
                form.insurance.iter_mut().filter(|i| i.party_id == *party_id && i.loan_no == *loan_no)
            {
                entry.declared_on = Some(*declared_on);
                declared_again(entry);
            }
            case.covers.remove(&insurance_key(party_id, *loan_no));
        }
        Event::RelaxedStep { party_id, loan_no, step, on } => {
            let form = Arc::make_mut(&mut case.form);
            let entries = form.insurance.iter_mut();
            for entry in entries.filter(|i| i.party_id == *party_id && i.loan_no == *loan_no) {
                relaxed(entry, *step, *on);
            }
        }
        Event::InsuranceAccepted { party_id, loan_no, sum_yen } => {
            case.covers.insert(insurance_key(party_id, *loan_no), *sum_yen);
        }
        Event::FireCovered { property_no, covers_from, covers_until } => {
            case.fire.insert(*property_no, (*covers_from, *covers_until));
        }
        Event::Engaged { role, organisation } => {
            if *role == Role::Scrivener {
                case.former_offices.remove(organisation);
            }
            case.engagements.insert(*role, organisation.clone());
        }
        Event::GuarantorSwitched { from, to } => super::guarantor::apply(case, from, to),
        Event::JobEnded { organisation } => job_ended(case, organisation),
        Event::Valued { amount_yen } => case.valuation_yen = Some(*amount_yen),
        _ => apply_contract(case, event),
    }
}

/// Contract, date, posting and registration.
fn apply_contract(case: &mut Case, event: &Event) {
    match event {
        Event::ContractSetGenerated { appointment, meeting } => {
            let (appointment, meeting) = (*appointment, meeting.clone());
            case.contract = Some(ContractSet { appointment, meeting, ..ContractSet::default() });
        }
        Event::SigningArranged { appointment, meeting } => {
            if let Some(set) = case.contract.as_mut() {
                set.appointment = Some(*appointment);
                set.meeting = meeting.clone();
            }
        }
        Event::Signatory { party_id, fact } => {
            let set = case.contract.get_or_insert_default();
            let people = match fact {
                ContractFact::Explained => &mut set.explained,
                ContractFact::Identified => &mut set.identified,
                ContractFact::Signed => &mut set.signed,
            };
            people.insert(party_id.clone());
        }
        Event::Explained { explanation } => {
            let told = &mut case.contract.get_or_insert_default().explanations;
            told.retain(|earlier| earlier.party_id != explanation.party_id);
            told.push(explanation.clone());
        }
        Event::SignaturesVoided => {
            if let Some(set) = case.contract.as_mut() {
                set.signed.clear();
                set.tendered_on = None;
            }
        }
        Event::ContractFormed { contract_date } => {
            case.contract.get_or_insert_default().formed_on = Some(*contract_date);
        }
        Event::DateNamed { date } => case.named_date = Some(*date),
        Event::DateFixed { date, drawing_yen, settlement } => {
            let (date, drawing_yen, settlement) = (*date, *drawing_yen, settlement.clone());
            case.fixed = Some(FixedDate { date, drawing_yen, settlement });
            case.frozen = None;
        }
        Event::SettlementArranged { settlement } => {
            if let Some(fixed) = case.fixed.as_mut() {
                fixed.settlement = settlement.clone();
            }
        }
        Event::DateDropped => {
            case.fixed = None;
            case.frozen = None;
            case.named_date = None;
        }
        Event::TermsFrozen { terms } => case.frozen = Some(terms.clone()),
        Event::CostsRecorded { scrivener_bill_yen, funds_available_yen } => {
            let (scrivener_bill_yen, funds_available_yen) = (*scrivener_bill_yen, *funds_available_yen);
            case.costs = Some(Costs { scrivener_bill_yen, funds_available_yen });
        }
        Event::PayoffRecorded { lender, amount_yen, as_of } => {
            let (amount_yen, as_of) = (*amount_yen, *as_of);
            case.payoff = Some(Payoff { lender: lender.clone(), amount_yen, as_of, reference: None });
        }
        Event::PayoffConfirmed { reference } => {
            if let Some(payoff) = case.payoff.as_mut() {
                payoff.reference = Some(reference.clone());
            }
        }
        Event::PayeeRecorded { payee } => super::record::recorded(case, payee),
        Event::PayeeWithdrawn { kind, number } => {
            case.payees.remove(&super::record::payee_key(*kind, *number));
        }
        Event::RegisterRead { reading } => case.register = Some(reading.clone()),
        Event::FilingFactsRecorded { facts } => case.filing_facts = Some(facts.clone()),
        Event::Held { ground, from } => case.hold = Some(Hold { ground: *ground, from: *from }),
        Event::HoldEnded => case.hold = None,
        Event::PostingOrdered { posting } => case.postings.push(posting.clone()),
        Event::PostingSettled { key, state, reference } => {
            if let Some(posting) = case.postings.iter_mut().find(|p| p.key == *key) {
                posting.state = *state;
                let follows = |part: &PostingState| match state {
                    PostingState::Posted => *part == PostingState::Ordered,
                    PostingState::Reversing => *part == PostingState::Posted,
                    PostingState::Reversed => *part == PostingState::Reversing,
                    _ => false,
                };
                for part in posting.parts.iter_mut().filter(|part| follows(&part.state)) {
                    part.state = *state;
                    part.reference = reference.clone().or(part.reference.take());
                }
            }
            match state {
                PostingState::Posted => super::record::paid(case, key),
                PostingState::Reversing => super::record::unpaid(case, key),
                _ => {}
            }
            // Servicing took over a loan that is no more.
            if *state == PostingState::Reversed {
                case.servicing_number = None;
                reversed(case, key);
            }
        }
        Event::PartSettled { key, loan_no, state, reference } => {
            let postings = case.postings.iter_mut().filter(|posting| posting.key == *key);
            let parts = postings.flat_map(|posting| posting.parts.iter_mut());
            for part in parts.filter(|part| part.loan_no == *loan_no) {
                part.state = *state;
                part.reference.clone_from(reference);
            }
        }
        Event::DrawingTermsFixed { terms } => case.drawing_terms = Some(*terms),
        Event::FundingDeadlineSet { date, extension } => {
            case.funding_deadline = Some(*date);
            case.extension = *extension;
            case.extension_papers.clear();
        }
        Event::BuildingCompleted { property_no, completed_on } => {
            case.completed.insert(*property_no, *completed_on);
            let properties = Arc::make_mut(&mut case.form).properties.iter_mut();
            properties
                .filter(|property| property.property_no == *property_no)
                .for_each(|property| property.completed_on = Some(*completed_on));
        }
        Event::TermsAgreed { agreed_on } => case.terms_agreed_on = Some(*agreed_on),
        Event::CollectionDue { duty } => case.collection = Some(*duty),
        Event::ExtensionPaperIn { paper } => {
            case.extension_papers.insert(*paper);
        }
        Event::TerminationAgreed => case.termination_agreed = true,
        Event::ServicingAccepted { servicing_number } => {
            case.servicing_number = Some(servicing_number.clone())
        }
        _ => apply_filing(case, event),
    }
}

/// A new form after an assessment that was not accepted is for BASIC again: RELAXED has no declaration without its steps (G-20).
fn declared_again(entry: &mut Insurance) {
    let accepted = entry.relaxed.as_ref().is_some_and(|dates| dates.assessment_accepted_on.is_some());
    if entry.insurance_type == InsuranceType::Relaxed && !accepted {
        entry.insurance_type = InsuranceType::Basic;
        entry.relaxed = None;
    }
}

/// G-20: from the first step on the person is insured under RELAXED, with its add-on.
fn relaxed(entry: &mut Insurance, step: RelaxedStep, on: NaiveDate) {
    entry.insurance_type = InsuranceType::Relaxed;
    let dates = entry.relaxed.get_or_insert(RelaxedDates {
        basic_refused_on: None,
        likely_acceptance_indicated_on: None,
        assessment_accepted_on: None,
    });
    let day = match step {
        RelaxedStep::BasicRefused => &mut dates.basic_refused_on,
        RelaxedStep::Indicated => &mut dates.likely_acceptance_indicated_on,
        RelaxedStep::Accepted => &mut dates.assessment_accepted_on,
    };
    *day = Some(on);
}

/// What a reversed posting takes back: the bridge loan that it paid off, and the rate that a first drawing had fixed.
fn reversed(case: &mut Case, key: &str) {
    if let Some(bridge) = case.bridge.as_mut().filter(|bridge| bridge.repaid_with.as_deref() == Some(key)) {
        bridge.outstanding = true;
        bridge.repaid_with = None;
    }
    if !case.has_drawing() {
        case.drawing_terms = None;
    }
}

/// The agent of the filing and the bill are those of the office that has the job (H-14, G-COSTS). Money that is out stays as it was paid.
fn job_ended(case: &mut Case, organisation: &str) {
    case.former_offices.insert(organisation.to_owned());
    case.filing_facts = None;
    if matches!(case.stage, Stage::Contracted | Stage::Scheduled | Stage::OnHold | Stage::PartiallyDisbursed)
    {
        case.costs = None;
    }
}

fn apply_filing(case: &mut Case, event: &Event) {
    match event {
        Event::PapersReady { filing, seal_certificate_on } => {
            case.filings.entry(filing.clone()).or_default().seal_certificate_on = Some(*seal_certificate_on);
        }
        Event::FilingReceived { filing, receipt } => {
            case.filings.entry(filing.clone()).or_default().receipt = Some(receipt.clone());
        }
        Event::CorrectionOrdered { filing, deadline, .. } => {
            case.filings.entry(filing.clone()).or_default().correction_deadline = Some(*deadline);
        }
        Event::RegistrationCompleted { filing, completed_on, rank } => {
            let entry = case.filings.entry(filing.clone()).or_default();
            entry.completed_on = Some(*completed_on);
            entry.rank = Some(*rank);
        }
        Event::RegistrationDeferred { deferral } => {
            case.filings.entry(deferral.filing.clone()).or_default().undertaking =
                Some(deferral.undertaking.clone());
        }
        _ => {}
    }
}

/// What a stage implies for the working data.
fn move_stage(case: &mut Case, to: Stage, today: NaiveDate) {
    case.stage = to;
    case.keeping.ended_on = to.is_final().then_some(today);
    match to {
        Stage::ContractTendered => case.contract.get_or_insert_default().tendered_on = Some(today),
        Stage::Submitted | Stage::ReScreening => case.defects.clear(),
        _ => {}
    }
}
