//! The job of a scrivener's office in a case, and the register of paper originals (E.2, H-14, H-15, H-46, P-13, decision 32).

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, date, first_of, text};
use super::price::told;
use super::roots::{OF, Root};
use super::shape::Shape;
use super::wall::{self, INSIDE, Wall};
use async_graphql::dynamic::ResolverContext;
use chrono::NaiveDate;
use db::case_lines::{Body, CaseLine, DueOriginal, LineAnswer, WaitingJob, is_to_be_handed_over};
use serde_json::{Map, Value, json};
use workflows::calendar::tokyo_date;
use workflows::engagement::{
    Answered, CostLine, Costs, DeclineReason, Identified, IdentityMethod, IdentityPaper,
};
use workflows::machine::filing_desk::registration_papers;
use workflows::machine::{Case, Role};
use workflows::original::{Original, OriginalKind, OriginalPlace};

/// People of a scrivener's office.
pub const OFFICE: Wall = Wall::of(&[Role::Scrivener]);
/// Who sees how a job stands: the bank's people and the office.
pub const DESK: Wall = INSIDE.and(&[Role::Scrivener]);
/// Who has hands to give and take originals.
pub const HANDS: Wall = wall::STAFF.and(&[Role::Scrivener]);

const FIRST: (&str, &str, &str) = ("first", "Int!", "How many, at most 100.");
const AFTER: (&str, &str, &str) = ("after", "String", "Cursor of the line before.");
const ID: (&str, &str, &str) = ("id", "ID!", "The original.");
const FIGURES: [(&str, &str, &str); 4] = [
    ("feeYen", "Yen!", "The office's own fee without tax."),
    ("consumptionTaxYen", "Yen!", "Consumption tax on the fee."),
    (
        "registrationTaxYen",
        "Yen!",
        "Registration tax, as the application for the registration comes to (H-43).",
    ),
    ("disbursementsYen", "Yen!", "Certificates, postage."),
];

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "registrationDesk",
        ty: "RegistrationDesk",
        doc: "How the job of the scrivener's office stands: its answer, its costs, whom it identified, and the paper originals. An office sees \
              its own part.",
        wall: DESK,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(desk(call, ctx)),
    },
    Root {
        name: "costEstimate",
        ty: "CostEstimate",
        doc: "What the scrivener's office said that the registration will cost, for those who bear it (H-14); null until it has.",
        wall: wall::CUSTOMER,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(estimated(call, ctx)),
    },
    Root {
        name: "calendarFeed",
        ty: "CalendarFeed",
        doc: "Since when the caller's calendar has an address; null without one. The address itself is shown when it is made.",
        wall: OFFICE,
        arguments: &[],
        answer: |call, _| Box::pin(feed(call)),
    },
    Root {
        name: "waitingJobs",
        ty: "WaitingJobConnection",
        doc: "Jobs that a scrivener's office was asked to take and has not, or has declined: late, and then the manager's, after as many bank \
              days as the book of the case says.",
        wall: wall::STAFF,
        arguments: &[FIRST, AFTER],
        answer: |call, ctx| Box::pin(waiting(call, ctx)),
    },
    Root {
        name: "originalsDue",
        ty: "DueOriginalConnection",
        doc: "Paper originals that are due back at the bank, the earliest first: an office sees those that it has.",
        wall: HANDS,
        arguments: &[("overdue", "Boolean", "Only those whose day is over."), FIRST, AFTER],
        answer: |call, ctx| Box::pin(due(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "makeCalendarFeed",
        ty: "NewCalendarFeed",
        doc: "Makes an address for the caller's calendar (iCalendar), instead of the one that there was. It is shown this once.",
        wall: OFFICE,
        arguments: &[],
        answer: |call, _| Box::pin(make_feed(call)),
    },
    Root {
        name: "revokeCalendarFeed",
        ty: "Boolean",
        doc: "Revokes the address of the caller's calendar; false where there was none.",
        wall: OFFICE,
        arguments: &[],
        answer: |call, _| Box::pin(revoke_feed(call)),
    },
    Root {
        name: "answerEngagement",
        ty: "RegistrationStep",
        doc: "The office takes the job of a case or declines it, with its check of conflicts of interest (E.2). Papers open to it once it has \
              taken the job; after it has declined it sees nothing of the case any more.",
        wall: OFFICE,
        arguments: &[
            OF,
            ("accepts", "Boolean!", "Takes it."),
            ("ownOrRelative", "Boolean!", "It is a case of one of the office's people or of a relative."),
            ("otherParty", "Boolean!", "The office acts for another party whose interests are opposed."),
            ("reason", "DeclineReason", "Why it declines."),
        ],
        answer: |call, ctx| Box::pin(answer(call, ctx)),
    },
    Root {
        name: "askOfficeAgain",
        ty: "RegistrationStep",
        doc: "The bank asks an office that declined once more: it sees the case again and answers anew. An office that had the job before, or \
              declined it, is named: it is asked anew before it takes the job over again.",
        wall: wall::STAFF,
        arguments: &[
            OF,
            (
                "organisation",
                "String",
                "An office that had the job before; the present one where none is named.",
            ),
        ],
        answer: |call, ctx| Box::pin(ask_again(call, ctx)),
    },
    Root {
        name: "endEngagement",
        ty: "RegistrationStep",
        doc: "The job is done: every filing has come to its end and no original is left at the office, which sees the case no more.",
        wall: HANDS,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(end(call, ctx)),
    },
    Root {
        name: "estimateCosts",
        ty: "RegistrationStep",
        doc: "The office says what the job will cost, in whole yen.",
        wall: OFFICE,
        arguments: &[OF, FIGURES[0], FIGURES[1], FIGURES[2], FIGURES[3]],
        answer: |call, ctx| Box::pin(estimate(call, ctx)),
    },
    Root {
        name: "billCosts",
        ty: "RegistrationStep",
        doc: "The bill of the office, held against its estimate: a figure above it waits for the bank.",
        wall: OFFICE,
        arguments: &[OF, FIGURES[0], FIGURES[1], FIGURES[2], FIGURES[3]],
        answer: |call, ctx| Box::pin(bill(call, ctx)),
    },
    Root {
        name: "agreeToBill",
        ty: "RegistrationStep",
        doc: "The bank agrees to a bill that is above its estimate.",
        wall: wall::STAFF,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(agree(call, ctx)),
    },
    Root {
        name: "recordIdentity",
        ty: "RegistrationStep",
        doc: "The office identified a party of the case under the act of 2008 (H-15, H-46).",
        wall: OFFICE,
        arguments: &[
            OF,
            ("partyId", "String!", "Whom, by the id in the form."),
            ("method", "IdentityMethod!", "How."),
            ("papers", "[IdentityPaper!]!", "What was shown."),
            ("verifiedOn", "Date!", "When."),
        ],
        answer: |call, ctx| Box::pin(identify(call, ctx)),
    },
    Root {
        name: "registerOriginal",
        ty: "RegistrationStep",
        doc: "An original comes into the register, on the side of whoever took it in.",
        wall: HANDS,
        arguments: &[
            OF,
            ("kind", "OriginalKind!", "What it is."),
            ("partyId", "String", "Whose it is, by the id in the form."),
        ],
        answer: |call, ctx| Box::pin(register(call, ctx)),
    },
    Root {
        name: "offerOriginal",
        ty: "RegistrationStep",
        doc: "One gives an original away; it stays where it is until another person has taken it.",
        wall: HANDS,
        arguments: &[
            ID,
            ("to", "OriginalPlace!", "Where it goes."),
            ("dueOn", "Date", "By when it comes back; for the scrivener and the registry."),
        ],
        answer: |call, ctx| Box::pin(offer(call, ctx)),
    },
    Root {
        name: "takeOriginal",
        ty: "RegistrationStep",
        doc: "Another person takes what was given; for the registry or the customer a second person of the giver's side confirms.",
        wall: HANDS,
        arguments: &[ID],
        answer: |call, ctx| Box::pin(take(call, ctx)),
    },
    Root {
        name: "keepOriginal",
        ty: "RegistrationStep",
        doc: "The giver's side takes its offer of an original back.",
        wall: HANDS,
        arguments: &[ID],
        answer: |call, ctx| Box::pin(keep(call, ctx)),
    },
];

fn word<T: Copy>(
    map: &Map<String, Value>,
    name: &str,
    parse: fn(&str) -> Option<T>,
    all: &[(&T, &str)],
) -> Result<T, Fault> {
    text(map, name).and_then(parse).ok_or_else(|| {
        let codes: Vec<&str> = all.iter().map(|(_, code)| *code).collect();
        Fault::Input(format!("{name}: {} / 一覧から選んでください。", codes.join(", ")))
    })
}

macro_rules! word {
    ($map:expr, $name:literal, $ty:ident) => {
        word(&$map, $name, $ty::parse, &$ty::ALL.iter().map(|word| (word, word.code())).collect::<Vec<_>>())
    };
}

fn yes(map: &Map<String, Value>, name: &str) -> bool {
    map.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn yen(map: &Map<String, Value>, name: &str) -> Result<i64, Fault> {
    let given = map.get(name);
    let number = given.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
    number.ok_or_else(|| Fault::Input(format!("{name}: whole yen / 円単位の整数で指定してください。")))
}

fn figures(map: &Map<String, Value>) -> Result<Costs, Fault> {
    Ok(Costs {
        fee_yen: yen(map, "feeYen")?,
        consumption_tax_yen: yen(map, "consumptionTaxYen")?,
        registration_tax_yen: yen(map, "registrationTaxYen")?,
        disbursements_yen: yen(map, "disbursementsYen")?,
    })
}

fn day(map: &Map<String, Value>, name: &str) -> Result<NaiveDate, Fault> {
    date(map, name)?
        .ok_or_else(|| Fault::Input(format!("{name}: a day such as 2026-06-15 / 日付を指定してください。")))
}

fn answered(call: &Call, answer: LineAnswer) -> Result<Shape, Fault> {
    match answer {
        LineAnswer::Done(line) => Ok(Shape::Json(
            json!({ "lineId": line.id, "original": original_of(call, &line, None), "problems": [] }),
        )),
        LineAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "lineId": null, "original": null, "problems": problems })))
        }
        LineAnswer::NotFound => Err(Fault::NotFound),
        LineAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

