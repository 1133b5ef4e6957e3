//! One case in full, and its twins at another branch, at another bank and with other partners: the same in everything but the words that
//! give each away.

use crate::house::{House, patient};
use crate::story::{Bank, Library, Theatre, begins_a_job};
use api::Limits;
use api::graphql::cost::Most;
use api::graphql::lex::Size;
use db::{Answer, Request, Scope, Target};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use workflows::machine::{Actor, Command, Role, Table};

/// Where a twin stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Own,
    OtherBranch,
    OtherBank,
    OtherPartner,
    /// A case like the own one, whose people withdrew every consent to partners.
    WithoutConsent,
    /// A case like the own one that went to the bank's other guarantor.
    OtherGuarantor,
}

impl Place {
    pub const ALL: [Place; 6] = [
        Place::Own,
        Place::OtherBranch,
        Place::OtherBank,
        Place::OtherPartner,
        Place::WithoutConsent,
        Place::OtherGuarantor,
    ];
}

pub const BANK: &str = "2963";
pub const OTHER_BANK: &str = "2965";
pub const BRANCH: &str = "269";
pub const OTHER_BRANCH: &str = "270";
/// An id that nobody has.
pub const ABSENT: &str = "0198c0de-0000-7000-8000-0000000000ff";
/// What colleagues alone read.
pub const MEMO: &str = "memo-of-the-own-case";
/// Name of a file about somebody's health: the insurer's to see (L-93).
pub const HEALTH: &str = "health-of-the-own-case.pdf";
/// What the own guarantor's people wrote for each other.
pub const REVIEWED: &str = "written-for-reviewers-of-the-own-case";
/// What the own guarantor asked.
pub const ASKED: &str = "question-of-the-own-case";
/// Where the people of the own case settle.
pub const MEETS_AT: &str = "place-of-the-own-case";
/// Where the people of the own case sign, after the appointment was moved.
pub const SIGNS_AT: &str = "signing-of-the-own-case";
/// The question as the case keeps it; the organisation is filled in.
const QUESTION: &str = r#"{"id":"Q1","request":"T1.0","organisation":"","text":"question-of-the-own-case","by":"reviewer",
    "at":"2026-04-06T00:00:00Z","given":{"verb":"askBank","digest":"","version":1,"rows":[]},"reply":null}"#;

/// Words of the own case that give it away, and the ending that makes each a twin's. All of them stand nowhere else.
const WORDS: [&str; 16] = [
    "桜井 遥",
    "サクライ　ハルカ",
    "090-0000-0101",
    "みどり精工株式会社",
    "みどり精工労働組合",
    "桜丘2-14-7",
    "1200345",
    "1988-09-14",
    "memo-of-the-own-case",
    REVIEWED,
    ASKED,
    MEETS_AT,
    SIGNS_AT,
    "for colleagues only",
    "BUREAU-A1",
    "SAMPLE-PURCHASE",
];

/// A case of the walk.
pub struct Twin {
    pub place: Place,
    pub id: String,
    pub number: String,
    /// Words that give this case away and no other.
    pub marks: Vec<String>,
}

pub struct World {
    pub house: House,
    pub twins: Vec<Twin>,
    /// Partner organisations of the own case, on paper.
    pub partners: Vec<(Role, String)>,
    /// Those that were asked for something: only them the case concerns.
    pub asked: Vec<Role>,
}

fn id_of(place: Place) -> String {
    format!("0198c0de-0000-7000-8000-00000000000{}", place as u8 + 1)
}

/// The word of a twin. Digits keep their number of places, so that what reads them goes on reading.
fn word(place: Place, word: &str) -> String {
    let letter = ["", "乙", "丙", "丁", "戊", "己"][place as usize];
    let last = word.chars().last().expect("a letter");
    match (place, last.to_digit(10)) {
        (Place::Own, _) => word.to_owned(),
        (_, Some(digit)) => {
            let digit = (digit + place as u32) % 10;
            format!("{}{digit}", &word[..word.len() - 1])
        }
        (_, None) if word.is_ascii() => format!("{word}-{}", place as u8 + 1),
        (_, None) => format!("{word}{letter}"),
    }
}

fn limits() -> Limits {
    Limits {
        body: 1 << 20,
        document: Size { bytes: 1 << 20, tokens: 200_000, brackets: 400 },
        cost: Most { cost: 10_000_000, depth: 60, expanded: 10_000_000, ..Most::default() },
        cost_per_minute: u64::MAX / 4,
        bank_cost_per_minute: u64::MAX / 4,
        address_cost_per_minute: u64::MAX / 4,
        introspection: true,
        ..patient()
    }
}

