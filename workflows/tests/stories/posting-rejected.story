story   Core banking refuses the order; a new one has a new key
after   9-ready

operations+operations:b orderPosting                  -> DISBURSING
core-banking     rejectPosting                        -> READY tells W04
operations+operations:b orderPosting                  -> DISBURSING
clock +2                                              -> RECONCILING
core-banking     rejectPosting                        -> READY
