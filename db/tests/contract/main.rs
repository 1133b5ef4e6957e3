//! One suite for both engines: what the store promises, whichever database keeps it.

/// Runs a test on SQLite and on a private PostgreSQL server.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(crate::stories::sqlite(|_| ()).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$name(crate::stories::postgres(|_| ()).await).await;
            }
        }
    )+ };
}

mod accounts;
mod bank_incidents;
mod case_lines;
mod consents;
mod contacts;
mod couriers;
mod day_end;
mod deeds;
mod deputies;
mod emergencies;
mod events;
mod evidence;
mod figures;
mod guarantors;
mod handing;
mod hooks;
mod incidents;
mod intake_drafts;
mod issued;
mod keys;
mod lists;
mod looks;
mod offices;
mod paths;
mod proof;
mod pushes;
mod questions;
mod queues;
mod races;
mod rates;
mod registers;
mod replay;
mod requests;
mod review_memos;
mod scopes;
mod stories;
#[path = "../../../workflows/tests/story/mod.rs"]
#[expect(dead_code, reason = "days' ends play one story to its end; the stories' own tests use the rest")]
mod story;
mod submit;
mod takeover;
mod uploads;
mod vault;
mod views;
mod walls;
