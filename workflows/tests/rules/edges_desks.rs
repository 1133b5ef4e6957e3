//! The desks at their boundaries: collateral (chapter H), money (I.20), guarantee (chapter F), insurance (chapter G).

use chrono::NaiveDate;
use workflows::collateral::{CollateralFacts, OpenDuty, PropertyFacts, Standing, Use, open_duties, review};
use workflows::collateral::{FireCover, Pledge};
use workflows::disbursement::{LoanPart, Part, Posting, Settlement, plan};
use workflows::form::{Cover, InsuranceType, PartyRole, PropertyKind, Relation, RelaxedDates, Tenure};
use workflows::guarantee::decision::check;
use workflows::guarantee::refund::{
    PaidOffGuarantee, elapsed_years, refund, refund_at, refund_by_model, unexpired_share,
};
use workflows::insurance::{cover_of, declaration_last_valid_date};
use workflows::sample::Sample;
use workflows::{Guard, Rate, Yen};

use crate::collateral::{of, plain, standing, today};
use crate::corners::{HOUSE, findings};
use crate::disbursement::settlement;
use crate::guarantee::{broken, good};
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days_before(days: u64) -> Option<NaiveDate> {
    today().checked_sub_days(chrono::Days::new(days))
}

/// H-09: residential land has no category to change, whatever is planned.
#[test]
fn only_farmland_has_its_category_changed() {
    let mut form = plain();
    form.properties[0].category_change_planned = Some(true);
    assert!(!open_duties(&form).contains(&OpenDuty::ChangeCategory));
    let mut house = plain();
    house.properties[1].registered_category = Some(workflows::form::LandCategory::Field);
    house.properties[1].category_change_planned = Some(true);
    assert!(!open_duties(&house).contains(&OpenDuty::ChangeCategory), "a house is no land");
}

/// What happened weeks ago counts as much as what happens today (H-04, H-05, H-09).
#[test]
fn what_is_past_is_met() {
    let mut form = plain();
    form.properties[0].registered_category = Some(workflows::form::LandCategory::PaddyField);
    form.properties[0].category_change_planned = Some(true);
    let changed = PropertyFacts { category_changed_on: days_before(30), ..PropertyFacts::default() };
    assert_eq!(standing(&form, &of(1, changed), "H-09", "P1"), Some(Standing::Met));
    let mut reserved = plain();
    reserved.properties[0].reserved_land = Some(true);
    reserved.properties[0].mortgage_when_possible = Some(true);
    let says = |on: Option<NaiveDate>| {
        let facts = of(1, PropertyFacts { replotted_on: on, ..PropertyFacts::default() });
        let matters = review(&reserved, &book().terms, &facts, today());
        matters.into_iter().find(|matter| matter.rule == "H-05").unwrap().en
    };
    assert_eq!(says(days_before(30)), says(Some(today())));
    assert_ne!(says(days_before(30)), says(today().succ_opt()));
    // The first building that is added meets H-04; a second one later takes nothing back.
    let mut land = plain();
    land.properties.pop();
    let added = |on| PropertyFacts { added_on: on, ..PropertyFacts::default() };
    let facts = CollateralFacts::from([(2, added(days_before(1))), (3, added(today().succ_opt()))]);
    assert_eq!(standing(&land, &facts, "H-04", "collateral"), Some(Standing::Met));
}

/// H-01, H-02: who stands nowhere in the register has no rank to be seen, who is alone there is behind nobody.
#[test]
fn ranks_are_asked_where_there_is_a_mortgage() {
    let none = CollateralFacts::new();
    assert_eq!(standing(&plain(), &none, "H-02", "P1"), None, "nothing stays ahead");
    let mut leased = plain();
    leased.properties[0].tenure = Some(Tenure::OrdinaryLeasehold);
    let mut reserved = plain();
    reserved.properties[0].reserved_land = Some(true);
    for form in [leased, reserved] {
        assert_eq!(standing(&form, &none, "H-37", "P1"), None);
        assert_eq!(standing(&form, &none, "H-37", "P2"), Some(Standing::BeforeDisbursement));
    }
}

/// H-06: buildings are counted on the main land only, and one more in the case than the survey found is no fault.
#[test]
fn buildings_are_counted_on_the_main_land() {
    let found = |count| PropertyFacts { buildings_found: Some(count), ..PropertyFacts::default() };
    assert_eq!(standing(&plain(), &of(1, found(0)), "H-06", "P1"), Some(Standing::Met));
    assert_eq!(standing(&plain(), &of(2, found(2)), "H-06", "P2"), None, "a building");
    let mut beside = plain();
    beside.properties[0].main = false;
    assert_eq!(beside.properties[0].kind, PropertyKind::Land);
    assert_eq!(standing(&beside, &of(1, found(2)), "H-06", "P1"), None, "land beside the main one");
}

