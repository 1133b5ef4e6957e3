//! What the registers of the compliance office answer over the API.

use super::application::{camel_of, label};
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, date, first_of, text};
use super::price::told;
use super::shape::Shape;
use async_graphql::dynamic::ResolverContext;
use chrono::NaiveDate;
use db::registers::{LineFilter, RegisterAnswer};
use serde_json::{Map, Value, json};
use workflows::compliance::complaint::{
    Complaint, ComplaintAnswer, ComplaintCategory, ComplaintChannel, ComplaintOutcome, ComplaintState,
    DisputeContact, Handling, answer_by,
};
use workflows::compliance::contractor::{
    Contractor, ContractorService, ContractorState, ContractorStep, Review, ReviewOutcome,
};
use workflows::compliance::training::{Training, TrainingState};
use workflows::compliance::{Eyes, Line, Record, Register};
use workflows::machine::Role;
use workflows::machine::registers::TrainingCourse;

// --- what is shown ---------------------------------------------------------------------------------------------------

/// What every line has, around what stands on it.
fn around<R: Record>(line: &Line<R>, record: Value, state: (&str, &str)) -> Value {
    let Value::Object(mut shown) = record else { return Value::Null };
    let words = match line.state() {
        "PROPOSED" => ("起案中", "Proposed"),
        "RETURNED" => ("差戻し", "Returned"),
        _ => state,
    };
    let pending = line.pending.as_ref().map(|p| json!({ "step": p.step, "by": p.by, "at": p.at }));
    shown.insert("id".to_owned(), json!(line.id));
    shown.insert("state".to_owned(), json!(line.state()));
    shown.insert("stateLabel".to_owned(), label(words.0, words.1));
    shown.insert("pending".to_owned(), json!(pending));
    shown.insert("returned".to_owned(), json!(line.returned));
    shown.insert("changedBy".to_owned(), json!(line.changed_by));
    shown.insert("changedAt".to_owned(), json!(line.changed_at));
    shown.insert("cursor".to_owned(), json!(db::registers::cursor_of(&line.id)));
    Value::Object(shown)
}

fn contractor(call: &Call, line: &Line<Contractor>) -> Value {
    let Some(record) = line.shown() else { return around(line, json!({}), ("", "")) };
    let today = workflows::calendar::tokyo_date(call.now);
    let mut shown = camel_of(record);
    shown["serviceLabel"] = label(record.service.ja(), record.service.en());
    let standing = record.standing(today);
    shown["standing"] = json!(standing);
    shown["standingLabel"] = label(standing.ja(), standing.en());
    shown["reviewOverdue"] = json!(record.due_on().is_some_and(|due| due < today));
    around(line, shown, (record.state.ja(), record.state.en()))
}

fn training(line: &Line<Training>) -> Value {
    let Some(record) = line.shown() else { return around(line, json!({}), ("", "")) };
    let mut shown = camel_of(record);
    shown["courseLabel"] = label(record.course.ja(), record.course.en());
    around(line, shown, (record.state.ja(), record.state.en()))
}

/// A complaint as the role sees it: who handles it and how is for those who keep the register.
fn complaint(call: &Call, line: &Line<Complaint>) -> Value {
    let Some(record) = line.shown() else { return around(line, json!({}), ("", "")) };
    let seen = record.application_id.clone().unwrap_or_else(|| format!("complaint:{}", line.id));
    call.looked().at(&line.institution, &seen, "COMPLAINT");
    let today = workflows::calendar::tokyo_date(call.now);
    let mut shown = camel_of(record);
    shown["categoryLabel"] = label(record.category.ja(), record.category.en());
    shown["overdue"] = json!(record.due_on().is_some_and(|due| due < today));
    shown["offered"] = json!(record.offered.map(|(contact, _)| contact));
    shown["offeredLabel"] = json!(record.offered.map(|(contact, _)| label(contact.ja(), contact.en())));
    shown["offeredOn"] = json!(record.offered.map(|(_, on)| on));
    shown["outcomeLabel"] = json!(record.outcome.map(|outcome| label(outcome.ja(), outcome.en())));
    around(line, shown, (record.state.ja(), record.state.en()))
}

fn answered<R: Record>(
    answer: RegisterAnswer<R>,
    name: &str,
    shown: impl FnOnce(&Line<R>) -> Value,
) -> Result<Shape, Fault> {
    match answer {
        RegisterAnswer::Done(line) => Ok(Shape::Json(json!({ name: shown(&line), "problems": [] }))),
        RegisterAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ name: null, "problems": problems })))
        }
        RegisterAnswer::NotFound => Err(Fault::NotFound),
        RegisterAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

