//! A quote that explains itself: its lines add up to the rate, each names its rule, and unmet conditions say what they cost.

use crate::common;
use chrono::{Datelike, NaiveDate};
use serde_json::json;
use workflows::explained::{
    Because, Component, Condition, DecidedOn, Explained, Fee, Origin, Standing, explain,
};
use workflows::form::{DiscountType, FeePlan, RateType, SalaryTransferStatus};
use workflows::mix::Mix;
use workflows::repayment::simulation::Scenario;
use workflows::sample::Sample;
use workflows::{Decided, Form, Rate, Yen, quote};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn explained(form: &Form, date: NaiveDate) -> Explained {
    let books = common::books();
    let book = books.on(&form.institution.bank_code, form.received_date()).unwrap();
    let on = DecidedOn { screening: Some(day("2026-04-20")), guarantee: Some(day("2026-04-21")) };
    explain(form, book, &common::rates(), &Decided::stated_in(form), on, date).unwrap()
}

#[test]
fn the_lines_of_every_sample_add_up_to_the_rate_and_the_fees_to_their_total() {
    let (books, rates) = (common::books(), common::rates());
    let (mut loans, mut mixes) = (0, 0);
    for sample in common::samples() {
        let form = &sample.form;
        let date = form.requested_disbursement_date;
        let book = books.get(&form.institution.bank_code).unwrap();
        let priced = quote(form, book, &rates, &Decided::stated_in(form), date).unwrap();
        let told = explained(form, date);
        for (rate, loan) in told.rates.iter().zip(&priced.loans) {
            loans += 1;
            let sum = rate.lines.iter().fold(Rate::ZERO, |sum, line| sum + line.points);
            assert_eq!(sum, loan.rate.applicable_rate(), "{}", form.application_id);
            assert_eq!(rate.applicable, sum);
            assert!(rate.lines.iter().all(|line| !line.component.rules().is_empty()));
            assert!(rate.with_conditions <= rate.applicable);
            assert_eq!(
                rate.with_conditions == rate.applicable,
                rate.lines.iter().all(|line| line.lost == Rate::ZERO)
            );
            assert_eq!(rate.lines[0].origin, Origin::PostedRates);
            assert!(rate.lines[0].effective_from.is_some_and(|from| from <= date));
        }
        let fees: Yen = told.fees.iter().map(|line| line.amount_yen).sum();
        assert_eq!(fees, priced.fees.total_yen);
        let met = told.conditions.iter().all(|condition| condition.met);
        assert_eq!(met, priced.transaction_conditions.discount_applies);
        mixes += usize::from(told.mix.is_some());
    }
    println!("loans explained: {loans}; mixes: {mixes}");
    assert!(loans > 300 && mixes > 10, "{loans} loans, {mixes} mixes");
}

#[test]
fn unmet_conditions_cost_discount_campaign_and_bonus() {
    let mut form = Sample::Mix.form().unwrap();
    form.received_at = "2024-09-30T10:00:00+09:00".parse().unwrap();
    for loan in &mut form.loans {
        loan.fee_plan = FeePlan::PercentFee;
    }
    let date = form.requested_disbursement_date;
    let met = explained(&form, date);
    assert!(met.conditions.iter().all(|condition| condition.met), "{:?}", met.conditions);
    form.transaction_conditions.card_loan.contracted_on = date.succ_opt();
    let unmet = explained(&form, date);
    assert_eq!(unmet.conditions[1].standing, Standing::Later);
    assert_eq!(unmet.conditions[1].condition, Condition::CardLoan);
    for (one, other) in met.rates.iter().zip(&unmet.rates) {
        assert_eq!(other.with_conditions, one.applicable);
        let lost = other.lines.iter().fold(Rate::ZERO, |sum, line| sum + line.lost);
        assert_eq!(other.applicable - lost, one.applicable);
        let of = |component| other.lines.iter().find(|line| line.component == component).unwrap();
        for component in [Component::Discount, Component::LimitedTime] {
            assert_eq!((of(component).because, of(component).points), (Because::Unmet, Rate::ZERO));
        }
        assert_eq!(of(Component::LimitedTime).lost, rate("0.10"));
    }
}

#[test]
fn a_sum_below_nought_is_kept_and_floored() {
    let mut form = Sample::Purchase.form().unwrap();
    form.loans[0].rate_type = RateType::Variable;
    form.loans[0].discount_type = None;
    form.loans[0].fee_plan = FeePlan::FlatFee;
    let base = common::BASE.replacen("flat_fee = \"1.85\"", "flat_fee = \"4.85\"", 1);
    let books = workflows::Books::load(&base, "base.toml", common::PARAMETERS).unwrap();
    let book = books.get(&form.institution.bank_code).unwrap();
    let date = form.requested_disbursement_date;
    let told =
        explain(&form, book, &common::rates(), &Decided::default(), DecidedOn::default(), date).unwrap();
    let rate = &told.rates[0];
    let floor = rate.lines.last().unwrap();
    assert_eq!((floor.component, floor.because), (Component::Floor, Because::BelowZero));
    assert!(rate.sum < Rate::ZERO && rate.applicable == Rate::ZERO);
    assert_eq!(floor.points, Rate::ZERO - rate.sum);
    let plain = explained(&form, date);
    assert!(plain.rates[0].lines.iter().all(|line| line.component != Component::Floor));
}