/// H-17: a policy that already runs and one above the loan are as good as one that fits to the day and the yen.
#[test]
fn a_larger_and_older_policy_is_good() {
    let mut form = plain();
    form.loans.truncate(1);
    form.loans[0].amount_yen = Yen(30_000_000);
    let fire = |sum, from| {
        let fire = FireCover { sum: Yen(sum), from, until: day("2036-04-01"), pledge: Pledge::Pledged };
        let facts = PropertyFacts { use_of: Use::Income, fire: Some(fire), ..PropertyFacts::default() };
        standing(&form, &of(2, facts), "H-17", "P2")
    };
    assert_eq!(fire(30_000_000, days_before(60).unwrap()), Some(Standing::Met));
    assert_eq!(fire(30_000_001, today()), Some(Standing::Met));
}

#[test]
fn the_largest_amount_is_taken_and_drawings_are_counted_from_one() {
    let most = Settlement { own_funds: Yen(1_000_000_000_000), ..settlement(1) };
    assert!(plan(&most).is_ok());
    let main = plan(&Settlement {
        posting: Posting::Main,
        loans: vec![LoanPart { loan_no: 1, amount: Yen(100) }],
        drawings: vec![Yen(60), Yen(30)],
        ..settlement(100)
    });
    let parts: Vec<Part> = main.unwrap().lines.into_iter().map(|line| line.part).collect();
    assert_eq!(parts, [Part::Loan(1), Part::Drawing(1), Part::Drawing(2)]);
}

/// F-03: the guarantee lasts as long as the longest of the loans.
#[test]
fn a_guarantee_covers_the_longest_loan() {
    let mut form = Sample::Mix.form().unwrap();
    (form.loans[0].term_months, form.loans[1].term_months) = (420, 240);
    let mut decision = good(&form);
    let asked = |decision: &_| broken(&check(&form, decision, day("2026-05-01")));
    assert_eq!(asked(&decision), Vec::<String>::new());
    decision.term_months = 419;
    assert_eq!(asked(&decision), ["F-03 decision.term_months"]);
}

fn paid_off() -> PaidOffGuarantee {
    PaidOffGuarantee {
        method: workflows::form::GuaranteeFeeMethod::LumpSum,
        paid_yen: Yen(600_000),
        term_months: 420,
        disbursed_on: day("2024-06-15"),
        prepaid_on: day("2026-06-15"),
    }
}

/// F-11: a part of a year counts as one, the anniversary belongs to the year before.
#[test]
fn begun_years_are_counted() {
    let years = |prepaid: &str| elapsed_years(day("2024-06-15"), day(prepaid));
    for (prepaid, expected) in [
        ("2024-06-15", 0),
        ("2024-06-16", 1),
        ("2025-06-15", 1),
        ("2025-06-16", 2),
        ("2026-01-01", 2),
        ("2026-06-15", 2),
        ("2026-12-31", 3),
    ] {
        assert_eq!(years(prepaid), expected, "{prepaid}");
    }
}

/// F-11 to F-16: the last values that are taken.
#[test]
fn a_refund_takes_its_edges() {
    let terms = &book().terms.servicing.fee_refund;
    let fields = |loan: PaidOffGuarantee, fixed: Option<i64>| -> Vec<String> {
        let found = refund(terms, &loan, fixed.map(Yen)).err().unwrap_or_default();
        found.into_iter().map(|problem| problem.field).collect()
    };
    let none = Vec::<String>::new();
    assert_eq!(fields(PaidOffGuarantee { paid_yen: Yen::ZERO, ..paid_off() }, None), none);
    assert_eq!(fields(PaidOffGuarantee { paid_yen: Yen(-1), ..paid_off() }, None), ["paid_yen"]);
    for (months, expected) in [(1, &none[..]), (1200, &none[..])] {
        assert_eq!(fields(PaidOffGuarantee { term_months: months, ..paid_off() }, None), expected);
    }
    for months in [0, 1201] {
        assert_eq!(fields(PaidOffGuarantee { term_months: months, ..paid_off() }, None), ["term_months"]);
    }
    let same_day = PaidOffGuarantee { prepaid_on: paid_off().disbursed_on, ..paid_off() };
    assert_eq!(fields(same_day, None), none);
    for (fixed, expected) in [(0, true), (600_000, true), (-1, false), (600_001, false)] {
        assert_eq!(fields(paid_off(), Some(fixed)).is_empty(), expected, "{fixed}");
    }
}

/// F-13: what is short of a hundred yen by a hundredth of a yen is cut to the hundred below.
#[test]
fn a_refund_is_cut_before_it_is_rounded() {
    let terms = &book().terms.servicing.fee_refund;
    assert_eq!(refund_at(terms, Yen(9_999_999), Rate::parse("1").unwrap()), Yen(99_900));
    assert_eq!(refund_at(terms, Yen(10_000_000), Rate::parse("1").unwrap()), Yen(100_000));
    // The largest fee whose refund after 10 of 35 years stays below 50,000 yen, and the next one.
    let share = unexpired_share(terms, 420, 10);
    let limit = rust_decimal::Decimal::from(50_000) / (rust_decimal::Decimal::new(8, 1) * share);
    let below = i64::try_from(limit.floor()).unwrap();
    let refunded = |paid| refund_by_model(terms, Yen(paid), 420, 10);
    assert_eq!((refunded(below), refunded(below + 1)), (Yen(49_900), Yen(50_000)));
}

