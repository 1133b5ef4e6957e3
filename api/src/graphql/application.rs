//! The application as the API shows it: a table of fields, each with its wall and where its value comes from.

use super::catalogue::MEETS;
use super::emergency;
use super::execute::Call;
use super::files;
use super::names::camel_keys;
use super::papers;
use super::questions;
use super::wall::{self, Wall};
use db::read::Row;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use workflows::machine::consent::{RegisteredConsent, registered};
use workflows::machine::facts::Posting;
use workflows::machine::guarantor;
use workflows::machine::meeting;
use workflows::machine::plan::{Plan, plan};
use workflows::machine::{Case, Context, Role, Stage, Table, Timer};

/// What a line of a list and a case have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: String,
    pub number: String,
    pub institution: String,
    pub branch: String,
    pub external_id: Option<String>,
    pub stage: Stage,
    pub version: u64,
    pub name_kanji: String,
    pub name_kana: String,
    pub product: String,
    pub amount_yen: i64,
    pub planned_date: chrono::NaiveDate,
    pub updated_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl From<&Row> for Head {
    fn from(row: &Row) -> Self {
        Head {
            id: row.id.clone(),
            number: row.number.clone(),
            institution: row.institution.clone(),
            branch: row.branch.clone(),
            external_id: row.external_id.clone(),
            stage: row.stage,
            version: row.version,
            name_kanji: row.name_kanji.clone(),
            name_kana: row.name_kana.clone(),
            product: row.product.clone(),
            amount_yen: row.amount_yen,
            planned_date: row.planned_date,
            updated_at: Some(row.updated_at),
        }
    }
}

impl From<&Case> for Head {
    fn from(case: &Case) -> Self {
        let applicant = case.form.applicant();
        Head {
            id: case.id.clone(),
            number: case.number.clone(),
            institution: case.institution.clone(),
            branch: case.branch.clone(),
            external_id: case.external_id.clone(),
            stage: case.stage,
            version: case.version,
            name_kanji: applicant.map(|p| p.name_kanji.clone()).unwrap_or_default(),
            name_kana: applicant.map(|p| p.name_kana.clone()).unwrap_or_default(),
            product: case.form.product.code().to_owned(),
            amount_yen: case.amount_yen(),
            planned_date: case.planned_date(),
            updated_at: None,
        }
    }
}

/// An application in an answer: the line of a list, or the whole case.
#[derive(Clone, Debug)]
pub struct Node {
    pub head: Arc<Head>,
    pub case: Option<Arc<Case>>,
}

impl From<Arc<Case>> for Node {
    fn from(case: Arc<Case>) -> Self {
        Node { head: Arc::new(Head::from(case.as_ref())), case: Some(case) }
    }
}

impl From<&Row> for Node {
    fn from(row: &Row) -> Self {
        Node { head: Arc::new(Head::from(row)), case: None }
    }
}

/// Where a value comes from.
#[derive(Copy, Clone)]
pub enum From_ {
    Head(fn(&Head) -> Value),
    Case(fn(&Case, Role) -> Value),
    /// What the rules say of the case now; no part of its history.
    Judged(fn(&Case, &Context<'_>) -> Value),
    /// What this installation offers of the case to the caller.
    Offered(fn(&Case, &Call) -> Value),
}

/// A field of the application.
pub struct Shown {
    pub name: &'static str,
    pub ty: &'static str,
    pub wall: Wall,
    pub doc: &'static str,
    pub from: From_,
}

const fn head(
    name: &'static str,
    ty: &'static str,
    wall: Wall,
    doc: &'static str,
    from: fn(&Head) -> Value,
) -> Shown {
    Shown { name, ty, wall, doc, from: From_::Head(from) }
}

const fn case(
    name: &'static str,
    ty: &'static str,
    wall: Wall,
    doc: &'static str,
    from: fn(&Case, Role) -> Value,
) -> Shown {
    Shown { name, ty, wall, doc, from: From_::Case(from) }
}

const STAGE: Wall = wall::INSIDE_AND_CUSTOMER.and(&[Role::Importer, Role::CoreBanking]);
const NAMES: Wall = wall::STAFF_AND_CUSTOMER.and(&[
    Role::Guarantor,
    Role::Insurer,
    Role::FireInsurer,
    Role::Scrivener,
    Role::MemberOrg,
    Role::CoreBanking,
]);
const DATE: Wall =
    wall::INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::CoreBanking, Role::Guarantor, Role::Insurer]);
