//! Types of answers, queues, lists and history.

use super::bureau::WALL as BUREAU;
use super::catalogue::DATED;
use super::looked::WATCHERS;
use super::model::Model;
use super::wall::{ALL, BUSINESS, INSIDE, INSIDE_AND_CUSTOMER, STAFF, STAFF_AND_CUSTOMER, Wall};
use workflows::machine::Role;

/// Payloads of mutations.
pub fn answers(m: &mut Model) {
    m.object(
        "Done",
        "Carried out, or proposed where four eyes are asked for.",
        &[
            ("application", "Application!", BUSINESS, "The application now."),
            ("version", "Int!", BUSINESS, "Version that this command made."),
            ("rows", "[String!]!", BUSINESS, "Rows of the table that were taken."),
            (
                "replayed",
                "Boolean!",
                BUSINESS,
                "True where the answer comes from the receipt of an earlier request.",
            ),
        ],
    );
    m.object(
        "Blocked",
        "Not now: the rules say what is in the way.",
        &[
            ("code", "BlockedCode!", BUSINESS, "Something is missing, or it does not start from here."),
            ("at", "String", BUSINESS, "Stage or track state, for roles that see it."),
            ("allowed", "[String!]", BUSINESS, "Where it would be possible, for roles that see it."),
            ("unmet", "[Unmet!]!", BUSINESS, "Everything that is in the way, at once."),
        ],
    );
    m.object(
        "Unmet",
        "A precondition that is not met.",
        &[
            ("code", "String!", BUSINESS, "Stable code of the guard."),
            ("rule", "String", BUSINESS, "Rule of the specification."),
            ("subject", "String", BUSINESS, "Person, loan, property or paper."),
            ("ja", "String!", BUSINESS, "What is missing, in Japanese."),
            ("en", "String!", BUSINESS, "What is missing, in English."),
            ("clearedBy", "[Role!]!", BUSINESS, "Who can clear it."),
        ],
    );
    m.object(
        "Conflict",
        "Somebody was faster: the version is not the present one.",
        &[
            ("current", "Application!", BUSINESS, "The application now."),
            ("changedBy", "String", BUSINESS, "Who changed it; inside the lender."),
            ("changedAt", "DateTime!", BUSINESS, "When."),
        ],
    );
    m.object(
        "Invalid",
        "Data that can never be right: all problems at once.",
        &[("problems", "[Problem!]!", BUSINESS, "The problems.")],
    );
    m.object(
        "Problem",
        "A value that can never be right.",
        &[
            ("field", "String!", ALL, "Path of the argument: form.parties[0].birthDate."),
            ("rule", "String!", ALL, "Rule."),
            ("messageJa", "String!", ALL, "Why, in Japanese."),
            ("messageEn", "String!", ALL, "Why, in English."),
            ("accepted", "String!", ALL, "What would be accepted."),
        ],
    );
}

/// What a change would do, before it is made.
pub fn preview(m: &mut Model) {
    m.object(
        "ChangePreview",
        "What a change would void, before it is made.",
        &[
            ("possible", "Boolean!", STAFF_AND_CUSTOMER, "A change can be asked for at this stage."),
            (
                "triggers",
                "[ChangeTrigger!]!",
                STAFF_AND_CUSTOMER,
                "Changes that ask for screening anew (E.3); none for a corrected typing error.",
            ),
            ("voids", "[Voided!]!", STAFF_AND_CUSTOMER, "Decisions and papers that are made anew."),
            (
                "problems",
                "[Problem!]!",
                STAFF_AND_CUSTOMER,
                "What can never be right; then nothing else is said.",
            ),
        ],
    );
    m.object(
        "Voided",
        "A decision or paper that rests on what is changed.",
        &[
            ("kind", "ChangeVoids!", STAFF_AND_CUSTOMER, "What."),
            ("label", "Label!", STAFF_AND_CUSTOMER, "The same in words."),
            ("partyId", "String", STAFF_AND_CUSTOMER, "Person of the declaration or paper."),
            ("loanNo", "Int", STAFF_AND_CUSTOMER, "Loan of the declaration."),
            ("document", "DocumentKind", STAFF_AND_CUSTOMER, "Kind of the paper."),
            ("propertyNo", "Int", STAFF_AND_CUSTOMER, "Property of the paper."),
        ],
    );
}

