//! The collateral with the facts of the case (chapter H.1): against the rules on the form, and rule by rule at its boundaries.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use workflows::collateral::{
    CollateralFacts, FireCover, Matter, OpenDuty, Pledge, PropertyFacts, Standing, Use, open_duties, review,
};
use workflows::form::{
    Document, DocumentKind, Form, FundUseKind, LandCategory, LenderKind, PriorMortgage, PropertyKind,
    PurposeCode, Relation, Share, Tenure,
};
use workflows::registration::FilingKind;
use workflows::{FACT_RULES, RULES, Rule, Yen, assess};

use crate::common;
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn today() -> NaiveDate {
    day("2026-04-01")
}

/// The standing of a rule on a subject, if the review says anything about it.
pub fn standing(form: &Form, facts: &CollateralFacts, rule: &str, subject: &str) -> Option<Standing> {
    let matters: Vec<Matter> = review(form, &book().terms, facts, today());
    let mut found = matters.iter().filter(|matter| matter.rule == rule && matter.subject == subject);
    let standing = found.next().map(|matter| matter.standing);
    assert!(matters.iter().all(|matter| !matter.ja.is_empty() && matter.en.is_ascii()));
    standing
}

/// A sample with one piece of owned land and one house.
pub fn plain() -> Form {
    let mut form = common::samples()
        .into_iter()
        .map(|sample| sample.form)
        .find(|form| {
            let kinds: Vec<PropertyKind> = form.properties.iter().map(|property| property.kind).collect();
            kinds == [PropertyKind::Land, PropertyKind::Building]
                && form.properties[0].tenure == Some(Tenure::Ownership)
        })
        .unwrap();
    for (at, property) in form.properties.iter_mut().enumerate() {
        property.property_no = u16::try_from(at + 1).unwrap();
        property.prior_mortgages.clear();
        property.owners.truncate(1);
        property.owners[0].party_id = Some("A1".to_owned());
        property.owners[0].share = Share { part: 1, whole: 1 };
        property.owners[0].mortgages_share = true;
    }
    (form.properties[0].reserved_land, form.properties[0].access_over_others_land) =
        (Some(false), Some(false));
    form.properties[0].registered_category = Some(LandCategory::ResidentialLand);
    form
}

pub fn of(number: u16, facts: PropertyFacts) -> CollateralFacts {
    CollateralFacts::from([(number, facts)])
}

/// Without facts the review breaks exactly the rules that the form breaks, and its duties are the form's.
#[test]
fn the_review_of_a_form_agrees_with_its_rules() {
    let (books, rates) = (common::books(), common::rates());
    let judged = ["B-11", "B-12", "C-12", "H-01", "H-02", "H-03", "H-05", "H-06", "H-07", "H-09", "H-11"];
    let (mut broken, mut duties) = (0, 0);
    for sample in common::samples() {
        let form = &sample.form;
        let book = books.get(&form.institution.bank_code).unwrap();
        let date = form.requested_disbursement_date;
        let findings = assess(form, book, &rates, date);
        let expected: BTreeSet<&str> =
            findings.iter().map(|finding| finding.rule).filter(|rule| judged.contains(rule)).collect();
        let matters = review(form, &book.terms, &CollateralFacts::new(), date);
        let rules = |standing| -> BTreeSet<&str> {
            matters.iter().filter(|matter| matter.standing == standing).map(|matter| matter.rule).collect()
        };
        assert_eq!(rules(Standing::Broken), expected, "{}", form.application_id);
        let open: BTreeSet<&str> = open_duties(form).into_iter().map(OpenDuty::rule).collect();
        let open: BTreeSet<&str> = open.difference(&expected).copied().collect();
        assert_eq!(rules(Standing::AfterDisbursement), open, "{}", form.application_id);
        broken += expected.len();
        duties += open.len();
    }
    println!("{broken} broken rules and {duties} duties in 300 samples");
    assert!(broken > 10 && duties > 20, "{broken} {duties}");
}

