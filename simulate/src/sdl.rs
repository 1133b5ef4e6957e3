//! The little of the schema's own language that an outside client needs: the arguments of each mutation and their types.

use std::collections::BTreeMap;

/// The schema that the bank publishes.
const PUBLISHED: &str = include_str!("../../api/schema.graphql");

/// An argument with its type as written: `decision`, `GuaranteeAnswer!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    pub of_type: String,
}

/// Mutations of a schema by name.
#[derive(Clone, Debug, Default)]
pub struct Sdl {
    mutations: BTreeMap<String, Vec<Argument>>,
}

impl Sdl {
    /// The published schema.
    pub fn published() -> Self {
        Self::parse(PUBLISHED)
    }

    /// Reads the mutations out of a schema.
    pub fn parse(text: &str) -> Self {
        let words = words(text);
        let start = words.windows(3).position(|w| w == ["type", "Mutation", "{"]);
        let Some(start) = start else { return Sdl::default() };
        let mut rest = words.iter().skip(start + 3).map(String::as_str).peekable();
        let mut mutations = BTreeMap::new();
        while let Some(word) = rest.next() {
            if word == "}" {
                break;
            }
            let arguments = if rest.next_if_eq(&"(").is_some() { arguments(&mut rest) } else { vec![] };
            if rest.next_if_eq(&":").is_some() {
                skip_type(&mut rest);
            }
            mutations.insert(word.to_owned(), arguments);
        }
        Sdl { mutations }
    }

    /// Arguments of a mutation; `None` where the schema has no such mutation.
    pub fn arguments(&self, mutation: &str) -> Option<&[Argument]> {
        self.mutations.get(mutation).map(Vec::as_slice)
    }

    /// The mutation as a document with variables for those of its arguments that are given.
    pub fn document(&self, mutation: &str, given: &[&str], answer: &str) -> Option<String> {
        let known = self.arguments(mutation)?;
        let used: Vec<&Argument> = known.iter().filter(|a| given.contains(&a.name.as_str())).collect();
        let heads: Vec<String> = used.iter().map(|a| format!("${}: {}", a.name, a.of_type)).collect();
        let calls: Vec<String> = used.iter().map(|a| format!("{0}: ${0}", a.name)).collect();
        let (head, call) = if used.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("({})", heads.join(", ")), format!("({})", calls.join(", ")))
        };
        Some(format!("mutation{head} {{ {mutation}{call} {{ {answer} }} }}"))
    }
}

fn arguments<'w>(rest: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>) -> Vec<Argument> {
    let mut list = vec![];
    while let Some(name) = rest.next() {
        if name == ")" {
            break;
        }
        if rest.next_if_eq(&":").is_none() {
            continue;
        }
        list.push(Argument { name: name.to_owned(), of_type: skip_type(rest) });
        if rest.next_if_eq(&"=").is_some() {
            skip_value(rest);
        }
    }
    list
}

/// Skips a default value: a word, or a list or object with all that it holds.
fn skip_value<'w>(rest: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>) {
    let mut depth = 0_u32;
    for word in rest.by_ref() {
        match word {
            "[" | "{" => depth += 1,
            "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
}

/// Reads a type: a name in brackets and with marks, then any directives' names.
fn skip_type<'w>(rest: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>) -> String {
    let mut written = String::new();
    let mut depth = 0_u32;
    while let Some(word) = rest.next() {
        written.push_str(word);
        match word {
            "[" => {
                depth += 1;
                continue;
            }
            "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if rest.next_if_eq(&"!").is_some() {
            written.push('!');
        }
        if depth == 0 {
            break;
        }
    }
    while rest.next_if_eq(&"@").is_some() {
        rest.next();
    }
    written
}

/// Words and marks of a schema without its comments, descriptions and commas.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\"\"\"") {
            rest = after.split_once("\"\"\"").map_or("", |(_, after)| after);
        } else if let Some(after) = rest.strip_prefix('"') {
            rest = after.split_once('"').map_or("", |(_, after)| after);
            // A short description, unless it is the default value of an argument.
            if words.last().is_some_and(|last: &String| last == "=") {
                words.push("\"\"".to_owned());
            }
        } else if first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            words.push(word.to_owned());
            rest = after;
        } else {
            if !first.is_whitespace() && first != ',' {
                words.push(first.to_string());
            }
            rest = rest.split_at(first.len_utf8()).1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"
        # a comment { with marks }
        type Query { me: Person }
        """ The verbs. """
        type Mutation {
          "short"
          createDraft(form: ApplicationForm!): CreateDraftPayload!
          """
          Approves (with care): yes.
          """
          approveGuarantee(
            applicationId: ID!, decision: GuaranteeAnswer!
            "how many" conditions: [String!]! = ["a"]
            dueOn: Date @deprecated
          ): ApproveGuaranteePayload!
          ping: Boolean!
        }
        type After { x(y: Int): Int }
    "#;

    #[test]
    fn mutations_are_read_with_their_types() {
        let sdl = Sdl::parse(SAMPLE);
        let names: Vec<&str> = sdl.mutations.keys().map(String::as_str).collect();
        assert_eq!(names, ["approveGuarantee", "createDraft", "ping"]);
        let written: Vec<(&str, &str)> = sdl
            .arguments("approveGuarantee")
            .expect("known")
            .iter()
            .map(|a| (a.name.as_str(), a.of_type.as_str()))
            .collect();
        assert_eq!(
            written[..3],
            [("applicationId", "ID!"), ("decision", "GuaranteeAnswer!"), ("conditions", "[String!]!"),]
        );
    }

    #[test]
    fn documents_name_only_what_is_given() {
        let sdl = Sdl::parse(SAMPLE);
        let document = sdl.document("approveGuarantee", &["applicationId", "decision"], "__typename");
        assert_eq!(
            document.as_deref(),
            Some(
                "mutation($applicationId: ID!, $decision: GuaranteeAnswer!) \
                 { approveGuarantee(applicationId: $applicationId, decision: $decision) { __typename } }"
            )
        );
        assert_eq!(sdl.document("unknown", &[], "x"), None);
        assert_eq!(sdl.document("ping", &[], "x").as_deref(), Some("mutation { ping { x } }"));
    }
}
