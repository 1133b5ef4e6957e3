story   An interest mix to the end: one order, a confirmation for each of the two loans (C-56)
after   mix-ready

operations+operations:b orderPosting                  -> DISBURSING
# The order is for two loans: one answer does not settle it.
core-banking     confirmPosting                       -> refused N-ALL-PARTS C-56
core-banking     confirmPosting loan_no=3             -> refused N-ALL-PARTS C-56
core-banking     confirmPosting loan_no=2 posting_key=another -> refused N-POSTING-KEY
core-banking     confirmPosting loan_no=2             -> DISBURSING
core-banking     confirmPosting loan_no=2             -> refused C-56
core-banking     confirmReversal loan_no=2            -> refused N-PART-POSTED
core-banking     confirmPosting loan_no=1             -> DISBURSED INS:A1:L1 IN_FORCE INS:A1:L2 IN_FORCE tells N14 N15
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> CONTRACTED
