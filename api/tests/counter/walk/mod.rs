//! The whole schema, walked as every role against its own case and against those of another branch, another bank and other partners.
//!
//! What a role may see is stated here by hand, from security.md and domain.md L, and not read from the walls: a wall that is moved is
//! found because the answers change and this does not.

mod schema;
pub mod world;

use crate::house::{Answer, fresh_key};
use crate::sockets::{dial, hear_within, say};
use schema::{INTROSPECTION, Question, Seen};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::patience::PATIENCE;
use workflows::machine::{Actor, Role};
use world::{
    ABSENT, ASK_CONSENT, ASKED, BANK, BRANCH, HEALTH, MEETS_AT, MEMO, OTHER_BANK, Place, REVIEWED, SECOND,
    SIGNS_AT, World,
};

/// Words of a case that some who see the case must not see, and who may.
const PROTECTED: &[(&str, &[Role])] = {
    use Role::*;
    &[
        ("090-0000-0101", &[BranchClerk, BranchManager, ScreeningOfficer, Applicant, Guarantor, Operations]),
        ("みどり精工株式会社", &[BranchClerk, BranchManager, ScreeningOfficer, Applicant, Guarantor]),
        (
            "みどり精工労働組合",
            &[BranchClerk, BranchManager, ScreeningOfficer, Applicant, Guarantor, Operations, MemberOrg],
        ),
        (
            "桜丘2-14-7",
            &[
                BranchClerk,
                BranchManager,
                ScreeningOfficer,
                Applicant,
                Guarantor,
                Operations,
                Compliance,
                Scrivener,
            ],
        ),
        ("1200345", &[BranchClerk, BranchManager, ScreeningOfficer, Applicant, Operations, CoreBanking]),
        (
            "1988-09-14",
            &[
                BranchClerk,
                BranchManager,
                ScreeningOfficer,
                Applicant,
                Guarantor,
                Operations,
                Compliance,
                Insurer,
            ],
        ),
        (MEMO, &[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance]),
        // What a guarantor's people write for each other never leaves it, to the bank and its auditor neither.
        (REVIEWED, &[Guarantor]),
        (ASKED, &[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance, Auditor, Guarantor]),
        // Who comes to the settlement, and those inside: neither guarantor, insurer nor core banking.
        (
            MEETS_AT,
            &[
                BranchClerk,
                BranchManager,
                ScreeningOfficer,
                Operations,
                Compliance,
                Auditor,
                Applicant,
                Scrivener,
            ],
        ),
        // Who signs, and those inside: the scrivener comes to the settlement and not to the signing.
        (
            SIGNS_AT,
            &[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance, Auditor, Applicant],
        ),
        (HEALTH, &[Insurer]),
        ("for colleagues only", &[BranchManager, ScreeningOfficer]),
        ("BUREAU-A1", &[BranchManager, ScreeningOfficer]),
        ("\"grounds\":[\"R2\"", &[BranchManager, ScreeningOfficer]),
        ("REVIEW_MATCH", &[Compliance]),
        ("clearAml", &[Compliance]),
        ("\"track\":\"AML\"", &[Compliance]),
    ]
};

/// Checks (a role, a field, a case) that a walk makes at least. Raise it with the schema.
const LEAST: u64 = 190_000;

/// What a walk found.
#[derive(Default)]
struct Tally {
    checks: u64,
    alike: u64,
    not_found: u64,
    leaks: Vec<String>,
}

/// Somebody on the way through his schema.
struct Walker<'w> {
    world: &'w World,
    actor: Actor,
    /// As whom he is judged: himself, but where a fault is seeded.
    judged: Role,
    /// A fault is: what the role should see proves nothing.
    seeded: bool,
    /// The one case that is there: open in emergency.
    opened: Option<Place>,
    /// Its id, as the requests name it.
    named: Option<String>,
    seen: Seen,
    tally: Tally,
}

