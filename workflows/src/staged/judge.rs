//! What an application for money ahead must meet on paper (S-01 to S-03, S-14, S-15, BR-3).

use chrono::NaiveDate;

use super::{Limit, bridge_insurance, funding_deadline, within_term};
use crate::collateral::{is_leased, is_reserved};
use crate::form::{Form, MoneyAhead, MoneyAheadKind, PaymentUse, Product, PropertyKind, PurposeCode};
use crate::money::Yen;
use crate::product::Book;
use crate::product::terms::WithMix;
use crate::rule::{Finding, cause};

const FIELD: &str = "money_ahead";

/// Every finding on the money ahead of the disbursement, the first of it on `date`.
pub(crate) fn judge(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    let Some(ahead) = &form.money_ahead else { return };
    let staged = &book.terms.staged;
    if !is_for_a_residence(form, book) || !land_comes_first(ahead) {
        findings.push(cause::S01.on(FIELD));
    }
    let limit = limit(form, staged.limit_percent);
    let mut payments = ahead.payments.iter();
    let total = payments.try_fold(Yen::ZERO, |drawn, next| limit.take(drawn, next.amount_yen).ok());
    if total.is_none_or(|total| total == Yen::ZERO) {
        findings.push(cause::S02.on(FIELD));
    }
    let day = form.loans.first().map_or(1, |loan| loan.repayment_day);
    if within_term(staged, date, funding_deadline(ahead.handover_on, day)).is_err() {
        findings.push(cause::S03.on(FIELD));
    }
    let unmortgageable = form.properties.iter().filter(|property| {
        property.kind == PropertyKind::Land && (is_leased(property) || is_reserved(property))
    });
    if ahead.kind == MoneyAheadKind::Split {
        findings.extend(unmortgageable.map(|property| cause::S14.on(format!("P{}", property.property_no))));
    }
    if form.product != Product::HousingLoan || (form.loans.len() > 1 && staged.with_mix == WithMix::Refused) {
        findings.push(cause::S15.on(FIELD));
    }
    let uncovered = ahead.bridge_insurance.is_some_and(|kind| bridge_insurance(staged, kind) != kind);
    if ahead.kind == MoneyAheadKind::Bridge && uncovered {
        findings.push(cause::BR3.on(FIELD));
    }
}

/// The limit of a form: what is needed is what contracts and estimates show.
pub fn limit(form: &Form, percent: u32) -> Limit {
    let evidenced = form.fund_uses.iter().filter(|fund_use| fund_use.evidenced);
    Limit {
        applied: form.requested_amount_yen,
        needed: evidenced.map(|fund_use| fund_use.amount_yen).sum(),
        percent,
    }
}

/// S-01: new build, land with new build and what else is finished after the money is needed; for the borrower or a near relative.
fn is_for_a_residence(form: &Form, book: &Book) -> bool {
    use PurposeCode as P;
    let purpose = matches!(
        form.purpose.code,
        P::NewBuild
            | P::LandAndNewBuild
            | P::LandPurchase
            | P::Extension
            | P::PurchaseNewHouse
            | P::PurchaseNewCondominium
    );
    let degree = form.purpose.resident_relation.degree();
    purpose && degree.is_some_and(|degree| degree <= book.terms.purpose.residence_degree_at_most)
}

/// S-01: the price of the land is paid before anything else.
fn land_comes_first(ahead: &MoneyAhead) -> bool {
    let is_land = |at: &usize| ahead.payments[*at].use_of == PaymentUse::LandPrice;
    (0..ahead.payments.len()).filter(is_land).enumerate().all(|(order, at)| order == at)
}
