//! One case, its clock and the people around it. Each step is checked: replay, invariants, deadlines, notices.

use super::defaults::Scene;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use workflows::Form;
use workflows::machine::clock::{BureauAnswer, Outside, Search, due};
use workflows::machine::{
    Actor, Case, Command, Context, Deadline, Decision, Effect, Entry, NoticeData, NoticeId, Refusal,
    Registers, Role, Rules, Table, Verb, decide, evolve, invariants, open,
};

/// What the watch list and the bureau answer.
#[derive(Clone, Default)]
pub struct Desk {
    pub review: BTreeSet<String>,
    pub silent: BTreeSet<String>,
}

impl Outside for Desk {
    fn search(&self, _: &Case, party_id: &str) -> Search {
        Search { list_version: "2026-04".into(), needs_review: self.review.contains(party_id) }
    }

    fn inquire(&self, _: &Case, party_id: &str) -> BureauAnswer {
        (!self.silent.contains(party_id)).then(|| format!("BUREAU-{party_id}"))
    }
}

#[derive(Clone)]
pub struct World<'a> {
    pub table: &'a Table,
    pub rules: &'a dyn Rules,
    pub form: Form,
    pub case: Option<Case>,
    pub now: DateTime<Utc>,
    pub outside: Desk,
    /// What the registers of the bank say to whoever asks.
    pub registers: Registers,
    pub log: Vec<Entry>,
    /// Every accepted command: who, what and when.
    pub done: Vec<(Actor, Command, DateTime<Utc>)>,
    /// Rows taken so far and codes that refused.
    pub rows: BTreeSet<&'static str>,
    pub refused: BTreeSet<String>,
    /// Of the last step or clock line.
    pub effects: Vec<Effect>,
    /// Every message to a partner so far.
    pub sent: Vec<Effect>,
    /// Every notice told so far, with its data.
    pub told: Vec<(NoticeId, NoticeData)>,
    /// Every notice to a desk so far, and when.
    pub desks: Vec<(NoticeId, Role, DateTime<Utc>)>,
    /// What a step broke: a difference on replay, an invariant, a missing deadline or notice.
    pub faults: Vec<String>,
    settled: BTreeSet<(String, String, DateTime<Utc>)>,
}

/// An instant of a Tokyo day.
pub fn tokyo(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let offset = FixedOffset::east_opt(9 * 3600).unwrap();
    offset.from_local_datetime(&date.and_hms_opt(hour, minute, 0).unwrap()).unwrap().with_timezone(&Utc)
}

/// A person of a role at the sample bank: `operations:b` is another person than `operations`.
pub fn actor(role: Role, person: Option<&str>, form: &Form, rules: &dyn Rules) -> Actor {
    if role.is_internal() {
        return Actor::internal(role);
    }
    let name = role.code().to_lowercase();
    let organisation = match role {
        Role::CoObligor => Some("COUNTER".to_owned()),
        _ if person.is_some_and(|person| person.starts_with('@')) => {
            person.map(|person| person[1..].to_owned())
        }
        // `guarantor:GUARANTOR-2` is somebody of the bank's other guarantor.
        _ if role.is_partner() => {
            let named = person.filter(|person| person.starts_with(role.code()));
            Some(named.map_or_else(|| rules.partner(form, role), str::to_owned))
        }
        _ => None,
    };
    Actor {
        subject: person.map_or(name.clone(), |person| format!("{name}-{person}")),
        role,
        institution: form.institution.bank_code.clone(),
        // `manager:away` answers for another branch than that of the case.
        branches: person
            .filter(|person| person.starts_with("away"))
            .map(|_| "999".to_owned())
            .into_iter()
            .collect(),
        organisation,
        on_behalf_of: None,
    }
}

impl<'a> World<'a> {
    pub fn new(table: &'a Table, rules: &'a dyn Rules, form: Form) -> Self {
        let now = form.received_at.with_timezone(&Utc);
        World {
            table,
            rules,
            form,
            case: None,
            now,
            outside: Desk::default(),
            registers: Registers::default(),
            log: vec![],
            done: vec![],
            rows: BTreeSet::new(),
            refused: BTreeSet::new(),
            effects: vec![],
            sent: vec![],
            told: vec![],
            desks: vec![],
            faults: vec![],
            settled: BTreeSet::new(),
        }
    }

    pub fn today(&self) -> NaiveDate {
        workflows::calendar::tokyo_date(self.now)
    }

    /// The command of a verb: the defaults of the scene under what the story says.
    pub fn command(&self, verb: Verb, said: &[(String, Value)]) -> Result<Command, String> {
        let scene =
            Scene { case: self.case.as_ref(), form: &self.form, today: self.today(), rules: self.rules };
        let mut map = scene.command(verb);
        for (path, value) in said {
            assign(&mut map, path, value.clone())?;
        }
        serde_json::from_value(Value::Object(map.clone()))
            .map_err(|error| format!("{error}: {}", Value::Object(map)))
    }

