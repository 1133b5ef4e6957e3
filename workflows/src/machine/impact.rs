//! What a change after the approval voids (E.3, T11 to T16): the triggers that it pulls, and the decisions and papers that rested
//! on what it changes. Only those are made anew; a corrected typing error voids none.
//!
//! The list of E.3 is open: any other field of what was approved counts as [`Trigger::Other`]. Contact data, papers handed in
//! later, the wished date (E7) and what others decide are no change of the content.

use super::case::Case;
use super::track::TrackState;
use crate::form::{Document, DocumentKind, Form, Insurance, Loan, Party, PartyRole, Property};
use crate::money::Yen;
use serde::Serialize;
use std::collections::BTreeSet;

crate::terms! {
    /// The changes of E.3 that ask for screening anew.
    pub enum Trigger {
        AmountUp = "AMOUNT_UP", "融資金額の増額", "Loan amount up";
        AmountDown = "AMOUNT_DOWN", "融資金額の減額", "Loan amount down";
        RateType = "RATE_TYPE", "金利種類", "Rate type";
        Term = "TERM", "融資期間", "Term";
        RepaymentMethod = "REPAYMENT_METHOD", "返済方法", "Repayment method";
        JointDebtor = "JOINT_DEBTOR_ADDED_OR_REMOVED", "連帯債務者の追加・削除", "Joint debtor added or removed";
        JointGuarantor = "JOINT_GUARANTOR_ADDED_OR_REMOVED", "連帯保証人の追加・削除", "Joint guarantor added or removed";
        ThirdPartyMortgagor = "THIRD_PARTY_MORTGAGOR_ADDED_OR_REMOVED", "物上保証人の追加・削除", "Third-party mortgagor added or removed";
        Purpose = "PURPOSE", "資金使途", "Purpose";
        Collateral = "COLLATERAL", "担保物件", "Collateral";
        SellerBuilderOrAgent = "SELLER_BUILDER_OR_AGENT", "売主・施工業者・仲介業者", "Seller, builder or agent";
        FeePlan = "FEE_PLAN", "手数料プラン", "Fee plan";
        DiscountType = "DISCOUNT_TYPE", "金利引下げの種類", "Discount type";
        GuaranteeFeeMethod = "GUARANTEE_FEE_METHOD", "保証料の支払方法", "Guarantee fee method";
        InsuranceTypeOrInsured = "INSURANCE_TYPE_OR_INSURED", "団信の種類・被保険者", "Insurance type or insured person";
        SplitOrBridgeUse = "SPLIT_OR_BRIDGE_USE", "分割融資・つなぎ融資の利用", "Use of split lending or a bridge loan";
        BonusPart = "BONUS_PART", "ボーナス返済部分", "Bonus part";
        RepaymentDay = "REPAYMENT_DAY", "返済日", "Repayment day";
        Other = "OTHER", "その他の承認内容", "Another field of what was approved";
    }
}

impl Trigger {
    /// The booklet prints it; the others follow from its 主な変更例.
    pub const fn printed(self) -> bool {
        (self as usize) <= (Trigger::SellerBuilderOrAgent as usize)
    }

    /// No field of the application form shows it: it comes with a field that does.
    pub const fn has_no_field(self) -> bool {
        matches!(self, Trigger::RepaymentMethod | Trigger::SellerBuilderOrAgent)
    }
}

/// A decision or paper that rests on what is changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Voided {
    /// The approval is suspended and superseded by the next one (T11, T14).
    Approval,
    /// The guarantor decides the changed content (T12).
    Guarantee,
    /// A contract set that is not formed yet is void (T12).
    ContractSet,
    /// The person declares anew for the loan: its sum or type changed.
    Declaration { party_id: String, loan_no: u8 },
    /// A paper about what is no longer so.
    Document { document: DocumentKind, party_id: Option<String>, property_no: Option<u16> },
}

/// The impact of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    pub triggers: BTreeSet<Trigger>,
    pub voids: BTreeSet<Voided>,
}

