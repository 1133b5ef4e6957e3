//! The job of a scrivener's office in a case: it says whether it takes it, what it will cost, whom it has identified (H-14, H-15, H-46,
//! E.2). Words of lists and figures alone: these lines outlive the erasure of a case, and an identification information has no place
//! to stand in.

use crate::form::{Form, Problem};
use crate::machine::Limits;
use crate::terms;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

terms! {
    /// How an office stands to a job.
    pub enum EngagementState {
        Asked = "ASKED", "再依頼中", "Asked again";
        Accepted = "ACCEPTED", "受任", "Taken";
        Declined = "DECLINED", "辞退", "Declined";
        Ended = "ENDED", "終了", "Ended";
    }
}

terms! {
    /// Why an office does not take a job.
    pub enum DeclineReason {
        Conflict = "CONFLICT", "利益相反", "Conflict of interest";
        Workload = "WORKLOAD", "業務量", "Workload";
        Date = "DATE", "決済日に対応不可", "The day of settlement is not possible";
        Area = "AREA", "取扱地域外", "Outside of the office's area";
    }
}

terms! {
    /// How somebody was identified (H-46).
    pub enum IdentityMethod {
        FaceToFace = "FACE_TO_FACE", "対面（原本の提示）", "Face to face, originals shown";
        ChipReading = "CHIP_READING", "ICチップの読取り", "Chip of the document read";
        PublicAuthentication = "PUBLIC_AUTHENTICATION", "公的個人認証", "Public personal authentication";
        RegisteredMail = "REGISTERED_MAIL", "転送不要郵便（本人限定受取等）", "Mail that is not forwarded";
        ImageUpload = "IMAGE_UPLOAD", "画像の送信（2027年3月31日まで）", "Image upload, until 31 March 2027";
    }
}

terms! {
    /// Papers that identify somebody. Pension books and health-insurance cards are none any more (H-46).
    pub enum IdentityPaper {
        DrivingLicence = "DRIVING_LICENCE", "運転免許証", "Driving licence";
        IndividualNumberCard = "INDIVIDUAL_NUMBER_CARD", "マイナンバーカード（表面）", "Individual number card, front side";
        Passport = "PASSPORT", "旅券", "Passport";
        ResidenceCard = "RESIDENCE_CARD", "在留カード", "Residence card";
        SpecialResident = "SPECIAL_RESIDENT", "特別永住者証明書", "Special permanent resident certificate";
        SealCertificate = "SEAL_CERTIFICATE", "印鑑登録証明書", "Seal certificate";
        ResidentRecord = "RESIDENT_RECORD", "住民票の写し", "Copy of the resident record";
    }
}

impl IdentityPaper {
    /// Identifies only together with another paper.
    pub const fn is_supplement(self) -> bool {
        matches!(self, IdentityPaper::SealCertificate | IdentityPaper::ResidentRecord)
    }
}

/// First day on which image upload and copies identify nobody any more (H-46).
const WITHOUT_IMAGES: NaiveDate = match NaiveDate::from_ymd_opt(2027, 4, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What an office says to a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub state: EngagementState,
    /// The case is one of the office's people or of a relative.
    pub own_or_relative: bool,
    /// The office acts, or acted, for another party of the case whose interests are opposed.
    pub other_party: bool,
    pub reason: Option<DeclineReason>,
    pub by: String,
    pub at: DateTime<Utc>,
}

fn problem(field: &str, rule: &'static str, words: (&str, &str), accepted: &str) -> Problem {
    Problem::new(field, rule, words, accepted)
}

