story   The case ends while the insurance is in state DECLARED
after   2-screening

clerk            addMemo                              -> INS:A1:L1 DECLARED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
