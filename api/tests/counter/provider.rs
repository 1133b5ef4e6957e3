//! A real OpenID provider on a loopback port, and a browser of a few lines that goes through it.

use crate::node;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The address under which the tests' service is known to the provider.
pub const HOME: &str = "https://loans.example.jp";
pub const CLIENT: (&str, &str) = ("yushi-test", "secret-of-the-test-client");
pub const PARTNER: (&str, &str) = ("partner-1", "secret-of-the-partner");

/// The provider; ends when dropped.
pub struct OpenId {
    child: Child,
    pub issuer: String,
}

impl OpenId {
    /// Starts it and waits until it listens.
    pub async fn start() -> OpenId {
        tokio::task::spawn_blocking(|| {
            let mut child = Command::new("node")
                .arg("provider.mjs")
                .current_dir(node::installed("oidc"))
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("this test needs node");
            let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
            let told: Value = lines
                .find_map(|line| serde_json::from_str(&line.expect("a line")).ok())
                .expect("the provider says where it listens");
            // What it prints later goes nowhere, and never stops it.
            std::thread::spawn(move || lines.for_each(drop));
            OpenId { child, issuer: told["issuer"].as_str().expect("issuer").to_owned() }
        })
        .await
        .expect("provider")
    }

    /// Ends it: nobody listens there any more.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for OpenId {
    fn drop(&mut self) {
        self.stop();
    }
}

/// An answer that a browser got.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    /// The lines `Set-Cookie`.
    pub cookies: Vec<String>,
    pub retry_after: Option<String>,
    pub text: String,
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// Keeps cookies by host and follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    /// Address at which [`HOME`] is reached.
    home: String,
    pub jar: BTreeMap<(String, String), String>,
}

impl Browser {
    /// One that reaches the service at this address.
    pub fn new(http: &reqwest::Client, home: &str) -> Self {
        let home = home.trim_end_matches('/').to_owned();
        Browser { http: http.clone(), home, jar: BTreeMap::new() }
    }

    fn host(url: &str) -> String {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default().to_owned()
    }

    /// The cookies of a host.
    pub fn cookies(&self, url: &str) -> String {
        let host = Self::host(url);
        let of_host = self.jar.iter().filter(|((at, _), _)| *at == host);
        of_host.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Sends a request with the cookies of its host and keeps what comes back.
    pub async fn send(
        &mut self,
        method: &str,
        url: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Page {
        let real = url.replacen(HOME, &self.home, 1);
        let mut request = self.http.request(method.parse().expect("method"), &real);
        let cookies = self.cookies(url);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let response = change(request).send().await.expect("answer");
        let texts = |name: &str| {
            let all = response.headers().get_all(name).iter();
            all.map(|value| value.to_str().expect("text").to_owned()).collect::<Vec<_>>()
        };
        let (cookies, location) = (texts("set-cookie"), texts("location").pop());
        let retry_after = texts("retry-after").pop();
        for cookie in &cookies {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a pair");
            let key = (Self::host(url), name.to_owned());
            if value.is_empty() || attributes.contains("Max-Age=0") {
                self.jar.remove(&key);
            } else {
                self.jar.insert(key, value.to_owned());
            }
        }
        let status = response.status().as_u16();
        Page { status, location, cookies, retry_after, text: response.text().await.expect("text") }
    }

    pub async fn get(&mut self, url: &str) -> Page {
        self.send("GET", url, |request| request).await
    }

    /// From the service's entrance through the provider, as `user`, to the address of the service that the provider sends back to.
    pub async fn through(&mut self, entrance: &str, user: &str) -> String {
        let mut at = self.get(entrance).await.location.expect("an entrance");
        for _ in 0..10 {
            if at.starts_with(HOME) {
                return at;
            }
            let issuer = at.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            let asked = if at.contains("/interaction/") { format!("{at}?user={user}") } else { at };
            let page = self.get(&asked).await;
            let location = page.location.as_deref().unwrap_or_else(|| panic!("{asked}: {page:?}"));
            at = if location.starts_with('/') { format!("{issuer}{location}") } else { location.to_owned() };
        }
        panic!("the provider never sends the browser back");
    }
}
