//! The way in: routes, headers, limits.

pub(crate) mod calendar;
mod demo_sign_in;
mod documents;
mod endpoint;
mod graphiql;
mod handout;
mod headers;
mod hooks;
pub(crate) mod incoming;
pub mod json;
pub(crate) mod keeper;
mod letters;
pub mod negotiate;
pub mod peer;
mod plain;
mod portal;
pub mod problem;
pub mod rate;
pub(crate) mod replay;
mod serve;
mod sign_in;

pub use serve::serve;

use crate::service::{Counter, Service};
use axum::Router;
use axum::routing::{any, get, post};
use std::sync::Arc;

/// The routes of the counter: `/graphql`, `/documents`, `/calendar`, `/hooks`, `/auth`, `/healthz`, `/readyz`, `/metrics`, and under the demo
/// `/graphiql`. Every other address is a page of the portal.
///
/// Errors: the schema cannot be built, which a test of this crate rules out.
pub fn router(service: Service) -> Result<Router, async_graphql::dynamic::SchemaError> {
    Ok(routes(Arc::new(Counter::new(service)?)))
}

/// The same for a benchmark: everybody is taken for one person, and no look is recorded. Errors: as of [`router`].
#[cfg(feature = "bypass")]
pub fn bypassing(
    service: Service,
    everybody: workflows::machine::Actor,
) -> Result<Router, async_graphql::dynamic::SchemaError> {
    let mut counter = Counter::new(service)?;
    counter.bypass = Some(everybody);
    Ok(routes(Arc::new(counter)))
}

fn routes(counter: Arc<Counter>) -> Router {
    let demo = counter.service.demo.is_some();
    let mut router = Router::new()
        .route("/graphql", any(endpoint::graphql))
        .route("/documents", any(documents::documents))
        .route("/documents/{id}", any(documents::upload))
        .route("/documents/{case}/{file}", get(handout::hand_out))
        .route("/calendar/{id}/{secret}", get(calendar::show))
        .route("/healthz", get(plain::healthz))
        .route("/readyz", get(plain::readyz))
        .route("/metrics", get(plain::metrics))
        .route("/hooks/{name}", post(hooks::take))
        .route("/documents/letters/{application}/{kind}", get(letters::download))
        .route("/auth/logout", post(sign_in::logout))
        .route("/auth/session", get(sign_in::session));
    if demo {
        router = router
            .route("/auth/token", post(plain::token))
            .route("/auth/users", get(plain::users))
            .route("/auth/login", get(demo_sign_in::page))
            .route("/auth/login.css", get(demo_sign_in::style))
            .route("/auth/demo-users", get(demo_sign_in::users))
            .route("/auth/demo-sign-in", post(demo_sign_in::sign_in))
            .route("/graphiql", get(graphiql::page))
            .route("/graphiql/{file}", get(graphiql::file));
    }
    if !demo {
        router =
            router.route("/auth/login", get(sign_in::login)).route("/auth/callback", get(sign_in::callback));
    }
    let router = router
        .fallback(portal::answer)
        .with_state(counter.clone())
        .layer(axum::middleware::from_fn(sign_in::no_secrets_in_addresses));
    let router = router.layer(axum::middleware::from_fn_with_state(counter, headers::cors));
    router.layer(axum::middleware::from_fn(headers::protect))
}
