//! The application for the mortgage, the filings in their order, and the taxes and stamps beside them (chapter H).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;
use workflows::contract::{StatedAmount, stamp_duty_on};
use workflows::form::{
    ContractForm, Form, LandCategory, LenderKind, PartyRole, PriorMortgage, PropertyKind, Share, Tenure,
};
use workflows::registration::{
    Agent, Attachment, Damages, DayCount, FilingFacts, FilingKind, LinkedFiling, Mortgagee, RegisterEntry,
    RegisteredAddress, RegistrationApplication, ThirdParty, Title, When, additional_tax, cancellation_tax,
    linked_filings, mortgage_application, mortgaged, registration_tax,
};
use workflows::zengin::Digits;
use workflows::{Problem, Rate, Yen};

use crate::common;
use crate::vectors::{book, cases, report, vectors, yen};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A sample with land and building of the applicant alone.
fn plain() -> Form {
    let found = common::samples().into_iter().map(|sample| sample.form).find(|form| {
        let own = |property: &workflows::form::Property| {
            property.owners.len() == 1
                && property.owners[0].party_id.as_deref() == Some("A1")
                && property.owners[0].mortgages_share
                && property.reserved_land != Some(true)
                && property.prior_mortgages.is_empty()
        };
        form.loans.len() == 1
            && form.parties.len() == 1
            && form.properties.len() == 2
            && form.properties.iter().all(own)
            && form.properties.iter().any(|property| property.kind == PropertyKind::Building)
            && form.properties.iter().any(|property| property.tenure == Some(Tenure::Ownership))
    });
    found.unwrap()
}

fn facts(form: &Form) -> FilingFacts {
    let loans = || form.loans.iter().map(|loan| loan.loan_no);
    FilingFacts {
        filing_date: Some(day("2026-04-01")),
        office: Some("さいたま地方法務局".to_owned()),
        contract_dates: loans().map(|loan| (loan, day("2026-04-01"))).collect(),
        deed_date: Some(day("2026-04-01")),
        interest: loans().map(|loan| (loan, Rate::from_thousandths(825))).collect(),
        damages: Some(Damages { rate: Rate::parse("14.5").unwrap(), days: DayCount::Of365 }),
        mortgagee: Some(Mortgagee {
            address: "東京都千代田区試験町一丁目1番1号".to_owned(),
            name: "試験労働金庫".to_owned(),
            corporate_number: Some(Digits::parse("", "012345678901").unwrap()),
            representative: "理事長　試験太郎".to_owned(),
            handling_branch: Some("試験支店".to_owned()),
        }),
        agent: Some(Agent {
            name: "見本花子".to_owned(),
            address: "東京都港区見本町2番2号".to_owned(),
            telephone: "03-0000-0000".to_owned(),
        }),
        property_numbers: BTreeMap::new(),
        attachments: Attachment::ALL.iter().copied().collect(),
        seal_certificates: form
            .parties
            .iter()
            .map(|party| (party.party_id.clone(), day("2026-02-15")))
            .collect(),
        third_party_consent: ThirdParty::None,
    }
}

fn written(form: &Form, facts: &FilingFacts) -> RegistrationApplication {
    mortgage_application(form, &book().terms, facts).unwrap()
}

fn lacking(form: &Form, facts: &FilingFacts) -> Vec<(String, &'static str)> {
    let problems: Vec<Problem> = mortgage_application(form, &book().terms, facts).unwrap_err();
    assert!(
        problems.iter().all(|problem| !problem.accepted.is_empty() && problem.message_en.contains("lacks"))
    );
    problems.into_iter().map(|problem| (problem.field, problem.rule)).collect()
}

