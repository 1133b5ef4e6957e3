//! Single reads: the application, what can be done with it, why it is where it is, the table itself.

use super::application::{From_, Node, SHOWN, label};
use super::catalogue::MODEL;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::mutation::told;
use super::schema::knows_verb;
use super::shape::Shape;
use super::wall;
use async_graphql::dynamic::ResolverContext;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::engagement::EngagementState;
use workflows::machine::row::{By, Place, Row};
use workflows::machine::{Action, Actor, Case, Context, Registers, Role, allowed_actions, table};

/// `me`.
pub fn me(call: &Call) -> Shape {
    let Actor { subject, role, institution, branches, organisation, on_behalf_of } = &call.actor;
    let rules = call.counter.service.rules.of(institution);
    let today = rules.books.on(institution, tokyo_date(call.now));
    let listed = today.map_or(&[][..], |book| &book.branches[..]).iter();
    let listed = listed.map(|it| json!({ "code": it.code, "name": label(&it.name_ja, &it.name_en) }));
    let bank_name = rules.books.get(institution).map(|book| &book.bank_name);
    Shape::Json(json!({
        "subject": subject, "role": role, "roleLabel": label(role.ja(), role.en()), "institution": institution, "bankName": bank_name,
        "branches": branches, "bankBranches": listed.collect::<Vec<_>>(), "organisation": organisation,
        "onBehalfOf": on_behalf_of,
    }))
}

/// The case that a field is about. Errors: absent, or not for the caller: alike.
pub async fn case_for(call: &Call, ctx: &ResolverContext<'_>) -> Result<Arc<Case>, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    call.counter.service.store.case(&call.scope(), id).await?.ok_or(Fault::NotFound)
}

/// `application`.
pub async fn application(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (store, scope) = (&call.counter.service.store, call.scope());
    let found = match (text(&map, "id"), text(&map, "number")) {
        (Some(id), None) => store.case(&scope, id).await?,
        (None, Some(number)) if !number.is_empty() => store.case_by_number(&scope, number).await?,
        _ => return Err(Fault::Input("Give id or number, one of them.".to_owned())),
    };
    found.map(|case| Shape::Node(Node::from(case))).ok_or(Fault::NotFound)
}

/// The caller, now, under the rules and the table of the service.
pub fn context<'c>(call: &'c Call, actor: &'c Actor) -> Context<'c> {
    let service = &call.counter.service;
    Context {
        actor,
        now: call.now,
        rules: service.rules.as_ref(),
        table: &service.table,
        registers: Registers::NONE,
    }
}

/// `allowedActions`.
pub async fn allowed(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    if call.is_emergency() {
        return Ok(Shape::Json(json!([])));
    }
    let job = job_of(call, &case).await?;
    let registers = Registers { job, ..Registers::default() };
    let actions = allowed_actions(&case, &Context { registers: &registers, ..context(call, &call.actor) });
    Ok(Shape::Json(actions.iter().map(|action| shown(call, action)).collect()))
}

/// How the caller's office stands to the job of the case: before it has taken it, none of its verbs is enabled.
async fn job_of(call: &Call, case: &Case) -> Result<Option<EngagementState>, Fault> {
    match call.actor.organisation.as_deref().filter(|_| call.actor.role == Role::Scrivener) {
        Some(office) => Ok(Some(call.counter.service.store.standing_of_job(case, office).await?)),
        None => Ok(None),
    }
}

fn shown(call: &Call, action: &Action) -> Value {
    let because = call.counter.service.table.row(action.row).map(|row| row.because).unwrap_or_default();
    json!({
        "verb": action.verb, "label": label(action.verb.ja(), action.verb.en()), "row": action.row,
        "key": action.key, "requestId": action.request, "proposes": action.proposes, "enabled": action.unmet.is_empty(),
        "unmet": told(call.actor.role, &action.unmet), "because": because,
    })
}

/// `explain`.
pub async fn explain(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    Ok(Shape::Json(explanation(call, &case)))
}

fn explanation(call: &Call, case: &Case) -> Value {
    let role = call.actor.role;
    let field = |name: &str| match SHOWN.iter().find(|shown| shown.name == name).map(|shown| shown.from) {
        Some(From_::Case(from)) => from(case, role),
        _ => Value::Null,
    };
    let ways = if wall::INSIDE.admits(&[role]) { ways(call, case) } else { json!([]) };
    json!({
        "stage": case.stage, "stageLabel": label(case.stage.ja(), case.stage.en()), "waitingFor": field("openTasks"),
        "deadlines": field("deadlines"), "proposals": field("proposals"), "ways": ways,
    })
}

/// The rows that leave the present stage, each with what is in its way for whoever may take it.
fn ways(call: &Call, case: &Case) -> Value {
    let table = &call.counter.service.table;
    let leaving: Vec<&Row> = table
        .rows()
        .iter()
        .filter(|row| matches!(row.place, Place::Main { from, .. } if from.contains(&case.stage)))
        .collect();
    let mut unmet: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut roles: Vec<Role> = leaving.iter().flat_map(|row| row.callers()).copied().collect();
    roles.sort();
    roles.dedup();
    for role in roles {
        let somebody = Actor {
            subject: String::new(),
            role,
            institution: case.institution.clone(),
            branches: vec![],
            organisation: case.engagements.get(&role).cloned(),
            on_behalf_of: None,
        };
        for action in allowed_actions(case, &context(call, &somebody)) {
            unmet.entry(action.row).or_insert_with(|| told(call.actor.role, &action.unmet));
        }
    }
    let shown = leaving.into_iter().filter_map(|row| {
        let Place::Main { to, .. } = row.place else { return None };
        Some(json!({
            "row": row.id, "verb": row.verb, "label": label(row.verb.ja(), row.verb.en()), "to": to,
            "by": row.callers(), "unmet": unmet.get(row.id).cloned().unwrap_or_default(), "because": row.because,
        }))
    });
    shown.collect()
}

/// `workflow`.
pub fn workflow(call: &Call) -> Shape {
    let roles = [call.actor.role];
    let known = |row: &&Row| knows_verb(&roles, row.verb.code());
    let rows = call.counter.service.table.rows().iter().filter(known).map(|row| {
        let (from, to) = match row.place {
            Place::Main { from, to } => (from.iter().map(|s| s.code().to_owned()).collect(), Some(to.code().to_owned())),
            Place::Track { track, from, to } => (vec![format!("{track}:{from}")], Some(format!("{track}:{to}"))),
            Place::Fact { during } => (during.iter().map(|s| s.code().to_owned()).collect(), None),
        };
        let decides: &[Role] = match row.by {
            By::FourEyes { decide, .. } => decide,
            By::One(_) | By::Consequence(_) => &[],
        };
        json!({
            "id": row.id, "verb": row.verb, "label": label(row.verb.ja(), row.verb.en()), "from": from, "to": to,
            "by": row.callers(), "decides": decides, "guards": row.needs.iter().map(|n| n.code()).collect::<Vec<_>>(),
            "because": row.because,
        })
    });
    let labels = MODEL.enums.iter().flat_map(|(list, choices)| {
        let known = move |code: &str| list != "Verb" || knows_verb(&roles, code);
        choices.iter().filter(move |choice| known(&choice.code)).map(move |choice| {
            json!({ "list": list, "code": choice.code, "label": label(&choice.ja, &choice.en) })
        })
    });
    Shape::Json(json!({
        "version": table::VERSION, "rows": rows.collect::<Vec<_>>(), "labels": labels.collect::<Vec<_>>(),
    }))
}
