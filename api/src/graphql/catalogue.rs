//! The one model of types: what is shown, what is taken, and every list of words with its labels.

use super::application::{COLLECTED, PLAN, SHOWN};
use super::catalogue_papers::papers;
use super::catalogue_price::prices;
use super::catalogue_work::{answers, history, preview, work};
use super::command::COMMANDS;
use super::model::{Field, Input, Model};
use super::wall::{self, ALL, BUSINESS, INSIDE, INSIDE_AND_CUSTOMER, STAFF, STAFF_AND_CUSTOMER, Wall};
use std::sync::LazyLock;
use workflows::Form;
use workflows::machine::consent::{ConsentChannel, ConsentPurpose, ConsentRecipient, ConsentState};
use workflows::machine::emergency::EmergencyOutcome;
use workflows::machine::facts::*;
use workflows::machine::filing_desk::RegisteredTitle;
use workflows::machine::impact::Trigger;
use workflows::machine::papers::{FileState, MediaType, PaperFault, PaperStage, PaperState, UploadState};
use workflows::machine::plan::Step;
use workflows::machine::record::PayeeKind;
use workflows::machine::{NoticeId, Role, Stage, Task, Timer, Track, TrackState, Verb};
use workflows::product::{Level, Risk};
use workflows::registration::Attachment;

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
    words!(model, ExtensionPaper, ConditionStage, ConflictRelation, Level, Risk, EmergencyOutcome);
    words!(model, PaperFault, PaperStage, PaperState, FileState, MediaType, UploadState);
    words!(model, PayeeKind, RegisteredTitle, Attachment);
    words!(model, ConsentPurpose, ConsentRecipient, ConsentChannel, ConsentState);
    model.choices("PlanStep", Step::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    model.choices("ChangeTrigger", Trigger::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));
    let voids = [
        ("APPROVAL", "融資承認", "The approval"),
        ("GUARANTEE", "保証承諾", "The guarantor's decision"),
        ("CONTRACT_SET", "契約書類", "The contract set that is not formed yet"),
        ("DECLARATION", "団信の告知", "The declaration of a person for a loan"),
        ("DOCUMENT", "提出書類", "A paper"),
    ];
    model.choices("ChangeVoids", voids.into_iter());
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
    planned(&mut model);
    decided(&mut model);
    money(&mut model);
    secured(&mut model);
    registered(&mut model);
    papers(&mut model);
    super::letters::catalogue(&mut model);
    answers(&mut model);
    preview(&mut model);
    prices(&mut model);
    super::catalogue_accounts::accounts(&mut model);
    super::catalogue_accounts::offices(&mut model);
    super::catalogue_engagement::desk(&mut model);
    super::catalogue_accounts::emergencies(&mut model);
    super::catalogue_compliance::registers(&mut model);
    super::hooks::model(&mut model);
    super::catalogue_desk::desk(&mut model);
    super::catalogue_files::files(&mut model);
    super::catalogue_incidents::incidents(&mut model);
    super::requests::model(&mut model);
    super::questions::model(&mut model);
    super::review_memos::types(&mut model);
    super::catalogue_day_end::day_end(&mut model);
    super::contacts::types(&mut model);
    super::intake_drafts::types(&mut model);
    super::handing::types(&mut model);
    super::notices::catalogue(&mut model);
    super::issued::types(&mut model);
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
        input("holder", "String", "Only what this person has taken."),
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
}

/// Backward planning.
fn planned(m: &mut Model) {
    m.object(
        "Plan",
        "From the planned date back to the latest day of each step.",
        &[
            ("date", "Date!", PLAN, "The date that is planned for: fixed, named, or wished in the form."),
            ("open", "Boolean!", PLAN, "The branch is open on the date (I-02, I-04)."),
            ("feasible", "Boolean!", INSIDE_AND_CUSTOMER, "Every open step can still be over in time."),
            ("bottleneck", "PlanStep", INSIDE, "The open step with the least slack."),
            (
                "alternatives",
                "[Date!]!",
                INSIDE_AND_CUSTOMER,
                "Where the date is impossible: the nearest that are possible, at most three.",
            ),
            ("steps", "[PlannedStep!]!", PLAN, "The steps."),
        ],
    );
    m.object(
        "PlannedStep",
        "A step with its days.",
        &[
            ("step", "PlanStep!", PLAN, "Which."),
            ("label", "Label!", PLAN, "The same in words."),
            ("doneOn", "Date", PLAN, "The day on which it was over."),
            ("again", "Boolean!", PLAN, "It was over, but runs out before it is used (D.2)."),
            ("earliest", "Date", PLAN, "First day on which it can be over."),
            ("latest", "Date", PLAN, "Last day on which it may be over without moving the date."),
            ("slack", "Int", PLAN, "Business days between the two; negative: late by so many."),
        ],
    );
}

