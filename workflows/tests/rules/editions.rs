//! Dated editions: which one judges, what is refused between them, what a difference is and whom it touches.

use crate::common::{self, BASE, PARAMETERS};
use chrono::NaiveDate;
use workflows::form::{FeePlan, RateType};
use workflows::machine::{Limits, Rules};
use workflows::product::diff::{Change, diff, values_of};
use workflows::product::pricing::{campaign, limited_time_discount};
use workflows::product::{Source, book_schema};
use workflows::sample::{Sample, rulebook};
use workflows::{BookProblem, Books, Rate, Yen, assess, evaluate};

const SAMPLE: &str = include_str!("../../products/2963-2024-07.toml");
const EARLIER: &str = include_str!("../../products/2999-2024-07.toml");
const LATER: &str = include_str!("../../products/2999-2026-04.toml");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn load(editions: &[(&str, &str)]) -> Result<Books, Vec<BookProblem>> {
    let editions: Vec<Source<'_>> = editions.iter().map(|(name, text)| Source { name, text }).collect();
    let base = Source { name: "base.toml", text: BASE };
    Books::of(base, Some(Source { name: "parameters.json", text: PARAMETERS }), &editions)
}

fn problems(editions: &[(&str, &str)]) -> Vec<(String, String)> {
    let found = load(editions).unwrap_err();
    assert!(found.iter().all(|problem| !problem.accepted.is_empty()), "{found:?}");
    found.into_iter().map(|problem| (problem.file, problem.key)).collect()
}

#[test]
fn the_day_of_reception_chooses_the_edition() {
    let books = load(&[("later", LATER), ("earlier", EARLIER), ("2963", SAMPLE)]).unwrap();
    let fee = |date: &str| books.on("2999", day(date)).map(|book| book.terms.fees.handling_others_yen);
    assert_eq!(fee("2024-06-30"), None, "before the first edition there is none");
    assert_eq!(fee("2024-07-01"), Some(Yen(22_000)));
    assert_eq!(fee("2026-03-31"), Some(Yen(22_000)));
    assert_eq!(fee("2026-04-01"), Some(Yen(27_500)));
    let version = |date: &str| books.on("2963", day(date)).unwrap().version.clone();
    assert!(version("2024-07-01").starts_with("2024-07/2963/2024-07-01/"), "{}", version("2024-07-01"));
    assert_eq!(version("2024-06-30").matches('/').count(), 2, "the parameters count until an edition does");
    assert_eq!(books.on("2963", day("2024-06-30")).unwrap().effective_to, Some(day("2024-06-30")));
    assert_eq!(books.banks().count(), 14);
    assert_eq!(books.only(&["2999".to_owned()]).iter().count(), 2);
}

#[test]
fn the_booklets_edition_changes_no_number_of_the_base_book() {
    let books = load(&[("2963", SAMPLE)]).unwrap();
    let plain = common::books();
    assert_eq!(books.get("2963").unwrap().terms, plain.get("2963").unwrap().terms);
    // Beside the terms it names the guarantee institutions (F-01), which the parameters do not.
    let changes = diff(plain.get("2963").unwrap(), books.get("2963").unwrap());
    let (institutions, others): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| change.key.starts_with("guarantors."));
    assert_eq!(others, vec![]);
    let named: Vec<_> = institutions.iter().filter(|change| change.key.ends_with(".organisation")).collect();
    assert_eq!(
        named.iter().map(|change| change.new.as_str()).collect::<Vec<_>>(),
        [Some("GUARANTOR-1"), Some("GUARANTOR-2")]
    );
    assert!(named.iter().all(|change| change.rule == "F-01"));
    for sample in common::samples() {
        let one = evaluate(&sample.form, &plain, &common::rates()).unwrap();
        assert_eq!(evaluate(&sample.form, &books, &common::rates()).unwrap(), one);
    }
}

