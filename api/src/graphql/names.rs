//! Names of both worlds: `snake_case` inside, `camelCase` in GraphQL.

use serde_json::{Map, Value};

/// `party_id` becomes `partyId`, `area_m2` becomes `areaM2`.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = true,
            _ if raise => {
                out.extend(letter.to_uppercase());
                raise = false;
            }
            _ => out.push(letter),
        }
    }
    out
}

/// `parties[0].birth_date` becomes `parties[0].birthDate`.
pub fn camel_path(path: &str) -> String {
    path.split('.').map(camel).collect::<Vec<_>>().join(".")
}

/// Every key of a document of ours in `camelCase`: its keys are names of fields, never data.
pub fn camel_keys(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, value)| (camel(key), camel_keys(value))).collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(camel_keys).collect()),
        other => other.clone(),
    }
}

/// `approveLoan` becomes `ApproveLoan`.
pub fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_dress() {
        assert_eq!(camel("requested_amount_yen"), "requestedAmountYen");
        assert_eq!(camel("area_m2"), "areaM2");
        assert_eq!(camel_path("parties[0].birth_date"), "parties[0].birthDate");
        assert_eq!(pascal("approveLoan"), "ApproveLoan");
    }
}
