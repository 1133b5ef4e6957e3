//! Answers that are no data: one shape, stable codes, nothing of the inside.

use super::negotiate::Dress;
use crate::auth::Denied;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

/// A request that is answered without being executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
    pub header: Option<(header::HeaderName, HeaderValue)>,
    /// The connection ends with the answer: nothing more is read from it.
    pub close: bool,
}

impl Problem {
    /// A problem with its code and one sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Problem { status, code, message: message.into(), header: None, close: false }
    }

    /// With a header.
    #[must_use]
    pub fn with(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.header = Some((name, HeaderValue::from_static(value)));
        self
    }

    /// 400 with a code.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401.
    pub fn unauthenticated() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Sign in, or send a bearer token.")
            .with(header::WWW_AUTHENTICATE, "Bearer")
    }

    /// 503: whoever asks again after some seconds may be answered.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message).with(header::RETRY_AFTER, "10")
    }

    /// Why a caller is not let in: no more than he may know.
    pub fn denied(denied: &Denied) -> Self {
        let forbidden = |message: &str| Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message);
        match denied {
            Denied::Unavailable(error) => {
                tracing::warn!(error, "callers cannot be judged");
                Problem::unavailable("Sign-in is not available for a moment. / 現在、認証を確認できません。")
            }
            Denied::Forged => forbidden(
                "A request with a session comes from our own pages and carries X-CSRF-Token. / \
                 送信元またはX-CSRF-Tokenを確認できません。",
            ),
            Denied::OtherRole => {
                forbidden("The account does not hold this role. / この役割では利用できません。")
            }
            denied => {
                tracing::info!(%denied, "sign-in refused");
                Problem::unauthenticated()
            }
        }
    }

    /// The body of the answer.
    pub fn body(&self) -> serde_json::Value {
        json!({ "errors": [{ "message": self.message, "extensions": { "code": self.code } }] })
    }

    /// The answer.
    pub fn answer(&self, dress: Dress) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body().to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(dress.content_type()));
        if let Some((name, value)) = &self.header {
            headers.insert(name.clone(), value.clone());
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// An id by which an internal error is found in the log.
pub fn incident() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}
