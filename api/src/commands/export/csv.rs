//! One event a line, with the column names that process-mining tools know.

use std::io::{self, Write};

use super::trace::Trace;

/// The header line.
pub const HEADER: &str = "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition,row,from,to,track,\
track_key,case:institution,case:branch,case:product,case:purpose";

/// Writes the events of a case.
pub fn write(out: &mut impl Write, trace: &Trace) -> io::Result<()> {
    for step in &trace.steps {
        let (track, key) = step.track.as_ref().map_or(("", ""), |(track, key)| (track, key));
        let at = super::instant(step.at);
        let fields = [
            &trace.id,
            &step.activity,
            at.as_str(),
            step.role,
            "complete",
            &step.row,
            step.from,
            step.to,
            track,
            key,
            &trace.institution,
            &trace.branch,
            trace.product,
            trace.purpose,
        ];
        let line: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        writeln!(out, "{}", line.join(","))?;
    }
    Ok(())
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
