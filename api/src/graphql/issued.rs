//! The register of what was issued to people of the cases (帳票・台帳): the list over all cases, and the sheets of a print batch.

use super::application::label;
use super::desk::begins;
use super::execute::Call;
use super::fault::Fault;
use super::incidents::{bounce, named, recipient};
use super::letters::of_case;
use super::lists::{arguments, connection, date, first_of, text};
use super::model::Model;
use super::notices::bank_of;
use super::roots::Root;
use super::shape::Shape;
use super::wall::{INSIDE, STAFF};
use async_graphql::dynamic::ResolverContext;
use db::ledger::Delivery;
use db::read::{Issued, IssuedFilter, IssuedSheet};
use notifications::{Audience, Bank};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use workflows::machine::issued::{ByPost, DocumentNo, NoSheet, SHEETS_MOST, letter_behind};
use workflows::machine::letter_desk::address;
use workflows::machine::{Effect, NoticeId, Recipient};

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "issuedNotices",
        ty: "IssuedNoticeConnection",
        doc: "What was issued to people of all cases, the latest first: notices with their copies, channels and proofs.",
        wall: INSIDE,
        arguments: &[
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
            ("kind", "NoticeId", "Of this notice alone."),
            ("branch", "String", "Of this branch alone."),
            ("channel", "String", "INBOX or EMAIL."),
            ("number", "String", "Of the case with this number alone."),
            ("byPost", "ByPost", "What goes by letter, as it stands."),
            ("from", "Date", "Issued on this day or later, in Tokyo."),
            ("to", "Date", "Issued on this day or before, in Tokyo."),
        ],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
    Root {
        name: "noticeSheets",
        ty: "[NoticeSheet!]",
        doc: "What documents of the register say and where they go, to be printed together, in the order of the ids; those that are left \
              out say why. Nothing is sent or marked.",
        wall: STAFF,
        arguments: &[("ids", "[ID!]!", "The documents, at most 20.")],
        answer: |call, ctx| Box::pin(sheets(call, ctx)),
    },
];

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let given = |name: &str| text(&map, name).map(str::trim).filter(|text| !text.is_empty());
    let channel = given("channel").map(str::to_owned);
    if channel.as_deref().is_some_and(|channel| !matches!(channel, "INBOX" | "EMAIL")) {
        return Err(Fault::Input("channel: INBOX or EMAIL / INBOX または EMAIL".to_owned()));
    }
    let filter = IssuedFilter {
        kind: text(&map, "kind").and_then(NoticeId::parse).map(|kind| kind.code().to_owned()),
        branch: given("branch").map(str::to_owned),
        channel,
        number: given("number").map(str::to_owned),
        by_post: text(&map, "byPost").and_then(ByPost::parse),
        from: date(&map, "from")?.map(begins),
        before: date(&map, "to")?.and_then(|day| day.succ_opt()).map(begins),
    };
    let store = &call.counter.service.store;
    let page = store.issued(&call.scope(), &filter, text(&map, "after"), first_of(&map)?).await?;
    // To staff the list names applicants.
    for item in page.items.iter().filter(|_| STAFF.admits(&[call.actor.role])) {
        call.looked().at_of(call, &item.application_id, "NAME").await;
    }
    let edges = page.items.iter().map(|item| (item.delivery.cursor.clone(), Shape::Json(line(call, item))));
    Ok(Shape::Object(connection(edges.collect(), page.next.as_deref())))
}

fn line(call: &Call, item: &Issued) -> Value {
    let delivery = &item.delivery;
    let behind = NoticeId::parse(&delivery.kind).and_then(letter_behind);
    let offered = call.counter.service.letters.is_some();
    let by_post = delivery.paper.as_deref().and_then(ByPost::parse);
    let sent_at = delivery.settled_at.filter(|_| delivery.state == "DELIVERED");
    let (document, copy) = numbered(item);
    json!({
        "id": delivery.id, "document": document, "copy": copy, "replaces": delivery.replaces,
        "anew": item.anew, "anewLabel": item.anew.map(|reason| label(reason.ja(), reason.en())),
        "applicationId": item.application_id, "number": item.number, "applicantName": item.applicant_name,
        "branch": item.branch, "kind": delivery.kind, "kindLabel": named(&delivery.kind), "channel": delivery.channel,
        "recipient": recipient(Some(&delivery.address)), "state": delivery.state, "issuedAt": delivery.created_at,
        "sentAt": sent_at, "contentHash": proof(delivery), "bounce": bounce(delivery),
        "byPost": by_post, "byPostLabel": by_post.map(|state| label(state.ja(), state.en())),
        "letter": behind.map(|kind| of_case(offered, &item.application_id, kind)),
    })
}

