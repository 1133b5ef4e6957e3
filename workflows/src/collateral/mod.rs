//! The collateral desk: what is mortgaged, in which rank, and what stays to do after disbursement (B-11, B-12, chapter H).

mod duties;
mod review;

pub use duties::{OpenDuty, open_duties};
pub use review::{CollateralFacts, FireCover, Matter, Pledge, PropertyFacts, Standing, Use, review};

use crate::form::{Form, LandCategory, LenderKind, Owner, Property, PropertyKind, PurposeCode, Tenure};
use crate::rule::{Cause, Finding, cause};

/// Every finding of the collateral desk.
pub(crate) fn judge(form: &Form, findings: &mut Vec<Finding>) {
    for property in &form.properties {
        let name = format!("P{}", property.property_no);
        ownership(form, property, &name, findings);
        rank(form, property, &name, findings);
        reserved_land(property, &name, findings);
        farmland(property, &name, findings);
        defects(property, &name, findings);
    }
}

/// Leased land needs no mortgage: the building alone carries it (H-11, H-12).
pub(crate) fn is_leased(property: &Property) -> bool {
    matches!(property.tenure, Some(Tenure::OrdinaryLeasehold | Tenure::GeneralFixedTermLeasehold))
}

/// Land before the replotting is completed (H-05).
pub(crate) fn is_reserved(property: &Property) -> bool {
    property.reserved_land == Some(true)
}

/// B-11, B-12 with H-10, H-01, H-03, H-06, H-07: every owner is in the case and mortgages the share. Reserved land cannot be mortgaged
/// yet, so there only the owners count.
fn ownership(form: &Form, property: &Property, name: &str, findings: &mut Vec<Finding>) {
    if is_leased(property) {
        return;
    }
    let outside = |owner: &Owner| owner.party_id.is_none();
    let unmortgaged = |owner: &Owner| !owner.mortgages_share && !is_reserved(property);
    let found = match &property.owners[..] {
        [owner] => {
            let debtor = owner
                .party_id
                .as_deref()
                .and_then(|id| form.party(id))
                .is_some_and(|party| party.role.is_debtor());
            match (debtor, unmortgaged(owner)) {
                (true, true) => Some(own_property(form, property)),
                (false, true) => Some(&cause::B12),
                (false, false) if outside(owner) => Some(&cause::B12),
                _ => None,
            }
        }
        owners => owners.iter().any(|owner| outside(owner) || unmortgaged(owner)).then_some(&cause::B11),
    };
    findings.extend(found.map(|cause| cause.on(name)));
}

/// The rule that a borrower's own property breaks when it is not mortgaged.
fn own_property(form: &Form, property: &Property) -> &'static Cause {
    let building_only = matches!(
        form.purpose.code,
        PurposeCode::NewBuild | PurposeCode::Extension | PurposeCode::Renovation | PurposeCode::Rebuild
    );
    match property.kind {
        PropertyKind::RoadShare => &cause::H07,
        PropertyKind::Building if !property.main => &cause::H06,
        PropertyKind::Land if building_only => &cause::H03,
        _ => &cause::H01,
    }
}

/// H-02: an earlier mortgage may stay only for a public body, an employer or the like, and where the valuation allows it.
fn rank(form: &Form, property: &Property, name: &str, findings: &mut Vec<Finding>) {
    let may_stay = |kind: LenderKind| {
        matches!(kind, LenderKind::PublicBody | LenderKind::Employer | LenderKind::MutualAidAssociation)
            && form.collateral_valuation.requirement_met
    };
    let stays = property.prior_mortgages.iter().filter(|mortgage| !mortgage.released_at_disbursement);
    if stays.into_iter().any(|mortgage| !may_stay(mortgage.holder_kind)) {
        findings.push(cause::H02.on(name));
    }
}

/// H-05: reserved land is mortgaged as soon as that becomes possible, and the owner has promised it.
fn reserved_land(property: &Property, name: &str, findings: &mut Vec<Finding>) {
    if is_reserved(property) && property.mortgage_when_possible != Some(true) {
        findings.push(cause::H05.on(name));
    }
}

/// H-09: farmland becomes residential land in the register.
fn farmland(property: &Property, name: &str, findings: &mut Vec<Finding>) {
    if is_farmland(property) && property.category_change_planned != Some(true) {
        findings.push(cause::H09.on(name));
    }
}

/// Land whose category has to become residential (H-09).
pub(crate) fn is_farmland(property: &Property) -> bool {
    matches!(property.registered_category, Some(LandCategory::PaddyField | LandCategory::Field))
}

/// H-13: an unregistered building, a breach of law or a defect. `registered: None` is a building that is not built or not yet due.
fn defects(property: &Property, name: &str, findings: &mut Vec<Finding>) {
    if property.registered == Some(false) || !property.legal_defects.is_empty() {
        findings.push(cause::H13.on(name));
    }
}
