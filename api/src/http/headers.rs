//! Headers of every answer.

use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use std::sync::Arc;

const ALWAYS: &[(HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];
const UNLESS_SET: &[(HeaderName, &str)] = &[
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    ),
];

/// Adds what protects a reader, and takes out what tells of the inside.
pub async fn protect(request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
    headers.remove(header::SERVER);
    response
}

/// What a page of a listed origin may send and read.
const CORS: &[(HeaderName, &str)] = &[
    (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, accept, idempotency-key"),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// Lets pages of listed origins read answers. Of others nothing is said; credentials of a browser are never allowed.
pub async fn cors(State(counter): State<Arc<Counter>>, request: Request, next: Next) -> Response<Body> {
    let asked = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let listed = asked.and_then(|asked| counter.service.cors.iter().find(|listed| *listed == asked));
    // The configured text, not that of the request.
    let Some(origin) = listed.and_then(|listed| HeaderValue::from_str(listed).ok()) else {
        return next.run(request).await;
    };
    let asks_first = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let allowed = CORS.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        response.headers_mut().extend(allowed);
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let shown = HeaderValue::from_static("idempotency-replayed, retry-after");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, shown);
    response
}
