//! A mail server on loopback that takes everything and keeps nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The server: its port, and how many mails it took.
pub struct Sink {
    pub port: u16,
    taken: Arc<AtomicU64>,
}

impl Sink {
    /// Listens until the program ends. Each mail is answered after this time, as by a server that writes it to its queue first.
    ///
    /// On a thread and a runtime of its own: in life it is another machine, whose answers do not wait for our tasks.
    ///
    /// # Panics
    /// When no port is free or no thread begins.
    pub fn start(answer: Duration) -> Sink {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket takes it");
        let port = listener.local_addr().expect("bound").port();
        let taken = Arc::new(AtomicU64::new(0));
        let count = taken.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let serving = move || runtime.block_on(serve(listener, count, answer));
        std::thread::Builder::new().name("mail server".to_owned()).spawn(serving).expect("a thread");
        Sink { port, taken }
    }

    /// Mails so far.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn serve(listener: std::net::TcpListener, count: Arc<AtomicU64>, answer: Duration) {
    let listener = TcpListener::from_std(listener).expect("a socket of this runtime");
    while let Ok((stream, _)) = listener.accept().await {
        let count = count.clone();
        tokio::spawn(async move {
            // A client that goes away ends its conversation.
            let _ = converse(stream, &count, answer).await;
        });
    }
}

async fn converse(stream: TcpStream, taken: &AtomicU64, answer: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
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
                loop {
                    line.clear();
                    if io.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                }
                if !answer.is_zero() {
                    tokio::time::sleep(answer).await;
                }
                taken.fetch_add(1, Ordering::Relaxed);
                say(&mut io, "250 2.0.0 queued").await?;
            }
            "QUIT" => return say(&mut io, "221 2.0.0 bye").await,
            _ => say(&mut io, "250 2.0.0 ok").await?,
        }
    }
}

async fn say(io: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await?;
    io.flush().await
}
