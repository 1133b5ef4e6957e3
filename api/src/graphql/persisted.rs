//! Operations that were registered beforehand: a file of documents by their SHA-256. Enforced, nothing else is executed.

use super::execute::Outcome;
use crate::http::incoming::Incoming;
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The registered documents.
#[derive(Clone, Debug, Default)]
pub struct Persisted {
    documents: HashMap<String, Arc<str>>,
    only: bool,
}

/// The name of a document: its SHA-256 in lower-case hexadecimal.
pub fn name_of(document: &str) -> String {
    hex::encode(Sha256::digest(document))
}

/// The file of these documents.
pub fn manifest<'d>(documents: impl IntoIterator<Item = &'d str>) -> String {
    let named: BTreeMap<String, &str> = documents.into_iter().map(|text| (name_of(text), text)).collect();
    // infallible: a map of texts is JSON
    serde_json::to_string_pretty(&named).unwrap_or_default() + "\n"
}

impl Persisted {
    /// From the text of a file; `only`: nothing else is executed. Errors: each line that cannot stand, by its name.
    pub fn read(text: &str, only: bool) -> Result<Self, Vec<String>> {
        let named: BTreeMap<String, String> =
            serde_json::from_str(text).map_err(|error| vec![format!("not an object of texts: {error}")])?;
        let mut problems = vec![];
        for (name, document) in &named {
            if *name != name_of(document) {
                problems.push(format!("{name}: the document's SHA-256 is {}", name_of(document)));
            } else if async_graphql::parser::parse_query(document).is_err() {
                problems.push(format!("{name}: the document is not GraphQL"));
            }
        }
        if only && named.is_empty() {
            problems.push("no operation is registered: nothing could be executed".to_owned());
        }
        let documents = named.into_iter().map(|(name, text)| (name, text.into())).collect();
        if problems.is_empty() { Ok(Persisted { documents, only }) } else { Err(problems) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Is none registered?
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The request with its document in full. Errors: the document is not registered and has to be, or its name is another's.
    pub(crate) fn resolve(&self, mut incoming: Incoming) -> Result<Incoming, Outcome> {
        let Some(name) = incoming.persisted.take() else {
            return if self.only && !self.documents.contains_key(&name_of(&incoming.query)) {
                Err(unknown())
            } else {
                Ok(incoming)
            };
        };
        if !incoming.query.is_empty() && name_of(&incoming.query) != name {
            let message = "sha256Hash is not the SHA-256 of query.".to_owned();
            return Err(Outcome::fault(StatusCode::BAD_REQUEST, "BAD_REQUEST", message));
        }
        match self.documents.get(&name) {
            Some(document) => Ok(Incoming { query: document.to_string(), ..incoming }),
            None if self.only || incoming.query.is_empty() => Err(unknown()),
            None => Ok(incoming),
        }
    }
}

fn unknown() -> Outcome {
    let message = "This operation is not registered. / この操作は登録されていません。".to_owned();
    Outcome::fault(StatusCode::BAD_REQUEST, "PERSISTED_OPERATION_NOT_FOUND", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_every_wrong_line_is_named() {
        let text = manifest(["{ me { role } }", "{ me { subject } }"]);
        assert_eq!(Persisted::read(&text, true).expect("a manifest").len(), 2);
        let edited = text.replace("subject", "institution");
        let problems = Persisted::read(&edited, false).expect_err("a name of another document");
        assert!(problems.len() == 1 && problems[0].contains("SHA-256"), "{problems:?}");
        let broken = manifest(["{ me"]);
        assert!(Persisted::read(&broken, false).expect_err("no document")[0].contains("not GraphQL"));
        assert!(Persisted::read("[]", false).is_err() && Persisted::read("{}", true).is_err());
        assert!(Persisted::read("{}", false).is_ok_and(|none| none.is_empty()));
    }
}
