//! INV-1 to INV-10 (E.5), judged from the facts of a case and not through the guards: what tests, the explorer and the
//! verification of stored logs hold every step against.

use super::case::{Case, insurance_key};
use super::consent::{ConsentPurpose, ConsentState, ConsentStep};
use super::decide::{Context, Decision};
use super::effect::{Anchor, Effect, PartnerMessage};
use super::event::Event;
use super::facts::PostingState;
use super::impact::{Trigger, triggers};
use super::record::PayeeKind;
use super::row::{Place, Tells};
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::Verb;
use chrono::NaiveDate;

/// One accepted command: the case before it, and what was decided.
pub struct Step<'a> {
    /// Absent at the first entry.
    pub before: Option<&'a Case>,
    pub decision: &'a Decision,
    pub ctx: &'a Context<'a>,
}

/// Something that must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// `INV-3`; `JOIN` for money without one of its conditions, `NOTICE` for a step without a notice decision.
    pub invariant: &'static str,
    pub detail: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.invariant, self.detail)
    }
}

type Found = Vec<Broken>;

fn hold(found: &mut Found, invariant: &'static str, held: bool, detail: &str) {
    if !held {
        found.push(Broken { invariant, detail: detail.to_owned() });
    }
}

/// Everything that the step breaks; empty for a sound one.
pub fn broken(step: &Step<'_>) -> Vec<Broken> {
    let mut found = state(&step.decision.case);
    history(step, &mut found);
    notices(step, &mut found);
    entered(step, &mut found);
    if let Some(before) = step.before {
        money(before, step, &mut found);
        memory(before, step, &mut found);
    }
    consents(step, &mut found);
    guarantors(step, &mut found);
    super::watch::deadlines(&step.decision.case, step.ctx, &mut found);
    found
}

/// L-PRIV: no message about people goes where somebody withdrew the consent, and nobody screens, approves or pays without.
fn consents(step: &Step<'_>, found: &mut Found) {
    let case = &step.decision.case;
    let withdrawn = |purpose: ConsentPurpose, party: Option<&str>| {
        let about =
            |step: &&ConsentStep| step.purpose == purpose && party.is_none_or(|id| id == step.party_id);
        let mut last = std::collections::BTreeMap::new();
        for step in case.consent_steps.iter().filter(about) {
            last.insert(&step.party_id, step.state);
        }
        last.iter()
            .any(|(party, state)| case.form.party(party).is_some() && *state == ConsentState::Withdrawn)
    };
    for effect in &step.decision.effects {
        let Effect::Send { message, key, .. } = effect else { continue };
        let (purpose, party) = match message {
            PartnerMessage::GuaranteeRequest
            | PartnerMessage::GuaranteeEvidence
            | PartnerMessage::GuaranteeReply => (ConsentPurpose::Guarantee, None),
            PartnerMessage::MembershipRequest => (ConsentPurpose::Membership, Some(key.as_str())),
            PartnerMessage::InsuranceDeclaration | PartnerMessage::InsuranceExam => {
                (ConsentPurpose::GroupInsurance, key.split(':').next())
            }
            PartnerMessage::ScrivenerInstruction => (ConsentPurpose::Registration, None),
            PartnerMessage::FirePledge => (ConsentPurpose::FireInsurance, None),
            _ => continue,
        };
        let sent = !withdrawn(purpose, party);
        hold(found, "CONSENT", sent, &format!("{message} is sent without the consent {purpose}"));
    }
    let asked = |event: &&Event| {
        matches!(event, Event::TrackMoved { track: Track::Bureau, to: S::Requested | S::Answered, .. })
    };
    for event in step.decision.entry.events.iter().filter(asked) {
        let Event::TrackMoved { key, .. } = event else { continue };
        let agreed = !withdrawn(ConsentPurpose::RepaymentAbility, Some(key));
        hold(found, "CONSENT", agreed, &format!("{key} is looked up at the bureau without consent (L-92)"));
    }
    let worked = matches!(
        step.decision.rows.first(),
        Some(&("T05" | "T06" | "T07" | "T12" | "T14" | "T15" | "T22" | "T25" | "T28"))
    );
    let used = [ConsentPurpose::Examination, ConsentPurpose::Guarantee];
    let agreed = !worked || used.iter().all(|purpose| !withdrawn(*purpose, None));
    hold(found, "CONSENT", agreed, "the case is worked on without consent");
}

