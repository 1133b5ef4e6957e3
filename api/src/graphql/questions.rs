//! Questions of a guarantee institution about its request, and the bank's answers (F-02).

use super::application::label;
use super::model::Model;
use super::wall::{self, Wall};
use serde_json::{Value, json};
use workflows::machine::question::{Question, QuestionState, state_of};
use workflows::machine::{Case, Role, guarantor};

/// Who asks and who answers: nobody who borrows, and no other partner (INV-7).
pub const ASKED: Wall = wall::INSIDE.and(&[Role::Guarantor]);

/// The types.
pub fn model(m: &mut Model) {
    m.choices("QuestionState", QuestionState::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "GuaranteeQuestion",
        "What a guarantee institution asked about its request (F-02).",
        &[
            ("id", "ID!", ASKED, "What `answerGuarantor` names as `questionId`."),
            ("requestId", "ID!", ASKED, "The request that it is about."),
            ("organisation", "String!", ASKED, "The institution."),
            ("question", "String!", ASKED, "The question."),
            ("askedBy", "String!", ASKED, "Who asked."),
            ("askedAt", "DateTime!", ASKED, "When."),
            ("state", "QuestionState!", ASKED, "How it stands."),
            ("stateLabel", "Label!", ASKED, "The same in words."),
            ("answer", "String", ASKED, "The bank's answer."),
            ("answeredBy", "String", wall::INSIDE, "Who answered."),
            ("answeredAt", "DateTime", ASKED, "When."),
        ],
    );
}

/// The questions of a case: an institution sees its own.
pub fn shown(case: &Case, role: Role) -> Value {
    let engaged = guarantor::engaged(case);
    let seen = |question: &&Question| {
        wall::INSIDE.admits(&[role]) || engaged == Some(question.organisation.as_str())
    };
    case.questions.iter().filter(seen).map(|question| one(case, question)).collect()
}

fn one(case: &Case, question: &Question) -> Value {
    let (state, reply) = (state_of(case, question), question.reply.as_ref());
    json!({
        "id": question.id, "requestId": question.request, "organisation": question.organisation,
        "question": question.text, "askedBy": question.by, "askedAt": question.at, "state": state,
        "stateLabel": label(state.ja(), state.en()), "answer": reply.map(|it| &it.text),
        "answeredBy": reply.map(|it| &it.by), "answeredAt": reply.map(|it| it.at),
    })
}
