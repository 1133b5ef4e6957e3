//! The numbers of a book for the daily work: hours, periods, dates that run, lead times, four eyes, campaigns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::terms::StagedTerms;
use crate::form::FeePlan;
use crate::money::Rate;

/// A time of day in Tokyo to the minute, `HH:MM`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(pub NaiveTime);

impl ClockTime {
    /// The time from text such as `15:00`. `None` for anything else, seconds and `24:00` included.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| plain).map(Self)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%H:%M"))
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a time such as \"15:00\""))
    }
}

impl JsonSchema for ClockTime {
    fn schema_name() -> Cow<'static, str> {
        "ClockTime".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "clock" })
    }
}

/// An extra discount for applications received within a window of days (C-45).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Unique within the book.
    pub name: String,
    /// First day of reception; open where absent.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day of reception.
    pub to: NaiveDate,
    pub fee_plans: Vec<FeePlan>,
    /// Percentage points off the standard rate.
    pub points: Rate,
}

impl Campaign {
    /// Whether an application under this plan that was received on this day takes part (C-45).
    pub fn covers(&self, fee_plan: FeePlan, received: NaiveDate) -> bool {
        self.fee_plans.contains(&fee_plan)
            && self.from.is_none_or(|from| from <= received)
            && received <= self.to
    }

    fn meets(&self, other: &Self) -> bool {
        let begins_by = |from: Option<NaiveDate>, to: NaiveDate| from.is_none_or(|from| from <= to);
        begins_by(self.from, other.to)
            && begins_by(other.from, self.to)
            && self.fee_plans.iter().any(|plan| other.fee_plans.contains(plan))
    }
}

/// I-03: when branches work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursTerms {
    pub opens: ClockTime,
    pub closes: ClockTime,
    /// From this time on a day counts for nothing more.
    pub cut_off: ClockTime,
    /// Branches with hours of their own, by branch code.
    #[serde(default)]
    pub branches: BTreeMap<String, BranchHours>,
}

/// I-03: the hours of one branch.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchHours {
    pub opens: ClockTime,
    pub closes: ClockTime,
    pub cut_off: ClockTime,
}

impl HoursTerms {
    /// The hours of a branch (I-03).
    pub fn of(&self, branch_code: &str) -> BranchHours {
        let Self { opens, closes, cut_off, .. } = *self;
        self.branches.get(branch_code).copied().unwrap_or(BranchHours { opens, closes, cut_off })
    }
}

/// D.2: how long decisions are good, in days after the day of the decision.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidityTerms {
    pub approval_days: u16,
    pub guarantee_decision_days: u16,
    pub bureau_inquiry_days: u16,
}

/// E.5: timers whose length no rule prints.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimerTerms {
    /// TM01.
    pub draft_days: u16,
    /// TM02.
    pub document_days: u16,
    /// TM09.
    pub posting_timeout_seconds: u16,
    /// TM10.
    pub registration_days: u16,
    /// L-91: how long a case outside one's branches can be read in emergency; an hour where a book says nothing, at most 480.
    #[serde(default = "an_hour")]
    pub emergency_minutes: u16,
    /// B-03: business days after which an organisation that has not certified a membership is reminded; three where a book says nothing.
    #[serde(default = "days::<3>")]
    pub membership_reminder_days: u16,
    /// Business days after which the bank is told that the certificate still waits; more than those of the reminder.
    #[serde(default = "days::<5>")]
    pub membership_overdue_days: u16,
    /// E.2: business days after which a scrivener's office that has not answered for a job is reminded.
    #[serde(default = "days::<2>")]
    pub job_reminder_days: u16,
    /// Business days after which the bank is told that the office still has not answered; more than those of the reminder.
    #[serde(default = "days::<4>")]
    pub job_overdue_days: u16,
}

const fn days<const DAYS: u16>() -> u16 {
    DAYS
}

const fn an_hour() -> u16 {
    60
}

/// Business days that each step of a plan takes once it can begin.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadTerms {
    pub guarantee: u8,
    pub declaration: u8,
    pub insurance: u8,
    pub approval: u8,
    pub contract: u8,
    pub papers: u8,
    pub filing: u8,
    pub funds: u8,
}

