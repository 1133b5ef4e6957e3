//! What is on record for the papers of a case: the accounts of payees, the register as it was read, bank and scrivener of the
//! filing. Each is proposed by one person and decided by another; the transfer file and the application for the registration are
//! made from nothing else.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::filing_desk::{FilingRecord, RegisterRecord, RegisteredTitle};
use super::transfer_desk::{TransferPayee, payee};
use super::verb::Command;
use crate::disbursement::LineKind;
use crate::form::{Account, Form, GuaranteeFeeMethod, Problem, PurposeCode};
use crate::registration::{CorporateNumber, PropertyNumber};

/// The largest amount that a record of the transfer file holds, yen (I.30).
const LARGEST_TRANSFER: i64 = 9_999_999_999;

crate::terms! {
    /// Who receives money of a disbursement.
    pub enum PayeeKind {
        Borrower = "BORROWER", "お客様の普通預金口座", "The borrower's ordinary account (I-05)";
        Seller = "SELLER", "売主", "Seller";
        Builder = "BUILDER", "施工業者", "Builder";
        ExistingLender = "EXISTING_LENDER", "借換対象の金融機関", "Lender that a refinance pays off (G-PAYOFF)";
        GuaranteeInstitution = "GUARANTEE_INSTITUTION", "保証機関", "Guarantee institution, for a lump-sum fee (I.20)";
        Other = "OTHER", "その他の支払先", "Another payee of the customer";
    }
}

impl PayeeKind {
    /// The customer orders the amount; for the others it follows from the case.
    pub const fn is_ordered(self) -> bool {
        matches!(self, Self::Seller | Self::Builder | Self::Other)
    }

    /// The rule that asks for the account.
    const fn rule(self) -> &'static str {
        match self {
            Self::Borrower => "I-05",
            Self::ExistingLender => "G-PAYOFF",
            Self::Seller | Self::Builder | Self::GuaranteeInstitution | Self::Other => "I.20",
        }
    }
}

/// A payee whose account two people have seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Payee {
    /// Who it is.
    pub kind: PayeeKind,
    /// Counts the payees of a kind, from 1.
    pub number: u8,
    /// Account and holder.
    pub to: TransferPayee,
    /// Yen that the customer ordered; absent where the amount follows from the case.
    pub amount_yen: Option<i64>,
    /// Key of the posting that paid it; absent while it is still to be paid.
    #[serde(default)]
    pub paid_with: Option<String>,
}

/// Key of a payee in a case: `SELLER-1`.
pub fn payee_key(kind: PayeeKind, number: u8) -> String {
    format!("{kind}-{number}")
}

/// The register as somebody read it on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterReading {
    /// When.
    pub read_on: NaiveDate,
    /// What it says, one record for a property.
    pub records: Vec<RegisterRecord>,
}

impl Case {
    /// The account on record of a kind of which a case has one.
    pub fn payee(&self, kind: PayeeKind) -> Option<&Payee> {
        self.payees.get(&payee_key(kind, 1))
    }

    /// The payees that the customer ordered and that no posting has paid yet.
    pub fn ordered_payees(&self) -> impl Iterator<Item = (&String, &Payee)> {
        self.payees.iter().filter(|(_, payee)| payee.kind.is_ordered() && payee.paid_with.is_none())
    }
}

// --- folding ---------------------------------------------------------------------------------------------------------

/// A payee goes on record. The borrower's account is from now on the one of the application; an exception was for another one.
pub(super) fn recorded(case: &mut Case, payee: &Payee) {
    if payee.kind == PayeeKind::Borrower {
        std::sync::Arc::make_mut(&mut case.form).disbursement_account = Account {
            bank_code: payee.to.account.bank_code.clone(),
            branch_code: payee.to.account.branch_code.clone(),
            kind: payee.to.account.kind,
            number: payee.to.account.number.clone(),
            holder_kana: payee.to.name.clone(),
        };
        case.account_exception = false;
    }
    case.payees.insert(payee_key(payee.kind, payee.number), payee.clone());
}

