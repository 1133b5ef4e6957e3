//! The applicant of one case: hands in, signs, names dates, changes the mind at times, and waits.

mod moves;

use crate::client::{Answer, Session};
use crate::desk::{Act, Case, perform};
use crate::error::{Error, Result};
use crate::sight;
use crate::view::View;
use crate::world::{Play, World};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Waits between two looks at a case on which nobody rings.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(250);
/// After this time without any change a case is quiet: what was to come at once has come.
const LONG: Duration = Duration::from_millis(600);
/// Longer than the bank waits before it tries again what it refused itself.
const A_WHILE: chrono::Duration = chrono::Duration::seconds(35);
/// How often a case lets the clock go on for that.
const PAUSES: u32 = 20;

/// Since when nothing has happened to a case.
struct Quiet {
    mark: (i64, usize),
    since: Instant,
    wait: Duration,
    pauses: u32,
    /// Real time that others take for a command.
    pace: Duration,
}

impl Quiet {
    fn at(pace: Duration, mark: (i64, usize)) -> Self {
        Quiet { mark, since: Instant::now(), wait: SHORTEST + pace / 4, pauses: 0, pace }
    }

    /// Begins again where something has happened.
    fn unless(&mut self, mark: (i64, usize)) {
        if self.mark != mark {
            *self = Quiet::at(self.pace, mark);
        }
    }

    fn is_long(&self) -> bool {
        self.since.elapsed() > LONG + self.pace * 2
    }

    /// The next wait; they grow.
    fn wait(&mut self) -> Duration {
        let wait = self.wait;
        self.wait = (self.wait * 2).min(LONGEST + self.pace);
        wait
    }
}

