//! The pages for partners' engineers do what they say: their examples run against a real server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const YUSHI: &str = env!("CARGO_BIN_EXE_yushi");

/// Each page, and how far the walk goes before it. Core banking is the last: its walk moves the clock to the day.
const PAGES: &[(&str, Option<&str>)] = &[
    ("guarantor", Some("asked")),
    ("member-org", Some("asked")),
    ("insurer", Some("passed")),
    ("scrivener", Some("instructed")),
    ("registry", None),
    ("fire-insurer", None),
    ("core-banking", Some("ordered")),
];

fn docs(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(below)
}

/// A step of an example: what runs, and what its output must hold.
#[derive(Debug, PartialEq)]
struct Step {
    script: String,
    holds: Vec<String>,
}

/// The steps of the page's one example.
fn steps(page: &str) -> Vec<Step> {
    let block = page.split("```bash\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let mut steps = vec![Step { script: String::new(), holds: vec![] }];
    for line in block.lines() {
        let last = steps.last_mut().expect("never empty");
        match line.strip_prefix("#> ") {
            Some(text) => last.holds.push(text.to_owned()),
            None if last.holds.is_empty() => last.script.extend([line, "\n"]),
            None => steps.push(Step { script: format!("{line}\n"), holds: vec![] }),
        }
    }
    steps
}

/// Runs an example. Errors: what a step printed instead of what the page says.
fn run(url: &str, page: &str) -> Result<usize, String> {
    const MARK: &str = "---- step ----";
    let steps = steps(page);
    let script: String = steps.iter().map(|step| format!("{}echo '{MARK}'\n", step.script)).collect();
    let output =
        Command::new("bash").arg("-c").arg(&script).env("YUSHI_URL", url).output().expect("bash and curl");
    let said = String::from_utf8_lossy(&output.stdout);
    let parts: Vec<&str> = said.split(MARK).collect();
    let mut held = 0;
    for (step, part) in steps.iter().zip(&parts) {
        for text in &step.holds {
            if !part.contains(text.as_str()) {
                let told = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{}\nwanted: {text}\nprinted: {part}\n{told}", step.script));
            }
            held += 1;
        }
    }
    Ok(held)
}

struct Demo {
    child: Child,
    url: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn demo(data: &Path) -> Demo {
    let mut command = Command::new(YUSHI);
    command.args([
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--json",
        "--no-partners",
        "--clock",
        "2026-04-06T01:00:00Z",
        "--data",
    ]);
    let mut child = command.arg(data).stdout(Stdio::piped()).spawn().expect("yushi starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    Demo { child, url: told["url"].as_str().expect("url").to_owned() }
}

#[test]
fn the_examples_of_the_pages_run() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let demo = demo(&data);
    for (name, until) in PAGES {
        if let Some(until) = until {
            let mut walk = Command::new("bash");
            walk.arg(docs("walk/walk.sh")).arg(&demo.url).arg(&data).arg(YUSHI).env("WALK_UNTIL", until);
            let walked = walk.output().expect("bash and curl");
            let said = [walked.stdout, walked.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            assert!(walked.status.success(), "{name}: the walk until {until}: {} {}", said[0], said[1]);
        }
        let page = std::fs::read_to_string(docs(&format!("partners/{name}.md"))).expect("page");
        let held = run(&demo.url, &page).unwrap_or_else(|error| panic!("{name}.md: {error}"));
        println!("{name}.md: {held} answers as the page says");
        assert!(held >= 1, "{name}");
        // A page that lies is found.
        let lie = page.replacen("#> ", "#> this is in no answer ", 1);
        assert!(run(&demo.url, &lie).is_err(), "{name}");
    }
}

#[test]
fn a_page_is_read_as_steps() {
    let page = "text\n```bash\na=1\necho $a\n#> 1\n#> x\n\necho 2\n#> 2\n```\n";
    let step = |script: &str, holds: &[&str]| Step {
        script: script.to_owned(),
        holds: holds.iter().map(|text| (*text).to_owned()).collect(),
    };
    assert_eq!(steps(page), [step("a=1\necho $a\n", &["1", "x"]), step("\necho 2\n", &["2"])]);
}

#[test]
fn every_partner_has_a_page_with_what_it_may_answer() {
    let generated = docs("generated/partners");
    let mut seen = 0;
    for role in std::fs::read_dir(&generated).expect("schemas").flatten() {
        let name = role.file_name().to_string_lossy().into_owned();
        let page =
            std::fs::read_to_string(docs(&format!("partners/{name}.md"))).expect("a page for the role");
        for schema in std::fs::read_dir(role.path()).expect("schemas").flatten() {
            let file = schema.file_name().to_string_lossy().into_owned();
            let word = file.split('.').next().expect("a name");
            assert!(page.contains(word), "{name}.md says nothing of {word}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}
