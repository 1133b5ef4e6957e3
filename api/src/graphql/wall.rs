//! Who sees what: a wall stands at a field of a type, so a role's schema simply does not have what the role may not see.
//!
//! The grid of `security.md` in one place. Where a text and this file differ, the narrower reading was taken.

use workflows::machine::Role::{self, *};
use workflows::machine::row::Place;
use workflows::machine::{Table, Task, Track, Verb};

/// A set of roles.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Wall(u32);

impl Wall {
    /// These roles.
    pub const fn of(roles: &[Role]) -> Wall {
        let (mut bits, mut at) = (0, 0);
        while at < roles.len() {
            bits |= 1 << roles[at] as u32;
            at += 1;
        }
        Wall(bits)
    }

    /// These and those.
    pub const fn and(self, more: &[Role]) -> Wall {
        Wall(self.0 | Wall::of(more).0)
    }

    /// May any of these roles pass?
    pub fn admits(self, roles: &[Role]) -> bool {
        self.0 & Wall::of(roles).0 != 0
    }
}

/// The lender's staff.
pub const STAFF: Wall = Wall::of(&[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance]);
/// Staff and auditor.
pub const INSIDE: Wall = STAFF.and(&[Auditor]);
/// The people who borrow.
pub const CUSTOMER: Wall = Wall::of(&[Applicant, CoObligor]);
/// Staff and customers.
pub const STAFF_AND_CUSTOMER: Wall = STAFF.and(&[Applicant, CoObligor]);
/// Staff, auditor and customers.
pub const INSIDE_AND_CUSTOMER: Wall = INSIDE.and(&[Applicant, CoObligor]);
/// Everyone with business; the user administrator has none.
pub const BUSINESS: Wall = INSIDE_AND_CUSTOMER.and(&[
    Importer,
    MemberOrg,
    Guarantor,
    Insurer,
    FireInsurer,
    Scrivener,
    Registry,
    CoreBanking,
]);
/// Everyone who can sign in.
pub const ALL: Wall = BUSINESS.and(&[UserAdmin]);
/// No role at all.
pub const NOBODY: Wall = Wall::of(&[]);
/// What screening writes.
pub const SCREENING: Wall = Wall::of(&[BranchManager, ScreeningOfficer]);
/// The content of an application: who enters it, who judges it, whose it is.
const CONTENT: Wall = Wall::of(&[BranchClerk, BranchManager, ScreeningOfficer, Applicant, CoObligor]);
/// The same, and what F-02 sends to the guarantor.
const SENT: Wall = CONTENT.and(&[Guarantor]);

/// The wall at a field of the application form.
pub fn of_form(object: &str, field: &str) -> Wall {
    match (object, field) {
        ("Form", field) => of_form_root(field),
        ("Party", "party_id" | "role" | "name_kanji" | "name_kana") => {
            SENT.and(&[Operations, Compliance, Scrivener, Insurer, MemberOrg, FireInsurer, CoreBanking])
        }
        ("Party", "birth_date" | "sex") => SENT.and(&[Operations, Compliance, Insurer]),
        ("Party", "address") | ("Address", _) => SENT.and(&[Operations, Compliance, Scrivener]),
        ("Party", "phone") => SENT.and(&[Operations]),
        ("Party", "left_antisocial_group_on" | "foreign_pep") => CONTENT.and(&[Compliance]),
        ("Party", "existing_group_life_cover") | ("ExistingCover", _) => SENT.and(&[Insurer]),
        ("Party", "qualification") | ("Qualification" | "OrgMember", _) => SENT.and(&[Operations, MemberOrg]),
        ("Insurance" | "RelaxedDates", _) => SENT.and(&[Operations, Insurer]),
        (
            "Property",
            "property_no" | "kind" | "main" | "location" | "number" | "structure" | "floor_area_m2",
        ) => SENT.and(&[Operations, Scrivener, Registry, FireInsurer, Auditor]),
        ("Property" | "Owner", _) => SENT.and(&[Operations, Scrivener, Registry]),
        ("PriorMortgage", _) => SENT.and(&[Operations, Scrivener]),
        ("Loan", "loan_no" | "amount_yen" | "term_months") => {
            SENT.and(&[Operations, CoreBanking, Insurer, Scrivener, Auditor])
        }
        ("Loan", _) => SENT.and(&[Operations, CoreBanking, Auditor]),
        ("Account", _) => CONTENT.and(&[Operations, CoreBanking]),
        ("Institution", _) => BUSINESS,
        ("Purpose", _) => SENT.and(&[Operations, Scrivener, Auditor]),
        ("Registration", _) => SENT.and(&[Operations, Scrivener, Registry, Auditor]),
        ("CollateralValuation", _) => Wall::of(&[BranchClerk, BranchManager, ScreeningOfficer, Guarantor]),
        ("GuarantorDecision" | "GuaranteeOfLoan", _) => SCREENING,
        ("Document", _) => SENT.and(&[Operations]),
        ("TransactionConditions" | "SalaryTransfer" | "CardLoan" | "Saving", _) => SENT.and(&[Operations]),
        (
            "Party",
            "annual_income_yen"
            | "employment"
            | "income_added"
            | "other_debts"
            | "relation_to_applicant"
            | "uses_tax_deduction",
        )
        | ("Employment", "kind" | "employer_name" | "workplace_prefecture" | "hired_on")
        | ("OtherDebt", "kind" | "balance_yen" | "annual_repayment_yen")
        | ("ExistingLoan", "kind" | "balance_yen" | "lender_kind" | "started_on")
        | ("Consent", "consent" | "party_id" | "signed_on")
        | ("FundUse", "kind" | "amount_yen" | "evidenced")
        | ("MoneyAhead", "kind" | "bridge_insurance" | "handover_on" | "payments")
        | ("PaymentAhead", "amount_yen" | "use_of") => SENT,
        // A field that nobody has placed is nobody's: a test names it.
        _ => NOBODY,
    }
}