impl Impact {
    /// What it means for the approved form to become the changed one.
    pub fn between(approved: &Form, changed: &Form) -> Impact {
        let triggers = triggers(approved, changed);
        let mut voids = BTreeSet::new();
        if !triggers.is_empty() {
            voids.extend([Voided::Approval, Voided::Guarantee, Voided::ContractSet]);
            voids.extend(declarations(approved, changed));
            voids.extend(documents(approved, changed, &triggers));
        }
        Impact { triggers, voids }
    }

    /// Nothing of what was approved is changed.
    pub fn is_none(&self) -> bool {
        self.triggers.is_empty()
    }

    /// Does the person declare anew for the loan?
    pub fn voids_declaration(&self, party_id: &str, loan_no: u8) -> bool {
        let declaration = Voided::Declaration { party_id: party_id.to_owned(), loan_no };
        self.voids.contains(&declaration)
    }
}

/// What the change would void of this case, as it stands: only what is there can be voided.
pub fn preview(case: &Case, changed: &Form) -> Impact {
    let approved = case.approval.as_ref().map_or(&case.form, |approval| &approval.form);
    let mut impact = Impact::between(approved, changed);
    let asked = case.guarantee_state().is_some_and(|state| state != TrackState::NotRequested);
    let set = case.contract.as_ref().is_some_and(|set| set.formed_on.is_none());
    impact.voids.retain(|voided| match voided {
        Voided::Approval => case.approval.is_some(),
        Voided::Guarantee => asked,
        Voided::ContractSet => set,
        Voided::Declaration { .. } | Voided::Document { .. } => true,
    });
    impact
}

/// Papers that the change voids and that it brings no new ones for: the old ones are handed in again as they were.
pub fn stale_papers<'f>(approved: &'f Form, changed: &'f Form) -> impl Iterator<Item = &'f Document> {
    let voids = Impact::between(approved, changed).voids;
    let about = |paper: &Document| Voided::Document {
        document: paper.document,
        party_id: paper.party_id.clone(),
        property_no: paper.property_no,
    };
    let renewed = move |voided: &Voided| {
        changed.documents.iter().any(|paper| about(paper) == *voided && !approved.documents.contains(paper))
    };
    changed.documents.iter().filter(move |paper| {
        let voided = about(paper);
        voids.contains(&voided) && !renewed(&voided)
    })
}

/// The triggers that a change pulls; none for a change that is none.
pub fn triggers(approved: &Form, changed: &Form) -> BTreeSet<Trigger> {
    let mut pulled = BTreeSet::new();
    let mut pull = |trigger: Trigger, yes: bool| {
        if yes {
            pulled.insert(trigger);
        }
    };
    let numbers: BTreeSet<u8> =
        approved.loans.iter().chain(&changed.loans).map(|loan| loan.loan_no).collect();
    let total = |form: &Form| form.requested_amount_yen;
    let more = |no: &u8| amount(changed, *no) > amount(approved, *no);
    let less = |no: &u8| amount(changed, *no) < amount(approved, *no);
    pull(Trigger::AmountUp, total(changed) > total(approved) || numbers.iter().any(more));
    pull(Trigger::AmountDown, total(changed) < total(approved) || numbers.iter().any(less));
    for (old, new) in pairs(approved, changed) {
        pull(Trigger::RateType, old.rate_type != new.rate_type);
        pull(Trigger::Term, old.term_months != new.term_months);
        pull(Trigger::FeePlan, old.fee_plan != new.fee_plan);
        pull(Trigger::DiscountType, old.discount_type != new.discount_type);
        pull(Trigger::GuaranteeFeeMethod, old.guarantee_fee_method != new.guarantee_fee_method);
        pull(Trigger::RepaymentDay, old.repayment_day != new.repayment_day);
        let bonus = |loan: &Loan| (loan.bonus_part_yen, loan.bonus_months.clone());
        pull(Trigger::BonusPart, bonus(old) != bonus(new));
        pull(Trigger::Purpose, old.purpose_code != new.purpose_code);
    }
    for (trigger, role) in [
        (Trigger::JointDebtor, PartyRole::JointDebtor),
        (Trigger::JointGuarantor, PartyRole::JointGuarantor),
        (Trigger::ThirdPartyMortgagor, PartyRole::ThirdPartyMortgagor),
    ] {
        pull(trigger, people(approved, role) != people(changed, role));
    }
    pull(Trigger::Purpose, purpose_changed(approved, changed));
    pull(Trigger::Collateral, !changed_properties(approved, changed).is_empty());
    pull(Trigger::InsuranceTypeOrInsured, insured(approved) != insured(changed));
    pull(Trigger::SplitOrBridgeUse, approved.money_ahead != changed.money_ahead);
    pull(Trigger::Other, rest(approved, changed) != rest(changed, approved));
    pulled
}

