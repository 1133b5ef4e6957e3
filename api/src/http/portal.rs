//! The web portal: the pages that `make portal` built, as part of the program (decision 19).
//!
//! Names under `/assets/` carry a digest of their content, so browsers keep them for ever; the page that names them is asked for
//! again each time. Every address that nothing else answers is a page of the portal, for browsers alone.

use super::plain::{nowhere, text};
use super::sign_in::to;
use crate::auth::cookie;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use oauth2::url::form_urlencoded;
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::sync::Arc;

/// What is in `portal/dist`: in the program, or read from the folder in builds for development.
#[derive(RustEmbed)]
#[folder = "../portal/dist"]
struct Built;

/// A file and the digest of its content.
struct File {
    content: Cow<'static, [u8]>,
    digest: [u8; 32],
}

/// Finds a file of the portal by its path.
type Files = fn(&str) -> Option<File>;

fn built(path: &str) -> Option<File> {
    let file = Built::get(path)?;
    Some(File { digest: file.metadata.sha256_hash(), content: file.data })
}

/// The page that every address of the portal shows.
const PAGE: &str = "index.html";
/// Folder of the files whose names change with their content.
const ASSETS: &str = "assets/";
/// First parts of addresses that are no pages.
const OTHERS: &[&str] =
    &["graphql", "graphiql", "auth", "api", "assets", "healthz", "readyz", "metrics", "demo"];
/// Nothing from elsewhere, nothing inline. Pictures may be drawn from data, and papers shown that the page holds in memory.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
/// Where the program was built without the pages.
const NOTICE: &str = include_str!("../../assets/portal/notice.html");

/// A page or a file of the portal. Somebody without a session is sent to the sign-in, and comes back to the same page.
pub async fn answer(
    State(counter): State<Arc<Counter>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let session = counter.service.auth.settings.cookies.session();
    let signed_in = cookie::value(&headers, session).is_some();
    match found(built, &method, &uri, &headers, signed_in) {
        Some(response) => response,
        None => nowhere().await,
    }
}

fn found(
    files: Files,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    signed_in: bool,
) -> Option<Response<Body>> {
    let path = uri.path().strip_prefix('/')?;
    if *method != Method::GET && *method != Method::HEAD {
        return None;
    }
    // Names are plain: whatever else stands in an address is no file of ours, and is not looked for.
    let is_plain = path.split('/').all(|part| !part.starts_with('.') && !part.contains(['%', '\\']));
    if is_plain && (path.starts_with(ASSETS) || (is_root_file(path) && path != PAGE)) {
        return file(files, path, headers);
    }
    let first = path.split('/').next().unwrap_or_default();
    if OTHERS.contains(&first) || is_root_file(path) || !wants_page(headers) {
        return None;
    }
    let Some(page) = file(files, PAGE, headers) else {
        return Some(text(StatusCode::OK, "text/html; charset=utf-8", NOTICE.to_owned()));
    };
    if signed_in {
        return Some(page);
    }
    let next = uri.path_and_query().map_or("/", |all| all.as_str());
    let next = if cookie::is_own_path(next) { next } else { "/" };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Some(to(&format!("/auth/login?next={next}")))
}

/// Is it the name of a file beside the page, such as `favicon.svg`?
fn is_root_file(path: &str) -> bool {
    !path.contains('/') && path.contains('.')
}

/// Does a browser ask for something to show?
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|list| list.split(',')).any(|kind| kind.trim().starts_with("text/html"))
}