impl World {
    /// Plays a story on which everything is recorded, adds a memo, and makes the twins.
    pub async fn open() -> World {
        let house = House::with(limits()).await;
        let own = id_of(Place::Own);
        let done = {
            let (library, table) = (Library::load(), Table::default());
            let rules = workflows::sample::rulebook().expect("rulebook");
            let bank = Bank::of(&rules);
            Theatre::new(&library, &table, &bank).run("9-ready", None).expect("the story").done
        };
        for (at, (actor, command, now)) in done.iter().enumerate() {
            if begins_a_job(&done, at) {
                let (scope, said) = (Scope::of(actor), (true, false, false, None));
                let taken = house.store.answer_engagement(&scope, &own, said, *now).await.expect("answered");
                assert!(matches!(taken, db::case_lines::LineAnswer::Done(_)), "{taken:?}");
            }
            let target = if at == 0 { Target::New { id: &own } } else { Target::Case { id: &own } };
            // The appointment moves, so what is proposed after it has another number than in the story.
            let command = match command {
                Command::ApproveProposal { .. } => &approval(&house, actor, &own).await,
                other => other,
            };
            run(&house, actor, target, command, *now).await;
            if let Command::StartContracting { appointment: Some(day), .. } = command {
                let arrange = Command::ArrangeSigning {
                    appointment: *day,
                    appointment_time: workflows::product::ClockTime::parse("18:30"),
                    appointment_place: Some(SIGNS_AT.to_owned()),
                };
                run(&house, &staff(Role::BranchClerk), target, &arrange, *now).await;
            }
        }
        let (clerk, now) = (staff(Role::BranchClerk), done.last().expect("a step").2);
        let memo = Command::AddMemo { text: MEMO.to_owned() };
        run(&house, &clerk, Target::Case { id: &own }, &memo, now).await;
        let arrange = Command::ArrangeSettlement {
            settlement_time: workflows::product::ClockTime::parse("10:30"),
            settlement_place: Some(MEETS_AT.to_owned()),
        };
        run(&house, &clerk, Target::Case { id: &own }, &arrange, now).await;
        for (paper, name) in [("HEALTH_CERTIFICATE", HEALTH), ("IDENTITY_DOCUMENT", "licence.pdf")] {
            let file = serde_json::json!({
                "id": format!("upload-{paper}"), "paper": paper, "party_id": "A1", "name": name, "sha256": "ab".repeat(32),
                "bytes": 4711, "media_type": "PDF", "scanned": true, "by": "clerk", "role": "BRANCH_CLERK",
            });
            let file = serde_json::from_value(file).expect("a file");
            let attach = Command::AttachPaper { file, replaces: None };
            run(&house, &Actor::internal(Role::System), Target::Case { id: &own }, &attach, now).await;
        }
        let file = connect(&house).await;
        let number = text(&file, "SELECT number FROM application").await;
        let body: serde_json::Value =
            serde_json::from_str(&text(&file, "SELECT body FROM application").await).expect("JSON");
        let engaged = body["engagements"].as_object().expect("engagements").iter();
        let partners = engaged.map(|(role, organisation)| {
            (Role::parse(role).expect("role"), organisation.as_str().expect("organisation").to_owned())
        });
        let partners: Vec<(Role, String)> = partners.collect();
        let asked = text(&file, "SELECT group_concat(role) FROM engagement").await;
        let asked: Vec<Role> = asked.split(',').filter_map(Role::parse).collect();
        assert!(asked.len() >= 4, "{asked:?}");
        ground(&file, &own).await;
        let reviewer = Actor {
            branches: vec![],
            organisation: Some(guarantor(&partners).to_owned()),
            ..staff(Role::Guarantor)
        };
        let written = house.store.add_review_memo(&Scope::of(&reviewer), &own, REVIEWED, now).await;
        assert!(matches!(written, Ok(db::review_memos::MemoAnswer::Done(_))), "{written:?}");
        let mut twins = vec![];
        for place in Place::ALL {
            let twin = Twin {
                place,
                id: id_of(place),
                number: word(place, &number),
                marks: WORDS.iter().map(|each| word(place, each)).collect(),
            };
            if place != Place::Own {
                copy(&file, &own, &number, &twin, &partners).await;
            }
            twins.push(twin);
        }
        World { house, twins, partners, asked }
    }

    pub fn twin(&self, place: Place) -> &Twin {
        self.twins.iter().find(|twin| twin.place == place).expect("a twin")
    }

