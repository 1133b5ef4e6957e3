//! One mutation per verb, generated from the table and the shapes of the commands.

use super::application::Node;
use super::catalogue::MODEL;
use super::command::{self, COMMANDS, Problem};
use super::execute::Call;
use super::fault::Fault;
use super::intake_drafts::FILLS_IN;
use super::lists::without_control;
use super::model::{Input, Model};
use super::names::camel_path;
use super::schema::{input_value, nullable};
use super::shape::{Parts, Shape};
use super::wall;
use async_graphql::dynamic::{Field, FieldFuture, ResolverContext};
use db::{Answer, Key, Request, Target};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use workflows::machine::asked::names_request;
use workflows::machine::row::By;
use workflows::machine::{Command, Refusal, Role, Table, Unmet, Verb};

static TABLE: LazyLock<Table> = LazyLock::new(Table::default);

/// The verbs that any of these roles may call, in the order of the specification.
pub fn verbs_of(roles: &[Role]) -> Vec<Verb> {
    Verb::ALL.iter().copied().filter(|verb| calls(roles, *verb)).collect()
}

/// May any of these roles call the verb?
pub fn calls(roles: &[Role], verb: Verb) -> bool {
    let any = |these: &[Role]| these.iter().any(|role| roles.contains(role) && !role.is_internal());
    match verb {
        // The second person of four eyes, and the first who takes back.
        Verb::ApproveProposal | Verb::ReturnProposal => {
            TABLE.rows().iter().any(|row| matches!(row.by, By::FourEyes { decide, .. } if any(decide)))
        }
        Verb::RetractProposal => {
            TABLE.rows().iter().any(|row| matches!(row.by, By::FourEyes { propose, .. } if any(propose)))
        }
        _ => TABLE.of_verb(verb).any(|row| any(row.callers())),
    }
}

/// The arguments of each verb's mutation, in the order of `Verb::ALL`.
static ARGUMENTS: LazyLock<Vec<Vec<Input>>> = LazyLock::new(|| {
    let mut model = Model { enums: MODEL.enums.clone(), ..Model::default() };
    Verb::ALL.iter().map(|verb| arguments_in(&mut model, *verb)).collect()
});

/// The arguments of a verb's mutation.
pub fn arguments(verb: Verb) -> &'static [Input] {
    let at = Verb::ALL.iter().position(|each| *each == verb).unwrap_or_default();
    &ARGUMENTS[at]
}

fn arguments_in(model: &mut Model, verb: Verb) -> Vec<Input> {
    let mut all = vec![];
    if verb != Verb::CreateDraft {
        let doc = "The application.".to_owned();
        all.push(Input { name: "applicationId".to_owned(), ty: "ID!".to_owned(), doc });
        let doc =
            "The version that the caller saw; without it, a change by others in between is no obstacle."
                .to_owned();
        all.push(Input { name: "expectedVersion".to_owned(), ty: "Int".to_owned(), doc });
    }
    if names_request(&TABLE, verb) {
        let doc = "A partner's answer: the request that it answers, as the message or `allowedActions` names it. A repeat gets the \
                   first answer; what is late or was never asked is refused. Partners name the request, or the version that \
                   they saw."
            .to_owned();
        all.push(Input { name: "requestId".to_owned(), ty: "ID".to_owned(), doc });
    }
    if let Some(schema) = COMMANDS.of.get(verb.code()) {
        all.extend(model.arguments_of(&COMMANDS.root, schema, false));
    }
    all
}

/// The field of a verb.
pub fn field(verb: Verb, payload: &str, inputs: &[Input]) -> Field {
    let field = Field::new(verb.code(), nullable(payload), move |ctx| {
        FieldFuture::new(async move {
            match carry_out(verb, &ctx).await {
                Ok(shape) => {
                    if let Shape::Member(member, _) = &shape {
                        ctx.data::<Call>()?.marks_ref().answered(member);
                    }
                    Ok(shape.into_field(""))
                }
                Err(fault) => Ok(fault.report(&ctx)),
            }
        })
    });
    let field = field.description(format!("{} / {}", verb.ja(), verb.en()));
    inputs.iter().fold(field, |field, input| field.argument(input_value(&input.name, &input.ty, &input.doc)))
}

