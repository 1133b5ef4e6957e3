//! Letters as PDF: the program that sets them, as a child of this one (decision 26).
//!
//! It gets one request on standard input and has bounded time and output; a child whose answer nobody waits for any more is killed.
//! It sees no environment, and what stands in a letter is never logged.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;
use workflows::letters::{FORMAT, Request};

/// Largest document in bytes; a schedule of 35 years has about a tenth.
const LARGEST: u64 = 8 * 1024 * 1024;
/// What is read of an error.
const LARGEST_ERROR: u64 = 64 * 1024;

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unset {
    #[error("the program cannot be started: {0}")]
    Absent(String),
    #[error("too many letters are being set")]
    Busy,
    #[error("the program was stopped after {0:?}")]
    Late(Duration),
    #[error("the document is larger than {LARGEST} bytes")]
    TooLarge,
    /// Fields of the request, nothing that stands in them.
    #[error("the program refuses the request at {0:?}")]
    Refused(Vec<String>),
    #[error("the program failed: {0}")]
    Broken(String),
}

/// How letters are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub program: PathBuf,
    /// Folders with fonts; empty: those that the program knows.
    pub fonts: Vec<PathBuf>,
    /// Letters that are set at the same time.
    pub at_once: usize,
    /// Time for one letter, and as much again to wait for a turn.
    pub time: Duration,
}

/// The desk where letters are set.
#[derive(Debug)]
pub struct Press {
    settings: Settings,
    turns: Semaphore,
}

impl Press {
    /// A desk. Nothing is started before the first letter; [`Press::check`] looks beforehand.
    pub fn new(settings: Settings) -> Self {
        let turns = Semaphore::new(settings.at_once);
        Press { settings, turns }
    }

    /// Is the program there, does it find its fonts, and does it read what this service writes?
    pub async fn check(&self) -> Result<(), Unset> {
        let (status, out, error) = self.run(&["--check"], b"").await?;
        if !status.success() {
            return Err(Unset::Broken(fault_of(&error)));
        }
        let said: Value = serde_json::from_slice(&out).unwrap_or_default();
        if said["format"] == FORMAT {
            return Ok(());
        }
        Err(Unset::Broken(format!(
            "it reads format {}, and this service writes format {FORMAT}",
            said["format"]
        )))
    }

    /// The bytes of a letter.
    pub async fn set(&self, request: &Request) -> Result<Vec<u8>, Unset> {
        let text = serde_json::to_vec(request).map_err(|error| Unset::Broken(error.to_string()))?;
        let turn = tokio::time::timeout(self.settings.time, self.turns.acquire()).await;
        let _turn = turn.ok().and_then(Result::ok).ok_or(Unset::Busy)?;
        let (status, out, error) = self.run(&[], &text).await?;
        match status.code() {
            Some(0) if out.starts_with(b"%PDF-") => Ok(out),
            Some(0) => Err(Unset::Broken("what it wrote is no PDF".to_owned())),
            Some(2) => Err(Unset::Refused(fields_of(&error))),
            _ => Err(Unset::Broken(fault_of(&error))),
        }
    }

    /// Runs the program with an input to its end.
    async fn run(&self, arguments: &[&str], input: &[u8]) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), Unset> {
        let Settings { program, fonts, time, .. } = &self.settings;
        let mut command = Command::new(program);
        for folder in fonts {
            command.arg("--fonts").arg(folder);
        }
        command.args(arguments).env_clear().kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| Unset::Absent(error.kind().to_string()))?;
        let (mut stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let talk = async {
            let write = async {
                if let Some(mut stdin) = stdin.take() {
                    // A program that ends before it has read everything says why on the other side.
                    let _ = stdin.write_all(input).await;
                    let _ = stdin.shutdown().await;
                }
            };
            let ((), out, error) = tokio::join!(write, read(stdout, LARGEST), read(stderr, LARGEST_ERROR));
            if out.len() as u64 > LARGEST {
                return Err(Unset::TooLarge);
            }
            let status = child.wait().await.map_err(|error| Unset::Broken(error.kind().to_string()))?;
            Ok((status, out, error))
        };
        tokio::time::timeout(*time, talk).await.unwrap_or(Err(Unset::Late(*time)))
    }
}

/// Reads one byte more than is allowed, so that the excess shows; then the pipe is closed and the writer ends.
async fn read(from: Option<impl tokio::io::AsyncRead + Unpin>, most: u64) -> Vec<u8> {
    let mut bytes = vec![];
    if let Some(from) = from {
        let _ = from.take(most + 1).read_to_end(&mut bytes).await;
    }
    bytes
}

/// The fields of a refusal.
fn fields_of(error: &[u8]) -> Vec<String> {
    let said: Value = serde_json::from_slice(error).unwrap_or_default();
    let problems = said["problems"].as_array().into_iter().flatten();
    problems.filter_map(|problem| problem["field"].as_str()).map(str::to_owned).collect()
}

