//! Properties of repayment over the life of a loan. `PROPTEST_CASES` sets how many cases each is tried on.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use workflows::guarantee::refund::{refund_at, refund_by_model, unexpired_share};
use workflows::repayment::interest_cap::{PaidOff, cap_test};
use workflows::repayment::prepayment::{BonusOrder, LoanStanding, PartialPrepayment};
use workflows::repayment::review::{BaseRates, VariableLoan, VariablePricing};
use workflows::repayment::{
    PartPlan, RatePath, RateStep, Rounding, RoundingTerms, Row, Standing, due_dates, level_payment,
};
use workflows::{Rate, Yen};

use crate::vectors::book;

fn decimal(value: Yen) -> Decimal {
    Decimal::from(value.0)
}

/// Dates whose repayments end before the year 2100.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..9_000_u64).prop_map(|days| NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(days))
}

fn any_rounding() -> impl Strategy<Value = RoundingTerms> {
    let any = || prop::sample::select(Rounding::ALL);
    (any(), any()).prop_map(|(payment, interest)| RoundingTerms { payment, interest })
}

prop_compose! {
    /// A monthly plan with any amount of ten digits, any rate up to 15 percent, any term and day.
    fn any_plan()(
        principal in prop_oneof![1_i64..1_000, 300_000_i64..100_000_000, 1_i64..9_999_999_999],
        thousandths in prop_oneof![Just(0_i64), 0_i64..5_000, 0_i64..15_000],
        disbursed in any_day(),
        wait in 1_u64..100,
        months in 3_u16..=480,
        rounding in any_rounding(),
    ) -> PartPlan {
        let first = disbursed + Days::new(wait);
        let repayment_day = u8::try_from(first.day()).unwrap();
        let months = months.max(4);
        PartPlan {
            principal: Yen(principal),
            rate: Rate::from_thousandths(thousandths),
            disbursed,
            repayment_day,
            months_per_period: 1,
            due_dates: due_dates(first, disbursed, months, repayment_day),
            rounding,
        }
    }
}

/// Base rates that jump by up to `most` thousandths on base dates after `from`.
fn any_base(from: NaiveDate, most: i64) -> impl Strategy<Value = BaseRates> {
    prop::collection::vec(-most..=most, 0..24).prop_map(move |jumps| {
        let mut changes = BTreeMap::from([(from - Days::new(400), Rate::from_thousandths(2_475))]);
        let mut rate = 2_475;
        for (at, jump) in jumps.into_iter().enumerate() {
            let year = from.year() + i32::try_from(at / 2).unwrap();
            let month = if at % 2 == 0 { 4 } else { 10 };
            rate = (rate + jump).max(0);
            changes.insert(NaiveDate::from_ymd_opt(year, month, 1).unwrap(), Rate::from_thousandths(rate));
        }
        BaseRates { changes }
    })
}

fn variable() -> impl Strategy<Value = (VariableLoan, BaseRates)> {
    any_plan().prop_flat_map(|plan| {
        let from = plan.disbursed;
        (Just(plan), any_base(from, 1_500)).prop_map(|(plan, base)| {
            let loan = VariableLoan {
                standing: Standing::at_disbursement(&plan),
                pricing: VariablePricing { moving: plan.rate, add_ons: Rate::ZERO, cap: None },
                rate_decided_on: plan.disbursed,
                variable_since: plan.disbursed,
            };
            (loan, base)
        })
    })
}

/// What holds for every list of repayments.
fn check_rows(rows: &[Row], principal: Yen, due_dates: &[NaiveDate]) -> Result<(), TestCaseError> {
    prop_assert!(!rows.is_empty() && rows.len() <= due_dates.len());
    let (mut balance, mut unpaid) = (principal, Yen::ZERO);
    for (row, due) in rows.iter().zip(due_dates) {
        prop_assert_eq!(row.due, *due);
        prop_assert_eq!(row.interest + row.principal, row.payment);
        prop_assert!(row.interest >= Yen::ZERO && row.principal >= Yen::ZERO && row.balance >= Yen::ZERO);
        prop_assert_eq!(balance - row.principal, row.balance);
        prop_assert!(row.unpaid_interest >= Yen::ZERO);
        // J-06, J-24: principal is paid only when no interest is left, this period's only after all that was in arrears.
        prop_assert!(row.principal == Yen::ZERO || row.unpaid_interest == Yen::ZERO);
        let accrued = row.interest + row.unpaid_interest - unpaid;
        prop_assert!(accrued >= Yen::ZERO);
        (balance, unpaid) = (row.balance, row.unpaid_interest);
    }
    prop_assert_eq!((balance, unpaid), (Yen::ZERO, Yen::ZERO));
    let paid: Yen = rows.iter().map(|row| row.payment).sum();
    let interest: Yen = rows.iter().map(|row| row.interest).sum();
    prop_assert_eq!(paid, principal + interest);
    Ok(())
}

