story   The happy path, 10: two people of operations order, core banking confirms
after   9-ready

operations       orderPosting                         -> pending
operations       orderPosting                         -> refused G-FOUR-EYES
operations       approveProposal                      -> refused G-FOUR-EYES
operations:b     approveProposal                      -> DISBURSING sends POSTING_ORDER
core-banking     confirmPosting posting_key=another   -> refused N-POSTING-KEY
core-banking     confirmPosting                       -> DISBURSED INS:A1:L1 IN_FORCE GUAR EFFECTIVE tells N14 N15 sends SERVICING_OFFER
