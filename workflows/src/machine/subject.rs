//! Which instance, person or filing a command is about, what it says as reason, and data that can never be right.

use super::case::{Case, insurance_key};
use super::decide::Context;
use super::refusal::Refusal;
use super::role::Role;
use super::track::Track;
use super::verb::Command;

/// Key of the track instance that a track command moves. `None`: the case has no such person, loan, property or filing.
pub(super) fn key_of(command: &Command, case: &Case) -> Option<String> {
    use Command as C;
    let (track, key) = match command {
        C::RequestMembership { party_id }
        | C::ConfirmMembership { party_id, .. }
        | C::RefuseMembership { party_id }
        | C::LoseMembership { party_id }
        | C::ConfirmOwnRoute { party_id, .. }
        | C::ChangeRoute { party_id, .. } => (Track::Elig, party_id.clone()),
        C::StartAmlCheck { party_id }
        | C::ClearAml { party_id, .. }
        | C::FlagAml { party_id, .. }
        | C::AcceptAml { party_id, .. }
        | C::BlockAml { party_id, .. }
        | C::StaleAml { party_id } => (Track::Aml, party_id.clone()),
        C::InquireBureau { party_id }
        | C::AnswerBureau { party_id, .. }
        | C::FailBureau { party_id }
        | C::ExpireBureau { party_id } => (Track::Bureau, party_id.clone()),
        C::DeclareInsurance { party_id, loan_no, .. }
        | C::PassDeclaration { party_id, loan_no }
        | C::RequireExam { party_id, loan_no }
        | C::SupplyExam { party_id, loan_no }
        | C::AcceptInsurance { party_id, loan_no, .. }
        | C::RejectInsurance { party_id, loan_no }
        | C::IntendRelaxed { party_id, loan_no }
        | C::ExpectRelaxed { party_id, loan_no }
        | C::ExpireDeclaration { party_id, loan_no }
        | C::ClaimInsurance { party_id, loan_no } => (Track::Ins, insurance_key(party_id, *loan_no)),
        C::HandInFireEvidence { property_no }
        | C::VerifyFireCover { property_no, .. }
        | C::ReturnFireEvidence { property_no, .. }
        | C::RequireFirePledge { property_no }
        | C::LapseFireCover { property_no }
        | C::ConfirmFirePledge { property_no } => (Track::Fire, property_key(*property_no)),
        C::InstructScrivener { filing, .. }
        | C::DeferRegistration { filing, .. }
        | C::VerifyMortgagors { filing, .. }
        | C::ReadyPapers { filing, .. }
        | C::StalePapers { filing }
        | C::FileRegistration { filing }
        | C::AcceptFiling { filing, .. }
        | C::OrderCorrection { filing, .. }
        | C::CorrectFiling { filing }
        | C::CompleteRegistration { filing, .. }
        | C::RejectFiling { filing, .. }
        | C::WithdrawFiling { filing, .. }
        | C::CancelRegistration { filing }
        | C::ReplaceScrivener { filing, .. }
        | C::StopRegistration { filing } => (Track::Reg, filing.clone()),
        C::RequestGuarantee { .. }
        | C::ApproveGuarantee { .. }
        | C::ConditionGuarantee { .. }
        | C::DeclineGuarantee {}
        | C::AskBank { .. }
        | C::SendConditionEvidence { .. }
        | C::Subrogate { .. } => (Track::Guar, Case::guarantee_key(case.content_version)),
        C::RevokeGuarantee { content_version } | C::ExpireGuarantee { content_version } => {
            (Track::Guar, Case::guarantee_key(content_version.unwrap_or(case.content_version)))
        }
        C::EvaluateConditions { .. } | C::ReopenConditions {} => (Track::Cond, CASE.to_owned()),
        C::OrderValuation { .. }
        | C::RecordValuation { .. }
        | C::FindInsufficient { .. }
        | C::FindDefect { .. }
        | C::ReopenValuation { .. } => (Track::Coll, CASE.to_owned()),
        _ => return None,
    };
    case.instance(track, &key).map(|_| key)
}

/// Key of the tracks that a case has once.
pub const CASE: &str = "CASE";
/// Key of the filing that sets the mortgage.
pub const FILING: &str = "F1";
/// Key of the filing that adds the building to it once it stands (S-09, H-04).
pub const SECOND_FILING: &str = "F2";

/// Key of a property's fire cover.
pub fn property_key(property_no: u16) -> String {
    format!("P{property_no}")
}