#[test]
fn gaps_and_overlaps_are_refused() {
    let with = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let gap = with(EARLIER, "2026-03-31", "2026-03-30");
    assert_eq!(problems(&[("a", &gap), ("b", LATER)]), [("b".to_owned(), "effective_from".to_owned())]);
    let overlap = with(EARLIER, "2026-03-31", "2026-04-01");
    assert_eq!(problems(&[("a", &overlap), ("b", LATER)]), [("b".to_owned(), "effective_from".to_owned())]);
    let twice = with(LATER, "2026-04-01\"\nbusiness", "2024-07-01\"\nbusiness");
    assert_eq!(problems(&[("a", EARLIER), ("b", &twice)]), [("b".to_owned(), "effective_from".to_owned())]);
    let backwards = with(EARLIER, "2026-03-31", "2024-06-30");
    assert_eq!(problems(&[("a", &backwards)]), [("a".to_owned(), "effective_to".to_owned())]);
    let early = with(EARLIER, "effective_from = \"2024-07-01\"", "effective_from = \"2024-06-30\"");
    assert_eq!(problems(&[("a", &early)]), [("a".to_owned(), "effective_from".to_owned())]);
    let open = EARLIER.replace("effective_to = \"2026-03-31\"\n", "");
    assert!(load(&[("a", &open), ("b", LATER)]).is_ok(), "an open end is closed by the next edition");
}

#[test]
fn every_problem_of_every_file_comes_at_once() {
    let wrong = EARLIER
        .replace("bank_name = \"見本労働金庫\"\n", "")
        .replace("closes = \"16:00\"", "closes = \"14:00\"")
        .replace("SPRING_2025", "AUTUMN_2025")
        .replace("from = \"2025-09-01\"", "from = \"2025-05-31\"")
        .replace("points = \"0.15\"", "points = \"0\"")
        .replace("branches.101", "branches.1011")
        .replace("approval_days = 120", "approval_days = 0");
    let unreadable = LATER
        .replace("cut_off = \"14:30\"", "cut_off = \"24:30\"")
        .replace("handling_others_yen", "handling_other_yen")
        .replace("[terms.validity]", "[terms.validities]")
        .replace("FLAT_FEE\", \"PERCENT_FEE", "FREE");
    let mut found = problems(&[("a", &wrong), ("b", &unreadable), ("c", "= 1")]);
    found.sort();
    let key = |file: &str, key: &str| (file.to_owned(), key.to_owned());
    let wanted = [
        key("a", "bank_name"),
        key("a", "terms.campaigns[1].from"),
        key("a", "terms.campaigns[1].name"),
        key("a", "terms.campaigns[1].points"),
        key("a", "terms.hours"),
        key("a", "terms.hours.branches.1011"),
        key("a", "terms.validity.approval_days"),
        key("b", "terms.campaigns[0].fee_plans[0]"),
        key("b", "terms.fees.handling_other_yen"),
        key("b", "terms.hours.cut_off"),
        key("b", "terms.validities"),
        key("c", ""),
    ];
    assert_eq!(found, wanted);
    let head = EARLIER.replace("[terms.amount]", "[terms]\nversion = \"x\"\n[terms.amount]");
    assert_eq!(
        problems(&[("a", &head)]),
        [key("a", "terms.version")],
        "the head of the base book is no term"
    );
}

#[test]
fn a_campaign_counts_from_its_first_to_its_last_day() {
    let books = load(&[("earlier", EARLIER), ("later", LATER)]).unwrap();
    let points = |plan: FeePlan, date: &str| {
        let book = books.on("2999", day(date)).unwrap();
        limited_time_discount(&book.terms, plan, day(date))
    };
    let cases = [
        (FeePlan::FlatFee, "2025-02-28", "0"),
        (FeePlan::FlatFee, "2025-03-01", "0.20"),
        (FeePlan::FlatFee, "2025-05-31", "0.20"),
        (FeePlan::FlatFee, "2025-06-01", "0"),
        (FeePlan::PercentFee, "2025-08-31", "0"),
        (FeePlan::PercentFee, "2025-09-01", "0.15"),
        (FeePlan::FlatFee, "2025-09-01", "0"),
        (FeePlan::PercentFee, "2025-11-30", "0.15"),
        (FeePlan::PercentFee, "2025-12-01", "0"),
        (FeePlan::PercentFee, "2026-03-31", "0"),
        (FeePlan::PercentFee, "2026-04-01", "0.25"),
    ];
    for (plan, date, wanted) in cases {
        assert_eq!(points(plan, date), Rate::parse(wanted).unwrap(), "{plan} {date}");
    }
    let base = &common::books().get("2963").unwrap().terms.clone();
    assert!(
        campaign(base, FeePlan::PercentFee, day("2020-01-01")).is_some(),
        "without from it is open before"
    );
}

