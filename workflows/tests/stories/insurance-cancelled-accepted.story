story   The case ends while the insurance is in state ACCEPTED
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