/// What the actor gave as reason.
pub(super) fn reason_of(command: &Command) -> Option<String> {
    use Command as C;
    match command {
        C::WithdrawApplication { reason }
        | C::ReleaseDate { reason }
        | C::RejectPosting { reason, .. }
        | C::ReversePosting { reason }
        | C::ReturnProposal { reason, .. }
        | C::ReturnFireEvidence { reason, .. }
        | C::WithdrawFiling { reason, .. }
        | C::AcceptAml { reason, .. }
        | C::BlockAml { reason, .. }
        | C::ReopenValuation { reason }
        | C::ReplaceScrivener { reason, .. }
        | C::OpenCaseInEmergency { reason }
        | C::AllowAccountException { reason }
        | C::LiftConflict { reason, .. }
        | C::PlaceLegalHold { reason }
        | C::LiftLegalHold { reason }
        | C::SwitchGuarantor { reason, .. }
        | C::AllowInsuranceException { reason, .. } => Some(reason.clone()),
        C::RequestChange { reason, .. } | C::ConfirmOwnRoute { reason, .. } => reason.clone(),
        C::WithdrawConsent { note, .. } | C::CheckPaper { note, .. } => note.clone(),
        C::DeclineLoan { ground, .. } | C::RescindApproval { ground, .. } => Some(ground.code().to_owned()),
        C::CloseCase { ground, .. } => Some(ground.code().to_owned()),
        C::HoldDisbursement { ground, .. } => Some(ground.code().to_owned()),
        C::TerminateContract { ground, .. } => Some(ground.code().to_owned()),
        C::OpenChange { cause } => Some(cause.code().to_owned()),
        _ => None,
    }
}

/// What can never be right of a record (I.20, H-30 to H-36), of a bridge loan (S-02) or of an extension (S-12). A request after the deadline stands under
/// N-EXTENSION-PAPERS.
fn refused(command: &Command, case: &Case, ctx: &Context<'_>) -> Option<crate::Problem> {
    match command {
        Command::LinkBridge { interest_yen: Some(yen), .. } if *yen < 0 => {
            Some(crate::Rule::refusal("BR-5", "interest_yen", "0円以上 / not below zero yen"))
        }
        Command::LinkBridge { principal_yen: Some(yen), outstanding: true, due_on, .. } => {
            let asked = super::ahead::bridge_review(case, ctx.rules, ctx.today(), crate::Yen(*yen), *due_on);
            asked.err()?.into_iter().next()
        }
        Command::ConfirmOwnRoute { party_id, reason } => {
            let (book, party) = (ctx.rules.book_of(&case.form)?, case.form.party(party_id)?);
            let said = reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
            let asked = crate::intake::needs_branch_reason(party, &book.terms.eligibility);
            (asked && !said).then(|| {
                let messages = (
                    "勤労者でない友の会会員を認める理由を記載してください。",
                    "Say why the branch takes a member of the friends' society who is no worker.",
                );
                crate::Problem::new("reason", "B-08", messages, "空でない文字列 / text")
            })
        }
        Command::RecordCompletion { property_no, completed_on } => {
            super::ahead::completion_refused(case, ctx.today(), *property_no, *completed_on)
        }
        Command::RecordTermsAgreement { agreed_on } if *agreed_on > ctx.today() => {
            let accepted = format!("{}まで / by {0}", ctx.today());
            Some(crate::Rule::refusal("S-09", "agreed_on", accepted))
        }
        Command::ExtendFundingDeadline { new_handover_on, cause } => {
            let asked = super::ahead::extension(case, ctx.rules, ctx.today(), *new_handover_on, cause)?;
            asked.err()?.into_iter().find(|problem| problem.field != "asked_on")
        }
        _ => super::record::refused(command, case, ctx.today()),
    }
}

