//! Lists and facts of single notices (domain K): papers, costs, dates that end, registration, insurance. Statuses, never reasons.

use super::case::{Case, insurance_key};
use super::effect::Timer;
use super::event::Event;
use super::facts::TerminationGround;
use super::letter::{fact, yen};
use super::notice::{NoticeFact, NoticeValue};
use super::rules::Rules;
use super::track::Track;
use super::work::Work;
use crate::Yen;
use crate::product::fees::Fees;
use chrono::{Days, NaiveDate};
use serde_json::Value;

/// A code as English words: `FLAT_FEE` is told as "flat fee".
pub(super) fn plain(code: &str) -> String {
    code.replace('_', " ").to_lowercase()
}

/// N07: which parts of the approved content differ (E.3), without what they were or become.
pub(super) fn changed(case: &Case) -> Vec<NoticeValue> {
    let new = case.change.as_ref().and_then(|change| change.form.as_ref());
    let (Some(approval), Some(new)) = (&case.approval, new) else { return vec![] };
    let triggers = super::impact::triggers(&approval.form, new);
    triggers.iter().map(|trigger| NoticeValue::said(trigger.ja(), trigger.en())).collect()
}

/// N01: the papers that came with the application, each kind once.
pub(super) fn papers_received(case: &Case) -> Vec<NoticeValue> {
    let kinds: std::collections::BTreeSet<_> =
        case.form.documents.iter().map(|paper| paper.document).collect();
    kinds.into_iter().map(|kind| NoticeValue::said(kind.ja(), &plain(kind.code()))).collect()
}

/// N02: the last day for the papers. The date that this decision sets does not stand in the case yet.
pub(super) fn papers_by(work: &Work<'_>) -> Option<NaiveDate> {
    let set = work.taken.iter().any(|(row, _)| row.sets.contains(&Timer::Tm02));
    if !set {
        // A contract that goes back (T21) has no date of its own: it is to be formed while the approval is valid.
        let running = dates(&work.case, &[Timer::Tm02]).first().map(|(_, day)| *day);
        return running.or(work.case.approval.as_ref().map(|approval| approval.valid_until));
    }
    let days = work.ctx.rules.limits(&work.case.form).document_days;
    work.ctx.today().checked_add_days(Days::new(u64::from(days).saturating_sub(1)))
}

/// N03: a condition with the stage at which it must be met, and its day.
pub(super) fn condition(condition: &super::facts::Condition) -> NoticeValue {
    let (stage, text) = (condition.condition.stage, &condition.condition.text);
    let (mut ja, mut en) = (format!("（{}）{text}", stage.ja()), format!("({}) {text}", stage.en()));
    if let Some(day) = condition.condition.due_on {
        ja.push_str(&format!("　期限 {day}"));
        en.push_str(&format!(", by {day}"));
    }
    NoticeValue::Said { ja, en }
}

/// N03: what the chosen insurances add to the rate (C.5), by loan.
pub(super) fn insurance_add_ons(work: &Work<'_>) -> Vec<NoticeFact> {
    let form = work.case.form.as_ref();
    let Some(book) = work.ctx.rules.book_of(form) else { return vec![] };
    let add_ons = form.loans.iter().map(|loan| {
        let entries = form.insurance.iter().filter(|entry| entry.loan_no == loan.loan_no);
        crate::product::pricing::insurance_add_on(&book.terms, entries)
    });
    let told = add_ons.filter(|rate| *rate != crate::Rate::ZERO);
    told.map(|percent| fact("団信による加算金利", "Insurance add-on", NoticeValue::Percent { percent }))
        .collect()
}

/// N14: what left the account, in the order of I.20.
pub(super) fn transfers(case: &Case) -> Vec<NoticeFact> {
    let plan = case.frozen.as_ref().and_then(|terms| super::money::disbursement_plan(case, terms)?.ok());
    let Some(plan) = plan else { return vec![] };
    let debits = plan.lines.iter().filter(|line| line.side == crate::disbursement::Side::Debit);
    let mut facts: Vec<NoticeFact> =
        debits.map(|line| yen(line.kind.ja(), line.kind.en(), line.amount_yen.0)).collect();
    facts.push(yen("ご入金後の残額", "Left in the account", plan.rest_yen.0));
    facts
}

