//! `yushi import` and `yushi simulate --file`: valid applications are paid out with the expected amounts, every other one stops
//! where the table of rules and guards says, with the expected rules.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::bank::{Bank, Database, report};
use super::sample::{self, RuleTable, Sample, Stop, texts};
use super::soak;

/// Before the first reception of the file.
const START: &str = "2024-07-01T00:00:00Z";
/// Parts of `expected` that the approved terms of the day hold.
const AMOUNTS: &[&str] = &["loans", "insurance", "fees", "transaction_conditions"];

#[test]
fn the_file_on_sqlite() {
    play(Database::Sqlite);
}

#[test]
fn the_file_on_postgresql() {
    play(Database::Postgres);
}

fn play(database: Database) {
    let samples = if soak() { sample::all() } else { sample::some(4) };
    let bank = Bank::open(database, START);
    let path = bank.beside("applications.jsonl");
    let lines: Vec<&str> = samples.iter().map(|sample| sample.line.as_str()).collect();
    std::fs::write(&path, lines.join("\n")).expect("a file");
    let imported = bank.import(&path);
    let flags = ["--file", path.to_str().expect("UTF-8"), "--seed", "1", "--connections", "16"];
    let (clean, played) = report(bank.simulate(&flags).wait_with_output().expect("an end"));
    let there = Cases::read(&bank, &samples);

    let stops = stops(&samples, &imported, &played);
    let table = RuleTable::read();
    let (mut right, mut wrong) = (Figures::default(), vec![]);
    for sample in &samples {
        let difference = if sample.proceeds() {
            right.valid += 1;
            paid_out(&bank, sample, &there, &mut right)
        } else {
            right.others += 1;
            stopped(sample, &table.stop(sample), stops.get(&sample.id), &there)
        };
        match difference {
            None if sample.proceeds() => right.paid += 1,
            None => right.stopped += 1,
            Some(difference) => wrong.push(format!("{}: {difference}", sample.id)),
        }
    }
    let (applications, events) = bank.verified();
    println!(
        "{database:?}: {}/{} valid ones paid out with {}/{} expected amounts, {}/{} others stopped where the table says; \
         {applications} applications and {events} events verified; {} transitions in {} s",
        right.paid,
        right.valid,
        right.equal,
        right.amounts,
        right.stopped,
        right.others,
        played["transitions"],
        played["seconds"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(clean, "{}", played["script"]["mismatches"]);
    assert!(right.valid > 0 && right.others > 0 && right.amounts > 20 * right.valid);
}

/// What was looked at, and how much of it was right.
#[derive(Default)]
struct Figures {
    valid: usize,
    paid: usize,
    amounts: usize,
    equal: usize,
    others: usize,
    stopped: usize,
}

/// Where cases stopped: at the reception as the import tells, afterwards as the parties were told.
fn stops(samples: &[Sample], imported: &Value, played: &Value) -> BTreeMap<String, Stop> {
    let mut stops = BTreeMap::new();
    for error in imported["errors"].as_array().expect("errors") {
        let line = usize::try_from(error["line"].as_u64().expect("a line")).expect("a line");
        let stop = stops.entry(samples[line - 1].id.clone()).or_insert_with(|| Stop {
            verb: "submitApplication".to_owned(),
            rules: BTreeSet::new(),
            guards: BTreeSet::new(),
        });
        stop.rules.insert(error["rule"].as_str().expect("a rule").to_owned());
    }
    for stopped in played["stopped"].as_array().into_iter().flatten() {
        let text = |name: &str| stopped[name].as_str().expect("a text").to_owned();
        let (rules, guards) = (texts(&stopped["rules"]), texts(&stopped["guards"]));
        let before = stops.insert(text("application_id"), Stop { verb: text("verb"), rules, guards });
        assert!(before.is_none(), "{stopped}");
    }
    stops
}

/// `None`: it stopped as expected.
fn stopped(sample: &Sample, expected: &Stop, actual: Option<&Stop>, there: &Cases) -> Option<String> {
    let Some(actual) = actual else { return Some(format!("did not stop, expected {expected:?}")) };
    // A declaration without a valid day is no decided insurance: the later guard tells of both.
    let guards: BTreeSet<String> =
        actual.guards.iter().map(|g| g.replace("G-INS-DECIDED", "G-INS-VALID")).collect();
    let at_reception = expected.verb == "submitApplication";
    let same_guards = at_reception || guards.is_subset(&expected.guards);
    if (&expected.verb, &expected.rules) != (&actual.verb, &actual.rules) || !same_guards {
        return Some(format!("{actual:?}, expected {expected:?}"));
    }
    let stage = there.stages.get(&sample.id).map(|(_, stage)| stage.as_str());
    let money = ["READY", "DISBURSING", "DISBURSED", "HANDED_OVER"];
    stage.filter(|stage| money.contains(stage)).map(|stage| format!("is {stage} all the same"))
}

/// Id and stage of every case, by the sender's number, as the branch managers of the banks see them.
struct Cases {
    managers: BTreeMap<String, String>,
    stages: BTreeMap<String, (String, String)>,
}

impl Cases {
    fn read(bank: &Bank, samples: &[Sample]) -> Self {
        let query = "query($after: String) { applications(first: 50, after: $after) \
            { edges { node { id externalId stage } } pageInfo { hasNextPage endCursor } } }";
        let (mut managers, mut stages) = (BTreeMap::new(), BTreeMap::new());
        for sample in samples {
            let code = sample.bank().to_owned();
            if managers.contains_key(&code) {
                continue;
            }
            let token = bank.token("BRANCH_MANAGER", Some(&code));
            let mut after = Value::Null;
            loop {
                let page = &bank.ask(&token, query, &json!({ "after": after }))["applications"];
                for node in page["edges"].as_array().expect("edges").iter().map(|edge| &edge["node"]) {
                    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
                    stages.insert(text("externalId"), (text("id"), text("stage")));
                }
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] != true {
                    break;
                }
            }
            managers.insert(code, token);
        }
        Self { managers, stages }
    }
}

/// `None`: it was paid out on the requested date with every expected amount.
fn paid_out(bank: &Bank, sample: &Sample, there: &Cases, figures: &mut Figures) -> Option<String> {
    let Some((id, stage)) = there.stages.get(&sample.id) else { return Some("is not there".to_owned()) };
    if !["DISBURSED", "HANDED_OVER"].contains(&stage.as_str()) {
        return Some(format!("is {stage}"));
    }
    let query = "query($id: ID!) { application(id: $id) \
        { frozen { date deductionsYen quote } postings { date amountYen state drawing } } }";
    let data = bank.ask(&there.managers[sample.bank()], query, &json!({ "id": id }));
    let (frozen, postings) = (&data["application"]["frozen"], &data["application"]["postings"]);
    let mut differences = vec![];
    for key in AMOUNTS {
        let actual = &frozen["quote"][camel(key)];
        compare(key, &sample.expected[key], actual, figures, &mut differences);
    }
    let requested = &sample.form["requested_disbursement_date"];
    compare("date", requested, &frozen["date"], figures, &mut differences);
    let fees = &sample.expected["fees"]["total_yen"];
    compare("deductions", fees, &frozen["deductionsYen"], figures, &mut differences);
    let paid = json!([{
        "date": requested, "amount_yen": sample.form["requested_amount_yen"], "state": "POSTED", "drawing": false,
    }]);
    compare("postings", &paid, postings, figures, &mut differences);
    (!differences.is_empty()).then(|| differences.join("; "))
}

/// Counts every value of `expected` and tells those that the API shows otherwise. Rates are compared as numbers, lists of words
/// as sets, all other lists in their order.
fn compare(path: &str, expected: &Value, actual: &Value, figures: &mut Figures, told: &mut Vec<String>) {
    match expected {
        Value::Object(fields) => {
            for (name, value) in fields {
                compare(&format!("{path}.{name}"), value, &actual[camel(name)], figures, told);
            }
        }
        Value::Array(items) if !items.first().is_some_and(Value::is_string) => {
            for (at, value) in items.iter().enumerate() {
                compare(&format!("{path}[{at}]"), value, &actual[at], figures, told);
            }
            let count = actual.as_array().map(Vec::len);
            compare(&format!("{path}.count"), &json!(items.len()), &json!(count), figures, told);
        }
        _ => {
            figures.amounts += 1;
            let equal = match (expected, actual) {
                (Value::Array(_), Value::Array(_)) => texts(expected) == texts(actual),
                _ => expected == actual || number(expected).is_some_and(|n| Some(n) == number(actual)),
            };
            figures.equal += usize::from(equal);
            if !equal {
                told.push(format!("{path}: {actual}, expected {expected}"));
            }
        }
    }
}

/// An amount or a rate.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        whole.push_str(&first.to_uppercase());
        whole.push_str(rest);
    }
    whole
}

