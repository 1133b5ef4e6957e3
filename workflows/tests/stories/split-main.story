story   The main posting delivers what the drawings left
after   split-drawn

applicant        nameDate date=2026-10-30             -> noted
clerk            scheduleDisbursement date=2026-10-30 -> SCHEDULED
# The building stands by then: fire cover is asked for.
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clock 2026-10-30                                      -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED tells N14
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> PARTIALLY_DISBURSED tells N13
