story   A change is screened again; the earlier guarantee is suspended
after   4-approved

applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V1 SUSPENDED GUAR:V2 REQUESTED sends GUARANTEE_REQUEST