fn engagement(answered: &Answered, organisation: &str) -> Value {
    json!({
        "organisation": organisation, "state": answered.state,
        "stateLabel": label(answered.state.ja(), answered.state.en()),
        "ownOrRelative": answered.own_or_relative, "otherParty": answered.other_party,
        "reason": answered.reason, "reasonLabel": answered.reason.map(|it| label(it.ja(), it.en())),
        "by": answered.by, "at": answered.at,
    })
}

fn amounts(costs: &Costs) -> Value {
    json!({
        "feeYen": costs.fee_yen, "consumptionTaxYen": costs.consumption_tax_yen,
        "registrationTaxYen": costs.registration_tax_yen, "disbursementsYen": costs.disbursements_yen,
        "totalYen": costs.total_yen(),
    })
}

fn costs(line: &CostLine) -> Value {
    let above = line.bill.map(|bill| bill.above(&line.estimate)).unwrap_or_default();
    json!({
        "estimate": amounts(&line.estimate), "bill": line.bill.as_ref().map(amounts), "state": line.state,
        "stateLabel": label(line.state.ja(), line.state.en()), "above": above, "by": line.by, "at": line.at,
    })
}

fn identity(line: &Identified, id: &str) -> Value {
    let papers: Vec<Value> = line.papers.iter().map(|paper| label(paper.ja(), paper.en())).collect();
    json!({
        "id": id, "partyId": line.party_id, "method": line.method,
        "methodLabel": label(line.method.ja(), line.method.en()), "papers": line.papers, "paperLabels": papers,
        "verifiedOn": line.on, "by": line.by, "at": line.at,
    })
}

