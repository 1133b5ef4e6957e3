//! Papers that were handed in as files (D.1): what the record knows of them, who may hand in and open which, and how the list of what
//! a case needs stands.
//!
//! The bytes lie outside of the case, encrypted under its data key. Digest, size and type of them are facts of the case, so that its
//! chain covers them. A file is never overwritten: a better one stands beside it and says which it replaces.

use super::case::Case;
use super::decide::Context;
use super::event::Event;
use super::refusal::Refusal;
use super::role::Role;
use super::rules::Rules;
use super::verb::Command;
use super::work::Work;
use crate::form::{Document, DocumentKind, Form};
use crate::intake::{Paper, Requirement, required_documents};
use crate::rule::Finding;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

crate::terms! {
    /// What the bytes of a file are, whatever its name says.
    pub enum MediaType {
        Pdf = "PDF", "PDF", "PDF";
        Jpeg = "JPEG", "JPEG画像", "JPEG image";
        Png = "PNG", "PNG画像", "PNG image";
        Heic = "HEIC", "HEIC画像", "HEIC image";
        Tiff = "TIFF", "TIFF画像", "TIFF image";
    }
}

impl MediaType {
    /// The type as HTTP names it.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
            Self::Tiff => "image/tiff",
        }
    }

    /// Ends of names that go with it; the first one is given where a file is handed out.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Heic => &["heic", "heif"],
            Self::Tiff => &["tif", "tiff"],
        }
    }
}

crate::terms! {
    /// Why a paper does not do (T03): code for the desk, words for the person who handed it in.
    pub enum PaperFault {
        Unreadable = "UNREADABLE", "判読できません", "It cannot be read";
        Incomplete = "INCOMPLETE", "ページまたは記載が不足しています", "Pages or entries are missing";
        OtherPaper = "OTHER_PAPER", "別の種類の書類です", "It is another paper";
        OtherPerson = "OTHER_PERSON", "別の方の書類です", "It is another person's";
        Outdated = "OUTDATED", "有効期間を過ぎています", "It is too old";
        Contradictory = "CONTRADICTORY", "申込内容と一致しません", "It does not agree with the application";
        Unsigned = "UNSIGNED", "署名・押印または日付がありません", "Signature, seal or date is missing";
        Altered = "ALTERED", "訂正の跡があり使用できません", "It has been altered";
    }
}

crate::terms! {
    /// How a file stands.
    pub enum FileState {
        Received = "RECEIVED", "受領", "Received, not looked at yet";
        Accepted = "ACCEPTED", "確認済", "Looked at and in order";
        Defective = "DEFECTIVE", "不備", "Looked at and not in order";
        Replaced = "REPLACED", "差替済", "Replaced by another file";
    }
}

crate::terms! {
    /// How a paper of the list stands.
    pub enum PaperState {
        Missing = "MISSING", "未受領", "Not received";
        Received = "RECEIVED", "受領", "Received, not looked at yet";
        Accepted = "ACCEPTED", "確認済", "Looked at and in order";
        Defective = "DEFECTIVE", "不備", "Looked at and not in order";
        Expired = "EXPIRED", "期限切れ", "Too old by D.2";
    }
}

crate::terms! {
    /// When a paper of the list is due (D.1).
    pub enum PaperStage {
        Application = "APPLICATION", "申込時", "With the application";
        Contract = "CONTRACT", "契約時", "With the contract";
        Disbursement = "DISBURSEMENT", "実行時", "Before the disbursement";
        Other = "OTHER", "その他", "Not asked for";
    }
}

crate::terms! {
    /// How an upload stands.
    pub enum UploadState {
        Open = "OPEN", "受信中", "Bytes are still to come";
        Waiting = "WAITING", "確認待ち", "Whole, and not through the checks yet";
        Attached = "ATTACHED", "登録済み", "A file of the case";
        Refused = "REFUSED", "受付不可", "Refused; its bytes are gone";
        Expired = "EXPIRED", "期限切れ", "Left unfinished; its bytes are gone";
    }
}

/// A file as the server found it: digested, sniffed and scanned by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperFile {
    /// Id of the upload that brought it.
    pub id: String,
    /// What it is, by the word of whoever handed it in: a paper or a consent of D.1.
    #[schemars(with = "String")]
    pub paper: Paper,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_no: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loan_no: Option<u8>,
    /// Certificates only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    /// Name of the file as it was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Number of the bytes.
    pub bytes: u64,
    pub media_type: MediaType,
    /// Whether a scanner looked at it and found nothing; without one nobody has looked.
    pub scanned: bool,
    /// Who handed it in, and as what.
    pub by: String,
    pub role: Role,
}