/// F-01: what is sent of a guarantee goes to whoever answers for the case, its withdrawal to whoever was asked; whoever the case has left
/// says nothing of it any more, and no decision of before counts.
fn guarantors(step: &Step<'_>, found: &mut Found) {
    let case = &step.decision.case;
    let now = super::guarantor::engaged(case).unwrap_or_default();
    let switched = step.decision.entry.events.iter().find_map(|event| match event {
        Event::GuarantorSwitched { from, to } => Some((from.as_str(), to.as_str())),
        _ => None,
    });
    for effect in &step.decision.effects {
        let Effect::Send { message, organisation, .. } = effect else { continue };
        let wanted = match (message, switched) {
            (PartnerMessage::GuaranteeCancel, Some((from, _))) => from,
            (
                PartnerMessage::GuaranteeRequest
                | PartnerMessage::GuaranteeEvidence
                | PartnerMessage::GuaranteeReply
                | PartnerMessage::GuaranteeCancel,
                _,
            ) => now,
            _ => continue,
        };
        hold(found, "F-01", wanted == organisation, &format!("{message} goes to {organisation}"));
    }
    if let Some((from, to)) = switched {
        let left = from != to && now == to && case.former_guarantors.contains(from);
        hold(found, "F-01", left, "the case went nowhere");
        hold(found, "F-01", case.guarantees.is_empty(), "a decision of the former guarantor counts");
        let formed = case.contract.as_ref().is_some_and(|set| set.formed_on.is_some());
        hold(found, "F-01", !formed, "the guarantor was switched after the contract");
    }
    let Some(before) = step.before else { return };
    for (id, old) in before.requests.iter().filter(|(_, old)| old.former.is_some()) {
        let same = case.requests.get(id) == Some(old);
        hold(found, "F-01", same || case.requests.is_empty(), &format!("{id} was answered after the switch"));
    }
}

/// What holds of a case at any time, wherever it came from (INV-1, INV-2, INV-3, INV-8).
pub fn state(case: &Case) -> Vec<Broken> {
    let mut found = vec![];
    let keys: std::collections::BTreeSet<&str> = case.postings.iter().map(|p| p.key.as_str()).collect();
    hold(&mut found, "INV-1", keys.len() == case.postings.len(), "two postings share a key");
    let open = |p: &&super::facts::Posting| {
        matches!(p.state, PostingState::Ordered | PostingState::Unknown | PostingState::Reversing)
    };
    hold(&mut found, "INV-1", case.postings.iter().filter(open).count() <= 1, "two postings are open");
    let out = |s: PostingState| {
        matches!(
            s,
            PostingState::Ordered | PostingState::Unknown | PostingState::Posted | PostingState::Reversing
        )
    };
    let drawn: i64 = case.postings.iter().filter(|p| out(p.state)).map(|p| p.amount_yen).sum();
    hold(&mut found, "INV-2", drawn <= case.amount_yen(), "more is posted than the contract says");
    // C-56: a mix is posted when each of its loans is.
    let whole = |p: &super::facts::Posting| p.parts.iter().all(|part| part.state == PostingState::Posted);
    let torn = case.postings.iter().any(|p| p.state == PostingState::Posted && !whole(p));
    hold(&mut found, "INV-1", !torn, "a mix is posted while one of its loans is not");
    let out = case.postings.iter().filter(|p| p.state == PostingState::Rejected);
    let left = out.flat_map(|p| &p.parts).any(|part| part.state == PostingState::Posted);
    hold(&mut found, "INV-1", !left, "an order is refused while money of a loan is out");
    let formed = case.contract.as_ref().is_some_and(|c| c.formed_on.is_some());
    hold(&mut found, "INV-3", case.stage != Stage::Disbursing || formed, "a posting without a contract");
    let held = case.stage == Stage::OnHold && case.open_posting().is_some();
    hold(&mut found, "INV-8", !held, "a posting is open while the case is on hold");
    // That an access in emergency is reviewed does not end with the case.
    let works = case.tasks.iter().any(|task| !matches!(task.anchor, Anchor::Access { .. }));
    let wrong = case.stage.is_final() && works;
    hold(&mut found, "TASKS", !wrong, "an ended case has open tasks");
    let paired = super::question::has_its_tasks(case);
    hold(&mut found, "TASKS", paired, "a question waits without its task, or a task without its question");
    found
}

