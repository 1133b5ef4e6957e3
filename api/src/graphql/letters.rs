//! Which letters a case has, and where each is read.

use super::application::label;
use super::execute::Call;
use super::model::Model;
use super::wall::{self, Wall};
use serde_json::{Value, json};
use workflows::letters::LetterKind;
use workflows::machine::letter_desk::letters;
use workflows::machine::{Case, Role};

/// Whoever reads any letter.
pub const READERS: Wall = wall::STAFF_AND_CUSTOMER.and(&[Role::Scrivener]);

/// Who reads a letter: the customer's own are for the customer and for staff, the request to the scrivener for him and for staff.
pub const fn wall_of(kind: LetterKind) -> Wall {
    match kind {
        LetterKind::Registration => super::papers::REGISTRATION,
        _ => wall::STAFF_AND_CUSTOMER,
    }
}

/// `letters` of an application.
pub fn shown(case: &Case, call: &Call) -> Value {
    let offered = call.counter.service.letters.is_some();
    let mine = letters(case).into_iter().filter(|kind| wall_of(*kind).admits(&[call.actor.role]));
    mine.map(|kind| of_case(offered, &case.id, kind)).collect()
}

/// A letter of a case; `offered`: this installation makes letters.
pub(super) fn of_case(offered: bool, case: &str, kind: LetterKind) -> Value {
    let path = offered.then(|| format!("/documents/letters/{case}/{}", kind.code()));
    json!({ "kind": kind.code(), "label": label(kind.ja(), kind.en()), "path": path })
}

/// The type of a letter.
pub fn catalogue(m: &mut Model) {
    m.choices("LetterKind", LetterKind::ALL.iter().map(|kind| (kind.code(), kind.ja(), kind.en())));
    m.object(
        "Letter",
        "A letter of the case, which is read as PDF.",
        &[
            ("kind", "LetterKind!", READERS, "Which letter it is."),
            ("label", "Label!", READERS, "Its title."),
            (
                "path",
                "String",
                READERS,
                "Where it is read, with `?language=en` in English; absent where this installation makes no letters.",
            ),
        ],
    );
}
