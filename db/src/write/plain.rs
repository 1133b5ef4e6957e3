//! The reference writer: sea-orm entities, one transaction, no cleverness. Tests compare the fast writers with it.

use crate::Result;
use crate::entity::{application, case_key, deadline, engagement, entry, outbox, receipt, task};
use crate::rows::{ReceiptRow, Transition};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, TransactionTrait};

/// Writes one transition inside the caller's transaction. False where the version check failed.
pub(crate) async fn write<C: ConnectionTrait + TransactionTrait>(tx: &C, t: &Transition) -> Result<bool> {
    if !write_application(tx, t).await? {
        return Ok(false);
    }
    entry::Entity::insert(entry_of(t)).exec_without_returning(tx).await?;
    if !t.outbox.is_empty() {
        outbox::Entity::insert_many(t.outbox.iter().map(parcel_of)).exec_without_returning(tx).await?;
    }
    write_tasks(tx, t).await?;
    write_deadlines(tx, t).await?;
    if !t.engaged.is_empty() {
        let rows = t.engaged.iter().map(|e| engagement::ActiveModel {
            institution: Set(e.institution.clone()),
            application_id: Set(e.application_id.clone()),
            role: Set(e.role.clone()),
            organisation: Set(e.organisation.clone()),
        });
        let once = OnConflict::new().do_nothing().to_owned();
        engagement::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await?;
    }
    if let Some(key) = &t.data_key {
        let row = case_key::ActiveModel {
            institution: Set(t.application.institution.clone()),
            application_id: Set(t.application.id.clone()),
            kid: Set(key.kid.clone()),
            wrapped: Set(key.wrapped.clone()),
            made_at: Set(t.entry.at.0),
        };
        case_key::Entity::insert(row).exec_without_returning(tx).await?;
    }
    if let Some(receipt) = &t.receipt {
        write_receipt(tx, receipt).await?;
    }
    Ok(true)
}

/// The receipt of an answer.
pub(crate) async fn write_receipt<C: ConnectionTrait>(tx: &C, r: &ReceiptRow) -> Result<()> {
    let row = receipt::ActiveModel {
        institution: Set(r.institution.clone()),
        caller: Set(r.caller.clone()),
        key: Set(r.key.clone()),
        body_hash: Set(r.body_hash.clone()),
        application_id: Set(r.application_id.clone()),
        outcome: Set(r.outcome.clone()),
        at: Set(r.at.0),
    };
    receipt::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

async fn write_application<C: ConnectionTrait>(tx: &C, t: &Transition) -> Result<bool> {
    let a = &t.application;
    let row = application::ActiveModel {
        id: Set(a.id.clone()),
        institution: Set(a.institution.clone()),
        branch: Set(a.branch.clone()),
        number: Set(a.number.clone()),
        external_id: Set(a.external_id.clone()),
        stage: Set(a.stage.clone()),
        version: Set(a.version),
        applicant_subject: Set(a.applicant_subject.clone()),
        name_kanji: Set(a.name_kanji.clone()),
        name_kana: Set(a.name_kana.clone()),
        product: Set(a.product.clone()),
        amount_yen: Set(a.amount_yen),
        planned_date: Set(a.planned_date),
        received_on: Set(a.received_on),
        created_at: Set(a.created_at.0),
        updated_at: Set(a.updated_at.0),
        updated_by: Set(a.updated_by.clone()),
        head_hash: Set(a.head_hash.clone()),
        body: Set(a.body.clone()),
        withheld: Set(a.withheld.clone()),
        stage_at: NotSet,
    };
    if t.expected == 0 {
        let row = application::ActiveModel { stage_at: Set(Some(t.entry.at.0)), ..row };
        let once = OnConflict::column(application::Column::Id).do_nothing().to_owned();
        let inserted = application::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
        return Ok(inserted > 0);
    }
    let updated = application::Entity::update_many()
        .set(row)
        .col_expr(
            application::Column::StageAt,
            Expr::case(Expr::col(application::Column::Stage).ne(a.stage.as_str()), t.entry.at.0)
                .finally(Expr::col(application::Column::StageAt))
                .into(),
        )
        .filter(application::Column::Id.eq(a.id.as_str()))
        .filter(application::Column::Version.eq(t.expected))
        .exec(tx)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn write_tasks<C: ConnectionTrait>(tx: &C, t: &Transition) -> Result<()> {
    if !t.closed.is_empty() {
        task::Entity::delete_many().filter(task::Column::Id.is_in(&t.closed)).exec(tx).await?;
    }
    if !t.opened.is_empty() {
        let rows = t.opened.iter().map(|o| task::ActiveModel {
            id: Set(o.id.clone()),
            institution: Set(o.institution.clone()),
            application_id: Set(o.application_id.clone()),
            branch: Set(o.branch.clone()),
            task: Set(o.task.clone()),
            role: Set(o.role.clone()),
            organisation: Set(o.organisation.clone()),
            subject: Set(o.subject.clone()),
            due_on: Set(o.due_on),
            opened_at: Set(o.opened_at.0),
        });
        task::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn write_deadlines<C: ConnectionTrait>(tx: &C, t: &Transition) -> Result<()> {
    let again = t.set.iter().map(|s| (&s.timer, &s.key));
    let gone = t.cleared.iter().map(|c| (&c.timer, &c.key)).chain(again);
    let any = gone.fold(Condition::any(), |any, (timer, key)| {
        any.add(deadline::Column::Timer.eq(timer.as_str()).and(deadline::Column::Key.eq(key.as_str())))
    });
    if !any.is_empty() {
        let mine = deadline::Column::ApplicationId.eq(t.application.id.as_str());
        deadline::Entity::delete_many().filter(mine).filter(any).exec(tx).await?;
    }
    if !t.set.is_empty() {
        let rows = t.set.iter().map(|s| deadline::ActiveModel {
            institution: Set(s.institution.clone()),
            application_id: Set(s.application_id.clone()),
            timer: Set(s.timer.clone()),
            key: Set(s.key.clone()),
            due_at: Set(s.due_at.0),
            next_at: Set(Some(s.next_at.0)),
        });
        deadline::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn entry_of(t: &Transition) -> entry::ActiveModel {
    let e = &t.entry;
    entry::ActiveModel {
        institution: Set(e.institution.clone()),
        application_id: Set(e.application_id.clone()),
        version: Set(e.version),
        at: Set(e.at.0),
        by_subject: Set(e.by_subject.clone()),
        role: Set(e.role.clone()),
        verb: Set(e.verb.clone()),
        reason: Set(e.reason.clone()),
        events: Set(e.events.clone()),
        parcels: Set(e.parcels),
        prev_hash: Set(e.prev_hash.clone()),
        hash: Set(e.hash.clone()),
        input: Set(e.input.clone()),
    }
}

fn parcel_of(o: &crate::rows::OutboxRow) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: Set(o.id.clone()),
        institution: Set(o.institution.clone()),
        application_id: Set(o.application_id.clone()),
        version: Set(o.version),
        channel: Set(o.channel.to_owned()),
        kind: Set(o.kind.clone()),
        branch: Set(o.branch.clone()),
        subject: Set(o.subject.clone()),
        address: Set(o.address.clone()),
        payload: Set(o.payload.clone()),
        state: Set(o.state.to_owned()),
        next_at: Set(o.next_at.0),
        created_at: Set(o.created_at.0),
    }
}
