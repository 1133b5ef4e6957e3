//! Every notice that the table tells, to every audience it tells it to, in both languages: as committed texts, and as promises.

mod support;

use chrono::NaiveDate;
use notifications::{Audience, Bank, Channel, Language, Rendered, Renderer};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use support::with;
use workflows::Rate;
use workflows::machine::{
    Effect, NoticeData, NoticeFact, NoticeId, NoticeValue, PartnerMessage, Recipient, Stage, Table,
};

const UPDATE_HINT: &str = "UPDATE=1 cargo test -p notifications writes the texts again";

fn renderer() -> Renderer {
    Renderer::new().expect("every template parses")
}

fn bank() -> Bank {
    Bank {
        code: "2950".to_owned(),
        name_ja: "見本労働金庫".to_owned(),
        name_en: "Sample Labour Bank".to_owned(),
        from: "no-reply@sample-rokin.example".to_owned(),
        sign_in: "https://loan.sample-rokin.example/".to_owned(),
    }
}

/// Who is told what, read from the table; proposals (W02, W03) go to desks.
fn told() -> BTreeSet<(NoticeId, Audience)> {
    use workflows::machine::row::{Tells, To};
    let mut told = BTreeSet::from([(NoticeId::W02, Audience::Desk), (NoticeId::W03, Audience::Desk)]);
    // Stands in for N32 where a hold ends.
    told.insert((NoticeId::N33, Audience::Party));
    for row in Table::default().rows() {
        let Tells::Notices(notices) = row.tells else { continue };
        for (notice, to) in notices {
            let audience = match to {
                To::Desk(_) => Audience::Desk,
                To::Partner(_) | To::Office => Audience::Partner,
                _ => Audience::Party,
            };
            told.insert((*notice, audience));
        }
    }
    told
}

/// Data as `letter.rs` makes them for the notice.
fn sample(notice: NoticeId, audience: Audience) -> NoticeData {
    let fact = |ja: &str, en: &str, value| NoticeFact { ja: ja.to_owned(), en: en.to_owned(), value };
    let plain = |text: &str| NoticeValue::Plain(text.to_owned());
    let yen = |yen| NoticeValue::Yen { yen };
    let stage = match notice {
        NoticeId::N13 => Stage::OnHold,
        NoticeId::N04 => Stage::Declined,
        NoticeId::N16 => Stage::ContractTerminated,
        _ => Stage::Screening,
    };
    let day = |d| NaiveDate::from_ymd_opt(2026, 4, d).expect("a day of April");
    let until = [
        NoticeId::N02,
        NoticeId::N03,
        NoticeId::N08a,
        NoticeId::N10,
        NoticeId::N11,
        NoticeId::N12,
        NoticeId::N17,
        NoticeId::N28,
        NoticeId::N31,
        NoticeId::N32,
    ];
    let items = match notice {
        NoticeId::N01 => vec![NoticeValue::said("借入申込書", "loan application")],
        NoticeId::N02 => {
            vec![plain("源泉徴収票: 前年分をご提出ください"), plain("住民票 (P2): 有効期限切れ")]
        }
        NoticeId::N03 => vec![NoticeValue::said(
            "（契約前）他行カードローンの完済・解約",
            "(Before the contract) close the card loan",
        )],
        NoticeId::N07 => vec![NoticeValue::said("お使いみち", "Purpose")],
        NoticeId::N10 => vec![NoticeValue::said("実印", "Registered seal")],
        NoticeId::N27 => vec![NoticeValue::said("抵当権解除証書", "Deed of release of the mortgage")],
        _ => vec![],
    };
    let facts = match notice {
        NoticeId::N03 | NoticeId::N10 => {
            let product = NoticeValue::said("住宅ローン", "housing loan");
            vec![fact("商品", "Product", product), fact("ご融資金額", "Amount", yen(28_000_000))]
        }
        NoticeId::N12 => vec![fact("入金口座", "Account", plain("***567"))],
        NoticeId::N14 | NoticeId::N15 => vec![
            fact("毎月のご返済額", "Monthly payment", yen(74_321)),
            fact("適用金利", "Rate", NoticeValue::Percent { percent: Rate::from_thousandths(1_075) }),
            fact("初回ご返済日", "First repayment", NoticeValue::Day { day: day(27) }),
        ],
        NoticeId::N16 => {
            vec![fact("根拠", "Legal basis", NoticeValue::said("合意による解約", "Termination by agreement"))]
        }
        NoticeId::N17 => {
            vec![fact("承認有効期限", "Approval validity", NoticeValue::Day { day: day(30) })]
        }
        NoticeId::N21 => {
            vec![fact("受付番号", "Receipt number", plain("12345")), fact("順位", "Rank", plain("1"))]
        }
        NoticeId::N28 => vec![fact("分割実行済の残高", "Drawings outstanding", yen(9_000_000))],
        NoticeId::N30 => vec![
            fact("団信の種類", "Insurance type", NoticeValue::said("ろうきん団信", "basic")),
            fact("お手続きの状況", "Status", NoticeValue::said("受理", "Accepted")),
        ],
        _ => vec![],
    };
    NoticeData {
        number: "2950-101-2026-000042".to_owned(),
        stage_ja: stage.ja().to_owned(),
        stage_en: stage.en().to_owned(),
        addressee: (audience == Audience::Party).then(|| "労金 太郎".to_owned()),
        on: Some(day(1)),
        until: until.contains(&notice).then(|| day(30)),
        items,
        facts,
    }
}

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).expect("the folder is there");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, text, "{name} differs; {UPDATE_HINT}");
}