#[test]
fn the_application_speaks_the_words_of_the_register() {
    let mut form = plain();
    form.loans[0].amount_yen = Yen(28_505_000);
    let application = written(&form, &facts(&form));
    assert_eq!(application.lines("登記の目的"), ["抵当権設定"]);
    assert_eq!(application.lines("原因"), ["令和8年4月1日金銭消費貸借同日設定"]);
    assert_eq!(application.lines("債権額"), ["金28,505,000円"]);
    assert_eq!(application.lines("利息"), ["年0.825%"]);
    assert_eq!(application.lines("損害金"), ["年14.5%（年365日の日割計算）"]);
    let party = &form.parties[0];
    let person = format!("{}{}　{}", party.address.prefecture, party.address.text, party.name_kanji);
    assert_eq!(application.lines("債務者"), std::slice::from_ref(&person));
    assert_eq!(application.lines("設定者"), [person]);
    assert_eq!(application.lines("抵当権者")[1], "（会社法人等番号　012345678901）");
    assert_eq!(application.lines("抵当権者").last().unwrap(), "取扱店　試験支店");
    assert_eq!(application.lines("申請年月日・登記所"), ["令和8年4月1日申請　さいたま地方法務局"]);
    assert_eq!(application.lines("課税価格"), ["金28,505,000円"]);
    assert_eq!(application.lines("不動産の表示").len(), 2);
    assert_eq!(application.properties.len(), 2);
    let text = application.text();
    assert!(text.starts_with("登記申請書\n登記の目的\t抵当権設定\n"));
    assert!(application.headings.iter().all(|heading| !heading.lines.is_empty()), "{text}");
    // The deed may follow the contract on another day.
    let mut later = facts(&form);
    later.deed_date = Some(day("2026-04-10"));
    assert_eq!(written(&form, &later).lines("原因"), ["令和8年4月1日金銭消費貸借令和8年4月10日設定"]);
    // A property number stands for the whole description.
    let mut numbered = facts(&form);
    let first = form.properties[0].property_no;
    numbered.property_numbers.insert(first, Digits::parse("", "0123456789012").unwrap());
    assert!(written(&form, &numbered).lines("不動産の表示")[0].ends_with("　不動産番号　0123456789012"));
}

/// B-14: whoever only gives property stands among the mortgagors and never among the debtors.
#[test]
fn a_third_party_mortgagor_is_no_debtor() {
    let mut form = plain();
    let mut parent = form.parties[0].clone();
    (parent.party_id, parent.role) = ("M1".to_owned(), PartyRole::ThirdPartyMortgagor);
    parent.name_kanji = "見本　一郎".to_owned();
    form.parties.push(parent);
    form.properties[0].owners[0].party_id = Some("M1".to_owned());
    let application = written(&form, &facts(&form));
    let named = |heading: &str| application.lines(heading).iter().any(|line| line.contains("見本　一郎"));
    assert!(named("設定者") && !named("債務者"), "{}", application.text());
}

#[test]
fn a_mix_names_each_claim_under_its_mark() {
    let mut form = plain();
    let mut second = form.loans[0].clone();
    second.loan_no = 2;
    form.loans[0].amount_yen = Yen(20_000_000);
    second.amount_yen = Yen(10_000_000);
    form.loans.push(second);
    let mut facts = facts(&form);
    facts.interest.insert(2, Rate::from_thousandths(1_200));
    let application = written(&form, &facts);
    assert_eq!(
        application.lines("債権額"),
        ["金3,000万円", "内訳（あ）金2,000万円", "内訳（い）金1,000万円"]
    );
    assert_eq!(application.lines("利息"), ["（あ）年0.825%", "（い）年1.200%"]);
    assert_eq!(application.lines("原因"), ["令和8年4月1日金銭消費貸借同日設定"]);
    facts.contract_dates.insert(2, day("2026-03-31"));
    assert_eq!(
        written(&form, &facts).lines("原因"),
        ["（あ）令和8年4月1日金銭消費貸借同日設定", "（い）令和8年3月31日金銭消費貸借令和8年4月1日設定"]
    );
}

