//! `yushi account`: the accounts that nobody is there yet to decide on.

use chrono::Utc;
use db::accounts::{account_id, new_account};
use workflows::account::{AccountKind, Profile, Wanted, problems_of_account};
use workflows::machine::Role;

use super::{Done, Failure, place, say};
use crate::cli::{AccountAddArgs, AccountOf};
use crate::config::{Flags, Vault, load};
use crate::live::LiveRules;
use crate::node::{self, configuration};

/// Who the audit names.
const OPERATOR: &str = "operator";

/// Does what is asked.
pub async fn run(what: &AccountOf) -> Done {
    match what {
        AccountOf::Add(args) => add(args).await,
    }
}

async fn add(args: &AccountAddArgs) -> Done {
    let flags = Flags { config: args.config.clone(), listen: None, database_url: args.database_url.clone() };
    let mut config = load(&flags, std::env::vars()).map_err(|problems| configuration(&problems))?;
    // Accounts are no part of a case: nothing of theirs is sealed.
    config.vault = Vault::default();
    let issuer = args.issuer.clone().or_else(|| config.auth.issuer.clone()).ok_or_else(|| {
        Failure::usage(
            "--issuer または設定の auth.issuer が必要です。",
            "--issuer, or auth.issuer in the configuration, is needed",
        )
    })?;
    let (wanted, institution) = wanted(args)?;
    let url = config.database().map_err(|problems| configuration(&problems))?;
    let rules = std::sync::Arc::new(LiveRules::new(std::sync::Arc::new(place::sample_rules()?)));
    let store = place::connect(url.expose(), node::store_options(&rules, &config, None)?).await?;
    let now = Utc::now();
    let account = new_account(&account_id(), &issuer, &institution, wanted, now);
    let added = store.add_accounts(std::slice::from_ref(&account), OPERATOR, now).await;
    if added.map_err(|error| place::database(&error))? == 0 {
        let subject = &account.subject;
        return Err(Failure::finding(
            format!("{subject} はすでに登録されています。変更はありません。"),
            format!("{subject} has an account already; nothing was changed"),
        ));
    }
    say(format!("{} を登録しました。 / {0} has an account.", account.subject))
}

/// The account that is asked for, and its bank. Errors: everything that does not fit.
fn wanted(args: &AccountAddArgs) -> Result<(Wanted, String), Failure> {
    let role = |code: &String| {
        Role::parse(code).ok_or_else(|| {
            let known = Role::ALL.iter().filter(|role| !role.is_internal()).map(|role| role.code());
            let known = known.collect::<Vec<_>>().join(", ");
            Failure::usage(
                format!("--role {code}: この役割はありません。"),
                format!("--role {code}: no such role; accepted: {known}"),
            )
        })
    };
    let profile = Profile {
        name: args.name.clone().unwrap_or_else(|| args.subject.clone()),
        roles: args.role.iter().map(role).collect::<Result<_, _>>()?,
        branches: args.branch.clone(),
        organisation: args.organisation.clone(),
        lead: args.lead,
    };
    let kind = if args.client { AccountKind::Client } else { AccountKind::Person };
    let wanted = Wanted { kind, login: args.subject.clone(), profile };
    let institution = args.institution.clone().unwrap_or_default();
    let problems = problems_of_account(&wanted, &institution);
    if problems.is_empty() {
        return Ok((wanted, institution));
    }
    let lines = |told: fn(&workflows::Problem) -> &str| {
        let lines = problems.iter().map(|problem| {
            format!("{} ({}): {} [{}]", problem.field, problem.rule, told(problem), problem.accepted)
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    Err(Failure::usage(lines(|problem| &problem.message_ja), lines(|problem| &problem.message_en)))
}
