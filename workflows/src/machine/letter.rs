//! What notices and partner messages say: typed data from the case. No reason, ground, memo or screening content gets in (INV-7).

use super::case::Case;
use super::decide::Context;
use super::effect::{PartnerMessage, Recipient, Timer};
use super::notice::{NoticeData, NoticeFact, NoticeId};
use crate::form::Form;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Data of one notice to one recipient.
pub(super) fn data(case: &Case, notice: NoticeId, to: &Recipient, ctx: &Context<'_>) -> NoticeData {
    let addressee = match to {
        Recipient::Party { party_id } => case.form.party(party_id).map(|p| p.name_kanji.clone()),
        Recipient::Desk { .. } | Recipient::Partner { .. } => None,
    };
    NoticeData {
        number: case.number.clone(),
        stage_ja: case.stage.ja().to_owned(),
        stage_en: case.stage.en().to_owned(),
        addressee,
        on: Some(ctx.today()),
        until: until(case, notice),
        items: items(case, notice),
        facts: facts(case, notice),
    }
}

/// The date that the notice is about.
fn until(case: &Case, notice: NoticeId) -> Option<NaiveDate> {
    let timer = |timer: Timer| {
        let due = case.deadlines.iter().filter(|d| d.timer == timer).map(|d| d.due_at).min();
        due.map(|at| crate::calendar::tokyo_date(at - chrono::Duration::seconds(1)))
    };
    match notice {
        NoticeId::N02 => timer(Timer::Tm02),
        NoticeId::N03 | NoticeId::N08a | NoticeId::N31 => case.approval.as_ref().map(|a| a.valid_until),
        NoticeId::N10 => case.contract.as_ref().and_then(|c| c.appointment),
        NoticeId::N11 => case.contract.as_ref().and_then(|c| c.formed_on),
        NoticeId::N12 => case.fixed.as_ref().map(|f| f.date),
        NoticeId::N17 => {
            let watched = [Timer::Tm03, Timer::Tm04, Timer::Tm05, Timer::Tm06, Timer::Tm07];
            watched.into_iter().filter_map(timer).min()
        }
        NoticeId::N28 => case.funding_deadline,
        _ => None,
    }
}

fn items(case: &Case, notice: NoticeId) -> Vec<String> {
    match notice {
        NoticeId::N02 => case
            .defects
            .iter()
            .map(|d| match &d.party_id {
                Some(party) => format!("{} ({party}): {}", d.document, d.problem),
                None => format!("{}: {}", d.document, d.problem),
            })
            .collect(),
        NoticeId::N03 => {
            let conditions = case.approval.iter().flat_map(|a| a.conditions.iter());
            conditions.filter(|c| c.is_open()).map(|c| c.condition.text.clone()).collect()
        }
        _ => vec![],
    }
}

fn facts(case: &Case, notice: NoticeId) -> Vec<NoticeFact> {
    match notice {
        NoticeId::N03 | NoticeId::N10 => {
            terms(&case.form, case.approval.as_ref().and_then(|a| a.screening_add_on))
        }
        NoticeId::N12 => vec![
            fact("ご融資金額", "Amount", format!("{}円", crate::Yen(posting_yen(case)))),
            fact("入金口座", "Account", format!("***{}", tail(&case.form.disbursement_account.number))),
            fact("適用金利", "Rate", "実行日の金利が適用されます / the rate of that day applies".to_owned()),
        ],
        NoticeId::N14 | NoticeId::N15 => posted(case),
        _ => vec![],
    }
}

fn fact(ja: &str, en: &str, value: String) -> NoticeFact {
    NoticeFact { ja: ja.to_owned(), en: en.to_owned(), value }
}

/// Approved terms as N03 tells them.
fn terms(form: &Form, add_on: Option<rust_decimal::Decimal>) -> Vec<NoticeFact> {
    let mut facts = vec![
        fact("商品", "Product", form.product.ja().to_owned()),
        fact("ご融資金額", "Amount", format!("{}円", form.requested_amount_yen)),
    ];
    for loan in &form.loans {
        let years = format!("{}か月 {} {}", loan.term_months, loan.rate_type.ja(), loan.fee_plan.ja());
        facts.push(fact("ご返済期間・金利種類", "Term and rate type", years));
    }
    if let Some(rate) = add_on.filter(|r| !r.is_zero()) {
        facts.push(fact("審査による加算金利", "Screening add-on", format!("{rate}%")));
    }
    facts.push(fact(
        "適用金利",
        "Rate",
        "実行日の金利が適用されます / the rate of the disbursement date applies".to_owned(),
    ));
    facts
}

