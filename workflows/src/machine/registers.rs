//! What the bank's registers say of a command: given with it, kept with its entry, so that the decision can be made again.

use super::case::{Case, ExplanationGiven};
use super::event::Event;
use super::need::{Check, Need};
use super::refusal::Unmet;
use super::role::{Actor, Role};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::compliance::contractor::ContractorService;
use crate::engagement::EngagementState;
use crate::form::{Form, PartyRole, RateType};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::terms! {
    /// What staff are trained in before they explain it (L-95).
    pub enum TrainingCourse {
        ImportantMatters = "IMPORTANT_MATTERS", "重要事項説明", "Important matters of a home loan";
        VariableRate = "VARIABLE_RATE", "変動金利のリスク説明", "Risks of a variable rate";
        GuaranteeEffects = "GUARANTEE_EFFECTS", "連帯債務・保証の説明", "Effects of joint debts and guarantees";
    }
}

crate::terms! {
    /// May an office get new work (L-94)?
    pub enum OfficeStanding {
        Fit = "FIT", "委託可", "May be engaged";
        Unknown = "UNKNOWN", "委託先台帳に未登録", "Not in the register of contractors";
        Suspended = "SUSPENDED", "委託停止中", "Suspended";
        Overdue = "OVERDUE", "定期点検の期限経過", "The review is overdue";
        Ended = "ENDED", "委託契約終了", "The contract is over";
    }
}

/// A training that somebody passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    pub course: TrainingCourse,
    pub passed_on: NaiveDate,
    /// Last day on which it counts.
    pub valid_until: NaiveDate,
}

/// An office as the register of contractors has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    pub organisation: String,
    pub standing: OfficeStanding,
    /// Who takes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute: Option<String>,
}

/// What the registers say. A bank's register counts from its first line on: before, nothing is asked of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    /// Trainings of whoever acts. `None`: the bank keeps no register of trainings yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trainings: Option<Vec<Held>>,
    /// The office that the command engages. `None`: the bank has registered no office yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Office>,
    /// How the scrivener's office stands to the job: the caller's, or the one that the command names; `ASKED` where it has not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<EngagementState>,
}

impl Registers {
    /// Nothing is said.
    pub const NONE: &'static Registers = &Registers { trainings: None, office: None, job: None };

    /// Is nothing said?
    pub fn is_empty(&self) -> bool {
        self == Registers::NONE
    }
}

/// What a command asks the registers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The trainings of this person.
    pub trainings_of: Option<String>,
    /// The standing of this office in a service.
    pub office: Option<(ContractorService, String)>,
    /// The office must stand in the register: who takes a job over is named there as a substitute (L-94).
    pub listed: bool,
    /// How this office stands to the job of the case.
    pub job: Option<String>,
}

/// What has to be looked up before the command is decided.
pub fn asked(case: &Case, command: &Command, actor: &Actor) -> Asked {
    match command {
        Command::RecordExplanation { .. } => {
            Asked { trainings_of: Some(actor.subject.clone()), ..Asked::default() }
        }
        Command::InstructScrivener { office, .. } => {
            let present = case.engagements.get(&Role::Scrivener);
            let job = office.clone().filter(|office| Some(office) != present);
            let named = office.as_ref().or(present).cloned();
            Asked {
                office: named.map(|office| (ContractorService::Scrivener, office)),
                job,
                ..Asked::default()
            }
        }
        Command::ReplaceScrivener { office, .. } => Asked {
            office: Some((ContractorService::Scrivener, office.clone())),
            job: Some(office.clone()),
            listed: true,
            ..Asked::default()
        },
        Command::SwitchGuarantor { guarantor, .. } => {
            Asked { office: Some((ContractorService::GuarantorAgent, guarantor.clone())), ..Asked::default() }
        }
        _ if works_on_a_filing(command.verb()) && actor.role == Role::Scrivener => {
            Asked { job: actor.organisation.clone(), ..Asked::default() }
        }
        _ => Asked::default(),
    }
}

