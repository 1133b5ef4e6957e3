//! The documents that are printed from the table and the catalogue: diagrams, grids and lists. A test rewrites them and fails
//! when a committed one is stale.

use super::effect::{PartnerMessage, Task, Timer};
use super::emergency::EmergencyOutcome;
use super::facts::*;
use super::need::{Check, Need};
use super::notice::NoticeId;
use super::papers::{FileState, MediaType, PaperFault, PaperState};
use super::role::Role;
use super::row::{By, Place, Row, Tells, To};
use super::stage::Stage;
use super::table::Table;
use super::track::{Track, TrackState};
use super::verb::Verb;
use crate::guard::Guard;
use crate::rule::{CAUSES, Rule, SERVICING_RULES, STAGED_RULES};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One generated document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// File name under `docs/generated`.
    pub name: &'static str,
    pub text: String,
}

/// Every generated document.
pub fn pages(table: &Table) -> Vec<Page> {
    let page = |name, title: &str, body: String| Page {
        name,
        text: format!("<!-- Printed from the table; do not edit. -->\n# {title}\n\n{body}"),
    };
    vec![
        page("workflow.md", "Workflow / 業務フロー", workflow(table)),
        page("notices.md", "Notices / 通知", notices(table)),
        page("deadlines.md", "Dates that run / 期限", deadlines(table)),
        page("tasks.md", "Tasks / 作業", tasks(table)),
        page("guards.md", "Rules, guards and verbs / 規定と関門", rules(table)),
        page("refusals.md", "Refusals / お断りの理由", refusals(table)),
        page("glossary.md", "Glossary / 用語", glossary()),
    ]
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn table_of(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let rule: Vec<String> = head.iter().map(|_| "---".to_owned()).collect();
    let body: String = rows.into_iter().map(|row| line(&row)).collect();
    format!("{}{}{body}\n", line(&head), line(&rule))
}

fn place(row: &Row) -> (String, String) {
    match row.place {
        Place::Main { from, to } => (list(from), to.to_string()),
        Place::Track { from, to, .. } => (from.to_string(), to.to_string()),
        Place::Fact { during } => (list(during), "-".to_owned()),
    }
}

fn people(by: By) -> String {
    match by {
        By::One(roles) => list(roles),
        By::FourEyes { propose, decide } => format!("{} + {}", list(propose), list(decide)),
        By::Consequence(role) => format!("consequence ({role})"),
    }
}

fn to(to: To) -> String {
    match to {
        To::Applicant => "applicant".to_owned(),
        To::CoObligors => "co-obligors".to_owned(),
        To::Borrowers => "borrowers".to_owned(),
        To::Signatories => "signatories".to_owned(),
        To::Insured => "insured person".to_owned(),
        To::Desk(role) => format!("desk {role}"),
        To::Partner(role) => format!("partner {role}"),
        To::Asked => "partner that owes the answer".to_owned(),
        To::Office => "instructed scrivener's office".to_owned(),
    }
}

/// The diagram of the main stage, one of each track, and every row.
fn workflow(table: &Table) -> String {
    let mut text = String::from("## Main stage\n\n```mermaid\nstateDiagram-v2\n    [*] --> DRAFT\n");
    for row in table.rows() {
        if let Place::Main { from, to } = row.place {
            for from in from {
                text.push_str(&format!("    {from} --> {to}: {}\n", row.id));
            }
        }
    }
    for stage in Stage::ALL.iter().filter(|stage| stage.is_final()) {
        text.push_str(&format!("    {stage} --> [*]\n"));
    }
    text.push_str("```\n\n");
    text.push_str(&rows(table, |row| matches!(row.place, Place::Main { .. })));
    text.push_str("## Facts without a move\n\n");
    text.push_str(&rows(table, |row| matches!(row.place, Place::Fact { .. })));
    for track in Track::ALL {
        let mine = |row: &Row| matches!(row.place, Place::Track { track: of, .. } if of == *track);
        text.push_str(&format!(
            "## {track} {} / {}\n\n```mermaid\nstateDiagram-v2\n",
            track.ja(),
            track.en()
        ));
        text.push_str(&format!("    [*] --> {}\n", track.initial()));
        for row in table.rows().iter().filter(|row| mine(row)) {
            let (from, to) = place(row);
            text.push_str(&format!("    {from} --> {to}: {}\n", row.id));
        }
        text.push_str("```\n\n");
        text.push_str(&rows(table, mine));
    }
    text
}

/// The main stage at a glance, for the README: the shortest way to every end, each row from the stage that it names first.
/// An arrow that starts elsewhere too says so.
pub fn overview(table: &Table) -> String {
    let start = Stage::Draft;
    let moves = |of: Stage| {
        table.rows().iter().filter_map(move |row| match row.place {
            Place::Main { from, to } if from.first() == Some(&of) => Some((row, to)),
            _ => None,
        })
    };
    // Breadth first: the first arrow into a stage is on a shortest way there.
    let mut into: BTreeMap<Stage, (Stage, &Row)> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(from) = waiting.pop_front() {
        for (row, to) in moves(from) {
            if to != start && !into.contains_key(&to) {
                into.insert(to, (from, row));
                waiting.push_back(to);
            }
        }
    }
    let mut shown = BTreeSet::from([start]);
    for end in Stage::ALL.iter().filter(|stage| stage.is_final()) {
        let mut at = *end;
        while shown.insert(at) {
            let Some((from, _)) = into.get(&at) else { break };
            at = *from;
        }
    }
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    for stage in &shown {
        text.push_str(&format!("    state \"{} / {}\" as {stage}\n", stage.ja(), stage.en()));
    }
    text.push_str(&format!("    [*] --> {start}\n"));
    for to in &shown {
        let Some((from, row)) = into.get(to) else { continue };
        let others = match row.place {
            Place::Main { from, .. } => from.len() - 1,
            _ => 0,
        };
        let also = match others {
            0 => String::new(),
            1 => ", also from 1 other stage".to_owned(),
            more => format!(", also from {more} other stages"),
        };
        text.push_str(&format!("    {from} --> {to}: {} {}{also}\n", row.id, row.verb));
    }
    for stage in shown.iter().filter(|stage| stage.is_final()) {
        text.push_str(&format!("    {stage} --> [*]\n"));
    }
    text.push_str("```\n");
    text
}

fn rows(table: &Table, wanted: impl Fn(&Row) -> bool) -> String {
    let head = ["row", "from", "to", "verb", "by", "needs", "opens", "dates", "sends", "because"];
    let cells = |row: &Row| {
        let (from, to) = place(row);
        vec![
            row.id.to_owned(),
            from,
            to,
            format!("{} {}", row.verb, row.verb.ja()),
            people(row.by),
            list(row.needs.iter().map(|check| check.code())),
            list(row.opens),
            list(row.sets),
            list(row.sends),
            row.because.to_owned(),
        ]
    };
    table_of(&head, table.rows().iter().filter(|row| wanted(row)).map(cells))
}

/// Verbs down, roles across: `x` alone, `P` proposes, `D` decides. The API prints it with the fields that each role sees.
pub fn permissions(table: &Table) -> String {
    let roles: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| table.rows().iter().any(|row| !mark(row, *role).is_empty()))
        .collect();
    let mut head = vec!["verb"];
    head.extend(roles.iter().map(|role| role.code()));
    let verbs = Verb::ALL
        .iter()
        .filter(|verb| table.of_verb(**verb).any(|row| !matches!(row.by, By::Consequence(_))));
    let cells = |verb: &Verb| {
        let mut cells = vec![format!("{verb} {}", verb.ja())];
        for role in &roles {
            let marks: BTreeSet<&str> = table.of_verb(*verb).map(|row| mark(row, *role)).collect();
            cells.push(marks.into_iter().collect());
        }
        cells
    };
    format!(
        "`x` alone, `P` proposes, `D` decides as the second person. The decider also returns a proposal, the proposer retracts \
         it. Roles without a verb only read.\n\n{}",
        table_of(&head, verbs.map(cells))
    )
}

