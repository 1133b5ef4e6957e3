//! A calendar as text (RFC 5545): whole days alone, which are days in Tokyo and need no time zone; lines of at most 75 octets.

use chrono::NaiveDate;

/// A whole day in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayEvent {
    /// The same for the same matter each time the calendar is made.
    pub uid: String,
    pub day: NaiveDate,
    pub summary: String,
}

/// Text as a calendar takes it (3.3.11). Other control signs than a line break have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => out.extend(['\\', sign]),
            '\n' => out.push_str("\\n"),
            _ if sign.is_control() => {}
            _ => out.push(sign),
        }
    }
    out
}

/// Adds a line, folded at 75 octets and never inside a sign (3.1).
fn line(out: &mut String, text: &str) {
    let mut room = 75;
    for sign in text.chars() {
        if sign.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        out.push(sign);
        room -= sign.len_utf8();
    }
    out.push_str("\r\n");
}

/// The calendar under a name, stamped with the day on which it is made: the same on the same day, as long as nothing changes.
pub fn calendar(name: &str, events: &[DayEvent], made_on: NaiveDate) -> String {
    let mut out = String::new();
    let compact = |day: NaiveDate| day.format("%Y%m%d").to_string();
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yushi//calendar//JA",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        line(&mut out, text);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for event in events {
        let next = event.day.succ_opt().unwrap_or(event.day);
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}", escaped(&event.uid)));
        // Midnight in Tokyo.
        let stamp = made_on.pred_opt().unwrap_or(made_on);
        line(&mut out, &format!("DTSTAMP:{}T150000Z", compact(stamp)));
        line(&mut out, &format!("DTSTART;VALUE=DATE:{}", compact(event.day)));
        line(&mut out, &format!("DTEND;VALUE=DATE:{}", compact(next)));
        line(&mut out, &format!("SUMMARY:{}", escaped(&event.summary)));
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "CLASS:PRIVATE");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(summary: &str) -> String {
        let day = "2026-12-31".parse().unwrap();
        let event = DayEvent { uid: "due-1@yushi".to_owned(), day, summary: summary.to_owned() };
        calendar("見本", &[event], day)
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_unfolding_gives_the_text() {
        for length in 0..200 {
            let summary = "登".repeat(length) + &"x".repeat(length % 7);
            let text = one(&summary);
            assert!(text.split("\r\n").all(|line| line.len() <= 75), "{length}");
            assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
            assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")), "{length}");
        }
    }

    #[test]
    fn nothing_in_a_text_begins_a_line() {
        let text = one("a;b,c\\d\r\nEND:VEVENT");
        assert!(text.contains("SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\r\n"), "{text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        assert!(text.contains("DTSTAMP:20261230T150000Z\r\n"), "{text}");
    }
}
