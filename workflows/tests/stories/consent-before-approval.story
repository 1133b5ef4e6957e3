story   A consent that is withdrawn during the screening stops the decision, and what was sent stays on record
after   3-decided

applicant        withdrawConsent purpose=EXAMINATION channel=ONLINE -> SCREENING GUAR APPROVED tells W04
screening+manager approveLoan                         -> refused N-CONSENTS L-PRIV
# A decline and a withdrawal need no consent: the case can always end.
applicant        renewConsent purpose=EXAMINATION     -> noted
screening+manager approveLoan                         -> APPROVED
clerk            withdrawConsent purpose=DIRECT_MAIL  -> refused N-CONSENT-GIVEN