fn print(out: &mut String, head: &str, rendered: &Rendered) {
    let _ = writeln!(out, "=== {head}: subject\n{}", rendered.subject);
    let _ = writeln!(out, "=== {head}: text\n{}", rendered.text);
    let _ = writeln!(out, "=== {head}: html\n{}", rendered.html);
}

#[test]
fn every_notice_reads_as_committed() {
    let (renderer, bank, told) = (renderer(), bank(), told());
    for notice in NoticeId::ALL {
        let mut out = String::new();
        for (_, audience) in told.iter().filter(|(told, _)| told == notice) {
            for language in Language::ALL {
                let data = sample(*notice, *audience);
                let rendered = renderer
                    .in_app(*notice, *language, *audience, &data, &bank)
                    .unwrap_or_else(|error| panic!("{notice} {language:?} {audience:?}: {error}"));
                assert!(!rendered.subject.contains('\n'), "{notice}: the subject is one line");
                assert!(!rendered.text.contains("\n\n\n\n"), "{notice}: holes in the text");
                print(&mut out, &format!("{} {}", language.code(), audience.code()), &rendered);
            }
        }
        assert!(!out.is_empty(), "{notice} is told to nobody: no row and no proposal sends it");
        compare(&format!("{notice}.txt"), &out);
    }
}

#[test]
fn every_template_renders_for_every_audience_with_the_barest_data() {
    let (renderer, bank) = (renderer(), bank());
    for notice in NoticeId::ALL {
        for language in Language::ALL {
            for audience in [Audience::Party, Audience::Desk, Audience::Partner] {
                let data = NoticeData { number: "1".to_owned(), ..NoticeData::default() };
                renderer.in_app(*notice, *language, audience, &data, &bank).expect("no field is needed");
            }
        }
    }
}

