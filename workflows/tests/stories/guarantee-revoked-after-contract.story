story   The guarantor withdraws after the contract: the case is held, then ended
after   8-scheduled

guarantor        revokeGuarantee                      -> GUAR REVOKED
clock                                                 -> ON_HOLD tells N13
screening+manager terminateContract                   -> refused N-TERMINATION-GROUND
applicant        agreeTermination                     -> noted
screening+manager terminateContract                   -> CONTRACT_TERMINATED INS:A1:L1 CANCELLED tells N16
clerk            stopRegistration                     -> REG CANCELLED sends SCRIVENER_STOP