/// INV-10: the entry says who, when, what and which version, and every change of state stands in it.
fn history(step: &Step<'_>, found: &mut Found) {
    let (entry, after) = (&step.decision.entry, &step.decision.case);
    let version = step.before.map_or(1, |c| c.version + 1);
    hold(found, "INV-10", entry.version == version && after.version == version, "the version has a gap");
    hold(found, "INV-10", !entry.by.is_empty() && entry.at == step.ctx.now, "an entry without actor or time");
    let from = step.before.map_or(Stage::Draft, |c| c.stage);
    let moved = entry.events.iter().rev().find_map(|event| match event {
        Event::Moved { to, .. } => Some(*to),
        _ => None,
    });
    hold(found, "INV-10", moved.unwrap_or(from) == after.stage, "the stage changed without an event");
    for instance in &after.tracks {
        let earlier = step.before.and_then(|c| c.track_state(instance.track, &instance.key));
        let start = earlier.unwrap_or(instance.track.initial());
        let last = entry.events.iter().rev().find_map(|event| match event {
            Event::TrackMoved { track, key, to, .. } if *track == instance.track && *key == instance.key => {
                Some(*to)
            }
            _ => None,
        });
        let told = last.unwrap_or(start) == instance.state;
        hold(found, "INV-10", told, &format!("{}:{} changed without an event", instance.track, instance.key));
    }
}

/// Every row says whom it tells or why nobody; a main move reaches somebody.
fn notices(step: &Step<'_>, found: &mut Found) {
    let notified = step.decision.effects.iter().any(|e| matches!(e, Effect::Notify { .. }));
    for id in &step.decision.rows {
        let Some(row) = step.ctx.table.row(id) else { continue };
        let decided = match row.tells {
            Tells::Notices(notices) => !notices.is_empty(),
            Tells::Silent(why) => !why.is_empty(),
        };
        hold(found, "NOTICE", decided, &format!("{id} has no notice decision"));
        let main = matches!(row.place, Place::Main { .. });
        hold(found, "NOTICE", !main || notified, &format!("{id} told nobody"));
    }
    for effect in &step.decision.effects {
        let Effect::Notify { notice, to: super::effect::Recipient::Party { party_id }, .. } = effect else {
            continue;
        };
        let dead = step.decision.case.dead.contains(party_id);
        hold(found, "E-DEATH", !dead, &format!("{notice} is written to a deceased person"));
    }
}