#[test]
fn campaigns_of_different_plans_may_stand_side_by_side() {
    let beside = EARLIER
        .replace("from = \"2025-09-01\"", "from = \"2025-05-01\"")
        .replace("fee_plans = [\"FLAT_FEE\", \"PERCENT_FEE\"]", "fee_plans = [\"FLAT_FEE\"]");
    assert!(load(&[("a", &beside)]).is_ok());
}

#[test]
fn a_closure_closes_for_cases_of_every_edition() {
    let books = load(&[("earlier", EARLIER), ("later", LATER)]).unwrap();
    for received in ["2024-07-01", "2026-04-02"] {
        let book = books.on("2999", day(received)).unwrap();
        assert!(!book.is_business_day(day("2026-05-08"), "101"), "announced by the earlier edition");
        assert!(book.is_business_day(day("2026-05-08"), "102"));
    }
}

#[test]
fn the_machine_takes_its_numbers_from_the_edition() {
    let rules = rulebook().unwrap();
    let mut form = Sample::Purchase.form().unwrap();
    let limits = |form: &workflows::Form| rules.limits(form);
    let booklet = limits(&form);
    let time = |hour, minute| chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    assert_eq!((booklet.approval_days, booklet.guarantee_days, booklet.bureau_days), (180, 180, 90));
    assert_eq!(booklet.leads.cut_off, time(15, 0));
    form.institution.bank_code = "2999".to_owned();
    form.institution.branch_code = "102".to_owned();
    let other = limits(&form);
    assert_eq!((other.approval_days, other.guarantee_days, other.bureau_days), (120, 150, 90));
    assert_eq!(other.leads.cut_off, time(14, 30));
    form.institution.branch_code = "101".to_owned();
    assert_eq!(limits(&form).leads.cut_off, time(16, 0));
    let from = |form: &workflows::Form| {
        let book = rules.book_of(form).unwrap();
        book.terms.four_eyes.approval_by_head_office_from_yen.map(|yen| yen.0)
    };
    form.received_at = "2026-03-31T23:59:59+09:00".parse().unwrap();
    assert_eq!(from(&form), Some(50_000_000));
    form.received_at = "2026-04-01T00:00:00+09:00".parse().unwrap();
    assert_eq!(from(&form), Some(60_000_000));
    form.institution.bank_code = "0000".to_owned();
    assert_eq!(limits(&form), Limits::default());
    let findings = rules.findings(&form, form.requested_disbursement_date);
    assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["BOOK"]);
}

