story   A product that allows debt consolidation has the fire claim pledged
form    purchase fund_uses.1.kind=DEBT_CONSOLIDATION
book    allows C-04
after   7-contracted

applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
system           requireFirePledge                    -> FIRE:P2 PLEDGE_REQUIRED sends FIRE_PLEDGE
fire-insurer     confirmFirePledge                    -> FIRE:P2 PLEDGED
system           lapseFireCover                       -> FIRE:P2 REQUIRED