/// What must be true where the case arrives: INV-4 at the contract, INV-9 and the join before money.
fn entered(step: &Step<'_>, found: &mut Found) {
    let from = step.before.map(|c| c.stage);
    let case = &step.decision.case;
    if Some(case.stage) == from {
        return;
    }
    let today = step.ctx.today();
    match (from, case.stage) {
        (Some(Stage::ContractTendered), Stage::Contracted) => {
            let set = case.contract.clone().unwrap_or_default();
            for party in &case.form.parties {
                let id = &party.party_id;
                let signed =
                    set.explained.contains(id) && set.identified.contains(id) && set.signed.contains(id);
                hold(found, "INV-4", signed, &format!("{id} was not told, identified or did not sign"));
            }
            insured(step, today, "INV-4", found);
            guaranteed(case, today, "INV-4", found);
            checked(case, set.tendered_on, "INV-4", found);
            let valid = case
                .approval
                .as_ref()
                .is_some_and(|a| set.formed_on.is_some_and(|on| on <= a.valid_until) && !a.is_conditional());
            hold(found, "INV-4", valid, "the approval was not valid on the contract date");
            let ground = case.grounds.iter().any(|g| g.is_refusal());
            hold(found, "INV-4", !ground, "a ground for refusal stands");
            approved(case, found);
        }
        (Some(Stage::Scheduled), Stage::Ready) => join(step, today, found),
        (_, Stage::Disbursing) => {
            approved(case, found);
            let day = case.fixed.as_ref().is_some_and(|f| f.date == today);
            hold(found, "JOIN", from == Some(Stage::Ready) && day, "an order out of READY or off its day");
            payees(case, found);
            let plan =
                case.frozen.as_ref().and_then(|terms| super::money::disbursement_plan(case, terms)?.ok());
            let ordered = case.open_posting().map(|posting| crate::Yen(posting.amount_yen));
            let told = plan.map(|plan| plan.delivered_yen);
            hold(
                found,
                "INV-2",
                told.is_some() && told == ordered,
                "the lines of the order are not its amount",
            );
        }
        _ => {}
    }
}

/// Whoever is paid from outside the case has an account that two people have seen, and none of them waits to be changed.
fn payees(case: &Case, found: &mut Found) {
    let main = case.open_posting().is_some_and(|posting| !posting.drawing);
    let lender = case.form.purpose.code == crate::form::PurposeCode::Refinance;
    let known = case.payee(PayeeKind::ExistingLender).is_some();
    hold(found, "PAYEES", !(main && lender) || known, "the existing lender has no approved account");
    let waits = |verb| matches!(verb, Verb::RecordPayee | Verb::WithdrawPayee);
    let pending = case.proposals.iter().any(|proposal| waits(proposal.command.verb()));
    hold(found, "PAYEES", !pending, "an account waits for its second person");
}

/// No voided approval survives to the contract or the money: what is carried out is what was approved (E.3, T14). Insurance and
/// qualification have tracks of their own, which may move on after the approval.
fn approved(case: &Case, found: &mut Found) {
    let of_a_track = [Trigger::InsuranceTypeOrInsured, Trigger::Other];
    let stands = case.approval.as_ref().is_some_and(|approval| {
        approval.content_version == case.content_version
            && triggers(&approval.form, &case.form).iter().all(|trigger| of_a_track.contains(trigger))
    });
    hold(found, "IMPACT", stands && case.change.is_none(), "the approval is not for what is carried out");
}

