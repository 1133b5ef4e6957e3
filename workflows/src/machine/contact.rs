//! How a person of a case is reached: wishes, addresses and their confirmation, what a bounce means, and direct mail (D-11). Pure.
//!
//! A notice always stands in the inbox of the portal. Beside it goes a mail to a confirmed address, or the notice stands on the list of
//! letters to be posted: nobody is told by nothing at all.

use super::case::Case;
use super::consent::{ConsentPurpose, stands};
use crate::form::{Form, PartyRole};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

crate::terms! {
    /// How a person wishes to be told.
    pub enum ContactChannel {
        Inbox = "INBOX", "ポータルの受信箱", "Inbox of the portal";
        Mail = "MAIL", "電子メール", "E-mail";
        Letter = "LETTER", "書面（郵送）", "Letter by post";
    }
}

crate::terms! {
    /// In which language mails are written.
    pub enum ContactLanguage {
        Both = "BOTH", "日本語と英語", "Japanese and English";
        Ja = "JA", "日本語", "Japanese";
        En = "EN", "英語", "English";
    }
}

crate::terms! {
    /// How a mail address stands.
    pub enum AddressStanding {
        Absent = "ABSENT", "登録なし", "None is known";
        Asked = "ASKED", "確認待ち", "Waits for its confirmation";
        Confirmed = "CONFIRMED", "確認済み", "Confirmed";
        Bounced = "BOUNCED", "不達（再確認が必要）", "Mails come back: to be confirmed again";
    }
}

crate::terms! {
    /// Why a confirmation does not succeed.
    pub enum CodeRefusal {
        NothingAsked = "NOTHING_ASKED", "確認待ちのメールアドレスがありません。アドレスを登録してください", "No address waits for its confirmation: enter one";
        TooLate = "TOO_LATE", "確認番号の有効期限（24時間）が過ぎています。アドレスを登録し直してください", "The code was good for 24 hours: enter the address again";
        TooOften = "TOO_OFTEN", "確認番号を5回間違えました。アドレスを登録し直してください", "Five wrong codes: enter the address again";
        WrongCode = "WRONG_CODE", "確認番号が一致しません。メールに記載の8桁の数字を入力してください", "Another code: accepted are the eight digits of the mail";
    }
}

/// Digits of a one-time code.
pub const CODE_DIGITS: u32 = 8;
/// Wrong codes after which a new one is needed.
pub const CODE_TRIES: u32 = 5;
/// How long a code counts.
pub const CODE_LASTS: TimeDelta = TimeDelta::hours(24);
/// Codes that are sent for one person of a case within a day: nobody is written to in the bank's name more often.
pub const CODES_A_DAY: u32 = 5;

/// The code from random bytes.
pub fn code_of(random: [u8; 8]) -> String {
    let most = 10_u64.pow(CODE_DIGITS);
    format!("{:0width$}", u64::from_be_bytes(random) % most, width = CODE_DIGITS as usize)
}

/// A code that waits.
#[derive(Copy, Clone, Debug)]
pub struct Waiting<'a> {
    pub code: &'a str,
    pub asked_at: DateTime<Utc>,
    /// Wrong codes so far.
    pub tries: u32,
}

/// Judges a code that somebody enters.
pub fn judge_code(waiting: Option<Waiting<'_>>, given: &str, now: DateTime<Utc>) -> Result<(), CodeRefusal> {
    let waiting = waiting.ok_or(CodeRefusal::NothingAsked)?;
    if now - waiting.asked_at > CODE_LASTS {
        return Err(CodeRefusal::TooLate);
    }
    if waiting.tries >= CODE_TRIES {
        return Err(CodeRefusal::TooOften);
    }
    // Digits as a Japanese keyboard writes them are digits too.
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        c => c,
    };
    let given: String = given.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    if given == waiting.code { Ok(()) } else { Err(CodeRefusal::WrongCode) }
}

/// How a notice goes beside the inbox.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A mail to the confirmed address.
    Mail,
    /// The inbox is enough.
    Inbox,
    /// A letter is to be posted.
    Paper,
}

/// The way to a person: as wished where that is possible, else the next one. `reads_inbox`: somebody signs in for this person.
pub fn way(wish: Option<ContactChannel>, address: AddressStanding, reads_inbox: bool) -> Way {
    let inbox = if reads_inbox { Way::Inbox } else { Way::Paper };
    match (wish, address) {
        (Some(ContactChannel::Mail), AddressStanding::Confirmed) => Way::Mail,
        // Whoever waits for mails does not look into an inbox.
        (Some(ContactChannel::Mail), AddressStanding::Bounced) | (Some(ContactChannel::Letter), _) => {
            Way::Paper
        }
        (Some(ContactChannel::Mail), AddressStanding::Absent | AddressStanding::Asked)
        | (Some(ContactChannel::Inbox) | None, _) => inbox,
    }
}