/// Who has a step on the way to the date, and those inside.
pub const PLAN: Wall = DATE.and(&[Role::Registry]);
const MONEY: Wall = wall::INSIDE_AND_CUSTOMER.and(&[Role::CoreBanking]);
/// Who collects what falls due, and who sees that it does.
pub const COLLECTED: Wall = wall::STAFF_AND_CUSTOMER.and(&[Role::CoreBanking]);
const REGISTRATION: Wall = wall::INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::Registry]);

/// Every field of an application.
pub const SHOWN: &[Shown] = &[
    head("id", "ID!", wall::BUSINESS, "Stable id.", |h| json!(h.id)),
    head("number", "String!", wall::BUSINESS, "Case number; empty while a draft.", |h| json!(h.number)),
    head(
        "version",
        "Int!",
        wall::BUSINESS,
        "Number of accepted commands: send it back as expectedVersion.",
        |h| json!(h.version),
    ),
    head("institution", "String!", wall::BUSINESS, "Bank code.", |h| json!(h.institution)),
    head("branch", "String!", wall::BUSINESS, "Branch code.", |h| json!(h.branch)),
    head("externalId", "String", STAGE, "The sender's own number.", |h| json!(h.external_id)),
    head("stage", "Stage!", STAGE, "Where the application stands.", |h| json!(h.stage.code())),
    head("stageLabel", "Label!", STAGE, "The stage in words.", |h| label(h.stage.ja(), h.stage.en())),
    head("isFinal", "Boolean!", STAGE, "No further stage follows.", |h| json!(h.stage.is_final())),
    head("applicantName", "String!", NAMES, "Name of the applicant.", |h| json!(h.name_kanji)),
    head("applicantKana", "String!", NAMES, "Name of the applicant in katakana.", |h| json!(h.name_kana)),
    head("product", "Product!", STAGE, "Product.", |h| json!(h.product)),
    head("amountYen", "Yen!", DATE, "Requested amount.", |h| json!(h.amount_yen)),
    head("plannedDate", "Date!", DATE, "Date that decisions are judged for.", |h| json!(h.planned_date)),
    head("updatedAt", "DateTime", STAGE, "Last change, in lists.", |h| json!(h.updated_at)),
    case("receivedAt", "DateTime", STAGE, "Reception.", |c, _| json!(c.received_at)),
    case("bookVersion", "String!", wall::INSIDE, "Version of the product book.", |c, _| {
        json!(c.book_version)
    }),
    case("tableVersion", "String!", wall::INSIDE, "Version of the table.", |c, _| json!(c.table_version)),
    case(
        "contentVersion",
        "Int!",
        wall::INSIDE_AND_CUSTOMER.and(&[Role::Guarantor]),
        "Version of the content.",
        |c, _| json!(c.content_version),
    ),
    case("content", "Form", CONTENT, "What was applied for, as far as the role sees it.", |c, _| {
        json!(c.form)
    }),
    case("tracks", "[TrackInstance!]!", wall::BUSINESS, "The tracks that the role sees.", tracks),
    case("openTasks", "[OpenTask!]!", wall::BUSINESS, "Open work; outside the lender, one's own.", tasks),
    case("deadlines", "[Deadline!]!", wall::INSIDE_AND_CUSTOMER, "Dates that run.", deadlines),
    case("conflicts", "[ConflictOfInterest!]!", wall::INSIDE, "Who keeps away from the case.", |c, _| {
        let shown = c.conflicts.iter().map(|(subject, relation)| {
            json!({ "subject": subject, "relation": relation, "label": label(relation.ja(), relation.en()) })
        });
        json!(shown.collect::<Vec<_>>())
    }),
    Shown {
        name: "emergencies",
        ty: "[EmergencyAccess!]!",
        wall: emergency::SEEN,
        doc: "Who read the case from outside its branch, the first one first (L-91).",
        from: From_::Judged(|c, context| {
            c.emergencies.iter().map(|access| emergency::shown(access, context.now)).collect()
        }),
    },
    case("legalHold", "LegalHold", wall::INSIDE, "Why nothing of the case is erased (L.2).", |c, _| {
        json!(c.keeping.legal_hold.as_ref().map(|hold| json!({
            "reason": hold.reason, "by": hold.by, "since": hold.since,
        })))
    }),
    case(
        "erased",
        "Erasure",
        wall::INSIDE,
        "When and by which rule the content was erased (L.2).",
        |c, _| {
            json!(c.keeping.erased.as_ref().map(|erased| json!({
            "on": erased.on, "class": erased.class.code(), "classLabel": label(erased.class.ja(), erased.class.en()),
            "keptUntil": erased.kept_until, "proposedBy": erased.proposed_by, "approvedBy": erased.approved_by,
        })))
        },
    ),
    case(
        "consents",
        "[RegisteredConsent!]!",
        wall::INSIDE_AND_CUSTOMER,
        "Who agreed to which use of personal data, and what became of it (L-PRIV).",
        |c, _| json!(registered(c).iter().map(consent).collect::<Vec<_>>()),
    ),
    case("proposals", "[Proposal!]!", wall::STAFF, "What waits for a second person.", proposals),
    case(
        "defects",
        "[Defect!]!",
        wall::STAFF_AND_CUSTOMER,
        "Papers that are missing, expired or contradictory.",
        |c, _| json!(c.defects.iter().map(camel_of).collect::<Vec<_>>()),
    ),
    Shown {
        name: "papers",
        ty: "[PaperLine!]!",
        wall: files::PAPERS,
        doc: "The papers that the application needs, and the files that came for them (D.1).",
        from: From_::Judged(files::papers),
    },
    case("approval", "Approval", wall::INSIDE_AND_CUSTOMER, "The approved terms.", approval),
    case("change", "Change", wall::STAFF_AND_CUSTOMER, "A change under way.", |c, _| {
        json!(c.change.as_ref().map(|change| json!({
            "from": change.from, "cause": change.cause, "contentVersion": change.content_version,
        })))
    }),
    case(
        "guarantees",
        "[Guarantee!]!",
        wall::INSIDE.and(&[Role::Guarantor]),
        "The guarantor's answers.",
        guarantees,
    ),
    case(
        "guaranteeQuestions",
        "[GuaranteeQuestion!]!",
        questions::ASKED,
        "What guarantee institutions asked about their requests, the first one first; an institution sees its own.",
        questions::shown,
    ),
    case("covers", "[AcceptedCover!]!", wall::STAFF.and(&[Role::Insurer]), "Insurance accepted.", |c, _| {
        json!(c.covers.iter().map(|(key, sum)| json!({ "key": key, "sumYen": sum })).collect::<Vec<_>>())
    }),
    case("grounds", "[Ground!]!", wall::SCREENING, "Grounds on record (E.3, E.4).", |c, _| json!(c.grounds)),
    case("arrears", "Boolean!", wall::STAFF, "Overdue amounts at the bank.", |c, _| json!(c.arrears)),
    case("deceased", "[String!]!", wall::STAFF, "Persons who died.", |c, _| json!(c.dead)),
    case("bridge", "Bridge", wall::STAFF_AND_CUSTOMER, "A linked bridge loan.", |c, _| camel_of(&c.bridge)),
    case("insuranceExceptions", "[String!]!", wall::STAFF, "Persons with an exception (G-10).", |c, _| {
        json!(c.insurance_exceptions)
    }),
    case("accountException", "Boolean!", wall::STAFF, "Another account is allowed (I-05).", |c, _| {
        json!(c.account_exception)
    }),
    case("contract", "Contract", wall::INSIDE_AND_CUSTOMER, "The contract set.", |c, _| {
        camel_of(&c.contract)
    }),
    case("namedDate", "Date", DATE, "The date that the applicant wishes.", |c, _| json!(c.named_date)),
    case("fixedDate", "FixedDate", DATE, "The fixed date.", |c, _| camel_of(&c.fixed)),
    case(
        "settlement",
        "Meeting",
        MEETS,
        "Time and place of the settlement on the fixed date; null without one, and where the case ended before the money.",
        |c, _| json!(meeting::settlement(c).map(|fixed| &fixed.settlement)),
    ),
    case(
        "frozen",
        "FrozenTerms",
        wall::STAFF_AND_CUSTOMER.and(&[Role::CoreBanking]),
        "Rate, dates and amounts of the day.",
        |c, _| {
            json!(c.frozen.as_ref().map(|f| json!({
                "date": f.date, "deductionsYen": f.deductions_yen, "quote": camel_keys(&f.quote),
            })))
        },
    ),
    Shown {
        name: "plan",
        ty: "Plan",
        wall: PLAN,
        doc: "The latest day for each step on the way to the planned date, as things stand; outside the lender, one's own.",
        from: From_::Judged(|case, ctx| {
            plan(case, ctx).map_or(Value::Null, |plan| planned(&plan, ctx.actor.role))
        }),
    },
    case("costs", "Costs", wall::STAFF, "Costs that the bank collects.", |c, _| camel_of(&c.costs)),
    case("payoff", "Payoff", wall::STAFF_AND_CUSTOMER, "Pay-off of the existing lender.", |c, _| {
        camel_of(&c.payoff)
    }),
    case("payees", "[Payee!]!", papers::PAYEES, "Accounts that receive money, as approved (I.20).", payees),
    case(
        "registerReading",
        "RegisterReading",
        papers::REGISTRATION,
        "The register as it was read (H-36).",
        |c, _| camel_of(&c.register),
    ),
    case(
        "filingFacts",
        "FilingFacts",
        papers::REGISTRATION,
        "What the filing needs beyond the steps of the case (H-34, H-35).",
        |c, _| camel_of(&c.filing_facts),
    ),
    case("hold", "Hold", wall::STAFF, "Why and from where the case is on hold.", |c, _| camel_of(&c.hold)),
    case("postings", "[Posting!]!", MONEY, "Posting orders.", |c, _| {
        json!(c.postings.iter().map(posting).collect::<Vec<_>>())
    }),
    case("fundingDeadline", "Date", wall::INSIDE_AND_CUSTOMER, "Last day of the drawings (S-12).", |c, _| {
        json!(c.funding_deadline)
    }),
    case("drawingTerms", "DrawingTerms", wall::INSIDE_AND_CUSTOMER, "What the drawings run at.", |c, _| {
        camel_of(&c.drawing_terms)
    }),
    case(
        "completed",
        "[CompletedBuilding!]!",
        wall::INSIDE_AND_CUSTOMER,
        "Buildings that drawings paid for and that are finished (S-09).",
        |c, _| {
            let all = c.completed.iter();
            json!(all.map(|(no, on)| json!({ "propertyNo": no, "completedOn": on })).collect::<Vec<_>>())
        },
    ),
    case("termsAgreedOn", "Date", wall::INSIDE_AND_CUSTOMER, "The agreement on the terms (S-09).", |c, _| {
        json!(c.terms_agreed_on)
    }),
    case("collection", "Collection", COLLECTED, "What falls due with the end of the contract.", |c, _| {
        camel_of(&c.collection)
    }),
    case("extension", "Extension", wall::INSIDE_AND_CUSTOMER, "What the last extension costs.", |c, _| {
        camel_of(&c.extension)
    }),
    case("extensionPapers", "[ExtensionPaper!]!", wall::STAFF, "Papers of an extension.", |c, _| {
        json!(c.extension_papers)
    }),
    case(
        "terminationAgreed",
        "Boolean!",
        wall::STAFF_AND_CUSTOMER,
        "Mutual cancellation is wanted.",
        |c, _| json!(c.termination_agreed),
    ),
    case("servicingNumber", "String", MONEY, "Number in servicing.", |c, _| json!(c.servicing_number)),
    case(
        "fire",
        "[FireCover!]!",
        wall::STAFF_AND_CUSTOMER.and(&[Role::FireInsurer]),
        "Verified fire cover.",
        |c, _| {
            let all = c.fire.iter();
            json!(
                all.map(|(no, (from, until))| json!({ "propertyNo": no, "from": from, "until": until }))
                    .collect::<Vec<_>>()
            )
        },
    ),
    case("filings", "[Filing!]!", REGISTRATION, "Registration filings.", filings),
    case("valuationYen", "Yen", VALUATION, "Valuation of the collateral.", |c, _| json!(c.valuation_yen)),
    Shown {
        name: "letters",
        ty: "[Letter!]!",
        wall: super::letters::READERS,
        doc: "The letters of the case that the role reads.",
        from: From_::Offered(super::letters::shown),
    },
    case(
        "guarantor",
        "String",
        wall::INSIDE,
        "The guarantee institution that answers for the case (F-01).",
        |c, _| json!(guarantor::engaged(c)),
    ),
    Shown {
        name: "otherGuarantors",
        ty: "[String!]!",
        wall: wall::STAFF,
        doc: "Guarantee institutions of the bank that `switchGuarantor` may name.",
        from: From_::Judged(|c, context| {
            let others = guarantor::others(c, context.rules);
            others.into_iter().map(|one| one.organisation).collect()
        }),
    },
    case("engagements", "[Engagement!]!", wall::STAFF, "Partners engaged.", |c, _| {
        let all = c.engagements.iter();
        json!(all.map(|(role, org)| json!({ "role": role, "organisation": org })).collect::<Vec<_>>())
    }),
];

