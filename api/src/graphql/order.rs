//! The order of the fields in an answer: that of the selection set, as the specification of GraphQL asks.
//!
//! The library puts fields down as they finish, so what was loaded comes after what was at hand. The order is read from the
//! document before it is given away and restored in place: an answer that is right already costs one comparison per field.

use super::schema::MEMBERS;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value};
use serde_json::Map;

/// Fields of one selection set in the order asked, fragments written out, with the order below each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By response key, and by the member of the payload's union that alone has the field.
    fields: IndexMap<(Name, Option<&'static str>), Order>,
}

impl Order {
    /// The order that an operation asks for.
    ///
    /// The document must be free of circles, which the judgement of its cost has seen to.
    pub fn of(
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Map<String, serde_json::Value>,
    ) -> Self {
        let mut order = Order::default();
        Reader { document, operation, variables }.read(&operation.selection_set.node, None, &mut order);
        order
    }

    /// What holds for one member of the union: fields of the other members are left out.
    fn of_member(&self, member: &str) -> Order {
        let mut order = Order::default();
        order.take(self, member);
        order
    }

    fn take(&mut self, from: &Order, member: &str) {
        for ((key, only), below) in &from.fields {
            if only.is_none_or(|only| only == member) {
                self.fields.entry((key.clone(), None)).or_default().take(below, member);
            }
        }
    }

    fn has_members(&self) -> bool {
        self.fields.iter().any(|((_, only), below)| only.is_some() || below.has_members())
    }

    /// Puts the fields of an answer in order. `member` is what the mutation answered; queries have no unions.
    pub fn restore(&self, data: &mut Value, member: Option<&str>) {
        match member.filter(|_| self.has_members()) {
            Some(member) => self.of_member(member).arrange(data),
            None => self.arrange(data),
        }
    }

    fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            Value::Object(map) => {
                let mut next = 0;
                for ((key, _), below) in &self.fields {
                    if map.get_index(next).is_none_or(|(there, _)| there != key) {
                        let Some(there) = map.get_index_of(key).filter(|there| *there > next) else {
                            continue;
                        };
                        map.move_index(there, next);
                    }
                    if let Some((_, value)) = map.get_index_mut(next).filter(|_| !below.fields.is_empty()) {
                        below.arrange(value);
                    }
                    next += 1;
                }
            }
            _ => {}
        }
    }
}

struct Reader<'d> {
    document: &'d ExecutableDocument,
    operation: &'d OperationDefinition,
    variables: &'d Map<String, serde_json::Value>,
}

impl Reader<'_> {
    fn read(&self, set: &SelectionSet, only: Option<&'static str>, order: &mut Order) {
        for item in &set.items {
            if self.is_left_out(item.node.directives()) {
                continue;
            }
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.clone();
                    let below = order.fields.entry((key, only)).or_default();
                    self.read(&field.node.selection_set.node, None, below);
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|on| &on.node.on.node);
                    let only = on.and_then(member_named).or(only);
                    self.read(&inline.node.selection_set.node, only, order);
                }
                Selection::FragmentSpread(spread) => {
                    let Some(found) = self.document.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    let only = member_named(&found.node.type_condition.node.on.node).or(only);
                    self.read(&found.node.selection_set.node, only, order);
                }
            }
        }
    }

    fn is_left_out(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let skips = match directive.node.name.node.as_str() {
                "skip" => true,
                "include" => false,
                _ => return false,
            };
            let given = directive.node.get_argument("if").map(|value| value.node.clone());
            let given = given.and_then(|value| value.into_const_with(|name| self.variable(&name)).ok());
            given == Some(Value::Boolean(skips))
        })
    }

    fn variable(&self, name: &Name) -> Result<Value, ()> {
        if let Some(serde_json::Value::Bool(sent)) = self.variables.get(name.as_str()) {
            return Ok(Value::Boolean(*sent));
        }
        let definitions = &self.operation.variable_definitions;
        let definition = definitions.iter().find(|definition| definition.node.name.node == *name);
        definition
            .and_then(|found| found.node.default_value.as_ref())
            .map(|value| value.node.clone())
            .ok_or(())
    }
}

/// The member of a payload that a type condition names; other types have no rivals where they may stand.
fn member_named(on: &Name) -> Option<&'static str> {
    MEMBERS.into_iter().find(|member| on == member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Restores `data`, a text in the order of a wrong answer.
    fn restored(query: &str, variables: &serde_json::Value, member: Option<&str>, data: &str) -> String {
        let document = async_graphql::parser::parse_query(query).expect("document");
        let order = {
            let (_, operation) = document.operations.iter().next().expect("operation");
            Order::of(&document, &operation.node, variables.as_object().expect("variables"))
        };
        let mut data: Value = serde_json::from_str(data).expect("data");
        order.restore(&mut data, member);
        serde_json::to_string(&data).expect("text")
    }

    #[test]
    fn nested_fields_aliases_and_lists_come_as_asked() {
        let text = restored(
            "{ z: me { role b: subject } list { y x { d c } } a }",
            &json!({}),
            None,
            r#"{"a":1,"list":[{"x":{"c":1,"d":2},"y":3},{"y":4,"x":null},null],"z":{"b":"s","role":"r"}}"#,
        );
        assert_eq!(
            text,
            r#"{"z":{"role":"r","b":"s"},"list":[{"y":3,"x":{"d":2,"c":1}},{"y":4,"x":null},null],"a":1}"#
        );
    }

    #[test]
    fn a_field_met_again_keeps_its_first_place_and_gathers_what_is_below() {
        let text = restored(
            "query { a { z } ...F b { k } } fragment F on Query { c a { y z ...G } } fragment G on A { x }",
            &json!({}),
            None,
            r#"{"b":{"k":1},"c":2,"a":{"x":3,"y":4,"z":5}}"#,
        );
        assert_eq!(text, r#"{"a":{"z":5,"y":4,"x":3},"c":2,"b":{"k":1}}"#);
    }

    #[test]
    fn fragments_of_other_members_do_not_count() {
        let query =
            "mutation { go { ... on Done { version rows } ... on Blocked { rows code } code version } }";
        let data = r#"{"go":{"code":1,"rows":2,"version":3}}"#;
        let of = |member| restored(query, &json!({}), Some(member), data);
        assert_eq!(of("Done"), r#"{"go":{"version":3,"rows":2,"code":1}}"#);
        assert_eq!(of("Blocked"), r#"{"go":{"rows":2,"code":1,"version":3}}"#);
    }

    #[test]
    fn what_is_skipped_has_no_place() {
        let query = "query($no: Boolean = true, $yes: Boolean!) { a @skip(if: $no) c @include(if: $yes) b a \
             ... @include(if: false) { d } e d }";
        let text = restored(query, &json!({ "yes": true }), None, r#"{"a":1,"b":2,"c":3,"d":4,"e":5}"#);
        assert_eq!(text, r#"{"c":3,"b":2,"a":1,"e":5,"d":4}"#);
        let text =
            restored(query, &json!({ "no": false, "yes": false }), None, r#"{"b":2,"a":1,"d":4,"e":5}"#);
        assert_eq!(text, r#"{"a":1,"b":2,"e":5,"d":4}"#);
    }

    #[test]
    fn a_scalar_that_is_an_object_stays_as_it_is() {
        let text = restored("{ b a }", &json!({}), None, r#"{"a":{"y":1,"x":2},"b":[{"d":1,"c":2}]}"#);
        assert_eq!(text, r#"{"b":[{"d":1,"c":2}],"a":{"y":1,"x":2}}"#);
    }
}
