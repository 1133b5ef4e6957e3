//! What staff and the scrivener know about a filing beyond the form.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::form::Problem;
use crate::money::Rate;
use crate::zengin::Digits;

/// 会社法人等番号: twelve digits.
pub type CorporateNumber = Digits<12>;
/// 不動産番号: thirteen digits.
pub type PropertyNumber = Digits<13>;

/// The bank as it stands in the register (H-34).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mortgagee {
    pub address: String,
    pub name: String,
    pub corporate_number: Option<CorporateNumber>,
    pub representative: String,
    /// 取扱店, entered where the bank wishes it.
    pub handling_branch: Option<String>,
}

/// The scrivener who files for both sides (H-14, H-30).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub name: String,
    pub address: String,
    pub telephone: String,
}

/// Late damages (H-33): `年14.5%（年365日の日割計算）`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Damages {
    pub rate: Rate,
    /// Computed by days of a year of 365.
    pub days: DayCount,
}

/// How damages count days.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DayCount {
    Of365,
    Unstated,
}

crate::terms! {
    /// 添付情報 that somebody has to bring (H-35). Seal certificates are papers of the case.
    pub enum Attachment {
        CauseInformation = "CAUSE_INFORMATION", "登記原因証明情報", "Cause-certifying information (mortgage deed)";
        IdentificationInformation = "IDENTIFICATION_INFORMATION", "登記識別情報又は登記済証", "Identification information or old title paper";
        PowerOfAttorney = "POWER_OF_ATTORNEY", "代理権限証明情報", "Power of attorney";
        ThirdPartyConsent = "THIRD_PARTY_CONSENT", "第三者の承諾を証する情報", "Consent of a third party";
        ResidentialBuildingCertificate = "RESIDENTIAL_BUILDING_CERTIFICATE", "住宅用家屋証明書", "Municipal certificate for the reduced tax";
        EarlierRegistration = "EARLIER_REGISTRATION", "前の登記証明書", "Certificate of the earlier registration";
    }
}

/// Facts of one application for the mortgage.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FilingFacts {
    /// The day of the filing (H-36).
    pub filing_date: Option<NaiveDate>,
    /// 登記所.
    pub office: Option<String>,
    /// The day of the loan contract of each loan.
    pub contract_dates: BTreeMap<u8, NaiveDate>,
    /// The day on which the mortgage was agreed.
    pub deed_date: Option<NaiveDate>,
    /// The rate of each loan in the contract, percent per annum.
    pub interest: BTreeMap<u8, Rate>,
    pub damages: Option<Damages>,
    pub mortgagee: Option<Mortgagee>,
    pub agent: Option<Agent>,
    pub property_numbers: BTreeMap<u16, PropertyNumber>,
    pub attachments: BTreeSet<Attachment>,
    /// Issue date of the seal certificate of each mortgagor.
    pub seal_certificates: BTreeMap<String, NaiveDate>,
    /// The mark of a third party's right that needs a consent, if there is one.
    pub third_party_consent: ThirdParty,
}

/// Whether a third party has to agree.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum ThirdParty {
    #[default]
    None,
    ConsentNeeded,
}

/// Collects what is missing.
pub(super) struct Missing(pub(super) Vec<Problem>);

impl Missing {
    pub(super) fn add(&mut self, field: impl Into<String>, rule: &'static str, ja: &str, en: &str) {
        let messages =
            (&*format!("登記申請に必要な「{ja}」がありません。"), &*format!("The filing lacks: {en}."));
        self.0.push(Problem::new(field, rule, messages, format!("{ja} / {en}")));
    }

    /// The value, or what is missing in its place.
    pub(super) fn need<T>(
        &mut self,
        value: Option<T>,
        field: &str,
        rule: &'static str,
        what: (&str, &str),
    ) -> Option<T> {
        if value.is_none() {
            self.add(field, rule, what.0, what.1);
        }
        value
    }

    /// A text that is not blank.
    pub(super) fn text(&mut self, value: &str, field: &str, rule: &'static str, what: (&str, &str)) {
        if value.trim().is_empty() {
            self.add(field, rule, what.0, what.1);
        }
    }
}