/// B-11; land of a parent or spouse and the shares of co-owners are mortgaged by their owners (H-10, B-12).
#[test]
fn shares_add_up_to_the_whole() {
    let mut form = plain();
    let none = CollateralFacts::new();
    assert_eq!(standing(&form, &none, "B-12", "P1"), Some(Standing::Met));
    let share = |part, whole| Share { part, whole };
    let set = |form: &mut Form, shares: &[Share]| {
        let owner = form.properties[0].owners[0].clone();
        form.properties[0].owners =
            shares.iter().map(|share| workflows::form::Owner { share: *share, ..owner.clone() }).collect();
    };
    for (shares, whole) in [
        (vec![share(1, 2), share(1, 2)], true),
        (vec![share(1, 3), share(1, 6), share(1, 2)], true),
        (vec![share(1, 3), share(2, 3)], true),
        (vec![share(1, 2), share(1, 3)], false),
        (vec![share(999_999_998, 999_999_999)], false),
        (vec![share(999_999_998, 999_999_999), share(1, 999_999_999)], true),
    ] {
        set(&mut form, &shares);
        let broken = standing(&form, &none, "B-11", "P1") == Some(Standing::Broken);
        assert_eq!(broken, !whole, "{shares:?}");
    }
    // A road is held together with neighbours who stay outside (H-07).
    set(&mut form, &[share(1, 6)]);
    form.properties[0].kind = PropertyKind::RoadShare;
    assert_eq!(standing(&form, &none, "B-11", "P1"), None);
    assert_eq!(standing(&form, &none, "H-07", "P1"), Some(Standing::Met));
    form.properties[0].owners[0].mortgages_share = false;
    assert_eq!(standing(&form, &none, "H-07", "P1"), Some(Standing::Broken));
}

#[test]
fn the_rank_is_the_first_behind_whoever_may_stay() {
    let mut form = plain();
    let rank = |form: &Form, rank| {
        let facts = of(1, PropertyFacts { rank, ..PropertyFacts::default() });
        standing(form, &facts, "H-37", "P1").unwrap()
    };
    assert_eq!(rank(&form, None), Standing::BeforeDisbursement);
    assert_eq!(rank(&form, Some(1)), Standing::Met);
    assert_eq!(rank(&form, Some(2)), Standing::Broken);
    assert_eq!(rank(&form, Some(0)), Standing::Broken);
    let mortgage =
        |holder_kind| PriorMortgage { holder_kind, balance_yen: Yen(1), released_at_disbursement: false };
    form.collateral_valuation.requirement_met = true;
    for (kind, may) in [
        (LenderKind::PublicBody, true),
        (LenderKind::Employer, true),
        (LenderKind::MutualAidAssociation, true),
        (LenderKind::Bank, false),
        (LenderKind::PrivatePerson, false),
    ] {
        form.properties[0].prior_mortgages = vec![mortgage(kind)];
        let expected = if may { Standing::Met } else { Standing::Broken };
        assert_eq!(standing(&form, &CollateralFacts::new(), "H-02", "P1"), Some(expected), "{kind}");
        assert_eq!(rank(&form, Some(2)), expected);
        assert_eq!(rank(&form, Some(3)), Standing::Broken);
    }
    // The kind alone is not enough: the valuation has to be met as well.
    form.properties[0].prior_mortgages = vec![mortgage(LenderKind::PublicBody)];
    form.collateral_valuation.requirement_met = false;
    assert_eq!(standing(&form, &CollateralFacts::new(), "H-02", "P1"), Some(Standing::Broken));
    assert_eq!(rank(&form, Some(2)), Standing::Broken);
}

/// H-11, H-12 with the limits of C-12.
#[test]
fn leased_land_needs_its_consent_or_its_limits() {
    let mut form = plain();
    let none = CollateralFacts::new();
    form.properties[0].tenure = Some(Tenure::OrdinaryLeasehold);
    form.documents.retain(|document| document.document != DocumentKind::LandlordConsent);
    assert_eq!(standing(&form, &none, "H-11", "P1"), Some(Standing::Broken));
    let consent = |number| Document {
        document: DocumentKind::LandlordConsent,
        party_id: None,
        property_no: Some(number),
        issued_on: None,
        received_on: today(),
    };
    form.documents.push(consent(2));
    assert_eq!(standing(&form, &none, "H-11", "P1"), Some(Standing::Broken), "for another property");
    form.documents.push(consent(1));
    assert_eq!(standing(&form, &none, "H-11", "P1"), Some(Standing::Met));
    assert_eq!(standing(&form, &none, "B-12", "P1"), None, "the building alone carries the mortgage");
    form.properties[0].tenure = Some(Tenure::GeneralFixedTermLeasehold);
    form.purpose.resident_relation = Relation::Oneself;
    for (months, code, fits) in [
        (300, PurposeCode::NewBuild, true),
        (301, PurposeCode::NewBuild, false),
        (300, PurposeCode::PurchaseNewHouse, true),
        (300, PurposeCode::PurchaseUsedHouse, false),
        (300, PurposeCode::PurchaseNewCondominium, false),
    ] {
        form.loans[0].term_months = months;
        form.purpose.code = code;
        let expected = if fits { Standing::Met } else { Standing::Broken };
        assert_eq!(standing(&form, &none, "C-12", "P1"), Some(expected), "{months} {code}");
    }
    form.purpose.code = PurposeCode::NewBuild;
    form.purpose.resident_relation = Relation::Parent;
    assert_eq!(standing(&form, &none, "C-12", "P1"), Some(Standing::Broken));
}