fn mark(row: &Row, role: Role) -> &'static str {
    match row.by {
        By::One(roles) if roles.contains(&role) => "x",
        By::FourEyes { propose, decide } => match (propose.contains(&role), decide.contains(&role)) {
            (true, true) => "PD",
            (true, false) => "P",
            (false, true) => "D",
            (false, false) => "",
        },
        By::One(_) | By::Consequence(_) => "",
    }
}

fn notices(table: &Table) -> String {
    let cells = |row: &Row| match row.tells {
        Tells::Notices(all) => all
            .iter()
            .map(|(notice, who)| {
                vec![
                    row.id.to_owned(),
                    row.verb.to_string(),
                    notice.to_string(),
                    notice.ja().to_owned(),
                    to(*who),
                ]
            })
            .collect(),
        Tells::Silent(why) => {
            vec![vec![
                row.id.to_owned(),
                row.verb.to_string(),
                "silent".to_owned(),
                String::new(),
                why.to_owned(),
            ]]
        }
    };
    let head = ["row", "verb", "notice", "title", "to, or why nobody"];
    format!(
        "A proposal tells the deciding desk W02, its return the proposing desk W03. Nobody who died is written to.\n\n{}",
        table_of(&head, table.rows().iter().flat_map(cells))
    )
}

fn deadlines(table: &Table) -> String {
    let cells = |timer: &Timer| {
        let setters = table.rows().iter().filter(|row| row.sets.contains(timer)).map(|row| row.id);
        let (ends, expiry) = life(*timer);
        let set_by = match timer {
            Timer::Tm11 => "every entry, before the next of TM03 to TM07".to_owned(),
            Timer::React => "every entry after which the case stands where it must not stay".to_owned(),
            _ => list(setters),
        };
        vec![
            format!("{timer} {}", timer.ja()),
            timer.en().to_owned(),
            set_by,
            ends.to_owned(),
            expiry.to_owned(),
        ]
    };
    table_of(&["timer", "", "set by", "ends", "on expiry"], Timer::ALL.iter().map(cells))
}

