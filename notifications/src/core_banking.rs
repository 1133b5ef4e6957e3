//! Core banking over HTTP: a posting order, a query, a reversal leave as signed messages, and what comes back is an ordinary command
//! of the core-banking account.
//!
//! An order leaves once. Whether it left is certain in two cases alone: nobody leased the parcel before, or the attempt before this
//! one could not connect. In every other case its outcome is unknown, and the attempt asks for it under the same key (T32). So an
//! answer that is lost, late or told twice moves no money.

use crate::channel::Failure;
use crate::courier::Clock;
use crate::envelope;
use crate::post::Parcel;
use crate::signature::{SigningKey, sign};
use chrono::{DateTime, Utc};
use db::{Answer, Request, Store, Target};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use workflows::account::AccountKind;
use workflows::machine::{Actor, Command, Effect, PartnerMessage, Refusal, Role};

/// Bytes of an answer that are read.
const LONGEST: usize = 64 * 1024;
/// Longest reference or reason that is taken over.
const LONGEST_TEXT: usize = 200;

/// The way to the core banking of one bank.
pub struct CoreLine {
    pub url: String,
    /// Active keys, each signs.
    pub keys: Vec<SigningKey>,
    /// Login of the account under which its answers are given.
    pub login: String,
    /// Time for one exchange.
    pub patience: Duration,
}

/// Core banking of the banks that have a line; the others poll.
pub struct CoreBanking {
    store: Store,
    /// Issuer of the accounts.
    issuer: String,
    /// By bank code.
    lines: BTreeMap<String, CoreLine>,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
}

/// Why core banking cannot be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    #[error("core banking of {0}: no http or https address")]
    Address(String),
    #[error("core banking: the client cannot be made")]
    Client,
}

/// What core banking says, of an order or of one loan of a mix.
#[derive(Clone, Debug, Default, Deserialize)]
struct Said {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    loan_no: Option<u8>,
    #[serde(default)]
    parts: Vec<Said>,
}

impl CoreBanking {
    /// The lines of an installation. Errors: an address is none.
    pub fn new(
        store: Store,
        issuer: String,
        lines: BTreeMap<String, CoreLine>,
        clock: Arc<dyn Clock>,
    ) -> Result<CoreBanking, CoreError> {
        for (bank, line) in &lines {
            let url = reqwest::Url::parse(&line.url).map_err(|_| CoreError::Address(bank.clone()))?;
            if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
                return Err(CoreError::Address(bank.clone()));
            }
        }
        // A connection of its own for each exchange: one that was closed meanwhile would make an order's fate unknown for nothing.
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0);
        let http = http.retry(reqwest::retry::never()).build().map_err(|_| CoreError::Client)?;
        Ok(CoreBanking { store, issuer, lines, http, clock })
    }

    /// Does the parcel go by HTTP?
    pub fn takes(&self, parcel: &Parcel) -> bool {
        matches!(&parcel.effect, Effect::Send { message, .. } if is_about_a_posting(*message))
            && self.lines.contains_key(&parcel.institution)
    }

    /// One exchange. Errors: what is asked about again later, or what a person must look at.
    pub(crate) async fn carry(&self, parcel: &Parcel) -> Result<(), Failure> {
        let (Some(line), Effect::Send { message, payload, .. }) =
            (self.lines.get(&parcel.institution), &parcel.effect)
        else {
            return Err(Failure::Permanent("core banking: no line".to_owned()));
        };
        let actor = self.actor(parcel, line).await?;
        let asked = match message {
            PartnerMessage::PostingQuery => PartnerMessage::PostingQuery,
            order if never_left(parcel) => *order,
            _ => PartnerMessage::PostingQuery,
        };
        let said = self.exchange(parcel, line, asked, payload).await?;
        let (commands, waits) = commands((*message, asked), payload, &said);
        for command in &commands {
            self.say(parcel, &actor, command).await?;
        }
        waits.map_or(Ok(()), |what| Err(Failure::Transient(what)))
    }

    /// The account of core banking, as it stands now: a suspended one answers nothing.
    async fn actor(&self, parcel: &Parcel, line: &CoreLine) -> Result<Actor, Failure> {
        let found = self.store.account_of(&self.issuer, AccountKind::Client, &line.login).await;
        let account = found.map_err(|_| Failure::Transient("core banking: accounts".to_owned()))?;
        let actor = account.and_then(|account| account.actor(Some(Role::CoreBanking)));
        actor.filter(|actor| actor.institution == parcel.institution).ok_or_else(|| {
            // Nothing has left: once the account is there, the order leaves.
            Failure::Transient(unsent(parcel.token))
        })
    }

    async fn exchange(
        &self,
        parcel: &Parcel,
        line: &CoreLine,
        asked: PartnerMessage,
        payload: &Value,
    ) -> Result<Said, Failure> {
        let at = self.clock.now();
        let (id, body) = message_of(parcel, asked, payload, at);
        let signed = sign(&line.keys, &id, at, &body)
            .map_err(|_| Failure::Permanent("core banking: cannot be signed".to_owned()))?;
        let mut request = self.http.post(&line.url).timeout(line.patience).body(body);
        for (name, value) in envelope::HEADERS.into_iter().chain(signed.headers()) {
            request = request.header(name, value);
        }
        let lost = |what: String| Failure::Transient(format!("core banking: {what}, outcome unknown"));
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Err(Failure::Transient(unsent(parcel.token))),
            Err(_) => return Err(lost("no answer".to_owned())),
        };
        let status = response.status();
        if !status.is_success() {
            return Err(lost(format!("status {}", status.as_u16())));
        }
        let mut bytes = vec![];
        while let Some(chunk) = response.chunk().await.map_err(|_| lost("half an answer".to_owned()))? {
            if bytes.len() + chunk.len() > LONGEST {
                return Err(lost("an answer of more than 64 KiB".to_owned()));
            }
            bytes.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&bytes).map_err(|_| lost("an answer that is no outcome".to_owned()))
    }

    /// Gives an answer as core banking itself would.
    async fn say(&self, parcel: &Parcel, actor: &Actor, command: &Command) -> Result<(), Failure> {
        let request = Request {
            actor,
            now: self.clock.now(),
            target: Target::Case { id: &parcel.application_id },
            command,
            expected_version: None,
            key: None,
        };
        let answer = self.store.execute(request).await;
        match answer.map_err(|_| Failure::Transient("core banking: the answer waits".to_owned()))? {
            Answer::Done(_) => Ok(()),
            Answer::Refused(refusal) if is_known(&refusal) => Ok(()),
            Answer::Refused(refusal) => {
                let codes = codes(&refusal);
                Err(Failure::Permanent(format!("core banking: {} {codes}", command.verb())))
            }
            Answer::Conflict { .. } | Answer::NotFound | Answer::KeyReused | Answer::Duplicate { .. } => {
                Err(Failure::Permanent(format!("core banking: {} meets no case", command.verb())))
            }
        }
    }
}

