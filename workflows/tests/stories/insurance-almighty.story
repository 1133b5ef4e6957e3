story   A declaration for 180 days: exam, acceptance, expiry, another form, refusal, another form
form    purchase insurance.0.type=ALMIGHTY
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          requireExam                          -> INS:A1:L1 EXAM_REQUIRED
applicant        supplyExam                           -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
clock 2026-09-29                                      -> INS:A1:L1 EXPIRED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
