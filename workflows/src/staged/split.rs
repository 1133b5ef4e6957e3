//! How far split lending has come (E.6): its sub-states, and what stands before the next drawing and before the main posting.

use chrono::NaiveDate;

use super::Limit;
use crate::form::Problem;
use crate::money::Yen;
use crate::rule::Rule;

crate::terms! {
    /// The sub-states of split lending, in their order.
    pub enum Phase {
        LimitContracted = "LIMIT_CONTRACTED", "限度額契約成立", "Limit-type contract formed";
        LandMortgaged = "LAND_MORTGAGED", "土地に抵当権設定", "Land mortgaged";
        Drawn = "DRAWN", "分割実行済", "Drawing posted";
        BuildingCompleted = "BUILDING_COMPLETED", "建物完成", "Building finished";
        BuildingMortgaged = "BUILDING_MORTGAGED", "建物に追加設定", "Building mortgaged as well";
        TermsAgreed = "TERMS_AGREED", "返済条件の合意済", "Repayment terms agreed";
        MainDisbursed = "MAIN_DISBURSED", "本体実行済", "Main posting made, drawings converted";
    }
}

crate::terms! {
    /// How far the mortgage on the land is (G-REG).
    pub enum LandMortgage {
        None = "NONE", "未了", "Papers not complete";
        DocsReady = "DOCS_READY", "書類完備", "Papers complete, filing on the day";
        Accepted = "ACCEPTED", "受付済", "Accepted by the registry, or completed";
    }
}

crate::terms! {
    /// Whether money and mortgage change hands together (G-REG).
    pub enum Settling {
        Together = "TOGETHER", "同時決済", "Purchase: payment and filing on one day";
        MortgageFirst = "MORTGAGE_FIRST", "登記先行", "The mortgage stands before the money";
    }
}

/// What is known of a split case.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SplitFacts {
    pub limit: Limit,
    /// Yen of the drawings that are out.
    pub drawn: Yen,
    pub land: LandMortgage,
    pub settling: Settling,
    pub deadline: Option<NaiveDate>,
    pub building_completed_on: Option<NaiveDate>,
    pub building: LandMortgage,
    pub terms_agreed_on: Option<NaiveDate>,
    pub main_posted_on: Option<NaiveDate>,
}

impl SplitFacts {
    /// The sub-state. A later one never stands without the earlier ones (S-09).
    pub fn phase(&self) -> Phase {
        let reached = [
            (self.land == LandMortgage::Accepted || self.drawn > Yen::ZERO, Phase::LandMortgaged),
            (self.drawn > Yen::ZERO, Phase::Drawn),
            (self.building_completed_on.is_some(), Phase::BuildingCompleted),
            (self.building == LandMortgage::Accepted, Phase::BuildingMortgaged),
            (self.terms_agreed_on.is_some(), Phase::TermsAgreed),
            (self.main_posted_on.is_some(), Phase::MainDisbursed),
        ];
        let held = reached.iter().take_while(|(held, _)| *held);
        held.last().map_or(Phase::LimitContracted, |(_, phase)| *phase)
    }

    /// What refuses a drawing of `amount` on `date`, all at once: the limit (S-02), the deadline (S-04), the mortgage on the land
    /// (S-09; the first drawing of a purchase only needs its papers, G-REG).
    pub fn before_drawing(&self, amount: Yen, date: NaiveDate) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.limit.take(self.drawn, amount).err().into_iter().collect();
        problems.extend(self.after_deadline(date));
        let papers_do = self.drawn == Yen::ZERO && self.settling == Settling::Together;
        let enough = match self.land {
            LandMortgage::Accepted => true,
            LandMortgage::DocsReady => papers_do,
            LandMortgage::None => false,
        };
        if !enough {
            problems.push(Rule::refusal("S-09", "land_mortgage", "受付済 / accepted by the registry"));
        }
        problems
    }

    /// What refuses the main posting on `date`, all at once: the deadline (S-04), the building and its mortgage, and the agreement
    /// on the terms (S-09). Fire cover is the guard's own (G-FIRE-VERIFIED).
    pub fn before_main(&self, date: NaiveDate) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.after_deadline(date).into_iter().collect();
        let mut need = |held: bool, field: &str, accepted: &str| {
            if !held {
                problems.push(Rule::refusal("S-09", field, accepted));
            }
        };
        let completed = self.building_completed_on.is_some_and(|day| day <= date);
        need(completed, "building_completed_on", "実行日以前の完成日 / finished by the date");
        let mortgaged = self.building == LandMortgage::Accepted;
        need(mortgaged, "building_mortgage", "受付済の追加設定 / additional mortgage accepted");
        let agreed = self.terms_agreed_on.is_some_and(|day| day <= date);
        need(agreed, "terms_agreed_on", "実行日以前の合意 / agreed by the date");
        problems
    }

    /// Yen that the main posting delivers (O-30). Errors: INV-2 is broken already where drawings are above the contract.
    pub fn main_posting(&self) -> Result<Yen, Problem> {
        let rest = self.limit.applied - self.drawn;
        if rest < Yen::ZERO {
            return Err(Rule::refusal(
                "S-02",
                "drawings",
                format!("{}円まで / up to it", self.limit.applied),
            ));
        }
        Ok(rest)
    }

    fn after_deadline(&self, date: NaiveDate) -> Option<Problem> {
        let over = self.deadline.filter(|deadline| date > *deadline)?;
        Some(Rule::refusal("S-04", "date", format!("{over}まで / by {over}")))
    }
}
