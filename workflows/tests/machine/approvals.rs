//! Who decides on an approval (E.2): levels of the book, a committee's votes, deputies, and people with an interest (L-108-3).

use crate::story::world::{World, actor};
use crate::story::{Bank, Library, Theatre};
use std::sync::Arc;
use workflows::machine::facts::ConflictRelation;
use workflows::machine::{
    Actor, Command, Event, Refusal, Role, Rulebook, Stage, Table, Verb, allowed_actions,
};
use workflows::product::{Level, Risk};
use workflows::{Books, PostedRates, sample};

const BASE: &str = include_str!("../../products/base.toml");
const PARAMETERS: &str = include_str!("../../products/sample-parameters.json");
const RATES: &str = include_str!("../../products/sample-posted-rates.json");

/// The sample bank with these lines under `[four_eyes]`.
fn bank(lines: &str) -> Rulebook {
    let base = BASE.replacen("[four_eyes]", &format!("[four_eyes]\n{lines}\n#"), 1);
    let books = Books::load(&base, "base.toml", PARAMETERS).unwrap();
    Rulebook { books: Arc::new(books), rates: Arc::new(PostedRates::parse(RATES).unwrap()) }
}

/// The same when everything is decided and an approval can be proposed.
fn told(lines: &str, story: impl FnOnce(&mut World<'_>)) {
    let (library, table, rules) = (Library::load(), Table::default(), bank(lines));
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("3-decided", None).unwrap();
    story(&mut world);
    assert_eq!(world.faults, Vec::<String>::new());
}

fn amount() -> i64 {
    sample::Sample::Purchase.form().unwrap().requested_amount_yen.0
}

fn staff(world: &World<'_>, role: Role, name: &str, branches: &[&str]) -> Actor {
    let branches = branches.iter().map(|branch| (*branch).to_owned()).collect();
    Actor { subject: name.to_owned(), branches, ..actor(role, None, &world.form, world.rules) }
}

fn manager(world: &World<'_>, name: &str) -> Actor {
    staff(world, Role::BranchManager, name, &[])
}

/// Screening proposes; the id of the proposal.
fn proposed(world: &mut World<'_>, add_on: Option<&str>) -> String {
    let screening = staff(world, Role::ScreeningOfficer, "screening", &[]);
    let screening_add_on = add_on.map(|text| text.parse().unwrap());
    let command = Command::ApproveLoan { screening_add_on, conditions: vec![] };
    world.act(&screening, &command).unwrap();
    world.case.as_ref().unwrap().proposals.last().unwrap().id.clone()
}

fn agree(world: &mut World<'_>, who: &Actor, id: &str) -> Result<(), Refusal> {
    world.act(who, &Command::ApproveProposal { proposal_id: id.to_owned() }).map(drop)
}

fn object(world: &mut World<'_>, who: &Actor, id: &str) -> Result<(), Refusal> {
    let command = Command::ReturnProposal { proposal_id: id.to_owned(), reason: "too much".to_owned() };
    world.act(who, &command).map(drop)
}

fn stage(world: &World<'_>) -> Stage {
    world.case.as_ref().unwrap().stage
}

fn route(world: &World<'_>) -> (Level, Vec<Risk>, u8, u8) {
    let route = &world.case.as_ref().unwrap().proposals[0].route;
    (route.level, route.risks.clone(), route.members, route.votes)
}

/// Codes and rules of a refusal.
fn why(refusal: Result<(), Refusal>) -> Vec<(String, Option<String>)> {
    match refusal {
        Err(Refusal::Blocked { unmet }) => unmet.into_iter().map(|u| (u.code, u.rule)).collect(),
        other => panic!("{other:?}"),
    }
}

fn second_person(rule: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![("G-FOUR-EYES".to_owned(), rule.map(str::to_owned))]
}

#[test]
fn amount_and_risk_choose_the_level() {
    let at = |from: i64| {
        format!("approval_by_head_office_from_yen = {from}\nhead_office_risks = [\"SCREENING_ADD_ON\"]")
    };
    told(&at(amount()), |world| {
        let id = proposed(world, None);
        assert_eq!(route(world), (Level::HeadOffice, vec![], 1, 1));
        let branch = world.form.institution.branch_code.clone();
        let of_the_branch = staff(world, Role::BranchManager, "manager", &[&branch]);
        assert_eq!(why(agree(world, &of_the_branch, &id)), second_person(Some("E.2")));
        assert_eq!(why(object(world, &of_the_branch, &id)), second_person(Some("E.2")));
        agree(world, &manager(world, "director"), &id).unwrap();
        assert_eq!(stage(world), Stage::Approved);
    });
    told(&at(amount() + 1), |world| {
        proposed(world, None);
        assert_eq!(route(world), (Level::Branch, vec![], 1, 1), "one yen below");
    });
    told(&at(amount() + 1), |world| {
        proposed(world, Some("0.1"));
        assert_eq!(route(world), (Level::HeadOffice, vec![Risk::ScreeningAddOn], 1, 1));
    });
}

fn committee(from: i64) -> String {
    format!("committee = {{ from_yen = {from}, members = 3, votes = 2 }}")
}

#[test]
fn two_of_three_members_approve() {
    told(&committee(amount()), |world| {
        let id = proposed(world, None);
        assert_eq!(route(world), (Level::Committee, vec![], 3, 2));
        let (first, second, third) =
            (manager(world, "first"), manager(world, "second"), manager(world, "third"));
        agree(world, &first, &id).unwrap();
        assert_eq!(stage(world), Stage::Screening, "one vote decides nothing");
        assert_eq!(why(agree(world, &first, &id)), second_person(Some("E.2")), "nobody votes twice");
        assert_eq!(why(object(world, &first, &id)), second_person(Some("E.2")));
        let maker = staff(world, Role::BranchManager, "screening", &[]);
        assert_eq!(why(agree(world, &maker, &id)), second_person(None), "nor does the one who proposed");
        object(world, &second, &id).unwrap();
        assert_eq!(stage(world), Stage::Screening);
        agree(world, &third, &id).unwrap();
        assert_eq!(stage(world), Stage::Approved);
        let votes: Vec<(String, bool)> = world
            .log
            .iter()
            .flat_map(|entry| &entry.events)
            .filter_map(|event| match event {
                Event::VoteCast { vote, .. } => Some((vote.by.clone(), vote.agrees)),
                _ => None,
            })
            .collect();
        let wanted = [("first", true), ("second", false), ("third", true)];
        assert_eq!(votes, wanted.map(|(by, agrees)| (by.to_owned(), agrees)), "every vote is on record");
    });
}

#[test]
fn a_committee_that_can_no_longer_agree_returns_the_proposal() {
    told(&committee(amount()), |world| {
        let id = proposed(world, None);
        let (first, second) = (manager(world, "first"), manager(world, "second"));
        object(world, &first, &id).unwrap();
        assert_eq!(world.case.as_ref().unwrap().proposals.len(), 1, "two may still agree");
        object(world, &second, &id).unwrap();
        assert_eq!(world.case.as_ref().unwrap().proposals, vec![]);
        assert_eq!(stage(world), Stage::Screening);
        // It is proposed again, and the same people decide.
        let again = proposed(world, None);
        agree(world, &first, &again).unwrap();
        agree(world, &second, &again).unwrap();
        assert_eq!(stage(world), Stage::Approved);
    });
}

#[test]
fn a_deputy_is_not_a_second_person_to_the_one_he_acts_for() {
    told("", |world| {
        let id = proposed(world, None);
        let deputy = |world: &World<'_>, name: &str, absent: &str| Actor {
            on_behalf_of: Some(absent.to_owned()),
            ..manager(world, name)
        };
        let of_the_maker = deputy(world, "deputy", "screening");
        assert_eq!(why(agree(world, &of_the_maker, &id)), second_person(None));
        let by_the_maker = deputy(world, "screening", "manager");
        assert_eq!(why(agree(world, &by_the_maker, &id)), second_person(None));
        agree(world, &deputy(world, "deputy", "manager"), &id).unwrap();
        let entry = world.log.last().unwrap();
        assert_eq!((entry.by.as_str(), entry.on_behalf_of()), ("deputy", Some("manager")));
    });
}

