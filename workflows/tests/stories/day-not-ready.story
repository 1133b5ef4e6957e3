story   On the day something is missing; the case waits until it comes, then it is ready at once
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED
clerk            scheduleDisbursement                 -> SCHEDULED
system           makeReady                            -> refused N-ON-THE-DAY G-REG G-FIRE-VERIFIED G-COSTS G-COND
clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-REG G-FIRE-VERIFIED G-COSTS
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover covers_from=2026-06-16 -> refused N-COVERS-DATE
clerk            returnFireEvidence                   -> FIRE:P2 REQUIRED waits SHOW_FIRE_COVER
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clerk            recordCosts funds_available_yen=0    -> noted
clock                                                 -> SCHEDULED
clerk            recordCosts                          -> noted
clock                                                 -> READY
