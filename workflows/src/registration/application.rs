//! The contents of the application for the mortgage (H-30 to H-36), in the words of the register.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::facts::{Attachment, Damages, DayCount, FilingFacts, Missing, ThirdParty};
use super::tax::{RegistrationTax, registration_tax};
use super::wording::{address, era_date, mark, owner_name, sum};
use crate::calendar::months_after;
use crate::collateral::{is_leased, is_reserved};
use crate::form::{Form, Party, Problem, Property, PropertyKind, Share};
use crate::money::Yen;
use crate::product::terms::Terms;

/// One heading of the application with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heading {
    pub ja: &'static str,
    pub en: &'static str,
    pub rule: &'static str,
    pub lines: Vec<String>,
}

/// An application for the registration of the mortgage, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistrationApplication {
    pub filing_date: NaiveDate,
    pub office: String,
    /// Properties on which the mortgage is set, by number.
    pub properties: Vec<u16>,
    pub claim_yen: Yen,
    pub tax: RegistrationTax,
    /// In the order in which the application prints them.
    pub headings: Vec<Heading>,
}

impl RegistrationApplication {
    /// The lines under a heading; empty where there is no such heading.
    pub fn lines(&self, ja: &str) -> &[String] {
        self.headings.iter().find(|heading| heading.ja == ja).map_or(&[], |heading| &heading.lines)
    }

    /// The application as it is printed.
    pub fn text(&self) -> String {
        let mut text = String::from("登記申請書\n");
        for heading in &self.headings {
            for (at, line) in heading.lines.iter().enumerate() {
                let title = if at == 0 { heading.ja } else { "" };
                text.push_str(&format!("{title}\t{line}\n"));
            }
        }
        text
    }
}

/// The properties that carry the mortgage now: leased land and reserved land do not (H-05, H-11).
pub fn mortgaged(form: &Form) -> impl Iterator<Item = &Property> {
    form.properties.iter().filter(|property| {
        let mortgages = property.owners.iter().any(|owner| owner.mortgages_share);
        mortgages && !is_leased(property) && !is_reserved(property)
    })
}

/// The application for the mortgage of a case. Errors: everything that is missing, each with its field and rule.
pub fn mortgage_application(
    form: &Form,
    terms: &Terms,
    facts: &FilingFacts,
) -> Result<RegistrationApplication, Vec<Problem>> {
    let mut missing = Missing(Vec::new());
    let purpose = purpose(form, &mut missing);
    let cause = cause(form, facts, &mut missing);
    let (claim, claim_lines) = claim(form);
    let interest = interest(form, facts, &mut missing);
    let damages = missing.need(facts.damages, "damages", "H-33", ("損害金", "late damages"));
    let debtors = debtors(form, &mut missing);
    let mortgagee = mortgagee(facts, &mut missing);
    let mortgagors = mortgagors(form, &mut missing);
    let filing =
        missing.need(facts.filing_date, "filing_date", "H-36", ("申請年月日", "the day of the filing"));
    let era = filing
        .map(|date| missing.need(era_date(date), "filing_date", "H-36", ("申請年月日", "a day of an era")));
    let office = missing.need(facts.office.clone(), "office", "H-36", ("登記所", "the registry office"));
    let agent = agent(facts, &mut missing);
    let tax = filing.map(|filing| registration_tax(form, terms, filing));
    let attachments = attachments(form, terms, facts, filing, tax.as_ref(), &mut missing);
    let descriptions: Vec<String> =
        mortgaged(form).flat_map(|property| description(property, facts, &mut missing)).collect();
    let all = (filing, era.flatten(), office, damages, tax);
    let (Some(filing_date), Some(era), Some(office), Some(damages), Some(tax)) = all else {
        return Err(missing.0);
    };
    if !missing.0.is_empty() {
        return Err(missing.0);
    }
    let heading = |ja, en, rule, lines| Heading { ja, en, rule, lines };
    let headings = vec![
        heading("登記の目的", "Purpose", "H-31", vec![purpose]),
        heading("原因", "Cause", "H-32", cause),
        heading("債権額", "Claim", "H-33", claim_lines),
        heading("利息", "Interest", "H-33", interest),
        heading("損害金", "Damages", "H-33", vec![damages_text(damages)]),
        heading(if form.debtors().count() > 1 { "連帯債務者" } else { "債務者" }, "Debtor", "H-33", debtors),
        heading("抵当権者", "Mortgagee", "H-34", mortgagee),
        heading("設定者", "Mortgagor", "H-34", mortgagors),
        heading("添付情報", "Attached information", "H-35", attachments),
        heading("申請年月日・登記所", "Date and office", "H-36", vec![format!("{era}申請　{office}")]),
        heading("代理人", "Agent", "H-30", agent),
        heading("課税価格", "Taxable amount", "H-43", vec![sum(base(terms, claim))]),
        heading("登録免許税", "Licence tax", "H-41", tax_lines(&tax)),
        heading("不動産の表示", "Properties", "H-36", descriptions),
    ];
    let properties = mortgaged(form).map(|property| property.property_no).collect();
    Ok(RegistrationApplication { filing_date, office, properties, claim_yen: claim, tax, headings })
}

