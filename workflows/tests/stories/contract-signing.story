story   Nobody signs before being told and identified; a defect sends the set back
after   5-contracting

clock 2026-05-18
applicant        signContract                         -> refused G-EXPLAIN N-IDENTITY-VERIFIED
applicant        tenderContract                       -> refused G-EXPLAIN N-IDENTITY-VERIFIED N-ALL-SIGNED
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clerk            returnContract paper=none            -> refused N-DEFECT-NAMED
clerk            returnContract                       -> CONTRACTING tells N02
applicant        tenderContract                       -> refused N-ALL-SIGNED
