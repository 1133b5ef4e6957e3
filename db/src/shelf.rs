//! Rows of the in-app inbox, as couriers put them there.

use crate::outbox::{InboxItem, Parcel};
use crate::sql::{Columns, Ty, stamp};
use chrono::{DateTime, Utc};
use serde::Serialize;
use workflows::machine::{Effect, Recipient};

/// Columns of `inbox`, and the token of the lease behind them.
pub(crate) const INBOX: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("number", Ty::Text),
    ("kind", Ty::Text),
    ("recipient", Ty::Text),
    ("role", Ty::Text),
    ("branch", Ty::Text),
    ("organisation", Ty::Text),
    ("subject", Ty::Text),
    ("at", Ty::At),
    ("subject_ja", Ty::Text),
    ("subject_en", Ty::Text),
    ("body_ja", Ty::Text),
    ("body_en", Ty::Text),
    ("token", Ty::Int),
];

#[derive(Serialize)]
pub(crate) struct InboxRow<'a> {
    id: &'a str,
    institution: &'a str,
    application_id: &'a str,
    number: &'a str,
    kind: &'a str,
    recipient: &'a str,
    role: &'static str,
    branch: &'a str,
    organisation: Option<&'a str>,
    subject: Option<&'a str>,
    at: String,
    subject_ja: &'a str,
    subject_en: &'a str,
    body_ja: &'a str,
    body_en: &'a str,
    token: i64,
}

/// An item as its row: whose it is follows from its parcel.
pub(crate) fn inbox_row<'a>(
    parcel: &'a Parcel,
    item: &'a InboxItem,
    number: &'a str,
    now: DateTime<Utc>,
) -> InboxRow<'a> {
    let (role, organisation) = match &parcel.effect {
        Effect::Notify { to: Recipient::Desk { role }, .. } => (role.code(), None),
        Effect::Notify { to: Recipient::Partner { role, organisation }, .. } => {
            (role.code(), Some(organisation.as_str()))
        }
        _ => (workflows::machine::Role::Applicant.code(), None),
    };
    InboxRow {
        id: &parcel.id,
        institution: &parcel.institution,
        application_id: &parcel.application_id,
        number,
        kind: &parcel.kind,
        recipient: &parcel.address,
        role,
        branch: &parcel.branch,
        organisation,
        subject: parcel.subject.as_deref(),
        at: stamp(now),
        subject_ja: &item.subject_ja,
        subject_en: &item.subject_en,
        body_ja: &item.body_ja,
        body_en: &item.body_en,
        token: parcel.token,
    }
}