/// H-31: the whole, shares, or both. A share is set where not every owner of the property mortgages, or where the listed
/// owners hold less than the whole, as with a road.
fn purpose(form: &Form, missing: &mut Missing) -> String {
    let (mut whole, mut shares) = (false, Vec::new());
    for property in mortgaged(form) {
        let owners = || property.owners.iter().filter(|owner| owner.mortgages_share);
        if holds_whole(owners().map(|owner| owner.share)) {
            whole = true;
            continue;
        }
        let names: Vec<String> = owners().filter_map(|owner| owner_name(form, owner)).collect();
        let share = format!("{}持分抵当権設定", names.join("、"));
        if !shares.contains(&share) {
            shares.push(share);
        }
    }
    if !whole && shares.is_empty() {
        missing.add("properties", "H-31", "抵当権を設定する物件", "a property that is mortgaged");
    }
    let whole = whole.then(|| "抵当権設定".to_owned());
    whole.into_iter().chain(shares).collect::<Vec<_>>().join("及び")
}

/// Whether shares add up to the whole, exactly. Shares whose sum no integer holds do not.
pub(crate) fn holds_whole(shares: impl Iterator<Item = Share>) -> bool {
    let mut held = (0_i128, 1_i128);
    for share in shares {
        let (part, whole) = (i128::from(share.part), i128::from(share.whole));
        let Some(sum) = held.0.checked_mul(whole).zip(part.checked_mul(held.1)) else { return false };
        let Some((part, whole)) = sum.0.checked_add(sum.1).zip(held.1.checked_mul(whole)) else {
            return false;
        };
        let divisor = gcd(part, whole);
        held = (part / divisor, whole / divisor);
        if held.0 >= held.1 {
            return true;
        }
    }
    false
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one.max(1) } else { gcd(other, one % other) }
}

/// H-32: `令和8年4月1日金銭消費貸借同日設定`, for each loan where their days differ.
fn cause(form: &Form, facts: &FilingFacts, missing: &mut Missing) -> Vec<String> {
    let deed = missing.need(
        facts.deed_date,
        "deed_date",
        "H-32",
        ("抵当権設定契約の日付", "the day of the mortgage deed"),
    );
    let mut lines = Vec::new();
    for (at, loan) in form.loans.iter().enumerate() {
        let field = format!("contract_dates.{}", loan.loan_no);
        let dated = facts.contract_dates.get(&loan.loan_no).copied();
        let contract =
            missing.need(dated, &field, "H-32", ("金銭消費貸借契約の日付", "the day of the loan contract"));
        let (Some(deed), Some(contract)) = (deed, contract) else { continue };
        if deed < contract {
            missing.add(
                "deed_date",
                "H-32",
                "契約日以後の設定日",
                "a mortgage deed of the contract's day or later",
            );
        }
        let (Some(from), Some(set)) = (era_date(contract), era_date(deed)) else {
            missing.add(field, "H-32", "元号で表せる日付", "a day of an era");
            continue;
        };
        let set = if deed == contract { "同日".to_owned() } else { set };
        let line = format!("{from}金銭消費貸借{set}設定");
        lines.push(if form.loans.len() > 1 { format!("{}{line}", mark(at)) } else { line });
    }
    // One sentence for all loans of one day.
    let same = facts.contract_dates.values().collect::<BTreeSet<_>>().len() == 1;
    match lines.first() {
        Some(first) if same && lines.len() > 1 => vec![first.replacen(mark(0), "", 1)],
        _ => lines,
    }
}

/// H-33: the total, and each loan of a mix.
fn claim(form: &Form) -> (Yen, Vec<String>) {
    let total: Yen = form.loans.iter().map(|loan| loan.amount_yen).sum();
    let mut lines = vec![sum(total)];
    if form.loans.len() > 1 {
        let parts = form.loans.iter().enumerate();
        lines.extend(parts.map(|(at, loan)| format!("内訳{}{}", mark(at), sum(loan.amount_yen))));
    }
    (total, lines)
}