fn original(call: &Call, id: &str, line: &Original, to_hand_over: Option<bool>) -> Value {
    let place = |place: OriginalPlace| label(place.ja(), place.en());
    let moves = line.moves.iter().map(|each| {
        json!({
            "from": each.from, "fromLabel": place(each.from), "to": each.to, "toLabel": place(each.to),
            "givenBy": each.given_by, "givenAt": each.given_at, "takenBy": each.taken_by, "takenAt": each.taken_at,
        })
    });
    let offered = line.offered.as_ref();
    json!({
        "id": id, "kind": line.kind, "kindLabel": label(line.kind.ja(), line.kind.en()), "partyId": line.party_id,
        "place": line.place, "placeLabel": place(line.place), "holder": line.holder, "since": line.since,
        "dueOn": line.due_on, "isOverdue": line.is_overdue(tokyo_date(call.now)),
        "isToHandOver": to_hand_over,
        "offeredTo": offered.map(|it| it.to), "offeredToLabel": offered.map(|it| place(it.to)),
        "offeredBy": offered.map(|it| &it.by), "offeredAt": offered.map(|it| it.at),
        "moves": moves.collect::<Vec<_>>(),
    })
}

fn original_of(call: &Call, line: &CaseLine, to_hand_over: Option<bool>) -> Value {
    match &line.body {
        Body::Original(it) => original(call, &line.id, it, to_hand_over),
        _ => Value::Null,
    }
}

