//! Posted rates: two people, dated lines, nothing half-applied.

use crate::stories::{Place, rulebook};
use chrono::{DateTime, NaiveDate, Utc};
use db::Scope;
use db::rates::RateAnswer;
use workflows::Rate;
use workflows::machine::{Actor, Role};
use workflows::product::posting::{DatedRate, LineState, RateSeries};
use workflows::product::servicing::PublishedRefund;

on_both!(
    two_people_post_a_rate,
    a_line_that_does_not_fit_is_refused_whole,
    of_two_decisions_one_counts,
    the_day_does_not_begin_before_every_process_knows,
    two_proposals_of_one_day_do_not_both_stand,
    two_people_enter_the_table_of_the_guarantor,
);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn desk(name: &str, bank: &str) -> Scope {
    Scope::of(&Actor {
        subject: name.to_owned(),
        role: Role::Operations,
        institution: bank.to_owned(),
        branches: vec![],
        organisation: None,
        on_behalf_of: None,
    })
}

const NOW: &str = "2026-04-06T03:00:00Z";

async fn propose(place: &Place, who: &Scope, rate: &str, from: &str, now: &str) -> RateAnswer {
    let rates = rulebook().rates.clone();
    let new = (RateSeries::Variable, Rate::parse(rate).unwrap(), day(from));
    place.store.propose_rate(who, new, &[], &rates, at(now)).await.unwrap()
}

fn cell(term_years: u8, elapsed_years: u8, percent: &str) -> PublishedRefund {
    PublishedRefund { term_years, elapsed_years, percent: Rate::parse(percent).unwrap() }
}

/// F.10: the guarantor's table is a dated line like a rate, with the same two people; what it must be is judged before it is written.
async fn two_people_enter_the_table_of_the_guarantor(place: Place) {
    let rates = rulebook().rates.clone();
    let (first, second) = (desk("first", "2963"), desk("second", "2963"));
    let new = (RateSeries::GuaranteeRefund, Rate::parse("3.2").unwrap(), day("2026-05-01"));
    let wrong = [cell(25, 1, "74"), cell(25, 3, "63"), cell(30, 1, "75"), cell(30, 1, "74")];
    let found = refused(place.store.propose_rate(&first, new, &wrong, &rates, at(NOW)).await.unwrap());
    let overlap = ("F-12".to_owned(), "cells[3]".to_owned());
    let gap = ("F-12".to_owned(), "cells.30.3".to_owned());
    assert_eq!(found, [overlap, gap]);
    let table = [cell(25, 1, "74"), cell(25, 3, "63"), cell(30, 1, "75"), cell(30, 3, "66")];
    let line = done(place.store.propose_rate(&first, new, &table, &rates, at(NOW)).await.unwrap());
    assert_eq!(refused(decide(&place, &first, &line.id, None, NOW).await), one("E.2", "id"));
    let approved = done(decide(&place, &second, &line.id, None, NOW).await);
    assert_eq!(approved.cells, table);
    let read = place.store.approved_rates().await.unwrap();
    assert_eq!((read.len(), &read[0].cells[..]), (1, &table[..]));
    let book = rulebook().books.get("2963").unwrap().terms.servicing.fee_refund.clone();
    let with = rates.with(&read);
    assert_eq!(with.refund_terms(&book, day("2026-04-30")), book);
    assert_eq!(with.refund_terms(&book, day("2026-05-01")).published, table);
}

async fn decide(place: &Place, who: &Scope, id: &str, returned: Option<&str>, now: &str) -> RateAnswer {
    let rates = rulebook().rates.clone();
    place.store.decide_rate(who, id, returned, &rates, at(now)).await.unwrap()
}

fn done(answer: RateAnswer) -> DatedRate {
    match answer {
        RateAnswer::Done(line) => *line,
        other => panic!("{other:?}"),
    }
}

