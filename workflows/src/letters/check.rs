//! What must be true of the figures of a letter before it is set: sums are sums, a schedule ends at nought.

use super::{Amount, Cost, FORMAT, Letter, LoanSchedule, Request};
use serde::Serialize;

/// What contradicts the rest of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Path such as `letter.loans[0].rows[3].balance`.
    pub field: String,
    pub rule: &'static str,
    pub message_ja: &'static str,
    pub message_en: &'static str,
    /// What would be accepted.
    pub accepted: String,
}

impl Request {
    /// Every figure that contradicts another one, and every text that is missing. Errors: all at once, by field.
    pub fn check(&self) -> Result<(), Vec<Contradiction>> {
        let mut found = vec![];
        if self.format != FORMAT {
            found.push(problem("format", "書式の版が異なります", "another format", &FORMAT.to_string()));
        }
        let head = &self.head;
        for (field, text) in [
            ("head.bank", &head.bank),
            ("head.branch", &head.branch),
            ("head.reference", &head.reference),
            ("head.addressee.name", &head.addressee.name),
        ] {
            if text.trim().is_empty() {
                found.push(problem(field, "入力がありません", "nothing stands here", "text"));
            }
        }
        match &self.letter {
            Letter::Approval(letter) => {
                sum("letter.amount", letter.amount, letter.loans.iter().map(|loan| loan.amount), &mut found);
            }
            Letter::Appointment(letter) => {
                sum("letter.amount", letter.amount, letter.loans.iter().map(|loan| loan.amount), &mut found);
                costs(&letter.costs, letter.costs_total, &mut found);
            }
            Letter::Disbursement(letter) => costs(&letter.costs, letter.costs_total, &mut found),
            Letter::Schedule(letter) => {
                if letter.loans.is_empty() {
                    found.push(problem("letter.loans", "融資がありません", "no loan", "one loan or more"));
                }
                for (at, loan) in letter.loans.iter().enumerate() {
                    schedule(&format!("letter.loans[{at}]"), loan, &mut found);
                }
            }
            Letter::Decline(_) | Letter::Registration(_) => {}
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

fn costs(lines: &[Cost], total: Amount, found: &mut Vec<Contradiction>) {
    sum("letter.costs_total", total, lines.iter().map(|line| line.amount), found);
}

fn sum(field: &str, total: Amount, parts: impl Iterator<Item = Amount>, found: &mut Vec<Contradiction>) {
    let parts: Amount = parts.sum();
    if total != parts {
        found.push(wrong(field, "合計が一致しません", "not the sum of its parts", parts));
    }
}

/// Rows follow each other, each splits into principal and interest, the last one leaves nothing, totals are totals.
fn schedule(field: &str, loan: &LoanSchedule, found: &mut Vec<Contradiction>) {
    let mut left = loan.amount;
    for (at, row) in loan.rows.iter().enumerate() {
        let here = |part: &str| format!("{field}.rows[{at}].{part}");
        if usize::try_from(row.number).ok() != Some(at + 1) {
            let accepted = (at + 1).to_string();
            found.push(problem(&here("number"), "回数が連続していません", "not the next number", &accepted));
        }
        if let Some(before) = at.checked_sub(1).and_then(|at| loan.rows.get(at))
            && before.due >= row.due
        {
            let accepted = format!("a day after {}", before.due);
            found.push(problem(&here("due"), "日付が前後しています", "not after the day before", &accepted));
        }
        let parts = row.principal.plus(row.interest);
        if row.payment != parts {
            found.push(wrong(&here("payment"), "内訳と一致しません", "not principal and interest", parts));
        }
        if row.bonus > row.payment {
            found.push(wrong(&here("bonus"), "返済額を超えています", "more than the payment", row.payment));
        }
        left = left.less(row.principal);
        if row.balance != left {
            found.push(wrong(&here("balance"), "残高が一致しません", "not what is left", left));
        }
    }
    if left != Amount::ZERO {
        let here = format!("{field}.rows");
        found.push(wrong(&here, "最終回で完済しません", "the last row leaves a balance", Amount::ZERO));
    }
    let totals = &loan.totals;
    let rows = || loan.rows.iter();
    sum(&format!("{field}.totals.payment"), totals.payment, rows().map(|row| row.payment), found);
    sum(&format!("{field}.totals.principal"), totals.principal, rows().map(|row| row.principal), found);
    sum(&format!("{field}.totals.interest"), totals.interest, rows().map(|row| row.interest), found);
    sum(&format!("{field}.totals.bonus"), totals.bonus, rows().map(|row| row.bonus), found);
}

fn wrong(field: &str, ja: &'static str, en: &'static str, accepted: Amount) -> Contradiction {
    problem(field, ja, en, &accepted.to_string())
}

fn problem(field: &str, ja: &'static str, en: &'static str, accepted: &str) -> Contradiction {
    Contradiction {
        field: field.to_owned(),
        rule: "LETTER",
        message_ja: ja,
        message_en: en,
        accepted: accepted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;

    fn request() -> Request {
        let amount = |yen| Amount::of(yen);
        let row = |number, due: &str, principal, interest, balance| Repayment {
            number,
            due: Day::parse(due).unwrap(),
            payment: amount(principal + interest),
            principal: amount(principal),
            interest: amount(interest),
            bonus: Amount::ZERO,
            balance: amount(balance),
        };
        let loan = LoanSchedule {
            loan_no: 1,
            amount: amount(300),
            rate: Percent::parse("1.5").unwrap(),
            rate_type: "変動金利".to_owned(),
            term_months: 3,
            special_term_end: None,
            rows: vec![
                row(1, "2026-01-05", 100, 3, 200),
                row(2, "2026-02-05", 100, 2, 100),
                row(3, "2026-03-05", 100, 1, 0),
            ],
            totals: Totals {
                payment: amount(306),
                principal: amount(300),
                interest: amount(6),
                bonus: Amount::ZERO,
            },
        };
        Request {
            format: FORMAT,
            language: Language::Ja,
            head: Head {
                bank: "見本労働金庫".to_owned(),
                branch: "本店".to_owned(),
                reference: "2026-0001".to_owned(),
                issued_on: Day::parse("2026-01-01").unwrap(),
                addressee: Addressee {
                    postal_code: None,
                    address: None,
                    name: "見本 花子".to_owned(),
                    called: Called::Person,
                },
            },
            letter: Letter::Schedule(Schedule {
                disbursed_on: Day::parse("2025-12-10").unwrap(),
                loans: vec![loan],
            }),
        }
    }

    fn found(change: impl Fn(&mut LoanSchedule)) -> Vec<String> {
        let mut request = request();
        if let Letter::Schedule(schedule) = &mut request.letter {
            change(&mut schedule.loans[0]);
        }
        request.check().err().into_iter().flatten().map(|one| one.field).collect()
    }

    #[test]
    fn a_sound_schedule_passes_and_each_seeded_fault_is_named() {
        assert_eq!(found(|_| {}), Vec::<String>::new());
        let fields = |change: fn(&mut LoanSchedule)| found(change);
        let of = |ends: &[&str]| ends.iter().map(|end| format!("letter.loans[0].{end}")).collect::<Vec<_>>();
        assert_eq!(fields(|loan| loan.totals.interest = Amount::of(7)), of(&["totals.interest"]));
        assert_eq!(fields(|loan| loan.totals.payment = Amount::of(305)), of(&["totals.payment"]));
        assert_eq!(fields(|loan| loan.rows[1].number = 5), of(&["rows[1].number"]));
        assert_eq!(fields(|loan| loan.rows[1].due = loan.rows[0].due), of(&["rows[1].due"]));
        assert_eq!(fields(|loan| loan.rows[1].balance = Amount::of(101)), of(&["rows[1].balance"]));
        assert_eq!(
            fields(|loan| loan.rows[2].payment = Amount::of(100)),
            of(&["rows[2].payment", "totals.payment"])
        );
        let short = fields(|loan| loan.rows.truncate(loan.rows.len() - 1));
        assert_eq!(short, of(&["rows", "totals.payment", "totals.principal", "totals.interest"]));
    }

    #[test]
    fn a_request_of_another_format_and_one_without_a_name_are_refused() {
        let mut request = request();
        request.format = 2;
        request.head.addressee.name = " ".to_owned();
        let fields: Vec<String> = request.check().unwrap_err().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["format", "head.addressee.name"]);
    }

    #[test]
    fn nothing_unknown_is_read_and_a_refusal_has_no_place_for_a_reason() {
        let mut value = serde_json::to_value(request()).unwrap();
        assert_eq!(serde_json::from_value::<Request>(value.clone()).unwrap(), request());
        value["letter"]["note"] = "x".into();
        assert!(serde_json::from_value::<Request>(value).is_err());
        let decline =
            serde_json::to_value(Letter::Decline(Decline { received_on: Day::parse("2026-01-01").unwrap() }));
        let mut decline = decline.unwrap();
        assert_eq!(decline, serde_json::json!({ "kind": "DECLINE", "received_on": "2026-01-01" }));
        decline["reason"] = "x".into();
        assert!(serde_json::from_value::<Letter>(decline).is_err());
    }
}
