story   The scrivener gets neither data without consent nor work that the register of contractors forbids
after   7-contracted

applicant        withdrawConsent purpose=REGISTRATION -> noted
clerk            instructScrivener                    -> refused N-CONSENTS
applicant        renewConsent purpose=REGISTRATION    -> noted
registers office UNKNOWN
clerk            instructScrivener                    -> refused N-CONTRACTOR-FIT L-94
registers office OVERDUE OFFICE-2
clerk            instructScrivener                    -> refused N-CONTRACTOR-FIT L-94
registers office SUSPENDED OFFICE-2
clerk            instructScrivener                    -> refused N-CONTRACTOR-FIT L-94
clerk            instructScrivener office=OFFICE-2    -> refused N-CONTRACTOR-FIT
registers office FIT
clerk            instructScrivener                    -> REG INSTRUCTED sends SCRIVENER_INSTRUCTION
