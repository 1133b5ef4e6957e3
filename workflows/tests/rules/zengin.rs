//! The bulk-transfer file (I.30): the vector, the way there and back, and every byte changed.

use chrono::{Days as After, NaiveDate};
use proptest::prelude::*;
use serde_json::Value;
use workflows::calendar::is_bank_day;
use workflows::kana::{Edi, KanaName, Office, Payee, Place, Sender};
use workflows::zengin::{
    Branch, DATA, Days, DepositAccount, DepositKind, Digits, END, Field, FieldKind, Group, Groups, HEADER,
    LineEnd, Method, Options, PayeeStatus, Payment, RECORD_LENGTH, Reference, ResultCode, ResultFile,
    TRAILER, TransferAmount, TransferFile, answer_to,
};
use workflows::{Problem, Yen};

use crate::vectors::{report, text, vectors};

const PLAIN: Options = Options { line_end: LineEnd::None, groups: Groups::One };
const SEVERAL: Options = Options { line_end: LineEnd::CrLf, groups: Groups::Several };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days() -> Days<'static> {
    Days { made_on: day("2026-06-01"), is_open: &is_bank_day }
}

fn name<P: Place>(text: &str) -> KanaName<P> {
    KanaName::parse("", text).unwrap()
}

fn digits<const N: usize>(text: &str) -> Digits<N> {
    Digits::parse("", text).unwrap()
}

fn account(bank: (&str, &str), branch: (&str, &str), number: &str) -> DepositAccount {
    let branch = Branch {
        bank_code: digits(bank.0),
        bank_name: name(bank.1),
        branch_code: digits(branch.0),
        branch_name: name(branch.1),
    };
    DepositAccount { branch, kind: DepositKind::Ordinary, number: digits(number) }
}

fn payment(amount: i64) -> Payment {
    Payment {
        to: account(("9998", "テストギンコウ"), ("998", "ホンテン"), "7654321"),
        payee: name("カ）スマイハウス"),
        amount: TransferAmount::new("", Yen(amount)).unwrap(),
        status: PayeeStatus::Known,
        reference: Reference::none(),
        method: Method::Telegraphic,
    }
}

fn group(payments: Vec<Payment>) -> Group {
    Group {
        sender_code: digits("0000123456"),
        sender: name("ラウキン　タロウ"),
        date: day("2026-06-29"),
        from: account(("9999", "テストロウキン"), ("999", "テストシテン"), "1234567"),
        payments,
    }
}

fn file(options: Options, groups: Vec<Group>) -> TransferFile {
    TransferFile::new(options, days(), groups).unwrap()
}

