//! The types of the incident desk and the delivery ledger.

use super::incidents::DEALS;
use super::model::Model;
use super::wall::INSIDE;
use workflows::machine::incident::{AnewReason, ClosingReason, IncidentAction, IncidentKind};

/// All of them.
pub fn incidents(m: &mut Model) {
    m.choices("IncidentKind", IncidentKind::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("IncidentAction", IncidentAction::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("ClosingReason", ClosingReason::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("AnewReason", AnewReason::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "IncidentConnection",
        "A page of incidents, the oldest first.",
        &[
            ("edges", "[IncidentEdge!]!", INSIDE, "The incidents."),
            ("pageInfo", "PageInfo!", INSIDE, "Where the page ends."),
        ],
    );
    m.object(
        "IncidentEdge",
        "An incident of a page.",
        &[("cursor", "String!", INSIDE, "Of this line."), ("node", "Incident!", INSIDE, "The incident.")],
    );
    m.object(
        "Incident",
        "Something that went wrong around a case, or around the bank itself, and waits for a person.",
        &[
            ("id", "ID!", INSIDE, "Id."),
            ("kind", "IncidentKind!", INSIDE, "Kind."),
            ("kindLabel", "Label!", INSIDE, "The same in words."),
            (
                "what",
                "String!",
                INSIDE,
                "Code of the notice, partner message, task or date; of the stage for a payment; type of the event of a webhook, or why \
                 its endpoint is disabled.",
            ),
            ("whatLabel", "Label", INSIDE, "The same in words."),
            ("channel", "String", INSIDE, "Channel of what was not delivered."),
            (
                "recipient",
                "Label",
                INSIDE,
                "Whom it was for: a desk, a partner, or a person of the case; who owns an endpoint.",
            ),
            ("branch", "String", INSIDE, "Branch code; absent where the bank itself is concerned."),
            ("applicationId", "ID", INSIDE, "The application; absent where the bank itself is concerned."),
            ("number", "String", INSIDE, "Its case number."),
            ("endpoint", "String", INSIDE, "Host of the endpoint of a webhook."),
            ("sequence", "Int", INSIDE, "Number of a webhook's event at its endpoint."),
            ("waiting", "Int", INSIDE, "How many entries wait to be published; 10000 stands for more."),
            ("day", "Date", INSIDE, "The business day that is not closed."),
            ("since", "DateTime!", INSIDE, "Since when."),
            ("attempts", "Int!", INSIDE, "Tries since it was last started."),
            ("error", "String!", INSIDE, "Code of the last error; empty where there is none."),
            ("tries", "[DeliveryTry!]!", INSIDE, "Every try, the earliest first."),
            ("toDo", "Label!", INSIDE, "What to do."),
            ("isDuty", "Boolean!", INSIDE, "Closing it would leave somebody untold: two people close it."),
            ("takenBy", "String", INSIDE, "Who works on it."),
            ("takenAt", "DateTime", INSIDE, "Since when."),
            ("isMine", "Boolean!", INSIDE, "The caller works on it."),
            ("proposedBy", "String", INSIDE, "Who proposes to close it."),
            ("proposedAt", "DateTime", INSIDE, "When."),
            ("reason", "ClosingReason", INSIDE, "Why it is to be closed."),
            ("reasonLabel", "Label", INSIDE, "The same in words."),
            ("possible", "[IncidentAction!]!", INSIDE, "What the caller can do about it."),
        ],
    );
    m.object(
        "DeliveryTry",
        "One try of a parcel.",
        &[
            ("at", "DateTime!", INSIDE, "When."),
            (
                "ended",
                "String!",
                INSIDE,
                "DELIVERED, WAITING (tried again later), PARKED, CLOSED, BOUNCED, DELAYED or POSTED.",
            ),
            ("said", "String", INSIDE, "Code of the error, or what proves the delivery."),
            ("template", "String", INSIDE, "Version of the template."),
            ("hash", "String", INSIDE, "SHA-256 of what was said."),
        ],
    );
    m.object(
        "IncidentFigure",
        "Open incidents of a kind.",
        &[
            ("kind", "IncidentKind!", INSIDE, "Kind."),
            ("label", "Label!", INSIDE, "The same in words."),
            ("open", "Int!", INSIDE, "How many."),
            ("oldest", "DateTime", INSIDE, "Since when the oldest."),
        ],
    );
    m.object(
        "IncidentOutcome",
        "What an action came to, or would.",
        &[
            ("id", "ID!", DEALS, "The incident."),
            ("possible", "Boolean!", DEALS, "Done, or possible; otherwise the code says why not."),
            ("code", "String!", DEALS, "Code of the outcome, or of what is in the way."),
            ("label", "Label!", DEALS, "The same in words."),
        ],
    );
    m.object(
        "DeliveryConnection",
        "A page of the delivery ledger.",
        &[
            ("edges", "[DeliveryEdge!]!", INSIDE, "The lines."),
            ("pageInfo", "PageInfo!", INSIDE, "Where the page ends."),
        ],
    );
    m.object(
        "DeliveryEdge",
        "A line of a page.",
        &[("cursor", "String!", INSIDE, "Of this line."), ("node", "Delivery!", INSIDE, "The line.")],
    );
    m.object(
        "Delivery",
        "What became of a notice or partner message.",
        &[
            ("id", "ID!", INSIDE, "Id of the parcel."),
            ("version", "Int!", INSIDE, "Entry that left it; 0 for one that was sent anew."),
            ("kind", "String!", INSIDE, "Code of the notice or message."),
            ("kindLabel", "Label", INSIDE, "The same in words."),
            ("channel", "String!", INSIDE, "Channel."),
            ("recipient", "Label", INSIDE, "A desk, a partner, or a person of the case."),
            ("state", "String!", INSIDE, "WAITING, DELIVERED, PARKED or CLOSED."),
            ("createdAt", "DateTime!", INSIDE, "When it was left."),
            ("sentAt", "DateTime", INSIDE, "When it was delivered."),
            ("template", "String", INSIDE, "Version of the template that was used."),
            ("contentHash", "String", INSIDE, "SHA-256 of what was said."),
            ("proof", "String", INSIDE, "Answer code of the mail server, INBOX, FILE, NO_ADDRESS, or PAPER."),
            ("tries", "[DeliveryTry!]!", INSIDE, "Every try, the earliest first."),
            ("replaces", "ID", INSIDE, "The first parcel, where this one was sent anew."),
            ("closedBy", "String", INSIDE, "Who closed it without delivery."),
            ("closedReason", "String", INSIDE, "Why."),
            ("closedLabel", "Label", INSIDE, "The same in words."),
            ("paper", "String", INSIDE, "DUE where a letter is to be posted instead, POSTED once it was."),
            ("bounce", "String", INSIDE, "What the mail server said when the mail came back, such as 5.1.1."),
        ],
    );
}
