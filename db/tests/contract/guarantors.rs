//! A case goes to the bank's other guarantee institution: the former one finds it nowhere any more, answers too late, and neither sees
//! what the other one said (F-01, L-PRIV).

use crate::stories::*;
use db::outbox::Lane;
use db::read::{Filter, Sort, TaskFilter};
use db::registers::RegisterAnswer;
use db::{Answer, Request, Scope, StoreOptions, Target};
use std::sync::Arc;
use std::time::Duration;
use workflows::compliance::Eyes;
use workflows::compliance::contractor::{Contractor, ContractorService, ContractorState, ContractorStep};
use workflows::machine::facts::{GuaranteeAnswer, GuaranteedLoan};
use workflows::machine::reconcile::RequestStanding;
use workflows::machine::{Actor, Command, Refusal, Role, Rulebook, TrackState};
use workflows::product::Source;
use workflows::{Books, PostedRates};

const PARAMETERS: &str = include_str!("../../../tests/data/parameters.json");

/// The sample's bank with two guarantors.
pub fn two(options: &mut StoreOptions) {
    let edition = format!(
        "bank_code = \"{}\"\neffective_from = \"2024-07-01\"\n[[guarantors]]\norganisation = \"GUARANTOR-1\"\n\
         [[guarantors]]\norganisation = \"GUARANTOR-2\"\n",
        form().institution.bank_code
    );
    let base = Source { name: "base.toml", text: BASE };
    let parameters = Source { name: "parameters.json", text: PARAMETERS };
    let edition = Source { name: "edition.toml", text: &edition };
    let books = Books::of(base, Some(parameters), &[edition]).unwrap();
    let rates: PostedRates = (*rulebook().rates).clone();
    options.rules = Arc::new(Rulebook { books: Arc::new(books), rates: Arc::new(rates) });
}

macro_rules! with_two {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(crate::stories::sqlite(super::two).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$name(crate::stories::postgres(super::two).await).await;
            }
        }
    )+ };
}

with_two!(the_former_guarantor_finds_nothing_and_answers_too_late, a_suspended_guarantor_gets_no_case);

