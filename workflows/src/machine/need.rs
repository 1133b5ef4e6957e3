//! Preconditions of rows that E.5 writes out in words, beside the named guards G-*.

use super::role::Role;
use crate::guard::Guard;

crate::terms! {
    /// A precondition in words. The sentence says what is missing; `cleared_by` says who can help.
    pub enum Need {
        DefectNamed = "N-DEFECT-NAMED", "不備の内容を一つ以上記載してください。", "Name at least one missing, expired or contradictory paper.";
        ListedPapersIn = "N-LISTED-PAPERS", "案内した書類がまだ揃っていません。", "A listed paper has not been received yet.";
        NoOpenCondition = "N-NO-OPEN-CONDITION", "契約前の承認条件が未充足です。", "A condition to be met before the contract is open.";
        OpenCondition = "N-OPEN-CONDITION", "契約前の承認条件がありません。", "There is no open condition to be met before the contract.";
        LaterConditions = "N-LATER-CONDITIONS", "契約前の条件は「条件付で承認」で登録してください。", "A condition before the contract belongs to a conditional approval.";
        GuarAnswered = "N-GUAR-ANSWERED", "保証機関の承諾（条件付を含む）がありません。", "The guarantor has not approved, with or without conditions.";
        InsDecidedOrCondition = "N-INS-DECIDED-OR-CONDITION", "団信の決定がなく、承認条件にもなっていません。", "Insurance is undecided and not a condition of the approval.";
        DeclineGround = "N-DECLINE-GROUND", "記載した謝絶理由の事実が記録されていません。", "The stated ground for declining is not on record.";
        BridgePlan = "N-BRIDGE-PLAN", "紐付くつなぎ融資の返済計画が未登録です。", "The linked bridge loan has no repayment plan on record (BR-7).";
        NoBridge = "N-NO-BRIDGE", "紐付くつなぎ融資が残っています。", "A linked bridge loan is outstanding or scheduled (BR-7).";
        BridgeAllowed = "N-BRIDGE-ALLOWED", "つなぎローンは、本体融資の承認が引渡予定日まで有効であるか、契約成立後に限ります。", "A bridge loan needs the main approval, valid on the planned handover date, or the contract (BR-6, BR-8).";
        ApprovalOver = "N-APPROVAL-OVER", "承認はまだ有効です。", "The approval has not run out.";
        ContentChanged = "N-CONTENT-CHANGED", "承認内容からの変更がありません。", "Nothing of the approved content is changed.";
        ChangedPapersIn = "N-CHANGED-PAPERS", "変更内容の書類が揃っていません。", "The papers for the changed content are not complete.";
        ChangeWithdrawable = "N-CHANGE-WITHDRAWABLE", "再審査の着手後または原因が残っているため変更を取り下げできません。", "The cause of the change is not cured, or only the other side may end it.";
        EarlierUnconditional = "N-EARLIER-UNCONDITIONAL", "当初承認に未充足の条件があります。", "The earlier approval has open conditions.";
        EarlierConditional = "N-EARLIER-CONDITIONAL", "当初承認に未充足の条件はありません。", "The earlier approval has no open conditions.";
        EarlierStands = "N-EARLIER-STANDS", "当初の保証承諾または承認が有効ではありません。", "The earlier guarantee decision or approval no longer stands.";
        RescindGround = "N-RESCIND-GROUND", "承認取消の事由が記録されていません。", "No ground for rescinding is on record.";
        IdentityVerified = "N-IDENTITY-VERIFIED", "本人確認が済んでいない方がいます。", "A signatory's identity is not verified.";
        AllSigned = "N-ALL-SIGNED", "署名・押印が揃っていません。", "A signature or seal is missing.";
        NoRefusalGround = "N-NO-REFUSAL-GROUND", "謝絶事由（R1～R7）が記録されています。", "A ground R1-R7 is on record.";
        ContractDateToday = "N-CONTRACT-DATE", "契約日は差入日以降、本日までの日付にしてください。", "The contract date must not be in the future nor before the contract was handed in.";
        DateNamed = "N-DATE-NAMED", "申込人から実行希望日の届出がありません。", "The applicant has not named a wished date (I-01).";
        GuarValidOnDate = "N-GUAR-VALID-ON-DATE", "その日には保証承諾の有効期限が過ぎています。", "The guarantee decision is not valid on that date.";
        DateAhead = "N-DATE-AHEAD", "実行日は本日以降の日付にしてください。", "The date must not be in the past.";
        DateReleasable = "N-DATE-RELEASABLE", "保留の原因が解消していません。", "The cause of the hold is not cured.";
        NoDrawing = "N-NO-DRAWING", "分割実行分が実行済です。", "A drawing has been posted.";
        Drawing = "N-DRAWING", "実行済の分割実行分がありません。", "No drawing has been posted.";
        OnTheDay = "N-ON-THE-DAY", "本日は実行日ではありません。", "Today is not the disbursement date.";
        HoldGround = "N-HOLD-GROUND", "保留事由が事実と一致しません。", "The stated ground for the hold is not on record.";
        HoldCured = "N-HOLD-CURED", "保留の原因が解消していません。", "The cause of the hold is not cured.";
        NoOpenPosting = "N-NO-OPEN-POSTING", "結果の確定していない実行指図があります。", "A posting without a definite outcome exists (INV-1).";
        PayeesApproved = "N-PAYEES-APPROVED", "振込先の口座が登録されていないか、変更が決裁待ちです。", "A payee has no approved account, or a change of one waits for its approval (I.20).";
        PostingKnown = "N-POSTING-KEY", "実行指図の番号が一致しません。", "No open posting has this key.";
        AllParts = "N-ALL-PARTS", "金利ミックスの他方の実行結果がまだ届いていません。", "Another loan of the mix has no confirmation yet (C-56).";
        PartOpen = "N-PART-OPEN", "結果待ちの契約番号を指定してください。", "Name a loan of the mix whose outcome is open (C-56).";
        PartPosted = "N-PART-POSTED", "取り消すべき実行済の契約がありません。", "No loan of the mix is posted beside one that was refused (C-56).";
        NothingPosted = "N-NOTHING-POSTED", "金利ミックスの一方が実行済です。取消が先です。", "A loan of the mix is posted: it is taken back first (C-56).";
        MainPosting = "N-MAIN-POSTING", "分割実行分の指図です。", "This posting is a drawing.";
        DrawingPosting = "N-DRAWING-POSTING", "本実行の指図です。", "This posting is the full or main one.";
        PostingOverdue = "N-POSTING-OVERDUE", "回答待ち時間内です。", "The time-out has not passed.";
        SameDay = "N-SAME-DAY", "取消は実行当日に限ります。", "A reversal is possible on the day of the posting only.";
        WithinFundingDeadline = "N-FUNDING-DEADLINE", "資金交付期限を過ぎています。", "The date is after the funding deadline.";
        MainAllowed = "N-MAIN-ALLOWED", "分割融資の本実行の前提（完成・追加設定・条件合意）が整っていません。", "What split lending asks for before the main posting is missing: building, its mortgage, the agreed terms (S-09).";
        BuildingFinished = "N-BUILDING-FINISHED", "建物の完成が登録されていません。", "The building is not recorded as finished (S-09).";
        FirstFiled = "N-FIRST-FILED", "先順位の登記申請がまだ受け付けられていません。", "The filing that comes before this one has not been accepted (H-37).";
        TerminationGround = "N-TERMINATION-GROUND", "解約の事由が記録されていません。", "The stated ground for termination is not on record.";
        ServicingAccepted = "N-SERVICING-ACCEPTED", "管理部門の受諾がありません。", "Servicing has not accepted the loan.";
        ExtensionPapers = "N-EXTENSION-PAPERS", "期限延長の書類が期限前に揃っていません。", "The papers of the extension are not in before the deadline (S-12).";
        GuarantorAgrees = "N-GUARANTOR-AGREES", "期限延長への保証機関の同意がありません。", "The guarantor has not agreed to the extension.";
        AgreementSigned = "N-AGREEMENT-SIGNED", "変更契約書の署名がありません。", "The change agreement is not signed.";
        ChangeCause = "N-CHANGE-CAUSE", "変更手続の原因となる事実がありません。", "The cause of the change is not on record.";
        ClosureGround = "N-CLOSURE-GROUND", "終了事由（督促後の期限経過または死亡）がありません。", "Neither the reminder period is over nor a death recorded.";
        NewEvidence = "N-NEW-EVIDENCE", "再依頼には新たな資料が必要です。", "Asking again needs new evidence.";
        GuaranteeConsent = "N-GUARANTEE-CONSENT", "保証委託約款への同意（保証依頼書）がありません。", "The guarantee request with its terms is not on file.";
        OtherGuarantor = "N-OTHER-GUARANTOR", "切替先は、この金庫の保証機関のうち現在と異なるものです。", "The case goes to another guarantee institution of the bank (F-01).";
        GuaranteeFree = "N-GUARANTEE-FREE", "保証が始まっているか、変更前の内容の保証承諾が停止中のため、切り替えられません。", "A guarantee binds, or one of the earlier content waits for the change to end.";
        GuarantorConsent = "N-GUARANTOR-CONSENT", "切替先の保証機関への個人情報の提供に同意がありません。", "Somebody has not agreed that this guarantee institution gets the data (L-PRIV).";
        CurrentRequest = "N-CURRENT-REQUEST", "この保証依頼は最新の申込内容のものではありません。", "The request is not that of the current content.";
        DecisionCovers = "N-DECISION-COVERS", "回答の金額・期間・方式が申込内容を満たしません。", "The decision's loans or numbers do not match the request.";
        OwnRoute = "N-OWN-ROUTE", "個人会員・友の会の資格要件を満たしません。", "The route is not individual membership or friends' society, or fails its test.";
        BasicRefused = "N-BASIC-REFUSED", "引受緩和団信はろうきん団信の謝絶後に限ります。", "RELAXED is possible only after BASIC was refused (G-20).";
        DeclarationOver = "N-DECLARATION-OVER", "告知はまだ有効です。", "The declaration is still valid.";
        DecisionOver = "N-DECISION-OVER", "保証承諾はまだ有効です。", "The guarantee decision is still valid.";
        DeclaredInTime = "N-DECLARED-IN-TIME", "告知日は本日以前で有効期間内の日付にしてください。", "The declaration date must be today or earlier and still valid.";
        SumMatches = "N-SUM-MATCHES", "承諾金額が加入必要額と一致しません。", "The accepted sum is not the required sum.";
        CoversDate = "N-COVERS-DATE", "保険期間が実行日を含みません。", "The cover does not include the disbursement date.";
        Deferrable = "N-DEFERRABLE", "留保できるのは保留地で他の担保と地権者の念書がある場合です。", "Only reserved land with an undertaking can be deferred (H-05).";
        SealFresh = "N-SEAL-FRESH", "印鑑証明書が発行後3か月を超えています。", "The seal certificate is older than three months (D.2).";
        BureauConsent = "N-BUREAU-CONSENT", "個人情報同意書（日付入り）がありません。", "There is no dated privacy consent for the inquiry (L-92).";
        BureauOld = "N-BUREAU-OLD", "信用情報はまだ有効です。", "The bureau answer is not too old.";
        ValueCovers = "N-VALUE-COVERS", "評価額が申込額を満たしません。", "The valuation does not cover the request.";
        PledgeCase = "N-PLEDGE-CASE", "質権設定を要する物件・資金使途ではありません。", "Neither income property nor debt consolidation (H-17).";
        CoverLapsed = "N-COVER-LAPSED", "火災保険は実行日を含んでいます。", "The fire cover still includes the date.";
        PapersStale = "N-PAPERS-STALE", "登記書類は有効です。", "The registration papers are still fresh.";
        ConditionsHold = "N-CONDITIONS-HOLD", "取引条件を満たしていません。", "The transaction conditions do not hold.";
        ConditionsFail = "N-CONDITIONS-FAIL", "取引条件を満たしています。", "The transaction conditions hold.";
        NotPep = "N-NOT-PEP", "外国PEPsのため要確認です。", "A foreign PEP needs review by compliance.";
        Cured = "N-CURED", "解消の内容を記載してください。", "Say how it was cured.";
        CaseEnding = "N-CASE-ENDING", "案件が終了していません。", "The case is not ending.";
        SearchDue = "N-SEARCH-DUE", "再照合の時期ではありません。", "No fresh search is due.";
        NoConflict = "N-NO-CONFLICT", "利益相反のある案件では手続きできません。", "The person has an interest in the case and keeps away from it (L-108-3).";
        ConflictOfAnother = "N-CONFLICT-OF-ANOTHER", "本人以外の方について申告された利益相反ではありません。", "No conflict of another person is declared (L-108-3).";
        Consents = "N-CONSENTS", "個人情報の利用・提供への同意がありません。", "Somebody does not agree, or no longer agrees, to this use of personal data.";
        ConsentGiven = "N-CONSENT-GIVEN", "撤回できる同意がありません。", "No such consent is given.";
        ConsentWithdrawn = "N-CONSENT-WITHDRAWN", "撤回された同意がありません。", "No such consent is withdrawn.";
        Trained = "N-TRAINED", "説明担当者の研修が有効ではありません。", "Whoever explains has no training in force for it (L-95).";
        ContractorFit = "N-CONTRACTOR-FIT", "この委託先には依頼できません。", "The office may not be engaged (L-94).";
        JobTaken = "N-JOB-TAKEN", "司法書士事務所が受任を回答していません。先に受任を回答してください。", "The office has not taken the job: it says first that it does (answerEngagement), with its check of conflicts.";
        OtherOffice = "N-OTHER-OFFICE", "現在の依頼先と同じ事務所です。別の事務所を指定してください。", "The office has the job already: name another one.";
        OneOffice = "N-ONE-OFFICE", "現在の事務所が申請中（または依頼中）の登記があるため、別の事務所へ依頼できません。", "The present office still works on a filing of the case, and a case has one office.";
        OfficeFree = "N-OFFICE-FREE", "指定した事務所にはこの案件の以前の受任・辞退の記録があります。先に再依頼（askOfficeAgain）をしてください。", "The office has answered for this case before: ask it again first (askOfficeAgain), so that it checks for conflicts anew.";
        OfficeReplaceable = "N-OFFICE-REPLACEABLE", "実行準備済・実行処理中または終了した案件では司法書士を変更できません。先に実行日の取消または保留をしてください。", "The money is about to leave, or the case has ended: give the date up or hold the case first.";
        NotHeld = "N-NOT-HELD", "消去禁止（法的保全）の指定があります。", "A legal hold stands (L.2).";
        Held = "N-HELD", "消去禁止（法的保全）の指定がありません。", "No legal hold stands (L.2).";
        RetentionOver = "N-RETENTION-OVER", "保存期間が満了していません。", "The time for which the case is kept is not over (L.2).";
        Released = "N-RELEASED", "消去対象として二名による確定がされていません。", "Two people have not released the case for erasure (L.2).";
        NotErased = "N-NOT-ERASED", "この案件のデータは保存期間満了により消去済みです。", "The data of this case was erased when its time was over (L.2).";
        RequestKnown = "N-REQUEST-UNKNOWN", "この依頼番号の依頼はありません。", "Nothing was asked under this request id, or about something else.";
        RequestOpen = "N-REQUEST-ANSWERED", "この依頼には別の回答を受領済みです。", "The request has another answer already.";
        RequestWithdrawn = "N-REQUEST-WITHDRAWN", "この依頼は取り下げられました。", "The request was withdrawn.";
        RequestReplaced = "N-REQUEST-REPLACED", "この依頼は新しい依頼に差し替えられました。", "The request was replaced by a newer one, or is moot.";
        RequestExpired = "N-REQUEST-EXPIRED", "この依頼の期限は過ぎました。", "The time of the request is over.";
        QuestionOpen = "N-QUESTION-OPEN", "回答を待っている照会ではありません（回答済み、または依頼が終了しています）。", "The question waits for no answer: it has one, or its request is over.";
        Subject = "N-SUBJECT", "対象の人・物件・登記が案件にありません。", "The case has no such person, property, loan or filing.";
    }
}

