story   The relaxed assessment follows a refusal of BASIC only
form    purchase insurance.0.type=ALMIGHTY
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> refused N-BASIC-REFUSED
screening+manager declineLoan ground=INSURANCE_IMPOSSIBLE -> DECLINED INS:A1:L1 CANCELLED
