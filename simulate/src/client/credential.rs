//! Who a party is: one OAuth client of the demo's directory.

use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// A client of the demo.
#[derive(Clone, Deserialize)]
pub struct Credential {
    pub client_id: String,
    pub client_secret: String,
    /// `BRANCH_CLERK`.
    pub role: String,
    /// Bank code.
    #[serde(default)]
    pub institution: String,
    /// Branch codes; empty means every branch.
    #[serde(default)]
    pub branches: Vec<String>,
    #[serde(default)]
    pub organisation: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Credential { client_id, role, institution, .. } = self;
        write!(f, "Credential({client_id}, {role}, {institution})")
    }
}

/// Reads the clients of a demo. Errors: no such file, or one of another shape.
pub fn read_clients(data: &Path) -> Result<Vec<Credential>> {
    let path = data.join("clients.json");
    let text = std::fs::read_to_string(&path).map_err(|source| Error::File { path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|e| Error::Content { path, problem: e.to_string() })
}
