//! Consents by purpose and recipient (L-92, L-93, L-PRIV): who agreed to what, when and how, and what a withdrawal stops.
//!
//! The papers of the form give the consents; later steps stand on top of them. What was lawfully sent before stays on record.

use super::case::Case;
use super::decide::{Context, Decision};
use super::effect::{Effect, PartnerMessage};
use super::event::Event;
use super::need::{Check, Need};
use super::refusal::{Refusal, Unmet};
use super::role::Role;
use super::verb::Command;
use super::work::Work;
use crate::form::{ConsentKind, Form, Party, PartyRole};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

crate::terms! {
    /// What data of a person are used for. Each purpose has one recipient.
    pub enum ConsentPurpose {
        Examination = "EXAMINATION", "資格確認・与信判断・管理", "Eligibility, decision and management";
        Guarantee = "GUARANTEE", "保証委託", "Guarantee";
        RepaymentAbility = "REPAYMENT_ABILITY", "返済能力の調査", "Repayment ability";
        Membership = "MEMBERSHIP", "会員資格の確認", "Membership";
        GroupInsurance = "GROUP_INSURANCE", "団体信用生命保険", "Group credit life insurance";
        FireInsurance = "FIRE_INSURANCE", "火災保険の質権設定", "Pledge of the fire cover";
        Registration = "REGISTRATION", "担保の登記", "Registration of the mortgage";
        FamilyInformation = "FAMILY_INFORMATION", "家族情報の取得", "Information about relatives";
        OutsideContact = "OUTSIDE_CONTACT", "契約者以外への連絡", "Contact with others";
        SiteSurvey = "SITE_SURVEY", "現地調査", "Site survey";
        RefinanceData = "REFINANCE_DATA", "借換対象ローンの情報取得", "Data of the loan that is refinanced";
        DirectMail = "DIRECT_MAIL", "ダイレクトメール", "Direct mail";
    }
}

crate::terms! {
    /// Who gets the data.
    pub enum ConsentRecipient {
        Bank = "BANK", "当金庫", "The bank itself";
        Guarantor = "GUARANTOR", "保証機関", "Guarantee institution";
        Bureau = "BUREAU", "信用情報機関", "Credit bureau";
        MemberOrg = "MEMBER_ORG", "所属会員", "Member organisation";
        Insurer = "INSURER", "保険会社", "Insurer";
        FireInsurer = "FIRE_INSURER", "火災保険会社", "Fire insurer";
        Scrivener = "SCRIVENER", "司法書士", "Judicial scrivener";
        ExistingLender = "EXISTING_LENDER", "借換対象ローンの融資先", "Existing lender";
        Others = "OTHERS", "契約者以外の方", "Persons outside the contract";
    }
}

crate::terms! {
    /// How a consent was given or withdrawn.
    pub enum ConsentChannel {
        Paper = "PAPER", "書面", "On paper";
        Online = "ONLINE", "オンライン", "On-line";
        Counter = "COUNTER", "店頭", "At the counter";
        Post = "POST", "郵送", "By post";
        Phone = "PHONE", "電話", "By telephone";
    }
}

crate::terms! {
    /// Does the consent count?
    pub enum ConsentState {
        Given = "GIVEN", "同意あり", "Given";
        Withdrawn = "WITHDRAWN", "撤回", "Withdrawn";
    }
}

/// Without these of everybody whose data they are about, nobody screens, approves or pays.
pub const SCREENED: &[ConsentPurpose] = &[
    ConsentPurpose::Examination,
    ConsentPurpose::Guarantee,
    ConsentPurpose::RepaymentAbility,
    ConsentPurpose::Membership,
    ConsentPurpose::GroupInsurance,
];

impl ConsentPurpose {
    /// Who gets the data for it.
    pub const fn recipient(self) -> ConsentRecipient {
        match self {
            Self::Examination | Self::FamilyInformation | Self::SiteSurvey | Self::DirectMail => {
                ConsentRecipient::Bank
            }
            Self::Guarantee => ConsentRecipient::Guarantor,
            Self::RepaymentAbility => ConsentRecipient::Bureau,
            Self::Membership => ConsentRecipient::MemberOrg,
            Self::GroupInsurance => ConsentRecipient::Insurer,
            Self::FireInsurance => ConsentRecipient::FireInsurer,
            Self::Registration => ConsentRecipient::Scrivener,
            Self::OutsideContact => ConsentRecipient::Others,
            Self::RefinanceData => ConsentRecipient::ExistingLender,
        }
    }

