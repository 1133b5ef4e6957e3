//! What the credit bureau answered: for judging the ability to repay and for nothing else (L-92).

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::reads::case_for;
use super::shape::Shape;
use super::wall::{self, Wall};
use async_graphql::dynamic::ResolverContext;
use db::audit::Look;
use serde_json::{Value, json};
use workflows::machine::{Event, Track};

/// Who judges the ability to repay.
pub const WALL: Wall = wall::SCREENING;
/// The purpose that the law admits.
const PURPOSE: &str = "REPAYMENT_ABILITY";
/// Entries that one reading looks through at most.
const MOST: u32 = 5_000;

/// `bureauInquiries`. Errors: no purpose, or another than the one that L-92 admits.
pub async fn inquiries(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    if text(&map, "purpose") != Some(PURPOSE) {
        let told = "purpose: L-92: credit-bureau data serves only to check the ability to repay; accepted: REPAYMENT_ABILITY. \
             / 信用情報は返済能力の調査以外に利用できません。";
        return Err(Fault::Input(told.to_owned()));
    }
    // The ability to repay is judged where the case is judged: not by somebody who opened it in emergency.
    if call.is_emergency() {
        return Err(Fault::Forbidden);
    }
    let case = case_for(call, ctx).await?;
    let (store, scope) = (&call.counter.service.store, call.scope());
    // Where this cannot be written, nothing is read.
    let look = Look {
        institution: case.institution.clone(),
        applications: vec![case.id.clone()],
        kinds: vec!["BUREAU".to_owned()],
        purpose: PURPOSE.to_owned(),
        request: uuid::Uuid::now_v7().to_string(),
        emergency: None,
    };
    store.record_looks(&call.actor, &[look], call.now).await?;
    let entries = store.entries(&scope, &case.id, 0, MOST).await?;
    let answers = |person: &str| -> Vec<String> {
        let events = entries.iter().flat_map(|entry| &entry.events);
        let keys = events.filter_map(|event| match event {
            Event::BureauAnswered { party_id, answer_key } if party_id == person => Some(answer_key.clone()),
            _ => None,
        });
        keys.collect()
    };
    let shown = case.on(Track::Bureau).map(|instance| {
        json!({
            "partyId": instance.key, "state": instance.state,
            "stateLabel": label(instance.state.ja(), instance.state.en()), "since": instance.since,
            "answerKeys": answers(&instance.key),
        })
    });
    Ok(Shape::Json(shown.collect::<Value>()))
}
