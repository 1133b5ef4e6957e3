//! The writer: every value is typed, so a record always fits.

use chrono::Datelike;

use super::records::{DATA, END, Field, FieldKind, HEADER, RECORD_LENGTH, TRAILER};
use super::{DepositAccount, Group, LineEnd, Payment, Reference, TransferFile};
use crate::kana;

impl TransferFile {
    /// The file as bytes of JIS X 0201.
    pub fn to_bytes(&self) -> Vec<u8> {
        let payments: usize = self.groups.iter().map(|group| group.payments.len()).sum();
        let mut bytes = Vec::with_capacity((payments + 2 * self.groups.len() + 1) * (RECORD_LENGTH + 2));
        for group in &self.groups {
            self.put(&mut bytes, &HEADER, &header(group));
            for payment in &group.payments {
                self.put(&mut bytes, &DATA, &data(payment));
            }
            let (count, sum) = (group.payments.len().to_string(), group.total().0.to_string());
            self.put(&mut bytes, &TRAILER, &["8", &count, &sum, ""]);
        }
        self.put(&mut bytes, &END, &["9", ""]);
        bytes
    }

    fn put(&self, bytes: &mut Vec<u8>, layout: &[Field], contents: &[impl AsRef<str>]) {
        for (field, content) in layout.iter().zip(contents) {
            fill(bytes, *field, content.as_ref());
        }
        if self.options.line_end == LineEnd::CrLf {
            bytes.extend(b"\r\n");
        }
    }
}

/// A field in its bytes. The types of the values keep them within the field's length and characters.
fn fill(bytes: &mut Vec<u8>, field: Field, content: &str) {
    let written = content.chars().filter_map(kana::byte);
    let padding = field.length.saturating_sub(content.chars().count());
    match field.kind {
        FieldKind::N => {
            bytes.extend(std::iter::repeat_n(b'0', padding));
            bytes.extend(written);
        }
        FieldKind::C => {
            bytes.extend(written);
            bytes.extend(std::iter::repeat_n(b' ', padding));
        }
    }
}

fn header(group: &Group) -> [String; 13] {
    let DepositAccount { branch, kind, number } = &group.from;
    [
        "1".to_owned(),
        "21".to_owned(),
        "0".to_owned(),
        group.sender_code.as_str().to_owned(),
        group.sender.to_string(),
        format!("{:02}{:02}", group.date.month(), group.date.day()),
        branch.bank_code.as_str().to_owned(),
        branch.bank_name.to_string(),
        branch.branch_code.as_str().to_owned(),
        branch.branch_name.to_string(),
        kind.digit().to_string(),
        number.as_str().to_owned(),
        String::new(),
    ]
}

fn data(payment: &Payment) -> [String; 16] {
    let DepositAccount { branch, kind, number } = &payment.to;
    let (first, second, mark) = match &payment.reference {
        Reference::Codes(first, second) => (first.as_str().to_owned(), second.as_str().to_owned(), ""),
        Reference::Text(text) => {
            let padded = format!("{:<20}", text.as_str());
            (padded.chars().take(10).collect(), padded.chars().skip(10).collect(), "Y")
        }
    };
    [
        "2".to_owned(),
        branch.bank_code.as_str().to_owned(),
        branch.bank_name.to_string(),
        branch.branch_code.as_str().to_owned(),
        branch.branch_name.to_string(),
        String::new(),
        kind.digit().to_string(),
        number.as_str().to_owned(),
        payment.payee.to_string(),
        payment.amount.yen().0.to_string(),
        payment.status.digit().to_string(),
        first,
        second,
        payment.method.digit().to_string(),
        mark.to_owned(),
        String::new(),
    ]
}
