story   The applicant withdraws with a guarantee decision (conditional)
after   2-screening

guarantor        conditionGuarantee                     -> GUAR CONDITIONAL
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED sends GUARANTEE_CANCEL