/// Who walks in a role: one branch, one bank, one organisation.
fn walker(world: &World, role: Role) -> Actor {
    let organisation = world.partners.iter().find(|(partner, _)| *partner == role);
    let branches = match role {
        Role::BranchClerk | Role::BranchManager => vec![BRANCH.to_owned()],
        _ => vec![],
    };
    Actor {
        subject: role.code().to_lowercase(),
        role,
        institution: BANK.to_owned(),
        branches,
        organisation: organisation
            .map(|(_, name)| name.clone())
            .or_else(|| role.is_partner().then(|| "NOBODYS".to_owned())),
        on_behalf_of: None,
    }
}

/// Cases that do not exist for a role (E.2, L-91).
fn foreign(world: &World, role: Role) -> Vec<Place> {
    let engaged = world.asked.contains(&role);
    match role {
        Role::BranchClerk | Role::BranchManager => vec![Place::OtherBranch, Place::OtherBank],
        Role::ScreeningOfficer | Role::Operations | Role::Compliance | Role::Auditor => {
            vec![Place::OtherBank]
        }
        Role::Applicant => {
            vec![
                Place::OtherBranch,
                Place::OtherBank,
                Place::OtherPartner,
                Place::WithoutConsent,
                Place::OtherGuarantor,
            ]
        }
        // The other guarantor of the same bank is a foreign partner (F-01).
        Role::Guarantor => {
            vec![Place::OtherBank, Place::OtherPartner, Place::WithoutConsent, Place::OtherGuarantor]
        }
        _ if engaged && ASK_CONSENT.contains(&role) => {
            vec![Place::OtherBank, Place::OtherPartner, Place::WithoutConsent]
        }
        _ if engaged => vec![Place::OtherBank, Place::OtherPartner],
        _ => Place::ALL.to_vec(),
    }
}

impl<'w> Walker<'w> {
    async fn as_role(world: &'w World, actor: Actor, judged: Role) -> Self {
        let answer = world.house.ask(&actor, INTROSPECTION, json!({})).await;
        let seen = Seen::of(&answer.json()["data"]);
        let (opened, named) = (None, None);
        Walker { world, actor, judged, seeded: false, opened, named, seen, tally: Tally::default() }
    }

    /// Cases that do not exist for whoever walks.
    fn foreign(&self) -> Vec<Place> {
        match self.opened {
            Some(opened) => Place::ALL.into_iter().filter(|place| *place != opened).collect(),
            None => foreign(self.world, self.judged),
        }
    }

    async fn ask(&self, kind: &str, question: &Question, given: &[(&str, Value)]) -> Answer {
        let (query, variables) = question.ask(kind, given);
        let house = &self.world.house;
        let answer = match &self.named {
            None => house.ask_with_key(&self.actor, &fresh_key(), &query, variables).await,
            Some(named) => {
                let body = json!({ "query": query, "variables": variables }).to_string();
                house.raw(&self.actor, body, |request| request.header("yushi-emergency", named)).await
            }
        };
        assert!(
            ![429, 500, 503].contains(&answer.status)
                && answer.code() != "INTERNAL_SERVER_ERROR"
                && answer.code() != "QUERY_TOO_COMPLEX",
            "{} {query}: {}",
            self.judged,
            answer.text
        );
        answer
    }

    /// No word of a case that does not exist for the role, and no protected word of one that does.
    fn look(&mut self, at: &str, reached: u64, text: &str) {
        self.tally.checks += reached;
        for place in self.foreign() {
            let twin = self.world.twin(place);
            // The own case's words are part of some twins' words: those are told by its id and number.
            let marks = if place == Place::Own { &[][..] } else { twin.marks.as_slice() };
            let found =
                marks.iter().chain([&twin.id, &twin.number]).find(|mark| text.contains(mark.as_str()));
            if let Some(mark) = found {
                self.tally.leaks.push(format!("{} sees {mark:?} of {place:?} at {at}", self.judged));
            }
        }
        if at == "workflow" {
            return;
        }
        for (word, allowed) in PROTECTED {
            if !allowed.contains(&self.judged) && text.contains(word) {
                self.tally.leaks.push(format!("{} sees {word:?} at {at}", self.judged));
            }
        }
    }