#[test]
fn deputy_and_absent_member_have_one_vote() {
    told(&committee(amount()), |world| {
        let id = proposed(world, None);
        agree(world, &manager(world, "first"), &id).unwrap();
        let deputy = Actor { on_behalf_of: Some("first".to_owned()), ..manager(world, "second") };
        assert_eq!(why(agree(world, &deputy, &id)), second_person(Some("E.2")));
        agree(world, &manager(world, "second"), &id).unwrap();
        assert_eq!(stage(world), Stage::Approved);
    });
}

#[test]
fn who_has_an_interest_sees_why_every_button_is_closed() {
    told("", |world| {
        let boss = manager(world, "manager");
        let declare = Command::DeclareConflict {
            subject: None,
            relation: ConflictRelation::Relative,
            note: "sister".to_owned(),
        };
        world.act(&boss, &declare).unwrap();
        let deputy = Actor { on_behalf_of: Some("manager".to_owned()), ..manager(world, "deputy") };
        for who in [&boss, &deputy] {
            let (table, rules, now) = (world.table, world.rules, world.now);
            let ctx = workflows::machine::Context {
                actor: who,
                now,
                rules,
                table,
                registers: workflows::machine::Registers::NONE,
            };
            let actions = allowed_actions(world.case.as_ref().unwrap(), &ctx);
            let open = actions.iter().filter(|action| action.verb != Verb::DeclareConflict);
            assert!(open.clone().count() > 2);
            for action in open {
                assert_eq!(
                    action.unmet.first().map(|u| u.code.as_str()),
                    Some("N-NO-CONFLICT"),
                    "{action:?}"
                );
            }
            let memo = Command::AddMemo { text: "note".to_owned() };
            assert_eq!(
                why(world.act(who, &memo).map(drop)),
                [("N-NO-CONFLICT".to_owned(), Some("L-108-3".to_owned()))]
            );
        }
    });
}

