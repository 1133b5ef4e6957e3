//! The 300 sample applications: every field of every expected outcome.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Tally, books, evaluated, rates, samples};
use serde_json::Value;
use workflows::{CAUSES, RULES, STAGED_RULES};

#[test]
fn every_sample_evaluates_to_what_it_expects() {
    let (books, rates) = (books(), rates());
    let mut tally = Tally::default();
    let samples = samples();
    for sample in &samples {
        let actual = evaluated(&sample.form, &books, &rates);
        tally.record(&sample.form.application_id, &sample.expected, &actual);
    }
    for (field, (matched, total)) in &tally.fields {
        println!("{matched:6}/{total:<6} {field}");
    }
    for difference in tally.differences.iter().take(30) {
        println!("differs: {difference}");
    }
    println!("records {}; fields {}/{}", samples.len(), tally.matched(), tally.total());
    assert_eq!(samples.len(), 300);
    assert_eq!(tally.matched(), tally.total());
}

#[test]
fn the_details_name_the_expected_subjects() {
    let (books, rates) = (books(), rates());
    for sample in samples() {
        let actual = evaluated(&sample.form, &books, &rates);
        assert_eq!(
            actual["violation_details"], sample.expected["violation_details"],
            "{}",
            sample.form.application_id
        );
    }
}

/// The check can fail: without the findings of a rule, every record that expects it differs, and no other.
#[test]
fn a_rule_that_is_switched_off_is_noticed() {
    let (books, rates) = (books(), rates());
    let mut expecting: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let samples = samples();
    let actual: Vec<Value> = samples.iter().map(|sample| evaluated(&sample.form, &books, &rates)).collect();
    for sample in &samples {
        for rule in sample.expected["violations"].as_array().unwrap() {
            let records = expecting.entry(rule.as_str().unwrap().to_owned()).or_default();
            records.insert(sample.form.application_id.clone());
        }
    }
    assert_eq!(expecting.len(), 47);
    for (rule, records) in expecting {
        let mut differing = BTreeSet::new();
        for (sample, actual) in samples.iter().zip(&actual) {
            let mut actual = actual.clone();
            let left = actual["violations"].as_array_mut().unwrap();
            left.retain(|found| *found != *rule);
            if left.is_empty() {
                actual["outcome"] = "PROCEED".into();
            }
            let mut tally = Tally::default();
            tally.record(&sample.form.application_id, &sample.expected, &actual);
            if !tally.differences.is_empty() {
                differing.insert(sample.form.application_id.clone());
            }
        }
        assert_eq!(differing, records, "{rule}");
    }
}

#[test]
fn every_rule_has_sentences_and_every_cause_a_rule() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let caused: BTreeSet<&str> = CAUSES.iter().map(|cause| cause.rule).collect();
    assert_eq!(ids.len(), RULES.len());
    let ahead: BTreeSet<&str> = STAGED_RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.is_subset(&caused) && caused.is_subset(&ids.union(&ahead).copied().collect()));
    for sample in samples() {
        for rule in sample.expected["violations"].as_array().unwrap() {
            assert!(ids.contains(rule.as_str().unwrap()), "{rule}");
        }
    }
}

#[test]
fn findings_do_not_depend_on_what_others_decide() {
    let (books, rates) = (books(), rates());
    for sample in samples() {
        let book = books.get(&sample.form.institution.bank_code).unwrap();
        let date = sample.form.requested_disbursement_date;
        let with = workflows::assess(&sample.form, book, &rates, date);
        let mut form = sample.form.clone();
        form.guarantor_decision = None;
        form.screening_add_on_percent = None;
        assert_eq!(workflows::assess(&form, book, &rates, date), with);
    }
}