    /// Every query by id and number, of every case.
    async fn queries(&mut self) {
        for question in self.seen.questions("Query", &["id", "applicationId", "purpose"]) {
            let key = ["applicationId", "id"].into_iter().find(|key| question.takes(key));
            let Some(key) = key else {
                let answer = self.ask("query", &question, &[]).await;
                self.look(&question.name, question.reached, &answer.text);
                continue;
            };
            let absent = self.ask("query", &question, &[(key, json!(ABSENT))]).await;
            for place in Place::ALL {
                let id = self.world.twin(place).id.clone();
                let answer = self.ask("query", &question, &[(key, json!(id))]).await;
                self.look(&question.name, question.reached, &answer.text);
                self.alike(&question.name, place, &answer, &absent, &id);
                let sees = !self.seeded && !self.foreign().contains(&place);
                if sees && question.name == "application" {
                    let found = answer.json();
                    assert_eq!(
                        found["data"]["application"]["id"],
                        json!(id),
                        "{}: {place:?}: {found}",
                        self.judged
                    );
                    assert!(found.get("errors").is_none(), "{}: {found}", self.judged);
                }
            }
        }
    }

    /// The answer for a foreign case is that for no case at all.
    fn alike(&mut self, at: &str, place: Place, answer: &Answer, absent: &Answer, id: &str) {
        if !self.foreign().contains(&place) {
            return;
        }
        self.tally.alike += 1;
        self.tally.not_found += u64::from(answer.code() == "NOT_FOUND");
        if answer.status != absent.status || answer.text.replace(id, ABSENT) != absent.text {
            let told: String = answer.text.chars().take(200).collect();
            let leak = format!("{} tells {place:?} from nothing at {at}: {told}", self.judged);
            self.tally.leaks.push(leak);
        }
    }

    /// Numbers, filters, sorts and totals.
    async fn lists(&mut self) {
        let numbers = self.seen.questions("Query", &["number", "filter", "sort"]);
        for question in numbers.iter().filter(|question| question.name == "application") {
            let absent = self.ask("query", question, &[("number", json!("no-such-number"))]).await;
            for place in Place::ALL {
                let number = self.world.twin(place).number.clone();
                let answer = self.ask("query", question, &[("number", json!(number))]).await;
                self.look("application(number)", question.reached, &answer.text);
                self.alike("application(number)", place, &answer, &absent, &number);
            }
        }
        for question in numbers.iter().filter(|question| question.takes("filter")) {
            let whole = self.ask("query", question, &[("filter", Value::Null), ("sort", Value::Null)]).await;
            self.look(&question.name, question.reached, &whole.text);
            for sort in ["UPDATED_ASC", "PLANNED_ASC", "PLANNED_DESC"] {
                if question.takes("sort") {
                    let given = [("filter", Value::Null), ("sort", json!(sort))];
                    let answer = self.ask("query", question, &given).await;
                    self.look(&question.name, question.reached, &answer.text);
                }
            }
            for place in self.foreign() {
                for filter in self.filters(&question.name, place) {
                    let given = [("filter", filter.clone()), ("sort", Value::Null)];
                    let answer = self.ask("query", question, &given).await;
                    let at = format!("{}({filter})", question.name);
                    self.look(&at, question.reached, &answer.text);
                    let found = &answer.json()["data"][&question.name];
                    let edges = found["edges"].as_array().map_or(0, Vec::len);
                    if edges > 0 || found["totalCount"].as_u64().unwrap_or_default() > 0 {
                        self.tally.leaks.push(format!("{} finds {place:?} by {at}", self.judged));
                    }
                }
            }
        }
    }