#[test]
fn what_comes_later_is_a_duty_until_its_day() {
    let mut form = plain();
    form.properties[0].reserved_land = Some(true);
    form.properties[0].owners[0].mortgages_share = false;
    form.properties[0].mortgage_when_possible = Some(true);
    form.properties[0].registered_category = Some(LandCategory::PaddyField);
    form.properties[0].category_change_planned = Some(true);
    let reached = |rule: &str, facts: PropertyFacts| standing(&form, &of(1, facts), rule, "P1").unwrap();
    let tomorrow = today().succ_opt();
    let added = |added_on| PropertyFacts { added_on, ..PropertyFacts::default() };
    let changed = |category_changed_on| PropertyFacts { category_changed_on, ..PropertyFacts::default() };
    for (day, expected) in [
        (None, Standing::AfterDisbursement),
        (tomorrow, Standing::AfterDisbursement),
        (Some(today()), Standing::Met),
    ] {
        assert_eq!(reached("H-05", added(day)), expected);
        assert_eq!(reached("H-09", changed(day)), expected);
    }
    let replotted = PropertyFacts { replotted_on: Some(today()), ..PropertyFacts::default() };
    let says = |facts: CollateralFacts| {
        let matters = review(&form, &book().terms, &facts, today());
        matters.into_iter().find(|matter| matter.rule == "H-05").unwrap().en
    };
    assert_ne!(says(of(1, replotted)), says(CollateralFacts::new()));
    form.properties[0].mortgage_when_possible = Some(false);
    form.properties[0].category_change_planned = Some(false);
    let none = CollateralFacts::new();
    assert_eq!(standing(&form, &none, "H-05", "P1"), Some(Standing::Broken));
    assert_eq!(standing(&form, &none, "H-09", "P1"), Some(Standing::Broken));
    // H-08: a way over others' land is something to see to, and no refusal.
    assert_eq!(standing(&form, &none, "H-08", "P1"), None);
    form.properties[0].access_over_others_land = Some(true);
    assert_eq!(standing(&form, &none, "H-08", "P1"), Some(Standing::AfterDisbursement));
    // Land alone: the building that comes later is added, recorded under a number of its own (H-04).
    let mut land = plain();
    land.properties.pop();
    assert_eq!(standing(&land, &none, "H-04", "collateral"), Some(Standing::AfterDisbursement));
    let of_land = of(1, added(Some(today())));
    assert_eq!(standing(&land, &of_land, "H-04", "collateral"), Some(Standing::AfterDisbursement));
    assert_eq!(
        standing(&land, &of(2, added(tomorrow)), "H-04", "collateral"),
        Some(Standing::AfterDisbursement)
    );
    assert_eq!(standing(&land, &of(2, added(Some(today()))), "H-04", "collateral"), Some(Standing::Met));
    assert_eq!(standing(&plain(), &none, "H-04", "collateral"), None);
}

