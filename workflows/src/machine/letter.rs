//! What notices and partner messages say: typed data from the case. No reason, ground, memo or screening content gets in (INV-7).

use super::case::Case;
use super::effect::Recipient;
use super::letter_words as words;
use super::notice::{NoticeData, NoticeFact, NoticeId, NoticeValue};
use super::work::Work;
use chrono::NaiveDate;

/// Data of one notice to one recipient; `key` is the track instance that moved, if one did.
pub(super) fn data(work: &Work<'_>, notice: NoticeId, to: &Recipient, key: Option<&str>) -> NoticeData {
    let case = &work.case;
    let addressee = match to {
        Recipient::Party { party_id } => case.form.party(party_id).map(|p| p.name_kanji.clone()),
        Recipient::Desk { .. } | Recipient::Partner { .. } => None,
    };
    NoticeData {
        number: case.number.clone(),
        stage_ja: case.stage.ja().to_owned(),
        stage_en: case.stage.en().to_owned(),
        addressee,
        on: Some(work.ctx.today()),
        until: until(work, notice),
        items: items(case, notice),
        facts: facts(work, notice, key),
    }
}

/// The date that the notice is about.
fn until(work: &Work<'_>, notice: NoticeId) -> Option<NaiveDate> {
    let case = &work.case;
    match notice {
        NoticeId::N02 => words::papers_by(work),
        NoticeId::N03 | NoticeId::N08a | NoticeId::N31 => case.approval.as_ref().map(|a| a.valid_until),
        NoticeId::N10 => case.contract.as_ref().and_then(|c| c.appointment),
        NoticeId::N11 => case.contract.as_ref().and_then(|c| c.formed_on),
        NoticeId::N12 => case.fixed.as_ref().map(|f| f.date),
        NoticeId::N17 => words::ending(work).first().map(|(_, day)| *day),
        NoticeId::N28 => case.funding_deadline,
        NoticeId::N32 => work.released,
        _ => None,
    }
}

fn items(case: &Case, notice: NoticeId) -> Vec<NoticeValue> {
    match notice {
        NoticeId::N01 => words::papers_received(case),
        NoticeId::N02 => case
            .defects
            .iter()
            .map(|d| match &d.party_id {
                Some(party) => format!("{} ({party}): {}", d.document, d.problem),
                None => format!("{}: {}", d.document, d.problem),
            })
            .map(NoticeValue::Plain)
            .collect(),
        NoticeId::N03 => {
            let conditions = case.approval.iter().flat_map(|a| a.conditions.iter());
            let open = conditions.filter(|c| c.is_open());
            open.map(words::condition).collect()
        }
        NoticeId::N07 => words::changed(case),
        NoticeId::N10 => words::papers_to_bring(),
        NoticeId::N27 => words::papers_returned(case),
        _ => vec![],
    }
}

fn facts(work: &Work<'_>, notice: NoticeId, key: Option<&str>) -> Vec<NoticeFact> {
    let case = &work.case;
    let add_on = case.approval.as_ref().and_then(|a| a.screening_add_on);
    match notice {
        NoticeId::N03 => terms(work, add_on),
        NoticeId::N10 => {
            let mut facts = super::meeting::signing_facts(case);
            facts.extend(terms(work, add_on));
            facts.extend(words::costs(work));
            facts
        }
        NoticeId::N12 => {
            let mut facts = super::meeting::settlement_facts(case);
            facts.extend([
                yen("ご融資金額", "Amount", posting_yen(case)),
                account(&case.form.disbursement_account.number),
                rate_of_the_day(),
            ]);
            facts.extend(words::costs(work));
            facts
        }
        NoticeId::N14 => {
            let mut facts = posted(case);
            facts.extend(words::transfers(case));
            facts
        }
        NoticeId::N15 => {
            let mut facts = posted(case);
            facts.extend(words::split(case));
            facts
        }
        NoticeId::N16 => {
            let mut facts = vec![words::basis(work.basis)];
            facts.extend(words::drawings_due(work));
            facts
        }
        NoticeId::N17 => {
            let ending = words::ending(work).into_iter();
            ending.map(|(timer, day)| fact(timer.ja(), timer.en(), NoticeValue::Day { day })).collect()
        }
        NoticeId::W01 => words::awaited(work).into_iter().chain(super::meeting::told(work)).collect(),
        NoticeId::W04 => words::awaited(work),
        NoticeId::N21 => words::registration(case, key),
        NoticeId::N28 => words::drawings(case),
        NoticeId::N29 => words::creditor(case),
        NoticeId::N30 => words::insurance(case, key),
        _ => vec![],
    }
}

