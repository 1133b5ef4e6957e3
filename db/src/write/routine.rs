//! Any number of transitions as one statement: calls of the routine `write_transition` that the migrations put into the database.
//!
//! PostgreSQL has a function that answers whether the version check held. SQLite has a view whose trigger fails the statement
//! where it did not; a batch is then repeated one by one.

use crate::Result;
use crate::error::is_version_check;
use crate::rows::{ReceiptRow, Transition};
use crate::sql::{Stamp, json, statement};
use crate::wall::named_by;
use sea_orm::{ConnectionTrait, DbBackend, Value};

/// What the routine takes, in its order.
const PARAMETERS: [&str; 45] = [
    "id",
    "institution",
    "branch",
    "number",
    "external_id",
    "stage",
    "version",
    "applicant_subject",
    "name_kanji",
    "name_kana",
    "product",
    "amount_yen",
    "planned_date",
    "received_on",
    "created_at",
    "updated_at",
    "updated_by",
    "head_hash",
    "body",
    "expected",
    "at",
    "by_subject",
    "role",
    "verb",
    "reason",
    "events",
    "parcels",
    "prev_hash",
    "hash",
    "caller",
    "key",
    "body_hash",
    "caller_institution",
    "outcome",
    "receipt_at",
    "outbox",
    "closed",
    "opened",
    "cleared",
    "dates",
    "engaged",
    "input",
    "kid",
    "wrapped",
    "withheld",
];

/// Writes transitions of different applications and commits them. True for each whose version check held; of the others nothing
/// is written.
pub(crate) async fn write<C: ConnectionTrait>(
    connection: &C,
    backend: DbBackend,
    transitions: &[&Transition],
) -> Result<Vec<bool>> {
    // Rows are locked in the order of their ids, so that two nodes with overlapping batches do not wait for each other.
    let mut order: Vec<usize> = (0..transitions.len()).collect();
    order.sort_by(|a, b| transitions[*a].application.id.cmp(&transitions[*b].application.id));
    let mut values = Vec::with_capacity(PARAMETERS.len() * transitions.len());
    for at in &order {
        values.extend(values_of(transitions[*at])?);
    }
    let call = statement(backend, sql(backend, transitions.len()), values);
    let mut done = vec![true; transitions.len()];
    if backend == DbBackend::Postgres {
        let row = connection.query_one_raw(call).await?;
        for (place, at) in order.into_iter().enumerate() {
            done[at] = match &row {
                Some(row) => row.try_get_by_index(place)?,
                None => false,
            };
        }
        return Ok(done);
    }
    match connection.execute_raw(call).await {
        Ok(_) => Ok(done),
        Err(error) if is_version_check(&error) && transitions.len() == 1 => Ok(vec![false]),
        Err(error) => Err(error.into()),
    }
}

fn sql(backend: DbBackend, calls: usize) -> String {
    let width = PARAMETERS.len();
    let places = |call: usize| {
        let places: Vec<String> = (1..=width).map(|n| format!("${}", call * width + n)).collect();
        places.join(", ")
    };
    if backend == DbBackend::Postgres {
        // Each call names its own institution before it writes; CASE keeps the order.
        let institution = |call: usize| format!("${}", call * width + 2);
        let calls = (0..calls).map(|call| {
            let named = named_by(&institution(call));
            format!("CASE WHEN {named} IS NOT NULL THEN write_transition({}) END AS w{call}", places(call))
        });
        return format!("SELECT {}", calls.collect::<Vec<_>>().join(", "));
    }
    let rows: Vec<String> = (0..calls).map(|call| format!("({})", places(call))).collect();
    format!("INSERT INTO write_transition ({}) VALUES {}", PARAMETERS.join(", "), rows.join(", "))
}

fn values_of(t: &Transition) -> Result<[Value; PARAMETERS.len()]> {
    let (a, e) = (&t.application, &t.entry);
    let receipt = |pick: fn(&ReceiptRow) -> &str| Value::from(t.receipt.as_ref().map(|r| pick(r).to_owned()));
    let at = |stamp: Stamp| Value::from(stamp.0);
    let text = |text: &str| Value::from(text.to_owned());
    Ok([
        text(&a.id),
        text(&a.institution),
        text(&a.branch),
        a.number.clone().into(),
        a.external_id.clone().into(),
        text(&a.stage),
        a.version.into(),
        a.applicant_subject.clone().into(),
        text(&a.name_kanji),
        text(&a.name_kana),
        text(&a.product),
        a.amount_yen.into(),
        a.planned_date.into(),
        a.received_on.into(),
        at(a.created_at),
        at(a.updated_at),
        text(&a.updated_by),
        text(&a.head_hash),
        text(&a.body),
        t.expected.into(),
        at(e.at),
        text(&e.by_subject),
        text(&e.role),
        text(&e.verb),
        e.reason.clone().into(),
        text(&e.events),
        e.parcels.into(),
        text(&e.prev_hash),
        text(&e.hash),
        receipt(|r| &r.caller),
        receipt(|r| &r.key),
        receipt(|r| &r.body_hash),
        receipt(|r| &r.institution),
        receipt(|r| &r.outcome),
        t.receipt.as_ref().map(|r| r.at.0).into(),
        json(&t.outbox)?,
        json(&t.closed)?,
        json(&t.opened)?,
        json(&t.cleared)?,
        json(&t.set)?,
        json(&t.engaged)?,
        e.input.clone().into(),
        t.data_key.as_ref().map(|key| key.kid.clone()).into(),
        t.data_key.as_ref().map(|key| key.wrapped.clone()).into(),
        text(&a.withheld),
    ])
}
