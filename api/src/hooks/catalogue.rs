//! The catalogue of events: OpenAPI 3.1 `webhooks` with the JSON Schema of the body, made from the table, and what may change in it.
//!
//! `docs/generated/webhooks.json` is the present one, `docs/generated/released/webhooks-N.json` the one of edition N. Types may be added
//! to an edition; what is released neither goes nor changes.

use serde_json::{Map, Value, json};
use workflows::machine::Table;
use workflows::machine::hooks::{Audience, CloudEvent, EDITION, Payload, all};

/// The catalogue of a table.
pub fn catalogue(table: &Table) -> Value {
    let schema = schemars::schema_for!(Payload).to_value();
    let header = |name: &str, text: &str| json!({ "name": name, "in": "header", "required": true, "description": text, "schema": { "type": "string" } });
    let headers = json!([
        header(
            "webhook-id",
            "The id of the message, the same at every attempt: whoever has seen it drops the repeat."
        ),
        header(
            "webhook-timestamp",
            "Seconds since 1970 of this attempt; refuse what is more than 300 seconds away."
        ),
        header(
            "webhook-signature",
            "Signatures by Standard Webhooks (v1, HMAC-SHA256), separated by spaces; one by a known key is enough."
        ),
    ]);
    let mut webhooks = Map::new();
    for kind in all(table) {
        let audience = match kind.audience {
            Audience::Bank => "BANK".to_owned(),
            Audience::Everybody => "EVERYBODY".to_owned(),
            Audience::Partner(role) => role.code().to_owned(),
        };
        let body = json!({
            "allOf": [
                { "$ref": "#/components/schemas/Payload" },
                { "properties": { "type": { "const": kind.name } } },
            ]
        });
        let post = json!({
            "summary": format!("{} / {}", kind.ja, kind.en),
            "x-audience": audience,
            "parameters": headers,
            "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
            "responses": {
                "2XX": { "description": "Delivered. The body is not read." },
                "410": { "description": "The endpoint is gone: it is disabled." },
                "default": { "description": "Failed; sent again with growing pauses for three days." },
            },
        });
        webhooks.insert(kind.name, json!({ "post": post }));
    }
    let (schema, definitions) = inlined(schema);
    let mut schemas = definitions;
    schemas.insert("Payload".to_owned(), schema);
    // What is published to a stream is promised with it (decision 24).
    let (envelope, definitions) = inlined(schemars::schema_for!(CloudEvent).to_value());
    schemas.extend(definitions);
    schemas.insert("CloudEvent".to_owned(), envelope);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Yushi webhooks", "version": format!("{EDITION}"),
            "description": "Events as they are sent to endpoints. Unknown fields and types are to be ignored.",
        },
        "webhooks": webhooks,
        "components": { "schemas": schemas },
    })
}

/// A schema with its definitions beside it, as OpenAPI has them.
fn inlined(mut schema: Value) -> (Value, Map<String, Value>) {
    let mut definitions = Map::new();
    if let Some(map) = schema.as_object_mut() {
        map.remove("$schema");
        if let Some(Value::Object(inner)) = map.remove("$defs") {
            definitions = inner;
        }
    }
    let text = schema.to_string().replace("#/$defs/", "#/components/schemas/");
    (serde_json::from_str(&text).unwrap_or(schema), definitions)
}

