//! How long the cases that are over are kept, and why one is not erased yet.

use crate::read::{Page, Scope, Where, body_columns, cursor, parse_cursor};
use crate::{Result, Store};
use chrono::NaiveDate;
use serde::Serialize;
use workflows::machine::keeping::{LegalHold, Release, RetentionClass, Standing, kept_until, standing};
use workflows::machine::{Role, Stage};

/// Cases that are over, in the order of their banks and ids.
pub type Survey = Page<SurveyLine>;

/// One case that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SurveyLine {
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub number: String,
    pub stage: Stage,
    pub standing: Standing,
    pub ended_on: Option<NaiveDate>,
    /// The class that keeps it longest, and its last day.
    pub class: Option<RetentionClass>,
    pub kept_until: Option<NaiveDate>,
    pub legal_hold: Option<LegalHold>,
    pub released: Option<Release>,
    /// Written in part by a version that sealed nothing.
    pub in_clear: bool,
    #[serde(skip)]
    pub cursor: String,
}

impl Store {
    /// A page of the cases that are over, as compliance or the server sees them; empty for everyone else. `today` is the day in Tokyo.
    pub async fn survey(
        &self,
        scope: &Scope,
        today: NaiveDate,
        after: Option<&str>,
        first: u32,
    ) -> Result<Survey> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        let role = scope.actor().role;
        if role != Role::Compliance && !role.is_internal() {
            w.and("1 = 0");
        }
        let ends: Vec<String> =
            Stage::ALL.iter().filter(|stage| stage.is_final()).map(|stage| stage.code().to_owned()).collect();
        w.is_one_of("a.stage", &ends);
        if let Some(after) = after {
            let (institution, id) = parse_cursor(after)?;
            let (institution, id) = (w.bind(institution), w.bind(id));
            w.and(format!("(a.institution, a.id) > ({institution}, {id})"));
        }
        let sql = format!(
            "SELECT {}, CASE WHEN EXISTS (SELECT 1 FROM entry e WHERE e.institution = a.institution AND e.application_id = a.id \
             AND e.version = 1 AND e.events NOT LIKE 'sealed:%') THEN 1 ELSE 0 END AS in_clear \
             FROM application a {} ORDER BY a.institution, a.id LIMIT {}",
            body_columns(),
            w.sql(),
            u64::from(first) + 1
        );
        let mut items = vec![];
        for row in &self.rows(sql, w).await? {
            let case = self.case_of(row).await?;
            let kept = kept_until(&case);
            let keeping = &case.keeping;
            let erased = keeping.erased.as_ref();
            items.push(SurveyLine {
                cursor: cursor(&case.institution, &case.id),
                id: case.id.clone(),
                institution: case.institution.clone(),
                branch: case.branch.clone(),
                number: case.number.clone(),
                stage: case.stage,
                standing: standing(&case, today),
                ended_on: keeping.ended_on,
                class: erased.map(|erased| erased.class).or(kept.map(|(class, _)| class)),
                kept_until: erased.map(|erased| erased.kept_until).or(kept.map(|(_, until)| until)),
                legal_hold: keeping.legal_hold.clone(),
                released: keeping.released.clone(),
                in_clear: row.try_get::<i32>("", "in_clear")? == 1,
            });
        }
        Ok(Page::of(items, first, |line| line.cursor.clone()))
    }
}
