//! What resolvers give: plain trees that the model's fields read, without a type of the library in between.

use super::application::Node;
use super::model::bare;
use crate::graphql::catalogue::MODEL;
use async_graphql::Value as Gql;
use async_graphql::dynamic::FieldValue;
use serde_json::Value;
use std::collections::BTreeMap;

/// Parts of an object by field name.
pub type Parts = BTreeMap<&'static str, Shape>;

/// A tree of JSON and applications.
#[derive(Clone, Debug)]
pub enum Shape {
    Null,
    Json(Value),
    Node(Node),
    List(Vec<Shape>),
    Object(Parts),
    /// A member of a union, by its type's name.
    Member(&'static str, Parts),
}

impl Shape {
    /// The value of a field of this type, owned.
    pub fn into_field(self, ty: &str) -> Option<FieldValue<'static>> {
        match self {
            Shape::Null => None,
            Shape::Json(value) => owned(value, ty),
            Shape::Node(node) => Some(FieldValue::owned_any(node)),
            Shape::List(items) => {
                let items = items.into_iter().map(|item| item.into_field(ty).unwrap_or(FieldValue::NULL));
                Some(FieldValue::list(items.collect::<Vec<_>>()))
            }
            Shape::Object(parts) => Some(FieldValue::owned_any(parts)),
            Shape::Member(name, parts) => Some(FieldValue::owned_any(parts).with_type(name)),
        }
    }

    /// The same, borrowed.
    pub fn as_field<'a>(&'a self, ty: &str) -> Option<FieldValue<'a>> {
        match self {
            Shape::Null => None,
            Shape::Json(value) => borrowed(value, ty),
            Shape::Node(node) => Some(FieldValue::borrowed_any(node)),
            Shape::List(items) => {
                let items = items.iter().map(|item| item.as_field(ty).unwrap_or(FieldValue::NULL));
                Some(FieldValue::list(items.collect::<Vec<_>>()))
            }
            Shape::Object(parts) => Some(FieldValue::borrowed_any(parts)),
            Shape::Member(name, parts) => Some(FieldValue::borrowed_any(parts).with_type(*name)),
        }
    }
}

fn is_object(ty: &str) -> bool {
    MODEL.objects.contains_key(bare(ty))
}

/// A JSON value as the value of a field of this type.
pub fn owned(value: Value, ty: &str) -> Option<FieldValue<'static>> {
    match value {
        Value::Null => None,
        value if !is_object(ty) => Some(FieldValue::value(Gql::from_json(value).unwrap_or_default())),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| owned(item, ty).unwrap_or(FieldValue::NULL));
            Some(FieldValue::list(items.collect::<Vec<_>>()))
        }
        value => Some(FieldValue::owned_any(value)),
    }
}

/// The same, borrowed from its parent.
pub fn borrowed<'a>(value: &'a Value, ty: &str) -> Option<FieldValue<'a>> {
    match value {
        Value::Null => None,
        value if !is_object(ty) => Some(FieldValue::value(Gql::from_json(value.clone()).unwrap_or_default())),
        Value::Array(items) => {
            let items = items.iter().map(|item| borrowed(item, ty).unwrap_or(FieldValue::NULL));
            Some(FieldValue::list(items.collect::<Vec<_>>()))
        }
        value => Some(FieldValue::borrowed_any(value)),
    }
}
