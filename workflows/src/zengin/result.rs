//! The result file of transfers (振込結果, decision 30): the records of the order come back and say, in bytes that the order leaves
//! blank, what became of each transfer.
//!
//! The association's sheets give no layout for results of transfers; the codes stand where the dummy of a payment begins (byte 114), and
//! the trailer counts what was carried out and what was refused (bytes 20 to 55), as the trailer of direct debits does. Everything else is
//! read by the strict reader of the order itself.

use chrono::{Datelike, Months, NaiveDate};

use super::read::Fault;
use super::records::{DATA, Field, HEADER, RECORD_LENGTH, TRAILER};
use super::{Days, Group, Groups, LineEnd, Options, Payment, TransferFile};
use crate::money::Yen;

/// The most bytes of a result file: ten thousand transfers.
pub const MOST_BYTES: usize = 10_004 * (RECORD_LENGTH + 2);
/// Where the code stands in the record of a payment, from 0.
const CODE_AT: usize = 113;
/// Where the counts stand in the trailer, from 0: field, bytes.
const COUNTS: [(usize, usize, &str, &str); 4] = [
    (19, 6, "処理済件数", "count of what was carried out"),
    (25, 12, "処理済金額", "sum of what was carried out"),
    (37, 6, "処理不能件数", "count of what was refused"),
    (43, 12, "処理不能金額", "sum of what was refused"),
];
const COUNTS_END: usize = 55;

crate::terms! {
    /// What became of a transfer, as its bank says. Refused means that nothing moved.
    pub enum ResultCode {
        Done = "DONE", "処理済", "Carried out";
        NoAccount = "NO_ACCOUNT", "該当口座なし", "There is no such account";
        NameDiffers = "NAME_DIFFERS", "受取人名相違", "The account has another holder";
        AccountClosed = "ACCOUNT_CLOSED", "口座解約・入金不能", "The account takes no money";
        FundsShort = "FUNDS_SHORT", "資金不足", "The paying account did not suffice";
        Withdrawn = "WITHDRAWN", "依頼人による組戻し・取消", "Withdrawn by whoever ordered it";
        Other = "OTHER", "その他", "Another reason";
    }
}

impl ResultCode {
    /// The digit of the file.
    pub const fn digit(self) -> u8 {
        match self {
            Self::Done => b'0',
            Self::NoAccount => b'1',
            Self::NameDiffers => b'2',
            Self::AccountClosed => b'3',
            Self::FundsShort => b'4',
            Self::Withdrawn => b'8',
            Self::Other => b'9',
        }
    }

    fn of_digit(digit: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.digit() == digit)
    }
}

/// One transfer with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultLine {
    /// Number of the record in the file, from 1.
    pub line: usize,
    pub payment: Payment,
    pub code: ResultCode,
}

/// A whole result file of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    pub date: NaiveDate,
    pub lines: Vec<ResultLine>,
}

impl ResultFile {
    /// The result of the transfers of `date` in these bytes. Errors, each with its line and field, and then nothing of the file counts:
    /// what the reader of orders refuses, a day other than `date`, a code that nobody knows, counts or sums that are not those of the
    /// records.
    pub fn read(bytes: &[u8], date: NaiveDate) -> Result<Self, Vec<Fault>> {
        if bytes.len() > MOST_BYTES {
            return Err(vec![fault(1, 0, ("ファイル", "file"), "10000件以内", "at most 10000 transfers")]);
        }
        let line_end = if bytes.get(RECORD_LENGTH) == Some(&b'\r') { LineEnd::CrLf } else { LineEnd::None };
        let length = RECORD_LENGTH + if line_end == LineEnd::CrLf { 2 } else { 0 };
        let (mut order, mut codes, mut counts) = (bytes.to_vec(), vec![], vec![]);
        for (at, record) in order.chunks_mut(length).enumerate() {
            let taken = match record.first() {
                Some(b'2') => CODE_AT..CODE_AT + 1,
                Some(b'8') => COUNTS[0].0..COUNTS_END,
                _ => continue,
            };
            // A record that is too short is the reader's to refuse.
            let Some(place) = record.get_mut(taken) else { continue };
            let said = place.to_vec();
            place.fill(b' ');
            if said.len() == 1 { codes.push((at + 1, said[0])) } else { counts.push((at + 1, said)) }
        }
        let options = Options { line_end, groups: Groups::Several };
        // The file has no year: the day is the one within half a year of the day that is asked for.
        let made_on = date.checked_sub_months(Months::new(6)).unwrap_or(date);
        let order = TransferFile::read(&order, options, Days { made_on, is_open: &|_| true })?;
        let (mut faults, mut lines, mut header) = (vec![], vec![], 1);
        let mut codes = codes.into_iter();
        let mut counts = counts.into_iter();
        for group in order.groups() {
            if group.date != date {
                let day = format!("{:02}{:02}", date.month(), date.day());
                faults.push(of_field(header, &HEADER, 5, &day, &format!("{day}, the day of the transfers")));
            }
            let first = lines.len();
            for (payment, (line, digit)) in group.payments.iter().zip(codes.by_ref()) {
                match ResultCode::of_digit(digit) {
                    Some(code) => lines.push(ResultLine { line, payment: payment.clone(), code }),
                    None => {
                        let digits: Vec<String> =
                            ResultCode::ALL.iter().map(|code| char::from(code.digit()).to_string()).collect();
                        let (names, digits) = (("振込結果コード", "result code"), digits.join(", "));
                        faults.push(fault(line, CODE_AT, names, &digits, &digits));
                    }
                }
            }
            let Some((line, said)) = counts.next() else { continue };
            header = line + 1;
            // A code that cannot be read has its own fault; sums without it would say nothing.
            if lines.len() - first == group.payments.len() {
                check_counts(line, &said, &lines[first..], &mut faults);
            }
        }
        if faults.is_empty() { Ok(Self { date, lines }) } else { Err(faults) }
    }
}

