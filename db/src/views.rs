//! Saved views: the filters of a list under a name, for oneself or for everybody of a branch.

use crate::read::{Scope, Where};
use crate::sql::statement;
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use workflows::machine::Actor;

/// Most views of one person.
pub const VIEWS_MOST: u64 = 100;
/// Longest name, in characters.
pub const LONGEST_NAME: usize = 60;
/// Longest search string, in characters.
pub const LONGEST_SEARCH: usize = 2_000;

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: String,
    /// Whose it is: only he changes it.
    pub owner: String,
    /// Branch that shares it; `None`: its owner's alone.
    pub branch: Option<String>,
    /// Address of the list, such as `/applications`.
    pub page: String,
    pub name: String,
    /// What stands behind the question mark of the address.
    pub search: String,
    pub saved_at: DateTime<Utc>,
}

/// A view as it is to be.
#[derive(Copy, Clone, Debug)]
pub struct NewView<'a> {
    /// The view to change; a new one without it.
    pub id: Option<&'a str>,
    pub branch: Option<&'a str>,
    pub page: &'a str,
    pub name: &'a str,
    pub search: &'a str,
}

/// What saving comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewAnswer {
    Saved(View),
    /// A field that is not accepted, with what is; nothing is written.
    Wrong(&'static str, String),
    NotFound,
}

const COLUMNS: &str = "v.id, v.owner, v.branch, v.page, v.name, v.search, v.saved_at";

impl Store {
    /// The views that the reader may use: his own, and those of his branches. At most [`VIEWS_MOST`] of each page, by name.
    pub async fn views(&self, scope: &Scope, page: &str) -> Result<Vec<View>> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("v.institution", actor.institution.clone());
        w.equals("v.page", page);
        let own = w.bind(actor.subject.clone());
        let shared = if actor.branches.is_empty() {
            "v.branch IS NOT NULL".to_owned()
        } else {
            let marks: Vec<String> = actor.branches.iter().map(|branch| w.bind(branch.clone())).collect();
            format!("v.branch IN ({})", marks.join(", "))
        };
        w.and(format!("(v.owner = {own} OR {shared})"));
        let sql = format!(
            "SELECT {COLUMNS} FROM saved_view v {} ORDER BY v.name, v.id LIMIT {VIEWS_MOST}",
            w.sql()
        );
        self.rows(sql, w).await?.iter().map(view_of).collect()
    }

    /// Saves a view of the caller under its name: a new one, or another form of one of his. Of one page, each name is there once.
    pub async fn save_view(&self, scope: &Scope, new: NewView<'_>, now: DateTime<Utc>) -> Result<ViewAnswer> {
        let actor = scope.actor();
        let new = NewView { name: new.name.trim(), ..new };
        if let Some((field, accepted)) = wrong(actor, &new) {
            return Ok(ViewAnswer::Wrong(field, accepted));
        }
        let (backend, saved_at) = (self.backend(), crate::sql::micros(now));
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let mine: Vec<Value> = vec![actor.institution.clone().into(), actor.subject.clone().into()];
        // Two that save at once wait for each other: neither passes the limit, and no name is taken twice.
        if backend == sea_orm::DbBackend::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || $2, 0))";
            tx.query_one_raw(statement(backend, lock, mine.clone())).await?;
        }
        let sql = format!("SELECT {COLUMNS} FROM saved_view v WHERE v.institution = $1 AND v.owner = $2");
        let there = tx.query_all_raw(statement(backend, sql, mine)).await?;
        let there = there.iter().map(view_of).collect::<Result<Vec<View>>>()?;
        if new.id.is_some_and(|id| there.iter().all(|view| view.id != id)) {
            return Ok(ViewAnswer::NotFound);
        }
        let taken =
            |view: &View| view.page == new.page && view.name == new.name && Some(view.id.as_str()) != new.id;
        if there.iter().any(taken) {
            let accepted =
                "a name that no other view of yours has on this page / このページでまだ使っていない名前";
            return Ok(ViewAnswer::Wrong("name", accepted.to_owned()));
        }
        if new.id.is_none() && there.len() as u64 >= VIEWS_MOST {
            let accepted = format!("at most {VIEWS_MOST} views of one person / 1人{VIEWS_MOST}件まで");
            return Ok(ViewAnswer::Wrong("name", accepted));
        }
        let view = View {
            id: new.id.map_or_else(crate::audit::line_id, str::to_owned),
            owner: actor.subject.clone(),
            branch: new.branch.map(str::to_owned),
            page: new.page.to_owned(),
            name: new.name.to_owned(),
            search: new.search.to_owned(),
            saved_at,
        };
        let sql = "INSERT INTO saved_view (id, institution, owner, branch, page, name, search, saved_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET branch = excluded.branch, \
                   page = excluded.page, name = excluded.name, search = excluded.search, saved_at = excluded.saved_at";
        let values: Vec<Value> = vec![
            view.id.clone().into(),
            actor.institution.clone().into(),
            view.owner.clone().into(),
            view.branch.clone().into(),
            view.page.clone().into(),
            view.name.clone().into(),
            view.search.clone().into(),
            view.saved_at.into(),
        ];
        tx.execute_raw(statement(backend, sql, values)).await?;
        tx.commit().await?;
        Ok(ViewAnswer::Saved(view))
    }

    /// Deletes a view of the caller; false where he has none with this id.
    pub async fn delete_view(&self, scope: &Scope, id: &str) -> Result<bool> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("v.institution", actor.institution.clone());
        w.equals("v.owner", actor.subject.clone());
        w.equals("v.id", id);
        self.touch(format!("DELETE FROM saved_view AS v {}", w.sql()), w).await
    }
}

/// The first field that is not accepted, with what is.
fn wrong(actor: &Actor, new: &NewView<'_>) -> Option<(&'static str, String)> {
    let within = |text: &str, most: usize| text.chars().count() <= most;
    let address = |page: &str| {
        page.starts_with('/')
            && within(page, 100)
            && page.chars().all(|c| c.is_ascii_lowercase() || "/-".contains(c))
    };
    if new.name.is_empty() || !within(new.name, LONGEST_NAME) {
        return Some(("name", format!("1 to {LONGEST_NAME} characters / 1文字以上{LONGEST_NAME}文字以内")));
    }
    if !address(new.page) {
        return Some(("page", "the address of a list such as /applications / 一覧のアドレス".to_owned()));
    }
    if !within(new.search, LONGEST_SEARCH) {
        return Some(("search", format!("at most {LONGEST_SEARCH} characters / {LONGEST_SEARCH}文字以内")));
    }
    let own = |branch: &str| actor.branches.is_empty() || actor.branches.iter().any(|mine| mine == branch);
    let branch = new.branch.filter(|branch| branch.is_empty() || !within(branch, 20) || !own(branch));
    branch.map(|_| ("branch", "a branch of yours, or none / 所属する支店、または指定なし".to_owned()))
}

fn view_of(row: &QueryResult) -> Result<View> {
    Ok(View {
        id: row.try_get("", "id")?,
        owner: row.try_get("", "owner")?,
        branch: row.try_get("", "branch")?,
        page: row.try_get("", "page")?,
        name: row.try_get("", "name")?,
        search: row.try_get("", "search")?,
        saved_at: row.try_get("", "saved_at")?,
    })
}
