story   The match is confirmed: a ground R6, the bank declines and tells nothing of it
form    purchase

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED
outside review A1
clock                                                 -> AML:A1 REVIEW
compliance       blockAml                             -> AML:A1 BLOCKED tells W04
screening+manager declineLoan ground=REFUSAL_REASON   -> DECLINED tells N04
