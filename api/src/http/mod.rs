//! The way in: routes, headers, limits.

mod endpoint;
mod graphiql;
mod headers;
pub(crate) mod incoming;
pub mod json;
pub(crate) mod keeper;
pub mod negotiate;
pub mod peer;
mod plain;
pub mod problem;
pub mod rate;
pub(crate) mod replay;
mod serve;

pub use serve::serve;

use crate::service::{Counter, Service};
use axum::Router;
use axum::routing::{any, get, post};
use std::sync::Arc;

/// The routes of the counter: `/graphql`, `/healthz`, `/readyz`, `/metrics`, and under the demo `/auth` and `/graphiql`.
///
/// Errors: the schema cannot be built, which a test of this crate rules out.
pub fn router(service: Service) -> Result<Router, async_graphql::dynamic::SchemaError> {
    let demo = service.demo.is_some();
    let counter = Arc::new(Counter::new(service)?);
    let mut router = Router::new()
        .route("/graphql", any(endpoint::graphql))
        .route("/healthz", get(plain::healthz))
        .route("/readyz", get(plain::readyz))
        .route("/metrics", get(plain::metrics));
    if demo {
        router = router
            .route("/auth/token", post(plain::token))
            .route("/auth/users", get(plain::users))
            .route("/graphiql", get(graphiql::page))
            .route("/graphiql/{file}", get(graphiql::file));
    }
    let router = router.fallback(plain::nowhere).with_state(counter.clone());
    let router = router.layer(axum::middleware::from_fn_with_state(counter, headers::cors));
    Ok(router.layer(axum::middleware::from_fn(headers::protect)))
}
