story   The case ends while the insurance is in state EXAM_REQUIRED
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          requireExam                          -> INS:A1:L1 EXAM_REQUIRED
applicant        withdrawApplication                  -> WITHDRAWN INS:A1:L1 CANCELLED