fn half_width(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        0xA1..=0xDF => char::from_u32(0xFF61 + u32::from(*byte) - 0xA1).unwrap(),
        _ => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

#[test]
fn the_vector_is_written_byte_for_byte() {
    let vector = &vectors()["zengin_general_transfer"];
    let mut results = vec![vector["record_length"] == RECORD_LENGTH];
    let layouts: [(&str, &[Field]); 4] =
        [("header", &HEADER), ("data", &DATA), ("trailer", &TRAILER), ("end", &END)];
    for (key, layout) in layouts {
        let mut start = 1;
        let listed = vector[key].as_array().unwrap();
        results.push(listed.len() == layout.len());
        for (listed, field) in listed.iter().zip(layout) {
            let kind = if field.kind == FieldKind::N { "N" } else { "C" };
            let end = start + field.length - 1;
            results.push(
                listed["name"] == field.ja
                    && listed["type"] == kind
                    && listed["length"] == field.length
                    && listed["start"] == start
                    && listed["end"] == end,
            );
            start = end + 1;
        }
        results.push(start == RECORD_LENGTH + 1);
    }
    let whole = file(PLAIN, vec![group(vec![payment(27_000_000)])]);
    let bytes = whole.to_bytes();
    let records: Vec<String> = bytes.chunks(RECORD_LENGTH).map(half_width).collect();
    let expected = &vector["sample_records"];
    for (at, key) in ["header", "data", "trailer", "end"].into_iter().enumerate() {
        results.push(records[at] == text(&expected[key]));
    }
    results.push(records.len() == 4);
    results.push(TransferFile::read(&bytes, PLAIN, days()).as_ref() == Ok(&whole));
    results.extend(vector["kana_cases"].as_array().unwrap().iter().map(kana_case));
    report("zengin_general_transfer", results);
}

fn kana_case(case: &Value) -> bool {
    let name = KanaName::<Payee>::parse("payee", text(&case["in"]));
    let bytes = |name: &KanaName<Payee>| {
        case["bytes"].as_u64().is_none_or(|bytes| name.as_str().chars().count() as u64 == bytes)
    };
    match case["out"].as_str() {
        Some(out) => name.is_ok_and(|name| name.as_str() == out && bytes(&name)),
        None => case["ok"] == false && name.is_err(),
    }
}

#[test]
fn the_year_is_the_one_in_which_the_file_is_made_or_the_next() {
    // Made late in the year, a day of January belongs to the next year.
    let days = Days { made_on: day("2026-12-28"), is_open: &is_bank_day };
    let january = Group { date: day("2027-01-05"), ..group(vec![payment(1)]) };
    let bytes = TransferFile::new(PLAIN, days, vec![january.clone()]).unwrap().to_bytes();
    let read = TransferFile::read(&bytes, PLAIN, days).unwrap();
    assert_eq!(read.groups(), [january]);
    // The day itself is the first that may be named, the day before and the same day a year later are not.
    for (date, takes) in [
        ("2026-12-28", true),
        ("2026-12-25", false),
        ("2027-12-27", true),
        ("2027-12-28", false),
        ("2026-12-31", false),
        ("2027-01-02", false),
        ("2027-01-04", true),
    ] {
        let group = Group { date: day(date), ..group(vec![payment(1)]) };
        assert_eq!(TransferFile::new(PLAIN, days, vec![group]).is_ok(), takes, "{date}");
    }
}

fn problems(options: Options, groups: Vec<Group>) -> Vec<(String, &'static str)> {
    let found: Vec<Problem> = TransferFile::new(options, days(), groups).unwrap_err();
    found.into_iter().map(|problem| (problem.field, problem.rule)).collect()
}

#[test]
fn what_the_layout_cannot_hold_is_refused_before_writing() {
    let field = |name: &str| vec![(name.to_owned(), "I.30")];
    assert_eq!(problems(PLAIN, vec![]), field("groups"));
    let two = vec![group(vec![payment(1)]), group(vec![payment(2)])];
    assert_eq!(problems(PLAIN, two.clone()), field("groups"));
    assert!(TransferFile::new(SEVERAL, days(), two).is_ok());
    assert_eq!(problems(PLAIN, vec![group(vec![])]), field("groups[0].payments"));
    let mut savings = group(vec![payment(1)]);
    savings.from.kind = DepositKind::Savings;
    savings.date = day("2026-06-28");
    let both = ["groups[0].date", "groups[0].from.kind"].map(|field| (field.to_owned(), "I.30"));
    assert_eq!(problems(PLAIN, vec![savings]), both);
    // 100 payments of ten digits make twelve, one more yen makes thirteen.
    let mut many = vec![payment(9_999_999_999); 100];
    many.push(payment(99));
    assert!(TransferFile::new(PLAIN, days(), vec![group(many.clone())]).is_ok());
    many.push(payment(1));
    assert_eq!(problems(PLAIN, vec![group(many)]), field("groups[0].payments"));
    let full = vec![payment(1); 999_999];
    let full = file(PLAIN, vec![group(full)]);
    assert_eq!(TransferFile::read(&full.to_bytes(), PLAIN, days()), Ok(full));
    assert_eq!(problems(PLAIN, vec![group(vec![payment(1); 1_000_000])]), field("groups[0].payments"));
}

/// A changed file, and where the reader points: line, column, field.
fn refused(options: Options, change: impl Fn(&mut Vec<u8>)) -> Vec<(usize, usize, &'static str)> {
    let groups = vec![group(vec![payment(27_000_000), payment(1)])];
    let mut bytes = file(options, groups).to_bytes();
    change(&mut bytes);
    let faults = TransferFile::read(&bytes, options, days()).unwrap_err();
    for fault in &faults {
        let (ja, en) = (fault.message_ja(), fault.message_en());
        assert!(ja.contains(fault.field_ja) && en.contains(&format!("column {}", fault.column)), "{ja} {en}");
        assert!(!fault.accepted_ja.is_empty() && !fault.accepted_en.is_empty());
    }
    faults.into_iter().map(|fault| (fault.line, fault.column, fault.field_ja)).collect()
}

#[test]
fn a_refusal_names_line_column_and_field() {
    let put = |at: usize, content: &'static [u8]| {
        refused(PLAIN, |bytes| bytes[at - 1..at - 1 + content.len()].copy_from_slice(content))
    };
    let second = RECORD_LENGTH;
    let trailer = 3 * RECORD_LENGTH;
    assert_eq!(put(1, b"2"), [(1, 1, "データ区分")]);
    assert_eq!(put(2, b"11"), [(1, 2, "種別コード")]);
    assert_eq!(put(4, b"1"), [(1, 4, "コード区分")]);
    assert_eq!(put(7, b"X"), [(1, 7, "振込依頼人コード")]);
    assert_eq!(put(15, b" "), [(1, 15, "振込依頼人名")]);
    assert_eq!(put(55, b"0628"), [(1, 55, "振込指定日")]);
    assert_eq!(put(55, b"0230"), [(1, 55, "振込指定日")]);
    assert_eq!(put(96, b"4"), [(1, 96, "預金種目")]);
    assert_eq!(put(104, b"0"), [(1, 104, "ダミー")]);
    assert_eq!(put(second + 39, b"    "), [(2, 39, "手形交換所番号")]);
    assert_eq!(put(second + 43, b"3"), [(2, 43, "預金種目")]);
    assert_eq!(put(second + 53, b"a"), [(2, 51, "受取人名")]);
    assert_eq!(put(second + 81, b"0000000000"), [(2, 81, "振込金額")]);
    assert_eq!(put(second + 82, b" "), [(2, 82, "振込金額")]);
    assert_eq!(put(second + 91, b"3"), [(2, 91, "新規コード")]);
    assert_eq!(put(second + 112, b"0"), [(2, 112, "振込指定区分")]);
    assert_eq!(put(second + 113, b"N"), [(2, 113, "識別表示")]);
    assert_eq!(put(second + 120, b"."), [(2, 114, "ダミー")]);
    assert_eq!(put(trailer + 2, b"000003"), [(4, 2, "合計件数")]);
    assert_eq!(put(trailer + 8, b"000027000000"), [(4, 8, "合計金額")]);
    assert_eq!(put(trailer + 20, b"0"), [(4, 20, "ダミー")]);
    assert_eq!(put(4 * RECORD_LENGTH + 2, b"9"), [(5, 2, "ダミー")]);
    // Everything that can be told is told at once.
    let both = refused(PLAIN, |bytes| {
        bytes[1] = b'9';
        bytes[second + 90] = b'9';
        bytes[trailer + 1] = b'9';
    });
    assert_eq!(both, [(1, 2, "種別コード"), (2, 91, "新規コード"), (4, 2, "合計件数")]);
}