fn interest(form: &Form, facts: &FilingFacts, missing: &mut Missing) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, loan) in form.loans.iter().enumerate() {
        let field = format!("interest.{}", loan.loan_no);
        let rate =
            missing.need(facts.interest.get(&loan.loan_no), &field, "H-33", ("利息", "the rate of the loan"));
        let mark = if form.loans.len() > 1 { mark(at) } else { "" };
        lines.extend(rate.map(|rate| format!("{mark}年{rate}%")));
    }
    lines
}

fn damages_text(damages: Damages) -> String {
    let days = if damages.days == DayCount::Of365 { "（年365日の日割計算）" } else { "" };
    format!("年{}%{days}", damages.rate)
}

fn named(party: &Party, missing: &mut Missing, rule: &'static str) -> String {
    missing.text(
        &party.address.text,
        &format!("parties.{}.address", party.party_id),
        rule,
        ("住所", "the address"),
    );
    missing.text(
        &party.name_kanji,
        &format!("parties.{}.name_kanji", party.party_id),
        rule,
        ("氏名", "the name"),
    );
    format!("{}　{}", address(party), party.name_kanji)
}

/// H-33: the debtors. Whoever only gives property is none of them (B-14).
fn debtors(form: &Form, missing: &mut Missing) -> Vec<String> {
    let lines: Vec<String> = form.debtors().map(|party| named(party, missing, "H-33")).collect();
    if lines.is_empty() {
        missing.add("parties", "H-33", "債務者", "a debtor");
    }
    lines
}

fn mortgagee(facts: &FilingFacts, missing: &mut Missing) -> Vec<String> {
    let Some(bank) =
        missing.need(facts.mortgagee.as_ref(), "mortgagee", "H-34", ("抵当権者", "the mortgagee"))
    else {
        return Vec::new();
    };
    missing.text(&bank.address, "mortgagee.address", "H-34", ("抵当権者の主たる事務所", "the bank's office"));
    missing.text(&bank.name, "mortgagee.name", "H-34", ("抵当権者の名称", "the bank's name"));
    missing.text(&bank.representative, "mortgagee.representative", "H-34", ("代表者", "the representative"));
    let number = bank.corporate_number.as_ref();
    let number = missing.need(
        number,
        "mortgagee.corporate_number",
        "H-34",
        ("会社法人等番号", "the corporate number"),
    );
    let mut lines = vec![format!("{}　{}", bank.address, bank.name)];
    lines.extend(number.map(|number| format!("（会社法人等番号　{}）", number.as_str())));
    lines.push(format!("代表者　{}", bank.representative));
    lines.extend(bank.handling_branch.as_ref().map(|branch| format!("取扱店　{branch}")));
    lines
}

/// The owners who mortgage, each once. Somebody outside the case has no address here (B-11).
fn mortgagors(form: &Form, missing: &mut Missing) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for property in mortgaged(form) {
        for owner in property.owners.iter().filter(|owner| owner.mortgages_share) {
            let field = format!("properties.{}.owners", property.property_no);
            let party = owner.party_id.as_deref().and_then(|id| form.party(id));
            let party = missing.need(
                party,
                &field,
                "H-34",
                ("設定者の住所", "the mortgagor as a person of the case"),
            );
            let line = party.map(|party| named(party, missing, "H-34"));
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
    }
    lines
}

fn agent(facts: &FilingFacts, missing: &mut Missing) -> Vec<String> {
    let Some(agent) =
        missing.need(facts.agent.as_ref(), "agent", "H-30", ("代理人（司法書士）", "the scrivener"))
    else {
        return Vec::new();
    };
    missing.text(&agent.name, "agent.name", "H-30", ("代理人の氏名", "the agent's name"));
    missing.text(&agent.address, "agent.address", "H-30", ("代理人の住所", "the agent's address"));
    missing.text(&agent.telephone, "agent.telephone", "H-36", ("代理人の連絡先", "the agent's telephone"));
    vec![format!("{}　司法書士　{}", agent.address, agent.name), format!("連絡先　{}", agent.telephone)]
}

