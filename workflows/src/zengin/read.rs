//! The strict reader: what the writer would not write is refused, with its line, column, field and what is accepted there.

use std::ops::Range;

use super::records::{DATA, END, Field, FieldKind, HEADER, RECORD_LENGTH, TRAILER};
use super::values::{CustomerCode, DepositKind, Digits, Method, PayeeStatus, Reference, TransferAmount};
use super::{Branch, Days, DepositAccount, Group, Groups, LineEnd, Options, Payment, TransferFile};
use crate::kana::{KanaName, Place};
use crate::money::Yen;

/// The most faults that are reported of one file.
const MOST_FAULTS: usize = 100;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Number of the record, from 1.
    pub line: usize,
    /// Byte within the record, from 1.
    pub column: usize,
    pub field_ja: &'static str,
    pub field_en: &'static str,
    /// What stands there in a file that is accepted.
    pub accepted_ja: String,
    pub accepted_en: String,
}

impl Fault {
    /// The refusal in Japanese.
    pub fn message_ja(&self) -> String {
        let Self { line, column, field_ja, accepted_ja, .. } = self;
        format!("{line}行目{column}桁目「{field_ja}」が正しくありません。正しい内容：{accepted_ja}")
    }

    /// The refusal in English.
    pub fn message_en(&self) -> String {
        let Self { line, column, field_en, accepted_en, .. } = self;
        format!("Line {line}, column {column}, {field_en}: {accepted_en} is accepted there.")
    }
}

impl TransferFile {
    /// The file in these bytes. Errors: every fault up to the hundredth; where the records cannot be told apart, that alone.
    pub fn read(bytes: &[u8], options: Options, days: Days<'_>) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader { line: 0, faults: Vec::new(), days };
        let groups = reader.file(bytes, options);
        if reader.faults.is_empty() { Ok(Self { options, groups }) } else { Err(reader.faults) }
    }
}

/// A record with its layout, read field by field.
#[derive(Copy, Clone)]
struct Record<'a> {
    bytes: &'a [u8],
    layout: &'a [Field],
}

impl<'a> Record<'a> {
    fn place(self, field: usize) -> Range<usize> {
        let start: usize = self.layout[..field].iter().map(|field| field.length).sum();
        start..start + self.layout[field].length
    }

    fn bytes(self, field: usize) -> &'a [u8] {
        &self.bytes[self.place(field)]
    }

    fn text(self, field: usize) -> &'a str {
        std::str::from_utf8(self.bytes(field)).unwrap_or_default()
    }
}

/// An order whose trailer has not come yet. The group is absent where the header was refused.
struct Open {
    group: Option<Group>,
    payments: Vec<Payment>,
    count: usize,
}

struct Reader<'a> {
    line: usize,
    faults: Vec<Fault>,
    days: Days<'a>,
}

