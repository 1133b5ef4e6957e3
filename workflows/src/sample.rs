//! One believable form of every kind of case: for tests, the demo, templates and the documentation. People are invented.

use std::sync::Arc;

use crate::form::{Line, Problem};
use crate::machine::Rulebook;
use crate::product::Source;
use crate::{BookProblem, Books, Form, PostedRates};

const BASE: &str = include_str!("../products/base.toml");
const PARAMETERS: &str = include_str!("../products/sample-parameters.json");
const RATES: &str = include_str!("../products/sample-posted-rates.json");

/// The kinds of case that samples exist for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sample {
    /// A new house, one applicant, one loan.
    Purchase,
    /// The same with a joint debtor and a joint guarantor, and insurance whose declaration is good for 180 days.
    Joint,
    /// A new house on the applicant's own land: drawings before the main posting (E.6).
    NewBuild,
    /// A housing loan of another lender is paid off.
    Refinance,
    /// Two loans in one case (C.6).
    Mix,
}

impl Sample {
    /// Every sample.
    pub const ALL: &[Self] = &[Self::Purchase, Self::Joint, Self::NewBuild, Self::Refinance, Self::Mix];

    /// Short name, as in stories.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Joint => "joint",
            Self::NewBuild => "new-build",
            Self::Refinance => "refinance",
            Self::Mix => "mix",
        }
    }

    /// The sample with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sample| sample.name() == name)
    }

    /// The JSON text as a branch would send it.
    pub const fn json(self) -> &'static str {
        match self {
            Self::Purchase => include_str!("sample/purchase.json"),
            Self::Joint => include_str!("sample/joint.json"),
            Self::NewBuild => include_str!("sample/new_build.json"),
            Self::Refinance => include_str!("sample/refinance.json"),
            Self::Mix => include_str!("sample/mix.json"),
        }
    }

    /// The form. Errors: none while the committed texts are sound, which a test watches.
    pub fn form(self) -> Result<Form, Vec<Problem>> {
        Line::parse(self.json()).map(|line| line.form)
    }
}

/// Why the sample rulebook cannot be read. A test watches that it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRulebook {
    Books(Vec<BookProblem>),
    Rates(Vec<Problem>),
}

/// The invented bank of the sample editions. No sample application belongs to it.
pub const INVENTED_BANK: &str = "2999";

/// Dated editions: the sample bank with its booklet's numbers, and two of an invented bank.
const EDITIONS: [Source<'static>; 3] = [
    Source { name: "2963-2024-07.toml", text: include_str!("../products/2963-2024-07.toml") },
    Source { name: "2999-2024-07.toml", text: include_str!("../products/2999-2024-07.toml") },
    Source { name: "2999-2026-04.toml", text: include_str!("../products/2999-2026-04.toml") },
];

/// The base book with the sample parameters of the thirteen banks, the sample editions and the sample rates.
pub fn rulebook() -> Result<Rulebook, NoRulebook> {
    let base = Source { name: "base.toml", text: BASE };
    let parameters = Source { name: "parameters.json", text: PARAMETERS };
    let books = Books::of(base, Some(parameters), &EDITIONS).map_err(NoRulebook::Books)?;
    let rates = PostedRates::parse(RATES).map_err(NoRulebook::Rates)?;
    Ok(Rulebook { books: Arc::new(books), rates: Arc::new(rates) })
}
