story   The borrower's account is changed after the contract: the exception was for the earlier one (I-05)
after   8-scheduled

clerk+manager    recordPayee kind=BORROWER            -> noted
clerk            withdrawPayee kind=BORROWER          -> refused BAD_USER_INPUT I-05
clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-ACCOUNT I-05
clerk+manager    allowAccountException                -> noted
clock                                                 -> READY
clerk+manager    recordPayee kind=BORROWER to.account.branch_name=シテン -> noted
operations       orderPosting                         -> refused G-ACCOUNT I-05
clerk+manager    allowAccountException                -> noted
operations+operations:b orderPosting                  -> DISBURSING
