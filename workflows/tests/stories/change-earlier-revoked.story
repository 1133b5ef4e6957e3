story   The guarantor takes back the earlier decision while the change is screened
after   change-screened

guarantor        revokeGuarantee content_version=1    -> GUAR:V1 REVOKED tells W04
screening+manager upholdApproval                      -> refused N-EARLIER-STANDS
