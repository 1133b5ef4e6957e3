story   The declaration comes after the application; before it nothing was asked
form    purchase insurance.0.declared_on=none
book    allows D.1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED INS:A1:L1 NOT_APPLIED waits DECLARE_HEALTH
applicant        declareInsurance declared_on=2026-12-01 -> refused N-DECLARED-IN-TIME
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
