//! The schemas: one per role, and the union of all for documents.
//!
//! A role's schema holds the queries, fields and mutations that the role may use and nothing else: what is not there cannot
//! be asked for, introspected or guessed.

use super::application::{From_, Node, SHOWN, Shown};
use super::catalogue::MODEL;
use super::execute::Call;
use super::looked;
use super::model::{Field as Shape_, Input, SCALARS, bare, type_ref};
use super::names::pascal;
use super::reads::context;
use super::roots::{self, Root};
use super::shape::{Parts, borrowed, owned};
use super::{mutation, subscription, wall};
use async_graphql::dynamic::{
    Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Object, Scalar, Schema, SchemaBuilder,
    SchemaError, TypeRef, Union,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use workflows::machine::emergency::reaches_out;
use workflows::machine::{Role, Verb};

/// What the payload of a verb can be.
pub const MEMBERS: [&str; 4] = ["Done", "Blocked", "Conflict", "Invalid"];

/// The schemas of all roles that can sign in.
#[derive(Clone, Debug)]
pub struct Schemas {
    by_role: HashMap<Role, Schema>,
}

impl Schemas {
    /// Builds them all. Errors: a type that names another which does not exist.
    pub fn build(introspection: bool) -> Result<Self, SchemaError> {
        let by_role = signing_in()
            .into_iter()
            .map(|role| Ok((role, build(&[role], introspection)?)))
            .collect::<Result<_, SchemaError>>()?;
        Ok(Schemas { by_role })
    }

    /// The schema of a role; internal roles have none.
    pub fn of(&self, role: Role) -> Option<&Schema> {
        self.by_role.get(&role)
    }
}

/// Roles that a token can carry.
fn signing_in() -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| !role.is_internal()).collect()
}

/// The schema of a role. Errors: a type that names another which does not exist.
pub fn schema_for(role: Role) -> Result<Schema, SchemaError> {
    build(&[role], true)
}

/// The schema of a role as text.
pub fn sdl(role: Role) -> Result<String, SchemaError> {
    Ok(schema_for(role)?.sdl())
}

/// The union of the schemas of all roles as text: `schema.graphql`.
pub fn union_sdl() -> Result<String, SchemaError> {
    Ok(build(&signing_in(), true)?.sdl())
}

/// Fields of objects that any of the roles may see; objects without a field are not there.
fn visible(roles: &[Role]) -> BTreeMap<&'static str, Vec<&'static Shape_>> {
    let mut seen: BTreeMap<&'static str, Vec<&'static Shape_>> = MODEL
        .objects
        .iter()
        .map(|(name, (_, fields))| {
            (name.as_str(), fields.iter().filter(|field| field.wall.admits(roles)).collect())
        })
        .collect();
    loop {
        let empty: BTreeSet<&str> =
            seen.iter().filter(|(_, fields)| fields.is_empty()).map(|(name, _)| *name).collect();
        if empty.is_empty() {
            return seen;
        }
        seen.retain(|name, _| !empty.contains(name));
        for fields in seen.values_mut() {
            fields.retain(|field| !empty.contains(bare(&field.ty)));
        }
    }
}

fn build(roles: &[Role], introspection: bool) -> Result<Schema, SchemaError> {
    let seen = visible(roles);
    let mut needed = Needed { roles, seen: &seen, names: BTreeSet::new() };
    let (queries, mutations) = (roots::queries(roles), roots::mutations(roles));
    // What opens a case in emergency has fields of its own, which show nothing of the case.
    let verbs: Vec<Verb> = mutation::verbs_of(roles).into_iter().filter(|verb| !reaches_out(*verb)).collect();
    let mut query = Object::new("Query");
    for root in queries {
        needed.root(root);
        query = query.field(root.field());
    }
    let mut change = Object::new("Mutation");
    let mut unions = vec![];
    for root in &mutations {
        needed.root(root);
        change = change.field(root.field());
    }
    for verb in &verbs {
        let inputs = mutation::arguments(*verb);
        inputs.iter().for_each(|input| needed.take(&input.ty));
        let payload = format!("{}Payload", pascal(verb.code()));
        change = change.field(mutation::field(*verb, &payload, inputs));
        unions.push(MEMBERS.iter().fold(Union::new(payload), |union, member| {
            needed.take(member);
            union.possible_type(*member)
        }));
    }
    let subscribes = subscription::WALL.admits(roles);
    if subscribes {
        needed.take("Changed");
    }
    let changes = !verbs.is_empty() || !mutations.is_empty();
    let mut builder =
        Schema::build("Query", changes.then_some("Mutation"), subscribes.then_some("Subscription"))
            .register(query);
    if changes {
        builder = builder.register(change);
    }
    if subscribes {
        builder = builder.register(subscription::object());
    }
    builder = unions.into_iter().fold(builder, SchemaBuilder::register);
    let builder = needed.register(builder).disable_suggestions();
    let builder = if introspection { builder } else { builder.disable_introspection() };
    builder.finish()
}

/// The types that the roots reach.
struct Needed<'s> {
    roles: &'s [Role],
    seen: &'s BTreeMap<&'static str, Vec<&'static Shape_>>,
    names: BTreeSet<String>,
}