#[test]
fn a_type_that_the_bank_does_not_offer_is_refused() {
    let books = load(&[("earlier", EARLIER), ("later", LATER)]).unwrap();
    let mut form = Sample::Purchase.form().unwrap();
    form.institution.bank_code = "2999".to_owned();
    form.tie_up_product = None;
    form.loans[0].rate_type = RateType::Capped10Y;
    let mut found = |received: &str| {
        form.received_at = received.parse().unwrap();
        let book = books.on("2999", form.received_date()).unwrap();
        let date = form.requested_disbursement_date;
        let findings = assess(&form, book, &common::rates(), date);
        findings
            .iter()
            .filter(|finding| finding.rule == "C-23")
            .map(|it| it.subject.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("2026-03-31T10:00:00+09:00"), ["L1"]);
    assert_eq!(found("2026-04-01T10:00:00+09:00"), Vec::<String>::new());
}

#[test]
fn a_difference_says_what_changes_and_for_whom() {
    let books = load(&[("earlier", EARLIER), ("later", LATER)]).unwrap();
    let (old, new) = (books.on("2999", day("2026-03-31")).unwrap(), books.get("2999").unwrap());
    let changes = diff(old, new);
    let keys: Vec<&str> = changes.iter().map(|change| change.key.as_str()).collect();
    let wanted = [
        "branches.103.name_en",
        "branches.103.name_ja",
        "terms.campaigns.AUTUMN_2025.fee_plans",
        "terms.campaigns.AUTUMN_2025.from",
        "terms.campaigns.AUTUMN_2025.points",
        "terms.campaigns.AUTUMN_2025.to",
        "terms.campaigns.SPRING_2025.fee_plans",
        "terms.campaigns.SPRING_2025.from",
        "terms.campaigns.SPRING_2025.points",
        "terms.campaigns.SPRING_2025.to",
        "terms.campaigns.SPRING_2026.fee_plans",
        "terms.campaigns.SPRING_2026.from",
        "terms.campaigns.SPRING_2026.points",
        "terms.campaigns.SPRING_2026.to",
        "terms.fees.handling_others_yen",
        "terms.four_eyes.approval_by_head_office_from_yen",
        "terms.four_eyes.committee.from_yen",
        "terms.four_eyes.committee.members",
        "terms.four_eyes.committee.risks",
        "terms.four_eyes.committee.votes",
        "terms.four_eyes.head_office_risks",
        "terms.rate_types.CAPPED_10Y.offered",
    ];
    assert_eq!(keys, wanted);
    let of = |key: &str| changes.iter().find(|change| change.key == key).cloned().unwrap();
    let fee: Change = of("terms.fees.handling_others_yen");
    assert_eq!((fee.rule, fee.old.as_i64(), fee.new.as_i64()), ("C-31", Some(22_000), Some(27_500)));
    assert_eq!(of("terms.rate_types.CAPPED_10Y.offered").touches.rate_types, [RateType::Capped10Y]);
    assert_eq!(of("terms.campaigns.AUTUMN_2025.points").touches.fee_plans, [FeePlan::PercentFee]);
    assert!(changes.iter().all(|change| !change.ja.is_empty() && !change.en.is_empty()));
    assert!(values_of(new).len() > 150, "{}", values_of(new).len());
}

#[test]
fn a_row_of_discounts_is_compared_by_type_and_plan() {
    let dearer = SAMPLE.replacen("flat_fee = \"1.70\"", "flat_fee = \"1.60\"", 1);
    let books = load(&[("2963", SAMPLE)]).unwrap();
    let other = load(&[("2963", &dearer)]).unwrap();
    let changes = diff(books.get("2963").unwrap(), other.get("2963").unwrap());
    let keys: Vec<&str> = changes.iter().map(|change| change.key.as_str()).collect();
    let key = |kind: &str| format!("terms.discounts.{kind}.INITIAL_PERIOD.flat_fee");
    assert_eq!(keys, ["CAPPED_10Y", "FIXED_10Y", "FIXED_3Y", "FIXED_5Y"].map(key));
    assert_eq!(changes[0].touches.rate_types, [RateType::Capped10Y]);
    assert_eq!(changes[0].touches.fee_plans, [FeePlan::FlatFee]);
}

#[test]
fn the_schema_for_editors_knows_every_key_and_asks_an_edition_for_none() {
    let schema = book_schema();
    let terms = &schema["$defs"]["Edition"]["properties"]["terms"];
    assert_eq!(terms["properties"]["fees"]["properties"]["handling_others_yen"]["format"], "yen");
    assert!(terms.get("required").is_none() && terms["properties"]["fees"].get("required").is_none());
    assert!(terms["properties"].get("version").is_none());
    assert!(schema["$defs"]["BaseBook"]["required"].as_array().unwrap().len() > 15);
    assert!(schema["$defs"]["DiscountRow"]["required"].is_array(), "an entry of a list is whole");
    let text = schema.to_string();
    for at in text.match_indices("\"$ref\":\"#").map(|(at, _)| at) {
        let pointer = text[at..].split('"').nth(3).unwrap().trim_start_matches('#');
        assert!(schema.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}

#[test]
fn the_guarantors_of_an_edition_are_named_once_and_the_first_for_a_product_is_asked() {
    use workflows::form::Product;
    use workflows::product::guarantors::{first_for, of};
    let list = |text: &str| format!("{EARLIER}\n{text}");
    let one = |organisation: &str, more: &str| {
        format!("[[guarantors]]\norganisation = \"{organisation}\"\n{more}\n")
    };
    let text =
        list(&(one("G-1", "") + &one("G-2", "default_for = [\"SECURED_FREE_LOAN\"]\nin_papers = false")));
    let books = load(&[("2999", &text)]).unwrap();
    let book = books.get("2999").map(|book| &**book);
    assert_eq!(first_for(book, Product::HousingLoan), "G-1");
    assert_eq!(first_for(book, Product::SecuredFreeLoan), "G-2");
    assert_eq!(of(book).iter().map(|one| one.in_papers).collect::<Vec<_>>(), [true, false]);
    // Without a list there is one.
    let alone = load(&[("2999", EARLIER)]).unwrap();
    assert_eq!(first_for(alone.get("2999").map(|book| &**book), Product::HousingLoan), "GUARANTOR-1");
    let free = "default_for = [\"SECURED_FREE_LOAN\"]";
    for (text, wrong) in [
        (one("G-1", "") + &one("G-1", ""), "guarantors[1].organisation"),
        (one("G_1", ""), "guarantors[0].organisation"),
        (one("", ""), "guarantors[0].organisation"),
        (one("G-1", free) + &one("G-2", free), "guarantors[1].default_for"),
    ] {
        let problems = load(&[("2999", &list(&text))]).unwrap_err();
        assert_eq!(
            problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(),
            [wrong],
            "{text}"
        );
    }
}

/// What intake chooses from: each edition lists its own, and a book without a list takes every code.
#[test]
fn the_branches_of_an_edition_are_listed_once_each_with_their_names() {
    use workflows::product::branches::refusal;
    let books = load(&[("earlier", EARLIER), ("later", LATER), ("2963", SAMPLE)]).unwrap();
    let at = |date: &str, code: &str| refusal(books.on("2999", day(date)).unwrap(), code);
    assert_eq!(at("2026-03-31", "101"), None);
    let (ja, en) = at("2026-03-31", "103").unwrap();
    assert!(ja.ends_with("101 見本本店、102 見本駅前支店"), "{ja}");
    assert!(en.ends_with("101 Sample head office, 102 Sample station branch."), "{en}");
    assert_eq!(at("2026-04-01", "103"), None, "opened with the later edition");
    assert_eq!(refusal(books.get("2963").unwrap(), "999"), None, "no list");
    let one =
        |code: &str| format!("[[branches]]\ncode = \"{code}\"\nname_ja = \"支店\"\nname_en = \"Branch\"\n");
    let list = |text: &str| LATER.replacen("[tie_up_products", &format!("{text}[tie_up_products"), 1);
    // A refusal stays short where the list is long.
    let many: String = (201..=230).map(|code| one(&code.to_string())).collect();
    let long = load(&[("2999", &list(&many))]).unwrap();
    let (ja, en) = refusal(long.get("2999").unwrap(), "999").unwrap();
    assert!(ja.contains("ほか23店") && en.contains("and 23 more") && ja.chars().count() < 200, "{ja} {en}");
    let nameless = one("104").replace("Branch", " ");
    for (text, wrong) in [
        (one("101"), "branches[3].code"),
        (one("10"), "branches[3].code"),
        (one("1O4"), "branches[3].code"),
        (nameless, "branches[3].name_en"),
        (one("104").replace("支店", &"支".repeat(41)), "branches[3].name_ja"),
    ] {
        let problems = load(&[("2999", &list(&text))]).unwrap_err();
        let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, [wrong], "{text}");
    }
}
