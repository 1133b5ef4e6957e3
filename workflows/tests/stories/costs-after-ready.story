story   The costs rise on the day, after the case was ready: no order until the money for them is there
after   9-ready

clerk            recordCosts funds_available_yen=0    -> noted
operations       orderPosting                         -> refused G-COSTS
clerk            recordCosts                          -> noted
operations       orderPosting                         -> pending
clerk            recordCosts scrivener_bill_yen=4000000 -> noted
operations:b     approveProposal                      -> refused G-COSTS
clerk            recordCosts                          -> noted
operations:b     approveProposal                      -> DISBURSING sends POSTING_ORDER
