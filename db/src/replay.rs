//! Decisions made again: every entry that kept its input is decided from that input alone, and must come out the same.

use crate::verify::{Line, Moment};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use workflows::machine::{
    self, Actor, Case, Command, Context, Entry, Registers, Rulebook, Rules, Table, evolve,
};
use workflows::{Form, PostedRates};

/// What an entry was decided from, beside what the entry says itself (who, in which role, when).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input<C = Command> {
    pub command: C,
    /// The rest of who asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub institution: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// What the bank's registers said of the command.
    #[serde(default, skip_serializing_if = "Registers::is_empty")]
    pub registers: Registers,
    pub basis: Basis,
}

/// By which rules: version of the book with the digest of its sources, digests of the posted rates and of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub book: String,
    pub rates: String,
    pub table: String,
}

/// Rules that can say which posted rates they hold.
pub trait Versioned: Rules {
    /// Digest of the posted rates of the form's bank, as [`rates_digest`] makes it.
    fn rates_version(&self, form: &Form) -> String;
}

impl Versioned for Rulebook {
    fn rates_version(&self, _: &Form) -> String {
        rates_digest(&self.rates)
    }
}

/// Digest of posted rates. Costs as much as spelling them: whoever asks for each decision keeps it.
pub fn rates_digest(rates: &PostedRates) -> String {
    let digest = Sha256::digest(format!("{rates:?}"));
    hex::encode(&digest[..6])
}

impl Basis {
    /// The basis on which a form is judged now.
    pub fn of(form: &Form, rules: &dyn Versioned, table: &str) -> Basis {
        Basis { book: rules.book_version(form), rates: rules.rates_version(form), table: table.to_owned() }
    }
}

/// The input of a command, as it is stored with its entry.
pub(crate) fn input_of(
    command: &Command,
    actor: &Actor,
    registers: &Registers,
    basis: Basis,
) -> Result<String> {
    let input = Input {
        command,
        institution: actor.institution.clone(),
        branches: actor.branches.clone(),
        organisation: actor.organisation.clone(),
        registers: registers.clone(),
        basis,
    };
    Ok(serde_json::to_string(&input)?)
}

/// Digest of a table: its version alone does not tell a changed row.
pub fn digest_of(table: &Table) -> String {
    let digest = Sha256::digest(format!("{:?}", table.rows()));
    format!("{}/{}", machine::table::VERSION, hex::encode(&digest[..6]))
}

/// The rules that a bank had at an instant. Rates reach a process some time after their approval, so there may be several, the most
/// likely first; the one whose basis the input names is taken.
pub trait Archive: Sync {
    fn rules(&self, bank: &str, at: DateTime<Utc>) -> Vec<Arc<dyn Versioned + Send + Sync>>;
}

/// What replaying came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replayed {
    pub applications: u64,
    /// Entries decided again, and those of them that came out the same.
    pub decided: u64,
    pub equal: u64,
    /// Entries of versions that kept no input: their facts are proven by `verify` alone.
    pub without_input: u64,
    /// Entries decided by another edition of the program's table, before an upgrade: that edition decides them again, and `verify` proves
    /// that they are what it wrote.
    pub other_edition: u64,
    /// Cases whose content was erased when their time was over: nothing of them can be decided again.
    pub erased: u64,
    pub differences: Vec<Difference>,
}

/// An entry that does not follow from its input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub application: String,
    pub version: i64,
    pub verb: String,
    /// `OUTCOME`: something else was decided. `BASIS`: the book or the rates at hand are not those it was decided by. `INPUT`: unreadable.
    pub kind: &'static str,
    pub detail: String,
}

