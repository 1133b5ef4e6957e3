//! From defaults, a file, the environment and flags to a configuration, or to everything that is wrong with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::reference::{Shape, schema, shape_of};
use super::{Config, Secret};

/// Variables with this prefix belong to the configuration: `YUSHI_MAIL__HOST` is `mail.host`.
const PREFIX: &str = "YUSHI_";
/// Variables with the prefix that are no part of the configuration.
const OTHERS: &[&str] = &["YUSHI_FAILPOINT", "YUSHI_TOKEN"];
/// Prefixes of variables that steer tests.
const OF_TESTS: &[&str] = &["YUSHI_TEST_", "YUSHI_CRASH_", "YUSHI_BENCH_"];

/// Keys of earlier versions, and the key that says the same now. What somebody trusted is never dropped in silence.
const MOVED: &[(&str, &str)] = &[("auth.trusted_proxies", "trusted_proxies")];

/// What the command line sets.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub listen: Option<std::net::SocketAddr>,
    pub database_url: Option<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// `mail.port`; empty for a whole file.
    pub key: String,
    /// Where the value came from.
    pub source: String,
    pub message: String,
    pub accepted: String,
}

impl std::fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = if self.key.is_empty() { "-" } else { &self.key };
        write!(f, "{key}: {} ({}); accepted: {}", self.message, self.source, self.accepted)
    }
}

/// Everything that is wrong, at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigProblems(pub Vec<ConfigProblem>);

/// The configuration of defaults, file, environment and flags. Errors: every problem of shape and range.
pub fn load(
    flags: &Flags,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigProblems> {
    let schema = schema();
    let mut figment = Figment::new();
    let mut problems = vec![];
    if let Some(path) = &flags.config {
        match std::fs::read_to_string(path) {
            Ok(text) => figment = figment.merge(FileText { path, text: &text }),
            Err(error) => {
                problems.push(problem("", &path.display().to_string(), error, "a readable TOML file"))
            }
        }
    }
    for (name, value) in environment {
        let ours = name.starts_with(PREFIX) && !OTHERS.contains(&name.as_str());
        if ours && !OF_TESTS.iter().any(|prefix| name.starts_with(prefix)) {
            figment = figment.merge(Single::variable(&schema, &name, &value));
        }
    }
    if let Some(listen) = flags.listen {
        figment = figment.merge(Single::flag("listen", &listen.to_string()));
    }
    if let Some(url) = &flags.database_url {
        figment = figment.merge(Single::flag("database_url", url));
    }
    let mut config = extract(&figment, &mut problems);
    let whole = serde_json::to_value(&config).unwrap_or_default();
    ranges(&schema, &schema, &whole, "", &mut |key, accepted| {
        let source = source_of(&figment, &key);
        problems.push(problem(&key, &source, "out of range", &accepted));
    });
    if !problems.is_empty() {
        return Err(ConfigProblems(problems));
    }
    if config.database_url.as_ref().is_some_and(|url| url.expose().is_empty()) {
        config.database_url = None;
    }
    Ok(config)
}

/// Reads the merged values; what cannot be read is reported, taken out and read again without.
fn extract(figment: &Figment, problems: &mut Vec<ConfigProblem>) -> Config {
    let mut dict = match figment.data() {
        Ok(mut data) => data.remove(&Profile::Default).unwrap_or_default(),
        Err(error) => {
            for error in error {
                let source = source_name(error.metadata.as_ref());
                problems.push(problem("", &source, &error.kind, "a TOML file"));
            }
            return Config::default();
        }
    };
    loop {
        let error = match Value::from(dict.clone()).deserialize::<Config>() {
            Ok(config) => return config,
            Err(error) => error,
        };
        let mut path = error.path.clone();
        let accepted = match &error.kind {
            Kind::UnknownField(name, known) => {
                if path.last() != Some(name) {
                    path.push(name.clone());
                }
                format!("one of {}", known.join(", "))
            }
            Kind::UnknownVariant(_, known) => format!("one of {}", known.join(", ")),
            Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => wanted.clone(),
            _ => "see `yushi schema config`".to_owned(),
        };
        let key = path.join(".");
        let message = match &error.kind {
            Kind::UnknownField(..) => "there is no such key".to_owned(),
            Kind::InvalidType(..) => "the value has the wrong type".to_owned(),
            kind => kind.to_string(),
        };
        let moved = MOVED.iter().find(|(old, _)| *old == key);
        let (message, accepted) = moved.map_or((message, accepted), |(_, new)| {
            let variable = format!("{PREFIX}{}", new.to_ascii_uppercase().replace('.', "__"));
            (format!("the key has moved to `{new}`, which says the same"), format!("`{new}`, or {variable}"))
        });
        problems.push(problem(&key, &source_of(figment, &key), message, &accepted));
        if !take_out(&mut dict, &path) {
            return Config::default();
        }
    }
}

fn take_out(dict: &mut Dict, path: &[String]) -> bool {
    match path {
        [] => false,
        [last] => dict.remove(last).is_some(),
        [first, rest @ ..] => match dict.get_mut(first) {
            Some(Value::Dict(_, inner)) => take_out(inner, rest),
            Some(_) => dict.remove(first).is_some(),
            None => false,
        },
    }
}

/// Numbers against the `minimum` and `maximum` of the schema, so that a range is written once.
fn ranges(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    value: &serde_json::Value,
    key: &str,
    found: &mut impl FnMut(String, String),
) {
    let schema = super::reference::resolve(root, schema);
    if let Some(properties) = schema["properties"].as_object() {
        for (name, inner) in properties {
            let path = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            ranges(root, inner, &value[name], &path, found);
        }
    }
    if let Some(number) = value.as_i64() {
        let (low, high) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
            let end = |limit: Option<i64>| limit.map(|l| l.to_string()).unwrap_or_default();
            found(key.to_owned(), format!("{} to {}", end(low), end(high)));
        }
    }
}

