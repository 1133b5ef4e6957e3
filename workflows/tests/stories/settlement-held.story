story   A hold that ends on the same day keeps time and place of the settlement; another day is agreed anew
after   8-scheduled

clerk            arrangeSettlement settlement_time=10:30 settlement_place="市原支店 応接室" -> SCHEDULED tells N12 W01
core-banking     reportArrears                        -> noted
clock                                                 -> ON_HOLD tells N13
clerk            arrangeSettlement settlement_time=11:00 -> refused ILLEGAL_TRANSITION
core-banking     reportArrears overdue=false          -> noted
manager          liftHold                             -> SCHEDULED tells N33 W01
# The same time and place again: they stood through the hold.
clerk            arrangeSettlement settlement_time=10:30 settlement_place="市原支店 応接室" -> refused BAD_USER_INPUT T23
core-banking     reportArrears                        -> noted
clock                                                 -> ON_HOLD
core-banking     reportArrears overdue=false          -> noted
manager          liftHold date=2026-06-16             -> SCHEDULED tells N33 W01
# Nothing was agreed for this day, so the same words are new.
clerk            arrangeSettlement settlement_time=10:30 settlement_place="市原支店 応接室" -> SCHEDULED tells N12 W01