/// A posting pays what the customer ordered for it.
pub(super) fn paid(case: &mut Case, posting_key: &str) {
    let due = case.payees.values_mut().filter(|payee| payee.kind.is_ordered() && payee.paid_with.is_none());
    due.for_each(|payee| payee.paid_with = Some(posting_key.to_owned()));
}

/// A posting that is taken back has paid nobody.
pub(super) fn unpaid(case: &mut Case, posting_key: &str) {
    let mine = case.payees.values_mut().filter(|payee| payee.paid_with.as_deref() == Some(posting_key));
    mine.for_each(|payee| payee.paid_with = None);
}

// --- what can never be right -----------------------------------------------------------------------------------------

fn wrong(field: &str, rule: &'static str, messages: (&str, &str), accepted: &str) -> Problem {
    Problem::new(field, rule, messages, accepted)
}

/// The first thing that is wrong with a record, by field and rule.
pub(super) fn refused(command: &Command, case: &Case, today: NaiveDate) -> Option<Problem> {
    match command {
        Command::RecordPayee { kind, number, to, amount_yen } => {
            payee_refused(&case.form, *kind, *number, to, *amount_yen)
        }
        Command::WithdrawPayee { kind, number } => {
            let known = case.payees.get(&payee_key(*kind, *number));
            let open = known.is_some_and(|payee| payee.paid_with.is_none());
            let withdrawable = *kind != PayeeKind::Borrower;
            (!(open && withdrawable)).then(|| {
                let messages = ("取り消せる支払先がありません。", "There is no such payee to be withdrawn.");
                wrong(
                    "number",
                    kind.rule(),
                    messages,
                    "未払いで登録済の支払先 / a payee on record that is not paid",
                )
            })
        }
        Command::RecordRegister { read_on, records } => {
            register_refused(&case.form, *read_on, records, today)
        }
        Command::RecordFilingFacts { facts } => facts_refused(&case.form, facts),
        _ => None,
    }
}

fn payee_refused(
    form: &Form,
    kind: PayeeKind,
    number: u8,
    to: &TransferPayee,
    amount_yen: Option<i64>,
) -> Option<Problem> {
    let last = if kind.is_ordered() { 9 } else { 1 };
    if !(1..=last).contains(&number) {
        let messages = ("支払先の番号が範囲外です。", "The number of the payee is out of range.");
        return Some(wrong("number", kind.rule(), messages, &format!("1 - {last}")));
    }
    match (kind.is_ordered(), amount_yen) {
        (true, Some(1..=LARGEST_TRANSFER)) | (false, None) => {}
        (true, _) => {
            let messages = ("振込金額が範囲外です。", "The amount of the transfer is out of range.");
            return Some(wrong("amount_yen", "I.30", messages, &format!("1 - {LARGEST_TRANSFER} yen")));
        }
        (false, Some(_)) => {
            let messages = ("金額は案件から定まります。", "The amount follows from the case.");
            return Some(wrong("amount_yen", kind.rule(), messages, "なし / none"));
        }
    }
    let lump_sum = || form.loans.iter().any(|loan| loan.guarantee_fee_method == GuaranteeFeeMethod::LumpSum);
    let fits = match kind {
        PayeeKind::ExistingLender => form.purpose.code == PurposeCode::Refinance,
        PayeeKind::GuaranteeInstitution => lump_sum(),
        _ => true,
    };
    if !fits {
        let messages = ("この案件にその支払先はありません。", "The case has no such payee.");
        let accepted = "借換・保証料一括前払いの案件 / a refinance, or a lump-sum guarantee fee";
        return Some(wrong("kind", kind.rule(), messages, accepted));
    }
    let mut problems = vec![];
    payee(to, "to", &mut problems);
    problems.into_iter().next()
}