/// What is wrong between campaigns: key and what is accepted.
pub(super) fn campaign_faults(campaigns: &[Campaign]) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    for (at, campaign) in campaigns.iter().enumerate() {
        let mut say = |key: &str, accepted: String| wrong.push((format!("campaigns[{at}].{key}"), accepted));
        if campaign.from.is_some_and(|from| from > campaign.to) {
            say("to", "a day not before from (C-45)".to_owned());
        }
        if campaign.fee_plans.is_empty() {
            say("fee_plans", "at least one fee plan (C-45)".to_owned());
        }
        if campaign.points <= Rate::ZERO {
            say("points", "percentage points above 0 (C-45)".to_owned());
        }
        for earlier in campaigns.iter().take(at) {
            if earlier.name == campaign.name {
                say("name", format!("a name other than {} (C-45)", earlier.name));
            }
            if earlier.meets(campaign) {
                let accepted = format!("a window that does not overlap that of {} (C-45)", earlier.name);
                say("from", accepted);
            }
        }
    }
    wrong
}

impl HoursTerms {
    pub(super) fn inconsistencies(&self) -> Vec<(String, String)> {
        let all = self.branches.iter().map(|(code, hours)| (format!("hours.branches.{code}"), *hours));
        let mut wrong: Vec<(String, String)> = std::iter::once(("hours".to_owned(), self.of("")))
            .chain(all)
            .filter(|(_, hours)| !(hours.opens < hours.cut_off && hours.cut_off <= hours.closes))
            .map(|(key, _)| (key, "opens before cut_off, cut_off not after closes (I-03)".to_owned()))
            .collect();
        let digits = |code: &&String| code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit());
        wrong.extend(
            self.branches.keys().filter(digits).map(|code| {
                (format!("hours.branches.{code}"), "a branch code of exactly 3 digits".to_owned())
            }),
        );
        wrong
    }
}

/// Minutes of a working day: whoever needs a case longer than that needs another branch.
const LONGEST_EMERGENCY: u16 = 480;

/// Periods of no length and shares above the whole: key and what is accepted.
pub(super) fn period_faults(
    validity: &ValidityTerms,
    timers: &TimerTerms,
    staged: &StagedTerms,
) -> Vec<(String, String)> {
    let periods = [
        ("validity.approval_days", validity.approval_days),
        ("validity.guarantee_decision_days", validity.guarantee_decision_days),
        ("validity.bureau_inquiry_days", validity.bureau_inquiry_days),
        ("timers.draft_days", timers.draft_days),
        ("timers.document_days", timers.document_days),
        ("timers.posting_timeout_seconds", timers.posting_timeout_seconds),
        ("timers.registration_days", timers.registration_days),
        ("timers.emergency_minutes", timers.emergency_minutes),
        ("timers.membership_reminder_days", timers.membership_reminder_days),
        ("timers.job_reminder_days", timers.job_reminder_days),
    ];
    let mut wrong: Vec<(String, String)> = periods
        .into_iter()
        .filter(|(_, length)| *length == 0)
        .map(|(key, _)| (key.to_owned(), "at least 1".to_owned()))
        .collect();
    for (key, reminder, overdue) in [
        ("membership", timers.membership_reminder_days, timers.membership_overdue_days),
        ("job", timers.job_reminder_days, timers.job_overdue_days),
    ] {
        if overdue <= reminder {
            let accepted = format!("more than timers.{key}_reminder_days ({reminder})");
            wrong.push((format!("timers.{key}_overdue_days"), accepted));
        }
    }
    if timers.emergency_minutes > LONGEST_EMERGENCY {
        wrong.push(("timers.emergency_minutes".to_owned(), format!("1 to {LONGEST_EMERGENCY} (L-91)")));
    }
    if !(1..=100).contains(&staged.limit_percent) {
        wrong.push(("staged.limit_percent".to_owned(), "1 to 100 (S-02)".to_owned()));
    }
    if !(1..=120).contains(&staged.term_months) {
        wrong.push(("staged.term_months".to_owned(), "1 to 120 (S-03)".to_owned()));
    }
    wrong
}
