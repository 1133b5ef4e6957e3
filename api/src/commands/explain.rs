//! `yushi explain`: where a case is, what blocks it, who clears it, by when.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use db::Scope;
use workflows::calendar::tokyo_date;
use workflows::machine::row::Place;
use workflows::machine::{
    Action, Actor, Case, Context, Registers, Role, Rules, Stage, Table, Unmet, allowed_actions,
};

use super::{Done, Failure, place, say};
use crate::cli::{ExplainArgs, Where};

/// Prints where a case stands.
pub async fn run(args: &ExplainArgs) -> Done {
    let standing = match (&args.api, &args.token, &args.data) {
        (_, _, Some(folder)) => of_demo(folder, &args.number).await?,
        (Some(api), Some(token), None) => super::explain_api::standing(api, token, &args.number).await?,
        _ => {
            return Err(Failure::usage(
                "--api と --token、または --data が必要です。",
                "--api with --token, or --data, is needed",
            ));
        }
    };
    say(standing.to_string().trim_end())
}

async fn of_demo(folder: &Path, number: &str) -> Result<Standing, Failure> {
    let place = Where { data: Some(folder.to_owned()), database_url: None };
    let (store, rules) = place::open(&place).await?;
    let scope = Scope::of(&Actor::internal(Role::System));
    let database = |error: db::StoreError| place::database(&error);
    let case = match store.case_by_number(&scope, number).await.map_err(database)? {
        Some(case) => Some(case),
        None => store.case(&scope, number).await.map_err(database)?,
    };
    let case = case.ok_or_else(|| unknown(number))?;
    let now = crate::demo::clock::start(folder, None);
    Ok(standing(&case, rules.as_ref(), &Table::default(), now))
}

/// There is no such case, or none that the caller may see.
pub fn unknown(number: &str) -> Failure {
    Failure::usage(
        format!("{number}: この番号の案件はありません。"),
        format!("{number}: there is no case with this number"),
    )
}

/// Where a case stands and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub number: String,
    pub stage_ja: String,
    pub stage_en: String,
    /// Who has to do something, oldest due first.
    pub tasks: Vec<Waiting>,
    /// Proposals that wait for a second person.
    pub proposals: Vec<Pair>,
    /// Moves of the main stage from here.
    pub moves: Vec<Move>,
    pub deadlines: Vec<Waiting>,
}

/// A sentence or word in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub ja: String,
    pub en: String,
}

/// Something with a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub what: Pair,
    pub who: Option<Pair>,
    pub by: NaiveDate,
}

/// A move that could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub what: Pair,
    pub to: Pair,
    /// Who makes it.
    pub who: Vec<Pair>,
    /// Does it end the case?
    pub ends: bool,
    pub blockers: Vec<Blocker>,
}

/// What stands in the way of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    pub code: String,
    pub subject: Option<String>,
    pub what: Pair,
    pub cleared_by: Vec<Pair>,
    /// The day by which those who clear it have their tasks to do.
    pub by: Option<NaiveDate>,
}

/// A role in both languages.
pub fn role(role: Role) -> Pair {
    Pair { ja: role.ja().to_owned(), en: role.en().to_owned() }
}

/// Where a case stands, from the case itself.
pub fn standing(case: &Case, rules: &dyn Rules, table: &Table, now: DateTime<Utc>) -> Standing {
    let mut tasks: Vec<Waiting> = case
        .tasks
        .iter()
        .map(|open| Waiting {
            what: Pair { ja: open.task.ja().to_owned(), en: open.task.en().to_owned() },
            who: Some(role(open.role)),
            by: open.due_on,
        })
        .collect();
    tasks.sort_by_key(|task| task.by);
    let mut deadlines: Vec<Waiting> = case
        .deadlines
        .iter()
        .map(|d| {
            let key = if d.key.is_empty() { String::new() } else { format!("（{}）", d.key) };
            let what = Pair { ja: format!("{}{key}", d.timer.ja()), en: format!("{}{key}", d.timer.en()) };
            Waiting { what, who: None, by: tokyo_date(d.due_at) }
        })
        .collect();
    deadlines.sort_by_key(|deadline| deadline.by);
    Standing {
        number: if case.number.is_empty() { case.id.clone() } else { case.number.clone() },
        stage_ja: case.stage.ja().to_owned(),
        stage_en: case.stage.en().to_owned(),
        tasks,
        proposals: case
            .proposals
            .iter()
            .filter_map(|p| table.row(&p.row))
            .map(|row| Pair { ja: row.verb.ja().to_owned(), en: row.verb.en().to_owned() })
            .collect(),
        moves: moves(case, rules, table, now),
        deadlines,
    }
}

