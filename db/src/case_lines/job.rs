//! The job of a scrivener's office: its answer, its costs, whom it identified, and what the bank is reminded of.

use super::*;

impl Store {
    /// A person of the office takes the job of a running case or declines it, with the check of conflicts (E.2). After it has declined
    /// the office sees nothing of the case any more.
    pub async fn answer_engagement(
        &self,
        scope: &Scope,
        application_id: &str,
        (accepts, own_or_relative, other_party, reason): (bool, bool, bool, Option<DeclineReason>),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let (case, organisation) = match self.job(scope, application_id).await? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let mut problems = engagement::problems_of_answer(accepts, own_or_relative, other_party, reason);
        let lines = self.lines_of(&case, &[ENGAGEMENT]).await?;
        let before = lines.iter().find(|line| line.organisation == organisation);
        if before.is_some_and(|line| !line.waits()) {
            let words = ("すでに回答済みです。", "The office has answered already.");
            problems.push(problem("applicationId", "E.2", words, "a job that waits for its answer"));
        }
        if case.stage.is_final() {
            problems.push(workflows::office::job_is_over());
        }
        if !problems.is_empty() {
            return Ok(LineAnswer::Invalid(problems));
        }
        let state = if accepts { EngagementState::Accepted } else { EngagementState::Declined };
        let by = scope.actor().subject.clone();
        let answered = Answered { state, own_or_relative, other_party, reason, by, at: micros(now) };
        let step = ("answerEngagement", state.code());
        match before {
            None => {
                let line = new_line(&case, &organisation, Body::Engagement(answered));
                self.put(scope, line, Write::New, step, now).await
            }
            Some(line) => {
                let body = Body::Engagement(answered);
                let next = CaseLine { version: line.version + 1, body, ..line.clone() };
                self.put(scope, next, Write::After(line.version), step, now).await
            }
        }
    }

    /// The bank asks an office once more that has declined: for another day, or because what stood against it is gone. It sees the case
    /// again and answers anew. `office`: one that had the job before, or declined it, and is to get it back from the present one.
    pub async fn ask_office_again(
        &self,
        scope: &Scope,
        application_id: &str,
        office: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        if side_of(scope) != Some(Side::Bank) {
            return Ok(LineAnswer::Forbidden);
        }
        let Some((case, lines)) = self.case_lines(scope, application_id).await? else {
            return Ok(LineAnswer::NotFound);
        };
        let present = office_of(&case).unwrap_or_default();
        let office = office.unwrap_or(present);
        let declined = lines.iter().find(|line| {
            let Body::Engagement(it) = &line.body else { return false };
            let over = match it.state {
                EngagementState::Declined | EngagementState::Ended => true,
                EngagementState::Accepted => office != present,
                EngagementState::Asked => false,
            };
            line.organisation == office && over
        });
        let Some(line) = declined.filter(|_| !case.stage.is_final()) else {
            let words =
                ("辞退または終了した依頼がありません。", "No such office has declined or had the job.");
            let accepted = "a running case whose office has declined, or an office that had its job before";
            return Ok(refused("applicationId", "E.2", words, accepted));
        };
        let asked = Answered {
            state: EngagementState::Asked,
            own_or_relative: false,
            other_party: false,
            reason: None,
            by: scope.actor().subject.clone(),
            at: micros(now),
        };
        let next = CaseLine { version: line.version + 1, body: Body::Engagement(asked), ..line.clone() };
        self.put(scope, next, Write::After(line.version), ("askOfficeAgain", "ASKED"), now).await
    }

    /// The job is done: the office sees the case no more. By the office or the bank, once every filing has come to its end and no
    /// original is left at the office.
    pub async fn end_engagement(
        &self,
        scope: &Scope,
        application_id: &str,
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let Some((case, lines)) = self.case_lines(scope, application_id).await? else {
            return Ok(LineAnswer::NotFound);
        };
        if side_of(scope).is_none() {
            return Ok(LineAnswer::Forbidden);
        }
        let office = office_of(&case).unwrap_or_default();
        let line = lines.iter().find_map(|line| match &line.body {
            Body::Engagement(answered) if line.organisation == office => Some((line, answered)),
            _ => None,
        });
        let Some((line, answered)) = line.filter(|(_, it)| it.state == EngagementState::Accepted) else {
            let words = ("受任中の依頼がありません。", "No office has the job.");
            return Ok(refused("applicationId", "E.2", words, "a job that was taken"));
        };
        if !is_registered(&case) {
            let words = ("完了していない登記があります。", "A filing has not come to its end.");
            return Ok(refused(
                "applicationId",
                "H-14",
                words,
                "filings that are completed, cancelled or put off",
            ));
        }
        let held =
            |line: &CaseLine| matches!(&line.body, Body::Original(original) if original.concerns_office());
        if lines.iter().any(held) {
            let words = ("返却されていない原本があります。", "The office still has an original.");
            return Ok(refused(
                "applicationId",
                "P-13",
                words,
                "originals that are back at the bank or with the customer",
            ));
        }
        let by = scope.actor().subject.clone();
        let ended = Answered { state: EngagementState::Ended, by, at: micros(now), ..answered.clone() };
        let next = CaseLine { version: line.version + 1, body: Body::Engagement(ended), ..line.clone() };
        self.put(scope, next, Write::After(line.version), ("endEngagement", "ENDED"), now).await
    }

