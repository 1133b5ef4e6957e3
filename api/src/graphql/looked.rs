//! The read log (L-91): who looks at which personal data of which case, what for. Fields and roots name the kind of data that they
//! show; what an operation showed is written down in one statement before its answer is sent.

use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use chrono::{DateTime, Utc};
use db::audit::{Look, LookLine, LookedAt};
use db::{Scope, Store};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use workflows::machine::{Actor, Role};

/// Who reads the read log.
pub const WATCHERS: Wall = Wall::of(&[Role::Auditor, Role::Compliance]);

/// What somebody looks for. Each role has one for its ordinary work; the header `Yushi-Purpose` states another.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Intake,
    Screening,
    Disbursement,
    Compliance,
    Audit,
    /// The work of a partner on its part of the case.
    Partner,
    /// A question of the customer.
    Enquiry,
}

impl Purpose {
    const ALL: [Purpose; 7] = [
        Purpose::Intake,
        Purpose::Screening,
        Purpose::Disbursement,
        Purpose::Compliance,
        Purpose::Audit,
        Purpose::Partner,
        Purpose::Enquiry,
    ];

    /// The code that the log keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::Intake => "INTAKE",
            Purpose::Screening => "SCREENING",
            Purpose::Disbursement => "DISBURSEMENT",
            Purpose::Compliance => "COMPLIANCE",
            Purpose::Audit => "AUDIT",
            Purpose::Partner => "PARTNER",
            Purpose::Enquiry => "ENQUIRY",
        }
    }

    /// A stated purpose. Errors: the codes that there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let codes = || Self::ALL.map(Purpose::code).join(", ");
        Self::ALL.into_iter().find(|purpose| purpose.code() == text).ok_or_else(codes)
    }

    const fn of(role: Role) -> Self {
        match role {
            Role::BranchClerk | Role::Importer | Role::Applicant | Role::CoObligor => Purpose::Intake,
            Role::BranchManager | Role::ScreeningOfficer => Purpose::Screening,
            Role::Operations => Purpose::Disbursement,
            Role::Compliance => Purpose::Compliance,
            Role::Auditor => Purpose::Audit,
            _ => Purpose::Partner,
        }
    }
}

/// The kind of personal data in a field of an application; `None`: it tells how the work stands, not who somebody is.
pub fn kind_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "applicantName" | "applicantKana" => "NAME",
        "content" | "defects" | "proposals" | "legalHold" => "CONTENT",
        "consents" => "CONSENTS",
        "guarantees" | "guaranteeQuestions" | "grounds" | "arrears" => "SCREENING",
        "covers" | "insuranceExceptions" | "deceased" => "INSURANCE",
        "approval" | "bridge" | "contract" | "frozen" | "costs" | "payoff" | "postings" | "drawingTerms"
        | "collection" | "extension" | "payees" | "servicingNumber" | "valuationYen" => "MONEY",
        "registerReading" | "filingFacts" | "papers" => "PAPERS",
        _ => return None,
    })
}

/// The same for a field at the root.
pub fn kind_of_root(root: &str) -> Option<&'static str> {
    Some(match root {
        "quote" | "guaranteeRefund" | "costEstimate" => "MONEY",
        "timeline" | "deliveries" => "HISTORY",
        "memos" | "reviewMemos" => "MEMOS",
        "contacts" => "CONTACT",
        "registrationApplication" | "transferFile" | "uploads" | "registrationDesk" => "PAPERS",
        _ => return None,
    })
}

/// Cases by bank, each with the kinds of data that were shown.
type Cases = BTreeMap<String, BTreeMap<String, BTreeSet<&'static str>>>;

/// What an operation has shown so far.
#[derive(Debug)]
pub struct Looked {
    actor: Actor,
    purpose: Purpose,
    request: String,
    /// A person's own application is no look at somebody else's data.
    own: bool,
    /// The access in emergency by which the case is seen.
    emergency: Option<String>,
    cases: Mutex<Cases>,
}

