//! The ledger list of a day as core banking hands it in: one line for each booking of a posting, and a last line with count and sum, so
//! that half a list is no list.
//!
//! ```text
//! posting_key,loan_no,entry,amount_yen,booked_on,reference
//! 2963-000001-1,,POSTING,30000000,2026-06-15,LEDGER-1
//! TOTAL,1,30000000
//! ```
//!
//! UTF-8, a field holds no comma and no quotation mark. `loan_no` is empty unless the order is one of a mix (C-56).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::RULE;
use crate::form::Problem;

/// The first line of a list.
pub const HEADER: &str = "posting_key,loan_no,entry,amount_yen,booked_on,reference";
/// The most bytes of a list.
pub const MOST_BYTES: usize = 1 << 20;
/// The most faults that are told of one list.
const MOST_FAULTS: usize = 100;

crate::terms! {
    /// What a booking does.
    pub enum LedgerEntry {
        Posting = "POSTING", "実行", "Posting";
        Reversal = "REVERSAL", "取消", "Reversal";
    }
}

/// One booking in core banking's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub posting_key: String,
    /// The loan of a mix; absent where the order is for one loan.
    pub loan_no: Option<u8>,
    pub entry: LedgerEntry,
    /// Yen, above nought.
    pub amount_yen: i64,
    pub reference: String,
}

/// The lines of a list. Errors, all at once up to the hundredth, each as `line 3, amount_yen`, and then nothing of it counts: another
/// header, a field that is none, a booking of another day, the same booking twice, a count or a sum that is not the list's.
pub fn read(text: &str, day: NaiveDate) -> Result<Vec<LedgerLine>, Vec<Problem>> {
    let mut faults = vec![];
    let mut wrong = |line: usize, field: &str, accepted: String| {
        let ja = format!("{line}行目「{field}」が正しくありません。");
        let en = format!("Line {line}, {field} is not what is accepted there.");
        faults.push(Problem::new(format!("line {line}, {field}"), RULE, (&ja, &en), accepted));
    };
    if text.len() > MOST_BYTES {
        wrong(1, "list", format!("at most {MOST_BYTES} bytes"));
        return Err(faults);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = text.lines().map(|row| row.strip_suffix('\r').unwrap_or(row)).enumerate();
    if rows.next().map(|(_, row)| row) != Some(HEADER) {
        wrong(1, "header", HEADER.to_owned());
        return Err(faults);
    }
    let (mut lines, mut total, mut last): (Vec<LedgerLine>, Option<usize>, usize) = (vec![], None, 1);
    let mut refused = 0;
    for (at, row) in rows {
        let line = at + 1;
        last = line;
        if refused >= MOST_FAULTS {
            break;
        }
        if total.is_some() {
            wrong(line, "end", "nothing after TOTAL".to_owned());
            break;
        }
        let fields: Vec<&str> = row.split(',').collect();
        if let ["TOTAL", count, sum] = fields.as_slice() {
            total = Some(line);
            // Lines that were refused have their own faults; a sum without them would say nothing.
            if refused == 0 {
                let sums: i64 = lines.iter().map(|line| line.amount_yen).sum();
                if number(count) != i64::try_from(lines.len()).ok() {
                    wrong(line, "count", lines.len().to_string());
                }
                if number(sum) != Some(sums) {
                    wrong(line, "sum", sums.to_string());
                }
            }
            continue;
        }
        match booking(&fields, day) {
            Ok(booking) => {
                let same = |other: &&LedgerLine| {
                    (&other.posting_key, other.loan_no, other.entry)
                        == (&booking.posting_key, booking.loan_no, booking.entry)
                };
                if lines.iter().any(|other| same(&other)) {
                    refused += 1;
                    wrong(line, "posting_key", "each booking of an order once".to_owned());
                } else {
                    lines.push(booking);
                }
            }
            Err(found) => {
                refused += 1;
                found.into_iter().for_each(|(field, accepted)| wrong(line, field, accepted));
            }
        }
    }
    if total.is_none() && refused < MOST_FAULTS {
        wrong(last + 1, "TOTAL", "TOTAL,count,sum as the last line".to_owned());
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

/// A number of ASCII digits, at most fifteen.
fn number(text: &str) -> Option<i64> {
    let plain = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

type Wrong = (&'static str, String);

fn booking(fields: &[&str], day: NaiveDate) -> Result<LedgerLine, Vec<Wrong>> {
    let [key, loan, entry, amount, booked, reference] = fields else {
        return Err(vec![("line", HEADER.to_owned())]);
    };
    let mut wrong: Vec<Wrong> = vec![];
    if !is_code(key) {
        wrong.push(("posting_key", "the key of a posting order, letters, digits and - only".to_owned()));
    }
    let loan_no = match *loan {
        "" => None,
        text => match number(text).and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=9).contains(n)) {
            Some(number) => Some(number),
            None => {
                wrong.push(("loan_no", "empty, or 1 to 9".to_owned()));
                None
            }
        },
    };
    let entry = LedgerEntry::parse(entry);
    if entry.is_none() {
        wrong.push(("entry", "POSTING, REVERSAL".to_owned()));
    }
    let amount = number(amount).filter(|yen| *yen > 0);
    if amount.is_none() {
        wrong.push(("amount_yen", "yen above 0, digits only".to_owned()));
    }
    if *booked != day.to_string() {
        wrong.push(("booked_on", day.to_string()));
    }
    if !is_code(reference) {
        wrong.push(("reference", "1 to 60 letters, digits and -_./".to_owned()));
    }
    match (entry, amount, wrong.is_empty()) {
        (Some(entry), Some(amount_yen), true) => Ok(LedgerLine {
            posting_key: (*key).to_owned(),
            loan_no,
            entry,
            amount_yen,
            reference: (*reference).to_owned(),
        }),
        _ => Err(wrong),
    }
}

fn is_code(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    (1..=60).contains(&text.len()) && text.chars().all(letter)
}
