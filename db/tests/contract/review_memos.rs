//! A guarantee institution's people write memos for each other on a case that they were asked about: nobody else reads them, they stand in
//! nothing that tells of the case, and they go with its data key (decision 41).

use crate::stories::*;
use crate::vault::{by_two, ring, vault};
use db::Scope;
use db::evidence::{Trust, check};
use db::review_memos::{LONGEST_MEMO, MEMOS_MOST, MemoAnswer, ReviewMemo};
use db::{Target, verify};
use sea_orm::{ConnectionTrait, Statement};
use workflows::machine::{Actor, Command, Role};

on_both!(
    a_memo_is_read_by_the_institution_that_wrote_it_alone,
    what_is_no_memo_is_named_and_not_kept,
    a_case_takes_so_many_memos,
);

/// The same on a store with a vault, of a bank with two guarantors.
mod sealed {
    use db::StoreOptions;

    fn options(options: &mut StoreOptions) {
        crate::guarantors::two(options);
        options.vault = Some(super::vault(&super::ring(1)));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        super::a_memo_is_sealed_and_goes_with_the_case(crate::stories::sqlite(options).await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        super::a_memo_is_sealed_and_goes_with_the_case(crate::stories::postgres(options).await).await;
    }
}

const TEXT: &str = "申告所得と課税証明の差額を勤務先へ確認済み";

fn reviewer(name: &str, organisation: &str) -> Actor {
    Actor { subject: name.to_owned(), ..partner(Role::Guarantor, organisation) }
}

/// A case that a guarantor was asked about, and whom.
async fn asked(place: &Place) -> (String, String) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let case = screened(&place.store, &id).await.case;
    (id, case.engagements[&Role::Guarantor].clone())
}

async fn add(place: &Place, who: &Actor, id: &str, text: &str, second: i64) -> MemoAnswer {
    place.store.add_review_memo(&Scope::of(who), id, text, soon(second)).await.unwrap()
}

async fn read(place: &Place, who: &Actor, id: &str) -> Option<Vec<ReviewMemo>> {
    place.store.review_memos(&Scope::of(who), id).await.unwrap()
}

/// A memo on a case, for other tests.
pub async fn written(place: &Place, id: &str) {
    let organisation = crate::offices::guarantor_of(place, id).await;
    let done = add(place, &reviewer("reviewer-1", &organisation), id, TEXT, 1).await;
    assert!(matches!(done, MemoAnswer::Done(_)), "{done:?}");
}

/// Everything that tells of cases, without the table of memos itself.
async fn told(place: &Place) -> String {
    let queries = [
        "SELECT body AS t FROM application",
        "SELECT events || coalesce(input, '') || coalesce(reason, '') AS t FROM entry",
        "SELECT payload AS t FROM outbox",
        "SELECT body_ja || body_en || subject_ja || subject_en AS t FROM inbox",
        "SELECT detail || coalesce(code, '') AS t FROM audit",
    ];
    let (aside, mut all) = (place.aside().await, String::new());
    for query in queries {
        let rows = aside.query_all_raw(Statement::from_string(aside.get_database_backend(), query)).await;
        for row in rows.unwrap() {
            all.push_str(&row.try_get::<String>("", "t").unwrap());
        }
    }
    aside.close().await.unwrap();
    all
}

