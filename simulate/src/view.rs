//! A case as one party sees it: whatever the bank shows to the party's role, and nothing else.

use crate::client::Unmet;
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeSet;

/// A case in the eyes of a party.
#[derive(Clone, Debug, Default)]
pub struct View {
    raw: Value,
}

/// One thing that the party could do here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub verb: String,
    /// Person, loan, property, filing or proposal that it is about.
    pub key: String,
    /// What a partner's command answers; empty where it answers nothing.
    pub request: String,
    pub unmet: Vec<Unmet>,
}

impl Action {
    /// Nothing is in the way.
    pub fn is_open(&self) -> bool {
        self.unmet.is_empty()
    }
}

/// A whole number, written as such or as text.
pub fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|s| s.parse().ok()))
}

/// Roles with open work on an application.
pub fn roles_of(application: &Value) -> BTreeSet<String> {
    let tasks = application.get("openTasks").and_then(Value::as_array).into_iter().flatten();
    tasks.filter_map(|task| task.get("role")?.as_str().map(str::to_owned)).collect()
}

impl View {
    /// From the bank's answer.
    pub fn of(raw: Value) -> Self {
        View { raw }
    }

    /// A value by its path of field names: `form.requestedAmountYen`.
    pub fn at(&self, path: &str) -> &Value {
        path.split('.').fold(&self.raw, |value, name| value.get(name).unwrap_or(&Value::Null))
    }

    /// A text; empty where the party sees none.
    pub fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    /// A whole number; nought where the party sees none.
    pub fn number(&self, path: &str) -> i64 {
        whole(self.at(path)).unwrap_or_default()
    }

    /// A date.
    pub fn date(&self, path: &str) -> Option<NaiveDate> {
        self.text(path).get(..10).and_then(|text| text.parse().ok())
    }

    /// The entries of a list.
    pub fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }

    /// Texts of a list.
    pub fn texts(&self, path: &str) -> impl Iterator<Item = &str> {
        self.list(path).iter().filter_map(Value::as_str)
    }

    /// Main stage.
    pub fn stage(&self) -> &str {
        self.text("stage")
    }

    /// Number of accepted commands.
    pub fn version(&self) -> i64 {
        self.number("version")
    }

    /// Key and state of every instance of a track that the party sees.
    pub fn track(&self, track: &str) -> impl Iterator<Item = (&str, &str)> {
        self.list("tracks")
            .iter()
            .filter(move |t| t.get("track").and_then(Value::as_str) == Some(track))
            .filter_map(|t| Some((t.get("key")?.as_str()?, t.get("state")?.as_str()?)))
    }

    /// State of the only, or the latest, instance of a track.
    pub fn state(&self, track: &str) -> &str {
        self.track(track).last().map_or("", |(_, state)| state)
    }

    /// Is any instance of a track in this state?
    pub fn any(&self, track: &str, state: &str) -> bool {
        self.track(track).any(|(_, s)| s == state)
    }

    /// Is there an instance of the track, and is every one in one of these states?
    pub fn all(&self, track: &str, states: &[&str]) -> bool {
        self.track(track).next().is_some() && self.track(track).all(|(_, s)| states.contains(&s))
    }

    /// Everything that the party could do here.
    pub fn actions(&self) -> Vec<Action> {
        let text = |entry: &Value, name: &str| {
            entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let unmet = |entry: &Value| {
            entry.get("unmet").cloned().and_then(|u| serde_json::from_value(u).ok()).unwrap_or_default()
        };
        self.list("allowedActions")
            .iter()
            .map(|a| Action {
                verb: text(a, "verb"),
                key: text(a, "key"),
                request: text(a, "requestId"),
                unmet: unmet(a),
            })
            .collect()
    }

    /// Party ids of the form.
    pub fn party_ids(&self) -> Vec<String> {
        self.list("content.parties")
            .iter()
            .filter_map(|p| p.get("partyId").and_then(Value::as_str).map(str::to_owned))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_found_by_path_and_missing_ones_are_empty() {
        let view = View::of(json!({
            "stage": "SCREENING", "version": "12",
            "tracks": [
                { "track": "INS", "key": "A1:L1", "state": "ACCEPTED" },
                { "track": "INS", "key": "A1:L2", "state": "DECLARED" },
            ],
            "content": { "requestedDisbursementDate": "2026-04-20" },
            "allowedActions": [{ "verb": "passDeclaration", "key": "A1:L2", "unmet": [] }],
        }));
        assert_eq!((view.stage(), view.version()), ("SCREENING", 12));
        assert!(view.any("INS", "DECLARED") && !view.all("INS", &["ACCEPTED"]));
        assert_eq!(view.date("content.requestedDisbursementDate"), "2026-04-20".parse().ok());
        assert_eq!(view.text("nothing.here"), "");
        assert!(view.actions()[0].is_open());
        assert!(!view.all("REG", &["ACCEPTED"]), "no instance at all");
    }
}
