//! What a decision becomes: the rows of one transition, ready to be written by any of the writers.

use crate::Result;
use crate::chain::Link;
use crate::sql::{Stamp, micros};
use crate::vault::{Closer, KeyRow, body_place, entry_place, payload_place};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::sync::Arc;
use workflows::calendar::quiet::leaves_at;
use workflows::form::PartyRole;
use workflows::machine::{Actor, Case, Decision, Effect, NoticeId, Recipient, Role, Rules, Stage};

/// Everything that one accepted command writes. Rows of which a transition has several travel as JSON, without what they share
/// with their application.
pub(crate) struct Transition {
    pub case: Arc<Case>,
    pub rows: Vec<String>,
    /// Version that the row must have; 0 for a new application.
    pub expected: i64,
    pub application: ApplicationRow,
    pub entry: EntryRow,
    pub outbox: Vec<OutboxRow>,
    pub opened: Vec<TaskRow>,
    /// Ids of tasks.
    pub closed: Vec<String>,
    pub set: Vec<DeadlineRow>,
    pub cleared: Vec<TimerRow>,
    pub engaged: Vec<EngagementRow>,
    /// The data key of a case that has none yet.
    pub data_key: Option<KeyRow>,
    pub receipt: Option<ReceiptRow>,
}

#[derive(Clone, Debug)]
pub(crate) struct ApplicationRow {
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub number: Option<String>,
    pub external_id: Option<String>,
    pub stage: String,
    pub version: i64,
    pub applicant_subject: Option<String>,
    pub name_kanji: String,
    pub name_kana: String,
    pub product: String,
    pub amount_yen: i64,
    pub planned_date: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub updated_by: String,
    pub head_hash: String,
    pub body: String,
    /// Recipients from whom the case is withheld, `|GUARANTOR|BUREAU|`, and guarantors and scrivener's offices that it has left, for scopes
    /// (`left_mark`); empty where everybody agrees (L-PRIV) and none was left.
    pub withheld: String,
}

