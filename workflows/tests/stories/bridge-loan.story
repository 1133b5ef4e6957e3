story   A bridge loan is paid off by the main posting, and comes back when that is reversed
after   8-scheduled

# S-02: at most 90 percent; nothing is owed below nought.
clerk            linkBridge principal_yen=0           -> refused BAD_USER_INPUT S-02
clerk            linkBridge principal_yen=90000000    -> refused BAD_USER_INPUT S-02
clerk            linkBridge principal_yen=20000000 interest_yen=-1 -> refused BAD_USER_INPUT BR-5
clerk            linkBridge                           -> noted
# BR-5: what is owed is not on record.
clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-COSTS
clerk            linkBridge principal_yen=20000000 interest_yen=13750 due_on=2026-07-15 -> noted
clock                                                 -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED tells N14
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> CONTRACTED tells N13