async fn a_memo_is_read_by_the_institution_that_wrote_it_alone(place: Place) {
    let (id, organisation) = asked(&place).await;
    let (first, second) = (reviewer("reviewer-1", &organisation), reviewer("reviewer-2", &organisation));
    assert_eq!(read(&place, &first, &id).await, Some(vec![]));
    let version = place.store.case(&Scope::of(&clerk()), &id).await.unwrap().unwrap().version;
    assert!(matches!(add(&place, &first, &id, &format!("  {TEXT}\n"), 1).await, MemoAnswer::Done(_)));
    // A correction is another memo; both stand, in their order.
    assert!(matches!(add(&place, &second, &id, "差額は5万円", 2).await, MemoAnswer::Done(_)));
    let seen = read(&place, &first, &id).await.unwrap();
    let said: Vec<_> = seen.iter().map(|memo| (memo.by.as_str(), memo.at, memo.text.as_str())).collect();
    assert_eq!(said, [("reviewer-1", soon(1), TEXT), ("reviewer-2", soon(2), "差額は5万円")]);
    assert_eq!(read(&place, &second, &id).await.unwrap(), seen);
    let case = place.store.case(&Scope::of(&clerk()), &id).await.unwrap().unwrap();
    assert_eq!(case.version, version, "the case has not moved");

    let elsewhere = reviewer("stranger", "SOMEBODY-ELSE");
    let abroad = Actor { institution: "9999".to_owned(), ..first.clone() };
    for who in [&elsewhere, &abroad] {
        assert_eq!(read(&place, who, &id).await, None, "{who:?}");
        assert_eq!(add(&place, who, &id, "x", 3).await, MemoAnswer::NotFound, "{who:?}");
    }
    // The bank's people, its auditor, the customer, other partners and the server itself.
    let insurer = partner(Role::Insurer, &case.engagements[&Role::Insurer]);
    let mut others = vec![applicant("taro"), insurer, Actor::internal(Role::System)];
    let inside =
        [Role::BranchClerk, Role::BranchManager, Role::ScreeningOfficer, Role::Operations, Role::Auditor];
    others.extend(inside.map(|role| staff(role, "curious")));
    // An insurer that calls itself by the guarantor's name is no guarantor.
    others.push(partner(Role::Insurer, &organisation));
    for who in &others {
        assert_eq!(read(&place, who, &id).await, None, "{who:?}");
        assert_eq!(add(&place, who, &id, "x", 3).await, MemoAnswer::Forbidden, "{who:?}");
    }
    assert_eq!(place.number("SELECT count(*) FROM review_memo").await, 2);

    // Nothing that tells of the case holds a word of it; the auditor reads that it was written.
    let all = told(&place).await;
    assert!(!all.contains("課税証明") && !all.contains("差額"), "{all}");
    let audit = place.store.audit(&Scope::of(&staff(Role::Auditor, "auditor")), None, 50).await.unwrap();
    let lines: Vec<_> = audit.items.iter().filter(|line| line.kind == "REVIEW_MEMO").collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[1].by.as_str(), lines[1].at), ("reviewer-1", soon(1)));
    assert_eq!(lines[1].application_id.as_deref(), Some(id.as_str()));
    assert_eq!(check(&place.store, &Trust::default()).await.unwrap().findings, vec![]);
}

async fn what_is_no_memo_is_named_and_not_kept(place: Place) {
    let (id, organisation) = asked(&place).await;
    let who = reviewer("reviewer-1", &organisation);
    for text in ["", "  \n", &"あ".repeat(LONGEST_MEMO + 1)] {
        let MemoAnswer::Invalid(problems) = add(&place, &who, &id, text, 1).await else { panic!("{text}") };
        let problem = &problems[0];
        assert_eq!((problem.field.as_str(), problem.rule), ("text", "F-02"));
        assert!(
            problem.message_ja.contains("2,000文字") && problem.accepted.contains("1 to 2000"),
            "{problem:?}"
        );
    }
    assert_eq!(read(&place, &who, &id).await, Some(vec![]));
    let longest = "あ".repeat(LONGEST_MEMO);
    assert!(matches!(add(&place, &who, &id, &longest, 1).await, MemoAnswer::Done(_)));
    // A case that nobody has asked about yet is not there.
    let unasked = submitted(&place.store, &applicant("hanako")).await;
    assert_eq!(add(&place, &who, &unasked, "x", 1).await, MemoAnswer::NotFound);
}