/// H-35: what is attached. A seal certificate is good for three months (D.2); the municipal certificate comes with the filing
/// itself where the reduced tax is claimed (H-41).
fn attachments(
    form: &Form,
    terms: &Terms,
    facts: &FilingFacts,
    filing: Option<NaiveDate>,
    tax: Option<&RegistrationTax>,
    missing: &mut Missing,
) -> Vec<String> {
    let mut needed = vec![
        Attachment::CauseInformation,
        Attachment::IdentificationInformation,
        Attachment::PowerOfAttorney,
    ];
    if facts.third_party_consent == ThirdParty::ConsentNeeded {
        needed.push(Attachment::ThirdPartyConsent);
    }
    if tax.is_some_and(|tax| tax.relief_applies) {
        needed.push(Attachment::ResidentialBuildingCertificate);
    }
    for attachment in needed.iter().filter(|needed| !facts.attachments.contains(needed)) {
        missing.add(format!("attachments.{attachment}"), "H-35", attachment.ja(), attachment.en());
    }
    let months = u32::from(terms.documents.seal_certificate_valid_months);
    let owners = mortgaged(form).flat_map(|property| &property.owners).filter(|owner| owner.mortgages_share);
    let mortgagors: BTreeSet<&str> = owners.filter_map(|owner| owner.party_id.as_deref()).collect();
    for party in mortgagors {
        let field = format!("seal_certificates.{party}");
        let what = ("発行後3か月以内の印鑑証明書", "a seal certificate not older than three months");
        let issued = facts.seal_certificates.get(party);
        let good = issued.filter(|issued| {
            filing.is_none_or(|filing| **issued <= filing && filing <= months_after(**issued, months))
        });
        missing.need(good, &field, "H-35", what);
    }
    let mut lines: Vec<String> = needed.into_iter().map(|attachment| attachment.ja().to_owned()).collect();
    lines.insert(2, "印鑑証明書".to_owned());
    lines.insert(3, "会社法人等番号".to_owned());
    lines
}

/// H-43: the taxable amount is cut to 1,000 yen.
fn base(terms: &Terms, claim: Yen) -> Yen {
    claim.cut_to(terms.registration_tax.base_step_yen.0).max(terms.registration_tax.base_step_yen)
}

fn tax_lines(tax: &RegistrationTax) -> Vec<String> {
    let mut lines = vec![format!("金{}円", tax.payable_yen)];
    if tax.relief_applies {
        lines.push("租税特別措置法第75条により軽減".to_owned());
    }
    lines
}

/// H-36: the number of the property, or its description.
fn description(property: &Property, facts: &FilingFacts, missing: &mut Missing) -> Vec<String> {
    let head = |number: &str| format!("{}{number}", property.kind.ja());
    if let Some(number) = facts.property_numbers.get(&property.property_no) {
        return vec![head(&format!("　不動産番号　{}", number.as_str()))];
    }
    let field = |name: &str| format!("properties.{}.{name}", property.property_no);
    missing.text(&property.location, &field("location"), "H-36", ("所在", "the location"));
    let mut line = head(&format!("　所在　{}", property.location));
    if property.kind.is_building() {
        missing.text(&property.number, &field("number"), "H-36", ("家屋番号", "the house number"));
        let built = missing.need(property.structure, &field("structure"), "H-36", ("構造", "the structure"));
        let area = missing.need(
            property.floor_area_m2,
            &field("floor_area_m2"),
            "H-36",
            ("床面積", "the floor area"),
        );
        line.push_str(&format!("　家屋番号　{}", property.number));
        if let (Some(built), Some(area)) = (built, area) {
            line.push_str(&format!("　構造　{}　床面積　{}平方メートル", built.ja(), area.0));
        }
    } else {
        missing.text(&property.number, &field("number"), "H-36", ("地番", "the lot number"));
        let category = property.registered_category;
        let category =
            missing.need(category, &field("registered_category"), "H-36", ("地目", "the category"));
        let area = missing.need(property.area_m2, &field("area_m2"), "H-36", ("地積", "the area"));
        line.push_str(&format!("　地番　{}", property.number));
        if let (Some(category), Some(area)) = (category, area) {
            line.push_str(&format!("　地目　{}　地積　{}平方メートル", category.ja(), area.0));
        }
        if property.kind == PropertyKind::RoadShare {
            let shares: Vec<String> = property
                .owners
                .iter()
                .filter(|owner| owner.mortgages_share)
                .map(|owner| format!("{}分の{}", owner.share.whole, owner.share.part))
                .collect();
            line.push_str(&format!("　持分　{}", shares.join("、")));
        }
    }
    vec![line]
}
