story   The filing is corrected, rejected, filed again, withdrawn
after   9-ready

scrivener        fileRegistration                     -> REG FILED
scrivener        withdrawFiling                       -> REG WITHDRAWN tells N21 W04
clerk            instructScrivener                    -> REG INSTRUCTED
# The scrivener verifies who signs (H-15).
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers seal_certificate_on=2026-03-01 -> refused N-SEAL-FRESH
scrivener        readyPapers                          -> REG DOCS_READY
scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling receipt.number=0        -> refused BAD_USER_INPUT
registry         acceptFiling                         -> REG ACCEPTED
# A correction has a period and keeps the receipt number (H-38).
registry         orderCorrection deadline=2026-06-20  -> REG CORRECTION tells W01 W04 waits CORRECT_FILING
scrivener        correctFiling                        -> REG ACCEPTED
registry         orderCorrection deadline=2026-06-20  -> REG CORRECTION
scrivener        withdrawFiling                       -> REG WITHDRAWN
clerk            instructScrivener office=SCRIVENER-2 -> REG INSTRUCTED