    /// The paper that gives it (D.1, B-18); direct mail is a mark in the form (D-11).
    const fn paper(self) -> Option<ConsentKind> {
        match self {
            Self::Examination
            | Self::Guarantee
            | Self::RepaymentAbility
            | Self::Membership
            | Self::GroupInsurance
            | Self::FireInsurance
            | Self::Registration => Some(ConsentKind::PrivacyConsent),
            Self::FamilyInformation => Some(ConsentKind::FamilyInformationConsent),
            Self::OutsideContact => Some(ConsentKind::ContactConsent),
            Self::SiteSurvey => Some(ConsentKind::SiteSurveyConsent),
            Self::RefinanceData => Some(ConsentKind::RefinanceDataConsent),
            Self::DirectMail => None,
        }
    }

    /// Are data of this person used for it? Where only a paper says so, the paper.
    fn concerns(self, form: &Form, party: &Party) -> bool {
        match self {
            Self::Examination | Self::Guarantee | Self::Registration | Self::FireInsurance => true,
            Self::RepaymentAbility => party.role != PartyRole::ThirdPartyMortgagor,
            Self::Membership => {
                party.role.is_debtor() && super::arms::is_certified_route(party.qualification.route)
            }
            Self::GroupInsurance => form.insurance.iter().any(|entry| entry.party_id == party.party_id),
            Self::FamilyInformation | Self::OutsideContact | Self::SiteSurvey | Self::RefinanceData => {
                self.given_by(form, &party.party_id).is_some()
            }
            Self::DirectMail => party.role == PartyRole::Applicant && form.direct_mail_consent,
        }
    }

    /// The day on which the form's papers give it.
    fn given_by(self, form: &Form, party_id: &str) -> Option<NaiveDate> {
        let Some(paper) = self.paper() else { return Some(form.received_date()) };
        let mine = form.consents.iter().filter(|c| c.consent == paper && c.party_id == party_id);
        mine.filter_map(|c| c.signed_on).max()
    }
}

impl ConsentRecipient {
    /// The partner's role; the bank, the bureau and people have none.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Guarantor => Some(Role::Guarantor),
            Self::MemberOrg => Some(Role::MemberOrg),
            Self::Insurer => Some(Role::Insurer),
            Self::FireInsurer => Some(Role::FireInsurer),
            Self::Scrivener => Some(Role::Scrivener),
            Self::Bank | Self::Bureau | Self::ExistingLender | Self::Others => None,
        }
    }
}

impl PartnerMessage {
    /// The purpose for which a message tells of people. `None`: it tells that something stops, or goes to the bank's own system.
    pub const fn purpose(self) -> Option<ConsentPurpose> {
        match self {
            Self::MembershipRequest => Some(ConsentPurpose::Membership),
            Self::GuaranteeRequest | Self::GuaranteeEvidence | Self::GuaranteeReply => {
                Some(ConsentPurpose::Guarantee)
            }
            Self::InsuranceDeclaration | Self::InsuranceExam => Some(ConsentPurpose::GroupInsurance),
            Self::ScrivenerInstruction => Some(ConsentPurpose::Registration),
            Self::FirePledge => Some(ConsentPurpose::FireInsurance),
            Self::GuaranteeCancel
            | Self::InsuranceCancel
            | Self::ScrivenerStop
            | Self::PostingOrder
            | Self::PostingQuery
            | Self::ReversalOrder
            | Self::ServicingOffer
            | Self::CollectionCase => None,
        }
    }
}

/// A consent that was withdrawn, or given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentStep {
    pub party_id: String,
    pub purpose: ConsentPurpose,
    pub state: ConsentState,
    /// Tokyo day of the withdrawal, or of the new signature.
    pub on: NaiveDate,
    pub channel: ConsentChannel,
    /// Edition of the words that were signed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The institution that the words name, where they name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// A consent as the register shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisteredConsent {
    pub party_id: String,
    pub purpose: ConsentPurpose,
    pub recipient: ConsentRecipient,
    pub state: ConsentState,
    /// Paper and book under which it was signed, or the edition that was signed anew.
    pub wording: String,
    pub given_on: NaiveDate,
    pub channel: ConsentChannel,
    pub withdrawn_on: Option<NaiveDate>,
    pub withdrawn_by: Option<ConsentChannel>,
}

