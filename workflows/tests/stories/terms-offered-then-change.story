story   A change of an offer with other terms is taken back: the offer stands
after   3-decided

screening+manager approveWithConditions before-contract=TERMS_CHANGED -> CONDITIONALLY_APPROVED
applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
applicant        withdrawChange                       -> CONDITIONALLY_APPROVED tells N31
