story   Money to another account needs two approvals
form    purchase disbursement_account.holder_kana=ヤマダ　タロウ
after   8-scheduled

clock 2026-06-15                                      -> SCHEDULED
system           makeReady                            -> refused G-ACCOUNT
clerk+manager    allowAccountException                -> noted
clock                                                 -> READY
