story   The fire cover does not reach a later date
after   7-contracted

# The cover of the customer's own insurer is confirmed (H-16).
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
system           requireFirePledge                    -> refused N-PLEDGE-CASE
clerk            verifyFireCover covers_until=2026-06-30 -> FIRE:P2 VERIFIED
system           lapseFireCover                       -> refused N-COVER-LAPSED
applicant        nameDate date=2026-07-13             -> noted
clerk            scheduleDisbursement date=2026-07-13 -> SCHEDULED
system           lapseFireCover                       -> FIRE:P2 REQUIRED tells W04
