//! What follows from a decision: notices, partner messages, tasks, deadlines. Only the outbox carries them out, after commit.

use super::contact::Mailing;
use super::notice::{NoticeData, NoticeId};
use super::role::Role;
use super::track::Track;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

crate::terms! {
    /// Dates that run. TM01-TM11 are the specification's (E.5); the others are the server's own due work.
    pub enum Timer {
        Tm01 = "TM01", "下書き削除", "Draft purge";
        Tm02 = "TM02", "書類提出期限", "Document request";
        Tm03 = "TM03", "承認有効期限", "Approval validity";
        Tm04 = "TM04", "告知有効期限（1年）", "Declaration, one year";
        Tm05 = "TM05", "告知有効期限（180日）", "Declaration, 180 days";
        Tm06 = "TM06", "保証有効期限", "Guarantee decision validity";
        Tm07 = "TM07", "資金交付期限", "Funding deadline";
        Tm08 = "TM08", "補正期限", "Registration correction";
        Tm09 = "TM09", "実行結果待ち", "Posting time-out";
        Tm10 = "TM10", "登記完了期限", "Registration completion";
        Tm11 = "TM11", "期限予告", "Validity forecast";
        OrgReminder = "ORG_REMINDER", "所属確認の督促", "Membership certificate: reminder";
        OrgOverdue = "ORG_OVERDUE", "所属確認の遅延", "Membership certificate: overdue";
        JobReminder = "JOB_REMINDER", "受任回答の督促", "Answer of the scrivener's office: reminder";
        JobOverdue = "JOB_OVERDUE", "受任回答の遅延", "Answer of the scrivener's office: overdue";
        Day = "DAY", "実行日", "Disbursement day";
        Aml = "AML", "反社照合", "List search due";
        Bureau = "BUREAU", "信用情報照会", "Bureau answer due";
        Close = "CLOSE", "移管", "Hand-over due";
        React = "REACT", "即時対応", "Immediate reaction";
    }
}

impl Timer {
    /// Whose answer the date waits for, and on which track: one reminder goes there, and later one word to the bank.
    pub const fn waits_for(self) -> Option<(Role, Track)> {
        match self {
            Timer::OrgReminder | Timer::OrgOverdue => Some((Role::MemberOrg, Track::Elig)),
            Timer::JobReminder | Timer::JobOverdue => Some((Role::Scrivener, Track::Reg)),
            _ => None,
        }
    }
}

