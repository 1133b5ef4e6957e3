//! The switch that every mutated place of a copy asks: which of its mutants is on in this process, 0 for none.

use std::cell::RefCell;
use std::io::Write;
use std::sync::LazyLock;

/// Stands for "write down every place that is asked" instead of a mutant.
const RECORD: u32 = u32::MAX;

static ACTIVE: LazyLock<u32> = LazyLock::new(|| match std::env::var("MUTANT") {
    Ok(text) if text == "record" => RECORD,
    Ok(text) => text.parse().expect("MUTANT is a number"),
    Err(_) => 0,
});

#[inline]
pub fn which(first: u32, count: u32) -> u32 {
    let active = *ACTIVE;
    if active == RECORD {
        hit(first);
        return 0;
    }
    let at = active.wrapping_sub(first);
    if at < count { at + 1 } else { 0 }
}

fn hit(first: u32) {
    thread_local! { static SEEN: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) }; }
    let at = first as usize;
    let new = SEEN.with_borrow_mut(|seen| {
        if seen.len() <= at {
            seen.resize(at + 1, false);
        }
        !std::mem::replace(&mut seen[at], true)
    });
    if new {
        let path = std::env::var("MUTANT_HITS").expect("MUTANT_HITS names a file");
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        file.and_then(|mut file| writeln!(file, "{first}")).expect("the file of hits can be written");
    }
}

/// What can be one more, one less, and divided upwards.
pub trait Number: Sized {
    fn up(self) -> Self;
    fn down(self) -> Self;
    fn divided_up(self, by: Self) -> Self;
}

macro_rules! whole {
    ($($kind:ty)*) => { $(impl Number for $kind {
        fn up(self) -> Self {
            self.saturating_add(1)
        }
        fn down(self) -> Self {
            self.saturating_sub(1)
        }
        fn divided_up(self, by: Self) -> Self {
            self / by + if self % by == 0 { 0 } else { 1 }
        }
    })* };
}
whole!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