/// What somebody found who looked at a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCheck {
    /// `None`: in order.
    pub fault: Option<PaperFault>,
    pub note: Option<String>,
    pub by: String,
    pub on: NaiveDate,
}

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub file: PaperFile,
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<PaperCheck>,
    /// The file that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
}

impl AttachedFile {
    /// How it stands.
    pub fn state(&self) -> FileState {
        match (&self.replaced_by, &self.check) {
            (Some(_), _) => FileState::Replaced,
            (None, None) => FileState::Received,
            (None, Some(check)) if check.fault.is_some() => FileState::Defective,
            (None, Some(_)) => FileState::Accepted,
        }
    }
}

/// What is wrong with somebody's health stands in these: the insurer opens them and nobody else (L-93).
pub const fn is_health(paper: Paper) -> bool {
    matches!(
        paper,
        Paper::Document(
            DocumentKind::InsuranceApplicationDeclaration
                | DocumentKind::RelaxedAssessmentIntent
                | DocumentKind::HealthCertificate
        )
    )
}

/// May this role open files of this paper? Partners what their engagement covers: the guarantor what goes with its request (F-02), the
/// scrivener what belongs to the registration (H-15, H-35), the organisation its own certificate.
pub const fn opens(role: Role, paper: Paper) -> bool {
    use DocumentKind as D;
    let Paper::Document(kind) = paper else {
        return matches!(
            role,
            Role::BranchClerk
                | Role::BranchManager
                | Role::ScreeningOfficer
                | Role::Compliance
                | Role::Applicant
                | Role::CoObligor
                | Role::Guarantor
        );
    };
    if is_health(paper) {
        return matches!(role, Role::Insurer);
    }
    match role {
        Role::BranchClerk
        | Role::BranchManager
        | Role::ScreeningOfficer
        | Role::Operations
        | Role::Compliance
        | Role::Applicant
        | Role::CoObligor => true,
        Role::Guarantor => sent_to_guarantor(paper),
        Role::Scrivener => matches!(
            kind,
            D::RegisterExtract
                | D::PropertyPlans
                | D::SealCertificate
                | D::MortgageDeed
                | D::ResidentialBuildingCertificate
                | D::LandlordConsent
        ),
        Role::MemberOrg => matches!(kind, D::MembershipCertificate),
        Role::FireInsurer => matches!(kind, D::FireCoverEvidence),
        _ => false,
    }
}

/// Does the request to the guarantor carry it (F-02)? What comes with the application, health excepted (L-93).
pub const fn sent_to_guarantor(paper: Paper) -> bool {
    use DocumentKind as D;
    match paper {
        Paper::Consent(_) => true,
        Paper::Document(kind) => {
            !is_health(paper)
                && !matches!(
                    kind,
                    D::ConfirmationSheet
                        | D::ExplanationBooklet
                        | D::ProductOutline
                        | D::SpecialTermAgreement
                        | D::FireCoverEvidence
                        | D::ResidentialBuildingCertificate
                )
        }
    }
}

/// Who hands files in. People of the case and the branch everything; partners what they opened anyway.
pub const fn hands_in(role: Role, paper: Paper) -> bool {
    match role {
        Role::Applicant | Role::CoObligor | Role::BranchClerk => true,
        Role::Scrivener | Role::MemberOrg | Role::FireInsurer => opens(role, paper),
        _ => false,
    }
}

/// Roles that hand files in.
pub const HANDING_IN: &[Role] = &[
    Role::Applicant,
    Role::CoObligor,
    Role::BranchClerk,
    Role::Scrivener,
    Role::MemberOrg,
    Role::FireInsurer,
];