/// Both branches of the notices that ask for the stage.
#[test]
fn a_hold_a_reversal_a_termination_and_a_repayment_are_told_apart() {
    let (renderer, bank) = (renderer(), bank());
    let text = |notice, stage: Stage| {
        let data = NoticeData { stage_ja: stage.ja().to_owned(), ..sample(notice, Audience::Party) };
        renderer.in_app(notice, Language::En, Audience::Party, &data, &bank).expect("renders").text
    };
    assert!(text(NoticeId::N13, Stage::OnHold).contains("suspended"));
    assert!(text(NoticeId::N13, Stage::Contracted).contains("reversed"));
    assert!(text(NoticeId::N16, Stage::ContractTerminated).contains("under its terms"));
    assert!(text(NoticeId::N16, Stage::DrawingsRepaid).contains("repaid in full"));
}

#[test]
fn an_amount_is_written_as_its_reader_writes_it_and_a_text_of_before_still_reads() {
    let (renderer, bank) = (renderer(), bank());
    let said = |language, data: &NoticeData| {
        renderer.in_app(NoticeId::N14, language, Audience::Party, data, &bank).expect("renders").text
    };
    let data = sample(NoticeId::N14, Audience::Party);
    let (ja, en) = (said(Language::Ja, &data), said(Language::En, &data));
    assert!(ja.contains("毎月のご返済額：74,321円") && ja.contains("初回ご返済日：2026年4月27日"), "{ja}");
    assert!(
        en.contains("Monthly payment: JPY 74,321") && en.contains("First repayment: 27 April 2026"),
        "{en}"
    );
    assert!(en.contains("Rate: 1.075%") && !en.contains('円'), "{en}");
    // Notices that wait in the outbox across an upgrade hold plain text, and what is stored is read back as it was.
    let stored = serde_json::to_value(&data).expect("serializes");
    let again: NoticeData = serde_json::from_value(stored.clone()).expect("reads back");
    assert_eq!(again, data);
    let mut before = stored;
    before["facts"][0]["value"] = serde_json::json!("74,321円");
    before["items"] = serde_json::json!(["住民票"]);
    let before: NoticeData = serde_json::from_value(before).expect("reads the form of before");
    let text = said(Language::Ja, &before);
    assert!(text.contains("74,321円") && text.contains("住民票"), "{text}");
}

/// A mail says that there is something to see, and nothing of what it is.
/// SEC-M06.
#[test]
fn the_mail_is_a_shell() {
    let (renderer, bank) = (renderer(), bank());
    let number = "2950-101-2026-000042";
    let shell = renderer.shell(number, &bank).expect("renders");
    let mut out = String::new();
    print(&mut out, "mail", &shell);
    compare("mail.txt", &out);

    // What is about no case names none.
    let bare = renderer.shell("", &bank).expect("renders");
    let bare = format!("{}\n{}", bare.text, bare.html);
    assert!(!bare.contains("受付番号") && !bare.contains("Case:") && bare.contains("サインイン"), "{bare}");

    let all = format!("{}\n{}\n{}", shell.subject, shell.text, shell.html);
    let without_number = all.replace(number, "").replace("utf-8", "").replace("&#x2f;", "/");
    assert!(!without_number.contains(|c: char| c.is_numeric()), "digits besides the case number");
    assert!(!shell.subject.contains(number), "the subject names no case");
    let words = [
        "労金 太郎",
        "太郎",
        "円",
        "yen",
        "審査",
        "承認",
        "否決",
        "謝絶",
        "取消",
        "保証",
        "保険",
        "告知",
        "健康",
        "信用",
        "反社",
        "延滞",
        "理由",
        "金利",
        "金額",
        "契約",
        "登記",
        "実行",
        "screen",
        "approv",
        "declin",
        "refus",
        "guarant",
        "insur",
        "health",
        "credit",
        "reason",
        "amount",
        "rate",
        "contract",
        "loan ",
        "disburs",
    ];
    for word in words {
        assert!(!all.to_lowercase().contains(word), "the mail says {word}");
    }
    for notice in NoticeId::ALL {
        assert!(!all.contains(notice.ja()) && !all.contains(notice.en()), "the mail names {notice}");
    }
}

