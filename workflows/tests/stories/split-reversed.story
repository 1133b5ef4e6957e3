story   The only drawing is reversed on its day
after   split-drawn

operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> CONTRACTED GUAR APPROVED INS:A1:L1 ACCEPTED
