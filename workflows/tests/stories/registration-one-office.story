story   A case has one office: what the present one has filed stays with it
after   split-drawn

clerk            recordCompletion completed_on=2026-06-15 -> REG:F2 NOT_INSTRUCTED
clerk            instructScrivener filing=F2 office=SCRIVENER-2 -> refused N-ONE-OFFICE H-14
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED
clerk            replaceScrivener filing=F2 office=SCRIVENER-2 -> refused N-ONE-OFFICE H-14
registry         rejectFiling                         -> REG REJECTED
# F2 is prepared by the present office: another one for F1 takes it along, or nothing.
clerk            instructScrivener office=SCRIVENER-2 -> refused N-ONE-OFFICE H-14
clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
clerk            replaceScrivener office=SCRIVENER-2  -> REG INSTRUCTED REG:F2 INSTRUCTED sends SCRIVENER_STOP SCRIVENER_INSTRUCTION
