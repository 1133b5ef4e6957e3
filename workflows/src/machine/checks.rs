//! The named guards G-*: one exhaustive function from guard to what is unmet. Guards in words are in `checks_words`.

use super::case::{Case, insurance_key};
use super::consent;
use super::decide::Context;
use super::facts::{ConditionStage, PostingState, Proposal};
use super::need::{Check, Need};
use super::refusal::Unmet;
use super::registers;
use super::row::Row;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::Command;
use crate::form::Form;
use crate::guard::Guard;
use crate::money::Yen;
use chrono::NaiveDate;
use std::sync::Arc;

/// What a guard looks at.
pub(super) struct View<'a> {
    pub case: &'a Case,
    /// Absent when only `allowed_actions` asks.
    pub command: Option<&'a Command>,
    pub proposal: Option<&'a Proposal>,
    pub ctx: &'a Context<'a>,
}

impl View<'_> {
    /// Everything that a check still needs; empty when it is met.
    pub fn unmet(&self, check: Check) -> Vec<Unmet> {
        match check {
            Check::G(guard) => self.guard(guard),
            Check::N(Need::DecisionCovers) => {
                let problems = self.decision_refused();
                problems.iter().map(|problem| super::ahead::unmet(check, problem)).collect()
            }
            Check::N(Need::MainAllowed) => {
                let problems = super::ahead::main_refused(self.case, self.ctx.rules, self.date());
                problems.iter().map(|problem| super::ahead::unmet(check, problem)).collect()
            }
            Check::N(Need::PayeesApproved) => {
                let problems = super::record::missing(self.case);
                problems.iter().map(|problem| super::ahead::unmet(check, problem)).collect()
            }
            Check::N(Need::Consents) => {
                let form = self.form();
                let steps = &self.case.consent_steps;
                consent::unmet(&consent::missing(&form, steps, consent::SCREENED, None))
            }
            Check::N(Need::Trained) => match self.command {
                Some(Command::RecordExplanation { party_id, .. }) => {
                    registers::untrained(self.ctx.registers, &self.case.form, party_id, self.today())
                }
                _ => vec![],
            },
            Check::N(Need::ContractorFit) => {
                // The bank's book lists its guarantors; a scrivener is known by the register alone.
                let listed = matches!(self.command, Some(Command::SwitchGuarantor { .. }));
                registers::unfit(self.ctx.registers, listed)
            }
            Check::N(Need::OtherGuarantor) => {
                super::guarantor::no_other(self.case, self.command, self.ctx.rules)
            }
            Check::N(Need::GuarantorConsent) => {
                super::guarantor::without_consent(self.case, self.command, self.ctx.rules)
            }
            // Of a request that is named, `asked` has said before what became of it.
            Check::N(Need::RequestKnown) => super::question::unasked(self.case),
            Check::N(Need::QuestionOpen) => super::question::unanswerable(self.case, self.command),
            Check::N(Need::RetentionOver) if !self.word(Need::RetentionOver) => {
                let kept = super::keeping::kept_until(self.case);
                let subject = kept.map(|(class, until)| format!("{class} {until}"));
                let rule = Some("L.2".to_owned());
                vec![Unmet { rule, ..Unmet::of(check, subject.as_deref()) }]
            }
            Check::N(need) => {
                if self.word(need) {
                    vec![]
                } else {
                    let rule = super::ahead::rule_of(need).map(str::to_owned);
                    vec![Unmet { rule, ..Unmet::of(check, None) }]
                }
            }
        }
    }

    /// Consents that the row's own messages lack. What its consequences send is judged with the whole decision.
    pub fn unsendable(&self, row: &Row) -> Vec<Unmet> {
        let key = self.command.and_then(|command| super::subject::key_of(command, self.case));
        let key = key.unwrap_or_default();
        let missing = row.sends.iter().flat_map(|message| consent::lacking(self.case, *message, &key));
        let unnamed = row
            .sends
            .iter()
            .flat_map(|message| super::guarantor::unsendable(self.case, *message, self.ctx.rules));
        consent::unmet(&missing.collect::<Vec<_>>()).into_iter().chain(unnamed).collect()
    }

    pub fn today(&self) -> NaiveDate {
        self.ctx.today()
    }

    /// The content that the command is about: the one it brings, the one filed with the change, or the case's.
    pub fn form(&self) -> Arc<Form> {
        match self.command {
            Some(Command::AmendApplication { form } | Command::RequestChange { form, .. }) => {
                Arc::new(form.clone())
            }
            Some(Command::StartRescreening {}) => self
                .case
                .change
                .as_ref()
                .and_then(|c| c.form.clone())
                .unwrap_or_else(|| self.case.form.clone()),
            _ => self.case.form.clone(),
        }
    }

    /// The date that the command is about.
    pub fn date(&self) -> NaiveDate {
        match self.command {
            Some(Command::ScheduleDisbursement { date, .. }) => *date,
            Some(Command::LiftHold { date: Some(date) }) => *date,
            Some(Command::EvaluateConditions { date }) => *date,
            _ => self.case.planned_date(),
        }
    }

    fn guard(&self, guard: Guard) -> Vec<Unmet> {
        let check = Check::G(guard);
        let mut unmet = self.found(guard);
        let mut need = |met: bool, subject: Option<&str>| {
            if !met {
                unmet.push(Unmet::of(check, subject));
            }
        };
        match guard {
            // What somebody found defective stands beside what the rules find too old.
            Guard::DocIntake => super::papers::defective(self.case)
                .for_each(|attached| need(false, Some(&attached.file.requirement().key()))),
            Guard::DocApply
            | Guard::Consent
            | Guard::AmlPledge
            | Guard::Purpose
            | Guard::Amount
            | Guard::TermAge
            | Guard::RateType
            | Guard::Parties
            | Guard::InsForm
            | Guard::RegAgent
            | Guard::Repayment => {}
            Guard::Elig => self.each(Track::Elig, &[S::Confirmed], &mut need),
            Guard::BureauDone => self.each(Track::Bureau, &[S::Answered], &mut need),
            Guard::CollValue => self.each(Track::Coll, &[S::Valued], &mut need),
            Guard::Cond => self.each(Track::Cond, &[S::Met, S::NotMet], &mut need),
            Guard::AmlClear => self.aml_clear(&mut need),
            Guard::GuarApproved => need(self.guarantee_stands(self.today()), None),
            Guard::InsDecided => self.insurance(&[S::Accepted], self.today().max(self.date()), &mut need),
            Guard::InsValid => self.insurance(&[S::Accepted, S::InForce], self.date(), &mut need),
            Guard::Explain => self.explained(&mut need),
            Guard::CreditUnchanged => need(!self.case.grounds.iter().any(|g| g.is_adverse()), None),
            Guard::Refusal => need(self.case.grounds.iter().any(|g| g.is_refusal()), None),
            Guard::Revoke => need(self.case.grounds.iter().any(|g| g.is_revocation()), None),
            Guard::FourEyes => {
                if let Some(proposal) = self.proposal {
                    unmet.extend(proposal.unmet_by(self.ctx.actor));
                }
            }
            Guard::Join => {}
            Guard::ApprovalValid => {
                let on = match self.command {
                    Some(Command::AcceptContract { contract_date }) => *contract_date,
                    _ => self.today(),
                };
                need(self.case.approval.as_ref().is_some_and(|a| a.valid_until >= on), None);
            }
            Guard::Contract => {
                let formed = self.case.contract.as_ref().is_some_and(|c| c.formed_on.is_some());
                need(formed && self.net_yen() >= 0, None);
            }
            Guard::ConditionsMet => self.conditions_met(&mut need),
            Guard::FireVerified => self.fire(&mut need),
            Guard::Reg => self.registration(&mut need),
            Guard::BusinessDay => need(self.ctx.rules.is_business_day(&self.case.form, self.date()), None),
            Guard::NoArrears => need(!self.case.arrears, None),
            Guard::RatePublished => need(self.ctx.rules.rates_published(&self.case.form, self.date()), None),
            Guard::Account => {}
            Guard::Costs => need(self.costs_covered(), None),
            Guard::Split90 => unmet.extend(self.split_refused()),
            Guard::Payoff => need(self.payoff_ok(), None),
        }
        unmet
    }

    /// Findings of the lending rules that stand under this guard, as unmet preconditions.
    fn found(&self, guard: Guard) -> Vec<Unmet> {
        // A declaration that runs out is judged with the decision as well (G-INS-DECIDED).
        let also = match guard {
            Guard::InsDecided => Guard::InsValid,
            other => other,
        };
        if guard == Guard::Account && self.case.account_exception {
            return vec![];
        }
        if guard == Guard::FourEyes || guard == Guard::Explain {
            return vec![];
        }
        let form = self.form();
        let in_force = self.case.on(Track::Ins).any(|i| i.state == S::InForce);
        if in_force && matches!(guard, Guard::InsValid) {
            return vec![];
        }
        self.ctx
            .rules
            .findings(&form, self.date())
            .into_iter()
            .filter(|f| f.guard == guard || f.guard == also)
            .filter(|f| f.guard != Guard::InsValid || !self.is_excepted(&f.subject))
            .map(|f| Unmet { rule: Some(f.rule.to_owned()), ..Unmet::of(Check::G(guard), Some(&f.subject)) })
            .collect()
    }

    /// Is this finding about the insurance of somebody who is excepted from it (G-10)? The subject is the person or a
    /// declaration of the person for a loan.
    fn is_excepted(&self, subject: &str) -> bool {
        let party = subject.strip_prefix("declaration:").and_then(|rest| rest.rsplit_once(":L"));
        let party = party.map_or(subject, |(party, _)| party);
        self.case.insurance_exceptions.contains(party)
    }

    /// Every instance of the track stands in one of these states, and there is one.
    fn each(&self, track: Track, states: &[S], need: &mut dyn FnMut(bool, Option<&str>)) {
        need(self.case.on(track).next().is_some(), None);
        for instance in self.case.on(track) {
            need(states.contains(&instance.state), Some(&instance.key));
        }
    }

    /// CLEAR, and fresh: searched since the contract was handed in (T22), or on the day itself (T25).
    fn aml_clear(&self, need: &mut dyn FnMut(bool, Option<&str>)) {
        let since = match self.case.stage {
            Stage::ContractTendered => self.case.contract.as_ref().and_then(|c| c.tendered_on),
            Stage::Scheduled | Stage::Ready => self.case.fixed.as_ref().map(|f| f.date),
            _ => None,
        };
        need(self.case.on(Track::Aml).next().is_some(), None);
        for instance in self.case.on(Track::Aml) {
            let fresh = since.is_none_or(|day| instance.since >= day);
            need(instance.state == S::Clear && fresh, Some(&instance.key));
        }
    }

    /// APPROVED, unexpired and covering the sum, or EFFECTIVE from an earlier drawing.
    pub fn guarantee_stands(&self, on: NaiveDate) -> bool {
        match self.case.guarantee_state() {
            Some(S::Effective) => true,
            Some(S::Approved) => self
                .case
                .guarantees
                .get(&self.case.content_version)
                .is_some_and(|g| g.valid_until >= on && g.decision.amount_yen >= self.case.amount_yen()),
            _ => false,
        }
    }

    /// Every required insured person decided for the sum, or excepted with two approvals (G-10).
    fn insurance(&self, states: &[S], date: NaiveDate, need: &mut dyn FnMut(bool, Option<&str>)) {
        for cover in self.ctx.rules.required_covers(&self.case.form) {
            if self.case.insurance_exceptions.contains(&cover.party_id) {
                continue;
            }
            let key = insurance_key(&cover.party_id, cover.loan_no);
            let state = self.case.track_state(Track::Ins, &key);
            let in_force = state == Some(S::InForce);
            let decided = state.is_some_and(|s| states.contains(&s));
            let sum = self.case.covers.get(&key).copied().unwrap_or(0) >= cover.sum_yen;
            let valid = in_force || cover.last_valid_day.is_some_and(|last| last >= date);
            need(decided && sum && valid, Some(&key));
        }
    }

    /// Everyone who signs was told by trained staff (L-95); for one signature only that person counts.
    fn explained(&self, need: &mut dyn FnMut(bool, Option<&str>)) {
        let set = self.case.contract.clone().unwrap_or_default();
        let told = |party: &String| set.explained.contains(party) && registers::by_trained(self.case, party);
        match self.command {
            Some(Command::SignContract { party_id }) => need(told(party_id), Some(party_id)),
            _ => {
                for party in &self.case.form.parties {
                    need(told(&party.party_id), Some(&party.party_id));
                }
            }
        }
    }

    fn conditions_met(&self, need: &mut dyn FnMut(bool, Option<&str>)) {
        let Some(approval) = &self.case.approval else {
            need(false, None);
            return;
        };
        for stage in [ConditionStage::BeforeContract, ConditionStage::BeforeDisbursement] {
            for condition in approval.open(stage) {
                need(false, Some(&condition.condition.code));
            }
        }
    }

    fn fire(&self, need: &mut dyn FnMut(bool, Option<&str>)) {
        let date = self.date();
        for instance in self.case.on(Track::Fire).filter(|i| i.state != S::NotRequired) {
            let covered =
                instance.key.strip_prefix('P').and_then(|n| n.parse::<u16>().ok()).is_some_and(|n| {
                    self.case.fire.get(&n).is_some_and(|(from, until)| *from <= date && date <= *until)
                });
            let verified = instance.state == S::Verified && covered;
            need(verified || instance.state == S::Pledged, Some(&instance.key));
        }
    }

    /// DOCS_READY where payment and mortgage settle together, else ACCEPTED; DEFERRED counts (H-05).
    fn registration(&self, need: &mut dyn FnMut(bool, Option<&str>)) {
        let ready = self.case.settles_simultaneously() && !self.case.has_drawing();
        need(self.case.on(Track::Reg).next().is_some(), None);
        for instance in self.case.on(Track::Reg).filter(|i| self.case.secures_fixed_posting(&i.key)) {
            let enough = match instance.state {
                S::Accepted | S::Completed | S::Deferred => true,
                S::DocsReady | S::Filed => ready,
                _ => false,
            };
            need(enough, Some(&instance.key));
        }
    }

    /// The costs of I.20 and the scrivener's bill are recorded and covered, and all lines of the posting add up. A statement of
    /// the existing lender for another day stands under G-PAYOFF.
    fn costs_covered(&self) -> bool {
        let add_on = self.case.approval.as_ref().and_then(|a| a.screening_add_on);
        let guarantee = self.case.guarantees.get(&self.case.content_version);
        let loans = guarantee.map(|g| g.decision.loans.as_slice()).unwrap_or_default();
        let terms = self.ctx.rules.freeze(
            &self.case.form,
            add_on,
            loans,
            super::price::decided_on(self.case),
            self.date(),
        );
        match terms.and_then(|terms| super::money::disbursement_plan(self.case, &terms)) {
            None => false,
            Some(Ok(_)) => true,
            Some(Err(problems)) => problems.iter().all(|problem| problem.rule == Guard::Payoff.code()),
        }
    }

    /// Yen of the posting that the fixed date is for.
    pub fn net_yen(&self) -> i64 {
        match self.case.fixed.as_ref().and_then(|f| f.drawing_yen) {
            Some(drawing) => drawing,
            None => self.case.amount_yen() - self.case.drawn_yen(),
        }
    }

    /// S-02, S-09, S-15: drawings only.
    fn split_refused(&self) -> Vec<Unmet> {
        let drawing = match self.command {
            Some(Command::ScheduleDisbursement { drawing_yen, .. }) => *drawing_yen,
            _ => self.case.fixed.as_ref().and_then(|f| f.drawing_yen),
        };
        let Some(drawing) = drawing else { return vec![] };
        let problems = super::ahead::drawing_refused(self.case, self.ctx.rules, Yen(drawing));
        problems.iter().map(|problem| super::ahead::unmet(Check::G(Guard::Split90), problem)).collect()
    }

    /// Refinance only: statement for the date; at the hand-over, the transfer's confirmation.
    fn payoff_ok(&self) -> bool {
        if self.case.form.purpose.code != crate::form::PurposeCode::Refinance {
            return true;
        }
        let Some(payoff) = &self.case.payoff else { return false };
        match self.case.stage {
            Stage::Disbursed => payoff.reference.is_some(),
            _ => payoff.as_of == self.date(),
        }
    }

    /// Has this posting key an open posting of the state that the stage waits for?
    pub fn posting_known(&self) -> bool {
        let key = match self.command {
            Some(
                Command::ConfirmPosting { posting_key, .. }
                | Command::RejectPosting { posting_key, .. }
                | Command::ConfirmReversal { posting_key, .. },
            ) => Some(posting_key.as_str()),
            _ => None,
        };
        let wanted: &[PostingState] = match self.case.stage {
            Stage::Reversing => &[PostingState::Reversing],
            _ => &[PostingState::Ordered, PostingState::Unknown],
        };
        self.case.open_posting().is_some_and(|p| wanted.contains(&p.state) && key.is_none_or(|k| k == p.key))
    }
}