/// What was posted and how it is repaid.
fn posted(case: &Case) -> Vec<NoticeFact> {
    let amount = case.postings.last().map_or(0, |p| p.amount_yen);
    let mut facts = vec![fact("実行金額", "Amount posted", format!("{}円", crate::Yen(amount)))];
    let Some(terms) = &case.frozen else { return facts };
    facts.push(fact("諸費用合計", "Deductions", format!("{}円", crate::Yen(terms.deductions_yen))));
    for loan in terms.quote["loans"].as_array().into_iter().flatten() {
        let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        facts.push(fact("適用金利", "Rate", format!("{}%", text(&loan["rate"]["applicable_rate"]))));
        facts.push(fact(
            "毎月のご返済額",
            "Monthly payment",
            format!("{}円", text(&loan["monthly"]["payment_yen"])),
        ));
        facts.push(fact("初回ご返済日", "First repayment", text(&loan["monthly"]["first_repayment_date"])));
        facts.push(fact("最終ご返済日", "Final repayment", text(&loan["monthly"]["final_due_date"])));
    }
    facts
}

fn posting_yen(case: &Case) -> i64 {
    let drawing = case.fixed.as_ref().and_then(|f| f.drawing_yen);
    drawing.unwrap_or_else(|| case.amount_yen() - case.drawn_yen())
}

fn tail(number: &str) -> &str {
    number.get(number.len().saturating_sub(3)..).unwrap_or_default()
}

/// What a partner needs to act, and no more.
pub(super) fn message(case: &Case, message: PartnerMessage, key: Option<&str>) -> Value {
    let common = json!({
        "case_id": case.id,
        "number": case.number,
        "institution": case.institution,
        "branch": case.branch,
        "content_version": case.content_version,
        "key": key,
    });
    let more = match message {
        PartnerMessage::GuaranteeRequest | PartnerMessage::GuaranteeEvidence => guarantee_request(case),
        PartnerMessage::MembershipRequest => membership_request(case, key),
        PartnerMessage::PostingOrder | PartnerMessage::PostingQuery | PartnerMessage::ReversalOrder => {
            posting(case)
        }
        PartnerMessage::ScrivenerInstruction => json!({
            "contract_date": case.contract.as_ref().and_then(|c| c.formed_on),
            "claim_yen": case.amount_yen(),
            "planned_date": case.planned_date(),
            "properties": case.form.properties.iter().map(|p| json!({
                "property_no": p.property_no, "kind": p.kind, "location": p.location, "number": p.number,
            })).collect::<Vec<_>>(),
        }),
        PartnerMessage::InsuranceDeclaration
        | PartnerMessage::InsuranceExam
        | PartnerMessage::InsuranceCancel => declaration(case, key),
        PartnerMessage::ServicingOffer => json!({ "amount_yen": case.amount_yen() }),
        PartnerMessage::GuaranteeCancel | PartnerMessage::ScrivenerStop | PartnerMessage::FirePledge => {
            json!({})
        }
    };
    merge(common, more)
}

fn merge(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

/// F-02: what the guarantor judges. Health data are no part of it (L-93).
fn guarantee_request(case: &Case) -> Value {
    json!({
        "product": case.form.product,
        "purpose": case.form.purpose,
        "requested_amount_yen": case.form.requested_amount_yen,
        "loans": case.form.loans,
        "parties": case.form.parties,
        "properties": case.form.properties,
        "insurance_types": case.form.insurance.iter().map(|i| i.insurance_type).collect::<Vec<_>>(),
    })
}

fn membership_request(case: &Case, key: Option<&str>) -> Value {
    let party = key.and_then(|k| case.form.party(k));
    json!({
        "name_kanji": party.map(|p| &p.name_kanji),
        "name_kana": party.map(|p| &p.name_kana),
        "organisation": party.and_then(|p| p.qualification.org_member.as_ref()).map(|o| &o.name),
    })
}

fn declaration(case: &Case, key: Option<&str>) -> Value {
    let entry = case
        .form
        .insurance
        .iter()
        .find(|i| Some(super::case::insurance_key(&i.party_id, i.loan_no).as_str()) == key);
    let party = entry.and_then(|e| case.form.party(&e.party_id));
    json!({
        "type": entry.map(|e| e.insurance_type),
        "cover": entry.map(|e| e.cover),
        "share_percent": entry.map(|e| e.share_percent),
        "declared_on": entry.and_then(|e| e.declared_on),
        "birth_date": party.map(|p| p.birth_date),
        "name_kanji": party.map(|p| &p.name_kanji),
        "loan_yen": entry.and_then(|e| case.form.loans.iter().find(|l| l.loan_no == e.loan_no)).map(|l| l.amount_yen),
    })
}

fn posting(case: &Case) -> Value {
    let posting = case.postings.last();
    let plan = case.frozen.as_ref().and_then(|terms| super::money::disbursement_plan(case, terms)?.ok());
    json!({
        "posting_key": posting.map(|p| &p.key),
        "date": posting.map(|p| p.date),
        "amount_yen": posting.map(|p| p.amount_yen),
        "drawing": posting.map(|p| p.drawing),
        "account": case.form.disbursement_account,
        "lines": plan.as_ref().map(|plan| &plan.lines),
        "rest_yen": plan.as_ref().map(|plan| plan.rest_yen),
    })
}
