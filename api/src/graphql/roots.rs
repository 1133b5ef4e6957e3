//! The fields at the root beside the verbs: queries, and what is done with queues and inbox.

use super::accounts;
use super::bureau;
use super::catalogue_price::PRICED;
use super::compliance;
use super::contacts;
use super::day_end;
use super::deputies;
use super::desk;
use super::emergency;
use super::engagement;
use super::execute::Call;
use super::fault::Fault;
use super::figures;
use super::files;
use super::handing;
use super::hooks;
use super::incidents;
use super::intake_drafts;
use super::issued;
use super::keeping;
use super::lists;
use super::looked;
use super::model::type_ref;
use super::notices;
use super::offices;
use super::papers;
use super::preview;
use super::price;
use super::rates;
use super::reads;
use super::requests;
use super::review_memos;
use super::schema::input_value;
use super::shape::Shape;
use super::timeline;
use super::views;
use super::wall::{self, Wall};
use async_graphql::dynamic::{Field, FieldFuture, ResolverContext};
use futures::future::BoxFuture;
use workflows::machine::Role;

/// What a root answers.
pub type Answering<'a> = BoxFuture<'a, Result<Shape, Fault>>;

/// A field at the root.
pub struct Root {
    pub name: &'static str,
    /// Nullable where a fault can stand in its place.
    pub ty: &'static str,
    pub doc: &'static str,
    pub wall: Wall,
    /// Name, type, doc.
    pub arguments: &'static [(&'static str, &'static str, &'static str)],
    pub answer: for<'a> fn(&'a Call, &'a ResolverContext<'a>) -> Answering<'a>,
}

impl Root {
    /// The field of the library.
    pub fn field(&'static self) -> Field {
        let field = Field::new(self.name, type_ref(self.ty), move |ctx| {
            FieldFuture::new(async move {
                let answer = match Call::of(&ctx) {
                    Ok(call) => (self.answer)(call, &ctx).await,
                    Err(fault) => Err(fault),
                };
                if let (Some(kind), Ok(_), Ok(call)) =
                    (looked::kind_of_root(self.name), &answer, Call::of(&ctx))
                {
                    let id =
                        ctx.args.get("applicationId").and_then(|id| id.string().ok()).unwrap_or_default();
                    call.looked().at_of(call, id, kind).await;
                }
                match answer {
                    Ok(shape) => Ok(shape.into_field(self.ty)),
                    Err(fault) => Ok(fault.report(&ctx)),
                }
            })
        });
        let field = field.description(self.doc);
        self.arguments.iter().fold(field, |field, (name, ty, doc)| field.argument(input_value(name, ty, doc)))
    }
}

/// The queries of every part.
pub fn all_queries() -> impl Iterator<Item = &'static Root> {
    [
        QUERIES,
        accounts::QUERIES,
        emergency::QUERIES,
        compliance::QUERIES,
        figures::QUERIES,
        views::QUERIES,
        desk::QUERIES,
        files::QUERIES,
        offices::QUERIES,
        engagement::QUERIES,
        hooks::QUERIES,
        incidents::QUERIES,
        intake_drafts::QUERIES,
        handing::QUERIES,
        requests::QUERIES,
        review_memos::QUERIES,
        day_end::QUERIES,
        contacts::QUERIES,
        notices::QUERIES,
        issued::QUERIES,
    ]
    .into_iter()
    .flatten()
}

/// The queries of these roles.
pub fn queries(roles: &[Role]) -> Vec<&'static Root> {
    all_queries().filter(|root| root.wall.admits(roles)).collect()
}

/// The mutations of these roles that are no verbs.
pub fn mutations(roles: &[Role]) -> Vec<&'static Root> {
    let all = [
        MUTATIONS,
        accounts::MUTATIONS,
        emergency::MUTATIONS,
        compliance::MUTATIONS,
        views::MUTATIONS,
        offices::MUTATIONS,
        engagement::MUTATIONS,
        hooks::MUTATIONS,
        incidents::MUTATIONS,
        intake_drafts::MUTATIONS,
        review_memos::MUTATIONS,
        handing::MUTATIONS,
        day_end::MUTATIONS,
        contacts::MUTATIONS,
    ];
    all.into_iter().flatten().filter(|root| root.wall.admits(roles)).collect()
}