/// N15: how the payments divide, and what is owed after the disbursement.
pub(super) fn split(case: &Case) -> Vec<NoticeFact> {
    let mut facts = vec![];
    let loans = case.frozen.as_ref().and_then(|terms| terms.quote["loans"].as_array());
    for loan in loans.into_iter().flatten() {
        for (ja, en, value) in [
            ("元金の合計（毎月分）", "Principal in total (monthly part)", &loan["monthly"]["principal_yen"]),
            ("元金の合計（ボーナス分）", "Principal in total (bonus part)", &loan["bonus"]["principal_yen"]),
            ("ボーナス月のご返済額", "Payment in a bonus month", &loan["payment_in_bonus_month_yen"]),
            ("利息の合計", "Interest in total", &loan["total_interest_yen"]),
            ("最終回のご返済額", "Final instalment", &loan["monthly"]["last_instalment_yen"]),
        ] {
            facts.extend(value.as_i64().map(|amount| yen(ja, en, amount)));
        }
    }
    let posted = case.postings.iter().filter(|posting| posting.state == super::facts::PostingState::Posted);
    let balance = posted.map(|posting| posting.amount_yen).sum();
    facts.push(yen("実行後のご融資残高", "Balance after the disbursement", balance));
    facts
}

/// N29: who may ask for payment from now on.
pub(super) fn creditor(case: &Case) -> Vec<NoticeFact> {
    let guarantor = case.engagements.get(&super::role::Role::Guarantor).filter(|name| !name.is_empty());
    let told = |name: &String| fact("新たな債権者", "New creditor", NoticeValue::Plain(name.clone()));
    guarantor.map(told).into_iter().collect()
}

/// N10: what each signatory brings (D.1; the certificate is good for three months, D.2).
pub(super) fn papers_to_bring() -> Vec<NoticeValue> {
    vec![
        NoticeValue::said("本人確認書類", "Proof of identity"),
        NoticeValue::said("実印", "Registered seal"),
        NoticeValue::said(
            "印鑑証明書（発行後3か月以内）",
            "Certificate of the seal, issued within three months",
        ),
    ]
}

/// N10: what the customer pays besides interest, for the date planned; the scrivener bills apart (C.4, H.3, H-41).
pub(super) fn costs(work: &Work<'_>) -> Vec<NoticeFact> {
    let Some(fees) = planned_fees(&work.case, work.ctx.rules) else { return vec![] };
    let mut facts: Vec<NoticeFact> =
        charged(&fees).into_iter().map(|(ja, en, amount)| yen(ja, en, amount.0)).collect();
    facts.push(yen(
        "諸費用合計（司法書士報酬を除く）",
        "Total without the scrivener's bill",
        fees.total_yen.0,
    ));
    facts
}

/// Fees, stamps and taxes for the date planned. `None`: no book for the form.
pub(super) fn planned_fees(case: &Case, rules: &dyn Rules) -> Option<Fees> {
    let guarantee = case.guarantees.get(&case.content_version);
    let guarantee = guarantee.map(|g| g.decision.loans.as_slice()).unwrap_or_default();
    rules.fees(&case.form, guarantee, case.planned_date())
}

/// The lines of fees that are not nought; together they are the total.
pub(super) fn charged(fees: &Fees) -> Vec<(&'static str, &'static str, Yen)> {
    let sum = |list: &[Yen]| list.iter().copied().sum::<Yen>();
    let lines = [
        ("契約書の収入印紙", "Stamp duty on the contract", sum(&fees.stamp_duty_loan_contract_yen)),
        (
            "特約書の収入印紙",
            "Stamp duty on the special-term agreement",
            sum(&fees.stamp_duty_special_term_agreement_yen),
        ),
        ("登録免許税", "Registration tax", fees.registration_licence_tax.payable_yen),
        ("担保取扱手数料", "Collateral handling fee", fees.collateral_handling_fee_yen),
        ("融資手数料", "Loan fee", sum(&fees.loan_fee_yen)),
        ("保証料（一括）", "Guarantee fee, lump sum", sum(&fees.guarantee_fee_lump_sum_yen)),
    ];
    lines.into_iter().filter(|(_, _, amount)| *amount != Yen::ZERO).collect()
}

