//! The program from outside: every kept request is set, and two readers of PDF that share no code find in it what was asked.
//!
//! The requests in `tests/requests` are what the stories of the machine say; `workflows/tests/machine/letters.rs` keeps them so and
//! compares their schedules with the engine's. Readers: poppler (`pdftotext`, `pdffonts`, `pdfinfo`), MuPDF (`mutool`), qpdf.

use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup letters installs it"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn set(request: &Value) -> Output {
    run(env!("CARGO_BIN_EXE_yushi-letters"), &[], request.to_string().as_bytes())
}

/// The document of a request in a file of its own.
struct Document(PathBuf);

impl Document {
    fn of(name: &str, request: &Value) -> Document {
        let output = set(request);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty() && output.stdout.starts_with(b"%PDF-1.7"), "{name}");
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
        std::fs::write(&file, &output.stdout).unwrap();
        Document(file)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read_by(&self, program: &str, arguments: &[&str]) -> String {
        let output = run(program, arguments, b"");
        assert!(
            output.status.success(),
            "{program} {}: {}",
            self.path(),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The text as each reader finds it.
    fn read(&self) -> [(&'static str, String); 2] {
        let poppler = self.read_by("pdftotext", &["-raw", self.path(), "-"]);
        let mupdf = self.read_by("mutool", &["draw", "-q", "-F", "txt", self.path()]);
        [("poppler", poppler), ("mupdf", mupdf)]
    }

    /// The same without blanks.
    fn texts(&self) -> [(&'static str, String); 2] {
        self.read().map(|(reader, text)| (reader, bare(&text)))
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn requests() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/requests");
    let mut found: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() >= 11, "{} requests", found.len());
    found
}

fn request(name: &str) -> Value {
    requests().into_iter().find(|(found, _)| found == name).unwrap().1
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Words of a text, each between two blanks.
fn worded(text: &str) -> String {
    format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lines of the schedules of a request that a text does not hold as they stand: rows in their order, then the sums.
fn lost(request: &Value, text: &str) -> Vec<String> {
    let text = worded(text);
    let mut lost = vec![];
    for loan in request["letter"]["loans"].as_array().unwrap() {
        let bonus = loan["totals"]["bonus"] != "0";
        let yen = |value: &Value| grouped(value.as_str().unwrap());
        let mut from = 0;
        for row in loan["rows"].as_array().unwrap() {
            let due = row["due"].as_str().unwrap().replace('-', "/");
            let mut words = vec![row["number"].to_string(), due];
            words.extend(["payment", "principal", "interest"].map(|part| yen(&row[part])));
            if bonus {
                words.push(if row["bonus"] == "0" { "–".to_owned() } else { yen(&row["bonus"]) });
            }
            words.push(yen(&row["balance"]));
            let line = worded(&words.join(" "));
            match text[from..].find(&line) {
                // The last blank is the first one of the next row.
                Some(at) => from += at + line.len() - 1,
                None => lost.push(line),
            }
        }
        let totals = &loan["totals"];
        let parts = ["payment", "principal", "interest", "bonus"];
        let sums: Vec<String> =
            parts[..if bonus { 4 } else { 3 }].iter().map(|part| yen(&totals[*part])).collect();
        let sums = worded(&sums.join(" "));
        if !text[from..].contains(&sums) {
            lost.push(sums);
        }
    }
    lost
}

#[test]
fn every_letter_is_set_alike_each_time_with_its_fonts_inside() {
    let mut kinds = std::collections::BTreeSet::new();
    for (name, request) in requests() {
        kinds.insert(request["letter"]["kind"].as_str().unwrap().to_owned());
        let (first, second) = (set(&request), set(&request));
        assert!(first.status.success(), "{name}: {}", String::from_utf8_lossy(&first.stderr));
        assert!(first.stdout == second.stdout, "{name}: the same request, other bytes");
        let document = Document::of(&name, &request);
        let fonts = document.read_by("pdffonts", &[document.path()]);
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!fonts.is_empty(), "{name}: no font");
        for font in fonts {
            let flags: Vec<&str> = font.split_whitespace().rev().skip(2).take(3).collect();
            assert_eq!(
                flags,
                ["yes", "yes", "yes"],
                "{name}: embedded, a subset, with a map to Unicode: {font}"
            );
        }
        document.read_by("qpdf", &["--check", document.path()]);
        for (reader, text) in document.texts() {
            let number = bare(request["head"]["reference"].as_str().unwrap());
            let addressee = bare(request["head"]["addressee"]["name"].as_str().unwrap());
            assert!(text.contains(&number) && text.contains(&addressee), "{name} by {reader}");
        }
    }
    assert_eq!(kinds.len(), 6, "{kinds:?}");
}

/// The marks of PDF/A-2a and PDF/UA-1. The exporter refuses what it knows to break either; a validator of others was not at hand.
#[test]
fn letters_say_that_they_are_for_the_archive_and_for_screen_readers() {
    for (name, request) in requests() {
        let document = Document::of(&format!("marks-{name}"), &request);
        let raw = String::from_utf8_lossy(&std::fs::read(&document.0).unwrap()).into_owned();
        for mark in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
            assert!(raw.contains(mark), "{name}: {mark}");
        }
        let plain = document.read_by("qpdf", &["--qdf", "--object-streams=disable", document.path(), "-"]);
        for mark in ["/GTS_PDFA1", "/Marked true", "/StructTreeRoot", "/Lang (", "/DisplayDocTitle true"] {
            assert!(plain.contains(mark), "{name}: {mark}");
        }
        assert!(!plain.contains("/JavaScript") && !plain.contains("/EmbeddedFile"), "{name}: nothing active");
        let issued: String = request["head"]["issued_on"].as_str().unwrap().split('-').collect();
        assert!(
            plain.contains(&format!("/CreationDate (D:{issued}")),
            "{name}: the date of the letter, not of a clock"
        );
    }
}

#[test]
fn both_readers_find_every_row_and_sum_of_a_schedule() {
    let mut rows = 0;
    for (name, request) in
        requests().into_iter().filter(|(_, request)| request["letter"]["kind"] == "SCHEDULE")
    {
        let document = Document::of(&format!("rows-{name}"), &request);
        for (reader, text) in document.read() {
            assert_eq!(lost(&request, &text), Vec::<String>::new(), "{name} by {reader}");
            // Seeded: another sum, and another figure in the middle.
            let mut other = request.clone();
            other["letter"]["loans"][0]["totals"]["interest"] = json!("1");
            assert_eq!(lost(&other, &text).len(), 1, "{name} by {reader}: a wrong total was not found");
            let mut other = request.clone();
            other["letter"]["loans"][0]["rows"][200]["principal"] = json!("1");
            assert_eq!(lost(&other, &text).len(), 1, "{name} by {reader}: a wrong row was not found");
        }
        rows += request["letter"]["loans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|loan| loan["rows"].as_array().unwrap().len())
            .sum::<usize>();
        // The head of the table is on every page.
        let pages = document.read_by("pdfinfo", &[document.path()]);
        let pages: usize =
            pages.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
        assert!(pages > 5, "{name}: {pages} pages");
        let (head, last) = match request["language"].as_str() {
            Some("ja") => ("残高（円）", format!("{pages}/{pages}")),
            _ => ("Balance(JPY)", format!("{pages}/{pages}")),
        };
        let text = &document.texts()[0].1;
        assert!(text.matches(head).count() >= pages - 1 && text.contains(&last), "{name}: {pages} pages");
    }
    println!("rows read twice: {rows}");
    assert!(rows >= 3 * 420, "{rows}");
}

#[test]
fn a_refusal_gives_no_reason() {
    for (name, words) in [("decline", "ご希望に添いかねる"), ("decline-en", "notabletomeetyourwish")]
    {
        let document = Document::of(&format!("words-{name}"), &request(name));
        for (reader, text) in document.texts() {
            assert!(text.contains(words), "{name} by {reader}: {text}");
            for reason in
                ["保証会社", "信用情報", "延滞", "年収", "審査の内容", "guarantor", "bureau", "income"]
            {
                assert!(!text.contains(reason), "{name} by {reader}: {reason}");
            }
        }
    }
}

#[test]
fn an_appointment_says_when_and_where_as_far_as_it_is_agreed() {
    let open = ["お時間", "下記の場所", "placebelow", "18:30"];
    for (name, words, others) in [
        ("appointment", &["ご来店くださいますよう", "場所中央労金市原"][..], &open[..]),
        ("appointment-agreed", &["下記の場所までお越しください", "お時間18:30", "場所市原支店2階相談室"], &["ご来店"]),
        ("appointment-agreed-en", &["placebelow", "Time18:30", "Place市原支店2階相談室"], &["tothebranch"]),
    ] {
        let document = Document::of(&format!("meeting-{name}"), &request(name));
        for (reader, text) in document.texts() {
            for word in words {
                assert!(text.contains(word), "{name} by {reader}: no {word} in {text}");
            }
            for other in others {
                assert!(!text.contains(other), "{name} by {reader}: {other} in {text}");
            }
        }
    }
}

fn refusal(request: &Value) -> (Option<i32>, Value, String) {
    let output = set(request);
    assert!(output.stdout.is_empty(), "no document");
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), serde_json::from_str(&said).unwrap(), said)
}

#[test]
fn what_contradicts_itself_is_refused_by_field_and_nothing_of_it_is_repeated() {
    let sound = request("schedule");
    let with = |path: &str, value: Value| {
        let mut request = sound.clone();
        *request.pointer_mut(path).unwrap() = value;
        refusal(&request)
    };
    for (path, value, field) in [
        ("/letter/loans/0/totals/payment", json!("1"), "letter.loans[0].totals.payment"),
        ("/letter/loans/0/rows/7/balance", json!("1"), "letter.loans[0].rows[7].balance"),
        ("/letter/loans/0/amount", json!("35,000,000"), "letter"),
        ("/head/issued_on", json!("2026-02-30"), "head.issued_on"),
        ("/head/addressee/name", json!("見本\n花子"), "head.addressee.name"),
        ("/head/addressee/name", json!("見本\u{202e}花子"), "head.addressee.name"),
        ("/head/bank", json!(7), "head.bank"),
        ("/format", json!(2), "format"),
        ("/language", json!("fr"), "language"),
    ] {
        let (code, said, text) = with(path, value);
        let found = said["problems"][0]["field"].as_str().unwrap_or_default();
        assert_eq!((code, found), (Some(2), field), "{path}: {text}");
        assert!(!text.contains("見本") && said["problems"][0]["accepted"] != "", "{text}");
    }
    let mut reasoned = request("decline");
    reasoned["letter"]["reason"] = json!("保証会社の謝絶");
    let (code, _, text) = refusal(&reasoned);
    assert_eq!(code, Some(2));
    assert!(!text.contains("謝絶"), "{text}");
    for garbage in [&b""[..], b"{}", b"\xff\xfe", b"[]", &vec![b'['; 3 * 1024 * 1024]] {
        let output = run(env!("CARGO_BIN_EXE_yushi-letters"), &[], garbage);
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn names_are_printed_as_they_are_written() {
    let names = ["髙﨑 𠮷德", "渡邉 邊子", "葛\u{e0100}城 薫", "邉\u{e0100}"];
    for (at, name) in names.iter().enumerate() {
        let mut request = request("decline");
        request["head"]["addressee"]["name"] = json!(name);
        let document = Document::of(&format!("name-{at}"), &request);
        let poppler = bare(&document.read_by("pdftotext", &["-raw", document.path(), "-"]));
        assert!(poppler.contains(&bare(name)), "{name}: {poppler}");
    }
    // A form of a character, and a character, that no font has: the code stands there and nothing else.
    for (name, shown) in [("葛\u{e01ef}", "葛U+E01EF様"), ("\u{323b8}田", "U+323B8田様")] {
        let mut request = request("decline");
        request["head"]["addressee"]["name"] = json!(name);
        let document = Document::of("absent", &request);
        for (reader, text) in document.texts() {
            assert!(text.contains(shown), "{name} by {reader}: {text}");
        }
    }
}

#[test]
fn missing_fonts_are_said_loudly_and_by_name() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let program = env!("CARGO_BIN_EXE_yushi-letters");
    for arguments in [&["--fonts", folder, "--check"][..], &["--fonts", folder]] {
        let output = run(program, arguments, request("decline").to_string().as_bytes());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        for word in
            ["BIZUDPGothic-Regular.ttf", "NotoSansCJK-Bold.ttc", "fonts-morisawa-bizud-gothic", folder]
        {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
    let checked = run(program, &["--check"], b"");
    let said: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!((&said["format"], said["fonts"].as_array().map(Vec::len)), (&json!(1), Some(6)));
}