#[test]
fn conditions_say_how_they_stand() {
    let mut form = Sample::Purchase.form().unwrap();
    let date = form.requested_disbursement_date;
    let standing =
        |form: &Form| explained(form, date).conditions.iter().map(|it| it.standing).collect::<Vec<_>>();
    form.transaction_conditions = serde_json::from_value(json!({
        "salary_transfer": { "status": "DESIGNATED", "as_of": date }, "card_loan": { "contracted_on": date },
        "saving": null,
    }))
    .unwrap();
    assert_eq!(standing(&form), [Standing::Designated, Standing::Contracted]);
    form.transaction_conditions.salary_transfer.as_of = date.succ_opt();
    assert_eq!(standing(&form)[0], Standing::Later);
    // C-42: a reservation made by the day suffices.
    form.transaction_conditions.salary_transfer.status = SalaryTransferStatus::Reserved;
    assert_eq!(standing(&form)[0], Standing::Later);
    form.transaction_conditions.salary_transfer.as_of = Some(date);
    assert_eq!(standing(&form)[0], Standing::Designated);
    // C-41: the saving has to be one of two products, of the bank, in time and large enough.
    let saving = |product: &str, amount: i64, bank: &str, on: NaiveDate| {
        let mut form = form.clone();
        form.transaction_conditions = serde_json::from_value(json!({
            "salary_transfer": { "status": "CANNOT_DESIGNATE", "as_of": null }, "card_loan": { "contracted_on": null },
            "saving": { "product": product, "bank_code": bank, "annual_amount_yen": amount, "contracted_on": on },
        }))
        .unwrap();
        standing(&form)[0]
    };
    let bank = form.institution.bank_code.as_str();
    for product in ["ZAIKEI_SAVING", "ACE_DEPOSIT"] {
        assert_eq!(saving(product, 120_000, bank, date), Standing::Saving);
        assert_eq!(saving(product, 119_999, bank, date), Standing::SavingUnfit);
        assert_eq!(saving(product, 120_000, "2978", date), Standing::SavingUnfit);
        assert_eq!(saving(product, 120_000, bank, date.succ_opt().unwrap()), Standing::SavingUnfit);
    }
    assert_eq!(saving("MUTUAL_AID_SAVINGS", 120_000, bank, date), Standing::SavingUnfit);
    // C-43: the day before the 20th birthday no card loan is asked for, on the birthday it is.
    form.transaction_conditions.card_loan.contracted_on = None;
    form.received_at = "2026-04-05T10:00:00+09:00".parse().unwrap();
    form.parties[0].birth_date = day("2006-04-06");
    assert_eq!(standing(&form)[1], Standing::TooYoung);
    form.received_at = "2026-04-06T00:00:00+09:00".parse().unwrap();
    assert_eq!(standing(&form)[1], Standing::Missing);
}

#[test]
fn a_mix_is_two_parts_of_one_case() {
    let form = Sample::Mix.form().unwrap();
    let books = common::books();
    let terms = &books.get(&form.institution.bank_code).unwrap().terms;
    let mix = Mix::of(&form, terms).unwrap();
    assert_eq!(mix.total_yen, form.requested_amount_yen);
    assert_eq!((mix.papers.loan_contracts, mix.papers.registrations, mix.papers.handling_fees), (2, 1, 1));
    assert_eq!(usize::from(mix.papers.insurance_declarations), form.insurance.len());
    let fees = explained(&form, form.requested_disbursement_date).fees;
    assert_eq!(fees.iter().filter(|line| line.fee == Fee::Handling).count(), 1);
    assert_eq!(fees.iter().filter(|line| line.fee == Fee::Contract).count(), 2);
    let mut one = form.clone();
    one.loans.truncate(1);
    assert_eq!(Mix::of(&one, terms), None);
    let changed = |change: fn(&mut Form)| {
        let mut form = form.clone();
        change(&mut form);
        Mix::of(&form, terms)
    };
    assert_eq!(changed(|form| form.loans[1].repayment_day = form.loans[0].repayment_day % 28 + 1), None);
    assert_eq!(changed(|form| form.loans[1].rate_type = form.loans[0].rate_type), None);
    assert_eq!(
        changed(|form| {
            form.loans[0].rate_type = RateType::Fixed3Y;
            form.loans[1].rate_type = RateType::Fixed10Y;
        }),
        None
    );
}

