story   The happy path, 11: the mortgage is registered, servicing takes the loan
after   10-disbursed

scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
system           handOver                             -> refused N-SERVICING-ACCEPTED
core-banking     acceptServicing                      -> noted
clock                                                 -> HANDED_OVER tells W01
registry         completeRegistration                 -> REG COMPLETED tells N21
