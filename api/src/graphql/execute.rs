//! From a request to an outcome: first look, cost, execution under a time limit, masking.

use super::application::Node;
use super::cost::{self, Cost, Refused};
use super::fault::{Fault, INTERNAL, incident};
use super::lex::{self, Unreadable};
use super::looked::{Looked, Purpose};
use super::order::Order;
use crate::auth::Caller;
use crate::http::incoming::Incoming;
use crate::http::negotiate::Dress;
use crate::http::rate::Payer;
use crate::service::Counter;
use crate::tally::{self, Tally};
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::dynamic::ResolverContext;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError, Value, Variables};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{Scope, Store};
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use workflows::machine::{Actor, Case};

/// Cost of a request without a good token.
const STRANGER: u64 = 20;

/// A document that may be executed.
#[derive(Debug)]
pub struct Prepared {
    document: ExecutableDocument,
    incoming: Incoming,
    fingerprint: String,
    kind: OperationType,
    cost: Cost,
    order: Order,
    command: bool,
}

impl Prepared {
    /// What the operation costs.
    pub fn cost(&self) -> u64 {
        self.cost.cost
    }

    /// Digest of operation and variables.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Does it change something?
    pub fn is_mutation(&self) -> bool {
        self.kind == OperationType::Mutation
    }

    /// Is it a command on a case, which leaves a receipt with its effect?
    pub fn is_command(&self) -> bool {
        self.command
    }

    /// Is it a stream?
    pub fn is_subscription(&self) -> bool {
        self.kind == OperationType::Subscription
    }

    /// The request of the library with the caller's data, and what its answers need to become outcomes.
    pub fn request(self, call: Call) -> (Request, Dressing) {
        let dressing = Dressing { order: self.order, marks: call.marks() };
        let mut variables = Variables::default();
        for (name, value) in self.incoming.variables {
            if let Ok(value) = Value::from_json(value) {
                variables.insert(async_graphql::Name::new(name), value);
            }
        }
        let mut request = Request::new(self.incoming.query).variables(variables).data(call);
        if let Some(name) = self.incoming.operation_name {
            request = request.operation_name(name);
        }
        request.set_parsed_query(self.document);
        (request, dressing)
    }
}

/// What turns an answer of the library into an outcome.
#[derive(Debug)]
pub struct Dressing {
    order: Order,
    marks: Arc<Marks>,
}

impl Dressing {
    /// The outcome, its fields in the order asked.
    pub fn outcome(&self, mut response: Response) -> Outcome {
        self.order.restore(&mut response.data, self.marks.member.get().copied());
        Outcome::of(response)
    }
}

/// What became of the idempotency key, told by the resolver.
#[derive(Debug, Default)]
pub struct Marks {
    replayed: AtomicBool,
    reused: AtomicBool,
    member: OnceLock<&'static str>,
    secret: OnceLock<crate::config::Secret>,
}

impl Marks {
    /// The store answered from a receipt.
    pub fn is_replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }

    /// The store knows the key for another request.
    pub fn is_reused(&self) -> bool {
        self.reused.load(Ordering::Relaxed)
    }

    /// Did a command reach its end, a yes or a no of the rules, and leave a receipt?
    pub fn has_receipt(&self) -> bool {
        matches!(self.member.get(), Some(&("Done" | "Blocked")))
    }

    /// The answer holds a secret that is shown once.
    pub(super) fn shows_once(&self, secret: &str) {
        self.secret.get_or_init(|| crate::config::Secret::new(secret));
    }

    /// An answer as it is kept for repeats: null stands where a secret was.
    pub fn kept(&self, body: String) -> String {
        match self.secret.get() {
            Some(secret) => body.replace(&format!("\"{}\"", secret.expose()), "null"),
            None => body,
        }
    }

    pub(super) fn replayed(&self) {
        self.replayed.store(true, Ordering::Relaxed);
    }

    pub(super) fn reused(&self) {
        self.reused.store(true, Ordering::Relaxed);
    }

    /// Which member of its payload a mutation answers with; an operation has one.
    pub(super) fn answered(&self, member: &'static str) {
        self.member.get_or_init(|| member);
    }
}

/// Loads cases for one caller, each once however many fields ask.
pub struct Cases {
    store: Store,
    scope: Scope,
}

impl Loader<String> for Cases {
    type Value = Arc<Case>;
    type Error = Fault;

    async fn load(&self, ids: &[String]) -> Result<HashMap<String, Arc<Case>>, Fault> {
        let cases = self.store.cases(&self.scope, ids).await?;
        Ok(cases.into_iter().map(|case| (case.id.clone(), case)).collect())
    }
}

