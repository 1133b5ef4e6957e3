//! A run: parties take their places, cases are brought in, the clock is moved, figures are taken.

use crate::client::{Credential, Line, Session, read_clients};
use crate::clock::Clock;
use crate::customer::{Customer, Outcome};
use crate::desk::Desk;
use crate::error::{Error, Result};
use crate::file;
use crate::generate::{Office, Wish, application};
use crate::report::{Mismatch, Report, Stopped};
use crate::script::Script;
use crate::sdl::Sdl;
use crate::stats::Stats;
use crate::world::{Play, World};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Roles that work at a desk.
const DESKS: &[&str] = &[
    "BRANCH_CLERK",
    "BRANCH_MANAGER",
    "SCREENING_OFFICER",
    "OPERATIONS",
    "COMPLIANCE",
    "GUARANTOR",
    "INSURER",
    "FIRE_INSURER",
    "MEMBER_ORG",
    "SCRIVENER",
    "REGISTRY",
    "CORE_BANKING",
];

/// New cases that one more bank is worth.
const CASES_PER_BANK: u32 = 40;

/// Which cases a run plays.
#[derive(Clone, Debug)]
pub enum Mode {
    /// So many new ones.
    Applications(u32),
    /// Those of a file that were imported before.
    File(PathBuf),
}

/// What a run is made from.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address of the bank: `http://127.0.0.1:8080`.
    pub api: reqwest::Url,
    /// Directory of the demo, with `clients.json`.
    pub data: PathBuf,
    pub mode: Mode,
    pub seed: u64,
    /// Requests on their way at the same time.
    pub connections: usize,
    /// More answers late, twice and out of order.
    pub chaos: bool,
    /// Allows an address beyond this machine.
    pub anywhere: bool,
    /// Real time after which the run is stopped.
    pub limit: Duration,
    /// Real time that staff and partners take for a command.
    pub pace: Duration,
    /// Real time without any change after which a case counts as stuck.
    pub patience: Duration,
}

impl Options {
    /// The usual ones.
    pub fn new(api: reqwest::Url, data: PathBuf, mode: Mode, seed: u64) -> Self {
        Options {
            api,
            data,
            mode,
            seed,
            connections: 16,
            chaos: false,
            anywhere: false,
            limit: Duration::from_secs(3600),
            pace: Duration::ZERO,
            // Longer than a lease: what a server that died had begun is taken over only then.
            patience: Duration::from_secs(90),
        }
    }
}

/// A case to be played: whose, with what form.
struct Cast {
    play: Arc<Play>,
    form: Value,
    applicant: Arc<Session>,
    imported: Option<Option<String>>,
}

/// The parties of a run.
struct Parties {
    applicants: Vec<Arc<Session>>,
    desks: Vec<Arc<Session>>,
}

impl Parties {
    fn of(line: &Arc<Line>, clients: Vec<Credential>) -> Result<Self> {
        let mut parties = Parties { applicants: vec![], desks: vec![] };
        for client in clients {
            // Somebody with no organisation applies for oneself; a channel applies for everyone.
            if client.role == "APPLICANT" && client.organisation.is_some() {
                parties.applicants.push(Session::new(line, client));
            } else if DESKS.contains(&client.role.as_str()) {
                parties.desks.push(Session::new(line, client));
            }
        }
        if parties.applicants.is_empty() {
            return Err(Error::NoClient("APPLICANT"));
        }
        let missing = DESKS.iter().find(|role| !parties.desks.iter().any(|d| d.credential.role == **role));
        match missing {
            // Few cases ever need the fire insurer or compliance.
            Some(role) if !matches!(*role, "FIRE_INSURER" | "COMPLIANCE") => Err(Error::NoClient(role)),
            _ => Ok(parties),
        }
    }

    fn clerk(&self, bank: &str) -> Option<Arc<Session>> {
        self.desks
            .iter()
            .find(|d| d.credential.role == "BRANCH_CLERK" && d.credential.institution == bank)
            .cloned()
    }

    /// Desks of these banks, each with its seat among the people of its role.
    fn seats(&self, banks: &BTreeSet<String>) -> Vec<(Arc<Session>, (u64, u64))> {
        // Those of one organisation share its cases: what another one was asked they do not see.
        let mut count: BTreeMap<(&str, &str, Option<&str>), u64> = BTreeMap::new();
        let mut seated = vec![];
        for session in &self.desks {
            let who = &session.credential;
            if who.institution.is_empty() || banks.contains(&who.institution) {
                let taken =
                    count.entry((&who.role, &who.institution, who.organisation.as_deref())).or_default();
                seated.push((session, *taken));
                *taken += 1;
            }
        }
        let seats = |who: &Credential| {
            let of = (who.role.as_str(), who.institution.as_str(), who.organisation.as_deref());
            count.get(&of).copied().unwrap_or(1)
        };
        seated.into_iter().map(|(s, seat)| (s.clone(), (seat, seats(&s.credential)))).collect()
    }

