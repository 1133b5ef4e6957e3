//! How long cases are kept (L.2), and what the bank holds on one person, for that person (L-PRIV).

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::model::Model;
use super::reads::case_for;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::audit::Look;
use db::contacts::Contact;
use db::vault::SurveyLine;
use serde_json::{Value, json};
use workflows::calendar::tokyo_date;
use workflows::disclosure::{Item, Section, disclose};
use workflows::machine::Role;

/// Who answers for keeping, erasing and disclosing.
pub const WALL: Wall = Wall::of(&[Role::Compliance]);
/// The purpose under which a disclosure is on record.
const PURPOSE: &str = "DISCLOSURE";

/// `retention`: the cases of the bank that are over.
pub async fn retention(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (store, today) = (&call.counter.service.store, tokyo_date(call.now));
    let page = store.survey(&call.scope(), today, text(&map, "after"), first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(line(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn line(line: &SurveyLine) -> Value {
    json!({
        "applicationId": line.id, "number": line.number, "branch": line.branch, "stage": line.stage,
        "standing": line.standing.code(), "endedOn": line.ended_on, "class": line.class.map(|class| class.code()),
        "classLabel": line.class.map(|class| label(class.ja(), class.en())), "keptUntil": line.kept_until,
        "held": line.legal_hold.is_some(), "inClear": line.in_clear,
    })
}

/// `disclosure`. Errors: no purpose, or another; no such person.
pub async fn disclosure(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    if text(&map, "purpose") != Some(PURPOSE) {
        let told =
            "purpose: L-PRIV: accepted: DISCLOSURE. / 開示請求への対応（DISCLOSURE）以外には利用できません。";
        return Err(Fault::Input(told.to_owned()));
    }
    let case = case_for(call, ctx).await?;
    let person = text(&map, "partyId").unwrap_or_default();
    if case.form.party(person).is_none() {
        return Err(Fault::NotFound);
    }
    let store = &call.counter.service.store;
    // Where this cannot be written, nothing is read.
    let look = Look {
        institution: case.institution.clone(),
        applications: vec![case.id.clone()],
        kinds: vec![format!("DISCLOSURE:{person}")],
        purpose: PURPOSE.to_owned(),
        request: uuid::Uuid::now_v7().to_string(),
        emergency: None,
    };
    store.record_looks(&call.actor, &[look], call.now).await?;
    let notices = store.shown_to(&call.scope(), &case, person).await?;
    let mut given = disclose(&case, person, &notices, tokyo_date(call.now)).ok_or(Fault::NotFound)?;
    let contacts = store.contacts(&call.scope(), &case.id).await?.map(|(_, contacts)| contacts);
    let contact = contacts.into_iter().flatten().find(|contact| contact.party_id == person);
    given.sections.extend(contact.filter(|contact| contact.changed_at.is_some()).map(reached));
    let sections: Vec<Value> = given.sections.iter().map(section).collect();
    let withheld: Vec<Value> = given.withheld.iter().map(|held| label(held.ja, held.en)).collect();
    Ok(Shape::Json(json!({
        "number": given.number, "partyId": given.party_id, "asOf": given.as_of, "sections": sections,
        "withheld": withheld, "text": given.text(),
    })))
}

/// How the person is reached, which stands beside the case.
fn reached(contact: Contact) -> Section {
    let item =
        |ja: &str, en: &str, value: String| Item { label_ja: ja.to_owned(), label_en: en.to_owned(), value };
    let both = |ja: &str, en: &str| format!("{ja} / {en}");
    let mut items = vec![
        item("受け取り方", "Channel", both(contact.channel.ja(), contact.channel.en())),
        item("メールの言語", "Language of mails", both(contact.language.ja(), contact.language.en())),
        item("アドレスの状態", "Standing of the address", both(contact.standing.ja(), contact.standing.en())),
    ];
    items.extend(contact.mail.map(|mail| item("メールアドレス", "Mail address", mail)));
    Section { title_ja: "ご連絡の方法", title_en: "How you are reached", items }
}

fn section(section: &Section) -> Value {
    let items = section
        .items
        .iter()
        .map(|item| json!({ "label": label(&item.label_ja, &item.label_en), "value": item.value }));
    json!({ "title": label(section.title_ja, section.title_en), "items": items.collect::<Vec<_>>() })
}

/// The types of both.
pub fn types(m: &mut Model) {
    m.object(
        "LegalHold",
        "Why nothing of a case is erased (L.2).",
        &[
            ("reason", "String!", super::wall::INSIDE, "Why."),
            ("by", "String!", super::wall::INSIDE, "Who placed it."),
            ("since", "Date!", super::wall::INSIDE, "Since when."),
        ],
    );
    m.object(
        "Erasure",
        "That the content of a case was erased (L.2).",
        &[
            ("on", "Date!", super::wall::INSIDE, "When."),
            ("class", "String!", super::wall::INSIDE, "Retention class."),
            ("classLabel", "Label!", super::wall::INSIDE, "The same in words."),
            ("keptUntil", "Date!", super::wall::INSIDE, "Last day on which it had to be kept."),
            ("proposedBy", "String!", super::wall::INSIDE, "Who proposed it."),
            ("approvedBy", "String!", super::wall::INSIDE, "Who approved it."),
        ],
    );
    m.object(
        "RetentionLine",
        "A case that is over, and how long it is kept (L.2).",
        &[
            ("applicationId", "ID!", WALL, "The application."),
            ("number", "String!", WALL, "Case number."),
            ("branch", "String!", WALL, "Branch code."),
            ("stage", "Stage!", WALL, "How it ended."),
            (
                "standing",
                "String!",
                WALL,
                "NOT_YET, HELD, DUE, RELEASED, ERASED, or END_UNKNOWN for cases of an earlier version.",
            ),
            ("endedOn", "Date", WALL, "When it ended."),
            ("class", "String", WALL, "The class that keeps it longest."),
            ("classLabel", "Label", WALL, "The same in words."),
            ("keptUntil", "Date", WALL, "Last day on which it must be kept."),
            ("held", "Boolean!", WALL, "A legal hold stands."),
            (
                "inClear",
                "Boolean!",
                WALL,
                "Written in part by a version that sealed nothing: it is not erased.",
            ),
        ],
    );
    m.object(
        "RetentionConnection",
        "A page.",
        &[
            ("edges", "[RetentionEdge!]!", WALL, "Lines."),
            ("pageInfo", "PageInfo!", WALL, "Where the page ends."),
        ],
    );
    m.object(
        "RetentionEdge",
        "A line.",
        &[("cursor", "String!", WALL, "Of this line."), ("node", "RetentionLine!", WALL, "The case.")],
    );
    m.object(
        "Disclosure",
        "What the bank holds on one person of a case (L-PRIV).",
        &[
            ("number", "String!", WALL, "Case number."),
            ("partyId", "String!", WALL, "The person."),
            ("asOf", "Date!", WALL, "When it was made."),
            ("sections", "[DisclosureSection!]!", WALL, "What is held."),
            ("withheld", "[Label!]!", WALL, "What is not disclosed, and why."),
            ("text", "String!", WALL, "The same as a text in Japanese, for the person."),
        ],
    );
    m.object(
        "DisclosureSection",
        "Lines of one kind.",
        &[("title", "Label!", WALL, "Of what."), ("items", "[DisclosureItem!]!", WALL, "The lines.")],
    );
    m.object(
        "DisclosureItem",
        "A line.",
        &[("label", "Label!", WALL, "What it is."), ("value", "String!", WALL, "What is held.")],
    );
}
