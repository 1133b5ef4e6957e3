//! Content versions: tracks of a form, changes, approvals restored or superseded, and the contract set in force.

use super::arms::{is_building, is_certified_route};
use super::case::{Case, insurance_key};
use super::event::Event;
use super::impact::{Impact, Trigger};
use super::subject::{CASE, FILING, property_key};
use super::track::{Track, TrackState as S};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::form::{Form, PartyRole, Qualification};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::sync::Arc;

/// Opens the tracks that the content needs and does not have (T01, T12, T48).
pub(super) fn open_tracks(work: &mut Work<'_>) {
    let form = work.case.form.clone();
    for party in &form.parties {
        if party.role.is_debtor() {
            work.open_track(Track::Elig, &party.party_id);
        }
        if party.role != PartyRole::ThirdPartyMortgagor {
            work.open_track(Track::Bureau, &party.party_id);
        }
        work.open_track(Track::Aml, &party.party_id);
    }
    work.follow_from(Track::Aml, &[S::NotChecked], Verb::StartAmlCheck);
    work.open_track(Track::Guar, &Case::guarantee_key(work.case.content_version));
    work.open_track(Track::Coll, CASE);
    for entry in &form.insurance {
        let key = insurance_key(&entry.party_id, entry.loan_no);
        work.open_track(Track::Ins, &key);
        // The declaration came with the form: the insured person has applied already.
        if entry.declared_on.is_some() && work.case.track_state(Track::Ins, &key) == Some(S::NotApplied) {
            work.follow(Track::Ins, &key, Verb::DeclareInsurance);
        }
    }
}

/// T05, T12: one guarantee request per content version, one bureau inquiry per person, membership requests.
pub(super) fn request_decisions(work: &mut Work<'_>) {
    let key = Case::guarantee_key(work.case.content_version);
    work.follow(Track::Guar, &key, Verb::RequestGuarantee);
    work.follow_from(Track::Bureau, &[S::NotRequested], Verb::InquireBureau);
    let form = work.case.form.clone();
    for party in form.parties.iter().filter(|p| is_certified_route(p.qualification.route)) {
        if work.case.track_state(Track::Elig, &party.party_id) == Some(S::NotRequested) {
            work.follow(Track::Elig, &party.party_id, Verb::RequestMembership);
        }
    }
}

/// What an applicant hands in anew says nothing of the bank's own valuation, which he does not see: what the bank entered stays.
pub(super) fn with_banks_part<'c>(case: &Case, command: &'c Command) -> Cow<'c, Command> {
    let mut command = Cow::Borrowed(command);
    let (Command::AmendApplication { form } | Command::RequestChange { form, .. }) = &*command else {
        return command;
    };
    let own = &case.form.collateral_valuation;
    if form.collateral_valuation != *own
        && let Command::AmendApplication { form } | Command::RequestChange { form, .. } = command.to_mut()
    {
        form.collateral_valuation = own.clone();
    }
    command
}

/// T48: amended before the result. The reception date stays, the old guarantee request is cancelled.
pub(super) fn amend(work: &mut Work<'_>, form: &Form) {
    let old = Case::guarantee_key(work.case.content_version);
    work.follow(Track::Guar, &old, Verb::CancelGuarantee);
    replace_content(work, form);
}

/// T12: the change becomes a content version of its own; after T46 it stays the same one.
pub(super) fn take_change(work: &mut Work<'_>) {
    let Some(change) = work.case.change.clone() else { return };
    let Some(form) = change.form else { return };
    match change.content_version {
        Some(_) => {
            let content_version = work.case.content_version;
            work.fact(Event::ContentReplaced { form, content_version });
        }
        None => {
            let old = Case::guarantee_key(work.case.content_version);
            work.follow(Track::Guar, &old, Verb::SuspendGuarantee);
            replace_content(work, &form);
            work.fact(Event::ChangeTaken { content_version: work.case.content_version });
        }
    }
    request_decisions(work);
}

