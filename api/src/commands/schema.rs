//! `yushi schema`: SDL, workflow diagram, configuration reference.

use std::fmt::Write;

use workflows::machine::row::Place;
use workflows::machine::{Role, Stage, Table, Track};

use super::{Done, Failure, say};
use crate::cli::SchemaOf;

/// Prints what was asked for.
pub fn run(what: &SchemaOf) -> Done {
    match what {
        SchemaOf::Config => say(crate::config::reference().trim_end()),
        SchemaOf::Workflow => say(workflow(&Table::default()).trim_end()),
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

/// The main stage and the tracks as Mermaid state diagrams, printed from the table.
pub fn workflow(table: &Table) -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    for stage in Stage::ALL {
        let _ = writeln!(text, "    {stage}: {} / {}", stage.ja(), stage.en());
    }
    let _ = writeln!(text, "    [*] --> {}", Stage::Draft);
    for row in table.rows() {
        if let Place::Main { from, to } = row.place {
            for from in from.iter().filter(|from| **from != to) {
                let _ = writeln!(text, "    {from} --> {to}: {} {}", row.id, row.verb);
            }
        }
    }
    for last in Stage::ALL.iter().filter(|stage| stage.is_final()) {
        let _ = writeln!(text, "    {last} --> [*]");
    }
    text.push_str("```\n");
    for track in Track::ALL {
        let _ = write!(text, "\n{} / {} ({track})\n\n```mermaid\nstateDiagram-v2\n", track.ja(), track.en());
        let _ = writeln!(text, "    [*] --> {}", track.initial());
        for row in table.rows() {
            match row.place {
                Place::Track { track: of, from, to } if of == *track => {
                    let _ = writeln!(text, "    {from} --> {to}: {} {}", row.id, row.verb);
                }
                _ => {}
            }
        }
        text.push_str("```\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_names_every_row_that_moves() {
        let table = Table::default();
        let text = workflow(&table);
        for row in table.rows() {
            let moves = match row.place {
                Place::Main { from, to } => from.iter().any(|from| *from != to),
                Place::Track { .. } => true,
                Place::Fact { .. } => false,
            };
            assert!(!moves || text.contains(&format!(": {} {}", row.id, row.verb)), "{}", row.id);
        }
    }

    #[test]
    fn a_role_that_does_not_exist_is_told_which_do() {
        assert!(sdl(Some("NOBODY")).is_err_and(|failure| failure.en.contains("BRANCH_CLERK")));
        assert!(sdl(Some("SYSTEM")).is_err());
    }
}
