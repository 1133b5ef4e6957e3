//! What the product book says about who decides: from an amount on, an approval is for somebody of the whole bank (E.2).

use crate::story::world::{World, actor};
use crate::story::{Bank, Library, Theatre};
use std::sync::Arc;
use workflows::machine::{Actor, Command, Context, Refusal, Role, Rulebook, Table, Verb, open};
use workflows::{Books, PostedRates, sample};

const BASE: &str = include_str!("../../products/base.toml");
const PARAMETERS: &str = include_str!("../../products/sample-parameters.json");
const RATES: &str = include_str!("../../products/sample-posted-rates.json");

fn from(yen: i64) -> Rulebook {
    let with = format!("[four_eyes]\napproval_by_head_office_from_yen = {yen}\n#");
    let base = BASE.replacen("[four_eyes]", &with, 1);
    let books = Books::load(&base, "base.toml", PARAMETERS).unwrap();
    Rulebook { books: Arc::new(books), rates: Arc::new(PostedRates::parse(RATES).unwrap()) }
}

/// Screening proposes the approval; the answer of a manager of these branches.
fn decided(world: &mut World<'_>, branches: &[&str]) -> Result<(), Refusal> {
    let screening = actor(Role::ScreeningOfficer, None, &world.form, world.rules);
    let command = world.command(Verb::ApproveLoan, &[]).unwrap();
    world.act(&screening, &command).unwrap();
    let proposal_id = world.case.as_ref().unwrap().proposals[0].id.clone();
    let mut manager = actor(Role::BranchManager, None, &world.form, world.rules);
    manager.branches = branches.iter().map(|branch| (*branch).to_owned()).collect();
    world.act(&manager, &Command::ApproveProposal { proposal_id }).map(drop)
}

#[test]
fn a_large_approval_is_decided_by_somebody_of_the_whole_bank() {
    let form = sample::Sample::Purchase.form().unwrap();
    let (amount, branch) = (form.requested_amount_yen.0, form.institution.branch_code.clone());
    let (library, table) = (Library::load(), Table::default());
    let answer = |from_yen: i64, branches: &[&str]| {
        let rules = from(from_yen);
        let bank = Bank::of(&rules);
        let mut world = Theatre::new(&library, &table, &bank).run("3-decided", None).unwrap();
        decided(&mut world, branches)
    };
    let refused = answer(amount, &[&branch]).unwrap_err();
    let Refusal::Blocked { unmet } = &refused else { panic!("{refused:?}") };
    let told: Vec<_> = unmet.iter().map(|unmet| (unmet.code.as_str(), unmet.rule.as_deref())).collect();
    assert_eq!(told, [("G-FOUR-EYES", Some("E.2"))]);
    assert_eq!(answer(amount, &[]), Ok(()), "somebody who answers for every branch");
    assert_eq!(answer(amount + 1, &[&branch]), Ok(()), "one yen below the amount of the book");
}

#[test]
fn a_draft_of_a_bank_without_a_book_is_refused() {
    let (table, rules) = (Table::default(), sample::rulebook().unwrap());
    let mut form = sample::Sample::Purchase.form().unwrap();
    let opened = |form: &workflows::Form| {
        let importer = Actor::internal(Role::Importer);
        let now = form.received_at.to_utc();
        let ctx = Context { actor: &importer, now, rules: &rules, table: &table };
        open("case-1", &Command::CreateDraft { form: form.clone() }, &ctx).map(drop)
    };
    assert_eq!(opened(&form), Ok(()));
    form.institution.bank_code = "0000".to_owned();
    let refused = opened(&form).unwrap_err();
    assert!(matches!(&refused, Refusal::Invalid { rule, .. } if rule == "BOOK"), "{refused:?}");
    form.institution.bank_code = "2999".to_owned();
    form.received_at = "2024-06-30T10:00:00+09:00".parse().unwrap();
    assert!(opened(&form).is_err(), "before the first edition of the bank");
}
