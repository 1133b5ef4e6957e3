story   The case ends while the insurance is in state RELAXED_EXPECTED
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
insurer          expectRelaxed                        -> INS:A1:L1 RELAXED_EXPECTED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
