//! What chapter K wants each notice to say, field by field, found in every notice that the stories tell and in its templates.
//!
//! Every template extends a layout that prints date, term, items and facts: what stands in the data stands in the text. What is said
//! in words is looked for in the templates of both languages.

use crate::story::{Bank, Library, Theatre};
use std::collections::BTreeMap;
use std::path::Path;
use workflows::calendar::tokyo_date;
use workflows::machine::{NoticeData, NoticeId, Role, Table};
use workflows::sample;

/// How a field is said.
enum Says {
    /// The business date.
    On,
    /// The term or date that the notice is about.
    Until,
    /// The list.
    Items,
    /// A fact under this English label, in every telling.
    Fact(&'static str),
    /// A fact that applies to some cases: in at least one telling.
    SomeFact(&'static str),
    /// Any fact.
    AnyFact,
    /// Words of the templates, Japanese and English.
    Words(&'static str, &'static str),
    /// Neither lists nor facts, and in words that nothing of the screening is told.
    NoReasons,
}

use NoticeId as N;
use Says::{AnyFact, Fact, Items, NoReasons, On, SomeFact, Until, Words};

/// Chapter K, notices N01 to N17 and N21 to N33 that this service sends; N18 to N20 and N22 to N26 are servicing's. The amount of a
/// subrogation (N29) is the balance on the day of payment, which servicing has: it is open in decision 6 and not counted here.
const K: &[(NoticeId, &str, Says)] = &[
    (N::N01, "received_at", On),
    (N::N01, "documents received", Items),
    (N::N01, "next steps", Words("審査を進めて", "begin the screening")),
    (N::N02, "list", Items),
    (N::N02, "deadline", Until),
    (N::N03, "product", Fact("Product")),
    (N::N03, "amount", Fact("Amount")),
    (N::N03, "term, rate type, fee plan", Fact("Term, rate type and fee plan")),
    (N::N03, "discount type", SomeFact("Discount type")),
    (N::N03, "screening add-on", SomeFact("Screening add-on")),
    (N::N03, "insurance add-on", SomeFact("Insurance add-on")),
    (N::N03, "rate of the disbursement date applies", Fact("Rate")),
    (
        N::N03,
        "the same in words",
        Words("実行日の金利が適用されます", "rate of the disbursement date applies"),
    ),
    (N::N03, "valid until", Until),
    (N::N04, "cannot meet your wish", Words("ご希望に添いかねる", "cannot meet your wish")),
    (N::N04, "no reasons", NoReasons),
    (N::N05, "date", On),
    (N::N06, "conditions met", Words("条件がすべて満たされた", "all conditions are met")),
    (N::N07, "items changed", Items),
    (N::N07, "the result may differ", Words("異なる場合", "may differ")),
    (N::N07, "approval may be cancelled", Words("承認を取り消す場合", "may be cancelled")),
    (N::N07, "no disclosure of content", Words("お答えいたしかねます", "do not disclose")),
    (N::N08, "date", On),
    (N::N08, "no reasons", NoReasons),
    (N::N08a, "date", On),
    (N::N08a, "valid until", Until),
    (N::N08a, "no reasons", NoReasons),
    (N::N09, "approval expired", Words("効力を失いました", "has run out")),
    (N::N10, "list of papers", Items),
    (N::N10, "amount", Fact("Amount")),
    (N::N10, "stamp", SomeFact("Stamp duty on the contract")),
    (N::N10, "tax", Fact("Registration tax")),
    (N::N10, "costs in total", Fact("Total without the scrivener's bill")),
    (N::N11, "contract date", Until),
    (N::N12, "date", Until),
    (N::N12, "account", Fact("Account")),
    (N::N12, "rate of that day applies", Fact("Rate")),
    (N::N12, "deductions", Fact("Total without the scrivener's bill")),
    (N::N13, "fact", Words("見合わせて", "suspended")),
    (N::N13, "what is needed", Words("必要なお手続き", "what is needed")),
    (N::N14, "amount", Fact("Amount posted")),
    (N::N14, "rate", SomeFact("Rate")),
    (N::N14, "fees", SomeFact("Deductions")),
    (N::N14, "components: fees one by one", SomeFact("Collateral handling fee")),
    (N::N14, "transfers", SomeFact("Left in the account")),
    (N::N15, "rate", SomeFact("Rate")),
    (N::N15, "dates", SomeFact("First repayment")),
    (N::N15, "last date", SomeFact("Final repayment")),
    (N::N15, "amounts", SomeFact("Monthly payment")),
    (N::N15, "split: principal", SomeFact("Principal in total (monthly part)")),
    (N::N15, "split: interest", SomeFact("Interest in total")),
    (N::N15, "balance", Fact("Balance after the disbursement")),
    (N::N16, "date", On),
    (N::N16, "legal basis", Fact("Legal basis")),
    (N::N17, "item, last date", AnyFact),
    (N::N17, "last date", Until),
    (N::N21, "receipt number", SomeFact("Receipt number")),
    (N::N21, "rank", SomeFact("Rank")),
    (N::N27, "list of papers", Items),
    (N::N27, "receipt to be signed", Words("受領書にご署名", "sign the receipt")),
    (N::N28, "new deadline", Until),
    (N::N28, "extra interest", SomeFact("Extra interest, guarantee fee included")),
    (N::N28, "fees", SomeFact("Stamp duty on the change agreement")),
    (N::N29, "date", On),
    (N::N29, "new creditor", Fact("New creditor")),
    (N::N30, "status", Fact("Status")),
    (N::N30, "to the insured alone", Words("被保険者ご本人だけ", "insured person only")),
    (N::N31, "valid until", Until),
    (N::N32, "date released", Until),
    (N::N33, "next step", Words("改めてお取引店からご案内", "will tell you about the date")),
];

/// Words of a screening that no notice may say, beside those of the templates' own check (INV-7).
const NEVER: &[&str] = &[
    "信用情報",
    "延滞情報",
    "否決",
    "謝絶",
    "スコア",
    "返済比率",
    "credit bureau",
    "credit score",
    "because of",
];

fn words(notice: NoticeId, language: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notifications/templates");
    let path = folder.join(notice.code()).join(language);
    ["body.txt", "body.html"]
        .map(|name| std::fs::read_to_string(path.join(name)).expect("a template"))
        .join("\n")
}

/// Is the field in these tellings and in the templates?
fn is_said(notice: NoticeId, says: &Says, told: &[NoticeData]) -> bool {
    let every = |has: &dyn Fn(&NoticeData) -> bool| !told.is_empty() && told.iter().all(has);
    let labelled = |data: &NoticeData, label: &str| {
        data.facts.iter().any(|fact| fact.en == label && !fact.ja.is_empty())
    };
    match says {
        On => every(&|data| data.on.is_some()),
        Until => every(&|data| data.until.is_some()),
        Items => every(&|data| !data.items.is_empty()),
        Fact(label) => every(&|data| labelled(data, label)),
        SomeFact(label) => told.iter().any(|data| labelled(data, label)),
        AnyFact => every(&|data| !data.facts.is_empty()),
        Words(ja, en) => {
            // In text and HTML both.
            words(notice, "ja").matches(ja).count() >= 2 && words(notice, "en").matches(en).count() >= 2
        }
        NoReasons => {
            let bare = every(&|data| data.items.is_empty() && data.facts.is_empty());
            let all = format!("{}{}", words(notice, "ja"), words(notice, "en")).to_lowercase();
            bare && NEVER.iter().all(|word| !all.contains(word))
        }
    }
}

fn told_by_the_stories() -> BTreeMap<NoticeId, Vec<NoticeData>> {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let mut told: BTreeMap<NoticeId, Vec<NoticeData>> = BTreeMap::new();
    for story in library.all() {
        let world = theatre.run(&story.name, None).unwrap_or_else(|failure| panic!("{failure}"));
        for (notice, data) in world.told {
            told.entry(notice).or_default().push(data);
        }
    }
    told
}

#[test]
fn every_notice_says_what_chapter_k_wants() {
    let told = told_by_the_stories();
    let missing: Vec<String> = K
        .iter()
        .filter(|(notice, _, says)| !is_said(*notice, says, told.get(notice).map_or(&[][..], Vec::as_slice)))
        .map(|(notice, field, _)| format!("{notice}: {field}"))
        .collect();
    println!("required fields of notices: {}/{}", K.len() - missing.len(), K.len());
    assert_eq!(missing, Vec::<String>::new());
    for notice in NoticeId::ALL.iter().filter(|notice| notice.code().starts_with('N')) {
        assert!(K.iter().any(|(known, ..)| known == notice), "{notice} stands in no line of chapter K");
        let all = format!("{}{}", words(*notice, "ja"), words(*notice, "en")).to_lowercase();
        let said: Vec<&&str> = NEVER.iter().filter(|word| all.contains(**word)).collect();
        assert!(said.is_empty(), "{notice} says {said:?}");
        // Polite Japanese, plain English: sentences end as letters do, and no English sentence runs on.
        let japanese = words(*notice, "ja");
        assert!(
            ["ます", "ました", "ません", "ございます", "ください"].iter().any(|end| japanese.contains(end)),
            "{notice}"
        );
        for sentence in words(*notice, "en").split(['.', '\n']) {
            assert!(sentence.split_whitespace().count() <= 35, "{notice}: a long sentence: {sentence}");
        }
    }
}

#[test]
fn a_field_that_is_missing_is_found() {
    let none = NoticeData::default();
    let lacking = |notice, says: &Says| !is_said(notice, says, std::slice::from_ref(&none));
    for (notice, field, says) in K {
        let about_data = !matches!(says, Words(..) | NoReasons);
        assert_eq!(lacking(*notice, says), about_data, "{notice}: {field}");
    }
    assert!(!is_said(NoticeId::N01, &Words("決して言わない", "never said"), &[]));
    let told = NoticeData {
        items: vec![workflows::machine::NoticeValue::said("理由", "a ground")],
        ..none.clone()
    };
    assert!(!is_said(NoticeId::N04, &NoReasons, &[told]), "a ground among the items is found");
}

/// TM11: the desk is warned 30, 14 and 3 days before the approval ends, and the manager the last time.
#[test]
fn reminders_go_on_the_days_of_the_book_and_the_last_to_the_manager() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let world = Theatre::new(&library, &table, &bank).run("approval-expires", None).unwrap();
    let case = world.case.as_ref().unwrap();
    let end = case.approval.as_ref().unwrap().valid_until;
    // A date is over at the end of its last day: the days are counted from there.
    let days_before = |role: Role| -> Vec<i64> {
        let warned = world.desks.iter().filter(|(notice, to, _)| *notice == NoticeId::N17 && *to == role);
        warned
            .map(|(.., at)| (end - tokyo_date(*at)).num_days() + 1)
            .filter(|days| [30, 14, 3].contains(days))
            .collect()
    };
    assert_eq!(days_before(Role::BranchClerk), [30, 14, 3], "{:?}", world.desks);
    assert_eq!(days_before(Role::BranchManager), [3], "{:?}", world.desks);
}
