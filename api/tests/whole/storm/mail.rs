//! A mail server on loopback that refuses three mails in ten: some for now, some by going away after the content.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What arrived.
#[derive(Default)]
pub struct Arrived {
    /// Text by Message-ID; each text that came under it.
    pub mails: Mutex<BTreeMap<String, Vec<String>>>,
    pub accepted: AtomicU64,
    pub refused: AtomicU64,
}

/// How a mail ends.
#[derive(Copy, Clone)]
enum Fate {
    Taken,
    RefusedForNow,
    /// Taken or not, nobody says.
    Gone,
}

/// Listens until the runtime ends.
pub async fn listen(seed: u64) -> (u16, Arc<Arrived>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let arrived = Arc::new(Arrived::default());
    let dice = Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(seed)));
    let log = arrived.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, dice) = (log.clone(), dice.clone());
            tokio::spawn(async move {
                // A client that goes away ends its conversation.
                let _ = converse(stream, &log, &dice).await;
            });
        }
    });
    (port, arrived)
}

fn fate(dice: &Mutex<ChaCha8Rng>) -> Fate {
    match dice.lock().unwrap_or_else(PoisonError::into_inner).next_u64() % 100 {
        0..20 => Fate::RefusedForNow,
        20..30 => Fate::Gone,
        _ => Fate::Taken,
    }
}

async fn converse(stream: TcpStream, log: &Arrived, dice: &Mutex<ChaCha8Rng>) -> std::io::Result<()> {
    let mut io = BufReader::new(stream);
    say(&mut io, "220 mail.test ESMTP").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if io.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => say(&mut io, "250-mail.test\r\n250 8BITMIME").await?,
            "DATA" => {
                say(&mut io, "354 go on").await?;
                let text = content(&mut io).await?;
                match fate(dice) {
                    Fate::Taken => {
                        keep(log, text);
                        say(&mut io, "250 2.0.0 queued").await?;
                    }
                    Fate::RefusedForNow => {
                        log.refused.fetch_add(1, Ordering::Relaxed);
                        say(&mut io, "451 4.3.0 later").await?;
                    }
                    Fate::Gone => {
                        log.refused.fetch_add(1, Ordering::Relaxed);
                        return Ok(());
                    }
                }
            }
            "QUIT" => return say(&mut io, "221 2.0.0 bye").await,
            _ => say(&mut io, "250 2.0.0 ok").await?,
        }
    }
}

async fn content(io: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let (mut text, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if io.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(&line);
    }
}

fn keep(log: &Arrived, text: String) {
    log.accepted.fetch_add(1, Ordering::Relaxed);
    let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap_or_default();
    let id = id.trim().trim_matches(['<', '>']).to_owned();
    log.mails.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().push(text);
}

async fn say(io: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await?;
    io.flush().await
}
