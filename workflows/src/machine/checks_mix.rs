//! What the outcome of one loan of a mix means for the whole order (C-56).

use super::checks::View;
use super::facts::PostingState as P;
use super::need::Need;
use super::verb::Command;

impl View<'_> {
    /// C-56: what the outcome of one loan of a mix means for the order. An order for one loan has no parts.
    pub(super) fn part_word(&self, need: Need) -> bool {
        let Some(posting) = self.case.open_posting() else { return false };
        let named = match self.command {
            Some(
                Command::ConfirmPosting { loan_no, .. }
                | Command::RejectPosting { loan_no, .. }
                | Command::ConfirmReversal { loan_no, .. },
            ) => *loan_no,
            _ => None,
        };
        let part = named.and_then(|loan_no| posting.part(loan_no));
        let others = || posting.parts.iter().filter(|other| Some(other.loan_no) != named);
        if self.command.is_none() {
            // What could be said of some loan of the mix.
            let count = |state: P| posting.parts.iter().filter(|part| part.state == state).count();
            return match need {
                Need::AllParts => {
                    posting.parts.len() == count(P::Posted) + usize::from(count(P::Ordered) == 1)
                }
                Need::NothingPosted => count(P::Posted) == 0,
                Need::PartOpen => count(P::Ordered) > 0,
                _ => posting.is_torn(),
            };
        }
        let open = part.is_some_and(|part| part.state == P::Ordered);
        match need {
            Need::AllParts if posting.parts.is_empty() => named.is_none(),
            Need::AllParts => open && others().all(|other| other.state == P::Posted),
            Need::NothingPosted if posting.parts.is_empty() => named.is_none(),
            Need::NothingPosted if named.is_some() => {
                open && others().all(|other| matches!(other.state, P::Rejected | P::Reversed))
            }
            Need::NothingPosted => posting.parts.iter().all(|part| part.state != P::Posted),
            // Not the last one: that settles the whole order (T29, T31).
            Need::PartOpen => {
                let confirms = matches!(self.command, Some(Command::ConfirmPosting { .. }));
                let settles = match confirms {
                    true => others().all(|other| other.state == P::Posted),
                    false => others().all(|other| matches!(other.state, P::Rejected | P::Reversed)),
                };
                open && !settles
            }
            Need::PartPosted => posting.is_torn() && part.is_some_and(|part| part.state == P::Posted),
            _ => true,
        }
    }
}