fn guarantor(number: u8) -> Actor {
    partner(Role::Guarantor, &format!("GUARANTOR-{number}"))
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

fn switch() -> Command {
    Command::SwitchGuarantor {
        guarantor: "GUARANTOR-2".to_owned(), reason: "保証機関の都合".to_owned()
    }
}

/// Whether each way of reading finds the case: by id, its history, the list, the count, the tasks.
async fn found(place: &Place, who: &Actor, id: &str) -> [bool; 5] {
    let (store, scope) = (&place.store, Scope::of(who));
    let listed = store.list(&scope, &Filter::default(), Sort::UpdatedDesc, None, 10).await.unwrap();
    let tasks = store.tasks(&scope, &TaskFilter::default(), None, 10).await.unwrap();
    [
        store.case(&scope, id).await.unwrap().is_some(),
        !store.entries(&scope, id, 0, 10).await.unwrap().is_empty(),
        listed.items.iter().any(|row| row.id == id),
        store.count(&scope, &Filter::default()).await.unwrap().count > 0,
        tasks.items.iter().any(|task| task.application_id == id),
    ]
}

/// What an organisation's list of the day says: request, standing, amount asked for, number granted.
async fn day(place: &Place, who: &Actor) -> Vec<(String, RequestStanding, Option<i64>, Option<String>)> {
    let today = workflows::calendar::tokyo_date(noon());
    let page = place.store.requests_of_day(&Scope::of(who), today, None, 50).await.unwrap();
    let line = |one: db::read::RequestLine| {
        let granted = one.line.granted.map(|granted| granted.decision.guarantee_number);
        (one.line.request_id, one.line.standing, one.line.requested_yen, granted)
    };
    page.items.into_iter().map(line).collect()
}

fn refused_as(answer: &Answer, code: &str) -> bool {
    matches!(answer, Answer::Refused(Refusal::Blocked { unmet }) if unmet.len() == 1 && unmet[0].code == code)
}

async fn the_former_guarantor_finds_nothing_and_answers_too_late(place: Place) {
    let store = &place.store;
    let (first, second) = (guarantor(1), guarantor(2));
    let (id, other) =
        (submitted(store, &applicant("taro")).await, submitted(store, &applicant("jiro")).await);
    screened(store, &id).await;
    let case = screened(store, &other).await.case;
    let asked = case.requests.iter().find(|(_, request)| request.role == Role::Guarantor).unwrap().0.clone();
    let (target, by_request) = (Target::Case { id: &id }, Target::Request { id: &id, request: &asked });
    // The key of the first answer, and what a repeat under it brings.
    let keyed = Request {
        actor: &first,
        now: noon(),
        target: by_request,
        command: &approve("G-FIRST"),
        expected_version: None,
        key: Some(db::Key { key: "first-answer", body_hash: "h" }),
    };
    done(store.execute(keyed).await.unwrap());
    assert!(done(store.execute(keyed).await.unwrap()).replayed);
    assert_eq!(found(&place, &first, &id).await, [true, true, true, true, false]);
    assert_eq!(found(&place, &second, &id).await, [false; 5]);
    assert!(matches!(ask(store, &second, by_request, &approve("G-2")).await, Answer::NotFound));

    let switched = done(ask(store, &clerk(), target, &switch()).await);
    assert_eq!(switched.case.guarantee_state(), Some(TrackState::NotRequested));
    assert!(switched.case.guarantees.is_empty(), "the decision of the former one is void");
    let mine = |who: &Actor| {
        let (store, who, id) = (store.clone(), who.clone(), id.clone());
        async move { store.case(&Scope::of(&who), &id).await.unwrap() }
    };
    // The other case stays where it was: the checks can tell.
    assert_eq!(found(&place, &first, &other).await, [true; 5]);
    for (who, count) in [(&first, true), (&second, false)] {
        let [by_id, history, listed, counted, task] = found(&place, who, &id).await;
        assert_eq!([by_id, history, listed, counted, task], [false, false, false, count, false], "{who:?}");
    }
    // Late answers, a repeat, a revocation: withdrawn, and nothing else is told; the version does not move.
    for late in [approve("G-FIRST"), approve("G-LATE"), Command::DeclineGuarantee {}] {
        let answer = ask(store, &first, by_request, &late).await;
        assert!(refused_as(&answer, "N-REQUEST-WITHDRAWN"), "{answer:?}");
    }
    let revoke = Command::RevokeGuarantee { content_version: Some(1) };
    assert!(refused_as(&ask(store, &first, by_request, &revoke).await, "N-REQUEST-WITHDRAWN"));
    assert!(matches!(store.execute(keyed).await.unwrap(), Answer::NotFound), "no case with an old receipt");
    // Without the request, or with another one, there is no case for it; nor is there for somebody who was never asked.
    assert!(matches!(ask(store, &first, target, &approve("G-LATE")).await, Answer::NotFound));
    let unknown = Target::Request { id: &id, request: "T1.0" };
    assert!(matches!(ask(store, &first, unknown, &approve("G-LATE")).await, Answer::NotFound));
    assert!(matches!(ask(store, &guarantor(9), by_request, &approve("G-9")).await, Answer::NotFound));
    assert!(matches!(ask(store, &second, by_request, &approve("G-2")).await, Answer::NotFound));
    let abroad = Actor { institution: "9999".to_owned(), ..first.clone() };
    assert!(matches!(ask(store, &abroad, by_request, &approve("G-LATE")).await, Answer::NotFound));

    done(ask(store, &clerk(), target, &Command::RequestGuarantee { new_evidence: None }).await);
    assert_eq!(found(&place, &second, &id).await, [true; 5]);
    assert_eq!(found(&place, &first, &id).await, [false, false, false, true, false]);
    let sight = mine(&second).await.unwrap();
    assert!(sight.guarantees.is_empty(), "nothing of what the former one said");
    let anew = sight
        .requests
        .iter()
        .filter(|(_, request)| request.role == Role::Guarantor && request.former.is_none());
    let [(anew, _)] = anew.collect::<Vec<_>>()[..] else { panic!("one request") };
    // The former one's id is none of the new one's, and the new one's is none of the former one's.
    assert!(refused_as(&ask(store, &second, by_request, &approve("G-2")).await, "N-REQUEST-UNKNOWN"));
    let new_request = Target::Request { id: &id, request: anew };
    assert!(matches!(ask(store, &first, new_request, &approve("G-LATE")).await, Answer::NotFound));
    done(ask(store, &second, new_request, &approve("G-SECOND")).await);
    let case = mine(&clerk()).await.unwrap();
    assert_eq!(case.guarantee_state(), Some(TrackState::Approved));
    assert_eq!(case.guarantees[&1].decision.guarantee_number, "G-SECOND");

    // Each list of the day has the organisation's own requests, the former one's without what is asked for since.
    let yen = form().requested_amount_yen.0;
    let granted = |number: &str| Some(number.to_owned());
    let mut of_first = day(&place, &first).await;
    of_first.sort();
    let mut wanted = vec![
        (asked.clone(), RequestStanding::Answered, None, granted("G-FIRST")),
        (asked.clone(), RequestStanding::Open, Some(yen), None),
    ];
    wanted.sort();
    assert_eq!(of_first, wanted);
    assert_eq!(
        day(&place, &second).await,
        [(anew.clone(), RequestStanding::Answered, Some(yen), granted("G-SECOND"))]
    );
    // The messages: asked and withdrawn the one, asked the other.
    let parcels = store.lease(Lane::Local, soon(1), "courier", 100, Duration::from_secs(30)).await.unwrap();
    let sent =
        parcels.iter().filter(|parcel| parcel.application_id == id && parcel.kind.starts_with("GUARANTEE_"));
    let mut sent: Vec<(String, bool)> =
        sent.map(|parcel| (parcel.kind.clone(), parcel.address.contains("GUARANTOR-2"))).collect();
    sent.sort();
    let wanted = [("GUARANTEE_CANCEL", false), ("GUARANTEE_REQUEST", false), ("GUARANTEE_REQUEST", true)];
    assert_eq!(sent, wanted.map(|(kind, second)| (kind.to_owned(), second)));
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);

    // And back: the first is asked anew, its old request stays withdrawn, and the other one is out.
    let back = Command::SwitchGuarantor { guarantor: "GUARANTOR-1".to_owned(), reason: "条件".to_owned() };
    done(ask(store, &clerk(), target, &back).await);
    assert!(refused_as(&ask(store, &second, new_request, &approve("G-SECOND")).await, "N-REQUEST-WITHDRAWN"));
    assert!(refused_as(&ask(store, &first, by_request, &approve("G-FIRST")).await, "N-REQUEST-WITHDRAWN"));
    done(ask(store, &clerk(), target, &Command::RequestGuarantee { new_evidence: None }).await);
    assert_eq!(found(&place, &first, &id).await, [true; 5]);
    assert_eq!(found(&place, &second, &id).await, [false; 5]);
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
}

