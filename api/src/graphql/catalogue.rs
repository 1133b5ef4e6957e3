//! The one model of types: what is shown, what is taken, and every list of words with its labels.

use super::application::SHOWN;
use super::command::COMMANDS;
use super::model::{Field, Input, Model};
use super::wall::{self, ALL, BUSINESS, INSIDE, INSIDE_AND_CUSTOMER, STAFF, STAFF_AND_CUSTOMER, Wall};
use std::sync::LazyLock;
use workflows::Form;
use workflows::machine::facts::*;
use workflows::machine::{NoticeId, Role, Stage, Task, Timer, Track, TrackState, Verb};

/// All types of all roles.
pub static MODEL: LazyLock<Model> = LazyLock::new(build);

macro_rules! words {
    ($model:ident, $($name:ident),+) => {
        $($model.choices(stringify!($name), $name::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));)+
    };
}

fn build() -> Model {
    let mut model = Model::default();
    words!(model, Stage, Track, TrackState, Role, Task, Timer, Verb, NoticeId, PostingState);
    words!(model, Ground, DeclineGround, ClosureGround, ChangeCause, HoldGround, TerminationGround);
    words!(model, ExtensionPaper, ConditionStage);
    sorts(&mut model);
    let form = schemars::schema_for!(Form).to_value();
    model.outputs_of(&form, "Form", &form);
    for schema in COMMANDS.of.values() {
        model.arguments_of(&COMMANDS.root, schema, false);
    }
    let shown = SHOWN.iter().map(|shown| Field {
        name: shown.name.to_owned(),
        key: shown.name.to_owned(),
        ty: shown.ty.to_owned(),
        doc: shown.doc.to_owned(),
        wall: shown.wall,
    });
    let doc = "A loan application as far as the caller's role sees it.".to_owned();
    model.objects.insert("Application".to_owned(), (doc, shown.collect()));
    parts(&mut model);
    money(&mut model);
    answers(&mut model);
    work(&mut model);
    history(&mut model);
    filters(&mut model);
    model
}

/// Inputs of lists.
fn filters(model: &mut Model) {
    let input = |name: &str, ty: &str, doc: &str| Input { name: name.into(), ty: ty.into(), doc: doc.into() };
    let applications = vec![
        input("stages", "[Stage!]", "Any of these stages."),
        input("branch", "String", "Branch code."),
        input("product", "Product", "Product."),
        input("text", "String", "Start of the number, of the sender's id, or of the applicant's name."),
        input("plannedFrom", "Date", "Planned on this day or later."),
        input("plannedTo", "Date", "Planned on this day or before."),
        input("receivedFrom", "Date", "Received on this day or later."),
        input("receivedTo", "Date", "Received on this day or before."),
        input("amountFromYen", "Yen", "This amount or more."),
        input("amountToYen", "Yen", "This amount or less."),
    ];
    model.inputs.insert("ApplicationFilter".to_owned(), ("Which applications.".to_owned(), applications));
    let tasks = vec![
        input("role", "Role", "The queue of this role."),
        input("task", "Task", "Which kind of work."),
        input("applicationId", "ID", "Of this application."),
        input("mine", "Boolean", "Only what the caller has taken."),
        input("unclaimed", "Boolean", "Only what nobody has taken."),
        input("dueTo", "Date", "Due on this day or before."),
    ];
    model.inputs.insert("TaskFilter".to_owned(), ("Which tasks.".to_owned(), tasks));
}

fn sorts(model: &mut Model) {
    let sorts = [
        ("UPDATED_DESC", "更新の新しい順", "Latest change first"),
        ("UPDATED_ASC", "更新の古い順", "Earliest change first"),
        ("PLANNED_ASC", "実行日の早い順", "Earliest disbursement first"),
        ("PLANNED_DESC", "実行日の遅い順", "Latest disbursement first"),
    ];
    model.choices("ApplicationSort", sorts.into_iter());
    let kinds = [
        ("BLOCKED", "条件不足", "Something is missing"),
        ("ILLEGAL_TRANSITION", "この状態では不可", "Not possible from here"),
    ];
    model.choices("BlockedCode", kinds.into_iter());
}

