//! A GraphQL request as it arrives, over HTTP or as the payload of `subscribe`.

use super::json;
use super::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};
use std::time::Duration;

/// Operation, variables, and which operation of the document is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incoming {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
    /// Name of a registered document; `query` may then be absent.
    pub persisted: Option<String>,
}

impl Incoming {
    /// From a JSON value. Errors: not an object, or an entry of the wrong type; the sentence names it.
    pub fn from_value(value: Value) -> Result<Self, String> {
        let Value::Object(mut map) = value else {
            return Err("the request is not a JSON object".to_owned());
        };
        let persisted = match map.remove("extensions") {
            None | Some(Value::Null) => None,
            Some(Value::Object(extensions)) => registered(extensions.get("persistedQuery"))?,
            Some(_) => return Err("\"extensions\" is not an object".to_owned()),
        };
        let query = match map.remove("query") {
            None | Some(Value::Null) if persisted.is_some() => String::new(),
            Some(Value::String(query)) => query,
            _ => return Err("\"query\" is not a string".to_owned()),
        };
        let operation_name = match map.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err("\"operationName\" is not a string".to_owned()),
        };
        let variables = match map.remove("variables") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(variables)) => variables,
            Some(_) => return Err("\"variables\" is not an object".to_owned()),
        };
        Ok(Incoming { query, operation_name, variables, persisted })
    }

    /// The text that an idempotency key covers: operation and variables.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let whole = serde_json::json!([self.query, self.operation_name, self.variables]);
        hex::encode(Sha256::digest(json::canonical(&whole)))
    }
}

/// The name in `extensions.persistedQuery`. Errors: it is none.
fn registered(entry: Option<&Value>) -> Result<Option<String>, String> {
    let Some(entry) = entry.filter(|entry| !entry.is_null()) else { return Ok(None) };
    let name = entry.get("sha256Hash").and_then(Value::as_str).unwrap_or_default();
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if name.len() == 64 && name.bytes().all(hexadecimal) {
        Ok(Some(name.to_owned()))
    } else {
        Err("\"extensions.persistedQuery.sha256Hash\" is not 64 hexadecimal digits".to_owned())
    }
}

/// Reads a body that is neither too large nor too slow. Errors: 413, 408, 400.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    time: Duration,
) -> Result<axum::body::Bytes, Problem> {
    let too_large = || {
        let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BAD_REQUEST", "The body is too large.");
        Problem { close: true, ..problem }
    };
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    match tokio::time::timeout(time, axum::body::to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_length_limit(&error) => Err(too_large()),
        Ok(Err(_)) => Err(Problem::bad("BAD_REQUEST", "The body could not be read.")),
        Err(_) => {
            let problem =
                Problem::new(StatusCode::REQUEST_TIMEOUT, "BAD_REQUEST", "The body came too slowly.");
            Err(Problem { close: true, ..problem })
        }
    }
}

fn is_length_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.to_string().contains("length limit"))
}
