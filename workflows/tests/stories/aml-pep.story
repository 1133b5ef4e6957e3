story   A foreign PEP is never cleared by the search alone
form    purchase parties.0.foreign_pep=true

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED
system           clearAml                             -> refused N-NOT-PEP
clock                                                 -> AML:A1 REVIEW
compliance       acceptAml                            -> AML:A1 CLEAR