const VALUATION: Wall =
    Wall::of(&[Role::BranchClerk, Role::BranchManager, Role::ScreeningOfficer, Role::Operations]);
const CONTENT: Wall = wall::BUSINESS;

fn consent(consent: &RegisteredConsent) -> Value {
    let mut shown = camel_of(consent);
    shown["purposeLabel"] = label(consent.purpose.ja(), consent.purpose.en());
    shown["recipientLabel"] = label(consent.recipient.ja(), consent.recipient.en());
    shown["stateLabel"] = label(consent.state.ja(), consent.state.en());
    shown
}

/// A label in both languages.
pub fn label(ja: &str, en: &str) -> Value {
    json!({ "ja": ja, "en": en })
}

/// A value of ours with `camelCase` keys.
pub fn camel_of<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).map(|value| camel_keys(&value)).unwrap_or(Value::Null)
}

/// What places a verb on its track. A case is judged by the table of the service; where a verb stands is the same in all.
static TABLE: LazyLock<Table> = LazyLock::new(Table::default);

fn tracks(case: &Case, role: Role) -> Value {
    let seen = case.tracks.iter().filter(|instance| wall::sees_track(role, instance.track));
    let shown = seen.map(|i| {
        json!({
            "track": i.track, "trackLabel": label(i.track.ja(), i.track.en()), "key": i.key, "state": i.state,
            "stateLabel": label(i.state.ja(), i.state.en()), "since": i.since,
        })
    });
    json!(shown.collect::<Vec<_>>())
}

