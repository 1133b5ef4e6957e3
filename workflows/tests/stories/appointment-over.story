story   Nobody moves an appointment before there is one, nor after the set is handed in; where the set comes back, people meet again
after   4-approved

clock 2026-05-11
clerk            arrangeSigning appointment=2026-05-18 -> refused ILLEGAL_TRANSITION
# People may agree on the day after the set is made.
clerk            startContracting                     -> CONTRACTING tells N10
clerk            arrangeSigning appointment=2026-05-18 -> CONTRACTING tells N10
# Nobody came: the day is over, and another one is agreed, today at the earliest.
clock 2026-05-19
clerk            arrangeSigning appointment=2026-05-18 appointment_time=10:00 -> refused BAD_USER_INPUT T19
clerk            arrangeSigning appointment=2026-05-19 -> CONTRACTING tells N10
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clerk            arrangeSigning appointment=2026-05-20 -> refused ILLEGAL_TRANSITION
clerk            returnContract                       -> CONTRACTING tells N02
clerk            arrangeSigning appointment=2026-05-20 appointment_time=10:00 -> CONTRACTING tells N10