async fn carry_out(verb: Verb, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let call = Call::of(ctx)?;
    let mut arguments = Map::new();
    for (name, value) in ctx.args.as_index_map() {
        let value = value.clone().into_json().map_err(|error| Fault::Input(error.to_string()))?;
        arguments.insert(name.to_string(), value);
    }
    if let Some(id) = arguments.get("applicationId") {
        without_control("applicationId", id)?;
    }
    let id = arguments.remove("applicationId").and_then(|id| id.as_str().map(str::to_owned));
    let expected_version = match arguments.remove("expectedVersion") {
        None | Some(Value::Null) => None,
        Some(version) => Some(version.as_u64().ok_or_else(|| Fault::Input("expectedVersion".to_owned()))?),
    };
    if let Some(id) = arguments.get("requestId") {
        without_control("requestId", id)?;
    }
    let named = arguments.remove("requestId").and_then(|id| id.as_str().map(str::to_owned));
    let partner = call.actor.role.is_partner() && names_request(&TABLE, verb);
    if partner && named.is_none() && expected_version.is_none() {
        return Ok(invalid(vec![unnamed()]));
    }
    without_banks_part(call.actor.role, &mut arguments);
    let command = match command::command(verb, &arguments) {
        Ok(command) => command,
        Err(problems) => return Ok(invalid(problems)),
    };
    let fresh = uuid::Uuid::now_v7().to_string();
    let target = match (&id, &named) {
        _ if verb == Verb::CreateDraft => Target::New { id: &fresh },
        (Some(id), Some(request)) => Target::Request { id, request },
        (Some(id), None) => Target::Case { id },
        (None, _) => return Err(Fault::NotFound),
    };
    let key = call.key.as_ref().map(|(key, hash)| Key { key, body_hash: hash });
    let request =
        Request { actor: &call.actor, now: call.now, target, command: &command, expected_version, key };
    let answer = call.counter.service.store.execute(request).await?;
    if let (Command::CreateDraft { form }, Answer::Done(_)) = (&command, &answer) {
        erase_typed(call, &form.application_id).await;
    }
    let (ended, shape) = payload(call, answer);
    metrics::counter!("yushi_commands_total", "verb" => verb.code(), "ended" => ended).increment(1);
    shape
}

/// An application that was begun as a draft of the caller names it as its own number; what was typed has served then. Where the
/// database is away, the draft stays in the caller's list until it is discarded or forgotten.
async fn erase_typed(call: &Call, reference: &str) {
    let ours = uuid::Uuid::try_parse(reference).is_ok_and(|id| id.get_version_num() == 7);
    if ours
        && FILLS_IN.admits(&[call.actor.role])
        && let Err(error) = call.counter.service.store.discard_intake_draft(&call.scope(), reference).await
    {
        tracing::warn!(%error, "the draft of an application that was handed over is not erased");
    }
}

/// An answer that says neither what it answers nor what its sender saw could be meant for anything.
fn unnamed() -> Problem {
    Problem {
        field: "requestId".to_owned(),
        rule: "N-REQUEST-NAMED".to_owned(),
        ja: "回答する依頼の番号（requestId）または確認した版（expectedVersion）を指定してください。"
            .to_owned(),
        en: "Name the request that is answered, or the version that was seen.".to_owned(),
        accepted: "request_id of the message, requestId of allowedActions, or expectedVersion".to_owned(),
    }
}

/// Who does not see the bank's own valuation says nothing of it: a form without it counts as one whose valuation is still to come.
pub fn without_banks_part(role: Role, arguments: &mut Map<String, Value>) {
    let Some(Value::Object(form)) = arguments.get_mut("form") else { return };
    let there = form.get("collateralValuation").is_some_and(|valuation| !valuation.is_null());
    if !there && !wall::of_form("Form", "collateral_valuation").admits(&[role]) {
        form.insert("collateralValuation".to_owned(), json!({ "amountYen": 0, "requirementMet": false }));
    }
}

/// Marks what the store's answer means for the idempotency key, where a command has a field of its own.
pub fn answered_before(call: &Call, answer: &Answer) {
    let marks = call.marks_ref();
    match answer {
        Answer::Done(done) => {
            if done.replayed {
                marks.replayed();
            }
            marks.answered("Done");
        }
        Answer::Refused(_) => marks.answered("Blocked"),
        Answer::KeyReused => marks.reused(),
        Answer::Conflict { .. } | Answer::NotFound | Answer::Duplicate { .. } => {}
    }
}

