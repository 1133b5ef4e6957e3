story   The posting is taken back on the same day
after   10-disbursed

operations+manager reversePosting                     -> REVERSING sends REVERSAL_ORDER
core-banking     confirmReversal                      -> CONTRACTED GUAR APPROVED INS:A1:L1 ACCEPTED COND PENDING tells N13
