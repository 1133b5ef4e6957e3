//! The registration desk: who files, and the registration licence tax (H-14, H-41 to H-43).

mod tax;

pub use tax::{RegistrationTax, ReliefCondition, registration_tax, tax_at};

use crate::form::{Form, RegistrationAgent};
use crate::rule::{Finding, cause};

/// H-14: only a judicial scrivener files the registration.
pub(crate) fn agent(form: &Form, findings: &mut Vec<Finding>) {
    if form.registration.agent != RegistrationAgent::JudicialScrivener {
        findings.push(cause::H14.on("registration"));
    }
}
