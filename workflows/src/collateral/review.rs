//! The collateral of a case, property by property, with what staff recorded after the application: what holds, what is open
//! until when, and what is broken (chapter H.1, B-11, B-12, C-12).
//!
//! [`crate::assess`] judges the form alone. The review goes on from there with the facts of the case: ranks from the register,
//! buildings that a survey found, a registered change of category, added security, pledged fire cover.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{is_farmland, is_leased, is_reserved};
use crate::form::{DocumentKind, Form, FundUseKind, Property, PropertyKind, PurposeCode, Relation, Tenure};
use crate::money::Yen;
use crate::product::terms::Terms;
use crate::registration::holds_whole;
use crate::rule::Finding;

crate::terms! {
    /// Where a matter of the collateral stands.
    pub enum Standing {
        Met = "MET", "充足", "Met";
        BeforeDisbursement = "BEFORE_DISBURSEMENT", "実行前に要確認", "To be met before disbursement";
        AfterDisbursement = "AFTER_DISBURSEMENT", "実行後の義務", "A duty after disbursement";
        Broken = "BROKEN", "不充足", "Not met";
    }
}

/// One matter of the collateral.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Matter {
    pub rule: &'static str,
    /// A property (`P1`) or `collateral` for the case.
    pub subject: String,
    pub standing: Standing,
    pub ja: &'static str,
    pub en: &'static str,
}

/// A fire policy of a building.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FireCover {
    pub sum: Yen,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub pledge: Pledge,
}

/// Whether the claim against the insurer is pledged to the bank.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Pledge {
    Pledged,
    None,
}

/// How a building is used.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Use {
    #[default]
    Residence,
    /// Apartments, a shop, or shop and residence in one (H-17).
    Income,
}

/// What staff recorded about one property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyFacts {
    /// Rank of the bank's mortgage in the register, from 1.
    pub rank: Option<u32>,
    /// Buildings that the survey found on the land.
    pub buildings_found: Option<u32>,
    /// Day on which the change to residential land was registered (H-09).
    pub category_changed_on: Option<NaiveDate>,
    /// Day on which the replotting was completed, so that reserved land can be mortgaged (H-05).
    pub replotted_on: Option<NaiveDate>,
    /// Day on which a mortgage was added later (H-04, H-05).
    pub added_on: Option<NaiveDate>,
    /// Buildings.
    pub use_of: Use,
    /// Value of a building for its fire cover.
    pub building_value: Option<Yen>,
    pub fire: Option<FireCover>,
}

/// What staff recorded about the collateral: by number of the property.
pub type CollateralFacts = BTreeMap<u16, PropertyFacts>;

/// Every matter of the collateral on a date, in the order of rule and subject.
pub fn review(form: &Form, terms: &Terms, facts: &CollateralFacts, date: NaiveDate) -> Vec<Matter> {
    let mut findings = Vec::new();
    super::judge(form, &mut findings);
    let mut review = Review { form, terms, date, findings, matters: Vec::new() };
    let nothing = PropertyFacts::default();
    for property in &form.properties {
        let known = facts.get(&property.property_no).unwrap_or(&nothing);
        review.owners(property);
        review.rank(property, known);
        review.tenure(property);
        review.reserved(property, known);
        review.category(property, known);
        review.buildings(property, known);
        review.fire(property, known);
        review.access(property);
    }
    review.later_building(facts);
    review.matters.sort();
    review.matters
}

struct Review<'a> {
    form: &'a Form,
    terms: &'a Terms,
    date: NaiveDate,
    /// What the form alone breaks: the review repeats it and never judges it a second time.
    findings: Vec<Finding>,
    matters: Vec<Matter>,
}