#[test]
fn a_share_is_named_where_the_whole_is_not_mortgaged() {
    let mut form = plain();
    let name = form.parties[0].name_kanji.clone();
    let mut road =
        form.properties.iter().find(|property| property.kind == PropertyKind::Land).unwrap().clone();
    road.property_no = 9;
    road.kind = PropertyKind::RoadShare;
    road.owners[0].share = Share { part: 1, whole: 6 };
    form.properties.push(road);
    let application = written(&form, &facts(&form));
    assert_eq!(application.lines("登記の目的"), [format!("抵当権設定及び{name}持分抵当権設定")]);
    assert!(application.lines("不動産の表示")[2].ends_with("　持分　6分の1"));
    form.properties.retain(|property| property.kind == PropertyKind::RoadShare);
    assert_eq!(written(&form, &facts(&form)).lines("登記の目的"), [format!("{name}持分抵当権設定")]);
    // Two halves are the whole.
    let mut halves = plain();
    for property in &mut halves.properties {
        property.owners[0].share = Share { part: 1, whole: 2 };
        property.owners.push(property.owners[0].clone());
    }
    assert_eq!(written(&halves, &facts(&halves)).lines("登記の目的"), ["抵当権設定"]);
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let mut form = plain();
    let nothing = FilingFacts::default();
    let fields: BTreeSet<String> = lacking(&form, &nothing).into_iter().map(|(field, _)| field).collect();
    for field in [
        "deed_date",
        "contract_dates.1",
        "interest.1",
        "damages",
        "mortgagee",
        "filing_date",
        "office",
        "agent",
        "attachments.CAUSE_INFORMATION",
        "attachments.IDENTIFICATION_INFORMATION",
        "attachments.POWER_OF_ATTORNEY",
        "seal_certificates.A1",
    ] {
        assert!(fields.contains(field), "{field}: {fields:?}");
    }
    let full = facts(&form);
    let one = |change: &dyn Fn(&mut FilingFacts)| {
        let mut facts = full.clone();
        change(&mut facts);
        lacking(&form, &facts)
    };
    let only = |field: &str, rule: &'static str| vec![(field.to_owned(), rule)];
    assert_eq!(one(&|facts| facts.office = None), only("office", "H-36"));
    assert_eq!(one(&|facts| facts.damages = None), only("damages", "H-33"));
    assert_eq!(one(&|facts| facts.interest.clear()), only("interest.1", "H-33"));
    assert_eq!(one(&|facts| facts.agent = None), only("agent", "H-30"));
    let number = |facts: &mut FilingFacts| facts.mortgagee.as_mut().unwrap().corporate_number = None;
    assert_eq!(one(&number), only("mortgagee.corporate_number", "H-34"));
    assert_eq!(one(&|facts| facts.deed_date = Some(day("2026-03-31"))), only("deed_date", "H-32"));
    let consent = |facts: &mut FilingFacts| {
        facts.third_party_consent = ThirdParty::ConsentNeeded;
        facts.attachments.remove(&Attachment::ThirdPartyConsent);
    };
    assert_eq!(one(&consent), only("attachments.THIRD_PARTY_CONSENT", "H-35"));
    // The seal certificate: three months to the day, not from the future.
    for (issued, good) in
        [("2026-01-01", true), ("2025-12-31", false), ("2026-04-01", true), ("2026-04-02", false)]
    {
        let mut facts = full.clone();
        facts.seal_certificates.insert("A1".to_owned(), day(issued));
        assert_eq!(mortgage_application(&form, &book().terms, &facts).is_ok(), good, "{issued}");
    }
    // Somebody outside the case has no address and cannot set a mortgage.
    form.properties[0].owners[0].party_id = None;
    form.properties[0].owners[0].name = Some("見本一郎".to_owned());
    assert_eq!(
        lacking(&form, &full),
        only(&format!("properties.{}.owners", form.properties[0].property_no), "H-34")
    );
    form.properties.iter_mut().for_each(|property| property.owners[0].mortgages_share = false);
    assert_eq!(lacking(&form, &full), only("properties", "H-31"));
}