/// N16: on what the contract ends. Why a right of the contract is used is not told (INV-7).
pub(super) fn basis(ground: Option<TerminationGround>) -> NoticeFact {
    let (ja, en) = match ground {
        Some(TerminationGround::Revocation | TerminationGround::RefusalGround) => {
            ("ご契約の定めによる解約", "Termination under the terms of the contract")
        }
        Some(TerminationGround::FundingDeadline) => {
            ("資金交付期限の経過", "The funding deadline passed without extension")
        }
        Some(TerminationGround::Agreement) => ("合意による解約", "Termination by agreement"),
        // T45: nobody ends the contract, it is fulfilled.
        None => ("分割実行分のご完済", "The drawings are repaid in full"),
    };
    fact("根拠", "Legal basis", NoticeValue::said(ja, en))
}

/// N16: what falls due at once where the contract ends with drawings out (T36, T37, E.4).
pub(super) fn drawings_due(work: &Work<'_>) -> Vec<NoticeFact> {
    let case = &work.case;
    if work.basis.is_none() || !case.has_drawing() {
        return vec![];
    }
    let interest = super::ahead::interest_on(case, work.ctx.today()).0;
    vec![
        yen("ただちにご返済いただく残高", "Drawings that fall due", case.drawn_yen()),
        yen("本日までの利息", "Interest to this day", interest),
    ]
}

/// Last valid days of the timers that run, the nearest first. A date ends with its day.
pub(super) fn dates(case: &Case, timers: &[Timer]) -> Vec<(Timer, NaiveDate)> {
    let last = |at| crate::calendar::tokyo_date(at - chrono::Duration::seconds(1));
    let mut found: Vec<(Timer, NaiveDate)> = case
        .deadlines
        .iter()
        .filter(|d| timers.contains(&d.timer))
        .map(|d| (d.timer, last(d.due_at)))
        .collect();
    found.sort_by_key(|(timer, day)| (*day, *timer));
    found.dedup();
    found
}

/// N17: what runs out. A forecast (TM11) tells everything that ends within its longest notice of 30 days; the other reminders
/// tell the date that they stand for.
pub(super) fn ending(work: &Work<'_>) -> Vec<(Timer, NaiveDate)> {
    let warned = work.events.iter().find_map(|event| match event {
        Event::Warned { timer, .. } => Some(*timer),
        _ => None,
    });
    match warned {
        Some(Timer::Tm11) | None => {
            let watched = [Timer::Tm03, Timer::Tm04, Timer::Tm05, Timer::Tm06, Timer::Tm07];
            let today = work.ctx.today();
            let horizon = today.checked_add_days(Days::new(30)).unwrap_or(today);
            dates(&work.case, &watched).into_iter().filter(|(_, day)| *day <= horizon).collect()
        }
        Some(timer) => dates(&work.case, &[timer]),
    }
}

/// W01 to a partner and W04 to the bank, of an answer that is owed: what it is, and since when it waits.
pub(super) fn awaited(work: &Work<'_>) -> Vec<NoticeFact> {
    work.events
        .iter()
        .filter_map(|event| {
            let Event::Warned { timer, key } = event else { return None };
            let (_, track) = timer.waits_for()?;
            let day = work.case.instance(track, key)?.since;
            let (ja, en) = (format!("{}（依頼日）", timer.ja()), format!("{} (asked on)", timer.en()));
            Some(fact(&ja, &en, NoticeValue::Day { day }))
        })
        .collect()
}

