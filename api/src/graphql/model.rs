//! The types of the API as data: objects, inputs, enums. Schemas are built from it per role; nothing else declares a type.

use super::names::camel;
use super::wall::{self, Wall};
use serde_json::Value;
use std::collections::BTreeMap;

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// Key in the parent's JSON.
    pub key: String,
    /// `[Loan!]!`.
    pub ty: String,
    pub doc: String,
    pub wall: Wall,
}

/// A field of an input.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub ty: String,
    pub doc: String,
}

/// A value of an enum with its labels.
#[derive(Clone, Debug)]
pub struct Choice {
    pub code: String,
    pub ja: String,
    pub en: String,
}

/// All types.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub objects: BTreeMap<String, (String, Vec<Field>)>,
    pub inputs: BTreeMap<String, (String, Vec<Input>)>,
    pub enums: BTreeMap<String, Vec<Choice>>,
}

/// The scalars of ours, with what they are.
pub const SCALARS: &[(&str, &str)] = &[
    ("Yen", "An amount in whole yen: a JSON integer of at most 10^12."),
    ("Date", "A day as YYYY-MM-DD; business dates are Tokyo dates."),
    ("DateTime", "An instant with offset, RFC 3339."),
    ("ClockTime", "A time of day in Tokyo as HH:MM, 24 hours."),
    ("Percent", "A rate in percent per annum: a decimal string such as \"2.475\"."),
    ("Decimal", "A decimal string such as \"129.88\"."),
    ("Json", "A document whose keys are camelCase names."),
];

/// Fields of the form that nobody hands in.
const DECIDED_BY_OTHERS: &[&str] = &["screeningAddOnPercent", "guarantorDecision"];

/// `[Loan!]!` without its brackets and marks: `Loan`.
pub fn bare(ty: &str) -> &str {
    ty.trim_matches(|letter| matches!(letter, '[' | ']' | '!'))
}

/// A wrapped type reference of the library.
pub fn type_ref(ty: &str) -> async_graphql::dynamic::TypeRef {
    use async_graphql::dynamic::TypeRef as T;
    if let Some(inner) = ty.strip_suffix('!') {
        return T::NonNull(Box::new(type_ref(inner)));
    }
    if let Some(inner) = ty.strip_prefix('[').and_then(|ty| ty.strip_suffix(']')) {
        return T::List(Box::new(type_ref(inner)));
    }
    T::Named(ty.to_owned().into())
}

impl Model {
    /// Adds an enum of terms.
    pub fn choices<'a>(&mut self, name: &str, all: impl Iterator<Item = (&'a str, &'a str, &'a str)>) {
        let all = all.map(|(code, ja, en)| Choice { code: code.into(), ja: ja.into(), en: en.into() });
        let there = self.enums.insert(name.to_owned(), all.collect());
        assert!(there.is_none(), "two lists of words are called {name}");
    }

    /// Adds an object: `(name, type, wall, doc)` per field; the key is the name.
    pub fn object(&mut self, name: &str, doc: &str, fields: &[(&str, &str, Wall, &str)]) {
        let fields = fields.iter().map(|(name, ty, wall, doc)| Field {
            name: (*name).to_owned(),
            key: (*name).to_owned(),
            ty: (*ty).to_owned(),
            doc: (*doc).to_owned(),
            wall: *wall,
        });
        let there = self.objects.insert(name.to_owned(), (doc.to_owned(), fields.collect()));
        assert!(there.is_none(), "two types are called {name}");
    }

    /// Adds the output types of a JSON schema (and of everything that it refers to), with the walls of the form.
    pub fn outputs_of(&mut self, root: &Value, name: &str, schema: &Value) {
        if self.objects.contains_key(name) {
            return;
        }
        self.objects.insert(name.to_owned(), Default::default());
        let mut fields = vec![];
        for (key, property) in properties(schema) {
            let needed = is_required(schema, key);
            let (ty, nested) = self.type_of(root, key, property, "", needed);
            if let Some((nested_name, nested_schema)) = nested {
                self.outputs_of(root, &nested_name, nested_schema);
            }
            fields.push(Field {
                name: camel(key),
                key: key.clone(),
                ty,
                doc: doc_of(property),
                wall: wall::of_form(name, key),
            });
        }
        self.objects.insert(name.to_owned(), (doc_of(schema), fields));
    }

    /// Adds the input types of a JSON schema. `lenient`: nothing is required, because somebody else judges the whole and
    /// reports all problems at once.
    pub fn inputs_of(&mut self, root: &Value, name: &str, schema: &Value, lenient: bool) {
        let input = format!("{name}Input");
        if self.inputs.contains_key(&input) {
            return;
        }
        self.inputs.insert(input.clone(), Default::default());
        let mut fields = self.arguments_of(root, schema, lenient);
        // What others decide: it stands in sample files only and nobody hands it in.
        fields.retain(|field| name != "Form" || !DECIDED_BY_OTHERS.contains(&field.name.as_str()));
        self.inputs.insert(input, (doc_of(schema), fields));
    }

    /// The properties of an object schema as arguments.
    pub fn arguments_of(&mut self, root: &Value, schema: &Value, lenient: bool) -> Vec<Input> {
        let mut fields = vec![];
        for (key, property) in properties(schema).filter(|(key, _)| *key != "verb") {
            let needed = is_required(schema, key) && !lenient;
            let (ty, nested) = self.type_of(root, key, property, "Input", needed);
            if let Some((nested_name, nested_schema)) = nested {
                self.inputs_of(root, &nested_name, nested_schema, lenient || nested_name == "Form");
            }
            fields.push(Input { name: camel(key), ty, doc: doc_of(property) });
        }
        fields
    }

    /// The GraphQL type of a property, and the object that it names, if it names one.
    fn type_of<'r>(
        &mut self,
        root: &'r Value,
        key: &str,
        property: &'r Value,
        suffix: &str,
        needed: bool,
    ) -> (String, Option<(String, &'r Value)>) {
        let mark = |ty: String, null: bool| if needed && !null { format!("{ty}!") } else { ty };
        let (schema, named, null) = resolve(root, property);
        if let Some(choices) = choices(schema) {
            let name = named.unwrap_or_else(|| super::names::pascal(&camel(key)));
            self.enums.entry(name.clone()).or_insert(choices);
            return (mark(name, null), None);
        }
        match kind_of(schema) {
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                let (ty, nested) = self.type_of(root, key, items, suffix, true);
                (mark(format!("[{ty}]"), null), nested)
            }
            "object" => match named {
                Some(name) => (mark(format!("{name}{suffix}"), null), Some((name, schema))),
                None => (mark("Json".to_owned(), null), None),
            },
            kind => (mark(scalar(key, kind, schema).to_owned(), null), None),
        }
    }
}