/// What the program says of its installation; of anything else that it may print nothing is repeated.
fn fault_of(error: &[u8]) -> String {
    let said: Value = serde_json::from_slice(error).unwrap_or_default();
    said["fault"].as_str().map_or_else(|| "it does not say why".to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use workflows::letters::{Addressee, Called, Day, Decline, Head, Language, Letter};

    fn request() -> Request {
        let day = Day::of(2026, 4, 1);
        let addressee = Addressee {
            postal_code: None,
            address: None,
            name: "見本 花子".to_owned(),
            called: Called::Person,
        };
        let head = Head {
            bank: "見本労働金庫".to_owned(),
            branch: "本店".to_owned(),
            reference: "2026-0001".to_owned(),
            issued_on: day,
            addressee,
        };
        let letter = Letter::Decline(Decline { received_on: day });
        Request { format: FORMAT, language: Language::Ja, head, letter }
    }

    /// A stand-in for the program: what it does with its input is this script.
    fn press(folder: &tempfile::TempDir, script: &str, millis: u64) -> Press {
        let program = folder.path().join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Press::new(Settings { program, fonts: vec![], at_once: 1, time: Duration::from_millis(millis) })
    }

    async fn set(script: &str, millis: u64) -> Result<Vec<u8>, Unset> {
        press(&tempfile::tempdir().unwrap(), script, millis).set(&request()).await
    }

    #[tokio::test]
    async fn the_program_reads_the_request_and_its_document_comes_back() {
        let echoed = set("printf '%%PDF-1.7 '; exec /bin/cat", 120_000).await.unwrap();
        let sent = echoed.strip_prefix(b"%PDF-1.7 ").unwrap();
        assert_eq!(serde_json::from_slice::<Request>(sent).unwrap(), request());
    }

    #[tokio::test]
    async fn each_way_to_fail_is_told_apart_and_nothing_of_the_letter_is_repeated() {
        let refused = r#"/bin/cat >/dev/null; echo '{"problems":[{"field":"letter.amount","message_en":"x"}]}' >&2; exit 2"#;
        assert_eq!(set(refused, 120_000).await, Err(Unset::Refused(vec!["letter.amount".to_owned()])));
        let broken = r#"echo '{"fault":"fonts are absent"}' >&2; exit 1"#;
        assert_eq!(set(broken, 120_000).await, Err(Unset::Broken("fonts are absent".to_owned())));
        assert_eq!(
            set("/bin/cat >&2; exit 1", 120_000).await,
            Err(Unset::Broken("it does not say why".to_owned()))
        );
        assert_eq!(set("/bin/cat", 120_000).await, Err(Unset::Broken("what it wrote is no PDF".to_owned())));
        assert_eq!(
            set("while :; do printf '%%PDF-0123456789abcdef'; done", 600_000).await,
            Err(Unset::TooLarge)
        );
        let late = Duration::from_millis(300);
        assert_eq!(set("while :; do :; done", 300).await, Err(Unset::Late(late)));
        let nothing = Settings { program: "/nonexistent".into(), fonts: vec![], at_once: 1, time: late };
        assert!(matches!(Press::new(nothing).set(&request()).await, Err(Unset::Absent(_))));
    }

    #[tokio::test]
    async fn whoever_waits_too_long_for_a_turn_is_told_so_and_a_late_child_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let alive = folder.path().join("alive");
        let script = format!("echo $$ > {}; while :; do :; done", alive.display());
        // Long enough for the program to begin, however slowly.
        let press = press(&folder, &script, 3_000);
        let request = request();
        let (first, second) = tokio::join!(press.set(&request), press.set(&request));
        let late = Unset::Late(Duration::from_millis(3_000));
        assert_eq!(first, Err(late));
        // The second had its turn only when the first was stopped, if at all.
        assert!(matches!(second, Err(Unset::Busy | Unset::Late(_))), "{second:?}");
        let id: u32 = std::fs::read_to_string(&alive).unwrap().trim().parse().unwrap();
        let stat = format!("/proc/{id}/stat");
        let gone = || !std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
        // A child whose parent has let it go is reaped by the runtime.
        let begun = std::time::Instant::now();
        while !gone() {
            assert!(begun.elapsed() < ::tests::patience::PATIENCE, "the child goes on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn a_program_of_another_format_is_found_before_the_first_letter() {
        let folder = tempfile::tempdir().unwrap();
        let fits = format!("echo '{{\"format\":{FORMAT}}}'");
        assert_eq!(press(&folder, &fits, 120_000).check().await, Ok(()));
        assert!(matches!(
            press(&folder, "echo '{\"format\":99}'", 120_000).check().await,
            Err(Unset::Broken(_))
        ));
        assert!(matches!(press(&folder, "exit 0", 120_000).check().await, Err(Unset::Broken(_))));
    }
}
