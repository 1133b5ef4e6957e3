story   The first drawing is posted
after   split-ready

operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> PARTIALLY_DISBURSED GUAR EFFECTIVE INS:A1:L1 IN_FORCE tells N14 N15