/// What can never be right of a file or a check of one. An upload that is recorded already is no fault of the caller: the server asks
/// for it itself and looks first.
pub(super) fn refused(command: &Command, case: &Case) -> Option<Refusal> {
    let of = |field: &str, ja: &str, en: &str| Some(Refusal::invalid(field, "D.1", ja, en));
    let file = |id: &str| case.files.iter().find(|attached| attached.file.id == id);
    match command {
        Command::AttachPaper { file: new, replaces } => {
            if file(&new.id).is_some() {
                return of("file.id", "この受付は登録済みです。", "This upload is on record already.");
            }
            if let Some((field, ja, en)) = misplaced(&case.form, new) {
                return of(field, ja, en);
            }
            let old = replaces.as_deref().map(file);
            match old {
                Some(None) => {
                    of("replaces", "差替え元の書類がありません。", "There is no such file to replace.")
                }
                Some(Some(old)) if old.replaced_by.is_some() => {
                    of("replaces", "その書類は差替え済みです。", "That file has been replaced already.")
                }
                Some(Some(old)) if old.file.paper != new.paper || old.file.party_id != new.party_id => of(
                    "replaces",
                    "同じ方の同じ種類の書類だけを差し替えられます。",
                    "A file replaces one of the same paper and person.",
                ),
                _ => None,
            }
        }
        Command::CheckPaper { file_id, .. } => match file(file_id) {
            None => of("file_id", "案件にその書類はありません。", "The case has no such file."),
            Some(old) if old.replaced_by.is_some() => {
                of("file_id", "その書類は差替え済みです。", "That file has been replaced.")
            }
            Some(old) if is_health(old.file.paper) => of(
                "file_id",
                "告知書・診断書は引受保険会社だけが確認します。",
                "Health papers are looked at by the insurer alone (L-93).",
            ),
            Some(_) => None,
        },
        _ => None,
    }
}

/// May this actor hand in this file now? Asked before bytes are taken; the server records it as itself once they are there. Errors: why
/// not, as at any other verb.
pub fn may_hand_in(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    if let Command::AttachPaper { file, .. } = command
        && !hands_in(ctx.actor.role, file.paper)
    {
        return Err(Refusal::Forbidden { roles: HANDING_IN.to_vec() });
    }
    super::decide::check_ownership(case, command, ctx)?;
    super::decide::check_interest(case, command, ctx)?;
    if case.keeping.erased.is_some() || case.stage.is_final() {
        return Err(Refusal::here(case.stage, &[]));
    }
    refused(command, case).map_or(Ok(()), Err)
}

/// A person, property or loan that the case does not have; the field and what to say. Also asked before bytes are taken.
pub fn misplaced(form: &Form, file: &PaperFile) -> Option<(&'static str, &'static str, &'static str)> {
    let (party, property, loan) = (&file.party_id, file.property_no, file.loan_no);
    if party.as_deref().is_some_and(|party| form.party(party).is_none()) {
        return Some(("party_id", "案件にその人はいません。", "The case has no such person."));
    }
    if matches!(file.paper, Paper::Consent(_)) && party.is_none() {
        return Some((
            "party_id",
            "同意書はどなたのものか指定してください。",
            "A consent is somebody's: name the person.",
        ));
    }
    if property.is_some_and(|no| form.properties.iter().all(|property| property.property_no != no)) {
        return Some(("property_no", "案件にその物件はありません。", "The case has no such property."));
    }
    if loan.is_some_and(|no| form.loans.iter().all(|loan| loan.loan_no != no)) {
        return Some(("loan_no", "案件にその借入はありません。", "The case has no such loan."));
    }
    None
}

pub(super) fn change(work: &mut Work<'_>, command: &Command) {
    match command {
        Command::AttachPaper { file, replaces } => {
            let (file, at) = (Box::new(file.clone()), work.ctx.now);
            work.fact(Event::PaperAttached { file, at, replaces: replaces.clone() });
        }
        Command::CheckPaper { file_id, fault, note } => {
            let (by, on) = (work.ctx.actor.subject.clone(), work.ctx.today());
            let check = PaperCheck { fault: *fault, note: note.clone(), by, on };
            work.fact(Event::PaperChecked { file_id: file_id.clone(), check });
        }
        _ => {}
    }
}

pub(super) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::PaperAttached { file, at, replaces } => {
            for old in case.files.iter_mut().filter(|old| Some(&old.file.id) == replaces.as_ref()) {
                old.replaced_by = Some(file.id.clone());
            }
            let file = file.as_ref().clone();
            case.files.push(AttachedFile { file, at: *at, check: None, replaced_by: None });
            enter(case);
        }
        Event::PaperChecked { file_id, check } => {
            for file in case.files.iter_mut().filter(|attached| attached.file.id == *file_id) {
                file.check = Some(check.clone());
            }
        }
        _ => {}
    }
}

