//! Stories: what people do with a case, one step a line, the verdict last, so that a banker can review them.
//!
//! ```text
//! story   a family buys a new house
//! form    purchase                      # a sample; `path=value` changes a field of it
//! after   approved                      # begins where another story ends
//! applicant        submitApplication                       -> SUBMITTED tells N01 W01
//! clerk+manager    startScreening                          -> SCREENING GUAR REQUESTED
//! guarantor        approveGuarantee decision.amount_yen=1  -> refused N-DECISION-COVERS
//! clock   2026-06-15 09:00                                 -> READY
//! outside review A1                     # the list search finds a possible match
//! book    allows C-04                   # at a bank whose products have no such rule
//! book    without GUARANTOR-2           # at a bank whose papers do not name this guarantor
//! registers office SUSPENDED            # what the registers of the bank say from here on
//! ```
//!
//! `campaign 0.25` holds the points of the limited-time campaign that the case would get. `clerk+manager` is four eyes: the first proposes, the second decides. `operations+operations:b` are two people of one role,
//! `guarantor:GUARANTOR-2` is somebody of that organisation.
//! `scrivener@OFFICE-2` is somebody of another office than the bank's usual one.
//!

pub mod defaults;
pub mod lenient;
pub mod world;

use chrono::NaiveDate;
use lenient::Lenient;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use workflows::engagement::EngagementState;
use workflows::explained::DecidedOn;
use workflows::form::Line;
use workflows::machine::registers::{Held, Office, OfficeStanding, TrainingCourse};
use workflows::machine::{
    Actor, Case, Command, Effect, Refusal, Registers, Role, Rules, Stage, Table, Track, TrackState, Verb,
};
use workflows::sample::Sample;
use workflows::{Form, Rate};
pub use world::World;
use world::{actor, assign, codes, tokyo};

/// A story as written.
pub struct Story {
    /// File name without its ending.
    pub name: String,
    #[allow(dead_code)]
    pub title: String,
    lines: Vec<(usize, Vec<String>)>,
}

/// The stories of the repository.
pub struct Library(BTreeMap<String, Story>);

impl Library {
    pub fn load() -> Self {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows/tests/stories");
        let mut stories = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "story") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                let story = parse(&name, &std::fs::read_to_string(&path).unwrap());
                stories.insert(name, story);
            }
        }
        Library(stories)
    }

    pub fn all(&self) -> impl Iterator<Item = &Story> {
        self.0.values()
    }
}

fn parse(name: &str, text: &str) -> Story {
    let mut title = String::new();
    let mut lines = vec![];
    for (number, line) in text.lines().enumerate() {
        let words = words(line);
        match words.first().map(String::as_str) {
            None => {}
            Some("story") => title = words[1..].join(" "),
            Some(_) => lines.push((number + 1, words)),
        }
    }
    Story { name: name.to_owned(), title, lines }
}

/// Words of a line; quotes keep spaces together, `#` begins a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (vec![], String::new(), false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            '#' if !quoted && word.is_empty() => break,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => word.push(other),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The sample bank, and the same without one rule each.
pub struct Bank<'a>(&'a dyn Rules, Vec<Lenient<'a>>);

impl<'a> Bank<'a> {
    pub fn of(inner: &'a dyn Rules) -> Self {
        Bank(
            inner,
            ["C-04", "D.1", "rates", lenient::SECOND].map(|without| Lenient { inner, without }).into(),
        )
    }
}

/// Runs stories under one table; the ends of stories that others begin after are kept.
pub struct Theatre<'a> {
    pub library: &'a Library,
    pub table: &'a Table,
    rules: &'a dyn Rules,
    lenient: &'a [Lenient<'a>],
    ends: BTreeMap<(String, Vec<String>), Result<World<'a>, String>>,
}

impl<'a> Theatre<'a> {
    pub fn new(library: &'a Library, table: &'a Table, bank: &'a Bank<'a>) -> Self {
        Theatre { library, table, rules: bank.0, lenient: &bank.1, ends: BTreeMap::new() }
    }