/// A new content version under the first reception date; who has to declare anew is said by the impact of the change.
fn replace_content(work: &mut Work<'_>, form: &Form) {
    let impact = Impact::between(&work.case.form, form);
    let mut form = form.clone();
    form.received_at = work.case.form.received_at;
    let content_version = work.case.content_versions + 1;
    work.fact(Event::ContentReplaced { form: Arc::new(form), content_version });
    open_tracks(work);
    if impact.triggers.contains(&Trigger::Collateral) {
        // R3: what was valued is not what will be mortgaged.
        work.follow_from(Track::Coll, &[S::Valued], Verb::ReopenValuation);
    }
    let form = work.case.form.clone();
    for entry in form.insurance.iter().filter(|i| impact.voids_declaration(&i.party_id, i.loan_no)) {
        let key = insurance_key(&entry.party_id, entry.loan_no);
        let decided =
            matches!(work.case.track_state(Track::Ins, &key), Some(S::Accepted | S::Rejected | S::Expired));
        if decided && entry.declared_on.is_some() {
            work.follow(Track::Ins, &key, Verb::DeclareInsurance);
        }
    }
}

/// T13, T39, T44: the earlier snapshot, its guarantee and insurance come back.
pub(super) fn restore_approval(work: &mut Work<'_>) {
    let Some(approval) = work.case.approval.clone() else { return };
    if work.case.content_version != approval.content_version {
        let newer = Case::guarantee_key(work.case.content_version);
        work.follow(Track::Guar, &newer, Verb::CancelGuarantee);
    }
    work.fact(Event::ApprovalRestored);
    let key = Case::guarantee_key(approval.content_version);
    if work.case.track_state(Track::Guar, &key) == Some(S::Suspended) {
        let conditional =
            work.case.guarantees.get(&approval.content_version).is_some_and(|g| !g.conditions.is_empty());
        let target = if conditional { S::Conditional } else { S::Approved };
        let row = work
            .ctx
            .table
            .on_track(Track::Guar, S::Suspended, Verb::RestoreGuarantee)
            .find(|r| matches!(r.place, super::row::Place::Track { to, .. } if to == target))
            .copied();
        if let Some(row) = row {
            work.take(&row, Some(&key));
        }
    }
}

/// T14, T15: the guarantee of the superseded approval is cancelled; called before the new approval replaces it.
pub(super) fn cancel_superseded(work: &mut Work<'_>) {
    let Some(earlier) = work.case.approval.clone() else { return };
    if earlier.content_version != work.case.content_version {
        let key = Case::guarantee_key(earlier.content_version);
        work.follow(Track::Guar, &key, Verb::CancelGuarantee);
    }
}

/// After an approval: a contract set made for the earlier approval is void.
pub(super) fn supersede(work: &mut Work<'_>) {
    if work.case.contract.is_some() {
        work.fact(Event::SignaturesVoided);
    }
}

/// T22: the preparation tracks open. A building that does not exist yet needs no fire cover (G-FIRE-VERIFIED).
pub(super) fn form_contract(work: &mut Work<'_>) {
    work.open_track(Track::Reg, FILING);
    work.open_track(Track::Cond, CASE);
    require_fire_cover(work);
}

/// Buildings in collateral that are finished by the planned date need fire cover (T22, T23).
pub(super) fn require_fire_cover(work: &mut Work<'_>) {
    let form = work.case.form.clone();
    let date = work.case.planned_date();
    for property in form.properties.iter().filter(|p| is_building(p.kind)) {
        let key = property_key(property.property_no);
        work.open_track(Track::Fire, &key);
        let mortgaged = property.owners.iter().any(|o| o.mortgages_share);
        let waiting = work.case.track_state(Track::Fire, &key) == Some(S::NotRequired);
        if mortgaged && waiting && property.completed_on.is_some_and(|d| d <= date) {
            work.follow(Track::Fire, &key, Verb::RequireFireCover);
        }
    }
}

/// S-04: the repayment date directly following a handover; the handover date itself does not count (O-10).
pub(super) fn repayment_date_after(case: &Case, handover: NaiveDate) -> NaiveDate {
    crate::staged::funding_deadline(handover, case.form.loans.first().map_or(1, |l| l.repayment_day))
}

/// Does a route of a person change fee or add-on of what was approved (C.4, C-60)? Both follow the applicant's route.
pub(super) fn reprices(work: &Work<'_>, party_id: &str, qualification: &Qualification) -> bool {
    let Some(approval) = &work.case.approval else { return false };
    let mut form = (*work.case.form).clone();
    if let Some(party) = form.parties.iter_mut().find(|p| p.party_id == party_id) {
        party.qualification = qualification.clone();
    }
    let price = |form: &Form| work.ctx.rules.price_of_route(form, approval.screening_add_on);
    price(&approval.form) != price(&form)
}

/// Code of the condition that lets insurance be decided after the approval (T07).
pub const INSURANCE_CONDITION: &str = "INSURANCE_DECIDED";
