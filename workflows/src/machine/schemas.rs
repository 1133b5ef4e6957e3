//! The JSON Schemas of what partners are sent and may answer, printed from the types, and whether one still keeps what another
//! promised.

use super::asked::names_request;
use super::effect::PartnerMessage;
use super::messages::{VERSION, schema_of};
use super::role::Role;
use super::table::Table;
use super::verb::{Command, Verb};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The partners of a bank.
pub const PARTNERS: [Role; 7] = [
    Role::Guarantor,
    Role::Insurer,
    Role::MemberOrg,
    Role::Scrivener,
    Role::Registry,
    Role::FireInsurer,
    Role::CoreBanking,
];

/// Who writes what a schema describes: it decides what a change breaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The bank writes, the partner reads.
    Message,
    /// The partner writes, the bank reads.
    Answer,
}

/// One schema with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// `guarantor/GUARANTEE_REQUEST.v1.json`, below `docs/generated/partners`.
    pub path: String,
    pub direction: Direction,
    pub schema: Value,
}

/// Folder of a role: `member-org`.
pub fn folder(role: Role) -> String {
    role.code().to_lowercase().replace('_', "-")
}

/// The verbs that a partner may send.
pub fn answers_of(table: &Table, role: Role) -> Vec<Verb> {
    let calls = |verb: &Verb| table.of_verb(*verb).any(|row| row.callers().contains(&role));
    Verb::ALL.iter().copied().filter(calls).collect()
}

/// Every schema of every partner.
pub fn printed(table: &Table) -> Vec<Printed> {
    let commands = schemars::schema_for!(Command).to_value();
    let mut all = vec![];
    for role in PARTNERS {
        let place = |name: &str| format!("{}/{name}.v{VERSION}.json", folder(role));
        for message in PartnerMessage::ALL.iter().filter(|message| message.role() == role) {
            let mut schema = schema_of(*message).to_value();
            named(&mut schema, *message);
            head(&mut schema, message.code(), message.ja(), message.en());
            all.push(Printed { path: place(message.code()), direction: Direction::Message, schema });
        }
        for verb in answers_of(table, role) {
            if let Some(mut schema) = answer_schema(&commands, table, verb) {
                head(&mut schema, verb.code(), verb.ja(), verb.en());
                all.push(Printed { path: place(verb.code()), direction: Direction::Answer, schema });
            }
        }
    }
    all
}

/// A message has its own name alone: that there are others is no part of its shape.
fn named(schema: &mut Value, message: PartnerMessage) {
    schema["properties"]["message"] =
        json!({ "type": "string", "const": message.code(), "description": "Which message it is." });
    if let Some(defs) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        defs.remove("PartnerMessage");
    }
}

fn head(schema: &mut Value, code: &str, ja: &str, en: &str) {
    if let Some(map) = schema.as_object_mut() {
        map.insert("title".to_owned(), json!(format!("{code} v{VERSION}")));
        map.insert("description".to_owned(), json!(format!("{ja} / {en}")));
    }
}

/// The variables of a mutation, as GraphQL takes them: names in camelCase, with the case and the request.
fn answer_schema(commands: &Value, table: &Table, verb: Verb) -> Option<Value> {
    let of_the_verb =
        |part: &&Value| part.pointer("/properties/verb/const").and_then(Value::as_str) == Some(verb.code());
    let mut part = camel_schema(commands.get("oneOf")?.as_array()?.iter().find(of_the_verb)?);
    let named = names_request(table, verb);
    let map = part.as_object_mut()?;
    let properties = map.get_mut("properties")?.as_object_mut()?;
    properties.remove("verb");
    properties.insert(
        "applicationId".to_owned(),
        json!({ "type": "string", "description": "`case_id` of the message." }),
    );
    if named {
        let said = "`request_id` of the message, or `requestId` of `allowedActions`.";
        properties.insert("requestId".to_owned(), json!({ "type": "string", "description": said }));
    }
    let mut required = vec![json!("applicationId")];
    required.extend(named.then(|| json!("requestId")));
    let listed = map.get("required").and_then(Value::as_array).into_iter().flatten();
    required.extend(listed.filter(|name| *name != "verb").cloned());
    map.insert("required".to_owned(), Value::Array(required));
    map.insert("$schema".to_owned(), commands.get("$schema").cloned().unwrap_or_default());
    let mut needed = BTreeMap::new();
    collect(&part, commands, &mut needed);
    if !needed.is_empty() {
        let defs: Map<String, Value> = needed.into_iter().collect();
        part.as_object_mut()?.insert("$defs".to_owned(), Value::Object(defs));
    }
    Some(part)
}

