story   A new house is built: the first drawing is ready
form    new-build
after   7-contracted

clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
clerk            recordCosts                          -> noted
clerk            scheduleDisbursement drawing_yen=27000001 -> refused G-SPLIT-90 S-02
clerk            scheduleDisbursement drawing_yen=0   -> refused G-SPLIT-90 S-02
clerk            scheduleDisbursement drawing_yen=10000000 -> SCHEDULED
scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
clock 2026-06-15                                      -> READY