/// Decides every entry again. `archive` are the rules at hand. The list of differences stops growing at ten thousand.
pub async fn replay(store: &Store, archive: &dyn Archive) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let table = &store.inner.table;
    let mut moments = Moment::start();
    while let Some(page) = moments.next(store).await? {
        for (id, lines) in page {
            replayed.applications += 1;
            if lines.first().is_some_and(Line::is_gone) {
                replayed.erased += 1;
                continue;
            }
            let mut case: Option<Case> = None;
            for line in lines {
                let judged = one(store, archive, table, &id, case.as_ref(), &line);
                match judged {
                    Judged::WithoutInput => replayed.without_input += 1,
                    Judged::OtherEdition => replayed.other_edition += 1,
                    Judged::Again(found) => {
                        replayed.decided += 1;
                        replayed.equal += u64::from(found.is_none());
                        replayed.differences.extend(found);
                    }
                }
                // A log that does not fold is what `verify` is for.
                let Some(after) = line.entry().ok().and_then(|entry| evolve(case.take(), &entry).ok()) else {
                    break;
                };
                case = Some(after);
            }
        }
        if replayed.differences.len() > 10_000 {
            break;
        }
    }
    Ok(replayed)
}

/// What became of one entry.
enum Judged {
    WithoutInput,
    OtherEdition,
    /// Decided again, with the difference where there is one.
    Again(Option<Difference>),
}

/// Decides one entry again.
fn one(
    store: &Store,
    archive: &dyn Archive,
    table: &str,
    id: &str,
    before: Option<&Case>,
    line: &Line,
) -> Judged {
    let say = |kind, detail: String| {
        let (application, version, verb) = (id.to_owned(), line.version, line.verb.clone());
        Judged::Again(Some(Difference { application, version, verb, kind, detail }))
    };
    let Some(input) = line.input() else { return Judged::WithoutInput };
    let input: Input = match input.and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string())) {
        Ok(input) => input,
        Err(error) => return say("INPUT", error),
    };
    if input.basis.table != table {
        return Judged::OtherEdition;
    }
    let stored: Entry = match line.entry() {
        Ok(entry) => entry,
        Err(error) => return say("INPUT", error),
    };
    let form = match (before, &input.command) {
        (Some(case), _) => case.form.clone(),
        (None, Command::CreateDraft { form }) => Arc::new(form.clone()),
        (None, _) => return say("INPUT", "the first entry is no draft".to_owned()),
    };
    let candidates = archive.rules(&form.institution.bank_code, line.at);
    let basis = |rules: &Arc<dyn Versioned + Send + Sync>| Basis::of(&form, rules.as_ref(), table);
    let known = candidates.iter().find(|rules| basis(rules) == input.basis);
    let Some(rules) = known.or(candidates.first()) else {
        return say("BASIS", "no rules for the bank".to_owned());
    };
    let actor = Actor {
        subject: stored.by.clone(),
        role: stored.role,
        institution: input.institution.clone(),
        branches: input.branches.clone(),
        organisation: input.organisation.clone(),
        on_behalf_of: stored.on_behalf_of().map(str::to_owned),
    };
    let options = &store.inner.options;
    let ctx = Context {
        actor: &actor,
        now: line.at,
        rules: rules.as_ref(),
        table: &options.table,
        registers: &input.registers,
    };
    let decided = match before {
        None => machine::open(id, &input.command, &ctx),
        Some(case) => machine::decide(case, &input.command, &ctx),
    };
    match decided {
        Err(refusal) => say("OUTCOME", format!("refused now: {}", refusal.code())),
        Ok(decision) if decision.entry != stored => {
            let facts = |entry: &Entry| entry.events.iter().map(|e| format!("{e:?}")).collect::<Vec<_>>();
            let (then, now) = (facts(&stored), facts(&decision.entry));
            let first = then
                .iter()
                .zip(&now)
                .position(|(then, now)| then != now)
                .unwrap_or(then.len().min(now.len()));
            say(
                "OUTCOME",
                format!(
                    "{} facts then, {} now; they differ from fact {} on",
                    then.len(),
                    now.len(),
                    first + 1
                ),
            )
        }
        Ok(_) if known.is_none() => {
            let now = basis(rules);
            say("BASIS", format!("decided by {:?}, at hand is {now:?}", input.basis))
        }
        Ok(_) => Judged::Again(None),
    }
}
