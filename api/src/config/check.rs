//! What must be set, and what must not, before a service may start. Every problem at once.

use std::path::Path;

use super::load::problem;
use super::{Config, ConfigProblem, ConfigProblems, MailBy, MailTls};

/// Where keys and links may come from: https, or plain http on this machine alone.
fn is_safe_address(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some(("https", rest)) => return !rest.is_empty(),
        Some(("http", rest)) => rest,
        _ => return false,
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// A safe address of a host alone, as browsers send it: no path, no wildcard.
fn is_origin(text: &str) -> bool {
    let host = text.split_once("://").map(|(_, host)| host).unwrap_or_default();
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '[' | ']');
    is_safe_address(text) && host.chars().all(plain)
}

/// Is the database a file?
pub fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite")
}

impl Config {
    /// What `serve` needs. Errors: everything that is missing or unsafe.
    pub fn check_serve(&self) -> Result<(), ConfigProblems> {
        let mut found = self.of_work();
        let mut missing = |key: &str, accepted: &str| {
            found.push(problem(key, "default", "a value is required", accepted));
        };
        if self.auth.issuer.is_none() {
            missing("auth.issuer", "the issuer as its tokens name it");
        }
        let discovered = self.auth.issuer.as_deref().is_some_and(is_safe_address);
        if self.auth.jwks.is_none() && !discovered {
            missing("auth.jwks", "an https address or a file, or a provider at the address of auth.issuer");
        }
        if self.public_url.is_none() {
            missing("public_url", "https://...");
        }
        if let Some(url) = self.public_url.as_deref().filter(|url| !is_safe_address(url)) {
            found.push(problem("public_url", "configuration", format!("`{url}` is not safe"), "https://..."));
        }
        if self.limits.persisted_only && self.limits.operations.is_none() {
            let message = "registered operations alone are executed, and none are given";
            found.push(problem("limits.operations", "configuration", message, "a file"));
        }
        for origin in self.cors_origins.iter().filter(|origin| !is_origin(origin)) {
            let message = format!("`{origin}` is not an origin");
            found.push(problem(
                "cors_origins",
                "configuration",
                message,
                "https://host or https://host:port",
            ));
        }
        let jwks = self.auth.jwks.as_deref();
        if let Some(keys) = jwks.filter(|keys| !is_safe_address(keys) && !Path::new(keys).is_file()) {
            let message = format!("`{keys}` is neither a safe address nor a file");
            found.push(problem("auth.jwks", "configuration", message, "an https address or a file"));
        }
        self.of_sign_in(&mut found);
        answer(found)
    }

    fn of_sign_in(&self, found: &mut Vec<ConfigProblem>) {
        let auth = &self.auth;
        let mut wrong = |key: &str, message: &str, accepted: &str| {
            found.push(problem(key, "configuration", message, accepted));
        };
        if auth.issuer.as_deref() == Some(crate::auth::DEVELOPMENT) {
            let message = "a development issuer is no sign-in for a bank";
            wrong("auth.issuer", message, "the issuer of the bank's own provider");
        }
        if auth.client_id.is_some() && !auth.issuer.as_deref().is_some_and(is_safe_address) {
            let message = "the provider says at the address of its issuer how to sign in";
            wrong("auth.client_id", message, "together with auth.issuer = \"https://...\"");
        }
        if auth.client_id.as_deref() == Some(auth.audience.as_str()) {
            let message = "a person's ID token would pass for a program's token";
            wrong("auth.audience", message, "another value than auth.client_id");
        }
        if auth.client_secret.is_some() && auth.client_id.is_none() {
            wrong(
                "auth.client_secret",
                "there is no client that it belongs to",
                "together with auth.client_id",
            );
        }
        if auth.client_id.is_some() && !auth.scopes.iter().any(|scope| scope == "openid") {
            wrong(
                "auth.scopes",
                "without openid the provider does not say who signed in",
                "openid and others",
            );
        }
        let header = auth.certificate_header.as_deref();
        if header.is_some_and(|name| name.parse::<axum::http::HeaderName>().is_err()) {
            wrong("auth.certificate_header", "not the name of a header", "such as x-client-cert-sha256");
        }
        if header.is_some() && self.trusted_proxies.is_empty() {
            let message = "certificates are taken from the proxies that are named, and from nobody else";
            wrong("trusted_proxies", message, "IP addresses, where auth.certificate_header is set");
        }
        if auth.certificates_required && header.is_none() {
            let message = "no program could ever come in";
            wrong("auth.certificates_required", message, "together with auth.certificate_header");
        }
    }

    /// What `work` needs.
    pub fn check_work(&self) -> Result<(), ConfigProblems> {
        answer(self.of_work())
    }

