//! Posted standard rates by month and type (C-21).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::form::{Problem, RateType};
use crate::money::Rate;
use crate::shape;

/// The standard rates: valid from the first to the last day of a month, for all institutions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostedRates {
    /// By year, month and type.
    rates: BTreeMap<(i32, u32, RateType), Rate>,
}

/// The shape of `posted-rates.json`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "note")]
    #[schemars(length(max = 2000))]
    _note: Option<String>,
    #[serde(default, rename = "unit")]
    _unit: Option<String>,
    #[serde(default, rename = "effective")]
    _effective: Option<String>,
    standard_rates: BTreeMap<String, BTreeMap<String, Rate>>,
}

impl PostedRates {
    /// The rates of a JSON text. Errors: every problem at once.
    pub fn parse(json: &str) -> Result<Self, Vec<Problem>> {
        static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(File).to_value());
        let value: Value = serde_json::from_str(json).map_err(|error| {
            let messages = ("JSONとして読めません。", "The text is not JSON.");
            vec![Problem::new("", "RATES-JSON", messages, format!("a JSON object ({error})"))]
        })?;
        let faults = shape::faults(&SCHEMA, &value);
        if !faults.is_empty() {
            return Err(faults.into_iter().map(|fault| wrong(fault.path, fault.accepted)).collect());
        }
        let file =
            File::deserialize(&value).map_err(|error| vec![wrong(String::new(), error.to_string())])?;
        let mut problems = Vec::new();
        let mut rates = BTreeMap::new();
        for (month, by_type) in file.standard_rates {
            let path = format!("standard_rates.{month}");
            let Some(first) = first_of_month(&month) else {
                problems.push(wrong(path, "a month as YYYY-MM".to_owned()));
                continue;
            };
            for (code, rate) in by_type {
                match RateType::ALL.iter().find(|kind| kind.code() == code) {
                    Some(kind) => drop(rates.insert((first.year(), first.month(), *kind), rate)),
                    None => problems.push(wrong(format!("{path}.{code}"), "a rate type".to_owned())),
                }
            }
        }
        if problems.is_empty() { Ok(Self { rates }) } else { Err(problems) }
    }

    /// The standard rate of a type on a day (C-21); `None` if none is published.
    pub fn standard(&self, rate_type: RateType, date: NaiveDate) -> Option<Rate> {
        self.rates.get(&(date.year(), date.month(), rate_type)).copied()
    }

    /// The first day of the last month for which any rate is published.
    pub fn last_month(&self) -> Option<NaiveDate> {
        self.rates
            .last_key_value()
            .and_then(|((year, month, _), _)| NaiveDate::from_ymd_opt(*year, *month, 1))
    }
}

fn first_of_month(month: &str) -> Option<NaiveDate> {
    if month.len() == 7 { format!("{month}-01").parse().ok() } else { None }
}

fn wrong(field: String, accepted: String) -> Problem {
    let messages = ("金利表として読めません。", "This does not belong to a table of rates.");
    Problem::new(field, "RATES-SHAPE", messages, accepted)
}
