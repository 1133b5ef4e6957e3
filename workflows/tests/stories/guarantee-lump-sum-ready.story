story   The guarantee is paid in one sum: the fee goes to the institution's account, which two people have seen
form    purchase loans.0.guarantee_fee_method=LUMP_SUM
after   9-ready

operations       orderPosting                         -> refused N-PAYEES-APPROVED I.20