/// When a date ends unanswered, and what happens then.
const fn life(timer: Timer) -> (&'static str, &'static str) {
    match timer {
        Timer::Tm01 => ("when the draft is left", "T02 discards the draft"),
        Timer::Tm02 => ("when the stage is left", "F-27 reminds; T47 becomes possible"),
        Timer::Tm03 => ("at the contract or a new approval", "T18, unless a bridge loan is linked"),
        Timer::Tm04 | Timer::Tm05 => ("when the instance moves", "INS goes to EXPIRED"),
        Timer::Tm06 => ("when the instance moves", "GUAR goes to EXPIRED"),
        Timer::Tm07 => ("with the case", "T26 holds the case"),
        Timer::Tm08 => ("when the filing moves", "F-27 reminds"),
        Timer::Tm09 => ("when the stage is left", "T32: outcome unknown, ask"),
        Timer::Tm10 => ("with the case", "F-27: collateral exception"),
        Timer::Tm11 => ("when the date it forecasts ends", "F-27 tells applicant and clerk"),
        Timer::OrgReminder => ("when the instance moves", "F-52 reminds the organisation once"),
        Timer::JobReminder => {
            ("when the instance moves", "F-52 reminds the office once, unless it has answered")
        }
        Timer::OrgOverdue => ("when the instance moves", "F-53 tells manager and clerk once"),
        Timer::JobOverdue => {
            ("when the instance moves", "F-53 tells manager and clerk once, unless the job was taken")
        }
        Timer::Day => ("when the stage is left", "list searches, conditions, then T25"),
        Timer::Aml => ("when the instance moves", "the list search answers"),
        Timer::Bureau => ("when the instance moves", "the bureau answers, or its answer is too old"),
        Timer::Close => ("when the stage is left", "T38"),
        Timer::React => ("when the stage is left", "T43 or T26; on the day T25 again"),
    }
}

fn tasks(table: &Table) -> String {
    let cells = |task: &Task| {
        let openers = table.rows().iter().filter(|row| row.opens.contains(task)).map(|row| row.id);
        let openers = list(openers);
        let opened =
            if openers.is_empty() { "when its instance or proposal opens".to_owned() } else { openers };
        vec![
            format!("{task} {}", task.ja()),
            task.en().to_owned(),
            task.role().to_string(),
            task.due_in_business_days().to_string(),
            opened,
        ]
    };
    format!(
        "A task of the main stage closes when the stage is left, that of a track when the instance moves, all when the case \
         ends.\n\n{}",
        table_of(
            &["task", "", "waits for", "due in business days", "opened by"],
            Task::ALL.iter().map(cells)
        )
    )
}

