//! What the bank holds on one person of one case, for that person (L-PRIV): a request for disclosure answered from the case.
//!
//! It is made by naming what goes in, never by leaving out what does not: a new fact of a case is disclosed once somebody adds it here.

use crate::form::{Party, PartyRole};
use crate::machine::keeping::kept;
use crate::machine::{Case, Track};
use chrono::NaiveDate;
use serde::Serialize;
use std::fmt::{Display, Write as _};

/// A line: what it is, and what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub label_ja: String,
    pub label_en: String,
    pub value: String,
}

/// Lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    pub title_ja: &'static str,
    pub title_en: &'static str,
    pub items: Vec<Item>,
}

/// What is not disclosed, and why.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
    pub ja: &'static str,
    pub en: &'static str,
}

/// A notice as it was shown to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub at: NaiveDate,
    pub subject: String,
    pub body: String,
}

/// Everything on one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    pub number: String,
    pub party_id: String,
    pub as_of: NaiveDate,
    pub sections: Vec<Section>,
    pub withheld: &'static [Withheld],
}

/// What the law lets the bank keep to itself, or what is somebody else's to disclose.
pub const WITHHELD: &[Withheld] = &[
    Withheld {
        ja: "審査の内容・理由（業務の適正な実施に著しい支障を及ぼすおそれがあるため）",
        en: "Content and reasons of the screening (their disclosure would impede the proper conduct of business)",
    },
    Withheld {
        ja: "反社会的勢力・制裁対象者等との照合に関する事項",
        en: "Searches of lists of anti-social groups, sanctions and the like",
    },
    Withheld { ja: "ご本人以外の方の情報", en: "What concerns other persons" },
    Withheld {
        ja: "信用情報（信用情報機関へ開示を請求してください）",
        en: "Credit-bureau data (ask the bureau)",
    },
    Withheld {
        ja: "健康状態の告知（封緘のまま保険会社へ回付し、当金庫は内容を保有していません。保険会社へ請求してください）",
        en: "The health declaration (passed on sealed; the bank does not hold it: ask the insurer)",
    },
    Withheld {
        ja: "保証機関の審査に関する事項（保証機関へ請求してください）",
        en: "The guarantor's assessment (ask the guarantor)",
    },
];

/// The disclosure for a person; `None` where the case has no such person. `notices` are those addressed to that person.
pub fn disclose(case: &Case, party_id: &str, notices: &[Shown], as_of: NaiveDate) -> Option<Disclosure> {
    let party = case.form.party(party_id)?;
    let mut sections = vec![person(party), contact(party), employment(party), own_case(case, party)];
    if party.role.is_debtor() {
        sections.push(request(case, party));
    }
    sections.extend([
        loans(case),
        properties(case, party),
        insurance(case, party),
        papers(case, party),
        contract(case, party),
    ]);
    if party.role.is_debtor() {
        sections.push(payments(case));
    }
    sections.push(told(notices));
    sections.push(kept_for(case));
    sections.retain(|section| !section.items.is_empty());
    let (number, party_id) = (case.number.clone(), party_id.to_owned());
    Some(Disclosure { number, party_id, as_of, sections, withheld: WITHHELD })
}

impl Disclosure {
    /// The same as a text in Japanese, for the person.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = writeln!(text, "保有個人データの開示\n案件番号 {}　作成日 {}\n", self.number, self.as_of);
        for section in &self.sections {
            let _ = writeln!(text, "■ {}", section.title_ja);
            for item in &section.items {
                let _ = writeln!(text, "　{}：{}", item.label_ja, item.value);
            }
            text.push('\n');
        }
        text.push_str("■ 開示しない事項\n");
        for withheld in self.withheld {
            let _ = writeln!(text, "　・{}", withheld.ja);
        }
        text
    }
}

/// A section in the making.
struct Lines(Section);

impl Lines {
    fn titled(title_ja: &'static str, title_en: &'static str) -> Self {
        Lines(Section { title_ja, title_en, items: vec![] })
    }

    /// A line; nothing where nothing is held.
    fn say(mut self, (ja, en): (&str, &str), value: impl Display) -> Self {
        let value = value.to_string();
        if !value.is_empty() {
            self.0.items.push(Item { label_ja: ja.to_owned(), label_en: en.to_owned(), value });
        }
        self
    }

