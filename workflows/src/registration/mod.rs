//! The registration desk: who files, and the registration licence tax (H-14, H-41 to H-44), what the application says
//! (H-30 to H-36), and the filings in their order.

mod application;
mod facts;
mod filings;
mod tax;
mod wording;

pub use application::{Heading, RegistrationApplication, mortgage_application, mortgaged};
pub use facts::{
    Agent, Attachment, CorporateNumber, Damages, DayCount, FilingFacts, Mortgagee, PropertyNumber, ThirdParty,
};
pub use filings::{FilingKind, LinkedFiling, RegisterEntry, RegisteredAddress, Title, When, linked_filings};
pub use tax::{RegistrationTax, ReliefCondition, additional_tax, cancellation_tax, registration_tax, tax_at};
pub use wording::{era_date, sum};

pub(crate) use application::holds_whole;

use crate::form::{Form, RegistrationAgent};
use crate::rule::{Finding, cause};

/// H-14: only a judicial scrivener files the registration.
pub(crate) fn agent(form: &Form, findings: &mut Vec<Finding>) {
    if form.registration.agent != RegistrationAgent::JudicialScrivener {
        findings.push(cause::H14.on("registration"));
    }
}
