//! A keep-alive HTTP/1.1 client that costs next to nothing, so that the server is what is measured.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection with one token.
pub struct Client {
    stream: TcpStream,
    address: String,
    token: String,
    buffer: Vec<u8>,
    sent: u64,
    name: String,
}

impl Client {
    /// Connects to `host:port`. `name` makes the idempotency keys of this client its own.
    pub async fn connect(address: &str, token: &str, name: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (address, token, name) = (address.to_owned(), token.to_owned(), name.to_owned());
        Ok(Self { stream, address, token, buffer: Vec::with_capacity(64 * 1024), sent: 0, name })
    }

    /// One GraphQL operation under a fresh idempotency key. Errors: the connection, or an answer that is no JSON.
    pub async fn ask(&mut self, query: &str, variables: Value) -> std::io::Result<Value> {
        self.sent += 1;
        let body = serde_json::json!({ "query": query, "variables": variables }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Accept: application/json\r\nIdempotency-Key: bench-{}-{:012}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.token,
            self.name,
            self.sent,
            body.len()
        );
        self.stream.write_all(format!("{head}{body}").as_bytes()).await?;
        let answer = self.read_answer().await?;
        serde_json::from_slice(&answer).map_err(std::io::Error::other)
    }

    /// Reads one answer with a Content-Length.
    async fn read_answer(&mut self) -> std::io::Result<Vec<u8>> {
        self.buffer.clear();
        let mut chunk = [0u8; 16 * 1024];
        loop {
            if let Some((start, length)) = body_of(&self.buffer)
                && self.buffer.len() >= start + length
            {
                return Ok(self.buffer[start..start + length].to_vec());
            }
            let read = self.stream.read(&mut chunk).await?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(&chunk[..read]);
        }
    }
}

/// Where the body starts and how long it is, once the head is whole.
fn body_of(buffer: &[u8]) -> Option<(usize, usize)> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&buffer[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    })?;
    Some((end + 4, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_found_behind_a_whole_head_only() {
        assert_eq!(body_of(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"), None);
        assert_eq!(body_of(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), Some((38, 2)));
    }
}
