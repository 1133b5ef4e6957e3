//! `yushi token`: a token of the development issuer of a demo.

use workflows::machine::{Actor, Role};

use super::{Done, Failure, say};
use crate::auth::DevIssuer;
use crate::cli::TokenArgs;

/// Seconds that the token lives: a working day.
const LIFE: u64 = 12 * 3600;

/// Prints the token.
pub fn run(args: &TokenArgs) -> Done {
    let actor = actor(args)?;
    if !args.data.join("issuer.key").is_file() {
        let folder = args.data.display();
        return Err(Failure::usage(
            format!("{folder}: デモのデータがありません。先に yushi demo を実行してください。"),
            format!("{folder}: there is no demo in this folder; run `yushi demo` first"),
        ));
    }
    let issuer = DevIssuer::open(&args.data).map_err(|error| Failure::file(&args.data, &error))?;
    let token = issuer.token(&actor, LIFE).map_err(|error| {
        Failure::outside("トークンに署名できません。", format!("the key cannot sign: {error}"))
    })?;
    say(token)
}

/// Who the token is for. Errors: a role that cannot sign in, or one without what it needs.
pub fn actor(args: &TokenArgs) -> Result<Actor, Failure> {
    let known = || {
        let roles = Role::ALL.iter().filter(|role| !role.is_internal());
        roles.map(|role| role.code()).collect::<Vec<_>>().join(", ")
    };
    let role = Role::parse(&args.role).filter(|role| !role.is_internal()).ok_or_else(|| {
        Failure::usage(
            format!("--role {}: この役割ではサインインできません。", args.role),
            format!("--role {}: no such role; accepted: {}", args.role, known()),
        )
    })?;
    let spans = role == Role::Importer || role.is_partner();
    if args.institution.is_none() && !spans {
        return Err(Failure::usage(
            format!("--institution: {}には金庫コードが必要です。", role.ja()),
            format!(
                "--institution: the role {role} belongs to one bank; accepted: a bank code of four digits"
            ),
        ));
    }
    let institution = args.institution.clone().unwrap_or_default();
    let organisation = match (&args.organisation, role) {
        (Some(organisation), _) => Some(organisation.clone()),
        (None, Role::CoreBanking) if !institution.is_empty() => Some(format!("CORE-{institution}")),
        (None, role) if role.is_partner() => Some(format!("{role}-1")),
        (None, _) => None,
    };
    let subject = args.subject.clone().unwrap_or_else(|| {
        let name = role.code().to_lowercase().replace('_', "-");
        if institution.is_empty() { name } else { format!("{name}-{institution}") }
    });
    Ok(Actor { subject, role, institution, branches: args.branch.clone(), organisation, on_behalf_of: None })
}
