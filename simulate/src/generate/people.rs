//! Persons of an application: an applicant, at times a spouse as joint debtor, joint guarantor or mortgagor.

use super::Wish;
use crate::calendar::{days_after, months_after};
use crate::dice::Dice;
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

/// Code, name and one prefecture of the business area of each labour bank.
const BANKS: &[(&str, &str, &str)] = &[
    ("2951", "北海道労金", "北海道"),
    ("2954", "東北労金", "宮城県"),
    ("2963", "中央労金", "埼玉県"),
    ("2965", "新潟県労金", "新潟県"),
    ("2966", "長野県労金", "長野県"),
    ("2968", "静岡県労金", "静岡県"),
    ("2970", "北陸労金", "石川県"),
    ("2972", "東海労金", "愛知県"),
    ("2978", "近畿労金", "大阪府"),
    ("2984", "中国労金", "広島県"),
    ("2987", "四国労金", "香川県"),
    ("2990", "九州労金", "福岡県"),
    ("2997", "沖縄県労金", "沖縄県"),
];

const SURNAMES: &[(&str, &str)] = &[
    ("見本", "ミホン"),
    ("例野", "レイノ"),
    ("架空", "カクウ"),
    ("試山", "タメシヤマ"),
    ("仮川", "カリカワ"),
    ("想田", "ソウダ"),
    ("模原", "モハラ"),
    ("雛形", "ヒナガタ"),
    ("作村", "サクムラ"),
    ("夢見沢", "ユメミザワ"),
];
const WOMEN: &[(&str, &str)] =
    &[("花子", "ハナコ"), ("見江", "ミエ"), ("例", "レイ"), ("仮奈", "カナ"), ("雛乃", "ヒナノ")];
const MEN: &[(&str, &str)] =
    &[("太郎", "タロウ"), ("試朗", "シロウ"), ("作助", "サクスケ"), ("例二", "レイジ"), ("仮吉", "カキチ")];
const UNIONS: &[&str] = &["見本電機労働組合", "架空運輸労働組合", "例示製作所労働組合", "模型市職員組合"];
const EMPLOYERS: &[&str] = &["見本電機株式会社", "架空運輸株式会社", "株式会社例示製作所", "模型市役所"];

/// The persons and what the rest of the form needs to know of them.
pub(super) struct Household {
    pub parties: Vec<Value>,
    pub applicant_kana: String,
    /// Borrowers by party id, in order: they are insured and own.
    pub debtors: Vec<&'static str>,
    /// Everyone who owns a share of the property.
    pub owners: Vec<&'static str>,
    /// Party ids of those who answer for the debt: pledge and income certificate.
    pub liable: Vec<&'static str>,
    /// Paper that shows the qualification, per borrower.
    pub evidence: Vec<(&'static str, &'static str)>,
    /// Age of the older borrower.
    pub age: i32,
    pub annual_income: i64,
    pub prefecture: &'static str,
}

/// Name and prefecture of a bank.
pub(super) fn bank(code: &str) -> (&'static str, &'static str) {
    BANKS
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(("東京都", "見本労金"), |(_, name, area)| (area, name))
}

/// What the second person of a household is, if there is one.
#[derive(Copy, Clone, Default, PartialEq, Eq)]
enum Second {
    #[default]
    Nobody,
    Debtor,
    Guarantor,
    Mortgagor,
}

pub(super) fn household(dice: &mut Dice, wish: &Wish<'_>) -> Household {
    let prefecture = bank(&wish.office.bank_code).0;
    let kinds: &[(u32, Second)] =
        &[(62, Second::Nobody), (22, Second::Debtor), (8, Second::Guarantor), (8, Second::Mortgagor)];
    let second = dice.weighed(kinds);
    let (surname, given) = (dice.one(SURNAMES), (dice.one(WOMEN), dice.one(MEN)));
    let woman = dice.chance(50);
    let age = i32::try_from(dice.between(26, 48)).unwrap_or(40);
    let address = address(dice, prefecture);
    let annual_income = dice.between(380, 900) * 10_000;
    let mut house = Household {
        parties: vec![],
        applicant_kana: String::new(),
        debtors: vec!["A1"],
        owners: vec!["A1"],
        liable: vec!["A1"],
        evidence: vec![],
        age,
        annual_income,
        prefecture,
    };
    let names = |woman: bool| if woman { given.0 } else { given.1 };
    let (qualification, paper) = qualification(dice);
    house.evidence.push(("A1", paper));
    let name = names(woman);
    house.applicant_kana = format!("{}　{}", surname.1, name.1);
    let mut applicant =
        person(dice, wish, ("A1", "APPLICANT"), (surname, name), woman, age, &address, annual_income);
    applicant["qualification"] = qualification;
    applicant["foreign_pep"] = json!(wish.foreign_pep);
    house.parties.push(applicant);
    if second != Second::Nobody {
        add_spouse(dice, wish, &mut house, second, (surname, names(!woman)), !woman, &address);
    }
    house
}