#[test]
fn every_sample_whose_rules_hold_can_be_filed() {
    let (mut filed, mut relieved) = (0, 0);
    for sample in common::samples().iter().filter(|sample| sample.expected["outcome"] == "PROCEED") {
        let form = &sample.form;
        // Land that waits for its replotting, or for the house on leased land, is filed later.
        if mortgaged(form).next().is_none() {
            continue;
        }
        let mut facts = facts(form);
        facts.filing_date = Some(form.requested_disbursement_date);
        for date in facts.seal_certificates.values_mut() {
            *date = form.requested_disbursement_date;
        }
        facts.deed_date = facts.filing_date;
        facts.contract_dates.values_mut().for_each(|date| *date = form.requested_disbursement_date);
        let terms = &book().terms;
        let application = match mortgage_application(form, terms, &facts) {
            Ok(application) => application,
            Err(problems) => panic!("{}: {problems:?}", form.application_id),
        };
        let tax = registration_tax(form, terms, form.requested_disbursement_date);
        assert_eq!(application.tax, tax);
        let statute = application.lines("登録免許税").len() == 2;
        assert_eq!(statute, tax.relief_applies);
        let certificate = application.lines("添付情報").iter().any(|line| line == "住宅用家屋証明書");
        assert_eq!(certificate, tax.relief_applies);
        if tax.relief_applies {
            facts.attachments.remove(&Attachment::ResidentialBuildingCertificate);
            assert_eq!(
                lacking(form, &facts),
                [("attachments.RESIDENTIAL_BUILDING_CERTIFICATE".to_owned(), "H-35")]
            );
            relieved += 1;
        }
        let debtors = if form.debtors().count() > 1 { "連帯債務者" } else { "債務者" };
        assert_eq!(application.lines(debtors).len(), form.debtors().count());
        let mortgagors = form.parties.iter().filter(|party| party.role == PartyRole::ThirdPartyMortgagor);
        for party in mortgagors {
            let lines = application.lines("設定者");
            let named = lines.iter().any(|line| line.ends_with(&party.name_kanji));
            let owns = mortgaged(form)
                .flat_map(|property| &property.owners)
                .any(|owner| owner.mortgages_share && owner.party_id.as_ref() == Some(&party.party_id));
            assert_eq!(named, owns);
        }
        filed += 1;
    }
    println!("{filed} samples filed, {relieved} with relief");
    assert!(filed > 50 && relieved > 10, "{filed} {relieved}");
}

fn register(form: &Form, title: &Title) -> BTreeMap<u16, RegisterEntry> {
    let entry = |property: &workflows::form::Property| {
        let building = property.kind.is_building() && property.is_new == Some(true);
        let title = if building { Title::None } else { title.clone() };
        (property.property_no, RegisterEntry { title, mortgage: When::Now })
    };
    form.properties.iter().map(entry).collect()
}

fn filings(form: &Form, register: &BTreeMap<u16, RegisterEntry>) -> Vec<LinkedFiling> {
    let terms = &book().terms;
    let setting = registration_tax(form, terms, day("2026-04-01"));
    linked_filings(form, terms, register, &setting).unwrap()
}

fn kinds(filings: &[LinkedFiling]) -> Vec<FilingKind> {
    assert!(filings.iter().zip(1..).all(|(filing, number)| filing.number == number));
    assert!(filings.iter().all(|filing| !filing.reason_ja.is_empty() && filing.reason_en.is_ascii()));
    filings.iter().map(|filing| filing.kind).collect()
}

