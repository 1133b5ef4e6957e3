//! Prepayment in part or in full: when, how much at least, where the money goes, what it costs (J-40 to J-44).

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Timelike};
use serde::{Deserialize, Serialize};

use super::course::{RatePath, Standing};
use crate::calendar::{months_after, tokyo_date};
use crate::form::{Problem, RateType};
use crate::money::Yen;
use crate::product::Book;
use crate::product::terms::Terms;
use crate::rule::Rule;

/// Both parts of a loan between two repayments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanStanding {
    pub monthly: Standing,
    /// `None` without a bonus part and when it is repaid.
    pub bonus: Option<Standing>,
}

/// Where the money of a partial prepayment goes first (J-42).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BonusOrder {
    /// 加算月分優先: the bonus part until it is repaid, then the monthly part.
    BonusFirst,
    /// 均等: both parts in proportion to their balances, and to the bonus part so much more that it does not end later.
    Evenly,
}

/// Money paid ahead of time.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialPrepayment {
    pub on: NaiveDate,
    /// All that the customer pays, the interest to be settled included.
    pub amount_yen: Yen,
    /// Without meaning where there is no bonus part.
    pub order: BonusOrder,
}

/// What became of the money in one part: unpaid interest first, then the interest up to the day, then principal (J-06, J-41).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    pub unpaid_interest_yen: Yen,
    pub settlement_interest_yen: Yen,
    pub principal_yen: Yen,
}

impl Allocation {
    /// Everything together.
    pub fn total(&self) -> Yen {
        self.unpaid_interest_yen + self.settlement_interest_yen + self.principal_yen
    }
}

/// A partial prepayment that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepaid {
    pub monthly: Allocation,
    /// `None` where there is no bonus part.
    pub bonus: Option<Allocation>,
    /// Amounts are unchanged (J-42).
    pub after: LoanStanding,
    /// The last repayment at the rates known, before and after: never later than before, never after the original final date.
    pub ended_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// What pays a loan off on a day, fees aside.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payoff {
    pub monthly: Allocation,
    pub bonus: Option<Allocation>,
    pub total_yen: Yen,
}

/// A prepayment as far as its fee asks (J-44).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepaymentCase {
    pub contracted_on: NaiveDate,
    pub prepaid_on: NaiveDate,
    /// The type on the day: a loan that is VARIABLE after its special term pays as VARIABLE.
    pub rate_type: RateType,
    pub extent: Extent,
    /// Another lender pays the loan off.
    pub refinanced: bool,
    /// Why the branch takes no fee.
    pub waived_because: Option<String>,
}

/// The papers of a prepayment, by the day on which each was signed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrepaymentPapers {
    /// PREPAYMENT_EXPLANATION (融資金の繰上返済に伴う説明書).
    pub explained_on: Option<NaiveDate>,
    /// PREPAYMENT_SLIP with the order to debit the account (繰上返済受付票).
    pub slip_on: Option<NaiveDate>,
}