/// Everything against an answer (E.2). Whoever has a conflict declines for it; nobody declines without a reason.
pub fn problems_of_answer(
    accepts: bool,
    own_or_relative: bool,
    other_party: bool,
    reason: Option<DeclineReason>,
) -> Vec<Problem> {
    let mut problems = vec![];
    let conflict = own_or_relative || other_party;
    if accepts && conflict {
        let words =
            ("利益相反のある案件は受任できません。", "A case with a conflict of interest is not taken.");
        problems.push(problem("accepts", "E.2", words, "false, reason CONFLICT"));
    }
    if accepts && reason.is_some() {
        let words = ("受任に辞退理由は付けません。", "Who takes a job gives no reason for declining it.");
        problems.push(problem("reason", "E.2", words, "no reason"));
    }
    if !accepts && reason.is_none() {
        let words = ("辞退の理由を選んでください。", "Say why the job is declined.");
        problems.push(problem("reason", "E.2", words, "CONFLICT, WORKLOAD, DATE, AREA"));
    }
    if !accepts && conflict && reason.is_some_and(|reason| reason != DeclineReason::Conflict) {
        let words =
            ("利益相反のときの辞退理由は利益相反です。", "With a conflict the reason is the conflict.");
        problems.push(problem("reason", "E.2", words, "CONFLICT"));
    }
    if !accepts && !conflict && reason == Some(DeclineReason::Conflict) {
        let words = ("利益相反の内容を選んでください。", "Say which conflict it is.");
        problems.push(problem("ownOrRelative", "E.2", words, "ownOrRelative or otherParty true"));
    }
    problems
}

terms! {
    /// How a job stands that an office has not taken.
    pub enum Waiting {
        Asked = "ASKED", "回答待ち", "Asked";
        Late = "LATE", "回答遅れ", "Late";
        Escalated = "ESCALATED", "管理者対応", "For the manager";
        Declined = "DECLINED", "辞退", "Declined";
    }
}

/// How a job stands that was asked on a day and is not answered today. `limits`: those of the case's book, which say after how many bank
/// days the office is reminded and the manager is told (E.2).
pub fn waiting(asked_on: NaiveDate, today: NaiveDate, limits: &Limits) -> Waiting {
    let (remind, escalate) = (limits.job_reminder_days, limits.job_overdue_days);
    let mut passed = 0;
    let mut day = asked_on;
    while day < today && passed <= escalate {
        day = day.succ_opt().unwrap_or(today);
        if crate::calendar::is_bank_day(day) {
            passed += 1;
        }
    }
    match passed {
        n if n >= escalate => Waiting::Escalated,
        n if n >= remind => Waiting::Late,
        _ => Waiting::Asked,
    }
}

/// What a job costs, in whole yen. The customer bears it (H-14).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// The office's own fee without tax.
    pub fee_yen: i64,
    /// Consumption tax on the fee, as the office states it.
    pub consumption_tax_yen: i64,
    /// 登録免許税 (H-41 to H-43).
    pub registration_tax_yen: i64,
    /// Certificates, postage.
    pub disbursements_yen: i64,
}

/// Most that any one figure may be: far beyond what a home costs to register.
const MOST_YEN: i64 = 100_000_000;

impl Costs {
    /// Everything together.
    pub fn total_yen(&self) -> i64 {
        self.named().iter().map(|(_, yen)| yen).sum()
    }

    fn named(&self) -> [(&'static str, i64); 4] {
        [
            ("feeYen", self.fee_yen),
            ("consumptionTaxYen", self.consumption_tax_yen),
            ("registrationTaxYen", self.registration_tax_yen),
            ("disbursementsYen", self.disbursements_yen),
        ]
    }

    /// Everything against these figures; `tax`: what the application for the registration comes to, where it is known.
    pub fn problems(&self, tax: Option<i64>) -> Vec<Problem> {
        let mut problems = vec![];
        for (field, yen) in self.named() {
            if !(0..=MOST_YEN).contains(&yen) {
                let words = ("0円以上1億円以下で指定してください。", "From zero to 100,000,000 yen.");
                problems.push(problem(field, "H-14", words, "0..100000000"));
            }
        }
        if let Some(tax) = tax.filter(|tax| *tax != self.registration_tax_yen) {
            let words = (
                "登録免許税が登記申請書の税額と異なります。",
                "The registration tax differs from that of the application.",
            );
            problems.push(problem("registrationTaxYen", "H-43", words, &tax.to_string()));
        }
        problems
    }

    /// Figures in which this bill is above its estimate.
    pub fn above(&self, estimate: &Costs) -> Vec<&'static str> {
        let pairs = self.named().into_iter().zip(estimate.named());
        pairs.filter(|((_, bill), (_, said))| bill > said).map(|((field, _), _)| field).collect()
    }
}

