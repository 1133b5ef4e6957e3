//! Figures over many cases: counted once, inside the reader's scope, without what the reader may not know.

use crate::stories::*;
use chrono::{Days, NaiveDate};
use db::read::TaskFilter;
use db::{Scope, Store, StoreOptions};
use workflows::calendar::tokyo_date;
use workflows::machine::{Actor, Role, Stage};

on_both!(
    cases_stand_where_they_moved_last,
    a_bank_and_a_branch_count_their_own,
    work_is_counted_by_who_does_it,
    months_show_what_became_of_their_cases,
    a_match_under_review_is_in_no_figure,
);

fn today() -> NaiveDate {
    tokyo_date(noon())
}

fn manager() -> Actor {
    staff(Role::BranchManager, "manager")
}

/// Two that were handed in, one of them in screening.
async fn two(place: &Place) -> (String, String) {
    let one = submitted(&place.store, &applicant("taro")).await;
    let other = submitted(&place.store, &applicant("jiro")).await;
    screened(&place.store, &other).await;
    (one, other)
}

async fn cases_stand_where_they_moved_last(place: Place) {
    let (_, other) = two(&place).await;
    let scope = Scope::of(&manager());
    let read = place.store.standings(&scope, today(), None).await.unwrap();
    assert!(read.exact);
    let found: Vec<_> = read.lines.iter().map(|l| (l.stage, l.cases, l.overdue, l.since)).collect();
    assert_eq!(found, [(Stage::Screening, 1, 0, today()), (Stage::Submitted, 1, 0, today())]);
    let amount = form().requested_amount_yen.0;
    assert!(read.lines.iter().all(|line| line.amount_yen == amount), "{read:?}");
    // In a year everything is overdue.
    let later = today().checked_add_days(Days::new(365)).unwrap();
    let read = place.store.standings(&scope, later, None).await.unwrap();
    assert!(read.lines.iter().all(|line| line.overdue == line.cases), "{read:?}");
    let waiting = place.store.waiting_on(&scope, later, None).await.unwrap();
    assert!(waiting.iter().all(|line| line.overdue == line.cases && line.cases == 1), "{waiting:?}");
    assert!(waiting.iter().any(|line| line.stage == Stage::Screening && line.role == Role::Guarantor));
    let since = async || {
        let read = place.store.standings(&scope, today(), None).await.unwrap();
        read.lines.iter().find(|line| line.stage == Stage::Screening).unwrap().since.to_string()
    };
    let noted = async |at: &str| {
        place.tamper(&format!("UPDATE application SET stage_at = {at} WHERE id = '{other}'")).await;
    };
    noted("'2026-01-05T03:00:00+00:00'").await;
    done(ask(&place.store, &clerk(), db::Target::Case { id: &other }, &memo("later")).await);
    assert_eq!(since().await, "2026-01-05", "a memo moves nothing");
    noted("'2026-02-02T16:00:00+00:00'").await;
    assert_eq!(since().await, "2026-02-03", "one in the morning in Tokyo is the next day");
    noted("NULL").await;
    assert_eq!(since().await, today().to_string(), "of a version that noted no day the last change counts");
}

async fn a_bank_and_a_branch_count_their_own(place: Place) {
    two(&place).await;
    let elsewhere = Actor { branches: vec!["998".to_owned()], ..manager() };
    let abroad = Actor { institution: "9999".to_owned(), branches: vec![], ..manager() };
    let admin = staff(Role::UserAdmin, "admin");
    for who in [elsewhere, abroad, admin] {
        let scope = Scope::of(&who);
        assert!(place.store.standings(&scope, today(), None).await.unwrap().lines.is_empty(), "{who:?}");
        assert!(place.store.waiting_on(&scope, today(), None).await.unwrap().is_empty());
        assert!(place.store.workload(&scope, today()).await.unwrap().is_empty());
        assert!(place.store.intakes(&scope, today(), today()).await.unwrap().is_empty());
    }
    // One branch alone, where somebody asks for it; another branch than his own is none of his.
    let own = manager().branches[0].clone();
    let whole = Actor { branches: vec![], ..manager() };
    for (who, branch, cases) in
        [(manager(), own.as_str(), 2), (manager(), "998", 0), (whole.clone(), &own, 2), (whole, "998", 0)]
    {
        let scope = Scope::of(&who);
        let read = place.store.standings(&scope, today(), Some(branch)).await.unwrap();
        assert_eq!(read.lines.iter().map(|line| line.cases).sum::<u64>(), cases, "{branch} {who:?}");
        let waiting = place.store.waiting_on(&scope, today(), Some(branch)).await.unwrap();
        assert_eq!(waiting.is_empty(), cases == 0, "{branch} {who:?}");
    }
    place.tamper("UPDATE application SET branch = '998' WHERE stage = 'SCREENING'").await;
    place.tamper("UPDATE task SET branch = '998' WHERE application_id IN (SELECT id FROM application WHERE branch = '998')").await;
    let scope = Scope::of(&Actor { branches: vec![own, "998".to_owned()], ..manager() });
    let stages = async |branch: Option<&str>| {
        let read = place.store.standings(&scope, today(), branch).await.unwrap();
        read.lines.iter().map(|line| line.stage).collect::<Vec<_>>()
    };
    assert_eq!(stages(Some("998")).await, [Stage::Screening]);
    assert_eq!(stages(None).await, [Stage::Screening, Stage::Submitted]);
    let waiting = place.store.waiting_on(&scope, today(), Some("998")).await.unwrap();
    assert!(!waiting.is_empty() && waiting.iter().all(|line| line.stage == Stage::Screening), "{waiting:?}");
    let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
    let read = place.store.standings(&Scope::of(&auditor), today(), None).await.unwrap();
    assert_eq!(read.lines.iter().map(|line| line.cases).sum::<u64>(), 2);
}