#[test]
fn every_building_that_the_survey_found_is_mortgaged() {
    let form = plain();
    let found = |count| of(1, PropertyFacts { buildings_found: Some(count), ..PropertyFacts::default() });
    let all = |form: &Form, count| standing(form, &found(count), "H-06", "P1");
    assert_eq!(standing(&form, &CollateralFacts::new(), "H-06", "P1"), None);
    assert_eq!(all(&form, 1), Some(Standing::Met));
    assert_eq!(all(&form, 2), Some(Standing::Broken));
    let mut two = form;
    let mut shed = two.properties[1].clone();
    (shed.property_no, shed.main) = (3, false);
    two.properties.push(shed);
    assert_eq!(all(&two, 2), Some(Standing::Met));
    // The shed is a further building (H-06), the house itself is not.
    let none = CollateralFacts::new();
    assert_eq!(standing(&two, &none, "H-06", "P3"), Some(Standing::Met));
    assert_eq!(standing(&two, &none, "H-06", "P2"), None);
    assert_eq!(standing(&two, &none, "B-12", "P2"), Some(Standing::Met));
    two.properties[2].owners[0].mortgages_share = false;
    assert_eq!(all(&two, 2), Some(Standing::Broken));
}

#[test]
fn income_property_and_consolidated_debts_pledge_their_fire_cover() {
    let mut form = plain();
    form.loans[0].amount_yen = Yen(30_000_000);
    form.loans.truncate(1);
    let cover = |sum, until| {
        let (sum, from, until) = (Yen(sum), today(), day(until));
        Some(FireCover { sum, from, until, pledge: Pledge::Pledged })
    };
    let income = |fire, building_value: Option<i64>| {
        let building_value = building_value.map(Yen);
        of(2, PropertyFacts { use_of: Use::Income, building_value, fire, ..PropertyFacts::default() })
    };
    let pledged = |facts: &CollateralFacts| standing(&form, facts, "H-17", "P2");
    assert_eq!(pledged(&CollateralFacts::new()), None, "a residence");
    assert_eq!(pledged(&income(None, None)), Some(Standing::BeforeDisbursement));
    let far = "2036-04-01";
    for (sum, value, good) in [
        (30_000_000, None, true),
        (29_999_999, None, false),
        (20_000_000, Some(20_000_000), true),
        (19_999_999, Some(20_000_000), false),
        (30_000_000, Some(40_000_000), true),
    ] {
        let expected = if good { Standing::Met } else { Standing::Broken };
        assert_eq!(pledged(&income(cover(sum, far), value)), Some(expected), "{sum} {value:?}");
    }
    // Long-term: more than a year from the day on, and running already.
    for (until, good) in [("2027-04-01", false), ("2027-04-02", true)] {
        let expected = if good { Standing::Met } else { Standing::Broken };
        assert_eq!(pledged(&income(cover(30_000_000, until), None)), Some(expected), "{until}");
    }
    let mut unpledged = cover(30_000_000, far).unwrap();
    unpledged.pledge = Pledge::None;
    assert_eq!(pledged(&income(Some(unpledged), None)), Some(Standing::Broken));
    let mut future = cover(30_000_000, far).unwrap();
    future.from = today().succ_opt().unwrap();
    assert_eq!(pledged(&income(Some(future), None)), Some(Standing::Broken));
    form.fund_uses[0].kind = FundUseKind::DebtConsolidation;
    assert_eq!(standing(&form, &CollateralFacts::new(), "H-17", "P2"), Some(Standing::BeforeDisbursement));
}

/// Every rule id has its sentences once, and what is judged on facts names only rules that have them.
#[test]
fn every_rule_that_facts_can_break_has_sentences() {
    let ids: BTreeSet<&str> = FACT_RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), FACT_RULES.len());
    assert!(FACT_RULES.is_sorted_by_key(|rule| rule.id.replace('.', "-9")), "in the order of their ids");
    assert!(RULES.iter().all(|rule| !ids.contains(rule.id)));
    for rule in FACT_RULES {
        assert!(
            rule.en.is_ascii() && rule.cure_en.is_ascii() && !rule.ja.is_ascii() && !rule.cure_ja.is_ascii()
        );
    }
    let mut named: BTreeSet<&str> = FilingKind::ALL.iter().map(|kind| kind.rule()).collect();
    for sample in common::samples() {
        let form = &sample.form;
        let date = form.requested_disbursement_date;
        let income = PropertyFacts { use_of: Use::Income, ..PropertyFacts::default() };
        let facts = form.properties.iter().map(|property| (property.property_no, income.clone())).collect();
        named.extend(review(form, &book().terms, &facts, date).iter().map(|matter| matter.rule));
    }
    println!("{} rules named", named.len());
    assert!(named.len() > 12 && named.contains("H-17"));
    for rule in named {
        assert!(Rule::of(rule).is_some(), "{rule}");
    }
}