impl Needed<'_> {
    fn root(&mut self, root: &Root) {
        self.take(root.ty);
        root.arguments.iter().for_each(|(_, ty, _)| self.take(ty));
    }

    fn take(&mut self, ty: &str) {
        let name = bare(ty);
        if !self.names.insert(name.to_owned()) {
            return;
        }
        if let Some(fields) = self.seen.get(name) {
            fields.iter().for_each(|field| self.take(&field.ty));
        }
        if let Some((_, fields)) = MODEL.inputs.get(name) {
            fields.iter().for_each(|field| self.take(&field.ty));
        }
    }

    fn register(&self, mut builder: SchemaBuilder) -> SchemaBuilder {
        for name in &self.names {
            if let Some((name, fields)) = self.seen.get_key_value(name.as_str()) {
                builder = builder.register(object(name, fields));
            } else if let Some((doc, fields)) = MODEL.inputs.get(name) {
                builder = builder.register(input_object(name, doc, fields));
            } else if let Some(choices) = MODEL.enums.get(name) {
                let known = |code: &str| name != "Verb" || knows_verb(self.roles, code);
                let items = choices.iter().filter(|choice| known(&choice.code)).map(|choice| {
                    let item = EnumItem::new(&choice.code);
                    let words = [choice.ja.as_str(), choice.en.as_str()];
                    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
                    if words.is_empty() { item } else { item.description(words.join(" / ")) }
                });
                builder = builder.register(items.fold(Enum::new(name), Enum::item));
            } else if let Some((name, doc)) = SCALARS.iter().find(|(scalar, _)| scalar == name) {
                builder = builder.register(Scalar::new(*name).description(*doc));
            }
        }
        builder
    }
}

fn object(name: &'static str, fields: &[&'static Shape_]) -> Object {
    let doc = MODEL.objects.get(name).map(|(doc, _)| doc.as_str()).unwrap_or_default();
    let object = Object::new(name).description(doc);
    fields.iter().fold(object, |object, field| {
        let shown = SHOWN.iter().find(|shown| name == "Application" && shown.name == field.name);
        let made = match shown {
            Some(shown) => application_field(shown),
            None => plain_field(field),
        };
        object.field(if field.doc.is_empty() { made } else { made.description(&field.doc) })
    })
}

/// A field that stands in its parent.
fn plain_field(field: &'static Shape_) -> Field {
    Field::new(&field.name, type_ref(&field.ty), move |ctx| {
        let value = if let Some(json) = ctx.parent_value.downcast_ref::<Value>() {
            json.get(&field.key).and_then(|value| borrowed(value, &field.ty))
        } else if let Some(parts) = ctx.parent_value.downcast_ref::<Parts>() {
            parts.get(field.name.as_str()).and_then(|shape| shape.as_field(&field.ty))
        } else {
            None
        };
        FieldFuture::Value(value)
    })
}

/// A field of an application: from its line, or from the whole case, which is loaded when first asked for.
fn application_field(shown: &'static Shown) -> Field {
    Field::new(shown.name, type_ref(shown.ty), move |ctx| {
        let Some(node) = ctx.parent_value.downcast_ref::<Node>() else { return FieldFuture::Value(None) };
        if let (Some(kind), Ok(call)) = (looked::kind_of(shown.name), ctx.data::<Call>()) {
            call.looked().at(&node.head.institution, &node.head.id, kind);
        }
        if let From_::Head(from) = shown.from {
            return FieldFuture::Value(owned(from(&node.head), shown.ty));
        }
        FieldFuture::new(async move {
            let call = ctx.data::<Call>()?;
            match call.case_of(node).await {
                Ok(case) => {
                    let value = match shown.from {
                        From_::Head(from) => from(&node.head),
                        From_::Case(from) => from(&case, call.actor.role),
                        From_::Judged(from) => from(&case, &context(call, &call.actor)),
                        From_::Offered(from) => from(&case, call),
                    };
                    Ok(owned(value, shown.ty))
                }
                Err(fault) => Ok(fault.report(&ctx)),
            }
        })
    })
}

fn input_object(name: &str, doc: &str, fields: &[Input]) -> InputObject {
    let object = InputObject::new(name);
    let object = if doc.is_empty() { object } else { object.description(doc) };
    fields.iter().fold(object, |object, field| object.field(input_value(&field.name, &field.ty, &field.doc)))
}

/// An argument or a field of an input.
pub fn input_value(name: &str, ty: &str, doc: &str) -> InputValue {
    let value = InputValue::new(name, type_ref(ty));
    if doc.is_empty() { value } else { value.description(doc) }
}

/// Does the enum of verbs list this one for these roles?
pub fn knows_verb(roles: &[Role], code: &str) -> bool {
    wall::knows_all_verbs(roles) || Verb::parse(code).is_some_and(|verb| mutation::calls(roles, verb))
}

/// A reference to a named type that may be null.
pub fn nullable(name: &str) -> TypeRef {
    TypeRef::named(name.to_owned())
}
