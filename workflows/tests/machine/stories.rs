//! Every story holds, and together they take every row and see every precondition refuse.

use crate::story::{Library, Theatre};
use workflows::machine::Table;
use workflows::sample;

#[test]
fn every_story_holds() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let mut theatre = Theatre::new(&library, &table, &rules);
    let failed: Vec<String> =
        library.all().filter_map(|story| theatre.run(&story.name, None).err()).collect();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
