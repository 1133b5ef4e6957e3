//! A mail server on loopback that speaks the protocol, and misbehaves as asked.

use notifications::address::Patterns;
use notifications::{MailConfig, Tls, Transport};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What the whole server does. Single recipients have behaviours of their own, by the start of their local part:
/// `later` 451, `never` 550, `hang` silence after the content, `drop` gone after the content.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    Accept,
    /// Accepts the connection and says nothing.
    Mute,
    /// Offers STARTTLS and then refuses it.
    RefuseTls,
    /// Wants authentication and knows no password.
    RefuseLogin,
    /// `554` as greeting.
    Closed,
}

#[derive(Default)]
struct Log {
    messages: Mutex<Vec<String>>,
    commands: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    changed: Notify,
}

pub struct Server {
    pub port: u16,
    mode: Arc<Mutex<Mode>>,
    log: Arc<Log>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub async fn start(mode: Mode) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (mode, log) = (Arc::new(Mutex::new(mode)), Arc::new(Log::default()));
        let mut tasks = JoinSet::new();
        let (shared_mode, shared_log) = (mode.clone(), log.clone());
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                *shared_log.connections.lock().expect("not poisoned") += 1;
                let mode = *shared_mode.lock().expect("not poisoned");
                let log = shared_log.clone();
                connections.spawn(async move {
                    let _ = converse(stream, mode, &log).await;
                });
            }
        });
        Server { port, mode, log, _tasks: tasks }
    }

    pub fn set(&self, mode: Mode) {
        *self.mode.lock().expect("not poisoned") = mode;
    }

    pub fn config(&self) -> MailConfig {
        MailConfig {
            transport: Transport::Smtp,
            host: "127.0.0.1".to_owned(),
            port: Some(self.port),
            tls: Tls::None,
            connect_timeout_ms: 30_000,
            hello_name: Some("courier.test".to_owned()),
            addresses: Patterns { party: Some("{party}@customer.example".to_owned()), ..Patterns::demo() },
            ..MailConfig::default()
        }
    }

    /// What arrived, whole and in order, whether acknowledged or not.
    pub fn messages(&self) -> Vec<String> {
        self.log.messages.lock().expect("not poisoned").clone()
    }

    pub fn commands(&self) -> Vec<String> {
        self.log.commands.lock().expect("not poisoned").clone()
    }

    pub fn connections(&self) -> usize {
        *self.log.connections.lock().expect("not poisoned")
    }

    /// The Message-IDs of what arrived.
    pub fn message_ids(&self) -> Vec<String> {
        let header = |m: &String| m.lines().find_map(|l| l.strip_prefix("Message-ID: ").map(str::to_owned));
        self.messages().iter().filter_map(header).collect()
    }

    pub async fn until_connected(&self, connections: usize) {
        let wait = async {
            loop {
                let changed = self.log.changed.notified();
                if self.connections() >= connections && self.commands().len() >= connections {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(super::PATIENCE, wait).await.expect("somebody connects");
    }
}

async fn converse(stream: TcpStream, mode: Mode, log: &Log) -> std::io::Result<()> {
    let mut io = BufReader::new(stream);
    match mode {
        Mode::Mute => std::future::pending::<()>().await,
        Mode::Closed => return say(&mut io, "554 5.3.2 no service").await,
        _ => say(&mut io, "220 mail.test ESMTP").await?,
    }
    let mut to = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if io.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        log.commands.lock().expect("not poisoned").push(command.clone());
        log.changed.notify_waiters();
        let word = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => {
                let more = match mode {
                    Mode::RefuseTls => "250-STARTTLS\r\n",
                    Mode::RefuseLogin => "250-AUTH PLAIN LOGIN\r\n",
                    _ => "",
                };
                say(&mut io, &format!("250-mail.test\r\n{more}250 8BITMIME")).await?;
            }
            "STARTTLS" => say(&mut io, "454 4.7.0 TLS not available").await?,
            "AUTH" => say(&mut io, "535 5.7.8 no such user").await?,
            "RCPT" => {
                to = command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                // Servers do name the recipient in their answers.
                let answer = match to.as_str() {
                    t if t.starts_with("later") => format!("451 4.7.1 <{t}> greylisted"),
                    t if t.starts_with("never") => format!("550 5.1.1 <{t}> unknown here"),
                    _ => "250 2.1.5 ok".to_owned(),
                };
                say(&mut io, &answer).await?;
            }
            "DATA" => {
                say(&mut io, "354 go on").await?;
                let mut message = String::new();
                loop {
                    line.clear();
                    if io.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    message.push_str(&line);
                }
                log.messages.lock().expect("not poisoned").push(message);
                log.changed.notify_waiters();
                match to.as_str() {
                    t if t.starts_with("hang") => std::future::pending::<()>().await,
                    t if t.starts_with("drop") => return Ok(()),
                    _ => say(&mut io, "250 2.0.0 queued").await?,
                }
            }
            "QUIT" => {
                say(&mut io, "221 2.0.0 bye").await?;
                return Ok(());
            }
            _ => say(&mut io, "250 2.0.0 ok").await?,
        }
    }
}

async fn say(io: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await?;
    io.flush().await
}
