//! What the sample applications do not show: one change to a good case, and the findings that follow.

use chrono::NaiveDate;
use workflows::form::{
    Cover, EmploymentKind, Form, FundUseKind, InsuranceType, LenderKind, Owner, PartyRole, PriorMortgage,
    Product, PurposeCode, QualificationRoute, RateType, Relation, Share, Tenure,
};
use workflows::product::fees::collateral_handling_fee;
use workflows::product::pricing::screening_add_on;
use workflows::{Guard, Rate, Yen, assess};

use crate::common;

/// The rules that a changed case breaks, each with its guard and its subject.
pub fn findings(
    id: &str,
    date: Option<&str>,
    change: impl Fn(&mut Form),
) -> Vec<(&'static str, Guard, String)> {
    let mut form =
        common::samples().into_iter().find(|sample| sample.form.application_id == id).unwrap().form;
    change(&mut form);
    let wished: NaiveDate = date.map_or(form.requested_disbursement_date, |date| date.parse().unwrap());
    let books = common::books();
    let book = books.get(&form.institution.bank_code).unwrap();
    let found = assess(&form, book, &common::rates(), wished);
    found.into_iter().map(|finding| (finding.rule, finding.guard, finding.subject)).collect()
}

/// A used condominium, one loan, one borrower by way of the friends society.
const CONDOMINIUM: &str = "AP-00001";
/// A rebuilt house on own land, one borrower by way of a union.
pub const HOUSE: &str = "AP-00002";

/// B-09: one borrower, and nobody is asked for a guarantor beside the institution.
#[test]
fn the_cases_are_good_as_they_are() {
    assert_eq!(findings(CONDOMINIUM, None, |form| assert_eq!(form.parties.len(), 1)), []);
    assert_eq!(findings(HOUSE, None, |form| assert_eq!(form.parties.len(), 1)), []);
}

/// C-03: living needs of every kind, for whoever lives there; what is prohibited for all stays prohibited (C-04).
#[test]
fn a_free_loan_is_for_living_needs() {
    let broken = |change: &dyn Fn(&mut Form)| {
        let found = findings(CONDOMINIUM, None, change);
        found
            .into_iter()
            .filter(|(_, guard, _)| *guard == Guard::Purpose)
            .map(|(rule, ..)| rule)
            .collect::<Vec<_>>()
    };
    for code in [PurposeCode::SecondHouse, PurposeCode::Education, PurposeCode::Car, PurposeCode::Durables] {
        let for_it = |form: &mut Form| form.purpose.code = code;
        assert_eq!(broken(&for_it), ["C-01"]);
        let free = |form: &mut Form| {
            for_it(form);
            form.product = Product::SecuredFreeLoan;
            form.purpose.resident_relation = Relation::Cousin;
        };
        assert_eq!(broken(&free), Vec::<&str>::new(), "{code}");
        let business = |form: &mut Form| {
            free(form);
            form.fund_uses[0].kind = FundUseKind::BusinessFunds;
        };
        assert!(broken(&business).contains(&"C-04"), "{code}");
    }
}

/// C-15: of two joint debtors only the one who is too old at the end stands in the way.
#[test]
fn each_joint_debtor_meets_the_age() {
    let with = |born: &str, role: PartyRole| {
        findings(HOUSE, None, |form| {
            let mut second = form.parties[0].clone();
            (second.party_id, second.role) = ("D1".to_owned(), role);
            second.birth_date = born.parse().unwrap();
            form.parties.push(second);
        })
    };
    let too_old = |found: &[(&str, Guard, String)]| {
        let of = found.iter().filter(|(rule, ..)| *rule == "C-11");
        of.map(|(.., subject)| subject.clone()).collect::<Vec<_>>()
    };
    assert_eq!(too_old(&with("1990-04-01", PartyRole::JointDebtor)), Vec::<String>::new());
    assert_eq!(too_old(&with("1950-04-01", PartyRole::JointDebtor)), ["D1"]);
    assert_eq!(too_old(&with("1950-04-01", PartyRole::ThirdPartyMortgagor)), Vec::<String>::new());
}