async fn work_is_counted_by_who_does_it(place: Place) {
    two(&place).await;
    let scope = Scope::of(&clerk());
    let taken = place.store.claim_next(&scope, noon()).await.unwrap().unwrap();
    let lines = place.store.workload(&Scope::of(&manager()), taken.due_on).await.unwrap();
    let own = lines.iter().find(|line| line.subject.as_deref() == Some("clerk-1")).unwrap();
    assert_eq!((own.role, own.tasks, own.cases, own.overdue), (Role::BranchClerk, 1, 1, 0));
    assert_eq!(own.next_due, taken.due_on);
    // Partners' work is theirs; every other open task is in one line.
    assert!(lines.iter().all(|line| line.role.is_staff()), "{lines:?}");
    let mut open = 0;
    for role in Role::ALL.iter().filter(|role| role.is_staff()) {
        let filter = TaskFilter { role: Some(*role), ..TaskFilter::default() };
        open += place.store.count_tasks(&Scope::of(&manager()), &filter).await.unwrap().count;
    }
    assert_eq!(lines.iter().map(|line| line.tasks).sum::<u64>(), open);
    let late = taken.due_on.succ_opt().unwrap();
    let lines = place.store.workload(&Scope::of(&manager()), late).await.unwrap();
    let own = lines.iter().find(|line| line.subject.as_deref() == Some("clerk-1")).unwrap();
    assert_eq!(own.overdue, 1, "due yesterday is overdue, due today is not");
}

async fn months_show_what_became_of_their_cases(place: Place) {
    two(&place).await;
    let (scope, month) = (Scope::of(&manager()), today().format("%Y-%m").to_string());
    let read = place.store.intakes(&scope, today(), today()).await.unwrap();
    let found: Vec<_> = read.iter().map(|line| (line.month.as_str(), line.stage, line.cases)).collect();
    assert_eq!(found, [(month.as_str(), Stage::Screening, 1), (month.as_str(), Stage::Submitted, 1)]);
    let next = today().succ_opt().unwrap();
    assert!(place.store.intakes(&scope, next, next).await.unwrap().is_empty());
}

/// L-93: that a match is reviewed makes no case overdue for anybody but compliance.
async fn a_match_under_review_is_in_no_figure(place: Place) {
    let (one, _) = two(&place).await;
    place
        .tamper(&format!(
            "UPDATE task SET task = 'REVIEW_MATCH', role = 'COMPLIANCE', due_on = '2020-01-06' WHERE id IN \
             (SELECT min(id) FROM task WHERE application_id = '{one}')"
        ))
        .await;
    let overdue = async |who: Actor| {
        let scope = Scope::of(&who);
        let stood = place.store.standings(&scope, today(), None).await.unwrap().lines;
        let waits = place.store.waiting_on(&scope, today(), None).await.unwrap();
        let work = place.store.workload(&scope, today()).await.unwrap();
        let waits = waits.iter().filter(|line| line.role == Role::Compliance).count();
        let work = work.iter().filter(|line| line.role == Role::Compliance).count();
        (stood.iter().map(|line| line.overdue).sum::<u64>(), waits, work)
    };
    assert_eq!(overdue(manager()).await, (0, 0, 0));
    assert_eq!(overdue(staff(Role::Compliance, "compliance")).await, (1, 1, 1));
}

/// Each statement finds its rows by an index that begins with the bank, and the documents stay where they are.
fn judged(plans: &[String; 4], scan: &str, stages: &str, months: &str) {
    for plan in plans {
        assert!(!plan.contains(scan), "{plan}");
    }
    let [standings, waiting, workload, intakes] = plans;
    assert!(standings.contains(stages), "{standings}");
    assert!(standings.contains("task_application"), "{standings}");
    assert!(waiting.contains("task_"), "{waiting}");
    // Of few rows any index of the bank's tasks is as good.
    assert!(workload.contains("task_"), "{workload}");
    assert!(intakes.contains(months), "{intakes}");
}

#[tokio::test]
async fn figures_read_indexes_on_sqlite() {
    let place = sqlite(|_| ()).await;
    let plans = place.store.explain_figures(&Scope::of(&manager()), today()).await.unwrap();
    judged(&plans, "SCAN a", "application_stage", "application_received");
    // Seeded: without its index the months read every case of the bank.
    place.tamper("DROP INDEX application_received").await;
    // A plan that was made stays: a store that begins anew makes its own.
    let fresh = Store::open(&place.url, StoreOptions::new(rulebook())).await.unwrap();
    let [.., intakes] = fresh.explain_figures(&Scope::of(&manager()), today()).await.unwrap();
    assert!(!intakes.contains("application_received"), "{intakes}");
}

#[tokio::test]
async fn figures_read_indexes_on_postgres() {
    let place = postgres_with("enable_seqscan = off;enable_bitmapscan = off", |_| ()).await;
    two(&place).await;
    place.tamper("VACUUM ANALYZE application").await;
    let plans = place.store.explain_figures(&Scope::of(&manager()), today()).await.unwrap();
    // Of two cases any index that begins with the bank is as good.
    judged(&plans, "Seq Scan on", "application_", "application_");
}