/// One precondition of a row: a named guard of E.5 or one in words.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    G(Guard),
    N(Need),
}

impl Check {
    /// Stable code: `G-ELIG`, `N-DATE-NAMED`.
    pub fn code(self) -> &'static str {
        match self {
            Check::G(guard) => guard.code(),
            Check::N(need) => need.code(),
        }
    }

    /// The sentence a loan officer reads, in Japanese.
    pub fn ja(self) -> &'static str {
        match self {
            Check::G(guard) => guard.ja(),
            Check::N(need) => need.ja(),
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Check::G(guard) => guard.en(),
            Check::N(need) => need.en(),
        }
    }

    /// Who can clear it.
    pub fn cleared_by(self) -> &'static [Role] {
        match self {
            Check::G(guard) => guard_clearers(guard),
            Check::N(need) => need_clearers(need),
        }
    }
}

fn guard_clearers(guard: Guard) -> &'static [Role] {
    match guard {
        Guard::Elig => &[Role::MemberOrg, Role::BranchClerk],
        Guard::GuarApproved => &[Role::Guarantor],
        Guard::InsDecided | Guard::InsValid => &[Role::Insurer, Role::Applicant],
        Guard::AmlClear => &[Role::System, Role::Compliance],
        Guard::BureauDone => &[Role::System, Role::BranchClerk],
        Guard::CollValue => &[Role::ScreeningOfficer],
        Guard::FireVerified => &[Role::Applicant, Role::BranchClerk],
        Guard::Reg => &[Role::Scrivener, Role::Registry],
        Guard::FourEyes => &[Role::BranchManager, Role::Operations],
        Guard::NoArrears => &[Role::Applicant, Role::CoreBanking],
        Guard::RatePublished | Guard::Cond => &[Role::System],
        Guard::Refusal | Guard::Revoke | Guard::CreditUnchanged => {
            &[Role::ScreeningOfficer, Role::BranchManager]
        }
        Guard::Explain | Guard::Costs | Guard::Payoff => &[Role::BranchClerk],
        _ => &[Role::Applicant, Role::BranchClerk],
    }
}

