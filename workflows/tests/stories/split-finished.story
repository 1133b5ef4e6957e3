story   After the drawing the building stands and carries the mortgage, and the terms are agreed
after   split-drawn

clerk            recordCompletion completed_on=2026-06-15 -> REG:F2 NOT_INSTRUCTED
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
scrivener        fileRegistration filing=F2           -> REG:F2 FILED
registry         acceptFiling filing=F2               -> REG:F2 ACCEPTED
clerk+manager    recordTermsAgreement                 -> noted
applicant        nameDate date=2026-07-15             -> noted
clerk            scheduleDisbursement date=2026-07-15 -> SCHEDULED
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