    /// Branches to apply at: as many banks as so many cases keep busy.
    fn offices(&self, count: u32) -> Vec<(Office, Arc<Session>)> {
        let mut offices = vec![];
        let banks = usize::try_from(count / CASES_PER_BANK).unwrap_or(usize::MAX).max(2);
        for session in self.applicants.iter().take(banks) {
            let bank = &session.credential.institution;
            let mut branches = session.credential.branches.clone();
            if branches.is_empty() {
                let clerks = self.desks.iter().filter(|d| d.credential.role == "BRANCH_CLERK");
                let here = clerks.filter(|d| d.credential.institution == *bank);
                branches = here.flat_map(|d| d.credential.branches.clone()).collect();
            }
            if branches.is_empty() {
                branches = ["001", "002", "003"].map(str::to_owned).to_vec();
            }
            branches.sort();
            branches.dedup();
            for branch_code in branches {
                let office = Office { bank_code: bank.clone(), branch_code };
                offices.push((office, session.clone()));
            }
        }
        offices
    }
}

/// Plays a run to its end. Errors: the bank cannot be reached, or answers against its own description; a case that comes to
/// another end than the chosen one is no error but stands in the report.
pub async fn run(options: Options) -> Result<Report> {
    let started = Instant::now();
    let stats = Arc::new(Stats::default());
    let sdl = Sdl::published();
    let chaos = options.chaos.then_some(options.seed);
    let line = Line::open(&options.api, options.connections, options.anywhere, sdl, stats.clone(), chaos)?;
    let parties = Parties::of(&line, read_clients(&options.data)?)?;
    let now = crate::clock::read(&parties.applicants[0]).await?;
    let cast = match &options.mode {
        Mode::Applications(count) => invent(&options, &parties, *count, now),
        Mode::File(path) => from_file(&parties, file::read(path)?).await?,
    };
    let clock = Clock::at(now, cast.len());
    let world = World::new(clock.clone());
    let (stop, stopped) = watch::channel(false);
    let mut desks = JoinSet::new();
    let banks: BTreeSet<String> = cast.iter().map(|c| c.applicant.credential.institution.clone()).collect();
    for (session, seat) in parties.seats(&banks) {
        let desk = Desk::new(session, world.clone(), options.seed, options.pace, seat);
        desks.spawn(desk.work(stopped.clone()));
    }
    let plays: Vec<Arc<Play>> = cast.iter().map(|c| c.play.clone()).collect();
    let keeper = tokio::spawn(clock.keep(parties.applicants[0].clone()));
    let played =
        tokio::time::timeout(options.limit, play(&options, &parties, &world, cast, &mut desks)).await;
    let outcomes = played.map_err(|_| Error::OutOfTime(options.limit.as_secs()))??;
    keeper.abort();
    let seconds = started.elapsed().as_secs_f64();
    stop.send_replace(true);
    while let Some(ended) = desks.join_next().await {
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "a desk closed early");
        }
    }
    count_notices(&parties, &world).await;
    let revealing = if options.chaos { revealing(&parties, &world).await? } else { vec![] };
    let mut report = Report { applications: plays.len() as u64, revealing, ..Report::default() };
    report.count(stats.counted(), seconds);
    report.documents = stats.documents();
    judge(&mut report, &plays, outcomes);
    Ok(report)
}

/// The application forms of a run that begins at this instant, as it will send them but for their numbers: for sources outside the
/// bank that must know the people before they apply. Errors: the parties cannot be read.
pub fn invented(options: &Options, now: DateTime<Utc>) -> Result<Vec<Value>> {
    let line = Line::open(&options.api, 1, options.anywhere, Sdl::published(), Arc::default(), None)?;
    let parties = Parties::of(&line, read_clients(&options.data)?)?;
    let Mode::Applications(count) = options.mode else { return Ok(vec![]) };
    Ok(invent(options, &parties, count, now).into_iter().map(|cast| cast.form).collect())
}

/// New applications, each at one of the banks' branches.
fn invent(options: &Options, parties: &Parties, count: u32, now: DateTime<Utc>) -> Vec<Cast> {
    let offices = parties.offices(count);
    let tag = format!("{:x}", Utc::now().timestamp_millis());
    let today = crate::calendar::tokyo_date(now);
    let cast = (0..count).zip(offices.iter().cycle()).map(|(index, (office, applicant))| {
        let name = format!("SIM-{}-{index:05}", options.seed);
        let script = Script::of(options.seed, &name, options.chaos);
        let wish = Wish {
            application_id: &name,
            office,
            now,
            today,
            splittable: script.drawings > 0,
            foreign_pep: script.foreign_pep,
        };
        let mut form = application(options.seed, &wish);
        let sent = format!("{name}-{tag}");
        form["application_id"] = json!(sent);
        let play = Play::new(&sent, script, None);
        Cast { play, form, applicant: applicant.clone(), imported: None }
    });
    cast.collect()
}

