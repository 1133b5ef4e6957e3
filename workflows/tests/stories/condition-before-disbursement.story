story   A condition before disbursement stands between the contract and the money
after   3-decided

screening+manager approveLoan before-disbursement=SELL_OLD_HOUSE -> APPROVED
clock 2026-05-18
clerk            startContracting                     -> CONTRACTING
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED
clerk            scheduleDisbursement                 -> SCHEDULED
clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-CONDITIONS-MET
