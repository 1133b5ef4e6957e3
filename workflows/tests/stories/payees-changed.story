story   A change of an account on the day stops the order until another person has approved it
after   9-ready

clerk+manager    recordPayee amount_yen=29000000      -> noted
operations       orderPosting                         -> pending
clerk            recordPayee amount_yen=29000000 to.account.branch_name=シテン -> pending
operations:b     approveProposal proposal_id=first       -> refused N-PAYEES-APPROVED I.20
clerk            retractProposal                      -> noted
operations:b     approveProposal                      -> DISBURSING
