//! Content negotiation of the GraphQL endpoint: what may come in and in which dress the answer leaves.

use axum::http::{HeaderMap, HeaderValue, header};

/// The media type of an answer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Dress {
    /// `application/graphql-response+json`: the status tells.
    GraphQl,
    /// `application/json`: 200 for every well-formed request.
    Json,
}

impl Dress {
    /// The content type with its charset.
    pub const fn content_type(self) -> &'static str {
        match self {
            Dress::GraphQl => "application/graphql-response+json; charset=utf-8",
            Dress::Json => "application/json; charset=utf-8",
        }
    }
}

/// The dress that the sender accepts best; `None` is 406.
pub fn accepted(headers: &HeaderMap) -> Option<Dress> {
    let mut listed = headers.get_all(header::ACCEPT).iter().peekable();
    if listed.peek().is_none() {
        return Some(Dress::Json);
    }
    let mut best: Option<(u32, Dress)> = None;
    for value in listed {
        for range in value.to_str().ok()?.split(',') {
            let Some((quality, dress)) = offer(range) else { continue };
            let better = best.is_none_or(|(known, at)| {
                quality > known || (quality == known && dress == Dress::GraphQl && at == Dress::Json)
            });
            if better {
                best = Some((quality, dress));
            }
        }
    }
    best.map(|(_, dress)| dress)
}

/// What one media range of `Accept` asks for, with its quality in thousandths.
fn offer(range: &str) -> Option<(u32, Dress)> {
    let mut parts = range.split(';').map(str::trim);
    let dress = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Dress::GraphQl,
        "application/json" | "application/*" | "*/*" => Dress::Json,
        _ => return None,
    };
    let mut quality = 1000;
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = thousandths(value.trim())?,
            "charset" if !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    (quality > 0).then_some((quality, dress))
}

fn thousandths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: u32 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

/// Is the body JSON in UTF-8, and sent as it is? Exactly one content type, no content encoding but `identity`.
pub fn is_plain_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    is_json_type(only) && headers.get_all(header::CONTENT_ENCODING).iter().all(is_identity)
}

fn is_identity(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|text| text.trim().eq_ignore_ascii_case("identity"))
}

fn is_json_type(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let mut parts = text.split(';').map(str::trim);
    if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json")) {
        return false;
    }
    parts.all(|part| {
        part.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("charset")
                && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        let mut map = HeaderMap::new();
        map.insert(name, value.parse().expect("header"));
        map
    }

    #[test]
    fn the_better_accepted_dress_wins() {
        let of = |value: &str| accepted(&with(header::ACCEPT, value));
        assert_eq!(accepted(&HeaderMap::new()), Some(Dress::Json));
        assert_eq!(of("*/*"), Some(Dress::Json));
        assert_eq!(of("application/json"), Some(Dress::Json));
        assert_eq!(of("application/graphql-response+json"), Some(Dress::GraphQl));
        assert_eq!(of("application/json, application/graphql-response+json"), Some(Dress::GraphQl));
        assert_eq!(of("application/json;q=1, application/graphql-response+json;q=0.9"), Some(Dress::Json));
        assert_eq!(of("application/graphql-response+json;q=0, application/json"), Some(Dress::Json));
        assert_eq!(of("text/html"), None);
        assert_eq!(of("application/json;q=0"), None);
        assert_eq!(of("application/json; charset=shift_jis"), None);
    }

    #[test]
    fn only_plain_json_comes_in() {
        let of = |value: &str| is_plain_json(&with(header::CONTENT_TYPE, value));
        assert!(of("application/json") && of("Application/JSON; charset=UTF-8"));
        for wrong in [
            "text/plain",
            "application/jsonx",
            "application/json; charset=shift_jis",
            "application/json; boundary=x",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!of(wrong), "{wrong}");
        }
        assert!(!is_plain_json(&HeaderMap::new()));
        let mut zipped = with(header::CONTENT_TYPE, "application/json");
        zipped.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(!is_plain_json(&zipped));
    }
}
