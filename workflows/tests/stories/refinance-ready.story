story   Another lender's loan will be paid off: everything is there but its account
form    refinance
after   8-scheduled

clock 2026-06-15                                      -> SCHEDULED
clerk            recordPayoff amount_yen=15000000     -> noted
clock                                                 -> READY
