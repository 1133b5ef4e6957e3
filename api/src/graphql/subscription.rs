//! Subscriptions: what the change feed says, judged for each subscriber again at each event.

use super::application::Node;
use super::execute::Call;
use super::fault::Fault;
use super::model::type_ref;
use super::schema::input_value;
use super::shape::{Parts, Shape};
use super::wall::{self, Wall};
use crate::service::Counter;
use async_graphql::dynamic::{
    FieldValue, ResolverContext, Subscription, SubscriptionField, SubscriptionFieldFuture,
};
use db::Scope;
use db::changes::{Change, Cursor};
use futures::stream::{self, Stream, StreamExt};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Who may subscribe.
pub const WALL: Wall = wall::BUSINESS;
/// How often the feed is looked at while somebody listens.
const LOOK: Duration = Duration::from_millis(250);
/// Changes that a slow listener may lag behind.
const LAG: usize = 1_024;

/// The subscription root.
pub fn object() -> Subscription {
    let field = SubscriptionField::new("applicationChanged", type_ref("Changed!"), |ctx| {
        SubscriptionFieldFuture::new(async move {
            let events = listen(&ctx).map_err(|fault| fault.error())?;
            Ok(events.map(|event| event.map(FieldValue::owned_any)))
        })
    });
    let doc = "The application; without it, every application that the caller sees.";
    let field = field.argument(input_value("applicationId", "ID", doc));
    Subscription::new("Subscription").field(field.description("An application changed."))
}

type Events = stream::BoxStream<'static, async_graphql::Result<Parts>>;

fn listen(ctx: &ResolverContext<'_>) -> Result<Events, Fault> {
    let call = Call::of(ctx)?;
    let map = super::lists::arguments(ctx)?;
    let only = super::lists::text(&map, "applicationId").map(str::to_owned);
    let (counter, scope) = (call.counter.clone(), call.scope());
    let changes = feed(counter.subscribe());
    let events = changes.filter_map(move |change| {
        let (counter, scope, only) = (counter.clone(), scope.clone(), only.clone());
        async move {
            if only.as_ref().is_some_and(|only| *only != change.application_id) {
                return None;
            }
            if !still_shows(&counter, &scope).await {
                return None;
            }
            // Asked again for each event: rights and engagements change while a socket stays open.
            match counter.service.store.case(&scope, &change.application_id).await {
                Ok(case) => case.map(|case| {
                    let version = Shape::Json(json!(case.version));
                    Ok(Parts::from([("version", version), ("application", Shape::Node(Node::from(case)))]))
                }),
                Err(error) => Some(Err(Fault::from(error).error())),
            }
        }
    });
    Ok(events.boxed())
}

/// Does an access in emergency still show its case? Every other scope is asked for with each event; the socket itself ends with the access.
async fn still_shows(counter: &Counter, scope: &Scope) -> bool {
    let Some((case, access)) = scope.emergency() else { return true };
    let service = &counter.service;
    let now = service.store.emergency_scope(scope.actor(), case, service.clock.now()).await;
    matches!(&now, Ok(Some(now)) if now.emergency() == Some((case, access)))
}

fn feed(changes: broadcast::Receiver<Arc<Change>>) -> impl Stream<Item = Arc<Change>> + Send + 'static {
    stream::unfold(changes, |mut changes| async move {
        loop {
            match changes.recv().await {
                Ok(change) => return Some((change, changes)),
                // What was missed is read again with the next change: each event carries the application as it is.
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "a subscriber lagged behind");
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    })
}

/// One reader of the feed for all sockets of this process; it runs while somebody listens.
#[derive(Debug, Default)]
pub struct Hub {
    sender: std::sync::Mutex<Option<broadcast::Sender<Arc<Change>>>>,
}

impl Counter {
    fn subscribe(self: &Arc<Self>) -> broadcast::Receiver<Arc<Change>> {
        let mut sender = self.hub.sender.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = sender.as_ref() {
            return sender.subscribe();
        }
        let (fresh, receiver) = broadcast::channel(LAG);
        *sender = Some(fresh.clone());
        let counter = Arc::clone(self);
        tokio::spawn(async move { counter.read_feed(fresh).await });
        receiver
    }

    async fn read_feed(self: Arc<Self>, sender: broadcast::Sender<Arc<Change>>) {
        let mut after: Option<Cursor> = None;
        loop {
            match self.look(&mut after, &sender).await {
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "change feed not read"),
            }
            {
                let mut held = self.hub.sender.lock().unwrap_or_else(PoisonError::into_inner);
                if sender.receiver_count() == 0 {
                    *held = None;
                    return;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn look(
        &self,
        after: &mut Option<Cursor>,
        sender: &broadcast::Sender<Arc<Change>>,
    ) -> db::Result<()> {
        let store = &self.service.store;
        let from = match after {
            Some(from) => *from,
            None => store.latest().await?,
        };
        *after = Some(from);
        for change in store.changes(from, 500).await? {
            *after = Some(change.cursor);
            let _ = sender.send(Arc::new(change));
        }
        Ok(())
    }
}
