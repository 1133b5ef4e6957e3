//! The committed documents are those that the table prints. `UPDATE=1` writes them anew.

use workflows::machine::{Table, atlas};

#[test]
fn the_generated_documents_are_fresh() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated");
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = vec![];
    for page in atlas::pages(&Table::default()) {
        let file = folder.join(page.name);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &page.text).unwrap();
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&page.text) {
            stale.push(page.name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run the tests once with UPDATE=1 and look at the difference"
    );
}
