//! Questions of a guarantee institution about a request that it has not decided yet, and the bank's answers (F-02).
//!
//! A question decides nothing: its request waits as before and ends with one effective decision, whether the question is answered or not.
//! Both texts are about people: they stand in the case and in the message to the institution, and in no notice (INV-7).

use super::asked::{self, GivenAnswer};
use super::case::Case;
use super::effect::{Anchor, OpenTask, Task};
use super::event::Event;
use super::messages::GuaranteeReply;
use super::need::{Check, Need};
use super::refusal::{Refusal, Unmet};
use super::role::Role;
use super::track::Track;
use super::verb::{Command, Verb};
use super::work::Work;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Characters of a question and of an answer, at most.
const LONGEST: usize = 2_000;
/// Questions about one request, at most.
const MOST: usize = 20;
const RULE: &str = "F-02";

crate::terms! {
    /// How a question of a guarantee institution stands.
    pub enum QuestionState {
        Open = "OPEN", "回答待ち", "Waits for the bank";
        Answered = "ANSWERED", "回答済", "Answered";
        Lapsed = "LAPSED", "依頼終了（回答不要）", "The request is over: no answer is needed";
    }
}

/// What an institution asked of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Unique in the case: `Q1`, `Q2` and so on.
    pub id: String,
    /// The request that it is about.
    pub request: String,
    /// The institution: no other one reads it.
    pub organisation: String,
    pub text: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// What the same question gets when it comes again.
    pub given: GivenAnswer,
    pub reply: Option<Reply>,
}

/// What the bank answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// Version of the entry that it made.
    pub version: u64,
}

/// The request that the institution has not decided yet: the only one that it may ask about.
pub fn open_request(case: &Case) -> Option<&str> {
    let key = Case::guarantee_key(case.content_version);
    let here = |task: &&OpenTask| {
        let at = matches!(&task.anchor, Anchor::Track { track: Track::Guar, key: k } if *k == key);
        task.task == Task::DecideGuarantee && at
    };
    case.tasks.iter().find(here).map(|task| task.id.as_str())
}

/// Questions that wait for the bank, the first one first.
pub fn open(case: &Case) -> impl Iterator<Item = &Question> {
    case.questions.iter().filter(|question| state_of(case, question) == QuestionState::Open)
}

/// How a question stands.
pub fn state_of(case: &Case, question: &Question) -> QuestionState {
    match (&question.reply, request_task(case, question)) {
        (Some(_), _) => QuestionState::Answered,
        (None, Some(_)) => QuestionState::Open,
        (None, None) => QuestionState::Lapsed,
    }
}

/// The task of the request that a question is about, while the request waits.
fn request_task<'c>(case: &'c Case, question: &Question) -> Option<&'c OpenTask> {
    case.tasks.iter().find(|task| task.id == question.request)
}

/// The task without which a question waits no more. `None`: it waits no more already.
pub(super) fn waits_for<'c>(case: &'c Case, id: &str) -> Option<&'c OpenTask> {
    let question = case.questions.iter().find(|question| question.id == id && question.reply.is_none())?;
    request_task(case, question)
}

/// What an institution has asked already about the request in the same words: a repeat gets the first answer.
pub(super) fn said_before<'c>(case: &'c Case, request: &str, digest: &str) -> Option<&'c GivenAnswer> {
    let mut about = case.questions.iter().filter(|question| question.request == request);
    about.find(|question| question.given.digest == digest).map(|question| &question.given)
}

/// F-02: a request waits for its decision.
pub(super) fn unasked(case: &Case) -> Vec<Unmet> {
    match open_request(case) {
        Some(_) => vec![],
        None => vec![Unmet::of(Check::N(Need::RequestKnown), None)],
    }
}

/// F-02: the question that is answered waits; without a command, does any?
pub(super) fn unanswerable(case: &Case, command: Option<&Command>) -> Vec<Unmet> {
    let named = match command {
        Some(Command::AnswerGuarantor { question_id, .. }) => Some(question_id.as_str()),
        _ => None,
    };
    if open(case).any(|question| named.is_none_or(|id| id == question.id)) {
        return vec![];
    }
    vec![Unmet::of(Check::N(Need::QuestionOpen), named)]
}