const FIRST: (&str, &str, &str) = ("first", "Int!", "How many, at most 100.");
const AFTER: (&str, &str, &str) = ("after", "String", "Cursor of the line before.");
pub(super) const OF: (&str, &str, &str) = ("applicationId", "ID!", "The application.");
/// Who works from a queue.
const QUEUE: Wall = wall::STAFF.and(&[
    Role::Applicant,
    Role::CoObligor,
    Role::MemberOrg,
    Role::Guarantor,
    Role::Insurer,
    Role::FireInsurer,
    Role::Scrivener,
    Role::Registry,
    Role::CoreBanking,
]);

/// Who enters posted rates.
const RATES: Wall = Wall::of(&[Role::Operations]);

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "me",
        ty: "Me",
        doc: "The caller.",
        wall: wall::ALL,
        arguments: &[],
        answer: |call, _| Box::pin(async move { Ok(reads::me(call)) }),
    },
    Root {
        name: "workflow",
        ty: "Workflow",
        doc: "The table of the machine and every list of words.",
        wall: wall::ALL,
        arguments: &[],
        answer: |call, _| Box::pin(async move { Ok(reads::workflow(call)) }),
    },
    Root {
        name: "application",
        ty: "Application",
        doc: "One application, by id or by number.",
        wall: wall::BUSINESS,
        arguments: &[("id", "ID", "Id."), ("number", "String", "Case number.")],
        answer: |call, ctx| Box::pin(reads::application(call, ctx)),
    },
    Root {
        name: "applications",
        ty: "ApplicationConnection",
        doc: "Applications, a page at a time.",
        wall: wall::BUSINESS,
        arguments: &[
            FIRST,
            AFTER,
            ("filter", "ApplicationFilter", "Which."),
            ("sort", "ApplicationSort", "In which order; the latest change first."),
        ],
        answer: |call, ctx| Box::pin(lists::applications(call, ctx)),
    },
    Root {
        name: "tasks",
        ty: "TaskConnection",
        doc: "The queue, the most urgent first.",
        wall: QUEUE.and(&[Role::Auditor]),
        arguments: &[FIRST, AFTER, ("filter", "TaskFilter", "Which.")],
        answer: |call, ctx| Box::pin(lists::tasks(call, ctx)),
    },
    Root {
        name: "inbox",
        ty: "InboxConnection",
        doc: "Notices that were delivered, the latest first.",
        wall: QUEUE.and(&[Role::Auditor]),
        arguments: &[FIRST, AFTER, ("unreadOnly", "Boolean", "Only what is unread.")],
        answer: |call, ctx| Box::pin(lists::inbox(call, ctx)),
    },
    Root {
        name: "allowedActions",
        ty: "[Action!]",
        doc: "What the caller can do with an application now, and why not the rest.",
        wall: QUEUE.and(&[Role::Importer]),
        arguments: &[OF],
        answer: |call, ctx| Box::pin(reads::allowed(call, ctx)),
    },
    Root {
        name: "previewChange",
        ty: "ChangePreview",
        doc: "What a change would void, before it is made.",
        wall: Wall::of(&[Role::Applicant, Role::BranchClerk]),
        arguments: &[OF, ("form", "FormInput!", "The changed content.")],
        answer: |call, ctx| Box::pin(preview::change(call, ctx)),
    },
    Root {
        name: "registrationApplication",
        ty: "RegistrationPapers",
        doc: "The application for the mortgage and the filings in their order, or everything that they lack.",
        wall: papers::REGISTRATION,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(papers::registration(call, ctx)),
    },
    Root {
        name: "transferFile",
        ty: "TransferAnswer",
        doc: "The bulk-transfer file of the outgoing money of a case that is ready, or everything that is in its way.",
        wall: papers::TRANSFERS,
        arguments: &[OF, ("order", "TransferOrderInput!", "Who orders; where the money goes is on record.")],
        answer: |call, ctx| Box::pin(papers::transfers(call, ctx)),
    },
    Root {
        name: "guaranteeRefund",
        ty: "RefundEstimate",
        doc: "What comes back of a lump-sum guarantee fee after a full prepayment, by the guarantor's table of the day (F.10).",
        wall: wall::STAFF,
        arguments: &[OF, ("loanNo", "Int!", "Loan."), ("prepaidOn", "Date!", "Day of the full prepayment.")],
        answer: |call, ctx| Box::pin(rates::refund(call, ctx)),
    },
    Root {
        name: "quote",
        ty: "Quote",
        doc: "The price of an application for a disbursement on a day, explained line by line.",
        wall: PRICED,
        arguments: &[OF, ("date", "Date!", "The day of the disbursement.")],
        answer: |call, ctx| Box::pin(price::quote(call, ctx)),
    },
    Root {
        name: "simulateRepayment",
        ty: "[RepaymentSimulation!]",
        doc: "Repayments of up to five loans side by side under the bank's book and rates. `first` and `after` choose the lines of the schedules.",
        wall: PRICED,
        arguments: &[
            ("scenarios", "[RepaymentScenario!]!", "The loans."),
            FIRST,
            ("after", "Int", "Number of the line before."),
        ],
        answer: |call, ctx| Box::pin(price::simulate(call, ctx)),
    },
    Root {
        name: "postedRates",
        ty: "[PostedRate!]",
        doc: "The standard rates of a day at the caller's bank (C-21).",
        wall: PRICED,
        arguments: &[("date", "Date!", "The day.")],
        answer: |call, ctx| Box::pin(rates::posted(call, ctx)),
    },
    Root {
        name: "rateLines",
        ty: "[RateEntry!]",
        doc: "Rates that the bank entered, the latest day first.",
        wall: Wall::of(&[Role::Operations, Role::Auditor]),
        arguments: &[FIRST],
        answer: |call, ctx| Box::pin(rates::lines(call, ctx)),
    },
    Root {
        name: "accessLog",
        ty: "LookConnection",
        doc: "Who looked at personal data, the latest first: at one case, or one person at all.",
        wall: looked::WATCHERS,
        arguments: &[
            ("applicationNumber", "String", "The case; looks at lists are told by person."),
            ("subject", "String", "The person who looked; either this or the case."),
            FIRST,
            AFTER,
        ],
        answer: |call, ctx| Box::pin(looked::access_log(call, ctx)),
    },
    Root {
        name: "deputies",
        ty: "[Deputy!]",
        doc: "Who acts for absent colleagues, the latest named first (E.2).",
        wall: wall::INSIDE,
        arguments: &[FIRST],
        answer: |call, ctx| Box::pin(deputies::list(call, ctx)),
    },
    Root {
        name: "timeline",
        ty: "TimelineConnection",
        doc: "The history of an application, the oldest first.",
        wall: wall::INSIDE_AND_CUSTOMER,
        arguments: &[OF, FIRST, ("after", "String", "Cursor of the line before.")],
        answer: |call, ctx| Box::pin(timeline::timeline(call, ctx)),
    },
    Root {
        name: "memos",
        ty: "[Memo!]",
        doc: "Memos for colleagues.",
        wall: wall::STAFF,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(timeline::memos(call, ctx)),
    },
    Root {
        name: "bureauInquiries",
        ty: "[BureauInquiry!]",
        doc: "The inquiries at the credit bureau, for the one purpose that they may serve (L-92). Each look is recorded before it is answered.",
        wall: bureau::WALL,
        arguments: &[OF, ("purpose", "AccessPurpose", "Why: only REPAYMENT_ABILITY is answered.")],
        answer: |call, ctx| Box::pin(bureau::inquiries(call, ctx)),
    },
    Root {
        name: "retention",
        ty: "RetentionConnection",
        doc: "Cases that are over: how long each is kept, and why it is not erased yet (L.2).",
        wall: keeping::WALL,
        arguments: &[FIRST, AFTER],
        answer: |call, ctx| Box::pin(keeping::retention(call, ctx)),
    },
    Root {
        name: "disclosure",
        ty: "Disclosure",
        doc: "Everything that the bank holds on one person of an application, for that person (L-PRIV). The look is recorded before it is answered.",
        wall: keeping::WALL,
        arguments: &[
            OF,
            ("partyId", "String!", "The person, such as A1."),
            ("purpose", "AccessPurpose", "Why: only DISCLOSURE is answered."),
        ],
        answer: |call, ctx| Box::pin(keeping::disclosure(call, ctx)),
    },
    Root {
        name: "explain",
        ty: "Explanation",
        doc: "Where an application is, what blocks it, who clears it, by when.",
        wall: wall::INSIDE_AND_CUSTOMER,
        arguments: &[OF],
        answer: |call, ctx| Box::pin(reads::explain(call, ctx)),
    },
];