#[test]
fn records_come_in_their_order_and_length() {
    let take = |records: &'static [usize]| {
        refused(PLAIN, move |bytes| {
            let old = bytes.clone();
            bytes.clear();
            for at in records {
                bytes.extend(&old[at * RECORD_LENGTH..(at + 1) * RECORD_LENGTH]);
            }
        })
    };
    let kind = |line| vec![(line, 1, "データ区分")];
    assert_eq!(take(&[]), kind(1));
    assert_eq!(take(&[4]), kind(1));
    assert_eq!(take(&[1, 2, 3, 4]), kind(1));
    assert_eq!(take(&[0, 3, 4]), kind(2));
    assert_eq!(take(&[0, 1, 2, 4]), kind(4));
    assert_eq!(take(&[0, 1, 2, 3]), kind(5));
    assert_eq!(take(&[0, 1, 2, 3, 4, 4]), kind(6));
    assert_eq!(take(&[0, 0, 1, 2, 3, 4]), kind(2));
    assert_eq!(take(&[0, 1, 2, 3, 0, 1, 2, 3, 4]), kind(5), "one order only");
    assert_eq!(take(&[0, 1, 3, 4]), [(3, 2, "合計件数"), (3, 8, "合計金額")]);
    assert_eq!(refused(PLAIN, |bytes| bytes.truncate(bytes.len() - 1)), [(5, 1, "レコード")]);
    assert_eq!(refused(PLAIN, |bytes| bytes.push(0x1A)), [(6, 1, "レコード")]);
    assert_eq!(refused(SEVERAL, |bytes| bytes.truncate(bytes.len() - 1)), [(5, 121, "改行")]);
    assert_eq!(refused(SEVERAL, |bytes| bytes[121] = b'\r'), [(1, 121, "改行")]);
    let crlf = file(SEVERAL, vec![group(vec![payment(1)])]).to_bytes();
    assert!(TransferFile::read(&crlf, PLAIN, days()).is_err());
    assert_eq!(crlf.len(), 4 * (RECORD_LENGTH + 2));
}

