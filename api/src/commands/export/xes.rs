//! IEEE 1849 event stream: one trace a case.

use std::io::{self, Write};

use super::trace::{Step, Trace};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <classifier name="Activity" keys="concept:name"/>
"#;

/// Writes what stands before the first trace.
pub fn head(out: &mut impl Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())
}

/// Writes one case.
pub fn write(out: &mut impl Write, trace: &Trace) -> io::Result<()> {
    writeln!(out, "  <trace>")?;
    let attributes = [
        ("concept:name", trace.id.as_str()),
        ("institution", &trace.institution),
        ("branch", &trace.branch),
        ("product", trace.product),
        ("purpose", trace.purpose),
        ("stage", trace.stage),
    ];
    for (key, value) in attributes {
        string(out, "    ", key, value)?;
    }
    for step in &trace.steps {
        event(out, step)?;
    }
    writeln!(out, "  </trace>")
}

/// Writes what stands behind the last trace.
pub fn tail(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</log>")
}

fn event(out: &mut impl Write, step: &Step) -> io::Result<()> {
    writeln!(out, "    <event>")?;
    writeln!(out, "      <date key=\"time:timestamp\" value=\"{}\"/>", super::instant(step.at))?;
    let (track, key) = step.track.as_ref().map_or(("", ""), |(track, key)| (track, key));
    let attributes = [
        ("concept:name", step.activity.as_str()),
        ("org:resource", step.role),
        ("org:role", step.role),
        ("lifecycle:transition", "complete"),
        ("row", &step.row),
        ("from", step.from),
        ("to", step.to),
        ("track", track),
        ("track_key", key),
    ];
    for (key, value) in attributes.into_iter().filter(|(_, value)| !value.is_empty()) {
        string(out, "      ", key, value)?;
    }
    writeln!(out, "    </event>")
}

fn string(out: &mut impl Write, indent: &str, key: &str, value: &str) -> io::Result<()> {
    writeln!(out, "{indent}<string key=\"{key}\" value=\"{}\"/>", escaped(value))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