/// Who calls, when, with which key: what resolvers find in their context.
pub struct Call {
    cases: DataLoader<Cases>,
    scope: Scope,
    pub(super) counter: Arc<Counter>,
    pub(super) actor: Actor,
    pub(super) now: DateTime<Utc>,
    /// Idempotency key and digest of the request.
    pub(super) key: Option<(String, String)>,
    marks: Arc<Marks>,
    looked: Arc<Looked>,
}

impl Call {
    /// A call at the present instant by somebody with this scope.
    pub fn new(counter: &Arc<Counter>, scope: Scope, key: Option<(String, String)>) -> Self {
        let cases = Cases { store: counter.service.store.clone(), scope: scope.clone() };
        let cases = DataLoader::new(cases, tally::spawn);
        Call {
            cases,
            counter: counter.clone(),
            now: counter.service.clock.now(),
            key,
            marks: Arc::default(),
            looked: Arc::new(Looked::by(&scope)),
            actor: scope.actor().clone(),
            scope,
        }
    }

    /// The same for a stated purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Option<Purpose>) -> Self {
        if let Some(purpose) = purpose {
            self.looked = Arc::new(Looked::for_purpose(&self.scope, purpose));
        }
        self
    }

    /// What personal data the answer will hold.
    pub fn looked(&self) -> Arc<Looked> {
        self.looked.clone()
    }

    /// The call of a resolver's context.
    pub fn of<'c>(ctx: &ResolverContext<'c>) -> Result<&'c Call, Fault> {
        ctx.ctx.data::<Call>().map_err(|error| Fault::Internal(error.message))
    }

    /// What the caller may see.
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// Is it the look at a case that is open in emergency? Then nothing is done, and nothing beside the case is shown.
    pub fn is_emergency(&self) -> bool {
        self.scope.emergency().is_some()
    }

    /// The whole case of an application in an answer.
    pub async fn case_of(&self, node: &Node) -> Result<Arc<Case>, Fault> {
        match &node.case {
            Some(case) => Ok(case.clone()),
            None => self.cases.load_one(node.head.id.clone()).await?.ok_or(Fault::NotFound),
        }
    }

    /// The marks, to set them.
    pub(super) fn marks_ref(&self) -> &Marks {
        &self.marks
    }

    /// What the resolver tells of the key.
    pub fn marks(&self) -> Arc<Marks> {
        self.marks.clone()
    }
}

