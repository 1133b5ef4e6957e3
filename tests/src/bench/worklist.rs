//! A database with as many applications as a bank has after years, seeded from one real case, and the pages people read there.
//!
//! The seeded rows have no log of their own: such a database serves lists only, and `yushi verify` would rightly refuse it.

use super::http::Client;
use crate::postgres::PrivatePostgres;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Branches of the seeded bank; each holds a fifth of the cases.
pub const BRANCHES: u32 = 5;

/// A page that somebody reads all day.
#[derive(Clone, Debug)]
pub struct PageKind {
    pub name: &'static str,
    /// The query; `$after` continues behind a cursor.
    pub query: &'static str,
    /// Field of the root with the connection.
    pub field: &'static str,
    /// Pages are read from here on: 1 is the first.
    pub from_page: usize,
}

const LINES: &str = "query($after: String) { applications(first: 50, after: $after) { edges { cursor node { id number stage \
    version product amountYen plannedDate updatedAt } } pageInfo { hasNextPage endCursor } } }";
const STAGE: &str = "query($after: String) { applications(first: 50, after: $after, filter: { stages: [SCREENING] }) { edges \
    { cursor node { id number stage version product amountYen plannedDate updatedAt } } pageInfo { hasNextPage endCursor } } }";
const TASKS: &str = "query($after: String) { tasks(first: 50, after: $after, filter: { role: BRANCH_CLERK }) { edges { cursor node { id task dueOn } } \
    pageInfo { hasNextPage endCursor } } }";

/// The pages that are measured.
pub const PAGES: &[PageKind] = &[
    PageKind { name: "branch, latest first", query: LINES, field: "applications", from_page: 1 },
    PageKind { name: "branch, second page", query: LINES, field: "applications", from_page: 2 },
    PageKind { name: "branch, in screening", query: STAGE, field: "applications", from_page: 1 },
    PageKind { name: "branch, work queue", query: TASKS, field: "tasks", from_page: 1 },
];

/// Multiplies the one submitted case of a database to `rows` applications over the branches: five of ten are over, three are in
/// screening, so that the smallest database fills a page of every kind, the rest in other stages; each open one has a task.
///
/// # Panics
/// When the database refuses a statement.
pub fn seed(database: &PrivatePostgres, url: &str, rows: u32) {
    let copies = rows.saturating_sub(1);
    database.run(
        url,
        &SEED.replace("{copies}", &copies.to_string()).replace("{branches}", &BRANCHES.to_string()),
    );
    database.run(url, "VACUUM ANALYZE application");
    database.run(url, "VACUUM ANALYZE task");
}

const SEED: &str = "
SET synchronous_commit = off;
SET statement_timeout = 0;
CREATE TEMP TABLE seeded AS
  SELECT n, '01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS id, lpad((1 + n % {branches})::text, 3, '0') AS branch,
    CASE (n / {branches}) % 10 WHEN 0 THEN 'SCREENING' WHEN 1 THEN 'SCREENING' WHEN 2 THEN 'SCREENING' WHEN 3 THEN 'SUBMITTED'
      WHEN 4 THEN 'APPROVED' ELSE 'HANDED_OVER' END AS stage
  FROM generate_series(1, {copies}) AS n;
INSERT INTO application (id, institution, branch, number, external_id, stage, version, applicant_subject, name_kanji, name_kana,
    product, amount_yen, planned_date, received_on, created_at, updated_at, updated_by, head_hash, body)
  SELECT s.id, a.institution, s.branch, a.number || '-' || s.n, NULL, s.stage, a.version, NULL, a.name_kanji, a.name_kana,
    a.product, a.amount_yen, a.planned_date, a.received_on, a.created_at - s.n * interval '41 seconds',
    a.updated_at - s.n * interval '37 seconds', a.updated_by, a.head_hash, a.body
  FROM (SELECT * FROM application WHERE number IS NOT NULL LIMIT 1) a, seeded s;
INSERT INTO task (id, institution, application_id, branch, task, role, organisation, subject, due_on, opened_at)
  SELECT s.id || ':1', t.institution, s.id, s.branch, t.task, t.role, NULL, NULL, t.due_on + (s.n % 400), t.opened_at
  FROM (SELECT * FROM task WHERE role = 'BRANCH_CLERK' LIMIT 1) t, seeded s WHERE s.stage <> 'HANDED_OVER';
DROP TABLE seeded;
";

/// Reads a page again and again; the time of each, in order.
///
/// # Panics
/// When an answer is no full page.
pub async fn read(client: &mut Client, kind: &PageKind, times: usize) -> Vec<Duration> {
    let mut after = Value::Null;
    for _ in 1..kind.from_page {
        after = page(client, kind, &after).await["pageInfo"]["endCursor"].clone();
    }
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times {
        let asked = Instant::now();
        page(client, kind, &after).await;
        taken.push(asked.elapsed());
    }
    taken
}

async fn page(client: &mut Client, kind: &PageKind, after: &Value) -> Value {
    let answer = client.ask(kind.query, json!({ "after": after })).await.expect("an answer");
    let connection = answer["data"][kind.field].clone();
    let lines = connection["edges"].as_array().map_or(0, Vec::len);
    assert_eq!(lines, 50, "{}: {answer}", kind.name);
    connection
}
