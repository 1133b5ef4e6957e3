//! The configuration reference, printed from the struct's own documentation.

use std::fmt::Write;

use serde_json::Value;

use super::Config;

/// The JSON schema of the configuration.
pub(super) fn schema() -> Value {
    schemars::schema_for!(Config).to_value()
}

/// How a value of the environment is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// Separated by commas.
    Texts,
    Other,
}

/// The schema behind references and `null` alternatives.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(target) = schema["$ref"].as_str() {
        let target = target.trim_start_matches('#');
        return root.pointer(target).map_or(schema, |found| resolve(root, found));
    }
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    match alternatives.into_iter().find(|one| one["type"] != "null") {
        Some(one) => resolve(root, one),
        None => schema,
    }
}

/// The shape of the value under a path; `None` if there is no such key.
pub(super) fn shape_of(root: &Value, path: &[String]) -> Option<Shape> {
    let mut schema = root;
    for part in path {
        schema = resolve(root, resolve(root, schema)["properties"].get(part)?);
    }
    let is = |kind: &str| match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(many) => many.iter().any(|one| one == kind),
        _ => false,
    };
    Some(match () {
        () if is("string") || schema.get("enum").is_some() || schema.get("oneOf").is_some() => Shape::Text,
        () if is("array") => Shape::Texts,
        () => Shape::Other,
    })
}

/// The reference as Markdown: every key with its variable, its default and what it means.
pub fn reference() -> String {
    let root = schema();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut text = String::from(
        "# Configuration\n\n\
         Defaults are overlaid by the file of `--config` (TOML), the file by environment variables, and these by flags. Every problem\n\
         is reported at once. In variables two underscores separate the section from the key, and lists are separated by commas.\n\
         Secrets are never printed.\n",
    );
    sections(&mut text, &root, "", &root, &defaults);
    text
}

/// The keys of a section, then the sections within it.
fn sections(text: &mut String, root: &Value, name: &str, schema: &Value, defaults: &Value) {
    let all = properties(schema);
    let is_section = |schema: &Value| resolve(root, schema).get("properties").is_some();
    let (inner, keys): (Vec<_>, Vec<_>) = all.iter().partition(|(_, schema)| is_section(schema));
    if !keys.is_empty() {
        section(text, root, name, &keys, defaults);
    }
    for (part, schema) in inner {
        let whole = if name.is_empty() { part.to_string() } else { format!("{name}.{part}") };
        let inner = resolve(root, schema);
        let _ = write!(text, "\n## `[{whole}]`\n\n{}\n", description(schema, inner));
        sections(text, root, &whole, inner, &defaults[part.as_str()]);
    }
}

fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten().collect()
}

fn section(text: &mut String, root: &Value, section: &str, keys: &[&(&String, &Value)], defaults: &Value) {
    text.push_str("\n| key | variable | default | meaning |\n| --- | --- | --- | --- |\n");
    for (name, schema) in keys {
        let inner = resolve(root, schema);
        let prefix = if section.is_empty() {
            String::new()
        } else {
            format!("{}__", section.to_uppercase().replace('.', "__"))
        };
        let variable = format!("YUSHI_{prefix}{}", name.to_uppercase());
        let default = match &defaults[name.as_str()] {
            Value::Null => "not set".to_owned(),
            value => format!("`{value}`"),
        };
        let meaning =
            format!("{}{}", description(schema, inner), accepted(schema, inner)).replace('|', "\\|");
        let _ = writeln!(text, "| `{name}` | `{variable}` | {default} | {meaning} |");
    }
}

fn description(schema: &Value, inner: &Value) -> String {
    let own = schema["description"].as_str().or(inner["description"].as_str()).unwrap_or_default();
    own.replace('\n', " ")
}

/// Range or choices, where there are any.
fn accepted(schema: &Value, inner: &Value) -> String {
    let of = |key: &str| schema.get(key).or_else(|| inner.get(key)).filter(|value| !value.is_null());
    if let (Some(low), Some(high)) = (of("minimum"), of("maximum")) {
        return format!(" {low} to {high}.");
    }
    let choices: Vec<String> = match (inner["oneOf"].as_array(), inner["enum"].as_array()) {
        (Some(choices), _) => choices
            .iter()
            .map(|one| {
                let meaning = one["description"].as_str().unwrap_or_default().trim_end_matches('.');
                format!("`{}`: {meaning}", one["const"].as_str().unwrap_or_default())
            })
            .collect(),
        (None, Some(choices)) => {
            choices.iter().map(|one| format!("`{}`", one.as_str().unwrap_or_default())).collect()
        }
        (None, None) => vec![],
    };
    if choices.is_empty() { String::new() } else { format!(" {}.", choices.join("; ")) }
}
