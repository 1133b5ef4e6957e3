story   The main posting delivers what the drawings left
after   split-drawn

applicant        nameDate date=2026-10-30             -> noted
clerk            scheduleDisbursement date=2026-10-30 -> SCHEDULED
clock 2026-10-20
# No building of the case, and a day that has not come (S-09).
clerk            recordCompletion property_no=1       -> refused BAD_USER_INPUT S-09
clerk            recordCompletion completed_on=2026-10-21 -> refused BAD_USER_INPUT S-09
clerk            recordTermsAgreement                 -> refused N-BUILDING-FINISHED S-09
# The building stands: fire cover and its mortgage are asked for.
clerk            recordCompletion                     -> REG:F2 NOT_INSTRUCTED FIRE:P2 REQUIRED
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
clock 2026-10-30                                      -> SCHEDULED
system           makeReady                            -> refused G-REG N-MAIN-ALLOWED S-09
scrivener        fileRegistration filing=F2           -> REG:F2 FILED
registry         acceptFiling filing=F2               -> REG:F2 ACCEPTED
clock                                                 -> SCHEDULED
system           makeReady                            -> refused N-MAIN-ALLOWED S-09
clerk            recordTermsAgreement agreed_on=2026-10-31 -> refused BAD_USER_INPUT S-09
clerk+manager    recordTermsAgreement                 -> noted
clock                                                 -> READY
# What was ready can be lost before the order.
registry         orderCorrection filing=F2 deadline=2026-11-10 -> REG:F2 CORRECTION
operations       orderPosting                         -> refused N-MAIN-ALLOWED S-09
scrivener        correctFiling filing=F2              -> REG:F2 ACCEPTED
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED tells N14
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> PARTIALLY_DISBURSED tells N13