fn of_form_root(field: &str) -> Wall {
    match field {
        "screening_add_on_percent" | "guarantor_decision" => SCREENING,
        "collateral_valuation" => Wall::of(&[BranchClerk, BranchManager, ScreeningOfficer, Guarantor]),
        "disbursement_account" => CONTENT.and(&[Operations, CoreBanking]),
        "family_data_in_documents" | "outside_contacts" | "site_survey_planned" | "direct_mail_consent" => {
            CONTENT
        }
        "institution" => BUSINESS,
        "parties" => {
            SENT.and(&[Operations, Compliance, Scrivener, Insurer, MemberOrg, FireInsurer, CoreBanking])
        }
        "properties" => SENT.and(&[Operations, Scrivener, Registry, FireInsurer, Auditor]),
        "registration" => SENT.and(&[Operations, Scrivener, Registry, Auditor]),
        "insurance" => SENT.and(&[Operations, Insurer]),
        "loans" | "requested_amount_yen" => SENT.and(&[Operations, CoreBanking, Insurer, Scrivener, Auditor]),
        "product" | "purpose" | "requested_disbursement_date" => SENT.and(&[Operations, Scrivener, Auditor]),
        "documents" | "transaction_conditions" | "contract_form" | "received_at" => SENT.and(&[Operations]),
        "application_id" | "consents" | "existing_loan" | "fund_uses" | "money_ahead" | "own_funds_yen"
        | "tie_up_product" => SENT,
        _ => NOBODY,
    }
}

/// May a role see how a track stands?
pub fn sees_track(role: Role, track: Track) -> bool {
    match track {
        // L-93 and G-AML: the outcome is for compliance alone; others meet it as a guard that is not yet met.
        Track::Aml => role == Compliance,
        Track::Bureau => SCREENING.admits(&[role]) || role == BranchClerk,
        Track::Coll => STAFF.admits(&[role]) && role != Compliance,
        Track::Guar => INSIDE.admits(&[role]) || role == Guarantor,
        Track::Ins => INSIDE_AND_CUSTOMER.admits(&[role]) || role == Insurer,
        Track::Fire => INSIDE_AND_CUSTOMER.admits(&[role]) || role == FireInsurer,
        Track::Reg => INSIDE_AND_CUSTOMER.admits(&[role]) || matches!(role, Scrivener | Registry),
        Track::Elig => INSIDE_AND_CUSTOMER.admits(&[role]) || role == MemberOrg,
        Track::Cond => INSIDE_AND_CUSTOMER.admits(&[role]),
    }
}

/// May a role see that this work waits? Outside the lender, one's own. That a match is to be reviewed says what the list search found
/// (L-93).
pub fn sees_task(role: Role, owner: Role, task: Task) -> bool {
    owner == role || (INSIDE.admits(&[role]) && task != Task::ReviewMatch)
}

