//! `yushi export`: the history of all cases for process mining, without personal data.

pub mod csv;
pub mod ocel;
pub mod trace;
pub mod xes;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use db::read::{Filter, Sort};
use db::{Scope, Store};
use workflows::machine::{Actor, Role, Table};

use self::trace::{Trace, trace};
use super::{Done, Failure, place};
use crate::cli::{ExportArgs, ExportFormat};

/// Cases and entries read at once.
const PAGE: u32 = 100;

/// An instant as all formats write it.
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes the file; it takes its name when it is whole.
pub async fn run(args: &ExportArgs) -> Done {
    let (store, _) = place::open(&args.at).await?;
    let mut partial = args.output.clone().into_os_string();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let failed = |error: io::Error| Failure::file(&args.output, &error);
    let mut writer = Writer::new(args.format, File::create(partial).map_err(failed)?).map_err(failed)?;
    let cases = all(&store, &mut writer, &args.output).await?;
    writer.finish().map_err(failed)?;
    std::fs::rename(partial, &args.output).map_err(failed)?;
    tracing::info!(cases, file = %args.output.display(), "exported");
    Ok(())
}

/// Hands every case to the writer, once; how many there were.
async fn all(store: &Store, writer: &mut Writer, output: &Path) -> Result<usize, Failure> {
    let scope = Scope::of(&Actor::internal(Role::System));
    let table = Table::default();
    // A case that moves during the export comes up again at the end of the list.
    let mut seen = HashSet::new();
    let mut after: Option<String> = None;
    let read = |error: db::StoreError| place::database(&error);
    loop {
        let page = store
            .list(&scope, &Filter::default(), Sort::UpdatedAsc, after.as_deref(), PAGE)
            .await
            .map_err(read)?;
        for row in page.items {
            if !seen.insert(row.id.clone()) {
                continue;
            }
            if let Some(trace) = case(store, &scope, &row.id, &table).await.map_err(read)? {
                writer.write(&trace).map_err(|error| Failure::file(output, &error))?;
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(seen.len());
        }
    }
}

async fn case(store: &Store, scope: &Scope, id: &str, table: &Table) -> db::Result<Option<Trace>> {
    let Some(case) = store.case(scope, id).await? else { return Ok(None) };
    let mut entries = vec![];
    loop {
        let after = entries.last().map_or(0, |entry: &workflows::machine::Entry| entry.version);
        let page = store.entries(scope, id, after, PAGE).await?;
        let last = page.len() < PAGE as usize;
        entries.extend(page.into_iter().filter(|entry| entry.version <= case.version));
        if last || entries.last().is_none_or(|entry| entry.version >= case.version) {
            return Ok(Some(trace(&case, &entries, table)));
        }
    }
}

/// The file in the making. Objects and events of OCEL stand in two lists: the second waits in a file of its own.
pub struct Writer {
    format: ExportFormat,
    out: BufWriter<File>,
    waiting: Option<BufWriter<File>>,
    first: bool,
    first_event: bool,
}

impl Writer {
    /// Begins a file. Errors: the disk.
    pub fn new(format: ExportFormat, file: File) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        let mut waiting = None;
        match format {
            ExportFormat::Csv => writeln!(out, "{}", csv::HEADER)?,
            ExportFormat::Xes => xes::head(&mut out)?,
            ExportFormat::Ocel2 => {
                ocel::head(&mut out)?;
                out.write_all(b"\"objects\":[")?;
                waiting = Some(BufWriter::new(tempfile::tempfile()?));
            }
        }
        Ok(Self { format, out, waiting, first: true, first_event: true })
    }

    /// Adds a case. Errors: the disk.
    pub fn write(&mut self, trace: &Trace) -> io::Result<()> {
        match self.format {
            ExportFormat::Csv => csv::write(&mut self.out, trace),
            ExportFormat::Xes => xes::write(&mut self.out, trace),
            ExportFormat::Ocel2 => {
                listed(&mut self.out, &ocel::objects(trace), &mut self.first)?;
                match &mut self.waiting {
                    Some(waiting) => listed(waiting, &ocel::events(trace), &mut self.first_event),
                    None => Ok(()),
                }
            }
        }
    }

    /// Ends the file. Errors: the disk.
    pub fn finish(mut self) -> io::Result<()> {
        match self.format {
            ExportFormat::Csv => {}
            ExportFormat::Xes => xes::tail(&mut self.out)?,
            ExportFormat::Ocel2 => {
                self.out.write_all(b"],\n\"events\":[")?;
                if let Some(waiting) = self.waiting.take() {
                    let mut events = waiting.into_inner().map_err(io::IntoInnerError::into_error)?;
                    events.rewind()?;
                    io::copy(&mut events.take(u64::MAX), &mut self.out)?;
                }
                self.out.write_all(b"]}\n")?;
            }
        }
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }
}

fn listed(out: &mut impl Write, values: &[serde_json::Value], first: &mut bool) -> io::Result<()> {
    for value in values {
        let before = if std::mem::take(first) { "\n" } else { ",\n" };
        write!(out, "{before}{value}")?;
    }
    Ok(())
}
