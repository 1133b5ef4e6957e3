story   BASIC is refused; the relaxed assessment is expected, refused, expected and accepted
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED waits CHOOSE_OTHER_INSURANCE
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
insurer          expectRelaxed                        -> INS:A1:L1 RELAXED_EXPECTED tells N30
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
insurer          expectRelaxed                        -> INS:A1:L1 RELAXED_EXPECTED
insurer          acceptInsurance sum_yen=5            -> refused N-SUM-MATCHES
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
