story   CANCER is refused: the applicant amends to BASIC and declares anew
form    purchase insurance.0.type=CANCER
after   2-screening

clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED waits CHOOSE_OTHER_INSURANCE
applicant        intendRelaxed                        -> refused N-BASIC-REFUSED G-20
applicant        amendApplication form.insurance.0.type=BASIC -> SUBMITTED INS:A1:L1 DECLARED
clerk+manager    startScreening                       -> SCREENING
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