fn tasks(case: &Case, role: Role) -> Value {
    let seen = case.tasks.iter().filter(|open| wall::sees_task(role, open.role, open.task));
    let shown = seen.map(|t| {
        json!({
            "id": format!("{}:{}", case.id, t.id), "task": t.task, "label": label(t.task.ja(), t.task.en()),
            "role": t.role, "dueOn": t.due_on,
        })
    });
    json!(shown.collect::<Vec<_>>())
}

fn deadlines(case: &Case, role: Role) -> Value {
    let told = |timer: Timer| {
        use Timer::*;
        wall::INSIDE.admits(&[role]) || matches!(timer, Tm01 | Tm02 | Tm03 | Tm04 | Tm05 | Tm07 | Tm10 | Day)
    };
    let seen = case.deadlines.iter().filter(|deadline| told(deadline.timer));
    let shown = seen.map(|d| {
        json!({ "timer": d.timer, "label": label(d.timer.ja(), d.timer.en()), "key": d.key, "dueAt": d.due_at })
    });
    json!(shown.collect::<Vec<_>>())
}

/// A plan as a role sees it: the steps of others are not for those outside.
fn planned(plan: &Plan, role: Role) -> Value {
    let seen = plan
        .steps
        .iter()
        .filter(|planned| wall::INSIDE.admits(&[role]) || planned.step.outside().contains(&role));
    let steps = seen.map(|planned| {
        let mut shown = camel_of(planned);
        if let Some(map) = shown.as_object_mut() {
            map.insert("label".to_owned(), label(planned.step.ja(), planned.step.en()));
        }
        shown
    });
    json!({
        "date": plan.date, "open": plan.open, "feasible": plan.feasible, "bottleneck": plan.bottleneck,
        "alternatives": plan.alternatives, "steps": steps.collect::<Vec<_>>(),
    })
}

