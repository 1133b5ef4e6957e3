//! `yushi schema`: SDL, workflow diagram, configuration reference.

use workflows::machine::{Role, Table, atlas};

use super::{Done, Failure, say};
use crate::cli::SchemaOf;

/// Prints what was asked for.
pub fn run(what: &SchemaOf) -> Done {
    match what {
        SchemaOf::Config => say(crate::config::reference().trim_end()),
        SchemaOf::Workflow => say(workflow().trim_end()),
        SchemaOf::Graphql { role } => say(sdl(role.as_deref())?.trim_end()),
    }
}

fn sdl(role: Option<&str>) -> Result<String, Failure> {
    let built = match role {
        None => crate::graphql::union_sdl(),
        Some(code) => {
            let role = Role::parse(code).filter(|role| !role.is_internal()).ok_or_else(|| unknown(code))?;
            crate::graphql::sdl(role)
        }
    };
    built.map_err(|error| {
        Failure::outside("スキーマを組み立てられません。", format!("the schema cannot be built: {error}"))
    })
}

fn unknown(code: &str) -> Failure {
    let roles: Vec<&str> =
        Role::ALL.iter().filter(|role| !role.is_internal()).map(|role| role.code()).collect();
    Failure::usage(
        format!("--role {code}: この役割はありません。"),
        format!("--role {code}: no such role; accepted: {}", roles.join(", ")),
    )
}

/// The diagrams of the main stage and the tracks, as the documents have them.
fn workflow() -> String {
    let pages = atlas::pages(&Table::default());
    pages.into_iter().find(|page| page.name == "workflow.md").map(|page| page.text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_is_that_of_the_documents() {
        let text = workflow();
        assert!(text.contains("mermaid") && text.contains("stateDiagram"), "{text}");
    }

    #[test]
    fn a_role_that_does_not_exist_is_told_which_do() {
        assert!(sdl(Some("NOBODY")).is_err_and(|failure| failure.en.contains("BRANCH_CLERK")));
        assert!(sdl(Some("SYSTEM")).is_err());
    }
}