fn amount(form: &Form, loan_no: u8) -> Yen {
    form.loans.iter().find(|loan| loan.loan_no == loan_no).map_or(Yen::ZERO, |loan| loan.amount_yen)
}

/// The loans that both have.
fn pairs<'f>(approved: &'f Form, changed: &'f Form) -> impl Iterator<Item = (&'f Loan, &'f Loan)> {
    approved
        .loans
        .iter()
        .filter_map(|old| changed.loans.iter().find(|new| new.loan_no == old.loan_no).map(|new| (old, new)))
}

/// Who stands in a role. Somebody born on another day is somebody else.
fn people(form: &Form, role: PartyRole) -> BTreeSet<(&str, chrono::NaiveDate)> {
    let all = form.parties.iter().filter(|party| party.role == role);
    all.map(|party| (party.party_id.as_str(), party.birth_date)).collect()
}

fn purpose_changed(approved: &Form, changed: &Form) -> bool {
    let of = |form: &Form| {
        let Form { product, tie_up_product, purpose, fund_uses, existing_loan, .. } = form.clone();
        (product, tie_up_product, purpose, fund_uses, existing_loan)
    };
    of(approved) != of(changed)
}

/// A property as it was approved: what becomes known only when it is built or bought is progress and no change.
fn as_approved(property: &Property) -> Property {
    Property { registered: None, completed_on: None, acquired_on: None, ..property.clone() }
}

/// The numbers of properties that came, went or are other ones.
fn changed_properties(approved: &Form, changed: &Form) -> BTreeSet<u16> {
    let of = |form: &Form, no: u16| form.properties.iter().find(|p| p.property_no == no).map(as_approved);
    let progress_lost = |no: u16| {
        let facts = |form: &Form| {
            let found = form.properties.iter().find(|p| p.property_no == no);
            found.map(|p| [p.registered.is_some(), p.completed_on.is_some(), p.acquired_on.is_some()])
        };
        facts(approved).zip(facts(changed)).is_some_and(|(old, new)| (0..3).any(|at| old[at] && !new[at]))
    };
    let all = approved.properties.iter().chain(&changed.properties).map(|property| property.property_no);
    all.filter(|no| of(approved, *no) != of(changed, *no) || progress_lost(*no)).collect()
}

fn insured(form: &Form) -> BTreeSet<(u8, &str, &str, &str, u8)> {
    let entries = form.insurance.iter();
    entries
        .map(|i| (i.loan_no, i.party_id.as_str(), i.insurance_type.code(), i.cover.code(), i.share_percent))
        .collect()
}

/// Declarations of the approved form that are for another sum, type, cover or share now, or for nobody. The sum is judged by the
/// loan's amount and not by its rounded share, so that more changes never void less.
fn declarations(approved: &Form, changed: &Form) -> Vec<Voided> {
    let kept = |old: &Insurance| {
        let same = |new: &&Insurance| {
            (new.loan_no, &new.party_id) == (old.loan_no, &old.party_id)
                && (new.insurance_type, new.cover, new.share_percent)
                    == (old.insurance_type, old.cover, old.share_percent)
        };
        changed.insurance.iter().any(|new| same(&new))
            && amount(approved, old.loan_no) == amount(changed, old.loan_no)
    };
    let void = approved.insurance.iter().filter(|entry| !kept(entry));
    void.map(|i| Voided::Declaration { party_id: i.party_id.clone(), loan_no: i.loan_no }).collect()
}

