story   The conditions before the contract are met one after the other
after   approve-with-conditions

manager          confirmConditionsMet                 -> refused N-NO-OPEN-CONDITION G-GUAR-APPROVED G-INS-DECIDED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
clerk            evidenceCondition                    -> noted
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
guarantor        approveGuarantee                     -> GUAR APPROVED
manager          confirmConditionsMet                 -> APPROVED tells N06
