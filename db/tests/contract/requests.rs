//! The daily list of a guarantor equals the record, folded independently to the end of each day, and holds no other partner's case.

use crate::stories::*;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::read::RequestLine;
use db::{Request, Scope, Target};
use std::collections::{BTreeMap, BTreeSet};
use workflows::machine::asked::RequestEnd;
use workflows::machine::facts::{GuaranteeAnswer, GuaranteedLoan};
use workflows::machine::reconcile::{RequestStanding, bounds};
use workflows::machine::{Actor, Case, Command, Role, Track, evolve};

on_both!(the_list_of_each_day_equals_the_record);

async fn at(place: &Place, now: DateTime<Utc>, actor: &Actor, id: &str, command: &Command) {
    let target = Target::Case { id };
    let request = Request { actor, now, target, command, expected_version: None, key: None };
    done(place.store.execute(request).await.unwrap());
}

fn approve(number: &str) -> Command {
    let form = form();
    let loans = form.loans.iter().map(|loan| GuaranteedLoan {
        loan_no: loan.loan_no,
        monthly_rate_percent: Some("0.180".parse().unwrap()),
        lump_sum_fee_yen: None,
    });
    let decision = GuaranteeAnswer {
        guarantee_number: number.to_owned(),
        amount_yen: form.requested_amount_yen.0,
        term_months: form.loans.iter().map(|loan| u32::from(loan.term_months)).max().unwrap(),
        loans: loans.collect(),
        valid_until: None,
    };
    Command::ApproveGuarantee { decision }
}

/// What one line says, without its times: case, request, standing and what was granted.
type Said = (String, String, RequestStanding, Option<String>, Option<i64>, Option<NaiveDate>);

/// The case as it stood before an instant.
fn folded(history: &[workflows::machine::Entry], before: DateTime<Utc>) -> Option<Case> {
    history
        .iter()
        .filter(|entry| entry.at < before)
        .fold(None, |case, entry| Some(evolve(case, entry).unwrap()))
}

/// What the record says of a case's day, without the code under test.
fn recorded(history: &[workflows::machine::Entry], day: NaiveDate) -> BTreeSet<Said> {
    let (begin, end) = bounds(day);
    let (before, Some(after)) = (folded(history, begin), folded(history, end)) else {
        return BTreeSet::new();
    };
    let ours = after.requests.iter().filter(|(_, request)| request.track == Some(Track::Guar));
    let moved = ours.filter(|(id, request)| {
        let was = before.as_ref().and_then(|case| case.requests.get(*id));
        was.is_none_or(|was| was.ended.is_none() && was.answers.is_empty() || *request != was)
    });
    moved
        .map(|(id, request)| {
            let standing = match (request.answers.len(), request.ended) {
                (0, None) => RequestStanding::Open,
                (0, Some(RequestEnd::Withdrawn)) => RequestStanding::Withdrawn,
                (0, Some(RequestEnd::Replaced)) => RequestStanding::Replaced,
                (0, Some(RequestEnd::Expired)) => RequestStanding::Expired,
                (1, _) => RequestStanding::Answered,
                _ => RequestStanding::TakenBack,
            };
            let version: u32 = request.key.strip_prefix('V').unwrap().parse().unwrap();
            let granted = after.guarantees.get(&version).filter(|_| !request.answers.is_empty());
            (
                after.id.clone(),
                id.clone(),
                standing,
                granted.map(|granted| granted.decision.guarantee_number.clone()),
                granted.map(|granted| granted.decision.amount_yen),
                granted.map(|granted| granted.valid_until),
            )
        })
        .collect()
}

