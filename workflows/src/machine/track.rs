//! The nine tracks that run beside the main stage (domain E.5, parallel tracks).

use serde::{Deserialize, Serialize};

crate::terms! {
    /// A small machine of its own inside the case.
    pub enum Track {
        Elig = "ELIG", "取引資格確認", "Eligibility";
        Guar = "GUAR", "保証機関保証", "Guarantee";
        Ins = "INS", "団体信用生命保険", "Group credit life";
        Fire = "FIRE", "火災保険（共済）", "Fire cover";
        Reg = "REG", "抵当権設定登記", "Mortgage registration";
        Cond = "COND", "取引条件", "Transaction conditions";
        Aml = "AML", "反社会的勢力・外国PEPs確認", "Anti-social force and PEP check";
        Bureau = "BUREAU", "個人信用情報照会", "Credit bureau inquiry";
        Coll = "COLL", "担保評価", "Collateral valuation";
    }
}

crate::terms! {
    /// States of all tracks; `Track::states` says which belong to which.
    pub enum TrackState {
        NotRequested = "NOT_REQUESTED", "未依頼", "Not requested";
        Requested = "REQUESTED", "依頼済", "Requested";
        Confirmed = "CONFIRMED", "確認済", "Confirmed";
        Refused = "REFUSED", "否認", "Refused";
        Lost = "LOST", "資格喪失", "Lost";
        Approved = "APPROVED", "承諾", "Approved";
        Conditional = "CONDITIONAL", "条件付承諾", "Conditional";
        ConditionsSent = "CONDITIONS_SENT", "条件資料送付済", "Conditions sent";
        Suspended = "SUSPENDED", "停止中", "Suspended";
        Declined = "DECLINED", "謝絶", "Declined";
        Revoked = "REVOKED", "撤回", "Revoked";
        Cancelled = "CANCELLED", "取消", "Cancelled";
        Expired = "EXPIRED", "期限切れ", "Expired";
        Effective = "EFFECTIVE", "保証中", "Effective";
        Ended = "ENDED", "終了", "Ended";
        Subrogated = "SUBROGATED", "代位弁済済", "Subrogated";
        NotApplied = "NOT_APPLIED", "未申込", "Not applied";
        Declared = "DECLARED", "告知済", "Declared";
        Underwriting = "UNDERWRITING", "査定中", "Underwriting";
        ExamRequired = "EXAM_REQUIRED", "診断書要", "Health certificate required";
        Accepted = "ACCEPTED", "受理", "Accepted";
        Rejected = "REJECTED", "却下・謝絶", "Rejected";
        RelaxedIntent = "RELAXED_INTENT", "引受緩和意向", "Relaxed intent";
        RelaxedExpected = "RELAXED_EXPECTED", "引受緩和見込", "Relaxed expected";
        InForce = "IN_FORCE", "保障中", "In force";
        Claimed = "CLAIMED", "請求済", "Claimed";
        NotRequired = "NOT_REQUIRED", "不要", "Not required";
        Required = "REQUIRED", "要", "Required";
        EvidenceReceived = "EVIDENCE_RECEIVED", "証憑受領", "Evidence received";
        Verified = "VERIFIED", "確認済", "Verified";
        PledgeRequired = "PLEDGE_REQUIRED", "質権要", "Pledge required";
        Pledged = "PLEDGED", "質権設定済", "Pledged";
        NotInstructed = "NOT_INSTRUCTED", "未依頼", "Not instructed";
        Deferred = "DEFERRED", "設定留保", "Deferred";
        Instructed = "INSTRUCTED", "依頼済", "Instructed";
        IdVerified = "ID_VERIFIED", "本人確認済", "Identity verified";
        DocsReady = "DOCS_READY", "書類完備", "Documents ready";
        Filed = "FILED", "申請済", "Filed";
        Correction = "CORRECTION", "補正", "Correction";
        Completed = "COMPLETED", "登記完了", "Completed";
        Withdrawn = "WITHDRAWN", "取下げ", "Withdrawn";
        Pending = "PENDING", "未判定", "Pending";
        Met = "MET", "充足", "Met";
        NotMet = "NOT_MET", "不充足", "Not met";
        NotChecked = "NOT_CHECKED", "未確認", "Not checked";
        Checking = "CHECKING", "照合中", "Checking";
        Clear = "CLEAR", "該当なし", "Clear";
        Review = "REVIEW", "要確認", "Review";
        Blocked = "BLOCKED", "該当", "Blocked";
        Stale = "STALE", "再確認要", "Stale";
        Answered = "ANSWERED", "回答済", "Answered";
        Failed = "FAILED", "照会不能", "Failed";
        NotValued = "NOT_VALUED", "未評価", "Not valued";
        Valued = "VALUED", "評価済", "Valued";
        Insufficient = "INSUFFICIENT", "担保不足", "Insufficient";
        Defect = "DEFECT", "瑕疵あり", "Defect";
    }
}

use TrackState as S;

impl Track {
    /// The states of this track; the first is where an instance opens.
    pub const fn states(self) -> &'static [TrackState] {
        match self {
            Track::Elig => &[S::NotRequested, S::Requested, S::Confirmed, S::Refused, S::Lost],
            Track::Guar => &[
                S::NotRequested,
                S::Requested,
                S::Approved,
                S::Conditional,
                S::ConditionsSent,
                S::Suspended,
                S::Declined,
                S::Revoked,
                S::Cancelled,
                S::Expired,
                S::Effective,
                S::Ended,
                S::Subrogated,
            ],
            Track::Ins => &[
                S::NotApplied,
                S::Declared,
                S::Underwriting,
                S::ExamRequired,
                S::Accepted,
                S::Rejected,
                S::RelaxedIntent,
                S::RelaxedExpected,
                S::Expired,
                S::Cancelled,
                S::InForce,
                S::Claimed,
                S::Ended,
            ],
            Track::Fire => &[
                S::NotRequired,
                S::Required,
                S::EvidenceReceived,
                S::Verified,
                S::PledgeRequired,
                S::Pledged,
            ],
            Track::Reg => &[
                S::NotInstructed,
                S::Deferred,
                S::Instructed,
                S::IdVerified,
                S::DocsReady,
                S::Filed,
                S::Accepted,
                S::Correction,
                S::Completed,
                S::Rejected,
                S::Withdrawn,
                S::Cancelled,
            ],
            Track::Cond => &[S::Pending, S::Met, S::NotMet],
            Track::Aml => &[S::NotChecked, S::Checking, S::Clear, S::Review, S::Blocked, S::Stale],
            Track::Bureau => &[S::NotRequested, S::Requested, S::Answered, S::Failed, S::Expired],
            Track::Coll => &[S::NotValued, S::Requested, S::Valued, S::Insufficient, S::Defect],
        }
    }

    /// Where an instance opens.
    pub const fn initial(self) -> TrackState {
        self.states()[0]
    }
}

/// One instance of a track: per person (ELIG, AML, BUREAU), person and loan (INS), content version (GUAR), property (FIRE),
/// filing (REG) or case (COND, COLL).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instance {
    pub track: Track,
    /// `A1`, `A1:L1`, `V1` (content version), `P2`, `F1`, or `CASE`.
    pub key: String,
    pub state: TrackState,
    /// Business date of the last move: freshness of checks and inquiries is counted from it.
    pub since: chrono::NaiveDate,
}