/// May a role see that this command was given? What moves only tracks that the role does not see tells where they stand.
pub fn sees_verb(table: &Table, role: Role, verb: Verb) -> bool {
    // That the bank asks another guarantor tells what the former one said (INV-7), and to either of them that there is another one.
    // What an institution asked is the bank's and its own; its own it reads in the questions of the case.
    if matches!(verb, Verb::SwitchGuarantor | Verb::AskBank | Verb::AnswerGuarantor) {
        return INSIDE.admits(&[role]);
    }
    let mut hidden = false;
    for row in table.of_verb(verb) {
        match row.place {
            Place::Track { track, .. } if !sees_track(role, track) => hidden = true,
            _ => return true,
        }
    }
    !hidden
}

/// May a role see why a command was given, and with which data? What screening decides, and why, is for those who decide it: the
/// desk that enters the application, operations and the auditor see that it was decided (security.md, the data table).
pub fn sees_reason(table: &Table, role: Role, verb: Verb) -> bool {
    let screened = matches!(verb, Verb::ApproveProposal | Verb::ReturnProposal | Verb::RetractProposal)
        || table.of_verb(verb).any(|row| row.callers().contains(&ScreeningOfficer));
    sees_verb(table, role, verb) && if screened { SCREENING.admits(&[role]) } else { INSIDE.admits(&[role]) }
}

/// Does a role know of every verb, or only of those that it may call?
pub fn knows_all_verbs(roles: &[Role]) -> bool {
    INSIDE_AND_CUSTOMER.and(&[UserAdmin]).admits(roles)
}

/// May a role see where the case stands as a whole?
pub fn sees_stage(role: Role) -> bool {
    INSIDE_AND_CUSTOMER.and(&[Importer, CoreBanking]).admits(&[role])
}

/// Codes of guards whose state is not for those outside the lender (INV-7, L-92, L-93).
const LENDERS_OWN: &[&str] = &[
    "G-AML-CLEAR",
    "G-BUREAU",
    "G-CREDIT",
    "G-GUAR",
    "G-COLL",
    "G-AMOUNT",
    "N-GUAR",
    "N-DECLINE",
    "N-RESCIND",
];

/// Is an unmet precondition told to this role, or only that the bank is checking?
pub fn sees_guard(role: Role, code: &str) -> bool {
    INSIDE.admits(&[role]) || !LENDERS_OWN.iter().any(|hidden| code.starts_with(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::catalogue::MODEL;

    /// Fields that no role sees.
    fn unplaced() -> Vec<String> {
        let all = MODEL.objects.iter();
        let fields = all.flat_map(|(name, (_, fields))| fields.iter().map(move |field| (name, field)));
        fields
            .filter(|(_, field)| field.wall == NOBODY)
            .map(|(name, field)| format!("{name}.{}", field.name))
            .collect()
    }

    #[test]
    fn every_field_has_a_place_and_a_new_one_has_none() {
        let fields: usize = MODEL.objects.values().map(|(_, fields)| fields.len()).sum();
        println!("fields with a wall: {fields}");
        assert!(fields > 400, "{fields}");
        assert_eq!(
            unplaced(),
            Vec::<String>::new(),
            "give each a wall in of_form: until then nobody sees it"
        );
        // Seeded: what nobody has placed is nobody's, wherever it turns up.
        for (object, field) in [("Party", "blood_type"), ("Form", "diagnosis"), ("HealthDeclaration", "text")]
        {
            assert_eq!(of_form(object, field), NOBODY, "{object}.{field}");
        }
    }

    #[test]
    fn a_match_is_compliances_alone() {
        let table = Table::default();
        for role in Role::ALL.iter().copied().filter(|role| *role != Role::Compliance) {
            assert!(
                !sees_track(role, Track::Aml) && !sees_task(role, Role::Compliance, Task::ReviewMatch),
                "{role}"
            );
            for verb in [Verb::FlagAml, Verb::BlockAml, Verb::AcceptAml, Verb::ClearAml] {
                assert!(!sees_verb(&table, role, verb) && !sees_reason(&table, role, verb), "{role} {verb}");
            }
        }
        assert!(sees_verb(&table, Role::Compliance, Verb::BlockAml));
        assert!(sees_reason(&table, Role::Compliance, Verb::BlockAml));
        assert!(!sees_reason(&table, Role::Auditor, Verb::DeclineLoan));
        assert!(sees_reason(&table, Role::ScreeningOfficer, Verb::DeclineLoan));
    }

    #[test]
    fn a_missing_pledge_is_told_and_the_banks_own_search_is_not() {
        for role in [Role::Applicant, Role::Importer] {
            assert!(sees_guard(role, "G-AML-PLEDGE"), "the paper is the customer's to hand in");
            assert!(!sees_guard(role, "G-AML-CLEAR"), "what the search says stays inside");
        }
    }
}
