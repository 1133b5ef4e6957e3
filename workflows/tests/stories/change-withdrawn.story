story   The applicant wants a change, then takes it back
after   4-approved

applicant        requestChange                        -> refused N-CONTENT-CHANGED
applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED tells N07 waits EXAMINE_CHANGE
manager          withdrawChange                       -> refused N-CHANGE-WITHDRAWABLE
applicant        withdrawChange                       -> APPROVED GUAR APPROVED tells N31