fn proposals(case: &Case, role: Role) -> Value {
    let seen = case.proposals.iter().filter(|p| wall::sees_verb(&TABLE, role, p.command.verb()));
    let shown = seen.map(|p| {
        let verb = p.command.verb();
        let told = wall::sees_reason(&TABLE, role, verb);
        let mut command = if told { camel_of(&p.command) } else { json!({}) };
        if let Some(map) = command.as_object_mut() {
            map.remove("verb");
        }
        json!({
            "id": p.id, "row": p.row, "verb": verb, "label": label(verb.ja(), verb.en()), "by": p.by, "at": p.at,
            "arguments": command, "onBehalfOf": p.on_behalf_of, "votes": p.votes.iter().map(camel_of).collect::<Vec<_>>(),
            "route": {
                "level": p.route.level, "label": label(p.route.level.ja(), p.route.level.en()), "risks": p.route.risks,
                "members": p.route.members, "votes": p.route.votes,
            },
        })
    });
    json!(shown.collect::<Vec<_>>())
}

fn approval(case: &Case, _: Role) -> Value {
    json!(case.approval.as_ref().map(|a| {
        json!({
            "contentVersion": a.content_version, "screeningAddOn": a.screening_add_on,
            "conditions": a.conditions.iter().map(camel_of).collect::<Vec<_>>(),
            "approvedOn": a.approved_on, "validUntil": a.valid_until,
        })
    }))
}

