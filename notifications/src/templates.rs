//! Templates of a bank's own, from files, instead of those that are compiled in: read and checked before the first notice.
//!
//! The folder holds `BANK/NOTICE/LANGUAGE/{subject.txt,body.txt,body.html}`, such as `2950/N03/ja/body.txt`. A notice that a bank words
//! itself is there whole, in both languages: half a translation is found at the start and not by a customer.

use crate::Bank;
use crate::render::{Audience, Language, Renderer, SOURCES};
use chrono::NaiveDate;
use minijinja::Environment;
use std::collections::BTreeMap;
use std::path::Path;
use workflows::machine::{NoticeData, NoticeFact, NoticeId, NoticeValue};

/// The files of a notice in one language.
const FILES: &[&str] = &["subject.txt", "body.txt", "body.html"];

/// What a template may ask for.
const KNOWN: &[&str] = &[
    "title",
    "number",
    "stage",
    "stage_ja",
    "stage_en",
    "addressee",
    "audience",
    "on",
    "until",
    "items",
    "facts",
    "bank_ja",
    "bank_en",
];

/// What a subject may not: it stands in lists and on screens that others see.
const NOT_IN_SUBJECTS: &[&str] = &["addressee", "items", "facts"];

/// Words of a screening, of a health declaration or of a list search: none reaches a customer (INV-7).
pub const SCREENING: &[&str] = &[
    "信用情報",
    "延滞情報",
    "反社",
    "否決",
    "謝絶",
    "返済比率",
    "返済負担率",
    "スコアリング",
    "ブラックリスト",
    "保証否認",
    "告知内容",
    "病歴",
    "credit bureau",
    "credit score",
    "credit history",
    "blacklist",
    "anti-social",
    "antisocial",
    "debt ratio",
    "because your income",
    "reason for the refusal",
    "reason for refusal",
    "declined because",
    "refused because",
    "medical history",
];

/// Something wrong with a template, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Path below the folder.
    pub file: String,
    /// Line from 1; 0 where it is about the file as a whole.
    pub line: usize,
    pub ja: String,
    /// What is wrong, and what would be accepted.
    pub en: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {} / {}", self.file, self.line, self.ja, self.en)
    }
}

/// Checked templates by their path below the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    pub(crate) files: BTreeMap<String, String>,
}

impl Overrides {
    /// Reads and checks a folder. Errors: everything that is wrong in it.
    pub fn read(folder: &Path) -> Result<Overrides, Vec<Finding>> {
        let mut files = BTreeMap::new();
        let mut found = vec![];
        collect(folder, folder, &mut files, &mut found);
        Overrides::checked(files, found)
    }

    /// The same of texts by their paths.
    pub fn of(files: BTreeMap<String, String>) -> Result<Overrides, Vec<Finding>> {
        Overrides::checked(files, vec![])
    }

