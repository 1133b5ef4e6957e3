//! Which guarantee institution answers for a case, and how the case goes to another one of the bank's (F-01, F-02, L-94).
//!
//! Nothing of the former one binds from then on: its request is withdrawn, its decision is void, and what it says later has no effect.
//! Neither of the two sees what the other one said.

use super::case::Case;
use super::consent::{ConsentPurpose, ConsentState, stands};
use super::decide::Decision;
use super::effect::{Effect, PartnerMessage};
use super::event::Event;
use super::need::{Check, Need};
use super::refusal::{Refusal, Unmet};
use super::role::Role;
use super::rules::Rules;
use super::track::{Track, TrackState as S};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::product::guarantors::BankGuarantor;

/// Who answers for the case. Absent before reception.
pub fn engaged(case: &Case) -> Option<&str> {
    case.engagements.get(&Role::Guarantor).map(String::as_str)
}

/// Institutions of the bank that the case could go to, in the bank's order.
pub fn others(case: &Case, rules: &dyn Rules) -> Vec<BankGuarantor> {
    let now = engaged(case);
    rules.guarantors(&case.form).into_iter().filter(|one| Some(one.organisation.as_str()) != now).collect()
}

fn asked(command: Option<&Command>) -> Option<&str> {
    match command {
        Some(Command::SwitchGuarantor { guarantor, .. }) => Some(guarantor),
        _ => None,
    }
}

/// F-01: the case goes to another institution of the bank; without a command, is there one?
pub(super) fn no_other(case: &Case, command: Option<&Command>, rules: &dyn Rules) -> Vec<Unmet> {
    let others = others(case, rules);
    let named = asked(command);
    let fits = |to: &str| others.iter().any(|one| one.organisation == to);
    if named.map_or(!others.is_empty(), fits) {
        return vec![];
    }
    let unmet = Unmet::of(Check::N(Need::OtherGuarantor), named);
    let codes: Vec<&str> = others.iter().map(|one| one.organisation.as_str()).collect();
    let (ja, en) = match codes.as_slice() {
        [] => ("ほかの保証機関はありません".to_owned(), "The bank has no other one.".to_owned()),
        codes => (
            format!("guarantor：{}", codes.join("、")),
            format!("Accepted as `guarantor`: {}.", codes.join(", ")),
        ),
    };
    vec![Unmet {
        rule: Some("F-01".to_owned()),
        ja: format!("{}（{ja}）", unmet.ja),
        en: format!("{} {en}", unmet.en),
        ..unmet
    }]
}

/// Does no guarantee bind? None has begun, and none of an earlier content waits for a change to end.
pub(super) fn is_free(case: &Case) -> bool {
    let free = matches!(
        case.guarantee_state(),
        Some(
            S::NotRequested
                | S::Requested
                | S::Conditional
                | S::ConditionsSent
                | S::Approved
                | S::Declined
                | S::Expired
                | S::Revoked
        )
    );
    free && case.on(Track::Guar).all(|instance| instance.state != S::Suspended)
}

/// L-PRIV: persons whose consent does not reach the institution that the case is to go to, with the cure.
pub(super) fn without_consent(case: &Case, command: Option<&Command>, rules: &dyn Rules) -> Vec<Unmet> {
    let Some(to) = asked(command) else { return vec![] };
    match others(case, rules).into_iter().find(|one| one.organisation == to) {
        Some(to) => unnamed(case, &to),
        None => vec![],
    }
}

/// L-PRIV: the same of the institution that answers for the case, before anything about people goes there.
pub(super) fn unsendable(case: &Case, message: PartnerMessage, rules: &dyn Rules) -> Vec<Unmet> {
    if message.purpose() != Some(ConsentPurpose::Guarantee) {
        return vec![];
    }
    let now = engaged(case);
    let listed = rules.guarantors(&case.form).into_iter().find(|one| Some(one.organisation.as_str()) == now);
    // Who does not agree at all is told of by the consents themselves.
    let named = listed.filter(|one| !one.in_papers);
    named.map(|to| unnamed(case, &to)).unwrap_or_default()
}

