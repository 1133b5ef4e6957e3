story   A change while the guarantor examines the conditions
after   approve-with-conditions

manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V1 SUSPENDED
