//! The types of the scrivener's job and of paper originals.

use super::engagement::{DESK, HANDS, OFFICE};
use super::model::Model;
use super::wall::{CUSTOMER, STAFF};
use workflows::engagement::{
    CostState, DeclineReason, EngagementState, IdentityMethod, IdentityPaper, Waiting,
};
use workflows::original::{OriginalKind, OriginalPlace};

macro_rules! words {
    ($model:ident, $($name:ident as $shown:literal),+ $(,)?) => {
        $($model.choices($shown, $name::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));)+
    };
}

/// Engagement, costs, identification, originals.
pub fn desk(m: &mut Model) {
    words!(
        m,
        EngagementState as "EngagementState",
        DeclineReason as "DeclineReason",
        CostState as "CostState",
        IdentityMethod as "IdentityMethod",
        IdentityPaper as "IdentityPaper",
        OriginalKind as "OriginalKind",
        OriginalPlace as "OriginalPlace",
        Waiting as "WaitingJobState",
    );
    m.object(
        "RegistrationDesk",
        "How the job of the scrivener's office in a case stands.",
        &[
            ("organisation", "String", DESK, "The office that has the job now."),
            ("engagement", "JobEngagement", DESK, "Its answer; null while it has given none."),
            ("costs", "JobCosts", DESK, "Its estimate and bill."),
            (
                "registrationTaxYen",
                "Yen",
                DESK,
                "What the application for the registration comes to, once it is complete and the job is taken.",
            ),
            ("identities", "[IdentityRecord!]!", DESK, "Whom it identified."),
            ("originals", "[PaperOriginal!]!", DESK, "The paper originals of the case."),
        ],
    );
    m.object(
        "JobEngagement",
        "What an office said to a job, with its check of conflicts of interest.",
        &[
            ("organisation", "String!", DESK, "The office."),
            ("state", "EngagementState!", DESK, "Taken, declined or ended."),
            ("stateLabel", "Label!", DESK, "The same in words."),
            ("ownOrRelative", "Boolean!", DESK, "A case of one of its people or of a relative."),
            ("otherParty", "Boolean!", DESK, "It acts for another party whose interests are opposed."),
            ("reason", "DeclineReason", DESK, "Why it declined."),
            ("reasonLabel", "Label", DESK, "The same in words."),
            ("by", "String!", DESK, "Who said it."),
            ("at", "DateTime!", DESK, "When."),
        ],
    );
    m.object(
        "JobAmounts",
        "Figures of a job in whole yen.",
        &[
            ("feeYen", "Yen!", DESK, "The office's own fee without tax."),
            ("consumptionTaxYen", "Yen!", DESK, "Consumption tax on it."),
            ("registrationTaxYen", "Yen!", DESK, "Registration tax."),
            ("disbursementsYen", "Yen!", DESK, "Certificates, postage."),
            ("totalYen", "Yen!", DESK, "Everything together."),
        ],
    );
    m.object(
        "CostEstimate",
        "What the registration will cost the customer, in whole yen (H-14).",
        &[
            ("feeYen", "Yen!", CUSTOMER, "The scrivener's fee without tax."),
            ("consumptionTaxYen", "Yen!", CUSTOMER, "Consumption tax on it."),
            ("registrationTaxYen", "Yen!", CUSTOMER, "Registration tax."),
            ("disbursementsYen", "Yen!", CUSTOMER, "Certificates, postage."),
            ("totalYen", "Yen!", CUSTOMER, "Everything together."),
            ("estimatedAt", "DateTime", CUSTOMER, "When it was said."),
        ],
    );
    m.object(
        "JobCosts",
        "Estimate and bill of a job.",
        &[
            ("estimate", "JobAmounts!", DESK, "What was said before."),
            ("bill", "JobAmounts", DESK, "What is asked for."),
            ("state", "CostState!", DESK, "How far it is."),
            ("stateLabel", "Label!", DESK, "The same in words."),
            ("above", "[String!]!", DESK, "Figures in which the bill is above the estimate."),
            ("by", "String!", DESK, "Whose step was the last."),
            ("at", "DateTime!", DESK, "When."),
        ],
    );
    m.object(
        "IdentityRecord",
        "Somebody was identified under the act of 2008 (H-15, H-46).",
        &[
            ("id", "ID!", DESK, "Id."),
            ("partyId", "String!", DESK, "Whom, by the id in the form."),
            ("method", "IdentityMethod!", DESK, "How."),
            ("methodLabel", "Label!", DESK, "The same in words."),
            ("papers", "[IdentityPaper!]!", DESK, "What was shown."),
            ("paperLabels", "[Label!]!", DESK, "The same in words."),
            ("verifiedOn", "Date!", DESK, "When."),
            ("by", "String!", DESK, "The person of the office."),
            ("at", "DateTime!", DESK, "When it was recorded."),
        ],
    );
    originals(m);
    m.object(
        "RegistrationStep",
        "What a step comes to.",
        &[
            ("lineId", "ID", HANDS, "The line of the record; null where it was refused."),
            ("original", "PaperOriginal", HANDS, "The original after the step, where it is about one."),
            ("problems", "[Problem!]!", HANDS, "Everything that stands against it; nothing is written then."),
        ],
    );
    m.object(
        "CalendarFeed",
        "The address of a calendar, without the address.",
        &[("madeAt", "DateTime!", OFFICE, "When it was made.")],
    );
    m.object(
        "NewCalendarFeed",
        "A new address of a calendar.",
        &[
            (
                "path",
                "String",
                OFFICE,
                "Where the calendar is read. It is not shown again: a repeat of the request finds null.",
            ),
            ("madeAt", "DateTime!", OFFICE, "When it was made."),
        ],
    );
    m.object(
        "WaitingJob",
        "A job that an office has not taken.",
        &[
            ("applicationId", "ID!", STAFF, "The application."),
            ("number", "String!", STAFF, "Its number."),
            ("branch", "String!", STAFF, "Its branch."),
            ("organisation", "String!", STAFF, "The office."),
            ("state", "WaitingJobState!", STAFF, "How long it waits."),
            ("stateLabel", "Label!", STAFF, "The same in words."),
            ("askedOn", "Date!", STAFF, "When the office was asked."),
            ("reason", "DeclineReason", STAFF, "Why it declined."),
            ("reasonLabel", "Label", STAFF, "The same in words."),
        ],
    );
    m.object(
        "WaitingJobEdge",
        "A line.",
        &[("cursor", "String!", STAFF, "Of this line."), ("node", "WaitingJob!", STAFF, "The job.")],
    );
    m.object(
        "WaitingJobConnection",
        "A page of jobs that no office has taken.",
        &[
            ("edges", "[WaitingJobEdge!]!", STAFF, "The lines."),
            ("pageInfo", "PageInfo!", STAFF, "Where the page ends."),
        ],
    );
}

