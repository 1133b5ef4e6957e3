story   The evidence of the conditions does not convince the guarantor
after   2-screening

guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
guarantor        declineGuarantee                     -> GUAR DECLINED
