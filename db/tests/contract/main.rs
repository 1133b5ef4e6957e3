//! One suite for both engines: what the store promises, whichever database keeps it.

mod stories;
mod submit;