/// G-JOIN written out from the facts; the guards are not asked.
fn join(step: &Step<'_>, today: NaiveDate, found: &mut Found) {
    let case = &step.decision.case;
    let contract = case.contract.as_ref().is_some_and(|c| c.formed_on.is_some());
    hold(found, "JOIN", contract, "no contract");
    hold(found, "JOIN", case.fixed.as_ref().is_some_and(|f| f.date == today), "not the day");
    hold(found, "JOIN", step.ctx.rules.is_business_day(&case.form, today), "not a business day");
    insured(step, today, "INV-9", found);
    guaranteed(case, today, "JOIN", found);
    checked(case, Some(today), "JOIN", found);
    let all = |track: Track, states: &[S]| case.on(track).all(|i| states.contains(&i.state));
    let fire = |i: &super::track::Instance| {
        let number = i.key.strip_prefix('P').and_then(|n| n.parse::<u16>().ok()).unwrap_or_default();
        let covers = case.fire.get(&number).is_some_and(|(from, until)| *from <= today && today <= *until);
        i.state == S::NotRequired || i.state == S::Pledged || (i.state == S::Verified && covers)
    };
    hold(found, "JOIN", case.on(Track::Fire).all(fire), "fire cover");
    let registered = case.settles_simultaneously() && !case.has_drawing();
    let enough: &[S] = match registered {
        true => &[S::DocsReady, S::Filed, S::Accepted, S::Completed, S::Deferred],
        false => &[S::Accepted, S::Completed, S::Deferred],
    };
    let filed =
        case.on(Track::Reg).filter(|i| case.secures_fixed_posting(&i.key)).all(|i| enough.contains(&i.state));
    hold(found, "JOIN", filed && case.on(Track::Reg).next().is_some(), "registration");
    // S-09: with drawings out, the building stands and carries the mortgage, and the terms are agreed.
    let main = case.has_drawing() && case.fixed.as_ref().is_some_and(|f| f.drawing_yen.is_none());
    let built = case.completed.values().all(|day| *day <= today)
        && case.terms_agreed_on.is_some_and(|day| day <= today)
        && super::ahead::is_completed(case);
    hold(found, "S-09", !main || built, "a main posting before building and terms");
    hold(found, "JOIN", all(Track::Cond, &[S::Met, S::NotMet]), "the conditions are not evaluated");
    hold(found, "JOIN", !case.arrears, "arrears");
    hold(found, "JOIN", !case.grounds.iter().any(|g| g.is_adverse()), "an adverse fact");
    hold(found, "JOIN", case.costs.is_some(), "costs are not recorded");
    let open = case
        .approval
        .iter()
        .flat_map(|a| a.conditions.iter())
        .any(|c| c.is_open() && c.condition.stage != super::facts::ConditionStage::AfterDisbursement);
    hold(found, "JOIN", !open && case.approval.is_some(), "a condition of the approval is open");
    hold(
        found,
        "JOIN",
        case.frozen.as_ref().is_some_and(|f| f.date == today),
        "rate and amounts are not frozen",
    );
    let refinance = case.form.purpose.code == crate::form::PurposeCode::Refinance;
    let paid = case.payoff.as_ref().is_some_and(|p| p.as_of == today);
    hold(found, "JOIN", !refinance || paid, "no pay-off statement of the day");
}

/// Everyone who must be insured is: accepted for the sum with a declaration that is good on the date, in force, or excepted.
fn insured(step: &Step<'_>, date: NaiveDate, invariant: &'static str, found: &mut Found) {
    let case = &step.decision.case;
    for cover in step.ctx.rules.required_covers(&case.form) {
        let key = insurance_key(&cover.party_id, cover.loan_no);
        let sum = case.covers.get(&key).copied().unwrap_or_default() >= cover.sum_yen;
        let state = case.track_state(Track::Ins, &key);
        let good = cover.last_valid_day.is_some_and(|last| last >= date);
        let accepted = state == Some(S::Accepted) && sum && good;
        let excepted = case.insurance_exceptions.contains(&cover.party_id);
        let insured = accepted || (state == Some(S::InForce) && sum) || excepted;
        hold(found, invariant, insured, &format!("{key} is not insured on {date}"));
    }
}

fn guaranteed(case: &Case, date: NaiveDate, invariant: &'static str, found: &mut Found) {
    let decided = case.guarantees.get(&case.content_version);
    let covers = decided.is_some_and(|g| g.valid_until >= date && g.decision.amount_yen >= case.amount_yen());
    let stands = match case.guarantee_state() {
        Some(S::Effective) => true,
        Some(S::Approved) => covers,
        _ => false,
    };
    hold(found, invariant, stands, "no valid guarantee");
}

/// Qualification of every borrower and a fresh, clear list search of everybody.
fn checked(case: &Case, since: Option<NaiveDate>, invariant: &'static str, found: &mut Found) {
    for party in &case.form.parties {
        let id = &party.party_id;
        let aml = case.instance(Track::Aml, id);
        let fresh = aml.is_some_and(|i| since.is_none_or(|day| i.since >= day));
        let clear = aml.is_some_and(|i| i.state == S::Clear) && fresh;
        hold(found, invariant, clear, &format!("{id} has no fresh, clear list search"));
        let member = !party.role.is_debtor() || case.track_state(Track::Elig, id) == Some(S::Confirmed);
        hold(found, invariant, member, &format!("{id} is not qualified"));
    }
}