    fn say_any(self, label: (&str, &str), value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.say(label, value),
            None => self,
        }
    }
}

fn yes(is: bool) -> &'static str {
    if is { "はい" } else { "いいえ" }
}

fn person(party: &Party) -> Section {
    Lines::titled("ご本人", "Person")
        .say(("氏名", "Name"), &party.name_kanji)
        .say(("フリガナ", "Name in kana"), &party.name_kana)
        .say(("性別", "Sex"), party.sex.ja())
        .say(("生年月日", "Date of birth"), party.birth_date)
        .say(("立場", "Part in the case"), party.role.ja())
        .say_any(("申込人との続柄", "Relation to the applicant"), party.relation_to_applicant.map(|r| r.ja()))
        .say(("外国PEPsの申告", "Declared a foreign PEP"), yes(party.foreign_pep))
        .say_any(
            ("反社会的勢力からの離脱日の申告", "Declared day of leaving"),
            party.left_antisocial_group_on,
        )
        .0
}

fn contact(party: &Party) -> Section {
    Lines::titled("ご連絡先", "Contact")
        .say(("郵便番号", "Postal code"), &party.address.postal_code)
        .say(("都道府県", "Prefecture"), &party.address.prefecture)
        .say(("住所", "Address"), &party.address.text)
        .say(("電話番号", "Telephone"), &party.phone)
        .0
}

fn employment(party: &Party) -> Section {
    let work = &party.employment;
    let mut lines = Lines::titled("勤務・収入・お借入れ", "Work, income, debts")
        .say(("勤務形態", "Kind of work"), work.kind.ja())
        .say_any(("勤務先", "Employer"), work.employer_name.as_ref())
        .say_any(("勤務地", "Place of work"), work.workplace_prefecture.as_ref())
        .say_any(("入社日", "Hired on"), work.hired_on)
        .say(("年収（円）", "Yearly income (yen)"), party.annual_income_yen)
        .say(("収入合算", "Income counted in"), yes(party.income_added));
    for debt in &party.other_debts {
        let value = format!(
            "{}　残高{}円　年間返済{}円",
            debt.kind.ja(),
            debt.balance_yen,
            debt.annual_repayment_yen
        );
        lines = lines.say(("他のお借入れ", "Debt elsewhere"), value);
    }
    let qualification = &party.qualification;
    lines
        .say_any(("取引資格", "Qualification"), qualification.route.map(|route| route.ja()))
        .say_any(("会員団体", "Member organisation"), qualification.org_member.as_ref().map(|org| &org.name))
        .say_any(("出資金（円）", "Share (yen)"), qualification.share_yen)
        .0
}

fn own_case(case: &Case, party: &Party) -> Section {
    let member = case.track_state(Track::Elig, &party.party_id).filter(|_| party.role.is_debtor());
    Lines::titled("お申込みの状況", "The application")
        .say(("取扱金庫", "Bank"), &case.form.institution.bank_name)
        .say(("取扱店", "Branch"), &case.form.institution.branch_name)
        .say(("受付日", "Received"), case.form.received_date())
        .say(("現在の状況", "Where it stands"), case.stage.ja())
        .say_any(("会員資格の確認", "Membership"), member.map(|state| state.ja()))
        .0
}

/// What debtors ask for together; the account is that of the applicant, whose name it carries.
fn request(case: &Case, party: &Party) -> Section {
    let form = &case.form;
    let account = &form.disbursement_account;
    let lines = Lines::titled("お申込内容", "What was applied for")
        .say(("商品", "Product"), form.product.ja())
        .say(("資金使途", "Purpose"), form.purpose.code.ja())
        .say(("申込金額（円）", "Amount (yen)"), form.requested_amount_yen)
        .say(("自己資金（円）", "Own funds (yen)"), form.own_funds_yen)
        .say(("希望日", "Wished date"), form.requested_disbursement_date)
        .say(("ダイレクトメール", "Direct mail"), yes(form.direct_mail_consent));
    let own = (party.role == PartyRole::Applicant).then(|| {
        let (bank, branch, kind) = (&account.bank_code, &account.branch_code, account.kind.ja());
        format!("{bank}-{branch}　{kind}　{}　{}", account.number, account.holder_kana)
    });
    lines.say_any(("入金口座", "Account that receives the money"), own).0
}