/// What an applicant sees while waiting.
enum Seen {
    Moved,
    Nothing,
    /// It goes no further; with what holds it, where no rule of the bank does.
    Over(Option<String>),
}

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
    /// Real time that others take for a command.
    pub pace: Duration,
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
        let id = match &self.imported {
            Some(known) => known.clone(),
            None => self.apply().await?,
        };
        let Some(id) = id else {
            return Ok(Outcome { stage: "NOT_FOUND".into(), ..Outcome::default() });
        };
        self.world.enter(&id, &self.play);
        let mut refused: BTreeMap<String, i64> = BTreeMap::new();
        // Somebody is to look at the case on a new date, even if nothing happened since.
        let mut anew = true;
        let mut quiet = Quiet::at(self.pace, (-1, 0));
        loop {
            if anew || self.play.is_uncalled() {
                self.call(&id, anew).await?;
                anew = false;
            }
            let mark = self.play.mark();
            let view = sight::read(&self.session, &id).await?.ok_or_else(|| Error::Unexpected {
                what: "application".into(),
                answer: format!("{id} is gone"),
            })?;
            let (stage, version) = (view.stage().to_owned(), view.version());
            self.play.saw(version);
            quiet.unless((version, mark.1));
            if self.play.stop().is_some() {
                return Ok(Outcome { application_id: id, stage, stuck: None });
            }
            let today = self.world.clock.today();
            let case = Case::new(view, &self.play, today, self.seed);
            let idle = match self.next(&case) {
                Move::End => return Ok(Outcome { application_id: id, stage, stuck: None }),
                Move::Give(acts) if self.give(&id, &acts, version, &mut refused).await? => continue,
                Move::Give(_) | Move::Watch if self.play.is_uncalled() => continue,
                Move::Give(_) | Move::Watch => match self.watch(&id, &case, &mut quiet).await? {
                    Seen::Moved => continue,
                    Seen::Over(stuck) => return Ok(Outcome { application_id: id, stage, stuck }),
                    Seen::Nothing => Move::For(A_WHILE),
                },
                idle @ (Move::Until(_) | Move::For(_)) => idle,
            };
            drop(place.take());
            self.idle(idle).await;
            place = self.place().await;
            anew = true;
        }
    }

    /// Calls everybody for whom the bank says that work is open.
    async fn call(&self, id: &str, again: bool) -> Result<()> {
        let Some(clerk) = &self.clerk else { return Ok(()) };
        let (version, mut roles) = sight::open_work(clerk, id).await?;
        // What waits for compliance is told to compliance alone (L-93): it looks for itself.
        roles.insert("COMPLIANCE".to_owned());
        self.world.call(self.bank(), id, version, &roles, again);
        Ok(())
    }

    /// Waits while others work on the case.
    async fn watch(&self, id: &str, case: &Case<'_>, quiet: &mut Quiet) -> Result<Seen> {
        let fixed = case.view.date("fixedDate.date");
        let on_the_day = case.view.stage() == "SCHEDULED" && fixed.is_some_and(|date| date <= case.today);
        loop {
            self.play.moved(quiet.wait()).await;
            if self.play.mark() != quiet.mark || self.play.stop().is_some() {
                return Ok(Seen::Moved);
            }
            // The bank acts by itself as well, and rings nobody's bell.
            self.call(id, quiet.is_long()).await?;
            if self.play.mark() != quiet.mark {
                return Ok(Seen::Moved);
            }
            if on_the_day && quiet.is_long() && self.is_held_back(id).await? {
                return Ok(Seen::Over(None));
            }
            // What the bank itself tries again later needs its clock to go on.
            if quiet.is_long()
                && quiet.pauses < PAUSES
                && matches!(case.view.stage(), "SCHEDULED" | "DISBURSED")
            {
                quiet.pauses += 1;
                return Ok(Seen::Nothing);
            }
            if quiet.since.elapsed() > self.patience && self.session.stats().is_still(self.patience) {
                return self.give_up(id, case.view.stage()).await.map(Seen::Over);
            }
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
        acts: &[Act],
        version: i64,
        refused: &mut BTreeMap<String, i64>,
    ) -> Result<bool> {
        let mut accepted = false;
        for act in acts {
            let name = format!("{}{:?}", act.verb, act.arguments);
            if refused.get(&name) == Some(&version) {
                continue;
            }
            match perform(&self.session, &self.world, id, &self.play, act).await? {
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

    /// Is the bank itself held back by a lending rule on the day?
    async fn is_held_back(&self, id: &str) -> Result<bool> {
        let Some(clerk) = &self.clerk else { return Ok(false) };
        let mut unmet = sight::in_the_way(clerk, id, "makeReady").await?;
        // Building, mortgage and terms after a drawing are work that others still do (S-09).
        unmet.retain(|one| one.code != "N-MAIN-ALLOWED");
        self.play.stopped_at("makeReady", &unmet);
        Ok(self.play.stop().is_some())
    }

    /// Nothing moves any more: what stands where, for whoever looks into it.
    async fn give_up(&self, id: &str, stage: &str) -> Result<Option<String>> {
        let mut text = match sight::read(&self.session, id).await? {
            Some(view) => tracks_of(&view),
            None => String::new(),
        };
        if let (Some(clerk), "SCHEDULED") = (&self.clerk, stage) {
            let unmet = sight::in_the_way(clerk, id, "makeReady").await?;
            text.extend(unmet.into_iter().map(|u| format!(" {}", u.code)));
        }
        Ok(Some(text))
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
        perform(&self.session, &self.world, &id, &self.play, &act).await?;
        Ok(Some(id))
    }

    /// The case begins on the day of its reception.
    async fn wait_for_reception(&self) {
        let received = self.form.get("received_at").and_then(Value::as_str);
        let received: Option<chrono::DateTime<chrono::Utc>> = received.and_then(|text| text.parse().ok());
        if let Some(received) = received {
            // Intake is worked once a week: cases that came in together go through together.
            let day = crate::calendar::tokyo_date(received);
            self.world.clock.until(crate::calendar::monday_from(day)).await;
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
