story   The guarantee institution declines: the bank's other one is asked, and the loan is approved
after   2-screening-but-guarantee

guarantor        declineGuarantee                     -> GUAR DECLINED
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED waits ASK_GUARANTEE
screening+manager declineLoan ground=GUARANTOR_DECLINED -> refused N-DECLINE-GROUND
# It is no request on new evidence: this institution has not been asked yet.
clerk            requestGuarantee                     -> GUAR REQUESTED sends GUARANTEE_REQUEST@GUARANTOR-2
screening+manager approveLoan                         -> refused G-GUAR-APPROVED
guarantor:GUARANTOR-2 approveGuarantee                -> GUAR APPROVED
screening+manager approveLoan                         -> APPROVED