fn need_clearers(need: Need) -> &'static [Role] {
    match need {
        Need::AllParts | Need::PartOpen | Need::PartPosted | Need::NothingPosted => &[Role::CoreBanking],
        Need::PostingKnown | Need::PostingOverdue | Need::ServicingAccepted => &[Role::CoreBanking],
        Need::GuarAnswered | Need::GuarValidOnDate | Need::GuarantorAgrees => &[Role::Guarantor],
        Need::DeclineGround | Need::RescindGround | Need::TerminationGround | Need::HoldGround => {
            &[Role::ScreeningOfficer, Role::BranchManager]
        }
        Need::SealFresh => &[Role::Scrivener],
        Need::FirstFiled => &[Role::Scrivener, Role::Registry],
        Need::MainAllowed => &[Role::BranchClerk, Role::Scrivener, Role::Registry],
        Need::PayeesApproved => &[Role::BranchClerk, Role::BranchManager],
        Need::NoConflict | Need::ConflictOfAnother | Need::Trained | Need::ContractorFit => {
            &[Role::Compliance]
        }
        Need::JobTaken => &[Role::Scrivener],
        Need::OtherOffice | Need::OfficeFree => &[Role::BranchClerk],
        Need::OneOffice => &[Role::Scrivener, Role::Registry],
        Need::OfficeReplaceable => &[Role::BranchClerk, Role::BranchManager],
        Need::Consents | Need::ConsentGiven | Need::ConsentWithdrawn | Need::GuarantorConsent => {
            &[Role::Applicant, Role::CoObligor, Role::BranchClerk]
        }
        Need::NotHeld | Need::Held | Need::Released => &[Role::Compliance],
        Need::RetentionOver | Need::NotErased => &[],
        Need::RequestKnown
        | Need::RequestOpen
        | Need::RequestWithdrawn
        | Need::RequestReplaced
        | Need::RequestExpired => &[Role::BranchClerk],
        Need::QuestionOpen => &[Role::Guarantor],
        _ => &[Role::Applicant, Role::BranchClerk],
    }
}
