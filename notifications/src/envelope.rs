//! How a message to a partner's endpoint looks on the wire, the same for pushed messages, posting orders and the conformance kit.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Headers beside the signature's.
pub const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/json"), ("user-agent", "yushi-partners/1")];

/// The `webhook-id` of a parcel: the same at every attempt, without the dots that a signature may not have in an id.
pub fn id_of(parcel: &str) -> String {
    parcel.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_")
}

/// The bytes that are signed and sent: which message it is, when this attempt was made, and the message by its schema.
pub fn body(message: &str, at: DateTime<Utc>, data: &Value) -> Vec<u8> {
    let envelope =
        json!({ "type": format!("partner.{message}"), "timestamp": at.to_rfc3339(), "data": data });
    envelope.to_string().into_bytes()
}
