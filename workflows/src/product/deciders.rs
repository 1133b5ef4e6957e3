//! Who decides: what four eyes ask for beyond two different people (E.2).

use crate::money::Yen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::terms! {
    /// Who answers for a decision.
    pub enum Level {
        Branch = "BRANCH", "営業店決裁", "Decided at the branch";
        HeadOffice = "HEAD_OFFICE", "本部決裁", "Decided by somebody who answers for the whole bank";
        Committee = "COMMITTEE", "融資審査会", "Decided by a committee of people who answer for the whole bank";
    }
}

crate::terms! {
    /// What makes an approval weigh more than its amount does.
    pub enum Risk {
        ScreeningAddOn = "SCREENING_ADD_ON", "審査加算あり", "Screening asks for an add-on (C-60)";
        InsuranceException = "INSURANCE_EXCEPTION", "団信の例外", "A person without group credit life insurance (G-10)";
        AccountException = "ACCOUNT_EXCEPTION", "入金口座の例外", "The money goes another way (I-05)";
        OpenConditions = "OPEN_CONDITIONS", "契約前条件あり", "Conditions are open before the contract (T07)";
        Reapproval = "REAPPROVAL", "再審査", "The application was changed after an approval (T14, T15)";
    }
}

/// E.2: who decides on an approval. Nothing stated: one second person of the branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FourEyesTerms {
    /// From this total on, the second person of an approval is one who answers for the whole bank, not for single branches.
    /// Absent: never.
    #[serde(default)]
    pub approval_by_head_office_from_yen: Option<Yen>,
    /// Any of these asks for the same, whatever the amount.
    #[serde(default)]
    pub head_office_risks: Vec<Risk>,
    /// Absent: no committee.
    #[serde(default)]
    pub committee: Option<CommitteeTerms>,
}

/// A committee that votes on approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitteeTerms {
    /// From this total on. Absent: for the risks alone.
    #[serde(default)]
    pub from_yen: Option<Yen>,
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// How many people vote at most.
    pub members: u8,
    /// How many must agree; one more than could be outvoted.
    pub votes: u8,
}

impl FourEyesTerms {
    /// The level that an approval of a total with these risks asks for.
    pub fn level(&self, amount: Yen, risks: &[Risk]) -> Level {
        let asks = |from: Option<Yen>, of: &[Risk]| {
            from.is_some_and(|from| amount >= from) || risks.iter().any(|risk| of.contains(risk))
        };
        if self.committee.as_ref().is_some_and(|committee| asks(committee.from_yen, &committee.risks)) {
            Level::Committee
        } else if asks(self.approval_by_head_office_from_yen, &self.head_office_risks) {
            Level::HeadOffice
        } else {
            Level::Branch
        }
    }

    /// Key and what is accepted.
    pub(super) fn inconsistencies(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        let mut say =
            |key: &str, accepted: &str| wrong.push((format!("four_eyes.{key}"), accepted.to_owned()));
        let Some(committee) = &self.committee else { return wrong };
        if committee.members < 2 {
            say("committee.members", "2 or more (E.2)");
        }
        if committee.votes * 2 <= committee.members || committee.votes > committee.members {
            say("committee.votes", "more than half of the members and not more than all (E.2)");
        }
        if committee.from_yen.is_none() && committee.risks.is_empty() {
            say("committee.from_yen", "an amount in yen, or risks under committee.risks (E.2)");
        }
        wrong
    }
}