/// Queues, lists, inbox.
pub fn work(m: &mut Model) {
    queue(m);
    inbox(m);
    m.object(
        "PageInfo",
        "Where a page ends.",
        &[
            ("hasNextPage", "Boolean!", ALL, "There is more."),
            ("endCursor", "String", ALL, "Send it as after."),
        ],
    );
    m.object(
        "ApplicationConnection",
        "A page of applications.",
        &[
            ("edges", "[ApplicationEdge!]!", BUSINESS, "The lines."),
            ("pageInfo", "PageInfo!", BUSINESS, "Where the page ends."),
            ("totalCount", "Int", BUSINESS, "How many there are, counted to 10,000."),
            ("totalIsExact", "Boolean", BUSINESS, "False where there are more than were counted."),
        ],
    );
    m.object(
        "ApplicationEdge",
        "A line.",
        &[
            ("cursor", "String!", BUSINESS, "Of this line."),
            ("node", "Application!", BUSINESS, "The application."),
        ],
    );
}

/// Who reads the name of the applicant in a queue.
const NAMED: Wall = STAFF_AND_CUSTOMER.and(&[
    Role::Guarantor,
    Role::Insurer,
    Role::FireInsurer,
    Role::Scrivener,
    Role::MemberOrg,
]);

/// Queues.
fn queue(m: &mut Model) {
    m.object(
        "TaskConnection",
        "A page of a queue, the most urgent first.",
        &[
            ("edges", "[TaskEdge!]!", BUSINESS, "The lines."),
            ("pageInfo", "PageInfo!", BUSINESS, "Where the page ends."),
            (
                "totalCount",
                "Int",
                BUSINESS,
                "How many there are, counted up to 10,000; null where not asked for.",
            ),
            ("totalIsExact", "Boolean", BUSINESS, "False where there are more than were counted."),
        ],
    );
    m.object(
        "TaskEdge",
        "A line.",
        &[("cursor", "String!", BUSINESS, "Of this line."), ("node", "QueuedTask!", BUSINESS, "The task.")],
    );
    m.object(
        "QueuedTask",
        "A task in a queue.",
        &[
            ("id", "ID!", BUSINESS, "Id."),
            ("applicationId", "ID!", BUSINESS, "Application."),
            ("number", "String!", BUSINESS, "Its number."),
            ("branch", "String!", BUSINESS, "Its branch."),
            ("task", "Task!", BUSINESS, "What is to be done."),
            ("label", "Label!", BUSINESS, "The same in words."),
            ("role", "Role!", BUSINESS, "Whose queue."),
            ("dueOn", "Date!", BUSINESS, "Due."),
            (
                "businessDaysLeft",
                "Int!",
                BUSINESS,
                "Business days of the branch from today to the day that it is due; negative when overdue.",
            ),
            ("openedAt", "DateTime!", BUSINESS, "Since when."),
            ("claimedBy", "String", INSIDE, "Who has taken it."),
            ("isMine", "Boolean!", BUSINESS, "Taken by the caller."),
            ("stage", "Stage!", INSIDE_AND_CUSTOMER.and(&[Role::CoreBanking]), "Stage of the application."),
            ("applicantName", "String!", NAMED, "Applicant."),
            ("applicantKana", "String!", NAMED, "The same in katakana."),
            ("amountYen", "Yen!", DATED, "Requested amount."),
            ("plannedDate", "Date!", DATED, "Planned date."),
        ],
    );
}

/// The inbox.
fn inbox(m: &mut Model) {
    m.object(
        "InboxConnection",
        "A page of the inbox, the latest first.",
        &[
            ("edges", "[InboxEdge!]!", BUSINESS, "The lines."),
            ("pageInfo", "PageInfo!", BUSINESS, "Where the page ends."),
            ("unread", "Int!", BUSINESS, "Unread, counted to 1,000."),
        ],
    );
    m.object(
        "InboxEdge",
        "A line.",
        &[("cursor", "String!", BUSINESS, "Of this line."), ("node", "InboxItem!", BUSINESS, "The notice.")],
    );
    m.object(
        "InboxItem",
        "A notice that was delivered.",
        &[
            ("id", "ID!", BUSINESS, "Id."),
            ("applicationId", "ID!", BUSINESS, "Application."),
            ("number", "String!", BUSINESS, "Its number."),
            ("notice", "NoticeId!", BUSINESS, "Which notice."),
            ("at", "DateTime!", BUSINESS, "Delivered."),
            ("subject", "Label!", BUSINESS, "Subject."),
            ("body", "Label!", BUSINESS, "Text."),
            ("readAt", "DateTime", BUSINESS, "Read."),
        ],
    );
}

