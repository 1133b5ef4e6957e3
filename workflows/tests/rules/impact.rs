//! What a change after the approval voids: the list of E.3 from the vectors, single edits, and more changes void more.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workflows::Yen;
use workflows::form::{
    DiscountType, FeePlan, Form, GuaranteeFeeMethod, Line, MoneyAhead, MoneyAheadKind, PartyRole, RateType,
    Relation,
};
use workflows::machine::impact::{Impact, Trigger, Voided, stale_papers, triggers};
use workflows::sample::Sample;

use crate::vectors::{report, vectors};

fn approved() -> Form {
    Line::parse(Sample::Joint.json()).unwrap().form
}

fn joined(role: PartyRole, id: &str) -> impl Fn(&mut Form) {
    let id = id.to_owned();
    move |form| {
        let mut party = form.parties[0].clone();
        (party.party_id, party.role) = (id.clone(), role);
        form.parties.push(party);
    }
}

type Edit = Box<dyn Fn(&mut Form)>;

/// One edit for every trigger that a field of the form shows; none undoes another.
fn edits() -> Vec<(Trigger, Edit)> {
    fn edit(trigger: Trigger, change: impl Fn(&mut Form) + 'static) -> (Trigger, Edit) {
        (trigger, Box::new(change))
    }
    fn other<T: Copy + PartialEq>(all: &[T], now: T) -> T {
        *all.iter().find(|word| **word != now).unwrap()
    }
    vec![
        edit(Trigger::AmountUp, |form| {
            form.requested_amount_yen = form.requested_amount_yen + Yen(1_000_000);
            form.loans[0].amount_yen = form.loans[0].amount_yen + Yen(1_000_000);
        }),
        edit(Trigger::RateType, |form| {
            form.loans[0].rate_type = other(RateType::ALL, form.loans[0].rate_type)
        }),
        edit(Trigger::Term, |form| form.loans[0].term_months -= 12),
        edit(Trigger::JointDebtor, joined(PartyRole::JointDebtor, "D9")),
        edit(Trigger::JointGuarantor, joined(PartyRole::JointGuarantor, "G9")),
        edit(Trigger::ThirdPartyMortgagor, joined(PartyRole::ThirdPartyMortgagor, "M9")),
        edit(Trigger::Purpose, |form| {
            form.purpose.resident_relation = other(Relation::ALL, form.purpose.resident_relation)
        }),
        edit(Trigger::Collateral, |form| form.properties[0].number.push('9')),
        edit(Trigger::FeePlan, |form| form.loans[0].fee_plan = other(FeePlan::ALL, form.loans[0].fee_plan)),
        edit(Trigger::DiscountType, |form| {
            let now = form.loans[0].discount_type;
            form.loans[0].discount_type =
                DiscountType::ALL.iter().map(|d| Some(*d)).find(|d| *d != now).unwrap()
        }),
        edit(Trigger::GuaranteeFeeMethod, |form| {
            form.loans[0].guarantee_fee_method =
                other(GuaranteeFeeMethod::ALL, form.loans[0].guarantee_fee_method)
        }),
        edit(Trigger::InsuranceTypeOrInsured, |form| form.insurance[0].share_percent = 37),
        edit(Trigger::SplitOrBridgeUse, |form| {
            let payments = vec![];
            let handover_on = form.requested_disbursement_date;
            let kind = MoneyAheadKind::Split;
            form.money_ahead = Some(MoneyAhead { kind, handover_on, payments, bridge_insurance: None });
        }),
        edit(Trigger::BonusPart, |form| {
            form.loans[0].bonus_part_yen = form.loans[0].bonus_part_yen + Yen(500_000)
        }),
        edit(Trigger::RepaymentDay, |form| form.loans[0].repayment_day = 3),
        edit(Trigger::Other, |form| form.own_funds_yen = form.own_funds_yen + Yen(1)),
    ]
}

fn changed(by: &[usize]) -> Form {
    let (edits, mut form) = (edits(), approved());
    by.iter().for_each(|at| edits[*at].1(&mut form));
    form
}