// --- what is asked ---------------------------------------------------------------------------------------------------

fn day(map: &Map<String, Value>, name: &str) -> Result<NaiveDate, Fault> {
    date(map, name)?.ok_or_else(|| Fault::Input(format!("{name}: a day as YYYY-MM-DD.")))
}

fn word<T>(map: &Map<String, Value>, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, Fault> {
    let given = text(map, name).and_then(parse);
    given.ok_or_else(|| Fault::Input(format!("{name}: one of its codes.")))
}

fn own(map: &Map<String, Value>, name: &str) -> String {
    text(map, name).unwrap_or_default().trim().to_owned()
}

fn named(map: &Map<String, Value>, name: &str) -> Option<String> {
    text(map, name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn filter(map: &Map<String, Value>) -> Result<LineFilter, Fault> {
    Ok(LineFilter { due_to: date(map, "dueTo")?, ..LineFilter::default() })
}

/// Answers the root of this name.
pub async fn contractors(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, group) = (first_of(&map)?, named(&map, "service"));
    let filter = LineFilter { group, ..filter(&map)? };
    let store = &call.counter.service.store;
    let page = store.register_lines::<Contractor>(&call.scope(), &filter, text(&map, "after"), first).await?;
    Ok(Shape::Json(page.items.iter().map(|line| contractor(call, line)).collect()))
}

/// Answers the root of this name.
pub async fn reminders(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, store) = (first_of(&map)?, &call.counter.service.store);
    let page = store.reminders(&call.scope(), text(&map, "after"), first, call.now).await?;
    let shown = page.items.iter().map(|item| {
        let group = match item.register {
            Register::Contractors => ContractorService::parse(&item.group).map(|it| label(it.ja(), it.en())),
            _ => ComplaintCategory::parse(&item.group).map(|it| label(it.ja(), it.en())),
        };
        json!({
            "id": item.id, "lineId": item.line_id, "register": item.register,
            "registerLabel": label(item.register.ja(), item.register.en()), "key": item.key, "groupLabel": group,
            "dueOn": item.due_on, "isOverdue": item.overdue, "toldAt": item.told_at, "cursor": item.cursor,
        })
    });
    Ok(Shape::Json(shown.collect()))
}

/// Answers the root of this name.
pub async fn engaged(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, organisation) = (first_of(&map)?, own(&map, "organisation"));
    let (store, scope) = (&call.counter.service.store, call.scope());
    let filter = LineFilter { key: Some(organisation.clone()), ..LineFilter::default() };
    let lines = store.register_lines::<Contractor>(&scope, &filter, None, 1).await?.items;
    let record = lines.first().and_then(|line| line.record.as_ref());
    let substitute = record.and_then(|contractor| contractor.substitute.clone());
    let of = (Role::Scrivener, organisation.as_str());
    let page = store.cases_engaging(&scope, of, text(&map, "after"), first).await?;
    let shown = page.items.iter().map(|case| {
        json!({
            "applicationId": case.id, "number": case.number, "branch": case.branch, "stage": case.stage,
            "stageLabel": label(case.stage.ja(), case.stage.en()), "substitute": substitute,
            "cursor": db::registers::cursor_of(&case.id),
        })
    });
    Ok(Shape::Json(shown.collect()))
}

/// Answers the root of this name.
pub async fn propose_contractor(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let new = Contractor {
        organisation: own(&map, "organisation"),
        name: own(&map, "name"),
        service: word(&map, "service", ContractorService::parse)?,
        contract_from: day(&map, "contractFrom")?,
        contract_until: date(&map, "contractUntil")?,
        next_review_on: day(&map, "nextReviewOn")?,
        substitute: named(&map, "substitute"),
        state: ContractorState::Active,
        reason: None,
        reviews: vec![],
    };
    let problems = new.problems(workflows::calendar::tokyo_date(call.now));
    let answer = match problems.is_empty() {
        false => RegisterAnswer::Invalid(problems),
        true => {
            let store = &call.counter.service.store;
            store.add_to_register(&call.scope(), ("ADD", new), Eyes::Four, call.now).await?
        }
    };
    answered(answer, "contractor", |line| contractor(call, line))
}

