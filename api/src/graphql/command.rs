//! From the arguments of a mutation to a command: keys back to `snake_case` through the schema, every fault at once.

use super::model::{is_required, kind_of, properties, resolve};
use super::names::{camel, camel_path};
use chrono::{DateTime, NaiveDate};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use workflows::Form;
use workflows::machine::{Command, Verb};
use workflows::product::ClockTime;

/// A value that can never be right, with the path of the argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub rule: String,
    pub ja: String,
    pub en: String,
    pub accepted: String,
}

impl Problem {
    fn shape(field: &str, rule: &str, ja: &str, en: &str, accepted: impl Into<String>) -> Self {
        Problem {
            field: field.into(),
            rule: rule.into(),
            ja: ja.into(),
            en: en.into(),
            accepted: accepted.into(),
        }
    }
}

impl From<workflows::Problem> for Problem {
    /// The refusal of a rule; its field stays as it is.
    fn from(problem: workflows::Problem) -> Self {
        Problem {
            field: problem.field,
            rule: problem.rule.to_owned(),
            ja: problem.message_ja,
            en: problem.message_en,
            accepted: problem.accepted,
        }
    }
}

/// The JSON schema of all commands, and the part of each verb.
pub struct Commands {
    pub root: Value,
    pub of: BTreeMap<&'static str, Value>,
}

/// The shapes of all commands.
pub static COMMANDS: LazyLock<Commands> = LazyLock::new(|| {
    let root = schemars::schema_for!(Command).to_value();
    let mut of = BTreeMap::new();
    for part in root.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        let code = part.pointer("/properties/verb/const").and_then(Value::as_str);
        if let Some(verb) = code.and_then(Verb::parse) {
            of.insert(verb.code(), part.clone());
        }
    }
    Commands { root, of }
});

/// The command of a verb from its arguments in `camelCase`. Errors: everything that can never be right.
pub fn command(verb: Verb, arguments: &Map<String, Value>) -> Result<Command, Vec<Problem>> {
    let Some(schema) = COMMANDS.of.get(verb.code()) else {
        return Err(vec![Problem::shape(
            "",
            "COMMAND",
            "この操作はありません。",
            "There is no such command.",
            "",
        )]);
    };
    let mut back = Back { root: &COMMANDS.root, problems: vec![] };
    let mut value = back.object(schema, arguments, "");
    back.problems.extend(super::never::identification(arguments));
    if let Some(form) = value.get("form")
        && let Err(found) = Form::parse(form)
    {
        let told = |problem: workflows::Problem| {
            let field = below("form", &camel_path(&problem.field));
            Problem { field, ..Problem::from(problem) }
        };
        back.problems.extend(found.into_iter().map(told));
    }
    if !back.problems.is_empty() {
        return Err(back.problems);
    }
    value.insert("verb".to_owned(), json!(verb.code()));
    serde_json::from_value(Value::Object(value)).map_err(|error| {
        tracing::info!(%error, %verb, "a command that its own schema accepts does not read");
        vec![unreadable()]
    })
}

/// The input of a query from its argument in `camelCase`. `schema`: the JSON schema of the type. Errors: everything that can
/// never be right, with its path below `path`.
pub fn input<T: DeserializeOwned>(schema: &Value, argument: &Value, path: &str) -> Result<T, Vec<Problem>> {
    let mut back = Back { root: schema, problems: vec![] };
    let value = back.value(schema, argument, path);
    if !back.problems.is_empty() {
        return Err(back.problems);
    }
    serde_json::from_value(value).map_err(|error| {
        tracing::info!(%error, path, "an input that its own schema accepts does not read");
        vec![unreadable()]
    })
}

fn unreadable() -> Problem {
    let (ja, en) = ("入力の形が正しくありません。", "The input has the wrong shape.");
    Problem::shape("", "COMMAND-SHAPE", ja, en, "")
}

/// The arguments of a command, as the API takes them: for clients inside the workspace that hold a form in `snake_case`.
pub fn to_camel(value: &Value) -> Value {
    super::names::camel_keys(value)
}

fn below(path: &str, key: &str) -> String {
    match (path.is_empty(), key.is_empty()) {
        (true, _) => key.to_owned(),
        (_, true) => path.to_owned(),
        _ => format!("{path}.{key}"),
    }
}

struct Back<'r> {
    root: &'r Value,
    problems: Vec<Problem>,
}

