//! What can be asked of a case: `Verb` (bare names for the table) and `Command` (verb plus data).
//!
//! One line per verb. The name is the GraphQL mutation; the labels are the button. Commands arrive as JSON with the verb as
//! tag, so the API needs no translation table of its own.

use super::consent::{ConsentChannel, ConsentPurpose};
use super::emergency::EmergencyOutcome;
use super::facts::*;
use super::filing_desk::{FilingRecord, RegisterRecord};
use super::papers::{PaperFault, PaperFile};
use super::record::PayeeKind;
use super::transfer_desk::TransferPayee;
use crate::form::{Consent, Document, Form, Qualification};
use crate::product::ClockTime;
use chrono::NaiveDate;
use rust_decimal::Decimal;

macro_rules! commands {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $ja:literal, $en:literal {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty),* $(,)?
    })+) => {
        $crate::terms! {
            /// Bare names of everything that can be asked of a case.
            pub enum Verb { $($(#[$meta])* $variant = $name, $ja, $en;)+ }
        }

        /// A verb with its data. Serialised with the verb's name under `verb`.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(tag = "verb", deny_unknown_fields)]
        pub enum Command {
            $($(#[$meta])* #[serde(rename = $name)] $variant { $($(#[$fmeta])* $field: $ty),* },)+
        }

        impl Command {
            /// The bare name of this command.
            pub const fn verb(&self) -> Verb {
                match self { $(Command::$variant { .. } => Verb::$variant),+ }
            }
        }
    };
}

commands! {
    // --- intake -----------------------------------------------------------------------------------------------------
    /// Opens a draft; nothing has legal effect yet.
    CreateDraft = "createDraft", "下書きを作成", "Create draft" { form: Form }
    /// Replaces the draft's content.
    EditDraft = "editDraft", "下書きを編集", "Edit draft" { form: Form }
    /// T01.
    SubmitApplication = "submitApplication", "申込する", "Submit application" {
        /// Kept from the file by bulk intake only; everyone else's is the present instant.
        #[serde(default)] received_at: Option<chrono::DateTime<chrono::Utc>>,
        /// The sender's own number, unique per institution.
        #[serde(default)] external_id: Option<String>,
    }
    /// T02.
    DiscardDraft = "discardDraft", "下書きを破棄", "Discard draft" {}
    /// T03, T46.
    RecordDefects = "recordDefects", "書類不備を記録", "Record missing papers" { defects: Vec<Defect> }
    /// Appends document and consent versions in any open stage; never overwrites (INV-6).
    ReceiveDocuments = "receiveDocuments", "書類を受領", "Receive documents" {
        #[serde(default)] documents: Vec<Document>,
        #[serde(default)] consents: Vec<Consent>,
    }
    /// T04.
    ResubmitDocuments = "resubmitDocuments", "不備解消を届出", "Hand in the listed papers" {}
    /// T48.
    AmendApplication = "amendApplication", "申込内容を訂正", "Amend application" { form: Form }
    /// T05.
    StartScreening = "startScreening", "審査を開始", "Start screening" {}

    // --- screening and approval -------------------------------------------------------------------------------------
    /// T06, T14. Later-stage conditions may stand here; BEFORE_CONTRACT ones belong to `approveWithConditions`.
    ApproveLoan = "approveLoan", "承認", "Approve" {
        /// 0.1 to 0.2 for whom C-60 names; decided by screening.
        #[serde(default)] #[schemars(with = "Option<String>")] screening_add_on: Option<Decimal>,
        #[serde(default)] conditions: Vec<NewCondition>,
    }
    /// T07, T15.
    ApproveWithConditions = "approveWithConditions", "条件付で承認", "Approve with conditions" {
        #[serde(default)] #[schemars(with = "Option<String>")] screening_add_on: Option<Decimal>,
        conditions: Vec<NewCondition>,
    }
    /// T08.
    DeclineLoan = "declineLoan", "謝絶", "Decline" { ground: DeclineGround, #[serde(default)] note: Option<String> }
    /// T10.
    ConfirmConditionsMet = "confirmConditionsMet", "条件充足を確認", "Confirm conditions met" {}
    /// A condition's evidence is on file.
    EvidenceCondition = "evidenceCondition", "条件の充足資料を登録", "Record evidence of a condition" {
        code: String, evidence: String,
    }
    /// C-55: the applicant's dated acceptance of an offer that differs from the request.
    AcceptTerms = "acceptTerms", "変更後の条件に同意", "Accept the offered terms" { code: String }
    /// T09.
    WithdrawApplication = "withdrawApplication", "申込を取下げ", "Withdraw application" { reason: String }
    /// T47.
    CloseCase = "closeCase", "案件を終了", "Close case" { ground: ClosureGround, #[serde(default)] note: Option<String> }
    /// T11.
    RequestChange = "requestChange", "内容変更を申出", "Request a change" { form: Form, #[serde(default)] reason: Option<String> }
    /// T12.
    StartRescreening = "startRescreening", "再審査を開始", "Start re-screening" {}
    /// T13, T39.
    WithdrawChange = "withdrawChange", "変更申出を取下げ", "Withdraw the change" {}
    /// T44.
    UpholdApproval = "upholdApproval", "当初承認を維持", "Uphold the earlier approval" {}
    /// T16, T17.
    RescindApproval = "rescindApproval", "承認を取消", "Rescind approval" {
        ground: DeclineGround, #[serde(default)] note: Option<String>,
    }
    /// T18.
    ExpireApproval = "expireApproval", "承認失効", "Approval expires" {}
    /// T43.
    OpenChange = "openChange", "変更手続を開始", "Open a change" { cause: ChangeCause }

    // --- facts that guards ask for ----------------------------------------------------------------------------------
    /// A ground of E.3 or E.4 is known (R1-R7, V1-V6).
    RecordGround = "recordGround", "事由を記録", "Record a ground" { ground: Ground, #[serde(default)] note: Option<String> }
    /// The ground no longer holds.
    ClearGround = "clearGround", "事由を解消", "Clear a ground" { ground: Ground, note: String }
    /// Overdue amounts on any loan of a borrower at the bank (I-08).
    ReportArrears = "reportArrears", "延滞を通知", "Report arrears" { overdue: bool }
    /// E-DEATH.
    RecordDeath = "recordDeath", "死亡を記録", "Record a death" { party_id: String }
    /// BR-7: how the outstanding bridge will be repaid.
    RecordBridgePlan = "recordBridgePlan", "つなぎ融資返済計画を登録", "Record the bridge's repayment plan" { plan: String }
    /// A bridge case (BRIDGE_LOAN) stands or falls with this one (BR-7).
    LinkBridge = "linkBridge", "つなぎ融資を紐付け", "Link a bridge loan" {
        case_number: String,
        outstanding: bool,
        /// Yen that the main posting pays off (BR-5), at most 90 percent of the applied amount (S-02).
        #[serde(default)] principal_yen: Option<i64>,
        /// Yen of interest to the main posting.
        #[serde(default)] interest_yen: Option<i64>,
        /// By when the main posting pays it off.
        #[serde(default)] due_on: Option<NaiveDate>,
    }
    /// G-10 exception: no insurance possible, branch decides with two approvals.
    AllowInsuranceException = "allowInsuranceException", "団信例外を承認", "Allow the insurance exception" { party_id: String, reason: String }
    /// I-05 exception: another account or way of delivery with two approvals.
    AllowAccountException = "allowAccountException", "振込口座の例外を承認", "Allow another account" { reason: String }
    /// L-108-3: the person (the caller, where none is named) keeps away from the case from now on.
    DeclareConflict = "declareConflict", "利益相反を申告", "Declare a conflict of interest" {
        #[serde(default)] subject: Option<String>, relation: ConflictRelation, note: String,
    }
    /// The declared interest was none, or is over.
    LiftConflict = "liftConflict", "利益相反の指定を解除", "Lift a conflict of interest" { subject: String, reason: String }
    /// L-91: the caller reads a case outside his branches for a short time; nothing of it can be changed.
    OpenCaseInEmergency = "openCaseInEmergency", "緊急閲覧を開始", "Open a case in emergency" { reason: String }
    /// L-91: the access is over before its time.
    EndEmergencyAccess = "endEmergencyAccess", "緊急閲覧を終了", "End an access in emergency" { access: String }
    /// L-91: somebody else has looked at why the case was opened.
    ReviewEmergencyAccess = "reviewEmergencyAccess", "緊急閲覧を確認", "Review an access in emergency" {
        access: String, outcome: EmergencyOutcome, note: String,
    }
    /// L-PRIV: the person does not agree any more to one use of the data. Nothing more is sent for it; what was sent stays on record.
    WithdrawConsent = "withdrawConsent", "同意を撤回", "Withdraw a consent" {
        party_id: String, purpose: ConsentPurpose, channel: ConsentChannel, #[serde(default)] note: Option<String>,
    }
    /// L-PRIV: the person signed again.
    RenewConsent = "renewConsent", "同意を再取得", "Give a consent again" {
        party_id: String, purpose: ConsentPurpose, channel: ConsentChannel, signed_on: NaiveDate,
        /// Edition of the words that were signed.
        wording: String,
        /// Purpose GUARANTEE: the institution that the words name, where the bank's papers do not.
        #[serde(default, skip_serializing_if = "Option::is_none")] recipient: Option<String>,
    }
    /// L.2: nothing of the case is erased until the hold is lifted.
    PlaceLegalHold = "placeLegalHold", "消去禁止（法的保全）を設定", "Place a legal hold" { reason: String }
    /// L.2.
    LiftLegalHold = "liftLegalHold", "消去禁止（法的保全）を解除", "Lift a legal hold" { reason: String }
    /// L.2: two people have seen that the time of the case is over.
    ReleaseForErasure = "releaseForErasure", "消去対象として確定", "Release for erasure" {}
    /// L.2: the server erases what was released.
    EraseCase = "eraseCase", "案件データを消去", "Erase the case" {}
    /// Memo for colleagues; never leaves the bank.
    AddMemo = "addMemo", "メモを追加", "Add memo" { text: String }

    /// D.1: a file that the server has taken in, digested, sniffed and scanned is part of the record.
    AttachPaper = "attachPaper", "書類ファイルを登録", "Attach a file" {
        file: PaperFile,
        /// The file whose place it takes.
        #[serde(default)] replaces: Option<String>,
    }
    /// D.1, T03: somebody looked at a file; without a fault it is in order.
    CheckPaper = "checkPaper", "書類ファイルを点検", "Look at a file" {
        file_id: String, #[serde(default)] fault: Option<PaperFault>, #[serde(default)] note: Option<String>,
    }

    // --- contract ---------------------------------------------------------------------------------------------------
    /// T19.
    StartContracting = "startContracting", "契約手続を開始", "Start contracting" {
        #[serde(default)] appointment: Option<NaiveDate>,
        /// Time of the appointment in Tokyo, 07:00 to 21:00.
        #[serde(default, skip_serializing_if = "Option::is_none")] appointment_time: Option<ClockTime>,
        /// Where it is: a branch by its name, or elsewhere; 1 to 100 characters, no person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")] appointment_place: Option<String>,
    }
    /// T19: day, time and place of the appointment, instead of those before; time and place that are left out are open again.
    ArrangeSigning = "arrangeSigning", "契約手続の日時・場所を変更", "Move the contract appointment" {
        /// Today or later.
        appointment: NaiveDate,
        /// In Tokyo, 07:00 to 21:00.
        #[serde(default, skip_serializing_if = "Option::is_none")] appointment_time: Option<ClockTime>,
        /// A branch by its name, or elsewhere; 1 to 100 characters, no person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")] appointment_place: Option<String>,
    }
    /// G-EXPLAIN for one signatory.
    RecordExplanation = "recordExplanation", "重要事項説明を記録", "Record the explanation" { party_id: String, booklet_version: String }
    /// Identity verified for one signatory.
    VerifyIdentity = "verifyIdentity", "本人確認を記録", "Verify identity" { party_id: String, method: String }
    /// One person's signature and seal on everything that this person signs.
    SignContract = "signContract", "契約書に署名", "Sign the contract" { party_id: String }
    /// T20.
    TenderContract = "tenderContract", "契約書を差入れ", "Hand in the contract" {}
    /// T21.
    ReturnContract = "returnContract", "契約書を返却", "Return the contract" { defects: Vec<Defect> }
    /// T22. `contract_date` is the date written in the contract.
    AcceptContract = "acceptContract", "契約を受諾", "Accept the contract" { contract_date: NaiveDate }

    // --- date and disbursement --------------------------------------------------------------------------------------
    /// I-01: the applicant's wished date.
    NameDate = "nameDate", "実行希望日を届出", "Name the wished date" { date: NaiveDate }
    /// T23, T35.
    ScheduleDisbursement = "scheduleDisbursement", "実行日を確定", "Fix the disbursement date" {
        date: NaiveDate,
        /// Split lending: yen of this drawing; absent for the full or main posting.
        #[serde(default)] drawing_yen: Option<i64>,
        /// Time of the settlement in Tokyo, 08:00 to 17:00.
        #[serde(default, skip_serializing_if = "Option::is_none")] settlement_time: Option<ClockTime>,
        /// Where seller, borrower, scrivener and bank meet; 1 to 100 characters, no person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")] settlement_place: Option<String>,
    }
    /// T23: time and place of the settlement on the fixed date, instead of those before; what is left out is open again.
    ArrangeSettlement = "arrangeSettlement", "決済の時刻・場所を登録", "Arrange the settlement" {
        /// In Tokyo, 08:00 to 17:00.
        #[serde(default, skip_serializing_if = "Option::is_none")] settlement_time: Option<ClockTime>,
        /// Where seller, borrower, scrivener and bank meet; 1 to 100 characters, no person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")] settlement_place: Option<String>,
    }
    /// T24, T40.
    ReleaseDate = "releaseDate", "実行日を取消", "Release the date" { reason: String }
    /// G-COSTS: scrivener's bill and taxes that the bank collects.
    RecordCosts = "recordCosts", "諸費用を登録", "Record collected costs" { scrivener_bill_yen: i64, funds_available_yen: i64 }
    /// G-PAYOFF: the existing lender's statement for the date, release papers promised.
    RecordPayoff = "recordPayoff", "完済指図を登録", "Record the pay-off statement" { lender: String, amount_yen: i64, as_of: NaiveDate }
    /// I.20: an account that receives money of the disbursement; a change of it is proposed and approved anew.
    RecordPayee = "recordPayee", "支払先口座を登録", "Record the account of a payee" {
        kind: PayeeKind,
        /// Counts the payees of a kind, from 1.
        #[schemars(range(min = 1, max = 9))] number: u8,
        to: TransferPayee,
        /// Yen that the customer ordered: seller, builder and others.
        #[serde(default)] #[schemars(range(min = 1, max = 9_999_999_999_i64))] amount_yen: Option<i64>,
    }
    /// I.20: a payee receives nothing after all.
    WithdrawPayee = "withdrawPayee", "支払先口座を取消", "Withdraw the account of a payee" {
        kind: PayeeKind, #[schemars(range(min = 1, max = 9))] number: u8,
    }
    /// H-30, H-36: the register as it was read.
    RecordRegister = "recordRegister", "登記記録の内容を登録", "Record what the register says" {
        read_on: NaiveDate, records: Vec<RegisterRecord>,
    }
    /// H-14, H-30 to H-36: the bank in the register, the scrivener, and what else the filing needs.
    RecordFilingFacts = "recordFilingFacts", "登記申請の記載事項を登録", "Record the facts of the filing" { facts: FilingRecord }
    /// G-PAYOFF: the transfer to the existing lender arrived.
    ConfirmPayoff = "confirmPayoff", "完済送金を確認", "Confirm the pay-off transfer" { reference: String }
    /// T25.
    MakeReady = "makeReady", "実行可とする", "Make ready" {}
    /// T26.
    HoldDisbursement = "holdDisbursement", "実行を保留", "Hold disbursement" { ground: HoldGround, #[serde(default)] note: Option<String> }
    /// T27.
    LiftHold = "liftHold", "保留を解除", "Lift the hold" { #[serde(default)] date: Option<NaiveDate> }
    /// T28.
    OrderPosting = "orderPosting", "実行を指図", "Order the posting" {}
    /// T29, T30; of one loan of a mix C-56.
    ConfirmPosting = "confirmPosting", "実行完了を通知", "Confirm the posting" {
        posting_key: String, reference: String,
        /// Mix: the loan that is posted; the posting is confirmed with its last one (C-56).
        #[serde(default)] loan_no: Option<u8>,
    }
    /// T31.
    RejectPosting = "rejectPosting", "実行不能を通知", "Reject the posting" {
        posting_key: String, reason: String,
        /// Mix: the loan that is refused; without it nothing of the order is posted.
        #[serde(default)] loan_no: Option<u8>,
    }
    /// T32.
    TimeOutPosting = "timeOutPosting", "結果未着", "Posting outcome unknown" {}
    /// T33.
    ReversePosting = "reversePosting", "実行を取消", "Reverse the posting" { reason: String }
    /// T34, T41.
    ConfirmReversal = "confirmReversal", "取消完了を通知", "Confirm the reversal" {
        posting_key: String, reference: String,
        /// Mix: the loan that is taken back because another one was refused (C-56).
        #[serde(default)] loan_no: Option<u8>,
    }
    /// T42.
    ExtendFundingDeadline = "extendFundingDeadline", "資金交付期限を延長", "Extend the funding deadline" {
        new_handover_on: NaiveDate, cause: String,
    }
    /// S-12: papers, signatures and the guarantor's consent to the extension.
    RecordExtensionPaper = "recordExtensionPaper", "期限延長書類を登録", "Record a paper of the extension" { paper: ExtensionPaper }
    /// S-09: a building that drawings paid for is finished.
    RecordCompletion = "recordCompletion", "建物の完成を登録", "Record that a building is finished" {
        property_no: u16, completed_on: NaiveDate,
    }
    /// S-09: the repayment of the main loan is agreed under the same contract.
    RecordTermsAgreement = "recordTermsAgreement", "返済条件の合意を登録", "Record the agreement on the terms" { agreed_on: NaiveDate }
    /// T45.
    RepayDrawings = "repayDrawings", "分割実行分の完済を通知", "Confirm repayment of the drawings" { reference: String }
    /// T36, T37.
    TerminateContract = "terminateContract", "契約を解約", "Terminate the contract" {
        ground: TerminationGround, #[serde(default)] note: Option<String>,
    }
    /// Mutual cancellation wanted by the applicant (T36).
    AgreeTermination = "agreeTermination", "解約に合意", "Agree to the termination" {}
    /// Servicing took the loan over (T38).
    AcceptServicing = "acceptServicing", "管理移管を受諾", "Servicing accepts the loan" { servicing_number: String }
    /// T38.
    HandOver = "handOver", "管理へ移管", "Hand over to servicing" {}

    // --- ELIG -------------------------------------------------------------------------------------------------------
    RequestMembership = "requestMembership", "所属確認を依頼", "Request membership certificate" { party_id: String }
    ConfirmMembership = "confirmMembership", "所属を確認", "Confirm membership" { party_id: String, certified_on: NaiveDate }
    RefuseMembership = "refuseMembership", "所属を否認", "Refuse membership" { party_id: String }
    LoseMembership = "loseMembership", "所属喪失を記録", "Record loss of membership" { party_id: String }
    ConfirmOwnRoute = "confirmOwnRoute", "個人会員・友の会資格を確認", "Confirm individual or friends' route" {
        party_id: String,
        /// Why the branch takes a member of the friends' society who is no worker (B-08).
        #[serde(default)] reason: Option<String>,
    }
    ChangeRoute = "changeRoute", "資格区分を変更", "Take another qualification route" { party_id: String, qualification: Qualification }

    // --- GUAR -------------------------------------------------------------------------------------------------------
    RequestGuarantee = "requestGuarantee", "保証を依頼", "Request the guarantee" { #[serde(default)] new_evidence: Option<String> }
    ApproveGuarantee = "approveGuarantee", "保証を承諾", "Approve the guarantee" { decision: GuaranteeAnswer }
    ConditionGuarantee = "conditionGuarantee", "条件付で保証を承諾", "Approve the guarantee with conditions" { decision: GuaranteeAnswer, conditions: Vec<String> }
    DeclineGuarantee = "declineGuarantee", "保証を謝絶", "Decline the guarantee" {}
    SendConditionEvidence = "sendConditionEvidence", "条件資料を送付", "Send evidence of the conditions" { evidence: String }
    /// Of the present content unless an earlier version is named.
    RevokeGuarantee = "revokeGuarantee", "保証を撤回", "Revoke the guarantee" { #[serde(default)] content_version: Option<u32> }
    /// Of the present content unless an earlier version is named.
    ExpireGuarantee = "expireGuarantee", "保証期限切れ", "Guarantee decision expires" { #[serde(default)] content_version: Option<u32> }
    CancelGuarantee = "cancelGuarantee", "保証を取消", "Cancel the guarantee" {}
    /// F-01: another institution of the bank answers for the case from here on.
    SwitchGuarantor = "switchGuarantor", "保証機関を切替", "Switch to another guarantor" {
        /// The institution's organisation, as the bank's book has it.
        guarantor: String,
        reason: String,
    }
    /// F-02: a question about the request that it has not decided yet; the decision stays its own step.
    AskBank = "askBank", "金庫へ照会", "Ask the bank a question" { question: String }
    AnswerGuarantor = "answerGuarantor", "照会に回答", "Answer the guarantor's question" {
        /// As `guaranteeQuestions` names it.
        question_id: String,
        answer: String,
    }
    ReopenGuarantee = "reopenGuarantee", "保証依頼をやり直す", "Guarantee to be requested anew" {}
    SuspendGuarantee = "suspendGuarantee", "保証を停止", "Suspend the guarantee" {}
    RestoreGuarantee = "restoreGuarantee", "保証を復元", "Restore the guarantee" {}
    StartGuarantee = "startGuarantee", "保証を開始", "Guarantee becomes effective" {}
    UndoGuarantee = "undoGuarantee", "保証開始を取消", "Guarantee back to approved" {}
    EndGuarantee = "endGuarantee", "保証を終了", "Guarantee ends" {}
    Subrogate = "subrogate", "代位弁済", "Subrogation payment" { reference: String }

    // --- INS --------------------------------------------------------------------------------------------------------
    DeclareInsurance = "declareInsurance", "団信を申込・告知", "Apply for insurance and declare" { party_id: String, loan_no: u8, declared_on: NaiveDate }
    PassDeclaration = "passDeclaration", "告知書を回付", "Pass the sealed declaration on" { party_id: String, loan_no: u8 }
    RequireExam = "requireExam", "診断書を請求", "Ask for a health certificate" { party_id: String, loan_no: u8 }
    SupplyExam = "supplyExam", "診断書を提出", "Supply the health certificate" { party_id: String, loan_no: u8 }
    AcceptInsurance = "acceptInsurance", "加入を承諾", "Accept the insurance" { party_id: String, loan_no: u8, sum_yen: i64 }
    RejectInsurance = "rejectInsurance", "加入を謝絶", "Refuse the insurance" { party_id: String, loan_no: u8 }
    IntendRelaxed = "intendRelaxed", "引受緩和型の査定を申込", "Apply for relaxed assessment" { party_id: String, loan_no: u8 }
    ExpectRelaxed = "expectRelaxed", "引受緩和型の見込を通知", "Relaxed insurance expected acceptable" { party_id: String, loan_no: u8 }
    ExpireDeclaration = "expireDeclaration", "告知の有効期限切れ", "Declaration expires" { party_id: String, loan_no: u8 }
    CancelInsurance = "cancelInsurance", "団信申込を取消", "Cancel the insurance application" {}
    StartCover = "startCover", "保障開始", "Cover starts" {}
    UndoCover = "undoCover", "保障開始を取消", "Cover back to accepted" {}
    EndCover = "endCover", "保障終了", "Cover ends" {}
    ClaimInsurance = "claimInsurance", "保険金を請求", "Claim the insurance" { party_id: String, loan_no: u8 }

    // --- FIRE -------------------------------------------------------------------------------------------------------
    RequireFireCover = "requireFireCover", "火災保険を要求", "Fire cover required" {}
    HandInFireEvidence = "handInFireEvidence", "火災保険の証憑を提出", "Hand in evidence of fire cover" { property_no: u16 }
    VerifyFireCover = "verifyFireCover", "火災保険を確認", "Verify fire cover" { property_no: u16, covers_from: NaiveDate, covers_until: NaiveDate }
    ReturnFireEvidence = "returnFireEvidence", "火災保険の証憑を差戻し", "Return fire evidence" { property_no: u16, reason: String }
    RequireFirePledge = "requireFirePledge", "質権設定を要求", "Require a pledge of the fire claim" { property_no: u16 }
    LapseFireCover = "lapseFireCover", "火災保険の失効を記録", "Fire cover lapsed" { property_no: u16 }
    ConfirmFirePledge = "confirmFirePledge", "質権設定を通知", "Confirm the pledge" { property_no: u16 }

    // --- REG --------------------------------------------------------------------------------------------------------
    InstructScrivener = "instructScrivener", "司法書士へ依頼", "Instruct the scrivener" { filing: String, #[serde(default)] office: Option<String> }
    DeferRegistration = "deferRegistration", "抵当権設定を留保", "Defer registration" { filing: String, undertaking: String }
    VerifyMortgagors = "verifyMortgagors", "設定者の本人確認を完了", "Verify the mortgagors' identity" { filing: String, method: String }
    ReadyPapers = "readyPapers", "登記書類の完備を通知", "Papers complete" { filing: String, seal_certificate_on: NaiveDate }
    StalePapers = "stalePapers", "登記書類の期限切れ", "Papers went stale" { filing: String }
    FileRegistration = "fileRegistration", "登記を申請", "File the registration" { filing: String }
    AcceptFiling = "acceptFiling", "登記を受付", "Registry accepts the filing" { filing: String, receipt: Receipt }
    OrderCorrection = "orderCorrection", "補正を通知", "Registry orders a correction" { filing: String, items: String, deadline: NaiveDate }
    CorrectFiling = "correctFiling", "補正を完了", "Correct the filing" { filing: String }
    CompleteRegistration = "completeRegistration", "登記完了を通知", "Registration completed" { filing: String, completed_on: NaiveDate, rank: u32 }
    RejectFiling = "rejectFiling", "登記申請を却下", "Registry rejects the filing" { filing: String, grounds: String }
    WithdrawFiling = "withdrawFiling", "登記申請を取下げ", "Withdraw the filing" { filing: String, reason: String }
    CancelRegistration = "cancelRegistration", "抵当権を抹消", "Cancellation registered" { filing: String }
    /// L-94: another office takes the job over before the filing: everything that the former one prepared is made anew.
    ReplaceScrivener = "replaceScrivener", "司法書士を変更", "Give the job to another office" {
        filing: String, office: String, reason: String,
    }
    StopRegistration = "stopRegistration", "司法書士への依頼を中止", "Stop the scrivener's instruction" { filing: String }

    // --- COND -------------------------------------------------------------------------------------------------------
    EvaluateConditions = "evaluateConditions", "取引条件を判定", "Evaluate transaction conditions" { date: NaiveDate }
    ReopenConditions = "reopenConditions", "取引条件を再判定", "Transaction conditions reopened" {}
    /// What the bank's systems know of the conditions changed (salary transfer, card loan, saving).
    UpdateConditions = "updateConditions", "取引条件を更新", "Update transaction conditions" { conditions: crate::form::TransactionConditions }

    // --- AML --------------------------------------------------------------------------------------------------------
    StartAmlCheck = "startAmlCheck", "反社照合を開始", "Start the list search" { party_id: String }
    ClearAml = "clearAml", "該当なし", "List search clear" { party_id: String, list_version: String }
    FlagAml = "flagAml", "要確認", "List search needs review" { party_id: String, list_version: String }
    AcceptAml = "acceptAml", "非該当と判断", "Compliance clears the review" { party_id: String, reason: String }
    BlockAml = "blockAml", "該当と判断", "Compliance confirms the match" { party_id: String, reason: String }
    StaleAml = "staleAml", "再照合を要求", "A fresh list search is due" { party_id: String }

    // --- BUREAU -----------------------------------------------------------------------------------------------------
    InquireBureau = "inquireBureau", "信用情報を照会", "Inquire at the credit bureau" { party_id: String }
    AnswerBureau = "answerBureau", "信用情報を受領", "Credit bureau answered" { party_id: String, answer_key: String }
    FailBureau = "failBureau", "信用情報照会不能", "Credit bureau did not answer" { party_id: String }
    ExpireBureau = "expireBureau", "信用情報の期限切れ", "Credit bureau answer too old" { party_id: String }

    // --- COLL -------------------------------------------------------------------------------------------------------
    OrderValuation = "orderValuation", "担保評価を依頼", "Order the valuation" { #[serde(default)] cure: Option<String> }
    RecordValuation = "recordValuation", "担保評価を登録", "Record the valuation" {
        amount_yen: i64,
        /// What the bank may lend on it by its own rules; must cover the request.
        lendable_yen: i64,
    }
    FindInsufficient = "findInsufficient", "担保不足と判定", "Valuation below the request" { amount_yen: i64 }
    FindDefect = "findDefect", "担保瑕疵を記録", "Defect found at the collateral" { defect: String }
    ReopenValuation = "reopenValuation", "担保評価をやり直す", "Value again" { reason: String }

    // --- four eyes, forecast ----------------------------------------------------------------------------------------
    /// The second person of four eyes agrees.
    ApproveProposal = "approveProposal", "決裁する", "Approve the proposal" { proposal_id: String }
    /// The second person returns it; it can be proposed again by the first.
    ReturnProposal = "returnProposal", "差し戻す", "Return the proposal" { proposal_id: String, reason: String }
    /// The first person takes it back.
    RetractProposal = "retractProposal", "起案を取り下げる", "Retract the proposal" { proposal_id: String }
    /// TM11, TM02, TM10: a reminder before a date runs out.
    WarnValidity = "warnValidity", "期限接近を通知", "Warn of a date" { timer: super::effect::Timer, key: String }
    /// B-03, E.2: a partner owes an answer: it is reminded once.
    RemindPartner = "remindPartner", "回答を督促", "Remind a partner of its answer" { timer: super::effect::Timer, key: String }
    /// B-03, E.2: the answer still has not come: the bank is told once.
    EscalatePartner = "escalatePartner", "回答の遅延を報告", "Tell the bank that an answer is overdue" { timer: super::effect::Timer, key: String }
}
