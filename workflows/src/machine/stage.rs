//! The 27 states of the main stage (domain E.5).

crate::terms! {
    /// Where an application stands. Bare names for the table, the columns and GraphQL.
    pub enum Stage {
        Draft = "DRAFT", "下書き", "Draft";
        Discarded = "DISCARDED", "破棄", "Discarded";
        Submitted = "SUBMITTED", "申込受付", "Submitted";
        Incomplete = "INCOMPLETE", "書類不備", "Incomplete";
        Screening = "SCREENING", "審査中", "Screening";
        Approved = "APPROVED", "承認", "Approved";
        ConditionallyApproved = "CONDITIONALLY_APPROVED", "条件付承認", "Conditionally approved";
        Declined = "DECLINED", "謝絶", "Declined";
        ChangeRequested = "CHANGE_REQUESTED", "内容変更申出", "Change requested";
        ReScreening = "RE_SCREENING", "再審査", "Re-screening";
        ApprovalRescinded = "APPROVAL_RESCINDED", "承認取消", "Approval rescinded";
        ApprovalExpired = "APPROVAL_EXPIRED", "承認失効", "Approval expired";
        Withdrawn = "WITHDRAWN", "申込取下げ", "Withdrawn";
        Contracting = "CONTRACTING", "契約手続中", "Contracting";
        ContractTendered = "CONTRACT_TENDERED", "契約書差入済", "Contract tendered";
        Contracted = "CONTRACTED", "契約成立", "Contracted";
        Scheduled = "SCHEDULED", "実行予定", "Scheduled";
        OnHold = "ON_HOLD", "実行保留", "On hold";
        Ready = "READY", "実行可", "Ready";
        Disbursing = "DISBURSING", "実行処理中", "Disbursing";
        Reconciling = "RECONCILING", "結果照合中", "Reconciling";
        PartiallyDisbursed = "PARTIALLY_DISBURSED", "一部実行済", "Partially disbursed";
        Disbursed = "DISBURSED", "実行済", "Disbursed";
        Reversing = "REVERSING", "取消処理中", "Reversing";
        ContractTerminated = "CONTRACT_TERMINATED", "契約解約", "Contract terminated";
        DrawingsRepaid = "DRAWINGS_REPAID", "完済", "Drawings repaid";
        HandedOver = "HANDED_OVER", "管理移管済", "Handed over";
    }
}

impl Stage {
    /// No row leaves a final stage; the table is checked for it at compile time.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Stage::Discarded
                | Stage::Declined
                | Stage::ApprovalRescinded
                | Stage::ApprovalExpired
                | Stage::Withdrawn
                | Stage::ContractTerminated
                | Stage::DrawingsRepaid
                | Stage::HandedOver
        )
    }

    /// From the contract on, changes are no longer possible (INV-5).
    pub const fn is_contract_formed(self) -> bool {
        matches!(
            self,
            Stage::Contracted
                | Stage::Scheduled
                | Stage::OnHold
                | Stage::Ready
                | Stage::Disbursing
                | Stage::Reconciling
                | Stage::PartiallyDisbursed
                | Stage::Disbursed
                | Stage::Reversing
                | Stage::DrawingsRepaid
                | Stage::HandedOver
        )
    }
}