/// How an operation ended; serialized it is the answer, errors first.
#[derive(Debug, Serialize)]
pub struct Outcome {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<serde_json::Value>,
    /// Absent when nothing was executed. A value of the library: its maps keep their order.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip)]
    fault: Option<StatusCode>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Outcome {
    fn request_error(code: &str, message: impl Into<String>) -> Self {
        let errors = vec![json!({ "message": message.into(), "extensions": { "code": code } })];
        Outcome { errors, data: None, fault: None, retry_after: None }
    }

    pub(super) fn fault(status: StatusCode, code: &str, message: String) -> Self {
        Outcome { fault: Some(status), ..Outcome::request_error(code, message) }
    }

    /// A document that no schema of ours accepts.
    pub fn invalid(message: impl Into<String>) -> Self {
        Outcome::request_error("GRAPHQL_VALIDATION_FAILED", message)
    }

    /// The status in a dress.
    pub fn status(&self, dress: Dress) -> StatusCode {
        match (self.fault, &self.data, dress) {
            (Some(status), _, _) => status,
            (None, None, Dress::GraphQl) => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        }
    }

    /// Seconds after which trying again makes sense.
    pub fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// The same answer can be given to a repeat.
    pub fn is_settled(&self) -> bool {
        self.errors.is_empty() && self.data.is_some()
    }

    /// The errors.
    pub fn errors(&self) -> &[serde_json::Value] {
        &self.errors
    }

    /// Nothing was executed.
    pub fn is_request_error(&self) -> bool {
        self.data.is_none()
    }

    /// The answer as text.
    pub fn body(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From an answer of the library: request errors lose their `data`, unknown errors lose their text.
    pub fn of(response: Response) -> Self {
        let nothing = response.data == Value::Null;
        let uncoded = response.errors.iter().all(|error| code_of(error).is_none());
        if nothing && uncoded && !response.errors.is_empty() {
            let errors = response.errors.iter().map(request_fault).collect();
            return Outcome { errors, data: None, fault: None, retry_after: None };
        }
        let errors: Vec<_> = response.errors.iter().map(masked).collect();
        let away = errors.iter().any(|error| error["extensions"]["code"] == "UNAVAILABLE");
        Outcome { errors, data: Some(response.data), fault: None, retry_after: away.then_some(1) }
    }
}

fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// An error of parsing, validation or variables. The library's own accidents are masked.
fn request_fault(error: &ServerError) -> serde_json::Value {
    if error.message.starts_with("internal:") {
        return json!({ "message": incident(&error.message), "extensions": { "code": INTERNAL } });
    }
    json!({
        "message": error.message, "locations": error.locations,
        "extensions": { "code": "GRAPHQL_VALIDATION_FAILED" },
    })
}

/// An error of a field: coded ones are ours and may leave, all others may not.
fn masked(error: &ServerError) -> serde_json::Value {
    let (code, message) = match code_of(error) {
        Some(code) => (code, error.message.clone()),
        None => (INTERNAL.to_owned(), incident(&error.message)),
    };
    json!({ "message": message, "path": error.path, "extensions": { "code": code } })
}

impl Counter {
    /// First look, parsing and cost. Errors: the outcome that says why the document is not executed.
    pub fn prepare(&self, incoming: Incoming) -> Result<Prepared, Outcome> {
        let limits = &self.service.limits;
        let incoming = self.service.persisted.resolve(incoming)?;
        lex::count(&incoming.query, limits.document).map_err(|why| match why {
            Unreadable::TooLong | Unreadable::TooManyTokens => too_complex("the document is too long"),
            Unreadable::TooDeep => too_complex("the document is nested too deeply"),
            Unreadable::Broken => {
                Outcome::request_error("GRAPHQL_PARSE_FAILED", "The document does not end.")
            }
        })?;
        let document = async_graphql::parser::parse_query(&incoming.query)
            .map_err(|_| Outcome::request_error("GRAPHQL_PARSE_FAILED", "The document is not GraphQL."))?;
        let refused = |why| match why {
            Refused::TooComplex(why) => too_complex(why),
            Refused::Invalid(why) => Outcome::invalid(why),
            Refused::Input(why) => Outcome::request_error("BAD_USER_INPUT", why),
        };
        let (kind, cost, order, command) = {
            let operation =
                &cost::choose(&document, incoming.operation_name.as_deref()).map_err(refused)?.node;
            let cost =
                cost::judge(&document, operation, &incoming.variables, &limits.cost, limits.introspection)
                    .map_err(refused)?;
            missing_variable(operation, &incoming)?;
            (
                operation.ty,
                cost,
                Order::of(&document, operation, &incoming.variables),
                cost::is_command(&document, operation),
            )
        };
        if kind != OperationType::Query && cost.roots != 1 {
            return Err(Outcome::invalid("One operation, one field at its root."));
        }
        let fingerprint = incoming.fingerprint();
        Ok(Prepared { document, incoming, fingerprint, kind, cost, order, command })
    }

    /// Takes the cost from what the caller, the bank and the address may spend. Errors: seconds to wait.
    pub async fn charge(
        self: &Arc<Self>,
        caller: &Caller,
        from: Option<IpAddr>,
        cost: u64,
    ) -> Result<(), u64> {
        let (limits, actor) = (&self.service.limits, &caller.actor);
        let person = format!("{}|{}|{}", actor.institution, actor.role, actor.subject);
        let mut payers = vec![
            Payer { name: person, per_minute: limits.cost_per_minute },
            Payer { name: actor.institution.clone(), per_minute: limits.bank_cost_per_minute },
        ];
        payers.extend(from.map(|address| self.address(address)));
        self.keep_level();
        self.rates.charge(&self.service.store, &payers, cost).await
    }

    /// Takes the price of a refused sign-in from an address. Errors: seconds to wait.
    pub async fn charge_stranger(self: &Arc<Self>, from: Option<IpAddr>) -> Result<(), u64> {
        let Some(address) = from else { return Ok(()) };
        self.keep_level();
        self.rates.charge(&self.service.store, &[self.address(address)], STRANGER).await
    }

    fn address(&self, address: IpAddr) -> Payer {
        Payer { name: format!("address|{address}"), per_minute: self.service.limits.address_cost_per_minute }
    }

    /// Writes down who looks at what, before anything is sent. Errors: the answer instead, without data.
    pub async fn record(&self, looked: &Looked) -> Result<(), Outcome> {
        #[cfg(feature = "bypass")]
        if self.bypass.is_some() {
            return Ok(());
        }
        let written = looked.record(&self.service.store, self.service.clock.now()).await;
        written.map_err(|error| {
            tracing::error!(%error, "a look could not be recorded: nothing is sent");
            let message = "The look at personal data could not be recorded; try again. / 閲覧記録を残せないため表示できません。";
            let outcome = Outcome::fault(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message.to_owned());
            Outcome { retry_after: Some(1), ..outcome }
        })
    }

    /// Executes a query or mutation. A panic or a time-out ends this operation and nothing else.
    pub async fn run(self: &Arc<Self>, prepared: Prepared, call: Call) -> Outcome {
        let Some(schema) = self.schemas.of(call.actor.role).cloned() else {
            return Outcome::fault(StatusCode::FORBIDDEN, "FORBIDDEN", "This role has no schema.".to_owned());
        };
        let started = Instant::now();
        let kind = if prepared.is_mutation() { "mutation" } else { "query" };
        let looked = call.looked();
        let (request, dressing) = prepared.request(call);
        // A task of its own: when the caller hangs up, a transition under way is still finished.
        let tally = Tally::default();
        let counting = tally.clone();
        let mut running = tokio::spawn(async move { counting.of(schema.execute(request)).await });
        let outcome = match tokio::time::timeout(self.service.limits.execution, &mut running).await {
            Ok(Ok(response)) => match self.record(&looked).await {
                Ok(()) => dressing.outcome(response),
                Err(unwritten) => unwritten,
            },
            Ok(Err(error)) => {
                Outcome::fault(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL, incident(&error.to_string()))
            }
            Err(_) => {
                running.abort();
                let message = "The operation took too long and was ended.".to_owned();
                Outcome::fault(StatusCode::GATEWAY_TIMEOUT, "TIMEOUT", message)
            }
        };
        let ended = if outcome.errors.is_empty() { "ok" } else { "error" };
        metrics::histogram!("yushi_graphql_seconds", "kind" => kind, "ended" => ended)
            .record(started.elapsed().as_secs_f64());
        // What a command writes is written by the store's own tasks.
        if kind == "query" {
            metrics::histogram!("yushi_query_statements").record(tally.count() as f64);
        }
        outcome
    }
}

fn too_complex(why: &str) -> Outcome {
    Outcome::request_error("QUERY_TOO_COMPLEX", format!("Not executed: {why}."))
}

/// A variable that the operation needs and the request does not carry.
fn missing_variable(
    operation: &async_graphql::parser::types::OperationDefinition,
    incoming: &Incoming,
) -> Result<(), Outcome> {
    for definition in &operation.variable_definitions {
        let (name, node) = (definition.node.name.node.as_str(), &definition.node);
        let absent = incoming.variables.get(name).is_none_or(serde_json::Value::is_null);
        let defaulted = node.default_value.is_some() && !incoming.variables.contains_key(name);
        if absent && !node.var_type.node.nullable && !defaulted {
            return Err(Outcome::invalid(format!("Variable ${name} is required.")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{ErrorExtensions, PathSegment};

    /// SEC-H25.
    #[test]
    fn what_went_wrong_inside_does_not_leave() {
        let secret = "SELECT body FROM application at db/src/execute.rs:12";
        let data = Value::from_json(json!({ "application": null })).expect("value");
        let mut response = Response::new(data);
        let mut error = ServerError::new(secret, None);
        error.path = vec![PathSegment::Field("application".to_owned())];
        response.errors.push(error);
        response
            .errors
            .push(Fault::Internal(secret.to_owned()).error().into_server_error(Default::default()));
        response.errors.push(
            async_graphql::Error::new("kept")
                .extend_with(|_, e| e.set("code", "NOT_FOUND"))
                .into_server_error(Default::default()),
        );
        let outcome = Outcome::of(response);
        let text = outcome.body();
        assert!(!text.contains("SELECT") && !text.contains("execute.rs"), "{text}");
        assert_eq!(text.matches("Incident ").count(), 2, "{text}");
        assert!(text.contains("kept"), "{text}");
        assert_eq!(outcome.status(Dress::GraphQl), StatusCode::OK);
        assert!(!outcome.is_settled());
    }

    #[test]
    fn a_request_error_has_no_data_and_its_status_depends_on_the_dress() {
        let outcome = Outcome::of(Response::from_errors(vec![ServerError::new("Unknown field", None)]));
        assert!(!outcome.body().contains("\"data\""), "{}", outcome.body());
        assert_eq!(outcome.status(Dress::GraphQl), StatusCode::BAD_REQUEST);
        assert_eq!(outcome.status(Dress::Json), StatusCode::OK);
        let accident =
            Outcome::of(Response::from_errors(vec![ServerError::new("internal: secret type", None)]));
        assert!(!accident.body().contains("secret"), "{}", accident.body());
    }

    #[test]
    fn a_store_that_is_away_says_when_to_try_again() {
        let mut response = Response::new(Value::from_json(json!({ "me": null })).expect("value"));
        response.errors.push(Fault::Unavailable.error().into_server_error(Default::default()));
        assert_eq!(Outcome::of(response).retry_after(), Some(1));
    }
}