impl PrepaymentPapers {
    /// J-43: both papers are there on the day. Errors: each paper that is missing or dated after the prepayment.
    pub fn check(&self, prepaid_on: NaiveDate) -> Result<(), Vec<Problem>> {
        let papers = [("papers.explained_on", self.explained_on), ("papers.slip_on", self.slip_on)];
        let problems: Vec<Problem> = papers
            .into_iter()
            .filter(|(_, signed)| signed.is_none_or(|day| day > prepaid_on))
            .map(|(field, _)| Rule::refusal("J-43", field, format!("a day up to {prepaid_on}")))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Whether a prepayment ends the loan.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Extent {
    Full,
    Partial,
}

/// J-40: whether a prepayment can be taken at an instant, at this branch. Errors: the branch is closed, or the hour.
pub fn check_hours<Tz: TimeZone>(
    book: &Book,
    branch_code: &str,
    at: DateTime<Tz>,
) -> Result<(), Vec<Problem>> {
    let terms = &book.terms.servicing.prepayment;
    let local = at.naive_utc().checked_add_signed(TimeDelta::hours(9)).unwrap_or(at.naive_utc());
    let hours = u32::from(terms.opens_hour) * 3600..=u32::from(terms.closes_hour) * 3600;
    let accepted = || {
        format!("a business day of the branch, {}:00 to {}:00 (Tokyo)", terms.opens_hour, terms.closes_hour)
    };
    let open = book.is_business_day(tokyo_date(at), branch_code)
        && hours.contains(&local.time().num_seconds_from_midnight());
    if open { Ok(()) } else { Err(vec![Rule::refusal("J-40", "at", accepted())]) }
}

impl LoanStanding {
    fn parts(&self) -> impl Iterator<Item = &Standing> {
        std::iter::once(&self.monthly).chain(self.bonus.as_ref())
    }

    /// The last repayment at these rates, the amounts as they are.
    pub fn ends(&self, rates: &RatePath) -> NaiveDate {
        let ends = self.parts().filter_map(|part| part.course(rates, &[], 100).ends()).max();
        ends.unwrap_or(self.monthly.settled_on)
    }

    /// What pays the loan off on a day (J-41). Errors: the day lies before what is already settled, or a repayment is due first.
    pub fn payoff(&self, on: NaiveDate, rates: &RatePath) -> Result<Payoff, Vec<Problem>> {
        let problems = self.day_problems(on);
        if !problems.is_empty() {
            return Err(problems);
        }
        let all = |part: &Standing| Allocation {
            unpaid_interest_yen: part.unpaid_interest_yen,
            settlement_interest_yen: part.settlement_interest(on, rates),
            principal_yen: part.balance_yen,
        };
        let (monthly, bonus) = (all(&self.monthly), self.bonus.as_ref().map(all));
        let total_yen = monthly.total() + bonus.map_or(Yen::ZERO, |bonus| bonus.total());
        Ok(Payoff { monthly, bonus, total_yen })
    }

    fn day_problems(&self, on: NaiveDate) -> Vec<Problem> {
        let from = self.parts().map(|part| part.settled_on).max().unwrap_or(on);
        let before = self.parts().filter_map(|part| part.due_dates.first().copied()).min();
        if from <= on && before.is_none_or(|due| on < due) {
            return Vec::new();
        }
        let next = before.map(|due| format!(", before the repayment of {due}")).unwrap_or_default();
        vec![Rule::refusal("J-41", "on", format!("from {from} on{next}"))]
    }

    /// Takes a partial prepayment (J-41, J-42). `rates` are those known on the day. Errors: a day that does not fit, an amount
    /// that does not exceed the interest to be settled, an amount that pays the loan off.
    pub fn prepay(&self, paid: &PartialPrepayment, rates: &RatePath) -> Result<Prepaid, Vec<Problem>> {
        let payoff = self.payoff(paid.on, rates)?;
        let most = payoff.total_yen - Yen(1);
        let interest = |all: &Allocation| all.unpaid_interest_yen + all.settlement_interest_yen;
        let refused = |accepted: String| vec![Rule::refusal("J-41", "amount_yen", accepted)];
        if paid.amount_yen > most {
            return Err(refused(format!("at most {} yen; more pays the loan off", most.0)));
        }
        let (to_monthly, to_bonus) = match (&payoff.bonus, paid.order) {
            (None, _) => (paid.amount_yen, None),
            (Some(bonus), BonusOrder::BonusFirst) if paid.amount_yen <= bonus.total() => {
                (Yen::ZERO, Some(paid.amount_yen))
            }
            (Some(bonus), BonusOrder::BonusFirst) => (paid.amount_yen - bonus.total(), Some(bonus.total())),
            (Some(bonus), BonusOrder::Evenly) => {
                let principal = paid.amount_yen - interest(bonus) - interest(&payoff.monthly);
                if principal <= Yen::ZERO {
                    let least = paid.amount_yen - principal + Yen(1);
                    return Err(refused(format!("{} to {} yen", least.0, most.0)));
                }
                let of_bonus = self.even_share(principal, bonus, &payoff.monthly, paid.on, rates);
                (principal - of_bonus + interest(&payoff.monthly), Some(of_bonus + interest(bonus)))
            }
        };
        // Money that reaches a part has to exceed the interest that is settled with it.
        let enough = |money: Yen, all: &Allocation| money == Yen::ZERO || money > interest(all);
        let bonus_enough = match (to_bonus, &payoff.bonus, paid.order) {
            (Some(money), Some(all), BonusOrder::BonusFirst) => money > interest(all),
            _ => true,
        };
        if !bonus_enough || !enough(to_monthly, &payoff.monthly) || paid.amount_yen <= Yen::ZERO {
            let first = match (&payoff.bonus, paid.order) {
                (Some(bonus), BonusOrder::BonusFirst) => {
                    let from = interest(bonus) + Yen(1);
                    let beyond = bonus.total() + interest(&payoff.monthly) + Yen(1);
                    format!("{} to {} yen, or {} to {} yen", from.0, bonus.total().0, beyond.0, most.0)
                }
                _ => format!("{} to {} yen", (interest(&payoff.monthly) + Yen(1)).0, most.0),
            };
            return Err(refused(first));
        }
        let (monthly, monthly_after) = applied(&self.monthly, to_monthly, &payoff.monthly, paid.on);
        let of_bonus = self.bonus.as_ref().zip(payoff.bonus.as_ref()).zip(to_bonus);
        let of_bonus = of_bonus.map(|((part, all), money)| applied(part, money, all, paid.on));
        let bonus_after = of_bonus.as_ref().map(|(_, after)| after.clone());
        let after = LoanStanding {
            monthly: monthly_after,
            bonus: bonus_after.filter(|part| part.balance_yen > Yen::ZERO),
        };
        let (ended_on, ends_on) = (self.ends(rates), after.ends(rates));
        Ok(Prepaid { monthly, bonus: of_bonus.map(|(taken, _)| taken), after, ended_on, ends_on })
    }

    /// The bonus part's share of a principal that is prepaid evenly: in proportion to the balances, and so much more that the
    /// bonus part does not end later than the monthly part (J-42).
    fn even_share(
        &self,
        principal: Yen,
        bonus: &Allocation,
        monthly: &Allocation,
        on: NaiveDate,
        rates: &RatePath,
    ) -> Yen {
        let Some(part) = &self.bonus else { return Yen::ZERO };
        let both = i128::from(bonus.principal_yen.0) + i128::from(monthly.principal_yen.0);
        let share = i128::from(principal.0) * i128::from(bonus.principal_yen.0) / both.max(1);
        let in_proportion = Yen(i64::try_from(share).unwrap_or(0));
        let ends = |part: &Standing, all: &Allocation, principal: Yen| {
            let money = all.unpaid_interest_yen + all.settlement_interest_yen + principal;
            applied(part, money, all, on).1.course(rates, &[], 100).ends()
        };
        let fits =
            |of_bonus: Yen| ends(part, bonus, of_bonus) <= ends(&self.monthly, monthly, principal - of_bonus);
        let most = principal.min(bonus.principal_yen);
        // More for the bonus part ends it earlier and the monthly part later, so the least share that fits is found by halving.
        let (mut low, mut high) = (in_proportion, most);
        while low < high {
            let middle = Yen(low.0 + (high.0 - low.0) / 2);
            if fits(middle) { high = middle } else { low = middle + Yen(1) }
        }
        low
    }
}

/// Money applied to one part; nought leaves it untouched.
fn applied(part: &Standing, money: Yen, all: &Allocation, on: NaiveDate) -> (Allocation, Standing) {
    if money == Yen::ZERO {
        return (Allocation::default(), part.clone());
    }
    let unpaid = money.min(all.unpaid_interest_yen);
    let settled = (money - unpaid).min(all.settlement_interest_yen);
    let principal = (money - unpaid - settled).min(all.principal_yen);
    let taken = Allocation {
        unpaid_interest_yen: unpaid,
        settlement_interest_yen: settled,
        principal_yen: principal,
    };
    let after = Standing {
        balance_yen: part.balance_yen - principal,
        unpaid_interest_yen: part.unpaid_interest_yen - unpaid,
        settled_on: on,
        ..part.clone()
    };
    (taken, after)
}

/// J-44: the fee of a prepayment, per account. Errors: a prepayment before the contract, a waiver without its reason.
pub fn prepayment_fee(terms: &Terms, case: &PrepaymentCase) -> Result<Yen, Vec<Problem>> {
    let of_book = &terms.servicing.prepayment;
    let mut problems = Vec::new();
    if case.prepaid_on < case.contracted_on {
        problems.push(Rule::refusal("J-44", "prepaid_on", format!("from {} on", case.contracted_on)));
    }
    if case.waived_because.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        problems.push(Rule::refusal("J-44", "waived_because", "the reason in words"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let within = |years: u8| case.prepaid_on <= months_after(case.contracted_on, 12 * u32::from(years));
    let fee = match case.extent {
        Extent::Partial => of_book.partial_fee_yen,
        Extent::Full if terms.special_term_years(case.rate_type).is_some() => {
            of_book.full_fee_in_special_term_yen
        }
        Extent::Full => {
            let step = of_book.full_fee.iter().find(|step| within(step.within_years));
            step.map_or(Yen::ZERO, |step| step.fee_yen)
        }
    };
    let fee = if case.waived_because.is_some() { Yen::ZERO } else { fee };
    let refinanced = case.refinanced && case.extent == Extent::Full;
    Ok(fee + if refinanced { of_book.refinance_fee_yen } else { Yen::ZERO })
}

/// J-44: the fee of a transaction statement certificate for so many months.
pub fn certificate_fee(terms: &Terms, months: u16) -> Yen {
    Yen(terms.servicing.prepayment.certificate_month_yen.0.saturating_mul(i64::from(months)))
}