impl Back<'_> {
    fn object(&mut self, schema: &Value, from: &Map<String, Value>, path: &str) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, property) in properties(schema).filter(|(key, _)| *key != "verb") {
            let name = camel(key);
            let path = below(path, &name);
            let form = path == "form";
            let needed = is_required(schema, key);
            match from.get(&name) {
                None | Some(Value::Null) if needed => self.missing(&path),
                // An absent value and null mean the same: the default.
                None | Some(Value::Null) => {}
                Some(value) if form => drop(out.insert(key.clone(), self.form(property, value))),
                Some(value) => drop(out.insert(key.clone(), self.value(property, value, &path))),
            }
        }
        out
    }

    fn missing(&mut self, path: &str) {
        self.problems.push(Problem::shape(
            path,
            "FORM-MISSING",
            "必須の項目がありません。",
            "A required field is missing.",
            "a value",
        ));
    }

    /// A form is only renamed: [`Form::parse`] judges it as a whole.
    fn form(&mut self, schema: &Value, value: &Value) -> Value {
        renamed(schema, value)
    }

    fn value(&mut self, schema: &Value, value: &Value, path: &str) -> Value {
        let (schema, _, _) = resolve(self.root, schema);
        match (kind_of(schema), value) {
            ("object", Value::Object(map)) => Value::Object(self.object(schema, map, path)),
            ("array", Value::Array(items)) => {
                let item = schema.get("items").unwrap_or(&Value::Null);
                let each = items.iter().enumerate();
                Value::Array(
                    each.map(|(at, value)| self.value(item, value, &format!("{path}[{at}]"))).collect(),
                )
            }
            // GraphQL takes one value where a list is asked for.
            ("array", single) => {
                let item = schema.get("items").unwrap_or(&Value::Null);
                Value::Array(vec![self.value(item, single, &format!("{path}[0]"))])
            }
            (kind, value) => {
                self.leaf(kind, schema, value, path);
                value.clone()
            }
        }
    }

    fn leaf(&mut self, kind: &str, schema: &Value, value: &Value, path: &str) {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let found = match (kind, format, value) {
            ("string", "date", value) if !value.as_str().is_some_and(is_date) => (
                "FORM-DATE",
                "存在しない日付です。",
                "There is no such date.",
                "a day as YYYY-MM-DD".to_owned(),
            ),
            ("string", "date-time", value)
                if value.as_str().is_none_or(|text| DateTime::parse_from_rfc3339(text).is_err()) =>
            {
                let accepted = "an instant with offset such as 2025-12-01T09:03:40+09:00".to_owned();
                ("FORM-INSTANT", "日時として読めません。", "This is not an instant.", accepted)
            }
            ("string", "clock", value) if value.as_str().and_then(ClockTime::parse).is_none() => (
                "FORM-TIME",
                "時刻として読めません。",
                "This is not a time of day.",
                "HH:MM（24時間） / HH:MM, 24 hours: 09:30, 14:00".to_owned(),
            ),
            ("string", _, value) if !value.is_string() => {
                ("FORM-TYPE", "値の型が違います。", "The value has the wrong type.", "string".to_owned())
            }
            ("string", _, Value::String(text)) if text.chars().count() > LONGEST => (
                "FORM-LENGTH",
                "文字数が多すぎます。",
                "The text is too long.",
                format!("at most {LONGEST} characters"),
            ),
            // Several lines are fine; what no person types, and what no database takes, is not.
            (_, _, Value::String(text)) if text.chars().any(is_control) => (
                "FORM-TEXT",
                "制御文字が含まれています。",
                "The text contains a control character.",
                "text; line breaks and tabs may stand in it".to_owned(),
            ),
            ("integer", _, value) if !fits(schema, value) => (
                "FORM-RANGE",
                "値が範囲外です。",
                "The number is out of range.",
                "an integer in range".to_owned(),
            ),
            _ => return,
        };
        let (rule, ja, en, accepted) = found;
        self.problems.push(Problem::shape(path, rule, ja, en, accepted));
    }
}

/// The longest text of a command outside the form.
const LONGEST: usize = 2_000;

/// A control character other than a line break or a tab.
pub fn is_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<NaiveDate>().is_ok()
}

fn fits(schema: &Value, value: &Value) -> bool {
    let Some(number) = value.as_i64() else { return false };
    let least = schema.get("minimum").and_then(Value::as_i64).unwrap_or(i64::MIN);
    let most = schema.get("maximum").and_then(Value::as_i64).unwrap_or(i64::MAX);
    let width = match schema.get("format").and_then(Value::as_str) {
        Some("uint8") => 0..=i64::from(u8::MAX),
        Some("uint16") => 0..=i64::from(u16::MAX),
        Some("uint32") => 0..=i64::from(u32::MAX),
        _ => i64::MIN..=i64::MAX,
    };
    (least..=most).contains(&number) && width.contains(&number)
}

/// Keys back to `snake_case`, values untouched.
fn renamed(schema: &Value, value: &Value) -> Value {
    let (schema, _, _) = resolve(&COMMANDS.root, schema);
    match (kind_of(schema), value) {
        ("object", Value::Object(map)) => {
            let known = properties(schema).filter_map(|(key, property)| {
                map.get(&camel(key)).map(|value| (key.clone(), renamed(property, value)))
            });
            Value::Object(known.collect())
        }
        ("array", Value::Array(items)) => {
            let item = schema.get("items").unwrap_or(&Value::Null);
            Value::Array(items.iter().map(|value| renamed(item, value)).collect())
        }
        _ => value.clone(),
    }
}