/// INV-7: a field for grounds or notes would not compile here; unknown fields of a stored payload reach no template.
/// SEC-M06.
#[test]
fn no_field_of_a_notice_carries_grounds() {
    let data = sample(NoticeId::N04, Audience::Party);
    let NoticeData { number: _, stage_ja: _, stage_en: _, addressee: _, on: _, until: _, items: _, facts: _ } =
        &data;
    let mut stored = serde_json::to_value(&data).expect("serializes");
    for key in ["ground", "grounds", "reason", "note", "memo", "screening"] {
        stored[key] = serde_json::json!("信用情報 延滞 bureau record");
    }
    let data: NoticeData = serde_json::from_value(stored).expect("unknown fields are dropped");
    for notice in [NoticeId::N04, NoticeId::N08, NoticeId::N08a, NoticeId::N07] {
        let to = Recipient::Party { party_id: "P1".to_owned() };
        let effect = Effect::Notify { notice, to, data: Box::new(data.clone()) };
        let item = renderer().inbox_item(&with("7", Channel::Inbox, effect), &bank()).expect("renders");
        for text in [&item.subject_ja, &item.body_ja, &item.subject_en, &item.body_en] {
            for word in
                ["信用情報", "延滞", "bureau", "反社", "スコア", "返済比率", "Declined", "謝絶", "否決"]
            {
                assert!(!text.contains(word), "{notice} says {word}");
            }
        }
    }
}

#[test]
fn hostile_values_inject_neither_lines_nor_markup() {
    let evil = "x\r\nBcc: all@evil.example\r\n\r\n<script>alert(1)</script>\u{202e}\u{0}\u{2028}{{ number }}{% raw %}";
    let (renderer, bank) = (renderer(), bank());
    for notice in NoticeId::ALL {
        let data = NoticeData {
            number: evil.to_owned(),
            addressee: Some(evil.to_owned()),
            items: vec![NoticeValue::said(evil, evil)],
            facts: vec![NoticeFact {
                ja: evil.to_owned(),
                en: evil.to_owned(),
                value: NoticeValue::Plain(evil.to_owned()),
            }],
            stage_ja: evil.to_owned(),
            stage_en: evil.to_owned(),
            ..NoticeData::default()
        };
        for language in Language::ALL {
            let out = renderer.in_app(*notice, *language, Audience::Party, &data, &bank).expect("renders");
            harmless(&out);
        }
    }
    let evil_bank = Bank { name_ja: evil.to_owned(), name_en: evil.to_owned(), ..bank };
    harmless(&renderer.shell(evil, &evil_bank).expect("renders"));
}

fn harmless(out: &Rendered) {
    assert!(!out.subject.contains(['\r', '\n']), "a subject is one line");
    for text in [&out.subject, &out.text, &out.html] {
        assert!(!text.contains(['\r', '\u{202e}', '\u{0}', '\u{2028}']), "control characters");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "a line of its own");
        assert!(text.contains("{{ number }}") || !text.contains("evil"), "values are no templates");
    }
    assert!(!out.html.contains("<script"), "markup");
}

#[test]
fn a_partner_message_shows_its_payload() {
    let payload =
        serde_json::json!({"number": "N-1", "case_id": "a", "product": "HOUSING", "name": "改行\nなし"});
    for message in PartnerMessage::ALL {
        let effect = Effect::Send {
            message: *message,
            organisation: "GC1".to_owned(),
            key: "k".to_owned(),
            payload: payload.clone(),
        };
        let item = renderer().inbox_item(&with("7", Channel::Partner, effect), &bank()).expect("renders");
        assert!(item.subject_ja.contains(message.ja()) && item.subject_en.contains(message.en()));
        assert!(item.subject_ja.contains("N-1"));
        assert!(item.body_ja.contains("\"product\": \"HOUSING\""), "{}", item.body_ja);
        assert!(item.body_ja.contains("改行\\nなし"), "line breaks of values stay escaped");
    }
}