/// The register of contractors says who is suspended (L-94); a guarantor that it does not have is known by the book.
async fn a_suspended_guarantor_gets_no_case(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    screened(store, &id).await;
    let today = workflows::calendar::tokyo_date(noon());
    let officer = |name: &str| Scope::of(&staff(Role::Compliance, name));
    let agent = |organisation: &str| Contractor {
        organisation: organisation.to_owned(),
        name: "見本保証".to_owned(),
        service: ContractorService::GuarantorAgent,
        contract_from: today,
        contract_until: None,
        next_review_on: today.checked_add_days(chrono::Days::new(180)).unwrap(),
        substitute: Some("GUARANTOR-1".to_owned()),
        state: ContractorState::Active,
        reason: None,
        reviews: vec![],
    };
    let line = |answer: RegisterAnswer<Contractor>| match answer {
        RegisterAnswer::Done(line) => line.id,
        other => panic!("not done: {other:?}"),
    };
    let decide = async |id: &str| {
        line(store.decide_in_register::<Contractor>(&officer("two"), id, None, soon(1)).await.unwrap())
    };
    let step = async |id: &str, step: ContractorStep| {
        let after = |contractor: &Contractor| contractor.after(step, "行政処分");
        let what = (step.code(), Eyes::Four);
        line(store.step_in_register(&officer("one"), id, what, after, soon(2)).await.unwrap());
        decide(id).await
    };
    let added = store
        .add_to_register(&officer("one"), ("ADD", agent("GUARANTOR-2")), Eyes::Four, noon())
        .await
        .unwrap();
    let kept = decide(&line(added)).await;
    step(&kept, ContractorStep::Suspend).await;
    let target = Target::Case { id: &id };
    let answer = ask(store, &clerk(), target, &switch()).await;
    let Answer::Refused(Refusal::Blocked { unmet }) = &answer else { panic!("{answer:?}") };
    let [unmet] = unmet.as_slice() else { panic!("{unmet:?}") };
    assert_eq!((unmet.code.as_str(), unmet.rule.as_deref()), ("N-CONTRACTOR-FIT", Some("L-94")));
    assert!(unmet.ja.contains("代替委託先：GUARANTOR-1"), "{}", unmet.ja);
    step(&kept, ContractorStep::Lift).await;
    done(ask(store, &clerk(), target, &switch()).await);
    // The way back leads to one that the register does not have.
    let back = Command::SwitchGuarantor { guarantor: "GUARANTOR-1".to_owned(), reason: "条件".to_owned() };
    done(ask(store, &clerk(), target, &back).await);
    // What the register said is kept with the entry: the decision can be made again.
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
}