/// G-11, D.2: cover ends on the day before the birthday, a declaration on the day before its anniversary.
#[test]
fn cover_and_declarations_end_the_day_before() {
    let mut terms = book().terms.clone();
    let kind = InsuranceType::Basic;
    let last = |terms: &_| declaration_last_valid_date(terms, kind, day("2026-04-10"));
    assert_eq!(last(&terms), Some(day("2027-04-09")));
    terms.insurance.types.get_mut(&kind).unwrap().valid_years = Some(2);
    assert_eq!(last(&terms), Some(day("2028-04-09")));
    let mut form = Sample::Purchase.form().unwrap();
    form.parties[0].birth_date = day("1980-08-20");
    let (loan, entry) = (form.loans[0].clone(), form.insurance[0].clone());
    let until = |due: &str| cover_of(&form, &terms, &loan, &entry, day(due), day("2026-06-01")).cover_until;
    assert_eq!(until("2056-08-18"), day("2056-08-18"));
    assert_eq!(until("2060-01-25"), day("2056-08-19"), "the day before the 76th birthday");
}

fn rules(change: impl Fn(&mut workflows::Form)) -> Vec<&'static str> {
    findings(HOUSE, None, change).into_iter().map(|(rule, ..)| rule).collect()
}

/// G-15: the couple are two, one of them the applicant, the other the spouse who owes the debt jointly.
#[test]
fn a_couple_are_two() {
    let couple = |more: bool, applicant: bool| {
        rules(move |form| {
            let mut spouse = form.parties[0].clone();
            (spouse.party_id, spouse.role) = ("D1".to_owned(), PartyRole::JointDebtor);
            spouse.relation_to_applicant = Some(Relation::Spouse);
            let mut second = spouse.clone();
            second.party_id = "D2".to_owned();
            form.parties.extend([spouse, second]);
            let entry = form.insurance[0].clone();
            let of = |id: &str| workflows::form::Insurance {
                party_id: id.to_owned(),
                cover: Cover::JointCouple,
                insurance_type: InsuranceType::Basic,
                ..entry.clone()
            };
            form.insurance = vec![of(if applicant { "A1" } else { "D2" }), of("D1")];
            if more {
                form.insurance.push(of("D2"));
            }
        })
        .contains(&"G-15")
    };
    assert!(!couple(false, true));
    assert!(couple(true, true), "three");
    assert!(couple(false, false), "without the applicant");
}

/// G-20: each of the three steps is needed.
#[test]
fn relaxed_insurance_takes_three_steps() {
    let on = Some(day("2025-11-01"));
    let broken = |steps: [Option<NaiveDate>; 3]| {
        let found = findings(HOUSE, None, |form| {
            let [basic_refused_on, likely_acceptance_indicated_on, assessment_accepted_on] = steps;
            form.insurance[0].insurance_type = InsuranceType::Relaxed;
            form.insurance[0].relaxed = Some(RelaxedDates {
                basic_refused_on,
                likely_acceptance_indicated_on,
                assessment_accepted_on,
            });
        });
        // The form of intent is another matter, which stands under the papers.
        found.iter().any(|(rule, guard, _)| *rule == "G-20" && *guard == Guard::InsForm)
    };
    assert!(!broken([on; 3]));
    for missing in 0..3 {
        let mut steps = [on; 3];
        steps[missing] = None;
        assert!(broken(steps), "{missing}");
    }
}

/// G-12, G-13: who is not insured here exceeds no cap; ages at their limits.
#[test]
fn caps_and_ages_of_the_insured() {
    let covered = |insured: bool, yen| {
        rules(move |form| {
            form.parties[0].existing_group_life_cover.other_labour_banks_yen = Yen(yen);
            if !insured {
                form.insurance.clear();
            }
        })
        .contains(&"G-12")
    };
    assert!(covered(true, 100_000_000));
    assert!(!covered(false, 200_000_000), "nothing is insured here");
    let aged = |born: &str, declared: &str| {
        let (born, declared) = (day(born), day(declared));
        rules(move |form| {
            form.requested_disbursement_date = day("2026-03-02");
            form.insurance[0].insurance_type = InsuranceType::Basic;
            form.parties[0].birth_date = born;
            form.insurance[0].declared_on = Some(declared);
        })
        .contains(&"G-13")
    };
    assert!(aged("1950-01-01", "2025-12-01"), "far above the limit of 66");
    assert!(!aged("2007-12-01", "2025-12-01"), "18 on the day of the declaration");
    assert!(aged("2007-12-02", "2025-12-01"), "17");
}