/// What a mail server says about a mail after it had taken it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Bounce {
    /// The address takes no mail: none goes there until it is confirmed again.
    Address,
    /// This mail did not arrive; the address may be good (a full mailbox, a filter).
    Mail,
    /// Not yet.
    Delayed,
}

/// Judges the fields `Action` and `Status` of a delivery status notification (RFC 3464, RFC 3463). `None`: it tells of no failure, or
/// it is no such notification.
pub fn judge_bounce(action: &str, status: &str) -> Option<Bounce> {
    let mut parts = status.trim().split('.').map(|part| part.parse::<u16>().ok().filter(|n| *n < 1000));
    let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    match (action.trim().to_ascii_lowercase().as_str(), class) {
        ("delayed", 4) => Some(Bounce::Delayed),
        ("failed", 4 | 5) => Some(match (class, subject, detail) {
            // A mailbox that is full, a mail that is too large, a filter or a rule.
            (5, 2, 2..=4) | (5, 3 | 6 | 7, _) | (4, _, _) => Bounce::Mail,
            _ => Bounce::Address,
        }),
        _ => None,
    }
}

/// Is this the answer of a server that knows no such mailbox, as the ledger notes it: `send: 550 5.1.1`?
pub fn refuses_address(said: &str) -> bool {
    let words = said.strip_prefix("send: 5").map(|_| said.rsplit(' ').next().unwrap_or_default());
    words.is_some_and(|status| {
        status.starts_with("5.") && judge_bounce("failed", status) == Some(Bounce::Address)
    })
}

/// That the customer agreed to direct mail and has not withdrawn it (D-11). Only [`DirectMailConsent::of`] makes one, and without one
/// there is no [`DirectMail`].
#[derive(Debug)]
pub struct DirectMailConsent(());

impl DirectMailConsent {
    /// The consent as form and register of consents have it at this moment.
    pub fn of(case: &Case) -> Option<DirectMailConsent> {
        let (form, steps): (&Form, _) = (&case.form, &case.consent_steps);
        let applicant = form.parties.iter().find(|party| party.role == PartyRole::Applicant)?;
        let agreed =
            form.direct_mail_consent && stands(form, steps, &applicant.party_id, ConsentPurpose::DirectMail);
        agreed.then_some(DirectMailConsent(()))
    }
}

/// Longest title of a direct mail, in characters.
pub const LONGEST_TITLE: usize = 80;
/// Longest text of a direct mail, in characters.
pub const LONGEST_TEXT: usize = 4_000;

/// An advertisement of the bank. No notice can carry one: a notice has typed data and no text of anybody's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectMail {
    title: String,
    text: String,
}

impl DirectMail {
    /// A direct mail to somebody who agreed. Errors: the field, and what it accepts.
    pub fn new(_: &DirectMailConsent, title: &str, text: &str) -> Result<DirectMail, (&'static str, String)> {
        let (title, text) = (title.trim(), text.trim());
        let count = |text: &str| text.chars().count();
        if !(1..=LONGEST_TITLE).contains(&count(title)) || title.chars().any(char::is_control) {
            return Err((
                "title",
                format!("one line of 1 to {LONGEST_TITLE} characters / 1行、{LONGEST_TITLE}文字以内"),
            ));
        }
        if !(1..=LONGEST_TEXT).contains(&count(text)) {
            return Err(("text", format!("1 to {LONGEST_TEXT} characters / {LONGEST_TEXT}文字以内")));
        }
        Ok(DirectMail { title: title.to_owned(), text: text.to_owned() })
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A mail that no transition leaves: it is made beside the case, with a line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mailing", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mailing {
    /// The one-time code that confirms an address.
    Code { code: String },
    /// An advertisement (D-11).
    Direct(DirectMail),
}

impl Mailing {
    /// Code of its kind, as the ledger has it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Mailing::Code { .. } => "ADDRESS_CODE",
            Mailing::Direct(_) => DIRECT_MAIL,
        }
    }

    /// The words of a kind.
    pub fn words(kind: &str) -> Option<(&'static str, &'static str)> {
        match kind {
            "ADDRESS_CODE" => Some(("メールアドレスの確認", "Confirmation of a mail address")),
            DIRECT_MAIL => Some(("ダイレクトメール", "Direct mail")),
            _ => None,
        }
    }
}

