//! The machine from outside: stories, the table against its source, the explorer, mutants and the generated documents.

mod approvals;
mod codes;
mod desks;
mod explorer;
mod generated;
mod impact;
mod letters;
mod meetings;
mod messages;
mod money;
mod mutants;
mod oracle;
mod plan;
mod reminders;
mod requests;
mod stories;
#[path = "../story/mod.rs"]
mod story;
mod table;
mod thresholds;
mod wording;
mod worlds;
