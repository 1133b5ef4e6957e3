story   A posting is taken back; the declaration for 180 days runs again
form    purchase insurance.0.type=ALMIGHTY
after   10-disbursed

core-banking     acceptServicing                      -> noted
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> CONTRACTED INS:A1:L1 ACCEPTED