/// Answers the root of this name.
pub async fn step_contractor(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (step, reason) = (word(&map, "step", ContractorStep::parse)?, own(&map, "reason"));
    let after = |contractor: &Contractor| contractor.after(step, &reason);
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer =
        store.step_in_register(&call.scope(), &id, (step.code(), Eyes::Four), after, call.now).await?;
    answered(answer, "contractor", |line| contractor(call, line))
}

/// Answers the root of this name.
pub async fn replace_contractor(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let today = workflows::calendar::tokyo_date(call.now);
    let after = |contractor: &Contractor| {
        let after = Contractor { substitute: named(&map, "substitute"), ..contractor.clone() };
        // Of the rest, days that have passed are no fault of this step.
        let mut problems = after.problems(today);
        problems.retain(|problem| problem.field == "substitute");
        if problems.is_empty() { Ok(after) } else { Err(problems) }
    };
    let answer =
        store.step_in_register(&call.scope(), &id, ("SUBSTITUTE", Eyes::Four), after, call.now).await?;
    answered(answer, "contractor", |line| contractor(call, line))
}

/// Answers the root of this name.
pub async fn review_contractor(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let review = Review {
        on: day(&map, "on")?,
        outcome: word(&map, "outcome", ReviewOutcome::parse)?,
        note: own(&map, "note"),
        by: call.actor.subject.clone(),
    };
    let (next_on, today) = (day(&map, "nextReviewOn")?, workflows::calendar::tokyo_date(call.now));
    let after = |contractor: &Contractor| contractor.reviewed(review, next_on, today);
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer = store.step_in_register(&call.scope(), &id, ("REVIEW", Eyes::Two), after, call.now).await?;
    answered(answer, "contractor", |line| contractor(call, line))
}

/// A person who signed in for himself: of the register only his own lines exist for him.
fn himself(call: &Call) -> Option<String> {
    matches!(call.actor.role, Role::Applicant | Role::CoObligor).then(|| call.actor.subject.clone())
}

/// Answers the root of this name.
pub async fn complaints(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let filter = LineFilter {
        state: named(&map, "state"),
        group: named(&map, "category"),
        filed_by: himself(call),
        ..filter(&map)?
    };
    let (store, first) = (&call.counter.service.store, first_of(&map)?);
    let page = store.register_lines::<Complaint>(&call.scope(), &filter, text(&map, "after"), first).await?;
    Ok(Shape::Json(page.items.iter().map(|line| complaint(call, line)).collect()))
}

/// Answers the root of this name.
pub async fn figures(call: &Call) -> Result<Shape, Fault> {
    let store = &call.counter.service.store;
    let figures = store.register_figures(&call.scope(), Register::Complaints, call.now).await?;
    let shown = figures.iter().map(|figure| {
        json!({
            "category": figure.group, "state": figure.state, "complaints": figure.lines, "overdue": figure.overdue,
        })
    });
    Ok(Shape::Json(shown.collect()))
}

/// The list of contacts.
pub fn contacts() -> Shape {
    let shown = DisputeContact::ALL.iter().map(|contact| {
        json!({
            "contact": contact, "label": label(contact.ja(), contact.en()), "settlesDisputes": contact.settles(),
        })
    });
    Shape::Json(shown.collect())
}

/// Answers the root of this name.
pub async fn file_complaint(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (store, scope) = (&call.counter.service.store, call.scope());
    let today = workflows::calendar::tokyo_date(call.now);
    let application_id = named(&map, "applicationId");
    if let Some(id) = &application_id {
        // A complaint about a case that the caller does not see is one about no case.
        store.case(&scope, id).await?.ok_or(Fault::NotFound)?;
    }
    let filed_by = himself(call);
    let (channel, received_on) = match (&filed_by, text(&map, "channel")) {
        (Some(_), _) | (None, None) => (ComplaintChannel::Online, None),
        (None, Some(_)) => (word(&map, "channel", ComplaintChannel::parse)?, date(&map, "receivedOn")?),
    };
    let received_on = received_on.unwrap_or(today);
    let new = Complaint {
        received_on,
        channel,
        category: word(&map, "category", ComplaintCategory::parse)?,
        text: own(&map, "text"),
        application_id,
        contractor: named(&map, "contractor"),
        filed_by,
        recorded_by: call.actor.subject.clone(),
        owner: None,
        handling: vec![],
        due_on: answer_by(received_on),
        answer: None,
        offered: None,
        outcome: None,
        closed_on: None,
        state: ComplaintState::Open,
    };
    let problems = new.problems(today);
    let answer = match problems.is_empty() {
        false => RegisterAnswer::Invalid(problems),
        true => store.add_to_register(&scope, ("FILE", new), Eyes::Two, call.now).await?,
    };
    answered(answer, "complaint", |line| complaint(call, line))
}