/// A changed result file of the day's two transfers, of which the second was refused, and where the reader points.
fn refused_result(on: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<(usize, usize, &'static str)> {
    let order = file(SEVERAL, vec![group(vec![payment(27_000_000), payment(1)])]);
    let mut bytes = answer_to(&order, &[ResultCode::Done, ResultCode::NoAccount]);
    change(&mut bytes);
    let faults = ResultFile::read(&bytes, day(on)).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.accepted_ja.is_empty() && !fault.accepted_en.is_empty()));
    faults.into_iter().map(|fault| (fault.line, fault.column, fault.field_ja)).collect()
}

#[test]
fn a_result_says_what_became_of_each_transfer() {
    for options in [PLAIN, SEVERAL] {
        let order = file(options, vec![group(vec![payment(27_000_000), payment(1)])]);
        let bytes = answer_to(&order, &[ResultCode::Done, ResultCode::NoAccount]);
        let read = ResultFile::read(&bytes, day("2026-06-29")).unwrap();
        let said: Vec<_> =
            read.lines.iter().map(|line| (line.line, line.payment.amount.yen().0, line.code)).collect();
        assert_eq!(said, [(2, 27_000_000, ResultCode::Done), (3, 1, ResultCode::NoAccount)]);
    }
}

#[test]
fn a_result_that_does_not_add_up_is_refused_whole() {
    let record = RECORD_LENGTH + 2;
    let put = |at: usize, content: &'static [u8]| {
        refused_result("2026-06-29", |bytes| bytes[at - 1..at - 1 + content.len()].copy_from_slice(content))
    };
    assert_eq!(put(record + 114, b"7"), [(2, 114, "振込結果コード")]);
    assert_eq!(put(record + 114, b" "), [(2, 114, "振込結果コード")]);
    // A code changed by hand no longer fits the counts.
    let counts =
        [(4, 20, "処理済件数"), (4, 26, "処理済金額"), (4, 38, "処理不能件数"), (4, 44, "処理不能金額")];
    assert_eq!(put(record + 114, b"9"), counts);
    assert_eq!(put(3 * record + 20, b"000002"), counts[..1]);
    assert_eq!(put(3 * record + 8, b"000027000009"), [(4, 8, "合計金額")]);
    assert_eq!(put(record + 115, b"0"), [(2, 114, "ダミー")]);
    assert_eq!(refused_result("2026-06-30", |_| ()), [(1, 55, "振込指定日")], "another day");
    assert_eq!(refused_result("2026-06-29", |bytes| bytes.truncate(2 * record)), [(3, 1, "データ区分")]);
    // The order itself is no result: nothing is said of its transfers.
    let order = file(SEVERAL, vec![group(vec![payment(1)])]).to_bytes();
    assert!(ResultFile::read(&order, day("2026-06-29")).is_err());
}

fn letters<P: Place>() -> impl Strategy<Value = KanaName<P>> {
    let marks = P::MARKS.trim_start().to_owned();
    let alphabet: Vec<String> =
        "アイウヴガザパボーンッヤ09AZ".chars().chain(marks.chars()).map(String::from).collect();
    let space = if P::MARKS.contains(' ') { "[ 　]?" } else { "" };
    let word = prop::collection::vec(prop::sample::select(alphabet), 1..P::MOST / 4);
    (word.clone(), space, word).prop_map(|(one, space, other)| {
        KanaName::parse("", &format!("{}{space}{}", one.concat(), other.concat())).unwrap()
    })
}

fn any_digits<const N: usize>() -> impl Strategy<Value = Digits<N>> {
    prop::collection::vec(0..10_u8, N)
        .prop_map(|digits| digits.iter().map(u8::to_string).collect::<String>())
        .prop_map(|text| Digits::parse("", &text).unwrap())
}