/// Parts of an application.
fn parts(m: &mut Model) {
    m.object(
        "Label",
        "Words in two languages.",
        &[("ja", "String!", ALL, "Japanese."), ("en", "String!", ALL, "English.")],
    );
    m.object(
        "TrackInstance",
        "One of the machines beside the main stage.",
        &[
            ("track", "Track!", BUSINESS, "Which track."),
            ("trackLabel", "Label!", BUSINESS, "The track in words."),
            ("key", "String!", BUSINESS, "Person, person and loan, content version, property or filing."),
            ("state", "TrackState!", BUSINESS, "Its state."),
            ("stateLabel", "Label!", BUSINESS, "The state in words."),
            ("since", "Date!", BUSINESS, "Business date of the last move."),
        ],
    );
    m.object(
        "OpenTask",
        "Work that waits.",
        &[
            ("id", "ID!", BUSINESS, "Id in the queue."),
            ("task", "Task!", BUSINESS, "What is to be done."),
            ("label", "Label!", BUSINESS, "The same in words."),
            ("role", "Role!", BUSINESS, "Whose queue."),
            ("dueOn", "Date!", BUSINESS, "Due."),
        ],
    );
    m.object(
        "Deadline",
        "A date that runs.",
        &[
            ("timer", "Timer!", INSIDE_AND_CUSTOMER, "Which."),
            ("label", "Label!", INSIDE_AND_CUSTOMER, "The same in words."),
            ("key", "String!", INSIDE_AND_CUSTOMER, "Track instance, where it belongs to one."),
            ("dueAt", "DateTime!", INSIDE_AND_CUSTOMER, "When."),
        ],
    );
    m.object(
        "Proposal",
        "Four eyes: what the first person proposed.",
        &[
            ("id", "ID!", STAFF, "Id."),
            ("row", "String!", STAFF, "Row of the table that approval takes."),
            ("verb", "Verb!", STAFF, "What is proposed."),
            ("label", "Label!", STAFF, "The same in words."),
            ("by", "String!", STAFF, "Who proposed."),
            ("at", "DateTime!", STAFF, "When."),
            ("arguments", "Json!", STAFF, "With which data."),
        ],
    );
    m.object(
        "Approval",
        "The approved terms.",
        &[
            ("contentVersion", "Int!", INSIDE, "Content that was approved."),
            ("screeningAddOn", "Percent", wall::SCREENING.and(&[Role::BranchClerk]), "C-60."),
            ("conditions", "[Condition!]!", INSIDE_AND_CUSTOMER, "Conditions."),
            ("approvedOn", "Date!", INSIDE_AND_CUSTOMER, "Date of approval."),
            ("validUntil", "Date!", INSIDE_AND_CUSTOMER, "Last day on which the contract may be formed."),
        ],
    );
    m.object(
        "Condition",
        "A condition of the approval.",
        &[
            ("code", "String!", INSIDE_AND_CUSTOMER, "Code, unique in the case."),
            ("stage", "ConditionStage!", INSIDE_AND_CUSTOMER, "When it must be met."),
            ("text", "String!", INSIDE_AND_CUSTOMER, "What it says."),
            ("dueOn", "Date", INSIDE_AND_CUSTOMER, "By when."),
            ("evidence", "String", INSIDE, "What shows that it is met."),
        ],
    );
    m.object(
        "Change",
        "A change under way.",
        &[
            ("from", "Stage!", STAFF_AND_CUSTOMER, "Stage that it left."),
            ("cause", "ChangeCause", STAFF, "Absent when the applicant asked."),
            ("contentVersion", "Int", STAFF, "Content version that it became."),
        ],
    );
    m.object(
        "Defect",
        "A paper that is missing, expired or contradictory.",
        &[
            ("document", "String!", STAFF_AND_CUSTOMER, "Document code."),
            ("partyId", "String", STAFF_AND_CUSTOMER, "Whose."),
            ("problem", "String!", STAFF_AND_CUSTOMER, "What is wrong."),
        ],
    );
    m.object(
        "Contract",
        "The contract set.",
        &[
            ("appointment", "Date", INSIDE_AND_CUSTOMER, "Signing appointment."),
            ("explained", "[String!]!", INSIDE_AND_CUSTOMER, "Persons who had the explanation."),
            ("identified", "[String!]!", INSIDE_AND_CUSTOMER, "Persons whose identity is verified."),
            ("signed", "[String!]!", INSIDE_AND_CUSTOMER, "Persons who signed."),
            ("tenderedOn", "Date", INSIDE_AND_CUSTOMER, "Handed in."),
            ("formedOn", "Date", INSIDE_AND_CUSTOMER, "Date written in the contract."),
        ],
    );
    m.object(
        "Engagement",
        "A partner engaged for a case.",
        &[("role", "Role!", STAFF, "As what."), ("organisation", "String!", STAFF, "Who.")],
    );
}

