//! Subscriptions over `graphql-transport-ws`.

use crate::http::negotiate::Dress;
use crate::http::problem::Problem;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::WebSocketUpgrade;
use axum::http::{HeaderMap, Response};
use std::sync::Arc;

/// Answers the handshake.
pub(crate) fn accept(
    _counter: Arc<Counter>,
    _headers: &HeaderMap,
    _upgrade: WebSocketUpgrade,
) -> Response<Body> {
    Problem::bad("BAD_REQUEST", "Not served yet.").answer(Dress::Json)
}
