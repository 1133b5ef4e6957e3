story   The drawing paid the builder; the main posting pays the rest, to nobody twice
form    new-build
after   split-ready

clerk+manager    recordPayee kind=BUILDER amount_yen=9000000 -> noted
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> PARTIALLY_DISBURSED
clerk+manager    recordPayee kind=BUILDER number=2 amount_yen=1000000 -> noted
# What is paid cannot be withdrawn.
clerk            withdrawPayee kind=BUILDER           -> refused BAD_USER_INPUT I.20
applicant        nameDate date=2026-10-30             -> noted
clerk            scheduleDisbursement date=2026-10-30 -> SCHEDULED
clock 2026-10-20
clerk            recordCompletion completed_on=2026-10-20 -> REG:F2 NOT_INSTRUCTED
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
scrivener        fileRegistration filing=F2           -> REG:F2 FILED
registry         acceptFiling filing=F2               -> REG:F2 ACCEPTED
clerk+manager    recordTermsAgreement                 -> noted
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clock 2026-10-30                                      -> READY
