//! The way in: a JSON value becomes a form, or every problem of it is reported at once.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Form, sense};
use crate::shape::{self, Fault, FaultKind};

/// A reason why a text is no loan application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Problem {
    /// JSON path such as `parties[0].birth_date`; empty for the whole text.
    pub field: String,
    /// `FORM-DATE`, `FORM-AMOUNT`, ...
    pub rule: &'static str,
    pub message_ja: String,
    pub message_en: String,
    /// What would be accepted.
    pub accepted: String,
}

impl Problem {
    pub(crate) fn new(
        field: impl Into<String>,
        rule: &'static str,
        (message_ja, message_en): (&str, &str),
        accepted: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            rule,
            message_ja: message_ja.to_owned(),
            message_en: message_en.to_owned(),
            accepted: accepted.into(),
        }
    }
}

/// A line of a file of applications: a form, with or without the `expected` of sample files, which is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub form: Form,
}

impl Line {
    /// A form from one line of text. Errors: every problem at once; `FORM-JSON` where the line is no JSON.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut value: Value = serde_json::from_str(text).map_err(|error| {
            let messages = ("JSONとして読めません。", "The text is not JSON.");
            vec![Problem::new("", "FORM-JSON", messages, format!("one JSON object ({error})"))]
        })?;
        if let Value::Object(map) = &mut value {
            map.remove("expected");
        }
        Form::parse(&value).map(|form| Self { form })
    }
}

impl Form {
    /// A form from its JSON value. Errors: every problem of shape, or if the shape is right every problem of sense.
    /// Rules of the product are not judged here: that is [`crate::assess`].
    pub fn parse(value: &Value) -> Result<Self, Vec<Problem>> {
        static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Form).to_value());
        let mut problems: Vec<Problem> = shape::faults(&SCHEMA, value).into_iter().map(problem).collect();
        problems.extend(sense::of_json(value));
        if !problems.is_empty() {
            return Err(problems);
        }
        let form: Self = Self::deserialize(value).map_err(|error| {
            let messages =
                ("申込データの形が正しくありません。", "The application does not have the right shape.");
            vec![Problem::new("", "FORM-SHAPE", messages, error.to_string())]
        })?;
        let problems = sense::of_form(&form);
        if problems.is_empty() { Ok(form) } else { Err(problems) }
    }
}

fn problem(fault: Fault) -> Problem {
    let (rule, messages) = match fault.kind {
        FaultKind::Unknown => ("FORM-UNKNOWN", ("この項目はありません。", "There is no such field.")),
        FaultKind::Missing => ("FORM-MISSING", ("必須の項目がありません。", "A required field is missing.")),
        FaultKind::Type => ("FORM-TYPE", ("値の型が違います。", "The value has the wrong type.")),
        FaultKind::Choice => {
            ("FORM-CHOICE", ("選択肢にない値です。", "The value is not one of the choices."))
        }
        FaultKind::Date => ("FORM-DATE", ("存在しない日付です。", "There is no such date.")),
        FaultKind::Instant => ("FORM-INSTANT", ("日時として読めません。", "This is not an instant.")),
        FaultKind::Clock => ("FORM-TIME", ("時刻として読めません。", "This is not a time of day.")),
        FaultKind::Decimal => ("FORM-DECIMAL", ("小数として読めません。", "This is not a decimal.")),
        FaultKind::Share => ("FORM-SHARE", ("持分として読めません。", "This is not a share.")),
        FaultKind::Amount => ("FORM-AMOUNT", ("金額が範囲外です。", "The amount is out of range.")),
        FaultKind::Range => ("FORM-RANGE", ("値が範囲外です。", "The number is out of range.")),
        FaultKind::Control => (
            "FORM-TEXT",
            (
                "改行または制御文字が含まれています。",
                "The text contains a line break or a control character.",
            ),
        ),
        FaultKind::TooLong => ("FORM-LENGTH", ("文字数が多すぎます。", "The text is too long.")),
        FaultKind::TooMany => ("FORM-LENGTH", ("件数が多すぎます。", "The list is too long.")),
    };
    Problem::new(fault.path, rule, messages, fault.accepted)
}