/// The whole list of a day, in pages of so many lines.
async fn listed(place: &Place, actor: &Actor, day: NaiveDate, first: u32) -> Vec<RequestLine> {
    let (scope, mut all, mut after) = (Scope::of(actor), vec![], None::<String>);
    loop {
        let page = place.store.requests_of_day(&scope, day, after.as_deref(), first).await.unwrap();
        assert!(page.items.len() <= first as usize);
        all.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

async fn the_list_of_each_day_equals_the_record(place: Place) {
    let mut ids = vec![];
    for who in ["taro", "jiro", "hanako", "saburo"] {
        let id = submitted(&place.store, &applicant(who)).await;
        screened(&place.store, &id).await;
        ids.push(id);
    }
    let case = place.store.case(&Scope::of(&clerk()), &ids[0]).await.unwrap().unwrap();
    let guarantor = partner(Role::Guarantor, &case.engagements[&Role::Guarantor]);
    let later = |days: i64| noon() + Duration::days(days) + Duration::minutes(1);
    // The first is approved on its day and revoked two days later, the second approved the day after, the third withdrawn on the
    // day after that; the fourth waits.
    at(&place, later(0), &guarantor, &ids[0], &approve("G-1")).await;
    at(&place, later(1), &guarantor, &ids[1], &approve("G-2")).await;
    let revoke = Command::RevokeGuarantee { content_version: Some(1) };
    at(&place, later(2), &guarantor, &ids[0], &revoke).await;
    let withdraw = Command::WithdrawApplication { reason: "x".to_owned() };
    at(&place, later(2), &applicant("hanako"), &ids[2], &withdraw).await;

    let mut histories = BTreeMap::new();
    for id in &ids {
        let entries = place.store.entries(&Scope::of(&Actor::internal(Role::System)), id, 0, 500).await;
        histories.insert(id.clone(), entries.unwrap());
    }
    let first_day = workflows::calendar::tokyo_date(noon());
    let mut seen = BTreeSet::new();
    for days in -1..5 {
        let day = first_day + Duration::days(days);
        let wanted: BTreeSet<Said> = histories.values().flat_map(|history| recorded(history, day)).collect();
        for first in [1, 2, 100] {
            let lines = listed(&place, &guarantor, day, first).await;
            let found: BTreeSet<Said> = lines
                .iter()
                .map(|one| {
                    let granted = one.line.granted.as_ref();
                    (
                        one.case.id.clone(),
                        one.line.request_id.clone(),
                        one.line.standing,
                        granted.map(|granted| granted.decision.guarantee_number.clone()),
                        granted.map(|granted| granted.decision.amount_yen),
                        granted.map(|granted| granted.valid_until),
                    )
                })
                .collect();
            assert_eq!(found, wanted, "{day}, pages of {first}");
            assert_eq!(found.len(), lines.len(), "each once");
            let cases: BTreeSet<&str> = lines.iter().map(|one| one.case.id.as_str()).collect();
            assert!(cases.iter().all(|id| ids.iter().any(|ours| ours == id)));
            seen.extend(lines.iter().map(|one| one.line.standing));
        }
        // Nobody else sees any of it: another guarantor, another partner of the same case, another bank, the bank itself.
        let insurer = partner(Role::Insurer, &case.engagements[&Role::Insurer]);
        let foreign = Actor { institution: "9999".to_owned(), ..guarantor.clone() };
        for stranger in [partner(Role::Guarantor, "SOMEBODY-ELSE"), insurer, foreign, clerk()] {
            assert!(listed(&place, &stranger, day, 100).await.is_empty(), "{stranger:?}");
        }
    }
    // What was answered in a period stands as it did at its end.
    for (from, until, answered) in [
        (0, 0, vec![("G-1", RequestStanding::Answered)]),
        (0, 4, vec![("G-1", RequestStanding::TakenBack), ("G-2", RequestStanding::Answered)]),
        (1, 2, vec![("G-2", RequestStanding::Answered)]),
        (2, 4, vec![]),
    ] {
        let period = (first_day + Duration::days(from), first_day + Duration::days(until));
        let (scope, mut found, mut after) = (Scope::of(&guarantor), BTreeSet::new(), None::<String>);
        loop {
            let page = place.store.answers_given(&scope, period, false, after.as_deref(), 1).await.unwrap();
            found.extend(page.items.into_iter().map(|one| {
                (one.line.granted.expect("granted").decision.guarantee_number, one.line.standing)
            }));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let wanted = answered.into_iter().map(|(number, standing)| (number.to_owned(), standing)).collect();
        assert_eq!(found, wanted, "{from} to {until}");
        let stranger = Scope::of(&partner(Role::Guarantor, "SOMEBODY-ELSE"));
        assert!(
            place.store.answers_given(&stranger, period, false, None, 100).await.unwrap().items.is_empty()
        );
    }
    // With what the bank withdrew unanswered in the period, on its day alone.
    for (from, until, withdrawn) in [(0, 4, 1), (2, 2, 1), (0, 1, 0), (3, 4, 0)] {
        let period = (first_day + Duration::days(from), first_day + Duration::days(until));
        let page = place.store.answers_given(&Scope::of(&guarantor), period, true, None, 100).await.unwrap();
        let over: Vec<_> = page.items.iter().filter(|one| one.line.answer.is_none()).collect();
        assert_eq!(over.len(), withdrawn, "{from} to {until}");
        for one in over {
            assert_eq!(
                (one.case.id.as_str(), one.line.standing),
                (ids[2].as_str(), RequestStanding::Withdrawn)
            );
            assert_eq!(one.line.ended_at, Some(later(2)));
        }
        let answered = place.store.answers_given(&Scope::of(&guarantor), period, false, None, 100).await;
        assert_eq!(answered.unwrap().items.len(), page.items.len() - withdrawn);
    }
    // The days had every standing that they were to have: the comparison has looked at something.
    let wanted = [
        RequestStanding::Open,
        RequestStanding::Answered,
        RequestStanding::TakenBack,
        RequestStanding::Withdrawn,
    ];
    assert!(wanted.iter().all(|standing| seen.contains(standing)), "{seen:?}");
    let broken = place.store.requests_of_day(&Scope::of(&guarantor), first_day, Some("x"), 10).await;
    assert!(broken.is_err(), "a cursor of another list");
}

/// A guarantor with an answer of today, and a case that waits.
async fn answered_once(place: &Place) -> (Scope, (NaiveDate, NaiveDate)) {
    let mut scope = None;
    for who in ["taro", "jiro"] {
        let id = submitted(&place.store, &applicant(who)).await;
        let case = screened(&place.store, &id).await.case;
        let guarantor = partner(Role::Guarantor, &case.engagements[&Role::Guarantor]);
        if scope.is_none() {
            at(place, noon(), &guarantor, &id, &approve("G-1")).await;
        }
        scope = Some(Scope::of(&guarantor));
    }
    let today = workflows::calendar::tokyo_date(noon());
    (scope.unwrap(), (today, today))
}

#[tokio::test]
async fn answers_of_a_period_are_found_by_their_index_on_sqlite() {
    let place = sqlite(|_| ()).await;
    let (scope, period) = answered_once(&place).await;
    let plan = place.store.explain_answers(&scope, period).await.unwrap();
    assert!(plan.contains("entry_answer") && !plan.contains("SCAN a"), "{plan}");
    // Seeded: without it every entry of the bank is read.
    place.tamper("DROP INDEX entry_answer").await;
    let fresh = db::Store::open(&place.url, db::StoreOptions::new(rulebook())).await.unwrap();
    let plan = fresh.explain_answers(&scope, period).await.unwrap();
    assert!(!plan.contains("entry_answer"), "{plan}");
}

#[tokio::test]
async fn answers_of_a_period_are_found_by_their_index_on_postgres() {
    let place = postgres_with("enable_seqscan = off;enable_bitmapscan = off", |_| ()).await;
    let (scope, period) = answered_once(&place).await;
    place.tamper("VACUUM ANALYZE entry").await;
    let plan = place.store.explain_answers(&scope, period).await.unwrap();
    assert!(plan.contains("entry_answer") && !plan.contains("Seq Scan on"), "{plan}");
}
