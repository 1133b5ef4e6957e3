story   The bank offers other terms; the applicant accepts them
after   3-decided

screening+manager approveLoan before-contract=TERMS_CHANGED -> refused N-LATER-CONDITIONS
screening+manager approveWithConditions before-contract=TERMS_CHANGED -> CONDITIONALLY_APPROVED
applicant        acceptTerms code=TERMS_CHANGED       -> noted tells W01
manager          confirmConditionsMet                 -> APPROVED