/// Mutations of queues and inbox.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "claimNext",
        ty: "QueuedTask",
        doc: "Takes the most urgent free task of the caller's role; null where there is none.",
        wall: QUEUE,
        arguments: &[],
        answer: |call, _| Box::pin(lists::claim_next(call)),
    },
    Root {
        name: "claimTask",
        ty: "QueuedTask",
        doc: "Takes a task.",
        wall: QUEUE,
        arguments: &[("id", "ID!", "The task.")],
        answer: |call, ctx| Box::pin(lists::claim(call, ctx)),
    },
    Root {
        name: "releaseTask",
        ty: "QueuedTask",
        doc: "Gives a task back.",
        wall: QUEUE,
        arguments: &[("id", "ID!", "The task.")],
        answer: |call, ctx| Box::pin(lists::release(call, ctx)),
    },
    Root {
        name: "proposeRate",
        ty: "RateStep",
        doc: "Proposes a rate from a later day on; it counts for nothing until somebody else approves it (E.2).",
        wall: RATES,
        arguments: &[
            ("series", "RateSeries!", "Which."),
            ("ratePercent", "Percent!", "The rate."),
            ("validFrom", "Date!", "First day, after today."),
            ("cells", "[RefundCellInput!]", "The published refunds of GUARANTEE_REFUND; none for a rate."),
        ],
        answer: |call, ctx| Box::pin(rates::propose(call, ctx)),
    },
    Root {
        name: "approveRate",
        ty: "RateStep",
        doc: "Approves a rate that somebody else proposed, before its day.",
        wall: RATES,
        arguments: &[("id", "ID!", "The line.")],
        answer: |call, ctx| Box::pin(rates::approve(call, ctx)),
    },
    Root {
        name: "returnRate",
        ty: "RateStep",
        doc: "Returns a rate that somebody else proposed.",
        wall: RATES,
        arguments: &[("id", "ID!", "The line."), ("reason", "String!", "Why.")],
        answer: |call, ctx| Box::pin(rates::give_back(call, ctx)),
    },
    Root {
        name: "nameDeputy",
        ty: "DeputyStep",
        doc: "Names who acts for the caller on these days, at most 92 (E.2). The deputy sends the header Yushi-On-Behalf-Of.",
        wall: wall::STAFF,
        arguments: &[
            ("deputy", "String!", "Subject of the colleague."),
            ("from", "Date!", "First day, today or later."),
            ("until", "Date!", "Last day."),
            ("reason", "String!", "Why."),
        ],
        answer: |call, ctx| Box::pin(deputies::name(call, ctx)),
    },
    Root {
        name: "endDeputy",
        ty: "DeputyStep",
        doc: "Ends it at once: by the absent person, the deputy, or compliance.",
        wall: wall::STAFF,
        arguments: &[("id", "ID!", "The line.")],
        answer: |call, ctx| Box::pin(deputies::end(call, ctx)),
    },
    Root {
        name: "markRead",
        ty: "Boolean",
        doc: "Marks a notice read; false where it was before.",
        wall: QUEUE,
        arguments: &[("id", "ID!", "The notice.")],
        answer: |call, ctx| Box::pin(lists::mark_read(call, ctx)),
    },
];
