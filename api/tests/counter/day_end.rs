//! The end of a business day over the API: who may, four eyes, a list and a file handed in, differences with what to do.

use crate::house::{House, person};
use crate::papers::told;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use workflows::calendar::tokyo_date;
use workflows::day_end::ledger::HEADER;
use workflows::machine::Role;

const PROBLEMS: &str = "problems { field rule messageJa messageEn accepted }";
const DAY: &str = "query($date: Date!) { businessDay(date: $date) { state lastClosed earliestOpen \
     lines { key number orderedYen outcome outcomeLabel { ja } ledgerYen difference } transfers { key sentYen difference } \
     differences { id kind kindLabel { ja } toDo { ja en } mayBeCarried orderedYen foundYen applicationId } \
     pending { id proposedBy } steps { step state digest bookings results { line outcome } carried { reason difference { id } } } } }";

fn ledger() -> String {
    format!(
        "mutation($date: Date!, $list: String!) {{ handInLedger(date: $date, list: $list) {{ line {{ id bookings }} repeated {PROBLEMS} }} }}"
    )
}

fn close() -> String {
    format!(
        "mutation($date: Date!, $carried: [CarryOverInput!]) {{ proposeDayClosing(date: $date, carried: $carried) {{ \
         line {{ id state orders bookedYen }} {PROBLEMS} }} }}"
    )
}

fn approve() -> String {
    format!("mutation($id: ID!) {{ approveDayStep(id: $id) {{ line {{ state decidedBy }} {PROBLEMS} }} }}")
}

#[tokio::test]
async fn a_day_is_closed_over_the_api_by_two_people() {
    let house = House::open().await;
    let id = told(&house, "10-disbursed").await;
    let (first, second) = (person(Role::Operations, "first"), person(Role::Operations, "second"));
    let case = house
        .data(
            &first,
            "query($id: ID!) { application(id: $id) { postings { key date } } }",
            json!({ "id": id }),
        )
        .await;
    let posting = &case["application"]["postings"][0];
    let (key, date) = (posting["key"].as_str().expect("key"), posting["date"].clone());
    house.clock.set(format!("{}T08:00:00Z", date.as_str().expect("date")).parse().expect("instant"));
    let today = json!({ "date": date });

    let day = house.data(&first, DAY, today.clone()).await["businessDay"].clone();
    assert_eq!((&day["state"], &day["lines"][0]["outcome"]), (&json!("OPEN"), &json!("POSTED")), "{day}");
    assert_eq!(day["differences"][0]["kind"], "NO_LEDGER");
    assert!(
        day["differences"][0]["toDo"]["ja"].as_str().is_some_and(|text| text.contains("元帳明細")),
        "{day}"
    );

    // A list of which the half is missing is refused whole, with line and field.
    let row = |yen: i64| format!("{HEADER}\n{key},,POSTING,{yen},{},L-1\n", date.as_str().expect("date"));
    let broken =
        house.data(&first, &ledger(), json!({ "date": date, "list": row(5) })).await["handInLedger"].clone();
    assert_eq!((&broken["line"], &broken["problems"][0]["field"]), (&Value::Null, &json!("line 3, TOTAL")));
    let short = format!("{}TOTAL,1,5\n", row(5));
    let taken =
        house.data(&first, &ledger(), json!({ "date": date, "list": short })).await["handInLedger"].clone();
    assert_eq!((&taken["line"]["bookings"], &taken["repeated"]), (&json!(1), &json!(false)), "{taken}");
    let refused = house.data(&first, &close(), today.clone()).await["proposeDayClosing"].clone();
    let field = refused["problems"][0]["field"].as_str().expect("field").to_owned();
    assert_eq!(
        (&refused["line"], field.as_str()),
        (&Value::Null, &*format!("AMOUNT_DIFFERS:{key}")),
        "{refused}"
    );

    let right = format!("{}TOTAL,1,30000000\n", row(30_000_000));
    house.data(&first, &ledger(), json!({ "date": date, "list": right })).await;
    let again =
        house.data(&second, &ledger(), json!({ "date": date, "list": right })).await["handInLedger"].clone();
    assert_eq!(again["repeated"], true, "{again}");
    let proposed = house.data(&first, &close(), today.clone()).await["proposeDayClosing"].clone();
    assert_eq!(
        (&proposed["line"]["orders"], &proposed["line"]["bookedYen"]),
        (&json!(1), &json!(30_000_000)),
        "{proposed}"
    );
    let line = json!({ "id": proposed["line"]["id"] });
    let own = house.data(&first, &approve(), line.clone()).await["approveDayStep"].clone();
    assert_eq!((&own["line"], &own["problems"][0]["rule"]), (&Value::Null, &json!("E.2")), "{own}");
    let other_bank = {
        let mut other = second.clone();
        other.institution = "2978".to_owned();
        other
    };
    assert_eq!(house.ask(&other_bank, &approve(), line.clone()).await.code(), "NOT_FOUND");
    let approved = house.data(&second, &approve(), line).await["approveDayStep"].clone();
    assert_eq!(approved["line"], json!({ "state": "APPROVED", "decidedBy": "second" }), "{approved}");
    let auditor = person(Role::Auditor, "auditor");
    let day = house.data(&auditor, DAY, today).await["businessDay"].clone();
    assert_eq!(
        (&day["state"], &day["lastClosed"], &day["differences"]),
        (&json!("CLOSED"), &date, &json!([])),
        "{day}"
    );
    let listed = house
        .data(&auditor, "{ dayEnds(first: 5) { day step state proposedBy decidedBy } }", json!({}))
        .await;
    assert_eq!(
        listed["dayEnds"][0],
        json!({ "day": date, "step": "CLOSING", "state": "APPROVED", "proposedBy": "first", "decidedBy": "second" })
    );
    // It stands in the audit under a kind of its own.
    let lines = "{ auditLines(first: 10, kind: DAY_END) { edges { node { verb subject } } } }";
    let lines = house.data(&auditor, lines, json!({})).await["auditLines"]["edges"].clone();
    assert_eq!(lines[0]["node"], json!({ "verb": "approveDayStep", "subject": "second" }), "{lines}");
}

