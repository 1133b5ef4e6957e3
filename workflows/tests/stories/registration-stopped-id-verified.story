story   The contract ends while the registration is in ID_VERIFIED
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
applicant        agreeTermination                     -> noted
screening+manager terminateContract                   -> CONTRACT_TERMINATED GUAR CANCELLED tells N16
clerk            stopRegistration                     -> REG CANCELLED
