//! Reads. Each takes a [`Scope`]: a query without one does not compile.

mod cases;
mod figures;
mod inbox;
mod issued;
mod list;
mod requests;
mod scope;
mod tasks;

pub use figures::{FIGURES_EXACT_TO, Intake, Load, Standing, Standings, WORKLOAD_MOST, WaitingOn};
pub use inbox::InboxEntry;
pub use issued::{Issued, IssuedFilter, IssuedSheet};
pub use list::{Filter, Page, Row, Sort, TOTAL_EXACT_TO, Total};
pub use requests::RequestLine;
pub use scope::Scope;
pub use tasks::{TaskFilter, Waiting};

use crate::wall::{Within, gate};
use crate::{Result, StoreError};
use sea_orm::{DbBackend, Value};

/// Conditions in the making, with the values they bind and whose rows they may meet.
pub(crate) struct Where {
    backend: DbBackend,
    gate: String,
    across: bool,
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Where {
    /// No conditions yet. Until [`Where::within`] is told whose, PostgreSQL finds no rows.
    pub fn on(backend: DbBackend) -> Self {
        Where { backend, gate: "1 = 1".to_owned(), across: false, parts: vec![], values: vec![] }
    }

    /// Whose rows the statement may meet at all (the second wall).
    pub fn within(&mut self, within: Within<'_>) {
        self.across = within == Within::Across;
        self.gate = gate(self.backend, within, &mut self.values);
    }

    /// Is the statement one for all banks?
    pub fn is_across(&self) -> bool {
        self.across
    }

    /// The second wall as a condition, for a statement that asks twice.
    pub fn gate(&self) -> &str {
        &self.gate
    }

    /// Binds a value and gives its placeholder.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds a condition.
    pub fn and(&mut self, part: impl Into<String>) {
        self.parts.push(part.into());
    }

    /// `column = value`.
    pub fn equals(&mut self, column: &str, value: impl Into<Value>) {
        let value = self.bind(value);
        self.and(format!("{column} = {value}"));
    }

    /// `column IN (values)`; one value is an equality, which indexes like better.
    pub fn is_one_of(&mut self, column: &str, values: &[String]) {
        let marks: Vec<String> = values.iter().map(|v| self.bind(v.clone())).collect();
        match marks.as_slice() {
            [one] => self.and(format!("{column} = {one}")),
            _ => self.and(format!("{column} IN ({})", marks.join(", "))),
        }
    }

    /// The conditions so far for a part of a statement, without the wall, which stands around the whole; the next part starts anew.
    pub fn part(&mut self) -> String {
        let parts = std::mem::take(&mut self.parts);
        if parts.is_empty() { "1 = 1".to_owned() } else { parts.join(" AND ") }
    }

    /// `WHERE ...`.
    pub fn sql(&self) -> String {
        let parts = self.parts.iter().map(|part| format!(" AND {part}"));
        format!("WHERE {}{}", self.gate, parts.collect::<String>())
    }

    pub fn into_values(self) -> Vec<Value> {
        self.values
    }
}

/// A keyset cursor: the sort value and the id of the last row, opaque to callers.
pub(crate) use cases::{body_columns, entry_columns};
pub(crate) use list::{date as day, instant};

pub(crate) fn cursor(value: &str, id: &str) -> String {
    hex::encode(format!("{value}\u{1f}{id}"))
}

pub(crate) fn parse_cursor(text: &str) -> Result<(String, String)> {
    let wrong = || StoreError::Cursor(text.to_owned());
    let bytes = hex::decode(text).map_err(|_| wrong())?;
    let plain = String::from_utf8(bytes).map_err(|_| wrong())?;
    let (value, id) = plain.split_once('\u{1f}').ok_or_else(wrong)?;
    if value.chars().chain(id.chars()).any(char::is_control) {
        return Err(wrong());
    }
    Ok((value.to_owned(), id.to_owned()))
}

/// A stored code as its enum value; a code that this version does not know is a fault, named.
pub(crate) fn known<T>(parsed: Option<T>, what: &'static str, code: &str) -> Result<T> {
    parsed.ok_or_else(|| StoreError::Unsafe(format!("unknown {what}: {code}")))
}