/// The definitions that a schema refers to, and those that they refer to.
fn collect(schema: &Value, root: &Value, found: &mut BTreeMap<String, Value>) {
    match schema {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next());
            if let Some(name) = name.filter(|name| !found.contains_key(*name))
                && let Some(definition) = root.pointer(&format!("/$defs/{name}"))
            {
                let definition = camel_schema(definition);
                found.insert(name.to_owned(), definition.clone());
                collect(&definition, root, found);
            }
            map.values().for_each(|value| collect(value, root, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, root, found)),
        _ => {}
    }
}

/// A schema whose properties have camelCase names.
fn camel_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let part = |(key, value): (&String, &Value)| {
                let value = match (key.as_str(), value) {
                    ("properties", Value::Object(named)) => {
                        let named = named.iter().map(|(name, of)| (camel(name), camel_schema(of)));
                        Value::Object(named.collect())
                    }
                    ("required", Value::Array(names)) => {
                        names.iter().map(|name| json!(camel(name.as_str().unwrap_or_default()))).collect()
                    }
                    _ => camel_schema(value),
                };
                (key.clone(), value)
            };
            Value::Object(map.iter().map(part).collect())
        }
        Value::Array(items) => items.iter().map(camel_schema).collect(),
        other => other.clone(),
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut all, part| {
        let mut letters = part.chars();
        all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        all.push_str(letters.as_str());
        all
    })
}

/// What a schema does not keep of a released one: paths with what is wrong. Empty: whoever wrote for the released one goes on.
pub fn broken(released: &Value, now: &Value, direction: Direction) -> Vec<String> {
    let mut comparison = Comparison { released, now, direction, found: vec![], seen: BTreeSet::new() };
    comparison.of(released, now, "");
    comparison.found
}

struct Comparison<'s> {
    released: &'s Value,
    now: &'s Value,
    direction: Direction,
    found: Vec<String>,
    /// Pairs of definitions under comparison: a type may contain itself.
    seen: BTreeSet<(String, String)>,
}

impl<'s> Comparison<'s> {
    fn of(&mut self, released: &'s Value, now: &'s Value, path: &str) {
        let (was, is) = (Plain::of(self.released, released), Plain::of(self.now, now));
        if let (Some(old), Some(new)) = (&was.name, &is.name)
            && !self.seen.insert((old.clone(), new.clone()))
        {
            return;
        }
        let at = |what: &str| format!("{}: {what}", if path.is_empty() { "/" } else { path });
        if was.kind != is.kind || was.format != is.format {
            self.found.push(at(&format!("{} became {}", was.shown(), is.shown())));
            return;
        }
        // A reader meets null where it never was; a writer may not leave out any more what it could.
        match self.direction {
            Direction::Message if is.null && !was.null => self.found.push(at("may be null now")),
            Direction::Answer if was.null && !is.null => self.found.push(at("may not be null any more")),
            _ => {}
        }
        let gone: Vec<&str> = match self.direction {
            Direction::Message => is.codes.difference(&was.codes).copied().collect(),
            Direction::Answer => was.codes.difference(&is.codes).copied().collect(),
        };
        if !gone.is_empty() {
            self.found.push(at(&format!("codes differ: {gone:?}")));
        }
        self.fields(&was, &is, path);
        if let (Some(old), Some(new)) = (was.schema.get("items"), is.schema.get("items")) {
            self.of(old, new, &format!("{path}/*"));
        }
    }

    fn fields(&mut self, was: &Plain<'s>, is: &Plain<'s>, path: &str) {
        for (name, old) in &was.fields {
            let below = format!("{path}/{name}");
            match is.fields.get(name) {
                None => self.found.push(format!("{below}: removed")),
                Some(new) => {
                    if self.direction == Direction::Message
                        && was.required.contains(name)
                        && !is.required.contains(name)
                    {
                        self.found.push(format!("{below}: may be absent now"));
                    }
                    self.of(old, new, &below);
                }
            }
        }
        if self.direction == Direction::Answer {
            let asked = is.required.iter().filter(|name| !was.required.contains(*name));
            self.found.extend(asked.map(|name| format!("{path}/{name}: is required now")));
        }
    }
}

