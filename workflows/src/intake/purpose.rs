//! Purpose and amount (C-01, C-02, C-04, C-05, C-10, C-12).

use crate::form::{ExistingLoanKind, Form, LenderKind, Product, PurposeCode, Relation, Tenure};
use crate::money::Yen;
use crate::product::Book;
use crate::rule::{Cause, Finding, cause};

/// Every finding about what the money is for and how much it is.
pub(super) fn judge(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    residence(form, book, findings);
    refinanced_loan(form, findings);
    prohibited_use(form, findings);
    evidenced_costs(form, findings);
    if form.requested_amount_yen > book.terms.amount.maximum_yen {
        // C-10: the total of a mix counts.
        findings.push(cause::C10.on("requested_amount_yen"));
    }
    fixed_term_leasehold(form, findings);
}

/// C-01, C-02: a purpose of the product, for a residence of the borrower or a near relative.
fn residence(form: &Form, book: &Book, findings: &mut Vec<Finding>) {
    let far = |cause: &'static Cause| {
        let degree = form.purpose.resident_relation.degree();
        let near = degree.is_some_and(|degree| degree <= book.terms.purpose.residence_degree_at_most);
        (!near).then_some(cause)
    };
    let fits = book.terms.purpose.fits(form.product, form.purpose.code);
    let broken = match form.product {
        Product::HousingLoan if !fits => Some(&cause::C01),
        Product::HousingLoan => far(&cause::C01),
        Product::RefinanceReplacementLoan if !fits => Some(&cause::C02),
        Product::RefinanceReplacementLoan => far(&cause::C02),
        // C-03: whoever lives there.
        Product::SecuredFreeLoan => None,
    };
    findings.extend(broken.map(|cause| cause.on("purpose")));
}

/// C-02: what is refinanced is a housing loan of an institution, an employer or a mutual-aid association.
fn refinanced_loan(form: &Form, findings: &mut Vec<Finding>) {
    if form.purpose.code != PurposeCode::Refinance {
        return;
    }
    let fits = form.existing_loan.as_ref().is_some_and(|loan| {
        loan.kind == ExistingLoanKind::HousingLoan && loan.lender_kind != LenderKind::PrivatePerson
    });
    if !fits {
        findings.push(cause::C02.on("existing_loan"));
    }
}

/// C-04: a prohibited use, even if own money would cover it.
fn prohibited_use(form: &Form, findings: &mut Vec<Finding>) {
    if form.fund_uses.iter().any(|fund_use| fund_use.kind.prohibited()) {
        findings.push(cause::C04.on("fund_uses"));
    }
}

/// C-05: the amount is not above the evidenced costs that are allowed.
fn evidenced_costs(form: &Form, findings: &mut Vec<Finding>) {
    let counted = form.fund_uses.iter().filter(|fund_use| fund_use.evidenced && !fund_use.kind.prohibited());
    let costs: Yen = counted.map(|fund_use| fund_use.amount_yen).sum();
    if form.requested_amount_yen > costs {
        findings.push(cause::C05.on("requested_amount_yen"));
    }
}

/// C-12: on general fixed-term leasehold only a new detached house for the borrower's own residence.
fn fixed_term_leasehold(form: &Form, findings: &mut Vec<Finding>) {
    let new_house = matches!(form.purpose.code, PurposeCode::NewBuild | PurposeCode::PurchaseNewHouse);
    if has_fixed_term_leasehold(form) && (!new_house || form.purpose.resident_relation != Relation::Oneself) {
        findings.push(cause::C12_PURPOSE.on("properties"));
    }
}

/// Whether some land of the case is held by general fixed-term leasehold.
pub(super) fn has_fixed_term_leasehold(form: &Form) -> bool {
    form.properties.iter().any(|property| property.tenure == Some(Tenure::GeneralFixedTermLeasehold))
}