fn any_account(kinds: &'static [DepositKind]) -> impl Strategy<Value = DepositAccount> {
    let branch = (any_digits(), letters::<Office>(), any_digits(), letters::<Office>());
    (branch, prop::sample::select(kinds), any_digits()).prop_map(|(branch, kind, number)| {
        let (bank_code, bank_name, branch_code, branch_name) = branch;
        DepositAccount { branch: Branch { bank_code, bank_name, branch_code, branch_name }, kind, number }
    })
}

fn any_payment() -> impl Strategy<Value = Payment> {
    let reference = prop_oneof![
        (any_digits(), any_digits()).prop_map(|(one, other)| Reference::Codes(one, other)),
        letters::<Edi>().prop_map(Reference::Text),
    ];
    let amount = prop_oneof![Just(1), Just(9_999_999_999_i64), 1..=9_999_999_999_i64];
    let choices = (prop::sample::select(PayeeStatus::ALL), prop::sample::select(Method::ALL));
    (any_account(DepositKind::ALL), letters::<Payee>(), amount, choices, reference).prop_map(
        |(to, payee, amount, (status, method), reference)| Payment {
            to,
            payee,
            amount: TransferAmount::new("", Yen(amount)).unwrap(),
            status,
            reference,
            method,
        },
    )
}

const PAYING: &[DepositKind] = &[DepositKind::Ordinary, DepositKind::Current, DepositKind::Other];

fn any_group() -> impl Strategy<Value = Group> {
    let date = (0..364_u64)
        .prop_map(|after| days().made_on.checked_add_days(After::new(after)).unwrap())
        .prop_filter("open", |date| is_bank_day(*date));
    let payments = prop::collection::vec(any_payment(), 1..6);
    (any_digits(), letters::<Sender>(), date, any_account(PAYING), payments).prop_map(
        |(sender_code, sender, date, from, payments)| Group { sender_code, sender, date, from, payments },
    )
}

fn any_file() -> impl Strategy<Value = (Options, TransferFile)> {
    let ends = prop::sample::select(vec![LineEnd::None, LineEnd::CrLf]);
    let groups = prop_oneof![
        any_group().prop_map(|group| (Groups::One, vec![group])),
        prop::collection::vec(any_group(), 1..4).prop_map(|groups| (Groups::Several, groups)),
    ];
    (ends, groups).prop_map(|(line_end, (several, groups))| {
        let options = Options { line_end, groups: several };
        (options, file(options, groups))
    })
}

/// The field of a record of this kind in which a byte stands.
fn field_of(kind: u8, column: usize) -> &'static str {
    let layout: &[Field] = match kind {
        b'1' => &HEADER,
        b'2' => &DATA,
        b'8' => &TRAILER,
        _ => &END,
    };
    let mut end = 0;
    let found = layout.iter().find(|field| {
        end += field.length;
        column < end
    });
    found.map_or("改行", |field| field.ja)
}