fn scalar(key: &str, kind: &str, schema: &Value) -> &'static str {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match (kind, format) {
        ("boolean", _) => "Boolean",
        ("integer", "yen") => "Yen",
        ("integer", _) if key.ends_with("_yen") => "Yen",
        ("integer", _) => "Int",
        ("string", "date") => "Date",
        ("string", "date-time") => "DateTime",
        ("string", "clock") => "ClockTime",
        ("string", _) if key.ends_with("_percent") || key.ends_with("add_on") => "Percent",
        ("string", "decimal") => "Decimal",
        _ => "String",
    }
}

/// The properties of an object schema.
pub fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Must the key be there?
pub fn is_required(schema: &Value, key: &str) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|name| name == key))
}

/// Follows references and takes `null` out: the real schema, the name it goes by, and whether null is allowed.
pub fn resolve<'r>(root: &'r Value, schema: &'r Value) -> (&'r Value, Option<String>, bool) {
    if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
        let target =
            pointer.strip_prefix('#').and_then(|pointer| root.pointer(pointer)).unwrap_or(&Value::Null);
        let name = pointer.rsplit('/').next().map(str::to_owned);
        return (target, name, false);
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let real =
            any.iter().find(|each| each.get("type") != Some(&Value::from("null"))).unwrap_or(&Value::Null);
        let (schema, name, _) = resolve(root, real);
        return (schema, name, true);
    }
    let null =
        schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|k| k == "null"));
    (schema, None, null)
}

/// The type of a schema beside null.
pub fn kind_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|k| *k != "null").unwrap_or("")
        }
        _ => "",
    }
}

/// The values of a list of choices; `None` for any other schema.
pub fn choices(schema: &Value) -> Option<Vec<Choice>> {
    let choice = |code: &str, label: &str| Choice { code: code.into(), ja: label.into(), en: String::new() };
    if let Some(listed) = schema.get("enum").and_then(Value::as_array) {
        return Some(listed.iter().filter_map(Value::as_str).map(|code| choice(code, "")).collect());
    }
    let one_of = schema.get("oneOf").and_then(Value::as_array)?;
    let mut found = vec![];
    for each in one_of {
        let label = each.get("description").and_then(Value::as_str).unwrap_or_default();
        match (each.get("const").and_then(Value::as_str), each.get("enum").and_then(Value::as_array)) {
            (Some(code), _) => found.push(choice(code, label)),
            (None, Some(codes)) => {
                found.extend(codes.iter().filter_map(Value::as_str).map(|code| choice(code, label)))
            }
            (None, None) => return None,
        }
    }
    Some(found)
}

/// The description of a schema.
pub fn doc_of(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}