fn last_step<'s>(
    steps: &'s [ConsentStep],
    party_id: &str,
    purpose: ConsentPurpose,
) -> Option<&'s ConsentStep> {
    steps.iter().rev().find(|step| step.party_id == party_id && step.purpose == purpose)
}

/// Does the person agree to this use? By the last step, else by the papers of the form.
pub fn stands(form: &Form, steps: &[ConsentStep], party_id: &str, purpose: ConsentPurpose) -> bool {
    match last_step(steps, party_id, purpose) {
        Some(step) => step.state == ConsentState::Given,
        None => purpose.given_by(form, party_id).is_some(),
    }
}

/// Persons who do not agree to a use of their data, with the purpose; `only` asks for one person.
pub fn missing(
    form: &Form,
    steps: &[ConsentStep],
    purposes: &[ConsentPurpose],
    only: Option<&str>,
) -> Vec<(String, ConsentPurpose)> {
    let people = form.parties.iter().filter(|party| only.is_none_or(|id| id == party.party_id));
    let lacks = |party: &Party, purpose: ConsentPurpose| {
        purpose.concerns(form, party) && !stands(form, steps, &party.party_id, purpose)
    };
    people
        .flat_map(|party| purposes.iter().map(move |purpose| (party, *purpose)))
        .filter(|(party, purpose)| lacks(party, *purpose))
        .map(|(party, purpose)| (party.party_id.clone(), purpose))
        .collect()
}

/// The register of a case: every consent that somebody gave, with what became of it.
pub fn registered(case: &Case) -> Vec<RegisteredConsent> {
    let on_line = case.applicant.is_some();
    let of_form = if on_line { ConsentChannel::Online } else { ConsentChannel::Paper };
    let one = |party: &Party, purpose: ConsentPurpose| {
        let steps = case.consent_steps.iter().rev();
        let mine = |step: &&ConsentStep| step.party_id == party.party_id && step.purpose == purpose;
        let given = steps.clone().filter(mine).find(|step| step.state == ConsentState::Given);
        let last = last_step(&case.consent_steps, &party.party_id, purpose);
        let withdrawn = last.filter(|step| step.state == ConsentState::Withdrawn);
        let (given_on, channel, wording) = match given {
            Some(step) => (step.on, step.channel, step.wording.clone().unwrap_or_default()),
            None => {
                let paper = purpose.paper().map_or(purpose.code(), ConsentKind::code);
                let day = purpose.given_by(&case.form, &party.party_id)?;
                (day, of_form, format!("{paper} {}", case.book_version).trim_end().to_owned())
            }
        };
        Some(RegisteredConsent {
            party_id: party.party_id.clone(),
            purpose,
            recipient: purpose.recipient(),
            state: if withdrawn.is_some() { ConsentState::Withdrawn } else { ConsentState::Given },
            wording,
            given_on,
            channel,
            withdrawn_on: withdrawn.map(|step| step.on),
            withdrawn_by: withdrawn.map(|step| step.channel),
        })
    };
    let all = case.form.parties.iter().flat_map(|party| ConsentPurpose::ALL.iter().map(move |p| (party, *p)));
    all.filter(|(party, purpose)| purpose.concerns(&case.form, party))
        .filter_map(|(party, purpose)| one(party, purpose))
        .collect()
}

/// Withholds the case from recipients to whom somebody in it does not agree any more.
pub(super) fn withhold(case: &mut Case) {
    let (form, steps) = (&case.form, &case.consent_steps);
    let withdrawn = steps.iter().filter(|step| {
        form.party(&step.party_id).is_some_and(|party| step.purpose.concerns(form, party))
            && !stands(form, steps, &step.party_id, step.purpose)
    });
    case.withheld_from = withdrawn.map(|step| step.purpose.recipient()).collect();
}

/// Whose consents a message lacks. The key names the person where the message is about one.
pub fn lacking(case: &Case, message: PartnerMessage, key: &str) -> Vec<(String, ConsentPurpose)> {
    let Some(purpose) = message.purpose() else { return vec![] };
    let only = match message {
        PartnerMessage::MembershipRequest => Some(key),
        PartnerMessage::InsuranceDeclaration | PartnerMessage::InsuranceExam => key.split(':').next(),
        _ => None,
    };
    missing(&case.form, &case.consent_steps, &[purpose], only.filter(|person| !person.is_empty()))
}

/// What is told of a missing consent.
pub(super) fn unmet(missing: &[(String, ConsentPurpose)]) -> Vec<Unmet> {
    let one = |(party, purpose): &(String, ConsentPurpose)| {
        let subject = format!("{party}:{purpose}");
        Unmet { rule: Some("L-PRIV".to_owned()), ..Unmet::of(Check::N(Need::Consents), Some(&subject)) }
    };
    missing.iter().map(one).collect()
}

