//! The types of the registers of the compliance office.

use super::compliance::{COMPLAINING, OFFICE, OFFICE_AND_AUDIT, TRAINED};
use super::model::Model;
use super::wall::{INSIDE, INSIDE_AND_CUSTOMER, Wall};
use workflows::compliance::Register;
use workflows::compliance::complaint::{
    ComplaintCategory, ComplaintChannel, ComplaintOutcome, ComplaintState, DisputeContact,
};
use workflows::compliance::contractor::{ContractorService, ContractorStep, ReviewOutcome};
use workflows::machine::registers::{OfficeStanding, TrainingCourse};

macro_rules! words {
    ($model:ident, $($name:ident),+) => {
        $($model.choices(stringify!($name), $name::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));)+
    };
}

/// Consents, contractors, complaints, trainings.
pub fn registers(m: &mut Model) {
    words!(m, Register, ContractorService, ContractorStep, ReviewOutcome, OfficeStanding, TrainingCourse);
    words!(m, ComplaintCategory, ComplaintChannel, ComplaintOutcome, ComplaintState, DisputeContact);
    consents(m);
    contractors(m);
    complaints(m);
    trainings(m);
    m.object(
        "RegisterReminder",
        "A line of a register that comes due.",
        &[
            ("id", "ID!", OFFICE, "Id."),
            ("lineId", "ID!", OFFICE, "The contractor or the complaint."),
            ("register", "Register!", OFFICE, "Where it stands."),
            ("registerLabel", "Label!", OFFICE, "The same in words."),
            (
                "key",
                "String!",
                OFFICE,
                "Organisation of the contractor, or the application that the complaint is about.",
            ),
            ("groupLabel", "Label", OFFICE, "Service, or category."),
            ("dueOn", "Date!", OFFICE, "Last day."),
            ("isOverdue", "Boolean!", OFFICE, "That day has passed."),
            ("toldAt", "DateTime!", OFFICE, "When the desk was told."),
            ("cursor", "String!", OFFICE, "Send it back as `after`."),
        ],
    );
    let all = TRAINED;
    m.object(
        "RegisterPending",
        "What waits on a line for a second person.",
        &[
            ("step", "String!", all, "Which step."),
            ("by", "String!", all, "Who proposed it."),
            ("at", "DateTime!", all, "When."),
        ],
    );
    m.object(
        "RegisterLine",
        "A line after a decision.",
        &[
            ("id", "ID!", all, "Id."),
            ("register", "Register!", all, "Its register."),
            ("registerLabel", "Label!", all, "The same in words."),
            ("state", "String!", all, "How it stands now."),
        ],
    );
    answer(m, "RegisterDecision", ("line", "RegisterLine"), all);
}

/// What a step comes to: the line, or everything that stands against it.
fn answer(m: &mut Model, name: &str, (field, ty): (&str, &str), wall: Wall) {
    m.object(
        name,
        "What a step with a line of a register comes to.",
        &[
            (field, ty, wall, "The line after the step; null where it was refused."),
            ("problems", "[Problem!]!", wall, "Everything that stands against it; nothing is written then."),
        ],
    );
}

fn consents(m: &mut Model) {
    let wall = INSIDE_AND_CUSTOMER;
    m.object(
        "RegisteredConsent",
        "A consent of a person to one use of personal data (L-PRIV).",
        &[
            ("partyId", "String!", wall, "Who."),
            ("purpose", "ConsentPurpose!", wall, "What for."),
            ("purposeLabel", "Label!", wall, "The same in words."),
            ("recipient", "ConsentRecipient!", wall, "Who gets the data."),
            ("recipientLabel", "Label!", wall, "The same in words."),
            ("state", "ConsentState!", wall, "Does it count?"),
            ("stateLabel", "Label!", wall, "The same in words."),
            ("wording", "String!", wall, "Paper and edition that were signed."),
            ("givenOn", "Date!", wall, "When it was given."),
            ("channel", "ConsentChannel!", wall, "How."),
            ("withdrawnOn", "Date", wall, "When it was withdrawn."),
            ("withdrawnBy", "ConsentChannel", wall, "How."),
        ],
    );
    m.object(
        "ExplanationGiven",
        "How one signatory was told (L-95).",
        &[
            ("partyId", "String!", INSIDE, "Who was told."),
            ("by", "String!", INSIDE, "Who explained."),
            ("bookletVersion", "String!", INSIDE, "From which booklet."),
            ("on", "Date!", INSIDE, "When."),
            ("trainings", "[TrainingHeld!]!", INSIDE, "Trainings in force that it stands on."),
        ],
    );
    m.object(
        "TrainingHeld",
        "A training in force.",
        &[
            ("course", "TrainingCourse!", INSIDE, "Which."),
            ("passedOn", "Date!", INSIDE, "When it was passed."),
            ("validUntil", "Date!", INSIDE, "Last day on which it counts."),
        ],
    );
}