fn register_refused(
    form: &Form,
    read_on: NaiveDate,
    records: &[RegisterRecord],
    today: NaiveDate,
) -> Option<Problem> {
    if read_on > today {
        let messages = ("未来の日付です。", "The day is in the future.");
        return Some(wrong("read_on", "H-36", messages, &format!("{today}まで / by {today}")));
    }
    let mut seen = BTreeSet::new();
    for (at, record) in records.iter().enumerate() {
        let field = |name: &str| format!("records[{at}].{name}");
        let known = form.properties.iter().any(|property| property.property_no == record.property_no);
        if !known || !seen.insert(record.property_no) {
            let messages = ("物件番号が正しくありません。", "The number of the property is not right.");
            let accepted = "申込にある物件につき1件 / one record for a property of the application";
            return Some(wrong(&field("property_no"), "H-36", messages, accepted));
        }
        if let Some(number) = &record.number
            && let Err(problem) = PropertyNumber::parse(&field("number"), number)
        {
            return Some(Problem { rule: "H-36", ..problem });
        }
        let unnamed = record.seller_name.as_deref().is_none_or(|name| name.trim().is_empty());
        if record.title == RegisteredTitle::Seller && unnamed {
            let messages = ("売主の氏名がありません。", "The seller's name is missing.");
            let accepted = "登記名義人の氏名・名称 / the registered owner's name";
            return Some(wrong(&field("seller_name"), "H-30", messages, accepted));
        }
    }
    None
}

fn facts_refused(form: &Form, facts: &FilingRecord) -> Option<Problem> {
    if let Err(problem) = CorporateNumber::parse("facts.bank.corporate_number", &facts.bank.corporate_number)
    {
        return Some(Problem { rule: "H-34", ..problem });
    }
    let texts = [
        ("facts.office", "H-36", &facts.office),
        ("facts.bank.address", "H-34", &facts.bank.address),
        ("facts.bank.representative", "H-34", &facts.bank.representative),
        ("facts.agent.name", "H-14", &facts.agent.name),
        ("facts.agent.address", "H-30", &facts.agent.address),
        ("facts.agent.telephone", "H-30", &facts.agent.telephone),
    ];
    if let Some((field, rule, _)) = texts.iter().find(|(.., text)| text.trim().is_empty()) {
        let messages = ("記載がありません。", "Nothing is written here.");
        return Some(wrong(field, rule, messages, "空でない文字列 / text"));
    }
    let stranger = facts.seal_certificates.iter().position(|seal| form.party(&seal.party_id).is_none());
    stranger.map(|at| {
        let messages = ("案件にその人はいません。", "The case has no such person.");
        let field = format!("facts.seal_certificates[{at}].party_id");
        wrong(&field, "H-35", messages, "申込の当事者 / a person of the application")
    })
}

// --- before money leaves ---------------------------------------------------------------------------------------------

/// What stands in the way of an order, all at once: a payment that leaves without an approved account (I.20, G-PAYOFF), and an
/// account whose change waits for its second person.
pub(super) fn missing(case: &Case) -> Vec<Problem> {
    let plan = case.frozen.as_ref().and_then(|terms| super::money::disbursement_plan(case, terms)?.ok());
    let lines = plan.iter().flat_map(|plan| &plan.lines).filter(|line| line.to.is_none());
    let kinds: BTreeSet<PayeeKind> = lines
        .filter_map(|line| match line.kind {
            LineKind::Payoff => Some(PayeeKind::ExistingLender),
            LineKind::GuaranteeFee => Some(PayeeKind::GuaranteeInstitution),
            _ => None,
        })
        .collect();
    let unknown = kinds.into_iter().map(|kind| {
        let messages = ("振込先の口座が登録されていません。", "The account of the payee is not on record.");
        let accepted = "起案と決裁を経た口座 / an account that one person proposed and another approved";
        wrong(&format!("payees.{kind}"), kind.rule(), messages, accepted)
    });
    let pending = case.proposals.iter().filter_map(|proposal| match *proposal.command {
        Command::RecordPayee { kind, number, .. } | Command::WithdrawPayee { kind, number } => {
            let messages = ("口座の変更が決裁待ちです。", "A change of the account waits for its approval.");
            let accepted = "起案の決裁・差戻し・取下げ / the proposal approved, returned or retracted";
            Some(wrong(&format!("payees.{}", payee_key(kind, number)), kind.rule(), messages, accepted))
        }
        _ => None,
    });
    unknown.chain(pending).collect()
}
