//! One routine in the database writes a transition: a function on PostgreSQL, a view with a trigger on SQLite.
//!
//! A transition is ten sets of rows. As single statements they cost a round trip each; as one statement over ten row sets they
//! cost the planning of joins that are never needed. A routine is one call, and each of its statements has one plan.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) struct Routine;

impl MigrationName for Routine {
    fn name(&self) -> &str {
        "m0003_routine"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Routine {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let script = if postgres { FUNCTION } else { VIEW_AND_TRIGGER };
        manager.get_connection().execute_unprepared(script).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Answers false, and has written nothing, where the application has another version by now or exists already.
pub(super) const FUNCTION: &str = "
CREATE FUNCTION write_transition(
  p_id text, p_institution text, p_branch text, p_number text, p_external_id text, p_stage text, p_version bigint,
  p_applicant_subject text, p_name_kanji text, p_name_kana text, p_product text, p_amount_yen bigint, p_planned_date date,
  p_received_on date, p_created_at timestamptz, p_updated_at timestamptz, p_updated_by text, p_head_hash text, p_body text,
  p_expected bigint,
  p_at timestamptz, p_by_subject text, p_role text, p_verb text, p_reason text, p_events text, p_parcels bigint,
  p_prev_hash text, p_hash text,
  p_caller text, p_key text, p_body_hash text, p_caller_institution text, p_outcome text, p_receipt_at timestamptz,
  p_outbox text, p_closed text, p_opened text, p_cleared text, p_dates text, p_engaged text
) RETURNS boolean LANGUAGE plpgsql
-- The tables are large in the end, however small they were when the plan was made.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $routine$
BEGIN
  IF p_expected = 0 THEN
    INSERT INTO application (id, institution, branch, number, external_id, stage, version, applicant_subject, name_kanji,
      name_kana, product, amount_yen, planned_date, received_on, created_at, updated_at, updated_by, head_hash, body)
    VALUES (p_id, p_institution, p_branch, p_number, p_external_id, p_stage, p_version, p_applicant_subject, p_name_kanji,
      p_name_kana, p_product, p_amount_yen, p_planned_date, p_received_on, p_created_at, p_updated_at, p_updated_by,
      p_head_hash, p_body)
    ON CONFLICT (id) DO NOTHING;
  ELSE
    UPDATE application SET number = p_number, external_id = p_external_id, stage = p_stage, version = p_version,
      applicant_subject = p_applicant_subject, name_kanji = p_name_kanji, name_kana = p_name_kana, product = p_product,
      amount_yen = p_amount_yen, planned_date = p_planned_date, received_on = p_received_on, updated_at = p_updated_at,
      updated_by = p_updated_by, head_hash = p_head_hash, body = p_body
    WHERE id = p_id AND version = p_expected;
  END IF;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO entry (institution, application_id, version, at, by_subject, role, verb, reason, events, parcels, prev_hash, hash)
  VALUES (p_institution, p_id, p_version, p_at, p_by_subject, p_role, p_verb, p_reason, p_events, p_parcels, p_prev_hash,
    p_hash);
  IF p_outbox <> '[]' THEN
    INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, subject, address, payload, state,
      next_at, created_at)
    SELECT r.id, p_institution, p_id, p_version, r.channel, r.kind, r.branch, r.subject, r.address, r.payload, r.state,
      r.next_at, r.created_at
    FROM json_to_recordset(p_outbox::json) AS r(id text, channel text, kind text, branch text, subject text, address text,
      payload text, state text, next_at timestamptz, created_at timestamptz);
  END IF;
  IF p_closed <> '[]' THEN
    DELETE FROM task WHERE id = ANY (ARRAY(SELECT json_array_elements_text(p_closed::json)));
  END IF;
  IF p_opened <> '[]' THEN
    INSERT INTO task (id, institution, application_id, branch, task, role, organisation, subject, due_on, opened_at)
    SELECT r.id, p_institution, p_id, r.branch, r.task, r.role, r.organisation, r.subject, r.due_on, r.opened_at
    FROM json_to_recordset(p_opened::json) AS r(id text, branch text, task text, role text, organisation text, subject text,
      due_on date, opened_at timestamptz);
  END IF;
  IF p_cleared <> '[]' THEN
    DELETE FROM deadline d USING json_to_recordset(p_cleared::json) AS r(timer text, key text)
    WHERE d.institution = p_institution AND d.application_id = p_id AND d.timer = r.timer AND d.key = r.key;
  END IF;
  IF p_dates <> '[]' THEN
    -- A date that is set again starts anew: whoever leased the old one has lost it.
    INSERT INTO deadline (institution, application_id, timer, key, due_at, next_at)
    SELECT p_institution, p_id, r.timer, r.key, r.due_at, r.next_at
    FROM json_to_recordset(p_dates::json) AS r(timer text, key text, due_at timestamptz, next_at timestamptz)
    ON CONFLICT (institution, application_id, timer, key) DO UPDATE SET
      due_at = excluded.due_at, next_at = excluded.next_at, attempts = 0, token = deadline.token + 1, worker = NULL;
  END IF;
  IF p_engaged <> '[]' THEN
    INSERT INTO engagement (institution, application_id, role, organisation)
    SELECT p_institution, p_id, r.role, r.organisation
    FROM json_to_recordset(p_engaged::json) AS r(role text, organisation text)
    ON CONFLICT DO NOTHING;
  END IF;
  IF p_key IS NOT NULL THEN
    INSERT INTO receipt (institution, caller, key, body_hash, application_id, outcome, at)
    VALUES (p_caller_institution, p_caller, p_key, p_body_hash, p_id, p_outcome, p_receipt_at);
  END IF;
  RETURN true;
END
$routine$;
";

/// An insert into the view is the call. It fails with "version", and has written nothing, where the application has another
/// version by now or exists already.
pub(super) const VIEW_AND_TRIGGER: &str = "
CREATE VIEW write_transition AS SELECT
  '' AS id, '' AS institution, '' AS branch, '' AS number, '' AS external_id, '' AS stage, 0 AS version,
  '' AS applicant_subject, '' AS name_kanji, '' AS name_kana, '' AS product, 0 AS amount_yen, '' AS planned_date,
  '' AS received_on, '' AS created_at, '' AS updated_at, '' AS updated_by, '' AS head_hash, '' AS body, 0 AS expected,
  '' AS at, '' AS by_subject, '' AS role, '' AS verb, '' AS reason, '' AS events, 0 AS parcels, '' AS prev_hash, '' AS hash,
  '' AS caller, '' AS key, '' AS body_hash, '' AS caller_institution, '' AS outcome, '' AS receipt_at,
  '' AS outbox, '' AS closed, '' AS opened, '' AS cleared, '' AS dates, '' AS engaged
WHERE false;

CREATE TRIGGER write_transition INSTEAD OF INSERT ON write_transition BEGIN
  SELECT RAISE(ABORT, 'version')
  WHERE NEW.expected <> coalesce((SELECT version FROM application WHERE id = NEW.id), 0);
  INSERT INTO application (id, institution, branch, number, external_id, stage, version, applicant_subject, name_kanji,
    name_kana, product, amount_yen, planned_date, received_on, created_at, updated_at, updated_by, head_hash, body)
  SELECT NEW.id, NEW.institution, NEW.branch, NEW.number, NEW.external_id, NEW.stage, NEW.version, NEW.applicant_subject,
    NEW.name_kanji, NEW.name_kana, NEW.product, NEW.amount_yen, NEW.planned_date, NEW.received_on, NEW.created_at,
    NEW.updated_at, NEW.updated_by, NEW.head_hash, NEW.body
  WHERE NEW.expected = 0;
  UPDATE application SET number = NEW.number, external_id = NEW.external_id, stage = NEW.stage, version = NEW.version,
    applicant_subject = NEW.applicant_subject, name_kanji = NEW.name_kanji, name_kana = NEW.name_kana, product = NEW.product,
    amount_yen = NEW.amount_yen, planned_date = NEW.planned_date, received_on = NEW.received_on,
    updated_at = NEW.updated_at, updated_by = NEW.updated_by, head_hash = NEW.head_hash, body = NEW.body
  WHERE id = NEW.id AND NEW.expected > 0;
  INSERT INTO entry (institution, application_id, version, at, by_subject, role, verb, reason, events, parcels, prev_hash, hash)
  VALUES (NEW.institution, NEW.id, NEW.version, NEW.at, NEW.by_subject, NEW.role, NEW.verb, NEW.reason, NEW.events,
    NEW.parcels, NEW.prev_hash, NEW.hash);
  INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, subject, address, payload, state,
    next_at, created_at)
  SELECT value ->> 'id', NEW.institution, NEW.id, NEW.version, value ->> 'channel', value ->> 'kind', value ->> 'branch',
    value ->> 'subject', value ->> 'address', value ->> 'payload', value ->> 'state', value ->> 'next_at',
    value ->> 'created_at'
  FROM json_each(NEW.outbox);
  DELETE FROM task WHERE id IN (SELECT value FROM json_each(NEW.closed));
  INSERT INTO task (id, institution, application_id, branch, task, role, organisation, subject, due_on, opened_at)
  SELECT value ->> 'id', NEW.institution, NEW.id, value ->> 'branch', value ->> 'task', value ->> 'role',
    value ->> 'organisation', value ->> 'subject', value ->> 'due_on', value ->> 'opened_at'
  FROM json_each(NEW.opened);
  DELETE FROM deadline WHERE institution = NEW.institution AND application_id = NEW.id
    AND (timer, key) IN (SELECT value ->> 'timer', value ->> 'key' FROM json_each(NEW.cleared));
  INSERT INTO deadline (institution, application_id, timer, key, due_at, next_at)
  SELECT NEW.institution, NEW.id, value ->> 'timer', value ->> 'key', value ->> 'due_at', value ->> 'next_at'
  FROM json_each(NEW.dates) WHERE true
  ON CONFLICT (institution, application_id, timer, key) DO UPDATE SET
    due_at = excluded.due_at, next_at = excluded.next_at, attempts = 0, token = deadline.token + 1, worker = NULL;
  INSERT INTO engagement (institution, application_id, role, organisation)
  SELECT NEW.institution, NEW.id, value ->> 'role', value ->> 'organisation' FROM json_each(NEW.engaged) WHERE true
  ON CONFLICT DO NOTHING;
  INSERT INTO receipt (institution, caller, key, body_hash, application_id, outcome, at)
  SELECT NEW.caller_institution, NEW.caller, NEW.key, NEW.body_hash, NEW.id, NEW.outcome, NEW.receipt_at
  WHERE NEW.key IS NOT NULL;
END;
";
