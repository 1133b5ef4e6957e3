story   Everybody of the case agrees for himself
after   joint-screening

applicant        withdrawConsent party_id=D1          -> refused FORBIDDEN
co-obligor       withdrawConsent party_id=D1          -> noted
screening+manager approveLoan                         -> refused N-CONSENTS
co-obligor       renewConsent party_id=D1             -> noted
screening+manager approveLoan                         -> APPROVED
