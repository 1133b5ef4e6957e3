story   Where the money goes is seen by two people, and seen anew each time it changes
after   9-ready

clerk            recordPayee number=0 amount_yen=29000000 -> refused BAD_USER_INPUT I.20
clerk            recordPayee number=10 amount_yen=29000000 -> refused BAD_USER_INPUT I.20
# The customer orders what seller and builder get; a record of the file holds ten digits.
clerk            recordPayee                          -> refused BAD_USER_INPUT I.30
clerk            recordPayee amount_yen=10000000000   -> refused BAD_USER_INPUT I.30
clerk            recordPayee amount_yen=29000000 to.account.number=12x -> refused BAD_USER_INPUT I.30
clerk            recordPayee amount_yen=29000000 to.name=見本住宅 -> refused BAD_USER_INPUT I.30
# Nobody is paid off here, and the guarantee fee is in the rate.
clerk            recordPayee kind=EXISTING_LENDER     -> refused BAD_USER_INPUT G-PAYOFF
clerk            recordPayee kind=GUARANTEE_INSTITUTION -> refused BAD_USER_INPUT I.20
clerk            recordPayee kind=BORROWER amount_yen=1 -> refused BAD_USER_INPUT I-05
clerk            withdrawPayee                        -> refused BAD_USER_INPUT I.20
clerk            recordPayee amount_yen=29000000      -> pending
operations       orderPosting                         -> refused N-PAYEES-APPROVED I.20
clerk            approveProposal                      -> refused FORBIDDEN
manager          approveProposal                      -> noted
# More than the loan and the customer's own money pay for.
clerk+manager    recordPayee number=2 kind=BUILDER amount_yen=9000000 -> noted
operations       orderPosting                         -> refused G-COSTS
clerk+manager    withdrawPayee number=2 kind=BUILDER  -> noted
operations       orderPosting                         -> pending
clerk            recordPayee amount_yen=29000000 to.account.branch_name=シテン -> pending
clerk            retractProposal                      -> noted
operations:b     approveProposal                      -> DISBURSING sends POSTING_ORDER
clerk            recordPayee amount_yen=1             -> refused ILLEGAL_TRANSITION
core-banking     confirmPosting                       -> DISBURSED
# What is taken back has paid nobody.
operations+manager reversePosting                     -> REVERSING
core-banking     confirmReversal                      -> CONTRACTED
clerk+manager    withdrawPayee                        -> noted
