//! `make bench`: exact schedules and reviews of variable loans per CPU second, as ratios to plain loops in the same run.
//!
//! Yardsticks, each on 35 years of 420 repayments: a plain integer loop that keeps no rows and knows no dates, no first period, no
//! unpaid interest and no last instalment; the rules written in `rust_decimal`; the rules written in Python's `decimal`, where a
//! python3 is installed. Rounds are interleaved and the median counts; CPU time is the thread's own, so neighbours on the
//! machine cost nothing. Ratios count, absolute figures do not.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use tests::bench::median;
use workflows::repayment::review::{BaseRates, VariableLoan, VariablePricing};
use workflows::repayment::{PartPlan, RatePath, RoundingTerms, Standing, due_dates, level_payment};
use workflows::{Rate, Yen};

const MONTHS: u16 = 420;

/// The rules of J-02 and J-05 to J-07 as somebody writes them down in Python; prints seconds of CPU per schedule.
const PYTHON: &str = r#"
import sys, time
from decimal import Decimal, ROUND_FLOOR, getcontext
getcontext().prec = 28
def schedule(principal, rate, n):
    i = rate / 1200
    payment = (principal * i / (1 - (1 + i) ** -n)).to_integral_value(ROUND_FLOOR)
    balance, rows = principal, []
    for k in range(n):
        interest = (balance * rate / 1200).to_integral_value(ROUND_FLOOR)
        paid = balance + interest if k == n - 1 else payment
        balance -= paid - interest
        rows.append((paid, interest, balance))
    return rows
count = int(sys.argv[1])
start = time.process_time()
for k in range(count):
    rows = schedule(Decimal(30000000 + k), Decimal(625 + k % 1000) / 1000, 420)
    assert rows[-1][2] == 0
print((time.process_time() - start) / count)
"#;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let at = given.iter().position(|word| word == name);
        at.and_then(|at| given.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (rounds, count, loans) =
        (number("--rounds", 5), number("--schedules", 40_000), number("--loans", 100_000));
    schedules(rounds, count);
    reviews(rounds, loans);
}

fn principal(round: u64) -> i64 {
    30_000_000 + i64::try_from(round).unwrap_or(0)
}