fn check_counts(line: usize, said: &[u8], lines: &[ResultLine], faults: &mut Vec<Fault>) {
    let expected = counted(lines);
    for ((at, length, ja, en), expected) in COUNTS.into_iter().zip(&expected) {
        let from = at - COUNTS[0].0;
        if said.get(from..from + length) != Some(expected.as_bytes()) {
            faults.push(fault(line, at, (ja, en), expected, &format!("{expected}, as the records say")));
        }
    }
}

/// The four counts of a trailer.
fn counted(lines: &[ResultLine]) -> [String; 4] {
    let of = |done: bool| {
        let mine = || lines.iter().filter(move |line| (line.code == ResultCode::Done) == done);
        let sum: Yen = mine().map(|line| line.payment.amount.yen()).sum();
        (format!("{:06}", mine().count()), format!("{:012}", sum.0))
    };
    let ((done, done_sum), (refused, refused_sum)) = (of(true), of(false));
    [done, done_sum, refused, refused_sum]
}

/// The result of an order as a bank would send it, with a code for each payment of each group; a payment without one was carried out.
/// For partners who try the exchange, and for tests.
pub fn answer_to(order: &TransferFile, codes: &[ResultCode]) -> Vec<u8> {
    let mut bytes = order.to_bytes();
    let length = RECORD_LENGTH + if order.options.line_end == LineEnd::CrLf { 2 } else { 0 };
    let mut codes = codes.iter().copied();
    let mut groups = order.groups().iter().map(|group: &Group| group.payments.iter());
    let (mut payments, mut lines) = (None, vec![]);
    for record in bytes.chunks_mut(length) {
        match record.first() {
            Some(b'1') => payments = groups.next(),
            Some(b'2') => {
                let code = codes.next().unwrap_or(ResultCode::Done);
                record[CODE_AT] = code.digit();
                let payment = payments.as_mut().and_then(Iterator::next);
                lines.extend(payment.map(|payment| ResultLine { line: 0, payment: payment.clone(), code }));
            }
            Some(b'8') => {
                record[COUNTS[0].0..COUNTS_END].copy_from_slice(counted(&lines).concat().as_bytes());
                lines.clear();
            }
            _ => {}
        }
    }
    bytes
}

fn of_field(line: usize, layout: &[Field], field: usize, ja: &str, en: &str) -> Fault {
    let before: usize = layout[..field].iter().map(|field| field.length).sum();
    fault(line, before, (layout[field].ja, layout[field].en), ja, en)
}

fn fault(line: usize, at: usize, field: (&'static str, &'static str), ja: &str, en: &str) -> Fault {
    Fault {
        line,
        column: at + 1,
        field_ja: field.0,
        field_en: field.1,
        accepted_ja: ja.to_owned(),
        accepted_en: en.to_owned(),
    }
}

// The dummies are wide enough for what is said in them.
const _: () = assert!(DATA[15].length == 7 && TRAILER[3].length >= COUNTS_END - 19);