fn contractors(m: &mut Model) {
    let wall = OFFICE_AND_AUDIT;
    m.object(
        "ContractorLine",
        "A contractor of the bank (L-94).",
        &[
            ("id", "ID!", wall, "Id."),
            ("organisation", "String", wall, "Code under which cases engage it; null where it was returned."),
            ("name", "String", wall, "Name."),
            ("service", "ContractorService", wall, "What it does."),
            ("serviceLabel", "Label", wall, "The same in words."),
            ("contractFrom", "Date", wall, "First day of the contract."),
            ("contractUntil", "Date", wall, "Last day; null where it runs on."),
            ("nextReviewOn", "Date", wall, "Last day for the next review."),
            ("reviewOverdue", "Boolean", wall, "That day has passed."),
            ("substitute", "String", wall, "Organisation that takes over."),
            ("standing", "OfficeStanding", wall, "May it get new work today?"),
            ("standingLabel", "Label", wall, "The same in words."),
            ("reason", "String", wall, "Why it is suspended, or was lifted or ended."),
            ("reviews", "[ContractorReview!]", wall, "Reviews, the earliest first."),
            ("state", "String!", wall, "PROPOSED, ACTIVE, SUSPENDED, ENDED or RETURNED."),
            ("stateLabel", "Label!", wall, "The same in words."),
            ("pending", "RegisterPending", wall, "What waits for a second person."),
            ("returned", "String", wall, "Why the last proposal was returned."),
            ("changedBy", "String!", wall, "Who took the last step."),
            ("changedAt", "DateTime!", wall, "When."),
            ("cursor", "String!", wall, "Send it back as `after`."),
        ],
    );
    m.object(
        "ContractorReview",
        "A review of a contractor.",
        &[
            ("on", "Date!", wall, "When."),
            ("outcome", "ReviewOutcome!", wall, "What it came to."),
            ("note", "String!", wall, "What was found."),
            ("by", "String!", wall, "Who reviewed."),
        ],
    );
    m.object(
        "EngagedCase",
        "A running case that a contractor works on.",
        &[
            ("applicationId", "ID!", wall, "The application."),
            ("number", "String!", wall, "Case number."),
            ("branch", "String!", wall, "Branch code."),
            ("stage", "Stage!", wall, "Where it stands."),
            ("stageLabel", "Label!", wall, "The same in words."),
            ("substitute", "String", wall, "Organisation that could take over."),
            ("cursor", "String!", wall, "Send it back as `after`."),
        ],
    );
    answer(m, "ContractorRegistered", ("contractor", "ContractorLine"), wall);
}