/// A posting; its parts stand there also where there are none.
fn posting(posting: &Posting) -> Value {
    let mut shown = camel_of(posting);
    if let Some(map) = shown.as_object_mut() {
        map.insert("parts".to_owned(), json!(posting.parts.iter().map(camel_of).collect::<Vec<_>>()));
    }
    shown
}

fn payees(case: &Case, _: Role) -> Value {
    let shown = case.payees.values().map(|payee| {
        json!({
            "kind": payee.kind, "label": label(payee.kind.ja(), payee.kind.en()), "number": payee.number,
            "name": payee.to.name, "account": camel_of(&payee.to.account), "amountYen": payee.amount_yen,
            "paidWith": payee.paid_with,
        })
    });
    json!(shown.collect::<Vec<_>>())
}

fn guarantees(case: &Case, _: Role) -> Value {
    let shown = case.guarantees.iter().map(|(version, g)| {
        let mut shown = camel_of(&g.decision);
        if let Some(map) = shown.as_object_mut() {
            map.insert("contentVersion".to_owned(), json!(version));
            map.insert("validUntil".to_owned(), json!(g.valid_until));
            map.insert("conditions".to_owned(), json!(g.conditions));
        }
        shown
    });
    json!(shown.collect::<Vec<_>>())
}

fn filings(case: &Case, _: Role) -> Value {
    let shown = case.filings.iter().map(|(filing, facts)| {
        let mut shown = camel_of(facts);
        if let Some(map) = shown.as_object_mut() {
            map.insert("filing".to_owned(), json!(filing));
        }
        shown
    });
    json!(shown.collect::<Vec<_>>())
}
