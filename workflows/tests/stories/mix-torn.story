story   One loan of a mix is posted, the other refused: the posted one is taken back, then a new order goes out (C-56)
after   mix-ready

operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting loan_no=1             -> DISBURSING
core-banking     rejectPosting                        -> refused N-NOTHING-POSTED C-56
core-banking     rejectPosting loan_no=2              -> DISBURSING tells W04 sends REVERSAL_ORDER
core-banking     rejectPosting                        -> refused N-NOTHING-POSTED C-56
core-banking     confirmPosting loan_no=2             -> refused C-56
# Without an answer in time the order is asked about, with an alarm.
clock +2                                              -> RECONCILING tells W04
core-banking     confirmReversal loan_no=1            -> RECONCILING
core-banking     rejectPosting                        -> READY tells W04
operations+operations:b orderPosting                  -> DISBURSING
core-banking     rejectPosting loan_no=1              -> DISBURSING tells W04
core-banking     confirmPosting loan_no=2             -> DISBURSING sends REVERSAL_ORDER
core-banking     confirmReversal loan_no=2            -> DISBURSING
core-banking     rejectPosting                        -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     rejectPosting loan_no=2              -> DISBURSING
core-banking     rejectPosting loan_no=1              -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting loan_no=1             -> DISBURSING
core-banking     confirmPosting loan_no=2             -> DISBURSED tells N14