async fn desk(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let found = call.counter.service.store.case_lines(&call.scope(), id).await?;
    let (case, lines) = found.ok_or(Fault::NotFound)?;
    // The office that has the job now; what former ones said stays in the audit.
    let office = case.engagements.get(&Role::Scrivener).map(String::as_str).unwrap_or_default();
    let current = |line: &&CaseLine| line.organisation == office;
    let engaged = lines.iter().filter(current).find_map(|line| match &line.body {
        Body::Engagement(it) => Some(engagement(it, &line.organisation)),
        _ => None,
    });
    let cost = lines.iter().filter(current).find_map(|line| match &line.body {
        Body::Costs(it) => Some(costs(it)),
        _ => None,
    });
    let identities = lines.iter().filter_map(|line| match &line.body {
        Body::Identity(it) => Some(identity(it, &line.id)),
        _ => None,
    });
    let originals = lines.iter().filter_map(|line| match &line.body {
        Body::Original(it) => Some(original(call, &line.id, it, Some(is_to_be_handed_over(&case, line)))),
        _ => None,
    });
    let tax =
        if call.actor.role == Role::Scrivener && engaged.is_none() { None } else { tax_of(call, &case) };
    Ok(Shape::Json(json!({
        "organisation": (!office.is_empty()).then_some(office), "engagement": engaged, "costs": cost, "registrationTaxYen": tax,
        "identities": identities.collect::<Vec<_>>(), "originals": originals.collect::<Vec<_>>(),
    })))
}

async fn estimated(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let said = call.counter.service.store.cost_estimate(&call.scope(), id).await?.ok_or(Fault::NotFound)?;
    Ok(Shape::Json(json!(said.map(|line| {
        let mut shown = amounts(&line.estimate);
        shown["estimatedAt"] = json!(line.estimated_at);
        shown
    }))))
}

/// What the application for the registration comes to in tax, where it is complete (H-41 to H-43).
fn tax_of(call: &Call, case: &Case) -> Option<i64> {
    let papers = registration_papers(case, call.counter.service.rules.as_ref());
    papers.application.map(|application| application.tax.payable_yen.0)
}

