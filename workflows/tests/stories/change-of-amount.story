story   Less money: the insured sum changes, so the declaration is made anew
after   4-approved

applicant        requestChange form.requested_amount_yen=28000000 form.loans.0.amount_yen=28000000 -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> RE_SCREENING INS:A1:L1 DECLARED GUAR:V2 REQUESTED