/// The answer of the store as a payload, with a word for the metrics.
fn payload(call: &Call, answer: Answer) -> (&'static str, Result<Shape, Fault>) {
    let role = call.actor.role;
    match answer {
        Answer::Done(done) => {
            if done.replayed {
                call.marks_ref().replayed();
            }
            let parts = Parts::from([
                ("version", Shape::Json(json!(done.version))),
                ("rows", Shape::Json(json!(done.rows))),
                ("replayed", Shape::Json(json!(done.replayed))),
                ("application", Shape::Node(Node::from(done.case))),
            ]);
            ("done", Ok(Shape::Member("Done", parts)))
        }
        Answer::Refused(refusal) => refused(role, refusal),
        Answer::Conflict { current, changed_by, changed_at } => {
            let by = wall::INSIDE.admits(&[role]).then_some(changed_by);
            let parts = Parts::from([
                ("current", Shape::Node(Node::from(current))),
                ("changedBy", Shape::Json(json!(by))),
                ("changedAt", Shape::Json(json!(changed_at))),
            ]);
            ("conflict", Ok(Shape::Member("Conflict", parts)))
        }
        Answer::NotFound => ("not_found", Err(Fault::NotFound)),
        Answer::KeyReused => {
            call.marks_ref().reused();
            ("key_reused", Err(Fault::Input("This key was used for another request.".to_owned())))
        }
        Answer::Duplicate { id, number } => {
            let accepted = if number.is_empty() { id } else { number };
            let problem = Problem {
                field: "externalId".to_owned(),
                rule: "DUPLICATE".to_owned(),
                ja: "この番号の申込は受付済みです。".to_owned(),
                en: "An application with this number is on file already.".to_owned(),
                accepted,
            };
            ("duplicate", Ok(invalid(vec![problem])))
        }
    }
}

fn refused(role: Role, refusal: Refusal) -> (&'static str, Result<Shape, Fault>) {
    match refusal {
        Refusal::Forbidden { .. } => ("forbidden", Err(Fault::Forbidden)),
        Refusal::Invalid { field, rule, ja, en } => {
            let field = camel_path(&field);
            ("invalid", Ok(invalid(vec![Problem { field, rule, ja, en, accepted: String::new() }])))
        }
        Refusal::Blocked { unmet } => ("blocked", Ok(blocked("BLOCKED", None, None, told(role, &unmet)))),
        Refusal::IllegalTransition { at, allowed } => {
            // A track's state belongs to whoever may move it; the stage to those who see it.
            let seen = at.contains(':') || wall::sees_stage(role);
            let (at, allowed) = (seen.then_some(at), seen.then_some(allowed));
            ("illegal", Ok(blocked("ILLEGAL_TRANSITION", at, allowed, vec![])))
        }
    }
}

fn blocked(code: &str, at: Option<String>, allowed: Option<Vec<String>>, unmet: Vec<Value>) -> Shape {
    Shape::Member(
        "Blocked",
        Parts::from([
            ("code", Shape::Json(json!(code))),
            ("at", Shape::Json(json!(at))),
            ("allowed", Shape::Json(json!(allowed))),
            ("unmet", Shape::Json(json!(unmet))),
        ]),
    )
}

fn invalid(found: Vec<Problem>) -> Shape {
    Shape::Member("Invalid", Parts::from([("problems", Shape::Json(problems(found)))]))
}

/// Problems as the API shows them.
pub fn problems(found: Vec<Problem>) -> Value {
    let problems = found.into_iter().map(|p| {
        json!({ "field": p.field, "rule": p.rule, "messageJa": p.ja, "messageEn": p.en, "accepted": p.accepted })
    });
    problems.collect()
}

/// Unmet preconditions as far as a role is told: the lender's own matters become one sentence.
pub fn told(role: Role, unmet: &[Unmet]) -> Vec<Value> {
    let mut told = vec![];
    let mut checking = false;
    for each in unmet {
        if wall::sees_guard(role, &each.code) {
            told.push(json!({
                "code": each.code, "rule": each.rule, "subject": each.subject, "ja": each.ja, "en": each.en,
                "clearedBy": each.cleared_by,
            }));
        } else if !checking {
            checking = true;
            told.push(json!({
                "code": "N-BANK-CHECKING", "rule": null, "subject": null, "ja": "当金庫で確認中です。",
                "en": "The bank is still checking.", "clearedBy": ["BRANCH_CLERK"],
            }));
        }
    }
    told
}
