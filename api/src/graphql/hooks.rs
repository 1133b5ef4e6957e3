//! Outgoing webhooks: owners keep their endpoints themselves (decision 23).

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::hooks::{Again, Change, EndpointState, HookAnswer, HookLine, HookState, Kept, Keyed};
use notifications::signature::SigningKey;
use serde_json::{Map, Value, json};
use workflows::machine::Role;
use workflows::machine::hooks::{self as events, DisabledBy};

/// Who keeps endpoints: the bank's user administrators, and partners for their organisation.
pub const OWNERS: Wall = Wall::of(&[
    Role::UserAdmin,
    Role::MemberOrg,
    Role::Guarantor,
    Role::Insurer,
    Role::FireInsurer,
    Role::Scrivener,
    Role::Registry,
    Role::CoreBanking,
]);

const ID: (&str, &str, &str) = ("id", "ID!", "The endpoint.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "webhookEndpoints",
        ty: "[WebhookEndpoint!]",
        doc: "The endpoints of the caller's bank or organisation, with how they fare; at most 20.",
        wall: OWNERS,
        arguments: &[],
        answer: |call, _| Box::pin(endpoints(call)),
    },
    Root {
        name: "webhookEventTypes",
        ty: "[WebhookEventType!]",
        doc: "The event types that the caller may subscribe to.",
        wall: OWNERS,
        arguments: &[],
        answer: |call, _| Box::pin(async { Ok(types(call)) }),
    },
    Root {
        name: "webhookMessages",
        ty: "WebhookMessageConnection",
        doc: "Messages to an endpoint of the caller, the latest first. What was delivered is kept for 30 days.",
        wall: OWNERS,
        arguments: &[
            ID,
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
            ("state", "WebhookState", "Only those that stand so; PARKED are the dead letters."),
        ],
        answer: |call, ctx| Box::pin(messages(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "addWebhookEndpoint",
        ty: "WebhookEndpointKeyed",
        doc: "Makes an endpoint. It hears of what happens from now on; its secret is shown this once.",
        wall: OWNERS,
        arguments: &[
            ("url", "String!", "Address, https to a public host."),
            ("types", "[String!]!", "Event types, of webhookEventTypes."),
            ("description", "String", "What it is for, at most 200 characters."),
        ],
        answer: |call, ctx| Box::pin(add(call, ctx)),
    },
    Root {
        name: "changeWebhookEndpoint",
        ty: "WebhookEndpoint",
        doc: "Changes an endpoint of the caller, disables it or activates it. Activated, it goes on where it stopped.",
        wall: OWNERS,
        arguments: &[
            ID,
            ("url", "String", "Another address."),
            ("types", "[String!]", "Other event types."),
            ("description", "String", "Another description."),
            ("state", "WebhookEndpointState", "ACTIVE or DISABLED."),
        ],
        answer: |call, ctx| Box::pin(change(call, ctx)),
    },
    Root {
        name: "rotateWebhookSecret",
        ty: "WebhookEndpointKeyed",
        doc: "Gives an endpoint a new secret, shown this once; the old one signs beside it for a time.",
        wall: OWNERS,
        arguments: &[ID, ("overlapHours", "Int!", "Hours for which the old secret still signs, 0 to 168.")],
        answer: |call, ctx| Box::pin(rotate(call, ctx)),
    },
    Root {
        name: "testWebhookEndpoint",
        ty: "WebhookMessage",
        doc: "Sends a test event to an endpoint of the caller.",
        wall: OWNERS,
        arguments: &[ID],
        answer: |call, ctx| Box::pin(test(call, ctx)),
    },
    Root {
        name: "resendWebhooks",
        ty: "Int",
        doc: "Sends messages again under their ids, one or all from a number on (at most 1000); how many.",
        wall: OWNERS,
        arguments: &[
            ID,
            ("messageId", "ID", "This one."),
            ("fromSequence", "Int", "All from this number on. One of the two is given."),
        ],
        answer: |call, ctx| Box::pin(resend(call, ctx)),
    },
];

/// The types of endpoints and their messages.
pub fn model(m: &mut Model) {
    m.choices("WebhookEndpointState", EndpointState::ALL.iter().map(|s| (s.code(), s.ja(), s.en())));
    m.choices("WebhookDisabledBy", DisabledBy::ALL.iter().map(|s| (s.code(), s.ja(), s.en())));
    m.choices("WebhookState", HookState::ALL.iter().map(|s| (s.code(), s.ja(), s.en())));
    let all = OWNERS;
    m.object(
        "WebhookEventType",
        "A kind of event.",
        &[
            ("name", "String!", all, "Such as message.guarantee_request."),
            ("label", "Label!", all, "The same in words."),
        ],
    );
    m.object(
        "WebhookSecretMark",
        "A secret that signs, without the secret.",
        &[
            ("mark", "String!", all, "First eight digits of its SHA-256."),
            ("madeAt", "DateTime!", all, "When it was made."),
            ("endsAt", "DateTime", all, "From then on it signs no more."),
        ],
    );
    m.object(
        "WebhookEndpoint",
        "Where events are sent to.",
        &[
            ("id", "ID!", all, "Id."),
            ("url", "String!", all, "Address."),
            ("description", "String!", all, "What it is for."),
            ("types", "[String!]!", all, "Event types."),
            ("state", "WebhookEndpointState!", all, "Is anything sent?"),
            ("stateLabel", "Label!", all, "The same in words."),
            ("disabledBy", "WebhookDisabledBy", all, "Why nothing is sent."),
            ("disabledByLabel", "Label", all, "The same in words."),
            ("secrets", "[WebhookSecretMark!]!", all, "Its secrets, without the secrets."),
            ("failures", "Int!", all, "Failed attempts in a row."),
            ("failingSince", "DateTime", all, "When the first of them failed."),
            ("lastSuccessAt", "DateTime", all, "When something was last delivered."),
            ("sequence", "Int!", all, "Number of its latest event; 0 where there was none."),
        ],
    );
    m.object(
        "WebhookEndpointKeyed",
        "An endpoint with its new secret.",
        &[
            ("endpoint", "WebhookEndpoint!", all, "The endpoint."),
            (
                "secret",
                "String",
                all,
                "The secret (whsec_...). It is not shown again: a repeat of the request finds null.",
            ),
        ],
    );
    m.object(
        "WebhookMessage",
        "An event on its way to an endpoint.",
        &[
            ("id", "ID!", all, "The webhook-id, the same at every attempt."),
            ("sequence", "Int!", all, "Place among the events of the endpoint."),
            ("type", "String!", all, "Type of the event."),
            ("caseId", "ID", all, "The application; absent in a test event."),
            ("version", "Int!", all, "Version of the case that the event made."),
            ("occurredAt", "DateTime!", all, "When it happened."),
            ("state", "WebhookState!", all, "How it stands."),
            ("stateLabel", "Label!", all, "The same in words."),
            ("attempts", "Int!", all, "Attempts so far."),
            ("nextAt", "DateTime!", all, "When it is tried again, where it waits."),
            ("settledAt", "DateTime", all, "When it was delivered or given up."),
            ("error", "String", all, "How the last attempt failed."),
        ],
    );
    m.object(
        "WebhookMessageEdge",
        "A line of the list.",
        &[("cursor", "String!", all, "Its place."), ("node", "WebhookMessage!", all, "The message.")],
    );
    m.object(
        "WebhookMessageConnection",
        "A page of messages.",
        &[
            ("edges", "[WebhookMessageEdge!]!", all, "Its lines."),
            ("pageInfo", "PageInfo!", all, "Is there more?"),
        ],
    );
}

fn endpoint(kept: &Kept) -> Value {
    let (endpoint, health) = (&kept.endpoint, &kept.health);
    let secrets = endpoint.keys.iter();
    let secrets =
        secrets.map(|key| json!({ "mark": key.mark, "madeAt": key.made_at, "endsAt": key.ends_at }));
    json!({
        "id": endpoint.id, "url": endpoint.url, "description": endpoint.description, "types": endpoint.types,
        "state": endpoint.state, "stateLabel": label(endpoint.state.ja(), endpoint.state.en()),
        "disabledBy": endpoint.reason, "disabledByLabel": endpoint.reason.map(|by| label(by.ja(), by.en())),
        "secrets": secrets.collect::<Vec<_>>(), "failures": health.failures, "failingSince": health.failing_since,
        "lastSuccessAt": health.last_success_at, "sequence": health.sequence,
    })
}

fn keyed(call: &Call, keyed: &Keyed) -> Shape {
    let secret = SigningKey::Shared(keyed.secret.clone()).text();
    call.marks_ref().shows_once(&secret);
    Shape::Json(json!({ "endpoint": endpoint(&keyed.kept), "secret": secret }))
}

fn message(line: &HookLine) -> Value {
    let case = Some(&line.application_id).filter(|id| !id.is_empty());
    json!({
        "id": line.id, "sequence": line.sequence, "type": line.kind, "caseId": case, "version": line.version,
        "occurredAt": line.occurred_at, "state": line.state, "stateLabel": label(line.state.ja(), line.state.en()),
        "attempts": line.attempts, "nextAt": line.next_at, "settledAt": line.settled_at, "error": line.error,
    })
}

fn answered<T>(answer: HookAnswer<T>) -> Result<T, Fault> {
    match answer {
        HookAnswer::Done(done) => Ok(done),
        HookAnswer::Wrong(field, accepted) => Err(Fault::Input(format!("{field}: {accepted}"))),
        HookAnswer::NotFound => Err(Fault::NotFound),
        HookAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

async fn endpoints(call: &Call) -> Result<Shape, Fault> {
    let endpoints = call.counter.service.store.hook_endpoints(&call.scope()).await?;
    Ok(Shape::Json(endpoints.iter().map(endpoint).collect()))
}

fn types(call: &Call) -> Shape {
    let all = events::all(&call.counter.service.table);
    let own = all.iter().filter(|kind| kind.audience.admits(call.actor.role));
    Shape::Json(own.map(|kind| json!({ "name": kind.name, "label": label(&kind.ja, &kind.en) })).collect())
}

async fn messages(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, id) = (first_of(&map)?, text(&map, "id").unwrap_or_default());
    let state = text(&map, "state").and_then(HookState::parse);
    let store = &call.counter.service.store;
    let page = store.hook_lines(&call.scope(), id, state, text(&map, "after"), first).await?;
    let page = page.ok_or(Fault::NotFound)?;
    let cursor = |line: &HookLine| db::hooks::cursor_of(line);
    let edges = page.items.iter().map(|line| (cursor(line), Shape::Json(message(line))));
    Ok(Shape::Object(connection(edges.collect(), page.next.as_deref())))
}

/// An address that would never be called is refused when it is entered.
fn judged(call: &Call, url: &str) -> Result<(), Fault> {
    call.counter.service.hooks.outgoing.judge(url.trim()).map_err(|_| {
        Fault::Input(
            "url: https to a public host, without user and password / 公開ホストへの https のURL（利用者名・パスワードなし）"
                .to_owned(),
        )
    })
}

fn words(map: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let words = map.get(name)?.as_array()?.iter();
    Some(words.filter_map(Value::as_str).map(str::to_owned).collect())
}

async fn add(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let url = text(&map, "url").unwrap_or_default();
    judged(call, url)?;
    let new = (url, text(&map, "description").unwrap_or_default(), words(&map, "types").unwrap_or_default());
    let answer = call.counter.service.store.add_hook(&call.scope(), new, call.now).await?;
    Ok(keyed(call, &answered(answer)?))
}

async fn change(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    if let Some(url) = text(&map, "url") {
        judged(call, url)?;
    }
    let change = Change {
        url: text(&map, "url").map(str::to_owned),
        description: text(&map, "description").map(str::to_owned),
        types: words(&map, "types"),
        state: text(&map, "state").and_then(EndpointState::parse),
    };
    let id = text(&map, "id").unwrap_or_default();
    let answer = call.counter.service.store.change_hook(&call.scope(), id, change, call.now).await?;
    Ok(Shape::Json(endpoint(&answered(answer)?)))
}

async fn rotate(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let hours = map.get("overlapHours").and_then(Value::as_i64).unwrap_or(-1);
    let id = text(&map, "id").unwrap_or_default();
    let answer = call.counter.service.store.rotate_hook(&call.scope(), id, hours, call.now).await?;
    Ok(keyed(call, &answered(answer)?))
}

async fn test(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let answer = call.counter.service.store.test_hook(&call.scope(), id, call.now).await?;
    Ok(Shape::Json(message(&answered(answer)?)))
}

async fn resend(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let which = match (text(&map, "messageId"), map.get("fromSequence").and_then(Value::as_u64)) {
        (Some(message), None) => Again::One(message),
        (None, Some(sequence)) => Again::From(sequence),
        _ => {
            let accepted = "messageId or fromSequence (0 or more), one of the two / messageId か fromSequence のどちらか一方";
            return Err(Fault::Input(accepted.to_owned()));
        }
    };
    let id = text(&map, "id").unwrap_or_default();
    let answer = call.counter.service.store.resend_hooks(&call.scope(), id, &which, call.now).await?;
    Ok(Shape::Json(json!(answered(answer)?)))
}
