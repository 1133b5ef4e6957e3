//! The preconditions that E.5 writes out in words.

use super::case::insurance_key;
use super::checks::View;
use super::consent::{ConsentPurpose, ConsentState, is_registered, stands};
use super::facts::{
    ChangeCause, ClosureGround, DeclineGround, ExtensionPaper, HoldGround, TerminationGround,
};
use super::need::Need;
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::Command;
use crate::form::{Insurance, InsuranceType, QualificationRoute};
use crate::guarantee::decision::{Answer, Decision, check};
use crate::guard::Guard;
use crate::insurance::ladder::{Rung, after_refusal, is_only_insured};

impl View<'_> {
    /// Is this precondition met?
    pub(super) fn word(&self, need: Need) -> bool {
        match need {
            Need::DefectNamed => match self.command {
                Some(Command::RecordDefects { defects } | Command::ReturnContract { defects }) => {
                    !defects.is_empty()
                }
                _ => true,
            },
            Need::NoConflict => super::approval::conflict_of(self.case, self.ctx.actor).is_none(),
            Need::ConflictOfAnother => match self.command {
                Some(Command::LiftConflict { subject, .. }) => self.is_conflict_of_another(subject),
                _ => self.case.conflicts.keys().any(|subject| self.is_conflict_of_another(subject)),
            },
            Need::ConsentGiven => is_registered(self.case, self.command, ConsentState::Given),
            Need::ConsentWithdrawn => {
                is_registered(self.case, self.command, ConsentState::Withdrawn)
                    || super::guarantor::signs_for_another(self.case, self.command, self.ctx.rules)
            }
            Need::NotHeld => self.case.keeping.legal_hold.is_none(),
            Need::Held => self.case.keeping.legal_hold.is_some(),
            Need::RetentionOver => {
                super::keeping::kept_until(self.case).is_some_and(|(_, until)| until < self.today())
            }
            Need::Released => self.case.keeping.released.is_some(),
            // Judged before the table is asked: see `asked`.
            Need::RequestKnown
            | Need::RequestOpen
            | Need::RequestWithdrawn
            | Need::RequestReplaced
            | Need::RequestExpired => true,
            Need::NotErased => self.case.keeping.erased.is_none(),
            Need::ListedPapersIn => self.listed_papers_in(),
            Need::NoOpenCondition => match self.command {
                Some(Command::ApproveLoan { .. }) => true,
                // Asked without a command: an approval to come brings its own conditions.
                None if matches!(self.case.stage, Stage::Screening | Stage::ReScreening) => true,
                _ => self.case.approval.as_ref().is_some_and(|a| !a.is_conditional()),
            },
            Need::LaterConditions => match self.command {
                Some(Command::ApproveLoan { conditions, .. }) => {
                    conditions.iter().all(|c| c.stage != super::facts::ConditionStage::BeforeContract)
                }
                _ => true,
            },
            Need::OpenCondition => match self.command {
                Some(Command::ApproveWithConditions { conditions, .. }) => {
                    conditions.iter().any(|c| c.stage == super::facts::ConditionStage::BeforeContract)
                }
                _ => true,
            },
            Need::GuarAnswered => {
                self.guarantee_stands(self.today())
                    || matches!(self.case.guarantee_state(), Some(S::Conditional | S::ConditionsSent))
            }
            Need::InsDecidedOrCondition => {
                self.unmet(super::need::Check::G(Guard::InsDecided)).is_empty() || self.names_insurance()
            }
            Need::DeclineGround | Need::RescindGround => self.decline_ground(),
            Need::BridgePlan => self.case.bridge.as_ref().is_none_or(|b| !b.outstanding || b.plan.is_some()),
            Need::NoBridge => self.case.bridge.as_ref().is_none_or(|b| !b.outstanding),
            Need::BridgeAllowed => self.bridge_allowed(),
            Need::ApprovalOver => self.case.approval.as_ref().is_some_and(|a| a.valid_until < self.today()),
            Need::ContentChanged => self.content_changed(),
            Need::ChangedPapersIn => self.changed_papers_in(),
            Need::ChangeWithdrawable => self.change_withdrawable(),
            Need::EarlierUnconditional => self.case.approval.as_ref().is_some_and(|a| !a.is_conditional()),
            Need::EarlierConditional => self.case.approval.as_ref().is_some_and(|a| a.is_conditional()),
            Need::EarlierStands => self.earlier_stands(),
            Need::NoRefusalGround => !self.case.grounds.iter().any(|g| g.is_refusal()),
            _ => self.contract_word(need),
        }
    }

    /// Contract, date, posting.
    fn contract_word(&self, need: Need) -> bool {
        let set = self.case.contract.as_ref();
        match need {
            Need::IdentityVerified => match self.command {
                Some(Command::SignContract { party_id }) => {
                    set.is_some_and(|s| s.identified.contains(party_id))
                }
                _ => set.is_some_and(|s| {
                    self.case.form.parties.iter().all(|p| s.identified.contains(&p.party_id))
                }),
            },
            Need::AllSigned => {
                set.is_some_and(|s| self.case.form.parties.iter().all(|p| s.signed.contains(&p.party_id)))
            }
            Need::ContractDateToday => match self.command {
                Some(Command::AcceptContract { contract_date }) => {
                    let tendered = set.and_then(|s| s.tendered_on);
                    *contract_date <= self.today() && tendered.is_none_or(|t| *contract_date >= t)
                }
                _ => true,
            },
            Need::DateNamed => match self.case.named_date {
                Some(named) => self.command.is_none() || named == self.date(),
                None => !self.case.has_drawing() && (self.command.is_none() || self.wished(self.date())),
            },
            Need::DateAhead => self.date() >= self.today(),
            Need::GuarValidOnDate => self.guarantee_stands(self.date()),
            Need::DateReleasable => self.case.stage != Stage::OnHold || self.hold_cured(),
            Need::NoDrawing => !self.case.has_drawing(),
            Need::Drawing => self.case.has_drawing(),
            Need::OnTheDay => self.case.fixed.as_ref().is_some_and(|f| f.date == self.today()),
            Need::HoldGround => self.hold_ground(),
            Need::HoldCured => self.hold_cured(),
            Need::MainAllowed => {
                super::ahead::main_refused(self.case, self.ctx.rules, self.date()).is_empty()
            }
            Need::BuildingFinished => super::ahead::is_completed(self.case),
            Need::PayeesApproved => super::record::missing(self.case).is_empty(),
            Need::NoOpenPosting => self.case.open_posting().is_none(),
            Need::PostingKnown => self.posting_known(),
            Need::AllParts | Need::PartOpen | Need::PartPosted | Need::NothingPosted => self.part_word(need),
            Need::MainPosting => self.case.open_posting().is_some_and(|p| !p.drawing),
            Need::DrawingPosting => self.case.open_posting().is_some_and(|p| p.drawing),
            Need::PostingOverdue => self
                .case
                .deadlines
                .iter()
                .any(|d| d.timer == super::effect::Timer::Tm09 && d.due_at <= self.ctx.now),
            Need::SameDay => {
                let last =
                    self.case.postings.iter().rev().find(|p| p.state == super::facts::PostingState::Posted);
                last.is_some_and(|p| p.date == self.today())
            }
            Need::WithinFundingDeadline => self.case.funding_deadline.is_none_or(|d| self.date() <= d),
            Need::TerminationGround => self.termination_ground(),
            Need::ServicingAccepted => self.case.servicing_number.is_some(),
            Need::ExtensionPapers => {
                let in_time = self.case.funding_deadline.is_some_and(|d| self.today() <= d);
                in_time && self.case.extension_papers.contains(&ExtensionPaper::Request)
            }
            Need::GuarantorAgrees => self.case.extension_papers.contains(&ExtensionPaper::GuarantorConsent),
            Need::AgreementSigned => self.case.extension_papers.contains(&ExtensionPaper::ChangeAgreement),
            Need::ChangeCause => match self.command {
                Some(Command::OpenChange { cause }) => self.cause_holds(*cause),
                _ => ChangeCause::ALL.iter().any(|c| self.cause_holds(*c)),
            },
            Need::ClosureGround => match self.command {
                Some(Command::CloseCase { ground, .. }) => self.closure_ground(*ground),
                _ => ClosureGround::ALL.iter().any(|g| self.closure_ground(*g)),
            },
            _ => self.track_word(need),
        }
    }

    /// Without an explicit notice, the date of the application counts as the named one, or the next one after it passed.
    fn wished(&self, date: chrono::NaiveDate) -> bool {
        date == self.case.form.requested_disbursement_date
    }

    fn is_conflict_of_another(&self, subject: &str) -> bool {
        self.case.conflicts.contains_key(subject) && self.ctx.actor.people().all(|person| person != subject)
    }

    fn listed_papers_in(&self) -> bool {
        let form = &self.case.form;
        self.case.defects.iter().all(|defect| {
            let listed_on = self.case.on(Track::Coll).next().map(|_| ()).is_some();
            let paper = form.documents.iter().any(|d| {
                d.document.code() == defect.document
                    && (defect.party_id.is_none() || d.party_id == defect.party_id)
            });
            let consent = form.consents.iter().any(|c| {
                c.consent.code() == defect.document
                    && defect.party_id.as_ref().is_none_or(|p| *p == c.party_id)
                    && c.signed_on.is_some()
            });
            listed_on && (paper || consent)
        })
    }

    fn names_insurance(&self) -> bool {
        matches!(self.command, Some(Command::ApproveWithConditions { conditions, .. })
            if conditions.iter().any(|c| c.code == super::content::INSURANCE_CONDITION))
    }

    fn decline_ground(&self) -> bool {
        let ground = match self.command {
            Some(Command::DeclineLoan { ground, .. } | Command::RescindApproval { ground, .. }) => *ground,
            _ => return true,
        };
        let guarantee = self.case.guarantee_state();
        match ground {
            // The bank's own refusal needs no further fact before an approval; later it needs a ground of E.3.
            DeclineGround::BankRefusal => matches!(
                self.case.stage,
                Stage::Submitted | Stage::Incomplete | Stage::Screening | Stage::ReScreening
            ),
            DeclineGround::RefusalReason => self.case.grounds.iter().any(|g| g.is_refusal()),
            DeclineGround::GuarantorDeclined => matches!(guarantee, Some(S::Declined | S::Revoked)),
            DeclineGround::InsuranceImpossible => self.case.on(Track::Ins).any(|i| {
                let person = i.key.split(':').next().unwrap_or_default();
                i.state == S::Rejected && !self.case.insurance_exceptions.contains(person)
            }),
        }
    }

    /// E.3: any field of the approved snapshot; a corrected typing error and papers handed in later are no change.
    fn content_changed(&self) -> bool {
        let new = match self.command {
            Some(Command::RequestChange { form, .. } | Command::AmendApplication { form }) => form,
            _ => return true,
        };
        let old = self.case.approval.as_ref().map_or(&self.case.form, |a| &a.form);
        !super::impact::triggers(old, new).is_empty()
    }

    /// The changed content is known, papers and consents of it are in, and changed insurance is declared anew.
    fn changed_papers_in(&self) -> bool {
        let Some(change) = &self.case.change else { return false };
        let Some(form) = &change.form else { return false };
        let judged = [Guard::DocApply, Guard::Consent, Guard::AmlPledge];
        let approved = self.case.approval.as_ref().map_or(&self.case.form, |approval| &approval.form);
        self.ctx.rules.findings(form, self.date()).iter().all(|f| !judged.contains(&f.guard))
            && super::impact::stale_papers(approved, form).next().is_none()
    }

    /// The applicant takes back an own change; a server-opened one ends when its cause is cured, by the manager.
    fn change_withdrawable(&self) -> bool {
        let Some(change) = &self.case.change else { return false };
        match change.cause {
            None => self.ctx.actor.role == Role::Applicant,
            Some(cause) => self.ctx.actor.role == Role::BranchManager && !self.cause_holds(cause),
        }
    }

    /// The earlier approval is still valid and its guarantee decision not revoked or expired.
    fn earlier_stands(&self) -> bool {
        let Some(approval) = &self.case.approval else { return false };
        let key = super::case::Case::guarantee_key(approval.content_version);
        let stands = matches!(
            self.case.track_state(Track::Guar, &key),
            Some(S::Approved | S::Conditional | S::ConditionsSent | S::Suspended)
        );
        let unexpired = self
            .case
            .guarantees
            .get(&approval.content_version)
            .is_some_and(|g| g.valid_until >= self.today());
        approval.valid_until >= self.today() && stands && unexpired
    }

    fn cause_holds(&self, cause: ChangeCause) -> bool {
        match cause {
            ChangeCause::InsuranceRejected => {
                self.ctx.rules.required_covers(&self.case.form).iter().any(|cover| {
                    let state =
                        self.case.track_state(Track::Ins, &insurance_key(&cover.party_id, cover.loan_no));
                    matches!(state, Some(S::Rejected | S::Expired))
                        && !self.case.insurance_exceptions.contains(&cover.party_id)
                })
            }
            ChangeCause::GuaranteeRevoked => self.case.guarantee_state() == Some(S::Revoked),
            ChangeCause::PartyDied => self
                .case
                .form
                .parties
                .iter()
                .any(|p| p.party_id != "A1" && self.case.dead.contains(&p.party_id)),
            ChangeCause::RouteChanged => self.case.route_changed,
        }
    }

    fn closure_ground(&self, ground: ClosureGround) -> bool {
        match ground {
            ClosureGround::NoAnswer => {
                self.case.warned.iter().any(|(timer, _)| *timer == super::effect::Timer::Tm02)
            }
            ClosureGround::ApplicantDied => self.case.dead.contains("A1"),
        }
    }

    /// BR-6, BR-8: a bridge loan with money out stands on an approval that is valid on the planned handover, or on the contract.
    fn bridge_allowed(&self) -> bool {
        let Some(Command::LinkBridge { outstanding: true, principal_yen: Some(_), due_on, .. }) =
            self.command
        else {
            return true;
        };
        let formed = self.case.contract.as_ref().is_some_and(|set| set.formed_on.is_some());
        let handover = self.case.form.money_ahead.as_ref().map(|ahead| ahead.handover_on).or(*due_on);
        let on = handover.unwrap_or(self.today()).max(self.today());
        formed || self.case.approval.as_ref().is_some_and(|approval| approval.valid_until >= on)
    }

    /// The stated ground is a fact.
    fn hold_ground(&self) -> bool {
        match self.command {
            Some(Command::HoldDisbursement { ground, .. }) => self.holds(*ground),
            _ => HoldGround::ALL.iter().any(|g| self.holds(*g)),
        }
    }

    fn hold_cured(&self) -> bool {
        HoldGround::ALL.iter().all(|ground| !self.holds(*ground))
    }

    fn holds(&self, ground: HoldGround) -> bool {
        match ground {
            HoldGround::Arrears => self.case.arrears,
            HoldGround::RefusalGround => self.case.grounds.iter().any(|g| g.is_refusal()),
            HoldGround::GuaranteeRevoked => self.case.guarantee_state() == Some(S::Revoked),
            HoldGround::Death => !self.case.dead.is_empty(),
            HoldGround::FundingDeadline => {
                self.case.has_drawing() && self.case.funding_deadline.is_some_and(|d| d < self.today())
            }
            HoldGround::JoinGuard => {
                let lost =
                    |track: Track, states: &[S]| self.case.on(track).any(|i| states.contains(&i.state));
                lost(Track::Elig, &[S::Lost, S::Refused])
                    || self.case.guarantee_state() == Some(S::Expired)
                    || self.cover_lost()
                    || lost(Track::Aml, &[S::Blocked])
                    || lost(Track::Reg, &[S::Rejected, S::Withdrawn])
            }
        }
    }

    /// Insurance is gone for somebody who is not excepted from it (G-10).
    fn cover_lost(&self) -> bool {
        self.case.on(Track::Ins).any(|i| {
            let person = i.key.split(':').next().unwrap_or_default();
            matches!(i.state, S::Expired | S::Rejected) && !self.case.insurance_exceptions.contains(person)
        })
    }

    fn termination_ground(&self) -> bool {
        let ground = match self.command {
            Some(Command::TerminateContract { ground, .. }) => *ground,
            _ => return true,
        };
        match ground {
            TerminationGround::Revocation => {
                self.case.grounds.iter().any(|g| g.is_revocation()) || !self.case.dead.is_empty()
            }
            TerminationGround::RefusalGround => self.case.grounds.iter().any(|g| g.is_refusal()),
            TerminationGround::FundingDeadline => self.holds(HoldGround::FundingDeadline),
            TerminationGround::Agreement => self.case.termination_agreed,
        }
    }

    fn track_word(&self, need: Need) -> bool {
        match need {
            Need::NewEvidence => match self.command {
                Some(Command::RequestGuarantee { new_evidence }) => new_evidence.is_some(),
                _ => true,
            },
            Need::GuaranteeConsent => self
                .case
                .form
                .documents
                .iter()
                .any(|d| d.document == crate::form::DocumentKind::GuaranteeRequest),
            Need::GuaranteeFree => super::guarantor::is_free(self.case),
            Need::CurrentRequest => !matches!(
                self.case.stage,
                Stage::Draft | Stage::Incomplete | Stage::Submitted | Stage::Disbursed | Stage::Reversing
            ),
            Need::DecisionCovers => self.decision_refused().is_empty(),
            Need::OwnRoute => self.own_route(),
            Need::BasicRefused => self.basic_refused(),
            Need::DeclarationOver => self.declaration_over(),
            Need::DecisionOver => {
                let version = match self.command {
                    Some(Command::ExpireGuarantee { content_version: Some(version) }) => *version,
                    _ => self.case.content_version,
                };
                self.case.guarantees.get(&version).is_some_and(|g| g.valid_until < self.today())
            }
            Need::DeclaredInTime => self.declared_in_time(),
            Need::SumMatches => self.sum_matches(),
            Need::CoversDate => match self.command {
                Some(Command::VerifyFireCover { covers_from, covers_until, .. }) => {
                    *covers_from <= self.date() && self.date() <= *covers_until
                }
                _ => true,
            },
            Need::Deferrable => self.case.form.properties.iter().any(|p| p.reserved_land == Some(true)),
            Need::SealFresh => match self.command {
                Some(Command::ReadyPapers { seal_certificate_on, .. }) => {
                    self.seal_fresh(*seal_certificate_on)
                }
                _ => true,
            },
            Need::FirstFiled => match self.command {
                Some(Command::FileRegistration { filing }) if filing == super::subject::SECOND_FILING => {
                    let first = self.case.track_state(Track::Reg, super::subject::FILING);
                    matches!(first, Some(S::Accepted | S::Correction | S::Completed))
                }
                _ => true,
            },
            Need::JobTaken
            | Need::OfficeFree
            | Need::OtherOffice
            | Need::OneOffice
            | Need::OfficeReplaceable => self.office_word(need),
            Need::BureauConsent => self.bureau_consent(),
            Need::BureauOld => self.bureau_old(),
            Need::ValueCovers => match self.command {
                Some(Command::RecordValuation { lendable_yen, .. }) => {
                    *lendable_yen >= self.case.amount_yen()
                }
                _ => true,
            },
            Need::Cured => !matches!(self.command, Some(Command::OrderValuation { cure: None })),
            Need::CaseEnding => matches!(
                self.case.stage,
                Stage::ContractTerminated | Stage::DrawingsRepaid | Stage::HandedOver
            ),
            Need::SearchDue => self.search_due(),
            Need::PledgeCase => {
                self.case.form.fund_uses.iter().any(|u| u.kind == crate::form::FundUseKind::DebtConsolidation)
            }
            Need::CoverLapsed => !self.unmet(super::need::Check::G(Guard::FireVerified)).is_empty(),
            Need::PapersStale => {
                let filing = self.case.filings.get(super::subject::FILING);
                filing.and_then(|f| f.seal_certificate_on).is_some_and(|on| !self.seal_fresh(on))
            }
            Need::ConditionsHold => self.ctx.rules.conditions_hold(&self.case.form, self.date()),
            Need::ConditionsFail => !self.ctx.rules.conditions_hold(&self.case.form, self.date()),
            Need::NotPep => {
                let party = self.subject_party();
                !self
                    .case
                    .form
                    .parties
                    .iter()
                    .any(|p| p.foreign_pep && party.as_ref().is_none_or(|id| *id == p.party_id))
            }
            // Judged in other functions, or where the command is matched to an instance.
            _ => true,
        }
    }

    fn subject_party(&self) -> Option<String> {
        let command = self.command?;
        super::subject::key_of(command, self.case)
    }

    /// F-03: what is wrong with the answer, by field and rule.
    pub(super) fn decision_refused(&self) -> Vec<crate::Problem> {
        let (decision, answer) = match self.command {
            Some(Command::ApproveGuarantee { decision }) => (decision, Answer::Approved),
            Some(Command::ConditionGuarantee { decision, conditions }) => {
                (decision, Answer::Conditional(conditions))
            }
            _ => return vec![],
        };
        let loans = decision.loans.iter().map(|loan| crate::LoanGuarantee {
            loan_no: loan.loan_no,
            monthly_rate: loan.monthly_rate_percent.map(crate::Rate),
            lump_sum_fee: loan.lump_sum_fee_yen.map(crate::Yen),
        });
        let decision = Decision {
            answer,
            guarantee_number: &decision.guarantee_number,
            amount: crate::Yen(decision.amount_yen),
            term_months: decision.term_months,
            loans: loans.collect(),
            valid_until: decision.valid_until,
        };
        check(&self.case.form, &decision, self.today())
    }

    fn own_route(&self) -> bool {
        let qualification = match self.command {
            Some(Command::ChangeRoute { qualification, .. }) => Some(qualification.clone()),
            Some(command) => super::subject::key_of(command, self.case)
                .and_then(|id| self.case.form.party(&id).map(|p| p.qualification.clone())),
            None => return true,
        };
        let own = qualification.and_then(|q| q.route).is_some_and(|r| {
            matches!(r, QualificationRoute::IndividualMember | QualificationRoute::FriendsSocietyMember)
        });
        own && !self
            .ctx
            .rules
            .findings(&self.case.form, self.date())
            .iter()
            .any(|f| f.guard == Guard::Elig && matches!(self.command, Some(Command::ConfirmOwnRoute { .. })))
    }

    /// G-20: the refused declaration was for BASIC, or for RELAXED itself, by the only person who insures the loan. What is approved
    /// is changed by the applicant first (E.3).
    fn basic_refused(&self) -> bool {
        let Some(Command::IntendRelaxed { party_id, loan_no }) = self.command else { return true };
        let form = &self.case.form;
        let Some(book) = self.ctx.rules.book_of(form) else { return false };
        let next = |entry: &Insurance| after_refusal(&book.terms.insurance, form, entry);
        form.insurance.iter().any(|i| {
            let mine = i.party_id == *party_id && i.loan_no == *loan_no;
            let may = match i.insurance_type {
                InsuranceType::Relaxed => is_only_insured(form, i),
                _ => self.case.approval.is_none() && next(i) == Rung::Relaxed,
            };
            mine && may
        })
    }

    fn last_valid_day(&self) -> Option<chrono::NaiveDate> {
        let key = self.command.and_then(|c| super::subject::key_of(c, self.case))?;
        let covers = self.ctx.rules.required_covers(&self.case.form);
        covers.iter().find(|c| insurance_key(&c.party_id, c.loan_no) == key).and_then(|c| c.last_valid_day)
    }

    /// Past the last valid day today, or on a planned date once one is fixed.
    fn declaration_over(&self) -> bool {
        let date = self.case.fixed.as_ref().map_or(self.today(), |f| f.date.max(self.today()));
        self.last_valid_day().is_some_and(|last| date > last)
    }

    fn declared_in_time(&self) -> bool {
        let Some(Command::DeclareInsurance { party_id, loan_no, declared_on }) = self.command else {
            return true;
        };
        let mut form = (*self.case.form).clone();
        for entry in form.insurance.iter_mut().filter(|i| i.party_id == *party_id && i.loan_no == *loan_no) {
            entry.declared_on = Some(*declared_on);
        }
        let covers = self.ctx.rules.required_covers(&form);
        let last = covers
            .iter()
            .find(|c| c.party_id == *party_id && c.loan_no == *loan_no)
            .and_then(|c| c.last_valid_day);
        *declared_on <= self.today() && last.is_some_and(|last| last >= self.today())
    }

    fn sum_matches(&self) -> bool {
        let Some(Command::AcceptInsurance { party_id, loan_no, sum_yen }) = self.command else { return true };
        let covers = self.ctx.rules.required_covers(&self.case.form);
        covers.iter().any(|c| c.party_id == *party_id && c.loan_no == *loan_no && c.sum_yen == *sum_yen)
    }

    /// Issued within the months of D.2 before the date of the filing.
    fn seal_fresh(&self, issued_on: chrono::NaiveDate) -> bool {
        let months = self.ctx.rules.limits(&self.case.form).seal_months;
        let last = crate::calendar::months_after(issued_on, months);
        issued_on <= self.today() && last >= self.today().max(self.date())
    }

    /// L-92: the person agrees to the inquiry; without a command, anybody of the case does.
    fn bureau_consent(&self) -> bool {
        let (form, steps) = (&self.case.form, &self.case.consent_steps);
        let agrees = |party: &str| stands(form, steps, party, ConsentPurpose::RepaymentAbility);
        match self.subject_party() {
            Some(party) => agrees(&party),
            None => form.parties.iter().any(|party| agrees(&party.party_id)),
        }
    }

    fn bureau_old(&self) -> bool {
        let days = i64::from(self.ctx.rules.limits(&self.case.form).bureau_days);
        let key = self.command.and_then(|c| super::subject::key_of(c, self.case));
        key.and_then(|k| {
            self.case.instance(Track::Bureau, &k).map(|i| (self.today() - i.since).num_days() > days)
        })
        .unwrap_or(true)
    }

    /// Before the contract is accepted, and on the disbursement date.
    fn search_due(&self) -> bool {
        let key = self.command.and_then(|c| super::subject::key_of(c, self.case));
        let since = key.and_then(|k| self.case.instance(Track::Aml, &k).map(|i| i.since));
        let due = match self.case.stage {
            Stage::ContractTendered => self.case.contract.as_ref().and_then(|c| c.tendered_on),
            Stage::Scheduled => self.case.fixed.as_ref().map(|f| f.date).filter(|d| *d <= self.today()),
            _ => None,
        };
        due.is_some_and(|due| since.is_none_or(|s| s < due))
    }
}
