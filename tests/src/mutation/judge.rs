//! Which test reaches which site, and which mutant the tests find.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// One test of one binary, alone.
#[derive(Clone, Debug)]
pub struct Test {
    pub binary: PathBuf,
    pub name: String,
    /// How long it takes alone.
    pub time: Duration,
    /// First numbers of the sites that it asks.
    pub reaches: BTreeSet<u32>,
}

/// What became of a mutant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Caught,
    /// The tests did not come to an end, which nobody overlooks.
    NeverEnded,
    Survived,
}

/// Mutants that are judged at the same time.
const WORKERS: usize = 2;

/// Tests that run in one process, at first; each further process takes twice as many.
const TOGETHER: usize = 8;

/// How the binaries run: in the folder of their crate.
#[derive(Clone, Debug)]
pub struct Bench {
    pub folder: PathBuf,
    /// For the lists of sites that tests write.
    pub scratch: PathBuf,
}

impl Bench {
    /// Runs every test alone. Errors: a test that fails without any mutant.
    pub fn record(&self, binaries: &[PathBuf]) -> Result<Vec<Test>, String> {
        std::fs::create_dir_all(&self.scratch).map_err(|error| error.to_string())?;
        let mut names = Vec::new();
        for binary in binaries {
            let listed = Command::new(binary)
                .args(["--list", "--format", "terse"])
                .current_dir(&self.folder)
                .output()
                .map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&listed.stdout).into_owned();
            let tests = text.lines().filter_map(|line| line.strip_suffix(": test"));
            names.extend(tests.map(|name| (binary.clone(), name.to_owned())));
        }
        let tests = each(&names, |at, (binary, name)| {
            let hits = self.scratch.join(format!("{at}.hits"));
            // Absent at the first run.
            let _ = std::fs::remove_file(&hits);
            let begun = Instant::now();
            let mut command = self.command(binary, &[name]);
            command.env("MUTANT", "record").env("MUTANT_HITS", &hits);
            match ended(command, Duration::from_secs(600)) {
                Some(true) => {}
                _ => return Err(format!("{name} fails without any mutant")),
            }
            let text = std::fs::read_to_string(&hits).unwrap_or_default();
            let reaches = text.lines().filter_map(|line| line.parse().ok()).collect();
            Ok(Test { binary: binary.clone(), name: name.clone(), time: begun.elapsed(), reaches })
        });
        let mut tests = tests.into_iter().collect::<Result<Vec<Test>, String>>()?;
        tests.sort_by_key(|test| test.time);
        Ok(tests)
    }

    /// The verdict on each mutant: its number and that of its site. `tests` come with the fastest first.
    pub fn judge(&self, mutants: &[(u32, u32)], tests: &[Test]) -> Vec<Verdict> {
        let done = AtomicUsize::new(0);
        each(mutants, |_, (mutant, site)| {
            let asked: Vec<&Test> = tests.iter().filter(|test| test.reaches.contains(site)).collect();
            let verdict = self.verdict(*mutant, &asked);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(200) {
                eprintln!("mutants: {done} of {} judged", mutants.len());
            }
            verdict
        })
    }

    fn verdict(&self, mutant: u32, tests: &[&Test]) -> Verdict {
        let (mut at, mut size) = (0, TOGETHER);
        while at < tests.len() {
            let now = &tests[at..tests.len().min(at + size)];
            let mut of_binary: BTreeMap<&Path, Vec<&Test>> = BTreeMap::new();
            for test in now {
                of_binary.entry(&test.binary).or_default().push(test);
            }
            for (binary, tests) in of_binary {
                let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
                let alone: Duration = tests.iter().map(|test| test.time).sum();
                let mut command = self.command(binary, &names);
                command.env("MUTANT", mutant.to_string());
                match ended(command, Duration::from_secs(10) + alone * 10) {
                    Some(true) => {}
                    Some(false) => return Verdict::Caught,
                    None => return Verdict::NeverEnded,
                }
            }
            (at, size) = (at + size, size * 2);
        }
        Verdict::Survived
    }

    fn command(&self, binary: &Path, names: &[impl AsRef<str>]) -> Command {
        let mut command = Command::new(binary);
        command.args(["--exact", "--test-threads", "1", "--quiet"]);
        command.args(names.iter().map(AsRef::as_ref)).current_dir(&self.folder);
        // The same cases for every mutant: what a test reached while it was recorded it reaches again.
        command.env("PROPTEST_RNG_SEED", "1").env("PROPTEST_MAX_SHRINK_ITERS", "0");
        command.env("PROPTEST_CASES", std::env::var("PROPTEST_CASES").unwrap_or_else(|_| "32".to_owned()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Whether the process came to a good end; `None`: to none, so it was stopped.
fn ended(mut command: Command, limit: Duration) -> Option<bool> {
    let mut child = command.spawn().ok()?;
    let begun = Instant::now();
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.success());
        }
        if begun.elapsed() > limit {
            // It may have ended in between.
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Works on the items side by side; answers in their order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let answer = work(at, item);
                    answers.lock().expect("no worker panics").push((at, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no worker panics");
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