/// Papers of the approved form that say what is no longer so.
fn documents(approved: &Form, changed: &Form, triggers: &BTreeSet<Trigger>) -> Vec<Voided> {
    use DocumentKind as D;
    let properties = changed_properties(approved, changed);
    let split = approved.loans.len() > 1
        && (triggers.contains(&Trigger::AmountUp) || triggers.contains(&Trigger::AmountDown));
    let void = approved.documents.iter().filter(|paper| match paper.document {
        D::SaleContract | D::ConstructionContract | D::Estimate => triggers.contains(&Trigger::Purpose),
        D::RegisterExtract | D::PropertyPlans | D::LandlordConsent => {
            paper.property_no.map_or(!properties.is_empty(), |no| properties.contains(&no))
        }
        D::BreakdownNotice => split,
        _ => false,
    });
    void.map(|paper| Voided::Document {
        document: paper.document,
        party_id: paper.party_id.clone(),
        property_no: paper.property_no,
    })
    .collect()
}

/// What no other trigger looks at, without what is no content, and only of loans and persons that the other form has as well.
fn rest(form: &Form, other: &Form) -> Form {
    let mut rest = form.clone();
    // Papers, contact data, the file's own bookkeeping, what others decide, the date (E7).
    rest.documents.clear();
    rest.consents.clear();
    rest.outside_contacts.clear();
    rest.direct_mail_consent = false;
    rest.screening_add_on_percent = None;
    rest.guarantor_decision = None;
    rest.application_id.clear();
    rest.received_at = Default::default();
    rest.requested_disbursement_date = Default::default();
    // What has triggers of its own.
    rest.product = crate::form::Product::ALL[0];
    rest.tie_up_product = None;
    rest.requested_amount_yen = Yen::ZERO;
    rest.purpose = crate::form::Purpose {
        code: crate::form::PurposeCode::ALL[0],
        resident_relation: crate::form::Relation::ALL[0],
    };
    rest.fund_uses.clear();
    rest.existing_loan = None;
    rest.insurance.clear();
    rest.money_ahead = None;
    rest.properties.clear();
    rest.loans.retain(|loan| other.loans.iter().any(|same| same.loan_no == loan.loan_no));
    rest.loans.iter_mut().for_each(bare);
    let same = |party: &Party, other: &Party| {
        let of = |party: &Party| (party.party_id.clone(), party.role, party.birth_date);
        of(party) == of(other) || (party.role == PartyRole::Applicant && other.role == PartyRole::Applicant)
    };
    rest.parties.retain(|party| other.parties.iter().any(|also| same(party, also)));
    rest.parties.iter_mut().for_each(without_contact);
    rest
}

fn bare(loan: &mut Loan) {
    loan.amount_yen = Yen::ZERO;
    loan.bonus_part_yen = Yen::ZERO;
    loan.bonus_months.clear();
    loan.term_months = 0;
    loan.repayment_day = 0;
    loan.discount_type = None;
    loan.rate_type = crate::form::RateType::ALL[0];
    loan.fee_plan = crate::form::FeePlan::ALL[0];
    loan.guarantee_fee_method = crate::form::GuaranteeFeeMethod::ALL[0];
    loan.purpose_code = crate::form::PurposeCode::ALL[0];
}

/// Names are spelt and telephones answered: correcting them changes nothing that was judged.
fn without_contact(party: &mut Party) {
    party.name_kanji.clear();
    party.name_kana.clear();
    party.phone.clear();
    party.address.postal_code.clear();
    party.address.text.clear();
    party.employment.employer_name = None;
}