/// Fields whose content nothing else in the file repeats: one changed byte can only be told from the written one where it is
/// no content of the field at all.
const UNREPEATED: &[&str] = &[
    "振込依頼人コード",
    "振込依頼人名",
    "振込指定日",
    "仕向銀行番号",
    "仕向銀行名",
    "仕向支店番号",
    "仕向支店名",
    "被仕向銀行番号",
    "被仕向銀行名",
    "被仕向支店番号",
    "被仕向支店名",
    "預金種目",
    "口座番号",
    "受取人名",
    "新規コード",
    "顧客コード1",
    "顧客コード2",
    "振込指定区分",
    "識別表示",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_reads_back_to_the_same_payments_and_totals((options, file) in any_file()) {
        let bytes = file.to_bytes();
        let read = TransferFile::read(&bytes, options, days());
        prop_assert_eq!(read.as_ref(), Ok(&file));
        let totals = |file: &TransferFile| file.groups().iter().map(Group::total).collect::<Vec<_>>();
        prop_assert_eq!(read.as_ref().map(totals), Ok(totals(&file)));
    }

    #[test]
    fn a_changed_byte_is_refused_or_only_another_content_of_its_own_field(
        (options, file) in any_file(),
        places in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 64),
    ) {
        let written = file.to_bytes();
        let length = RECORD_LENGTH + if options.line_end == LineEnd::CrLf { 2 } else { 0 };
        for (place, flip) in places {
            let at = place.index(written.len());
            let mut bytes = written.clone();
            bytes[at] ^= flip;
            let kind = written[at / length * length];
            let field = field_of(kind, at % length);
            match TransferFile::read(&bytes, options, days()) {
                Err(faults) => prop_assert!(!faults.is_empty()),
                Ok(read) => {
                    prop_assert!(UNREPEATED.contains(&field), "{} at {}", field, at);
                    prop_assert_eq!(read.to_bytes(), bytes);
                    let totals = |file: &TransferFile| {
                        file.groups().iter().map(|group| (group.payments.len(), group.total())).collect::<Vec<_>>()
                    };
                    prop_assert_eq!(totals(&read), totals(&file));
                }
            }
        }
    }

    #[test]
    fn a_result_reads_back_or_is_refused(
        (_, order) in any_file(),
        digits in prop::collection::vec(prop::sample::select(ResultCode::ALL), 0..24),
        places in prop::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 32),
    ) {
        let on = order.groups()[0].date;
        let bytes = answer_to(&order, &digits);
        let payments: Vec<&Payment> = order.groups().iter().flat_map(|group| &group.payments).collect();
        let codes = digits.iter().copied().chain(std::iter::repeat(ResultCode::Done));
        let read = ResultFile::read(&bytes, on);
        if order.groups().iter().any(|group| group.date != on) {
            prop_assert!(read.is_err());
            return Ok(());
        }
        let read = read.unwrap();
        prop_assert_eq!(read.lines.len(), payments.len());
        for ((line, payment), code) in read.lines.iter().zip(&payments).zip(codes) {
            prop_assert_eq!((&line.payment, line.code), (*payment, code));
        }
        // Whatever byte changes: it is refused, or no amount and no code is another one.
        for (place, flip) in places {
            let mut changed = bytes.clone();
            changed[place.index(bytes.len())] ^= flip;
            if let Ok(other) = ResultFile::read(&changed, on) {
                let sums = |file: &ResultFile| {
                    file.lines.iter().map(|line| (line.payment.amount, line.code)).collect::<Vec<_>>()
                };
                let refused = |file: &ResultFile| {
                    file.lines.iter().filter(|line| line.code != ResultCode::Done).count()
                };
                prop_assert_eq!(refused(&other), refused(&read));
                let amounts = |file: &ResultFile| sums(file).into_iter().map(|(amount, _)| amount).collect::<Vec<_>>();
                prop_assert_eq!(amounts(&other), amounts(&read));
            }
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(TransferFile::read(&bytes, SEVERAL, days()).is_err());
        prop_assert!(ResultFile::read(&bytes, days().made_on).is_err());
    }

    #[test]
    fn a_name_is_written_whole_or_refused(text in "[ァ-ヶー　 a-zA-Z0-9ｦ-ﾟ()（）.\\-]{0,45}") {
        if let Ok(name) = KanaName::<Sender>::parse("sender", &text) {
            prop_assert!((1..=40).contains(&name.as_str().chars().count()));
            // Once folded, a name stays as it is.
            prop_assert_eq!(KanaName::<Sender>::parse("", name.as_str()), Ok(name));
        }
    }
}

/// Every byte of one file changed to every other value: how many are told, counted and printed.
#[test]
fn every_byte_of_a_file_changed_to_every_other_value() {
    let whole = file(SEVERAL, vec![group(vec![payment(27_000_000), payment(1)])]);
    let written = whole.to_bytes();
    let (mut told, mut read) = (0_u32, 0_u32);
    for at in 0..written.len() {
        for value in (0..=u8::MAX).filter(|value| *value != written[at]) {
            let mut bytes = written.clone();
            bytes[at] = value;
            match TransferFile::read(&bytes, SEVERAL, days()) {
                Err(_) => told += 1,
                Ok(other) => {
                    assert_eq!(other.to_bytes(), bytes);
                    assert_eq!(other.groups()[0].total(), whole.groups()[0].total());
                    let field = field_of(written[at / 122 * 122], at % 122);
                    assert!(UNREPEATED.contains(&field), "{field}");
                    read += 1;
                }
            }
        }
    }
    println!(
        "{told} of {} single-byte changes refused, {read} are other contents of their field",
        told + read
    );
    assert_eq!(told + read, 255 * u32::try_from(written.len()).unwrap());
    assert!(read > 0 && told > 9 * read);
}
