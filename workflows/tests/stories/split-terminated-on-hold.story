story   The contract ends from a hold with a drawing out: what falls due goes to be collected (T36, T37)
after   split-drawn

clock 2026-12-16                                      -> ON_HOLD tells N13 N17
screening+manager terminateContract ground=FUNDING_DEADLINE -> CONTRACT_TERMINATED tells N16 sends COLLECTION_CASE