    /// The world at the end of a story. Errors: the line that went another way, and what happened.
    pub fn run(&mut self, name: &str, form: Option<Vec<String>>) -> Result<World<'a>, String> {
        let key = (name.to_owned(), form.clone().unwrap_or_default());
        if let Some(end) = self.ends.get(&key) {
            return end.clone();
        }
        let end = self.play(name, form);
        self.ends.insert(key, end.clone());
        end
    }

    fn play(&mut self, name: &str, given: Option<Vec<String>>) -> Result<World<'a>, String> {
        let library = self.library;
        let story = library.0.get(name).ok_or(format!("no story {name}"))?;
        let mut start = given.clone();
        let mut world: Option<World<'a>> = None;
        for (number, words) in &story.lines {
            let at = |what: String| format!("{name}.story:{number}: {}\n    {what}", words.join(" "));
            match words[0].as_str() {
                "form" => start = given.clone().or(Some(words[1..].to_vec())),
                "book" => {
                    let sample = || vec![Sample::Purchase.name().to_owned()];
                    start.get_or_insert_with(sample).push(format!("{BOOK}{}", words[2]));
                }
                "after" => world = Some(self.run(&words[1], start.clone())?),
                _ => {
                    if world.is_none() {
                        world = Some(self.begin(start.as_deref().unwrap_or_default()).map_err(at)?);
                    }
                    let world = world.as_mut().unwrap();
                    step(world, words).map_err(at)?;
                    if let Some(fault) = world.faults.first() {
                        return Err(at(fault.clone()));
                    }
                }
            }
        }
        world.ok_or(format!("{name}.story is empty"))
    }

    fn begin(&self, words: &[String]) -> Result<World<'a>, String> {
        let lenient = |word: &String| {
            let without = word.strip_prefix(BOOK)?;
            self.lenient.iter().find(|bank| bank.without == without).map(|bank| bank as &'a dyn Rules)
        };
        let rules = words.iter().find_map(lenient).unwrap_or(self.rules);
        Ok(World::new(self.table, rules, form(words)?))
    }
}

/// How a `book` line travels with the form of a story.
const BOOK: &str = "book:";

fn form(words: &[String]) -> Result<Form, String> {
    let sample =
        words.first().map_or(Some(Sample::Purchase), |name| Sample::parse(name)).ok_or("no such sample")?;
    let mut value: Value = serde_json::from_str(sample.json()).unwrap();
    for word in words.iter().skip(1).filter(|word| !word.starts_with(BOOK)) {
        let (path, value_) = said(word)?;
        assign(value.as_object_mut().unwrap(), &path, value_)?;
    }
    Line::parse(&value.to_string()).map(|line| line.form).map_err(|problems| format!("{problems:?}"))
}

fn said(word: &str) -> Result<(String, Value), String> {
    let (key, text) = word.split_once('=').ok_or(format!("no value in {word}"))?;
    let value = match text {
        "none" => Value::Null,
        // Codes are digits and no numbers.
        _ if key.ends_with("_code") => json!(text),
        // Rates are written as text, so that no digit is lost.
        _ if text.contains('.') && text.parse::<i64>().is_err() && !text.starts_with(['[', '{']) => {
            json!(text)
        }
        _ => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    };
    Ok((key.to_owned(), value))
}

fn step(world: &mut World<'_>, words: &[String]) -> Result<(), String> {
    world.effects.clear();
    let arrow = words.iter().position(|word| word == "->").unwrap_or(words.len());
    let (doing, verdict) = (&words[..arrow], words.get(arrow + 1..).unwrap_or_default());
    let answer = match doing[0].as_str() {
        "clock" => {
            clock(world, &doing[1..])?;
            Ok(())
        }
        "outside" => {
            outside(world, &doing[1..])?;
            return Ok(());
        }
        "registers" => {
            registers(world, &doing[1..])?;
            return Ok(());
        }
        who => people(world, who, &doing[1..])?,
    };
    judge(world, &answer, verdict)
}