/// The cases of a file, each with the channel of its bank.
async fn from_file(parties: &Parties, lines: Vec<file::Line>) -> Result<Vec<Cast>> {
    let mut known: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut cast = vec![];
    for line in lines {
        let mut channels = parties.applicants.iter();
        let channel = channels.find(|s| s.credential.institution == line.institution);
        let applicant = channel.cloned().ok_or(Error::NoClient("APPLICANT of every bank in the file"))?;
        if !known.contains_key(&line.institution) {
            known.insert(line.institution.clone(), crate::sight::index(&applicant).await?);
        }
        let id = known.get(&line.institution).and_then(|ids| ids.get(&line.application_id)).cloned();
        let play = Play::new(&line.application_id, Script::default(), Some(line.stated));
        cast.push(Cast { play, form: line.form, applicant, imported: Some(id) });
    }
    Ok(cast)
}

/// Every case at once, a bounded number of them active.
async fn play(
    options: &Options,
    parties: &Parties,
    world: &Arc<World>,
    cast: Vec<Cast>,
    desks: &mut JoinSet<Result<()>>,
) -> Result<Vec<(Arc<Play>, Outcome)>> {
    let floor = Arc::new(Semaphore::new(options.connections.max(1) * 2 + 8));
    let mut cases = JoinSet::new();
    for Cast { play, form, applicant, imported } in cast {
        let customer = Customer {
            clerk: parties.clerk(&applicant.credential.institution),
            session: applicant,
            world: world.clone(),
            play: play.clone(),
            form,
            seed: options.seed,
            pace: options.pace,
            patience: options.patience,
            imported,
            floor: floor.clone(),
        };
        cases.spawn(async move { customer.live().await.map(|outcome| (play, outcome)) });
    }
    let mut outcomes = vec![];
    while !cases.is_empty() {
        tokio::select! {
            Some(ended) = cases.join_next() => {
                let ended = ended.map_err(|e| Error::Unexpected { what: "a case".into(), answer: e.to_string() })?;
                outcomes.push(ended?);
            }
            // A desk works until it is stopped: one that ends by itself has failed.
            Some(Ok(Err(error))) = desks.join_next(), if !desks.is_empty() => return Err(error),
        }
    }
    Ok(outcomes)
}

async fn count_notices(parties: &Parties, world: &World) {
    for session in parties.desks.iter().chain(&parties.applicants) {
        match crate::sight::notices(session, world).await {
            Ok(count) => session.stats().noticed(count),
            Err(error) => tracing::debug!(%error, "notices not counted"),
        }
    }
}

/// Notices of the run that name a ground of refusal, whoever got them. Errors: an inbox cannot be read.
async fn revealing(parties: &Parties, world: &World) -> Result<Vec<String>> {
    let mut desks = parties.desks.iter();
    let clerk = desks.find(|d| d.credential.role == "BRANCH_CLERK").ok_or(Error::NoClient("BRANCH_CLERK"))?;
    let grounds = crate::sight::grounds(clerk).await?;
    let mut found = vec![];
    for session in parties.desks.iter().chain(&parties.applicants) {
        found.extend(crate::sight::revealing(session, world, &grounds).await?);
    }
    Ok(found)
}

/// Compares ends with scripts.
fn judge(report: &mut Report, plays: &[Arc<Play>], outcomes: Vec<(Arc<Play>, Outcome)>) {
    for play in plays {
        *report.script.chosen.entry(play.script.end.code().to_owned()).or_default() += 1;
    }
    let mut by_state: BTreeMap<String, u64> = BTreeMap::new();
    for (play, outcome) in outcomes {
        *by_state.entry(outcome.stage.clone()).or_default() += 1;
        let imported = play.stated.is_some();
        // A line that the bank did not take in is no case: its import has said why.
        if imported && outcome.application_id.is_empty() {
            continue;
        }
        if let Some(stop) = play.stop().filter(|_| imported) {
            report.stopped.push(Stopped {
                application_id: play.external_id.clone(),
                stage: outcome.stage,
                stop,
            });
            continue;
        }
        if play.script.end.is_reached(&outcome.stage) {
            report.script.reached += 1;
            continue;
        }
        let stop = play.stop().map(|s| format!("{} {:?} {:?}", s.verb, s.guards, s.rules));
        report.script.mismatches.push(Mismatch {
            application_id: outcome.application_id,
            external_id: play.external_id.clone(),
            chosen: play.script.end,
            actual: outcome.stage,
            because: stop.or(outcome.stuck).unwrap_or_default(),
            script: play.script.clone(),
        });
    }
    report.by_state = by_state;
    report.stopped.sort_by(|a, b| a.application_id.cmp(&b.application_id));
    report.script.mismatches.sort_by(|a, b| a.external_id.cmp(&b.external_id));
}