terms! {
    /// How far the costs of a job are.
    pub enum CostState {
        Estimated = "ESTIMATED", "見積り済", "Estimated";
        Billed = "BILLED", "請求済（見積り内）", "Billed, within the estimate";
        Above = "ABOVE", "請求が見積りを超過", "The bill is above the estimate";
        Agreed = "AGREED", "超過を確認済", "The excess is agreed";
    }
}

/// Estimate and bill of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    pub estimate: Costs,
    /// When it was said. Absent in lines of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_at: Option<DateTime<Utc>>,
    pub bill: Option<Costs>,
    pub state: CostState,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Somebody was identified under the act of 2008 (H-15, H-46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    pub party_id: String,
    pub method: IdentityMethod,
    pub papers: Vec<IdentityPaper>,
    pub on: NaiveDate,
    /// The person of the office who did it.
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Everything against a record of identification.
pub fn problems_of_identity(
    form: &Form,
    (party_id, method, papers): (&str, IdentityMethod, &[IdentityPaper]),
    (on, today): (NaiveDate, NaiveDate),
) -> Vec<Problem> {
    let mut problems = vec![];
    if form.party(party_id).is_none() {
        let known: Vec<&str> = form.parties.iter().map(|party| party.party_id.as_str()).collect();
        let words = ("この案件の関係者ではありません。", "This is no party of the case.");
        problems.push(problem("partyId", "H-15", words, &known.join(", ")));
    }
    if on > today {
        let words = ("確認日は本日以前です。", "The day of the identification is not in the future.");
        problems.push(problem("verifiedOn", "H-15", words, &format!("..{today}")));
    }
    if method == IdentityMethod::ImageUpload && on >= WITHOUT_IMAGES {
        let words = (
            "画像送信による確認は2027年3月31日で終了しました。",
            "Identification by images ended on 31 March 2027.",
        );
        problems.push(problem(
            "method",
            "H-46",
            words,
            "FACE_TO_FACE, CHIP_READING, PUBLIC_AUTHENTICATION, REGISTERED_MAIL",
        ));
    }
    let alone = method != IdentityMethod::PublicAuthentication;
    let main = papers.iter().any(|paper| !paper.is_supplement());
    let pair = papers.len() >= 2;
    let doubled = papers.iter().enumerate().any(|(n, paper)| papers.iter().take(n).any(|one| one == paper));
    if doubled || (alone && !main && !pair) {
        let words = (
            "写真付きの書類を1点、または写真のない書類を異なる2点指定してください。",
            "One paper with a photograph, or two different ones without.",
        );
        problems.push(problem(
            "papers",
            "H-46",
            words,
            "DRIVING_LICENCE; SEAL_CERTIFICATE and RESIDENT_RECORD",
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fields(problems: Vec<Problem>) -> Vec<String> {
        assert!(
            problems.iter().all(|it| !it.accepted.is_empty() && !it.message_ja.is_empty()),
            "{problems:?}"
        );
        problems.into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn a_conflict_is_declined_and_nothing_else() {
        let none: Vec<String> = vec![];
        assert_eq!(fields(problems_of_answer(true, false, false, None)), none);
        assert_eq!(fields(problems_of_answer(true, true, false, None)), ["accepts"]);
        assert_eq!(fields(problems_of_answer(true, false, true, None)), ["accepts"]);
        assert_eq!(fields(problems_of_answer(true, false, false, Some(DeclineReason::Area))), ["reason"]);
        assert_eq!(fields(problems_of_answer(false, false, false, None)), ["reason"]);
        assert_eq!(fields(problems_of_answer(false, true, false, Some(DeclineReason::Area))), ["reason"]);
        assert_eq!(
            fields(problems_of_answer(false, false, false, Some(DeclineReason::Conflict))),
            ["ownOrRelative"]
        );
        assert_eq!(fields(problems_of_answer(false, true, false, Some(DeclineReason::Conflict))), none);
    }

    #[test]
    fn an_unanswered_job_is_late_and_then_the_managers_as_the_book_says() {
        // Monday to Friday, then the next week.
        let asked = day("2026-06-01");
        let limits = Limits { job_reminder_days: 2, job_overdue_days: 4, ..Limits::default() };
        let said = |today: &str| waiting(asked, day(today), &limits);
        assert_eq!([said("2026-06-01"), said("2026-06-02")], [Waiting::Asked; 2]);
        assert_eq!([said("2026-06-03"), said("2026-06-04")], [Waiting::Late; 2]);
        assert_eq!([said("2026-06-05"), said("2027-06-05")], [Waiting::Escalated; 2]);
        // A week-end counts nothing.
        assert_eq!(waiting(day("2026-06-05"), day("2026-06-08"), &limits), Waiting::Asked);
        let patient = Limits { job_reminder_days: 3, job_overdue_days: 10, ..limits };
        assert_eq!(waiting(asked, day("2026-06-03"), &patient), Waiting::Asked);
        assert_eq!(waiting(asked, day("2026-06-05"), &patient), Waiting::Late);
    }

    #[test]
    fn a_bill_is_held_against_its_estimate_line_by_line() {
        let estimate = Costs {
            fee_yen: 60_000,
            consumption_tax_yen: 6_000,
            registration_tax_yen: 30_000,
            disbursements_yen: 2_400,
        };
        assert_eq!(estimate.total_yen(), 98_400);
        assert_eq!(fields(estimate.problems(Some(30_000))), Vec::<String>::new());
        assert_eq!(fields(estimate.problems(Some(120_000))), ["registrationTaxYen"]);
        assert_eq!(fields(Costs { fee_yen: -1, ..estimate }.problems(None)), ["feeYen"]);
        assert_eq!(
            fields(Costs { disbursements_yen: i64::MAX, ..estimate }.problems(None)),
            ["disbursementsYen"]
        );
        let bill = Costs { fee_yen: 60_001, disbursements_yen: 2_000, ..estimate };
        assert_eq!((bill.above(&estimate), estimate.above(&estimate)), (vec!["feeYen"], vec![]));
    }

    #[test]
    fn identification_follows_the_act() {
        use IdentityMethod::{FaceToFace, ImageUpload, PublicAuthentication};
        use IdentityPaper::{DrivingLicence, ResidentRecord, SealCertificate};
        let form = crate::sample::Sample::Purchase.form().unwrap();
        let party = form.parties[0].party_id.clone();
        let today = day("2027-04-01");
        let said = |party: &str, method, papers: &[IdentityPaper], on: &str| {
            fields(problems_of_identity(&form, (party, method, papers), (day(on), today)))
        };
        let none: Vec<String> = vec![];
        assert_eq!(said(&party, FaceToFace, &[DrivingLicence], "2027-04-01"), none);
        assert_eq!(said(&party, FaceToFace, &[SealCertificate, ResidentRecord], "2027-04-01"), none);
        assert_eq!(said(&party, FaceToFace, &[SealCertificate], "2027-04-01"), ["papers"]);
        assert_eq!(said(&party, FaceToFace, &[SealCertificate, SealCertificate], "2027-04-01"), ["papers"]);
        assert_eq!(said(&party, FaceToFace, &[], "2027-04-01"), ["papers"]);
        assert_eq!(said(&party, PublicAuthentication, &[], "2027-04-01"), none);
        assert_eq!(said(&party, ImageUpload, &[DrivingLicence], "2027-03-31"), none);
        assert_eq!(said(&party, ImageUpload, &[DrivingLicence], "2027-04-01"), ["method"]);
        assert_eq!(said("Z9", FaceToFace, &[DrivingLicence], "2027-04-02"), ["partyId", "verifiedOn"]);
    }
}