fn thousandths(round: u64) -> i64 {
    625 + i64::try_from(round % 1000).unwrap_or(0)
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

/// Schedules per CPU second of every way, and the ratios of ours.
fn schedules(rounds: u64, count: u64) {
    let (disbursed, first) = (date(2026, 6, 30), date(2026, 7, 25));
    let plan = |due_dates: Vec<NaiveDate>| PartPlan {
        principal: Yen(30_000_000),
        rate: Rate::ZERO,
        disbursed,
        repayment_day: 25,
        months_per_period: 1,
        due_dates,
        rounding: RoundingTerms::default(),
    };
    let ours = |fresh_dates: bool| {
        let mut plan = plan(due_dates(first, disbursed, MONTHS, 25));
        per_second(count, |round| {
            if fresh_dates {
                plan.due_dates = due_dates(first, disbursed, MONTHS, 25);
            }
            plan.principal = Yen(principal(round));
            plan.rate = Rate::from_thousandths(thousandths(round));
            black_box(plan.schedule());
        })
    };
    let (mut bare, mut exact, mut dated, mut decimal, mut python) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rounds {
        bare.push(per_second(count, |round| {
            let payment = plain_payment(principal(round), thousandths(round));
            black_box(plain(principal(round), thousandths(round), payment, usize::from(MONTHS)));
        }));
        exact.push(ours(false));
        dated.push(ours(true));
        decimal.push(per_second(count / 100, |round| {
            black_box(in_decimals(principal(round), thousandths(round)));
        }));
        python.extend(in_python(count / 200));
    }
    let (bare, exact, dated) = (median(bare), median(exact), median(dated));
    println!("35-year schedules per CPU second, one core, median of {rounds} rounds:");
    println!("  exact, every row with its date, dates given      {exact:>9.0}");
    println!("  exact, every row with its date, dates made anew  {dated:>9.0}");
    println!(
        "  plain integer loop, no rows, no features         {bare:>9.0}  exact takes {:.2}x its time (dates anew {:.2}x)",
        bare / exact,
        bare / dated
    );
    let decimal = median(decimal);
    println!(
        "  rust_decimal loop                                {decimal:>9.0}  exact / decimal {:.0}x (dates anew {:.0}x)",
        exact / decimal,
        dated / decimal
    );
    if python.is_empty() {
        println!("  Python decimal loop: no python3 here, not measured");
    } else {
        let python = median(python);
        println!(
            "  Python decimal loop                              {python:>9.0}  exact / Python {:.0}x (dates anew {:.0}x)",
            exact / python,
            dated / python
        );
    }
}

/// A review of variable loans of every age on 1 October: new rate, where it is the fifth one a new amount, all rows to the end.
fn reviews(rounds: u64, count: u64) {
    let base_date = date(2026, 10, 1);
    let base = BaseRates {
        changes: [
            (date(2026, 4, 1), Rate::from_thousandths(2_475)),
            (base_date, Rate::from_thousandths(2_725)),
        ]
        .into(),
    };
    let book = workflows::Books::load(
        include_str!("../../../workflows/products/base.toml"),
        "base.toml",
        include_str!("../../data/parameters.json"),
    );
    let books = book.expect("the sample book");
    let terms = &books.get("2963").expect("the sample bank").terms.servicing.review;
    let portfolio: Vec<VariableLoan> = (0..count).map(aged).collect();
    let rows: usize = portfolio.iter().map(|loan| loan.standing.due_dates.len()).sum();
    let (mut bare, mut exact) = (vec![], vec![]);
    for _ in 0..rounds {
        bare.push(per_second(count, |at| {
            let Some(loan) = portfolio.get(usize::try_from(at).unwrap_or(0)) else { return };
            let rate = thousandths(at) + 250;
            let standing = &loan.standing;
            black_box(plain(standing.balance_yen.0, rate, standing.payment_yen.0, standing.due_dates.len()));
        }));
        exact.push(per_second(count, |at| {
            let Some(loan) = portfolio.get(usize::try_from(at).unwrap_or(0)) else { return };
            black_box(loan.course(&base, terms, base_date).expect("base rates are known"));
        }));
    }
    let (bare, exact) = (median(bare), median(exact));
    println!("review of {count} variable loans ({rows} repayments to come), median of {rounds} rounds:");
    println!("  exact {:.2} CPU s, {exact:.0} loans per CPU second", count as f64 / exact);
    println!(
        "  plain integer loop over the same repayments, no rows, no features: {bare:.0} loans per CPU second; exact takes {:.2}x its time",
        bare / exact
    );
}

/// A loan that has run for up to 20 of its 35 years and stands after its September repayment of 2026.
fn aged(at: u64) -> VariableLoan {
    let years = i32::try_from(at % 20).unwrap_or(0);
    let disbursed = date(2026 - years, 6, 1) + Days::new(at % 28);
    let first = date(disbursed.year(), 7, 25);
    let plan = PartPlan {
        principal: Yen(principal(at)),
        rate: Rate::from_thousandths(thousandths(at)),
        disbursed,
        repayment_day: 25,
        months_per_period: 1,
        due_dates: due_dates(first, disbursed, MONTHS, 25),
        rounding: RoundingTerms::default(),
    };
    let start = Standing::at_disbursement(&plan);
    let course = start.course(&RatePath::constant(plan.rate), &[], 125);
    let passed = course.rows.iter().filter(|row| row.due < date(2026, 10, 1)).count();
    VariableLoan {
        standing: start.after(&course, passed),
        pricing: VariablePricing { moving: plan.rate, add_ons: Rate::ZERO, cap: None },
        rate_decided_on: date(2026, 4, 1).max(disbursed),
        variable_since: disbursed,
    }
}

/// How often a second `work` is done, by the CPU time of this thread.
fn per_second(count: u64, mut work: impl FnMut(u64)) -> f64 {
    let start = cpu();
    (0..count).for_each(&mut work);
    count as f64 / (cpu() - start).as_secs_f64()
}

/// CPU time of this thread; where the system does not tell it, the time of the clock.
fn cpu() -> Duration {
    static STARTED: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| STARTED.elapsed(), Duration::from_nanos)
}

/// The payment as a plain program computes it.
fn plain_payment(principal: i64, thousandths: i64) -> i64 {
    let monthly = thousandths as f64 / 1_200_000.0;
    (principal as f64 * monthly / (1.0 - (1.0 + monthly).powi(-i32::from(MONTHS)))) as i64
}

/// The plain loop: interest, principal, balance. Returns the interest in all.
#[inline(never)]
fn plain(principal: i64, thousandths: i64, payment: i64, repayments: usize) -> i64 {
    let (mut balance, mut total) = (principal, 0);
    for _ in 0..repayments {
        let interest = balance * thousandths / 1_200_000;
        balance -= payment - interest;
        total += interest;
    }
    total
}

/// The rules in `rust_decimal`, with rows.
fn in_decimals(principal: i64, thousandths: i64) -> Vec<(Decimal, Decimal, Decimal)> {
    let payment = level_payment(Yen(principal), Rate::from_thousandths(thousandths), 1, u32::from(MONTHS));
    let (rate, payment) = (Decimal::new(thousandths, 3), Decimal::from(payment.0));
    let mut balance = Decimal::from(principal);
    (1..=MONTHS)
        .map(|number| {
            let interest = (balance * rate / Decimal::from(1200)).floor();
            let paid = if number == MONTHS { balance + interest } else { payment };
            balance -= paid - interest;
            (paid, interest, balance)
        })
        .collect()
}

/// Schedules per CPU second of the Python loop; `None` where there is no python3.
fn in_python(count: u64) -> Option<f64> {
    let out = Command::new("python3").args(["-c", PYTHON, &count.max(1).to_string()]).output().ok()?;
    let seconds: f64 = String::from_utf8(out.stdout).ok()?.trim().parse().ok()?;
    Some(1.0 / seconds)
}
