story   Core banking does not answer: nothing is sent again, only asked
after   9-ready

operations+operations:b orderPosting                  -> DISBURSING
system           timeOutPosting                       -> refused N-POSTING-OVERDUE
clock +2                                              -> RECONCILING tells W04 sends POSTING_QUERY
operations+operations:b orderPosting                  -> refused ILLEGAL_TRANSITION
core-banking     confirmPosting                       -> DISBURSED