/// No decision stands that sends data of somebody who does not agree, whichever of its consequences would.
pub(super) fn only_with_consent(decision: Decision) -> Result<Decision, Refusal> {
    let sent = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Send { message, key, .. } => Some(lacking(&decision.case, *message, key)),
        _ => None,
    });
    let missing: BTreeSet<(String, ConsentPurpose)> = sent.flatten().collect();
    if missing.is_empty() {
        return Ok(decision);
    }
    Err(Refusal::Blocked { unmet: unmet(&missing.into_iter().collect::<Vec<_>>()) })
}

/// Is there a consent in this state that the command could change? Without a command: any of the case.
pub(super) fn is_registered(case: &Case, command: Option<&Command>, state: ConsentState) -> bool {
    let asked = match command {
        Some(
            Command::WithdrawConsent { party_id, purpose, .. }
            | Command::RenewConsent { party_id, purpose, .. },
        ) => Some((party_id.as_str(), *purpose)),
        _ => None,
    };
    let named = |consent: &RegisteredConsent| {
        asked.is_none_or(|(party, purpose)| consent.party_id == party && consent.purpose == purpose)
    };
    registered(case).iter().any(|consent| consent.state == state && named(consent))
}

/// Records the step.
pub(super) fn change(work: &mut Work<'_>, command: &Command) {
    let step = match command {
        Command::WithdrawConsent { party_id, purpose, channel, .. } => ConsentStep {
            party_id: party_id.clone(),
            purpose: *purpose,
            state: ConsentState::Withdrawn,
            on: work.ctx.today(),
            channel: *channel,
            wording: None,
            recipient: None,
        },
        Command::RenewConsent { party_id, purpose, channel, signed_on, wording, recipient } => ConsentStep {
            party_id: party_id.clone(),
            purpose: *purpose,
            state: ConsentState::Given,
            on: *signed_on,
            channel: *channel,
            wording: Some(wording.trim().to_owned()),
            recipient: recipient.clone(),
        },
        _ => return,
    };
    work.fact(Event::ConsentChanged { step });
}

/// What can never be right of a step: somebody else's consent, a signature of tomorrow or of before the withdrawal, no words.
pub(super) fn refused(command: &Command, case: &Case, ctx: &Context<'_>) -> Option<Refusal> {
    let (Command::WithdrawConsent { party_id, .. } | Command::RenewConsent { party_id, .. }) = command else {
        return None;
    };
    let personal = ctx.actor.role == Role::Applicant && ctx.actor.organisation.is_none();
    let mine = case.form.party(party_id).is_some_and(|party| party.role == PartyRole::Applicant);
    if personal && !mine {
        return Some(Refusal::Forbidden {
            roles: vec![Role::CoObligor, Role::BranchClerk, Role::Compliance],
        });
    }
    let invalid = |field: &str, ja: &str, en: &str| Some(Refusal::invalid(field, "L-PRIV", ja, en));
    if let Command::RenewConsent { purpose, signed_on, wording, recipient, .. } = command {
        if let Some(recipient) = recipient {
            let all = ctx.rules.guarantors(&case.form);
            let known = all.iter().any(|one| one.organisation == *recipient);
            if *purpose != ConsentPurpose::Guarantee || !known {
                let codes: Vec<&str> = all.iter().map(|one| one.organisation.as_str()).collect();
                let (codes, purpose) = (codes.join(", "), ConsentPurpose::Guarantee);
                return invalid(
                    "recipient",
                    &format!("提供先を指定できるのは保証委託（{purpose}）の場合で、{codes}のいずれかです。"),
                    &format!("A recipient is named for {purpose} alone, one of {codes}."),
                );
            }
        }
        let since = last_step(&case.consent_steps, party_id, *purpose).map(|step| step.on);
        if *signed_on > ctx.today() || since.is_some_and(|since| *signed_on < since) {
            return invalid(
                "signed_on",
                "撤回日以降、本日までの日付を指定してください。",
                "A day from the withdrawal to today.",
            );
        }
        if wording.trim().is_empty() || wording.chars().count() > 100 {
            return invalid(
                "wording",
                "同意書の版を1～100文字で記載してください。",
                "The edition of the words that were signed, 1 to 100 characters.",
            );
        }
    }
    None
}