/// Actions, history, explanation, the table itself.
pub fn history(m: &mut Model) {
    told(m);
    inquired(m);
    published(m);
    m.object(
        "Action",
        "Something that the caller could do, and what is in the way.",
        &[
            ("verb", "Verb!", BUSINESS, "The mutation."),
            ("label", "Label!", BUSINESS, "The button."),
            ("row", "String!", BUSINESS, "Row of the table."),
            ("key", "String", BUSINESS, "Track instance or proposal."),
            ("requestId", "String", BUSINESS, "Partners: the request that the command answers."),
            ("proposes", "Boolean!", BUSINESS, "A second person decides."),
            ("enabled", "Boolean!", BUSINESS, "Nothing is in the way."),
            ("unmet", "[Unmet!]!", BUSINESS, "What is in the way."),
            ("because", "String!", INSIDE, "Why the row exists."),
        ],
    );
    m.object(
        "LookConnection",
        "A page of the read log, the latest first.",
        &[
            ("edges", "[LookEdge!]!", WATCHERS, "The lines."),
            ("pageInfo", "PageInfo!", WATCHERS, "Where the page ends."),
        ],
    );
    m.object(
        "LookEdge",
        "A line.",
        &[("cursor", "String!", WATCHERS, "Of this line."), ("node", "Look!", WATCHERS, "The look.")],
    );
    m.object(
        "Look",
        "Somebody looked at personal data (L-91).",
        &[
            ("at", "DateTime!", WATCHERS, "When."),
            ("subject", "String!", WATCHERS, "Who."),
            ("role", "Role!", WATCHERS, "As what."),
            ("number", "String", WATCHERS, "Number of the case, where it was one."),
            ("applicationIds", "[String!]!", WATCHERS, "The cases: one, or those of a list."),
            ("kinds", "[String!]!", WATCHERS, "Kinds of data, such as CONTENT."),
            ("purpose", "String!", WATCHERS, "What for."),
            ("request", "String!", WATCHERS, "Lines of one request have the same."),
            (
                "emergency",
                "String",
                WATCHERS,
                "The access in emergency by which the case was seen, where it was one.",
            ),
        ],
    );
    m.object(
        "TimelineConnection",
        "A page of the history, the oldest first.",
        &[
            ("edges", "[TimelineEdge!]!", INSIDE_AND_CUSTOMER, "The lines."),
            ("pageInfo", "PageInfo!", INSIDE_AND_CUSTOMER, "Where the page ends."),
        ],
    );
    m.object(
        "TimelineEdge",
        "A line.",
        &[
            ("cursor", "String!", INSIDE_AND_CUSTOMER, "Of this line."),
            ("node", "TimelineEntry!", INSIDE_AND_CUSTOMER, "The entry."),
        ],
    );
    m.object(
        "TimelineEntry",
        "One accepted command.",
        &[
            ("version", "Int!", INSIDE_AND_CUSTOMER, "Version that it made."),
            ("at", "DateTime!", INSIDE_AND_CUSTOMER, "When."),
            ("actor", "String", INSIDE, "Who."),
            ("onBehalfOf", "String", INSIDE, "The absent colleague for whom."),
            ("organisation", "String", INSIDE, "Organisation of a partner's person or program."),
            ("role", "Role!", INSIDE_AND_CUSTOMER, "As what."),
            ("verb", "Verb!", INSIDE_AND_CUSTOMER, "What."),
            ("label", "Label!", INSIDE_AND_CUSTOMER, "The same in words."),
            ("reason", "String", INSIDE, "Why."),
            ("rows", "[String!]!", INSIDE, "Rows of the table that were taken."),
            (
                "changes",
                "[FieldChange!]!",
                INSIDE_AND_CUSTOMER,
                "Field by field, as far as the role sees the fields.",
            ),
        ],
    );
}

/// What the credit bureau was asked (L-92).
pub fn inquired(m: &mut Model) {
    super::keeping::types(m);
    let purposes = [
        ("REPAYMENT_ABILITY", "返済能力の調査", "Checking the ability to repay"),
        ("DISCLOSURE", "本人への開示", "Disclosure to the person concerned"),
        ("OTHER", "その他", "Anything else: never answered"),
    ];
    m.choices("AccessPurpose", purposes.into_iter());
    m.object(
        "BureauInquiry",
        "An inquiry at the credit bureau about a person.",
        &[
            ("partyId", "String!", BUREAU, "Person."),
            ("state", "TrackState!", BUREAU, "Where it stands."),
            ("stateLabel", "Label!", BUREAU, "The same in words."),
            ("since", "Date!", BUREAU, "Business date of the last move."),
            ("answerKeys", "[String!]!", BUREAU, "Keys of the bureau's answers, the oldest first."),
        ],
    );
}

