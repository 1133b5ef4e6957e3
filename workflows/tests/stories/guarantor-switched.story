story   A clerk takes the case to the bank's other guarantee institution, and back
after   2-screening

manager          switchGuarantor                      -> refused FORBIDDEN
clerk            switchGuarantor guarantor=GUARANTOR-1       -> refused N-OTHER-GUARANTOR F-01
clerk            switchGuarantor guarantor=NOBODY            -> refused N-OTHER-GUARANTOR F-01
clerk            switchGuarantor reason=" "           -> refused BAD_USER_INPUT F-01
registers office SUSPENDED GUARANTOR-3
clerk            switchGuarantor                      -> refused N-CONTRACTOR-FIT L-94
# The bank's book lists it; the register of contractors need not.
registers office UNKNOWN
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-1 tells W01 waits ASK_GUARANTEE
registers none
guarantor        approveGuarantee                     -> refused FORBIDDEN
guarantor:GUARANTOR-2 approveGuarantee                -> refused ILLEGAL_TRANSITION
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2 waits DECIDE_GUARANTEE
guarantor        declineGuarantee                     -> refused FORBIDDEN
guarantor:GUARANTOR-2 conditionGuarantee              -> GUAR CONDITIONAL
clerk            switchGuarantor guarantor=GUARANTOR-1       -> GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-2
# Nobody was asked in between: there is nothing to withdraw.
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED waits ASK_GUARANTEE
clerk            switchGuarantor guarantor=GUARANTOR-1       -> GUAR NOT_REQUESTED
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-1
guarantor:GUARANTOR-2 approveGuarantee                -> refused FORBIDDEN
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-1
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED
