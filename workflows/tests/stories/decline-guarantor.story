story   The guarantor declines, even on new evidence
after   2-screening

guarantor        declineGuarantee                     -> GUAR DECLINED tells W01
clerk            requestGuarantee                     -> refused N-NEW-EVIDENCE
clerk            requestGuarantee new_evidence=payslips -> GUAR REQUESTED sends GUARANTEE_REQUEST
guarantor        declineGuarantee                     -> GUAR DECLINED
screening+manager declineLoan ground=GUARANTOR_DECLINED -> DECLINED
