//! Cases read in emergency (L-91): a case outside the caller's branches, for a stated reason and a short time. What opens and ends an
//! access answers nothing of the case; it is read with the header `Yushi-Emergency`, and every use is reviewed.

use super::application::label;
use super::command::Problem;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::looked::WATCHERS;
use super::mutation::{answered_before, problems};
use super::price::told;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use chrono::{DateTime, Utc};
use db::emergency::EmergencyUse;
use db::{Answer, Key, Request, Target};
use serde_json::{Value, json};
use workflows::calendar::tokyo_date;
use workflows::machine::emergency::{EMERGENCY_ROLES, EmergencyAccess, problem_of_reason};
use workflows::machine::{Case, Command, Refusal, Role};

/// Who opens a case in emergency.
const READERS: Wall = Wall::of(EMERGENCY_ROLES);
/// Who sees on a case that it was opened.
pub const SEEN: Wall = WATCHERS.and(&[Role::BranchManager, Role::ScreeningOfficer]);

const OF: (&str, &str, &str) = ("applicationId", "ID!", "The application.");

/// Queries.
pub static QUERIES: &[Root] = &[Root {
    name: "emergencyAccesses",
    ty: "EmergencyUseConnection",
    doc: "Cases that were read in emergency, the latest first (L-91).",
    wall: WATCHERS,
    arguments: &[
        ("first", "Int!", "How many, at most 100."),
        ("after", "String", "Cursor of the line before."),
        ("unreviewed", "Boolean", "Only those that nobody has reviewed; a page may hold fewer then."),
    ],
    answer: |call, ctx| Box::pin(list(call, ctx)),
}];

/// Mutations. They are commands of the table; their answers differ from those of other commands, because the case is not the caller's.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "openCaseInEmergency",
        ty: "EmergencyStep",
        doc: "Opens a case outside the caller's branches for a short time, to read and nothing else (L-91). Compliance and the branch \
              manager are told. The case is then read with the header Yushi-Emergency, which names it.",
        wall: READERS,
        arguments: &[OF, ("reason", "String!", "Why it cannot wait, in 15 to 400 characters.")],
        answer: |call, ctx| Box::pin(open(call, ctx)),
    },
    Root {
        name: "endEmergencyAccess",
        ty: "EmergencyStep",
        doc: "Ends an access before its time: by whoever opened it, the branch manager or compliance.",
        wall: READERS,
        arguments: &[OF, ("access", "String!", "The access.")],
        answer: |call, ctx| Box::pin(end(call, ctx)),
    },
];

async fn open(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = text(&map, "reason").unwrap_or_default();
    // Before the case is looked for: what is wrong with a reason tells nothing of any case.
    if let Some(problem) = problem_of_reason(reason) {
        return Ok(refused(json!([told(problem)])));
    }
    let command = Command::OpenCaseInEmergency { reason: reason.to_owned() };
    let id = text(&map, "applicationId").unwrap_or_default();
    execute(call, id, &command, |case| case.emergency_of(&call.actor, call.now)).await
}

async fn end(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let access = text(&map, "access").unwrap_or_default();
    let command = Command::EndEmergencyAccess { access: access.to_owned() };
    let id = text(&map, "applicationId").unwrap_or_default();
    execute(call, id, &command, |case| case.emergencies.iter().find(|one| one.id == access)).await
}

async fn execute(
    call: &Call,
    id: &str,
    command: &Command,
    access: impl Fn(&Case) -> Option<&EmergencyAccess>,
) -> Result<Shape, Fault> {
    let key = call.key.as_ref().map(|(key, hash)| Key { key, body_hash: hash });
    let target = Target::Case { id };
    let request = Request { actor: &call.actor, now: call.now, target, command, expected_version: None, key };
    let answer = call.counter.service.store.execute(request).await?;
    answered_before(call, &answer);
    match answer {
        Answer::Done(done) => {
            let shown = access(&done.case).map(|access| shown(access, call.now));
            Ok(Shape::Json(json!({ "access": shown, "problems": [] })))
        }
        Answer::Refused(Refusal::Invalid { field, rule, ja, en }) => {
            let problem = Problem { field, rule, ja, en, accepted: String::new() };
            Ok(refused(problems(vec![problem])))
        }
        Answer::Refused(Refusal::Blocked { unmet }) => {
            let all = unmet.into_iter().map(|unmet| Problem {
                field: "applicationId".to_owned(),
                rule: unmet.rule.unwrap_or(unmet.code),
                ja: unmet.ja,
                en: unmet.en,
                accepted: String::new(),
            });
            Ok(refused(problems(all.collect())))
        }
        Answer::KeyReused => Err(Fault::Input("This key was used for another request.".to_owned())),
        // A draft is nobody's but its maker's, and what others opened is not the caller's: it is not there.
        Answer::Refused(Refusal::IllegalTransition { .. } | Refusal::Forbidden { .. })
        | Answer::NotFound
        | Answer::Conflict { .. }
        | Answer::Duplicate { .. } => Err(Fault::NotFound),
    }
}

fn refused(problems: Value) -> Shape {
    Shape::Json(json!({ "access": null, "problems": problems }))
}

/// `emergencyAccesses`.
async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let unreviewed = map.get("unreviewed").and_then(Value::as_bool).unwrap_or_default();
    let page = call.counter.service.store.emergency_uses(&call.scope(), unreviewed, after, first).await?;
    let edges =
        page.items.iter().map(|used| (used.cursor.clone(), Shape::Json(line(used, call.now)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn line(used: &EmergencyUse, now: DateTime<Utc>) -> Value {
    json!({
        "applicationId": used.application_id, "number": used.number, "branch": used.branch,
        "access": shown(&used.access, now),
    })
}

/// An access as the API shows it.
pub fn shown(access: &EmergencyAccess, now: DateTime<Utc>) -> Value {
    let review = access.review.as_ref().map(|review| {
        let outcome = label(review.outcome.ja(), review.outcome.en());
        json!({
            "by": review.by, "at": review.at, "outcome": review.outcome, "outcomeLabel": outcome,
            "note": review.note,
        })
    });
    json!({
        "id": access.id, "subject": access.subject, "role": access.role,
        "roleLabel": label(access.role.ja(), access.role.en()), "reason": access.reason,
        "openedAt": access.opened_at, "endsAt": access.ends_at,
        "endedAt": access.ended.as_ref().map(|(at, _)| at), "endedBy": access.ended.as_ref().map(|(_, by)| by),
        "isOpen": access.is_open(now), "reviewDueOn": access.review_due_on,
        "isOverdue": access.is_overdue(tokyo_date(now)), "review": review,
    })
}