    fn checked(files: BTreeMap<String, String>, mut found: Vec<Finding>) -> Result<Overrides, Vec<Finding>> {
        for (file, text) in &files {
            place(file, &files, &mut found);
            content(file, text, &mut found);
        }
        let overrides = Overrides { files };
        if found.is_empty() {
            found = rendered(&overrides);
        }
        found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        if found.is_empty() { Ok(overrides) } else { Err(found) }
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>, found: &mut Vec<Finding>) {
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let unread = |path: &Path, error: std::io::Error| Finding {
        file: name(path),
        line: 0,
        ja: format!("読めません（{}）。", error.kind()),
        en: format!("cannot be read ({}); a folder or a text file in UTF-8 is accepted", error.kind()),
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return found.push(unread(folder, error)),
    };
    for entry in entries {
        match entry {
            Ok(entry) if entry.path().is_dir() => collect(root, &entry.path(), files, found),
            Ok(entry) => match std::fs::read_to_string(entry.path()) {
                Ok(text) => drop(files.insert(name(&entry.path()), text)),
                Err(error) => found.push(unread(&entry.path(), error)),
            },
            Err(error) => found.push(unread(folder, error)),
        }
    }
}

/// The path itself, and what must stand beside it.
fn place(file: &str, files: &BTreeMap<String, String>, found: &mut Vec<Finding>) {
    let mut say = |ja: String, en: String| found.push(Finding { file: file.to_owned(), line: 0, ja, en });
    let parts: Vec<&str> = file.split('/').collect();
    let [bank, notice, language, name] = parts[..] else {
        return say(
            "置き場所が違います。".to_owned(),
            "the path is none of a template; BANK/NOTICE/LANGUAGE/FILE is accepted, such as 2950/N03/ja/body.txt".to_owned(),
        );
    };
    if bank.len() != 4 || !bank.bytes().all(|b| b.is_ascii_digit()) {
        say(
            format!("金融機関コードではありません: {bank}"),
            format!("{bank} is no bank code; four digits are accepted"),
        );
    }
    if NoticeId::parse(notice).is_none() {
        let known: Vec<&str> = NoticeId::ALL.iter().map(|notice| notice.code()).collect();
        say(
            format!("通知がありません: {notice}"),
            format!("{notice} is no notice; accepted: {}", known.join(", ")),
        );
    }
    let languages = || Language::ALL.iter().map(|language| language.code());
    if !languages().any(|known| known == language) {
        say(format!("言語がありません: {language}"), format!("{language} is no language; accepted: ja, en"));
    }
    if !FILES.contains(&name) {
        return say(
            format!("使われないファイルです: {name}"),
            format!("{name} is used nowhere; accepted: {}", FILES.join(", ")),
        );
    }
    // Said once, at the first file of the notice.
    let folder = format!("{bank}/{notice}/");
    if files.keys().find(|other| other.starts_with(&folder)).is_some_and(|first| first == file) {
        for language in languages() {
            for wanted in FILES.iter().map(|name| format!("{folder}{language}/{name}")) {
                if !files.contains_key(&wanted) {
                    say(
                        format!("{wanted} がありません。"),
                        format!("{wanted} is missing: a notice is worded whole, in ja and en"),
                    );
                }
            }
        }
    }
}

/// Syntax, variables, words.
fn content(file: &str, text: &str, found: &mut Vec<Finding>) {
    let mut say =
        |line: usize, ja: String, en: String| found.push(Finding { file: file.to_owned(), line, ja, en });
    let line_of = |word: &str| text.lines().position(|line| line.contains(word)).map_or(0, |n| n + 1);
    for (n, line) in text.lines().enumerate() {
        let lower = line.to_lowercase();
        for word in SCREENING.iter().filter(|word| lower.contains(**word)) {
            say(
                n + 1,
                format!("審査等に関わる表現は使えません: {word}"),
                format!(
                    "\"{word}\" tells of a screening, a health declaration or a list (INV-7); say only what was decided"
                ),
            );
        }
    }
    let mut env = Environment::new();
    if let Err(error) = env.add_template_owned(file.to_owned(), text.to_owned()) {
        let what = error.detail().unwrap_or("it does not parse").to_owned();
        let line = error.line().unwrap_or(0);
        return say(
            line,
            format!("構文の誤りです（{what}）。"),
            format!("syntax: {what}; Jinja is accepted"),
        );
    }
    let Ok(template) = env.get_template(file) else { return };
    let mut asked: Vec<String> = template.undeclared_variables(false).into_iter().collect();
    asked.sort();
    let subject = file.ends_with("/subject.txt");
    for name in asked {
        if !KNOWN.contains(&name.as_str()) {
            let accepted = KNOWN.join(", ");
            say(
                line_of(&name),
                format!("使えない変数です: {name}"),
                format!("{name} is no variable; accepted: {accepted}"),
            );
        } else if subject && NOT_IN_SUBJECTS.contains(&name.as_str()) {
            say(
                line_of(&name),
                format!("件名に個人の情報は入れられません: {name}"),
                format!(
                    "{name} may not stand in a subject: it names a person or content; accepted: title, number, bank_ja, bank_en"
                ),
            );
        }
    }
}

/// Every template with the data of a sample, for each who may read it, with and without lists.
fn rendered(overrides: &Overrides) -> Vec<Finding> {
    let failed = |file: String, line: usize, what: String| Finding {
        file,
        line,
        ja: format!("見本の内容で作成できません（{what}）。"),
        en: format!("it fails on the sample ({what})"),
    };
    let renderer = match Renderer::with(overrides) {
        Ok(renderer) => renderer,
        Err(error) => return vec![failed(String::new(), 0, error.to_string())],
    };
    let mut found = vec![];
    for file in overrides.files.keys() {
        let parts: Vec<&str> = file.split('/').collect();
        let (Some(notice), Some(language)) =
            (NoticeId::parse(parts[1]), Language::ALL.iter().find(|language| language.code() == parts[2]))
        else {
            continue;
        };
        let bank = Bank { code: parts[0].to_owned(), ..Bank::default() };
        for audience in [Audience::Party, Audience::Desk] {
            for data in [
                sample(),
                NoticeData { items: vec![], facts: vec![], until: None, addressee: None, ..sample() },
            ] {
                if let Err((name, line, what)) = renderer.try_one(notice, *language, audience, &data, &bank) {
                    found.push(failed(name, line, what));
                }
            }
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found.dedup();
    found
}

/// A notice as it might be, for previews and checks: nobody's.
pub fn sample() -> NoticeData {
    let day = NaiveDate::from_ymd_opt(2026, 4, 1);
    let fact = |ja: &str, en: &str, value| NoticeFact { ja: ja.to_owned(), en: en.to_owned(), value };
    NoticeData {
        number: "2950-101-2026-000042".to_owned(),
        stage_ja: "審査中".to_owned(),
        stage_en: "Screening".to_owned(),
        addressee: Some("見本 太郎".to_owned()),
        on: day,
        until: day,
        items: vec![NoticeValue::said("本人確認書類", "Proof of identity")],
        facts: vec![
            fact("ご融資金額", "Amount", NoticeValue::Yen { yen: 30_000_000 }),
            fact("初回ご返済日", "First repayment", NoticeValue::Plain("2026-05-27".to_owned())),
        ],
    }
}

/// Version of the templates of a folder: the beginning of a digest over them and the layouts that they extend.
pub(crate) fn version_of(folder: &str, overrides: Option<(&Overrides, &str)>) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    let mut add = |name: &str, text: &str| {
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name);
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    };
    let below =
        |name: &str, folder: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let own: Vec<(&String, &String)> = overrides.map_or(vec![], |(overrides, bank)| {
        let folder = format!("{bank}/{folder}");
        overrides.files.iter().filter(|(name, _)| below(name, &folder)).collect()
    });
    for (name, text) in
        SOURCES.iter().filter(|(name, _)| below(name, "layout") || (own.is_empty() && below(name, folder)))
    {
        add(name, text);
    }
    for (name, text) in &own {
        add(name, text);
    }
    let digest = hex::encode(hasher.finalize());
    let mark = if own.is_empty() { "std" } else { "own" };
    format!("{mark}-{}", &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str =
        "{% extends \"layout/ja/body.txt\" %}\n{% block lead %}\nお申込みを承りました。\n{% endblock %}\n";

    /// A sound wording of N01 by a bank.
    fn sound() -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for language in ["ja", "en"] {
            let layout = |kind: &str| {
                format!(
                    "{{% extends \"layout/{language}/body.{kind}\" %}}\n{{% block lead %}}\n{{{{ title }}}} OK\n{{% endblock %}}\n"
                )
            };
            files
                .insert(format!("2950/N01/{language}/subject.txt"), "【{{ number }}】{{ title }}".to_owned());
            files.insert(format!("2950/N01/{language}/body.txt"), layout("txt"));
            files.insert(format!("2950/N01/{language}/body.html"), layout("html"));
        }
        files
    }

    fn with(file: &str, text: &str) -> Vec<Finding> {
        let mut files = sound();
        files.insert(file.to_owned(), text.to_owned());
        Overrides::of(files).expect_err("the seeded fault is found")
    }

    #[test]
    fn a_bank_words_a_notice_itself_and_the_others_stay() {
        let overrides = Overrides::of(sound()).unwrap_or_else(|found| panic!("{found:?}"));
        let renderer = Renderer::with(&overrides).expect("sound");
        let say = |code: &str, notice| {
            let bank = Bank { code: code.to_owned(), ..Bank::default() };
            renderer.in_app(notice, Language::Ja, Audience::Party, &sample(), &bank).expect("renders").text
        };
        assert!(say("2950", NoticeId::N01).contains(" OK"));
        assert!(!say("2951", NoticeId::N01).contains(" OK"), "another bank keeps the usual wording");
        assert!(!say("2950", NoticeId::N02).contains(" OK"), "another notice too");
        let [own, usual] = ["2950", "2951"].map(|bank| renderer.version_for("N01", bank));
        assert!(own.starts_with("own-") && usual.starts_with("std-"), "{own} {usual}");
        let mut changed = sound();
        changed.insert("2950/N01/ja/body.txt".to_owned(), LEAD.to_owned());
        let changed = Renderer::with(&Overrides::of(changed).expect("sound")).expect("sound");
        assert_ne!(changed.version_for("N01", "2950"), own, "another wording is another version");
    }

    #[test]
    fn every_seeded_fault_is_found_with_its_line() {
        let faults: &[(&str, &str, usize, &str)] = &[
            ("2950/N01/ja/body.txt", "a\n{{ income }}\n", 2, "income is no variable"),
            ("2950/N01/ja/body.txt", "a\nb\n{% if number %}\n", 0, "syntax"),
            ("2950/N01/ja/body.txt", "{{ number\n", 0, "syntax"),
            ("2950/N01/ja/subject.txt", "{{ addressee }}様", 1, "may not stand in a subject"),
            (
                "2950/N01/en/subject.txt",
                "{% for f in facts %}{{ f.value }}{% endfor %}",
                1,
                "may not stand in a subject",
            ),
            ("2950/N01/ja/body.txt", "a\n信用情報により\n", 2, "tells of a screening"),
            (
                "2950/N01/en/body.html",
                "<p>Declined because of your Credit Score</p>",
                1,
                "tells of a screening",
            ),
            ("2950/N99/ja/body.txt", "a", 0, "N99 is no notice"),
            ("2950/N02/ja/body.txt", "a", 0, "2950/N02/en/body.txt is missing"),
            ("2950/N01/fr/body.txt", "a", 0, "fr is no language"),
            ("2950/N01/ja/body.md", "a", 0, "body.md is used nowhere"),
            ("29/N01/ja/body.txt", "a", 0, "29 is no bank code"),
            ("N01/body.txt", "a", 0, "the path is none of a template"),
            ("2950/N01/ja/body.txt", "{% extends \"layout/none.txt\" %}", 0, "fails on the sample"),
            ("2950/N01/ja/body.txt", "{{ until.year.month }}", 0, "fails on the sample"),
        ];
        for (file, text, line, told) in faults {
            let found = with(file, text);
            let hit = found.iter().find(|f| f.en.contains(told));
            let hit = hit.unwrap_or_else(|| panic!("{file}: {text}: not found among {found:?}"));
            assert!(*line == 0 || hit.line == *line, "{hit}");
            assert!(!hit.ja.is_empty());
        }
        println!("seeded faults of templates found: {} of {}", faults.len(), faults.len());
    }

    #[test]
    fn the_usual_templates_hold_to_the_same_words() {
        let mut looked = 0;
        for (name, text) in SOURCES {
            let mut found = vec![];
            // The shell of mails and the layouts have variables of their own; the words are the same for all.
            content(name, text, &mut found);
            found.retain(|f| f.en.contains("INV-7") || f.en.starts_with("syntax"));
            assert_eq!(found, vec![], "{name}");
            looked += 1;
        }
        assert!(looked > 150, "{looked}");
    }

    #[test]
    fn a_folder_is_read_and_what_is_unreadable_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        for (file, text) in sound() {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().expect("below")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        assert_eq!(Overrides::read(folder.path()), Ok(Overrides { files: sound() }));
        std::fs::write(folder.path().join("2950/N01/ja/body.txt"), [0xff, 0xfe, 0x00]).expect("written");
        let found = Overrides::read(folder.path()).expect_err("no text");
        assert!(
            found.iter().any(|f| f.file == "2950/N01/ja/body.txt" && f.en.contains("cannot be read")),
            "{found:?}"
        );
        assert!(Overrides::read(&folder.path().join("nowhere")).is_err());
    }
}
