//! The register of paper originals: what comes in, how it goes from hand to hand, what is due back.

use super::*;

impl Store {
    /// An original comes into the register, at the side of whoever took it in.
    pub async fn register_original(
        &self,
        scope: &Scope,
        application_id: &str,
        (kind, party_id): (OriginalKind, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let Some(side) = side_of(scope) else { return Ok(LineAnswer::Forbidden) };
        let (case, organisation) = if side == Side::Office {
            match self.taken_job(scope, application_id).await? {
                Ok(job) => job,
                Err(answer) => return Ok(answer),
            }
        } else {
            match self.case(scope, application_id).await? {
                Some(case) => (case, String::new()),
                None => return Ok(LineAnswer::NotFound),
            }
        };
        if party_id.is_some_and(|id| case.form.party(id).is_none()) {
            let words = ("この案件の関係者ではありません。", "This is no party of the case.");
            let known: Vec<&str> = case.form.parties.iter().map(|party| party.party_id.as_str()).collect();
            return Ok(refused("partyId", "P-13", words, &known.join(", ")));
        }
        if let Some(answer) = self.is_full(&case, ORIGINAL).await? {
            return Ok(answer);
        }
        let by = &scope.actor().subject;
        let original = Original::new(kind, party_id.map(str::to_owned), side, by, micros(now));
        let line = new_line(&case, &organisation, Body::Original(original));
        self.put(scope, line, Write::New, ("registerOriginal", kind.code()), now).await
    }

    /// One gives an original away; it stays where it is until another has taken it.
    pub async fn offer_original(
        &self,
        scope: &Scope,
        id: &str,
        (to, due_on): (OriginalPlace, Option<NaiveDate>),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let by = scope.actor().subject.clone();
        let change = |original: &Original, side, case: &Case| {
            if to == OriginalPlace::Scrivener && office_of(case).is_none() {
                let words = ("司法書士への依頼がありません。", "No office has the job.");
                return Err(vec![problem("to", "P-13", words, "BRANCH, REGISTRY or CUSTOMER")]);
            }
            original.offered((side, &by), (to, due_on), (micros(now), tokyo_date(now)))
        };
        self.move_original(scope, id, ("offerOriginal", to.code()), change, now).await
    }

    /// Another takes what was given.
    pub async fn take_original(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<LineAnswer> {
        let by = scope.actor().subject.clone();
        let change = |original: &Original, side, _: &Case| original.taken((side, &by), micros(now));
        self.move_original(scope, id, ("takeOriginal", "TAKEN"), change, now).await
    }

    /// The giver's side takes its offer back.
    pub async fn keep_original(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<LineAnswer> {
        let change = |original: &Original, side, _: &Case| original.withdrawn(side);
        self.move_original(scope, id, ("keepOriginal", "KEPT"), change, now).await
    }

    async fn move_original(
        &self,
        scope: &Scope,
        id: &str,
        step: (&str, &str),
        change: impl FnOnce(&Original, Side, &Case) -> Result<Original, Vec<Problem>>,
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let Some(side) = side_of(scope) else { return Ok(LineAnswer::Forbidden) };
        let Some(line) = self.line(scope, id).await? else { return Ok(LineAnswer::NotFound) };
        let Some(case) = self.case(scope, &line.application_id).await?.filter(|_| is_for(scope, &line))
        else {
            return Ok(LineAnswer::NotFound);
        };
        let Body::Original(original) = &line.body else { return Ok(LineAnswer::NotFound) };
        // An office that has lost the job has no hand here any more: two people of the bank record what it gives back.
        let comes_back = original.offered.as_ref().is_some_and(|offered| offered.to == OriginalPlace::Branch);
        let gives = step.0 != "takeOriginal" || !comes_back;
        let for_office = gives && original.is_at_office() && is_to_be_handed_over(&case, &line);
        let side = if for_office { Side::Office } else { side };
        let moved = match change(original, side, &case) {
            Ok(moved) => moved,
            Err(problems) => return Ok(LineAnswer::Invalid(problems)),
        };
        // Whose it is at the office is fixed when it goes there.
        let organisation = if moved.concerns_office() && line.organisation.is_empty() {
            office_of(&case).unwrap_or_default().to_owned()
        } else if moved.concerns_office() {
            line.organisation.clone()
        } else {
            String::new()
        };
        let next =
            CaseLine { version: line.version + 1, organisation, body: Body::Original(moved), ..line.clone() };
        self.put(scope, next, Write::After(line.version), step, now).await
    }

    /// A page of the originals that are due back, the earliest first: the bank's people see those of their cases, an office those that
    /// it has. `overdue`: only those whose day is over.
    pub async fn originals_due(
        &self,
        scope: &Scope,
        overdue: bool,
        after: Option<&str>,
        first: u32,
        now: DateTime<Utc>,
    ) -> Result<Page<DueOriginal>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.equals("n.kind", ORIGINAL);
        w.and("n.due_on IS NOT NULL");
        if side_of(scope) == Some(Side::Office) {
            w.equals("n.organisation", scope.actor().organisation.clone());
        }
        if overdue {
            let today = w.bind(tokyo_date(now));
            w.and(format!("n.due_on < {today}"));
        }
        if let Some(after) = after {
            let (due, id) = parse_cursor(after)?;
            let (due, id) = (w.bind(crate::read::day(&due, after)?), w.bind(id));
            w.and(format!("(n.due_on, n.id) > ({due}, {id})"));
        }
        let sql = format!(
            "SELECT n.body, a.number, a.withheld FROM application a JOIN case_line n ON n.institution = a.institution AND n.application_id = a.id \
             {} ORDER BY n.due_on, n.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let one = |row: &QueryResult| -> Result<DueOriginal> {
            let number: Option<String> = row.try_get("", "number")?;
            let (line, withheld) = (line_of(row)?, row.try_get::<String>("", "withheld")?);
            let mark = format!("|{}|", crate::rows::left_mark(Role::Scrivener, &line.organisation));
            let to_hand_over = !line.organisation.is_empty() && withheld.contains(&mark);
            Ok(DueOriginal { line, number: number.unwrap_or_default(), to_hand_over })
        };
        let items = self.rows(sql, w).await?.iter().map(one).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |due| due_cursor(&due.line)))
    }
}