fn originals(m: &mut Model) {
    m.object(
        "PaperOriginal",
        "A paper original: where it is, and how it went from hand to hand (P-13).",
        &[
            ("id", "ID!", DESK, "Id."),
            ("kind", "OriginalKind!", DESK, "What it is."),
            ("kindLabel", "Label!", DESK, "The same in words."),
            ("partyId", "String", DESK, "Whose it is, by the id in the form."),
            ("place", "OriginalPlace!", DESK, "Where it is."),
            ("placeLabel", "Label!", DESK, "The same in words."),
            ("holder", "String!", DESK, "Who answers for it there."),
            ("since", "DateTime!", DESK, "Since when."),
            ("dueOn", "Date", DESK, "By when it is due back at the bank."),
            ("isOverdue", "Boolean!", DESK, "That day is over."),
            (
                "isToHandOver",
                "Boolean",
                DESK,
                "It is with an office whose job another one took over. Not told by steps.",
            ),
            ("offeredTo", "OriginalPlace", DESK, "Where it goes, once it is taken there."),
            ("offeredToLabel", "Label", DESK, "The same in words."),
            ("offeredBy", "String", DESK, "Who gives it."),
            ("offeredAt", "DateTime", DESK, "Since when it waits for its receiver."),
            ("moves", "[OriginalMove!]!", DESK, "How it came there, the first one first."),
        ],
    );
    m.object(
        "OriginalMove",
        "A handover between two people.",
        &[
            ("from", "OriginalPlace!", DESK, "Where it was."),
            ("fromLabel", "Label!", DESK, "The same in words."),
            ("to", "OriginalPlace!", DESK, "Where it went."),
            ("toLabel", "Label!", DESK, "The same in words."),
            ("givenBy", "String!", DESK, "Who gave it."),
            ("givenAt", "DateTime!", DESK, "When."),
            ("takenBy", "String!", DESK, "Who took it."),
            ("takenAt", "DateTime!", DESK, "When."),
        ],
    );
    m.object(
        "DueOriginal",
        "An original that is due back.",
        &[
            ("applicationId", "ID!", HANDS, "The application."),
            ("number", "String!", HANDS, "Its number."),
            ("original", "PaperOriginal!", HANDS, "The original."),
        ],
    );
    m.object(
        "DueOriginalEdge",
        "A line.",
        &[("cursor", "String!", HANDS, "Of this line."), ("node", "DueOriginal!", HANDS, "The original.")],
    );
    m.object(
        "DueOriginalConnection",
        "A page of originals that are due back.",
        &[
            ("edges", "[DueOriginalEdge!]!", HANDS, "The lines."),
            ("pageInfo", "PageInfo!", HANDS, "Where the page ends."),
        ],
    );
}