    /// One command of one actor; everything that a step must keep is checked here.
    pub fn act(&mut self, actor: &Actor, command: &Command) -> Result<Decision, Refusal> {
        let ctx = Context {
            actor,
            now: self.now,
            rules: self.rules,
            table: self.table,
            registers: &self.registers,
        };
        // Rows that were passed over for another row of the same verb say no as well.
        if let Some(case) = &self.case {
            for (_, unmet) in decide::obstacles(case, command, &ctx) {
                self.refused.extend(unmet.into_iter().map(|unmet| unmet.code));
            }
        }
        let answer = match &self.case {
            None => open("0198c0de-0000-7000-8000-00000000cafe", command, &ctx),
            Some(case) => decide::decide(case, command, &ctx),
        };
        match answer {
            Ok(decision) => {
                self.check(&decision);
                self.rows.extend(decision.rows.iter());
                for effect in &decision.effects {
                    if let Effect::SetDeadline(deadline) = effect {
                        self.settled.remove(&key(deadline));
                    }
                }
                self.effects.extend(decision.effects.iter().cloned());
                let sent = decision.effects.iter().filter(|effect| matches!(effect, Effect::Send { .. }));
                self.sent.extend(sent.cloned());
                self.log.push(decision.entry.clone());
                self.done.push((actor.clone(), command.clone(), self.now));
                self.case = Some(decision.case.clone());
                Ok(decision)
            }
            Err(refusal) => {
                self.refused.extend(codes(&refusal));
                Err(refusal)
            }
        }
    }

    fn check(&mut self, decision: &Decision) {
        let before = self.case.clone();
        match evolve(before.clone(), &decision.entry) {
            Ok(case) if case == decision.case => {}
            Ok(_) => self.faults.push(format!("{}: the entry folds into another case", decision.entry.verb)),
            Err(error) => self.faults.push(error.to_string()),
        }
        let ctx = Context {
            actor: &Actor::internal(Role::System),
            now: self.now,
            rules: self.rules,
            table: self.table,
            registers: &self.registers,
        };
        let step = invariants::Step { before: before.as_ref(), decision, ctx: &ctx };
        self.faults.extend(invariants::broken(&step).iter().map(ToString::to_string));
        for effect in &decision.effects {
            if let Effect::Notify { notice, to: workflows::machine::Recipient::Desk { role }, .. } = effect {
                self.desks.push((*notice, *role, self.now));
            }
            if let Effect::Notify { notice, data, .. } = effect {
                self.told.push((*notice, (**data).clone()));
            }
            if let Effect::Notify { notice, data, .. } = effect
                && serde_json::to_string(data).unwrap().contains(super::defaults::CANARY)
            {
                self.faults.push(format!("{notice} tells what is for colleagues (INV-7)"));
            }
        }
    }

    /// Moves the clock; what falls due on the way is done in its order.
    pub fn clock(&mut self, to: DateTime<Utc>) {
        let mut last: Option<Command> = None;
        for _ in 0..400 {
            let Some(deadline) = self.next(to) else {
                self.now = self.now.max(to);
                return;
            };
            self.now = self.now.max(deadline.due_at);
            self.settled.insert(key(&deadline));
            let case = self.case.clone().unwrap();
            let internal = Actor::internal(Role::System);
            let ctx = Context {
                actor: &internal,
                now: self.now,
                rules: self.rules,
                table: self.table,
                registers: &self.registers,
            };
            // A date that asks for several steps comes back until it asks for nothing new.
            if let Some((role, command)) = due(&case, &deadline, &ctx, &self.outside)
                && self.act(&Actor::internal(role), &command).is_ok()
                && last.as_ref() != Some(&command)
            {
                self.settled.remove(&key(&deadline));
                last = Some(command);
            }
        }
        self.faults.push("the clock never comes to rest".into());
    }

    fn next(&self, to: DateTime<Utc>) -> Option<Deadline> {
        let case = self.case.as_ref()?;
        let open = case.deadlines.iter().filter(|d| d.due_at <= to && !self.settled.contains(&key(d)));
        open.min_by_key(|d| d.due_at).cloned()
    }
}

fn key(deadline: &Deadline) -> (String, String, DateTime<Utc>) {
    (deadline.timer.code().to_owned(), deadline.key.clone(), deadline.due_at)
}

/// Every code of a refusal.
pub fn codes(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Blocked { unmet } => {
            unmet.iter().flat_map(|unmet| [Some(unmet.code.clone()), unmet.rule.clone()]).flatten().collect()
        }
        Refusal::Invalid { rule, .. } => vec![refusal.code().to_owned(), rule.clone()],
        other => vec![other.code().to_owned()],
    }
}

/// Puts a value under a path such as `decision.amount_yen` or `form.loans.0.term_months`.
pub fn assign(map: &mut Map<String, Value>, path: &str, value: Value) -> Result<(), String> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match rest {
        None => drop(map.insert(first.to_owned(), value)),
        Some(rest) => put(map.get_mut(first).ok_or(format!("no field {first}"))?, rest, value)?,
    }
    Ok(())
}

fn put(at: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (at, first.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => {
            // One more than there are begins as a copy of the last.
            if index == items.len() {
                items.extend(items.last().cloned());
            }
            let item = items.get_mut(index).ok_or(format!("no item {index}"))?;
            match rest {
                None => *item = value,
                Some(rest) => put(item, rest, value)?,
            }
            Ok(())
        }
        (Value::Object(map), _) => assign(map, path, value),
        _ => Err(format!("no field {path}")),
    }
}
