//! The proof afterwards: every log folded and compared with its row, every chain recomputed, INV-1 to INV-10 read from both.
//!
//! Pages of applications in key order; nothing is held beyond a page.

mod invariants;
mod load;
#[cfg(test)]
mod tests;

use crate::chain::{GENESIS, Link};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use load::{Application, Page};
pub(crate) use load::{Line, Moment};
use serde::Serialize;
use std::collections::BTreeSet;
use workflows::machine::{Case, Entry, Event, Verb, evolve};

/// What a verification found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub applications: u64,
    /// Of these, the ones whose content was erased when their time was over: chain and tombstone are verified.
    pub erased: u64,
    pub events: u64,
    pub violations: Vec<Violation>,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Id of the application; empty where it is missing.
    pub application: String,
    /// `INV-1` to `INV-10`, `CHAIN`, `FOLD`, `ROW`, `OUTBOX`, `TASK`, `DEADLINE`, `ENGAGEMENT`, `LEDGER`.
    pub invariant: String,
    pub detail: String,
}

/// Applications per page.
const PAGE: u32 = 32;

/// Verifies the whole store. The list of violations stops growing at ten thousand: by then nobody reads on.
pub async fn verify(store: &Store) -> Result<Report> {
    let mut report = Report::default();
    let mut after = (String::new(), String::new());
    loop {
        let page = load::page(store, &after, PAGE).await?;
        let Some(last) = page.applications.last() else { break };
        after = (last.institution.clone(), last.id.clone());
        for application in &page.applications {
            report.applications += 1;
            report.erased += u64::from(application.data_key.is_none() && page.is_erased(application));
            let mut findings = Findings { application: &application.id, found: vec![] };
            report.events += one(store, application, &page, &mut findings);
            report.violations.extend(findings.found);
        }
        if report.violations.len() > 10_000 {
            break;
        }
    }
    for (application, detail) in load::unfounded(store).await? {
        report.violations.push(Violation { application, invariant: "LEDGER".to_owned(), detail });
    }
    for (application, version) in load::orphans(store).await? {
        let detail = format!("entry {version} belongs to no application");
        report.violations.push(Violation { application, invariant: "ROW".to_owned(), detail });
    }
    Ok(report)
}

/// Findings on one application.
pub(crate) struct Findings<'a> {
    application: &'a str,
    found: Vec<Violation>,
}

impl Findings<'_> {
    /// Records a violation.
    pub fn add(&mut self, invariant: &str, detail: impl Into<String>) {
        self.found.push(Violation {
            application: self.application.to_owned(),
            invariant: invariant.to_owned(),
            detail: detail.into(),
        });
    }

    /// Records a violation unless the condition holds.
    pub fn need(&mut self, holds: bool, invariant: &str, detail: impl FnOnce() -> String) {
        if !holds {
            self.add(invariant, detail());
        }
    }
}

