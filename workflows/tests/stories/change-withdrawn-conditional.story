story   A change of a conditional approval is taken back
after   approve-with-conditions

applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
applicant        withdrawChange                       -> CONDITIONALLY_APPROVED GUAR CONDITIONAL tells N31
