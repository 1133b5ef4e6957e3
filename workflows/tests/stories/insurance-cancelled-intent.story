story   The case ends while the insurance is in state RELAXED_INTENT
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
