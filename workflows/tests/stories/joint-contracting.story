story   The contract set of husband and wife is made; the father has signed already
after   joint-screening

screening+manager approveLoan                         -> APPROVED
clock 2026-05-11
clerk            startContracting                     -> CONTRACTING
clerk            recordExplanation party_id=G1        -> noted
clerk            verifyIdentity party_id=G1           -> noted
co-obligor       signContract party_id=G1             -> noted
