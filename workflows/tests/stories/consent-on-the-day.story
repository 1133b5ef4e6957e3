story   On the day itself the server waits for the consent
after   8-scheduled

applicant        withdrawConsent                      -> noted
clock 2026-06-15                                      -> SCHEDULED
applicant        renewConsent                         -> noted
clock 2026-06-15 10:00                                -> READY