    /// Filters that only a foreign case meets.
    fn filters(&self, list: &str, place: Place) -> Vec<Value> {
        let twin = self.world.twin(place);
        if list != "applications" {
            return vec![json!({ "applicationId": twin.id })];
        }
        let mut filters = vec![json!({ "text": twin.number })];
        if place != Place::Own {
            filters.extend(twin.marks[..2].iter().map(|name| json!({ "text": name })));
        }
        filters
    }

    /// Every mutation, on cases that do not exist for the role.
    async fn mutations(&mut self) {
        let places = self.foreign();
        for question in self.seen.questions("Mutation", &[]) {
            let keyed = |id: &str| -> Option<(&'static str, Value)> {
                match question.name.as_str() {
                    "claimTask" | "releaseTask" => Some(("id", json!(format!("{id}:match")))),
                    "markRead" => Some(("id", json!(format!("{id}:inbox")))),
                    _ => question.takes("applicationId").then(|| ("applicationId", json!(id))),
                }
            };
            let Some(nothing) = keyed(ABSENT) else { continue };
            let absent = self.ask("mutation", &question, &[nothing]).await;
            for place in &places {
                let id = self.world.twin(*place).id.clone();
                let Some(given) = keyed(&id) else { continue };
                let answer = self.ask("mutation", &question, &[given]).await;
                self.look(&question.name, question.reached, &answer.text);
                self.alike(&question.name, *place, &answer, &absent, &id);
            }
        }
    }

    async fn walk(mut self) -> Tally {
        self.queries().await;
        self.lists().await;
        self.mutations().await;
        self.tally
    }
}

fn signing_in() -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| !role.is_internal()).collect()
}

