//! Posted rates that people enter: one proposes a dated line, another approves or returns it (E.2). What took effect stays as it
//! is; a correction is a new line with a later day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::rates::{Posted, PostedRates};
use super::servicing::PublishedRefund;
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
        /// The guarantor's table (F.10): its line has the rate of the model and the published cells.
        GuaranteeRefund = "GUARANTEE_REFUND", "保証料返戻率表", "Guarantor's refund table";
    }
}

impl RateSeries {
    /// The rate type whose standard rate it is; `None` for the base rate and for the guarantor's table.
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
    /// The published refunds of a line of the guarantor's table (F.10); none in any other series.
    #[serde(default)]
    pub cells: Vec<PublishedRefund>,
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

/// Most cells of a table.
const MOST_CELLS: usize = 400;

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

/// Everything against the cells of a new line: no cell beside a rate; a table without an overlap (two cells for one case), without a
/// gap (an elapsed year that one term has and another lacks), with refunds that fall with time and stay below the unexpired share
/// of the term (F-14).
pub fn problems_of_cells(series: RateSeries, rate: Rate, cells: &[PublishedRefund]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |field: String, rule: &'static str, messages: (&str, &str), accepted: String| {
        problems.push(Problem::new(field, rule, messages, accepted));
    };
    if series != RateSeries::GuaranteeRefund {
        if !cells.is_empty() {
            let words = ("この利率に表はありません。", "The series is a rate and has no table.");
            wrong("cells".to_owned(), "C-21", words, "none".to_owned());
        }
        return problems;
    }
    if rate <= Rate::ZERO {
        let words = ("試算の利率は0を超える値です。", "The rate of the model is above nought.");
        wrong("ratePercent".to_owned(), "F-17", words, "above 0".to_owned());
    }
    if cells.is_empty() || cells.len() > MOST_CELLS {
        let words = ("返戻率の件数が範囲外です。", "The number of cells is out of range.");
        wrong("cells".to_owned(), "F-12", words, format!("1 to {MOST_CELLS}"));
        return problems;
    }
    let mut table: BTreeMap<u8, BTreeMap<u8, Rate>> = BTreeMap::new();
    for (at, cell) in cells.iter().enumerate() {
        if !(1..=50).contains(&cell.term_years) || !(1..=cell.term_years).contains(&cell.elapsed_years) {
            let words = ("年数が範囲外です。", "The years are out of range.");
            wrong(format!("cells[{at}]"), "F-11", words, "1 to 50 years, elapsed within the term".to_owned());
        } else if !cell.is_below_unexpired() {
            let words = ("返戻率が未経過割合以上です。", "The refund is not below the unexpired share.");
            let left = cell.term_years - cell.elapsed_years;
            let accepted = format!("less than 100 * {left} / {}, 0 at the end", cell.term_years);
            wrong(format!("cells[{at}].percent"), "F-14", words, accepted);
        }
        if table.entry(cell.term_years).or_default().insert(cell.elapsed_years, cell.percent).is_some() {
            let words = ("同じ期間・経過年数の返戻率が重複しています。", "Two cells are for the same case.");
            wrong(
                format!("cells[{at}]"),
                "F-12",
                words,
                "one cell for a term and an elapsed year".to_owned(),
            );
        }
    }
    let elapsed: BTreeSet<u8> = cells.iter().map(|cell| cell.elapsed_years).collect();
    for (term, row) in &table {
        if let Some(lacking) = elapsed.range(..=*term).find(|year| !row.contains_key(*year)) {
            let words = ("表に欠けている年数があります。", "The table has a gap.");
            let accepted = format!("a cell for {term} years after {lacking}");
            wrong(format!("cells.{term}.{lacking}"), "F-12", words, accepted);
        }
        if !row.values().is_sorted_by(|one, next| one > next) {
            let words = ("返戻率は経過とともに下がります。", "A refund falls with time.");
            wrong(
                format!("cells.{term}"),
                "F-12",
                words,
                "percentages that fall with the elapsed years".to_owned(),
            );
        }
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
        rates.base.changes.extend(base_rates(lines).changes);
        let approved = lines.iter().filter(|line| line.state == LineState::Approved);
        let tables = approved.filter(|line| line.series == RateSeries::GuaranteeRefund);
        rates.refunds.extend(tables.map(|line| (line.from, (line.rate, line.cells.clone()))));
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