#[derive(Clone, Debug)]
pub(crate) struct EntryRow {
    pub institution: String,
    pub application_id: String,
    pub version: i64,
    pub at: Stamp,
    pub by_subject: String,
    pub role: String,
    pub verb: String,
    pub reason: Option<String>,
    pub events: String,
    /// Outbox rows of this entry: sealed with it, so that none can vanish unseen.
    pub parcels: i64,
    pub prev_hash: String,
    pub hash: String,
    /// What it was decided from: [`crate::replay::Input`].
    pub input: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct OutboxRow {
    pub id: String,
    #[serde(skip)]
    pub institution: String,
    #[serde(skip)]
    pub application_id: String,
    #[serde(skip)]
    pub version: i64,
    pub channel: &'static str,
    pub kind: String,
    pub branch: String,
    pub subject: Option<String>,
    pub address: String,
    pub payload: String,
    pub state: &'static str,
    pub next_at: Stamp,
    pub created_at: Stamp,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TaskRow {
    pub id: String,
    #[serde(skip)]
    pub institution: String,
    #[serde(skip)]
    pub application_id: String,
    pub branch: String,
    pub task: String,
    pub role: String,
    pub organisation: Option<String>,
    pub subject: Option<String>,
    pub due_on: NaiveDate,
    pub opened_at: Stamp,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct DeadlineRow {
    #[serde(skip)]
    pub institution: String,
    #[serde(skip)]
    pub application_id: String,
    pub timer: String,
    pub key: String,
    pub due_at: Stamp,
    pub next_at: Stamp,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimerRow {
    pub timer: String,
    pub key: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct EngagementRow {
    #[serde(skip)]
    pub institution: String,
    #[serde(skip)]
    pub application_id: String,
    pub role: String,
    pub organisation: String,
}

#[derive(Clone, Debug)]
pub(crate) struct ReceiptRow {
    pub institution: String,
    pub caller: String,
    pub key: String,
    pub body_hash: String,
    pub application_id: Option<String>,
    pub outcome: String,
    pub at: Stamp,
}

/// Where a transition starts: version and chain head of the stored row, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub version: i64,
    pub hash: String,
    pub created_at: DateTime<Utc>,
}

/// Turns a decision into rows, sealed where the case has a data key.
pub(crate) fn transition(
    decision: Decision,
    head: Option<&Head>,
    actor: &Actor,
    input: Option<String>,
    closer: Option<&Closer>,
) -> Result<Transition> {
    let Decision { entry, case, effects, rows } = decision;
    let case = Arc::new(case);
    let at = micros(entry.at);
    let version = entry.version as i64;
    let expected = head.map_or(0, |h| h.version);
    let mut transition = Transition {
        rows: rows.into_iter().map(str::to_owned).collect(),
        expected,
        application: application_row(&case, head.map_or(at, |h| h.created_at), at, &actor.subject)?,
        entry: EntryRow { input, ..entry_row(&case, &entry, head)? },
        outbox: vec![],
        opened: vec![],
        closed: vec![],
        set: vec![],
        cleared: vec![],
        engaged: vec![],
        data_key: None,
        receipt: None,
        case,
    };
    for (n, effect) in effects.iter().enumerate() {
        transition.follow(n, effect, version, at)?;
    }
    transition.engage_core_banking();
    // One statement cannot delete and write the same row: a date that is set again is only set.
    let Transition { set, cleared, .. } = &mut transition;
    cleared.retain(|c| !set.iter().any(|s| s.timer == c.timer && s.key == c.key));
    if let Some(closer) = closer {
        transition.close(closer)?;
    }
    transition.seal();
    Ok(transition)
}

fn entry_row(case: &Case, entry: &workflows::machine::Entry, head: Option<&Head>) -> Result<EntryRow> {
    let events = serde_json::to_string(&entry.events)?;
    let prev_hash = head.map_or_else(|| crate::chain::GENESIS.to_owned(), |h| h.hash.clone());
    Ok(EntryRow {
        institution: case.institution.clone(),
        application_id: case.id.clone(),
        version: entry.version as i64,
        at: Stamp::of(entry.at),
        by_subject: entry.by.clone(),
        role: entry.role.code().to_owned(),
        verb: entry.verb.code().to_owned(),
        reason: entry.reason.clone(),
        events,
        parcels: 0,
        prev_hash,
        hash: String::new(),
        input: None,
    })
}

fn application_row(
    case: &Case,
    created_at: DateTime<Utc>,
    at: DateTime<Utc>,
    by: &str,
) -> Result<ApplicationRow> {
    let applicant = case.form.applicant();
    Ok(ApplicationRow {
        id: case.id.clone(),
        institution: case.institution.clone(),
        branch: case.branch.clone(),
        number: (!case.number.is_empty()).then(|| case.number.clone()),
        external_id: case.external_id.clone(),
        stage: case.stage.code().to_owned(),
        version: case.version as i64,
        applicant_subject: case.applicant.clone(),
        name_kanji: applicant.map(|p| p.name_kanji.clone()).unwrap_or_default(),
        name_kana: applicant.map(|p| p.name_kana.clone()).unwrap_or_default(),
        product: case.form.product.code().to_owned(),
        amount_yen: case.amount_yen(),
        planned_date: case.planned_date(),
        received_on: case.received_at.map(workflows::calendar::tokyo_date),
        created_at: Stamp::of(created_at),
        updated_at: Stamp::of(at),
        updated_by: by.to_owned(),
        head_hash: String::new(),
        body: serde_json::to_string(case)?,
        withheld: withheld(case),
    })
}

/// Recipients from whom a case is withheld, and organisations that it has left, each between bars.
pub(crate) fn withheld(case: &Case) -> String {
    let mut marks: String =
        case.withheld_from.iter().map(|recipient| format!("|{}", recipient.code())).collect();
    let guarantors = case.former_guarantors.iter().map(|name| left_mark(Role::Guarantor, name));
    let offices = case.former_offices.iter().map(|name| left_mark(Role::Scrivener, name));
    marks.extend(guarantors.chain(offices).map(|mark| format!("|{mark}")));
    if !marks.is_empty() {
        marks.push('|');
    }
    marks
}

/// The mark of an organisation that the case has left for another one. Hexadecimal, so that no name reads as another's or as a pattern.
pub(crate) fn left_mark(role: Role, organisation: &str) -> String {
    format!("{}={}", role.code(), hex::encode(organisation))
}

impl Transition {
    /// Replaces what tells of people by what is stored of it (decision 16). The hash of the entry is over the result.
    fn close(&mut self, closer: &Closer) -> Result<()> {
        let (application, entry) = (&mut self.application, &mut self.entry);
        application.body = closer.close(&body_place(application.version), &application.body)?;
        let place = |column: &str| entry_place(entry.version, column);
        entry.events = closer.close(&place("events"), &entry.events)?;
        entry.input = closer.close_any(&place("input"), entry.input.as_deref())?;
        entry.reason = closer.close_any(&place("reason"), entry.reason.as_deref())?;
        for parcel in &mut self.outbox {
            parcel.payload = closer.close(&payload_place(&parcel.id), &parcel.payload)?;
        }
        Ok(())
    }

    /// Mails to people of the case that are not urgent leave by day, when their branch is open.
    fn quiet_until(&self, rules: &dyn Rules, at: DateTime<Utc>) -> DateTime<Utc> {
        leaves_at(at, |day| rules.is_business_day(&self.case.form, day))
    }

    /// Lets the mails wait that are not for the night. When a parcel is due is no part of what is sealed.
    pub fn keep_quiet(&mut self, rules: &dyn Rules) {
        let waits = |parcel: &OutboxRow| {
            let urgent = NoticeId::parse(&parcel.kind).is_some_and(NoticeId::is_urgent);
            parcel.channel == "EMAIL" && !parcel.address.starts_with("DESK:") && !urgent
        };
        if !self.outbox.iter().any(waits) {
            return;
        }
        let until = Stamp::of(self.quiet_until(rules, self.entry.at.0));
        for parcel in self.outbox.iter_mut().filter(|parcel| waits(parcel)) {
            parcel.next_at = until;
        }
    }

    /// Closes the entry with its hash; the application carries the head of its chain.
    fn seal(&mut self) {
        let entry = &mut self.entry;
        entry.parcels = self.outbox.len() as i64;
        entry.hash = Link {
            prev: &entry.prev_hash,
            institution: &entry.institution,
            application_id: &entry.application_id,
            version: entry.version,
            at: entry.at.0,
            by: &entry.by_subject,
            role: &entry.role,
            verb: &entry.verb,
            reason: entry.reason.as_deref(),
            parcels: entry.parcels,
            events: &entry.events,
            input: entry.input.as_deref(),
        }
        .hash();
        self.application.head_hash = entry.hash.clone();
    }

    fn follow(&mut self, n: usize, effect: &Effect, version: i64, at: DateTime<Utc>) -> Result<()> {
        match effect {
            Effect::Notify { notice, to, .. } => {
                let channels: &[&'static str] = match to {
                    Recipient::Party { .. } | Recipient::Desk { .. } => &["INBOX", "EMAIL"],
                    Recipient::Partner { .. } => &["INBOX"],
                };
                if let Recipient::Partner { role, organisation } = to {
                    self.engage(*role, organisation);
                }
                let payload = serde_json::to_string(effect)?;
                for channel in channels {
                    let (address, subject) = address(&self.case, to);
                    let row =
                        self.outbox_row(n, version, at, (channel, notice.code(), address), payload.clone());
                    self.outbox.push(OutboxRow { subject, ..row });
                }
            }
            Effect::Send { message, organisation, .. } => {
                self.engage(message.role(), organisation);
                let address = crate::outbox::partner_address(message.role(), organisation);
                let payload = serde_json::to_string(effect)?;
                let row = self.outbox_row(n, version, at, ("PARTNER", message.code(), address), payload);
                self.outbox.push(row);
            }
            // Made beside the case alone; what a decision has to say is a notice.
            Effect::Mail { .. } => {}
            Effect::OpenTask(task) => {
                let organisation = task.role.is_partner().then(|| self.case.engagements.get(&task.role));
                let organisation = organisation.flatten().cloned();
                if let Some(organisation) = &organisation {
                    self.engage(task.role, organisation);
                }
                self.opened.push(TaskRow {
                    id: format!("{}:{}", self.case.id, task.id),
                    institution: self.case.institution.clone(),
                    application_id: self.case.id.clone(),
                    branch: self.case.branch.clone(),
                    task: task.task.code().to_owned(),
                    role: task.role.code().to_owned(),
                    organisation,
                    subject: (task.role == Role::Applicant).then(|| self.case.applicant.clone()).flatten(),
                    due_on: task.due_on,
                    opened_at: Stamp::of(at),
                });
            }
            Effect::CloseTask { id } => self.closed.push(format!("{}:{id}", self.case.id)),
            Effect::SetDeadline(deadline) => {
                self.set.retain(|s| !(s.timer == deadline.timer.code() && s.key == deadline.key));
                self.set.push(DeadlineRow {
                    institution: self.case.institution.clone(),
                    application_id: self.case.id.clone(),
                    timer: deadline.timer.code().to_owned(),
                    key: deadline.key.clone(),
                    due_at: Stamp::of(deadline.due_at),
                    next_at: Stamp::of(deadline.due_at),
                });
            }
            Effect::ClearDeadline { timer, key } => {
                self.cleared.push(TimerRow { timer: timer.code().to_owned(), key: key.clone() });
            }
        }
        Ok(())
    }

    /// From its contract on, the case concerns core banking: arrears of the customer stop the delivery (I-08).
    fn engage_core_banking(&mut self) {
        let organisation = self.case.engagements.get(&Role::CoreBanking).cloned();
        if let Some(organisation) = organisation.filter(|_| self.case.stage == Stage::Contracted) {
            self.engage(Role::CoreBanking, &organisation);
        }
    }

    /// From its first message, task or notice on, the case concerns the partner.
    fn engage(&mut self, role: Role, organisation: &str) {
        let known = |e: &EngagementRow| e.role == role.code() && e.organisation == organisation;
        if organisation.is_empty() || self.engaged.iter().any(known) {
            return;
        }
        self.engaged.push(EngagementRow {
            institution: self.case.institution.clone(),
            application_id: self.case.id.clone(),
            role: role.code().to_owned(),
            organisation: organisation.to_owned(),
        });
    }

    fn outbox_row(
        &self,
        n: usize,
        version: i64,
        at: DateTime<Utc>,
        (channel, kind, address): (&'static str, &str, String),
        payload: String,
    ) -> OutboxRow {
        OutboxRow {
            id: format!("{}.{version}.{n}.{channel}", self.case.id),
            institution: self.case.institution.clone(),
            application_id: self.case.id.clone(),
            version,
            channel,
            kind: kind.to_owned(),
            branch: self.case.branch.clone(),
            subject: None,
            address,
            payload,
            state: "WAITING",
            next_at: Stamp::of(at),
            created_at: Stamp::of(at),
        }
    }
}

/// Where an item for this recipient is put, and whose sign-in it belongs to.
pub(crate) fn address(case: &Case, to: &Recipient) -> (String, Option<String>) {
    match to {
        Recipient::Party { party_id } => {
            let is_applicant = case.form.party(party_id).is_some_and(|p| p.role == PartyRole::Applicant);
            match case.applicant.as_ref().filter(|_| is_applicant) {
                Some(subject) => (subject.clone(), Some(subject.clone())),
                None => (format!("PARTY:{}:{party_id}", case.id), None),
            }
        }
        Recipient::Desk { role } => {
            (format!("DESK:{}:{}:{}", case.institution, case.branch, role.code()), None)
        }
        Recipient::Partner { role, organisation } => {
            (crate::outbox::partner_address(*role, organisation), None)
        }
    }
}
