//! Work that one person of the bank holds, handed to another: who may, whose it can become, and what stands in the way. Pure.
//!
//! A task is no fact of a case: who holds it decides nothing. But nobody is given work that he may not do: not that of another role or
//! branch, not on a case that he keeps away from (L-108-3), and no decision on his own proposal (E.2).

use super::approval::conflict_of;
use super::case::Case;
use super::effect::Anchor;
use super::role::{Actor, Role};
use crate::account::{Account, AccountKind};

crate::terms! {
    /// What handing a task over comes to.
    pub enum HandingOutcome {
        Handed = "HANDED", "引き継ぎます", "It is handed over";
        Gone = "GONE", "すでに完了しているか、閲覧できません", "It is done already, or not yours to see";
        HeldByOther = "HELD_BY_OTHER", "担当者が変わっています。一覧を読み直してください", "Somebody else holds it by now: read the list again";
        AlreadyTheirs = "ALREADY_THEIRS", "すでに引継先の担当です", "They hold it already";
        NotTheirRole = "NOT_THEIR_ROLE", "引継先の職務の作業ではありません", "Not work of a role that they have";
        NotTheirBranch = "NOT_THEIR_BRANCH", "引継先の担当支店ではありません", "Not of a branch that is theirs";
        NotHandedOver = "NOT_HANDED_OVER", "この作業は引き継げません（申込人・提携先・コンプライアンス部門の作業）", "Work of customers, partners and compliance is not handed over here";
        TheyKeepAway = "THEY_KEEP_AWAY", "引継先に利益相反の申告があります（L-108-3）", "They keep away from the case, for a conflict of interest (L-108-3)";
        YouKeepAway = "YOU_KEEP_AWAY", "あなたに利益相反の申告があるため、扱えません（L-108-3）", "You keep away from the case, for a conflict of interest (L-108-3)";
        MayNotDecide = "MAY_NOT_DECIDE", "引継先はこの申請を承認できません（起案した本人、または権限外・投票済み）", "They may not decide on this proposal: their own, beyond their level, or voted on";
    }
}

/// Whose work is handed over by managers: the bank's own desks. Compliance keeps its own in hand.
pub const HANDED: &[Role] =
    &[Role::BranchClerk, Role::BranchManager, Role::ScreeningOfficer, Role::Operations];
/// Who hands work over.
pub const HANDS: &[Role] = &[Role::BranchManager];

/// A task as it stands in a queue.
#[derive(Copy, Clone, Debug)]
pub struct Held<'a> {
    /// Its id in the case.
    pub id: &'a str,
    pub role: Role,
    pub branch: &'a str,
    pub by: Option<&'a str>,
}

/// What handing a task from somebody (or from nobody) to somebody comes to. Nothing is written.
pub fn judge(case: &Case, held: &Held<'_>, from: Option<&str>, to: &Account, by: &Actor) -> HandingOutcome {
    use HandingOutcome as O;
    if !HANDED.contains(&held.role) {
        return O::NotHandedOver;
    }
    if held.by == Some(to.subject.as_str()) {
        return O::AlreadyTheirs;
    }
    if held.by != from {
        return O::HeldByOther;
    }
    let taker = to.actor(Some(held.role)).filter(|_| to.kind == AccountKind::Person);
    let Some(taker) = taker.filter(|taker| taker.institution == case.institution) else {
        return O::NotTheirRole;
    };
    if !taker.is_of_the_whole_bank() && !taker.branches.iter().any(|branch| branch == held.branch) {
        return O::NotTheirBranch;
    }
    if conflict_of(case, by).is_some() {
        return O::YouKeepAway;
    }
    if conflict_of(case, &taker).is_some() {
        return O::TheyKeepAway;
    }
    let task = case.tasks.iter().find(|task| task.id == held.id);
    let proposal = task.and_then(|task| match &task.anchor {
        Anchor::Proposal { id } => case.proposals.iter().find(|proposal| proposal.id == *id),
        _ => None,
    });
    if proposal.is_some_and(|proposal| !proposal.unmet_by(&taker).is_empty()) {
        return O::MayNotDecide;
    }
    O::Handed
}
