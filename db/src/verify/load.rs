//! What verification reads, a page at a time: applications in key order and everything that hangs on them.

use crate::read::Where;
use crate::sql::statement;
use crate::vault::{CaseId, Opened, Opener, body_place, entry_place, key_column};
use crate::wall::Within;
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use workflows::machine::{Entry, Role, Verb};

/// A row of `application`.
pub(super) struct Application {
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub number: Option<String>,
    pub external_id: Option<String>,
    pub applicant_subject: Option<String>,
    pub stage: String,
    pub version: i64,
    pub amount_yen: i64,
    pub planned_date: NaiveDate,
    pub head_hash: String,
    /// The document in clear. Errors: why it does not read.
    pub body: Result<String, String>,
    pub withheld: String,
    /// `None`: it last moved before the day was noted.
    pub stage_at: Option<DateTime<Utc>>,
    /// Its data key, wrapped; gone where the case was erased.
    pub data_key: Option<String>,
    pub name_kanji: String,
    pub name_kana: String,
    pub product: String,
    pub received_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub updated_by: String,
}

/// A task that waits: id, task, role, day.
pub(super) type Task = (String, String, String, NaiveDate);
/// Roles and organisations.
type Organisations = BTreeSet<(String, String)>;

/// A row of `entry`, as stored.
pub(crate) struct Line {
    pub institution: String,
    pub application_id: String,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: String,
    pub role: String,
    pub verb: String,
    pub reason: Option<String>,
    pub parcels: i64,
    pub events: String,
    pub prev_hash: String,
    pub hash: String,
    pub input: Option<String>,
    /// What events, reason and input say, where they are sealed.
    opened: Option<Texts>,
}

/// Sealed texts of an entry, read.
struct Texts {
    events: Opened,
    reason: Option<Opened>,
    input: Option<Opened>,
}

impl Line {
    /// Was its content erased?
    pub fn is_gone(&self) -> bool {
        self.opened.as_ref().is_some_and(|texts| texts.events == Opened::Gone)
    }

    /// The input in clear, where there is one. Errors: it does not open.
    pub fn input(&self) -> Option<Result<String, String>> {
        match &self.opened {
            None => self.input.clone().map(Ok),
            Some(texts) => texts.input.as_ref().map(said),
        }
    }

    /// The entry that it spells.
    pub fn entry(&self) -> Result<Entry, String> {
        let events =
            self.opened.as_ref().map_or_else(|| Ok(self.events.clone()), |texts| said(&texts.events))?;
        let reason = match &self.opened {
            None => self.reason.clone(),
            Some(texts) => texts.reason.as_ref().map(said).transpose()?,
        };
        Ok(Entry {
            version: self.version as u64,
            at: self.at,
            by: self.by.clone(),
            role: Role::parse(&self.role).ok_or_else(|| format!("no role {}", self.role))?,
            verb: Verb::parse(&self.verb).ok_or_else(|| format!("no verb {}", self.verb))?,
            reason,
            events: serde_json::from_str(&events).map_err(|error| error.to_string())?,
        })
    }

    fn open(&mut self, opener: &Opener) -> Result<()> {
        let place = |column| entry_place(self.version, column);
        let events = opener.open(&place("events"), &self.events)?;
        let reason = opener.open_any(&place("reason"), self.reason.clone())?;
        let input = opener.open_any(&place("input"), self.input.clone())?;
        self.opened = Some(Texts { events, reason, input });
        Ok(())
    }
}

/// What an opened text says. Errors: why it says nothing.
fn said(text: &Opened) -> Result<String, String> {
    match text {
        Opened::Text(text) => Ok(text.clone()),
        Opened::Gone => Err("its data key is gone".to_owned()),
        Opened::Broken(why) => Err((*why).to_owned()),
    }
}

/// Applications with what hangs on them.
#[derive(Default)]
pub(super) struct Page {
    pub applications: Vec<Application>,
    entries: HashMap<String, Vec<Line>>,
    parcels: HashMap<String, BTreeMap<i64, i64>>,
    engagements: HashMap<String, Organisations>,
    addressed: HashMap<String, Organisations>,
    tasks: HashMap<String, Vec<Task>>,
    deadlines: HashMap<String, Vec<(String, String, i64)>>,
}

