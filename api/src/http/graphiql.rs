//! The query page of the demo: GraphiQL, bundled by `scripts/graphiql/build.mjs` and part of the program.

use super::plain::nowhere;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Response, header};

/// A file of the page: name, type, content.
struct File(&'static str, &'static str, &'static [u8]);

const PAGE: File =
    File("index.html", "text/html; charset=utf-8", include_bytes!("../../assets/graphiql/index.html"));
const FILES: &[File] = &[
    File("page.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/graphiql/page.js")),
    File("page.css", "text/css; charset=utf-8", include_bytes!("../../assets/graphiql/page.css")),
    File("LICENSES.txt", "text/plain; charset=utf-8", include_bytes!("../../assets/graphiql/LICENSES.txt")),
];
/// Nothing from elsewhere and no script in the page. The editor sets the style of elements that it creates, and draws three
/// marks from `data:` addresses.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
pub async fn page() -> Response<Body> {
    answer(&PAGE)
}

/// What the page is made of.
pub async fn file(Path(name): Path<String>) -> Response<Body> {
    match FILES.iter().find(|file| file.0 == name) {
        Some(file) => answer(file),
        None => nowhere().await,
    }
}

fn answer(File(_, kind, content): &File) -> Response<Body> {
    let mut response = Response::new(Body::from(*content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
