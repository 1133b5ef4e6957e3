//! The types of accounts.

use super::accounts::SEEN;
use super::emergency;
use super::looked::WATCHERS;
use super::model::{Input, Model};
use super::offices::{OFFICE, TOLD};
use super::wall::Wall;
use workflows::account::{AccountKind, AccountState, AccountStep, ChangeState};
use workflows::office::{HandoverReason, OFFICES};

/// Who sees changes of accounts: leads of offices those that they proposed.
const CHANGED: Wall = SEEN.and(&OFFICES);

/// Accounts and their changes.
pub fn accounts(m: &mut Model) {
    m.choices("UserAccountKind", AccountKind::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    m.choices("UserAccountState", AccountState::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    m.choices("UserAccountStep", AccountStep::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    m.choices(
        "UserAccountChangeState",
        ChangeState::ALL.iter().map(|word| (word.code(), word.ja(), word.en())),
    );
    m.object(
        "UserAccount",
        "Who may come in, and as what.",
        &[
            ("id", "ID!", SEEN, "Id."),
            ("issuer", "String!", SEEN, "Who vouches for it."),
            ("login", "String!", SEEN, "Subject, or id of the client, at the issuer."),
            ("subject", "String!", SEEN, "How the record names it."),
            ("kind", "UserAccountKind!", SEEN, "Person or program."),
            ("kindLabel", "Label!", SEEN, "The same in words."),
            ("name", "String!", SEEN, "Name."),
            ("roles", "[Role!]!", SEEN, "Roles; the first one counts where none is asked for."),
            ("roleLabels", "[Label!]!", SEEN, "The same in words."),
            ("branches", "[String!]!", SEEN, "Branches; empty means every branch."),
            ("organisation", "String", SEEN, "A partner's organisation."),
            ("isLead", "Boolean!", SEEN, "Leads the partner's office."),
            ("state", "UserAccountState!", SEEN, "May it be used?"),
            ("stateLabel", "Label!", SEEN, "The same in words."),
            ("validFrom", "DateTime", SEEN, "Sessions and tokens of before do not count."),
            ("changedAt", "DateTime!", SEEN, "Last change."),
        ],
    );
    m.object(
        "UserAccountChange",
        "A change of an account, proposed by one and decided by another.",
        &[
            ("id", "ID!", CHANGED, "Id."),
            ("accountId", "ID!", CHANGED, "The account; before its creation nothing else has this id."),
            ("step", "UserAccountStep!", CHANGED, "What is done."),
            ("stepLabel", "Label!", CHANGED, "The same in words."),
            ("kind", "UserAccountKind", CHANGED, "What it shall be, where the step creates or changes."),
            ("login", "String", CHANGED, "Subject, or id of the client, at the issuer."),
            ("name", "String", CHANGED, "Name."),
            ("roles", "[Role!]", CHANGED, "Roles."),
            ("branches", "[String!]", CHANGED, "Branches."),
            ("organisation", "String", CHANGED, "A partner's organisation."),
            ("isLead", "Boolean", CHANGED, "Leads the partner's office."),
            ("state", "UserAccountChangeState!", CHANGED, "How far it is."),
            ("stateLabel", "Label!", CHANGED, "The same in words."),
            ("proposedBy", "String!", CHANGED, "Who proposed."),
            ("proposedAt", "DateTime!", CHANGED, "When."),
            ("decidedBy", "String", CHANGED, "Who decided."),
            ("decidedAt", "DateTime", CHANGED, "When."),
            ("reason", "String", CHANGED, "Why it was returned."),
        ],
    );
    m.object(
        "UserAccountProposal",
        "What a step with an account comes to.",
        &[
            ("change", "UserAccountChange", CHANGED, "The change after the step; null where it was refused."),
            (
                "problems",
                "[Problem!]!",
                CHANGED,
                "Everything that stands against it; nothing is written then.",
            ),
        ],
    );
    let input = |name: &str, ty: &str, doc: &str| Input {
        name: name.to_owned(),
        ty: ty.to_owned(),
        doc: doc.to_owned(),
    };
    let profile = [
        input("name", "String!", "Name."),
        input("roles", "[Role!]!", "Roles; several of the bank's staff, or one other."),
        input("branches", "[String!]", "Branches of staff; empty means every branch."),
        input("organisation", "String", "A partner's organisation."),
        input(
            "isLead",
            "Boolean",
            "Leads the partner's office; as it stands without it, and false for a new one.",
        ),
    ];
    let holder = [
        input("login", "String!", "Subject, or id of the client, at the provider."),
        input("kind", "UserAccountKind", "Person or program; a person without it."),
    ];
    let doc = "What an account shall be.".to_owned();
    m.inputs.insert("UserProfileInput".to_owned(), (doc.clone(), profile.to_vec()));
    m.inputs.insert("UserAccountInput".to_owned(), (doc, [&holder[..], &profile[..]].concat()));
}

/// Offices of partners.
pub fn offices(m: &mut Model) {
    m.choices("HandoverReason", HandoverReason::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    let which = [
        ("OFFICE", "事務所の全案件", "All of the office"),
        ("CALLER", "自分の担当案件", "Those that the caller answers for"),
        ("NOBODY", "担当者のいない案件", "Those that nobody answers for"),
    ];
    m.choices("OfficeJobsOf", which.into_iter());
    m.object(
        "Colleague",
        "Somebody of the caller's office.",
        &[
            ("accountId", "ID!", OFFICE, "The account."),
            ("subject", "String!", OFFICE, "How the record names the person."),
            ("name", "String!", OFFICE, "Name."),
            ("isLead", "Boolean!", OFFICE, "Leads the office."),
            ("state", "UserAccountState!", OFFICE, "May the person sign in?"),
            ("stateLabel", "Label!", OFFICE, "The same in words."),
        ],
    );
    m.object(
        "OfficeJob",
        "The part of the caller's office in a running case.",
        &[
            ("applicationId", "ID!", OFFICE, "The application."),
            ("number", "String!", OFFICE, "Its number."),
            ("institution", "String!", OFFICE, "Bank."),
            ("branch", "String!", OFFICE, "Branch."),
            ("responsible", "String", OFFICE, "Who answers for it; null where nobody does."),
            ("responsibleName", "String", OFFICE, "Name of that person."),
            ("left", "String", OFFICE, "Who answered for it, where that person may not sign in any more."),
            ("since", "DateTime", OFFICE, "Since it changed hands last."),
        ],
    );
    m.object(
        "OfficeJobEdge",
        "A line.",
        &[("cursor", "String!", OFFICE, "Of this line."), ("node", "OfficeJob!", OFFICE, "The job.")],
    );
    m.object(
        "OfficeJobConnection",
        "A page of the cases of the caller's office.",
        &[
            ("edges", "[OfficeJobEdge!]!", OFFICE, "The lines."),
            ("pageInfo", "PageInfo!", OFFICE, "Where the page ends."),
        ],
    );
    m.object(
        "Handover",
        "The part of a partner in a case changed hands.",
        &[
            ("id", "ID!", TOLD, "Id."),
            ("role", "Role!", TOLD, "Role of the partner."),
            ("roleLabel", "Label!", TOLD, "The same in words."),
            ("organisation", "String!", TOLD, "The partner's organisation."),
            ("from", "String", TOLD, "Who answered for it before; null the first time."),
            ("fromName", "String", TOLD, "Name of that person."),
            ("to", "String!", TOLD, "Who answers for it since."),
            ("toName", "String", TOLD, "Name of that person."),
            ("by", "String!", TOLD, "Who handed it over."),
            ("byName", "String", TOLD, "Name of that person."),
            ("reason", "HandoverReason!", TOLD, "Why."),
            ("reasonLabel", "Label!", TOLD, "The same in words."),
            ("at", "DateTime!", TOLD, "When."),
            ("isCurrent", "Boolean!", TOLD, "It is the last one, and its person may still sign in."),
        ],
    );
    m.object(
        "HandoverStep",
        "What handing over comes to.",
        &[
            ("handover", "Handover", OFFICE, "The line; null where it was refused."),
            (
                "problems",
                "[Problem!]!",
                OFFICE,
                "Everything that stands against it; nothing is written then.",
            ),
        ],
    );
}

/// Cases read in emergency.
pub fn emergencies(m: &mut Model) {
    let seen = emergency::SEEN;
    m.object(
        "EmergencyAccess",
        "Somebody reads a case outside his branches, for a short time (L-91).",
        &[
            ("id", "String!", seen, "Unique in the case."),
            ("subject", "String!", seen, "Who."),
            ("role", "Role!", seen, "In which role."),
            ("roleLabel", "Label!", seen, "The same in words."),
            ("reason", "String!", seen, "Why it could not wait."),
            ("openedAt", "DateTime!", seen, "From when."),
            ("endsAt", "DateTime!", seen, "Until when at most."),
            ("endedAt", "DateTime", seen, "When it was ended before that."),
            ("endedBy", "String", seen, "By whom."),
            ("isOpen", "Boolean!", seen, "It shows the case now."),
            ("reviewDueOn", "Date!", seen, "Last day for the review."),
            ("isOverdue", "Boolean!", seen, "That day is over and nobody has reviewed it."),
            ("review", "EmergencyReview", seen, "What the review found."),
        ],
    );
    m.object(
        "EmergencyReview",
        "Somebody else judged whether the reason held.",
        &[
            ("by", "String!", seen, "Who."),
            ("at", "DateTime!", seen, "When."),
            ("outcome", "EmergencyOutcome!", seen, "What was found."),
            ("outcomeLabel", "Label!", seen, "The same in words."),
            ("note", "String!", seen, "On what it rests."),
        ],
    );
    m.object(
        "EmergencyStep",
        "What opening or ending an access comes to.",
        &[
            ("access", "EmergencyAccess", seen, "The access after the step; null where it was refused."),
            ("problems", "[Problem!]!", seen, "Everything that stands against it; nothing is written then."),
        ],
    );
    m.object(
        "EmergencyUse",
        "An access with its case.",
        &[
            ("applicationId", "ID!", WATCHERS, "The case."),
            ("number", "String!", WATCHERS, "Its number."),
            ("branch", "String!", WATCHERS, "Its branch."),
            ("access", "EmergencyAccess!", WATCHERS, "The access."),
        ],
    );
    m.object(
        "EmergencyUseEdge",
        "A line.",
        &[("cursor", "String!", WATCHERS, "Of this line."), ("node", "EmergencyUse!", WATCHERS, "The use.")],
    );
    m.object(
        "EmergencyUseConnection",
        "A page of the accesses in emergency, the latest first.",
        &[
            ("edges", "[EmergencyUseEdge!]!", WATCHERS, "The lines."),
            ("pageInfo", "PageInfo!", WATCHERS, "Where the page ends."),
        ],
    );
}
