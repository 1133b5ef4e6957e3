//! One OAuth client per party: for every bank and role of staff, the applicants' channel, the partners, bulk intake.

use std::io;

use chrono::{DateTime, Utc};
use db::accounts::{account_id, new_account};
use workflows::account::{Account, AccountKind, Profile, Wanted as Holder};
use workflows::machine::row::By;
use workflows::machine::{Actor, Role, Rulebook, Table};
use workflows::office::OFFICES;
use workflows::product::guarantors;

use crate::auth::{Client, DEVELOPMENT, DevIssuer};

/// Surnames of demo users, in the order of their frequency.
const SURNAMES: &[&str] = &[
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
];
/// Partner organisations: one of each for all banks, and the guarantors of their books.
const PARTNERS: &[Role] =
    &[Role::Guarantor, Role::Insurer, Role::MemberOrg, Role::Scrivener, Role::Registry, Role::FireInsurer];

/// A client before it has a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub id: String,
    pub name: String,
    pub actor: Actor,
}

/// Every client of a demo with these banks.
pub fn wanted(rules: &Rulebook) -> Vec<Wanted> {
    let mut all = vec![];
    for (number, book) in rules.books.latest().enumerate() {
        let bank = &book.bank_code;
        for (place, role) in at_a_bank().into_iter().enumerate() {
            // Accounts are changed by two, as the rows of the table ask for two.
            let people = if works_with_four_eyes(role) || role == Role::UserAdmin { 2 } else { 1 };
            for person in 1..=people {
                let surname = SURNAMES[(number * 7 + place * 2 + person) % SURNAMES.len()];
                let channel = matches!(role, Role::Applicant | Role::CoObligor);
                let organisation = channel.then(|| format!("CHANNEL-{bank}"));
                let name = if channel {
                    format!("{} 窓口チャネル（{}）", book.bank_name, role.ja())
                } else {
                    format!("{surname}（{} {}）", book.bank_name, role.ja())
                };
                let id = format!("{bank}-{}-{person}", plain(role));
                all.push(client(id, name, role, bank, organisation));
            }
        }
        let core = format!("CORE-{bank}");
        all.push(client(
            core.clone(),
            format!("{} 勘定系", book.bank_name),
            Role::CoreBanking,
            bank,
            Some(core),
        ));
    }
    for (role, id) in partners(rules) {
        let role = &role;
        let (_, number) = id.rsplit_once('-').unwrap_or_default();
        let number = if number == "1" { "" } else { number };
        all.push(client(id.clone(), format!("{}{number}（全金庫）", role.ja()), *role, "", Some(id.clone())));
        if OFFICES.contains(role) {
            let colleague = format!("{id}-2");
            let name = format!("{}{number}（全金庫） 担当2", role.ja());
            all.push(client(colleague, name, *role, "", Some(id)));
        }
    }
    all.push(client("IMPORTER".to_owned(), "一括受付（全金庫）".to_owned(), Role::Importer, "", None));
    all
}

/// Partners with their organisations: the guarantors that any book names, one of everybody else.
fn partners(rules: &Rulebook) -> Vec<(Role, String)> {
    let mut all: Vec<(Role, String)> = vec![];
    for role in PARTNERS {
        let named = rules.books.latest().flat_map(|book| guarantors::of(Some(book)));
        let named = named.filter(|_| *role == Role::Guarantor).map(|one| (*role, one.organisation));
        for one in std::iter::once((*role, format!("{role}-1"))).chain(named) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// Makes the clients known to the issuer; those that it has keep their secrets. Errors: the folder cannot be written.
pub fn register(issuer: &mut DevIssuer, wanted: &[Wanted]) -> io::Result<()> {
    for client in wanted {
        let known = issuer.clients().iter().any(|known| {
            known.client_id == client.id && known.actor == client.actor && known.name == client.name
        });
        if !known {
            issuer.register(&client.id, &client.name, client.actor.clone())?;
        }
    }
    Ok(())
}

/// The account of a client.
pub fn account(client: &Client, now: DateTime<Utc>) -> Account {
    let actor = &client.actor;
    let profile = Profile {
        name: client.name.clone(),
        roles: vec![actor.role],
        branches: actor.branches.clone(),
        organisation: actor.organisation.clone(),
        // The first of a partner's people has the name of the office, and leads it.
        lead: OFFICES.contains(&actor.role) && actor.organisation.as_ref() == Some(&actor.subject),
    };
    // Tokens of the development issuer name everybody alike.
    let holder = Holder { kind: AccountKind::Person, login: actor.subject.clone(), profile };
    new_account(&account_id(), DEVELOPMENT, &actor.institution, holder, now)
}

/// Roles that every bank has people in: staff, oversight and the channels through which customers apply.
fn at_a_bank() -> Vec<Role> {
    let outside = |role: &Role| role.is_partner() || role.is_internal() || *role == Role::Importer;
    Role::ALL.iter().copied().filter(|role| !outside(role)).collect()
}

/// Does a row ask for two people of this role, or for one beside another of it?
fn works_with_four_eyes(role: Role) -> bool {
    Table::default().rows().iter().any(|row| match row.by {
        By::FourEyes { propose, decide } => propose.contains(&role) || decide.contains(&role),
        By::One(_) | By::Consequence(_) => false,
    })
}

fn client(id: String, name: String, role: Role, bank: &str, organisation: Option<String>) -> Wanted {
    let actor = Actor {
        subject: id.clone(),
        role,
        institution: bank.to_owned(),
        branches: vec![],
        organisation,
        on_behalf_of: None,
    };
    Wanted { id, name, actor }
}

fn plain(role: Role) -> String {
    role.code().to_lowercase().replace('_', "-")
}
