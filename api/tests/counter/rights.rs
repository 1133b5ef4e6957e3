//! A right that is lost while a stream is open: each way of losing it, on each stream that there is (SEC-W13, SEC-W14).

use crate::emergency::{END, OPEN, REASON, submitted};
use crate::house::{House, person};
use crate::provider::{Browser, HOME};
use crate::sessions::{Moved, account_of, carried_out, dial, seated};
use crate::sockets::{Socket, attempt, hear, outliving, say, subscribe};
use api::auth::FRESH;
use chrono::{TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tests::patience::within;
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::{Actor, Role};

/// How a right is lost.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Loss {
    SignedOut,
    SignedOutEverywhere,
    Suspended,
    SessionsEnded,
    RoleTaken,
    BranchChanged,
    /// A partner's person is moved to another organisation.
    OfficeChanged,
    /// Everybody of a partner's organisation is suspended.
    OfficeSuspended,
    /// The colleague for whom one acts is back.
    DeputyEnded,
    /// The last day of the deputy is over.
    DeputyOver,
    EmergencyEnded,
    EmergencyOver,
    SessionIdle,
    SessionOver,
    TokenExpired,
}

const WAYS: [Loss; 15] = [
    Loss::SignedOut,
    Loss::SignedOutEverywhere,
    Loss::Suspended,
    Loss::SessionsEnded,
    Loss::RoleTaken,
    Loss::BranchChanged,
    Loss::OfficeChanged,
    Loss::OfficeSuspended,
    Loss::DeputyEnded,
    Loss::DeputyOver,
    Loss::EmergencyEnded,
    Loss::EmergencyOver,
    Loss::SessionIdle,
    Loss::SessionOver,
    Loss::TokenExpired,
];

/// Every field of the subscription root, each in every form that it has. A new field needs its line here.
const STREAMS: [(&str, &str); 2] = [
    ("applicationChanged", "subscription { applicationChanged { version } }"),
    (
        "applicationChanged",
        "subscription($id: ID!) { applicationChanged(applicationId: $id) { version application { id } } }",
    ),
];

/// A stage for one way: the house, the clock of its sessions, and a case.
struct Stage {
    house: House,
    sessions: Arc<Moved>,
    case: String,
}

impl Stage {
    async fn open() -> Stage {
        let sessions = Arc::new(Moved::default());
        let house = House::demo_by(sessions.clone()).await;
        let now = Utc::now() - TimeDelta::seconds(5);
        let of = |actor: &Actor| {
            let profile = Profile {
                name: "見本 花子".to_owned(),
                roles: vec![actor.role],
                branches: actor.branches.clone(),
                organisation: actor.organisation.clone(),
                lead: false,
            };
            let login = actor.subject.clone();
            let wanted = Wanted { kind: AccountKind::Person, login, profile };
            new_account(&account_id(), house.gate.issuer(), &actor.institution, wanted, now)
        };
        let people = [
            person(Role::Guarantor, "office-1"),
            person(Role::Guarantor, "office-2"),
            person(Role::BranchManager, "manager"),
            person(Role::BranchClerk, "colleague"),
            away(),
        ];
        let people: Vec<_> = people.iter().map(of).collect();
        house.store.add_accounts(&people, "test", now).await.expect("added");
        let case = submitted(&house).await;
        Stage { house, sessions, case }
    }

    /// A socket by token, with what the client says of itself.
    async fn by_token(&self, token: &str, more: Value) -> Socket {
        self.opened(token, more).await.expect("open")
    }

    /// The same, or the code with which it was closed while it was opened.
    async fn opened(&self, token: &str, mut more: Value) -> Result<Socket, u16> {
        let mut socket = dial(&self.house, "", None).await.expect("socket");
        more["token"] = json!(token);
        say(&mut socket, json!({ "type": "connection_init", "payload": more })).await;
        assert_eq!(hear(&mut socket).await?, json!({ "type": "connection_ack" }));
        self.listen(&mut socket).await.map(|()| socket)
    }

