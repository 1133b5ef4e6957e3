//! Posted standard rates by month and type (C-21).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::month_end;
use crate::form::{Problem, RateType};
use crate::money::Rate;
use crate::product::servicing::{FeeRefundTerms, PublishedRefund};
use crate::repayment::review::BaseRates;
use crate::shape;

/// The standard rates by type and the day from which they count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostedRates {
    rates: BTreeMap<RateType, BTreeMap<NaiveDate, Posted>>,
    /// What reviews of variable loans compare (J-20).
    pub base: BaseRates,
    /// The guarantor's refund tables by their first day: rate of the model and published cells (F.10).
    pub(super) refunds: BTreeMap<NaiveDate, (Rate, Vec<PublishedRefund>)>,
}

/// A rate for a span of days.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posted {
    pub rate: Rate,
    pub from: NaiveDate,
    /// Last day; `None`: until the next rate of the type counts.
    pub to: Option<NaiveDate>,
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
        let mut rates: BTreeMap<RateType, BTreeMap<NaiveDate, Posted>> = BTreeMap::new();
        for (month, by_type) in file.standard_rates {
            let path = format!("standard_rates.{month}");
            let Some(first) = first_of_month(&month) else {
                problems.push(wrong(path, "a month as YYYY-MM".to_owned()));
                continue;
            };
            for (code, rate) in by_type {
                match RateType::parse(&code) {
                    Some(kind) => {
                        // The file states whole months: a month without a line is a gap.
                        let posted = Posted { rate, from: first, to: Some(month_end(first)) };
                        rates.entry(kind).or_default().insert(first, posted);
                    }
                    None => problems.push(wrong(format!("{path}.{code}"), "a rate type".to_owned())),
                }
            }
        }
        if problems.is_empty() { Ok(Self { rates, ..Self::default() }) } else { Err(problems) }
    }

    /// The lines of a type.
    pub(super) fn lines_of(&mut self, rate_type: RateType) -> &mut BTreeMap<NaiveDate, Posted> {
        self.rates.entry(rate_type).or_default()
    }

    /// The standard rate of a type on a day (C-21); `None` if none is published.
    pub fn standard(&self, rate_type: RateType, date: NaiveDate) -> Option<Rate> {
        self.posted(rate_type, date).map(|posted| posted.rate)
    }

    /// The line that gives the standard rate of a type on a day (C-21, C-61).
    pub fn posted(&self, rate_type: RateType, date: NaiveDate) -> Option<Posted> {
        let (_, posted) = self.rates.get(&rate_type)?.range(..=date).next_back()?;
        posted.to.is_none_or(|to| date <= to).then_some(*posted)
    }

    /// The terms of a refund on a day: the table that was entered last, over the one that the book begins with (F.10).
    pub fn refund_terms(&self, book: &FeeRefundTerms, date: NaiveDate) -> FeeRefundTerms {
        let entered = self.refunds.range(..=date).next_back();
        entered.map_or_else(
            || book.clone(),
            |(_, (model_rate, published))| FeeRefundTerms {
                model_rate: *model_rate,
                published: published.clone(),
                ..book.clone()
            },
        )
    }

    /// First and last day for which a rate of the type is published, for a refusal to name; no last day: without end.
    pub fn span(&self, rate_type: RateType) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let lines = self.rates.get(&rate_type)?;
        Some((*lines.first_key_value()?.0, lines.last_key_value()?.1.to))
    }
}

fn first_of_month(month: &str) -> Option<NaiveDate> {
    if month.len() == 7 { format!("{month}-01").parse().ok() } else { None }
}

fn wrong(field: String, accepted: String) -> Problem {
    let messages = ("金利表として読めません。", "This does not belong to a table of rates.");
    Problem::new(field, "RATES-SHAPE", messages, accepted)
}
