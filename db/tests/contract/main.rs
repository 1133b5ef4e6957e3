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
mod consents;
mod couriers;
mod deeds;
mod deputies;
mod emergencies;
mod evidence;
mod figures;
mod hooks;
mod incidents;
mod keys;
mod lists;
mod looks;
mod offices;
mod paths;
mod proof;
mod queues;
mod races;
mod rates;
mod registers;
mod replay;
mod scopes;
mod stories;
mod submit;
mod uploads;
mod vault;
mod views;
mod walls;
