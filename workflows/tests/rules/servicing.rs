//! The vectors of servicing: reviews, special terms, prepayment, damages, the statutory cap, the refund of the guarantee fee.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};
use workflows::form::{DiscountType, FeePlan, GuaranteeFeeMethod, RateType};
use workflows::guarantee::refund::{
    PaidOffGuarantee, RefundBasis, elapsed_years, published_percent, refund, refund_at, refund_by_model,
    refund_month, unexpired_share,
};
use workflows::product::origin::{AddOns, Granted, Origin, components_after};
use workflows::repayment::certificate::{CertificateFor, Mailing, certificate_mailing};
use workflows::repayment::damages::late_damages;
use workflows::repayment::interest_cap::{PaidOff, cap_test, interest_cap};
use workflows::repayment::prepayment::{Extent, PrepaymentCase, certificate_fee, prepayment_fee};
use workflows::repayment::review::{
    BaseRates, VariableCourse, VariableLoan, VariablePricing, effective_from, payment_reviews_after,
};
use workflows::repayment::special_term::{
    EndingTerm, Outcome, TermEnd, Wish, payment_after_term, special_term_end,
};
use workflows::repayment::{PartPlan, RoundingTerms, Row, Standing, due_dates, reviewed_payment};
use workflows::{Rate, Yen};

use crate::vectors::{book, cases, day, rate, report, text, vectors, yen};