/// What a scrivener does in a filing, which the office has taken on before (E.2).
pub const fn works_on_a_filing(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::VerifyMortgagors
            | Verb::ReadyPapers
            | Verb::FileRegistration
            | Verb::AcceptFiling
            | Verb::CorrectFiling
            | Verb::WithdrawFiling
            | Verb::CancelRegistration
    )
}

/// What somebody must be trained in to explain the contract to this person.
pub fn courses(form: &Form, party_id: &str) -> Vec<TrainingCourse> {
    let variable = form.loans.iter().any(|loan| loan.rate_type == RateType::Variable);
    let liable = form.party(party_id).is_some_and(|party| party.role != PartyRole::Applicant);
    let all = [
        (TrainingCourse::ImportantMatters, true),
        (TrainingCourse::VariableRate, variable),
        (TrainingCourse::GuaranteeEffects, liable),
    ];
    all.into_iter().filter(|(_, needed)| *needed).map(|(course, _)| course).collect()
}

/// The trainings that count for an explanation to this person on this day, one a course.
pub(super) fn counted(held: &[Held], form: &Form, party_id: &str, on: NaiveDate) -> Vec<Held> {
    let mine = |course: TrainingCourse| {
        let good = held.iter().filter(|h| h.course == course && h.passed_on <= on && on <= h.valid_until);
        good.max_by_key(|h| h.valid_until).cloned()
    };
    courses(form, party_id).into_iter().filter_map(mine).collect()
}

/// L-95: courses that whoever explains lacks.
pub(super) fn untrained(registers: &Registers, form: &Form, party_id: &str, on: NaiveDate) -> Vec<Unmet> {
    let Some(held) = &registers.trainings else { return vec![] };
    let counted = counted(held, form, party_id, on);
    let lacks = |course: &TrainingCourse| counted.iter().all(|held| held.course != *course);
    let say = |course: TrainingCourse| Unmet {
        rule: Some("L-95".to_owned()),
        ..Unmet::of(Check::N(Need::Trained), Some(course.code()))
    };
    courses(form, party_id).into_iter().filter(lacks).map(say).collect()
}

/// Records who told the signatory, and on which trainings, where the bank keeps a register of them.
pub(super) fn explained(work: &mut Work<'_>, party_id: &str, booklet_version: &str) {
    let (Some(held), on) = (&work.ctx.registers.trainings, work.ctx.today()) else { return };
    let explanation = ExplanationGiven {
        party_id: party_id.to_owned(),
        by: work.ctx.actor.subject.clone(),
        booklet_version: booklet_version.to_owned(),
        on,
        trainings: counted(held, &work.case.form, party_id, on),
    };
    work.fact(Event::Explained { explanation });
}

/// Was the person told by somebody trained in everything that the contract needs? Explanations of before the register counted with
/// their evidence of then.
pub(super) fn by_trained(case: &Case, party_id: &str) -> bool {
    let told = case.contract.iter().flat_map(|set| &set.explanations).find(|told| told.party_id == party_id);
    told.is_none_or(|told| {
        counted(&told.trainings, &case.form, party_id, told.on).len() == courses(&case.form, party_id).len()
    })
}

/// L-94: why the office gets no new work, with the office that takes over. `listed`: the bank's book has it, whether or not the register
/// does.
pub(super) fn unfit(registers: &Registers, listed: bool) -> Vec<Unmet> {
    let fit = |standing: OfficeStanding| {
        standing == OfficeStanding::Fit || (listed && standing == OfficeStanding::Unknown)
    };
    let Some(office) = registers.office.as_ref().filter(|office| !fit(office.standing)) else {
        return vec![];
    };
    let unmet = Unmet::of(Check::N(Need::ContractorFit), Some(&office.organisation));
    let (ja, en) = match &office.substitute {
        Some(other) => (format!("代替委託先：{other}"), format!("Substitute: {other}.")),
        None => ("代替委託先の登録はありません".to_owned(), "No substitute is registered.".to_owned()),
    };
    vec![Unmet {
        rule: Some("L-94".to_owned()),
        ja: format!("{}（{}。{ja}）", unmet.ja, office.standing.ja()),
        en: format!("{} {}. {en}", unmet.en, office.standing.en()),
        ..unmet
    }]
}
