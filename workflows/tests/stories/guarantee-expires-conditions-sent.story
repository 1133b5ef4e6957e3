story   The guarantor lets the conditions lie until the decision runs out
after   2-screening

guarantor        conditionGuarantee decision.valid_until=2026-06-01 -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
clock 2026-06-02                                      -> GUAR EXPIRED