    async fn by_session(&self, browser: &Browser) -> Socket {
        let mut socket = dial(&self.house, &browser.cookies(HOME), Some(HOME)).await.expect("socket");
        say(&mut socket, json!({ "type": "connection_init" })).await;
        assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "connection_ack" })));
        self.listen(&mut socket).await.expect("open");
        socket
    }

    /// Opens every stream; that the socket answers afterwards shows that it holds. Errors: the code with which it was closed.
    async fn listen(&self, socket: &mut Socket) -> Result<(), u16> {
        for (n, (_, query)) in STREAMS.iter().enumerate() {
            let mut message = subscribe(&format!("s{n}"), query);
            message["payload"]["variables"] = json!({ "id": self.case });
            attempt(socket, message).await;
        }
        attempt(socket, json!({ "type": "ping" })).await;
        assert_eq!(hear(socket).await?, json!({ "type": "pong" }));
        Ok(())
    }

    fn token(&self, actor: &Actor) -> String {
        self.house.token(actor)
    }

    /// Takes the right away; the sockets that stood on it, and the moment.
    async fn lose(&self, way: Loss) -> (Vec<Socket>, Instant) {
        let house = &self.house;
        match way {
            Loss::SignedOut | Loss::SignedOutEverywhere => {
                let (mut browser, csrf) = seated(house, "demo-clerk").await;
                let socket = self.by_session(&browser).await;
                let query = if way == Loss::SignedOut { "" } else { "?everywhere=true" };
                let url = format!("{HOME}/auth/logout{query}");
                let begun = Instant::now();
                let send =
                    |r: reqwest::RequestBuilder| r.header("origin", HOME).header("x-csrf-token", &csrf);
                assert_eq!(browser.send("POST", &url, send).await.status, 200);
                (vec![socket], begun)
            }
            Loss::Suspended | Loss::SessionsEnded | Loss::RoleTaken | Loss::BranchChanged => {
                let step = match way {
                    Loss::Suspended => json!({ "step": "SUSPEND" }),
                    Loss::SessionsEnded => json!({ "step": "END_SESSIONS" }),
                    Loss::RoleTaken => self.changed(json!({ "roles": ["OPERATIONS"] })),
                    _ => self.changed(json!({ "roles": ["BRANCH_CLERK"], "branches": ["998"] })),
                };
                let browser = seated(house, "demo-clerk").await.0;
                let by_token =
                    self.by_token(&self.token(&person(Role::BranchClerk, "demo-clerk")), json!({})).await;
                let sockets = vec![self.by_session(&browser).await, by_token];
                (sockets, self.step("demo-clerk", step).await)
            }
            Loss::OfficeChanged => {
                let socket =
                    self.by_token(&self.token(&person(Role::Guarantor, "office-1")), json!({})).await;
                let step = self.changed(json!({ "roles": ["GUARANTOR"], "organisation": "ANOTHER-OFFICE" }));
                (vec![socket], self.step("office-1", step).await)
            }
            Loss::OfficeSuspended => {
                let mut sockets = vec![];
                for name in ["office-1", "office-2"] {
                    sockets.push(self.by_token(&self.token(&person(Role::Guarantor, name)), json!({})).await);
                }
                let suspend = json!({ "step": "SUSPEND" });
                self.step("office-1", suspend.clone()).await;
                let first = closed_within(&mut sockets[0], Instant::now()).await;
                within("OfficeSuspended", first, SECOND);
                sockets.remove(0);
                (sockets, self.step("office-2", suspend).await)
            }
            Loss::DeputyEnded | Loss::DeputyOver => self.lose_deputy(way).await,
            Loss::EmergencyEnded | Loss::EmergencyOver => {
                let given = json!({ "id": self.case, "reason": REASON });
                let opened = house.data(&away(), OPEN, given).await["openCaseInEmergency"].clone();
                let more = json!({ "emergency": self.case });
                let socket = self.by_token(&self.token(&away()), more).await;
                let begun = Instant::now();
                if way == Loss::EmergencyEnded {
                    house.data(&away(), END, json!({ "id": self.case })).await;
                } else {
                    let ends = opened["access"]["endsAt"].as_str().expect("an end");
                    house.clock.set(ends.parse().expect("an instant"));
                }
                (vec![socket], begun)
            }
            Loss::SessionIdle | Loss::SessionOver => {
                let browser = seated(house, "demo-clerk").await.0;
                let socket = self.by_session(&browser).await;
                let over =
                    if way == Loss::SessionIdle { TimeDelta::minutes(16) } else { TimeDelta::hours(11) };
                self.sessions.on(over);
                (vec![socket], Instant::now())
            }
            Loss::TokenExpired => {
                let clerk = person(Role::BranchClerk, "demo-clerk");
                let (socket, expires) =
                    outliving(house, &clerk, async |token| self.opened(&token, json!({})).await).await;
                (vec![socket], expires)
            }
        }
    }

    async fn lose_deputy(&self, way: Loss) -> (Vec<Socket>, Instant) {
        let (house, manager) = (&self.house, person(Role::BranchManager, "manager"));
        let colleague = self.token(&person(Role::BranchClerk, "colleague"));
        let today = workflows::calendar::tokyo_date(api::Clock::now(house.clock.as_ref()));
        let early = json!({ "token": colleague, "onBehalfOf": "manager" });
        let mut refused = dial(house, "", None).await.expect("socket");
        say(&mut refused, json!({ "type": "connection_init", "payload": early })).await;
        assert_eq!(hear(&mut refused).await, Err(4403), "nobody is a deputy before he is named");
        let name = "mutation($d: Date!) { nameDeputy(deputy: \"colleague\", from: $d, until: $d, reason: \"休暇\") { deputy { id } } }";
        let named = house.data(&manager, name, json!({ "d": today })).await;
        let mut socket = self.by_token(&colleague, json!({ "onBehalfOf": "manager" })).await;
        say(&mut socket, subscribe("me", "{ me { role } }")).await;
        let me = hear(&mut socket).await.expect("an answer");
        assert_eq!(me["payload"]["data"]["me"]["role"], "BRANCH_MANAGER", "{me}");
        assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "complete", "id": "me" })));
        let begun = Instant::now();
        if way == Loss::DeputyEnded {
            let end = "mutation($id: ID!) { endDeputy(id: $id) { deputy { endedBy } } }";
            house.data(&manager, end, json!({ "id": named["nameDeputy"]["deputy"]["id"] })).await;
        } else {
            house.clock.set(api::Clock::now(house.clock.as_ref()) + TimeDelta::hours(24));
        }
        (vec![socket], begun)
    }

    fn changed(&self, mut profile: Value) -> Value {
        profile["name"] = json!("見本 花子");
        json!({ "step": "CHANGE", "profile": profile })
    }

    /// A step with the account of somebody, by two administrators.
    async fn step(&self, subject: &str, mut step: Value) -> Instant {
        step["id"] = json!(account_of(&self.house, subject).await);
        carried_out(&self.house, &step).await
    }
}