    /// Forgets that anybody withdrew a consent: what a missing check would come to.
    pub async fn forget_withdrawals(&self) {
        let file = connect(&self.house).await;
        let sql = format!("UPDATE application SET body = replace(body, '{WITHHELD}', ''), withheld = ''");
        file.execute_unprepared(&sql).await.expect("seeded");
    }

    /// A memo on a case, by a colleague of its bank: reason for everybody who listens to hear of it. The version that it leads to.
    pub async fn touch(&self, place: Place) -> u64 {
        let bank = if place == Place::OtherBank { OTHER_BANK } else { BANK };
        let clerk = Actor { branches: vec![], institution: bank.to_owned(), ..staff(Role::BranchClerk) };
        let twin = self.twin(place);
        let memo = Command::AddMemo { text: "again".to_owned() };
        let now = chrono::Utc::now();
        run(&self.house, &clerk, Target::Case { id: &twin.id }, &memo, now).await
    }
}

/// Somebody of the own branch.
pub fn staff(role: Role) -> Actor {
    Actor {
        subject: format!("walker-{}", role.code().to_lowercase()),
        role,
        institution: BANK.to_owned(),
        branches: vec![BRANCH.to_owned()],
        organisation: None,
        on_behalf_of: None,
    }
}

/// Partners that see data of people; the bank's own system and the registry need no consent.
pub const ASK_CONSENT: [Role; 5] =
    [Role::Guarantor, Role::Insurer, Role::FireInsurer, Role::Scrivener, Role::MemberOrg];
/// The mark of a withdrawn consent, as the case keeps it.
const WITHHELD: &str =
    "\"withheld_from\":[\"GUARANTOR\",\"INSURER\",\"FIRE_INSURER\",\"SCRIVENER\",\"MEMBER_ORG\"],";

/// The bank's other guarantor.
pub const SECOND: &str = "GUARANTOR-2";

/// The guarantor of the own case.
fn guarantor(partners: &[(Role, String)]) -> &str {
    partners.iter().find(|(role, _)| *role == Role::Guarantor).map(|(_, name)| name).expect("a guarantor")
}

/// The word to the one proposal that waits.
async fn approval(house: &House, actor: &Actor, id: &str) -> Command {
    let case = house.store.case(&Scope::of(actor), id).await.expect("read").expect("a case");
    let [waits] = case.proposals.as_slice() else { panic!("{:?}", case.proposals) };
    Command::ApproveProposal { proposal_id: waits.id.clone() }
}

async fn run(
    house: &House,
    actor: &Actor,
    target: Target<'_>,
    command: &Command,
    now: chrono::DateTime<chrono::Utc>,
) -> u64 {
    let request = Request { actor, now, target, command, expected_version: None, key: None };
    match house.store.execute(request).await.expect("executed") {
        Answer::Done(done) => done.version,
        other => panic!("{command:?}: {other:?}"),
    }
}

/// A way of its own to the database of the house.
pub async fn connect(house: &House) -> DatabaseConnection {
    let mut connect = ConnectOptions::new(house.sqlite_url());
    // As in the store: the pool's maintenance may never end.
    connect.idle_timeout(None::<std::time::Duration>).max_lifetime(None::<std::time::Duration>);
    connect.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|o| o.foreign_keys(false));
    Database::connect(connect).await.expect("the file")
}

async fn text(file: &DatabaseConnection, sql: &str) -> String {
    let statement = Statement::from_string(file.get_database_backend(), sql);
    let row = file.query_one_raw(statement).await.expect("asked").expect("a row");
    row.try_get_by_index(0).expect("text")
}

/// A ground on record, a reason for the approval, and work at compliance: what a case has that is under suspicion. And a question of its
/// guarantor.
async fn ground(file: &DatabaseConnection, id: &str) {
    let sql = format!(
        "UPDATE application SET body = json_set(body, '$.grounds', json('[\"R2\"]')), head_hash = 'seeded' WHERE id = '{id}'; \
         UPDATE application SET body = json_set(body, '$.questions', json('[{QUESTION}]'), \
         '$.questions[0].organisation', json_extract(body, '$.engagements.GUARANTOR')) WHERE id = '{id}'; \
         UPDATE entry SET reason = 'for colleagues only' WHERE verb IN ('approveLoan', 'approveProposal'); \
         INSERT INTO task (id, institution, application_id, branch, task, role, due_on, opened_at) \
         SELECT '{id}:match', institution, id, branch, 'REVIEW_MATCH', 'COMPLIANCE', planned_date, created_at FROM application WHERE id = '{id}'; \
         INSERT INTO inbox (id, institution, application_id, number, kind, recipient, role, branch, at, subject_ja, subject_en, body_ja, body_en) \
         SELECT '{id}:inbox', institution, id, number, 'N01', 'DESK', 'BRANCH_CLERK', branch, created_at, name_kanji, name_kanji, name_kana, name_kana \
         FROM application WHERE id = '{id}'"
    );
    file.execute_unprepared(&sql).await.expect("seeded");
}