#[test]
fn linked_filings_stand_in_their_order() {
    let mut form = plain();
    for property in &mut form.properties {
        property.is_new = property.kind.is_building().then_some(false);
        property.registered_category = property.registered_category.map(|_| LandCategory::ResidentialLand);
    }
    let seller = |address| Title::Seller { name: "見本二郎".to_owned(), address };
    let owner = Title::Owner(RegisteredAddress::Present);
    // A refinance of the owner: the old lender goes, the bank comes.
    let bank =
        PriorMortgage { holder_kind: LenderKind::Bank, balance_yen: Yen(1), released_at_disbursement: true };
    let mut refinanced = form.clone();
    refinanced.properties.iter_mut().for_each(|property| property.prior_mortgages = vec![bank.clone()]);
    let made = filings(&refinanced, &register(&refinanced, &owner));
    assert_eq!(kinds(&made), [FilingKind::Cancellation, FilingKind::Setting]);
    assert_eq!(made[0].tax_yen, Some(Yen(2_000)), "1,000 yen for each of two properties (H-44)");
    assert_eq!(made[1].properties.len(), 2);
    let moved = filings(&refinanced, &register(&refinanced, &Title::Owner(RegisteredAddress::Former)));
    assert_eq!(kinds(&moved), [FilingKind::AddressChange, FilingKind::Cancellation, FilingKind::Setting]);
    // A purchase from a seller who moved and still owes.
    let bought = filings(&refinanced, &register(&refinanced, &seller(RegisteredAddress::Former)));
    assert_eq!(
        kinds(&bought),
        [FilingKind::AddressChange, FilingKind::Cancellation, FilingKind::Transfer, FilingKind::Setting]
    );
    assert_eq!(bought[0].purpose, "登記名義人住所変更（見本二郎）");
    let name = &form.parties[0].name_kanji;
    assert_eq!(bought[2].purpose, format!("所有権移転（{name}）"));
    // A new house on bought farmland, the house mortgaged later.
    let mut built = form.clone();
    for property in &mut built.properties {
        match property.kind.is_building() {
            true => property.is_new = Some(true),
            false => property.registered_category = Some(LandCategory::Field),
        }
    }
    let mut entries = register(&built, &seller(RegisteredAddress::Present));
    let all = filings(&built, &entries);
    assert_eq!(
        kinds(&all),
        [FilingKind::Preservation, FilingKind::Transfer, FilingKind::Setting, FilingKind::CategoryChange]
    );
    let house = built.properties.iter().find(|property| property.kind.is_building()).unwrap().property_no;
    entries.get_mut(&house).unwrap().mortgage = When::Later;
    let later = filings(&built, &entries);
    assert_eq!(
        kinds(&later),
        [
            FilingKind::Preservation,
            FilingKind::Transfer,
            FilingKind::Setting,
            FilingKind::Additional,
            FilingKind::CategoryChange
        ]
    );
    assert_eq!((later[3].tax_yen, &later[3].properties), (Some(Yen(1_500)), &vec![house]));
    // Reserved land cannot be mortgaged now, whatever the register says (H-05).
    let mut reserved = form.clone();
    let land = reserved.properties.iter_mut().find(|property| property.kind == PropertyKind::Land).unwrap();
    (land.reserved_land, land.owners[0].mortgages_share) = (Some(true), false);
    assert_eq!(
        kinds(&filings(&reserved, &register(&reserved, &owner))),
        [FilingKind::Setting, FilingKind::Additional]
    );
    // What the register says has to be known for every property, and for no other.
    let terms = &book().terms;
    let setting = registration_tax(&form, terms, day("2026-04-01"));
    let problems = linked_filings(&form, terms, &BTreeMap::new(), &setting).unwrap_err();
    assert_eq!(problems.len(), 2);
    let mut strange = register(&form, &owner);
    strange.insert(77, RegisterEntry { title: Title::None, mortgage: When::Now });
    let problems = linked_filings(&form, terms, &strange, &setting).unwrap_err();
    assert_eq!((problems.len(), problems[0].field.as_str(), problems[0].rule), (1, "register.77", "H-36"));
}

