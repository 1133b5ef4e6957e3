//! A calendar as text (RFC 5545): whole days, and events at a time of day in Tokyo, which are written in UTC and need no time zone; lines of
//! at most 75 octets.

use crate::product::ClockTime;
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// How long a meeting is held to last: nobody says it, and a calendar shows a length (decision 39).
const MEETING: Duration = Duration::hours(1);

/// Something in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// The same for the same matter each time the calendar is made.
    pub uid: String,
    pub day: NaiveDate,
    /// Without one it is the whole day.
    pub time: Option<ClockTime>,
    pub summary: String,
    pub place: Option<String>,
    /// Counts up where the event may have changed, so that programs take what it became (RFC 5545, 3.8.7.4).
    pub sequence: u64,
}

impl CalendarEvent {
    /// A whole day.
    pub const fn whole(uid: String, day: NaiveDate, summary: String) -> Self {
        CalendarEvent { uid, day, time: None, summary, place: None, sequence: 0 }
    }

    /// The same after so many changes of what it stands on.
    pub fn changed(self, sequence: u64) -> Self {
        CalendarEvent { sequence, ..self }
    }

    /// Begin and end as a calendar takes them. Programs know UTC without being told what Tokyo is, where no clock is ever changed.
    fn span(&self) -> [String; 2] {
        let Some(time) = self.time else {
            let next = self.day.succ_opt().unwrap_or(self.day);
            return [
                format!("DTSTART;VALUE=DATE:{}", compact(self.day)),
                format!("DTEND;VALUE=DATE:{}", compact(next)),
            ];
        };
        let begin = tokyo_instant(self.day, time);
        let utc = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        [format!("DTSTART:{}", utc(begin)), format!("DTEND:{}", utc(begin + MEETING))]
    }
}

/// The instant of a time of day in Tokyo.
fn tokyo_instant(day: NaiveDate, time: ClockTime) -> DateTime<Utc> {
    day.and_time(time.0).and_utc() - Duration::hours(9)
}

fn compact(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
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
pub fn calendar(name: &str, events: &[CalendarEvent], made_on: NaiveDate) -> String {
    let mut out = String::new();
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
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}", escaped(&event.uid)));
        // Midnight in Tokyo.
        let stamp = made_on.pred_opt().unwrap_or(made_on);
        line(&mut out, &format!("DTSTAMP:{}T150000Z", compact(stamp)));
        line(&mut out, &format!("SEQUENCE:{}", event.sequence));
        event.span().iter().for_each(|text| line(&mut out, text));
        line(&mut out, &format!("SUMMARY:{}", escaped(&event.summary)));
        if let Some(place) = &event.place {
            line(&mut out, &format!("LOCATION:{}", escaped(place)));
        }
        // A day that something is due on leaves one free; a meeting does not.
        line(&mut out, if event.time.is_some() { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
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
        let event = CalendarEvent::whole("due-1@yushi".to_owned(), day, summary.to_owned());
        calendar("見本", &[event], day)
    }

    fn at(day: &str, time: &str, place: &str) -> String {
        let event = CalendarEvent {
            uid: "settles-1@yushi".to_owned(),
            day: day.parse().unwrap(),
            time: ClockTime::parse(time),
            summary: "決済".to_owned(),
            place: Some(place.to_owned()),
            sequence: 7,
        };
        calendar("見本", &[event], day.parse().unwrap())
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
    /// What is eight in the morning in Tokyo was the evening before in Greenwich.
    #[test]
    fn a_time_of_day_in_tokyo_is_written_in_utc_and_lasts_an_hour() {
        for (time, begin, end) in [
            ("08:00", "20261230T230000Z", "20261231T000000Z"),
            ("09:00", "20261231T000000Z", "20261231T010000Z"),
            ("10:30", "20261231T013000Z", "20261231T023000Z"),
            ("17:00", "20261231T080000Z", "20261231T090000Z"),
        ] {
            let text = at("2026-12-31", time, "本店");
            let span = format!("\r\nDTSTART:{begin}\r\nDTEND:{end}\r\n");
            assert!(text.contains(&span) && text.contains("\r\nTRANSP:OPAQUE\r\n"), "{time}: {text}");
            assert!(!text.contains("VALUE=DATE:"), "{time}: {text}");
        }
    }

    /// A program keeps what it has while the number stands; what was never changed has nought.
    #[test]
    fn an_event_says_how_often_it_changed() {
        assert!(at("2026-12-31", "10:30", "本店").contains("\r\nSEQUENCE:7\r\n"));
        assert!(one("期限").contains("\r\nSEQUENCE:0\r\n"));
        let day = "2026-12-31".parse().unwrap();
        let due = CalendarEvent::whole("due-1@yushi".to_owned(), day, "期限".to_owned());
        assert_eq!(due.clone().changed(3), CalendarEvent { sequence: 3, ..due });
    }

    #[test]
    fn a_place_is_escaped_and_folded_as_every_text_and_absent_where_none_is_agreed() {
        let place = "見本不動産、東京都千代田区試験町一丁目1番1号;見本ビル, 3階\\受付";
        let text = at("2026-12-31", "10:30", place);
        let unfolded = text.replace("\r\n ", "");
        let wanted =
            "\r\nLOCATION:見本不動産、東京都千代田区試験町一丁目1番1号\\;見本ビル\\, 3階\\\\受付\r\n";
        assert!(unfolded.contains(wanted), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(!one("期限").contains("LOCATION"));
    }
}