fn complaints(m: &mut Model) {
    // Whoever files one is shown it, staff included.
    let (wall, office) = (COMPLAINING.and(&[workflows::machine::Role::Auditor]), OFFICE_AND_AUDIT);
    m.object(
        "ComplaintLine",
        "A complaint (L-95-2).",
        &[
            ("id", "ID!", wall, "Id."),
            ("receivedOn", "Date!", wall, "When it came in."),
            ("channel", "ComplaintChannel!", wall, "How."),
            ("category", "ComplaintCategory!", wall, "What it is about."),
            ("categoryLabel", "Label!", wall, "The same in words."),
            ("text", "String!", wall, "In the customer's words."),
            ("applicationId", "ID", wall, "The application that it is about."),
            ("contractor", "String", office, "Organisation of the contractor that it is about."),
            ("filedBy", "String", office, "The customer who filed it himself."),
            ("recordedBy", "String!", office, "Who recorded it."),
            ("owner", "String", office, "Who handles it."),
            ("handling", "[ComplaintHandling!]!", office, "What was done about it."),
            ("dueOn", "Date!", wall, "Last day for the answer."),
            ("overdue", "Boolean!", wall, "That day has passed without an answer."),
            ("answer", "ComplaintAnswer", wall, "What the customer was answered."),
            ("offered", "DisputeContact", wall, "Dispute settlement that was offered."),
            ("offeredLabel", "Label", wall, "The same in words."),
            ("offeredOn", "Date", wall, "When it was offered."),
            ("outcome", "ComplaintOutcome", wall, "What it came to."),
            ("outcomeLabel", "Label", wall, "The same in words."),
            ("closedOn", "Date", wall, "When it was closed."),
            ("state", "String!", wall, "OPEN, ANSWERED or CLOSED."),
            ("stateLabel", "Label!", wall, "The same in words."),
            ("pending", "RegisterPending", office, "What waits for a second person."),
            ("returned", "String", office, "Why the last proposal was returned."),
            ("changedBy", "String!", office, "Who took the last step."),
            ("changedAt", "DateTime!", wall, "When."),
            ("cursor", "String!", wall, "Send it back as `after`."),
        ],
    );
    m.object(
        "ComplaintHandling",
        "What somebody did about a complaint.",
        &[
            ("at", "DateTime!", office, "When."),
            ("by", "String!", office, "Who."),
            ("text", "String!", office, "What."),
        ],
    );
    m.object(
        "ComplaintAnswer",
        "What a customer was answered.",
        &[
            ("on", "Date!", wall, "When."),
            ("by", "String!", office, "Who answered."),
            ("text", "String!", wall, "What."),
        ],
    );
    m.object(
        "ComplaintFigure",
        "How many complaints of a category stand in a state.",
        &[
            ("category", "ComplaintCategory!", office, "Category."),
            ("state", "ComplaintState!", office, "State."),
            ("complaints", "Int!", office, "How many."),
            ("overdue", "Int!", office, "Of them without an answer in time."),
        ],
    );
    m.object(
        "DisputeContactLine",
        "Whom a customer may turn to.",
        &[
            ("contact", "DisputeContact!", wall, "Code."),
            ("label", "Label!", wall, "Name."),
            ("settlesDisputes", "Boolean!", wall, "Settles disputes, rather than hearing complaints."),
        ],
    );
    answer(m, "ComplaintRegistered", ("complaint", "ComplaintLine"), wall);
}

fn trainings(m: &mut Model) {
    let wall = TRAINED;
    m.object(
        "TrainingLine",
        "A training that somebody passed (L-95).",
        &[
            ("id", "ID!", wall, "Id."),
            ("subject", "String", wall, "Whose it is; null where it was returned."),
            ("course", "TrainingCourse", wall, "Which."),
            ("courseLabel", "Label", wall, "The same in words."),
            ("passedOn", "Date", wall, "When it was passed."),
            ("validUntil", "Date", wall, "Last day on which it counts."),
            ("reason", "String", wall, "Why it was revoked."),
            ("state", "String!", wall, "PROPOSED, PASSED, REVOKED or RETURNED."),
            ("stateLabel", "Label!", wall, "The same in words."),
            ("pending", "RegisterPending", wall, "What waits for a second person."),
            ("returned", "String", wall, "Why the last proposal was returned."),
            ("changedBy", "String!", wall, "Who took the last step."),
            ("changedAt", "DateTime!", wall, "When."),
            ("cursor", "String!", wall, "Send it back as `after`."),
        ],
    );
    answer(m, "TrainingRegistered", ("training", "TrainingLine"), wall);
}