#[test]
fn nobody_of_the_bank_works_on_his_own_application() {
    told("", |world| {
        let applicant = world.case.as_ref().unwrap().applicant.clone().unwrap();
        let clerk = staff(world, Role::BranchClerk, &applicant, &[]);
        let memo = Command::AddMemo { text: "mine".to_owned() };
        assert_eq!(
            why(world.act(&clerk, &memo).map(drop)),
            [("N-NO-CONFLICT".to_owned(), Some("L-108-3".to_owned()))]
        );
    });
}

#[test]
fn what_the_book_says_of_a_committee_must_make_sense() {
    let wrong = |lines: &str| {
        let base = BASE.replacen("[four_eyes]", &format!("[four_eyes]\n{lines}\n#"), 1);
        let problems = Books::load(&base, "base.toml", PARAMETERS).unwrap_err();
        problems.into_iter().map(|problem| problem.to_string()).collect::<Vec<_>>().join("\n")
    };
    for (lines, key) in [
        ("committee = { from_yen = 1, members = 1, votes = 1 }", "four_eyes.committee.members"),
        ("committee = { from_yen = 1, members = 4, votes = 2 }", "four_eyes.committee.votes"),
        ("committee = { from_yen = 1, members = 3, votes = 4 }", "four_eyes.committee.votes"),
        ("committee = { members = 3, votes = 2 }", "four_eyes.committee.from_yen"),
    ] {
        let told = wrong(lines);
        assert!(told.contains(key), "{lines}: {told}");
    }
}
