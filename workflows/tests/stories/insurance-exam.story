story   The insurer wants a health certificate, then accepts the right sum only
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          requireExam                          -> INS:A1:L1 EXAM_REQUIRED tells N30 waits SUPPLY_EXAM
applicant        supplyExam                           -> INS:A1:L1 UNDERWRITING sends INSURANCE_EXAM
insurer          acceptInsurance sum_yen=1000000      -> refused N-SUM-MATCHES
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED tells N30 W04
applicant        declareInsurance declared_on=2027-01-01 -> refused N-DECLARED-IN-TIME
applicant        declareInsurance                     -> INS:A1:L1 DECLARED waits PASS_DECLARATION
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
