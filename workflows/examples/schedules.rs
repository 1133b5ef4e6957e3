//! Makes exact 35-year schedules, to be timed from outside: `time cargo run --release -p workflows --example schedules -- 200000`.

use workflows::repayment::{PartPlan, RoundingTerms, due_dates};
use workflows::{Rate, Yen};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds: i64 = std::env::args().nth(1).ok_or("usage: schedules COUNT")?.parse()?;
    let (disbursed, first) = ("2026-06-30".parse()?, "2026-07-25".parse()?);
    let mut plan = PartPlan {
        principal: Yen(30_000_000),
        rate: Rate::ZERO,
        disbursed,
        repayment_day: 25,
        months_per_period: 1,
        due_dates: due_dates(first, disbursed, 420, 25),
        rounding: RoundingTerms::default(),
    };
    let mut interest = Yen::ZERO;
    for round in 0..rounds {
        plan.principal = Yen(30_000_000 + round);
        plan.rate = Rate::from_thousandths(625 + round % 1000);
        interest = interest + plan.schedule().total_interest();
    }
    println!("{rounds} schedules of {} repayments; interest in all {interest}", plan.due_dates.len());
    Ok(())
}
