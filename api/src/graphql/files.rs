//! Files of an application: the list of its papers with what came for each, links to files, and uploads under way.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::reads::case_for;
use super::roots::{OF, Root};
use super::shape::Shape;
use super::wall::{self, Wall};
use async_graphql::dynamic::ResolverContext;
use chrono::{DateTime, Utc};
use db::Scope;
use db::uploads::Upload;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use workflows::intake::Paper;
use workflows::machine::papers::{AttachedFile, PaperLine, checklist, is_health, opens};
use workflows::machine::{Case, Context, Role};

/// Who sees the list of papers: those inside, those whose papers they are, and partners for the papers that they open.
pub const PAPERS: Wall = wall::INSIDE_AND_CUSTOMER.and(&[
    Role::Guarantor,
    Role::Insurer,
    Role::Scrivener,
    Role::MemberOrg,
    Role::FireInsurer,
]);
/// Who opens files at all.
const OPENING: Wall = wall::STAFF_AND_CUSTOMER.and(&[
    Role::Guarantor,
    Role::Insurer,
    Role::Scrivener,
    Role::MemberOrg,
    Role::FireInsurer,
]);
/// Who sends files, and who sees what became of them.
pub const SENDING: Wall =
    wall::STAFF_AND_CUSTOMER.and(&[Role::Scrivener, Role::MemberOrg, Role::FireInsurer]);

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "paperLink",
        ty: "PaperLink",
        doc: "A link that opens one file for the caller alone and for some minutes. Opening it is recorded.",
        wall: OPENING,
        arguments: &[OF, ("fileId", "ID!", "The file.")],
        answer: |call, ctx| Box::pin(link(call, ctx)),
    },
    Root {
        name: "uploads",
        ty: "[PaperUpload!]",
        doc: "Files on their way into an application and what became of them, the latest first: all for staff, one's own for others.",
        wall: SENDING,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(uploads(call, ctx)),
    },
];

/// What a link grants: one file, to one person or one organisation in one role, until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileGrant {
    role: Role,
    /// The person, or the organisation of a partner.
    whom: String,
    until: DateTime<Utc>,
    /// The access in emergency by which the file was seen (L-91).
    emergency: Option<String>,
}

fn whom(scope: &Scope) -> String {
    let actor = scope.actor();
    let partner = actor.organisation.clone().filter(|_| actor.role.is_partner());
    partner.map_or_else(
        || format!("subject {}", actor.subject),
        |organisation| format!("organisation {organisation}"),
    )
}

/// Does the link still open the file to this caller?
pub fn is_granted(grant: &FileGrant, scope: &Scope, attached: &AttachedFile, now: DateTime<Utc>) -> bool {
    let actor = scope.actor();
    grant.role == actor.role
        && grant.whom == whom(scope)
        && now < grant.until
        && grant.emergency.as_deref() == scope.emergency().map(|(_, access)| access)
        && opens(actor.role, attached.file.paper)
}

/// `paperLink`.
async fn link(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let service = &call.counter.service;
    let documents = service.documents.as_ref().ok_or(Fault::NotFound)?;
    if !service.store.opens_papers(&call.scope(), &case).await? {
        return Err(Fault::NotFound);
    }
    let map = arguments(ctx)?;
    let id = text(&map, "fileId").unwrap_or_default();
    let role = call.actor.role;
    let attached =
        case.files.iter().find(|attached| attached.file.id == id && opens(role, attached.file.paper));
    let attached = attached.ok_or(Fault::NotFound)?;
    let scope = call.scope();
    let until = call.now + documents.rules.link;
    let emergency = scope.emergency().map(|(_, access)| access.to_owned());
    let grant = FileGrant { role, whom: whom(&scope), until, emergency };
    let drawer = service.store.drawer(&case).await?.ok_or(Fault::NotFound)?;
    let ticket = drawer.ticket(&attached.file.id, &grant)?;
    let url = format!("/documents/{}/{}?as={role}&link={ticket}", case.id, attached.file.id);
    Ok(Shape::Json(json!({ "url": url, "expiresAt": until })))
}

