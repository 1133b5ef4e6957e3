//! The machine: a command meets one table and one pure function.
//!
//! Reading order: `stage`, `track`, `verb`, `table`, `decide`, `checks`, `arms`, `case` (`evolve`), `follow`.

mod actions;
mod arms;
pub mod atlas;
pub mod case;
mod checks;
mod checks_words;
pub mod clock;
mod content;
pub mod decide;
pub mod effect;
pub mod event;
pub mod explore;
pub mod facts;
pub mod filing_desk;
mod fold;
mod follow;
pub mod impact;
pub mod invariants;
mod letter;
mod letter_words;
pub mod memo;
pub mod money;
pub mod need;
pub mod notice;
pub mod plan;
pub mod price;
pub mod refusal;
pub mod role;
pub mod row;
mod rulebook;
pub mod rules;
pub mod stage;
mod subject;
pub mod table;
pub mod track;
pub mod transfer_desk;
pub mod verb;
mod watch;
mod work;

pub use actions::{Action, allowed_actions};
pub use case::{Case, evolve};
pub use decide::{Context, Decision, decide, open};
pub use effect::{Deadline, Effect, OpenTask, PartnerMessage, Recipient, Task, Timer};
pub use event::{Entry, Event};
pub use follow::day_start;
pub use notice::{NoticeData, NoticeFact, NoticeId, NoticeValue};
pub use refusal::{Refusal, Unmet};
pub use role::{Actor, Role};
pub use rulebook::Rulebook;
pub use rules::{LeadTimes, Limits, Rules};
pub use stage::Stage;
pub use table::Table;
pub use track::{Instance, Track, TrackState};
pub use verb::{Command, Verb};
