story   The guarantee is paid in one sum: the answer names it (F-06), and for drawings the monthly rate as well (F-03)
form    new-build loans.0.guarantee_fee_method=LUMP_SUM
after   1-submitted

clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED
guarantor        approveGuarantee decision.loans.0.lump_sum_fee_yen=none -> refused N-DECISION-COVERS F-06
guarantor        approveGuarantee                     -> refused N-DECISION-COVERS F-03
guarantor        approveGuarantee decision.loans.0.monthly_rate_percent=0.200 -> GUAR APPROVED