/// Copies every row of a case under another name.
async fn copy(file: &DatabaseConnection, own: &str, number: &str, twin: &Twin, partners: &[(Role, String)]) {
    let place = twin.place;
    let mut pairs: Vec<(String, String)> = vec![(own.to_owned(), twin.id.clone())];
    pairs.push((number.to_owned(), twin.number.clone()));
    pairs.extend(WORDS.iter().map(|each| ((*each).to_owned(), word(place, each))));
    pairs.push((
        "\"applicant\":\"applicant\"".to_owned(),
        format!("\"applicant\":\"applicant-{}\"", place as u8),
    ));
    let (mut bank, mut branch) = (BANK, BRANCH);
    match place {
        Place::OtherBranch => branch = OTHER_BRANCH,
        Place::OtherBank => bank = OTHER_BANK,
        Place::OtherPartner => {
            let away =
                |organisation: &String| (format!("\"{organisation}\""), format!("\"{organisation}-AWAY\""));
            pairs.extend(partners.iter().map(|(_, organisation)| away(organisation)));
        }
        Place::WithoutConsent => {
            // Whoever sees it by right sees the words of the own case: it is told by its id and number.
            pairs.push(("\"conflicts\":{".to_owned(), format!("{WITHHELD}\"conflicts\":{{")));
        }
        Place::OtherGuarantor => {
            let of = |organisation: &str| format!("\"{}\":\"{organisation}\"", Role::Guarantor);
            let former = guarantor(partners);
            pairs.push((of(former), of(SECOND)));
            let left = format!("\"former_guarantors\":[\"{former}\"],\"conflicts\":{{");
            pairs.push(("\"conflicts\":{".to_owned(), left));
        }
        Place::Own => {}
    }
    for key in ["institution", "bank_code"] {
        pairs.push((format!("\"{key}\":\"{BANK}\""), format!("\"{key}\":\"{bank}\"")));
    }
    for key in ["branch", "branch_code"] {
        pairs.push((format!("\"{key}\":\"{BRANCH}\""), format!("\"{key}\":\"{branch}\"")));
    }
    for table in ["application", "entry", "engagement", "outbox", "inbox", "task", "deadline", "review_memo"]
    {
        let columns = text(
            file,
            &format!("SELECT group_concat(name) FROM pragma_table_info('{table}') WHERE name <> 'seq'"),
        )
        .await;
        let of = |column: &str| {
            let away = place == Place::OtherPartner;
            match column {
                "institution" => format!("'{bank}'"),
                "branch" => format!("'{branch}'"),
                "applicant_subject" | "subject" => format!("{column} || '-{}'", place as u8),
                "id" if table == "review_memo" => format!("id || '-{}'", place as u8),
                "organisation" if table == "review_memo" && place == Place::OtherGuarantor => {
                    format!("'{SECOND}'")
                }
                "organisation" if away => "organisation || '-AWAY'".to_owned(),
                "withheld" if place == Place::WithoutConsent => {
                    "'|GUARANTOR|INSURER|FIRE_INSURER|SCRIVENER|MEMBER_ORG|'".to_owned()
                }
                "withheld" if place == Place::OtherGuarantor => {
                    format!("'|{}={}|'", Role::Guarantor, hex::encode(guarantor(partners)))
                }
                _ => {
                    let replaced = pairs.iter().fold(column.to_owned(), |inner, (from, to)| {
                        format!("replace({inner}, '{from}', '{to}')")
                    });
                    format!("CASE typeof({column}) WHEN 'text' THEN {replaced} ELSE {column} END")
                }
            }
        };
        let values: Vec<String> = columns.split(',').map(of).collect();
        let key = if table == "application" { "id" } else { "application_id" };
        let sql = format!(
            "INSERT INTO {table} ({columns}) SELECT {} FROM {table} WHERE {key} = '{own}'",
            values.join(", ")
        );
        file.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    if place == Place::OtherGuarantor {
        // Who was asked keeps its line; who is asked now has one as well.
        let sql = format!(
            "INSERT INTO engagement (institution, application_id, role, organisation) \
             VALUES ('{bank}', '{}', '{}', '{SECOND}')",
            twin.id,
            Role::Guarantor
        );
        file.execute_unprepared(&sql).await.expect("seeded");
    }
}
