story   Only trained staff explain the contract
after   5-contracting

registers untrained
clerk            recordExplanation                    -> refused N-TRAINED L-95
registers trained IMPORTANT_MATTERS 2026-05-10
# It ran out yesterday.
clerk            recordExplanation                    -> refused N-TRAINED
registers trained IMPORTANT_MATTERS 2027-03-31
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