crate::terms! {
    /// Work waiting in somebody's queue. A main-stage task closes when the stage is left, a track's when its instance moves.
    pub enum Task {
        FinishDraft = "FINISH_DRAFT", "申込書の作成", "Finish the draft";
        CheckIntake = "CHECK_INTAKE", "受付内容の点検", "Check the intake";
        SupplyPapers = "SUPPLY_PAPERS", "不足書類の提出", "Supply the listed papers";
        DecideScreening = "DECIDE_SCREENING", "審査結論", "Decide the screening";
        MeetConditions = "MEET_CONDITIONS", "承認条件の充足", "Meet the conditions";
        PrepareContract = "PREPARE_CONTRACT", "契約手続の準備", "Prepare the contract";
        CollectSignatures = "COLLECT_SIGNATURES", "説明・署名", "Explain and collect signatures";
        CheckContract = "CHECK_CONTRACT", "差入契約書の点検", "Check the contract handed in";
        ExamineChange = "EXAMINE_CHANGE", "変更内容の確認", "Examine the change";
        FixDate = "FIX_DATE", "実行日の確定", "Fix the date";
        PrepareDay = "PREPARE_DAY", "実行準備", "Prepare the disbursement day";
        CureHold = "CURE_HOLD", "保留事由の解消", "Cure the hold";
        OrderPosting = "ORDER_POSTING", "実行指図", "Order the posting";
        PostLoan = "POST_LOAN", "実行処理", "Post the loan";
        AskOutcome = "ASK_OUTCOME", "結果照会", "Ask for the outcome";
        NextDrawing = "NEXT_DRAWING", "次回実行の準備", "Prepare the next drawing";
        ReverseLoan = "REVERSE_LOAN", "取消処理", "Reverse the posting";
        HandOver = "HAND_OVER", "管理移管", "Hand over";
        Decide = "DECIDE", "決裁", "Decide the proposal";
        AskMembership = "ASK_MEMBERSHIP", "所属確認の依頼", "Request the membership certificate";
        CertifyMembership = "CERTIFY_MEMBERSHIP", "所属確認", "Certify membership";
        FindRoute = "FIND_ROUTE", "資格区分の再確認", "Find another route";
        AskGuarantee = "ASK_GUARANTEE", "保証依頼", "Request the guarantee";
        DecideGuarantee = "DECIDE_GUARANTEE", "保証審査", "Decide the guarantee";
        AnswerConditions = "ANSWER_CONDITIONS", "保証条件への対応", "Answer the guarantor's conditions";
        AnswerGuarantor = "ANSWER_GUARANTOR", "保証機関の照会への回答", "Answer the guarantor's question";
        DeclareHealth = "DECLARE_HEALTH", "団信申込・告知", "Apply and declare";
        PassDeclaration = "PASS_DECLARATION", "告知書の回付", "Pass the declaration on";
        Underwrite = "UNDERWRITE", "団信査定", "Underwrite";
        SupplyExam = "SUPPLY_EXAM", "診断書の提出", "Supply the health certificate";
        ChooseOtherInsurance = "CHOOSE_OTHER_INSURANCE", "他の団信の検討", "Choose another insurance";
        ShowFireCover = "SHOW_FIRE_COVER", "火災保険の証憑提出", "Show fire cover";
        CheckFireCover = "CHECK_FIRE_COVER", "火災保険の確認", "Check fire cover";
        PledgeFireClaim = "PLEDGE_FIRE_CLAIM", "質権設定", "Pledge the fire claim";
        InstructScrivener = "INSTRUCT_SCRIVENER", "司法書士への依頼", "Instruct the scrivener";
        VerifyMortgagors = "VERIFY_MORTGAGORS", "設定者の本人確認", "Verify the mortgagors";
        CollectPapers = "COLLECT_PAPERS", "登記書類の収集", "Collect the registration papers";
        FileRegistration = "FILE_REGISTRATION", "登記申請", "File the registration";
        ReceiveFiling = "RECEIVE_FILING", "登記受付", "Receive the filing";
        CompleteFiling = "COMPLETE_FILING", "登記完了", "Complete the registration";
        CorrectFiling = "CORRECT_FILING", "補正", "Correct the filing";
        ReviewMatch = "REVIEW_MATCH", "反社・PEPs確認", "Review the match";
        ReviewEmergency = "REVIEW_EMERGENCY", "緊急閲覧の確認", "Review an access in emergency";
        InquireBureau = "INQUIRE_BUREAU", "信用情報照会", "Inquire at the bureau";
        OrderValuation = "ORDER_VALUATION", "担保評価の依頼", "Order the valuation";
        ValueCollateral = "VALUE_COLLATERAL", "担保評価", "Value the collateral";
        CureCollateral = "CURE_COLLATERAL", "担保不足・瑕疵への対応", "Cure the collateral";
    }
}

impl Task {
    /// Whose queue it stands in.
    pub const fn role(self) -> Role {
        match self {
            Task::FinishDraft
            | Task::SupplyPapers
            | Task::DeclareHealth
            | Task::SupplyExam
            | Task::ShowFireCover => Role::Applicant,
            Task::CheckIntake
            | Task::MeetConditions
            | Task::PrepareContract
            | Task::CollectSignatures
            | Task::CheckContract
            | Task::ExamineChange
            | Task::FixDate
            | Task::PrepareDay
            | Task::NextDrawing
            | Task::AskMembership
            | Task::FindRoute
            | Task::AskGuarantee
            | Task::AnswerGuarantor
            | Task::PassDeclaration
            | Task::ChooseOtherInsurance
            | Task::CheckFireCover
            | Task::InstructScrivener
            | Task::InquireBureau
            | Task::OrderValuation
            | Task::CureCollateral => Role::BranchClerk,
            Task::CureHold | Task::Decide | Task::AnswerConditions => Role::BranchManager,
            Task::DecideScreening | Task::ValueCollateral => Role::ScreeningOfficer,
            Task::OrderPosting | Task::AskOutcome | Task::HandOver => Role::Operations,
            Task::PostLoan | Task::ReverseLoan => Role::CoreBanking,
            Task::CertifyMembership => Role::MemberOrg,
            Task::DecideGuarantee => Role::Guarantor,
            Task::Underwrite => Role::Insurer,
            Task::PledgeFireClaim => Role::FireInsurer,
            Task::VerifyMortgagors | Task::CollectPapers | Task::FileRegistration | Task::CorrectFiling => {
                Role::Scrivener
            }
            Task::ReceiveFiling | Task::CompleteFiling => Role::Registry,
            Task::ReviewMatch | Task::ReviewEmergency => Role::Compliance,
        }
    }

    /// Business days until it is due, counted from the day it opens.
    pub const fn due_in_business_days(self) -> u32 {
        match self.role() {
            Role::Applicant => 20,
            Role::Guarantor | Role::Insurer | Role::MemberOrg | Role::FireInsurer => 5,
            Role::CoreBanking | Role::Operations => 1,
            _ => 3,
        }
    }
}