    /// What the job will cost, said by the office that took it; again as long as it has not billed. `tax`: the registration tax of the
    /// application, where it is known (H-43).
    pub async fn estimate_costs(
        &self,
        scope: &Scope,
        application_id: &str,
        (costs, tax): (Costs, Option<i64>),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let (case, organisation) = match self.taken_job(scope, application_id).await? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let problems = costs.problems(tax);
        if !problems.is_empty() {
            return Ok(LineAnswer::Invalid(problems));
        }
        let (by, at) = (scope.actor().subject.clone(), micros(now));
        let state = CostState::Estimated;
        let said = CostLine { estimate: costs, estimated_at: Some(at), bill: None, state, by, at };
        let lines = self.lines_of(&case, &[COSTS]).await?;
        match lines.iter().find(|line| line.organisation == organisation) {
            None => {
                let line = new_line(&case, &organisation, Body::Costs(said));
                self.put(scope, line, Write::New, ("estimateCosts", "ESTIMATED"), now).await
            }
            Some(line) if matches!(&line.body, Body::Costs(costs) if costs.bill.is_none()) => {
                let next = CaseLine { version: line.version + 1, body: Body::Costs(said), ..line.clone() };
                self.put(scope, next, Write::After(line.version), ("estimateCosts", "ESTIMATED"), now).await
            }
            Some(_) => {
                let words = ("請求後の見積りは変更できません。", "What was billed is not estimated anew.");
                Ok(refused("applicationId", "H-14", words, "an estimate before the bill"))
            }
        }
    }

    /// What the office that has the job said that it will cost, for those who bear it (H-14). `None`: no such case for the caller; inside:
    /// nothing was said yet.
    pub async fn cost_estimate(
        &self,
        scope: &Scope,
        application_id: &str,
    ) -> Result<Option<Option<CostLine>>> {
        let Some(case) = self.case(scope, application_id).await? else { return Ok(None) };
        let office = office_of(&case).unwrap_or_default();
        let lines = self.lines_of(&case, &[COSTS]).await?;
        Ok(Some(lines.into_iter().find_map(|line| match line.body {
            Body::Costs(costs) if line.organisation == office => Some(costs),
            _ => None,
        })))
    }

    /// The bill of the office, held against its estimate: a figure above it waits for the bank.
    pub async fn bill_costs(
        &self,
        scope: &Scope,
        application_id: &str,
        (bill, tax): (Costs, Option<i64>),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let (case, organisation) = match self.taken_job(scope, application_id).await? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let problems = bill.problems(tax);
        if !problems.is_empty() {
            return Ok(LineAnswer::Invalid(problems));
        }
        let lines = self.lines_of(&case, &[COSTS]).await?;
        let line = lines.iter().find_map(|line| match &line.body {
            Body::Costs(costs) if line.organisation == organisation => Some((line, costs)),
            _ => None,
        });
        let Some((line, costs)) = line else {
            let words = ("先に見積りを出してください。", "The estimate comes before the bill.");
            return Ok(refused("applicationId", "H-14", words, "a job with an estimate"));
        };
        if costs.state == CostState::Agreed {
            let words = ("確認済の請求は変更できません。", "A bill that was agreed is not changed.");
            return Ok(refused("applicationId", "H-14", words, "a bill that waits for the bank"));
        }
        let above = bill.above(&costs.estimate);
        let state = if above.is_empty() { CostState::Billed } else { CostState::Above };
        let by = scope.actor().subject.clone();
        let billed = CostLine { bill: Some(bill), state, by, at: micros(now), ..costs.clone() };
        let next = CaseLine { version: line.version + 1, body: Body::Costs(billed), ..line.clone() };
        self.put(scope, next, Write::After(line.version), ("billCosts", state.code()), now).await
    }

    /// The bank agrees to a bill that is above its estimate.
    pub async fn agree_to_bill(
        &self,
        scope: &Scope,
        application_id: &str,
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        if side_of(scope) != Some(Side::Bank) {
            return Ok(LineAnswer::Forbidden);
        }
        let Some((case, lines)) = self.case_lines(scope, application_id).await? else {
            return Ok(LineAnswer::NotFound);
        };
        let office = office_of(&case).unwrap_or_default();
        let line = lines.iter().find_map(|line| match &line.body {
            Body::Costs(costs) if line.organisation == office && costs.state == CostState::Above => {
                Some((line, costs))
            }
            _ => None,
        });
        let Some((line, costs)) = line else {
            let words = ("見積りを超える請求がありません。", "No bill is above its estimate.");
            return Ok(refused("applicationId", "H-14", words, "a bill above its estimate"));
        };
        let by = scope.actor().subject.clone();
        let agreed = CostLine { state: CostState::Agreed, by, at: micros(now), ..costs.clone() };
        let next = CaseLine { version: line.version + 1, body: Body::Costs(agreed), ..line.clone() };
        self.put(scope, next, Write::After(line.version), ("agreeToBill", "AGREED"), now).await
    }