/// C-63: another borrower's better route changes neither fee nor add-on; the applicant's own does.
#[test]
fn the_applicants_route_decides_fee_and_add_on() {
    let sample = common::samples().into_iter().find(|sample| sample.form.application_id == CONDOMINIUM);
    let (mut form, books) = (sample.unwrap().form, common::books());
    let book = books.get(&form.institution.bank_code).unwrap();
    let priced = |form: &Form| {
        let party = form.applicant().unwrap();
        let add_on = screening_add_on(&book.terms, &party.qualification, None);
        (collateral_handling_fee(&book.terms, party.qualification.route), add_on)
    };
    let own = priced(&form);
    let mut second = form.parties[0].clone();
    (second.party_id, second.role) = ("D1".to_owned(), PartyRole::JointDebtor);
    second.qualification.route = Some(QualificationRoute::IndirectMember);
    form.parties.push(second);
    assert_eq!(priced(&form), own);
    form.parties[0].qualification.route = Some(QualificationRoute::IndirectMember);
    assert_eq!(priced(&form), (Yen(11_000), Rate::ZERO));
    assert_ne!(priced(&form), own);
}

/// B-03 and B-08, with the area (B-06) by address or workplace and without asking for a worker (B-07).
#[test]
fn qualifications() {
    let nobody = |form: &mut Form| form.parties[0].qualification.org_member = None;
    assert_eq!(findings(HOUSE, None, nobody), [("B-03", Guard::Elig, "A1".to_owned())]);
    let far = |form: &mut Form| form.parties[0].address.prefecture = "東京都".to_owned();
    assert_eq!(findings(CONDOMINIUM, None, far), [("B-08", Guard::Elig, "A1".to_owned())]);
    let works_here = |form: &mut Form| {
        far(form);
        form.parties[0].employment.workplace_prefecture = Some("福岡県".to_owned());
        form.parties[0].employment.kind = EmploymentKind::None;
    };
    assert_eq!(findings(CONDOMINIUM, None, works_here), [], "the friends society asks for no worker");
}

#[test]
fn consents_and_certificates_stand_under_their_guards() {
    let unsigned = |form: &mut Form| form.consents.iter_mut().for_each(|consent| consent.signed_on = None);
    assert_eq!(
        findings(CONDOMINIUM, None, unsigned),
        [
            ("B-17", Guard::AmlPledge, "ANTISOCIAL_PLEDGE_AND_PEP:A1".to_owned()),
            ("D.1", Guard::Consent, "PRIVACY_CONSENT:A1".to_owned()),
            ("D.1", Guard::Consent, "SITE_SURVEY_CONSENT:A1".to_owned()),
        ]
    );
    let undeclared = |form: &mut Form| form.insurance[0].declared_on = None;
    let subject = "INSURANCE_APPLICATION_DECLARATION:A1:L1".to_owned();
    assert_eq!(findings(CONDOMINIUM, None, undeclared), [("D.1", Guard::DocApply, subject)]);
}

#[test]
fn dates() {
    let no_rate = findings(CONDOMINIUM, Some("2031-01-06"), |_| ());
    assert!(no_rate.contains(&("C-21", Guard::RatePublished, "L1".to_owned())), "{no_rate:?}");
    assert!(no_rate.contains(&("D.2", Guard::InsValid, "declaration:A1:L1".to_owned())), "{no_rate:?}");
    let last_day = findings(CONDOMINIUM, Some("2026-05-25"), |_| ());
    assert!(!last_day.iter().any(|(rule, ..)| *rule == "D.2"), "{last_day:?}");
    let next_day = findings(CONDOMINIUM, Some("2026-05-26"), |_| ());
    assert!(next_day.iter().any(|(rule, ..)| *rule == "D.2"), "{next_day:?}");
}