/// Verifies one application; how many events its log has.
fn one(store: &Store, application: &Application, page: &Page, findings: &mut Findings<'_>) -> u64 {
    let mut walk = Walk {
        prev: GENESIS.to_owned(),
        version: 0,
        case: None,
        moved_at: None,
        broken: false,
        gone: false,
        events: 0,
    };
    let options = &store.inner.options;
    let mut watch = invariants::Watch::new(options.rules.as_ref(), &options.table);
    for line in page.entries_of(application) {
        walk.link(line, findings);
        walk.step(line, &mut watch, findings);
        let parcels = page.parcels_of(application, line.version);
        findings.need(parcels == line.parcels, "OUTBOX", || {
            format!("entry {} committed {} parcels, {parcels} are there", line.version, line.parcels)
        });
    }
    for (version, parcels) in page.parcels_beside(application, walk.version) {
        findings.add("OUTBOX", format!("{parcels} parcels of an entry {version}, which is not there"));
    }
    let first = page.entries_of(application).next();
    let last = page.entries_of(application).last();
    if let Some((first, last)) = first.zip(last) {
        let (made, by) = (&application.created_at, &application.updated_by);
        findings.need(first.at == *made, "ROW", || "created_at is not that of the first entry".to_owned());
        findings.need(last.at == application.updated_at && last.by == *by, "ROW", || {
            "updated_at or updated_by is not that of the last entry".to_owned()
        });
    }
    findings.need(walk.version == application.version, "INV-10", || {
        format!("the row has version {}, its log ends at {}", application.version, walk.version)
    });
    findings.need(walk.prev == application.head_hash, "CHAIN", || {
        "the head of the chain is not the last entry's hash".to_owned()
    });
    findings.need(!walk.gone, "ERASURE", || "its data key is gone, and no tombstone says why".to_owned());
    let erased = walk.case.as_ref().is_some_and(|case| case.keeping.erased.is_some());
    findings.need(!(erased && application.data_key.is_some()), "ERASURE", || {
        "a tombstone stands, and its data key is still there".to_owned()
    });
    if let Some(noted) = application.stage_at.filter(|_| !walk.broken && !walk.gone && !erased) {
        findings.need(walk.moved_at == Some(noted), "ROW", || "stage_at is not what the log says".to_owned());
    }
    if let Some(case) = walk.case.as_ref().filter(|_| !walk.broken && !walk.gone) {
        compare(case, application, page, findings);
    }
    walk.events
}

/// Where the walk along one log stands.
struct Walk {
    prev: String,
    version: i64,
    case: Option<Case>,
    /// When the case came into its stage.
    moved_at: Option<DateTime<Utc>>,
    /// The log does not fold any further.
    broken: bool,
    /// The content of the last entry is gone, and no tombstone has followed yet.
    gone: bool,
    events: u64,
}

impl Walk {
    /// Gapless versions and an unbroken chain.
    fn link(&mut self, line: &Line, findings: &mut Findings<'_>) {
        let expected = self.version + 1;
        findings.need(line.version == expected, "INV-10", || {
            format!("entry {} follows entry {}", line.version, self.version)
        });
        findings.need(line.prev_hash == self.prev, "CHAIN", || {
            format!("entry {} does not continue the chain", line.version)
        });
        let hash = Link {
            prev: &line.prev_hash,
            institution: &line.institution,
            application_id: &line.application_id,
            version: line.version,
            at: line.at,
            by: &line.by,
            role: &line.role,
            verb: &line.verb,
            reason: line.reason.as_deref(),
            parcels: line.parcels,
            events: &line.events,
            input: line.input.as_deref(),
        }
        .hash();
        findings.need(hash == line.hash, "CHAIN", || format!("entry {} was changed", line.version));
        self.prev = line.hash.clone();
        self.version = line.version;
    }

    /// Folds the entry and looks at what it did.
    fn step(&mut self, line: &Line, watch: &mut invariants::Watch<'_>, findings: &mut Findings<'_>) {
        // A tombstone stands for everything before it, readable or not.
        if self.broken && line.verb != Verb::EraseCase.code() {
            return;
        }
        if line.is_gone() {
            self.gone = true;
            return;
        }
        let entry: Entry = match line.entry() {
            Ok(entry) => entry,
            Err(error) => {
                self.broken = true;
                findings.add("FOLD", format!("entry {} is unreadable: {error}", line.version));
                return;
            }
        };
        self.events += entry.events.len() as u64;
        if let [Event::Erased { tombstone }, ..] = entry.events.as_slice() {
            self.gone = false;
            self.case = Some(tombstone.case(entry.version));
            findings.need(entry.verb == Verb::EraseCase, "ERASURE", || {
                format!("entry {} erases by another verb", entry.version)
            });
            return;
        }
        let before = self.case.clone();
        match evolve(self.case.take(), &entry) {
            Ok(after) => {
                if before.as_ref().is_none_or(|before| before.stage != after.stage) {
                    self.moved_at = Some(line.at);
                }
                watch.entry(before.as_ref(), &entry, &after, line.parcels, findings);
                self.case = Some(after);
            }
            Err(error) => {
                self.broken = true;
                findings.add("FOLD", error.to_string());
            }
        }
    }
}