/// Everything that the subscriptions of all roles tell when each case has changed. Those who see the own case hear of it.
async fn listen(world: &World) -> Tally {
    let mut tally = Tally::default();
    let mut ears = vec![];
    for role in signing_in() {
        let actor = walker(world, role);
        let mut walker = Walker::as_role(world, actor.clone(), role).await;
        let Some(question) = walker.seen.questions("Subscription", &[]).pop() else { continue };
        let mut socket = dial(&world.house, "graphql-transport-ws", None).await.expect("socket");
        let token = world.house.token(&actor);
        say(&mut socket, json!({ "type": "connection_init", "payload": { "token": token } })).await;
        assert_eq!(hear_within(&mut socket, PATIENCE).await.expect("ack")["type"], "connection_ack");
        let (query, variables) = question.ask("subscription", &[]);
        let payload = json!({ "query": query, "variables": variables });
        say(&mut socket, json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        walker.tally.checks = 0;
        ears.push((walker, question.reached, socket));
    }
    let own = &world.twin(Place::Own).id;
    let (mut seeing, blind): (Vec<_>, Vec<_>) =
        ears.into_iter().partition(|(walker, ..)| !foreign(world, walker.judged).contains(&Place::Own));
    // A stream begins with what is committed after it: the case is touched until everybody who sees it has heard of it.
    for (walker, reached, socket) in &mut seeing {
        let (begun, mut heard) = (Instant::now(), false);
        while !heard {
            assert!(begun.elapsed() < PATIENCE, "{} never hears of the own case", walker.judged);
            world.touch(Place::Own).await;
            if let Some(message) = hear_within(socket, Duration::from_millis(500)).await {
                walker.look("applicationChanged", *reached, &message.to_string());
                heard = message.to_string().contains(own.as_str());
            }
        }
    }
    for place in [Place::OtherBank, Place::OtherBranch, Place::OtherPartner, Place::OtherGuarantor] {
        world.touch(place).await;
    }
    let last = world.touch(Place::Own).await;
    // Events keep their order: whoever has heard of the last change has heard everything before it.
    for (walker, reached, socket) in &mut seeing {
        let mut version = 0;
        while version < last {
            let message = hear_within(socket, PATIENCE).await.expect("the last change of the own case");
            walker.look("applicationChanged", *reached, &message.to_string());
            if message.to_string().contains(own.as_str()) {
                version = message["payload"]["data"]["applicationChanged"]["version"].as_u64().unwrap_or(0);
            }
        }
    }
    for (mut walker, reached, mut socket) in blind {
        while let Some(message) = hear_within(&mut socket, Duration::from_millis(1_500)).await {
            walker.look("applicationChanged", reached, &message.to_string());
            assert!(!message.to_string().contains(own.as_str()), "{} hears of the own case", walker.judged);
        }
        seeing.push((walker, reached, socket));
    }
    for (walker, ..) in seeing {
        tally.checks += walker.tally.checks;
        tally.leaks.extend(walker.tally.leaks);
    }
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sees_what_is_not_his() {
    let world = World::open().await;
    let (mut checks, mut leaks) = (0, vec![]);
    for role in signing_in() {
        let tally = Walker::as_role(&world, walker(&world, role), role).await.walk().await;
        println!(
            "{role}: checks made {}, foreign and absent compared {}, of them NOT_FOUND {}, leaks {}",
            tally.checks,
            tally.alike,
            tally.not_found,
            tally.leaks.len()
        );
        if role != Role::UserAdmin {
            assert!(tally.not_found > 0, "{role} met no NOT_FOUND: nothing was looked at");
        }
        checks += tally.checks;
        leaks.extend(tally.leaks);
    }
    let heard = listen(&world).await;
    checks += heard.checks;
    leaks.extend(heard.leaks);
    let read = in_emergency(&world).await;
    println!("in emergency: checks made {}, leaks {}", read.checks, read.leaks.len());
    checks += read.checks;
    leaks.extend(read.leaks);
    println!("checks made {checks}, leaks {}", leaks.len());
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(checks >= LEAST, "{checks}");
    seeded(&world).await;
}

const OPEN: &str = "mutation($id: ID!, $reason: String!) { openCaseInEmergency(applicationId: $id, reason: $reason) { \
     access { id } problems { rule } } }";
const END: &str =
    "mutation($id: ID!) { endEmergencyAccess(applicationId: $id, access: \"E1\") { access { id } } }";

/// A case of another branch is walked as it is read in emergency: exactly that case is there, before and after it none.
async fn in_emergency(world: &World) -> Tally {
    let (manager, place) = (walker(world, Role::BranchManager), Place::OtherBranch);
    let id = world.twin(place).id.clone();
    let asked = async || {
        let body =
            json!({ "query": "query($id: ID!) { application(id: $id) { id } }", "variables": { "id": id } });
        let named = |request: reqwest::RequestBuilder| request.header("yushi-emergency", &id);
        world.house.raw(&manager, body.to_string(), named).await.status
    };
    assert_eq!(asked().await, 403, "nothing shows without an access");
    let reason = "The customer stands at our counter and the branch is closed.";
    let given = json!({ "id": id, "reason": reason });
    let opened = world.house.data(&manager, OPEN, given).await;
    assert_eq!(opened["openCaseInEmergency"]["access"]["id"], "E1", "{opened}");
    let own = Walker::as_role(world, manager.clone(), Role::BranchManager).await;
    let mut walk = Walker { opened: Some(place), named: Some(id.clone()), ..own };
    walk.queries().await;
    walk.lists().await;
    // Who does not say that he reads in emergency sees his own branch, and of the other one nothing still.
    let plain = Walker::as_role(world, manager.clone(), Role::BranchManager).await.walk().await;
    walk.tally.leaks.extend(plain.leaks);
    walk.tally.checks += plain.checks;
    // Seeded: a scope that is not narrowed to the case.
    let wide = Walker::as_role(world, manager.clone(), Role::BranchManager).await;
    let wide = Walker { opened: Some(place), seeded: true, ..wide };
    let found = wide.walk().await.leaks;
    assert!(found.iter().any(|leak| leak.contains("of Own")), "an access that shows more is not found");
    // Those who review at the own bank hear of it, those of another bank do not.
    let uses = "query { emergencyAccesses(first: 10) { edges { node { number access { reason } } } } }";
    for role in [Role::Compliance, Role::Auditor] {
        let (own, other) = (walker(world, role), OTHER_BANK.to_owned());
        let told = world.house.data(&own, uses, json!({})).await.to_string();
        assert!(told.contains(&world.twin(place).number) && told.contains(reason), "{role}: {told}");
        let elsewhere = Actor { institution: other, ..own };
        let told = world.house.data(&elsewhere, uses, json!({})).await;
        assert_eq!(told["emergencyAccesses"]["edges"], json!([]), "{role}");
    }
    world.house.data(&manager, END, json!({ "id": id })).await;
    assert_eq!(asked().await, 403, "nor after its end");
    walk.tally
}

/// A removed scope and a removed field rule are found: somebody who sees more is judged as somebody who must not.
async fn seeded(world: &World) {
    let clerk = walker(world, Role::BranchClerk);
    let auditor = walker(world, Role::Auditor);
    let manager = walker(world, Role::BranchManager);
    let compliance = walker(world, Role::Compliance);
    let faults: Vec<(&str, Actor, Role, &str)> = vec![
        (
            "no branch in the scope",
            Actor { branches: vec![], ..clerk.clone() },
            Role::BranchClerk,
            "OtherBranch",
        ),
        (
            "another bank's scope",
            Actor { institution: OTHER_BANK.to_owned(), ..auditor },
            Role::Auditor,
            "OtherBank",
        ),
        (
            "another partner's scope",
            {
                let own = walker(world, Role::Guarantor);
                let away = own.organisation.map(|name| format!("{name}-AWAY"));
                Actor { organisation: away, ..walker(world, Role::Guarantor) }
            },
            Role::Guarantor,
            "OtherPartner",
        ),
        (
            "the other guarantor's scope",
            Actor { organisation: Some(SECOND.to_owned()), ..walker(world, Role::Guarantor) },
            Role::Guarantor,
            "OtherGuarantor",
        ),
        ("no wall at the grounds", manager.clone(), Role::Operations, "grounds"),
        ("no wall at the bureau's answers", manager.clone(), Role::BranchClerk, "BUREAU-A1"),
        ("no wall at the memos", clerk.clone(), Role::Auditor, MEMO),
        (
            "no wall at the memos of a guarantor",
            walker(world, Role::Guarantor),
            Role::ScreeningOfficer,
            REVIEWED,
        ),
        ("no wall at the account", clerk.clone(), Role::Compliance, "1200345"),
        ("no wall at the match", compliance, Role::ScreeningOfficer, "REVIEW_MATCH"),
        ("no wall at screening's words", manager, Role::Applicant, "for colleagues only"),
    ];
    for (fault, actor, judged, told) in faults {
        let walker = Walker { seeded: true, ..Walker::as_role(world, actor, judged).await };
        let tally = walker.walk().await;
        let found = tally.leaks.iter().filter(|leak| leak.contains(told)).count();
        println!("seeded: {fault}: {found} of {} leaks name it", tally.leaks.len());
        assert!(found > 0, "{fault} is not found: {:?}", tally.leaks.iter().take(9).collect::<Vec<_>>());
    }
    // The wall of consent, taken away.
    world.forget_withdrawals().await;
    let tally = Walker::as_role(world, walker(world, Role::Guarantor), Role::Guarantor).await.walk().await;
    let found = tally.leaks.iter().filter(|leak| leak.contains("WithoutConsent")).count();
    println!("seeded: no consent asked of a partner: {found} of {} leaks name it", tally.leaks.len());
    assert!(found > 0, "{:?}", tally.leaks.iter().take(9).collect::<Vec<_>>());
}