/// N21: receipt and rank (H-37, H-45), and where the filing stands.
pub(super) fn registration(case: &Case, key: Option<&str>) -> Vec<NoticeFact> {
    let Some(key) = key else { return vec![] };
    let state = case.track_state(Track::Reg, key);
    let mut facts: Vec<NoticeFact> = state
        .map(|s| fact("登記の状況", "Registration", NoticeValue::said(s.ja(), s.en())))
        .into_iter()
        .collect();
    let Some(filing) = case.filings.get(key) else { return facts };
    if let Some(receipt) = &filing.receipt {
        facts.push(fact("登記所", "Registry office", NoticeValue::Plain(receipt.office.clone())));
        facts.push(fact("受付番号", "Receipt number", NoticeValue::Plain(receipt.number.to_string())));
        facts.push(fact("受付日", "Received on", NoticeValue::Day { day: receipt.received_on }));
    }
    facts.extend(filing.completed_on.map(|day| fact("登記完了日", "Completed on", NoticeValue::Day { day })));
    let rank = filing.rank.map(|rank| NoticeValue::Plain(rank.to_string()));
    facts.extend(rank.map(|rank| fact("順位", "Rank", rank)));
    facts
}

/// N27, D-10: papers that go back after full repayment and no others, those of the mortgage only where one was filed. The receipt is signed and handed in.
pub(super) fn papers_returned(case: &Case) -> Vec<NoticeValue> {
    let mut papers = vec![NoticeValue::said("ろうきんローン契約書", "Loan contract")];
    if case.filings.values().any(|filing| filing.receipt.is_some()) {
        papers.extend([
            NoticeValue::said("抵当権設定契約証書", "Mortgage deed"),
            NoticeValue::said("抵当権解除証書", "Deed of release of the mortgage"),
            NoticeValue::said(
                "抵当権抹消登記委任状",
                "Power of attorney for the cancellation of the registration",
            ),
        ]);
    }
    papers.push(NoticeValue::said(
        "受取書（ご署名のうえご提出ください）",
        "Receipt, to be signed and handed in",
    ));
    papers
}

/// N28: on what interest keeps running (S-05, S-12).
pub(super) fn drawings(case: &Case) -> Vec<NoticeFact> {
    let mut facts = vec![yen("分割実行済の残高", "Drawings outstanding", case.drawn_yen())];
    if let Some(terms) = case.drawing_terms {
        facts.push(fact("適用金利", "Rate", NoticeValue::Percent { percent: terms.rate }));
    }
    if let Some(extension) = case.extension {
        let interest = extension.interest_yen.0;
        facts.push(yen("延長期間の利息（保証料を含む）", "Extra interest, guarantee fee included", interest));
        facts.push(yen("変更契約書の収入印紙", "Stamp duty on the change agreement", extension.stamp_yen.0));
    }
    let borne = NoticeValue::said(
        "延長期間の利息・保証料および変更契約書の収入印紙は、お客さまのご負担となります",
        "interest and guarantee fee of the longer time and the stamp on the change agreement are borne by you",
    );
    facts.push(fact("費用のご負担", "Costs", borne));
    facts
}

/// The applicable rate of a loan in a quote.
pub(super) fn rate(loan: &Value) -> Option<NoticeFact> {
    let percent = serde_json::from_value(loan["rate"]["applicable_rate"].clone()).ok()?;
    Some(fact("適用金利", "Rate", NoticeValue::Percent { percent }))
}

/// N30: type and status, nothing of the declaration.
pub(super) fn insurance(case: &Case, key: Option<&str>) -> Vec<NoticeFact> {
    let Some(key) = key else { return vec![] };
    let mine = |entry: &&crate::form::Insurance| insurance_key(&entry.party_id, entry.loan_no) == key;
    let kind = case.form.insurance.iter().find(mine).map(|entry| entry.insurance_type);
    let kind =
        kind.map(|k| fact("団信の種類", "Insurance type", NoticeValue::said(k.ja(), &plain(k.code()))));
    let state = case.track_state(Track::Ins, key);
    let state = state.map(|s| fact("お手続きの状況", "Status", NoticeValue::said(s.ja(), s.en())));
    kind.into_iter().chain(state).collect()
}