/// The number of a document, and which copy of it a line is.
fn numbered(item: &Issued) -> (Option<String>, u32) {
    let place = DocumentNo::of(&item.delivery.id, &item.application_id);
    let document = item.number.as_deref().zip(place).map(|(number, place)| place.under(number));
    (document, place.map_or(0, |place| place.copy))
}

/// SHA-256 of what was said, where the ledger has it.
fn proof(delivery: &Delivery) -> Option<&str> {
    let delivered = delivery.tries.iter().rev().find(|one| one.ended == "DELIVERED");
    delivered.and_then(|one| one.hash.as_deref()).filter(|hash| !hash.is_empty())
}

async fn sheets(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let given = map.get("ids").and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<String> = given.filter_map(Value::as_str).map(str::to_owned).collect();
    if ids.is_empty() || ids.len() > SHEETS_MOST {
        return Err(Fault::Input(format!("ids: 1 to {SHEETS_MOST} / 1件以上{SHEETS_MOST}件以内")));
    }
    let found = call.counter.service.store.issued_sheets(&call.scope(), &ids).await?;
    let bank = bank_of(call);
    let (mut taken, mut shown) = (BTreeSet::new(), vec![]);
    for id in &ids {
        let at = found.iter().find(|sheet| sheet.issued.delivery.id == *id);
        let sheet = match at {
            None => left_out(id, None, NoSheet::Unknown),
            Some(sheet) => {
                let document = numbered(&sheet.issued).0.unwrap_or_else(|| id.clone());
                let whose = (document, sheet.issued.delivery.address.clone());
                match sheet_of(call, sheet, &bank) {
                    _ if taken.contains(&whose) => left_out(id, Some(&sheet.issued), NoSheet::Same),
                    Ok(shown) => {
                        taken.insert(whose);
                        shown
                    }
                    Err(why) => left_out(id, Some(&sheet.issued), why),
                }
            }
        };
        if let Some(sheet) = at.filter(|_| sheet["leftOut"].is_null()) {
            call.looked().at_of(call, &sheet.issued.application_id, "LETTER").await;
        }
        shown.push(sheet);
    }
    Ok(Shape::Json(Value::Array(shown)))
}

fn left_out(id: &str, item: Option<&Issued>, why: NoSheet) -> Value {
    let mut sheet = json!({
        "id": id, "copy": 0, "texts": [], "leftOut": why, "leftOutLabel": label(why.ja(), why.en()),
    });
    if let Some(item) = item {
        let (document, copy) = numbered(item);
        sheet["document"] = json!(document);
        sheet["copy"] = json!(copy);
        sheet["number"] = json!(item.number);
        sheet["kindLabel"] = named(&item.delivery.kind);
    }
    sheet
}

fn sheet_of(call: &Call, sheet: &IssuedSheet, bank: &Bank) -> Result<Value, NoSheet> {
    let (item, delivery) = (&sheet.issued, &sheet.issued.delivery);
    if sheet.erased {
        return Err(NoSheet::Erased);
    }
    if delivery.state == "CLOSED" {
        return Err(NoSheet::Closed);
    }
    let Some(Effect::Notify { notice, to: Recipient::Party { party_id }, data }) = &sheet.effect else {
        return Err(NoSheet::Unreadable);
    };
    let said = call.counter.service.notices.said(*notice, Audience::Party, data, bank);
    let said = said.map_err(|error| {
        tracing::warn!(notice = notice.code(), %error, "a sheet cannot be put into words");
        NoSheet::Unreadable
    })?;
    let hash = said.proof().hash;
    // The inbox has these very words; a mail says only that there is a notice.
    let as_sent = proof(delivery).filter(|_| delivery.channel == "INBOX").map(|sent| sent == hash);
    let person = sheet.case.as_ref().and_then(|case| case.form.party(party_id));
    let institution = sheet.case.as_ref().map(|case| &case.form.institution);
    let (document, copy) = numbered(item);
    Ok(json!({
        "id": delivery.id, "document": document, "copy": copy, "number": item.number, "kindLabel": named(&delivery.kind),
        "applicationId": item.application_id, "issuedAt": delivery.created_at,
        "postalCode": person.map(|party| party.address.postal_code.clone()),
        "address": person.map(address), "addressee": person.map(|party| party.name_kanji.clone()),
        "bankName": bank.name_ja, "branchName": institution.map(|at| at.branch_name.clone()),
        "texts": [
            { "language": "ja", "subject": said.subject_ja, "text": said.body_ja },
            { "language": "en", "subject": said.subject_en, "text": said.body_en },
        ],
        "contentHash": hash, "isAsSent": as_sent,
        "byPost": delivery.paper.as_deref().and_then(ByPost::parse),
        "leftOut": null, "leftOutLabel": null,
    }))
}

