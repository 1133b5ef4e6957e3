//! Types of the papers that are made from a case.

use super::model::Model;
use super::papers::{FACTS, ORDER, REGISTRATION as REG, TRANSFERS};
use workflows::disbursement::LineKind;
use workflows::registration::FilingKind;

/// The application for the registration and the transfer file, with what they are told.
pub fn papers(m: &mut Model) {
    m.inputs_of(&FACTS, "RegistrationFacts", &FACTS, false);
    m.inputs_of(&ORDER, "TransferOrder", &ORDER, false);
    m.choices("FilingKind", FilingKind::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    m.choices("DisbursementLineKind", LineKind::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    let sides = [
        ("CREDIT", "入金", "Credit of the account"),
        ("DEBIT", "出金", "Debit of the account"),
        ("CONVERSION", "振替", "From one loan to another, beside the account"),
    ];
    m.choices("DisbursementSide", sides.into_iter());
    registration(m);
    transfers(m);
}

fn registration(m: &mut Model) {
    m.object(
        "RegistrationPapers",
        "The registration of a case: what is filed, or what is missing for it.",
        &[
            (
                "application",
                "RegistrationApplication",
                REG,
                "The application; null while anything is missing.",
            ),
            ("filings", "[LinkedFiling!]!", REG, "The filings in the order of their receipt numbers."),
            ("missing", "[Problem!]!", REG, "Everything that is missing, each with its rule."),
        ],
    );
    m.object(
        "RegistrationApplication",
        "An application for the registration of the mortgage (H-30 to H-36).",
        &[
            ("filingDate", "Date!", REG, "Day of the filing."),
            ("office", "String!", REG, "Registry office."),
            ("properties", "[Int!]!", REG, "Properties that carry the mortgage."),
            ("claimYen", "Yen!", REG, "Claim."),
            ("tax", "RegistrationTax!", REG, "Licence tax (H-41 to H-43)."),
            (
                "headings",
                "[RegistrationHeading!]!",
                REG,
                "In the order in which the application prints them.",
            ),
            ("text", "String!", REG, "The application as it is printed."),
        ],
    );
    m.object(
        "RegistrationTax",
        "Licence tax of the main filing.",
        &[
            ("claimYen", "Yen!", REG, "Claim."),
            ("withoutReliefYen", "Yen!", REG, "At the standard rate."),
            ("withReliefYen", "Yen!", REG, "At the reduced rate."),
            ("reliefApplies", "Boolean!", REG, "The reduced rate applies (H-41)."),
            ("reliefConditionsNotMet", "[String!]!", REG, "Codes of the conditions that are not met."),
            ("payableYen", "Yen!", REG, "Payable."),
        ],
    );
    m.object(
        "RegistrationHeading",
        "A heading of the application with its lines.",
        &[
            ("ja", "String!", REG, "As the application prints it."),
            ("en", "String!", REG, "In English."),
            ("rule", "String!", REG, "Rule."),
            ("lines", "[String!]!", REG, "Lines."),
        ],
    );
    m.object(
        "LinkedFiling",
        "One filing among those that belong together.",
        &[
            ("number", "Int!", REG, "Place in the order, from 1."),
            ("kind", "FilingKind!", REG, "Which."),
            ("label", "Label!", REG, "The same in words."),
            ("purpose", "String!", REG, "Purpose, with whom it concerns."),
            ("properties", "[Int!]!", REG, "Properties."),
            ("rule", "String!", REG, "Rule that puts it at its place."),
            ("reason", "Label!", REG, "Why it stands there."),
            ("taxYen", "Yen", REG, "Licence tax, where it follows from the case."),
        ],
    );
}

fn transfers(m: &mut Model) {
    m.object(
        "TransferAnswer",
        "A transfer file, or what is in its way.",
        &[
            ("file", "TransferFile", TRANSFERS, "The file; null while there are problems."),
            ("problems", "[Problem!]!", TRANSFERS, "Everything that is in its way."),
        ],
    );
    m.object(
        "TransferFile",
        "The bulk-transfer file of a disbursement (I.20, I.30).",
        &[
            ("date", "Date!", TRANSFERS, "Day of the transfers."),
            ("encoding", "String!", TRANSFERS, "Encoding of the bytes."),
            ("base64", "String!", TRANSFERS, "The bytes of the file."),
            ("count", "Int!", TRANSFERS, "Transfers in the file."),
            ("totalYen", "Yen!", TRANSFERS, "Their sum."),
            ("deliveredYen", "Yen!", TRANSFERS, "What the loans deliver to the account."),
            ("costsYen", "Yen!", TRANSFERS, "Costs that the bank debits."),
            ("ownFundsYen", "Yen!", TRANSFERS, "Own money set aside."),
            ("restYen", "Yen!", TRANSFERS, "What stays in the account."),
            ("lines", "[DisbursementLine!]!", TRANSFERS, "The lines of the disbursement in their order."),
        ],
    );
    m.object(
        "DisbursementLine",
        "A line of a disbursement.",
        &[
            ("key", "String!", TRANSFERS, "Key under which it happens once."),
            ("kind", "DisbursementLineKind!", TRANSFERS, "Which."),
            ("label", "Label!", TRANSFERS, "The same in words."),
            ("step", "Int!", TRANSFERS, "Step of I.20."),
            ("side", "DisbursementSide!", TRANSFERS, "Side of the customer's account."),
            ("part", "String!", TRANSFERS, "Case, loan, drawing or bridge."),
            ("amountYen", "Yen!", TRANSFERS, "Amount."),
        ],
    );
}