impl Review<'_> {
    fn add(
        &mut self,
        rule: &'static str,
        property: &Property,
        standing: Standing,
        says: (&'static str, &'static str),
    ) {
        let subject = format!("P{}", property.property_no);
        self.matters.push(Matter { rule, subject, standing, ja: says.0, en: says.1 });
    }

    /// Whether the day, if it has come, makes the matter met.
    fn since(&self, day: Option<NaiveDate>, otherwise: Standing) -> Standing {
        if day.is_some_and(|day| day <= self.date) { Standing::Met } else { otherwise }
    }

    /// The finding of the form for this property under one of these rules.
    fn found(&self, property: &Property, rules: &[&str]) -> Option<&'static str> {
        let subject = format!("P{}", property.property_no);
        let here = |finding: &&Finding| finding.subject == subject && rules.contains(&finding.rule);
        self.findings.iter().find(here).map(|finding| finding.rule)
    }

    /// B-11, B-12, H-01, H-03, H-06, H-07: the listed shares are the whole, and everyone who holds one is in the case and
    /// mortgages it.
    fn owners(&mut self, property: &Property) {
        if is_leased(property) {
            return;
        }
        // A road is shared with neighbours, who stay outside.
        let road = property.kind == PropertyKind::RoadShare;
        let whole = road || holds_whole(property.owners.iter().map(|owner| owner.share));
        let rule = match property.owners.len() {
            _ if road => "H-07",
            _ if property.kind.is_building() && !property.main => "H-06",
            1 => "B-12",
            _ => "B-11",
        };
        let found = self.found(property, &["B-11", "B-12", "H-01", "H-03", "H-06", "H-07"]);
        let rule = found.unwrap_or(rule);
        if !whole {
            let says = (
                "共有者の持分の合計が1に足りません。",
                "The listed shares do not add up to the whole: a co-owner is missing.",
            );
            self.add("B-11", property, Standing::Broken, says);
        }
        if whole || rule != "B-11" {
            let standing = if found.is_some() { Standing::Broken } else { Standing::Met };
            let says = (
                "所有者全員が当事者となり、持分に抵当権を設定します。",
                "Every owner is a person of the case and mortgages the share.",
            );
            self.add(rule, property, standing, says);
        }
    }

    /// H-01, H-02: first rank, or behind a public body, an employer or the like where the valuation allows it.
    fn rank(&mut self, property: &Property, known: &PropertyFacts) {
        if is_leased(property) || is_reserved(property) {
            return;
        }
        let ahead =
            property.prior_mortgages.iter().filter(|mortgage| !mortgage.released_at_disbursement).count();
        let refused = self.found(property, &["H-02"]).is_some();
        if ahead > 0 {
            let says = (
                "先順位は公的機関・勤務先等に限り、担保評価の要件を満たす必要があります。",
                "Only a public body, an employer or the like stays ahead, with the valuation met.",
            );
            self.add("H-02", property, if refused { Standing::Broken } else { Standing::Met }, says);
        }
        let first = u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1);
        let standing = match known.rank {
            None => Standing::BeforeDisbursement,
            Some(rank) if (1..=first).contains(&rank) && !refused => Standing::Met,
            Some(_) => Standing::Broken,
        };
        let says = ("抵当権の順位を登記で確認します。", "The rank of the mortgage is seen in the register.");
        self.add("H-37", property, standing, says);
    }

    /// H-11, C-12: consent of the landlord; the limits of a general fixed-term leasehold.
    fn tenure(&mut self, property: &Property) {
        match property.tenure {
            Some(Tenure::OrdinaryLeasehold) => self.consent(property),
            Some(Tenure::GeneralFixedTermLeasehold) => {
                let most = self.terms.term.fixed_leasehold_maximum_months;
                let short = self.form.loans.iter().all(|loan| loan.term_months <= most);
                let new_house =
                    matches!(self.form.purpose.code, PurposeCode::PurchaseNewHouse | PurposeCode::NewBuild);
                let own = self.form.purpose.resident_relation == Relation::Oneself;
                let fits = short && new_house && own;
                let says = (
                    "一般定期借地権は、本人居住の新築一戸建て・期間25年以内に限ります。",
                    "General fixed-term leasehold: a new detached house of one's own, within the longest term.",
                );
                self.add("C-12", property, if fits { Standing::Met } else { Standing::Broken }, says);
            }
            // Land used free of charge is mortgaged by its owner: that is judged with the owners (B-12).
            Some(Tenure::Ownership | Tenure::FreeUse) | None => {}
        }
    }

    fn consent(&mut self, property: &Property) {
        let here = self.form.documents.iter().any(|document| {
            document.document == DocumentKind::LandlordConsent
                && document.property_no == Some(property.property_no)
        });
        let says = ("地主の承諾書が必要です。", "The landlord's consent is needed.");
        self.add("H-11", property, if here { Standing::Met } else { Standing::Broken }, says);
    }

    /// H-05: mortgaged once the replotting is completed; until then a duty that is asked about every year.
    fn reserved(&mut self, property: &Property, known: &PropertyFacts) {
        if !is_reserved(property) {
            return;
        }
        let standing = match self.found(property, &["H-05"]) {
            None => self.since(known.added_on, Standing::AfterDisbursement),
            Some(_) => Standing::Broken,
        };
        let says = if known.replotted_on.is_some_and(|day| day <= self.date) {
            (
                "換地が終了しました。抵当権を設定します。",
                "The replotting is completed: the land is mortgaged now.",
            )
        } else {
            ("換地終了後に抵当権を設定します。", "The land is mortgaged after the replotting.")
        };
        self.add("H-05", property, standing, says);
    }

    /// H-09: a planned change is a duty until it is registered.
    fn category(&mut self, property: &Property, known: &PropertyFacts) {
        if !is_farmland(property) {
            return;
        }
        let otherwise = match self.found(property, &["H-09"]) {
            None => Standing::AfterDisbursement,
            Some(_) => Standing::Broken,
        };
        let says = ("地目を宅地に変更登記します。", "The category becomes residential land in the register.");
        self.add("H-09", property, self.since(known.category_changed_on, otherwise), says);
    }

    /// H-06: as many buildings in the case as stand on the land.
    fn buildings(&mut self, property: &Property, known: &PropertyFacts) {
        if property.kind != PropertyKind::Land || !property.main {
            return;
        }
        let Some(found) = known.buildings_found else { return };
        let mortgaged = |property: &&Property| {
            property.kind == PropertyKind::Building
                && property.owners.iter().all(|owner| owner.mortgages_share)
        };
        let listed = self.form.properties.iter().filter(mortgaged).count();
        let all = u32::try_from(listed).is_ok_and(|listed| listed >= found);
        let says = ("敷地内の建物すべてに設定します。", "Every building on the land is mortgaged.");
        self.add("H-06", property, if all { Standing::Met } else { Standing::Broken }, says);
    }

    /// H-17: income property, or money for consolidating debts, asks for a pledge of a policy beyond the disbursement, over
    /// the loan or the value of the building. Without its value the loan counts.
    fn fire(&mut self, property: &Property, known: &PropertyFacts) {
        let consolidates = self.form.fund_uses.iter().any(|fund| fund.kind == FundUseKind::DebtConsolidation);
        if !property.kind.is_building() || !(known.use_of == Use::Income || consolidates) {
            return;
        }
        let loan: Yen = self.form.loans.iter().map(|loan| loan.amount_yen).sum();
        let least = known.building_value.map_or(loan, |value| value.min(loan));
        let good = |cover: FireCover| {
            let long = cover.from <= self.date && crate::calendar::months_after(self.date, 12) < cover.until;
            cover.pledge == Pledge::Pledged && cover.sum >= least && long
        };
        let standing = match known.fire {
            None => Standing::BeforeDisbursement,
            Some(cover) if good(cover) => Standing::Met,
            Some(_) => Standing::Broken,
        };
        let says = (
            "長期の火災保険に質権を設定します（融資額または建物評価額まで）。",
            "A long-term fire policy up to the loan or the building's value is pledged.",
        );
        self.add("H-17", property, standing, says);
    }

    /// H-08: a task for the branch.
    fn access(&mut self, property: &Property) {
        if property.access_over_others_land == Some(true) {
            let says = (
                "公道への通行について手続が必要な場合があります。",
                "Access over others' land may need a procedure.",
            );
            self.add("H-08", property, Standing::AfterDisbursement, says);
        }
    }

    /// H-04: on land alone, a building that comes later is added, with own money too (P-03).
    fn later_building(&mut self, facts: &CollateralFacts) {
        if self.form.properties.iter().any(|property| property.kind.is_building()) {
            return;
        }
        let listed =
            |number: &u16| self.form.properties.iter().any(|property| property.property_no == *number);
        let added =
            facts.iter().filter(|(number, _)| !listed(number)).filter_map(|(_, known)| known.added_on).min();
        self.matters.push(Matter {
            rule: "H-04",
            subject: "collateral".to_owned(),
            standing: self.since(added, Standing::AfterDisbursement),
            ja: "完成した建物を追加担保とします（自己資金で建てた場合も同じです）。",
            en: "A building that is finished later is added, also when built with own money.",
        });
    }
}
