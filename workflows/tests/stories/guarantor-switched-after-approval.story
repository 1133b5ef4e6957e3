story   The approved loan's guarantee ends: another institution takes its place before the contract
after   4-approved

guarantor        revokeGuarantee                      -> GUAR REVOKED tells W04
clock                                                 -> CHANGE_REQUESTED
manager          withdrawChange                       -> refused N-CHANGE-WITHDRAWABLE
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED waits ASK_GUARANTEE
manager          withdrawChange                       -> refused N-EARLIER-STANDS
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2
guarantor:GUARANTOR-2 approveGuarantee decision.valid_until=2026-06-01 -> GUAR APPROVED
manager          withdrawChange                       -> APPROVED tells N31
clock 2026-06-02                                      -> GUAR EXPIRED tells W01
clerk            switchGuarantor guarantor=GUARANTOR-1       -> GUAR NOT_REQUESTED
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-1