#[test]
fn the_triggers_are_those_of_the_list() {
    let vectors = vectors();
    let key = &vectors["rescreening_triggers"];
    let codes = |name: &str| -> Vec<String> {
        key[name].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let listed = codes("triggers");
    let printed: BTreeSet<String> = codes("printed").into_iter().collect();
    let known: Vec<Trigger> = Trigger::ALL.iter().copied().filter(|t| *t != Trigger::Other).collect();
    let same = listed
        .iter()
        .zip(&known)
        .map(|(code, trigger)| code == trigger.code() && printed.contains(code) == trigger.printed());
    report("rescreening_triggers", same);
    assert_eq!(listed.len(), known.len());
    assert_eq!(key["closed_list"], false, "{} takes the rest", Trigger::Other);
}

#[test]
fn each_edit_pulls_its_own_trigger_and_every_trigger_with_a_field_has_an_edit() {
    for (at, (trigger, _)) in edits().iter().enumerate() {
        assert_eq!(triggers(&approved(), &changed(&[at])), BTreeSet::from([*trigger]));
    }
    let down = triggers(&changed(&[0]), &approved());
    assert_eq!(down, BTreeSet::from([Trigger::AmountDown]), "less money is a change as well");
    let edited: BTreeSet<Trigger> = edits().iter().map(|(trigger, _)| *trigger).chain(down).collect();
    let shown = Trigger::ALL.iter().copied().filter(|trigger| !trigger.has_no_field());
    assert_eq!(edited, shown.collect());
    let gone = triggers(&changed(&[3]), &approved());
    assert_eq!(gone, BTreeSet::from([Trigger::JointDebtor]), "who leaves is a change as well");
}

#[test]
fn a_typing_correction_voids_none() {
    let corrections: [fn(&mut Form); 6] = [
        |form| form.parties[0].name_kanji.push('子'),
        |form| form.parties[0].phone = "03-0000-0001".to_owned(),
        |form| form.parties[0].address.text.push_str("二番"),
        |form| form.documents.clear(),
        |form| form.requested_disbursement_date = "2026-07-15".parse().unwrap(),
        |form| form.properties.iter_mut().for_each(|p| p.completed_on = "2026-06-01".parse().ok()),
    ];
    for (at, correct) in corrections.iter().enumerate() {
        let mut form = approved();
        correct(&mut form);
        assert_eq!(Impact::between(&approved(), &form), Impact::default(), "correction {at}");
    }
    // A birth date is no spelling: the age decides.
    let mut form = approved();
    form.parties[0].birth_date = form.parties[0].birth_date.pred_opt().unwrap();
    assert!(!Impact::between(&approved(), &form).is_none());
}

#[test]
fn only_what_rests_on_the_change_is_made_anew() {
    let of = |at: usize| Impact::between(&approved(), &changed(&[at])).voids;
    let first = &approved().insurance[0];
    let declaration = Voided::Declaration { party_id: first.party_id.clone(), loan_no: first.loan_no };
    let declares = |at: usize| of(at).contains(&declaration);
    assert!(declares(0) && declares(11), "another sum, another share");
    assert!(!declares(2) && !declares(13), "term and repayment day leave the declaration alone");
    let papers = |at: usize| of(at).iter().filter(|voided| matches!(voided, Voided::Document { .. })).count();
    assert!(papers(6) > 0 && papers(7) > 0, "purpose and collateral have papers");
    assert_eq!(papers(0) + papers(2) + papers(8), 0);
    for at in 0..edits().len() {
        assert!(of(at).is_superset(&[Voided::Approval, Voided::Guarantee, Voided::ContractSet].into()));
    }
}

#[test]
fn old_papers_about_changed_collateral_are_stale_until_new_ones_come() {
    let mut form = changed(&[7]);
    let stale = stale_papers(&approved(), &form).count();
    assert!(stale > 0);
    let one = form.documents.iter().position(|paper| stale_papers(&approved(), &form).any(|s| s == paper));
    form.documents[one.unwrap()].received_on = "2026-05-07".parse().unwrap();
    assert_eq!(stale_papers(&approved(), &form).count(), stale - 1);
    assert_eq!(stale_papers(&approved(), &changed(&[2])).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever some changes void, these and more void as well.
    #[test]
    fn more_changes_never_void_less(
        some in prop::collection::btree_set(0_usize..15, 0..6),
        more in prop::collection::btree_set(0_usize..15, 0..6),
    ) {
        let few: Vec<usize> = some.iter().copied().collect();
        let many: Vec<usize> = some.union(&more).copied().collect();
        let (small, big) = (Impact::between(&approved(), &changed(&few)), Impact::between(&approved(), &changed(&many)));
        prop_assert!(small.voids.is_subset(&big.voids));
        prop_assert!(small.triggers.is_subset(&big.triggers));
        prop_assert_eq!(small.is_none(), few.is_empty());
    }
}