#[test]
fn taxes_and_stamps_beside_the_main_filing() {
    let (book, vectors) = (book(), vectors());
    let tax = &book.terms.registration_tax;
    let rates = &vectors["registration_licence_tax"]["rates"];
    let per = |key: &str, count: usize| Yen(rates[key].as_i64().unwrap() * i64::try_from(count).unwrap());
    let mut results = Vec::new();
    for count in [1, 2, 7] {
        results.push(additional_tax(tax, count) == per("additional_security_per_property", count));
        results.push(cancellation_tax(tax, count) == per("cancellation_per_property", count));
    }
    report("registration_licence_tax.rates", results);
    let stamps = &vectors["stamp_duty_loan_contract"];
    let paper = |stated| stamp_duty_on(&book.terms, ContractForm::Paper, stated);
    let mut results = vec![
        paper(StatedAmount::None) == yen(&stamps["no_amount_stated"]),
        stamp_duty_on(&book.terms, ContractForm::Electronic, StatedAmount::None) == Yen::ZERO,
    ];
    for case in cases(stamps) {
        let (amount, stamp) = (yen(&case["amount"]), yen(&case["stamp"]));
        // A limit is taxed as the amount (H-52), an electronic contract not at all (H-54); the reduced rates for sales of
        // property are in no cell (H-55).
        results
            .push(paper(StatedAmount::Loan(amount)) == stamp && paper(StatedAmount::Limit(amount)) == stamp);
        let electronic = stamp_duty_on(&book.terms, ContractForm::Electronic, StatedAmount::Loan(amount));
        results.push(electronic == Yen::ZERO);
    }
    report("stamp_duty_loan_contract.stated", results);
    assert_eq!(json!(stamps["paper_only"]), json!(true));
}

/// H-41 at each of its boundaries, from a form that has the relief.
#[test]
fn the_relief_ends_at_each_of_its_conditions() {
    use workflows::form::{PurposeCode, Relation};
    use workflows::registration::ReliefCondition as C;
    let terms = &book().terms;
    let mut form = plain();
    form.purpose.code = PurposeCode::PurchaseUsedHouse;
    form.purpose.resident_relation = Relation::Oneself;
    form.registration.housing_certificate = true;
    let house = form.properties.iter().position(|property| property.kind.is_building()).unwrap();
    {
        let house = &mut form.properties[house];
        (house.main, house.is_new, house.meets_used_standard) = (true, Some(false), Some(true));
        house.floor_area_m2 = Some(workflows::SquareMetres("50".parse().unwrap()));
        house.acquired_on = Some(day("2026-04-01"));
    }
    let not_met =
        |form: &Form, filing: &str| registration_tax(form, terms, day(filing)).relief_conditions_not_met;
    assert_eq!(not_met(&form, "2026-04-01"), []);
    assert_eq!(not_met(&form, "2026-03-31"), [C::WithinYear]);
    assert_eq!(not_met(&form, "2027-03-31"), []);
    assert_eq!(
        not_met(&form, "2027-04-01"),
        [C::LastFilingDate],
        "the last day of the year, but after the law's"
    );
    assert_eq!(not_met(&form, "2027-04-02"), [C::WithinYear, C::LastFilingDate]);
    let with = |change: &dyn Fn(&mut Form)| {
        let mut form = form.clone();
        change(&mut form);
        not_met(&form, "2026-04-01")
    };
    let area = |text: &str| Some(workflows::SquareMetres(text.parse().unwrap()));
    assert_eq!(with(&|form| form.properties[house].floor_area_m2 = area("49.99")), [C::FloorArea]);
    assert_eq!(with(&|form| form.properties[house].meets_used_standard = Some(false)), [C::UsedStandard]);
    assert_eq!(with(&|form| form.registration.housing_certificate = false), [C::Certificate]);
    assert_eq!(with(&|form| form.purpose.resident_relation = Relation::Child), [C::Residence]);
    for code in
        [PurposeCode::Refinance, PurposeCode::Renovation, PurposeCode::LandPurchase, PurposeCode::SecondHouse]
    {
        assert_eq!(with(&|form| form.purpose.code = code), [C::Purpose], "{code}");
    }
    assert_eq!(with(&|form| form.purpose.code = PurposeCode::Extension), []);
}
