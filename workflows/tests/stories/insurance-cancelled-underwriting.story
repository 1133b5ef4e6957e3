story   The case ends while the insurance is in state UNDERWRITING
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
