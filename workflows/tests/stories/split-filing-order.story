story   The mortgage on the building is filed after that on the land (H-37), which the registry had rejected
after   split-drawn

clerk            recordCompletion completed_on=2026-06-15 -> REG:F2 NOT_INSTRUCTED
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
registry         rejectFiling                         -> REG REJECTED
scrivener        fileRegistration filing=F2           -> refused N-FIRST-FILED H-37
