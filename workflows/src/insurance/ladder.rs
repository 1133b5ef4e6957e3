//! What is left when an insurer refuses, and what may not change once somebody is insured (G-10, G-20, G-21).

use crate::form::{Cover, Form, Insurance, InsuranceType, Problem};
use crate::product::terms::InsuranceTerms;
use crate::rule::Rule;

/// The next step after a refusal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Rung {
    /// A new declaration for this type.
    Declare(InsuranceType),
    /// The relaxed assessment, which takes three steps of its own (G-20).
    Relaxed,
    /// No type is left: two people of the branch allow it, or the loan is refused (G-10).
    BranchException,
}

/// Down the book's ladder, in the booklet CANCER, ALMIGHTY and DISABILITY_INCOME to BASIC and BASIC to RELAXED. RELAXED is for one
/// person alone who insures the loan in full (G-20); after the last type, and where several insure, nothing is left (G-10).
pub fn after_refusal(terms: &InsuranceTerms, form: &Form, refused: &Insurance) -> Rung {
    match terms.types.get(&refused.insurance_type).and_then(|terms| terms.after_refusal) {
        Some(InsuranceType::Relaxed) if is_only_insured(form, refused) => Rung::Relaxed,
        Some(InsuranceType::Relaxed) | None => Rung::BranchException,
        Some(next) => Rung::Declare(next),
    }
}

/// G-20: RELAXED insures one person, and the loan in full.
pub fn is_only_insured(form: &Form, entry: &Insurance) -> bool {
    entry.cover == Cover::Single && form.insurance_of(entry.loan_no).count() == 1
}

/// G-21: who has joined keeps type, cover and share, and nobody else joins the same loan. `joined` are the entries whose cover is in
/// force, `wanted` what is asked for. Errors: one for each entry that is another one or gone.
pub fn after_joining(joined: &[&Insurance], wanted: &[Insurance]) -> Vec<Problem> {
    let same = |old: &Insurance, new: &Insurance| {
        (&old.party_id, old.loan_no) == (&new.party_id, new.loan_no)
            && (old.insurance_type, old.cover, old.share_percent)
                == (new.insurance_type, new.cover, new.share_percent)
    };
    let gone = joined.iter().filter(|old| !wanted.iter().any(|new| same(old, new)));
    gone.map(|old| {
        let accepted = format!("{}:L{} {}", old.party_id, old.loan_no, old.insurance_type);
        Rule::refusal("G-21", "insurance", accepted)
    })
    .collect()
}