crate::terms! {
    /// Messages to partner organisations; each becomes one outbox row.
    pub enum PartnerMessage {
        MembershipRequest = "MEMBERSHIP_REQUEST", "所属確認依頼", "Membership certificate request";
        GuaranteeRequest = "GUARANTEE_REQUEST", "保証依頼", "Guarantee request";
        GuaranteeEvidence = "GUARANTEE_EVIDENCE", "保証条件資料", "Evidence of the guarantor's conditions";
        GuaranteeReply = "GUARANTEE_REPLY", "照会への回答", "Answer to the guarantor's question";
        GuaranteeCancel = "GUARANTEE_CANCEL", "保証取消", "Guarantee cancelled";
        InsuranceDeclaration = "INSURANCE_DECLARATION", "告知書回付", "Sealed insurance declaration";
        InsuranceExam = "INSURANCE_EXAM", "診断書回付", "Health certificate";
        InsuranceCancel = "INSURANCE_CANCEL", "団信取消", "Insurance application cancelled";
        ScrivenerInstruction = "SCRIVENER_INSTRUCTION", "登記依頼", "Registration instruction";
        ScrivenerStop = "SCRIVENER_STOP", "登記依頼中止", "Instruction stopped";
        FirePledge = "FIRE_PLEDGE", "質権設定依頼", "Pledge of the fire claim";
        PostingOrder = "POSTING_ORDER", "実行指図", "Posting order";
        PostingQuery = "POSTING_QUERY", "実行結果照会", "Posting status query";
        ReversalOrder = "REVERSAL_ORDER", "取消指図", "Reversal order";
        ServicingOffer = "SERVICING_OFFER", "管理移管依頼", "Hand-over to servicing";
        CollectionCase = "COLLECTION_CASE", "分割実行分の回収依頼", "Drawings that fall due are to be collected";
    }
}

impl PartnerMessage {
    /// Which kind of partner it goes to.
    pub const fn role(self) -> Role {
        match self {
            PartnerMessage::MembershipRequest => Role::MemberOrg,
            PartnerMessage::GuaranteeRequest
            | PartnerMessage::GuaranteeEvidence
            | PartnerMessage::GuaranteeReply
            | PartnerMessage::GuaranteeCancel => Role::Guarantor,
            PartnerMessage::InsuranceDeclaration
            | PartnerMessage::InsuranceExam
            | PartnerMessage::InsuranceCancel => Role::Insurer,
            PartnerMessage::ScrivenerInstruction | PartnerMessage::ScrivenerStop => Role::Scrivener,
            PartnerMessage::FirePledge => Role::FireInsurer,
            PartnerMessage::PostingOrder
            | PartnerMessage::PostingQuery
            | PartnerMessage::ReversalOrder
            | PartnerMessage::ServicingOffer
            | PartnerMessage::CollectionCase => Role::CoreBanking,
        }
    }
}

/// What a task hangs on: the main stage, a proposal, a track instance, an access in emergency, or a question. Decides when it closes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Anchor {
    Stage,
    Proposal {
        id: String,
    },
    Track {
        track: super::track::Track,
        key: String,
    },
    /// Until it is reviewed, also where the case has ended.
    Access {
        id: String,
    },
    /// A guarantor's question: until it is answered, or its request is over.
    Question {
        id: String,
    },
}

/// A task in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OpenTask {
    /// Unique in the case: entry version and position.
    pub id: String,
    pub task: Task,
    pub role: Role,
    pub anchor: Anchor,
    pub due_on: NaiveDate,
}

/// A date that runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deadline {
    pub timer: Timer,
    /// Track key where the timer belongs to an instance, else empty.
    pub key: String,
    pub due_at: DateTime<Utc>,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Recipient {
    /// A person of the case.
    Party { party_id: String },
    /// Staff inbox of a role at the case's branch.
    Desk { role: Role },
    /// A partner organisation's inbox.
    Partner { role: Role, organisation: String },
}

/// An intention of a decision; written to the outbox, tasks and deadlines in the same transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Effect {
    Notify {
        notice: NoticeId,
        to: Recipient,
        data: Box<NoticeData>,
    },
    Send {
        message: PartnerMessage,
        organisation: String,
        key: String,
        payload: serde_json::Value,
    },
    /// A mail beside the case: no decision has it among its effects.
    Mail {
        party_id: String,
        number: String,
        mailing: Mailing,
    },
    OpenTask(OpenTask),
    CloseTask {
        id: String,
    },
    SetDeadline(Deadline),
    ClearDeadline {
        timer: Timer,
        key: String,
    },
}