impl Looked {
    /// Nothing yet, for the ordinary purpose of the role.
    pub fn by(scope: &Scope) -> Self {
        let actor = scope.actor();
        let own = matches!(actor.role, Role::Applicant | Role::CoObligor) && actor.organisation.is_none();
        Looked {
            actor: actor.clone(),
            purpose: Purpose::of(actor.role),
            request: uuid::Uuid::now_v7().to_string(),
            own,
            emergency: scope.emergency().map(|(_, access)| access.to_owned()),
            cases: Mutex::default(),
        }
    }

    /// Nothing yet, for a stated purpose.
    pub fn for_purpose(scope: &Scope, purpose: Purpose) -> Self {
        Looked { purpose, ..Looked::by(scope) }
    }

    /// Data of this kind of a case stands in the answer.
    pub fn at(&self, institution: &str, id: &str, kind: &'static str) {
        if self.own {
            return;
        }
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let cases = cases.entry(institution.to_owned()).or_default();
        match cases.get_mut(id) {
            Some(kinds) => kinds.insert(kind),
            None => cases.entry(id.to_owned()).or_default().insert(kind),
        };
    }

    /// The same for a case of which only the id is at hand. A partner's client may serve several banks.
    pub async fn at_of(&self, call: &Call, id: &str, kind: &'static str) {
        let mut institution = call.actor.institution.clone();
        if institution.is_empty()
            && let Ok(Some(case)) = call.counter.service.store.case(&call.scope(), id).await
        {
            institution = case.institution.clone();
        }
        self.at(&institution, id, kind);
    }

    /// Writes down what was shown, and forgets it. Errors: the database; then nothing may be sent.
    pub async fn record(&self, store: &Store, now: DateTime<Utc>) -> db::Result<()> {
        let cases = std::mem::take(&mut *self.cases.lock().unwrap_or_else(PoisonError::into_inner));
        let looks: Vec<Look> = cases
            .into_iter()
            .map(|(institution, cases)| {
                let kinds: BTreeSet<&str> = cases.values().flatten().copied().collect();
                Look {
                    institution,
                    applications: cases.into_keys().collect(),
                    kinds: kinds.into_iter().map(str::to_owned).collect(),
                    purpose: self.purpose.code().to_owned(),
                    request: self.request.clone(),
                    emergency: self.emergency.clone(),
                }
            })
            .collect();
        if looks.is_empty() { Ok(()) } else { store.record_looks(&self.actor, &looks, now).await }
    }
}