#[test]
fn leaving_a_group_five_years_ago_passes() {
    let left = |day: &'static str| {
        move |form: &mut Form| form.parties[0].left_antisocial_group_on = Some(day.parse().unwrap())
    };
    // The pledge is signed on 2025-11-22.
    assert_eq!(findings(CONDOMINIUM, None, left("2020-11-22")), []);
    assert_eq!(
        findings(CONDOMINIUM, None, left("2020-11-23")),
        [("B-17", Guard::AmlPledge, "A1".to_owned())]
    );
}

#[test]
fn purposes_that_do_not_fit_the_product() {
    let car = |form: &mut Form| form.purpose.code = PurposeCode::Car;
    let rules: Vec<_> =
        findings(CONDOMINIUM, None, car).into_iter().map(|(rule, guard, _)| (rule, guard)).collect();
    assert_eq!(rules, [("C-01", Guard::Purpose), ("D.1", Guard::DocApply)]);
    let refinance = |form: &mut Form| form.purpose.code = PurposeCode::Refinance;
    let found = findings(HOUSE, None, refinance);
    assert!(found.contains(&("C-02", Guard::Purpose, "existing_loan".to_owned())), "{found:?}");
    let stranger = |form: &mut Form| form.purpose.resident_relation = Relation::Unrelated;
    assert_eq!(findings(HOUSE, None, stranger), [("C-02", Guard::Purpose, "purpose".to_owned())]);
}

#[test]
fn terms_and_ages() {
    let long = |form: &mut Form| {
        form.loans[0].term_months = 481;
        form.parties[0].birth_date = "2000-01-01".parse().unwrap();
    };
    assert_eq!(findings(HOUSE, None, long), [("C-11", Guard::TermAge, "L1".to_owned())]);
    let short = |form: &mut Form| form.loans[0].term_months = 59;
    assert_eq!(findings(HOUSE, None, short), [("C-13", Guard::TermAge, "L1".to_owned())]);
    let unknown = |form: &mut Form| form.tie_up_product = Some("NOBODY".to_owned());
    assert_eq!(findings(HOUSE, None, unknown), [("C-23", Guard::RateType, "L1".to_owned())]);
}

#[test]
fn insurance() {
    let split = |form: &mut Form| {
        form.insurance[0].cover = Cover::Proportional;
        form.insurance[0].share_percent = 99;
    };
    assert_eq!(findings(HOUSE, None, split), [("G-14", Guard::InsForm, "L1".to_owned())]);
    let lonely = |form: &mut Form| {
        form.insurance[0].cover = Cover::JointCouple;
        form.insurance[0].insurance_type = InsuranceType::Almighty;
    };
    let found = findings(HOUSE, None, lonely);
    assert_eq!(
        found[..2],
        [("G-15", Guard::InsForm, "L1".to_owned()), ("G-16", Guard::InsForm, "L1".to_owned())]
    );
    let minor = |form: &mut Form| form.parties[0].birth_date = "2008-01-01".parse().unwrap();
    assert!(findings(HOUSE, None, minor).contains(&("G-13", Guard::InsValid, "A1".to_owned())));
}

fn stranger(share: &str, mortgages_share: bool) -> Owner {
    let share = Share::parse(share).unwrap();
    Owner { party_id: None, name: Some("地主".to_owned()), relation: None, share, mortgages_share }
}

#[test]
fn collateral() {
    let leased = |form: &mut Form| {
        form.properties[0].tenure = Some(Tenure::OrdinaryLeasehold);
        form.properties[0].owners = vec![stranger("1/1", false)];
    };
    let consent = "LANDLORD_CONSENT:P1".to_owned();
    assert_eq!(
        findings(HOUSE, None, leased),
        [("H-11", Guard::DocApply, consent)],
        "leased land needs no mortgage"
    );
    let foreign = |form: &mut Form| form.properties[0].owners = vec![stranger("1/1", true)];
    assert_eq!(findings(HOUSE, None, foreign), [("B-12", Guard::Parties, "P1".to_owned())]);
    let reserved = |form: &mut Form| {
        form.properties[0].reserved_land = Some(true);
        form.properties[0].mortgage_when_possible = Some(true);
        form.properties[0].owners[0].mortgages_share = false;
    };
    assert_eq!(findings(HOUSE, None, reserved), [], "reserved land is mortgaged later");
    let defect = |form: &mut Form| form.properties[1].legal_defects = vec!["建ぺい率超過".to_owned()];
    assert_eq!(findings(HOUSE, None, defect), [("H-13", Guard::CollValue, "P2".to_owned())]);
    let earlier = |holder_kind: LenderKind, requirement_met: bool| {
        move |form: &mut Form| {
            let mortgage =
                PriorMortgage { holder_kind, balance_yen: Yen(1_000_000), released_at_disbursement: false };
            form.properties[0].prior_mortgages = vec![mortgage];
            form.collateral_valuation.requirement_met = requirement_met;
        }
    };
    assert_eq!(findings(HOUSE, None, earlier(LenderKind::PublicBody, true)), []);
    let stays = [("H-02", Guard::CollValue, "P1".to_owned())];
    assert_eq!(findings(HOUSE, None, earlier(LenderKind::PublicBody, false)), stays);
    assert_eq!(findings(HOUSE, None, earlier(LenderKind::Bank, true)), stays);
}

/// B-11: among several owners one outside the case is enough, and so is one who keeps the share out of the mortgage.
#[test]
fn every_co_owner_joins_and_mortgages() {
    let own = |share: &str, mortgages_share: bool| Owner {
        party_id: Some("A1".to_owned()),
        name: None,
        ..stranger(share, mortgages_share)
    };
    for (owners, fits) in [
        (vec![own("1/2", true), own("1/2", true)], true),
        (vec![own("1/2", true), stranger("1/2", true)], false),
        (vec![own("1/2", true), own("1/2", false)], false),
        (vec![own("1/2", true), stranger("1/2", false)], false),
    ] {
        let found = findings(HOUSE, None, |form| form.properties[0].owners.clone_from(&owners));
        let expected = if fits { vec![] } else { vec![("B-11", Guard::Parties, "P1".to_owned())] };
        assert_eq!(found, expected, "{owners:?}");
    }
}

#[test]
fn a_guarantor_may_give_the_mortgage_but_not_be_insured() {
    let guarantor = |form: &mut Form| {
        let mut party = form.parties[0].clone();
        party.party_id = "G1".to_owned();
        party.role = PartyRole::JointGuarantor;
        party.uses_tax_deduction = true;
        form.parties.push(party);
        form.properties[0].owners[0].party_id = Some("G1".to_owned());
    };
    let found = findings(HOUSE, None, guarantor);
    assert!(found.contains(&("B-10", Guard::Parties, "G1".to_owned())), "{found:?}");
    assert!(!found.iter().any(|(rule, ..)| ["B-12", "H-01", "H-03"].contains(rule)), "{found:?}");
}

#[test]
fn a_repayment_that_starts_after_its_end_is_still_priced() {
    let sample = common::samples().remove(0);
    let books = common::books();
    let mut form = sample.form;
    form.loans[0].rate_type = RateType::Variable;
    form.loans[0].discount_type = None;
    form.loans[0].term_months = 1;
    form.loans[0].first_repayment_date = Some("2030-01-15".parse().unwrap());
    let evaluation = workflows::evaluate(&form, &books, &common::rates()).unwrap();
    let monthly = &evaluation.quote.loans[0].monthly;
    assert_eq!((monthly.scheduled_repayments, monthly.actual_repayments), (1, 1));
    assert_eq!(monthly.last_instalment_yen, monthly.principal_yen + monthly.total_interest_yen);
}