fn refused(answer: RateAnswer) -> Vec<(String, String)> {
    match answer {
        RateAnswer::Invalid(problems) => {
            assert!(problems.iter().all(|problem| !problem.accepted.is_empty()), "{problems:?}");
            problems.into_iter().map(|problem| (problem.rule.to_owned(), problem.field)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn one(rule: &str, field: &str) -> Vec<(String, String)> {
    vec![(rule.to_owned(), field.to_owned())]
}

/// 23:59 in Tokyo is too late for a rate of the next day: another process reads the line only after midnight.
async fn the_day_does_not_begin_before_every_process_knows(place: Place) {
    let (first, second) = (desk("first", "2963"), desk("second", "2963"));
    let line = done(propose(&place, &first, "3.250", "2026-04-07", NOW).await);
    let late = refused(decide(&place, &second, &line.id, None, "2026-04-06T14:59:00Z").await);
    assert!(!late.is_empty());
    assert_eq!(place.store.approved_rates().await.unwrap(), vec![]);
    assert_eq!(
        done(decide(&place, &second, &line.id, None, "2026-04-06T14:50:00Z").await).state,
        LineState::Approved
    );
}

async fn two_people_post_a_rate(place: Place) {
    let (first, second, elsewhere) = (desk("first", "2963"), desk("second", "2963"), desk("second", "2978"));
    let line = done(propose(&place, &first, "3.250", "2026-04-07", NOW).await);
    assert_eq!((line.state, line.decided_by.as_deref()), (LineState::Proposed, None));
    assert_eq!(place.store.approved_rates().await.unwrap(), vec![], "a proposal counts for nothing");
    assert_eq!(refused(decide(&place, &first, &line.id, None, NOW).await), one("E.2", "id"));
    assert_eq!(decide(&place, &elsewhere, &line.id, None, NOW).await, RateAnswer::NotFound);
    let clerk = Scope::of(&Actor { role: Role::BranchClerk, ..second.actor().clone() });
    assert_eq!(decide(&place, &clerk, &line.id, None, NOW).await, RateAnswer::Forbidden);
    assert_eq!(place.store.approved_rates().await.unwrap(), vec![]);
    let approved = done(decide(&place, &second, &line.id, None, NOW).await);
    assert_eq!((approved.state, approved.decided_by.as_deref()), (LineState::Approved, Some("second")));
    assert_eq!(place.store.approved_rates().await.unwrap(), vec![approved.clone()]);
    assert_eq!(place.store.rate_lines(&first, 10).await.unwrap(), vec![approved]);
    assert_eq!(place.store.rate_lines(&elsewhere, 10).await.unwrap(), vec![]);
    assert_eq!(refused(decide(&place, &second, &line.id, Some("no"), NOW).await), one("E.2", "id"));

    // A returned day is free again.
    let wrong = done(propose(&place, &second, "3.300", "2026-05-01", NOW).await);
    let back = done(decide(&place, &first, &wrong.id, Some("typed wrong"), NOW).await);
    assert_eq!((back.state, back.reason.as_deref()), (LineState::Returned, Some("typed wrong")));
    done(propose(&place, &second, "3.350", "2026-05-01", NOW).await);

    let auditor = Scope::of(&Actor { role: Role::Auditor, ..first.actor().clone() });
    let audit = place.store.audit(&auditor, None, 10).await.unwrap().items;
    let steps: Vec<(&str, &str, &str)> = audit
        .iter()
        .rev()
        .map(|line| (line.kind.as_str(), line.verb.as_deref().unwrap_or_default(), line.by.as_str()))
        .collect();
    let wanted = [
        ("RATE", "proposeRate", "first"),
        ("RATE", "approveRate", "second"),
        ("RATE", "proposeRate", "second"),
        ("RATE", "returnRate", "first"),
        ("RATE", "proposeRate", "second"),
    ];
    assert_eq!(steps, wanted, "one line for each step, none for a refusal");
}

async fn a_line_that_does_not_fit_is_refused_whole(place: Place) {
    let (first, second) = (desk("first", "2963"), desk("second", "2963"));
    assert_eq!(refused(propose(&place, &first, "3.0", "2026-04-06", NOW).await), one("C-61", "validFrom"));
    // Tokyo is a day ahead from 15:00 UTC on.
    let evening = "2026-04-06T15:00:00Z";
    assert_eq!(
        refused(propose(&place, &first, "3.0", "2026-04-07", evening).await),
        one("C-61", "validFrom")
    );
    assert_eq!(
        refused(propose(&place, &first, "20.001", "2026-04-07", NOW).await),
        one("J-46", "ratePercent")
    );
    assert_eq!(
        refused(propose(&place, &first, "3.1234", "2026-04-07", NOW).await),
        one("J-46", "ratePercent")
    );
    // The stock ends on 30 June 2028: the next day is the last that leaves no gap.
    assert_eq!(refused(propose(&place, &first, "3.0", "2028-07-02", NOW).await), one("C-21", "validFrom"));
    let line = done(propose(&place, &first, "3.0", "2028-07-01", NOW).await);
    assert_eq!(refused(propose(&place, &second, "3.1", "2028-07-01", NOW).await), one("C-21", "validFrom"));
    // A proposal that nobody decided in time is never approved: the day has come.
    let late = "2028-07-01T00:00:00Z";
    assert_eq!(refused(decide(&place, &second, &line.id, None, late).await), one("C-61", "validFrom"));
    assert_eq!(place.store.approved_rates().await.unwrap(), vec![]);
    done(decide(&place, &second, &line.id, Some("too late"), late).await);
    assert_eq!(decide(&place, &second, "nobody", None, NOW).await, RateAnswer::NotFound);
    assert_eq!(place.store.rate_lines(&first, 10).await.unwrap().len(), 1, "refusals leave nothing");
}

async fn of_two_decisions_one_counts(place: Place) {
    let (first, second, third) = (desk("first", "2963"), desk("second", "2963"), desk("third", "2963"));
    let line = done(propose(&place, &first, "3.250", "2026-04-07", NOW).await);
    let (one, other) = tokio::join!(
        decide(&place, &second, &line.id, None, NOW),
        decide(&place, &third, &line.id, Some("no"), NOW)
    );
    let counted = [one, other].into_iter().filter(|answer| matches!(answer, RateAnswer::Done(_))).count();
    assert_eq!(counted, 1);
}

async fn two_proposals_of_one_day_do_not_both_stand(place: Place) {
    let (first, second) = (desk("first", "2963"), desk("second", "2963"));
    let (one, other) = tokio::join!(
        propose(&place, &first, "3.250", "2026-04-07", NOW),
        propose(&place, &second, "3.300", "2026-04-07", NOW)
    );
    let counted = [one, other].into_iter().filter(|answer| matches!(answer, RateAnswer::Done(_))).count();
    assert_eq!(counted, 1);
    assert_eq!(place.store.rate_lines(&first, 10).await.unwrap().len(), 1);
}
