story   Once the money is ordered, nobody moves the settlement
after   9-ready

operations+operations:b orderPosting                  -> DISBURSING
clerk            arrangeSettlement settlement_time=15:00 -> refused ILLEGAL_TRANSITION
