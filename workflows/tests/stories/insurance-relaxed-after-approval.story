story   What is approved is changed by the applicant: no relaxed assessment behind the approval's back
after   4-approved

insurer          rejectInsurance                      -> APPROVED INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> refused N-BASIC-REFUSED G-20