impl Page {
    pub fn entries_of(&self, application: &Application) -> impl Iterator<Item = &Line> {
        self.entries.get(&application.id).into_iter().flatten()
    }

    pub fn parcels_of(&self, application: &Application, version: i64) -> i64 {
        let parcels = self.parcels.get(&application.id).and_then(|of| of.get(&version));
        parcels.copied().unwrap_or_default()
    }

    /// Parcels of versions that a log of this length does not have.
    pub fn parcels_beside(&self, application: &Application, length: i64) -> Vec<(i64, i64)> {
        let all = self.parcels.get(&application.id).into_iter().flatten();
        let beside = all.filter(|(version, _)| **version < 1 || **version > length);
        beside.map(|(version, count)| (*version, *count)).collect()
    }

    /// Does its log end with a tombstone?
    pub fn is_erased(&self, application: &Application) -> bool {
        self.entries_of(application).any(|line| line.verb == Verb::EraseCase.code())
    }

    pub fn engagements_of(&self, application: &Application) -> Organisations {
        self.engagements.get(&application.id).cloned().unwrap_or_default()
    }

    /// The organisations that messages and notices of the case were addressed to.
    pub fn addressed_of(&self, application: &Application) -> Organisations {
        self.addressed.get(&application.id).cloned().unwrap_or_default()
    }

    pub fn tasks_of(&self, application: &Application) -> impl Iterator<Item = &Task> {
        self.tasks.get(&application.id).into_iter().flatten()
    }

    pub fn deadlines_of(&self, application: &Application) -> impl Iterator<Item = &(String, String, i64)> {
        self.deadlines.get(&application.id).into_iter().flatten()
    }
}

impl Page {
    /// Opens what is sealed. What does not open is kept as that: it is for the verification to name. Errors: a key is not at hand.
    async fn open(&mut self, store: &Store) -> Result<()> {
        for application in &mut self.applications {
            let case = CaseId::new(&application.institution, &application.id);
            let opener = store.opener(case, application.data_key.clone()).await?;
            if let Ok(body) = &application.body {
                application.body = said(&opener.open(&body_place(application.version), body)?);
            }
            for line in self.entries.get_mut(&application.id).into_iter().flatten() {
                line.open(&opener)?;
            }
        }
        Ok(())
    }
}

type Key = (String, String);