const fn is_about_a_posting(message: PartnerMessage) -> bool {
    matches!(
        message,
        PartnerMessage::PostingOrder | PartnerMessage::PostingQuery | PartnerMessage::ReversalOrder
    )
}

/// What is noted of an attempt in which nothing left; the number of the lease tells it from an older note.
fn unsent(token: i64) -> String {
    format!("core banking: not connected, nothing left in lease {token}")
}

/// Is it certain that no attempt before this one sent anything? A resend by hand has a lease more, and asks first.
fn never_left(parcel: &Parcel) -> bool {
    parcel.token == 1 || parcel.last_error.as_deref() == Some(&unsent(parcel.token - 1))
}

/// Id and body. An order has one id whatever happens; each query is a message of its own.
fn message_of(
    parcel: &Parcel,
    asked: PartnerMessage,
    payload: &Value,
    at: DateTime<Utc>,
) -> (String, Vec<u8>) {
    let mut id = envelope::id_of(&parcel.id);
    if asked == PartnerMessage::PostingQuery {
        id.push_str(&format!("_{}", parcel.token));
    }
    let mut data = payload.clone();
    data["message"] = json!(asked);
    (id, envelope::body(asked.code(), at, &data))
}

/// The commands that an answer stands for, and what must be asked again, if anything.
fn commands(
    about: (PartnerMessage, PartnerMessage),
    payload: &Value,
    said: &Said,
) -> (Vec<Command>, Option<String>) {
    let key = payload["posting_key"].as_str().unwrap_or_default();
    let each = if said.parts.is_empty() { std::slice::from_ref(said) } else { said.parts.as_slice() };
    let (mut commands, mut waits) = (vec![], None);
    for one in each {
        match command(about, key, one) {
            Some(command) => commands.push(command),
            None => {
                let known = ["DONE", "REFUSED", "REVERSED", "UNKNOWN", "NOT_FOUND"];
                let word = known.iter().find(|word| **word == one.outcome).unwrap_or(&"no outcome");
                waits = Some(format!("core banking: {word} settles nothing, to be asked again"));
            }
        }
    }
    (commands, waits)
}

/// The message as it was decided, and what was asked instead of it: DONE to a question about a reversal says that the posting stands.
fn command((message, asked): (PartnerMessage, PartnerMessage), key: &str, said: &Said) -> Option<Command> {
    use PartnerMessage as M;
    let (posting_key, loan_no) = (key.to_owned(), said.loan_no);
    let reference = text(said.reference.as_deref());
    match (asked, said.outcome.as_str()) {
        (M::ReversalOrder, "DONE" | "REVERSED") | (M::PostingQuery, "REVERSED") => {
            Some(Command::ConfirmReversal { posting_key, reference: reference?, loan_no })
        }
        (M::PostingOrder | M::PostingQuery, "DONE") if message != M::ReversalOrder => {
            Some(Command::ConfirmPosting { posting_key, reference: reference?, loan_no })
        }
        (M::PostingOrder | M::PostingQuery, "REFUSED") if message != M::ReversalOrder => {
            let reason = text(said.reason.as_deref()).unwrap_or_else(|| "REFUSED".to_owned());
            Some(Command::RejectPosting { posting_key, reason, loan_no })
        }
        _ => None,
    }
}

fn text(value: Option<&str>) -> Option<String> {
    let value = value.map(str::trim).filter(|text| !text.is_empty())?;
    Some(value.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect())
}

/// The posting has its outcome already: what came again, or late, changes nothing.
fn is_known(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Blocked { unmet } if unmet.iter().any(|unmet| unmet.code == "N-REQUEST-ANSWERED"))
}

fn codes(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Blocked { unmet } => {
            unmet.iter().map(|unmet| unmet.code.as_str()).collect::<Vec<_>>().join(" ")
        }
        other => other.code().to_owned(),
    }
}
