//! The guarantee of the designated institution (chapter F).

pub mod decision;
pub mod refund;
pub mod request;
