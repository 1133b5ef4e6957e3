//! The tables as sea-orm entities: what the reference writer and the tests use. The hot paths speak SQL.

macro_rules! table {
    ($name:ident, $table:literal, { $($(#[$meta:meta])* $field:ident: $ty:ty,)+ }) => {
        pub mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$meta])* pub $field: $ty,)+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(application, "application", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    institution: String,
    branch: String,
    number: Option<String>,
    external_id: Option<String>,
    stage: String,
    version: i64,
    applicant_subject: Option<String>,
    name_kanji: String,
    name_kana: String,
    product: String,
    amount_yen: i64,
    planned_date: Date,
    received_on: Option<Date>,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
    updated_by: String,
    head_hash: String,
    body: String,
    withheld: String,
    stage_at: Option<DateTimeUtc>,
});

// `seq` and `xid` belong to the database: the entity leaves them out.
table!(entry, "entry", {
    #[sea_orm(primary_key, auto_increment = false)]
    institution: String,
    #[sea_orm(primary_key, auto_increment = false)]
    application_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    version: i64,
    at: DateTimeUtc,
    by_subject: String,
    role: String,
    verb: String,
    reason: Option<String>,
    events: String,
    parcels: i64,
    prev_hash: String,
    hash: String,
    input: Option<String>,
});

table!(outbox, "outbox", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    institution: String,
    application_id: String,
    version: i64,
    channel: String,
    kind: String,
    branch: String,
    subject: Option<String>,
    address: String,
    payload: String,
    state: String,
    next_at: DateTimeUtc,
    created_at: DateTimeUtc,
});

table!(task, "task", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    institution: String,
    application_id: String,
    branch: String,
    task: String,
    role: String,
    organisation: Option<String>,
    subject: Option<String>,
    due_on: Date,
    opened_at: DateTimeUtc,
});

table!(deadline, "deadline", {
    #[sea_orm(primary_key, auto_increment = false)]
    institution: String,
    #[sea_orm(primary_key, auto_increment = false)]
    application_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    timer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    due_at: DateTimeUtc,
    next_at: Option<DateTimeUtc>,
});

table!(engagement, "engagement", {
    #[sea_orm(primary_key, auto_increment = false)]
    institution: String,
    #[sea_orm(primary_key, auto_increment = false)]
    role: String,
    #[sea_orm(primary_key, auto_increment = false)]
    organisation: String,
    #[sea_orm(primary_key, auto_increment = false)]
    application_id: String,
});

table!(case_key, "case_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    institution: String,
    #[sea_orm(primary_key, auto_increment = false)]
    application_id: String,
    kid: String,
    wrapped: String,
    made_at: DateTimeUtc,
});

table!(receipt, "receipt", {
    #[sea_orm(primary_key, auto_increment = false)]
    institution: String,
    #[sea_orm(primary_key, auto_increment = false)]
    caller: String,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    body_hash: String,
    application_id: Option<String>,
    outcome: String,
    at: DateTimeUtc,
});
