//! INV-1 to INV-10 (domain E.5) as far as a log shows them, entry by entry. INV-7 holds by construction: a notice has no
//! field for screening content.

use super::Findings;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use workflows::machine::case::{ContractFact, insurance_key};
use workflows::machine::facts::PostingState;
use workflows::machine::row::Tells;
use workflows::machine::{Case, Entry, Event, Rules, Stage, Table, Track, TrackState};

/// What must be remembered along one log.
pub(super) struct Watch<'a> {
    rules: &'a (dyn Rules + Send + Sync),
    table: &'a Table,
    ordered: BTreeSet<String>,
    posted: BTreeSet<String>,
    explained: BTreeMap<String, (u64, DateTime<Utc>)>,
}

impl<'a> Watch<'a> {
    pub fn new(rules: &'a (dyn Rules + Send + Sync), table: &'a Table) -> Self {
        Watch { rules, table, ordered: BTreeSet::new(), posted: BTreeSet::new(), explained: BTreeMap::new() }
    }

    /// Looks at one entry between the case before and after it.
    pub fn entry(
        &mut self,
        before: Option<&Case>,
        entry: &Entry,
        after: &Case,
        parcels: i64,
        findings: &mut Findings<'_>,
    ) {
        complete(before, entry, findings);
        self.told(entry, parcels, findings);
        let Some(before) = before else { return };
        self.postings(before, entry, after, findings);
        for event in &entry.events {
            match event {
                Event::Moved { to: Stage::Disbursing, .. } => disbursing(before, findings),
                Event::Moved { to: Stage::Contracted, from: Stage::ContractTendered, .. } => {
                    self.contracted(before, entry, findings);
                }
                Event::Moved { to: Stage::Ready, .. } => self.ready(before, findings),
                Event::ChangeOpened { .. } if before.stage.is_contract_formed() => {
                    findings.add("INV-5", format!("a change was opened in {}", before.stage));
                }
                Event::Signatory { party_id, fact: ContractFact::Explained } => {
                    self.explained.entry(party_id.clone()).or_insert((entry.version, entry.at));
                }
                _ => {}
            }
        }
        append_only(before, entry, after, findings);
    }

    /// A row of the main stage that names recipients left at least one parcel.
    fn told(&self, entry: &Entry, parcels: i64, findings: &mut Findings<'_>) {
        for event in &entry.events {
            let Event::Moved { row, .. } = event else { continue };
            let tells = self.table.row(row).map(|r| r.tells);
            let Some(Tells::Notices([_, ..])) = tells else { continue };
            findings.need(parcels > 0, "OUTBOX", || format!("{row} told nobody (entry {})", entry.version));
        }
    }

    /// INV-1 and INV-2.
    fn postings(&mut self, before: &Case, entry: &Entry, after: &Case, findings: &mut Findings<'_>) {
        for event in &entry.events {
            match event {
                Event::PostingOrdered { posting } => {
                    findings.need(self.ordered.insert(posting.key.clone()), "INV-1", || {
                        format!("posting {} was ordered twice", posting.key)
                    });
                    findings.need(before.stage != Stage::OnHold, "INV-8", || {
                        format!("posting {} was ordered on hold", posting.key)
                    });
                }
                Event::PostingSettled { key, state: PostingState::Posted, .. } => {
                    let returning = before.postings.iter().any(|p| {
                        p.key == *key && matches!(p.state, PostingState::Reversing | PostingState::Posted)
                    });
                    findings.need(self.posted.insert(key.clone()) || returning, "INV-1", || {
                        format!("posting {key} was made twice")
                    });
                }
                _ => {}
            }
        }
        let out: i64 = after
            .postings
            .iter()
            .filter(|p| {
                !matches!(p.state, PostingState::Rejected | PostingState::Reversed | PostingState::Repaid)
            })
            .map(|p| p.amount_yen)
            .sum();
        let contract = after.approval.as_ref().map_or(0, |a| a.form.requested_amount_yen.0);
        findings.need(out == 0 || out <= contract, "INV-2", || {
            format!("{out} yen are out on a contract of {contract} (entry {})", entry.version)
        });
    }