/// `uploads`.
async fn uploads(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let found = call.counter.service.store.uploads_of(&call.scope(), &case).await?;
    let seen = found
        .iter()
        .filter(|upload| upload.subject == call.actor.subject || !is_health(upload.announced.paper));
    Ok(Shape::Json(seen.map(shown_upload).collect()))
}

fn shown_upload(upload: &Upload) -> Value {
    let said = &upload.announced;
    json!({
        "id": upload.id, "state": upload.state, "stateLabel": label(upload.state.ja(), upload.state.en()),
        "paper": said.paper, "paperLabel": paper_label(said.paper), "partyId": said.party_id, "name": said.name,
        "bytes": upload.bytes, "received": upload.received, "reason": upload.reason,
        "reasonLabel": upload.reason.as_deref().map(reason_label), "by": upload.subject, "role": upload.role,
        "begunAt": upload.begun_at, "endsAt": upload.ends_at,
    })
}

/// What was found, or what is waited for, in words.
fn reason_label(reason: &str) -> Value {
    use crate::documents::desk::SCANNER_AWAY;
    match crate::documents::sniff::Fault::parse(reason) {
        Some(fault) => label(fault.ja(), fault.en()),
        None if reason == SCANNER_AWAY => {
            label("ウイルス検査を待っています", "Waits for the malware scanner")
        }
        None => label("保管処理を待っています", "Waits for the store of documents"),
    }
}

fn paper_label(paper: Paper) -> Value {
    label(paper.ja(), paper.code())
}

/// `Application.papers`: the list as the role sees it.
pub fn papers(case: &Case, ctx: &Context<'_>) -> Value {
    let role = ctx.actor.role;
    let all = checklist(case, ctx.rules).unwrap_or_default();
    let whole = wall::INSIDE_AND_CUSTOMER.admits(&[role]);
    let seen = all.iter().filter(|line| whole || opens(role, line.requirement.paper));
    seen.map(|line| shown_line(line, role)).collect()
}

fn shown_line(line: &PaperLine<'_>, role: Role) -> Value {
    let wanted = &line.requirement;
    json!({
        "key": wanted.key(), "paper": wanted.paper, "paperLabel": paper_label(wanted.paper),
        "partyId": wanted.party_id, "propertyNo": wanted.property_no, "loanNo": wanted.loan_no,
        "stage": line.stage, "stageLabel": label(line.stage.ja(), line.stage.en()),
        "state": line.state, "stateLabel": label(line.state.ja(), line.state.en()),
        "files": line.files.iter().map(|attached| shown_file(attached, role)).collect::<Vec<_>>(),
    })
}

/// A file. What it says of somebody's health is for the insurer: others see that it came and no more (L-93).
fn shown_file(attached: &AttachedFile, role: Role) -> Value {
    let (file, state) = (&attached.file, attached.state());
    let opened = opens(role, file.paper);
    let inside = wall::INSIDE.admits(&[role]);
    let content = opened || (inside && !is_health(file.paper));
    let check = attached.check.as_ref();
    let fault = check.and_then(|check| check.fault);
    json!({
        "id": file.id, "state": state, "stateLabel": label(state.ja(), state.en()), "opens": opened,
        "mediaType": content.then_some(file.media_type), "bytes": content.then_some(file.bytes),
        "sha256": content.then_some(&file.sha256), "name": content.then_some(&file.name),
        "issuedOn": file.issued_on, "receivedAt": attached.at, "scanned": file.scanned,
        "by": inside.then_some(&file.by), "role": file.role, "replacedBy": attached.replaced_by,
        "fault": fault, "faultLabel": fault.map(|fault| label(fault.ja(), fault.en())),
        "note": check.filter(|_| inside).and_then(|check| check.note.as_ref()),
        "checkedBy": check.filter(|_| inside).map(|check| &check.by), "checkedOn": check.map(|check| check.on),
    })
}
