story   Another lender's loan is paid off
form    refinance
after   8-scheduled

clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-PAYOFF
clerk            recordPayoff amount_yen=90000000     -> noted
system           makeReady                            -> refused G-COSTS
clerk            recordPayoff                         -> noted
clock                                                 -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED
core-banking     acceptServicing                      -> noted
system           handOver                             -> refused G-PAYOFF
clock                                                 -> DISBURSED
core-banking     confirmPayoff                        -> noted
clock                                                 -> HANDED_OVER
