story   The guarantor's answer must cover what was asked
after   1-submitted
form    purchase

guarantor        approveGuarantee                     -> refused ILLEGAL_TRANSITION
clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED
guarantor        approveGuarantee decision.amount_yen=1000000 -> refused N-DECISION-COVERS
guarantor        approveGuarantee decision.term_months=12 -> refused N-DECISION-COVERS
guarantor        approveGuarantee decision.loans=[]   -> refused N-DECISION-COVERS
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL waits ANSWER_CONDITIONS
clerk            requestGuarantee                     -> refused N-NEW-EVIDENCE
clerk            requestGuarantee new_evidence=payslips -> GUAR REQUESTED
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT sends GUARANTEE_EVIDENCE
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
guarantor        approveGuarantee                     -> GUAR APPROVED
guarantor        revokeGuarantee                      -> GUAR REVOKED tells W04
clerk            requestGuarantee new_evidence=payslips -> GUAR REQUESTED
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
guarantor        revokeGuarantee                      -> GUAR REVOKED
screening+manager declineLoan ground=GUARANTOR_DECLINED -> DECLINED
