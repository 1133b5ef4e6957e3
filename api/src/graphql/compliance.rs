//! The registers of the compliance office: contractors (L-94), complaints (L-95-2), trainings (L-95). What they answer is in
//! `register_desk`.

use super::register_desk as desk;
use super::roots::Root;
use super::wall::{self, Wall};
use workflows::machine::Role;

/// Who keeps the registers of contractors and complaints.
pub const OFFICE: Wall = Wall::of(&[Role::Compliance]);
/// Who sees them.
pub const OFFICE_AND_AUDIT: Wall = OFFICE.and(&[Role::Auditor]);
/// Who keeps the register of trainings.
const TRAINERS: Wall = OFFICE.and(&[Role::UserAdmin]);
/// Who sees it.
pub const TRAINED: Wall = TRAINERS.and(&[Role::Auditor]);
/// Who sees complaints: those who keep them, and customers their own.
pub const COMPLAINTS: Wall = OFFICE_AND_AUDIT.and(&[Role::Applicant, Role::CoObligor]);
/// Who files or records one.
pub const COMPLAINING: Wall = wall::STAFF_AND_CUSTOMER;

const FIRST: (&str, &str, &str) = ("first", "Int!", "How many, at most 100.");
const AFTER: (&str, &str, &str) = ("after", "String", "Cursor of the line before.");
const ID: (&str, &str, &str) = ("id", "ID!", "The line.");
const REASON: (&str, &str, &str) = ("reason", "String!", "Why.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "contractors",
        ty: "[ContractorLine!]",
        doc: "The register of contractors, the latest first (L-94).",
        wall: OFFICE_AND_AUDIT,
        arguments: &[
            FIRST,
            AFTER,
            ("dueTo", "Date", "Only those whose review is due on this day or before."),
            ("service", "ContractorService", "Only those of this service."),
        ],
        answer: |call, ctx| Box::pin(desk::contractors(call, ctx)),
    },
    Root {
        name: "registerReminders",
        ty: "[RegisterReminder!]",
        doc: "What comes due: reviews of contractors within 30 days, complaints to be answered within 7, the earliest first. A line is gone once \
              it was seen to.",
        wall: OFFICE,
        arguments: &[FIRST, AFTER],
        answer: |call, ctx| Box::pin(desk::reminders(call, ctx)),
    },
    Root {
        name: "contractorCases",
        ty: "[EngagedCase!]",
        doc: "Running cases that a scrivener's office works on, with the substitute that could take over (L-94).",
        wall: OFFICE_AND_AUDIT,
        arguments: &[("organisation", "String!", "The office."), FIRST, AFTER],
        answer: |call, ctx| Box::pin(desk::engaged(call, ctx)),
    },
    Root {
        name: "complaints",
        ty: "[ComplaintLine!]",
        doc: "Complaints, the latest first: those of the bank, or a customer's own (L-95-2). Each look is recorded.",
        wall: COMPLAINTS,
        arguments: &[
            FIRST,
            AFTER,
            ("state", "ComplaintState", "Only those that stand so."),
            ("category", "ComplaintCategory", "Only those about this."),
            ("dueTo", "Date", "Only open ones whose answer is due on this day or before."),
        ],
        answer: |call, ctx| Box::pin(desk::complaints(call, ctx)),
    },
    Root {
        name: "complaintFigures",
        ty: "[ComplaintFigure!]",
        doc: "How many complaints there are, by category and state; nothing about anybody.",
        wall: OFFICE_AND_AUDIT,
        arguments: &[],
        answer: |call, _| Box::pin(desk::figures(call)),
    },
    Root {
        name: "disputeContacts",
        ty: "[DisputeContactLine!]",
        doc: "Whom a customer may turn to with a complaint or a dispute.",
        wall: COMPLAINING.and(&[Role::Auditor]),
        arguments: &[],
        answer: |_, _| Box::pin(async { Ok(desk::contacts()) }),
    },
    Root {
        name: "trainings",
        ty: "[TrainingLine!]",
        doc: "The register of trainings, the latest first (L-95).",
        wall: TRAINED,
        arguments: &[
            FIRST,
            AFTER,
            ("subject", "String", "Only those of this person."),
            ("dueTo", "Date", "Only those that end on this day or before."),
        ],
        answer: |call, ctx| Box::pin(desk::trainings(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "proposeContractor",
        ty: "ContractorRegistered",
        doc: "Proposes a contractor; the office gets work once somebody else approves it (L-94).",
        wall: OFFICE,
        arguments: &[
            ("organisation", "String!", "Code under which cases engage it."),
            ("name", "String!", "Name."),
            ("service", "ContractorService!", "What it does."),
            ("contractFrom", "Date!", "First day of the contract."),
            ("contractUntil", "Date", "Last day; none: it runs on."),
            ("nextReviewOn", "Date!", "Last day for the next review."),
            ("substitute", "String", "Organisation that takes over."),
        ],
        answer: |call, ctx| Box::pin(desk::propose_contractor(call, ctx)),
    },
    Root {
        name: "proposeContractorStep",
        ty: "ContractorRegistered",
        doc: "Proposes to suspend, lift or end a contractor.",
        wall: OFFICE,
        arguments: &[ID, ("step", "ContractorStep!", "What is to be done."), REASON],
        answer: |call, ctx| Box::pin(desk::step_contractor(call, ctx)),
    },
    Root {
        name: "proposeContractorSubstitute",
        ty: "ContractorRegistered",
        doc: "Proposes who takes over from a contractor.",
        wall: OFFICE,
        arguments: &[ID, ("substitute", "String", "Organisation; none: nobody does.")],
        answer: |call, ctx| Box::pin(desk::replace_contractor(call, ctx)),
    },
    Root {
        name: "reviewContractor",
        ty: "ContractorRegistered",
        doc: "Records a review and the day of the next one.",
        wall: OFFICE,
        arguments: &[
            ID,
            ("on", "Date!", "Day of the review."),
            ("outcome", "ReviewOutcome!", "What it came to."),
            ("note", "String!", "What was found."),
            ("nextReviewOn", "Date!", "Last day for the next review."),
        ],
        answer: |call, ctx| Box::pin(desk::review_contractor(call, ctx)),
    },
    Root {
        name: "fileComplaint",
        ty: "ComplaintRegistered",
        doc: "Files a complaint of one's own, or records one that came in (L-95-2).",
        wall: COMPLAINING,
        arguments: &[
            ("category", "ComplaintCategory!", "What it is about."),
            ("text", "String!", "In the customer's words, at most 2000 characters."),
            ("channel", "ComplaintChannel", "How it came in; a customer's own comes on-line."),
            ("receivedOn", "Date", "Day of reception, today or before; a customer's own is of today."),
            ("applicationId", "ID", "The application that it is about."),
            ("contractor", "String", "Organisation of the contractor that it is about."),
        ],
        answer: |call, ctx| Box::pin(desk::file_complaint(call, ctx)),
    },
    Root {
        name: "handleComplaint",
        ty: "ComplaintRegistered",
        doc: "Records what was done about a complaint, and who handles it.",
        wall: OFFICE,
        arguments: &[
            ID,
            ("note", "String!", "What was done."),
            ("owner", "String", "Who handles it from now on."),
        ],
        answer: |call, ctx| Box::pin(desk::handle_complaint(call, ctx)),
    },
    Root {
        name: "answerComplaint",
        ty: "ComplaintRegistered",
        doc: "Records the answer to the customer, and the dispute settlement that was offered with it.",
        wall: OFFICE,
        arguments: &[
            ID,
            ("text", "String!", "What the customer was answered."),
            ("offered", "DisputeContact", "Dispute settlement that was offered."),
        ],
        answer: |call, ctx| Box::pin(desk::answer_complaint(call, ctx)),
    },
    Root {
        name: "proposeComplaintClosure",
        ty: "ComplaintRegistered",
        doc: "Proposes to close a complaint; somebody else approves it.",
        wall: OFFICE,
        arguments: &[ID, ("outcome", "ComplaintOutcome!", "What it came to.")],
        answer: |call, ctx| Box::pin(desk::close_complaint(call, ctx)),
    },
    Root {
        name: "proposeTraining",
        ty: "TrainingRegistered",
        doc: "Proposes a training that a colleague passed; it counts once somebody else approves it (L-95).",
        wall: TRAINERS,
        arguments: &[
            ("subject", "String!", "The colleague."),
            ("course", "TrainingCourse!", "Which."),
            ("passedOn", "Date!", "Day of passing."),
            ("validUntil", "Date!", "Last day on which it counts."),
        ],
        answer: |call, ctx| Box::pin(desk::propose_training(call, ctx)),
    },
    Root {
        name: "proposeTrainingRevocation",
        ty: "TrainingRegistered",
        doc: "Proposes that a training counts no more.",
        wall: TRAINERS,
        arguments: &[ID, REASON],
        answer: |call, ctx| Box::pin(desk::revoke_training(call, ctx)),
    },
    Root {
        name: "approveRegisterStep",
        ty: "RegisterDecision",
        doc: "Approves what somebody else proposed on a line of a register (E.2).",
        wall: TRAINERS,
        arguments: &[ID],
        answer: |call, ctx| Box::pin(desk::approve(call, ctx)),
    },
    Root {
        name: "returnRegisterStep",
        ty: "RegisterDecision",
        doc: "Returns what somebody else proposed on a line of a register.",
        wall: TRAINERS,
        arguments: &[ID, REASON],
        answer: |call, ctx| Box::pin(desk::give_back(call, ctx)),
    },
];