mod seeded_faults {
    use super::*;

    #[test]
    fn a_wrong_amount_and_a_missing_loan_are_told() {
        let expected = json!({ "loans": [{ "rate": "1.095", "payment_yen": 93318 }, { "rate": "2", "payment_yen": 1 }] });
        let mut figures = Figures::default();
        let mut told = vec![];
        let same = json!({ "loans": [{ "rate": "1.0950", "paymentYen": "93318" }, { "rate": "2.0", "paymentYen": 1 }] });
        compare("x", &expected, &same, &mut figures, &mut told);
        assert_eq!((figures.equal, figures.amounts, told.len()), (5, 5, 0), "{told:?}");
        let other = json!({ "loans": [{ "rate": "1.095", "paymentYen": 93317 }] });
        compare("x", &expected, &other, &mut figures, &mut told);
        assert_eq!(told.len(), 4, "{told:?}");
    }

    #[test]
    fn another_verb_and_another_rule_are_told() {
        let samples = sample::all();
        let table = RuleTable::read();
        let sample = samples.iter().find(|s| !s.proceeds() && s.rules().len() == 1).expect("one that stops");
        let there = Cases { managers: BTreeMap::new(), stages: BTreeMap::new() };
        let expected = table.stop(sample);
        assert_eq!(stopped(sample, &expected, Some(&expected), &there), None);
        let later = Stop { verb: "orderPosting".to_owned(), ..expected.clone() };
        let other = Stop { rules: BTreeSet::from(["B-99".to_owned()]), ..expected.clone() };
        for wrong in [None, Some(&later), Some(&other)] {
            assert!(stopped(sample, &expected, wrong, &there).is_some(), "{wrong:?}");
        }
    }
}