fn loans(case: &Case) -> Section {
    let mut lines = Lines::titled("お借入条件", "The loans");
    // What a mortgagor gives in security, a guarantor owes and a debtor repays are the same loans.
    for loan in &case.form.loans {
        let value = format!(
            "{}円　{}　{}か月　毎月{}日",
            loan.amount_yen,
            loan.rate_type.ja(),
            loan.term_months,
            loan.repayment_day
        );
        lines = lines.say((&format!("契約{}", loan.loan_no), &format!("Loan {}", loan.loan_no)), value);
    }
    lines.0
}

/// Of a property the person's own share; who else owns it is theirs.
fn properties(case: &Case, party: &Party) -> Section {
    let mut lines = Lines::titled("物件", "Properties");
    for property in &case.form.properties {
        let own = property.owners.iter().find(|owner| owner.party_id.as_ref() == Some(&party.party_id));
        if own.is_none() && !party.role.is_debtor() {
            continue;
        }
        let share =
            own.map(|own| format!("　持分{}/{}", own.share.part, own.share.whole)).unwrap_or_default();
        let value = format!("{}　{}　{}{share}", property.kind.ja(), property.location, property.number);
        let number = property.property_no;
        lines = lines.say((&format!("物件{number}"), &format!("Property {number}")), value);
    }
    lines.0
}

/// Kind and state: what was declared is the insurer's to disclose (L-93).
fn insurance(case: &Case, party: &Party) -> Section {
    let mut lines = Lines::titled("団体信用生命保険", "Group credit life insurance");
    for entry in case.form.insurance.iter().filter(|entry| entry.party_id == party.party_id) {
        let key = crate::machine::case::insurance_key(&entry.party_id, entry.loan_no);
        let state = case.track_state(Track::Ins, &key).map(|state| state.ja()).unwrap_or_default();
        let declared = entry.declared_on.map(|day| format!("　告知日{day}")).unwrap_or_default();
        let value = format!("{}　{state}{declared}", entry.insurance_type.ja());
        let number = entry.loan_no;
        lines = lines.say((&format!("契約{number}"), &format!("Loan {number}")), value);
    }
    lines
        .say_any(
            ("当金庫での既加入額（円）", "Cover here (yen)"),
            Some(party.existing_group_life_cover.here_yen).filter(|yen| yen.0 > 0),
        )
        .0
}

fn papers(case: &Case, party: &Party) -> Section {
    let mut lines = Lines::titled("ご提出書類・同意", "Papers and consents");
    for document in case.form.documents.iter().filter(|d| d.party_id.as_ref() == Some(&party.party_id)) {
        let issued = document.issued_on.map(|day| format!("　発行{day}")).unwrap_or_default();
        let value = format!("受領{}{issued}", document.received_on);
        lines = lines.say((document.document.ja(), document.document.code()), value);
    }
    for attached in
        case.files.iter().filter(|attached| attached.file.party_id.as_ref() == Some(&party.party_id))
    {
        let (file, state) = (&attached.file, attached.state());
        let name = file.name.as_deref().unwrap_or(file.media_type.ja());
        let value = format!("{name}　{}バイト　{}　SHA-256 {}", file.bytes, state.ja(), file.sha256);
        lines = lines.say((file.paper.ja(), file.paper.code()), value);
    }
    for consent in case.form.consents.iter().filter(|consent| consent.party_id == party.party_id) {
        let signed = consent.signed_on.map_or_else(|| "日付なし".to_owned(), |day| day.to_string());
        lines = lines.say((consent.consent.ja(), consent.consent.code()), signed);
    }
    lines.0
}

fn contract(case: &Case, party: &Party) -> Section {
    let Some(set) = &case.contract else { return Lines::titled("ご契約", "The contract").0 };
    let id = &party.party_id;
    Lines::titled("ご契約", "The contract")
        .say(("重要事項の説明", "Explained"), yes(set.explained.contains(id)))
        .say(("本人確認", "Identity verified"), yes(set.identified.contains(id)))
        .say(("署名", "Signed"), yes(set.signed.contains(id)))
        .say_any(("契約日", "Date of the contract"), set.formed_on)
        .0
}

