//! The decision of the guarantee institution (F-03): what it must say so that a case can rest on it. Reasons are no part of it.

use chrono::NaiveDate;

use crate::form::{Form, GuaranteeFeeMethod, Problem};
use crate::money::{Rate, Yen};
use crate::quote::LoanGuarantee;
use crate::rule::Rule;

/// What the institution answers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    Approved,
    /// Approved once these are met.
    Conditional(&'a [String]),
}

/// A decision in favour, as far as it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    pub answer: Answer<'a>,
    pub guarantee_number: &'a str,
    /// What the guarantee covers.
    pub amount: Yen,
    pub term_months: u32,
    /// The price of each loan (F-04).
    pub loans: Vec<LoanGuarantee>,
    /// `None`: the book's default validity.
    pub valid_until: Option<NaiveDate>,
}

/// What is wrong with a decision on this form that comes in on `today`, all at once: number, amount, term, validity, conditions
/// and loans (F-03), the monthly rate (F-05; for money ahead whatever the method), the lump-sum fee (F-06).
pub fn check(form: &Form, decision: &Decision<'_>, today: NaiveDate) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |rule, field: &str, accepted: String| {
        problems.push(Rule::refusal(rule, format!("decision.{field}"), accepted))
    };
    if decision.guarantee_number.trim().is_empty() {
        refuse("F-03", "guarantee_number", "保証番号 / the guarantee number".to_owned());
    }
    if decision.amount < form.requested_amount_yen {
        let least = form.requested_amount_yen;
        refuse("F-03", "amount_yen", format!("{least}円以上 / at least {least} yen"));
    }
    let term = form.loans.iter().map(|loan| u32::from(loan.term_months)).max().unwrap_or(0);
    if decision.term_months < term {
        refuse("F-03", "term_months", format!("{term}か月以上 / at least {term} months"));
    }
    if decision.valid_until.is_some_and(|day| day < today) {
        refuse("F-03", "valid_until", format!("{today}以降 / {today} or later"));
    }
    if let Answer::Conditional(conditions) = decision.answer
        && (conditions.is_empty() || conditions.iter().any(|text| text.trim().is_empty()))
    {
        refuse("F-03", "conditions", "条件を1件以上 / at least one condition in words".to_owned());
    }
    for loan in &form.loans {
        let priced: Vec<&LoanGuarantee> =
            decision.loans.iter().filter(|priced| priced.loan_no == loan.loan_no).collect();
        let field = |name: &str| format!("loans[L{}]{name}", loan.loan_no);
        let [priced] = priced[..] else {
            refuse("F-03", &field(""), "借入ごとに1件 / one entry for the loan".to_owned());
            continue;
        };
        let rate = priced.monthly_rate.is_some_and(|rate| rate >= Rate::ZERO);
        let fee = priced.lump_sum_fee.is_some_and(|fee| fee >= Yen::ZERO);
        match loan.guarantee_fee_method {
            GuaranteeFeeMethod::MonthlyInRate => {
                let sum = priced.lump_sum_fee.is_some_and(|fee| fee != Yen::ZERO);
                if !rate || sum {
                    let accepted =
                        "0%以上の月次保証料率だけ / a monthly rate from 0 percent, and no lump sum";
                    refuse("F-05", &field(".monthly_rate_percent"), accepted.to_owned());
                }
            }
            GuaranteeFeeMethod::LumpSum => {
                if !fee {
                    let accepted = "0円以上の一括保証料 / a lump sum from 0 yen";
                    refuse("F-06", &field(".lump_sum_fee_yen"), accepted.to_owned());
                }
                if form.money_ahead.is_some() && !rate {
                    let accepted =
                        "分割融資・つなぎローンの月次保証料率 / the monthly rate of the money ahead";
                    refuse("F-03", &field(".monthly_rate_percent"), accepted.to_owned());
                }
            }
        }
    }
    for unknown in decision.loans.iter().filter(|l| !form.loans.iter().any(|loan| loan.loan_no == l.loan_no))
    {
        let accepted = "申込にある借入 / a loan of the application".to_owned();
        refuse("F-03", &format!("loans[L{}]", unknown.loan_no), accepted);
    }
    problems
}