/// Papers that came as files stand among the papers of the content, and stay there when the content is replaced.
pub(super) fn enter(case: &mut Case) {
    let mut lines = vec![];
    for attached in case.files.iter().filter(|attached| attached.replaced_by.is_none()) {
        let file = &attached.file;
        let Paper::Document(kind) = file.paper else { continue };
        let line = Document {
            document: kind,
            party_id: file.party_id.clone(),
            property_no: file.property_no,
            issued_on: file.issued_on,
            received_on: crate::calendar::tokyo_date(attached.at),
        };
        if !case.form.documents.contains(&line) && !lines.contains(&line) {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        Arc::make_mut(&mut case.form).documents.extend(lines);
    }
}

/// Files that were found defective and have no better one yet: what stands under G-DOC-INTAKE beside the rules.
pub(super) fn defective(case: &Case) -> impl Iterator<Item = &AttachedFile> {
    case.files.iter().filter(|attached| attached.state() == FileState::Defective)
}

/// One paper of the list with the files that came for it.
#[derive(Clone, Debug)]
pub struct PaperLine<'c> {
    pub stage: PaperStage,
    /// What is asked for; `key` names it, such as `SEAL_CERTIFICATE:A1`.
    pub requirement: Requirement,
    pub state: PaperState,
    /// Replaced ones as well, the latest first.
    pub files: Vec<&'c AttachedFile>,
}

/// Every paper that the case needs and every file that it has, stage by stage (D.1); `None` where no book counts for it. What is too old is
/// what the rules find under D.2 for the planned date.
pub fn checklist<'c>(case: &'c Case, rules: &dyn Rules) -> Option<Vec<PaperLine<'c>>> {
    let (form, date) = (case.form.as_ref(), case.planned_date());
    let book = rules.book_of(form)?;
    let required = required_documents(form, &book, date);
    let findings = rules.findings(form, date);
    let stages = [
        (PaperStage::Application, required.application),
        (PaperStage::Contract, required.contract),
        (PaperStage::Disbursement, required.disbursement),
    ];
    let wanted = stages.into_iter().flat_map(|(stage, list)| list.into_iter().map(move |one| (stage, one)));
    let mut lines: Vec<PaperLine<'c>> =
        wanted.map(|(stage, requirement)| PaperLine::empty(stage, requirement)).collect();
    // The latest first. What is asked for nowhere has a line of its own.
    for attached in case.files.iter().rev() {
        let mut placed = false;
        for line in lines.iter_mut().filter(|line| answers(&attached.file, &line.requirement)) {
            line.files.push(attached);
            placed = true;
        }
        if !placed {
            let mut line = PaperLine::empty(PaperStage::Other, attached.file.requirement());
            line.files.push(attached);
            lines.push(line);
        }
    }
    for line in &mut lines {
        line.state = state(form, line, &findings);
    }
    Some(lines)
}

impl PaperLine<'_> {
    fn empty(stage: PaperStage, requirement: Requirement) -> Self {
        PaperLine { stage, requirement, state: PaperState::Missing, files: vec![] }
    }
}

impl PaperFile {
    /// What it is and whose, as a line of the list.
    pub fn requirement(&self) -> Requirement {
        Requirement {
            paper: self.paper,
            party_id: self.party_id.clone(),
            loan_no: self.loan_no,
            property_no: self.property_no,
        }
    }
}

/// Does a file answer a requirement? What the requirement leaves open any file answers.
fn answers(file: &PaperFile, wanted: &Requirement) -> bool {
    let party = wanted.party_id.is_none() || wanted.party_id == file.party_id;
    let loan = wanted.loan_no.is_none() || file.loan_no.is_none() || wanted.loan_no == file.loan_no;
    let property = wanted.property_no.is_none() || wanted.property_no == file.property_no;
    file.paper == wanted.paper && party && loan && property
}

fn state(form: &Form, line: &PaperLine<'_>, findings: &[Finding]) -> PaperState {
    let key = line.requirement.key();
    let standing: Vec<FileState> =
        line.files.iter().map(|file| file.state()).filter(|state| *state != FileState::Replaced).collect();
    if standing.contains(&FileState::Defective) {
        return PaperState::Defective;
    }
    // Where the rules find a certificate too old they name it by its key.
    if findings.iter().any(|finding| finding.rule == "D.2" && finding.subject == key) {
        return PaperState::Expired;
    }
    match standing.as_slice() {
        [] if line.requirement.is_met(form) => PaperState::Received,
        [] => PaperState::Missing,
        all if all.iter().all(|state| *state == FileState::Accepted) => PaperState::Accepted,
        _ => PaperState::Received,
    }
}
