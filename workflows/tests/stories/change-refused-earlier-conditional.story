story   The change of a conditional approval is refused, the conditional approval stands
after   approve-with-conditions

applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V1 SUSPENDED
screening+manager upholdApproval                      -> CONDITIONALLY_APPROVED GUAR:V1 CONDITIONAL tells N08a
