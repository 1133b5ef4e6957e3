story   A declaration runs out in state RELAXED_INTENT
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
timer            expireDeclaration                    -> refused N-DECLARATION-OVER
clock 2027-04-01                                      -> INS:A1:L1 EXPIRED tells N30
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
