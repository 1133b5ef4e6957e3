story   The guarantor asks about its request before it decides, and the bank answers
after   2-screening-but-guarantee

guarantor        askBank question=" "                 -> refused BAD_USER_INPUT F-02
guarantor        askBank                              -> GUAR REQUESTED tells W01 waits ANSWER_GUARANTOR DECIDE_GUARANTEE
screening        answerGuarantor                      -> refused FORBIDDEN
clerk            answerGuarantor question_id=Q9       -> refused N-QUESTION-OPEN
clerk            answerGuarantor answer=" "           -> refused BAD_USER_INPUT F-02
clerk            answerGuarantor                      -> GUAR REQUESTED tells W01 sends GUARANTEE_REPLY@GUARANTOR-1 waits DECIDE_GUARANTEE
manager          answerGuarantor                      -> refused N-QUESTION-OPEN
guarantor        askBank question=again               -> GUAR REQUESTED waits ANSWER_GUARANTOR
# The decision does not wait for the answer; the answer is not needed any more then.
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
clerk            answerGuarantor                      -> refused N-QUESTION-OPEN
guarantor        askBank                              -> refused N-REQUEST-UNKNOWN
# The evidence of the conditions is a request of its own.
manager          sendConditionEvidence                -> GUAR CONDITIONS_SENT
guarantor        askBank                              -> GUAR CONDITIONS_SENT waits ANSWER_GUARANTOR
manager          answerGuarantor                      -> GUAR CONDITIONS_SENT sends GUARANTEE_REPLY
guarantor        approveGuarantee                     -> GUAR APPROVED
screening+manager approveLoan                         -> APPROVED