/// The types of the register.
pub fn types(m: &mut Model) {
    m.choices("ByPost", ByPost::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("NoSheet", NoSheet::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "IssuedNoticeConnection",
        "A page of the register of what was issued.",
        &[
            ("edges", "[IssuedNoticeEdge!]!", INSIDE, "The lines."),
            ("pageInfo", "PageInfo!", INSIDE, "Where the page ends."),
        ],
    );
    m.object(
        "IssuedNoticeEdge",
        "A line of a page.",
        &[("cursor", "String!", INSIDE, "Of this line."), ("node", "IssuedNotice!", INSIDE, "The line.")],
    );
    m.object(
        "IssuedNotice",
        "A document that was issued to a person of a case, on one channel.",
        &[
            ("id", "ID!", INSIDE, "Id of the parcel."),
            (
                "document",
                "String",
                INSIDE,
                "Number of the document, the same on every channel and of every copy; absent before the case has a number.",
            ),
            ("copy", "Int!", INSIDE, "0 for the first, n for the n-th that was sent anew."),
            ("replaces", "ID", INSIDE, "The first parcel, where this one was sent anew."),
            ("anew", "AnewReason", INSIDE, "Why it was sent anew; unknown of earlier versions."),
            ("anewLabel", "Label", INSIDE, "The same in words."),
            ("applicationId", "ID!", INSIDE, "The application."),
            ("number", "String", INSIDE, "Its case number."),
            ("applicantName", "String", STAFF, "Name of its applicant."),
            ("branch", "String!", INSIDE, "Branch code."),
            ("kind", "String!", INSIDE, "Code of the notice."),
            ("kindLabel", "Label", INSIDE, "The same in words."),
            ("channel", "String!", INSIDE, "INBOX or EMAIL."),
            ("recipient", "Label", INSIDE, "A person of the case, by the id in the form."),
            ("state", "String!", INSIDE, "WAITING, DELIVERED, PARKED or CLOSED."),
            ("issuedAt", "DateTime!", INSIDE, "When it was left."),
            ("sentAt", "DateTime", INSIDE, "When it was delivered."),
            ("contentHash", "String", INSIDE, "SHA-256 of what was said."),
            ("bounce", "String", INSIDE, "What the mail server said when the mail came back, such as 5.1.1."),
            ("byPost", "ByPost", INSIDE, "How it stands, where it goes by letter."),
            ("byPostLabel", "Label", INSIDE, "The same in words."),
            (
                "letter",
                "Letter",
                STAFF,
                "The letter as PDF that tells the same; it is made from the case as it stands, which may no longer have it.",
            ),
        ],
    );
    m.object(
        "NoticeSheet",
        "A document to be printed, or why it is left out.",
        &[
            ("id", "ID!", STAFF, "Id of the parcel, as it was asked for."),
            ("document", "String", STAFF, "Number of the document."),
            ("copy", "Int!", STAFF, "0 for the first, n for the n-th that was sent anew."),
            ("applicationId", "ID", STAFF, "The application."),
            ("number", "String", STAFF, "Its case number."),
            ("kindLabel", "Label", STAFF, "Which notice."),
            ("issuedAt", "DateTime", STAFF, "When it was left."),
            ("postalCode", "String", STAFF, "Postal code of the addressee, as the case has it now."),
            ("address", "String", STAFF, "Address of the addressee, as the case has it now."),
            ("addressee", "String", STAFF, "Name of the addressee."),
            ("bankName", "String", STAFF, "The bank."),
            ("branchName", "String", STAFF, "Its branch."),
            ("texts", "[NoticeText!]!", STAFF, "What it says, in each language."),
            ("contentHash", "String", STAFF, "SHA-256 of these words."),
            (
                "isAsSent",
                "Boolean",
                STAFF,
                "Are these the words that stand in the inbox? Absent where nothing was kept to compare with: a mail tells only that \
                 there is a notice.",
            ),
            ("byPost", "ByPost", STAFF, "How it stands, where it goes by letter."),
            ("leftOut", "NoSheet", STAFF, "Why it is left out."),
            ("leftOutLabel", "Label", STAFF, "The same in words."),
        ],
    );
}
