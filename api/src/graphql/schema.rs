//! The schemas: one per role, and the union of all for documents.

use super::execute::Call;
use async_graphql::Value;
use async_graphql::dynamic::{Field, FieldFuture, FieldValue, Object, Schema, SchemaError, TypeRef};
use std::collections::HashMap;
use workflows::machine::Role;

/// The schemas of all roles that can sign in.
#[derive(Clone, Debug)]
pub struct Schemas {
    by_role: HashMap<Role, Schema>,
}

impl Schemas {
    /// Builds them all. Errors: a type that names another which does not exist.
    pub fn build(introspection: bool) -> Result<Self, SchemaError> {
        let roles = Role::ALL.iter().copied().filter(|role| !role.is_internal());
        let by_role = roles
            .map(|role| Ok((role, build(&[role], introspection)?)))
            .collect::<Result<_, SchemaError>>()?;
        Ok(Schemas { by_role })
    }

    /// The schema of a role; internal roles have none.
    pub fn of(&self, role: Role) -> Option<&Schema> {
        self.by_role.get(&role)
    }
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
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| !role.is_internal()).collect();
    Ok(build(&roles, true)?.sdl())
}

fn build(_roles: &[Role], introspection: bool) -> Result<Schema, SchemaError> {
    let me = Field::new("me", TypeRef::named_nn("String"), |ctx| {
        FieldFuture::new(async move {
            let call = ctx.data::<Call>()?;
            Ok(Some(FieldValue::value(Value::from(call.actor.subject.clone()))))
        })
    });
    let builder =
        Schema::build("Query", None, None).register(Object::new("Query").field(me)).disable_suggestions();
    let builder = if introspection { builder } else { builder.disable_introspection() };
    builder.finish()
}