/// Kind of direct mail in the ledger.
pub const DIRECT_MAIL: &str = "DIRECT_MAIL";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmed_address_gets_mails_and_nobody_is_left_untold() {
        use AddressStanding as A;
        use ContactChannel as C;
        assert_eq!(way(Some(C::Mail), A::Confirmed, false), Way::Mail);
        assert_eq!(way(Some(C::Mail), A::Asked, true), Way::Inbox, "an address is used when it is confirmed");
        assert_eq!(way(Some(C::Mail), A::Asked, false), Way::Paper);
        assert_eq!(way(Some(C::Mail), A::Bounced, true), Way::Paper, "they wait for a mail that never comes");
        assert_eq!(way(Some(C::Letter), A::Confirmed, true), Way::Paper);
        assert_eq!(way(Some(C::Inbox), A::Confirmed, true), Way::Inbox, "a wish is a wish");
        for address in A::ALL {
            assert_eq!(way(None, *address, false), Way::Paper);
            assert_eq!(way(None, *address, true), Way::Inbox);
            for wish in C::ALL {
                assert_ne!(way(Some(*wish), *address, false), Way::Inbox, "an inbox that nobody reads");
            }
        }
    }

    #[test]
    fn a_bounce_is_about_the_address_the_mail_or_nothing() {
        for (action, status, wanted) in [
            ("failed", "5.1.1", Some(Bounce::Address)),
            ("Failed", " 5.1.10 ", Some(Bounce::Address)),
            ("failed", "5.4.4", Some(Bounce::Address)),
            ("failed", "5.0.0", Some(Bounce::Address)),
            ("failed", "5.2.1", Some(Bounce::Address)),
            ("failed", "5.2.2", Some(Bounce::Mail)),
            ("failed", "5.3.4", Some(Bounce::Mail)),
            ("failed", "5.7.1", Some(Bounce::Mail)),
            ("failed", "4.4.7", Some(Bounce::Mail)),
            ("delayed", "4.4.7", Some(Bounce::Delayed)),
            ("delivered", "2.0.0", None),
            ("relayed", "2.0.0", None),
            ("failed", "2.0.0", None),
            ("failed", "5.1", None),
            ("failed", "5.1.1.1", None),
            ("failed", "5.1.9999", None),
            ("", "", None),
        ] {
            assert_eq!(judge_bounce(action, status), wanted, "{action} {status}");
        }
        assert!(refuses_address("send: 550 5.1.1") && !refuses_address("send: 552 5.2.2"));
        assert!(!refuses_address("send: 550") && !refuses_address("connect: 550 5.1.1"));
        assert!(!refuses_address("send: time-out") && !refuses_address("send: 450 4.1.1"));
    }

    #[test]
    fn a_code_counts_once_for_a_day_and_five_tries() {
        let asked_at = DateTime::UNIX_EPOCH;
        let waiting = Waiting { code: "00420042", asked_at, tries: 0 };
        let soon = asked_at + TimeDelta::minutes(3);
        assert_eq!(judge_code(Some(waiting), "00420042", soon), Ok(()));
        assert_eq!(judge_code(Some(waiting), " ００４２ ００４２ ", soon), Ok(()), "as people type");
        assert_eq!(judge_code(Some(waiting), "00420043", soon), Err(CodeRefusal::WrongCode));
        assert_eq!(judge_code(Some(waiting), "", soon), Err(CodeRefusal::WrongCode));
        assert_eq!(judge_code(None, "00420042", soon), Err(CodeRefusal::NothingAsked));
        let late = asked_at + CODE_LASTS + TimeDelta::seconds(1);
        assert_eq!(judge_code(Some(waiting), "00420042", late), Err(CodeRefusal::TooLate));
        let tried = Waiting { tries: CODE_TRIES, ..waiting };
        assert_eq!(judge_code(Some(tried), "00420042", soon), Err(CodeRefusal::TooOften));
    }

    #[test]
    fn codes_have_eight_digits_whatever_the_dice_say() {
        for bytes in [[0; 8], [255; 8], [0, 0, 0, 0, 0, 0, 0, 7]] {
            let code = code_of(bytes);
            assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        }
    }

    #[test]
    fn direct_mail_needs_the_consent_and_words() {
        let consent = DirectMailConsent(());
        assert!(DirectMail::new(&consent, "夏の金利引下げ", "くわしくは窓口へ。").is_ok());
        assert_eq!(DirectMail::new(&consent, "", "x").unwrap_err().0, "title");
        assert_eq!(DirectMail::new(&consent, "x\r\nBcc: y", "x").unwrap_err().0, "title");
        assert_eq!(DirectMail::new(&consent, "x", " ").unwrap_err().0, "text");
        assert_eq!(DirectMail::new(&consent, "x", &"あ".repeat(LONGEST_TEXT + 1)).unwrap_err().0, "text");
    }
}
