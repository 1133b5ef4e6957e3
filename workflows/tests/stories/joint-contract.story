story   Everybody is told, identified and signs
after   joint-screening

screening+manager approveLoan                         -> APPROVED tells N03
clock 2026-05-11
clerk            startContracting                     -> CONTRACTING
clerk            recordExplanation                    -> noted
clerk            recordExplanation party_id=D1        -> noted
clerk            verifyIdentity                       -> noted
clerk            verifyIdentity party_id=D1           -> noted
clerk            verifyIdentity party_id=G1           -> noted
applicant        signContract                         -> noted
co-obligor       signContract party_id=D1             -> noted
co-obligor       signContract party_id=G1             -> refused G-EXPLAIN
clerk            recordExplanation party_id=X9        -> refused BAD_USER_INPUT
clerk            recordExplanation party_id=G1        -> noted
co-obligor       signContract party_id=G1             -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