/// No decision stands that sends data to an institution which nobody named to the person, whichever of its consequences would.
pub(super) fn only_where_named(decision: Decision, rules: &dyn Rules) -> Result<Decision, Refusal> {
    let messages = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Send { message, .. } => Some(*message),
        _ => None,
    });
    let unmet: Vec<Unmet> = messages.flat_map(|message| unsendable(&decision.case, message, rules)).collect();
    if unmet.is_empty() { Ok(decision) } else { Err(Refusal::Blocked { unmet }) }
}

fn unnamed(case: &Case, to: &BankGuarantor) -> Vec<Unmet> {
    let lacking = case.form.parties.iter().filter(|party| !reaches(case, &party.party_id, to));
    let say = |party_id: &str| {
        let name = &to.organisation;
        let unmet = Unmet::of(
            Check::N(Need::GuarantorConsent),
            Some(&format!("{party_id}:{}:{name}", ConsentPurpose::Guarantee)),
        );
        Unmet {
            rule: Some("L-PRIV".to_owned()),
            ja: format!("{}（{}：purpose GUARANTEE、recipient {name}）", unmet.ja, Verb::RenewConsent.ja()),
            en: format!("{} Cure: renewConsent with purpose GUARANTEE and recipient {name}.", unmet.en),
            ..unmet
        }
    };
    lacking.map(|party| say(&party.party_id)).collect()
}

/// Does the person agree that this institution gets the data? By the papers where they name it, else by a consent that does.
fn reaches(case: &Case, party_id: &str, to: &BankGuarantor) -> bool {
    let purpose = ConsentPurpose::Guarantee;
    let by_papers = to.in_papers && stands(&case.form, &case.consent_steps, party_id, purpose);
    let mine = case.consent_steps.iter().rev();
    let mine = mine.filter(|step| step.party_id == party_id && step.purpose == purpose);
    // What was signed before a withdrawal counts no more.
    let mut given = mine.take_while(|step| step.state == ConsentState::Given);
    by_papers || given.any(|step| step.recipient.as_deref() == Some(to.organisation.as_str()))
}

/// May a consent be signed for a recipient that it does not name yet? Without a command: does the bank have one that its papers do not
/// name?
pub(super) fn signs_for_another(case: &Case, command: Option<&Command>, rules: &dyn Rules) -> bool {
    let all = rules.guarantors(&case.form);
    match command {
        Some(Command::RenewConsent { party_id, recipient: Some(recipient), .. }) => {
            all.iter().any(|one| one.organisation == *recipient && !reaches(case, party_id, one))
        }
        Some(_) => false,
        None => all.iter().any(|one| !one.in_papers),
    }
}

/// The fact: the case is with another institution from here on.
pub(super) fn switch(work: &mut Work<'_>, to: &str) {
    let from = engaged(&work.case).unwrap_or_default().to_owned();
    work.fact(Event::GuarantorSwitched { from, to: to.to_owned() });
}

/// What follows: what the former one was asked is withdrawn, the track waits for a new request, and signatures under its guarantee terms
/// are void.
pub(super) fn begin_anew(work: &mut Work<'_>) {
    let key = Case::guarantee_key(work.case.content_version);
    if work.case.track_state(Track::Guar, &key) != Some(S::NotRequested) {
        // A request that was declined, revoked or expired is over: there is nothing to withdraw.
        work.follow(Track::Guar, &key, Verb::CancelGuarantee);
        work.follow(Track::Guar, &key, Verb::ReopenGuarantee);
    }
    if work.case.contract.as_ref().is_some_and(|set| !set.signed.is_empty()) {
        work.fact(Event::SignaturesVoided);
    }
}

/// The institution that the case leaves in this decision: the withdrawal goes there.
pub(super) fn left(work: &Work<'_>) -> Option<String> {
    work.events.iter().find_map(|event| match event {
        Event::GuarantorSwitched { from, .. } => Some(from.clone()),
        _ => None,
    })
}

/// Applies the switch.
pub(super) fn apply(case: &mut Case, from: &str, to: &str) {
    let asked = case.requests.values_mut().filter(|request| request.role == Role::Guarantor);
    for request in asked.filter(|request| request.former.is_none()) {
        request.former = Some(from.to_owned());
    }
    case.guarantees.clear();
    case.former_guarantors.insert(from.to_owned());
    case.former_guarantors.remove(to);
    case.engagements.insert(Role::Guarantor, to.to_owned());
}
