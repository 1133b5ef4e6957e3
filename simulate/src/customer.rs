//! The applicant of one case: hands in, signs, names dates, changes the mind at times, and waits.

mod moves;

use crate::client::{Answer, Session};
use crate::desk::{Act, Case, perform};
use crate::error::{Error, Result};
use crate::sight;
use crate::view::View;
use crate::world::{Play, World};
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Waits between two looks at the case.
const SHORTEST: Duration = Duration::from_millis(60);
const LONGEST: Duration = Duration::from_millis(400);

/// What an applicant is made of.
pub(crate) struct Customer {
    pub session: Arc<Session>,
    /// A clerk's eyes, for the reason why the bank does not move.
    pub clerk: Option<Arc<Session>>,
    pub world: Arc<World>,
    pub play: Arc<Play>,
    /// The form as sent.
    pub form: Value,
    pub seed: u64,
    /// Real time without any change after which the case counts as stuck.
    pub patience: Duration,
    /// The bank has the case already: its id, where it was found under the sender's number.
    pub imported: Option<Option<String>>,
    /// Places on the floor: so many cases are active at the same time.
    pub floor: Arc<Semaphore>,
}

/// How a case went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub application_id: String,
    pub stage: String,
    /// Nothing moved any more, though nobody had stopped it.
    pub stuck: Option<String>,
}

/// What the applicant does next.
pub(crate) enum Move {
    Give(Vec<Act>),
    /// Nothing, until others have moved.
    Watch,
    /// Nothing, until the bank's date is this one.
    Until(NaiveDate),
    /// Nothing, for so long on the bank's clock.
    For(chrono::Duration),
    /// It is over.
    End,
}

impl Customer {
    /// Lives through the case. The clock is told at the end whatever happens.
    pub async fn live(self) -> Result<Outcome> {
        let outcome = self.through().await;
        self.world.rest(self.bank());
        self.world.clock.leave();
        outcome
    }

    fn bank(&self) -> &str {
        &self.session.credential.institution
    }

    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // The floor is never closed.
        self.floor.acquire().await.ok()
    }

    async fn through(&self) -> Result<Outcome> {
        if self.imported.is_some() {
            self.wait_for_reception().await;
        }
        let mut place = self.place().await;
        self.world.begin(self.bank());
        let id = match &self.imported {
            Some(known) => known.clone(),
            None => self.apply().await?,
        };
        let Some(id) = id else {
            return Ok(Outcome { stage: "NOT_FOUND".into(), ..Outcome::default() });
        };
        self.world.enter(&id, &self.play);
        let mut refused: BTreeMap<String, i64> = BTreeMap::new();
        let (mut wait, mut seen, mut since) = (SHORTEST, -1, Instant::now());
        loop {
            let view = sight::read(&self.session, &id).await?.ok_or_else(|| Error::Unexpected {
                what: "application".into(),
                answer: format!("{id} is gone"),
            })?;
            let (stage, version) = (view.stage().to_owned(), view.version());
            if version != seen {
                (seen, since, wait) = (version, Instant::now(), SHORTEST);
            }
            if self.play.stop().is_some() {
                return Ok(Outcome { application_id: id, stage, stuck: None });
            }
            let today = self.world.clock.today();
            let case = Case::new(view, &self.play, today, self.seed);
            let moved = match self.next(&case) {
                Move::End => return Ok(Outcome { application_id: id, stage, stuck: None }),
                Move::Give(acts) => self.give(&id, acts, version, &mut refused).await?,
                Move::Watch => false,
                idle @ (Move::Until(_) | Move::For(_)) => {
                    drop(place.take());
                    self.world.rest(self.bank());
                    self.idle(idle).await;
                    place = self.place().await;
                    self.world.begin(self.bank());
                    true
                }
            };
            if moved {
                since = Instant::now();
                continue;
            }
            if since.elapsed() > self.patience && self.session.stats().is_still(self.patience) {
                return self.give_up(id, stage).await;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST);
        }
    }

    async fn idle(&self, idle: Move) {
        let clock = &self.world.clock;
        match idle {
            Move::Until(date) => clock.until(date).await,
            Move::For(length) => clock.until_instant(clock.now() + length).await,
            Move::Give(_) | Move::Watch | Move::End => {}
        }
    }

    /// Gives commands in order until one is refused; true where any was accepted.
    async fn give(
        &self,
        id: &str,
        acts: Vec<Act>,
        version: i64,
        refused: &mut BTreeMap<String, i64>,
    ) -> Result<bool> {
        let mut accepted = false;
        for act in acts {
            let name = format!("{}{:?}", act.verb, act.arguments);
            if refused.get(&name) == Some(&version) {
                continue;
            }
            match perform(&self.session, id, &self.play, &act).await? {
                Answer::Done(_) => accepted = true,
                Answer::Conflict => break,
                _ => {
                    refused.insert(name, version);
                    break;
                }
            }
        }
        Ok(accepted)
    }

    /// Nothing moves: is the bank itself held back by a lending rule, or is the case stuck?
    async fn give_up(&self, id: String, stage: String) -> Result<Outcome> {
        if let (Some(clerk), "SCHEDULED") = (&self.clerk, stage.as_str()) {
            let unmet = sight::in_the_way(clerk, &id, "makeReady").await?;
            self.play.stopped_at("makeReady", &unmet);
            if self.play.stop().is_some() {
                return Ok(Outcome { application_id: id, stage, stuck: None });
            }
            let codes: Vec<String> = unmet.into_iter().map(|u| u.code).collect();
            return Ok(Outcome { application_id: id, stage, stuck: Some(codes.join(" ")) });
        }
        let tracks = match sight::read(&self.session, &id).await? {
            Some(view) => tracks_of(&view),
            None => String::new(),
        };
        Ok(Outcome { application_id: id, stage, stuck: Some(tracks) })
    }

    /// Writes the draft and hands it in, unless the script throws it away.
    async fn apply(&self) -> Result<Option<String>> {
        let mut arguments = Map::new();
        arguments.insert("form".into(), sight::camel(&self.form));
        let id = match self.session.act("createDraft", &arguments).await? {
            Answer::Done(done) => done.id,
            other => {
                return Err(Error::Unexpected { what: "createDraft".into(), answer: format!("{other:?}") });
            }
        };
        let discards = self.play.script.end == crate::script::End::Discarded;
        let act = if discards {
            Act::new("discardDraft", json!({}))
        } else {
            Act::new("submitApplication", json!({ "externalId": self.play.external_id }))
        };
        perform(&self.session, &id, &self.play, &act).await?;
        Ok(Some(id))
    }

    /// The case begins on the day of its reception.
    async fn wait_for_reception(&self) {
        let received = self.form.get("received_at").and_then(Value::as_str);
        let received: Option<chrono::DateTime<chrono::Utc>> = received.and_then(|text| text.parse().ok());
        if let Some(received) = received {
            // Intake is worked once a week: cases that came in together go through together.
            let day = crate::calendar::tokyo_date(received);
            let monday = i64::from((7 - day.weekday().num_days_from_monday()) % 7);
            self.world.clock.until(crate::calendar::days_after(day, monday)).await;
        }
    }
}

fn tracks_of(view: &View) -> String {
    let tracks = view.list("tracks").iter().map(|t| {
        let text = |name: &str| t.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} {} {}", text("track"), text("key"), text("state"))
    });
    tracks.collect::<Vec<_>>().join(", ")
}