async fn waiting(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let page = call.counter.service.store.waiting_jobs(&call.scope(), after, first, call.now).await?;
    let edges = page.items.iter().map(|job| (job.cursor.clone(), Shape::Json(waiting_job(job)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn waiting_job(job: &WaitingJob) -> Value {
    json!({
        "applicationId": job.application_id, "number": job.number, "branch": job.branch,
        "organisation": job.organisation, "state": job.waiting, "stateLabel": label(job.waiting.ja(), job.waiting.en()),
        "askedOn": job.asked_on, "reason": job.reason, "reasonLabel": job.reason.map(|it| label(it.ja(), it.en())),
    })
}

async fn due(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let store = &call.counter.service.store;
    let page = store.originals_due(&call.scope(), yes(&map, "overdue"), after, first, call.now).await?;
    let shown = |due: &DueOriginal| {
        let original = original_of(call, &due.line, Some(due.to_hand_over));
        json!({ "applicationId": due.line.application_id, "number": due.number, "original": original })
    };
    let cursor = |due: &DueOriginal| db::case_lines::due_cursor(&due.line);
    let edges = page.items.iter().map(|due| (cursor(due), Shape::Json(shown(due)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

async fn answer(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let reason = match text(&map, "reason") {
        Some(_) => Some(word!(map, "reason", DeclineReason)?),
        None => None,
    };
    let said = (yes(&map, "accepts"), yes(&map, "ownOrRelative"), yes(&map, "otherParty"), reason);
    answered(call, call.counter.service.store.answer_engagement(&call.scope(), id, said, call.now).await?)
}

async fn ask_again(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let office = text(&map, "organisation");
    answered(call, call.counter.service.store.ask_office_again(&call.scope(), id, office, call.now).await?)
}

async fn end(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    answered(call, call.counter.service.store.end_engagement(&call.scope(), id, call.now).await?)
}

/// The figures with the tax that they are held against.
async fn costed(call: &Call, ctx: &ResolverContext<'_>) -> Result<(String, (Costs, Option<i64>)), Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default().to_owned();
    let costs = figures(&map)?;
    let case = call.counter.service.store.case(&call.scope(), &id).await?.ok_or(Fault::NotFound)?;
    Ok((id, (costs, tax_of(call, &case))))
}

async fn estimate(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let (id, said) = costed(call, ctx).await?;
    answered(call, call.counter.service.store.estimate_costs(&call.scope(), &id, said, call.now).await?)
}

async fn bill(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let (id, said) = costed(call, ctx).await?;
    answered(call, call.counter.service.store.bill_costs(&call.scope(), &id, said, call.now).await?)
}

async fn agree(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    answered(call, call.counter.service.store.agree_to_bill(&call.scope(), id, call.now).await?)
}

async fn identify(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (id, party) =
        (text(&map, "applicationId").unwrap_or_default(), text(&map, "partyId").unwrap_or_default());
    let method = word!(map, "method", IdentityMethod)?;
    let given = map.get("papers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let papers: Option<Vec<IdentityPaper>> =
        given.iter().map(|paper| paper.as_str().and_then(IdentityPaper::parse)).collect();
    let papers = papers.ok_or_else(|| {
        Fault::Input("papers: codes of IdentityPaper / 一覧から選んでください。".to_owned())
    })?;
    let said = (party, method, papers.as_slice(), day(&map, "verifiedOn")?);
    answered(call, call.counter.service.store.record_identity(&call.scope(), id, said, call.now).await?)
}

async fn register(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let said = (word!(map, "kind", OriginalKind)?, text(&map, "partyId"));
    answered(call, call.counter.service.store.register_original(&call.scope(), id, said, call.now).await?)
}

async fn offer(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let said = (word!(map, "to", OriginalPlace)?, date(&map, "dueOn")?);
    answered(call, call.counter.service.store.offer_original(&call.scope(), id, said, call.now).await?)
}

async fn take(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    answered(call, call.counter.service.store.take_original(&call.scope(), id, call.now).await?)
}

async fn keep(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    answered(call, call.counter.service.store.keep_original(&call.scope(), id, call.now).await?)
}

async fn feed(call: &Call) -> Result<Shape, Fault> {
    let since = call.counter.service.store.feed_since(&call.scope()).await?;
    Ok(Shape::Json(since.map_or(Value::Null, |since| json!({ "madeAt": since }))))
}

async fn make_feed(call: &Call) -> Result<Shape, Fault> {
    let secret = crate::auth::cookie::secret();
    let digest = crate::http::calendar::digest_of(&secret);
    let id = call.counter.service.store.make_feed(&call.scope(), &digest, call.now).await?;
    let path = format!("/calendar/{id}/{secret}.ics");
    // Nobody who reads the answer again finds it.
    call.marks_ref().shows_once(&path);
    Ok(Shape::Json(json!({ "path": path, "madeAt": call.now })))
}

async fn revoke_feed(call: &Call) -> Result<Shape, Fault> {
    Ok(Shape::Json(json!(call.counter.service.store.revoke_feed(&call.scope(), call.now).await?)))
}