/// The committed reading: which guard stands for which rule, and at which verbs it is asked.
fn rules(table: &Table) -> String {
    let cells = |cause: &&crate::rule::Cause| {
        let asked = |row: &&Row| {
            row.needs.contains(&Check::G(cause.guard))
                || (cause.guard == Guard::InsValid && row.needs.contains(&Check::G(Guard::InsDecided)))
        };
        let verbs = table.rows().iter().filter(asked).map(|row| format!("{} ({})", row.verb, row.id));
        let rule = Rule::of(cause.rule);
        vec![
            cause.rule.to_owned(),
            rule.map(|rule| rule.ja).unwrap_or_default().to_owned(),
            cause.cause.to_owned(),
            cause.guard.code().to_owned(),
            list(verbs),
        ]
    };
    let findings = table_of(
        &["rule", "what it asks for", "cause of a finding", "guard", "asked at"],
        CAUSES.iter().map(cells),
    );
    let refused = |rule: &Rule| [rule.id, rule.ja, rule.en, rule.cure_en].map(str::to_owned).to_vec();
    let heads = ["rule", "what it asks for", "in English", "what is accepted"];
    let servicing = table_of(&heads, SERVICING_RULES.iter().map(refused));
    let staged = table_of(&heads, STAGED_RULES.iter().map(refused));
    format!(
        "{findings}\n## Refused by the servicing library / 返済・期中管理\n\nAsked when a loan is simulated, reviewed, prepaid or \
         paid off (`workflows/src/repayment`, `workflows/src/guarantee`); no step of a case asks for them.\n\n{servicing}\n## Refused of \
         money ahead / 分割融資・つなぎローン\n\n{staged}"
    )
}

fn refusals(table: &Table) -> String {
    let checks =
        Guard::ALL.iter().map(|guard| Check::G(*guard)).chain(Need::ALL.iter().map(|need| Check::N(*need)));
    let cells = |check: Check| {
        let asked = table.rows().iter().filter(|row| row.needs.contains(&check)).map(|row| row.id);
        vec![
            check.code().to_owned(),
            check.ja().to_owned(),
            check.en().to_owned(),
            list(check.cleared_by()),
            list(asked),
        ]
    };
    let others = [
        (
            "ILLEGAL_TRANSITION",
            "The verb leads nowhere from here; the answer names the stages from which it would.",
        ),
        (
            "FORBIDDEN",
            "The role, the person or the organisation may not do this; the answer names the roles that may.",
        ),
        ("BLOCKED", "Preconditions are not met; the answer lists all of them with the codes below."),
        ("BAD_USER_INPUT", "A field that can never be right; the answer names field and rule."),
    ];
    let kinds = others.iter().map(|(code, what)| vec![(*code).to_owned(), (*what).to_owned()]);
    format!(
        "{}{}",
        table_of(&["answer", "meaning"], kinds),
        table_of(&["code", "日本語", "English", "who can clear it", "asked at"], checks.map(cells))
    )
}

fn glossary() -> String {
    let mut text = String::new();
    macro_rules! terms {
        ($($title:literal = $name:ident;)+) => {
            $(
                text.push_str(concat!("## ", $title, "\n\n"));
                let cells = $name::ALL.iter().map(|term| {
                    vec![term.code().to_owned(), term.ja().to_owned(), term.en().to_owned()]
                });
                text.push_str(&table_of(&["code", "日本語", "English"], cells));
            )+
        };
    }
    terms! {
        "Stage" = Stage;
        "Track" = Track;
        "Track state" = TrackState;
        "Role" = Role;
        "Verb" = Verb;
        "Notice" = NoticeId;
        "Task" = Task;
        "Timer" = Timer;
        "Message to a partner" = PartnerMessage;
        "Ground" = Ground;
        "Ground of a refusal" = DeclineGround;
        "Ground of a closure" = ClosureGround;
        "Cause of a change" = ChangeCause;
        "Ground of a hold" = HoldGround;
        "Ground of a termination" = TerminationGround;
        "Stage of a condition" = ConditionStage;
        "Paper of an extension" = ExtensionPaper;
        "Review of an access in emergency" = EmergencyOutcome;
        "State of a posting" = PostingState;
        "Fault of a paper" = PaperFault;
        "State of a file" = FileState;
        "State of a paper" = PaperState;
        "Type of a file" = MediaType;
    }
    text
}
