story   The happy path, 6: the contract is signed and handed in
after   5-contracting

clock 2026-05-18
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED waits CHECK_CONTRACT
