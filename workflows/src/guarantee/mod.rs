//! The guarantee of the designated institution (chapter F).

pub mod refund;
