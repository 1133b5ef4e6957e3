//! Types of the papers that are made from a case.

use super::model::Model;
use super::papers::{ORDER, PAYEES, REGISTRATION as REG, TRANSFERS};
use workflows::disbursement::LineKind;
use workflows::registration::FilingKind;

/// The application for the registration and the transfer file, with what they are told.
pub fn papers(m: &mut Model) {
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
    recorded(m);
}

/// What is on record for both papers.
fn recorded(m: &mut Model) {
    m.object(
        "Payee",
        "An account that receives money of the disbursement, proposed by one person and approved by another (I.20).",
        &[
            ("kind", "PayeeKind!", PAYEES, "Who it is."),
            ("label", "Label!", PAYEES, "The same in words."),
            ("number", "Int!", PAYEES, "Counts the payees of a kind, from 1."),
            ("name", "String!", PAYEES, "Holder of the account in kana."),
            ("account", "PayeeAccount!", PAYEES, "The account."),
            ("amountYen", "Yen", PAYEES, "What the customer ordered; absent where it follows from the case."),
            ("paidWith", "String", PAYEES, "Key of the posting that paid it."),
        ],
    );
    m.object(
        "PayeeAccount",
        "A deposit account with the names that a record of the transfer file carries.",
        &[
            ("bankCode", "String!", PAYEES, "Four digits."),
            ("bankName", "String!", PAYEES, "Name of the bank in kana."),
            ("branchCode", "String!", PAYEES, "Three digits."),
            ("branchName", "String!", PAYEES, "Name of the branch in kana."),
            ("kind", "AccountKind!", PAYEES, "Kind of the account."),
            ("number", "String!", PAYEES, "Seven digits."),
        ],
    );
    m.object(
        "RegisterReading",
        "The register as it was read.",
        &[
            ("readOn", "Date!", REG, "When."),
            ("records", "[RegisterRecord!]!", REG, "What it says, property by property."),
        ],
    );
    m.object(
        "RegisterRecord",
        "What the register says about a property.",
        &[
            ("propertyNo", "Int!", REG, "Property of the application."),
            ("title", "RegisteredTitle!", REG, "Who stands in the register as the owner."),
            ("sellerName", "String", REG, "The seller who passes the property on."),
            ("formerAddress", "Boolean!", REG, "The registered address is a former one."),
            ("mortgagedLater", "Boolean!", REG, "Mortgaged later for the same claim (H-04, H-05)."),
            ("number", "String", REG, "Property number of thirteen digits."),
        ],
    );
    m.object(
        "FilingFacts",
        "What the filing needs beyond the steps of the case.",
        &[
            ("office", "String!", REG, "Registry office."),
            ("bank", "BankInRegister!", REG, "The bank as it stands in the register."),
            ("agent", "FilingAgent!", REG, "The scrivener who files for both sides."),
            ("filingDate", "Date", REG, "Day of the filing, where it is not that of the disbursement."),
            ("deedDate", "Date", REG, "Day of the mortgage deed, where it is not that of the contract."),
            ("attachments", "[Attachment!]!", REG, "Attached information beyond the papers of the case."),
            ("sealCertificates", "[SealCertificate!]!", REG, "Seal certificates beyond them."),
            ("thirdPartyConsent", "Boolean!", REG, "A third party's right makes a consent necessary."),
        ],
    );
    m.object(
        "BankInRegister",
        "The bank in the register (H-34).",
        &[
            ("address", "String!", REG, "Main office."),
            ("corporateNumber", "String!", REG, "Corporate number, twelve digits."),
            ("representative", "String!", REG, "Title and name of the representative."),
            ("handlingBranch", "String", REG, "Handling branch, where it is to be entered."),
        ],
    );
    m.object(
        "FilingAgent",
        "The scrivener (H-14, H-30).",
        &[
            ("name", "String!", REG, "Name."),
            ("address", "String!", REG, "Address."),
            ("telephone", "String!", REG, "Telephone."),
        ],
    );
    m.object(
        "SealCertificate",
        "The seal certificate of a mortgagor.",
        &[
            ("partyId", "String!", REG, "Person of the application."),
            ("issuedOn", "Date!", REG, "Day of issue."),
        ],
    );
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
