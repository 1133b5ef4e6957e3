story   The contract ends while the registration is in INSTRUCTED
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED
applicant        agreeTermination                     -> noted
screening+manager terminateContract                   -> CONTRACT_TERMINATED GUAR CANCELLED tells N16
clerk            stopRegistration                     -> REG CANCELLED
