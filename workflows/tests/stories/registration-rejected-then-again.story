story   The registry rejects a filing, twice: at once and after a missed correction
after   9-ready

scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
registry         rejectFiling                         -> REG REJECTED tells N21 W04
clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
registry         orderCorrection deadline=2026-06-20  -> REG CORRECTION
clock 2026-06-21                                      -> REG CORRECTION tells N17
registry         rejectFiling                         -> REG REJECTED