/// `clock`, `clock 2026-05-01`, `clock 2026-05-01 15:30`, `clock +2m`.
fn clock(world: &mut World<'_>, words: &[String]) -> Result<(), String> {
    let to = match words.first() {
        None => world.now,
        Some(word) if word.starts_with('+') => {
            let minutes = word.trim_matches(['+', 'm']).parse::<i64>().map_err(|e| e.to_string())?;
            world.now + chrono::Duration::minutes(minutes)
        }
        Some(word) => {
            let date = word.parse::<NaiveDate>().map_err(|e| e.to_string())?;
            let (hour, minute) = match words.get(1).and_then(|time| time.split_once(':')) {
                Some((hour, minute)) => (hour.parse().unwrap(), minute.parse().unwrap()),
                None => (9, 30),
            };
            tokyo(date, hour, minute)
        }
    };
    world.clock(to);
    Ok(())
}

fn outside(world: &mut World<'_>, words: &[String]) -> Result<(), String> {
    let people = words[1..].iter().cloned();
    match words[0].as_str() {
        "review" => world.outside.review.extend(people),
        "silent" => world.outside.silent.extend(people),
        "normal" => world.outside = world::Desk::default(),
        other => return Err(format!("outside {other}?")),
    }
    Ok(())
}

/// `registers trained IMPORTANT_MATTERS 2027-03-31`, `registers office SUSPENDED OFFICE-2`, `registers job ACCEPTED`,
/// `registers none`.
fn registers(world: &mut World<'_>, words: &[String]) -> Result<(), String> {
    let today = world.today();
    match words {
        [what] if what == "none" => world.registers = Registers::default(),
        [what] if what == "untrained" => world.registers.trainings = Some(vec![]),
        [what, course, until] if what == "trained" => {
            let course = TrainingCourse::parse(course).ok_or(format!("no course {course}"))?;
            let valid_until = until.parse().map_err(|_| format!("no day {until}"))?;
            let held = Held { course, passed_on: today, valid_until };
            world.registers.trainings.get_or_insert_default().push(held);
        }
        [what, said] if what == "job" => {
            world.registers.job = Some(EngagementState::parse(said).ok_or(format!("no answer {said}"))?);
        }
        [what, standing, substitute @ ..] if what == "office" => {
            let standing = OfficeStanding::parse(standing).ok_or(format!("no standing {standing}"))?;
            let organisation = world.rules.partner(&world.form, Role::Scrivener);
            let substitute = substitute.first().cloned();
            world.registers.office = Some(Office { organisation, standing, substitute });
        }
        other => return Err(format!("registers {other:?}?")),
    }
    Ok(())
}

fn role(word: &str) -> Result<Role, String> {
    let long = match word {
        "clerk" => "BRANCH_CLERK".to_owned(),
        "manager" => "BRANCH_MANAGER".to_owned(),
        "screening" => "SCREENING_OFFICER".to_owned(),
        other => other.to_uppercase().replace('-', "_"),
    };
    Role::parse(&long).ok_or(format!("no role {word}"))
}

/// Is this the first thing that a scrivener's office does in a filing? Before a bank's own store it has said that it takes the job.
pub fn begins_a_job(done: &[(Actor, Command, chrono::DateTime<chrono::Utc>)], at: usize) -> bool {
    let works = |(actor, command, _): &(Actor, Command, _)| {
        actor.role == Role::Scrivener && workflows::machine::registers::works_on_a_filing(command.verb())
    };
    works(&done[at]) && !done[..at].iter().any(works)
}

/// Role and person of `clerk`, `operations:b` and `scrivener@OFFICE-2`; an office keeps its mark.
fn named(word: &str) -> (&str, Option<&str>) {
    match (word.split_once(':'), word.find('@')) {
        (Some((name, person)), _) => (name, Some(person)),
        (None, Some(at)) => (&word[..at], Some(&word[at..])),
        (None, None) => (word, None),
    }
}