/// A file in the smallest form that the browser takes, or that its own copy is good.
fn file(files: Files, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let kind = kind_of(path)?;
    let (coding, file) = coded(files, path, headers)?;
    let mut tag = format!("\"{}", hex::encode(file.digest.get(..16).unwrap_or_default()));
    tag.push_str(coding.map_or("\"", |(_, ending)| if ending == ".br" { "-br\"" } else { "-gz\"" }));
    let known = is_known(headers, &tag);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(file.content) });
    let cached = if path.starts_with(ASSETS) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cached),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::VARY, "accept-encoding"),
    ];
    let set = response.headers_mut();
    set.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(header::ETAG, tag);
    }
    if known {
        set.remove(header::CONTENT_TYPE);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else if let Some((name, _)) = coding {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Some(response)
}

/// Forms that were made beforehand, the smallest first: their name and the ending of the file.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

fn coded(
    files: Files,
    path: &str,
    headers: &HeaderMap,
) -> Option<(Option<(&'static str, &'static str)>, File)> {
    let offered = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let offered: Vec<&str> = offered.flat_map(|list| list.split(',')).collect();
    let takes = |coding: &str| {
        offered.iter().any(|one| {
            let mut parts = one.split(';').map(str::trim);
            parts.next() == Some(coding)
                && !parts.any(|quality| matches!(quality, "q=0" | "q=0." | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    for coding in CODINGS {
        if takes(coding.0)
            && let Some(file) = files(&format!("{path}{}", coding.1))
        {
            return Some((Some(coding), file));
        }
    }
    files(path).map(|file| (None, file))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let held = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut held = held.flat_map(|list| list.split(',')).map(str::trim);
    held.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The type of a file by its ending; what has none of these is not served.
fn kind_of(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        // Tables of codes of Japanese fonts, for the reader of PDF files.
        "bcmap" => "application/octet-stream",
        "txt" => "text/plain; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use sha2::{Digest, Sha256};

    fn sample(path: &str) -> Option<File> {
        let content: &'static [u8] = match path {
            "index.html" => b"<!doctype html>the page",
            "index.html.gz" => b"gzip of the page",
            "index.html.br" => b"brotli of the page",
            "assets/page-1a2b3c.js" => b"code",
            "assets/pdf-1.0/H.bcmap" => b"codes",
            "favicon.svg" => b"<svg/>",
            ".gitignore" | "assets/.secret.js" | "assets/notes.key" => b"secret",
            _ => return None,
        };
        Some(File { content: content.into(), digest: Sha256::digest(content).into() })
    }

    fn nothing(_: &str) -> Option<File> {
        None
    }

    fn ask(files: Files, method: &Method, uri: &str, lines: &[(&str, &str)]) -> Option<Response<Body>> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().expect("name");
            headers.append(name, value.parse().expect("value"));
        }
        found(files, method, &uri.parse().expect("address"), &headers, !lines.contains(&STRANGER))
    }

    const STRANGER: (&str, &str) = ("x-stranger", "yes");
    const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    async fn read(response: Response<Body>) -> (u16, HeaderMap, String) {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("body");
        (parts.status.as_u16(), parts.headers, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn got(uri: &str, lines: &[(&str, &str)]) -> Option<(u16, HeaderMap, String)> {
        match ask(sample, &Method::GET, uri, lines) {
            Some(response) => Some(read(response).await),
            None => None,
        }
    }

    #[tokio::test]
    async fn every_address_of_the_portal_shows_the_page_to_a_browser() {
        for uri in ["/", "/applications/1?tab=history", "/assetsX", "/authority"] {
            let (status, headers, body) = got(uri, &[BROWSER]).await.expect(uri);
            assert_eq!((status, body.as_str()), (200, "<!doctype html>the page"), "{uri}");
            assert_eq!(headers["cache-control"], "no-cache");
            let policy = headers["content-security-policy"].to_str().expect("policy");
            assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        }
    }

    #[tokio::test]
    async fn programs_other_methods_and_other_services_never_get_the_page() {
        assert!(got("/applications/1", &[]).await.is_none());
        assert!(got("/applications/1", &[("accept", "application/json")]).await.is_none());
        assert!(ask(sample, &Method::POST, "/", &[BROWSER]).is_none());
        for uri in
            ["/graphql/x", "/api/letters", "/auth/nothing", "/graphiql/x", "/metrics/x", "/assets", "/x.js"]
        {
            assert!(got(uri, &[BROWSER]).await.is_none(), "{uri}");
        }
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_and_a_missing_one_is_missing() {
        let (status, headers, body) = got("/assets/page-1a2b3c.js", &[]).await.expect("file");
        assert_eq!((status, body.as_str()), (200, "code"));
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        let (_, headers, body) = got("/assets/pdf-1.0/H.bcmap", &[]).await.expect("table of codes");
        assert_eq!(
            (&headers["content-type"], body.as_str()),
            (&"application/octet-stream".parse().expect("type"), "codes")
        );
        // A worker of the pages runs under the policy of its own file: nothing is compiled from what it reads.
        let policy = headers["content-security-policy"].to_str().expect("policy");
        assert!(
            policy.contains("script-src 'self';")
                && !policy.contains("worker-src")
                && !policy.contains("eval"),
            "{policy}"
        );
        assert_eq!(got("/favicon.svg", &[]).await.expect("icon").1["cache-control"], "no-cache");
        for uri in [
            "/assets/page-older.js",
            "/assets/../index.html",
            "/assets/..%2Findex.html",
            "/assets/%2e%2e/index.html",
            "/assets/.secret.js",
            "/assets/notes.key",
            "/assets//page-1a2b3c.js",
            "/.gitignore",
            "/index.html.br",
        ] {
            assert!(got(uri, &[BROWSER]).await.is_none(), "{uri}");
        }
    }

    #[tokio::test]
    async fn a_copy_that_is_still_good_is_not_sent_again() {
        let (_, headers, _) = got("/", &[BROWSER]).await.expect("page");
        let tag = headers["etag"].to_str().expect("tag").to_owned();
        let weak = format!("\"other\", W/{tag}");
        for held in [tag.as_str(), weak.as_str(), "*"] {
            let (status, headers, body) =
                got("/", &[BROWSER, ("if-none-match", held)]).await.expect("answer");
            assert_eq!((status, body.as_str()), (304, ""), "{held}");
            assert_eq!(headers["etag"], tag.as_str());
        }
        let (status, ..) = got("/", &[BROWSER, ("if-none-match", "\"other\"")]).await.expect("answer");
        assert_eq!(status, 200);
    }

    #[tokio::test]
    async fn the_smallest_form_that_a_browser_takes_is_sent() {
        let of = async |takes: &str| got("/", &[BROWSER, ("accept-encoding", takes)]).await.expect("page");
        let (_, brotli, body) = of("gzip, deflate, br").await;
        assert_eq!(
            (&brotli["content-encoding"], body.as_str()),
            (&HeaderValue::from_static("br"), "brotli of the page")
        );
        let (_, gzip, body) = of("gzip, br;q=0").await;
        assert_eq!(
            (&gzip["content-encoding"], body.as_str()),
            (&HeaderValue::from_static("gzip"), "gzip of the page")
        );
        let (_, plain, body) = of("identity").await;
        assert!(plain.get("content-encoding").is_none() && body.starts_with("<!doctype"));
        assert!(brotli["etag"] != gzip["etag"] && gzip["etag"] != plain["etag"]);
        assert_eq!(plain["vary"], "accept-encoding");
    }

    #[tokio::test]
    async fn somebody_without_a_session_signs_in_and_comes_back() {
        let (status, headers, _) =
            got("/applications?text=1&x=2", &[BROWSER, STRANGER]).await.expect("answer");
        assert_eq!(status, 303);
        assert_eq!(headers["location"], "/auth/login?next=%2Fapplications%3Ftext%3D1%26x%3D2");
        let (_, headers, _) = got("//evil.example/", &[BROWSER, STRANGER]).await.expect("answer");
        assert_eq!(headers["location"], "/auth/login?next=%2F");
        assert_eq!(got("/assets/page-1a2b3c.js", &[STRANGER]).await.expect("file").0, 200);
    }

    #[tokio::test]
    async fn a_program_without_the_pages_says_how_to_build_them() {
        let response = ask(nothing, &Method::GET, "/", &[BROWSER, STRANGER]).expect("notice");
        let (status, _, body) = read(response).await;
        assert!(status == 200 && body.contains("make portal"), "{body}");
        assert!(ask(nothing, &Method::GET, "/", &[]).is_none());
    }
}
