//! The pure rules from outside: reading forms and books, the sample applications, the vectors of the specification.

mod books;
mod collateral;
mod common;
mod corners;
mod disbursement;
mod editions;
mod explained;
mod form;
mod guarantee;
mod impact;
mod metamorphic;
mod parse_fuzz;
mod planning;
mod posting;
mod registration;
mod repayment_properties;
mod samples;
mod servicing;
mod servicing_refusals;
mod staged;
mod vectors;
mod zengin;