pub(super) fn fact(ja: &str, en: &str, value: NoticeValue) -> NoticeFact {
    NoticeFact { ja: ja.to_owned(), en: en.to_owned(), value }
}

pub(super) fn yen(ja: &str, en: &str, yen: i64) -> NoticeFact {
    fact(ja, en, NoticeValue::Yen { yen })
}

/// Only the last digits of an account are told.
fn account(number: &str) -> NoticeFact {
    fact("入金口座", "Account", NoticeValue::Plain(format!("***{}", tail(number))))
}

fn rate_of_the_day() -> NoticeFact {
    let value = NoticeValue::said("実行日の金利が適用されます", "the rate of the disbursement date applies");
    fact("適用金利", "Rate", value)
}

/// Approved terms as N03 tells them.
fn terms(work: &Work<'_>, add_on: Option<rust_decimal::Decimal>) -> Vec<NoticeFact> {
    let form = work.case.form.as_ref();
    let product = NoticeValue::said(form.product.ja(), &words::plain(form.product.code()));
    let mut facts =
        vec![fact("商品", "Product", product), yen("ご融資金額", "Amount", form.requested_amount_yen.0)];
    for loan in &form.loans {
        let ja = format!("{}か月 {} {}", loan.term_months, loan.rate_type.ja(), loan.fee_plan.ja());
        let en = format!(
            "{} months, {}, {}",
            loan.term_months,
            words::plain(loan.rate_type.code()),
            words::plain(loan.fee_plan.code())
        );
        facts.push(fact(
            "ご返済期間・金利種類・手数料型",
            "Term, rate type and fee plan",
            NoticeValue::Said { ja, en },
        ));
        let discount =
            loan.discount_type.map(|kind| NoticeValue::said(kind.ja(), &words::plain(kind.code())));
        facts.extend(discount.map(|kind| fact("金利引下げの種類", "Discount type", kind)));
    }
    if let Some(rate) = add_on.filter(|r| !r.is_zero()) {
        let percent = crate::Rate(rate);
        facts.push(fact("審査による加算金利", "Screening add-on", NoticeValue::Percent { percent }));
    }
    facts.extend(words::insurance_add_ons(work));
    facts.push(rate_of_the_day());
    facts
}

/// What was posted and how it is repaid.
fn posted(case: &Case) -> Vec<NoticeFact> {
    let amount = case.postings.last().map_or(0, |p| p.amount_yen);
    let mut facts = vec![yen("実行金額", "Amount posted", amount)];
    let Some(terms) = &case.frozen else { return facts };
    facts.push(yen("諸費用合計", "Deductions", terms.deductions_yen));
    for loan in terms.quote["loans"].as_array().into_iter().flatten() {
        facts.extend(words::rate(loan));
        let payment = loan["monthly"]["payment_yen"].as_i64();
        facts.extend(payment.map(|amount| yen("毎月のご返済額", "Monthly payment", amount)));
        for (ja, en, field) in [
            ("初回ご返済日", "First repayment", "first_repayment_date"),
            ("最終ご返済日", "Final repayment", "final_due_date"),
        ] {
            let day = loan["monthly"][field].as_str().and_then(|day| day.parse().ok());
            facts.extend(day.map(|day| fact(ja, en, NoticeValue::Day { day })));
        }
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