/// INV-1 and INV-8: one order per key, never again after an outcome, never out of a hold.
fn money(before: &Case, step: &Step<'_>, found: &mut Found) {
    let after = &step.decision.case;
    let orders = step
        .decision
        .effects
        .iter()
        .filter(|e| matches!(e, Effect::Send { message: PartnerMessage::PostingOrder, .. }));
    let orders = orders.count();
    let new = after.postings.len() - before.postings.len().min(after.postings.len());
    hold(found, "INV-1", orders == new && new <= 1, "orders and postings differ");
    for (old, now) in before.postings.iter().zip(&after.postings) {
        use PostingState as P;
        let allowed: &[P] = match old.state {
            P::Ordered => &[P::Ordered, P::Unknown, P::Posted, P::Rejected],
            P::Unknown => &[P::Unknown, P::Posted, P::Rejected],
            P::Posted => &[P::Posted, P::Reversing, P::Repaid],
            P::Reversing => &[P::Reversing, P::Reversed],
            P::Rejected => &[P::Rejected],
            P::Reversed => &[P::Reversed],
            P::Repaid => &[P::Repaid],
        };
        let kept = old.key == now.key && old.amount_yen == now.amount_yen && allowed.contains(&now.state);
        hold(found, "INV-1", kept, &format!("posting {} went from {} to {}", old.key, old.state, now.state));
    }
    let paid = before.stage == Stage::OnHold && matches!(after.stage, Stage::Ready | Stage::Disbursing);
    hold(found, "INV-8", !paid, "money out of a hold");
}

/// INV-5 and INV-6: no change of content once the contract is formed; approvals and papers are only added.
fn memory(before: &Case, step: &Step<'_>, found: &mut Found) {
    let (after, verb) = (&step.decision.case, step.decision.entry.verb);
    if after.keeping.erased.is_some() {
        // L.2: memory ends where two people have said so, and where nothing holds it.
        let may = before.keeping.released.is_some() && before.keeping.legal_hold.is_none();
        hold(found, "L.2", may && before.stage.is_final(), "a case was erased that nobody released");
        return;
    }
    let change = matches!(verb, Verb::RequestChange | Verb::OpenChange | Verb::AmendApplication);
    hold(found, "INV-5", !(change && before.stage.is_contract_formed()), "a change after the contract");
    let same = after.content_version == before.content_version;
    hold(found, "INV-5", same || !before.stage.is_contract_formed(), "another content after the contract");
    hold(found, "INV-6", after.content_versions >= before.content_versions, "a content version was reused");
    if let (Some(old), Some(new)) = (&before.approval, &after.approval) {
        let replaced = matches!(after.stage, Stage::Approved | Stage::ConditionallyApproved)
            && before.stage == Stage::ReScreening;
        hold(found, "INV-6", replaced || old.form == new.form, "the approved terms were changed");
        let kept = old.valid_until == new.valid_until && old.screening_add_on == new.screening_add_on;
        hold(found, "INV-6", replaced || kept, "the approval was changed");
    }
    let joined: Vec<&crate::form::Insurance> = before
        .form
        .insurance
        .iter()
        .filter(|i| {
            before.track_state(Track::Ins, &insurance_key(&i.party_id, i.loan_no)) == Some(S::InForce)
        })
        .collect();
    let kept = crate::insurance::ladder::after_joining(&joined, &after.form.insurance).is_empty();
    hold(found, "G-21", kept, "the insurance was changed after joining");
    let files = before.files.iter().zip(&after.files).all(|(old, new)| old.file == new.file);
    hold(
        found,
        "INV-6",
        files && before.files.len() <= after.files.len(),
        "a file was taken away or exchanged",
    );
    if same && before.stage != Stage::Draft {
        let papers = after.form.documents.starts_with(&before.form.documents);
        let consents = after.form.consents.starts_with(&before.form.consents);
        let refiled = step
            .decision
            .entry
            .events
            .iter()
            .any(|e| matches!(e, Event::ContentReplaced { .. } | Event::ApprovalRestored));
        hold(found, "INV-6", refiled || (papers && consents), "a paper was overwritten");
    }
}