fn payments(case: &Case) -> Section {
    let mut lines = Lines::titled("ご融資の実行", "Disbursement");
    for posting in &case.postings {
        let value = format!("{}円　{}", posting.amount_yen, posting.state.ja());
        lines = lines.say((&posting.date.to_string(), &posting.date.to_string()), value);
    }
    lines.0
}

fn told(notices: &[Shown]) -> Section {
    let mut lines = Lines::titled("お知らせの記録", "Notices");
    for notice in notices {
        let at = notice.at.to_string();
        lines = lines.say((&at, &at), format!("{}　{}", notice.subject, notice.body.replace('\n', " ")));
    }
    lines.0
}

fn kept_for(case: &Case) -> Section {
    let mut lines = Lines::titled("保存期間", "How long it is kept");
    for kept in kept(case) {
        let until = kept.until.map_or_else(
            || format!("{}から{}年", kept.rule.from.ja(), kept.rule.years),
            |day| format!("{day}まで"),
        );
        lines = lines.say((kept.rule.class.ja(), kept.rule.class.en()), until);
    }
    lines.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::case::new_case;
    use crate::machine::facts::Ground;
    use crate::sample::Sample;
    use std::sync::Arc;

    const CANARY: &str = "SCREENING-CANARY";

    /// A couple's application with screening content in every place that has some.
    fn case() -> Case {
        let mut form = Sample::Purchase.form().unwrap();
        let mut other = form.parties[0].clone();
        other.party_id = "D1".to_owned();
        other.role = PartyRole::JointDebtor;
        other.name_kanji = "見本　次郎".to_owned();
        other.name_kana = "ミホン　ジロウ".to_owned();
        other.phone = "000-0000-0042".to_owned();
        other.employment.employer_name = Some("株式会社ほかの会社".to_owned());
        form.parties.push(other);
        let mut case = new_case("c-1", "2951", "101", Some("taro".to_owned()), Arc::new(form));
        case.grounds.insert(Ground::R1);
        case.engagements.insert(crate::machine::Role::Guarantor, CANARY.to_owned());
        case.conflicts.insert(CANARY.to_owned(), crate::machine::facts::ConflictRelation::Relative);
        case
    }

    /// What of others, or of the screening, is in a text.
    fn leaks(case: &Case, party_id: &str, text: &str) -> Vec<String> {
        let mut secret = vec![CANARY.to_owned(), Ground::R1.ja().to_owned()];
        for other in case.form.parties.iter().filter(|party| party.party_id != party_id) {
            secret.extend([other.name_kanji.clone(), other.name_kana.clone(), other.phone.clone()]);
            secret.extend(other.employment.employer_name.clone());
        }
        let own = case.form.party(party_id).unwrap();
        let mine = [&own.name_kanji, &own.name_kana, &own.phone];
        secret.retain(|word| !mine.contains(&word) && own.employment.employer_name.as_ref() != Some(word));
        secret.into_iter().filter(|word| !word.is_empty() && text.contains(word.as_str())).collect()
    }

    #[test]
    fn a_person_gets_all_of_the_own_and_nothing_of_others_or_of_the_screening() {
        let case = case();
        let day = "2026-07-01".parse().unwrap();
        let notices =
            [Shown { at: day, subject: "受付".to_owned(), body: "受け付けました".to_owned() }];
        for party in &case.form.parties {
            let given = disclose(&case, &party.party_id, &notices, day).unwrap();
            let text = format!("{}{}", given.text(), serde_json::to_string(&given).unwrap());
            for own in [&party.name_kanji, &party.phone, &party.address.text] {
                assert!(text.contains(own.as_str()), "{own} is not disclosed");
            }
            let found = leaks(&case, &party.party_id, &text);
            assert!(found.is_empty(), "{}: {found:?}", party.party_id);
        }
        assert_eq!(disclose(&case, "Z9", &[], day), None);
    }

    #[test]
    fn a_seeded_leak_is_found() {
        let case = case();
        let day = "2026-07-01".parse().unwrap();
        let mut given = disclose(&case, "D1", &[], day).unwrap();
        let applicant = case.form.applicant().unwrap();
        for secret in [CANARY, &applicant.name_kanji, &applicant.phone] {
            let item = Item { label_ja: String::new(), label_en: String::new(), value: secret.to_owned() };
            given.sections[0].items.push(item);
            assert!(leaks(&case, "D1", &given.text()).contains(&secret.to_owned()), "{secret} is not found");
        }
    }
}