    /// The office identified a party of the case (H-15, H-46). What was recorded stays; a later record stands beside it.
    pub async fn record_identity(
        &self,
        scope: &Scope,
        application_id: &str,
        (party_id, method, papers, on): (&str, IdentityMethod, &[IdentityPaper], NaiveDate),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let (case, organisation) = match self.taken_job(scope, application_id).await? {
            Ok(job) => job,
            Err(answer) => return Ok(answer),
        };
        let problems =
            engagement::problems_of_identity(&case.form, (party_id, method, papers), (on, tokyo_date(now)));
        if !problems.is_empty() {
            return Ok(LineAnswer::Invalid(problems));
        }
        if let Some(answer) = self.is_full(&case, IDENTITY).await? {
            return Ok(answer);
        }
        let identified = Identified {
            party_id: party_id.to_owned(),
            method,
            papers: papers.to_vec(),
            on,
            by: scope.actor().subject.clone(),
            at: micros(now),
        };
        let line = new_line(&case, &organisation, Body::Identity(identified));
        self.put(scope, line, Write::New, ("recordIdentity", method.code()), now).await
    }

    /// A page of the jobs that an office was asked to take and has not, or has declined, by case: for the bank's people.
    pub async fn waiting_jobs(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
        now: DateTime<Utc>,
    ) -> Result<Page<WaitingJob>> {
        if side_of(scope) != Some(Side::Bank) {
            return Ok(Page { items: vec![], next: None });
        }
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.equals("t.task", Task::VerifyMortgagors.code());
        w.equals("t.role", Role::Scrivener.code());
        w.and("(n.id IS NULL OR n.state IN ('DECLINED', 'ASKED'))");
        let over: Vec<String> =
            Stage::ALL.iter().filter(|stage| stage.is_final()).map(|stage| format!("'{stage}'")).collect();
        w.and(format!("a.stage NOT IN ({})", over.join(", ")));
        if let Some(after) = after {
            let (_, id) = parse_cursor(after)?;
            let id = w.bind(id);
            w.and(format!("t.id > {id}"));
        }
        let sql = format!(
            "SELECT {}, a.number, a.branch, t.id AS task, t.organisation, t.opened_at, n.body AS line FROM application a \
             JOIN task t ON t.institution = a.institution AND t.application_id = a.id \
             LEFT JOIN case_line n ON n.institution = a.institution AND n.application_id = a.id AND n.kind = 'ENGAGEMENT' \
             AND n.organisation = t.organisation {} ORDER BY t.id LIMIT {}",
            body_columns(),
            w.sql(),
            u64::from(first) + 1
        );
        let today = tokyo_date(now);
        let one = |row: &QueryResult, case: &Case| -> Result<WaitingJob> {
            let body: Option<String> = row.try_get("", "line")?;
            let line: Option<CaseLine> = body.map(|body| serde_json::from_str(&body)).transpose()?;
            let answered = line.as_ref().and_then(|line| match &line.body {
                Body::Engagement(answered) => Some(answered),
                _ => None,
            });
            let (reason, again) = (answered.and_then(|it| it.reason), answered.map(|it| it.at));
            let (number, organisation): (Option<String>, Option<String>) =
                (row.try_get("", "number")?, row.try_get("", "organisation")?);
            let opened_at: DateTime<Utc> = row.try_get("", "opened_at")?;
            let declined = answered.is_some_and(|it| it.state == EngagementState::Declined);
            let asked_on = tokyo_date(again.filter(|_| !declined).unwrap_or(opened_at));
            let task: String = row.try_get("", "task")?;
            let limits = self.inner.options.rules.limits(&case.form);
            let waiting = engagement::waiting(asked_on, today, &limits);
            Ok(WaitingJob {
                application_id: case.id.clone(),
                number: number.unwrap_or_default(),
                branch: row.try_get("", "branch")?,
                organisation: organisation.unwrap_or_default(),
                waiting: if declined { Waiting::Declined } else { waiting },
                asked_on,
                reason,
                cursor: cursor("", &task),
            })
        };
        let mut items = vec![];
        for row in &self.rows(sql, w).await? {
            items.push(one(row, self.case_of(row).await?.as_ref())?);
        }
        Ok(Page::of(items, first, |job| job.cursor.clone()))
    }
}