/// What people decided and agreed.
fn decided(m: &mut Model) {
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
            ("onBehalfOf", "String", STAFF, "The absent person for whom it was proposed."),
            ("route", "ApprovalRoute!", STAFF, "Who decides, as the book said when it was proposed."),
            ("votes", "[Vote!]!", STAFF, "What the members of a committee said so far."),
        ],
    );
    m.object(
        "ApprovalRoute",
        "Who decides on a proposal (E.2).",
        &[
            ("level", "Level!", STAFF, "Branch, head office or committee."),
            ("label", "Label!", STAFF, "The same in words."),
            ("risks", "[Risk!]!", STAFF, "What made it weigh more than its amount."),
            ("members", "Int!", STAFF, "How many people may vote; 1 unless a committee decides."),
            ("votes", "Int!", STAFF, "How many of them must agree."),
        ],
    );
    m.object(
        "Vote",
        "What a member of a committee said.",
        &[
            ("by", "String!", STAFF, "Who."),
            ("onBehalfOf", "String", STAFF, "The absent member for whom."),
            ("at", "DateTime!", STAFF, "When."),
            ("agrees", "Boolean!", STAFF, "Yes or no."),
            ("reason", "String", STAFF, "Why not."),
        ],
    );
    m.object(
        "ConflictOfInterest",
        "Somebody of the bank who keeps away from the case (L-108-3).",
        &[
            ("subject", "String!", INSIDE, "Who."),
            ("relation", "ConflictRelation!", INSIDE, "Why."),
            ("label", "Label!", INSIDE, "The same in words."),
        ],
    );
    m.object(
        "Deputy",
        "Who acts for an absent colleague (E.2).",
        &[
            ("id", "ID!", INSIDE, "Id."),
            ("absent", "String!", INSIDE, "The absent person."),
            ("role", "Role!", INSIDE, "In which role."),
            ("roleLabel", "Label!", INSIDE, "The same in words."),
            ("branches", "[String!]!", INSIDE, "At which branches; none named: all."),
            ("deputy", "String!", INSIDE, "Who acts."),
            ("from", "Date!", INSIDE, "First day."),
            ("until", "Date!", INSIDE, "Last day."),
            ("reason", "String!", INSIDE, "Why."),
            ("namedAt", "DateTime!", INSIDE, "When it was named."),
            ("endedBy", "String", INSIDE, "Who ended it early."),
            ("endedAt", "DateTime", INSIDE, "When."),
        ],
    );
    m.object(
        "DeputyStep",
        "What a step with a deputy comes to.",
        &[
            ("deputy", "Deputy", INSIDE, "The line after the step; null where it was refused."),
            (
                "problems",
                "[Problem!]!",
                INSIDE,
                "Everything that stands against it; nothing is written then.",
            ),
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
            ("meeting", "Meeting", INSIDE_AND_CUSTOMER, "Its time and place; null while neither is agreed."),
            ("explained", "[String!]!", INSIDE_AND_CUSTOMER, "Persons who had the explanation."),
            ("explanations", "[ExplanationGiven!]", INSIDE, "Who told whom, and on which training (L-95)."),
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

/// Who follows a filing at the registry.
const FILED: Wall = INSIDE.and(&[Role::Scrivener, Role::Registry]);
const REGISTERED: Wall = INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::Registry]);
pub const DATED: Wall =
    INSIDE_AND_CUSTOMER.and(&[Role::Scrivener, Role::CoreBanking, Role::Guarantor, Role::Insurer]);

/// Who comes to a settlement, and those inside. Guarantor, insurer and core banking know the day alone.
pub const MEETS: Wall = INSIDE_AND_CUSTOMER.and(&[Role::Scrivener]);
const POSTED: Wall = INSIDE_AND_CUSTOMER.and(&[Role::CoreBanking]);
const FROZEN: Wall = STAFF_AND_CUSTOMER.and(&[Role::CoreBanking]);
const GUARANTEED: Wall = INSIDE.and(&[Role::Guarantor]);
const FIRE: Wall = STAFF_AND_CUSTOMER.and(&[Role::FireInsurer]);

/// Dates and money.
fn money(m: &mut Model) {
    m.object(
        "Meeting",
        "When, beside the day, and where people meet.",
        &[
            ("time", "ClockTime", MEETS, "Time of day; null while it is to be agreed."),
            ("place", "String", MEETS, "A branch by its name, or elsewhere; null while it is to be agreed."),
        ],
    );
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
            ("date", "Date!", FROZEN, "The day."),
            ("deductionsYen", "Yen!", FROZEN, "Fees, taxes and lump-sum fees of the customer."),
            ("quote", "Json!", FROZEN, "Rates, repayments, insurance, fees."),
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
}