impl Reader<'_> {
    fn file(&mut self, bytes: &[u8], options: Options) -> Vec<Group> {
        let ending: &[u8] = if options.line_end == LineEnd::CrLf { b"\r\n" } else { b"" };
        let length = RECORD_LENGTH + ending.len();
        let mut groups = Vec::new();
        let mut open: Option<Open> = None;
        let (mut taken, mut ended) = (0, false);
        for record in bytes.chunks(length) {
            self.line += 1;
            let Some((content, end)) = record.split_at_checked(RECORD_LENGTH) else {
                self.fault(1, ("レコード", "record"), "120バイト", "exactly 120 bytes");
                return groups;
            };
            if end != ending {
                let (ja, en) = match options.line_end {
                    LineEnd::CrLf => ("CR+LF", "CR and LF after 120 bytes"),
                    LineEnd::None => ("改行なし120バイト", "120 bytes without a line end"),
                };
                self.fault(RECORD_LENGTH + 1, ("改行", "line end"), ja, en);
                return groups;
            }
            if self.faults.len() >= MOST_FAULTS {
                return groups;
            }
            match (content.first(), open.take()) {
                _ if ended => {
                    self.kind("ファイルの終わり", "nothing after the end record");
                    return groups;
                }
                (Some(b'1'), None) if taken == 0 || options.groups == Groups::Several => {
                    taken += 1;
                    open = Some(Open { group: self.header(content), payments: Vec::new(), count: 0 });
                }
                (Some(b'2'), Some(mut order)) => {
                    order.count += 1;
                    order.payments.extend(self.data(content));
                    open = Some(order);
                }
                (Some(b'8'), Some(order)) if order.count > 0 => {
                    self.trailer(content, &order);
                    groups.extend(order.group.map(|group| Group { payments: order.payments, ..group }));
                }
                (Some(b'9'), None) if taken > 0 => {
                    ended = true;
                    self.filler(Record { bytes: content, layout: &END }, 1);
                }
                (_, still) => {
                    let accepted = match (&still, taken, options.groups) {
                        (Some(order), ..) if order.count == 0 => ("2", "2 (payment)"),
                        (Some(_), ..) => ("2または8", "2 (payment) or 8 (trailer)"),
                        (None, 0, _) => ("1", "1 (header)"),
                        (None, _, Groups::One) => ("9", "9 (end)"),
                        (None, _, Groups::Several) => ("1または9", "1 (header) or 9 (end)"),
                    };
                    self.kind(accepted.0, accepted.1);
                    // What follows cannot be placed.
                    return groups;
                }
            }
        }
        if !ended {
            self.line += 1;
            self.kind("エンドレコード（9）", "an end record (9)");
        }
        groups
    }

    fn header(&mut self, content: &[u8]) -> Option<Group> {
        let record = Record { bytes: content, layout: &HEADER };
        self.constant(record, 1, "21");
        self.constant(record, 2, "0");
        let sender_code = self.digits(record, 3);
        let sender = self.name(record, 4);
        let date = self.date(record, 5);
        let from = self.account(record, [6, 7, 8, 9, 10, 11]);
        if from.as_ref().is_some_and(|from| from.kind == DepositKind::Savings) {
            self.at(record, 10, "1, 2, 9", "1, 2, 9");
        }
        self.filler(record, 12);
        Some(Group {
            sender_code: sender_code?,
            sender: sender?,
            date: date?,
            from: from?,
            payments: Vec::new(),
        })
    }

    fn data(&mut self, content: &[u8]) -> Option<Payment> {
        let record = Record { bytes: content, layout: &DATA };
        let to = self.account(record, [1, 2, 3, 4, 6, 7]);
        self.constant(record, 5, "0000");
        let payee = self.name(record, 8);
        let amount = self.number(record, 9).and_then(|yen| TransferAmount::new("", Yen(yen)).ok());
        if amount.is_none() {
            self.at(record, 9, "1から9999999999", "1 to 9999999999");
        }
        let status = self.choice(record, 10, PayeeStatus::ALL, PayeeStatus::digit);
        let reference = self.reference(record);
        let method = self.choice(record, 13, Method::ALL, Method::digit);
        self.filler(record, 15);
        Some(Payment {
            to: to?,
            payee: payee?,
            amount: amount?,
            status: status?,
            reference: reference?,
            method: method?,
        })
    }

    fn reference(&mut self, record: Record<'_>) -> Option<Reference> {
        match record.bytes(14) {
            b"Y" => {
                let text = KanaName::read(&record.bytes[record.place(11).start..record.place(12).end]);
                if text.is_none() {
                    self.at(
                        record,
                        11,
                        "EDI情報（カナ20文字以内）",
                        "a text of at most 20 half-width characters",
                    );
                }
                text.map(Reference::Text)
            }
            b" " => {
                let first: Option<CustomerCode> = self.digits(record, 11);
                let second = self.digits(record, 12);
                Some(Reference::Codes(first?, second?))
            }
            _ => {
                self.at(record, 14, "Yまたは空白", "Y or a space");
                None
            }
        }
    }

    fn trailer(&mut self, content: &[u8], open: &Open) {
        let record = Record { bytes: content, layout: &TRAILER };
        let count = i64::try_from(open.count).unwrap_or(i64::MAX);
        // A count of seven digits never equals the six of the trailer.
        if self.number(record, 1) != Some(count) {
            self.at(record, 1, &format!("{count:06}"), &format!("{count:06}, the count of the payments"));
        }
        // A payment that cannot be read has its own fault; a sum without it would say nothing.
        if open.payments.len() == open.count {
            let sum: Yen = open.payments.iter().map(|payment| payment.amount.yen()).sum();
            if self.number(record, 2) != Some(sum.0) {
                self.at(
                    record,
                    2,
                    &format!("{:012}", sum.0),
                    &format!("{:012}, the sum of the payments", sum.0),
                );
            }
        }
        self.filler(record, 3);
    }

    /// Bank, its name, branch, its name, kind of account and number, at these fields.
    fn account(&mut self, record: Record<'_>, at: [usize; 6]) -> Option<DepositAccount> {
        let bank_code = self.digits(record, at[0]);
        let bank_name = self.name(record, at[1]);
        let branch_code = self.digits(record, at[2]);
        let branch_name = self.name(record, at[3]);
        let kind = self.choice(record, at[4], DepositKind::ALL, DepositKind::digit);
        let number = self.digits(record, at[5]);
        let branch = Branch {
            bank_code: bank_code?,
            bank_name: bank_name?,
            branch_code: branch_code?,
            branch_name: branch_name?,
        };
        Some(DepositAccount { branch, kind: kind?, number: number? })
    }

    fn date(&mut self, record: Record<'_>, field: usize) -> Option<chrono::NaiveDate> {
        let number = self.number(record, field).and_then(|number| u32::try_from(number).ok());
        let date = number.and_then(|number| self.days.of(number / 100, number % 100));
        if date.is_none() {
            self.at(
                record,
                field,
                "銀行営業日の月日（MMDD）",
                "month and day of a business day within a year",
            );
        }
        date
    }

    fn digits<const N: usize>(&mut self, record: Record<'_>, field: usize) -> Option<Digits<N>> {
        let digits = Digits::parse("", record.text(field)).ok();
        if digits.is_none() {
            self.at(record, field, &format!("数字{N}桁"), &format!("{N} digits"));
        }
        digits
    }

    fn number(&mut self, record: Record<'_>, field: usize) -> Option<i64> {
        let text = record.text(field);
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if plain { text.parse().ok() } else { None }
    }

    fn name<P: Place>(&mut self, record: Record<'_>, field: usize) -> Option<KanaName<P>> {
        let name = KanaName::read(record.bytes(field));
        if name.is_none() {
            let (most, marks) = (P::MOST, P::MARKS.replace(' ', "␣"));
            self.at(
                record,
                field,
                &format!("左詰めのカナ・英大文字・数字・記号「{marks}」{most}文字以内"),
                &format!(
                    "kana without small ones, A-Z, digits or the marks {marks}, to the left of {most} bytes"
                ),
            );
        }
        name
    }

    fn choice<T: Copy>(
        &mut self,
        record: Record<'_>,
        field: usize,
        all: &[T],
        digit: fn(T) -> char,
    ) -> Option<T> {
        let found = all.iter().copied().find(|choice| record.bytes(field) == [digit(*choice) as u8]);
        if found.is_none() {
            let digits: Vec<String> = all.iter().map(|choice| digit(*choice).to_string()).collect();
            self.at(record, field, &digits.join(", "), &digits.join(", "));
        }
        found
    }

    fn constant(&mut self, record: Record<'_>, field: usize, content: &str) {
        if record.bytes(field) != content.as_bytes() {
            self.at(record, field, content, content);
        }
    }

    fn filler(&mut self, record: Record<'_>, field: usize) {
        if record.bytes(field).iter().any(|byte| *byte != b' ') {
            self.at(record, field, "空白", "spaces");
        }
    }

    fn kind(&mut self, ja: &str, en: &str) {
        self.fault(1, ("データ区分", "record kind"), ja, en);
    }

    /// A fault at the first byte of the field that its kind does not take, else at its start.
    fn at(&mut self, record: Record<'_>, field: usize, ja: &str, en: &str) {
        let Field { ja: name_ja, en: name_en, kind, .. } = record.layout[field];
        let digit = |byte: &u8| kind == FieldKind::C || byte.is_ascii_digit();
        let within = record.bytes(field).iter().position(|byte| !digit(byte)).unwrap_or(0);
        self.fault(record.place(field).start + 1 + within, (name_ja, name_en), ja, en);
    }

    fn fault(&mut self, column: usize, field: (&'static str, &'static str), ja: &str, en: &str) {
        self.faults.push(Fault {
            line: self.line,
            column,
            field_ja: field.0,
            field_en: field.1,
            accepted_ja: ja.to_owned(),
            accepted_en: en.to_owned(),
        });
    }
}
