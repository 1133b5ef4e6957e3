//! Posted rates that people enter: one proposes a dated line, another approves or returns it (E.2). What took effect stays as it
//! is; a correction is a new line with a later day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::rates::{Posted, PostedRates};
use crate::form::{Problem, RateType};
use crate::money::Rate;
use crate::repayment::review::BaseRates;
use crate::terms;

terms! {
    /// A series of dated rates.
    pub enum RateSeries {
        Variable = "VARIABLE", "変動金利型の基準金利", "Standard rate, variable";
        Fixed3Y = "FIXED_3Y", "固定金利特約型（3年）の基準金利", "Standard rate, fixed for 3 years";
        Fixed5Y = "FIXED_5Y", "固定金利特約型（5年）の基準金利", "Standard rate, fixed for 5 years";
        Fixed10Y = "FIXED_10Y", "固定金利特約型（10年）の基準金利", "Standard rate, fixed for 10 years";
        Fixed20Y = "FIXED_20Y", "固定金利特約型（20年）の基準金利", "Standard rate, fixed for 20 years";
        Capped10Y = "CAPPED_10Y", "上限金利特約型の基準金利", "Standard rate, capped";
        FullFixed = "FULL_FIXED", "全期間固定金利型の基準金利", "Standard rate, fixed to the end";
        /// What reviews of variable loans compare (J-20).
        Base = "BASE_RATE", "見直しの基準となる金利", "Base rate of reviews";
    }
}

impl RateSeries {
    /// The rate type whose standard rate it is; `None` for the base rate.
    pub fn rate_type(self) -> Option<RateType> {
        RateType::parse(self.code())
    }
}

terms! {
    /// How far a line is.
    pub enum LineState {
        Proposed = "PROPOSED", "起案中", "Proposed";
        Approved = "APPROVED", "承認済", "Approved";
        Returned = "RETURNED", "差戻し", "Returned";
    }
}

/// A dated line of one bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedRate {
    pub id: String,
    pub institution: String,
    pub series: RateSeries,
    /// Percent per annum.
    pub rate: Rate,
    /// First day; the line counts until the next one of its series does.
    pub from: NaiveDate,
    pub state: LineState,
    pub proposed_by: String,
    pub proposed_at: DateTime<Utc>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was returned.
    pub reason: Option<String>,
}

/// The largest rate that is taken: the statutory ceiling of loans below 100,000 yen (J-46).
const MOST: Rate = Rate(rust_decimal::Decimal::from_parts(20, 0, 0, false, 0));

/// Everything against a new line `series`, `rate`, `from` beside the lines that stand, proposals included. `today` is the Tokyo
/// date; `stock` are the rates of the file.
pub fn problems_of_line(
    stock: &PostedRates,
    standing: &[DatedRate],
    (series, rate, from): (RateSeries, Rate, NaiveDate),
    today: NaiveDate,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if rate < Rate::ZERO || rate > MOST || rate.0.normalize().scale() > 3 {
        let words = ("利率が範囲外です。", "The rate is out of range.");
        problems.push(Problem::new(
            "ratePercent",
            "J-46",
            words,
            format!("0 to {MOST} with at most 3 decimals"),
        ));
    }
    problems.extend(already_in_effect(from, today));
    let mine = || standing.iter().filter(|line| line.series == series && line.state != LineState::Returned);
    if mine().any(|line| line.from == from) {
        let words =
            ("同じ適用開始日の利率がすでにあります。", "A line of the series begins on the same day.");
        problems.push(Problem::new(
            "validFrom",
            "C-21",
            words,
            "a day on which no other line of the series begins",
        ));
    }
    // The first line of a bank follows the stock without a gap; every later one ends the one before.
    let last = series.rate_type().and_then(|kind| stock.span(kind)).and_then(|(_, to)| to);
    if let Some(next) = last.and_then(|last| last.succ_opt())
        && from > next
        && !mine().any(|line| line.from <= next)
    {
        let words = ("適用される利率のない期間が生じます。", "There would be days without a rate.");
        problems.push(Problem::new("validFrom", "C-21", words, format!("{next} or earlier")));
    }
    problems
}

/// Everything against a decision of `by` on a proposed line. An approval is refused once the day has come, a return never.
pub fn problems_of_decision(line: &DatedRate, by: &str, approves: bool, today: NaiveDate) -> Vec<Problem> {
    let mut problems = Vec::new();
    if line.state != LineState::Proposed {
        let words = ("すでに決裁されています。", "The line is decided already.");
        problems.push(Problem::new("id", "E.2", words, "a line that is PROPOSED"));
    }
    if line.proposed_by == by {
        let words = ("起案した本人は決裁できません。", "Whoever proposed a line does not decide on it.");
        problems.push(Problem::new("id", "E.2", words, "a line that somebody else proposed"));
    }
    if approves {
        problems.extend(already_in_effect(line.from, today));
    }
    problems
}

fn already_in_effect(from: NaiveDate, today: NaiveDate) -> Option<Problem> {
    let words = (
        "適用開始日は翌日以後に限ります。適用済みの利率は変更できません。",
        "A line begins after today: what took effect is never changed.",
    );
    (from <= today).then(|| Problem::new("validFrom", "C-61", words, format!("a day after {today}")))
}

impl PostedRates {
    /// These rates as the stock of a bank, with its approved lines over them: from the first line of a series on, its lines alone
    /// count, each until the next begins.
    #[must_use]
    pub fn with(&self, lines: &[DatedRate]) -> Self {
        let mut rates = self.clone();
        let mut own: BTreeMap<RateType, BTreeMap<NaiveDate, Rate>> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.state == LineState::Approved) {
            if let Some(kind) = line.series.rate_type() {
                own.entry(kind).or_default().insert(line.from, line.rate);
            }
        }
        for (kind, lines) in own {
            let Some((first, _)) = lines.first_key_value() else { continue };
            let stock = rates.lines_of(kind);
            stock.retain(|from, _| from < first);
            if let Some((_, mut last)) = stock.pop_last() {
                last.to = last.to.min(first.pred_opt()).or(first.pred_opt());
                stock.insert(last.from, last);
            }
            let begins = lines.keys().skip(1).copied().map(Some).chain([None]);
            for ((from, rate), next) in lines.iter().zip(begins) {
                let to = next.and_then(|next| next.pred_opt());
                stock.insert(*from, Posted { rate: *rate, from: *from, to });
            }
        }
        rates
    }
}

/// The approved base rates of a bank, for reviews (J-20).
pub fn base_rates(lines: &[DatedRate]) -> BaseRates {
    let approved =
        lines.iter().filter(|line| line.state == LineState::Approved && line.series == RateSeries::Base);
    BaseRates { changes: approved.map(|line| (line.from, line.rate)).collect() }
}
