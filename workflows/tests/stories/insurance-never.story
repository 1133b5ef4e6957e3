story   The applicant withdraws before declaring anything
form    purchase insurance.0.declared_on=none
book    allows D.1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED INS:A1:L1 NOT_APPLIED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED GUAR CANCELLED