/// One person, or two for four eyes.
fn people(world: &mut World<'_>, who: &str, words: &[String]) -> Result<Result<(), Refusal>, String> {
    let verb = Verb::parse(words.first().ok_or("no verb")?).ok_or(format!("no verb {}", words[0]))?;
    let mut data = vec![];
    for word in &words[1..] {
        data.extend(short(verb, word, world)?);
    }
    let command = world.command(verb, &data)?;
    let mut answer = Ok(());
    for (turn, person) in who.split('+').enumerate() {
        let (name, person) = named(person);
        let form = world.case.as_ref().map_or(world.form.clone(), |case| (*case.form).clone());
        let actor = actor(role(name)?, person, &form, world.rules);
        let command = match turn {
            0 => command.clone(),
            _ => world.command(Verb::ApproveProposal, &[])?,
        };
        answer = world.act(&actor, &command).map(|_| ());
        if answer.is_err() {
            break;
        }
    }
    Ok(answer)
}

/// A line of a story without its verdict, as the actor and the command that it means in this world.
pub fn meant(world: &World<'_>, line: &str) -> (Actor, Command) {
    let words = words(line);
    let verb = Verb::parse(&words[1]).unwrap_or_else(|| panic!("no verb {}", words[1]));
    let data: Vec<_> = words[2..].iter().flat_map(|word| short(verb, word, world).unwrap()).collect();
    let (name, person) = named(&words[0]);
    let actor = actor(role(name).unwrap(), person, &world.form, world.rules);
    (actor, world.command(verb, &data).unwrap())
}

/// `paper=`, `consent=` and `before-contract=` are short for lists; everything else is a field.
fn short(verb: Verb, word: &str, world: &World<'_>) -> Result<Vec<(String, Value)>, String> {
    let (key, value) = said(word)?;
    let text = value.as_str().unwrap_or_default().to_owned();
    let (name, party) =
        text.split_once(':').map_or((text.as_str(), None), |(name, party)| (name, Some(party)));
    let paper = || json!([{ "document": name, "party_id": party, "received_on": world.today() }]);
    Ok(match (verb, key.as_str()) {
        (Verb::ReceiveDocuments, "paper") => vec![("documents".into(), paper())],
        (Verb::ReceiveDocuments, "consent") => {
            let consent = json!([{ "consent": name, "party_id": party, "signed_on": world.today() }]);
            vec![("consents".into(), consent)]
        }
        (Verb::RecordDefects | Verb::ReturnContract, "paper") if value.is_null() => {
            vec![("defects".into(), json!([]))]
        }
        (Verb::RecordDefects | Verb::ReturnContract, "paper") => {
            vec![("defects".into(), json!([{ "document": name, "party_id": party, "problem": "missing" }]))]
        }
        // The proposal that waits longest, where another one waits as well.
        (_, "proposal_id") if text == "first" => {
            let first = world.case.as_ref().and_then(|case| case.proposals.first()).map(|p| p.id.clone());
            vec![(key, json!(first))]
        }
        (_, "before-contract" | "before-disbursement" | "after-disbursement") => {
            let stage = key.to_uppercase().replace('-', "_");
            let condition = json!([{ "code": text, "stage": stage, "text": text }]);
            vec![("conditions".into(), condition)]
        }
        _ => vec![(key, value)],
    })
}

fn judge(world: &World<'_>, answer: &Result<(), Refusal>, verdict: &[String]) -> Result<(), String> {
    let said = |answer: &Result<(), Refusal>| match answer {
        Ok(()) => format!("it was done; the case: {}", portrait(world.case.as_ref())),
        Err(refusal) => {
            format!("it was refused: {}; the case: {}", told(refusal), portrait(world.case.as_ref()))
        }
    };
    let refusal_expected = verdict.first().is_some_and(|word| word == "refused");
    if refusal_expected != answer.is_err() {
        return Err(said(answer));
    }
    let mut words = verdict.iter().skip(usize::from(refusal_expected));
    let mut mode = if refusal_expected { "refused" } else { "" };
    while let Some(word) = words.next() {
        let held = match (mode, word.as_str()) {
            (_, "tells" | "sends" | "waits") => {
                mode = word;
                true
            }
            ("refused", code) => codes(answer.as_ref().unwrap_err()).iter().any(|c| c == code),
            ("tells", code) => notices(world).iter().any(|notice| notice == code),
            // `GUARANTEE_CANCEL@GUARANTOR-1` says to whom.
            ("sends", code) => {
                let (code, to) = code.split_once('@').map_or((code, None), |(code, to)| (code, Some(to)));
                world.effects.iter().any(|e| {
                    matches!(e, Effect::Send { message, organisation, .. }
                        if message.code() == code && to.is_none_or(|to| to == organisation))
                })
            }
            ("waits", code) => world.case.as_ref().unwrap().tasks.iter().any(|task| task.task.code() == code),
            (_, "pending") => world.case.as_ref().is_some_and(|case| !case.proposals.is_empty()),
            (_, "noted") => true,
            (_, "campaign") => {
                let points = words.next().ok_or("campaign: which points?")?;
                campaign(world) == Rate::parse(points)
            }
            (_, word) => match Stage::parse(word) {
                Some(stage) => world.case.as_ref().is_some_and(|case| case.stage == stage),
                None => stands(world, word, words.next().ok_or(format!("{word}: which state?"))?)?,
            },
        };
        if !held {
            return Err(format!("not so: {mode} {word}; told {:?}; {}", notices(world), said(answer)));
        }
    }
    Ok(())
}