const REGISTERED: Wall = INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::Registry]);
const DATED: Wall =
    INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::CoreBanking, Role::Guarantor, Role::Insurer]);

/// Money, cover and registration.
fn money(m: &mut Model) {
    let posted = INSIDE_AND_CUSTOMER.and(&[Role::CoreBanking]);
    let frozen = STAFF_AND_CUSTOMER.and(&[Role::CoreBanking]);
    let guaranteed = INSIDE.and(&[Role::Guarantor]);
    let fire = STAFF_AND_CUSTOMER.and(&[Role::FireInsurer]);
    m.object(
        "FixedDate",
        "A fixed disbursement date.",
        &[
            ("date", "Date!", DATED, "The date."),
            ("drawingYen", "Yen", DATED, "Yen of a drawing; absent for the full or main posting."),
        ],
    );
    m.object(
        "FrozenTerms",
        "What is frozen for the day.",
        &[
            ("date", "Date!", frozen, "The day."),
            ("deductionsYen", "Yen!", frozen, "Fees, taxes and lump-sum fees of the customer."),
            ("quote", "Json!", frozen, "Rates, repayments, insurance, fees."),
        ],
    );
    m.object(
        "Costs",
        "Costs that the bank collects.",
        &[
            ("scrivenerBillYen", "Yen!", STAFF, "Scrivener's bill."),
            ("fundsAvailableYen", "Yen!", STAFF, "Funds at hand."),
        ],
    );
    m.object(
        "Payoff",
        "Pay-off of the existing lender.",
        &[
            ("lender", "String!", STAFF_AND_CUSTOMER, "Lender."),
            ("amountYen", "Yen!", STAFF_AND_CUSTOMER, "Amount."),
            ("asOf", "Date!", STAFF_AND_CUSTOMER, "Date of the statement."),
            ("reference", "String", STAFF, "Transfer that arrived."),
        ],
    );
    m.object(
        "Hold",
        "Why a case is on hold.",
        &[("ground", "HoldGround!", STAFF, "Ground."), ("from", "Stage!", STAFF, "Stage that it left.")],
    );
    m.object(
        "Posting",
        "A posting order to core banking.",
        &[
            ("key", "String!", posted, "Idempotency key of the order."),
            ("date", "Date!", posted, "Date."),
            ("amountYen", "Yen!", posted, "Amount delivered."),
            ("drawing", "Boolean!", posted, "False for the full or main posting."),
            ("state", "PostingState!", posted, "Outcome."),
        ],
    );
    m.object(
        "Guarantee",
        "The guarantor's answer on a content version.",
        &[
            ("contentVersion", "Int!", guaranteed, "Content version."),
            ("guaranteeNumber", "String!", guaranteed, "Number."),
            ("amountYen", "Yen!", guaranteed, "Amount covered."),
            ("termMonths", "Int!", guaranteed, "Term."),
            ("loans", "[GuaranteedLoan!]!", guaranteed, "Price per loan."),
            ("validUntil", "Date!", guaranteed, "Valid until."),
            ("conditions", "[String!]!", guaranteed, "Conditions."),
        ],
    );
    m.object(
        "GuaranteedLoan",
        "Price of the guarantee of a loan.",
        &[
            ("loanNo", "Int!", guaranteed, "Loan."),
            ("monthlyRatePercent", "Percent", guaranteed, "Monthly method."),
            ("lumpSumFeeYen", "Yen", guaranteed, "Lump-sum method."),
        ],
    );
    m.object(
        "AcceptedCover",
        "Insurance accepted.",
        &[
            ("key", "String!", STAFF.and(&[Role::Insurer]), "Person and loan."),
            ("sumYen", "Yen!", STAFF.and(&[Role::Insurer]), "Sum."),
        ],
    );
    m.object(
        "FireCover",
        "Verified fire cover.",
        &[
            ("propertyNo", "Int!", fire, "Property."),
            ("from", "Date!", fire, "From."),
            ("until", "Date!", fire, "Until."),
        ],
    );
    m.object(
        "Bridge",
        "A linked bridge loan.",
        &[
            ("caseNumber", "String!", STAFF_AND_CUSTOMER, "Its number."),
            ("outstanding", "Boolean!", STAFF_AND_CUSTOMER, "Still owed."),
            ("plan", "String", STAFF_AND_CUSTOMER, "How it will be repaid."),
        ],
    );
    m.object(
        "Filing",
        "A registration filing.",
        &[
            ("filing", "String!", REGISTERED, "Key."),
            ("sealCertificateOn", "Date", REGISTERED, "Date of the seal certificate."),
            ("receipt", "Receipt", REGISTERED, "Registry receipt."),
            ("correctionDeadline", "Date", REGISTERED, "Correction due."),
            ("completedOn", "Date", REGISTERED, "Completed."),
            ("rank", "Int", REGISTERED, "Rank."),
            ("undertaking", "String", INSIDE, "Undertaking while registration is put off."),
        ],
    );
    m.object(
        "Receipt",
        "Registry receipt.",
        &[
            ("office", "String!", REGISTERED, "Registry office."),
            ("receivedOn", "Date!", REGISTERED, "Received."),
            ("number", "Int!", REGISTERED, "Number."),
        ],
    );
}