fn scenario(change: serde_json::Value) -> Scenario {
    let mut scenario = json!({
        "amountYen": 30_000_000, "ratePercent": "1.000", "disbursedOn": "2026-06-30",
        "firstRepaymentOn": "2026-07-25", "repaymentDay": 25, "termMonths": 420,
    });
    for (key, value) in change.as_object().unwrap() {
        scenario[key] = value.clone();
    }
    serde_json::from_value(scenario).unwrap()
}

#[test]
fn a_simulation_is_the_schedule_of_the_library() {
    let (books, rates) = (common::books(), common::rates());
    let book = books.get("2963").unwrap();
    let today = day("2026-04-01");
    let plain = scenario(json!({})).simulate(book, &rates, today).unwrap();
    assert_eq!(plain.plan.monthly.payment, Yen(84_685));
    assert_eq!(plain.plan.total_interest(), Yen(5_561_493));
    let rows = plain.rows();
    assert_eq!((rows.len(), rows[0].interest_yen, rows[419].payment_yen), (420, Yen(20_547), Yen(78_478)));
    // I-09: the agreed first day is the first due date; the longer first period costs interest.
    let agreed = rows[0].due + chrono::Months::new(1);
    let later = scenario(json!({ "firstRepaymentOn": agreed })).simulate(book, &rates, today).unwrap();
    assert_eq!(later.rows()[0].due, agreed);
    assert!(later.rows()[0].interest_yen > rows[0].interest_yen);
    let mut typed = json!({ "ratePercent": null, "rateType": "VARIABLE" });
    let variable = scenario(typed.clone()).simulate(book, &rates, today).unwrap();
    assert_eq!((variable.standard, variable.rate), (Some(rate("3.000")), rate("1.150")));
    typed["feePlan"] = json!("PERCENT_FEE");
    let received = scenario(typed.clone()).simulate(book, &rates, day("2024-09-30")).unwrap();
    assert_eq!(received.rate, rate("0.80"), "the campaign counts by the day of the question");
    typed["rateType"] = json!("FIXED_10Y");
    typed["discountType"] = json!(DiscountType::WholePeriod);
    assert!(scenario(typed).simulate(book, &rates, today).is_ok());
    let bonus = scenario(json!({ "bonusPartYen": 12_000_000, "bonusMonths": [1, 7] }));
    let rows = bonus.simulate(book, &rates, today).unwrap().rows();
    // Month and bonus fall due on one day (J-10).
    assert!(rows.iter().all(|row| row.due.day() == 25));
    let principal: Yen = rows.iter().map(|row| row.principal_yen).sum();
    assert_eq!((principal, rows.last().unwrap().balance_yen), (Yen(30_000_000), Yen::ZERO));
    assert!(rows.iter().any(|row| row.bonus_payment_yen > Yen::ZERO));
    assert!(rows.is_sorted_by(|one, next| one.due < next.due && one.balance_yen > next.balance_yen));
}

#[test]
fn a_scenario_says_everything_that_is_wrong_with_it() {
    let (books, rates) = (common::books(), common::rates());
    let book = books.get("2963").unwrap();
    let problems = |change: serde_json::Value| {
        let found = scenario(change).simulate(book, &rates, day("2026-04-01")).unwrap_err();
        assert!(
            found.iter().all(|problem| !problem.accepted.is_empty() && !problem.message_ja.is_empty()),
            "{found:?}"
        );
        found.into_iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect::<Vec<_>>()
    };
    let many = json!({ "amountYen": 100_000_001, "termMonths": 481, "bonusPartYen": 1, "repaymentDay": 32 });
    assert_eq!(
        problems(many),
        [
            "C-10 amountYen",
            "J-11 repaymentDay",
            "J-08 bonusMonths",
            "J-03 firstRepaymentOn",
            "C-11 termMonths"
        ]
    );
    let typed = |kind: &str, on: &str| json!({ "ratePercent": null, "rateType": kind, "disbursedOn": on, "firstRepaymentOn": null });
    assert_eq!(problems(typed("VARIABLE", "2031-01-06")), ["C-21 disbursedOn"]);
    assert_eq!(problems(typed("FIXED_10Y", "2026-06-30")), ["C-47 discountType"]);
    assert_eq!(problems(json!({ "rateType": "VARIABLE" })), ["C-21 ratePercent"]);
    assert_eq!(problems(json!({ "ratePercent": "20.1" })), ["J-46 ratePercent"]);
    let short = json!({ "ratePercent": null, "rateType": "FIXED_20Y", "discountType": "INITIAL_PERIOD", "termMonths": 239 });
    assert_eq!(problems(short), ["C-13 termMonths"]);
}
