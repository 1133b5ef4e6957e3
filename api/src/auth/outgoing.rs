//! The one way out to a provider of identities: no redirects, no proxies of the environment, ten seconds, a limit to the answer.

use reqwest::Url;
use std::time::Duration;

/// Longest answer in bytes.
const LONGEST: usize = 256 * 1024;
const TIME: Duration = Duration::from_secs(10);

/// A request that was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    #[error("`{0}` is not an address that may be asked: https, or http on this machine")]
    Address(String),
    #[error("no answer: {0}")]
    Failed(String),
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
    #[error("answered with status {0}")]
    Status(u16),
}

/// The client.
#[derive(Clone, Debug)]
pub struct Outgoing {
    client: reqwest::Client,
}

impl Outgoing {
    /// Errors: the TLS of this machine cannot be set up.
    pub fn new() -> Result<Self, NoAnswer> {
        let client = reqwest::Client::builder()
            .timeout(TIME)
            .connect_timeout(TIME)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| NoAnswer::Failed(error.to_string()))?;
        Ok(Outgoing { client })
    }

    /// The text of an address that answers 200.
    pub async fn get(&self, address: &str) -> Result<String, NoAnswer> {
        let request = http_request(address)?;
        let answer = self.send(request).await?;
        if answer.status() != axum::http::StatusCode::OK {
            return Err(NoAnswer::Status(answer.status().as_u16()));
        }
        String::from_utf8(answer.into_body()).map_err(|error| NoAnswer::Failed(error.to_string()))
    }

    /// Sends a request and reads the answer, whatever its status.
    pub async fn send(
        &self,
        request: axum::http::Request<Vec<u8>>,
    ) -> Result<axum::http::Response<Vec<u8>>, NoAnswer> {
        let address = request.uri().to_string();
        permitted(&address)?;
        let failed = |error: reqwest::Error| NoAnswer::Failed(error.without_url().to_string());
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut answer = self.client.execute(request).await.map_err(failed)?;
        let mut body = vec![];
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(NoAnswer::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = axum::http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

fn http_request(address: &str) -> Result<axum::http::Request<Vec<u8>>, NoAnswer> {
    let wrong = |_| NoAnswer::Address(address.to_owned());
    axum::http::Request::get(address).header("accept", "application/json").body(vec![]).map_err(wrong)
}

/// The one place where an address is judged before it is asked.
fn permitted(address: &str) -> Result<(), NoAnswer> {
    let wrong = || NoAnswer::Address(address.to_owned());
    let url = Url::parse(address).map_err(|_| wrong())?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let plain = url.username().is_empty() && url.password().is_none();
    match url.scheme() {
        "https" if plain => Ok(()),
        "http" if plain && here => Ok(()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_this_machine_is_asked() {
        for fine in ["https://login.bank.example/keys", "http://127.0.0.1:1/keys", "http://localhost/keys"] {
            assert_eq!(permitted(fine), Ok(()), "{fine}");
        }
        for wrong in
            ["http://login.bank.example/", "ftp://127.0.0.1/", "file:///etc/passwd", "https://u:p@h/", ""]
        {
            assert!(permitted(wrong).is_err(), "{wrong}");
        }
    }
}
