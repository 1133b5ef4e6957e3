story   A question lapses with its request: the bank's other guarantor asks its own, and the case ends with one open
after   2-screening-but-guarantee

guarantor        askBank                              -> GUAR REQUESTED waits ANSWER_GUARANTOR
clerk            switchGuarantor                      -> GUAR NOT_REQUESTED sends GUARANTEE_CANCEL@GUARANTOR-1
clerk            answerGuarantor                      -> refused N-QUESTION-OPEN
guarantor        askBank                              -> refused FORBIDDEN
guarantor:GUARANTOR-2 askBank                         -> refused N-REQUEST-UNKNOWN
clerk            requestGuarantee                     -> GUAR REQUESTED
guarantor:GUARANTOR-2 askBank                         -> GUAR REQUESTED waits ANSWER_GUARANTOR
clerk            answerGuarantor                      -> GUAR REQUESTED sends GUARANTEE_REPLY@GUARANTOR-2
guarantor:GUARANTOR-2 askBank question=again          -> GUAR REQUESTED waits ANSWER_GUARANTOR
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED
