//! The rules: their sentences, the causes under which they are found, and the findings.
//!
//! [`RULES`] says what a rule asks for, [`CAUSES`] under which guard each cause of a finding stands. A finding is only ever made
//! from a cause, so the table cannot drift from what [`crate::assess`] reports. [`FACT_RULES`] holds the rules that are judged
//! later, on the facts of a case.
//!
//! # Not yet here
//!
//! What chapters B to J hold beyond the sample data, and this crate does not judge: the branch's discretion for friends of the
//! society who are no workers (B-08); different monthly and bonus repayment days for members of an organisation (J-10); lending
//! criteria that are off by default (income, years of service, repayment ratio, least amount). Every rule without code stands
//! with its reason in `docs/generated/rules.md`. The life of a loan (C.5 after origination, F.10, J.2 to J.4) is a library that
//! no step of a case calls yet.

mod facts;
mod servicing;
mod staged;
mod table;

use serde::Serialize;

pub use facts::FACT_RULES;
pub use servicing::SERVICING_RULES;
pub use staged::STAGED_RULES;
pub use table::RULES;

use crate::form::Problem;
use crate::guard::Guard;

/// What a rule asks for and what cures a finding of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Id of the domain specification, as `B-05`.
    pub id: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    /// What cures it, or what would be accepted.
    pub cure_ja: &'static str,
    pub cure_en: &'static str,
}

impl Rule {
    /// The rule with this id.
    pub fn of(id: &str) -> Option<&'static Self> {
        let lists = [RULES, FACT_RULES, SERVICING_RULES, STAGED_RULES];
        lists.into_iter().flatten().find(|rule| rule.id == id)
    }

    /// The refusal of a value under this rule, with the rule's sentences.
    pub(crate) fn refusal(
        id: &'static str,
        field: impl Into<String>,
        accepted: impl Into<String>,
    ) -> Problem {
        let (ja, en) = Self::of(id).map_or(("", ""), |rule| (rule.ja, rule.en));
        Problem::new(field, id, (ja, en), accepted)
    }
}

/// One way to break a rule, and the guard under which that stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub rule: &'static str,
    pub cause: &'static str,
    pub guard: Guard,
}

impl Cause {
    /// The finding of this cause on a subject.
    pub(crate) fn on(&self, subject: impl Into<String>) -> Finding {
        Finding { rule: self.rule, cause: self.cause, guard: self.guard, subject: subject.into() }
    }
}

/// A rule that a form does not meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    /// The cause within the rule, from [`CAUSES`].
    pub cause: &'static str,
    pub guard: Guard,
    /// A person (`A1`), a loan (`L1`), a property (`P1`), a paper (`INCOME_CERTIFICATE:A1`) or a field.
    pub subject: String,
}

macro_rules! causes {
    ($($name:ident = $rule:literal, $cause:literal, $guard:ident;)+) => {
        /// Every cause by name, for the rules to make their findings from.
        pub(crate) mod cause {
            use super::{Cause, Guard};
            $(pub(crate) static $name: Cause = Cause { rule: $rule, cause: $cause, guard: Guard::$guard };)+
        }

        /// Every (rule, cause, guard).
        pub static CAUSES: &[&Cause] = &[$(&cause::$name),+];
    };
}

