story   The declaration is not passed on without the consent of the insured person
after   2-screening-but-insurance

applicant        withdrawConsent purpose=GROUP_INSURANCE -> noted
clerk            passDeclaration                      -> refused N-CONSENTS L-PRIV
applicant        renewConsent purpose=GROUP_INSURANCE -> noted
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING sends INSURANCE_DECLARATION