/// Answers the root of this name.
pub async fn handle_complaint(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let handling = Handling { at: call.now, by: call.actor.subject.clone(), text: own(&map, "note") };
    let owner = named(&map, "owner");
    let after = |complaint: &Complaint| complaint.handled(handling, owner.as_deref());
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer = store.step_in_register(&call.scope(), &id, ("HANDLE", Eyes::Two), after, call.now).await?;
    answered(answer, "complaint", |line| complaint(call, line))
}

/// Answers the root of this name.
pub async fn answer_complaint(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let on = workflows::calendar::tokyo_date(call.now);
    let answer = ComplaintAnswer { on, by: call.actor.subject.clone(), text: own(&map, "text") };
    let offered = text(&map, "offered").and_then(DisputeContact::parse);
    let after = |complaint: &Complaint| complaint.answered(answer, offered);
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer = store.step_in_register(&call.scope(), &id, ("ANSWER", Eyes::Two), after, call.now).await?;
    answered(answer, "complaint", |line| complaint(call, line))
}

/// Answers the root of this name.
pub async fn close_complaint(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (outcome, today) =
        (word(&map, "outcome", ComplaintOutcome::parse)?, workflows::calendar::tokyo_date(call.now));
    let after = |complaint: &Complaint| complaint.closed(outcome, today);
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer = store.step_in_register(&call.scope(), &id, ("CLOSE", Eyes::Four), after, call.now).await?;
    answered(answer, "complaint", |line| complaint(call, line))
}

/// Answers the root of this name.
pub async fn trainings(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let filter = LineFilter { key: named(&map, "subject"), ..filter(&map)? };
    let (store, first) = (&call.counter.service.store, first_of(&map)?);
    let page = store.register_lines::<Training>(&call.scope(), &filter, text(&map, "after"), first).await?;
    Ok(Shape::Json(page.items.iter().map(training).collect()))
}

/// Answers the root of this name.
pub async fn propose_training(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let new = Training {
        subject: own(&map, "subject"),
        course: word(&map, "course", TrainingCourse::parse)?,
        passed_on: day(&map, "passedOn")?,
        valid_until: day(&map, "validUntil")?,
        state: TrainingState::Passed,
        reason: None,
    };
    let problems = new.problems(&call.actor.subject, workflows::calendar::tokyo_date(call.now));
    let answer = match problems.is_empty() {
        false => RegisterAnswer::Invalid(problems),
        true => {
            let store = &call.counter.service.store;
            store.add_to_register(&call.scope(), ("ADD", new), Eyes::Four, call.now).await?
        }
    };
    answered(answer, "training", training)
}

/// Answers the root of this name.
pub async fn revoke_training(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = own(&map, "reason");
    let after = |training: &Training| training.revoked(&reason);
    let (store, id) = (&call.counter.service.store, own(&map, "id"));
    let answer = store.step_in_register(&call.scope(), &id, ("REVOKE", Eyes::Four), after, call.now).await?;
    answered(answer, "training", training)
}

/// Answers the root of this name.
pub async fn approve(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    decided(call, &own(&map, "id"), None).await
}

/// Answers the root of this name.
pub async fn give_back(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = own(&map, "reason");
    if reason.is_empty() || reason.chars().count() > 400 {
        return Err(Fault::Input("reason: 1 to 400 characters.".to_owned()));
    }
    decided(call, &own(&map, "id"), Some(&reason)).await
}

async fn decided(call: &Call, id: &str, returned: Option<&str>) -> Result<Shape, Fault> {
    let register = call.counter.service.store.register_of(&call.scope(), id).await?;
    match register.ok_or(Fault::NotFound)? {
        Register::Contractors => decide::<Contractor>(call, id, returned).await,
        Register::Complaints => decide::<Complaint>(call, id, returned).await,
        Register::Trainings => decide::<Training>(call, id, returned).await,
    }
}

async fn decide<R: Record>(call: &Call, id: &str, returned: Option<&str>) -> Result<Shape, Fault> {
    let store = &call.counter.service.store;
    let answer = store.decide_in_register::<R>(&call.scope(), id, returned, call.now).await?;
    answered(answer, "line", |line| {
        let register = R::REGISTER;
        json!({
            "id": line.id, "register": register, "registerLabel": label(register.ja(), register.en()),
            "state": line.state(),
        })
    })
}
