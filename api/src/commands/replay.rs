//! `yushi replay`: every decision made again from what it was decided from. Exit code 1 on a difference.

use super::{Done, Failure, place, say, say_json};
use crate::cli::ReplayArgs;
use chrono::{DateTime, Utc};
use db::rates::KNOWN_WITHIN;
use db::replay::{Archive, Replayed, Versioned, replay};
use std::collections::BTreeMap;
use std::sync::Arc;
use workflows::machine::Rulebook;
use workflows::product::posting::DatedRate;

/// Replays the whole store and prints what came out otherwise.
pub async fn run(args: &ReplayArgs) -> Done {
    let (store, rules) = place::open(&args.at).await?;
    let approved = store.approved_rates().await.map_err(|error| place::database(&error))?;
    let shelf = Shelf::of(&rules, approved);
    let replayed = replay(&store, &shelf).await.map_err(|error| place::database(&error))?;
    if args.json {
        say_json(&replayed)?;
    } else {
        for found in &replayed.differences {
            let (application, version, verb) = (&found.application, found.version, &found.verb);
            say(format!("{application} entry {version} {verb} {}: {}", found.kind, found.detail))?;
        }
        let Replayed { applications, decided, equal, without_input, other_edition, erased, .. } = &replayed;
        say(format!(
            "申込 {applications}件（うち消去済み {erased}件）、再判定 {decided}件、一致 {equal}件、入力なし {without_input}件、他の版による判定 {other_edition}件\n\
             {applications} applications ({erased} erased), {decided} decided again, {equal} equal, {without_input} without an input, {other_edition} decided by another edition of the program"
        ))?;
    }
    match replayed.differences.len() {
        0 => Ok(()),
        count => Err(Failure::finding(
            format!("{count}件の判定が再現されません。"),
            format!("{count} decision(s) come out otherwise"),
        )),
    }
}

/// The rules of the files with the rates as they stood at each instant.
pub struct Shelf {
    base: Arc<Rulebook>,
    /// By bank, in the order of approvals.
    dated: BTreeMap<String, Vec<Step>>,
}

/// The instant of an approval, and the rules from then on.
type Step = (DateTime<Utc>, Arc<Rulebook>);

impl Shelf {
    /// The rules of the files, and after each approval those with the lines approved so far.
    pub fn of(base: &Arc<Rulebook>, approved: Vec<DatedRate>) -> Self {
        let mut by_bank: BTreeMap<String, Vec<DatedRate>> = BTreeMap::new();
        for line in approved {
            by_bank.entry(line.institution.clone()).or_default().push(line);
        }
        let dated = by_bank.into_iter().map(|(bank, mut lines)| {
            lines.sort_by_key(|line| line.decided_at);
            let steps = (1..=lines.len()).filter_map(|n| {
                let rates = Arc::new(base.rates.with(&lines[..n]));
                let rules = Rulebook { books: base.books.clone(), rates };
                Some((lines[n - 1].decided_at?, Arc::new(rules)))
            });
            (bank, steps.collect())
        });
        Self { base: base.clone(), dated: dated.collect() }
    }
}

impl Archive for Shelf {
    /// Those of the last approval before the instant first; then what a process that had not heard of it yet decided by.
    fn rules(&self, bank: &str, at: DateTime<Utc>) -> Vec<Arc<dyn Versioned + Send + Sync>> {
        let dated = self.dated.get(bank).map_or(&[][..], Vec::as_slice);
        let known = dated.iter().filter(|(decided, _)| *decided <= at).count();
        let surely = dated.iter().filter(|(decided, _)| *decided + KNOWN_WITHIN <= at).count();
        let nth = |n: usize| -> Arc<dyn Versioned + Send + Sync> {
            match n.checked_sub(1).and_then(|n| dated.get(n)) {
                Some((_, rules)) => rules.clone(),
                None => self.base.clone(),
            }
        };
        (surely..=known).rev().map(nth).collect()
    }
}
