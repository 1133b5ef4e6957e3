//! What a schema cannot say about a form: digits, sums, references, lists that must not be empty.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Form, PartyRole, Problem, Property, PropertyKind};
use crate::money::{LARGEST_AMOUNT, Yen};

const DIGITS: (&str, &str) = ("半角数字で入力してください。", "Write half-width digits.");
const FULL_WIDTH: (&str, &str) = (
    "全角数字は使えません。半角数字で入力してください。",
    "Full-width digits are not accepted: write half-width digits.",
);
const EMPTY: (&str, &str) = ("1件以上必要です。", "At least one entry is needed.");
const DUPLICATE: (&str, &str) = ("同じ番号が重複しています。", "The same number or id stands twice.");
const REFERENCE: (&str, &str) =
    ("申込内にない番号を参照しています。", "The reference names nothing in this application.");

/// Fields of fixed digits, wherever they stand: key, count of digits.
const FIXED_DIGITS: &[(&str, usize)] = &[("bank_code", 4), ("branch_code", 3), ("number", 7)];

/// Problems that can be seen even where the shape is wrong elsewhere: codes of fixed digits, amounts of nought.
pub(super) fn of_json(value: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for holder in ["institution", "disbursement_account"] {
        digits(value.get(holder), holder, &mut problems);
    }
    let saving = value.get("transaction_conditions").and_then(|conditions| conditions.get("saving"));
    digits(saving, "transaction_conditions.saving", &mut problems);
    positive(value.get("requested_amount_yen"), "requested_amount_yen", &mut problems);
    for list in ["loans", "fund_uses"] {
        let entries = value.get(list).and_then(Value::as_array).into_iter().flatten();
        for (at, entry) in entries.enumerate() {
            positive(entry.get("amount_yen"), &format!("{list}[{at}].amount_yen"), &mut problems);
        }
    }
    let parties = value.get("parties").and_then(Value::as_array).into_iter().flatten();
    for (at, party) in parties.enumerate() {
        let postal = party.get("address").and_then(|address| address.get("postal_code"));
        let path = format!("parties[{at}].address.postal_code");
        pattern(postal, &path, "three digits, a hyphen, four digits", is_postal_code, &mut problems);
        let path = format!("parties[{at}].phone");
        pattern(
            party.get("phone"),
            &path,
            "digits and hyphens, 10 to 15 characters",
            is_phone,
            &mut problems,
        );
    }
    problems
}

/// Problems between the parts of a form whose shape is right.
pub(super) fn of_form(form: &Form) -> Vec<Problem> {
    let mut problems = Vec::new();
    empty_lists(form, &mut problems);
    texts(form, &mut problems);
    sums(form, &mut problems);
    people(form, &mut problems);
    numbers(form, &mut problems);
    references(form, &mut problems);
    for (at, property) in form.properties.iter().enumerate() {
        fields_of_kind(at, property, &mut problems);
    }
    problems
}

fn digits(holder: Option<&Value>, path: &str, problems: &mut Vec<Problem>) {
    for (key, count) in FIXED_DIGITS {
        let value = holder.and_then(|holder| holder.get(key));
        let exact = |text: &str| text.len() == *count && text.bytes().all(|byte| byte.is_ascii_digit());
        pattern(value, &format!("{path}.{key}"), &format!("exactly {count} digits"), exact, problems);
    }
}

fn pattern(
    value: Option<&Value>,
    path: &str,
    accepted: &str,
    right: impl Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
) {
    let Some(text) = value.and_then(Value::as_str) else { return };
    if right(text) {
        return;
    }
    let full_width = text.chars().any(|letter| ('０'..='９').contains(&letter));
    problems.push(Problem::new(path, "FORM-DIGITS", if full_width { FULL_WIDTH } else { DIGITS }, accepted));
}

fn positive(value: Option<&Value>, path: &str, problems: &mut Vec<Problem>) {
    if value.and_then(Value::as_i64) == Some(0) {
        let messages = ("0は入力できません。", "Nought is not accepted.");
        problems.push(Problem::new(path, "FORM-AMOUNT", messages, format!("1 to {LARGEST_AMOUNT}")));
    }
}

fn is_postal_code(text: &str) -> bool {
    let right = |(at, byte): (usize, u8)| if at == 3 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 8 && text.bytes().enumerate().all(right)
}