    /// INV-4: everyone was told earlier, every insurance is decided.
    fn contracted(&self, before: &Case, entry: &Entry, findings: &mut Findings<'_>) {
        for party in &before.form.parties {
            let told = self.explained.get(&party.party_id);
            let earlier = told.is_some_and(|(version, at)| *version < entry.version && *at <= entry.at);
            findings.need(earlier, "INV-4", || {
                format!("{} signed without an explanation before", party.party_id)
            });
        }
        for (key, state, _) in self.covers(before) {
            findings.need(matches!(state, Some(TrackState::Accepted | TrackState::InForce)), "INV-4", || {
                format!("insurance {key} was undecided at the contract")
            });
        }
    }

    /// INV-9: no declaration had run out.
    fn ready(&self, before: &Case, findings: &mut Findings<'_>) {
        let date = before.planned_date();
        for (key, state, last) in self.covers(before) {
            let valid = state == Some(TrackState::InForce) || last.is_some_and(|last| last >= date);
            findings.need(valid && state != Some(TrackState::Expired), "INV-9", || {
                format!("the declaration of {key} had expired on {date}")
            });
        }
    }

    /// The required covers without an exception: key, state, last valid day.
    fn covers(&self, case: &Case) -> Vec<(String, Option<TrackState>, Option<chrono::NaiveDate>)> {
        let required = self.rules.required_covers(&case.form);
        let mut covers = vec![];
        for cover in required.iter().filter(|c| !case.insurance_exceptions.contains(&c.party_id)) {
            let key = insurance_key(&cover.party_id, cover.loan_no);
            let state = case.track_state(Track::Ins, &key);
            covers.push((key, state, cover.last_valid_day));
        }
        covers
    }
}

/// INV-3 and INV-8.
fn disbursing(before: &Case, findings: &mut Findings<'_>) {
    let formed = before.contract.as_ref().is_some_and(|c| c.formed_on.is_some());
    findings.need(formed, "INV-3", || "disbursing without a formed contract".to_owned());
    findings.need(before.stage != Stage::OnHold, "INV-8", || "disbursing from a hold".to_owned());
}

/// INV-6: what was approved or filed stays as it was, unless a fact of the entry says otherwise.
fn append_only(before: &Case, entry: &Entry, after: &Case, findings: &mut Findings<'_>) {
    let replaced = entry.events.iter().any(|e| {
        matches!(e, Event::ContentReplaced { .. } | Event::ApprovalRestored | Event::ChangeTaken { .. })
    });
    let kept = after.form.documents.starts_with(&before.form.documents)
        && after.form.consents.starts_with(&before.form.consents);
    findings.need(replaced || kept, "INV-6", || format!("entry {} took papers away", entry.version));
    for event in &entry.events {
        let Event::ContentReplaced { content_version, .. } = event else { continue };
        let known =
            *content_version <= before.content_version || *content_version == before.content_versions + 1;
        findings.need(known, "INV-6", || format!("content version {content_version} skips one"));
    }
    let stored = entry
        .events
        .iter()
        .any(|e| matches!(e, Event::ApprovalStored { .. } | Event::ConditionEvidenced { .. }));
    findings.need(stored || before.approval == after.approval, "INV-6", || {
        format!("entry {} changed the approval", entry.version)
    });
}

/// INV-10: who, when and from where to where, without a gap.
fn complete(before: Option<&Case>, entry: &Entry, findings: &mut Findings<'_>) {
    findings.need(!entry.by.is_empty(), "INV-10", || format!("entry {} was made by nobody", entry.version));
    let mut stage = before.map_or(Stage::Draft, |c| c.stage);
    for event in &entry.events {
        let Event::Moved { from, to, row } = event else { continue };
        findings.need(*from == stage, "INV-10", || format!("{row} left {from}, the case stood in {stage}"));
        stage = *to;
    }
}