/// The applications behind a key, with their entries, parcels, tasks and dates, all of one moment: others go on writing.
pub(super) async fn page(store: &Store, after: &Key, size: u32) -> Result<Page> {
    let values = vec![after.0.clone().into(), after.1.clone().into()];
    let sql = format!(
        "SELECT id, institution, branch, number, external_id, applicant_subject, stage, version, amount_yen, \
         planned_date, head_hash, body, withheld, stage_at, name_kanji, name_kana, product, received_on, created_at, updated_at, updated_by, {} FROM application WHERE (institution, id) > ($1, $2) \
         ORDER BY institution, id LIMIT {size}",
        key_column("application.institution", "application.id")
    );
    let moment = &store.snapshot().await?;
    let rows = moment.query_all_raw(statement(store.backend(), sql, values)).await?;
    let applications = rows.iter().map(application_of).collect::<Result<Vec<_>>>()?;
    let Some(last) = applications.last() else { return Ok(Page::default()) };
    let upto = (last.institution.clone(), last.id.clone());
    let mut page = Page { applications, ..Page::default() };

    let columns = "application_id, institution, version, at, by_subject, role, verb, reason, parcels, events, \
         prev_hash, hash, input";
    let in_order = "ORDER BY institution, application_id, version";
    for row in hanging(moment, columns, "entry", in_order, after, &upto).await? {
        let line = line_of(&row)?;
        page.entries.entry(line.application_id.clone()).or_default().push(line);
    }
    // Parcels sent anew and those beside the case belong to no entry; the audit has them.
    let grouped = "AND replaces IS NULL AND beside IS NULL GROUP BY institution, application_id, version";
    let columns = "application_id, version, count(*) AS n";
    for row in hanging(moment, columns, "outbox", grouped, after, &upto).await? {
        let id: String = row.try_get("", "application_id")?;
        page.parcels.entry(id).or_default().insert(row.try_get("", "version")?, row.try_get("", "n")?);
    }
    let columns = "DISTINCT application_id, address";
    let partners = "AND address LIKE 'PARTNER:%'";
    for row in hanging(moment, columns, "outbox", partners, after, &upto).await? {
        let (id, address): (String, String) =
            (row.try_get("", "application_id")?, row.try_get("", "address")?);
        if let Some((role, name)) = address.strip_prefix("PARTNER:").and_then(|rest| rest.split_once(':')) {
            page.addressed.entry(id).or_default().insert((role.to_owned(), name.to_owned()));
        }
    }
    for row in hanging(moment, "application_id, role, organisation", "engagement", "", after, &upto).await? {
        let id: String = row.try_get("", "application_id")?;
        let organisation = (row.try_get("", "role")?, row.try_get("", "organisation")?);
        page.engagements.entry(id).or_default().insert(organisation);
    }
    for row in hanging(moment, "application_id, id, task, role, due_on", "task", "", after, &upto).await? {
        let id: String = row.try_get("", "application_id")?;
        let (task, role) = (row.try_get("", "task")?, row.try_get("", "role")?);
        let task = (row.try_get("", "id")?, task, role, row.try_get("", "due_on")?);
        page.tasks.entry(id).or_default().push(task);
    }
    let columns = "application_id, timer, key, due_at";
    for row in hanging(moment, columns, "deadline", "", after, &upto).await? {
        let id: String = row.try_get("", "application_id")?;
        let due_at: DateTime<Utc> = row.try_get("", "due_at")?;
        let date = (row.try_get("", "timer")?, row.try_get("", "key")?, due_at.timestamp_micros());
        page.deadlines.entry(id).or_default().push(date);
    }
    page.open(store).await?;
    Ok(page)
}

/// The logs alone, a page of applications at a time.
pub(crate) struct Moment {
    after: Key,
}

impl Moment {
    /// Before the first application.
    pub fn start() -> Self {
        Moment { after: Key::default() }
    }

    /// The next applications with their entries; `None` at the end.
    pub async fn next(&mut self, store: &Store) -> Result<Option<Vec<(String, Vec<Line>)>>> {
        let mut page = page(store, &self.after, super::PAGE).await?;
        let Some(last) = page.applications.last() else { return Ok(None) };
        self.after = (last.institution.clone(), last.id.clone());
        let ids: Vec<String> = page.applications.iter().map(|application| application.id.clone()).collect();
        let entries = &mut page.entries;
        Ok(Some(
            ids.into_iter()
                .map(|id| {
                    let lines = entries.remove(&id).unwrap_or_default();
                    (id, lines)
                })
                .collect(),
        ))
    }
}

/// Entries whose application is not there.
pub(super) async fn orphans(store: &Store) -> Result<Vec<(String, i64)>> {
    let mut w = Where::on(store.backend());
    w.within(Within::Across);
    let missing = "NOT EXISTS (SELECT 1 FROM application a WHERE a.institution = e.institution AND \
         a.id = e.application_id)";
    w.and(missing);
    let sql = format!("SELECT e.application_id, e.version FROM entry e {} LIMIT 100", w.sql());
    let rows = store.rows(sql, w).await?;
    rows.iter().map(|r| Ok((r.try_get("", "application_id")?, r.try_get("", "version")?))).collect()
}

