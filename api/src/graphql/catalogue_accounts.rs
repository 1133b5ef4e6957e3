//! The types of accounts.

use super::accounts::SEEN;
use super::emergency;
use super::looked::WATCHERS;
use super::model::{Input, Model};
use workflows::account::{AccountKind, AccountState, AccountStep, ChangeState};

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
            ("id", "ID!", SEEN, "Id."),
            ("accountId", "ID!", SEEN, "The account; before its creation nothing else has this id."),
            ("step", "UserAccountStep!", SEEN, "What is done."),
            ("stepLabel", "Label!", SEEN, "The same in words."),
            ("kind", "UserAccountKind", SEEN, "What it shall be, where the step creates or changes."),
            ("login", "String", SEEN, "Subject, or id of the client, at the issuer."),
            ("name", "String", SEEN, "Name."),
            ("roles", "[Role!]", SEEN, "Roles."),
            ("branches", "[String!]", SEEN, "Branches."),
            ("organisation", "String", SEEN, "A partner's organisation."),
            ("state", "UserAccountChangeState!", SEEN, "How far it is."),
            ("stateLabel", "Label!", SEEN, "The same in words."),
            ("proposedBy", "String!", SEEN, "Who proposed."),
            ("proposedAt", "DateTime!", SEEN, "When."),
            ("decidedBy", "String", SEEN, "Who decided."),
            ("decidedAt", "DateTime", SEEN, "When."),
            ("reason", "String", SEEN, "Why it was returned."),
        ],
    );
    m.object(
        "UserAccountProposal",
        "What a step with an account comes to.",
        &[
            ("change", "UserAccountChange", SEEN, "The change after the step; null where it was refused."),
            ("problems", "[Problem!]!", SEEN, "Everything that stands against it; nothing is written then."),
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
    ];
    let holder = [
        input("login", "String!", "Subject, or id of the client, at the provider."),
        input("kind", "UserAccountKind", "Person or program; a person without it."),
    ];
    let doc = "What an account shall be.".to_owned();
    m.inputs.insert("UserProfileInput".to_owned(), (doc.clone(), profile.to_vec()));
    m.inputs.insert("UserAccountInput".to_owned(), (doc, [&holder[..], &profile[..]].concat()));
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