/// The folded log against the row and the queues written beside it.
fn compare(case: &Case, application: &Application, page: &Page, findings: &mut Findings<'_>) {
    let body = application.body.as_ref().map_err(Clone::clone);
    match body.and_then(|body| serde_json::from_str::<Case>(body).map_err(|error| error.to_string())) {
        Ok(mut body) => {
            // Documents of versions before it do not have the day of the end.
            body.keeping.ended_on = body.keeping.ended_on.or(case.keeping.ended_on);
            findings.need(body == *case, "FOLD", || "the document is not what its log says".to_owned())
        }
        Err(error) => findings.add("FOLD", format!("the document is unreadable: {error}")),
    }
    let person = case.form.applicant();
    let withheld = crate::rows::withheld(case);
    let columns = [
        ("withheld", application.withheld.as_str(), withheld.as_str()),
        ("stage", application.stage.as_str(), case.stage.code()),
        ("institution", application.institution.as_str(), case.institution.as_str()),
        ("branch", application.branch.as_str(), case.branch.as_str()),
        ("number", application.number.as_deref().unwrap_or_default(), case.number.as_str()),
        (
            "external_id",
            application.external_id.as_deref().unwrap_or_default(),
            case.external_id.as_deref().unwrap_or_default(),
        ),
        (
            "applicant_subject",
            application.applicant_subject.as_deref().unwrap_or_default(),
            case.applicant.as_deref().unwrap_or_default(),
        ),
        ("name_kanji", application.name_kanji.as_str(), person.map_or("", |p| p.name_kanji.as_str())),
        ("name_kana", application.name_kana.as_str(), person.map_or("", |p| p.name_kana.as_str())),
        ("product", application.product.as_str(), case.form.product.code()),
    ];
    for (name, row, log) in columns {
        findings.need(row == log, "ROW", || format!("{name} is not what the log says"));
    }
    findings.need(application.amount_yen == case.amount_yen(), "ROW", || "amount_yen differs".to_owned());
    findings
        .need(application.planned_date == case.planned_date(), "ROW", || "planned_date differs".to_owned());

    let received = case.received_at.map(workflows::calendar::tokyo_date);
    findings.need(application.received_on == received, "ROW", || "received_on differs".to_owned());

    let task = |t: &workflows::machine::OpenTask| {
        (format!("{}:{}", case.id, t.id), t.task.code().to_owned(), t.role.code().to_owned(), t.due_on)
    };
    let mut wanted: Vec<load::Task> = case.tasks.iter().map(task).collect();
    let mut found: Vec<load::Task> = page.tasks_of(application).cloned().collect();
    wanted.sort();
    found.sort();
    findings.need(wanted == found, "TASK", || {
        format!("the case waits for {wanted:?}, the queues hold {found:?}")
    });

    let mut wanted: Vec<(String, String, i64)> = case
        .deadlines
        .iter()
        .map(|d| (d.timer.code().to_owned(), d.key.clone(), d.due_at.timestamp_micros()))
        .collect();
    let mut found: Vec<(String, String, i64)> = page.deadlines_of(application).cloned().collect();
    wanted.sort();
    found.sort();
    findings
        .need(wanted == found, "DEADLINE", || format!("the case runs {wanted:?}, the clock has {found:?}"));

    let wanted: BTreeSet<(String, String)> =
        case.engagements.iter().map(|(role, name)| (role.code().to_owned(), name.clone())).collect();
    let addressed = page.addressed_of(application);
    let rows = page.engagements_of(application);
    // Whom messages went to stays engaged, whoever is asked now.
    for (role, name) in rows.iter().filter(|row| !wanted.contains(row) && !addressed.contains(row)) {
        findings.add("ENGAGEMENT", format!("{role} {name} sees a case that does not concern it"));
    }
    // An erased case concerns nobody any more.
    let stands = case.keeping.erased.is_none();
    for (role, name) in addressed.iter().filter(|row| stands && !rows.contains(row)) {
        findings.add("ENGAGEMENT", format!("{role} {name} had messages and does not see the case"));
    }
}
