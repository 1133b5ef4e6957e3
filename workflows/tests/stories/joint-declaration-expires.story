story   A declaration for 180 days runs out before the contract
after   joint-screening

screening+manager approveLoan                         -> APPROVED
clock 2026-09-29                                      -> CHANGE_REQUESTED INS:A1:L1 EXPIRED tells N30