async fn a_case_takes_so_many_memos(place: Place) {
    let (id, organisation) = asked(&place).await;
    let who = reviewer("reviewer-1", &organisation);
    assert!(matches!(add(&place, &who, &id, TEXT, 1).await, MemoAnswer::Done(_)));
    for n in 1..MEMOS_MOST {
        place
            .tamper(&format!(
                "INSERT INTO review_memo (id, institution, application_id, organisation, author, made_at, body) \
                 SELECT 'more-{n}', institution, application_id, organisation, author, made_at, body FROM review_memo \
                 WHERE id NOT LIKE 'more-%'"
            ))
            .await;
    }
    let MemoAnswer::Invalid(problems) = add(&place, &who, &id, "x", 2).await else { panic!("one too many") };
    assert_eq!((problems[0].field.as_str(), problems[0].rule), ("applicationId", "F-02"));
    assert!(problems[0].accepted.contains("200"), "{problems:?}");
}

async fn a_memo_is_sealed_and_goes_with_the_case(place: Place) {
    let store = &place.store;
    let (id, organisation) = asked(&place).await;
    let first = reviewer("reviewer-1", &organisation);
    written(&place, &id).await;
    let clear = "SELECT count(*) FROM review_memo WHERE body NOT LIKE 'sealed:1:%'";
    assert_eq!(place.number(clear).await, 0);
    assert_eq!(read(&place, &first, &id).await.unwrap()[0].text, TEXT);

    // A text that was exchanged for another one's does not open, and is found.
    let (other, _) = asked(&place).await;
    written(&place, &other).await;
    place.save("review_memo").await;
    let moved = format!(
        "UPDATE review_memo SET body = (SELECT m.body FROM review_memo m WHERE m.application_id = '{id}') \
         WHERE application_id = '{other}'"
    );
    assert_eq!(place.tamper(&moved).await, 1);
    assert!(store.review_memos(&Scope::of(&first), &other).await.is_err());
    let found = check(store, &Trust::default()).await.unwrap().findings;
    assert_eq!(found.iter().map(|it| it.table.as_str()).collect::<Vec<_>>(), ["review_memo"]);
    place.restore("review_memo").await;

    // The other institution does not find what the first one wrote, and the first one finds the case no more.
    let switch = Command::SwitchGuarantor {
        guarantor: "GUARANTOR-2".to_owned(),
        reason: "保証機関の都合".to_owned(),
    };
    done(ask(store, &clerk(), Target::Case { id: &id }, &switch).await);
    done(
        ask(store, &clerk(), Target::Case { id: &id }, &Command::RequestGuarantee { new_evidence: None })
            .await,
    );
    let second = reviewer("reviewer-9", "GUARANTOR-2");
    assert_eq!(read(&place, &second, &id).await, Some(vec![]));
    assert!(matches!(add(&place, &second, &id, "第二機関のメモ", 3).await, MemoAnswer::Done(_)));
    assert_eq!(read(&place, &first, &id).await, None);
    assert_eq!(add(&place, &first, &id, "late", 4).await, MemoAnswer::NotFound);

    // Erased with the case: the rows are left, and nothing opens them. No proof breaks.
    let withdraw = Command::WithdrawApplication { reason: "住宅の購入を見送ったため".to_owned() };
    done(ask(store, &applicant("taro"), Target::Case { id: &id }, &withdraw).await);
    let late = soon(8 * 366 * 86_400);
    by_two(store, &id, &Command::ReleaseForErasure {}, late).await;
    assert_eq!(store.erase_released(late).await.unwrap().erased.len(), 1);
    assert_eq!(read(&place, &second, &id).await, None);
    assert_eq!(place.number("SELECT count(*) FROM review_memo").await, 3);
    assert_eq!(place.number(clear).await, 0);
    assert_eq!(check(store, &Trust::default()).await.unwrap().findings, vec![]);
    assert_eq!(verify::verify(store).await.unwrap().violations, vec![]);
    assert_eq!(read(&place, &first, &other).await.unwrap()[0].text, TEXT, "the other case's are there");
}
