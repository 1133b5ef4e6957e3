//! What mail servers report of a mail that they could not deliver: delivery status notifications (RFC 3464).
//!
//! A report is matched by the Message-ID of the mail that it quotes, and believed for its seal: a code over that Message-ID under a key
//! that nobody else has, in a header of every mail. Whoever has not received a mail cannot make a report about it.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};
use secrecy::{ExposeSecret, SecretString};
use workflows::machine::contact::{Bounce, judge_bounce};

/// The header of a mail that carries its seal.
pub const SEAL_HEADER: &str = "Yushi-Seal";
/// Largest report that is read, in bytes.
pub const LARGEST: usize = 1_048_576;
/// Fewest characters of a key.
pub const SHORTEST_KEY: usize = 32;

/// The seal of the mail with this Message-ID.
pub fn seal(key: &SecretString, message_id: &str) -> String {
    let tag = hmac::sign(&key_of(key), bare(message_id).as_bytes());
    URL_SAFE_NO_PAD.encode(tag.as_ref())
}

/// Is this the seal of the mail with this Message-ID?
pub fn is_seal(key: &SecretString, message_id: &str, seal: &str) -> bool {
    let tag = URL_SAFE_NO_PAD.decode(seal.trim()).unwrap_or_default();
    hmac::verify(&key_of(key), bare(message_id).as_bytes(), &tag).is_ok()
}

fn key_of(key: &SecretString) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret().as_bytes())
}

fn bare(message_id: &str) -> &str {
    message_id.trim().trim_start_matches('<').trim_end_matches('>')
}

/// A report about one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `id@domain` of the mail that it is about.
    pub message_id: String,
    /// Its seal, where the report quotes it.
    pub seal: Option<String>,
    pub bounce: Bounce,
    /// `5.1.1`.
    pub status: String,
}

/// A message that is no report that counts. Names no address.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReport {
    #[error("the message is larger than 1 MiB / メッセージが1MiBを超えています")]
    TooLarge,
    #[error(
        "no delivery status notification (RFC 3464): a multipart/report with message/delivery-status is needed / 配信状況通知（RFC 3464）ではありません"
    )]
    NoReport,
    #[error(
        "the report tells of no failure: accepted are Action failed with Status 4 or 5, and delayed with Status 4 / 不達・遅延の報告ではありません"
    )]
    NoFailure,
    #[error("the report does not quote the Message-ID of one mail / 元のメールのMessage-IDを特定できません")]
    NoMessageId,
    #[error(
        "the report is not about a mail of this installation: its seal is absent or wrong / この環境が送信したメールの報告と確認できません（封緘が一致しません）"
    )]
    Forged,
}

impl BadReport {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            BadReport::TooLarge => "BOUNCE_TOO_LARGE",
            BadReport::NoReport => "BOUNCE_NO_REPORT",
            BadReport::NoFailure => "BOUNCE_NO_FAILURE",
            BadReport::NoMessageId => "BOUNCE_NO_MESSAGE_ID",
            BadReport::Forged => "BOUNCE_FORGED",
        }
    }
}

impl Report {
    /// Reads a message. Errors: it is no report about one mail that failed.
    pub fn read(bytes: &[u8]) -> Result<Report, BadReport> {
        if bytes.len() > LARGEST {
            return Err(BadReport::TooLarge);
        }
        let message = MessageParser::default().parse(bytes).ok_or(BadReport::NoReport)?;
        let root = message.root_part();
        if !is_type(root, "multipart", "report") {
            return Err(BadReport::NoReport);
        }
        let status = message.parts.iter().find(|part| is_type(part, "message", "delivery-status"));
        let fields = Fields::of(status.ok_or(BadReport::NoReport)?.contents());
        let (bounce, status) = fields.worst().ok_or(BadReport::NoFailure)?;
        let quoted = message.parts.iter().filter(|part| {
            is_type(part, "message", "rfc822")
                || is_type(part, "message", "global")
                || is_type(part, "text", "rfc822-headers")
        });
        let heads: Vec<Fields> = quoted.map(|part| Fields::of(&head_of(part))).collect();
        let ids: Vec<&str> = heads.iter().flat_map(|head| head.all("message-id")).collect();
        let [id] = ids.as_slice() else { return Err(BadReport::NoMessageId) };
        let seal = heads.iter().flat_map(|head| head.all(SEAL_HEADER)).next();
        Ok(Report {
            message_id: bare(id).to_owned(),
            seal: seal.map(|seal| seal.trim().to_owned()),
            bounce,
            status,
        })
    }

    /// The report, where its seal shows that it is about a mail of ours. Errors: it does not.
    pub fn proven(self, key: &SecretString) -> Result<Report, BadReport> {
        let sealed = self.seal.as_deref().is_some_and(|seal| is_seal(key, &self.message_id, seal));
        if sealed { Ok(self) } else { Err(BadReport::Forged) }
    }
}

fn is_type(part: &MessagePart<'_>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|given| {
        given.ctype().eq_ignore_ascii_case(kind)
            && given.subtype().is_some_and(|given| given.eq_ignore_ascii_case(subtype))
    })
}

/// The text of a quoted mail, or of its head alone.
fn head_of(part: &MessagePart<'_>) -> Vec<u8> {
    match &part.body {
        PartType::Message(message) => message.raw_message().to_vec(),
        _ => part.contents().to_vec(),
    }
}

/// Groups of header fields, as a delivery status has them: one for the mail, one for each recipient.
struct Fields(Vec<Vec<(String, String)>>);