fn count(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn days_later(date: NaiveDate, days: &Value) -> NaiveDate {
    date + chrono::Days::new(days.as_u64().unwrap())
}

/// `FIXED_10Y/INITIAL_PERIOD` or `VARIABLE 2022`: the type, and what stands behind it.
fn typed(text: &str) -> (RateType, Option<DiscountType>) {
    let (kind, behind) = text.split_once(['/', ' ']).unwrap_or((text, ""));
    (serde_json::from_value(json!(kind)).unwrap(), serde_json::from_value(json!(behind)).ok())
}

#[test]
fn variable_rates() {
    let (book, vectors) = (book(), vectors());
    let terms = &book.terms.servicing.review;
    let mut results = Vec::new();
    for case in cases(&vectors["variable_rate_simulations"]) {
        let (disbursed, first) = (day(&case["disbursed"]), day(&case["first_repayment"]));
        let repayment_day = u8::try_from(first.day()).unwrap();
        let months = 12 * u16::try_from(case["term_years"].as_u64().unwrap()).unwrap();
        let plan = PartPlan {
            principal: yen(&case["principal"]),
            rate: rate(&case["initial_rate"]),
            disbursed,
            repayment_day,
            months_per_period: 1,
            due_dates: due_dates(first, disbursed, months, repayment_day),
            rounding: RoundingTerms::default(),
        };
        let loan = VariableLoan {
            standing: Standing::at_disbursement(&plan),
            pricing: VariablePricing { moving: plan.rate, add_ons: Rate::ZERO, cap: None },
            rate_decided_on: disbursed,
            variable_since: disbursed,
        };
        let changes: BTreeMap<NaiveDate, Rate> = case["base_rate_changes"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(date, value)| (date.parse().unwrap(), rate(value)))
            .collect();
        let base = BaseRates { changes };
        results.push(base.on(disbursed) == Some(rate(&case["base_rate_at_disbursement"])));
        let known_to = *base.changes.keys().last().unwrap();
        let found = loan.course(&base, terms, known_to).unwrap();
        results.push(json!(plan.due_dates.len()) == case["scheduled_repayments"]);
        results.push(json!(found.course.rows.len()) == case["actual_repayments"]);
        let events = case["events"].as_array().unwrap();
        let (rates, payments): (Vec<&Value>, Vec<&Value>) =
            events.iter().partition(|event| event["type"] == "RATE");
        let moved: Vec<_> = found.rate_reviews.iter().filter(|review| review.change != Rate::ZERO).collect();
        results.push(moved.len() == rates.len());
        results.extend(moved.iter().zip(rates).map(|(review, expected)| {
            review.base_date == day(&expected["base_date"])
                && review.change == rate(&expected["change"])
                && review.effective_from == day(&expected["effective_from"])
                && review.rate == rate(&expected["new_rate"])
        }));
        results.push(found.course.payment_reviews.len() == payments.len());
        results.extend(found.course.payment_reviews.iter().zip(payments).map(|(review, expected)| {
            review.due.format("%Y-%m").to_string() == text(&expected["repayment_month"])
                && review.balance_yen == yen(&expected["balance"])
                && review.unpaid_interest_yen == yen(&expected["unpaid_interest"])
                && review.remaining == count(&expected["remaining"])
                && review.rate == rate(&expected["rate"])
                && review.computed_yen == yen(&expected["computed"])
                && review.old_yen == yen(&expected["old"])
                && review.cap_yen == yen(&expected["cap_125"])
                && review.new_yen == yen(&expected["new"])
        }));
        results.extend(case["rows"].as_array().unwrap().iter().map(|row| is_row(&found, row)));
    }
    report("variable_rate_simulations", results);
}

/// The row with its interest split as the vectors do: what was accrued, and which of it was paid.
fn is_row(found: &VariableCourse, expected: &Value) -> bool {
    let number = usize::try_from(expected["no"].as_u64().unwrap()).unwrap();
    let rows = &found.course.rows;
    let Row { due, payment, interest, principal, balance, unpaid_interest } = rows[number - 1];
    let before = number.checked_sub(2).map_or(Yen::ZERO, |at| rows[at].unpaid_interest);
    let unpaid_paid = interest.min(before);
    due == day(&expected["due"])
        && payment == yen(&expected["payment"])
        && unpaid_paid == yen(&expected["unpaid_interest_paid"])
        && interest - unpaid_paid == yen(&expected["interest_paid"])
        && interest + unpaid_interest - before == yen(&expected["interest_accrued"])
        && principal == yen(&expected["principal"])
        && unpaid_interest == yen(&expected["unpaid_interest"])
        && balance == yen(&expected["balance"])
}

#[test]
fn amounts_after_reviews_and_terms() {
    let (book, vectors) = (book(), vectors());
    let percent = u32::from(book.terms.servicing.review.payment_cap_percent);
    let capped = cases(&vectors["payment_cap_cases"]).iter().map(|case| {
        reviewed_payment(yen(&case["old"]), yen(&case["computed"]), percent)
            == (yen(&case["cap"]), yen(&case["new"]))
    });
    report("payment_cap_cases", capped);
    let ends = cases(&vectors["special_term_end_payment_cases"])
        .iter()
        .map(|case| payment_after_term(yen(&case["current"]), yen(&case["computed"])) == yen(&case["new"]));
    report("special_term_end_payment_cases", ends);
}

#[test]
fn review_days() {
    let (book, vectors) = (book(), vectors());
    let examples = &vectors["date_examples"];
    let terms = &book.terms.servicing.review;
    let reviews = cases(&examples["variable_review"]).iter().map(|case| {
        let base_date = day(&case["base_date"]);
        let repayment_day = u8::try_from(case["repayment_day"].as_u64().unwrap()).unwrap();
        let (now, previous) = (rate(&case["base_rate_now"]), rate(&case["base_rate_previous"]));
        let start = base_date - chrono::Days::new(40);
        let plan = PartPlan {
            principal: Yen(10_000_000),
            rate: Rate::from_thousandths(1_000),
            disbursed: start,
            repayment_day,
            months_per_period: 1,
            due_dates: due_dates(base_date.with_day(20).unwrap(), start, 120, repayment_day),
            rounding: RoundingTerms::default(),
        };
        let loan = VariableLoan {
            standing: Standing::at_disbursement(&plan),
            pricing: VariablePricing { moving: plan.rate, add_ons: Rate::ZERO, cap: None },
            rate_decided_on: start,
            variable_since: start,
        };
        let base = BaseRates { changes: [(start, previous), (base_date, now)].into() };
        let found = loan.rate_reviews(&base, terms, base_date).unwrap();
        let [review] = found.as_slice() else { return false };
        review.change == rate(&case["change"])
            && review.effective_from == day(&case["effective_from"])
            && effective_from(base_date, repayment_day) == review.effective_from
            && review.rate == plan.rate + review.change
    });
    report("date_examples.variable_review", reviews);
    let amounts = cases(&examples["five_year_payment_review"]).iter().flat_map(|case| {
        let found = payment_reviews_after(day(&case["start"]), terms);
        found.zip(case["reviews"].as_array().unwrap()).map(|((october, from), expected)| {
            october == day(&expected["fifth_october_1"])
                && from.format("%Y-%m").to_string() == text(&expected["effective_repayment_month"])
        })
    });
    report("date_examples.five_year_payment_review", amounts);
}

#[test]
fn ends_of_special_terms() {
    let (book, vectors) = (book(), vectors());
    let terms = &book.terms;
    let examples = &vectors["date_examples"];
    let ends = cases(&examples["special_term_end"]).iter().map(|case| {
        let first = day(&case["first_repayment"]);
        let years = u8::try_from(case["years"].as_u64().unwrap()).unwrap();
        let end = special_term_end(first, years, u8::try_from(first.day()).unwrap());
        let days = TermEnd::on(end, &terms.servicing.special_term);
        days.ends_on == day(&case["special_term_end"])
            && days.new_rate_from == day(&case["rate_change_date"])
            && days.opt_out_until == day(&case["opt_out_deadline"])
            && days.rate_decided_on == day(&case["new_rate_decision_date"])
    });
    report("date_examples.special_term_end (all days)", ends);
    let renewals = cases(&examples["auto_renewal"]).iter().map(|case| {
        let (rate_type, _) = typed(text(&case["type"]));
        let ends_on = day(&case["special_term_end"]);
        let last = day(&case["final_repayment"]);
        let ending = EndingTerm {
            rate_type,
            discount_type: Some(DiscountType::InitialPeriod),
            fee_plan: FeePlan::FlatFee,
            ends_on,
            repayment_day: u8::try_from(ends_on.day()).unwrap(),
            original_final_date: last,
            expected_final_date: last,
        };
        let wish = (case["opt_out"] == true).then(|| Wish {
            received_on: day(&case["opt_out_received"]),
            rate_type: RateType::Fixed5Y,
            discount_type: None,
            fee_plan: None,
        });
        let found = ending.continuation(wish.as_ref(), terms).unwrap();
        match text(&case["result"]) {
            "CUSTOMER_CHOICE_OR_VARIABLE" => {
                (found.outcome, found.rate_type) == (Outcome::Chosen, RateType::Fixed5Y)
            }
            "VARIABLE (never auto-renews)" => {
                (found.outcome, found.rate_type) == (Outcome::NothingChosen, RateType::Variable)
            }
            result => found.rate_type.code() == result && found.ends_on.is_some() == (result != "VARIABLE"),
        }
    });
    report("date_examples.auto_renewal", renewals);
    let origin = Origin {
        fee_plan: FeePlan::FlatFee,
        rate_type: RateType::Fixed3Y,
        discount_type: Some(DiscountType::WholePeriod),
        limited_time: Rate::ZERO,
        mix_bonus: Rate::ZERO,
        granted: Granted::Yes,
    };
    let rates = cases(&examples["special_term_end_rate"]).iter().map(|case| {
        let periods = [RateType::Fixed3Y, typed(text(&case["choice"])).0];
        let posted = rate(&case["posted_rate"]);
        let found = components_after(terms, &origin, &periods, posted, AddOns::default());
        found.discount == rate(&case["discount"]) && found.applicable_rate() == rate(&case["rate"])
    });
    report("date_examples.special_term_end_rate", rates);
}

/// The discount stays that of the fee plan with which the loan began, whatever follows (C-30).
#[test]
fn rates_after_origination() {
    let (book, vectors) = (book(), vectors());
    let terms = &book.terms;
    let results = cases(&vectors["post_origination_rate_cases"]).iter().map(|case| {
        let (rate_type, discount_type) = typed(text(&case["started_as"]));
        let campaign = case["campaign"] == true;
        let history = case["history"].as_array().unwrap().iter();
        let periods: Vec<RateType> = history.map(|period| typed(text(period)).0).collect();
        let bonus = case["mix_bonus"] == true || text(&case["name"]).contains("mix bonus");
        let origin = Origin {
            fee_plan: serde_json::from_value(case["fee"].clone()).unwrap(),
            rate_type,
            discount_type,
            limited_time: if campaign { terms.campaigns[0].points } else { Rate::ZERO },
            mix_bonus: if bonus { terms.mix.bonus } else { Rate::ZERO },
            granted: Granted::Yes,
        };
        let add_ons = AddOns {
            screening: rate(&case["screen"]),
            insurance: rate(&case["ins"]),
            guarantee: rate(&case["gua"]),
        };
        let found = components_after(terms, &origin, &periods, rate(&case["posted"]), add_ons);
        found.discount + found.limited_time_discount + found.mix_bonus == rate(&case["discount"])
            && found.applicable_rate() == rate(&case["applicable_rate"])
    });
    report("post_origination_rate_cases", results);
    // The table of the specification, cell by cell.
    let mut cells = Vec::new();
    for (plan, by_origin) in vectors["rate_discounts"]["post_origination_by_origin"].as_object().unwrap() {
        let Ok(fee_plan) = serde_json::from_value::<FeePlan>(json!(plan)) else { continue };
        for (began, values) in by_origin.as_object().unwrap() {
            for (when, expected) in values.as_object().unwrap() {
                let (rate_type, discount_type) = typed(&began.replace("SPECIAL", "FIXED_10Y"));
                let campaign = when.ends_with("_with_campaign");
                let origin = Origin {
                    fee_plan,
                    rate_type,
                    discount_type,
                    limited_time: if campaign { terms.campaigns[0].points } else { Rate::ZERO },
                    mix_bonus: Rate::ZERO,
                    granted: Granted::Yes,
                };
                let later = [rate_type, RateType::Fixed3Y, RateType::Variable];
                let periods = match when.trim_end_matches("_with_campaign") {
                    "never_switched" => vec![&later[..1]],
                    "after_first_switch" | "after_first_term" => vec![&later[..2], &later[..3]],
                    _ => vec![&later[..1], &later[..2], &later[..3]],
                };
                cells.extend(periods.into_iter().map(|periods| {
                    let found = components_after(terms, &origin, periods, Rate::ZERO, AddOns::default());
                    found.discount + found.limited_time_discount == rate(expected)
                }));
            }
        }
    }
    report("rate_discounts.post_origination_by_origin", cells);
}

/// J-44.
#[test]
fn prepayment_fees() {
    let (book, vectors) = (book(), vectors());
    let fees = &vectors["fees"];
    let cases = fees["prepayment_cases"].as_array().unwrap().iter().map(|case| {
        let asked = |extent| PrepaymentCase {
            contracted_on: day(&case["contract"]),
            prepaid_on: day(&case["prepaid"]),
            rate_type: typed(text(&case["product"])).0,
            extent,
            refinanced: case["refinance_to_other_lender"] == true,
            waived_because: None,
        };
        prepayment_fee(&book.terms, &asked(Extent::Full)) == Ok(yen(&case["fee"]))
            && prepayment_fee(&book.terms, &asked(Extent::Partial))
                == Ok(yen(&fees["servicing"]["partial_prepayment"]))
    });
    report("fees (prepayment)", cases);
    let listed = &fees["servicing"];
    let of_book = &book.terms.servicing;
    report(
        "fees (servicing)",
        [
            of_book.prepayment.full_fee_in_special_term_yen
                == yen(&listed["full_prepayment_special_term_products"]),
            of_book.prepayment.refinance_fee_yen == yen(&listed["refinance_to_other_lender"]),
            of_book.special_term.switch_fee_yen == yen(&listed["special_term_switch_from_variable"]),
            book.terms.stamp_duty.special_term_agreement_yen == yen(&listed["special_term_agreement_stamp"]),
            certificate_fee(&book.terms, 3).0
                == 3 * yen(&listed["transaction_statement_certificate_per_month_covered"]).0,
        ],
    );
}

#[test]
fn damages_and_the_statutory_cap() {
    let (book, vectors) = (book(), vectors());
    let debit = day(&json!("2026-07-27"));
    let damages = cases(&vectors["late_damages"]).iter().map(|case| {
        let paid_on = days_later(debit, &case["days"]);
        let terms = &book.terms.servicing.damages;
        let found = late_damages(terms, yen(&case["overdue_principal"]), debit, paid_on).unwrap();
        json!(found.days) == case["days"] && found.damages_yen == yen(&case["damages"])
    });
    report("late_damages", damages);
    let key = &vectors["interest_cap_on_early_full_prepayment"];
    let terms = &book.terms.servicing.interest_cap;
    let returned = cases(key).iter().map(|case| {
        let paid = PaidOff {
            principal_yen: yen(&case["principal"]),
            contracted_on: debit,
            disbursed_on: debit,
            paid_off_on: days_later(debit, &case["days"]),
            interest_yen: yen(&case["interest"]),
            loan_fee_yen: yen(&case["loan_fee"]),
            handling_fee_yen: yen(&case["handling_fee"]),
            prepayment_fee_yen: yen(&case["prepayment_fee"]),
            guarantee_fee_kept_yen: yen(&case["guarantee_fee_kept"]),
        };
        let found = cap_test(terms, &paid).unwrap();
        found.total_yen == yen(&case["total"])
            && found.cap == rate(&case["statutory_cap_percent"])
            && found.limit_yen == yen(&case["limit"])
            && found.must_return_yen == yen(&case["must_return"])
    });
    let caps = key["caps"].as_array().unwrap().iter().map(|band| {
        let of = |principal: Yen| interest_cap(terms, principal) == rate(&band["percent"]);
        if band["principal_below"].is_null() {
            of(yen(&band["principal_from"]))
        } else {
            of(yen(&band["principal_below"]) - Yen(1))
        }
    });
    let boundaries = key["boundaries"].as_array().unwrap().iter();
    let boundaries =
        boundaries.map(|case| interest_cap(terms, yen(&case["principal"])) == rate(&case["percent"]));
    report("interest_cap_on_early_full_prepayment", returned.chain(caps).chain(boundaries));
}

#[test]
fn refunds_of_the_guarantee_fee() {
    let (book, vectors) = (book(), vectors());
    let terms = &book.terms.servicing.fee_refund;
    let key = &vectors["guarantee_fee_refund"];
    let term = |years: &Value| 12 * u16::try_from(years.as_u64().unwrap()).unwrap();
    let percent_of = |share: rust_decimal::Decimal| share * rust_decimal::Decimal::from(80);
    // The published table and the 30-year detail: what is printed is what the book says. The detail is printed finer.
    let cells = key["published_table"]["cells"].as_array().unwrap();
    let printed = cells.iter().map(|cell| {
        let found =
            published_percent(terms, term(&cell["term_years"]), count(&cell["elapsed_years"])).unwrap();
        json!(i64::try_from(found.0.floor()).unwrap()) == cell["published_percent"]
    });
    report("guarantee_fee_refund.published_table", printed);
    let model = cells.iter().map(|cell| {
        let share = unexpired_share(terms, term(&cell["term_years"]), count(&cell["elapsed_years"]));
        let percent = percent_of(share);
        let agrees = json!(i64::try_from(percent.floor()).unwrap()) == cell["published_percent"];
        percent.round_dp(3) == rate(&cell["model_percent"]).0 && json!(agrees) == cell["match"]
    });
    report("guarantee_fee_refund.model (19 cells agree, one does not)", model);
    let agreeing = cells.iter().filter(|cell| cell["match"] == true).count();
    assert_eq!((agreeing, cells.len()), (19, 20));
    let detail = key["published_detail_30y"]["refund_percent_after"].as_object().unwrap();
    let details = detail.iter().flat_map(|(years, expected)| {
        let years: u32 = years.parse().unwrap();
        let modelled = percent_of(unexpired_share(terms, 360, years)) * rust_decimal::Decimal::TEN;
        let printed = rate(expected);
        [
            published_percent(terms, 360, years) == Some(printed),
            modelled.floor() == printed.0 * rust_decimal::Decimal::TEN,
        ]
    });
    report("guarantee_fee_refund.published_detail_30y", details);
    let examples = cases(&key["examples"]).iter().map(|case| {
        let (disbursed, prepaid) = (day(&case["disbursed"]), day(&case["prepaid"]));
        let elapsed = elapsed_years(disbursed, prepaid);
        let (paid, months) = (yen(&case["paid"]), term(&case["term_years"]));
        let share = unexpired_share(terms, months, elapsed);
        let unrounded =
            rust_decimal::Decimal::from(paid.0) * percent_of(share) / rust_decimal::Decimal::ONE_HUNDRED;
        json!(elapsed) == case["elapsed_years"]
            && share.round_dp(6) == rate(&case["U"]).0
            && unrounded.round_dp(2) == rate(&case["unrounded"]).0
            && refund_by_model(terms, paid, months, elapsed) == yen(&case["refund"])
    });
    report("guarantee_fee_refund.examples", examples);
    let start = day(&json!("2026-04-30"));
    let after = |months: &Value| start + chrono::Months::new(count(months));
    let seeded = &key["examples"]["seed_case"];
    let rounding = cases(&key["elapsed_rounding"]).iter();
    let rounding = rounding.map(|case| {
        json!(elapsed_years(start, after(&case["elapsed_full_months"]))) == case["elapsed_years"]
    });
    let seeded = std::iter::once(
        json!(elapsed_years(start, after(&seeded["elapsed_months"]))) == seeded["elapsed_years"],
    );
    report("guarantee_fee_refund.elapsed_rounding", rounding.chain(seeded));
    let cuts = cases(&key["rounding_cases"]).iter().map(|case| {
        refund_at(terms, yen(&case["paid"]), rate(&case["refund_percent"])) == yen(&case["refund"])
    });
    report("guarantee_fee_refund.rounding_cases", cuts);
    let months = cases(&vectors["date_examples"]["guarantee_refund_month"]).iter().map(|case| {
        refund_month(terms, day(&case["prepaid"])).format("%Y-%m").to_string() == text(&case["refund_month"])
    });
    report("date_examples.guarantee_refund_month", months);
}

/// F-16, F-17: what the institution fixed is paid, then what is printed, and only then the model.
#[test]
fn what_is_printed_wins_over_the_model() {
    let book = book();
    let terms = &book.terms.servicing.fee_refund;
    let loan = PaidOffGuarantee {
        method: GuaranteeFeeMethod::LumpSum,
        paid_yen: Yen(600_000),
        term_months: 420,
        disbursed_on: day(&json!("2026-04-30")),
        prepaid_on: day(&json!("2027-04-30")),
    };
    let found = refund(terms, &loan, None).unwrap();
    let percent = Rate::parse("75").unwrap();
    assert_eq!((found.basis, found.refund_yen), (RefundBasis::Published { percent }, Yen(450_000)));
    let later = PaidOffGuarantee { prepaid_on: day(&json!("2027-05-01")), ..loan };
    assert_eq!(refund(terms, &later, None).unwrap().basis, RefundBasis::Model);
    let fixed = refund(terms, &loan, Some(Yen(457_300))).unwrap();
    assert_eq!((fixed.basis, fixed.refund_yen), (RefundBasis::Institution, Yen(457_300)));
}

/// P-12; each part of a mix is a loan with a certificate of its own (C-54).
#[test]
fn year_end_certificates() {
    let vectors = vectors();
    let key = &vectors["date_examples"]["year_end_balance_certificate"];
    let said = |mailing: Option<Mailing>| match mailing {
        Some(Mailing::Late { year, month: 1 }) => format!("late January {year}"),
        Some(Mailing::Late { year, .. }) => format!("late October {year}"),
        Some(Mailing::OnRequestOnly) => "on request only (not mailed in the first year)".to_owned(),
        None => String::new(),
    };
    let results = cases(key).iter().map(|case| {
        let purpose = match text(&case["purpose"]) {
            "ANY" => {
                // The second and all later years, whatever the purpose.
                return [CertificateFor::PurchaseOrNewBuildOrExtension, CertificateFor::Refinance]
                    .into_iter()
                    .all(|purpose| {
                        (2027..2060).all(|year| {
                            let sent = certificate_mailing(purpose, day(&json!("2026-11-30")), year);
                            sent == Some(Mailing::Late { year, month: 10 })
                        })
                    });
            }
            code => serde_json::from_value::<CertificateFor>(json!(code)).unwrap(),
        };
        let disbursed = day(&case["disbursed"]);
        let first = said(certificate_mailing(purpose, disbursed, disbursed.year()));
        let before = certificate_mailing(purpose, disbursed, disbursed.year() - 1);
        first == text(&case["first_certificate"]) && before.is_none()
    });
    report("date_examples.year_end_balance_certificate", results);
}