/// Data that can never be right, whatever the case: named with field and rule.
pub(super) fn validate(command: &Command, case: &Case, ctx: &Context<'_>) -> Result<(), Refusal> {
    use Command as C;
    if let Some(problem) = refused(command, case, ctx) {
        let say = |text: &str| format!("{text}（{}）", problem.accepted);
        return Err(Refusal::invalid(
            &problem.field,
            problem.rule,
            &say(&problem.message_ja),
            &say(&problem.message_en),
        ));
    }
    if let Some(refusal) = super::papers::refused(command, case) {
        return Err(refusal);
    }
    if let Some(refusal) = super::question::refused(command, case) {
        return Err(refusal);
    }
    if let Some(refusal) = super::meeting::refused(command, case, ctx.today()) {
        return Err(refusal);
    }
    if let Some(refusal) = super::consent::refused(command, case, ctx) {
        return Err(refusal);
    }
    match command {
        C::ApproveLoan { screening_add_on: Some(rate), .. }
        | C::ApproveWithConditions { screening_add_on: Some(rate), .. } => {
            let (low, high) = (rust_decimal::Decimal::ZERO, rust_decimal::Decimal::new(2, 1));
            if *rate < low || *rate > high {
                return Err(Refusal::invalid(
                    "screening_add_on",
                    "C-60",
                    "審査加算は0から0.2までです。",
                    "The add-on is between 0 and 0.2.",
                ));
            }
        }
        C::RecordExplanation { party_id, .. }
        | C::VerifyIdentity { party_id, .. }
        | C::SignContract { party_id }
        | C::RecordDeath { party_id }
        | C::AllowInsuranceException { party_id, .. }
            if case.form.party(party_id).is_none() =>
        {
            return Err(Refusal::invalid(
                "party_id",
                "A.1",
                "案件にその人はいません。",
                "The case has no such person.",
            ));
        }
        C::DeclareConflict { note, .. } | C::LiftConflict { reason: note, .. } if note.trim().is_empty() => {
            return Err(Refusal::invalid(
                "note",
                "L-108-3",
                "事情または解除の理由を記載してください。",
                "Say what the interest is, or why it is none.",
            ));
        }
        C::SwitchGuarantor { reason, .. } if reason.trim().is_empty() || reason.chars().count() > 400 => {
            return Err(Refusal::invalid(
                "reason",
                "F-01",
                "切り替える理由を1～400文字で記載してください。",
                "Say in 1 to 400 characters why the case goes to another institution.",
            ));
        }
        C::PlaceLegalHold { reason } | C::LiftLegalHold { reason } if reason.trim().is_empty() => {
            return Err(Refusal::invalid(
                "reason",
                "L.2",
                "消去禁止の設定・解除の理由を記載してください。",
                "Say why the hold is placed or lifted.",
            ));
        }
        C::DeclareConflict { subject: Some(subject), .. }
            if *subject != ctx.actor.subject
                && !matches!(ctx.actor.role, Role::BranchManager | Role::Compliance) =>
        {
            return Err(Refusal::Forbidden { roles: vec![Role::BranchManager, Role::Compliance] });
        }
        C::RecordCosts { scrivener_bill_yen, funds_available_yen }
            if *scrivener_bill_yen < 0 || *funds_available_yen < 0 =>
        {
            return Err(Refusal::invalid(
                "scrivener_bill_yen",
                "I.20",
                "0円以上を指定してください。",
                "Not below zero yen.",
            ));
        }
        C::ReplaceScrivener { office, reason, .. }
            if office.trim().is_empty() || reason.trim().is_empty() =>
        {
            let field = if office.trim().is_empty() { "office" } else { "reason" };
            return Err(Refusal::invalid(
                field,
                "L-94",
                "引き継ぐ事務所と変更の理由を記載してください。",
                "Name the office that takes over, and why.",
            ));
        }
        C::AcceptFiling { receipt, .. } if receipt.number == 0 || receipt.received_on > ctx.today() => {
            return Err(Refusal::invalid(
                "receipt",
                "H-37",
                "受付番号は1以上、受付日は本日以前です。",
                "Number from 1, date not in the future.",
            ));
        }
        C::AcceptFiling { receipt, .. } if receipt.office.trim().is_empty() => {
            return Err(Refusal::invalid(
                "receipt.office",
                "H-37",
                "登記所を記載してください。",
                "Name the registry office.",
            ));
        }
        C::AcceptFiling { receipt, .. } if receipt.proof.as_ref().is_some_and(|proof| !proof.is_sound()) => {
            return Err(Refusal::invalid(
                "receipt.proof",
                "H-37",
                "申請番号と状態確認番号は、到達通知のとおり半角英数字とハイフン4〜40文字です。",
                "Application number and status-confirmation number as on the arrival notice: 4 to 40 letters, digits or hyphens.",
            ));
        }
        C::RecordDefects { defects } | C::ReturnContract { defects }
            if defects.iter().any(|d| d.problem.trim().is_empty()) =>
        {
            return Err(Refusal::invalid(
                "defects",
                "T03",
                "不備の内容を記載してください。",
                "Say what is wrong with the paper.",
            ));
        }
        C::SubmitApplication { received_at: Some(at), .. }
            if *at > ctx.now && ctx.actor.role != Role::Importer =>
        {
            return Err(Refusal::invalid(
                "received_at",
                "T01",
                "未来の受付日時です。",
                "The reception is in the future.",
            ));
        }
        C::CreateDraft { form }
        | C::EditDraft { form }
        | C::AmendApplication { form }
        | C::RequestChange { form, .. }
            if form.institution.bank_code != case.institution
                || form.institution.branch_code != case.branch =>
        {
            return Err(Refusal::invalid(
                "form.institution",
                "B-06",
                "取扱金庫・店は変更できません。",
                "Bank and branch cannot change.",
            ));
        }
        _ => super::emergency::validate(command, case, ctx)?,
    }
    Ok(())
}