fn add_spouse(
    dice: &mut Dice,
    wish: &Wish<'_>,
    house: &mut Household,
    second: Second,
    name: ((&str, &str), (&str, &str)),
    woman: bool,
    address: &Value,
) {
    let (id, role): (&'static str, &str) = match second {
        Second::Debtor => ("D1", "JOINT_DEBTOR"),
        Second::Guarantor => ("G1", "JOINT_GUARANTOR"),
        Second::Mortgagor | Second::Nobody => ("M1", "THIRD_PARTY_MORTGAGOR"),
    };
    let age = i32::try_from(dice.between(26, 48)).unwrap_or(40);
    let income = dice.between(150, 600) * 10_000;
    let mut spouse = person(dice, wish, (id, role), name, woman, age, address, income);
    spouse["relation_to_applicant"] = json!("SPOUSE");
    match second {
        Second::Debtor => {
            let (qualification, paper) = qualification(dice);
            spouse["qualification"] = qualification;
            house.evidence.push((id, paper));
            house.debtors.push(id);
            house.liable.push(id);
            house.owners.push(id);
            house.age = house.age.max(age);
            spouse["income_added"] = json!(dice.chance(50));
            spouse["uses_tax_deduction"] = json!(dice.chance(50));
        }
        Second::Guarantor => {
            house.liable.push(id);
            spouse["income_added"] = json!(true);
        }
        Second::Mortgagor | Second::Nobody => house.owners.push(id),
    }
    house.parties.push(spouse);
}

#[expect(clippy::too_many_arguments, reason = "one person's particulars")]
fn person(
    dice: &mut Dice,
    wish: &Wish<'_>,
    (id, role): (&str, &str),
    (surname, given): ((&str, &str), (&str, &str)),
    woman: bool,
    age: i32,
    address: &Value,
    income: i64,
) -> Value {
    let employer = dice.one(EMPLOYERS);
    let hired = days_after(wish.today, -dice.between(400, 3000));
    json!({
        "party_id": id,
        "role": role,
        "name_kanji": format!("{} {}", surname.0, given.0),
        "name_kana": format!("{}　{}", surname.1, given.1),
        "sex": if woman { "F" } else { "M" },
        "birth_date": birth_date(dice, wish.today, age),
        "relation_to_applicant": null,
        "address": address,
        "phone": format!("070-0000-{}", dice.digits(4)),
        "employment": {
            "kind": if dice.chance(70) { "REGULAR_EMPLOYEE" } else { "PUBLIC_EMPLOYEE" },
            "employer_name": employer,
            "workplace_prefecture": address["prefecture"],
            "hired_on": hired,
        },
        "annual_income_yen": income,
        "income_added": false,
        "uses_tax_deduction": false,
        "other_debts": [],
        "existing_group_life_cover": { "here_yen": 0, "other_labour_banks_yen": 0 },
        "left_antisocial_group_on": null,
        "foreign_pep": false,
        "qualification": {
            "route": null, "org_member": null, "share_yen": null, "manager_at_org_member_company": false,
        },
    })
}

fn birth_date(dice: &mut Dice, today: NaiveDate, age: i32) -> NaiveDate {
    let birthday = months_after(today, -12 * age);
    let date = days_after(birthday, -dice.between(1, 360));
    if (date.month(), date.day()) == (2, 29) { days_after(date, -1) } else { date }
}

fn address(dice: &mut Dice, prefecture: &str) -> Value {
    let text = format!(
        "{prefecture}見本市例示町{}-{}-{}",
        dice.between(1, 9),
        dice.between(1, 30),
        dice.between(1, 30)
    );
    json!({ "postal_code": format!("000-{}", dice.digits(4)), "prefecture": prefecture, "text": text })
}

/// A route to the qualification and the paper that shows it.
fn qualification(dice: &mut Dice) -> (Value, &'static str) {
    let route = dice.weighed(&[(55, 0_u8), (15, 1), (15, 2), (15, 3)]);
    let (name, org, share, paper) = match route {
        0 => {
            let union =
                json!({ "kind": "LABOUR_UNION", "name": dice.one(UNIONS), "excluded_by_branch": false });
            ("INDIRECT_MEMBER", union, Value::Null, "MEMBERSHIP_CERTIFICATE")
        }
        1 => {
            let coop = json!({ "kind": "CONSUMER_COOPERATIVE", "name": "見本生活協同組合", "excluded_by_branch": false });
            ("COOP_MEMBER", coop, Value::Null, "MEMBERSHIP_CERTIFICATE")
        }
        2 => ("INDIVIDUAL_MEMBER", Value::Null, json!(1000), "INDIVIDUAL_MEMBERSHIP_EVIDENCE"),
        _ => ("FRIENDS_SOCIETY_MEMBER", Value::Null, Value::Null, "FRIENDS_SOCIETY_EVIDENCE"),
    };
    let qualification = json!({
        "route": name, "org_member": org, "share_yen": share, "manager_at_org_member_company": false,
    });
    (qualification, paper)
}
