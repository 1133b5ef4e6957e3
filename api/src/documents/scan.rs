//! The malware scanner: none, or clamd, to which the bytes are sent as they pass by (its command INSTREAM).

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Who looks for malware.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Nobody: the record says so of each file.
    None,
    /// clamd at `host:port`.
    Tcp(String),
    /// clamd at a socket of this machine.
    Unix(PathBuf),
}

/// Time for each step of the conversation.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer.
const ANSWER: u64 = 4096;

/// What the scanner said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody looked.
    NotScanned,
    Clean,
    /// The name of what was found.
    Found(String),
}

impl FromStr for Scanner {
    type Err = String;

    /// `none`, `tcp://host:port` or `unix:/path`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Scanner::None);
        }
        if let Some(path) = text.strip_prefix("unix:").filter(|path| path.starts_with('/')) {
            return Ok(Scanner::Unix(PathBuf::from(path)));
        }
        let address = text.strip_prefix("tcp://").filter(|address| {
            address
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        });
        match address {
            Some(address) => Ok(Scanner::Tcp(address.to_owned())),
            None => Err("none, tcp://HOST:PORT or unix:/PATH".to_owned()),
        }
    }
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// A conversation about one file.
pub struct Scan(Option<Box<dyn Line>>);

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scan").field(&self.0.is_some()).finish()
    }
}

impl Scanner {
    /// Begins. Errors: the scanner does not answer; then nothing is let through.
    pub async fn begin(&self) -> io::Result<Scan> {
        let mut line: Box<dyn Line> = match self {
            Scanner::None => return Ok(Scan(None)),
            Scanner::Tcp(address) => Box::new(within(tokio::net::TcpStream::connect(address)).await?),
            #[cfg(unix)]
            Scanner::Unix(path) => Box::new(within(tokio::net::UnixStream::connect(path)).await?),
            #[cfg(not(unix))]
            Scanner::Unix(_) => return Err(io::Error::from(io::ErrorKind::Unsupported)),
        };
        within(line.write_all(b"zINSTREAM\0")).await?;
        Ok(Scan(Some(line)))
    }
}

impl Scan {
    /// The next bytes. Errors: the scanner is gone, or takes no more.
    pub async fn feed(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(line) = &mut self.0 else { return Ok(()) };
        if bytes.is_empty() {
            return Ok(());
        }
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        within(line.write_all(&length.to_be_bytes())).await?;
        within(line.write_all(bytes)).await
    }

    /// The verdict. Errors: none was given, or one that says neither yes nor no; then nothing is let through.
    pub async fn end(self) -> io::Result<Verdict> {
        let Some(mut line) = self.0 else { return Ok(Verdict::NotScanned) };
        within(line.write_all(&0_u32.to_be_bytes())).await?;
        within(line.flush()).await?;
        let mut answer = vec![];
        within(line.take(ANSWER).read_to_end(&mut answer)).await?;
        let text = String::from_utf8_lossy(&answer);
        let said = text.trim_end_matches(['\0', '\n']).trim();
        let verdict = said.rsplit_once(": ").map_or(said, |(_, verdict)| verdict);
        if verdict == "OK" {
            return Ok(Verdict::Clean);
        }
        match verdict.strip_suffix(" FOUND") {
            Some(name) => Ok(Verdict::Found(name.to_owned())),
            None => Err(io::Error::other(format!("the scanner says neither OK nor FOUND: {verdict:.100}"))),
        }
    }
}

async fn within<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(PATIENCE, step)
        .await
        .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_named_in_one_of_three_ways() {
        assert_eq!("none".parse(), Ok(Scanner::None));
        assert_eq!("tcp://127.0.0.1:3310".parse(), Ok(Scanner::Tcp("127.0.0.1:3310".to_owned())));
        assert_eq!("unix:/run/clamd.ctl".parse(), Ok(Scanner::Unix("/run/clamd.ctl".into())));
        for wrong in ["", "clamd", "tcp://", "tcp://:3310", "tcp://host", "unix:run", "None"] {
            assert!(wrong.parse::<Scanner>().is_err_and(|accepted| accepted.contains("tcp://")), "{wrong}");
        }
    }
}