/// What the ledger says and nothing bears out: an item that was delivered and stands in no inbox, a parcel sent anew that follows no
/// parcel of its case, a parcel beside the case or of the bank of which the audit knows nothing, a parcel whose case is not there. With its
/// application; erased cases have neither inbox nor key.
pub(super) async fn unfounded(store: &Store) -> Result<Vec<(String, String)>> {
    let mut w = Where::on(store.backend());
    w.within(Within::Across);
    w.and(
        "((o.state = 'DELIVERED' AND o.tries LIKE '%\"said\":\"INBOX\"%' AND NOT EXISTS (SELECT 1 FROM inbox i \
         WHERE i.id = o.id) AND (o.payload NOT LIKE 'sealed:1:%' OR EXISTS (SELECT 1 FROM case_key k \
         WHERE k.institution = o.institution AND k.application_id = o.application_id))) OR (o.replaces IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox f \
         WHERE f.id = o.replaces AND f.institution = o.institution AND f.application_id = o.application_id AND f.kind = o.kind)) \
         OR (o.replaces IS NULL AND (o.version = 0 OR o.beside IS NOT NULL) AND (o.version <> 0 OR NOT EXISTS (SELECT 1 FROM audit u \
         WHERE u.id = o.beside AND u.institution = o.institution AND COALESCE(u.application_id, '') = o.application_id))) \
         OR (o.application_id <> '' AND NOT EXISTS (SELECT 1 FROM application a WHERE a.institution = o.institution AND a.id = o.application_id)) \
         OR (o.application_id = '' AND (o.beside IS NULL OR o.version <> 0)))",
    );
    let sql = format!("SELECT o.application_id, o.id, o.replaces FROM outbox o {} LIMIT 100", w.sql());
    let rows = store.rows(sql, w).await?;
    let told = |row: &QueryResult| {
        let (id, replaces): (String, Option<String>) = (row.try_get("", "id")?, row.try_get("", "replaces")?);
        let detail = match replaces {
            Some(first) => format!("parcel {id} follows {first}, which is not there"),
            None => format!(
                "parcel {id} counts as delivered and no inbox has it, has no case, or stands beside its case or bank without a line of the audit"
            ),
        };
        Ok((row.try_get("", "application_id")?, detail))
    };
    rows.iter().map(told).collect()
}

/// Rows of a table between two keys.
async fn hanging(
    moment: &DatabaseTransaction,
    columns: &str,
    table: &str,
    tail: &str,
    after: &Key,
    upto: &Key,
) -> Result<Vec<QueryResult>> {
    let sql = format!(
        "SELECT {columns} FROM {table} WHERE (institution, application_id) > ($1, $2) \
         AND (institution, application_id) <= ($3, $4) {tail}"
    );
    let values =
        vec![after.0.clone().into(), after.1.clone().into(), upto.0.clone().into(), upto.1.clone().into()];
    Ok(moment.query_all_raw(statement(moment.get_database_backend(), sql, values)).await?)
}

fn application_of(row: &QueryResult) -> Result<Application> {
    Ok(Application {
        id: row.try_get("", "id")?,
        institution: row.try_get("", "institution")?,
        branch: row.try_get("", "branch")?,
        number: row.try_get("", "number")?,
        external_id: row.try_get("", "external_id")?,
        applicant_subject: row.try_get("", "applicant_subject")?,
        stage: row.try_get("", "stage")?,
        version: row.try_get("", "version")?,
        amount_yen: row.try_get("", "amount_yen")?,
        planned_date: row.try_get("", "planned_date")?,
        head_hash: row.try_get("", "head_hash")?,
        body: Ok(row.try_get("", "body")?),
        data_key: row.try_get("", "data_key")?,
        withheld: row.try_get("", "withheld")?,
        stage_at: row.try_get("", "stage_at")?,
        name_kanji: row.try_get("", "name_kanji")?,
        name_kana: row.try_get("", "name_kana")?,
        product: row.try_get("", "product")?,
        received_on: row.try_get("", "received_on")?,
        created_at: row.try_get("", "created_at")?,
        updated_at: row.try_get("", "updated_at")?,
        updated_by: row.try_get("", "updated_by")?,
    })
}

fn line_of(row: &QueryResult) -> Result<Line> {
    Ok(Line {
        institution: row.try_get("", "institution")?,
        application_id: row.try_get("", "application_id")?,
        version: row.try_get("", "version")?,
        at: row.try_get("", "at")?,
        by: row.try_get("", "by_subject")?,
        role: row.try_get("", "role")?,
        verb: row.try_get("", "verb")?,
        reason: row.try_get("", "reason")?,
        parcels: row.try_get("", "parcels")?,
        events: row.try_get("", "events")?,
        prev_hash: row.try_get("", "prev_hash")?,
        hash: row.try_get("", "hash")?,
        input: row.try_get("", "input")?,
        opened: None,
    })
}