/// Changes, memos, explanation.
fn told(m: &mut Model) {
    m.object(
        "FieldChange",
        "A field before and after.",
        &[
            ("path", "String!", INSIDE_AND_CUSTOMER, "Path in the application."),
            ("before", "Json", INSIDE_AND_CUSTOMER, "Absent where it is new."),
            ("after", "Json", INSIDE_AND_CUSTOMER, "Absent where it is gone."),
        ],
    );
    m.object(
        "Memo",
        "A memo for colleagues; it never leaves the bank.",
        &[
            ("version", "Int!", STAFF, "Version of the case that it made."),
            ("at", "DateTime!", STAFF, "When."),
            ("by", "String!", STAFF, "Who."),
            ("text", "String!", STAFF, "What."),
        ],
    );
    m.object(
        "Explanation",
        "Where a case is, why, and who moves it.",
        &[
            ("stage", "Stage!", INSIDE_AND_CUSTOMER, "Where it stands."),
            ("stageLabel", "Label!", INSIDE_AND_CUSTOMER, "The same in words."),
            ("waitingFor", "[OpenTask!]!", INSIDE_AND_CUSTOMER, "Work that waits, and whose."),
            ("deadlines", "[Deadline!]!", INSIDE_AND_CUSTOMER, "Dates that run."),
            ("proposals", "[Proposal!]!", STAFF, "What waits for a second person."),
            ("ways", "[Way!]!", INSIDE, "The ways on from here, with what is in the way of each."),
        ],
    );
    m.object(
        "Way",
        "A row of the table that leaves the present stage.",
        &[
            ("row", "String!", INSIDE, "Row."),
            ("verb", "Verb!", INSIDE, "Verb."),
            ("label", "Label!", INSIDE, "The same in words."),
            ("to", "Stage!", INSIDE, "Where it leads."),
            ("by", "[Role!]!", INSIDE, "Who takes it; nobody where the case takes it by itself."),
            ("unmet", "[Unmet!]!", INSIDE, "What is in the way."),
            ("because", "String!", INSIDE, "Why the row exists."),
        ],
    );
}

/// The table and the words; the caller.
fn published(m: &mut Model) {
    m.object(
        "Workflow",
        "The table of the machine.",
        &[
            ("version", "String!", ALL, "Version of the table."),
            ("rows", "[WorkflowRow!]!", ALL, "The rows, in the order a loan lives."),
            ("labels", "[LabelledCode!]!", ALL, "Every list of words with its labels."),
        ],
    );
    m.object(
        "WorkflowRow",
        "A row of the table.",
        &[
            ("id", "String!", ALL, "Id."),
            ("verb", "Verb!", ALL, "Verb."),
            ("label", "Label!", ALL, "The verb in words."),
            ("from", "[String!]!", ALL, "Stages, or track and state, from which it starts."),
            ("to", "String", ALL, "Where it leads; absent for facts."),
            ("by", "[Role!]!", ALL, "Who takes or proposes it."),
            ("decides", "[Role!]!", ALL, "Who decides, where four eyes are asked for."),
            ("guards", "[String!]!", INSIDE.and(&[Role::UserAdmin]), "What it asks for."),
            ("because", "String!", INSIDE.and(&[Role::UserAdmin]), "Why it exists."),
        ],
    );
    m.object(
        "LabelledCode",
        "A code with its labels.",
        &[
            ("list", "String!", ALL, "Name of the list."),
            ("code", "String!", ALL, "Code."),
            ("label", "Label!", ALL, "Labels."),
        ],
    );
    m.object(
        "Me",
        "The caller.",
        &[
            ("subject", "String!", ALL, "Id of the person or client."),
            ("role", "Role!", ALL, "Role."),
            ("roleLabel", "Label!", ALL, "The same in words."),
            ("institution", "String!", ALL, "Bank code."),
            ("bankName", "String", ALL, "Name of the bank in the latest edition of its book."),
            ("branches", "[String!]!", ALL, "Branch codes; empty means every branch."),
            (
                "bankBranches",
                "[BankBranch!]!",
                ALL,
                "The branches at which the caller's bank takes applications in, as the edition of its book lists them that counts today; empty \
                 where it lists none: every branch code is taken.",
            ),
            ("organisation", "String", ALL, "Partner organisation."),
            ("onBehalfOf", "String", ALL, "The absent colleague for whom the caller acts."),
        ],
    );
    m.object(
        "BankBranch",
        "A branch of a bank.",
        &[("code", "String!", ALL, "Branch code."), ("name", "Label!", ALL, "Its name.")],
    );
    m.object(
        "Changed",
        "An application changed.",
        &[
            ("application", "Application!", BUSINESS, "The application now."),
            ("version", "Int!", BUSINESS, "Its version."),
        ],
    );
}
