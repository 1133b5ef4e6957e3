story   Time and place change on the day itself while the money waits, and no more once it is over or the order is out
after   9-ready

clerk            arrangeSettlement settlement_time=15:00 -> READY tells N12 W01
clock 2026-06-16
clerk            arrangeSettlement settlement_time=10:00 -> refused N-DATE-AHEAD
