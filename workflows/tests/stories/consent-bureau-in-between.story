story   Nobody is looked up at the bureau who withdrew the consent before the answer
after   1-submitted

clerk            inquireBureau                        -> BUREAU:A1 REQUESTED
applicant        withdrawConsent purpose=REPAYMENT_ABILITY -> noted
clock                                                 -> BUREAU:A1 FAILED
clerk            inquireBureau                        -> refused N-BUREAU-CONSENT
applicant        renewConsent purpose=REPAYMENT_ABILITY -> noted
clerk            inquireBureau                        -> BUREAU:A1 REQUESTED
clock                                                 -> BUREAU:A1 ANSWERED