/// What a new catalogue breaks of a released one: types and fields that went, types of values and audiences that changed, and what was sent
/// always and is not any more.
pub fn broken(released: &Value, new: &Value) -> Vec<String> {
    let mut found = vec![];
    let names = |of: &Value| -> Vec<String> {
        of["webhooks"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
    };
    for name in names(released) {
        match (&released["webhooks"][&name], &new["webhooks"][&name]) {
            (_, Value::Null) => found.push(format!("{name}: the type is gone")),
            (old, new) if old["post"]["x-audience"] != new["post"]["x-audience"] => {
                found.push(format!("{name}: other owners may subscribe"));
            }
            (old, new) => {
                let body = "/post/requestBody/content/application~1json/schema";
                if old.pointer(body) != new.pointer(body) {
                    found.push(format!("{name}: the body is another one"));
                }
            }
        }
    }
    let schemas = released["components"]["schemas"].as_object();
    for (name, old) in schemas.into_iter().flatten() {
        narrowed(name, old, &new["components"]["schemas"][name], &mut found);
    }
    found
}

fn narrowed(place: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    if new.is_null() {
        found.push(format!("{place}: gone"));
        return;
    }
    for key in ["type", "format", "$ref", "const", "enum", "minimum"] {
        if old[key] != new[key] {
            found.push(format!("{place}: {key} was {} and is {}", old[key], new[key]));
        }
    }
    for (field, inner) in old["properties"].as_object().into_iter().flatten() {
        narrowed(&format!("{place}.{field}"), inner, &new["properties"][field], found);
    }
    let required = |of: &Value| of["required"].as_array().cloned().unwrap_or_default();
    let still = required(new);
    for field in required(old).iter().filter(|field| !still.contains(field)) {
        found.push(format!("{place}: {field} is not always there any more"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn generated() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/generated")
    }

    fn read(name: &str) -> Value {
        let text = std::fs::read_to_string(generated().join(name)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("docs/generated/{name}: {error}"))
    }

    #[test]
    fn the_committed_catalogue_is_the_tables() {
        let text = format!("{:#}\n", catalogue(&Table::default()));
        let path = generated().join("webhooks.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).expect("written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "docs/generated/webhooks.json is stale: run the test with UPDATE=1");
        println!("webhooks: {} types", read("webhooks.json")["webhooks"].as_object().map_or(0, Map::len));
    }

    /// What is released stays: an incompatible change needs a new edition and its own file.
    #[test]
    fn nothing_that_is_released_goes_or_changes() {
        let released = read(&format!("released/webhooks-{EDITION}.json"));
        assert!(
            released["webhooks"].as_object().is_some_and(|all| all.len() > 60),
            "nothing to compare with"
        );
        assert_eq!(broken(&released, &catalogue(&Table::default())), Vec::<String>::new());
    }

    #[test]
    fn every_incompatible_change_is_found_and_no_other() {
        let released = catalogue(&Table::default());
        let changed = |change: fn(&mut Value)| {
            let mut new = released.clone();
            change(&mut new);
            broken(&released, &new)
        };
        const APPROVE: &str = "case.approve_loan";
        type Fault = (&'static str, fn(&mut Value));
        let faults: [Fault; 7] = [
            ("a type goes", |new| {
                new["webhooks"].as_object_mut().expect("types").remove(APPROVE);
            }),
            ("an audience changes", |new| new["webhooks"][APPROVE]["post"]["x-audience"] = json!("INSURER")),
            ("a field goes", |new| {
                let fields = &mut new["components"]["schemas"]["PayloadData"]["properties"];
                fields.as_object_mut().expect("fields").remove("version");
            }),
            ("a field becomes text", |new| {
                new["components"]["schemas"]["PayloadData"]["properties"]["version"]["type"] =
                    json!("string");
            }),
            ("a field is not always there", |new| {
                new["components"]["schemas"]["PayloadData"]["required"] = json!(["applicationId"]);
            }),
            ("the envelope of a stream loses a field", |new| {
                let fields = &mut new["components"]["schemas"]["CloudEvent"]["properties"];
                fields.as_object_mut().expect("fields").remove("dataschema");
            }),
            ("the body is another", |new| {
                new["webhooks"][APPROVE]["post"]["requestBody"]["content"]["application/json"]["schema"] =
                    json!({});
            }),
        ];
        for (name, fault) in faults {
            assert!(!changed(fault).is_empty(), "{name}: not found");
        }
        let added = changed(|new| {
            new["webhooks"]["case.new"] = new["webhooks"][APPROVE].clone();
            new["components"]["schemas"]["PayloadData"]["properties"]["extra"] = json!({ "type": "string" });
        });
        assert_eq!(added, Vec::<String>::new(), "what is added breaks nothing");
    }
}