/// The schedule as the rules say it, in decimals, as slow as it is plain.
fn reference(plan: &PartPlan, payment: Yen, first_interest: Yen) -> Vec<(Yen, Yen, Yen)> {
    let monthly = plan.rate.0 / Decimal::from(1200);
    let exact = plan.rate.0;
    let round = |value: Decimal| match plan.rounding.interest {
        Rounding::Down => value.floor(),
        Rounding::Up => value.ceil(),
        Rounding::HalfUp => (value + Decimal::new(5, 1)).floor(),
    };
    assert!(monthly >= Decimal::ZERO);
    let mut rows = Vec::new();
    let mut balance = decimal(plan.principal);
    let mut unpaid = Decimal::ZERO;
    for at in 0..plan.due_dates.len() {
        // balance * rate is exact in a decimal; one division by 1200 follows.
        let of_period =
            if at == 0 { decimal(first_interest) } else { round(balance * exact / Decimal::from(1200)) };
        let owed = unpaid + of_period;
        let last = at + 1 == plan.due_dates.len() || balance + owed <= decimal(payment);
        let paid = if last { balance + owed } else { decimal(payment) };
        let interest = paid.min(owed);
        balance -= paid - interest;
        unpaid = owed - interest;
        let yen = |value: Decimal| Yen(value.to_i64().unwrap());
        rows.push((yen(paid), yen(interest), yen(balance)));
        if last {
            break;
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schedule_ends_at_zero_and_adds_up(plan in any_plan()) {
        let schedule = plan.schedule();
        check_rows(&schedule.rows, plan.principal, &plan.due_dates)?;
        prop_assert_eq!(
            schedule.rows.iter().map(|row| row.payment).sum::<Yen>(),
            plan.principal + schedule.total_interest()
        );
    }

    /// The integers of the fast path are the decimals of the rules (J-04 to J-07).
    #[test]
    fn a_schedule_is_the_decimal_one(plan in any_plan()) {
        let schedule = plan.schedule();
        let first = &schedule.first_period;
        let found: Vec<_> = schedule.rows.iter().map(|row| (row.payment, row.interest, row.balance)).collect();
        prop_assert_eq!(found, reference(&plan, schedule.payment, first.interest_yen));
        // And a standing at disbursement runs the same course.
        let standing = Standing::at_disbursement(&plan);
        let course = standing.course(&RatePath::constant(plan.rate), &[], 125);
        prop_assert_eq!(course.rows, schedule.rows);
    }

    /// J-02: the level payment is the floor of the exact value: A does not repay more than P, A + 1 repays at least P.
    #[test]
    fn the_level_payment_is_the_floor(
        owed in 1_i64..9_999_999_999, thousandths in 1_i64..15_000, count in 1_u32..60,
    ) {
        let rate = Rate::from_thousandths(thousandths);
        let payment = level_payment(Yen(owed), rate, 1, count);
        // P (1+i)^n against A ((1+i)^n - 1) / i, in decimals with a margin for their 28 digits.
        let i = rate.0 / Decimal::from(1200);
        let grown = (0..count).fold(Decimal::ONE, |product, _| product * (Decimal::ONE + i));
        let exact = Decimal::from(owed) * i * grown / (grown - Decimal::ONE);
        let margin = Decimal::new(1, 9);
        prop_assert!(decimal(payment) <= exact + margin, "{payment} {exact}");
        prop_assert!(decimal(payment) + Decimal::ONE > exact - margin, "{payment} {exact}");
    }

    /// J-20 to J-26, J-25 with them: whatever the base rate does, the loan is settled by the original final date, in the right order.
    #[test]
    fn a_variable_loan_is_settled_on_its_final_date((loan, base) in variable()) {
        let terms = &book().terms.servicing.review;
        let known_to = *base.changes.keys().last().unwrap();
        let found = loan.course(&base, terms, known_to).unwrap();
        check_rows(&found.course.rows, loan.standing.balance_yen, &loan.standing.due_dates)?;
        prop_assert!(found.course.ends() <= loan.standing.due_dates.last().copied());
        let mut amount = loan.standing.payment_yen;
        for review in &found.course.payment_reviews {
            // J-23: never lower, never above 1.25 of the old amount, and never above what is needed.
            prop_assert_eq!(review.old_yen, amount);
            prop_assert!(review.new_yen >= review.old_yen);
            prop_assert!(decimal(review.new_yen) * Decimal::from(100) <= decimal(review.old_yen) * Decimal::from(125));
            prop_assert!(review.new_yen <= review.computed_yen.max(review.old_yen));
            prop_assert_eq!(review.due.month(), 2);
            amount = review.new_yen;
        }
        // No repayment but the last one differs from the amount in force.
        let last = found.course.rows.len() - 1;
        let mut amount = loan.standing.payment_yen;
        for row in &found.course.rows[..last] {
            let reviewed = found.course.payment_reviews.iter().find(|review| review.due == row.due);
            amount = reviewed.map_or(amount, |review| review.new_yen);
            prop_assert_eq!(row.payment, amount);
        }
    }

    /// A course that is interrupted anywhere goes on as it would have.
    #[test]
    fn a_standing_carries_everything((loan, base) in variable(), at in 0_usize..480) {
        let terms = &book().terms.servicing.review;
        let known_to = *base.changes.keys().last().unwrap();
        let whole = loan.course(&base, terms, known_to).unwrap().course;
        let at = at % whole.rows.len();
        let standing = loan.standing.after(&whole, at);
        let rest = VariableLoan { standing, ..loan.clone() }.course(&base, terms, known_to).unwrap().course;
        prop_assert_eq!(&rest.rows, &whole.rows[at..]);
    }

    /// J-42: a prepayment never makes the loan longer, neither part; the bonus part never ends after the monthly part.
    #[test]
    fn a_prepayment_never_lengthens(
        plan in any_plan(),
        share in 1_i64..=50,
        after in 0_usize..300,
        days in 0_u64..28,
        amount in 1_i64..100_000_000,
        evenly in any::<bool>(),
        later in prop::option::of((30_u64..4_000, 0_i64..9_000)),
    ) {
        let bonus_part = Yen(plan.principal.0 * share / 100);
        let bonus_dates: Vec<NaiveDate> =
            plan.due_dates.iter().copied().filter(|due| matches!(due.month(), 1 | 7)).collect();
        prop_assume!(bonus_part > Yen::ZERO && !bonus_dates.is_empty());
        let monthly = PartPlan { principal: plan.principal - bonus_part, ..plan.clone() };
        let bonus = PartPlan {
            principal: bonus_part, months_per_period: 6, due_dates: bonus_dates, ..plan.clone()
        };
        let steps = later.map(|(days, thousandths)| RateStep {
            from: plan.disbursed + Days::new(days), rate: Rate::from_thousandths(thousandths),
        });
        let rates = RatePath { first: plan.rate, steps: steps.into_iter().collect() };
        let part = |plan: &PartPlan| {
            let standing = Standing::at_disbursement(plan);
            let course = standing.course(&rates, &[], 125);
            (standing, course)
        };
        let (monthly, monthly_course) = part(&monthly);
        let (bonus, bonus_course) = part(&bonus);
        let after = after % monthly_course.rows.len();
        let monthly = monthly.after(&monthly_course, after);
        let passed = bonus_course.rows.iter().filter(|row| row.due <= monthly.settled_on).count();
        let bonus = bonus.after(&bonus_course, passed);
        prop_assume!(bonus.balance_yen > Yen::ZERO);
        let on = monthly.settled_on + Days::new(days);
        let loan = LoanStanding { monthly, bonus: Some(bonus) };
        let order = if evenly { BonusOrder::Evenly } else { BonusOrder::BonusFirst };
        let paid = PartialPrepayment { on, amount_yen: Yen(amount), order };
        let Ok(found) = loan.prepay(&paid, &rates) else { return Ok(()) };
        let original = loan.monthly.due_dates.last().copied().unwrap();
        prop_assert!(found.ends_on <= found.ended_on && found.ended_on <= original);
        let taken = found.monthly.total() + found.bonus.map_or(Yen::ZERO, |bonus| bonus.total());
        prop_assert_eq!(taken, Yen(amount));
        prop_assert_eq!(found.after.monthly.payment_yen, loan.monthly.payment_yen);
        for (part, before) in [(Some(&found.after.monthly), Some(&loan.monthly)), (found.after.bonus.as_ref(), loan.bonus.as_ref())] {
            let (Some(part), Some(before)) = (part, before) else { continue };
            let course = part.course(&rates, &[], 125);
            prop_assert!(course.ends() <= before.course(&rates, &[], 125).ends());
            prop_assert!(part.balance_yen == Yen::ZERO || course.rows.last().unwrap().balance == Yen::ZERO);
            prop_assert!(part.unpaid_interest_yen == Yen::ZERO || part.balance_yen == before.balance_yen);
        }
        let ends = |part: &Standing| part.course(&rates, &[], 125).ends();
        if let (Some(bonus), Some(before)) = (&found.after.bonus, &loan.bonus)
            && ends(before) <= ends(&loan.monthly)
            && found.after.monthly.balance_yen > Yen::ZERO
        {
            prop_assert!(ends(bonus) <= ends(&found.after.monthly));
        }
    }

    /// F-14: always less than the linear share of what was paid.
    #[test]
    fn a_refund_is_less_than_the_linear_share(paid in 1_i64..10_000_000, months in 1_u16..=480, years in 0_u32..=41) {
        let terms = &book().terms.servicing.fee_refund;
        let left = i64::from(months) - 12 * i64::from(years);
        let refund = refund_by_model(terms, Yen(paid), months, years);
        let share = Decimal::from(paid) * Decimal::from(left.max(0)) / Decimal::from(months);
        prop_assert!(decimal(refund) < share || (refund == Yen::ZERO && left <= 0), "{refund} {share}");
        prop_assert!(refund == Yen::ZERO || (refund >= Yen(1_000) && refund.0 % 100 == 0));
        let unexpired = unexpired_share(terms, months, years);
        prop_assert!(unexpired >= Decimal::ZERO && unexpired <= Decimal::ONE);
        prop_assert!(unexpired_share(terms, months, years + 1) <= unexpired);
        for cell in terms.published.iter().filter(|cell| cell.elapsed_years < cell.term_years) {
            let left = Decimal::from(cell.term_years - cell.elapsed_years) / Decimal::from(cell.term_years);
            prop_assert!(decimal(refund_at(terms, Yen(paid), cell.percent)) < Decimal::from(paid) * left);
        }
    }

    /// J-47: after the return the total stays within the cap, and nothing is returned that need not be.
    #[test]
    fn the_return_keeps_the_total_within_the_cap(
        principal in 1_i64..100_000_000, days in 0_u64..800, interest in 0_i64..2_000_000,
        fees in prop::array::uniform4(0_i64..1_000_000),
    ) {
        let date = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
        let paid = PaidOff {
            principal_yen: Yen(principal),
            contracted_on: date,
            disbursed_on: date,
            paid_off_on: date + Days::new(days),
            interest_yen: Yen(interest),
            loan_fee_yen: Yen(fees[0]),
            handling_fee_yen: Yen(fees[1]),
            prepayment_fee_yen: Yen(fees[2]),
            guarantee_fee_kept_yen: Yen(fees[3]),
        };
        let found = cap_test(&book().terms.servicing.interest_cap, &paid).unwrap();
        prop_assert_eq!(found.total_yen.0, interest + fees.iter().sum::<i64>());
        prop_assert!(found.total_yen - found.must_return_yen <= found.limit_yen);
        let tight = found.total_yen - found.must_return_yen == found.limit_yen;
        prop_assert!(found.must_return_yen == Yen::ZERO || tight);
        let limit = Decimal::from(principal) * found.cap.0 * Decimal::from(days);
        prop_assert!(decimal(found.limit_yen) * Decimal::from(36_500) <= limit);
    }
}
