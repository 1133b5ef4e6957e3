story   The insurer withdraws after the approval: the applicant asks for less and is screened again
after   4-approved

insurer          rejectInsurance                      -> APPROVED INS:A1:L1 REJECTED
clock                                                 -> CHANGE_REQUESTED
applicant        amendApplication form.requested_amount_yen=20000000 form.loans.0.amount_yen=20000000 -> noted
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V2 REQUESTED
