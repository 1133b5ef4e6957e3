//! The same explanation from a running API, as far as the caller's role is told.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use workflows::calendar::tokyo_date;
use workflows::machine::{Role, Stage};

use super::Failure;
use super::explain::{Blocker, Move, Pair, Standing, Waiting, role, unknown};

/// Where a case stands. Errors: the API does not answer, or knows no such case for the caller.
pub async fn standing(api: &str, token: &str, number: &str) -> Result<Standing, Failure> {
    let caller = Caller::new(api, token)?;
    let me = caller.ask("{ me { role } }", json!({})).await?;
    let me = me["me"]["role"].as_str().and_then(Role::parse).unwrap_or(Role::Applicant);
    let by_number = "query($number: String!) { application(number: $number) { id number } }";
    let by_id = "query($number: ID!) { application(id: $number) { id number } }";
    let variables = json!({ "number": number });
    let mut found = caller.ask(by_number, variables.clone()).await?;
    if found["application"].is_null() {
        found = caller.ask(by_id, variables).await?;
    }
    let id = found["application"]["id"].as_str().ok_or_else(|| unknown(number))?;
    let number = found["application"]["number"].as_str().filter(|number| !number.is_empty()).unwrap_or(id);
    let staff = if me.is_staff() { "proposals { label { ja en } }" } else { "" };
    let inside = if me.is_staff() || me == Role::Auditor {
        "ways { label { ja en } to by unmet { code rule subject ja en clearedBy } }"
    } else {
        ""
    };
    let query = format!(
        "query($id: ID!) {{ explain(applicationId: $id) {{ stageLabel {{ ja en }} waitingFor {{ label {{ ja en }} role dueOn }} \
         deadlines {{ label {{ ja en }} key dueAt }} {staff} {inside} }} }}"
    );
    let answer = caller.ask(&query, json!({ "id": id })).await?;
    let explanation = &answer["explain"];
    if explanation.is_null() {
        return Err(unknown(number));
    }
    Ok(read(explanation, number))
}

fn read(explanation: &Value, number: &str) -> Standing {
    let list = |key: &str| explanation[key].as_array().into_iter().flatten();
    let stage = pair(&explanation["stageLabel"]);
    let tasks: Vec<Waiting> = list("waitingFor")
        .filter_map(|task| {
            let who = task["role"].as_str().and_then(Role::parse).map(role);
            Some(Waiting { what: pair(&task["label"]), who, by: day(&task["dueOn"])? })
        })
        .collect();
    let mut moves: Vec<Move> = list("ways").map(|way| moved(way, explanation)).collect();
    moves.sort_by_key(|m| (m.ends, m.blockers.len()));
    let deadlines = list("deadlines").filter_map(|deadline| {
        let key = deadline["key"].as_str().filter(|key| !key.is_empty());
        let key = key.map(|key| format!("（{key}）")).unwrap_or_default();
        let Pair { ja, en } = pair(&deadline["label"]);
        let what = Pair { ja: format!("{ja}{key}"), en: format!("{en}{key}") };
        let due: DateTime<Utc> = deadline["dueAt"].as_str()?.parse().ok()?;
        Some(Waiting { what, who: None, by: tokyo_date(due) })
    });
    let mut standing = Standing {
        number: number.to_owned(),
        stage_ja: stage.ja,
        stage_en: stage.en,
        tasks,
        proposals: list("proposals").map(|proposal| pair(&proposal["label"])).collect(),
        moves,
        deadlines: deadlines.collect(),
    };
    standing.tasks.sort_by_key(|task| task.by);
    standing.deadlines.sort_by_key(|deadline| deadline.by);
    standing
}

fn moved(way: &Value, explanation: &Value) -> Move {
    let to = way["to"].as_str().and_then(Stage::parse);
    let unmet = way["unmet"].as_array().into_iter().flatten();
    Move {
        what: pair(&way["label"]),
        to: to.map(|to| Pair { ja: to.ja().to_owned(), en: to.en().to_owned() }).unwrap_or_default(),
        who: roles(&way["by"]).into_iter().map(role).collect(),
        ends: to.is_some_and(|to| to.is_final() && to != Stage::HandedOver),
        blockers: unmet.map(|unmet| blocker(unmet, explanation)).collect(),
    }
}

fn blocker(unmet: &Value, explanation: &Value) -> Blocker {
    let code = unmet["code"].as_str().unwrap_or_default();
    let cleared_by = roles(&unmet["clearedBy"]);
    let tasks = explanation["waitingFor"].as_array().into_iter().flatten();
    let theirs = tasks
        .filter(|task| task["role"].as_str().and_then(Role::parse).is_some_and(|r| cleared_by.contains(&r)));
    Blocker {
        code: unmet["rule"].as_str().map_or(code.to_owned(), |rule| format!("{code} {rule}")),
        subject: unmet["subject"].as_str().map(str::to_owned),
        what: pair(unmet),
        by: theirs.filter_map(|task| day(&task["dueOn"])).min(),
        cleared_by: cleared_by.into_iter().map(role).collect(),
    }
}

fn pair(value: &Value) -> Pair {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Pair { ja: text("ja"), en: text("en") }
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

fn roles(value: &Value) -> Vec<Role> {
    value.as_array().into_iter().flatten().filter_map(|role| Role::parse(role.as_str()?)).collect()
}

/// A caller of the API.
struct Caller {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Caller {
    fn new(api: &str, token: &str) -> Result<Self, Failure> {
        let wrong = |error: String| {
            Failure::usage(format!("--api {api}: URLではありません。"), format!("--api {api}: {error}"))
        };
        reqwest::Url::parse(api).map_err(|error| wrong(error.to_string()))?;
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let base = api.trim_end_matches('/').trim_end_matches("/graphql");
        Ok(Self { http, url: format!("{base}/graphql"), token: token.to_owned() })
    }

    /// The data of a query. Absent objects are null; anything else that is wrong is a failure.
    async fn ask(&self, query: &str, variables: Value) -> Result<Value, Failure> {
        let silent = |why: String| {
            Failure::outside("APIから応答がありません。", format!("the API does not answer: {why}"))
        };
        let body = json!({ "query": query, "variables": variables });
        let request = self.http.post(&self.url).bearer_auth(&self.token).json(&body);
        let reply = request.send().await.map_err(|error| silent(error.to_string()))?;
        let status = reply.status();
        let bytes = reply.bytes().await.map_err(|error| silent(error.to_string()))?;
        if matches!(status.as_u16(), 401 | 403) {
            return Err(Failure::usage(
                "トークンが無効です。",
                format!("the token is not accepted: {status}"),
            ));
        }
        let answer: Value =
            serde_json::from_slice(&bytes).map_err(|error| silent(format!("{status}: {error}")))?;
        let error = &answer["errors"][0];
        match error["extensions"]["code"].as_str() {
            _ if error.is_null() => Ok(answer["data"].clone()),
            Some("NOT_FOUND") => Ok(answer["data"].clone()),
            code => Err(silent(format!("{status} {} {}", code.unwrap_or_default(), error["message"]))),
        }
    }
}