#[tokio::test]
async fn days_are_for_operations_and_auditors_of_the_bank() {
    let house = House::open().await;
    let date = json!(tokyo_date(db_now(&house)));
    for role in Role::ALL.iter().copied().filter(|role| !role.is_internal()) {
        let sdl = api::graphql::sdl(role).expect("schema");
        let reads = matches!(role, Role::Operations | Role::Auditor);
        assert_eq!(sdl.contains("businessDay("), reads, "{role}");
        assert_eq!(sdl.contains("proposeDayClosing"), role == Role::Operations, "{role}");
    }
    let first = person(Role::Operations, "first");
    let file = "mutation($date: Date!, $base64: String!) { handInTransferResult(date: $date, base64: $base64) { \
                line { id } problems { field rule accepted } } }";
    let garbage = json!({ "date": date, "base64": STANDARD.encode("no result file") });
    let answer = house.data(&first, file, garbage).await["handInTransferResult"].clone();
    assert_eq!(answer["problems"][0]["field"], "line 1, column 1", "{answer}");
    let no_base64 = house.ask(&first, file, json!({ "date": date, "base64": "%%" })).await;
    assert_eq!(no_base64.code(), "BAD_USER_INPUT", "{}", no_base64.text);
    let reopen = "mutation($date: Date!) { proposeDayReopening(date: $date, reason: \"誤り\") { problems { field accepted } } }";
    let never = house.data(&first, reopen, json!({ "date": date })).await["proposeDayReopening"].clone();
    assert_eq!(never["problems"][0]["field"], "date", "{never}");
    let back = "mutation { returnDayStep(id: \"nothing\", reason: \" \") { problems { field } } }";
    assert_eq!(house.ask(&first, back, json!({})).await.code(), "BAD_USER_INPUT");
}

fn db_now(house: &House) -> chrono::DateTime<chrono::Utc> {
    use api::Clock as _;
    house.clock.now()
}
