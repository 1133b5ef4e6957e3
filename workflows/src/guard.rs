//! The guards of the case: the conditions that a step of the case asks for, with the sentence that a loan officer reads when
//! one is not met (E.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A condition of a step. The findings of [`crate::assess`] each stand under one of them.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Guard {
    /// G-DOC-APPLY
    DocApply,
    /// G-DOC-INTAKE
    DocIntake,
    /// G-CONSENT
    Consent,
    /// G-AML-PLEDGE
    AmlPledge,
    /// G-AML-CLEAR
    AmlClear,
    /// G-PURPOSE
    Purpose,
    /// G-AMOUNT
    Amount,
    /// G-TERM-AGE
    TermAge,
    /// G-RATE-TYPE
    RateType,
    /// G-ELIG
    Elig,
    /// G-PARTIES
    Parties,
    /// G-BUREAU-DONE
    BureauDone,
    /// G-GUAR-APPROVED
    GuarApproved,
    /// G-INS-FORM
    InsForm,
    /// G-INS-DECIDED
    InsDecided,
    /// G-INS-VALID
    InsValid,
    /// G-COLL-VALUE
    CollValue,
    /// G-REG-AGENT
    RegAgent,
    /// G-REPAYMENT
    Repayment,
    /// G-EXPLAIN
    Explain,
    /// G-CREDIT-UNCHANGED
    CreditUnchanged,
    /// G-REFUSAL
    Refusal,
    /// G-REVOKE
    Revoke,
    /// G-FOUR-EYES
    FourEyes,
    /// G-JOIN: with any condition missing no money leaves (I-07).
    Join,
    /// G-APPROVAL-VALID
    ApprovalValid,
    /// G-CONTRACT
    Contract,
    /// G-CONDITIONS-MET
    ConditionsMet,
    /// G-COND
    Cond,
    /// G-FIRE-VERIFIED
    FireVerified,
    /// G-REG
    Reg,
    /// G-BUSINESS-DAY
    BusinessDay,
    /// G-NO-ARREARS
    NoArrears,
    /// G-RATE-PUBLISHED
    RatePublished,
    /// G-ACCOUNT
    Account,
    /// G-COSTS
    Costs,
    /// G-SPLIT-90
    Split90,
    /// G-PAYOFF
    Payoff,
}

impl Guard {
    /// Every guard, in the order of the life of a case.
    pub const ALL: &[Self] = &[
        Self::DocApply,
        Self::DocIntake,
        Self::Consent,
        Self::AmlPledge,
        Self::AmlClear,
        Self::Purpose,
        Self::Amount,
        Self::TermAge,
        Self::RateType,
        Self::Elig,
        Self::Parties,
        Self::BureauDone,
        Self::GuarApproved,
        Self::InsForm,
        Self::InsDecided,
        Self::InsValid,
        Self::CollValue,
        Self::RegAgent,
        Self::Repayment,
        Self::Explain,
        Self::CreditUnchanged,
        Self::Refusal,
        Self::Revoke,
        Self::FourEyes,
        Self::Join,
        Self::ApprovalValid,
        Self::Contract,
        Self::ConditionsMet,
        Self::Cond,
        Self::FireVerified,
        Self::Reg,
        Self::BusinessDay,
        Self::NoArrears,
        Self::RatePublished,
        Self::Account,
        Self::Costs,
        Self::Split90,
        Self::Payoff,
    ];

