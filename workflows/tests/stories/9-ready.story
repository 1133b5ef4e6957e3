story   The happy path, 9: on the day every condition of the join holds
after   8-scheduled

clock 2026-06-15                                      -> READY COND MET AML:A1 CLEAR waits ORDER_POSTING
