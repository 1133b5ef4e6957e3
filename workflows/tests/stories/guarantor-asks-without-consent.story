story   Nothing more is told to the guarantor of somebody who withdrew the consent
after   2-screening-but-guarantee

guarantor        askBank                              -> GUAR REQUESTED waits ANSWER_GUARANTOR
applicant        withdrawConsent                      -> noted
clerk            answerGuarantor                      -> refused N-CONSENTS L-PRIV
applicant        renewConsent                         -> noted
clerk            answerGuarantor                      -> GUAR REQUESTED sends GUARANTEE_REPLY@GUARANTOR-1
