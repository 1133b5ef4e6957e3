story   The guarantor's answer says everything that F-03 names, priced by the method of the loan
form    purchase
after   1-submitted

clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED
guarantor        approveGuarantee decision.guarantee_number=" " -> refused N-DECISION-COVERS F-03
guarantor        approveGuarantee decision.valid_until=2026-04-05 -> refused N-DECISION-COVERS F-03
guarantor        approveGuarantee decision.loans.0.loan_no=2 -> refused N-DECISION-COVERS F-03
guarantor        approveGuarantee decision.loans.0.monthly_rate_percent=none -> refused N-DECISION-COVERS F-05
guarantor        approveGuarantee decision.loans.0.lump_sum_fee_yen=300000 -> refused N-DECISION-COVERS F-05
guarantor        conditionGuarantee conditions=[]     -> refused N-DECISION-COVERS F-03
guarantor        approveGuarantee decision.valid_until=2026-04-06 -> GUAR APPROVED
