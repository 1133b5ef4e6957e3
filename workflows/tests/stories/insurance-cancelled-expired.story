story   The case ends after the declaration ran out
after   2-screening

clock 2027-04-01                                      -> INS:A1:L1 EXPIRED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED sends INSURANCE_CANCEL
