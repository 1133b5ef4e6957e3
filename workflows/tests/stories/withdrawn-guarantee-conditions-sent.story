story   The applicant withdraws while the guarantor examines the conditions
after   2-screening

guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED sends GUARANTEE_CANCEL
