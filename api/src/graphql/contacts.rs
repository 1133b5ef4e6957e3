//! How people of a case are reached: their wishes and addresses, letters to be posted, advertisements, and the digests of desks.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::incidents::{named, recipient};
use super::lists::{arguments, connection, first_of, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use super::wall::{STAFF, Wall};
use async_graphql::dynamic::ResolverContext;
use db::contacts::{Contact, ContactAnswer, DirectAnswer, NewContact};
use db::digest::DigestDesk;
use db::paper::{LetterToPost, MOST_AT_ONCE};
use serde_json::{Map, Value, json};
use workflows::machine::contact::{AddressStanding, CODES_A_DAY, ContactChannel, ContactLanguage};
use workflows::machine::{Case, Role};

/// Who reads and sets how people are reached: the people themselves, and the desks that speak with them.
pub const SETS: Wall = Wall::of(&[
    Role::Applicant,
    Role::BranchClerk,
    Role::BranchManager,
    Role::ScreeningOfficer,
    Role::Operations,
]);
/// Who sends advertisements.
pub const ADVERTISES: Wall = Wall::of(&[Role::BranchManager]);

const OF: (&str, &str, &str) = ("applicationId", "ID!", "The application.");
const PARTY: (&str, &str, &str) =
    ("partyId", "String!", "The person, by the id in the form; applicants name themselves.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "contacts",
        ty: "[Contact!]",
        doc: "How each person of an application is reached; an applicant sees the own line.",
        wall: SETS,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
    Root {
        name: "lettersToPost",
        ty: "LetterToPostConnection",
        doc: "Notices that are to be posted because neither a mail nor an inbox reaches the person, the oldest first.",
        wall: STAFF,
        arguments: &[
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
            ("branch", "String", "Of this branch alone."),
        ],
        answer: |call, ctx| Box::pin(letters(call, ctx)),
    },
    Root {
        name: "digestDesks",
        ty: "[DigestDesk!]",
        doc: "Desks that get their mails together, at noon and at five of a bank day.",
        wall: STAFF,
        arguments: &[],
        answer: |call, _| Box::pin(desks(call)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "setContact",
        ty: "Contact",
        doc: "Notes how a person wishes to be told. A new mail address is used once it is confirmed: a code is mailed to it.",
        wall: SETS,
        arguments: &[
            OF,
            PARTY,
            ("channel", "ContactChannel!", "The channel."),
            ("language", "ContactLanguage!", "Language of mails."),
            ("mail", "String", "Mail address; without it none is known."),
        ],
        answer: |call, ctx| Box::pin(set(call, ctx)),
    },
    Root {
        name: "confirmContact",
        ty: "Contact",
        doc: "Confirms a mail address by the eight digits that were mailed to it.",
        wall: SETS,
        arguments: &[OF, PARTY, ("code", "String!", "The code of the mail.")],
        answer: |call, ctx| Box::pin(confirm(call, ctx)),
    },
    Root {
        name: "markPosted",
        ty: "[ID!]",
        doc: "Notes that letters were posted; the ids of those that waited for it.",
        wall: STAFF,
        arguments: &[("ids", "[ID!]!", "The letters, at most 100.")],
        answer: |call, ctx| Box::pin(posted(call, ctx)),
    },
    Root {
        name: "sendDirectMail",
        ty: "ID",
        doc: "Sends the applicant an advertisement (D-11): with the consent to direct mail, judged again when it leaves, and to a \
              confirmed address. A notice of the case is none.",
        wall: ADVERTISES,
        arguments: &[
            OF,
            ("title", "String!", "One line, at most 80 characters."),
            ("text", "String!", "At most 4000 characters."),
        ],
        answer: |call, ctx| Box::pin(advertise(call, ctx)),
    },
    Root {
        name: "setDeskDigest",
        ty: "[DigestDesk!]",
        doc: "Says whether the caller's desk at a branch gets its mails together, at noon and at five of a bank day. What is urgent, an \
              exception or due today leaves at once all the same.",
        wall: STAFF,
        arguments: &[
            ("branch", "String!", "Branch code."),
            ("on", "Boolean!", "Together, or each by itself."),
        ],
        answer: |call, ctx| Box::pin(digest(call, ctx)),
    },
];

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let found = call.counter.service.store.contacts(&call.scope(), id).await?;
    let (case, contacts) = found.ok_or(Fault::NotFound)?;
    let shown = contacts.iter().map(|contact| shown(&case, contact));
    Ok(Shape::Json(shown.collect()))
}

fn shown(case: &Case, contact: &Contact) -> Value {
    let person = case.form.party(&contact.party_id);
    json!({
        "partyId": contact.party_id, "name": person.map(|party| party.name_kanji.clone()),
        "channel": contact.channel, "channelLabel": label(contact.channel.ja(), contact.channel.en()),
        "language": contact.language, "languageLabel": label(contact.language.ja(), contact.language.en()),
        "mail": contact.mail, "standing": contact.standing,
        "standingLabel": label(contact.standing.ja(), contact.standing.en()), "confirmedAt": contact.confirmed_at,
        "bouncedAt": contact.bounced_at, "bounce": contact.bounce, "changedAt": contact.changed_at,
    })
}

async fn answer(call: &Call, id: &str, answer: ContactAnswer) -> Result<Shape, Fault> {
    let said = |words: String| Err(Fault::Input(words));
    match answer {
        ContactAnswer::Done(contact) => {
            let case = call.counter.service.store.case(&call.scope(), id).await?.ok_or(Fault::NotFound)?;
            call.looked().at_of(call, id, "CONTACT").await;
            Ok(Shape::Json(shown(&case, &contact)))
        }
        ContactAnswer::NotFound => Err(Fault::NotFound),
        ContactAnswer::NoMail => said(
            "mail: needed where mails are wished for, such as name@host.example / 電子メールを選んだ場合はメールアドレスが必要です".to_owned(),
        ),
        ContactAnswer::TooManyCodes => said(format!(
            "mail: at most {CODES_A_DAY} codes a day / 確認番号の送信は1日{CODES_A_DAY}回までです"
        )),
        ContactAnswer::Code(refusal) => said(format!("code: {}: {} / {}", refusal.code(), refusal.en(), refusal.ja())),
    }
}

async fn set(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let mail = text(&map, "mail").map(str::trim).filter(|text| !text.is_empty());
    if mail.is_some_and(|text| text.len() > 254 || !notifications::address::is_address(text)) {
        let accepted = "mail: an address such as name@host.example / name@host.example の形のメールアドレス";
        return Err(Fault::Input(accepted.to_owned()));
    }
    let (channel, language) = (
        text(&map, "channel").and_then(ContactChannel::parse).ok_or(Fault::NotFound)?,
        text(&map, "language").and_then(ContactLanguage::parse).ok_or(Fault::NotFound)?,
    );
    let id = text(&map, "applicationId").unwrap_or_default();
    let party_id = text(&map, "partyId").unwrap_or_default();
    let new = NewContact { party_id, channel, language, mail };
    let done = call.counter.service.store.set_contact(&call.scope(), id, new, call.now).await?;
    answer(call, id, done).await
}

async fn confirm(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let given = (text(&map, "partyId").unwrap_or_default(), text(&map, "code").unwrap_or_default());
    let done = call.counter.service.store.confirm_contact(&call.scope(), id, given, call.now).await?;
    answer(call, id, done).await
}

async fn letters(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (branch, after) = (text(&map, "branch"), text(&map, "after"));
    let store = &call.counter.service.store;
    let page = store.letters_to_post(&call.scope(), branch, after, first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(letter(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn letter(item: &LetterToPost) -> Value {
    json!({
        "id": item.id, "applicationId": item.application_id, "number": item.number, "branch": item.branch,
        "kind": item.kind, "kindLabel": named(&item.kind), "recipient": recipient(Some(&item.address)),
        "bounce": item.bounce, "since": item.since,
    })
}

async fn posted(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let ids = ids_of(&map);
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(Fault::Input(format!("ids: 1 to {MOST_AT_ONCE} / 1件以上{MOST_AT_ONCE}件以内")));
    }
    let done = call.counter.service.store.mark_posted(&call.scope(), &ids, call.now).await?;
    Ok(Shape::Json(json!(done)))
}

fn ids_of(map: &Map<String, Value>) -> Vec<String> {
    let ids = map.get("ids").and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn advertise(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let words = (text(&map, "title").unwrap_or_default(), text(&map, "text").unwrap_or_default());
    let said = |words: String| Err(Fault::Input(words));
    match call.counter.service.store.send_direct_mail(&call.scope(), id, words, call.now).await? {
        DirectAnswer::Left(parcel) => Ok(Shape::Json(json!(parcel))),
        DirectAnswer::NotFound => Err(Fault::NotFound),
        DirectAnswer::NoConsent => said(
            "applicationId: D-11: the applicant has not agreed to direct mail, or no longer does / D-11: ダイレクトメールへの同意がありません".to_owned(),
        ),
        DirectAnswer::NoAddress => said(
            "applicationId: a confirmed address of somebody who wishes mails / 電子メールを希望し、アドレスを確認済みの方に限ります".to_owned(),
        ),
        DirectAnswer::Wrong(field, accepted) => said(format!("{field}: D-11: {accepted}")),
    }
}

async fn desks(call: &Call) -> Result<Shape, Fault> {
    let desks = call.counter.service.store.digest_desks(&call.scope()).await?;
    Ok(Shape::Json(desks.iter().map(|desk| shown_desk(call, desk)).collect()))
}

fn shown_desk(call: &Call, desk: &DigestDesk) -> Value {
    json!({
        "branch": desk.branch, "role": desk.role, "roleLabel": label(desk.role.ja(), desk.role.en()),
        "setBy": desk.set_by, "setAt": desk.set_at, "isMine": desk.role == call.actor.role,
    })
}

async fn digest(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let branch = text(&map, "branch").unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if branch.is_empty() || branch.len() > 16 || !branch.chars().all(plain) {
        return Err(Fault::Input("branch: a code such as 001 / 001 のような店番".to_owned()));
    }
    let on = map.get("on").and_then(Value::as_bool).unwrap_or_default();
    if !call.counter.service.store.set_digest(&call.scope(), branch, on, call.now).await? {
        return Err(Fault::NotFound);
    }
    desks(call).await
}

/// The types of all this.
pub fn types(m: &mut Model) {
    m.choices("ContactChannel", ContactChannel::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("ContactLanguage", ContactLanguage::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("AddressStanding", AddressStanding::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "Contact",
        "How a person of an application is reached.",
        &[
            ("partyId", "String!", SETS, "The person, by the id in the form."),
            ("name", "String", SETS, "Name."),
            ("channel", "ContactChannel!", SETS, "How the person wishes to be told."),
            ("channelLabel", "Label!", SETS, "The same in words."),
            ("language", "ContactLanguage!", SETS, "Language of mails."),
            ("languageLabel", "Label!", SETS, "The same in words."),
            ("mail", "String", SETS, "Mail address."),
            ("standing", "AddressStanding!", SETS, "How the address stands."),
            ("standingLabel", "Label!", SETS, "The same in words."),
            ("confirmedAt", "DateTime", SETS, "When it was confirmed."),
            ("bouncedAt", "DateTime", SETS, "When a mail came back."),
            ("bounce", "String", SETS, "What the mail server said, such as 5.1.1."),
            (
                "changedAt",
                "DateTime",
                SETS,
                "When the wish was noted; absent where nobody has said anything.",
            ),
        ],
    );
    m.object(
        "LetterToPostConnection",
        "A page of letters to be posted.",
        &[
            ("edges", "[LetterToPostEdge!]!", STAFF, "The letters."),
            ("pageInfo", "PageInfo!", STAFF, "Where the page ends."),
        ],
    );
    m.object(
        "LetterToPostEdge",
        "A letter of a page.",
        &[("cursor", "String!", STAFF, "Of this line."), ("node", "LetterToPost!", STAFF, "The letter.")],
    );
    m.object(
        "LetterToPost",
        "A notice that is to be posted.",
        &[
            ("id", "ID!", STAFF, "Id of the parcel."),
            ("applicationId", "ID!", STAFF, "The application."),
            ("number", "String", STAFF, "Its case number."),
            ("branch", "String!", STAFF, "Branch code."),
            ("kind", "String!", STAFF, "Code of the notice."),
            ("kindLabel", "Label", STAFF, "The same in words."),
            ("recipient", "Label", STAFF, "A person of the case, by the id in the form."),
            ("bounce", "String", STAFF, "What the mail server said, where a mail came back."),
            ("since", "DateTime!", STAFF, "Since when."),
        ],
    );
    m.object(
        "DigestDesk",
        "A desk that gets its mails together.",
        &[
            ("branch", "String!", STAFF, "Branch code."),
            ("role", "Role!", STAFF, "The desk's role."),
            ("roleLabel", "Label!", STAFF, "The same in words."),
            ("setBy", "String!", STAFF, "Who set it."),
            ("setAt", "DateTime!", STAFF, "When."),
            ("isMine", "Boolean!", STAFF, "The caller's own desk."),
        ],
    );
}