/// Somebody of another branch.
fn away() -> Actor {
    Actor { branches: vec!["998".to_owned()], ..person(Role::BranchManager, "manager-away") }
}

const SECOND: Duration = Duration::from_secs(1);

/// Closed with 4403, how long after; what a stream says until then is not looked at.
async fn closed_within(socket: &mut Socket, begun: Instant) -> Duration {
    loop {
        if let Err(code) = hear(socket).await {
            assert_eq!(code, 4403);
            return begun.elapsed();
        }
    }
}

/// SEC-W13, SEC-W14.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_of_losing_a_right_closes_every_stream() {
    let sdl = include_str!("../../schema.graphql");
    let root = sdl.split("type Subscription").nth(1).expect("the root").split("\n}").next().expect("its end");
    let there: BTreeSet<&str> = root
        .lines()
        .filter_map(|line| line.strip_prefix('\t'))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(|line| line.split(['(', ':']).next().expect("a name"))
        .collect();
    assert_eq!(there, STREAMS.iter().map(|(name, _)| *name).collect(), "every stream has its line");
    // What makes the second: two looks, one after the other, at what is remembered no longer than that.
    assert!(FRESH * 3 < SECOND, "{FRESH:?}");
    let mut slowest = Duration::ZERO;
    let mut sockets_closed = 0;
    for way in WAYS {
        let stage = Stage::open().await;
        let (sockets, begun) = stage.lose(way).await;
        for mut socket in sockets {
            let after = closed_within(&mut socket, begun).await;
            within(&format!("{way:?}"), after, SECOND);
            slowest = slowest.max(after);
            sockets_closed += 1;
        }
    }
    println!(
        "rights lost in mid-stream: {} ways, {} streams each, {sockets_closed} sockets closed with 4403, the slowest after {slowest:?}",
        WAYS.len(),
        STREAMS.len()
    );
}
