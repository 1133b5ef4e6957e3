story   The fee of the guarantee is remitted with the posting (I.20)
form    purchase loans.0.guarantee_fee_method=LUMP_SUM
after   guarantee-lump-sum-ready

clerk+manager    recordPayee kind=GUARANTEE_INSTITUTION -> noted
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED
