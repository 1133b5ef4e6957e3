story   Another lender's loan is paid off
form    refinance
after   8-scheduled

clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-PAYOFF
clerk            recordPayoff amount_yen=90000000     -> noted
system           makeReady                            -> refused G-COSTS
clerk            recordPayoff                         -> noted
clock                                                 -> READY
# The pay-off goes to an account that two people have seen (G-PAYOFF).
operations       orderPosting                         -> refused N-PAYEES-APPROVED G-PAYOFF
clerk+manager    recordPayee kind=EXISTING_LENDER     -> noted
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED
core-banking     acceptServicing                      -> noted
system           handOver                             -> refused G-PAYOFF
clock                                                 -> DISBURSED
core-banking     confirmPayoff                        -> noted
clock                                                 -> HANDED_OVER