    fn of_work(&self) -> Vec<ConfigProblem> {
        let mut found = vec![];
        if let Err(problems) = self.database() {
            found.extend(problems.0);
        }
        let files = [
            ("books.base", self.books.base.as_deref(), false),
            ("books.parameters", self.books.parameters.as_deref(), true),
            ("books.posted_rates", self.books.posted_rates.as_deref(), true),
            ("worker.watch_list", self.worker.watch_list.as_deref(), false),
            ("worker.bureau", self.worker.bureau.as_deref(), false),
            ("limits.operations", self.limits.operations.as_deref(), false),
            ("mail.ca_file", self.mail.ca_file.as_deref(), false),
            ("letters.program", self.letters.program.as_deref(), false),
            ("evidence.key", self.evidence.key.as_deref(), false),
            ("evidence.previous_key", self.evidence.previous_key.as_deref(), false),
            ("events.nats.credentials", self.events.nats.credentials.as_deref(), false),
            ("events.nats.ca_file", self.events.nats.ca_file.as_deref(), false),
            ("events.nats.certificate", self.events.nats.certificate.as_deref(), false),
            ("events.nats.certificate_key", self.events.nats.certificate_key.as_deref(), false),
            ("core_banking.lines", self.core_banking.lines.as_deref(), false),
            ("partners.lines", self.partners.lines.as_deref(), false),
            ("vault.key", self.vault.key.as_deref(), true),
        ];
        for (key, file, needed) in files {
            match file {
                None if needed => found.push(problem(key, "default", "a value is required", "a file")),
                Some(file) if !file.is_file() => {
                    let message = format!("{} is not a file", file.display());
                    found.push(problem(key, "configuration", message, "a file"));
                }
                _ => {}
            }
        }
        for file in self.books.editions.iter().filter(|file| !file.is_file()) {
            let message = format!("{} is not a file", file.display());
            found.push(problem("books.editions", "configuration", message, "files"));
        }
        for file in self.vault.previous_keys.iter().filter(|file| !file.is_file()) {
            let message = format!("{} is not a file", file.display());
            found.push(problem("vault.previous_keys", "configuration", message, "files"));
        }
        if self.auth.development.is_some() {
            let message = "a development issuer is no sign-in for a bank";
            found.push(problem(
                "auth.development",
                "configuration",
                message,
                "nothing: it exists under `yushi demo` only",
            ));
        }
        self.of_mail(&mut found);
        self.of_documents(&mut found);
        self.of_events(&mut found);
        self.of_log(&mut found);
        found
    }

    fn of_mail(&self, found: &mut Vec<ConfigProblem>) {
        let mail = &self.mail;
        let mut missing = |key: &str, accepted: &str| {
            found.push(problem(key, "default", "a value is required", accepted));
        };
        match mail.by {
            MailBy::None => return,
            MailBy::File if mail.folder.is_none() => missing("mail.folder", "a folder"),
            MailBy::Smtp if mail.host.is_none() => missing("mail.host", "a host name"),
            MailBy::File | MailBy::Smtp => {}
        }
        if mail.from.is_none() {
            missing("mail.from", "an address, such as no-reply@bank.example");
        }
        if mail.user.is_some() != mail.password.is_some() {
            missing("mail.password", "user and password together, or neither");
        }
        let is_address = |text: &String| notifications::address::is_address(text);
        if mail.return_path.as_ref().is_some_and(|path| !is_address(path)) {
            missing("mail.return_path", "an address, such as bounces@bank.example");
        }
        let short = notifications::bounce::SHORTEST_KEY;
        if mail.bounce_key.as_ref().is_some_and(|key| key.expose().chars().count() < short) {
            missing("mail.bounce_key", &format!("at least {short} characters"));
        }
        let local = matches!(mail.host.as_deref(), Some("localhost" | "127.0.0.1" | "::1"));
        if mail.tls == MailTls::None && mail.password.is_some() && !local {
            let message = "the password would go over the network in clear";
            found.push(problem("mail.tls", "configuration", message, "tls, starttls"));
        }
    }

    fn of_documents(&self, found: &mut Vec<ConfigProblem>) {
        let set = &self.documents;
        let mut wrong = |key: &str, message: &str, accepted: &str| {
            found.push(problem(key, "configuration", message, accepted));
        };
        if set.folder.is_some() && set.bucket.is_some() {
            wrong("documents.bucket", "files lie in one place", "documents.folder or documents.bucket");
        }
        if set.key_id.is_some() != set.secret.is_some() {
            wrong(
                "documents.secret",
                "one of a pair",
                "documents.key_id and documents.secret together, or neither",
            );
        }
        if set.endpoint.as_deref().is_some_and(|endpoint| !is_safe_address(endpoint)) {
            wrong("documents.endpoint", "the address is not safe", "https://..., or http on this machine");
        }
        if let Err(accepted) = set.scan.parse::<crate::documents::scan::Scanner>() {
            wrong("documents.scan", "no such scanner", &accepted);
        }
        if set.case_megabytes < set.file_megabytes {
            wrong("documents.case_megabytes", "a file would never fit", "not below documents.file_megabytes");
        }
    }

    fn of_log(&self, found: &mut Vec<ConfigProblem>) {
        if let Err(error) = self.log.filter.parse::<tracing_subscriber::EnvFilter>() {
            found.push(problem("log.filter", "configuration", error, "such as info,api=debug"));
        }
    }
}

fn answer(found: Vec<ConfigProblem>) -> Result<(), ConfigProblems> {
    if found.is_empty() { Ok(()) } else { Err(ConfigProblems(found)) }
}