/// Payloads of mutations.
fn answers(m: &mut Model) {
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
            ("field", "String!", BUSINESS, "Path of the argument: form.parties[0].birthDate."),
            ("rule", "String!", BUSINESS, "Rule."),
            ("messageJa", "String!", BUSINESS, "Why, in Japanese."),
            ("messageEn", "String!", BUSINESS, "Why, in English."),
            ("accepted", "String!", BUSINESS, "What would be accepted."),
        ],
    );
}

/// Queues, lists, inbox.
fn work(m: &mut Model) {
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
    m.object(
        "TaskConnection",
        "A page of a queue, the most urgent first.",
        &[
            ("edges", "[TaskEdge!]!", BUSINESS, "The lines."),
            ("pageInfo", "PageInfo!", BUSINESS, "Where the page ends."),
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
            ("openedAt", "DateTime!", BUSINESS, "Since when."),
            ("claimedBy", "String", INSIDE, "Who has taken it."),
            ("isMine", "Boolean!", BUSINESS, "Taken by the caller."),
            ("stage", "Stage!", INSIDE_AND_CUSTOMER.and(&[Role::CoreBanking]), "Stage of the application."),
            (
                "applicantName",
                "String!",
                STAFF_AND_CUSTOMER.and(&[
                    Role::Guarantor,
                    Role::Insurer,
                    Role::FireInsurer,
                    Role::Scrivener,
                    Role::MemberOrg,
                ]),
                "Applicant.",
            ),
            ("amountYen", "Yen!", DATED, "Requested amount."),
            ("plannedDate", "Date!", DATED, "Planned date."),
        ],
    );
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
fn history(m: &mut Model) {
    m.object(
        "Action",
        "Something that the caller could do, and what is in the way.",
        &[
            ("verb", "Verb!", BUSINESS, "The mutation."),
            ("label", "Label!", BUSINESS, "The button."),
            ("row", "String!", BUSINESS, "Row of the table."),
            ("key", "String", BUSINESS, "Track instance or proposal."),
            ("proposes", "Boolean!", BUSINESS, "A second person decides."),
            ("enabled", "Boolean!", BUSINESS, "Nothing is in the way."),
            ("unmet", "[Unmet!]!", BUSINESS, "What is in the way."),
            ("because", "String!", INSIDE, "Why the row exists."),
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
            ("branches", "[String!]!", ALL, "Branch codes; empty means every branch."),
            ("organisation", "String", ALL, "Partner organisation."),
        ],
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