causes! {
    BOOK = "BOOK", "no edition of the product book counts for the bank on the day of reception", RateType;
    B01 = "B-01", "a borrower claims no qualification", Parties;
    B03_PAPER = "B-03", "the membership certificate is missing", DocApply;
    B03_UNNAMED = "B-03", "no member organisation is named that could certify", Elig;
    B04 = "B-04", "the organisation is of another kind or excluded", Elig;
    B05 = "B-05", "share, area or occupation does not allow individual membership", Elig;
    B08 = "B-08", "outside the area of the friends society", Elig;
    B10 = "B-10", "the person needs another role", Parties;
    B11 = "B-11", "a co-owner is outside the case or does not mortgage the share", Parties;
    B12 = "B-12", "the owner is outside the case or does not mortgage", Parties;
    B17_PLEDGE = "B-17", "the pledge is missing or undated", AmlPledge;
    B17_LEFT = "B-17", "left an anti-social group too recently", AmlPledge;
    B18 = "B-18", "the consent to contact others is missing", Consent;
    C01 = "C-01", "no purpose of the housing loan or no near relative", Purpose;
    C02 = "C-02", "no purpose of the refinance and replacement loan or no near relative", Purpose;
    C04 = "C-04", "a prohibited use of the money", Purpose;
    C05 = "C-05", "more than the evidenced costs", Amount;
    C10 = "C-10", "above the maximum", Amount;
    C11_TERM = "C-11", "the term is too long", TermAge;
    C11_AGE = "C-11", "too old on the final due date", TermAge;
    C12_PURPOSE = "C-12", "fixed-term leasehold and no new house of one's own", Purpose;
    C12_TERM = "C-12", "the term is too long for fixed-term leasehold", TermAge;
    C13 = "C-13", "the term is shorter than the special term", TermAge;
    C21 = "C-21", "no standard rate is published for the date", RatePublished;
    C23 = "C-23", "the tie-up product does not allow the rate type", RateType;
    C23_BOOK = "C-23", "the bank does not offer the rate type", RateType;
    C4 = "C.4", "percent fee with lump-sum guarantee fee", RateType;
    C50 = "C-50", "too many loans, one type twice or two fee plans", RateType;
    C51 = "C-51", "purpose, repayment day or guarantee-fee method differ", RateType;
    C52 = "C-52", "a paper of the mix is missing", DocApply;
    C53 = "C-53", "two types of one family", RateType;
    D1 = "D.1", "a document is missing", DocApply;
    D1_CONSENT = "D.1", "a consent is missing", Consent;
    D2_INCOME = "D.2", "the income certificate is too old", DocIntake;
    D2_DECLARATION = "D.2", "the declaration has expired", InsValid;
    D2_SEAL = "D.2", "the seal certificate is too old for the filing", Reg;
    F08 = "F-08", "another guarantee-fee method than the product prescribes", RateType;
    G10 = "G-10", "a loan without insurance", InsForm;
    G12 = "G-12", "above the cap per insured person", InsForm;
    G13 = "G-13", "outside the entry age", InsValid;
    G14 = "G-14", "the shares do not total 100 percent", InsForm;
    G15 = "G-15", "couple cover without a couple of joint debtors", InsForm;
    G16 = "G-16", "the type has no couple form", InsForm;
    G17 = "G-17", "an insured person is no debtor", InsForm;
    G20 = "G-20", "a step of the relaxed assessment is missing or the cover is split", InsForm;
    G20_PAPER = "G-20", "the form of intent is missing", DocApply;
    H01 = "H-01", "the financed property is not mortgaged", CollValue;
    H02 = "H-02", "an earlier mortgage stays", CollValue;
    H03 = "H-03", "the borrower's land is not mortgaged", CollValue;
    H05 = "H-05", "reserved land without the promise to mortgage it", CollValue;
    H06 = "H-06", "a further building is not mortgaged", CollValue;
    H07 = "H-07", "the road share is not mortgaged", CollValue;
    H09 = "H-09", "farmland without a planned change", CollValue;
    H11 = "H-11", "the landlord's consent is missing", DocApply;
    H13 = "H-13", "unregistered building, breach of law or defect", CollValue;
    H14 = "H-14", "the registration is not filed by a scrivener", RegAgent;
    I02 = "I-02", "the branch is closed", BusinessDay;
    I05 = "I-05", "another bank, kind of account or holder", Account;
    J08 = "J-08", "the bonus part is too large", Repayment;
    BR3 = "BR-3", "the type does not cover a bridge loan", InsForm;
    S01 = "S-01", "no money ahead for this residence or purpose, or the land is not paid first", Purpose;
    S02 = "S-02", "above 90 percent of the amount or above what is needed, or a payment of nought", Amount;
    S03 = "S-03", "the money is out for too long", TermAge;
    S14 = "S-14", "land that cannot be mortgaged", CollValue;
    S15 = "S-15", "another product or an interest mix", RateType;
}