/// What can never be right of a question or an answer.
pub(super) fn refused(command: &Command, case: &Case) -> Option<Refusal> {
    let (field, text) = match command {
        Command::AskBank { question } => ("question", question),
        Command::AnswerGuarantor { answer, .. } => ("answer", answer),
        _ => return None,
    };
    if text.trim().is_empty() || text.chars().count() > LONGEST {
        return Some(Refusal::invalid(
            field,
            RULE,
            "1～2,000文字で記載してください。",
            "Accepted are 1 to 2,000 characters.",
        ));
    }
    let request = open_request(case).filter(|_| field == "question")?;
    let asked = case.questions.iter().filter(|question| question.request == request).count();
    (asked >= MOST).then(|| {
        Refusal::invalid(
            field,
            RULE,
            "一つの依頼に対する照会は20件までです。",
            "Accepted are up to 20 questions about one request.",
        )
    })
}

/// Carries a command of this module out.
pub(super) fn carry_out(work: &mut Work<'_>, command: &Command) {
    let (by, at, version) = (work.ctx.actor.subject.clone(), work.ctx.now, work.case.version + 1);
    match command {
        Command::AskBank { question } => {
            let Some(request) = open_request(&work.case).map(str::to_owned) else { return };
            let rows = work.ctx.table.of_verb(Verb::AskBank).map(|row| row.id.to_owned()).collect();
            let (verb, digest) = (Verb::AskBank, asked::digest_of(command));
            let question = Question {
                id: format!("Q{}", work.case.questions.len() + 1),
                request,
                organisation: work.case.engagements.get(&Role::Guarantor).cloned().unwrap_or_default(),
                text: question.trim().to_owned(),
                by,
                at,
                given: GivenAnswer { verb, digest, version, rows },
                reply: None,
            };
            work.fact(Event::QuestionAsked { question: Box::new(question) });
        }
        Command::AnswerGuarantor { question_id, answer } => {
            let reply = Reply { text: answer.trim().to_owned(), by, at, version };
            work.fact(Event::QuestionAnswered { id: question_id.clone(), reply });
        }
        _ => {}
    }
}

/// Folds a fact of this module.
pub(super) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::QuestionAsked { question } => case.questions.push(question.as_ref().clone()),
        Event::QuestionAnswered { id, reply } => {
            let mut all = case.questions.iter_mut();
            if let Some(question) = all.find(|question| question.id == *id) {
                question.reply = Some(reply.clone());
            }
        }
        _ => {}
    }
}

/// What the bank's task hangs on, where this decision asks something.
pub(super) fn opened(work: &Work<'_>, task: Task) -> Option<Anchor> {
    let asked = work.events.iter().find_map(|event| match event {
        Event::QuestionAsked { question } => Some(Anchor::Question { id: question.id.clone() }),
        _ => None,
    });
    asked.filter(|_| task == Task::AnswerGuarantor)
}

/// The track instance that an answer of this decision is about.
pub(super) fn answered_at(work: &Work<'_>) -> Option<(Track, String)> {
    let id = work.events.iter().find_map(|event| match event {
        Event::QuestionAnswered { id, .. } => Some(id),
        _ => None,
    })?;
    let question = work.case.questions.iter().find(|question| question.id == *id)?;
    match &request_task(&work.case, question)?.anchor {
        Anchor::Track { track, key } => Some((*track, key.clone())),
        Anchor::Stage | Anchor::Proposal { .. } | Anchor::Access { .. } | Anchor::Question { .. } => None,
    }
}

/// What the institution is sent: the latest answer, beside its question.
pub(super) fn letter(case: &Case) -> Option<GuaranteeReply> {
    let answered = case.questions.iter().filter_map(|question| Some((question, question.reply.as_ref()?)));
    let (question, reply) = answered.max_by_key(|(_, reply)| reply.version)?;
    Some(GuaranteeReply {
        question_id: question.id.clone(),
        question: question.text.clone(),
        asked_at: question.at,
        answer: reply.text.clone(),
        answered_at: reply.at,
    })
}

/// An answered question that nobody asked, for partners who try their endpoints.
pub(super) fn sample(request: &str, at: DateTime<Utc>) -> Question {
    let given = GivenAnswer { verb: Verb::AskBank, digest: String::new(), version: 1, rows: vec![] };
    let reply = Reply { text: "転職のため。".to_owned(), by: String::new(), at, version: 2 };
    Question {
        id: "Q1".to_owned(),
        request: request.to_owned(),
        organisation: String::new(),
        text: "勤続の中断の理由をお知らせください。".to_owned(),
        by: String::new(),
        at,
        given,
        reply: Some(reply),
    }
}

/// Does each question that waits have its task, and each task its question?
pub(super) fn has_its_tasks(case: &Case) -> bool {
    let waiting = open(case).map(|question| question.id.as_str());
    let tasks = case.tasks.iter().filter_map(|task| match &task.anchor {
        Anchor::Question { id } => Some(id.as_str()),
        _ => None,
    });
    case.stage.is_final() || waiting.eq(tasks)
}
