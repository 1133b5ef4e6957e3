//! The lists of a guarantor: what its organisation was asked and answered on a day, to compare with its own books, and its answers of
//! a period.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, date, first_of, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::read::{Page, RequestLine};
use serde_json::{Value, json};
use workflows::calendar::planning::business_days_between;
use workflows::calendar::{is_bank_day, tokyo_date};
use workflows::machine::reconcile::RequestStanding;
use workflows::machine::{Role, Verb};

/// Who has requests of this kind.
const ASKED: Wall = Wall::of(&[Role::Guarantor]);

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "requestsOfDay",
        ty: "PartnerRequestConnection",
        doc: "Every request to the caller's organisation that was open at some time of a day or spoken of on it, as it stood when the day \
              ended, for reconciliation. A page may hold fewer lines than `first` and still be followed by another.",
        wall: ASKED,
        arguments: &[
            ("on", "Date!", "The day, in Tokyo."),
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "The `endCursor` of the page before."),
        ],
        answer: |call, ctx| Box::pin(of_day(call, ctx)),
    },
    Root {
        name: "answersGiven",
        ty: "PartnerRequestConnection",
        doc: "The requests that the caller's organisation answered in a period, as they stood when it ended. A page may hold fewer lines \
              than `first` and still be followed by another.",
        wall: ASKED,
        arguments: &[
            ("from", "Date!", "The first day, in Tokyo."),
            ("until", "Date!", "The last day, in Tokyo."),
            ("withdrawn", "Boolean", "With the requests that the bank withdrew unanswered in that time."),
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "The `endCursor` of the page before."),
        ],
        answer: |call, ctx| Box::pin(of_period(call, ctx)),
    },
];

/// The types.
pub fn model(m: &mut Model) {
    m.choices("RequestStanding", RequestStanding::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "PartnerRequestConnection",
        "A page of requests, by bank, case and time of asking.",
        &[
            ("edges", "[PartnerRequestEdge!]!", ASKED, "The requests."),
            ("pageInfo", "PageInfo!", ASKED, "Where the page ends."),
        ],
    );
    m.object(
        "PartnerRequestEdge",
        "A request of a page.",
        &[("cursor", "String!", ASKED, "Of this line."), ("node", "PartnerRequest!", ASKED, "The request.")],
    );
    m.object(
        "PartnerRequest",
        "A request as it stood when the day or the period ended.",
        &[
            ("requestId", "ID!", ASKED, "Id of the request, as its message has it."),
            ("applicationId", "ID!", ASKED, "The application, `case_id` of the message."),
            ("number", "String!", ASKED, "Its case number."),
            ("bankCode", "String!", ASKED, "Bank code of the lender."),
            ("branch", "String!", ASKED, "Branch code."),
            ("contentVersion", "Int", ASKED, "Version of the content that was asked about."),
            ("askedAt", "DateTime!", ASKED, "When it was asked."),
            ("standing", "RequestStanding!", ASKED, "How it stood."),
            ("standingLabel", "Label!", ASKED, "The same in words."),
            ("requestedYen", "Yen", ASKED, "Yen asked for, where that content still stands."),
            ("answer", "Verb", ASKED, "The one effective answer."),
            ("answerLabel", "Label", ASKED, "The same in words."),
            ("answeredAt", "DateTime", ASKED, "When it was given."),
            (
                "businessDays",
                "Int",
                ASKED,
                "Business days of the bank's branch from the day of asking to that of the answer; 0: on the same day.",
            ),
            ("endedAt", "DateTime", ASKED, "When it ended without an answer."),
            ("later", "Verb", ASKED, "What the organisation said of its answer later, the latest."),
            ("laterLabel", "Label", ASKED, "The same in words."),
            ("laterAt", "DateTime", ASKED, "When."),
            ("guaranteeNumber", "String", ASKED, "Number that the answer gave."),
            ("guaranteedYen", "Yen", ASKED, "Yen that the answer covers."),
            ("validUntil", "Date", ASKED, "Last day of the answer."),
            ("conditions", "[String!]!", ASKED, "Conditions of the answer."),
        ],
    );
}

async fn of_day(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let day = date(&map, "on")?.ok_or_else(|| Fault::Input("on".to_owned()))?;
    let store = &call.counter.service.store;
    Ok(shape(call, store.requests_of_day(&call.scope(), day, text(&map, "after"), first_of(&map)?).await?))
}

async fn of_period(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let from = date(&map, "from")?.ok_or_else(|| Fault::Input("from".to_owned()))?;
    let until = date(&map, "until")?.filter(|until| from <= *until);
    let period = (from, until.ok_or_else(|| Fault::Input("until".to_owned()))?);
    let store = &call.counter.service.store;
    let withdrawn = map.get("withdrawn").and_then(Value::as_bool).unwrap_or_default();
    let (after, first) = (text(&map, "after"), first_of(&map)?);
    Ok(shape(call, store.answers_given(&call.scope(), period, withdrawn, after, first).await?))
}

fn shape(call: &Call, page: Page<RequestLine>) -> Shape {
    let edges =
        page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(request(call, item)))).collect();
    let end = page.next.clone().or_else(|| page.items.last().map(|item| item.cursor.clone()));
    let mut parts = connection(edges, page.next.as_deref());
    // A page without lines can have another one behind it.
    let info = json!({ "hasNextPage": page.next.is_some(), "endCursor": end });
    parts.insert("pageInfo", Shape::Json(info));
    Shape::Object(parts)
}

/// From the day of asking to that of the answer, as the ages of the other figures count: by the calendar of the case's branch.
fn business_days(call: &Call, item: &RequestLine) -> Option<i64> {
    let case = &item.case;
    let rules = call.counter.service.rules.of(&case.institution);
    let book = rules.books.get(&case.institution);
    let open = |day| book.map_or_else(|| is_bank_day(day), |book| book.is_business_day(day, &case.branch));
    let (asked, answered) = (tokyo_date(item.line.asked_at), tokyo_date(item.line.answered_at?));
    Some(business_days_between(asked, answered, open).max(0))
}

fn request(call: &Call, item: &RequestLine) -> Value {
    let (case, line) = (&item.case, &item.line);
    let words = |verb: Option<Verb>| verb.map(|verb| label(verb.ja(), verb.en()));
    let granted = line.granted.as_ref();
    json!({
        "requestId": line.request_id, "applicationId": case.id, "number": case.number, "bankCode": case.institution,
        "branch": case.branch, "contentVersion": line.content_version, "askedAt": line.asked_at,
        "standing": line.standing, "standingLabel": label(line.standing.ja(), line.standing.en()),
        "requestedYen": line.requested_yen, "answer": line.answer, "answerLabel": words(line.answer),
        "answeredAt": line.answered_at, "businessDays": business_days(call, item), "endedAt": line.ended_at, "later": line.later, "laterLabel": words(line.later), "laterAt": line.later_at,
        "guaranteeNumber": granted.map(|granted| &granted.decision.guarantee_number),
        "guaranteedYen": granted.map(|granted| granted.decision.amount_yen),
        "validUntil": granted.map(|granted| granted.valid_until),
        "conditions": granted.map(|granted| granted.conditions.clone()).unwrap_or_default(),
    })
}
