//! What a document costs, judged on the parsed document before the library sees it.
//!
//! Each fragment is costed once and remembered, so the judgement is linear in the document however its fragments multiply.

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as Const};
use serde_json::{Map, Value};
use std::collections::HashMap;
use workflows::machine::Verb;

/// Limits of a document.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Most {
    /// Fields, aliases and `__typename` included, lists times their `first`.
    pub cost: u64,
    pub depth: u32,
    pub directives: usize,
    pub fragments: usize,
    pub operations: usize,
    /// Selections after every spread is written out: what the library walks.
    pub expanded: u64,
    /// Entries that a list may be asked for.
    pub first: i64,
}

impl Default for Most {
    fn default() -> Self {
        Most {
            // The largest operation of the outside clients and half of it: a test compares.
            cost: 526,
            depth: 12,
            directives: 20,
            fragments: 40,
            operations: 5,
            expanded: 4_000,
            first: 100,
        }
    }
}

/// What was found.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    pub cost: u64,
    pub depth: u32,
    pub expanded: u64,
    /// Selections that the judgement looked at; at most the selections of the document.
    pub visited: u64,
    /// Fields at the root of the chosen operation.
    pub roots: u64,
}

/// Why a document is not executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Passes a limit.
    TooComplex(&'static str),
    /// Cannot be valid in any schema of ours.
    Invalid(String),
    /// A list without `first`, or with one beyond the limit.
    Input(&'static str),
}

/// Fields at the root that are pages.
const PAGES: &[&str] = &[
    "applications",
    "tasks",
    "inbox",
    "timeline",
    "simulateRepayment",
    "rateLines",
    "auditLines",
    "officeJobs",
    "incidents",
    "deliveries",
    "requestsOfDay",
    "answersGiven",
    "dayEnds",
    "intakeDrafts",
    "issuedNotices",
];

/// Fields that compute more than they carry: schedules, taxes, a file, figures over many cases.
const HEAVY: &[(&str, u64)] = &[
    ("registrationApplication", 40),
    ("transferFile", 40),
    ("stageFigures", 40),
    ("workload", 20),
    ("intakeFigures", 40),
    ("bookEditions", 40),
    ("businessDay", 40),
    ("noticePreview", 20),
    ("noticeSheets", 100),
];

/// Judges a document for one operation and the variables sent with it.
pub fn judge(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
    most: &Most,
    introspection: bool,
) -> Result<Cost, Refused> {
    if document.fragments.len() > most.fragments {
        return Err(Refused::TooComplex("too many fragments"));
    }
    if document.operations.iter().count() > most.operations {
        return Err(Refused::TooComplex("too many operations"));
    }
    let mut walk = Walk {
        document,
        operation,
        variables,
        most,
        introspection,
        known: HashMap::new(),
        visited: 0,
        directives: 0,
    };
    walk.count_directives(&operation.directives)?;
    let mut whole = Part::default();
    for (_, each) in document.operations.iter() {
        let part = walk.set(&each.node.selection_set.node)?;
        if std::ptr::eq(&raw const each.node, operation) {
            whole = part;
        } else {
            walk.within(&part)?;
        }
    }
    // Fragments that nothing spreads are still validated by the library.
    for name in document.fragments.keys() {
        walk.fragment(name)?;
    }
    let visited = walk.visited;
    walk.within(&whole)?;
    let Part { cost, depth, expanded, .. } = whole;
    Ok(Cost { cost, depth, expanded, visited, roots: whole.roots })
}

/// The operation that a request names. Errors: none has that name, or a name is needed.
pub fn choose<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d Positioned<OperationDefinition>, Refused> {
    let mut all = document.operations.iter();
    match name {
        Some(name) => all
            .find(|(known, _)| known.is_some_and(|known| known.as_str() == name))
            .map(|(_, operation)| operation)
            .ok_or_else(|| Refused::Invalid("No operation has this name.".to_owned())),
        None => match (all.next(), all.next()) {
            (Some((_, only)), None) => Ok(only),
            _ => Err(Refused::Invalid("Name the operation to execute.".to_owned())),
        },
    }
}

#[derive(Copy, Clone, Debug, Default)]
struct Part {
    cost: u64,
    depth: u32,
    expanded: u64,
    roots: u64,
}

impl Part {
    fn beside(self, other: Part) -> Part {
        Part {
            cost: self.cost.saturating_add(other.cost),
            depth: self.depth.max(other.depth),
            expanded: self.expanded.saturating_add(other.expanded),
            roots: self.roots.saturating_add(other.roots),
        }
    }
}

enum Known {
    /// Being costed: meeting it again is a circle.
    Open,
    Done(Part),
}

struct Walk<'d> {
    document: &'d ExecutableDocument,
    operation: &'d OperationDefinition,
    variables: &'d Map<String, Value>,
    most: &'d Most,
    introspection: bool,
    known: HashMap<&'d str, Known>,
    visited: u64,
    directives: usize,
}