fn is_phone(text: &str) -> bool {
    (10..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn empty_lists(form: &Form, problems: &mut Vec<Problem>) {
    let lists = [
        ("fund_uses", form.fund_uses.is_empty()),
        ("loans", form.loans.is_empty()),
        ("parties", form.parties.is_empty()),
        ("properties", form.properties.is_empty()),
    ];
    for (list, _) in lists.into_iter().filter(|(_, empty)| *empty) {
        problems.push(Problem::new(list, "FORM-EMPTY", EMPTY, "at least one entry"));
    }
    for (at, _) in form.properties.iter().enumerate().filter(|(_, property)| property.owners.is_empty()) {
        problems.push(Problem::new(
            format!("properties[{at}].owners"),
            "FORM-EMPTY",
            EMPTY,
            "at least one entry",
        ));
    }
}

fn texts(form: &Form, problems: &mut Vec<Problem>) {
    let mut blank = |text: &str, path: String| {
        if text.trim().is_empty() {
            let messages = ("空欄にはできません。", "The text must not be blank.");
            problems.push(Problem::new(path, "FORM-BLANK", messages, "a text"));
        }
    };
    blank(&form.application_id, "application_id".to_owned());
    blank(&form.disbursement_account.holder_kana, "disbursement_account.holder_kana".to_owned());
    for (at, party) in form.parties.iter().enumerate() {
        blank(&party.party_id, format!("parties[{at}].party_id"));
        blank(&party.name_kanji, format!("parties[{at}].name_kanji"));
        blank(&party.name_kana, format!("parties[{at}].name_kana"));
    }
}

fn sums(form: &Form, problems: &mut Vec<Problem>) {
    let total: Yen = form.loans.iter().map(|loan| loan.amount_yen).sum();
    if total != form.requested_amount_yen {
        let messages =
            ("借入金額の合計が申込金額と一致しません。", "The loans do not add up to the requested amount.");
        let accepted = format!("{total}, the sum of loans[].amount_yen");
        problems.push(Problem::new("requested_amount_yen", "FORM-SUM", messages, accepted));
    }
    for (at, loan) in form.loans.iter().enumerate() {
        if loan.bonus_part_yen > loan.amount_yen {
            let messages =
                ("加算月分が借入金額を超えています。", "The bonus part is above the amount of the loan.");
            let path = format!("loans[{at}].bonus_part_yen");
            problems.push(Problem::new(path, "FORM-BONUS", messages, format!("at most {}", loan.amount_yen)));
        }
        if loan.rate_type.has_special_term() != loan.discount_type.is_some() {
            let messages = (
                "引下げ型は固定金利特約型・上限金利特約型だけに必要です。",
                "Special-term types, and only they, have a discount type.",
            );
            let accepted = if loan.discount_type.is_some() { "null" } else { "INITIAL_PERIOD, WHOLE_PERIOD" };
            problems.push(Problem::new(
                format!("loans[{at}].discount_type"),
                "FORM-DISCOUNT",
                messages,
                accepted,
            ));
        }
        let months = &loan.bonus_months;
        let half_yearly = match months[..] {
            [] => loan.bonus_part_yen == Yen::ZERO,
            [one, two] => (1..=12).contains(&one) && (1..=12).contains(&two) && one.abs_diff(two) == 6,
            _ => false,
        };
        if !half_yearly {
            let messages = ("加算月は6か月間隔の2つの月です。", "Bonus months are two months six apart.");
            let path = format!("loans[{at}].bonus_months");
            problems.push(Problem::new(
                path,
                "FORM-BONUS",
                messages,
                "two months six apart, empty without a bonus part",
            ));
        }
    }
}

fn people(form: &Form, problems: &mut Vec<Problem>) {
    let applicants = form.parties.iter().filter(|party| party.role == PartyRole::Applicant).count();
    let first = form.parties.first().map(|party| party.role);
    if !form.parties.is_empty() && (applicants != 1 || first != Some(PartyRole::Applicant)) {
        let messages =
            ("申込人は先頭に1人だけです。", "There is exactly one applicant, and it stands first.");
        problems.push(Problem::new("parties", "FORM-APPLICANT", messages, "one APPLICANT at parties[0]"));
    }
}

fn numbers(form: &Form, problems: &mut Vec<Problem>) {
    let mut unique = |path: &str, ids: Vec<String>| {
        let mut seen = BTreeSet::new();
        for (at, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                problems.push(Problem::new(
                    path.replace("[]", &format!("[{at}]")),
                    "FORM-DUPLICATE",
                    DUPLICATE,
                    "another id",
                ));
            }
        }
    };
    unique("parties[].party_id", form.parties.iter().map(|party| party.party_id.clone()).collect());
    unique("loans[].loan_no", form.loans.iter().map(|loan| loan.loan_no.to_string()).collect());
    unique(
        "properties[].property_no",
        form.properties.iter().map(|property| property.property_no.to_string()).collect(),
    );
    let pairs = form.insurance.iter().map(|entry| format!("{} {}", entry.loan_no, entry.party_id));
    unique("insurance[].party_id", pairs.collect());
}

fn references(form: &Form, problems: &mut Vec<Problem>) {
    let mut unknown = |known: bool, path: String| {
        if !known {
            problems.push(Problem::new(path, "FORM-REFERENCE", REFERENCE, "an id of this application"));
        }
    };
    let person = |id: &str| form.party(id).is_some();
    let loan = |no: u8| form.loans.iter().any(|loan| loan.loan_no == no);
    for (at, entry) in form.insurance.iter().enumerate() {
        unknown(person(&entry.party_id), format!("insurance[{at}].party_id"));
        unknown(loan(entry.loan_no), format!("insurance[{at}].loan_no"));
    }
    for (at, property) in form.properties.iter().enumerate() {
        for (nth, owner) in property.owners.iter().enumerate() {
            let path = format!("properties[{at}].owners[{nth}]");
            unknown(owner.party_id.as_deref().is_none_or(person), format!("{path}.party_id"));
            unknown(owner.party_id.is_some() || owner.name.is_some(), format!("{path}.name"));
        }
    }
    for (at, document) in form.documents.iter().enumerate() {
        unknown(document.party_id.as_deref().is_none_or(person), format!("documents[{at}].party_id"));
        let property = |no: u16| form.properties.iter().any(|property| property.property_no == no);
        unknown(document.property_no.is_none_or(property), format!("documents[{at}].property_no"));
    }
    for (at, consent) in form.consents.iter().enumerate() {
        unknown(person(&consent.party_id), format!("consents[{at}].party_id"));
    }
    let decided = form.guarantor_decision.iter().flat_map(|decision| &decision.per_loan);
    for (at, part) in decided.enumerate() {
        unknown(loan(part.loan_no), format!("guarantor_decision.per_loan[{at}].loan_no"));
    }
}

/// A property has the fields of its kind and no others.
fn fields_of_kind(at: usize, property: &Property, problems: &mut Vec<Problem>) {
    let land = property.kind == PropertyKind::Land;
    let ground = land || property.kind == PropertyKind::RoadShare;
    let building = property.kind.is_building();
    // Name, whether it stands there, whether the kind has it, whether the kind needs it.
    let fields = [
        ("tenure", property.tenure.is_some(), ground, ground),
        ("registered_category", property.registered_category.is_some(), ground, ground),
        ("area_m2", property.area_m2.is_some(), ground, ground),
        ("category_change_planned", property.category_change_planned.is_some(), land, land),
        ("reserved_land", property.reserved_land.is_some(), land, land),
        ("mortgage_when_possible", property.mortgage_when_possible.is_some(), land, land),
        ("access_over_others_land", property.access_over_others_land.is_some(), land, land),
        ("city_planning", property.city_planning.is_some(), land, false),
        ("floor_area_m2", property.floor_area_m2.is_some(), building, building),
        ("is_new", property.is_new.is_some(), building, building),
        ("meets_used_standard", property.meets_used_standard.is_some(), building, false),
        ("registered", property.registered.is_some(), building, false),
        ("completed_on", property.completed_on.is_some(), building, false),
        ("acquired_on", property.acquired_on.is_some(), building, false),
        ("structure", property.structure.is_some(), building, building),
    ];
    for (name, present, belongs, needed) in fields {
        let path = format!("properties[{at}].{name}");
        if present && !belongs {
            let messages =
                ("この種類の物件にはない項目です。", "The field does not belong to this kind of property.");
            problems.push(Problem::new(
                path,
                "FORM-KIND",
                messages,
                format!("nothing for {}", property.kind),
            ));
        } else if needed && !present {
            let messages = ("必須の項目がありません。", "A required field is missing.");
            problems.push(Problem::new(path, "FORM-MISSING", messages, "a value"));
        }
    }
}
