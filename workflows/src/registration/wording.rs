//! The wording of the register: dates in eras, sums, and who stands where.

use chrono::{Datelike, NaiveDate};

use crate::form::{Form, Owner, Party};
use crate::money::Yen;

/// The eras in which a contract of today can have been made.
const ERAS: [(&str, i32, u32, u32); 3] = [("令和", 2019, 5, 1), ("平成", 1989, 1, 8), ("昭和", 1926, 12, 25)];

/// `令和8年4月1日`; the first year of an era is 元年. `None` before the era Showa.
pub fn era_date(date: NaiveDate) -> Option<String> {
    let begins = |(_, year, month, day): &(&str, i32, u32, u32)| NaiveDate::from_ymd_opt(*year, *month, *day);
    let (era, first, ..) = ERAS.iter().find(|era| begins(era).is_some_and(|begin| begin <= date))?;
    let year = match date.year() - first + 1 {
        1 => "元".to_owned(),
        year => year.to_string(),
    };
    Some(format!("{era}{year}年{}月{}日", date.month(), date.day()))
}

/// `金3,000万円`, or `金28,505,000円` where it is no whole number of ten thousands.
pub fn sum(amount: Yen) -> String {
    if amount.0 > 0 && amount.0 % 10_000 == 0 {
        format!("金{}万円", Yen(amount.0 / 10_000))
    } else {
        format!("金{amount}円")
    }
}

/// `東京都...` of a person.
pub(super) fn address(party: &Party) -> String {
    format!("{}{}", party.address.prefecture, party.address.text)
}

/// The name of an owner: of the person of the case, or as written for somebody outside it.
pub(super) fn owner_name(form: &Form, owner: &Owner) -> Option<String> {
    let party = owner.party_id.as_deref().and_then(|id| form.party(id));
    party.map(|party| party.name_kanji.clone()).or_else(|| owner.name.clone())
}

/// `(あ)`, `(い)`: the marks under which several claims of one mortgage stand. Two loans are the most (C-50).
pub(super) fn mark(at: usize) -> &'static str {
    ["（あ）", "（い）", "（う）", "（え）"].get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stand_in_their_era() {
        for (date, text) in [
            ("2026-04-01", "令和8年4月1日"),
            ("2019-05-01", "令和元年5月1日"),
            ("2019-04-30", "平成31年4月30日"),
            ("1989-01-08", "平成元年1月8日"),
            ("1989-01-07", "昭和64年1月7日"),
            ("1926-12-25", "昭和元年12月25日"),
        ] {
            assert_eq!(date.parse().ok().and_then(era_date).as_deref(), Some(text));
        }
        assert_eq!("1926-12-24".parse().ok().and_then(era_date), None);
    }

    #[test]
    fn sums_are_written_in_ten_thousands_where_that_is_exact() {
        assert_eq!(sum(Yen(30_000_000)), "金3,000万円");
        assert_eq!(sum(Yen(28_505_000)), "金28,505,000円");
        assert_eq!(sum(Yen(10_000)), "金1万円");
        assert_eq!(sum(Yen::ZERO), "金0円");
    }
}