/// Points of the limited-time campaign on the first loan for a disbursement on the planned date (C-43): the reception decides.
fn campaign(world: &World<'_>) -> Option<Rate> {
    let case = world.case.as_ref()?;
    let decided = DecidedOn { screening: None, guarantee: None };
    let terms = world.rules.freeze(&case.form, None, &[], decided, case.planned_date())?;
    let points = terms.quote.pointer("/loans/0/rate/limited_time_discount")?;
    Rate::parse(points.as_str()?)
}

fn notices(world: &World<'_>) -> Vec<String> {
    let notify = |effect: &Effect| match effect {
        Effect::Notify { notice, .. } => Some(notice.code().to_owned()),
        _ => None,
    };
    world.effects.iter().filter_map(notify).collect()
}

/// `ELIG:A1`, `INS:A1:L1`, or a track that the case has once: `GUAR` is that of the present content.
fn stands(world: &World<'_>, word: &str, state: &str) -> Result<bool, String> {
    let case = world.case.as_ref().ok_or("no case yet")?;
    let (track, key) = word.split_once(':').map_or((word, None), |(track, key)| (track, Some(key)));
    let track = Track::parse(track).ok_or(format!("no stage or track {word}"))?;
    let once = match track {
        Track::Guar => Case::guarantee_key(case.content_version),
        Track::Reg => "F1".into(),
        _ => "CASE".into(),
    };
    let state = TrackState::parse(state).ok_or(format!("no state {state}"))?;
    Ok(case.track_state(track, key.unwrap_or(&once)) == Some(state))
}

fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Blocked { unmet } => {
            let each = unmet.iter().map(|u| {
                format!(
                    "{} {} {}",
                    u.code,
                    u.rule.clone().unwrap_or_default(),
                    u.subject.clone().unwrap_or_default()
                )
            });
            each.collect::<Vec<_>>().join(", ")
        }
        other => format!("{other:?}"),
    }
}

/// Where a case stands, in one line.
pub fn portrait(case: Option<&Case>) -> String {
    let Some(case) = case else { return "none".into() };
    let mut text = format!("{} v{}", case.stage, case.content_version);
    for i in &case.tracks {
        write!(text, " {}:{}={}", i.track, i.key, i.state).unwrap();
    }
    for d in &case.deadlines {
        write!(text, " [{} {} {}]", d.timer, d.key, workflows::calendar::tokyo_date(d.due_at)).unwrap();
    }
    text
}

/// A step as a line of a story.
pub fn line(role: Role, command: &Command) -> String {
    let mut value = serde_json::to_value(command).unwrap();
    let map = value.as_object_mut().unwrap();
    let verb = map.remove("verb").unwrap();
    let mut text = format!("{} {}", role.code().to_lowercase().replace('_', "-"), verb.as_str().unwrap());
    for (key, value) in map.iter().filter(|(key, _)| *key != "form") {
        write!(text, " {key}={}", value.as_str().map_or(value.to_string(), |s| format!("\"{s}\""))).unwrap();
    }
    text
}
