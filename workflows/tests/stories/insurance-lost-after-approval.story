story   The insurer withdraws after the approval: the server opens a change, a new insurance cures it
after   4-approved

system           openChange                           -> refused N-CHANGE-CAUSE
insurer          rejectInsurance                      -> APPROVED INS:A1:L1 REJECTED
clock                                                 -> CHANGE_REQUESTED tells W01
manager          withdrawChange                       -> refused N-CHANGE-WITHDRAWABLE G-INS-DECIDED
applicant        amendApplication                     -> refused N-CONTENT-CHANGED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
manager          withdrawChange                       -> APPROVED tells N31
