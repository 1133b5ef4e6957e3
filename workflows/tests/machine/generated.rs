//! The committed documents are those that the table prints. `UPDATE=1` writes them anew.

use workflows::machine::{Stage, Table, atlas};

#[test]
fn the_generated_documents_are_fresh() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated");
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = vec![];
    let schema = serde_json::to_string_pretty(&workflows::product::book_schema()).unwrap() + "\n";
    let pages = atlas::pages(&Table::default()).into_iter().map(|page| (page.name, page.text));
    for (name, text) in pages.chain([("book.schema.json", schema)]) {
        let file = folder.join(name);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run the tests once with UPDATE=1 and look at the difference"
    );
}

const OPENED: &str = "<!-- Printed from the table; do not edit. -->\n";
const CLOSED: &str = "<!-- End of what is printed. -->";

/// A text with what stands between the two marks replaced. `None`: a mark is missing or stands twice.
fn with_overview(text: &str, overview: &str) -> Option<String> {
    let (before, rest) = text.split_once(OPENED)?;
    let (_, after) = rest.split_once(CLOSED)?;
    let once = !rest.contains(OPENED) && !after.contains(CLOSED);
    once.then(|| format!("{before}{OPENED}{overview}{CLOSED}{after}"))
}

#[test]
fn the_picture_in_the_readme_is_fresh() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let fresh = with_overview(&text, &atlas::overview(&Table::default())).expect("one pair of marks");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    } else {
        assert!(fresh == text, "stale; run the tests once with UPDATE=1 and look at the difference");
    }
}

#[test]
fn the_picture_follows_the_table() {
    let overview = atlas::overview(&Table::default());
    for end in Stage::ALL.iter().filter(|stage| stage.is_final()) {
        assert_eq!(overview.matches(&format!("--> {end}:")).count(), 1, "{end}");
    }
    // A table without the hand-over has no way to it, and the picture shows none.
    let rows = Table::default().rows().iter().filter(|row| row.id != "T38").cloned().collect();
    assert!(!atlas::overview(&Table::of(rows)).contains("--> HANDED_OVER:"));
    assert_eq!(with_overview("no marks", "x"), None);
    assert_eq!(
        with_overview(&format!("a\n{OPENED}old{CLOSED}b"), "new").unwrap(),
        format!("a\n{OPENED}new{CLOSED}b")
    );
}
