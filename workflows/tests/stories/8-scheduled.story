story   The happy path, 8: mortgage and fire cover are prepared, the date is fixed
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clerk            recordCosts                          -> noted
clerk            scheduleDisbursement                 -> SCHEDULED tells N12