pub(super) fn problem(
    key: &str,
    source: &str,
    message: impl std::fmt::Display,
    accepted: &str,
) -> ConfigProblem {
    ConfigProblem {
        key: key.to_owned(),
        source: source.to_owned(),
        message: message.to_string(),
        accepted: accepted.to_owned(),
    }
}

fn source_of(figment: &Figment, key: &str) -> String {
    source_name(figment.find_metadata(key))
}

fn source_name(metadata: Option<&Metadata>) -> String {
    metadata.map_or_else(|| "default".to_owned(), |metadata| metadata.name.to_string())
}

/// A configuration file.
struct FileText<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Provider for FileText<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("file {}", self.path.display()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Toml::string(self.text).data()
    }
}

/// One value of the environment or the command line; each is a source of its own, so that problems can name it.
struct Single {
    name: String,
    path: Vec<String>,
    value: Value,
}

impl Single {
    fn variable(schema: &serde_json::Value, name: &str, text: &str) -> Self {
        let key = name.trim_start_matches(PREFIX).to_ascii_lowercase();
        let path: Vec<String> = key.split("__").map(str::to_owned).collect();
        let value = match shape_of(schema, &path) {
            Some(Shape::Text) => Value::from(text),
            Some(Shape::Texts) => Value::from(
                text.split(',')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            ),
            // Numbers and switches; figment's reading of a text never fails.
            Some(Shape::Other) | None => text.parse().unwrap_or_else(|never| match never {}),
        };
        Self { name: format!("environment variable {name}"), path, value }
    }

    fn flag(key: &str, text: &str) -> Self {
        let name = format!("flag --{}", key.replace('_', "-"));
        Self { name, path: vec![key.to_owned()], value: Value::from(text) }
    }
}

impl Provider for Single {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut value = self.value.clone();
        for part in self.path.iter().skip(1).rev() {
            value = Value::from(Dict::from([(part.clone(), value)]));
        }
        let first = self.path.first().cloned().unwrap_or_default();
        Ok(BTreeMap::from([(Profile::Default, Dict::from([(first, value)]))]))
    }
}

impl Config {
    /// The database address. Errors: it is not set.
    pub fn database(&self) -> Result<&Secret, ConfigProblems> {
        self.database_url.as_ref().ok_or_else(|| {
            let accepted = "postgres://user:password@host/name or sqlite://file";
            ConfigProblems(vec![problem("database_url", "default", "a value is required", accepted)])
        })
    }
}