/// `accessLog`.
pub async fn access_log(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let of = match (text(&map, "applicationNumber"), text(&map, "subject")) {
        (Some(number), None) => LookedAt::Case(number),
        (None, Some(subject)) => LookedAt::By(subject),
        _ => {
            return Err(Fault::Input(
                "applicationNumber or subject, one of them. / 申込番号か利用者のどちらか一方を指定してください。".to_owned(),
            ));
        }
    };
    let store = &call.counter.service.store;
    let page = store.looks(&call.scope(), &of, text(&map, "after"), first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.line.cursor.clone(), Shape::Json(line(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn line(item: &LookLine) -> Value {
    json!({
        "at": item.line.at, "subject": item.line.by, "role": item.line.role, "number": item.number,
        "applicationIds": item.look.applications, "kinds": item.look.kinds, "purpose": item.look.purpose,
        "request": item.look.request, "emergency": item.look.emergency,
    })
}

#[cfg(test)]
mod tests {
    use super::super::application::SHOWN;
    use super::super::roots::all_queries;
    use super::*;

    /// Fields that say how the work stands and nothing of a person.
    const WORK: &[&str] = &[
        "id",
        "number",
        "version",
        "institution",
        "branch",
        "externalId",
        "stage",
        "stageLabel",
        "isFinal",
        "product",
        "amountYen",
        "plannedDate",
        "updatedAt",
        "receivedAt",
        "bookVersion",
        "tableVersion",
        "contentVersion",
        "tracks",
        "openTasks",
        "deadlines",
        "change",
        "conflicts",
        "emergencies",
        "erased",
        "namedDate",
        "fixedDate",
        "plan",
        "hold",
        "fundingDeadline",
        "completed",
        "termsAgreedOn",
        "extensionPapers",
        "terminationAgreed",
        "fire",
        "filings",
        "engagements",
        "guarantor",
        "otherGuarantors",
        // Which letters there are; what stands in one is on record when it is read.
        "letters",
        "accountException",
        // Day, time and place of a meeting; the field asks for nobody's name.
        "settlement",
    ];
    const OTHER_ROOTS: &[&str] = &[
        "me",
        "workflow",
        "application",
        "applications",
        "tasks",
        "inbox",
        "allowedActions",
        "previewChange",
        "simulateRepayment",
        "postedRates",
        "rateLines",
        "accessLog",
        "bureauInquiries",
        "deputies",
        "explain",
        "retention",
        "disclosure",
        "userAccounts",
        "userAccountChanges",
        "emergencyAccesses",
        // Each complaint of the answer is written down by itself.
        "complaints",
        "complaintFigures",
        "disputeContacts",
        "contractors",
        // Codes and days of lines; their texts are read in the registers.
        "registerReminders",
        "contractorCases",
        "trainings",
        // Counts and amounts, names of filters, days, values of the book: nobody's data.
        "stageFigures",
        "workload",
        "intakeFigures",
        "savedViews",
        "businessCalendar",
        "bookEditions",
        // Who works in a partner's office and on which case: its own people, and numbers of cases.
        "colleagues",
        "colleagueChanges",
        "officeJobs",
        "handovers",
        // Numbers of cases, offices, days, and what a paper is.
        "waitingJobs",
        "originalsDue",
        "calendarFeed",
        // Who did what, of the bank's own people; the audit names no customer.
        "auditLines",
        "lastCheckpoint",
        // A link shows nothing; opening it is written down then.
        "paperLink",
        // Addresses of programs, and ids of events.
        "webhookEndpoints",
        "webhookEventTypes",
        "webhookMessages",
        // Codes, case numbers and desks; a person of a case by the id in its form.
        "incidents",
        "incidentFigures",
        "previewIncidents",
        // Case numbers, ids, and what the organisation itself was asked for and granted.
        "requestsOfDay",
        "answersGiven",
        // Keys of orders and transfers, case numbers, amounts of the bank's own books: no name and no account.
        "businessDay",
        "dayEnds",
        // Numbers of cases, codes and desks.
        "lettersToPost",
        "digestDesks",
        // Each case of the answer is written down by itself.
        "issuedNotices",
        "noticeSheets",
        // Words of templates with the data of nobody.
        "noticePreview",
        // People of the bank, ids of tasks and codes.
        "assignees",
        "previewReassignment",
        // What the caller has typed himself, and nobody else sees; it is no case yet.
        "intakeDrafts",
        "intakeDraft",
    ];

    #[test]
    fn every_field_is_personal_or_work() {
        for shown in SHOWN {
            let decided = [kind_of(shown.name).is_some(), WORK.contains(&shown.name)];
            assert_eq!(
                decided.iter().filter(|yes| **yes).count(),
                1,
                "{}: personal data or not?",
                shown.name
            );
        }
        for root in all_queries() {
            let decided = [kind_of_root(root.name).is_some(), OTHER_ROOTS.contains(&root.name)];
            assert_eq!(decided.iter().filter(|yes| **yes).count(), 1, "{}: personal data or not?", root.name);
        }
    }

    #[test]
    fn purposes_are_known_by_their_codes() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.code()), Ok(purpose));
        }
        assert!(Purpose::parse("CURIOSITY").is_err_and(|codes| codes.contains("ENQUIRY")));
    }
}