    /// The code, as `G-DOC-APPLY`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocApply => "G-DOC-APPLY",
            Self::DocIntake => "G-DOC-INTAKE",
            Self::Consent => "G-CONSENT",
            Self::AmlPledge => "G-AML-PLEDGE",
            Self::AmlClear => "G-AML-CLEAR",
            Self::Purpose => "G-PURPOSE",
            Self::Amount => "G-AMOUNT",
            Self::TermAge => "G-TERM-AGE",
            Self::RateType => "G-RATE-TYPE",
            Self::Elig => "G-ELIG",
            Self::Parties => "G-PARTIES",
            Self::BureauDone => "G-BUREAU-DONE",
            Self::GuarApproved => "G-GUAR-APPROVED",
            Self::InsForm => "G-INS-FORM",
            Self::InsDecided => "G-INS-DECIDED",
            Self::InsValid => "G-INS-VALID",
            Self::CollValue => "G-COLL-VALUE",
            Self::RegAgent => "G-REG-AGENT",
            Self::Repayment => "G-REPAYMENT",
            Self::Explain => "G-EXPLAIN",
            Self::CreditUnchanged => "G-CREDIT-UNCHANGED",
            Self::Refusal => "G-REFUSAL",
            Self::Revoke => "G-REVOKE",
            Self::FourEyes => "G-FOUR-EYES",
            Self::Join => "G-JOIN",
            Self::ApprovalValid => "G-APPROVAL-VALID",
            Self::Contract => "G-CONTRACT",
            Self::ConditionsMet => "G-CONDITIONS-MET",
            Self::Cond => "G-COND",
            Self::FireVerified => "G-FIRE-VERIFIED",
            Self::Reg => "G-REG",
            Self::BusinessDay => "G-BUSINESS-DAY",
            Self::NoArrears => "G-NO-ARREARS",
            Self::RatePublished => "G-RATE-PUBLISHED",
            Self::Account => "G-ACCOUNT",
            Self::Costs => "G-COSTS",
            Self::Split90 => "G-SPLIT-90",
            Self::Payoff => "G-PAYOFF",
        }
    }

    /// The Japanese sentence for a guard that is not met.
    pub const fn ja(self) -> &'static str {
        match self {
            Self::DocApply => "申込時に必要な書類が揃っていません。",
            Self::DocIntake => "受け付けた書類に、期限切れ・判読不能または申込内容との不一致があります。",
            Self::Consent => "必要な同意書に署名または日付がありません。",
            Self::AmlPledge => "反社会的勢力でないことの表明・確約が得られていません。",
            Self::AmlClear => {
                "反社会的勢力・外国PEPsの照会が完了していないか、該当なしと確認されていません。"
            }
            Self::Purpose => "資金使途が商品の対象になりません。",
            Self::Amount => "借入金額が上限または確認済みの必要額を超えています。",
            Self::TermAge => "返済期間または完済時年齢が条件を満たしていません。",
            Self::RateType => "金利タイプまたはその組合せを取り扱うことができません。",
            Self::Elig => "借主の取引資格が確認されていません。",
            Self::Parties => "関係者の役割が取扱条件に合っていません。",
            Self::BureauDone => "個人信用情報機関への照会が完了していません。",
            Self::GuarApproved => "有効な保証承諾がありません。",
            Self::InsForm => "団体信用生命保険の申込内容が加入条件に合っていません。",
            Self::InsDecided => "団体信用生命保険の加入承諾が揃っていません。",
            Self::InsValid => "実行日に有効な告知書・加入承諾がありません。",
            Self::CollValue => "担保物件または担保設定の内容が条件を満たしていません。",
            Self::RegAgent => "抵当権の登記は司法書士にご依頼いただく必要があります。",
            Self::Repayment => "返済方法が取扱条件に合っていません。",
            Self::Explain => "契約前の重要事項の説明が署名者全員に済んでいません。",
            Self::CreditUnchanged => "承認後に信用状況の変化が判明しています。",
            Self::Refusal => "お断りの理由が記録されていません。",
            Self::Revoke => "契約取消しの原因が記録されていません。",
            Self::FourEyes => "起案者とは別の担当者による承認が必要です。",
            Self::Join => "融資実行の条件がすべては揃っていません。",
            Self::ApprovalValid => "承認の有効期限が切れています。",
            Self::Contract => "有効に成立した融資契約がありません。",
            Self::ConditionsMet => "承認に付された条件が充足されていません。",
            Self::Cond => "金利引下げの取引条件が判定されていません。",
            Self::FireVerified => "担保建物の火災保険（共済）の付保が確認されていません。",
            Self::Reg => "抵当権の登記が実行に必要な段階に達していません。",
            Self::BusinessDay => "その日は取扱店の営業日ではありません。",
            Self::NoArrears => "当金庫のお借入れに延滞があります。",
            Self::RatePublished => "その日の標準利率が登録されていません。",
            Self::Account => "入金口座が取扱条件に合っていません。",
            Self::Costs => "諸費用の控除額が計算されていないか、資金が不足しています。",
            Self::Split90 => "分割融資が限度を超えるか、実行条件を満たしていません。",
            Self::Payoff => "借換対象ローンの完済手続が確定していません。",
        }
    }

    /// The English sentence for a guard that is not met.
    pub const fn en(self) -> &'static str {
        match self {
            Self::DocApply => "A document that is due with the application is missing.",
            Self::DocIntake => {
                "A document that was handed in is expired, unreadable or differs from the application."
            }
            Self::Consent => "A consent that is needed is not signed and dated.",
            Self::AmlPledge => "The pledge about anti-social forces is missing or cannot be accepted.",
            Self::AmlClear => {
                "The check against the anti-social forces and PEP lists is not done or not clear."
            }
            Self::Purpose => "The purpose of the money is not one that the product allows.",
            Self::Amount => "The amount is above the maximum or above the evidenced costs.",
            Self::TermAge => "The term or the age at the last repayment is outside the conditions.",
            Self::RateType => "The rate type, or the combination of rate types, is not offered.",
            Self::Elig => "The transaction qualification of a borrower is not confirmed.",
            Self::Parties => "A person does not have the role that the rules require.",
            Self::BureauDone => "The credit bureau inquiry is not answered.",
            Self::GuarApproved => "There is no valid approval of the guarantee institution.",
            Self::InsForm => "The group credit life application does not meet the joining conditions.",
            Self::InsDecided => "The insurer has not accepted every person who must be insured.",
            Self::InsValid => "A declaration or an acceptance is not valid on the disbursement date.",
            Self::CollValue => "The collateral or the way it is mortgaged does not meet the conditions.",
            Self::RegAgent => "The registration must be filed by a judicial scrivener.",
            Self::Repayment => "The way of repayment is outside the conditions.",
            Self::Explain => "The explanation before the contract is not recorded for every signatory.",
            Self::CreditUnchanged => "A new adverse fact has come up since the approval.",
            Self::Refusal => "No reason for the refusal is recorded.",
            Self::Revoke => "No cause for the revocation is recorded.",
            Self::FourEyes => "A second person must approve what the first one proposed.",
            Self::Join => "Not every condition of the disbursement is met.",
            Self::ApprovalValid => "The approval is no longer valid.",
            Self::Contract => "There is no contract in force for this posting.",
            Self::ConditionsMet => "A condition of the approval is not evidenced.",
            Self::Cond => "The transaction conditions are not evaluated for the date.",
            Self::FireVerified => "Fire cover of a building in collateral is not verified.",
            Self::Reg => "The registration has not reached the state that the disbursement needs.",
            Self::BusinessDay => "The date is not a business day of the branch.",
            Self::NoArrears => "A borrower is in arrears on a loan of the bank.",
            Self::RatePublished => "The standard rate of the day is not published.",
            Self::Account => "The account for the money does not meet the conditions.",
            Self::Costs => "The deductions are not computed or not covered.",
            Self::Split90 => "The drawing exceeds the limit of split lending or lacks a condition.",
            Self::Payoff => "The pay-off of the refinanced loan is not settled.",
        }
    }
}

impl std::fmt::Display for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
