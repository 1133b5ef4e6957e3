story   The change is refused, the earlier approval stands
after   change-screened

guarantor        declineGuarantee                     -> GUAR:V2 DECLINED
screening+manager upholdApproval                      -> APPROVED GUAR:V1 APPROVED tells N08a