impl<'d> Walk<'d> {
    fn within(&self, part: &Part) -> Result<(), Refused> {
        if part.depth > self.most.depth {
            return Err(Refused::TooComplex("nested too deeply"));
        }
        if part.cost > self.most.cost || part.expanded > self.most.expanded {
            return Err(Refused::TooComplex("asks for too much"));
        }
        Ok(())
    }

    fn count_directives(&mut self, found: &[Positioned<Directive>]) -> Result<(), Refused> {
        self.directives += found.len();
        if self.directives > self.most.directives {
            return Err(Refused::TooComplex("too many directives"));
        }
        Ok(())
    }

    fn set(&mut self, set: &'d SelectionSet) -> Result<Part, Refused> {
        let mut whole = Part::default();
        for item in &set.items {
            self.visited += 1;
            self.count_directives(item.node.directives())?;
            let part = match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(inline) => {
                    let inner = self.set(&inline.node.selection_set.node)?;
                    Part { expanded: inner.expanded.saturating_add(1), ..inner }
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(&spread.node.fragment_name.node)?;
                    Part { expanded: inner.expanded.saturating_add(1), ..inner }
                }
            };
            whole = whole.beside(part);
        }
        Ok(whole)
    }

    fn fragment(&mut self, name: &Name) -> Result<Part, Refused> {
        let Some((name, found)) = self.document.fragments.get_key_value(name) else {
            return Err(Refused::Invalid("A fragment is used and not defined.".to_owned()));
        };
        match self.known.get(name.as_str()) {
            Some(Known::Done(part)) => return Ok(*part),
            Some(Known::Open) => return Err(Refused::Invalid("A fragment contains itself.".to_owned())),
            None => {}
        }
        self.known.insert(name.as_str(), Known::Open);
        self.count_directives(&found.node.directives)?;
        let part = self.set(&found.node.selection_set.node)?;
        self.known.insert(name.as_str(), Known::Done(part));
        Ok(part)
    }

    fn field(&mut self, field: &'d Field) -> Result<Part, Refused> {
        let name = field.name.node.as_str();
        let hidden = matches!(name, "__schema" | "__type");
        if hidden && !self.introspection {
            return Err(Refused::Invalid("Introspection is switched off.".to_owned()));
        }
        let inner = self.set(&field.selection_set.node)?;
        let times = self.times(field)?.saturating_mul(self.scenarios(field));
        // The shape of the schema costs its selections once; its depth is that of the standard question.
        let depth = if hidden { 1 } else { inner.depth.saturating_add(1) };
        let expanded = inner.expanded.saturating_add(1);
        let own = HEAVY.iter().find(|(heavy, _)| *heavy == name).map_or(1, |(_, cost)| *cost);
        Ok(Part { cost: inner.cost.saturating_mul(times).saturating_add(own), depth, expanded, roots: 1 })
    }

    /// Entries that a list field is asked for; 1 for every other field.
    fn times(&self, field: &Field) -> Result<u64, Refused> {
        let page = PAGES.contains(&field.name.node.as_str());
        let Some(asked) = field.get_argument("first") else {
            return if page { Err(Refused::Input("Give first, at most 100.")) } else { Ok(1) };
        };
        let asked = asked.node.clone().into_const_with(|name| self.variable(&name).ok_or(()));
        let first = match asked {
            Ok(Const::Number(number)) => number.as_i64(),
            _ => None,
        };
        match first {
            Some(first) if page && !(1..=self.most.first).contains(&first) => {
                Err(Refused::Input("first is 1 to 100."))
            }
            Some(first) => Ok(u64::try_from(first).unwrap_or(1).max(1)),
            None => Ok(u64::try_from(self.most.first).unwrap_or(u64::MAX)),
        }
    }

    /// Scenarios that a simulation computes; 1 for every other field.
    fn scenarios(&self, field: &Field) -> u64 {
        let sent = |name: Name| self.variables.get(name.as_str()).cloned();
        let read = |name: Name| sent(name).and_then(|value| Const::from_json(value).ok()).ok_or(());
        let given = field.get_argument("scenarios").map(|given| given.node.clone().into_const_with(read));
        let count = if let Some(Ok(Const::List(items))) = given { items.len() } else { 1 };
        u64::try_from(count).unwrap_or(u64::MAX).max(1)
    }

    fn variable(&self, name: &Name) -> Option<Const> {
        if let Some(sent) = self.variables.get(name.as_str()) {
            return sent.as_i64().map(|number| Const::Number(number.into()));
        }
        let definitions = &self.operation.variable_definitions;
        let definition = definitions.iter().find(|definition| definition.node.name.node == *name)?;
        definition.node.default_value.as_ref().map(|value| value.node.clone())
    }
}

/// Does the operation consist of one field that is a verb of the table? The judgement has found no circle by then.
pub fn is_command(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    fn verb(document: &ExecutableDocument, set: &SelectionSet) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::Field(field) => Verb::parse(&field.node.name.node).is_some(),
            Selection::InlineFragment(inline) => verb(document, &inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let found = document.fragments.get(&spread.node.fragment_name.node);
                found.is_some_and(|fragment| verb(document, &fragment.node.selection_set.node))
            }
        })
    }
    operation.ty == OperationType::Mutation && verb(document, &operation.selection_set.node)
}