/// Posting, guarantee and insurance.
fn secured(m: &mut Model) {
    m.object(
        "Posting",
        "A posting order to core banking.",
        &[
            ("key", "String!", POSTED, "Idempotency key of the order."),
            ("date", "Date!", POSTED, "Date."),
            ("amountYen", "Yen!", POSTED, "Amount delivered."),
            ("drawing", "Boolean!", POSTED, "False for the full or main posting."),
            ("state", "PostingState!", POSTED, "Outcome."),
            ("parts", "[PostingPart!]!", POSTED, "The loans of a mix, each with its outcome (C-56)."),
        ],
    );
    m.object(
        "PostingPart",
        "One loan of a mix in a posting order.",
        &[
            ("loanNo", "Int!", POSTED, "Loan."),
            ("amountYen", "Yen!", POSTED, "Amount."),
            ("state", "PostingState!", POSTED, "Outcome."),
            ("reference", "String", POSTED, "Core banking's reference."),
        ],
    );
    m.object(
        "Guarantee",
        "The guarantor's answer on a content version.",
        &[
            ("contentVersion", "Int!", GUARANTEED, "Content version."),
            ("guaranteeNumber", "String!", GUARANTEED, "Number."),
            ("amountYen", "Yen!", GUARANTEED, "Amount covered."),
            ("termMonths", "Int!", GUARANTEED, "Term."),
            ("loans", "[GuaranteedLoan!]!", GUARANTEED, "Price per loan."),
            ("validUntil", "Date!", GUARANTEED, "Valid until."),
            ("conditions", "[String!]!", GUARANTEED, "Conditions."),
        ],
    );
    m.object(
        "GuaranteedLoan",
        "Price of the guarantee of a loan.",
        &[
            ("loanNo", "Int!", GUARANTEED, "Loan."),
            ("monthlyRatePercent", "Percent", GUARANTEED, "Monthly method."),
            ("lumpSumFeeYen", "Yen", GUARANTEED, "Lump-sum method."),
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
            ("propertyNo", "Int!", FIRE, "Property."),
            ("from", "Date!", FIRE, "From."),
            ("until", "Date!", FIRE, "Until."),
        ],
    );
}

/// Drawings, bridge loan and registration.
fn registered(m: &mut Model) {
    m.object(
        "DrawingTerms",
        "What the drawings run at: fixed by the first one (S-06).",
        &[("rate", "Percent!", INSIDE_AND_CUSTOMER, "The monthly guarantee rate included (S-05).")],
    );
    m.object(
        "Extension",
        "What an extension of the funding deadline costs the customer (S-12).",
        &[
            ("deadline", "Date!", INSIDE_AND_CUSTOMER, "The new deadline."),
            ("interestYen", "Yen!", INSIDE_AND_CUSTOMER, "Extra interest, guarantee fee included."),
            ("stampYen", "Yen!", INSIDE_AND_CUSTOMER, "Stamp duty on the change agreement."),
        ],
    );
    m.object(
        "Bridge",
        "A linked bridge loan.",
        &[
            ("caseNumber", "String!", STAFF_AND_CUSTOMER, "Its number."),
            ("outstanding", "Boolean!", STAFF_AND_CUSTOMER, "Still owed."),
            ("plan", "String", STAFF_AND_CUSTOMER, "How it will be repaid."),
            ("principalYen", "Yen", STAFF_AND_CUSTOMER, "Yen that the main posting pays off (BR-5)."),
            ("interestYen", "Yen", STAFF_AND_CUSTOMER, "Interest to the main posting."),
            ("dueOn", "Date", STAFF_AND_CUSTOMER, "By when it is paid off."),
            ("terms", "BridgeTerms", STAFF_AND_CUSTOMER, "What its review fixed (BR-2, BR-4)."),
            ("repaidWith", "String", STAFF, "Key of the main posting that paid it off (BR-9)."),
        ],
    );
    m.object(
        "BridgeTerms",
        "What the review of a bridge loan fixed.",
        &[
            ("rate", "Percent!", STAFF_AND_CUSTOMER, "The monthly guarantee rate included (BR-2)."),
            ("dueOn", "Date!", STAFF_AND_CUSTOMER, "Last day of the loan."),
            ("stampYen", "Yen!", STAFF_AND_CUSTOMER, "Stamp duty on its own contract (BR-4)."),
        ],
    );
    m.object(
        "CompletedBuilding",
        "A building that drawings paid for and that is finished (S-09).",
        &[
            ("propertyNo", "Int!", INSIDE_AND_CUSTOMER, "Property."),
            ("completedOn", "Date!", INSIDE_AND_CUSTOMER, "Finished."),
        ],
    );
    m.object(
        "Collection",
        "What falls due because the contract ended with drawings out (E.4).",
        &[
            ("dueOn", "Date!", COLLECTED, "The day on which it falls due."),
            ("principalYen", "Yen!", COLLECTED, "Drawings."),
            ("interestYen", "Yen!", COLLECTED, "Interest to that day that no repayment day has debited."),
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
            ("proof", "FilingProof", FILED, "With which the bank asks the registry itself."),
        ],
    );
    m.object(
        "FilingProof",
        "Numbers of the arrival notice, with which somebody who did not send the filing asks how far it is.",
        &[
            ("applicationNumber", "String!", FILED, "申請番号."),
            ("confirmationNumber", "String!", FILED, "状態確認番号."),
        ],
    );
}
