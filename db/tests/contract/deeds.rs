//! What somebody with the database in his hands could do to each table.

use db::evidence::Kind;

/// What somebody with the owner's rights does to a table, and the key of the row that must be named. `{id}` is the victim's case.
pub struct Tampering {
    pub table: &'static str,
    pub kind: Kind,
    pub sql: &'static str,
    /// Query for the key before the deed.
    pub row: &'static str,
}

const fn tampering(table: &'static str, kind: Kind, sql: &'static str, row: &'static str) -> Tampering {
    Tampering { table, kind, sql, row }
}

pub const ENTRY: &str = "SELECT institution || '/' || application_id || '/' || version FROM entry WHERE application_id = '{id}' AND version = ";
pub const THIS: &str = "application_id = '{id}'";

/// The deeds. Those on the tail of a log are the ones that a chain alone does not notice.
pub fn deeds() -> Vec<Tampering> {
    use Kind::{Deleted, Edited, Inserted};
    vec![
        tampering(
            "entry",
            Edited,
            "UPDATE entry SET events = replace(events, 'seen', 'gone'), hash = 'f00' WHERE {this} AND version = 3",
            "3",
        ),
        tampering("entry", Edited, "UPDATE entry SET hash = 'f00' WHERE {this} AND version = 5", "5"),
        tampering(
            "entry",
            Edited,
            "UPDATE entry SET seq = seq + 100000, xid = xid + 100000 WHERE {this} AND version = 4",
            "4",
        ),
        tampering("entry", Deleted, "DELETE FROM entry WHERE {this} AND version = 3", "3"),
        tampering("entry", Deleted, "DELETE FROM entry WHERE {this} AND version = 5", "5"),
        tampering(
            "entry",
            Inserted,
            "INSERT INTO entry (seq, xid, institution, application_id, version, at, by_subject, role, verb, events, parcels, prev_hash, hash) SELECT -seq, xid, institution, application_id, 6, at, by_subject, role, verb, events, parcels, hash, hash FROM entry WHERE {this} AND version = 3",
            "6",
        ),
        tampering(
            "entry",
            Inserted,
            "INSERT INTO entry (institution, application_id, version, at, by_subject, role, verb, events, parcels, prev_hash, hash) SELECT institution, application_id, 6, at, by_subject, role, verb, events, parcels, hash, hash FROM entry WHERE {this} AND version = 3",
            "6",
        ),
        tampering(
            "audit",
            Edited,
            "UPDATE audit SET by_subject = 'nobody' WHERE {this} AND kind = 'REFUSAL'",
            "SELECT id FROM audit WHERE {this} AND kind = 'REFUSAL'",
        ),
        tampering(
            "audit",
            Edited,
            "UPDATE audit SET detail = '\"curiosity\"' WHERE {this} AND kind = 'ACCESS'",
            "SELECT id FROM audit WHERE {this} AND kind = 'ACCESS'",
        ),
        tampering(
            "audit",
            Deleted,
            "DELETE FROM audit WHERE {this} AND kind = 'ACCESS'",
            "SELECT id FROM audit WHERE {this} AND kind = 'ACCESS'",
        ),
        tampering(
            "audit",
            Inserted,
            "INSERT INTO audit (id, institution, application_id, at, by_subject, role, kind, code, detail) SELECT 'forged-{id}', institution, application_id, at, by_subject, role, kind, code, detail FROM audit WHERE {this} AND kind = 'ACCESS'",
            "SELECT 'forged-{id}'",
        ),
        tampering(
            "outbox",
            Edited,
            "UPDATE outbox SET payload = replace(payload, '{', '{ ') WHERE id = (SELECT min(id) FROM outbox WHERE {this})",
            "SELECT min(id) FROM outbox WHERE {this}",
        ),
        tampering(
            "outbox",
            Edited,
            "UPDATE outbox SET address = 'elsewhere' WHERE id = (SELECT max(id) FROM outbox WHERE {this})",
            "SELECT max(id) FROM outbox WHERE {this}",
        ),
        tampering(
            "outbox",
            Deleted,
            "DELETE FROM outbox WHERE id = (SELECT max(id) FROM outbox WHERE {this})",
            "SELECT max(id) FROM outbox WHERE {this}",
        ),
        tampering(
            "outbox",
            Inserted,
            "INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, address, payload, state, next_at, created_at) SELECT '{id}.2.77.INBOX', institution, application_id, version, channel, kind, branch, address, payload, state, next_at, created_at FROM outbox WHERE id = (SELECT min(id) FROM outbox WHERE {this} AND version = 2)",
            "SELECT '{id}.2.77.INBOX'",
        ),
        tampering(
            "rate_line",
            Edited,
            "UPDATE rate_line SET rate = '9.9' WHERE id = (SELECT min(id) FROM rate_line)",
            "SELECT min(id) FROM rate_line",
        ),
        tampering(
            "rate_line",
            Deleted,
            "DELETE FROM rate_line WHERE id = (SELECT max(id) FROM rate_line)",
            "SELECT max(id) FROM rate_line",
        ),
        tampering(
            "rate_line",
            Inserted,
            "INSERT INTO rate_line (id, institution, series, rate, valid_from, state, proposed_by, proposed_at) SELECT 'forged-rate', institution, series, rate, '2031-01-01', 'RETURNED', proposed_by, proposed_at FROM rate_line WHERE id = (SELECT min(id) FROM rate_line)",
            "SELECT 'forged-rate'",
        ),
        tampering(
            "register_line",
            Edited,
            "UPDATE register_line SET state = 'CLOSED' WHERE id = (SELECT min(id) FROM register_line)",
            "SELECT min(id) FROM register_line",
        ),
        tampering(
            "register_line",
            Deleted,
            "DELETE FROM register_line WHERE id = (SELECT max(id) FROM register_line)",
            "SELECT max(id) FROM register_line",
        ),
        tampering(
            "register_line",
            Inserted,
            "INSERT INTO register_line (id, institution, register, key, grp, state, version, body) SELECT 'forged-line', institution, register, key, grp, state, version, body FROM register_line WHERE id = (SELECT min(id) FROM register_line)",
            "SELECT 'forged-line'",
        ),
        tampering(
            "deputy",
            Edited,
            "UPDATE deputy SET subject = 'friend' WHERE id = (SELECT min(id) FROM deputy)",
            "SELECT min(id) FROM deputy",
        ),
        tampering(
            "deputy",
            Deleted,
            "DELETE FROM deputy WHERE id = (SELECT max(id) FROM deputy)",
            "SELECT max(id) FROM deputy",
        ),
        tampering(
            "deputy",
            Inserted,
            "INSERT INTO deputy (id, institution, absent, role, branches, subject, from_day, until_day, reason, named_at) SELECT 'forged-deputy', institution, absent, role, branches, 'friend', from_day, until_day, reason, named_at FROM deputy WHERE id = (SELECT min(id) FROM deputy)",
            "SELECT 'forged-deputy'",
        ),
        tampering(
            "handover",
            Edited,
            "UPDATE handover SET to_subject = 'friend' WHERE id = (SELECT min(id) FROM handover)",
            "SELECT min(id) FROM handover",
        ),
        tampering(
            "handover",
            Deleted,
            "DELETE FROM handover WHERE id = (SELECT max(id) FROM handover)",
            "SELECT max(id) FROM handover",
        ),
        tampering(
            "handover",
            Inserted,
            "INSERT INTO handover (id, institution, application_id, role, organisation, turn, to_subject, reason, by_subject, at) SELECT 'forged-handover', institution, application_id, role, organisation, turn + 7, 'friend', reason, by_subject, at FROM handover WHERE id = (SELECT min(id) FROM handover)",
            "SELECT 'forged-handover'",
        ),
        tampering(
            "day_line",
            Edited,
            "UPDATE day_line SET body = replace(body, 'HANDED_IN', 'APPROVED') WHERE id = (SELECT min(id) FROM day_line)",
            "SELECT min(id) FROM day_line",
        ),
        tampering(
            "day_line",
            Edited,
            "UPDATE day_line SET day = '2026-01-05' WHERE id = (SELECT max(id) FROM day_line)",
            "SELECT max(id) FROM day_line",
        ),
        tampering(
            "day_line",
            Deleted,
            "DELETE FROM day_line WHERE id = (SELECT max(id) FROM day_line)",
            "SELECT max(id) FROM day_line",
        ),
        tampering(
            "day_line",
            Inserted,
            "INSERT INTO day_line (id, institution, day, step, state, digest, body) SELECT 'forged-day', institution, day, 'CLOSING', 'APPROVED', digest, body FROM day_line WHERE id = (SELECT min(id) FROM day_line)",
            "SELECT 'forged-day'",
        ),
        tampering(
            "case_line",
            Edited,
            "UPDATE case_line SET state = 'BRANCH' WHERE id = (SELECT min(id) FROM case_line)",
            "SELECT min(id) FROM case_line",
        ),
        tampering(
            "case_line",
            Deleted,
            "DELETE FROM case_line WHERE id = (SELECT max(id) FROM case_line)",
            "SELECT max(id) FROM case_line",
        ),
        tampering(
            "case_line",
            Inserted,
            "INSERT INTO case_line (id, institution, application_id, kind, organisation, state, due_on, version, body) SELECT 'forged-case-line', institution, application_id, kind, organisation, state, due_on, version, body FROM case_line WHERE id = (SELECT min(id) FROM case_line)",
            "SELECT 'forged-case-line'",
        ),
        tampering(
            "review_memo",
            Edited,
            "UPDATE review_memo SET body = body || '.' WHERE id = (SELECT min(id) FROM review_memo)",
            "SELECT min(id) FROM review_memo",
        ),
        tampering(
            "review_memo",
            Edited,
            "UPDATE review_memo SET author = 'somebody-else' WHERE id = (SELECT max(id) FROM review_memo)",
            "SELECT max(id) FROM review_memo",
        ),
        tampering(
            "review_memo",
            Deleted,
            "DELETE FROM review_memo WHERE id = (SELECT max(id) FROM review_memo)",
            "SELECT max(id) FROM review_memo",
        ),
        tampering(
            "review_memo",
            Inserted,
            "INSERT INTO review_memo (id, institution, application_id, organisation, author, made_at, body) SELECT 'forged-memo', institution, application_id, organisation, author, made_at, body FROM review_memo WHERE id = (SELECT min(id) FROM review_memo)",
            "SELECT 'forged-memo'",
        ),
        tampering(
            "webhook_endpoint",
            Edited,
            "UPDATE webhook_endpoint SET url = 'https://thief.example/in' WHERE id = (SELECT min(id) FROM webhook_endpoint)",
            "SELECT min(id) FROM webhook_endpoint",
        ),
        tampering(
            "webhook_endpoint",
            Deleted,
            "DELETE FROM webhook_endpoint WHERE id = (SELECT max(id) FROM webhook_endpoint)",
            "SELECT max(id) FROM webhook_endpoint",
        ),
        tampering(
            "webhook_endpoint",
            Inserted,
            "INSERT INTO webhook_endpoint (id, institution, role, organisation, url, description, types, state, reason, keys, version, cursor_xid, cursor_seq, sequence) SELECT 'forged-endpoint', institution, role, organisation, 'https://thief.example/in', description, types, state, reason, keys, version, cursor_xid, cursor_seq, sequence FROM webhook_endpoint WHERE id = (SELECT min(id) FROM webhook_endpoint)",
            "SELECT 'forged-endpoint'",
        ),
        tampering(
            "account",
            Edited,
            "UPDATE account SET profile = replace(profile, 'BRANCH_CLERK', 'BRANCH_MANAGER') WHERE id = (SELECT min(id) FROM account)",
            "SELECT min(id) FROM account",
        ),
        tampering(
            "account",
            Edited,
            "UPDATE account SET state = 'ACTIVE' WHERE state = 'SUSPENDED' AND id = (SELECT max(id) FROM account)",
            "SELECT max(id) FROM account",
        ),
        tampering(
            "account",
            Edited,
            "UPDATE account SET valid_from = NULL WHERE id = (SELECT max(id) FROM account)",
            "SELECT max(id) FROM account",
        ),
        tampering(
            "account",
            Deleted,
            "DELETE FROM account WHERE id = (SELECT max(id) FROM account)",
            "SELECT max(id) FROM account",
        ),
        tampering(
            "account",
            Inserted,
            "INSERT INTO account (id, issuer, kind, login, subject, institution, profile, state, version, changed_at) SELECT 'forged-account', issuer, kind, 'friend', 'friend', institution, profile, 'ACTIVE', version, changed_at FROM account WHERE id = (SELECT min(id) FROM account)",
            "SELECT 'forged-account'",
        ),
        tampering(
            "account_change",
            Edited,
            "UPDATE account_change SET decided_by = 'somebody-else' WHERE id = (SELECT min(id) FROM account_change)",
            "SELECT min(id) FROM account_change",
        ),
        tampering(
            "account_change",
            Deleted,
            "DELETE FROM account_change WHERE id = (SELECT max(id) FROM account_change)",
            "SELECT max(id) FROM account_change",
        ),
        tampering(
            "account_change",
            Inserted,
            "INSERT INTO account_change (id, institution, account_id, step, wanted, state, proposed_by, proposed_at) SELECT 'forged-change', institution, account_id, step, wanted, 'RETURNED', proposed_by, proposed_at FROM account_change WHERE id = (SELECT min(id) FROM account_change)",
            "SELECT 'forged-change'",
        ),
        tampering(
            "checkpoint",
            Edited,
            "UPDATE checkpoint SET note = replace(note, 'number 2', 'number 2 ') WHERE number = 2",
            "SELECT '2'",
        ),
        tampering(
            "checkpoint",
            Edited,
            "UPDATE checkpoint SET leaves = replace(leaves, 'entry', 'entri') WHERE number = 2",
            "SELECT '2'",
        ),
        tampering(
            "checkpoint",
            Edited,
            "UPDATE checkpoint SET edge = replace(edge, '0', '1') WHERE number = 2",
            "SELECT '2'",
        ),
        tampering(
            "checkpoint",
            Edited,
            "UPDATE checkpoint SET kid = 'ffffffff' WHERE number = 1",
            "SELECT '1'",
        ),
        tampering("checkpoint", Deleted, "DELETE FROM checkpoint WHERE number = 2", "SELECT '2'"),
        tampering(
            "checkpoint",
            Deleted,
            "DELETE FROM checkpoint WHERE number = (SELECT max(number) FROM checkpoint)",
            "SELECT CAST(max(number) AS text) FROM checkpoint",
        ),
        tampering(
            "checkpoint",
            Inserted,
            "INSERT INTO checkpoint (number, at, kid, note, leaves, edge) SELECT 99, at, kid, note, leaves, edge FROM checkpoint WHERE number = 1",
            "SELECT '99'",
        ),
        tampering(
            "checkpoint",
            Inserted,
            "INSERT INTO checkpoint (number, at, kid, note, leaves, edge) SELECT -1, at, kid, note, leaves, edge FROM checkpoint WHERE number = 1",
            "SELECT '-1'",
        ),
        tampering(
            "checkpoint_key",
            Edited,
            "UPDATE checkpoint_key SET record = replace(record, 'previous -', 'previous 0')",
            "SELECT kid FROM checkpoint_key",
        ),
        tampering("checkpoint_key", Deleted, "DELETE FROM checkpoint_key", "SELECT kid FROM checkpoint_key"),
        tampering(
            "checkpoint_key",
            Inserted,
            "INSERT INTO checkpoint_key (kid, at, record) SELECT 'ffffffff', at, record FROM checkpoint_key",
            "SELECT 'ffffffff'",
        ),
        tampering(
            "application",
            Edited,
            "UPDATE application SET name_kanji = 'somebody else' WHERE id = '{id}'",
            "SELECT '{id}'",
        ),
        tampering(
            "application",
            Edited,
            "UPDATE application SET updated_by = 'nobody' WHERE id = '{id}'",
            "SELECT '{id}'",
        ),
        tampering(
            "application",
            Edited,
            "UPDATE application SET body = replace(body, '\"arrears\":false', '\"arrears\":true') WHERE id = '{id}'",
            "SELECT '{id}'",
        ),
        tampering("application", Deleted, "DELETE FROM application WHERE id = '{id}'", "SELECT '{id}'"),
        tampering(
            "application",
            Inserted,
            "INSERT INTO application (id, institution, branch, stage, version, name_kanji, name_kana, product, amount_yen, planned_date, created_at, updated_at, updated_by, head_hash, body) SELECT 'forged-{id}', institution, branch, stage, version, name_kanji, name_kana, product, amount_yen, planned_date, created_at, updated_at, updated_by, head_hash, body FROM application WHERE id = '{id}'",
            "SELECT 'forged-{id}'",
        ),
        tampering(
            "task",
            Edited,
            "UPDATE task SET role = 'APPLICANT' WHERE id = (SELECT min(id) FROM task WHERE {this})",
            "SELECT '{id}'",
        ),
        tampering(
            "task",
            Deleted,
            "DELETE FROM task WHERE id = (SELECT min(id) FROM task WHERE {this})",
            "SELECT '{id}'",
        ),
        tampering(
            "task",
            Inserted,
            "INSERT INTO task (id, institution, application_id, branch, task, role, due_on, opened_at) SELECT 'forged', institution, application_id, branch, task, role, due_on, opened_at FROM task WHERE id = (SELECT min(id) FROM task WHERE {this})",
            "SELECT '{id}'",
        ),
        tampering(
            "deadline",
            Edited,
            "UPDATE deadline SET due_at = '2031-01-01T00:00:00+00:00' WHERE {this}",
            "SELECT '{id}'",
        ),
        tampering("deadline", Deleted, "DELETE FROM deadline WHERE {this}", "SELECT '{id}'"),
        tampering(
            "deadline",
            Inserted,
            "INSERT INTO deadline (institution, application_id, timer, key, due_at, next_at) SELECT institution, application_id, timer, key || 'x', due_at, next_at FROM deadline WHERE {this}",
            "SELECT '{id}'",
        ),
        tampering(
            "engagement",
            Edited,
            "UPDATE engagement SET organisation = 'ELSEWHERE' WHERE {this} AND role = 'GUARANTOR'",
            "SELECT '{id}'",
        ),
        tampering(
            "engagement",
            Deleted,
            "DELETE FROM engagement WHERE {this} AND role = 'GUARANTOR'",
            "SELECT '{id}'",
        ),
        tampering(
            "engagement",
            Inserted,
            "INSERT INTO engagement (institution, application_id, role, organisation) SELECT institution, application_id, role, 'ELSEWHERE' FROM engagement WHERE {this} AND role = 'GUARANTOR'",
            "SELECT '{id}'",
        ),
    ]
}