/// A schema without references, and with `null` beside the type.
struct Plain<'s> {
    schema: &'s Value,
    name: Option<String>,
    kind: String,
    format: String,
    null: bool,
    codes: BTreeSet<&'s str>,
    fields: BTreeMap<&'s str, &'s Value>,
    required: BTreeSet<&'s str>,
}

impl<'s> Plain<'s> {
    fn of(root: &'s Value, schema: &'s Value) -> Self {
        let (mut schema, mut name, mut null) = (schema, None, false);
        loop {
            if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
                name = pointer.rsplit('/').next().map(str::to_owned);
                match pointer.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
                    Some(target) => schema = target,
                    None => break,
                }
            } else if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
                null = null || any.iter().any(is_null);
                match any.iter().find(|each| !is_null(each)) {
                    Some(real) => schema = real,
                    None => break,
                }
            } else {
                break;
            }
        }
        let texts = |value: Option<&'s Value>| {
            value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        };
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind],
            other => texts(other).collect(),
        };
        let consts = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        // A word that is explained stands alone, the others stand together.
        let consts = consts.flat_map(|each| {
            let one = each.get("const").and_then(Value::as_str);
            one.into_iter().chain(texts(each.get("enum")))
        });
        let codes: BTreeSet<&str> = texts(schema.get("enum")).chain(consts).collect();
        let named = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let kind = kinds.iter().find(|kind| **kind != "null").map_or("", |kind| kind);
        Plain {
            null: null || kinds.contains(&"null"),
            // A list of words is text, whichever way it is written.
            kind: if codes.is_empty() { kind } else { "string" }.to_owned(),
            format: schema.get("format").and_then(Value::as_str).unwrap_or_default().to_owned(),
            fields: named.map(|(name, of)| (name.as_str(), of)).collect(),
            required: texts(schema.get("required")).collect(),
            codes,
            name,
            schema,
        }
    }

    fn shown(&self) -> String {
        [self.kind.as_str(), self.format.as_str()].join(" ").trim().to_owned()
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// Where a document does not have the shape that a schema says: paths with what was expected.
pub fn misfits(root: &Value, document: &Value) -> Vec<String> {
    let mut found = vec![];
    fits(root, root, document, "", &mut found);
    found
}

fn fits(root: &Value, schema: &Value, document: &Value, path: &str, found: &mut Vec<String>) {
    let plain = Plain::of(root, schema);
    let at = |what: &str| format!("{}: {what}", if path.is_empty() { "/" } else { path });
    match document {
        Value::Null if plain.null || plain.kind.is_empty() => {}
        Value::Null => found.push(at("null")),
        Value::Object(map) if plain.kind == "object" => {
            for name in plain.required.iter().filter(|name| !map.contains_key(**name)) {
                found.push(at(&format!("{name} is missing")));
            }
            for (name, value) in map {
                match plain.fields.get(name.as_str()) {
                    Some(of) => fits(root, of, value, &format!("{path}/{name}"), found),
                    None => match plain.schema.get("additionalProperties") {
                        Some(of) if of.is_object() => fits(root, of, value, &format!("{path}/{name}"), found),
                        _ => found.push(at(&format!("{name} is in no schema"))),
                    },
                }
            }
        }
        Value::Array(items) if plain.kind == "array" => {
            if let Some(of) = plain.schema.get("items") {
                items.iter().for_each(|item| fits(root, of, item, &format!("{path}/*"), found));
            }
        }
        Value::String(text) if plain.kind == "string" => {
            let other = plain.schema.get("const").is_some_and(|name| name != text);
            if other || !plain.codes.is_empty() && !plain.codes.contains(text.as_str()) {
                found.push(at(&format!("{text} is none of the codes")));
            }
        }
        Value::Number(number) if plain.kind == "integer" && (number.is_i64() || number.is_u64()) => {}
        Value::Bool(_) if plain.kind == "boolean" => {}
        _ if plain.kind.is_empty() => {}
        _ => found.push(at(&format!("no {}", plain.shown()))),
    }
}
