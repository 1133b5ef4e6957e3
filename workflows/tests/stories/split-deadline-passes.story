story   The funding deadline passes: the case is held, then the contract ends
after   split-drawn

screening+manager terminateContract ground=FUNDING_DEADLINE -> refused N-TERMINATION-GROUND
clock 2026-12-16                                      -> ON_HOLD tells N13 N17
core-banking     repayDrawings                        -> DRAWINGS_REPAID GUAR ENDED INS:A1:L1 ENDED tells N16 N27
