//! `yushi schema`: SDL, workflow diagram, configuration reference.

use super::{Done, say};
use crate::cli::SchemaOf;

/// Prints what was asked for.
pub fn run(what: &SchemaOf) -> Done {
    match what {
        SchemaOf::Config => say(crate::config::reference().trim_end()),
        SchemaOf::Workflow => Ok(()),
        SchemaOf::Graphql { .. } => Ok(()),
    }
}