/// The moves of the main stage, each with everybody who may make it and the fewest obstacles of any of them.
fn moves(case: &Case, rules: &dyn Rules, table: &Table, now: DateTime<Utc>) -> Vec<Move> {
    let mut found: Vec<(&'static str, Stage, Vec<Role>, Vec<Unmet>)> = vec![];
    for role in Role::ALL.iter().copied() {
        let actor = Actor {
            subject: String::new(),
            role,
            institution: case.institution.clone(),
            branches: vec![],
            organisation: case.engagements.get(&role).cloned(),
            on_behalf_of: None,
        };
        let ctx = Context { actor: &actor, now, rules, table, registers: Registers::NONE };
        for Action { row, unmet, .. } in allowed_actions(case, &ctx) {
            let Some(Place::Main { to, .. }) = table.row(row).map(|row| row.place) else { continue };
            match found.iter_mut().find(|(known, ..)| *known == row) {
                Some((_, _, roles, least)) => {
                    roles.push(role);
                    if unmet.len() < least.len() {
                        *least = unmet;
                    }
                }
                None => found.push((row, to, vec![role], unmet)),
            }
        }
    }
    let place = |id: &str| table.rows().iter().position(|row| row.id == id);
    found.sort_by_key(|(id, ..)| place(id));
    let mut moves: Vec<Move> = found
        .into_iter()
        .filter_map(|(id, to, roles, unmet)| {
            let row = table.row(id)?;
            Some(Move {
                what: Pair { ja: row.verb.ja().to_owned(), en: row.verb.en().to_owned() },
                to: Pair { ja: to.ja().to_owned(), en: to.en().to_owned() },
                who: roles.into_iter().map(role).collect(),
                ends: to.is_final() && to != Stage::HandedOver,
                blockers: unmet.iter().map(|unmet| blocker(case, unmet)).collect(),
            })
        })
        .collect();
    // A stable sort: what is as near comes in the order of the table.
    moves.sort_by_key(|m| (m.ends, m.blockers.len()));
    moves
}

fn blocker(case: &Case, unmet: &Unmet) -> Blocker {
    let tasks = case.tasks.iter().filter(|open| unmet.cleared_by.contains(&open.role));
    Blocker {
        code: unmet.rule.clone().map_or(unmet.code.clone(), |rule| format!("{} {rule}", unmet.code)),
        subject: unmet.subject.clone(),
        what: Pair { ja: unmet.ja.clone(), en: unmet.en.clone() },
        cleared_by: unmet.cleared_by.iter().copied().map(role).collect(),
        by: tasks.map(|open| open.due_on).min(),
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}: {} / {}", self.number, self.stage_ja, self.stage_en)?;
        if !self.tasks.is_empty() {
            writeln!(f, "\n待っている仕事 / Open tasks")?;
            for task in &self.tasks {
                let who = task.who.as_ref().map(|who| format!("{} / {}", who.ja, who.en)).unwrap_or_default();
                writeln!(f, "  - {} / {}: {who}, {}", task.what.ja, task.what.en, until(task.by))?;
            }
        }
        for proposal in &self.proposals {
            writeln!(f, "\n決裁待ち / Waits for a second person: {} / {}", proposal.ja, proposal.en)?;
        }
        let (forward, endings): (Vec<&Move>, Vec<&Move>) = self.moves.iter().partition(|m| !m.ends);
        if !forward.is_empty() {
            writeln!(f, "\n次の段階 / Next moves")?;
        }
        for m in forward {
            f.write_str(&lines(m))?;
        }
        let endings: Vec<&Move> = endings.into_iter().filter(|m| m.blockers.is_empty()).collect();
        if !endings.is_empty() {
            writeln!(f, "\n終了も可能 / It could also end")?;
            let names: BTreeSet<String> = endings
                .iter()
                .map(|m| format!("{} / {} ({})", m.what.ja, m.what.en, names(&m.who)))
                .collect();
            for name in names {
                writeln!(f, "  - {name}")?;
            }
        }
        if !self.deadlines.is_empty() {
            writeln!(f, "\n期限 / Dates that run")?;
            for deadline in &self.deadlines {
                writeln!(f, "  - {} / {}: {}", deadline.what.ja, deadline.what.en, deadline.by)?;
            }
        }
        Ok(())
    }
}

fn until(day: NaiveDate) -> String {
    format!("{day} まで / by {day}")
}

fn names(roles: &[Pair]) -> String {
    roles.iter().map(|role| format!("{}・{}", role.ja, role.en)).collect::<Vec<_>>().join(", ")
}

fn lines(m: &Move) -> String {
    let mut text = String::new();
    let now =
        if m.blockers.is_empty() { "実行可能 / can be done now" } else { "阻害要因あり / blocked" };
    let _ = writeln!(
        text,
        "  - {} / {} → {} / {}: {now} ({})",
        m.what.ja,
        m.what.en,
        m.to.ja,
        m.to.en,
        names(&m.who)
    );
    for blocker in &m.blockers {
        let subject = blocker.subject.as_ref().map(|subject| format!(" [{subject}]")).unwrap_or_default();
        let _ = writeln!(text, "      {}{subject}: {} / {}", blocker.code, blocker.what.ja, blocker.what.en);
        let by = blocker.by.map(|day| format!(", {}", until(day))).unwrap_or_default();
        let _ = writeln!(text, "        解消 / cleared by: {}{by}", names(&blocker.cleared_by));
    }
    text
}