impl Fields {
    fn of(bytes: &[u8]) -> Fields {
        let text = String::from_utf8_lossy(bytes);
        let mut groups: Vec<Vec<(String, String)>> = vec![vec![]];
        for line in text.lines() {
            let group = groups.last_mut();
            if line.trim().is_empty() {
                groups.push(vec![]);
            } else if let (true, Some((_, value))) =
                (line.starts_with([' ', '\t']), group.and_then(|group| group.last_mut()))
            {
                value.push(' ');
                value.push_str(line.trim());
            } else if let (Some((name, value)), Some(group)) = (line.split_once(':'), groups.last_mut()) {
                group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Fields(groups)
    }

    /// The values of a field in the first group, which is the head of a mail.
    fn all(&self, name: &str) -> Vec<&str> {
        let named = |(field, _): &&(String, String)| field.eq_ignore_ascii_case(name);
        let head = self.0.iter().find(|group| !group.is_empty());
        head.into_iter().flatten().filter(named).map(|(_, value)| value.as_str()).collect()
    }

    /// The gravest thing that is said of a recipient. Our mails have one, to whom a list may have added others.
    fn worst(&self) -> Option<(Bounce, String)> {
        let one = |group: &Vec<(String, String)>| {
            let field =
                |name: &str| group.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
            let status = field("status")?.split_whitespace().next()?;
            Some((judge_bounce(field("action")?, status)?, status.to_owned()))
        };
        let weight = |(bounce, _): &(Bounce, String)| match bounce {
            Bounce::Delayed => 0,
            Bounce::Mail => 1,
            Bounce::Address => 2,
        };
        self.0.iter().filter_map(one).max_by_key(weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(status: &str, action: &str, quoted: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mail.example\r\nTo: bounces@bank.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\r\n\r\n--=b\r\n\
             Content-Type: text/plain\r\n\r\nSorry.\r\n\r\n--=b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; taro@customer.example\r\nAction: {action}\r\n\
             Status: {status}\r\nDiagnostic-Code: smtp; 550 no such\r\n user here\r\n\r\n--=b\r\n{quoted}\r\n\r\n--=b--\r\n"
        )
    }

    fn key() -> SecretString {
        "0123456789abcdef0123456789abcdef".to_owned().into()
    }

    fn quoted(seal: &str) -> String {
        format!(
            "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <case.1.0.EMAIL@yushi>\r\nSubject: =?utf-8?b?44GK?=\r\n\
             {SEAL_HEADER}: {seal}"
        )
    }

    #[test]
    fn a_report_is_read_and_its_seal_believed() {
        let sealed = seal(&key(), "<case.1.0.EMAIL@yushi>");
        let text = report("5.1.1", "failed", &quoted(&sealed));
        let report = Report::read(text.as_bytes()).expect("a report");
        assert_eq!((report.message_id.as_str(), report.bounce), ("case.1.0.EMAIL@yushi", Bounce::Address));
        assert_eq!(report.status, "5.1.1");
        report.clone().proven(&key()).expect("sealed by us");
        // Another mail's seal, none, or another key: forged.
        let other = seal(&key(), "<case.2.0.EMAIL@yushi>");
        for wrong in [Some(other), Some(String::new()), Some("!!".to_owned()), None] {
            let forged = Report { seal: wrong, ..report.clone() };
            assert_eq!(forged.proven(&key()), Err(BadReport::Forged));
        }
        let theirs: SecretString = "ffffffffffffffffffffffffffffffff".to_owned().into();
        assert_eq!(report.proven(&theirs), Err(BadReport::Forged));
    }

    #[test]
    fn a_whole_mail_that_is_quoted_serves_as_its_head_does() {
        let sealed = seal(&key(), "case.1.0.EMAIL@yushi");
        let whole = format!(
            "Content-Type: message/rfc822\r\n\r\nReceived: from a\r\n by b; now\r\nmessage-id: <case.1.0.EMAIL@yushi>\r\n\
             {SEAL_HEADER}: {sealed}\r\nContent-Type: text/plain\r\n\r\nMessage-ID: <other@yushi>\r\nhello"
        );
        let text = report("4.4.7 (expired)", "Delayed", &whole);
        let report = Report::read(text.as_bytes()).expect("a report");
        assert_eq!((report.bounce, report.status.as_str()), (Bounce::Delayed, "4.4.7"));
        report.proven(&key()).expect("what stands in the body is no header");
    }

    #[test]
    fn everything_else_is_refused_with_what_is_missing() {
        let refused = |text: &str| Report::read(text.as_bytes()).expect_err("refused");
        assert_eq!(refused(""), BadReport::NoReport);
        assert_eq!(refused("Subject: hello\r\n\r\nI am away."), BadReport::NoReport);
        assert_eq!(refused(&report("2.0.0", "delivered", &quoted("x"))), BadReport::NoFailure);
        assert_eq!(
            refused(&report("5.1.1", "failed", "Content-Type: text/plain\r\n\r\nx")),
            BadReport::NoMessageId
        );
        let twice = quoted("x").replace("Subject:", "Message-ID: <b@yushi>\r\nSubject:");
        assert_eq!(refused(&report("5.1.1", "failed", &twice)), BadReport::NoMessageId);
        assert_eq!(refused(&"x".repeat(LARGEST + 1)), BadReport::TooLarge);
        // Whatever is cut off or broken is refused, and nothing panics.
        let text = report("5.1.1", "failed", &quoted("x"));
        for end in (0..text.len()).step_by(7) {
            let _ = Report::read(text.as_bytes().get(..end).unwrap_or_default());
        }
        assert!(!BadReport::Forged.to_string().contains('@'), "no address in an error");
    }
}
