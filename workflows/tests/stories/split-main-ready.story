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
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clock 2026-10-30                                      -> READY
