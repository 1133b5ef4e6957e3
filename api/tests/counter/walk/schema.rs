//! Questions made from a role's own schema, as introspection shows it: every field, every argument that must be there.

use crate::house::form;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use workflows::sample::Sample;

pub const INTROSPECTION: &str = "{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name \
     possibleTypes { name } enumValues { name } inputFields { name type { ...T } } \
     fields { name args { name type { ...T } } type { ...T } } } } } \
     fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// Types nested in one another at most. Deeper than any path of the schema without a loop.
const DEPTH: usize = 9;

/// A role's schema.
pub struct Seen {
    types: BTreeMap<String, Value>,
}

/// A field at a root, with its question.
pub struct Question {
    pub name: String,
    /// Name and type of each argument as GraphQL writes it, and its value.
    arguments: Vec<(String, String, Value)>,
    selection: String,
    /// Fields that the question reaches.
    pub reached: u64,
}

impl Question {
    /// The document and its variables, with these values in place of those that were made up.
    pub fn ask(&self, kind: &str, given: &[(&str, Value)]) -> (String, Value) {
        let mut variables = Map::new();
        for (name, _, value) in &self.arguments {
            let said = given.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
            variables.insert(name.clone(), said.unwrap_or_else(|| value.clone()));
        }
        let head: Vec<String> = self.arguments.iter().map(|(name, ty, _)| format!("${name}: {ty}")).collect();
        let pass: Vec<String> = self.arguments.iter().map(|(name, ..)| format!("{name}: ${name}")).collect();
        let (head, pass) = match head.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("({})", head.join(", ")), format!("({})", pass.join(", "))),
        };
        (format!("{kind}{head} {{ {}{pass} {} }}", self.name, self.selection), Value::Object(variables))
    }

    /// Does it take such an argument?
    pub fn takes(&self, name: &str) -> bool {
        self.arguments.iter().any(|(argument, ..)| argument == name)
    }
}

impl Seen {
    pub fn of(answer: &Value) -> Self {
        let types = answer["__schema"]["types"].as_array().expect("types").iter();
        let named = types.map(|ty| (ty["name"].as_str().expect("name").to_owned(), ty.clone()));
        Seen { types: named.collect() }
    }

    /// A question for every field of a root type. Arguments that may be left out are left out, but for those named in `also`.
    pub fn questions(&self, root: &str, also: &[&str]) -> Vec<Question> {
        let fields = self.types.get(root).and_then(|ty| ty["fields"].as_array());
        let question = |field: &Value| {
            let arguments = field["args"].as_array().into_iter().flatten().filter(|argument| {
                let name = argument["name"].as_str().unwrap_or_default();
                argument["type"]["kind"] == "NON_NULL" || also.contains(&name)
            });
            let arguments = arguments.map(|argument| {
                let (name, ty) = (argument["name"].as_str().expect("name"), &argument["type"]);
                (name.to_owned(), written(ty), self.value(ty, name, 0))
            });
            let arguments = arguments.collect();
            let mut reached = 0;
            let selection = self.selection(&field["type"], &mut vec![], &mut reached);
            let name = field["name"].as_str().expect("name").to_owned();
            Question { name, arguments, selection, reached: reached.max(1) }
        };
        fields.into_iter().flatten().map(question).collect()
    }

    /// Every field below a type, but those that lead back to where one came from.
    fn selection(&self, ty: &Value, path: &mut Vec<String>, reached: &mut u64) -> String {
        let name = bare(ty);
        let Some(found) = self.types.get(name) else { return String::new() };
        if path.len() >= DEPTH || path.iter().any(|above| above == name) {
            return "{ __typename }".to_owned();
        }
        path.push(name.to_owned());
        let text = match found["kind"].as_str() {
            Some("OBJECT") => {
                let fields = found["fields"].as_array().into_iter().flatten();
                let parts = fields.map(|field| {
                    *reached += 1;
                    let below = self.selection(&field["type"], path, reached);
                    format!("{} {below}", field["name"].as_str().expect("name"))
                });
                format!("{{ {} }}", parts.collect::<Vec<_>>().join(" "))
            }
            Some("UNION") => {
                let members = found["possibleTypes"].as_array().into_iter().flatten();
                let parts = members.map(|member| {
                    let member = member["name"].as_str().expect("name");
                    // The same field in two members may have two types: each under its own name.
                    let below = self.aliased(member, path, reached);
                    format!("... on {member} {below}")
                });
                format!("{{ __typename {} }}", parts.collect::<Vec<_>>().join(" "))
            }
            _ => String::new(),
        };
        path.pop();
        text
    }

    fn aliased(&self, member: &str, path: &mut Vec<String>, reached: &mut u64) -> String {
        let fields = self.types[member]["fields"].as_array().into_iter().flatten();
        let parts = fields.map(|field| {
            *reached += 1;
            let name = field["name"].as_str().expect("name");
            format!("{member}_{name}: {name} {}", self.selection(&field["type"], path, reached))
        });
        format!("{{ {} }}", parts.collect::<Vec<_>>().join(" "))
    }

    fn value(&self, ty: &Value, name: &str, depth: usize) -> Value {
        match ty["kind"].as_str() {
            Some("NON_NULL") => return self.value(&ty["ofType"], name, depth),
            Some("LIST") => return json!([self.value(&ty["ofType"], name, depth)]),
            _ => {}
        }
        match bare(ty) {
            "FormInput" => return form(Sample::Purchase),
            "Int" if name == "first" => return json!(100),
            "Int" | "Yen" => return json!(1),
            "Boolean" => return json!(true),
            "Date" => return json!("2026-06-15"),
            "DateTime" => return json!("2026-06-15T09:00:00+09:00"),
            "ClockTime" => return json!("10:30"),
            "Percent" => return json!("1.000"),
            "Decimal" => return json!("1.00"),
            "Json" => return json!({}),
            "String" | "ID" => return json!("x"),
            _ => {}
        }
        let Some(found) = self.types.get(bare(ty)) else { return Value::Null };
        if let Some(first) = found["enumValues"].get(0) {
            return first["name"].clone();
        }
        let fields = found["inputFields"].as_array().into_iter().flatten();
        let needed = fields.filter(|field| field["type"]["kind"] == "NON_NULL" && depth < DEPTH);
        needed
            .map(|field| {
                let name = field["name"].as_str().expect("name");
                (name.to_owned(), self.value(&field["type"], name, depth + 1))
            })
            .collect::<Map<_, _>>()
            .into()
    }
}

/// The name of a type without its wrapping.
fn bare(ty: &Value) -> &str {
    match ty["ofType"].as_object() {
        Some(_) => bare(&ty["ofType"]),
        None => ty["name"].as_str().unwrap_or_default(),
    }
}

/// A type as GraphQL writes it.
fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => bare(ty).to_owned(),
    }
}
